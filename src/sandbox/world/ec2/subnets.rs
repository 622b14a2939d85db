//! Subnets.

use ipnet::{Ipv4Net, Ipv6Net};

use super::describe::{Describe, Listed, Page, Seen, one, select};
use super::kinds::{SUBNET, VPC};
use super::refusals::{combination, invalid_value, missing, refuse, required, unless_dry_run};
use super::tags::{TagSpecification, specified};
use super::vpcs::parse_range;
use crate::world::state::Subnet;
use crate::world::{ApiError, Region};

/// Input of `CreateSubnet`.
#[derive(Debug, Clone, Default)]
pub struct CreateSubnet {
    /// Its VPC.
    pub vpc_id: Option<String>,
    /// IPv4 range, /16 to /28, inside the VPC.
    pub cidr_block: Option<String>,
    /// IPv6 range, a /64.
    pub ipv6_cidr_block: Option<String>,
    /// No IPv4.
    pub ipv6_native: bool,
    /// Name of its zone; the first zone when neither name nor id is given.
    pub availability_zone: Option<String>,
    /// Id of its zone.
    pub availability_zone_id: Option<String>,
    /// Tags.
    pub tag_specifications: Vec<TagSpecification>,
    /// Only whether it would be allowed.
    pub dry_run: bool,
}

/// Input of `ModifySubnetAttribute`.
#[derive(Debug, Clone, Default)]
pub struct ModifySubnetAttribute {
    /// The subnet.
    pub subnet_id: Option<String>,
    /// Instances get a public address.
    pub map_public_ip_on_launch: Option<bool>,
}

/// A subnet as `DescribeSubnets` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubnetView {
    /// What is stored.
    pub subnet: Subnet,
    /// `euw1-az1`.
    pub availability_zone_id: String,
    /// Free IPv4 addresses.
    pub available_ip_address_count: u32,
    /// ARN.
    pub arn: String,
}

impl Listed for Seen<'_, Subnet> {
    const FILTERS: &'static [&'static str] = &[
        "availability-zone",
        "availabilityZone",
        "availability-zone-id",
        "availabilityZoneId",
        "available-ip-address-count",
        "cidr",
        "cidrBlock",
        "cidr-block",
        "customer-owned-ipv4-pool",
        "default-for-az",
        "defaultForAz",
        "enable-dns64",
        "enable-lni-at-device-index",
        "ipv6-cidr-block-association.ipv6-cidr-block",
        "ipv6-cidr-block-association.association-id",
        "ipv6-cidr-block-association.state",
        "ipv6-native",
        "map-customer-owned-ip-on-launch",
        "map-public-ip-on-launch",
        "outpost-arn",
        "owner-id",
        "private-dns-name-options-on-launch.hostname-type",
        "private-dns-name-options-on-launch.enable-resource-name-dns-a-record",
        "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record",
        "state",
        "subnet-arn",
        "subnet-id",
        "vpc-id",
    ];

    fn attribute(&self, name: &str) -> Vec<String> {
        let subnet = self.it;
        match name {
            "availability-zone" | "availabilityZone" => one(&subnet.availability_zone),
            "availability-zone-id" | "availabilityZoneId" => {
                one(&self.region.zone_id(&subnet.availability_zone))
            }
            "available-ip-address-count" => one(&self.region.available_addresses(&subnet.id)),
            "cidr" | "cidrBlock" | "cidr-block" if subnet.ipv6_native => Vec::new(),
            "cidr" | "cidrBlock" | "cidr-block" => one(&subnet.cidr),
            "default-for-az" | "defaultForAz" => one(&subnet.default_for_az),
            "ipv6-cidr-block-association.ipv6-cidr-block" => {
                subnet.ipv6_cidr.iter().cloned().collect()
            }
            "ipv6-cidr-block-association.state" if subnet.ipv6_cidr.is_some() => {
                one(subnet.ipv6_state())
            }
            "ipv6-native" => one(&subnet.ipv6_native),
            "map-public-ip-on-launch" => one(&subnet.map_public_ip),
            "enable-dns64" => one(&false),
            "map-customer-owned-ip-on-launch" => one(&subnet.customer_owned_ip),
            "outpost-arn" => subnet.outpost_arn.iter().cloned().collect(),
            "owner-id" => one(self.region.owner(subnet.owner.as_ref())),
            "state" => one(subnet.state()),
            "subnet-arn" => one(&self.region.subnet_arn(subnet)),
            "subnet-id" => one(&subnet.id),
            "vpc-id" => one(&subnet.vpc_id),
            _ => Vec::new(),
        }
    }
}

