//! Network interfaces. The only ones there are belong to mount targets, where EFS makes and removes them, to VPC
//! endpoints, or to the EC2 instances of a described world. A customer can look at them and tag them.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::Ipv6Net;

use super::addresses;
use super::describe::{Describe, Listed, Page, Seen, one, select};
use super::kinds::NETWORK_INTERFACE;
use super::refusals::{invalid, refuse, unless_dry_run};
use crate::mix::number;
use crate::world::state::{NetworkInterface, Subnet};
use crate::world::{ApiError, Region, Tags};

/// An interface that a service or an instance asks for.
#[derive(Debug, Clone, Default)]
pub(in crate::world) struct NewInterface {
    /// Where.
    pub subnet_id: String,
    /// The IPv4 address asked for.
    pub ipv4: Option<Ipv4Addr>,
    /// With an IPv4 address.
    pub want_ipv4: bool,
    /// With an IPv6 address.
    pub want_ipv6: bool,
    /// The IPv6 address asked for.
    pub ipv6: Option<Ipv6Addr>,
    /// Its security groups.
    pub groups: Vec<String>,
    /// What it is for.
    pub description: String,
    /// The instance it is for; none: a service.
    pub instance_id: Option<String>,
    /// Its place on the instance.
    pub device_index: u8,
}

/// Why there is no interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::world) enum InterfaceRefusal {
    /// The subnet has no free address, or no range of that family.
    NoFreeAddresses,
    /// Another interface has the address.
    AddressInUse,
    /// The address is not in the subnet, or one of the five AWS keeps.
    AddressOutsideSubnet,
}

/// A network interface as `DescribeNetworkInterfaces` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterfaceView {
    /// What is stored.
    pub interface: NetworkInterface,
    /// Name of its zone.
    pub availability_zone: String,
    /// Id of its zone.
    pub availability_zone_id: String,
    /// Its groups with their names.
    pub groups: Vec<(String, String)>,
}

impl NetworkInterface {
    /// `efs` when a mount target has it, `vpc_endpoint` when an endpoint has it, else `interface`.
    pub fn interface_type(&self) -> &'static str {
        match self.description.split(' ').next() {
            Some("EFS") if self.requester_managed => "efs",
            Some("VPC") if self.requester_managed => "vpc_endpoint",
            _ => "interface",
        }
    }

    /// `in-use`, or `available` for one that nothing is attached to.
    pub fn status(&self) -> &'static str {
        if self.requester_managed || self.instance_id.is_some() {
            "in-use"
        } else {
            "available"
        }
    }

    /// A MAC address, which follows from the id.
    pub fn mac_address(&self) -> String {
        let digits = self.id.rsplit('-').next().unwrap_or_default();
        let tail = digits
            .get(digits.len().saturating_sub(10)..)
            .unwrap_or_default();
        let number = u64::from_str_radix(tail, 16)
            .unwrap_or_default()
            .to_be_bytes();
        let bytes = number.iter().skip(3).map(|byte| format!(":{byte:02x}"));
        std::iter::once("02".to_owned()).chain(bytes).collect()
    }
}

