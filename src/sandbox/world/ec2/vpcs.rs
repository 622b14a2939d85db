//! VPCs and their DNS attributes.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::Ipv4Net;

use super::describe::{Describe, Listed, Page, Seen, one, select};
use super::kinds::VPC;
use super::refusals::{combination, invalid_value, missing, refuse, required, unless_dry_run};
use super::tags::{TagSpecification, specified};
use super::{ALWAYS, rules};
use crate::world::state::{AclEntry, NetworkAcl, RouteTable, SecurityGroup, Vpc};
use crate::world::{ApiError, Region, Tags};

/// Input of `CreateVpc`.
#[derive(Debug, Clone, Default)]
pub struct CreateVpc {
    /// IPv4 range, /16 to /28.
    pub cidr_block: Option<String>,
    /// Tags.
    pub tag_specifications: Vec<TagSpecification>,
    /// Only whether it would be allowed.
    pub dry_run: bool,
}

/// Input of `ModifyVpcAttribute`: exactly one attribute.
#[derive(Debug, Clone, Default)]
pub struct ModifyVpcAttribute {
    /// The VPC.
    pub vpc_id: Option<String>,
    /// New value of `enableDnsSupport`.
    pub enable_dns_support: Option<bool>,
    /// New value of `enableDnsHostnames`.
    pub enable_dns_hostnames: Option<bool>,
}

/// An attribute of a VPC: `DescribeVpcAttribute` answers one per call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VpcAttribute {
    /// `enableDnsSupport`.
    DnsSupport,
    /// `enableDnsHostnames`.
    DnsHostnames,
    /// `enableNetworkAddressUsageMetrics`: off in every VPC here.
    AddressUsageMetrics,
}

impl VpcAttribute {
    /// The attribute of that name.
    pub fn named(name: Option<&str>) -> Result<Self, ApiError> {
        match required(name, "attribute")? {
            "enableDnsSupport" => Ok(Self::DnsSupport),
            "enableDnsHostnames" => Ok(Self::DnsHostnames),
            "enableNetworkAddressUsageMetrics" => Ok(Self::AddressUsageMetrics),
            other => Err(invalid_value(other, "attribute", "Unknown attribute.")),
        }
    }
}

impl Listed for Seen<'_, Vpc> {
    const FILTERS: &'static [&'static str] = &[
        "cidr",
        "cidrBlock",
        "cidr-block",
        "cidr-block-association.cidr-block",
        "cidr-block-association.association-id",
        "cidr-block-association.state",
        "dhcp-options-id",
        "dhcpOptionsId",
        "ipv6-cidr-block-association.ipv6-cidr-block",
        "ipv6-cidr-block-association.ipv6-pool",
        "ipv6-cidr-block-association.association-id",
        "ipv6-cidr-block-association.state",
        "is-default",
        "isDefault",
        "owner-id",
        "state",
        "vpc-id",
    ];

    fn attribute(&self, name: &str) -> Vec<String> {
        match name {
            "cidr" | "cidrBlock" | "cidr-block" => one(&self.it.cidr),
            "dhcp-options-id" | "dhcpOptionsId" => one(&self.it.dhcp_options_id()),
            "is-default" | "isDefault" => one(&self.it.is_default),
            "owner-id" => one(self.region.owner(self.it.owner.as_ref())),
            "state" => one(self.it.state()),
            "vpc-id" => one(&self.it.id),
            _ => self.it.range_attribute(name).unwrap_or_default(),
        }
    }
}

impl Vpc {
    /// The id of its DHCP options, which are those of Amazon.
    pub fn dhcp_options_id(&self) -> String {
        self.id.replacen("vpc-", "dopt-", 1)
    }
}

impl Region {
    /// `DescribeVpcs`.
    pub fn describe_vpcs(&self, input: &Describe) -> Result<Page<Vpc>, ApiError> {
        let page = select(input, self.see(self.vpcs.values()))?;
        Ok(page.map(|seen| seen.it.clone()))
    }

    /// `DescribeVpcAttribute`: one attribute of one VPC.
    pub fn describe_vpc_attribute(
        &self,
        vpc_id: Option<&str>,
        attribute: VpcAttribute,
        dry_run: bool,
    ) -> Result<bool, ApiError> {
        let vpc = self.vpc(VPC.required(vpc_id)?)?;
        unless_dry_run(dry_run)?;
        Ok(match attribute {
            VpcAttribute::DnsSupport => vpc.dns_support,
            VpcAttribute::DnsHostnames => vpc.dns_hostnames,
            VpcAttribute::AddressUsageMetrics => false,
        })
    }

    /// `ModifyVpcAttribute`.
    pub fn modify_vpc_attribute(&mut self, input: &ModifyVpcAttribute) -> Result<(), ApiError> {
        let id = VPC.required(input.vpc_id.as_deref())?;
        let vpc = self.vpcs.get_mut(id).ok_or_else(|| VPC.not_found(id))?;
        match (input.enable_dns_support, input.enable_dns_hostnames) {
            (Some(_), Some(_)) => Err(combination("Fields for multiple attribute types specified")),
            (None, None) => Err(missing("enableDnsSupport or enableDnsHostnames")),
            (Some(value), None) => {
                vpc.dns_support = value;
                Ok(())
            }
            (None, Some(value)) => {
                vpc.dns_hostnames = value;
                Ok(())
            }
        }
    }