impl Region {
    /// `DescribeSubnets`.
    pub fn describe_subnets(&self, input: &Describe) -> Result<Page<SubnetView>, ApiError> {
        let page = select(input, self.see(self.subnets.values()))?;
        Ok(page.map(|seen| self.subnet_view(seen.it)))
    }

    /// `CreateSubnet`.
    pub fn create_subnet(&mut self, input: &CreateSubnet) -> Result<SubnetView, ApiError> {
        let vpc_id = VPC.required(input.vpc_id.as_deref())?;
        let vpc = self.vpc(vpc_id)?;
        let (cidr, ipv6_cidr) = if input.ipv6_native {
            (
                Ipv4Net::default(),
                Some(required(input.ipv6_cidr_block.as_deref(), "ipv6CidrBlock")?),
            )
        } else {
            let text = required(input.cidr_block.as_deref(), "cidrBlock")?;
            (
                parse_range(text, "cidrBlock")?,
                input.ipv6_cidr_block.as_deref(),
            )
        };
        if !input.ipv6_native {
            if !(16..=28).contains(&cidr.prefix_len()) || !vpc.holds(cidr) {
                let message = format!("The CIDR '{cidr}' is invalid.");
                return Err(refuse("InvalidSubnet.Range", message));
            }
            let mut siblings = self
                .subnets
                .values()
                .filter(|other| other.vpc_id == vpc_id && !other.ipv6_native);
            if siblings.any(|other| other.cidr.contains(&cidr) || cidr.contains(&other.cidr)) {
                let message = format!("The CIDR '{cidr}' conflicts with another subnet");
                return Err(refuse("InvalidSubnet.Conflict", message));
            }
        }
        let ipv6_cidr = ipv6_cidr.map(parse_ipv6_range).transpose()?;
        let availability_zone = self.zone_of(input)?;
        let tags = specified(&input.tag_specifications, &SUBNET)?;
        unless_dry_run(input.dry_run)?;
        let range = ipv6_cidr.clone().filter(|_| input.ipv6_native);
        let range = range.unwrap_or_else(|| cidr.to_string());
        let subnet = Subnet {
            id: self.ids.next("subnet", &[vpc_id, &range]),
            vpc_id: vpc_id.to_owned(),
            availability_zone,
            cidr,
            ipv6_cidr,
            ipv6_native: input.ipv6_native,
            tags,
            ..Subnet::default()
        };
        let view = self.subnet_view(&subnet);
        self.add_subnet(subnet);
        let available_ip_address_count = self.available_addresses(&view.subnet.id);
        Ok(SubnetView {
            available_ip_address_count,
            ..view
        })
    }

    /// `ModifySubnetAttribute`.
    pub fn modify_subnet_attribute(
        &mut self,
        input: &ModifySubnetAttribute,
    ) -> Result<(), ApiError> {
        let id = SUBNET.required(input.subnet_id.as_deref())?;
        let subnet = self
            .subnets
            .get_mut(id)
            .ok_or_else(|| SUBNET.not_found(id))?;
        subnet.map_public_ip = input
            .map_public_ip_on_launch
            .ok_or_else(|| missing("mapPublicIpOnLaunch"))?;
        Ok(())
    }