impl Listed for Seen<'_, NetworkInterface> {
    const FILTERS: &'static [&'static str] = &[
        "addresses.association.owner-id",
        "addresses.association.public-ip",
        "addresses.primary",
        "addresses.private-ip-address",
        "association.allocation-id",
        "association.association-id",
        "association.ip-owner-id",
        "association.public-dns-name",
        "association.public-ip",
        "attachment.attach-time",
        "attachment.attachment-id",
        "attachment.delete-on-termination",
        "attachment.device-index",
        "attachment.instance-id",
        "attachment.instance-owner-id",
        "attachment.status",
        "availability-zone",
        "availability-zone-id",
        "description",
        "group-id",
        "group-name",
        "interface-type",
        "ipv6-addresses.ipv6-address",
        "mac-address",
        "network-interface-id",
        "operator.managed",
        "operator.principal",
        "owner-id",
        "private-dns-name",
        "private-ip-address",
        "requester-id",
        "requester-managed",
        "source-dest-check",
        "status",
        "subnet-id",
        "vpc-id",
    ];

    fn attribute(&self, name: &str) -> Vec<String> {
        let interface = self.it;
        let zone = || self.region.zone_of_subnet(&interface.subnet_id);
        match name {
            "addresses.private-ip-address" | "private-ip-address" => {
                interface.private_ip.iter().cloned().collect()
            }
            "addresses.primary" | "source-dest-check" => one(&true),
            "availability-zone" => one(&zone()),
            "availability-zone-id" => one(&self.region.zone_id(zone())),
            "description" => one(&interface.description),
            "group-id" => interface.groups.clone(),
            "group-name" => {
                let groups = interface.groups.iter();
                groups
                    .map(|id| self.region.group_name(id).to_owned())
                    .collect()
            }
            "interface-type" => one(&interface.interface_type()),
            "ipv6-addresses.ipv6-address" => interface.ipv6.iter().cloned().collect(),
            "mac-address" => one(&interface.mac_address()),
            "network-interface-id" => one(&interface.id),
            "operator.managed" => one(&false),
            "owner-id" => one(&self.region.account_id),
            "private-dns-name" => self
                .region
                .private_dns_name(interface)
                .into_iter()
                .collect(),
            "requester-id" => self
                .region
                .requester_of(interface)
                .map(one)
                .unwrap_or_default(),
            "requester-managed" => one(&interface.requester_managed),
            "status" => one(&interface.status()),
            "subnet-id" => one(&interface.subnet_id),
            "vpc-id" => one(&interface.vpc_id),
            _ => name
                .strip_prefix("attachment.")
                .zip(interface.attachment(&self.region.account_id))
                .map(|(member, attachment)| attachment.attribute(member))
                .unwrap_or_default(),
        }
    }
}

impl Region {
    /// `DescribeNetworkInterfaces`.
    pub fn describe_network_interfaces(
        &self,
        input: &Describe,
    ) -> Result<Page<InterfaceView>, ApiError> {
        let page = select(input, self.see(self.network_interfaces.values()))?;
        Ok(page.map(|seen| InterfaceView {
            availability_zone: self.zone_of_subnet(&seen.it.subnet_id).to_owned(),
            availability_zone_id: self.zone_id(self.zone_of_subnet(&seen.it.subnet_id)),
            groups: (seen.it.groups.iter())
                .map(|id| (id.clone(), self.group_name(id).to_owned()))
                .collect(),
            interface: seen.it.clone(),
        }))
    }

    /// Who asked for an interface of a service: an account, whose is not known.
    pub fn requester_of(&self, interface: &NetworkInterface) -> Option<&str> {
        (interface.requester_managed).then_some(self.account_id.as_str())
    }

    /// The name of an interface inside its VPC, if that gives names
    /// (VPC user guide, "DNS attributes in your VPC").
    pub fn private_dns_name(&self, interface: &NetworkInterface) -> Option<String> {
        let address = interface.private_ip.as_ref()?.replace('.', "-");
        let vpc = self.vpcs.get(&interface.vpc_id)?;
        let domain = match self.name.as_str() {
            "us-east-1" => "ec2.internal".to_owned(),
            other => format!("{other}.compute.internal"),
        };
        (vpc.dns_support && vpc.dns_hostnames).then(|| format!("ip-{address}.{domain}"))
    }

    /// `DeleteNetworkInterface`: refused when a service made it, or an instance has it
    /// (openshift/installer#2498, aws/amazon-vpc-cni-k8s#1399).
    pub fn delete_network_interface(
        &mut self,
        network_interface_id: Option<&str>,
        dry_run: bool,
    ) -> Result<(), ApiError> {
        let id = NETWORK_INTERFACE.required(network_interface_id)?;
        let found = self.network_interfaces.get(id);
        let interface = found.ok_or_else(|| NETWORK_INTERFACE.not_found(id))?;
        if interface.requester_managed {
            let message = "You are not allowed to manage 'ela-attach' attachments.";
            return Err(refuse("OperationNotPermitted", message));
        }
        if interface.instance_id.is_some() {
            return Err(invalid(format!(
                "Network interface '{id}' is currently in use."
            )));
        }
        unless_dry_run(dry_run)?;
        self.network_interfaces.remove(id);
        Ok(())
    }