    /// `CreateVpc`: with a main route table, a default network ACL and a default security group.
    pub fn create_vpc(&mut self, input: &CreateVpc) -> Result<Vpc, ApiError> {
        let cidr = parse_range(
            required(input.cidr_block.as_deref(), "cidrBlock")?,
            "cidrBlock",
        )?;
        if !(16..=28).contains(&cidr.prefix_len()) {
            return Err(refuse(
                "InvalidVpc.Range",
                format!("The CIDR '{cidr}' is invalid."),
            ));
        }
        let tags = specified(&input.tag_specifications, &VPC)?;
        unless_dry_run(input.dry_run)?;
        let id = self.ids.next("vpc", &[&cidr.to_string()]);
        self.add_vpc(&id, cidr);
        let vpc = self.vpcs.get_mut(&id).ok_or_else(|| VPC.not_found(&id))?;
        vpc.tags = tags;
        Ok(vpc.clone())
    }

    /// `DeleteVpc`: takes what came with the VPC along, and refuses while there is anything else in it.
    pub fn delete_vpc(&mut self, vpc_id: Option<&str>, dry_run: bool) -> Result<(), ApiError> {
        let id = VPC.required(vpc_id)?;
        self.vpc(id)?;
        let groups = self
            .security_groups
            .values()
            .filter(|group| group.vpc_id == id);
        let used = self.subnets.values().any(|subnet| subnet.vpc_id == id)
            || self
                .endpoints
                .values()
                .any(|endpoint| endpoint.vpc_id == id)
            || groups.into_iter().any(|group| group.name != "default");
        if used {
            let message = format!("The vpc '{id}' has dependencies and cannot be deleted.");
            return Err(refuse("DependencyViolation", message));
        }
        unless_dry_run(dry_run)?;
        self.vpcs.remove(id);
        self.security_groups.retain(|_, group| group.vpc_id != id);
        self.route_tables.retain(|_, table| table.vpc_id != id);
        self.network_acls.retain(|_, acl| acl.vpc_id != id);
        Ok(())
    }

    /// The VPC of that id.
    pub(super) fn vpc(&self, id: &str) -> Result<&Vpc, ApiError> {
        self.vpcs.get(id).ok_or_else(|| VPC.not_found(id))
    }

    /// The default VPC, which may have been deleted.
    pub(super) fn default_vpc(&self) -> Option<&Vpc> {
        self.vpcs.values().find(|vpc| vpc.is_default)
    }

    /// Puts a VPC in place with all that AWS makes along with it.
    pub(in crate::world) fn add_vpc(&mut self, id: &str, cidr: Ipv4Net) {
        let vpc = Vpc {
            id: id.to_owned(),
            cidr,
            dns_support: true,
            ..Vpc::default()
        };
        self.vpcs.insert(vpc.id.clone(), vpc);

        let table = RouteTable {
            id: self.ids.next("rtb", &[id]),
            vpc_id: id.to_owned(),
            is_main: true,
            subnets: BTreeSet::new(),
            routes: vec![(cidr.to_string(), "local".to_owned())],
            inactive: BTreeMap::new(),
            tags: Tags::new(),
        };
        self.route_tables.insert(table.id.clone(), table);

        let acl = NetworkAcl {
            id: self.ids.next("acl", &[id]),
            vpc_id: id.to_owned(),
            is_default: true,
            subnets: BTreeSet::new(),
            entries: open_to_all(),
            tags: Tags::new(),
        };
        self.network_acls.insert(acl.id.clone(), acl);

        let group_id = self.ids.next("sg", &[id, "default"]);
        let rules = vec![
            rules::everything_from_itself(&mut self.ids, &group_id),
            rules::everything_out(&mut self.ids, &group_id),
        ];
        let group = SecurityGroup {
            id: group_id,
            name: "default".to_owned(),
            description: "default VPC security group".to_owned(),
            vpc_id: id.to_owned(),
            created: ALWAYS,
            rules,
            tags: Tags::new(),
        };
        self.security_groups.insert(group.id.clone(), group);
    }
}

/// The entries of a default network ACL: number 100 lets everything through, the last refuses the rest.
pub(in crate::world) fn open_to_all() -> Vec<AclEntry> {
    [(100, true), (32_767, false)]
        .into_iter()
        .flat_map(|(number, allow)| {
            [true, false].map(|egress| AclEntry {
                number,
                egress,
                protocol: "-1".to_owned(),
                allow,
                cidr: "0.0.0.0/0".to_owned(),
                ports: None,
            })
        })
        .collect()
}

/// What a default network ACL says besides, once its VPC has an IPv6 range (VPC user guide, "Default network ACL").
pub(in crate::world) fn open_to_all_ipv6() -> Vec<AclEntry> {
    let entries = open_to_all().into_iter();
    entries
        .map(|entry| AclEntry {
            number: entry.number + 1,
            cidr: "::/0".to_owned(),
            ..entry
        })
        .collect()
}

/// An IPv4 range in its canonical form.
pub(super) fn parse_range(text: &str, parameter: &str) -> Result<Ipv4Net, ApiError> {
    let parsed: Result<Ipv4Net, _> = text.parse();
    parsed
        .map(|range| range.trunc())
        .map_err(|_| invalid_value(text, parameter, "This is not a valid CIDR block."))
}