    /// `DeleteSubnet`: refused while an interface is in it.
    pub fn delete_subnet(
        &mut self,
        subnet_id: Option<&str>,
        dry_run: bool,
    ) -> Result<(), ApiError> {
        let id = SUBNET.required(subnet_id)?;
        let subnet = self.subnets.get(id).ok_or_else(|| SUBNET.not_found(id))?;
        let used = self
            .network_interfaces
            .values()
            .any(|interface| interface.subnet_id == id);
        if used || subnet.others_in_use > 0 {
            let message = format!("The subnet '{id}' has dependencies and cannot be deleted.");
            return Err(refuse("DependencyViolation", message));
        }
        unless_dry_run(dry_run)?;
        self.subnets.remove(id);
        for table in self.route_tables.values_mut() {
            table.subnets.remove(id);
        }
        for acl in self.network_acls.values_mut() {
            acl.subnets.remove(id);
        }
        Ok(())
    }

    /// Puts a subnet in place, under the default ACL of its VPC.
    pub(in crate::world) fn add_subnet(&mut self, subnet: Subnet) {
        let mut acls = self.network_acls.values_mut();
        if let Some(acl) = acls.find(|acl| acl.is_default && acl.vpc_id == subnet.vpc_id) {
            acl.subnets.insert(subnet.id.clone());
        }
        self.subnets.insert(subnet.id.clone(), subnet);
    }

    fn subnet_view(&self, subnet: &Subnet) -> SubnetView {
        SubnetView {
            availability_zone_id: self.zone_id(&subnet.availability_zone),
            available_ip_address_count: self.available_addresses(&subnet.id),
            arn: self.subnet_arn(subnet),
            subnet: subnet.clone(),
        }
    }

    /// A subnet that is shared has the ARN of the account that owns it.
    fn subnet_arn(&self, subnet: &Subnet) -> String {
        let owner = self.owner(subnet.owner.as_ref());
        let (partition, region) = (self.partition(), &self.name);
        format!("arn:{partition}:ec2:{region}:{owner}:subnet/{}", subnet.id)
    }

    /// The zone a new subnet goes to.
    fn zone_of(&self, input: &CreateSubnet) -> Result<String, ApiError> {
        let mut zones = self.zones();
        zones.retain(|zone| zone.opt_in_status != "not-opted-in");
        let names: Vec<&str> = zones.iter().map(|zone| zone.name.as_str()).collect();
        let refused = |value: &str, parameter: &str, known: &[&str]| {
            let why = "Subnets can currently only be created in the following availability zones";
            invalid_value(value, parameter, &format!("{why}: {}.", known.join(", ")))
        };
        match (
            input.availability_zone.as_deref(),
            input.availability_zone_id.as_deref(),
        ) {
            (Some(_), Some(_)) => Err(combination(
                "The parameter availabilityZone cannot be used with the parameter availabilityZoneId",
            )),
            (Some(name), None) if names.contains(&name) => Ok(name.to_owned()),
            (Some(name), None) => Err(refused(name, "availabilityZone", &names)),
            (None, Some(id)) => {
                let ids: Vec<&str> = zones.iter().map(|zone| zone.id.as_str()).collect();
                let chosen = zones
                    .iter()
                    .find(|zone| zone.id == id)
                    .map(|zone| zone.name.clone());
                chosen.ok_or_else(|| refused(id, "availabilityZoneId", &ids))
            }
            (None, None) => Ok(names.first().copied().unwrap_or_default().to_owned()),
        }
    }
}

/// The IPv6 range of a subnet: always a /64 here.
pub(in crate::world) fn parse_ipv6_range(text: &str) -> Result<String, ApiError> {
    let parsed: Option<Ipv6Net> = text
        .parse()
        .ok()
        .filter(|range: &Ipv6Net| range.prefix_len() == 64);
    let refused = || {
        invalid_value(
            text,
            "ipv6CidrBlock",
            "This is not a valid IPv6 CIDR block.",
        )
    };
    parsed
        .map(|range| range.trunc().to_string())
        .ok_or_else(refused)
}
