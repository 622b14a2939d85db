//! Kinds of EC2 resources: how their ids look, and the errors that name them.

use super::refusals::{invalid, missing, refuse};
use crate::world::ApiError;

/// One kind of resource.
#[derive(Debug)]
pub(super) struct Kind {
    /// `vpc` in `vpc-0123456789abcdef0`.
    pub prefix: &'static str,
    /// The member that lists ids of it in a Describe call.
    pub list: &'static str,
    /// The member that carries one id.
    pub parameter: &'static str,
    /// `ResourceType` in tag specifications and `DescribeTags`.
    pub resource_type: &'static str,
    noun: &'static str,
    not_found: &'static str,
    malformed: &'static str,
}

pub(super) static VPC: Kind = Kind {
    prefix: "vpc",
    list: "VpcIds",
    parameter: "vpcId",
    resource_type: "vpc",
    noun: "vpc ID",
    not_found: "InvalidVpcID.NotFound",
    malformed: "InvalidVpcID.Malformed",
};

pub(super) static SUBNET: Kind = Kind {
    prefix: "subnet",
    list: "SubnetIds",
    parameter: "subnetId",
    resource_type: "subnet",
    noun: "subnet ID",
    not_found: "InvalidSubnetID.NotFound",
    malformed: "InvalidSubnetID.Malformed",
};

pub(super) static SECURITY_GROUP: Kind = Kind {
    prefix: "sg",
    list: "GroupIds",
    parameter: "groupId",
    resource_type: "security-group",
    noun: "security group",
    not_found: "InvalidGroup.NotFound",
    malformed: "InvalidGroupId.Malformed",
};

pub(super) static RULE: Kind = Kind {
    prefix: "sgr",
    list: "SecurityGroupRuleIds",
    parameter: "securityGroupRuleId",
    resource_type: "security-group-rule",
    noun: "security group rule ID",
    not_found: "InvalidSecurityGroupRuleId.NotFound",
    malformed: "InvalidSecurityGroupRuleId.Malformed",
};

pub(super) static NETWORK_INTERFACE: Kind = Kind {
    prefix: "eni",
    list: "NetworkInterfaceIds",
    parameter: "networkInterfaceId",
    resource_type: "network-interface",
    noun: "networkInterface ID",
    not_found: "InvalidNetworkInterfaceID.NotFound",
    malformed: "InvalidNetworkInterfaceId.Malformed",
};

pub(super) static ROUTE_TABLE: Kind = Kind {
    prefix: "rtb",
    list: "RouteTableIds",
    parameter: "routeTableId",
    resource_type: "route-table",
    noun: "routeTable ID",
    not_found: "InvalidRouteTableID.NotFound",
    malformed: "InvalidRouteTableId.Malformed",
};

pub(super) static NETWORK_ACL: Kind = Kind {
    prefix: "acl",
    list: "NetworkAclIds",
    parameter: "networkAclId",
    resource_type: "network-acl",
    noun: "networkAcl ID",
    not_found: "InvalidNetworkAclID.NotFound",
    malformed: "InvalidNetworkAclId.Malformed",
};

/// The codes are those of the EC2 developer guide ("Error codes"), where the two differ in `Id` and `ID`.
pub(super) static PREFIX_LIST: Kind = Kind {
    prefix: "pl",
    list: "PrefixListIds",
    parameter: "prefixListId",
    resource_type: "prefix-list",
    noun: "prefix list ID",
    not_found: "InvalidPrefixListID.NotFound",
    malformed: "InvalidPrefixListId.Malformed",
};

pub(super) static PEERING: Kind = Kind {
    prefix: "pcx",
    list: "VpcPeeringConnectionIds",
    parameter: "vpcPeeringConnectionId",
    resource_type: "vpc-peering-connection",
    noun: "vpcPeeringConnection ID",
    not_found: "InvalidVpcPeeringConnectionID.NotFound",
    malformed: "InvalidVpcPeeringConnectionId.Malformed",
};

pub(super) static ENDPOINT: Kind = Kind {
    prefix: "vpce",
    list: "VpcEndpointIds",
    parameter: "vpcEndpointId",
    resource_type: "vpc-endpoint",
    noun: "Vpc Endpoint Id",
    not_found: "InvalidVpcEndpointId.NotFound",
    malformed: "InvalidVpcEndpointId.Malformed",
};

pub(super) static INSTANCE: Kind = Kind {
    prefix: "i",
    list: "InstanceIds",
    parameter: "instanceId",
    resource_type: "instance",
    noun: "instance ID",
    not_found: "InvalidInstanceID.NotFound",
    malformed: "InvalidInstanceID.Malformed",
};

/// Every kind the sandbox stores.
pub(super) static ALL: [&Kind; 11] = [
    &VPC,
    &SUBNET,
    &SECURITY_GROUP,
    &RULE,
    &PREFIX_LIST,
    &NETWORK_INTERFACE,
    &ROUTE_TABLE,
    &NETWORK_ACL,
    &PEERING,
    &ENDPOINT,
    &INSTANCE,
];

impl Kind {
    /// Whether an id has the shape of this kind: the prefix, a hyphen and 8 to 17 hexadecimal digits.
    pub(super) fn fits(&self, id: &str) -> bool {
        digits(self.prefix, id).is_some_and(|digits| {
            (8..=17).contains(&digits.len())
                && digits
                    .bytes()
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        })
    }

    /// Refuses an id of another shape.
    pub(super) fn check(&self, id: &str) -> Result<(), ApiError> {
        if self.fits(id) {
            return Ok(());
        }
        let hint = match digits(self.prefix, id) {
            Some(_) => String::new(),
            None => format!(" (expecting \"{}-...\")", self.prefix),
        };
        Err(refuse(
            self.malformed,
            format!("Invalid id: \"{id}\"{hint}"),
        ))
    }

    /// The one id a request must carry, checked.
    pub(super) fn required<'a>(&self, id: Option<&'a str>) -> Result<&'a str, ApiError> {
        let id = id
            .filter(|id| !id.is_empty())
            .ok_or_else(|| missing(self.parameter))?;
        self.check(id)?;
        Ok(id)
    }

    /// No resource has this id.
    pub(super) fn not_found(&self, id: &str) -> ApiError {
        refuse(
            self.not_found,
            format!("The {} '{id}' does not exist", self.noun),
        )
    }

    /// No resource has these ids.
    pub(super) fn none_found(&self, ids: &[&str]) -> ApiError {
        match ids {
            [id] => self.not_found(id),
            ids => {
                let ids = ids.join(", ");
                refuse(
                    self.not_found,
                    format!("The {}s '{ids}' do not exist", self.noun),
                )
            }
        }
    }

    /// Refuses a tag specification for another kind of resource.
    pub(super) fn check_resource_type(&self, name: &str) -> Result<(), ApiError> {
        if name == self.resource_type {
            return Ok(());
        }
        Err(invalid(format!(
            "'{name}' is not a valid taggable resource type for this operation."
        )))
    }
}

fn digits<'a>(prefix: &str, id: &'a str) -> Option<&'a str> {
    id.strip_prefix(prefix)?.strip_prefix('-')
}