    /// Makes an interface, with an address drawn from the subnet or the one asked for.
    pub(in crate::world) fn create_interface(
        &mut self,
        new: NewInterface,
    ) -> Result<String, InterfaceRefusal> {
        let owner = (new.instance_id.as_deref()).unwrap_or(&new.description);
        let id = self.ids.next("eni", &[&new.subnet_id, owner]);
        let start = number(&[&id]);
        let subnet = self
            .subnets
            .get(&new.subnet_id)
            .ok_or(InterfaceRefusal::NoFreeAddresses)?;
        let private_ip = if new.want_ipv4 {
            Some(self.draw_ipv4(subnet, new.ipv4, start)?.to_string())
        } else {
            None
        };
        let ipv6 = if new.want_ipv6 {
            Some(self.draw_ipv6(subnet, new.ipv6, start)?.to_string())
        } else {
            None
        };
        let vpc_id = subnet.vpc_id.clone();
        let interface = NetworkInterface {
            id,
            subnet_id: new.subnet_id,
            vpc_id,
            private_ip,
            ipv6,
            groups: new.groups,
            description: new.description,
            requester_managed: new.instance_id.is_none(),
            instance_id: new.instance_id,
            device_index: new.device_index,
            tags: Tags::new(),
        };
        let id = interface.id.clone();
        self.network_interfaces.insert(id.clone(), interface);
        Ok(id)
    }

    /// Removes the interface of a service; its address is free again.
    pub(in crate::world) fn release_interface(&mut self, id: &str) {
        self.network_interfaces.remove(id);
    }

    /// Free IPv4 addresses of a subnet (`AvailableIpAddressCount`).
    pub fn available_addresses(&self, subnet_id: &str) -> u32 {
        let Some(subnet) = self
            .subnets
            .get(subnet_id)
            .filter(|subnet| !subnet.ipv6_native)
        else {
            return 0;
        };
        let (_, count) = addresses::usable(subnet.cidr);
        let taken = u32::try_from(self.ipv4_of(subnet_id).count()).unwrap_or(u32::MAX);
        count
            .saturating_sub(taken)
            .saturating_sub(subnet.others_in_use)
    }

    fn draw_ipv4(
        &self,
        subnet: &Subnet,
        asked: Option<Ipv4Addr>,
        start: u64,
    ) -> Result<Ipv4Addr, InterfaceRefusal> {
        if subnet.ipv6_native {
            return Err(InterfaceRefusal::NoFreeAddresses);
        }
        let taken: BTreeSet<Ipv4Addr> = self
            .ipv4_of(&subnet.id)
            .filter_map(|text| text.parse().ok())
            .collect();
        if let Some(asked) = asked {
            let (first, count) = addresses::usable(subnet.cidr);
            if u32::from(asked)
                .checked_sub(first)
                .is_none_or(|index| index >= count)
            {
                return Err(InterfaceRefusal::AddressOutsideSubnet);
            }
            if taken.contains(&asked) {
                return Err(InterfaceRefusal::AddressInUse);
            }
        }
        if self.available_addresses(&subnet.id) == 0 {
            return Err(InterfaceRefusal::NoFreeAddresses);
        }
        asked
            .or_else(|| addresses::free(subnet.cidr, &taken, start))
            .ok_or(InterfaceRefusal::NoFreeAddresses)
    }

    fn draw_ipv6(
        &self,
        subnet: &Subnet,
        asked: Option<Ipv6Addr>,
        number: u64,
    ) -> Result<Ipv6Addr, InterfaceRefusal> {
        let range: Ipv6Net = (subnet.own_ipv6())
            .and_then(|range| range.parse().ok())
            .ok_or(InterfaceRefusal::NoFreeAddresses)?;
        let address = asked.unwrap_or_else(|| addresses::ipv6(range, number));
        if !range.contains(&address) {
            return Err(InterfaceRefusal::AddressOutsideSubnet);
        }
        let text = address.to_string();
        let mut others = self.network_interfaces.values();
        if others.any(|other| other.ipv6.as_deref() == Some(text.as_str())) {
            return Err(InterfaceRefusal::AddressInUse);
        }
        Ok(address)
    }

    fn ipv4_of(&self, subnet_id: &str) -> impl Iterator<Item = &str> {
        (self.network_interfaces.values())
            .filter(move |interface| interface.subnet_id == subnet_id)
            .filter_map(|interface| interface.private_ip.as_deref())
    }

    fn zone_of_subnet(&self, subnet_id: &str) -> &str {
        self.subnets
            .get(subnet_id)
            .map_or("", |subnet| &subnet.availability_zone)
    }
}
