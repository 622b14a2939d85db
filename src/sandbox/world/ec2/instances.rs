//! EC2 instances and their network interfaces: no call launches or ends one.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::describe::one;
use super::kinds::{SECURITY_GROUP, SUBNET};
use super::network_interfaces::{InterfaceRefusal, NewInterface};
use super::refusals::{invalid, refuse};
use crate::world::state::NetworkInterface;
use crate::world::{ApiError, Region};

/// An interface of an instance that is there from the start.
#[derive(Debug, Clone, Default)]
pub(in crate::world) struct NewInstance {
    /// Its id.
    pub id: String,
    /// Its subnet.
    pub subnet_id: String,
    /// Its security groups; none: the default group of the VPC.
    pub groups: Vec<String>,
    /// The IPv4 address asked for.
    pub ipv4: Option<Ipv4Addr>,
    /// The IPv6 address asked for; without one it has none, except in an IPv6-only subnet.
    pub ipv6: Option<Ipv6Addr>,
    /// The place of the interface on the instance.
    pub device_index: u8,
}

/// What a network interface is attached to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment<'a> {
    /// `eni-attach-` or, of a service, `ela-attach-` and the digits of the interface.
    pub id: String,
    /// The instance; none for a service.
    pub instance_id: Option<&'a str>,
    /// Whose instance it is.
    pub instance_owner_id: &'a str,
    /// Its place on the instance.
    pub device_index: u8,
    /// Goes when the instance goes.
    pub delete_on_termination: bool,
}

impl Attachment<'_> {
    /// `attached`: interfaces come and go with what they are attached to.
    pub fn status(&self) -> &'static str {
        "attached"
    }

    /// Its values under the name of a filter.
    pub(super) fn attribute(&self, name: &str) -> Vec<String> {
        match name {
            "attachment-id" => one(&self.id),
            "delete-on-termination" => one(&self.delete_on_termination),
            "device-index" => one(&self.device_index),
            "instance-id" => self.instance_id.map(str::to_owned).into_iter().collect(),
            "instance-owner-id" => one(self.instance_owner_id),
            "status" => one(self.status()),
            _ => Vec::new(),
        }
    }
}

impl NetworkInterface {
    /// What it is attached to, in an account.
    pub fn attachment<'a>(&'a self, account_id: &'a str) -> Option<Attachment<'a>> {
        let id = |kind: &str| self.id.replacen("eni-", kind, 1);
        match &self.instance_id {
            Some(instance_id) => Some(Attachment {
                id: id("eni-attach-"),
                instance_id: Some(instance_id),
                instance_owner_id: account_id,
                device_index: self.device_index,
                delete_on_termination: true,
            }),
            None if self.requester_managed => Some(Attachment {
                id: id("ela-attach-"),
                instance_id: None,
                instance_owner_id: "amazon-aws",
                device_index: 1,
                delete_on_termination: false,
            }),
            None => None,
        }
    }
}

impl Region {
    /// Puts an interface of an instance into a subnet. Answers with the id of the interface.
    ///
    /// The errors are those that were reported of `RunInstances`: philschmid/efsync#16 (networks), aws/aws-cli#7178
    /// (taken), JamesWoolfenden/terraform-aws-cassandra#18 (outside).
    pub(in crate::world) fn add_instance(&mut self, new: NewInstance) -> Result<String, ApiError> {
        let subnet = self.subnets.get(&new.subnet_id);
        let subnet = subnet.ok_or_else(|| SUBNET.not_found(&new.subnet_id))?;
        let mut groups = new.groups;
        if groups.is_empty() {
            groups.extend(self.default_security_group(&subnet.vpc_id));
        }
        for id in &groups {
            let group = self.security_groups.get(id);
            let group = group.ok_or_else(|| SECURITY_GROUP.not_found(id))?;
            if group.vpc_id != subnet.vpc_id {
                let subnet_id = &subnet.id;
                let message = format!(
                    "Security group {id} and subnet {subnet_id} belong to different networks."
                );
                return Err(refuse("InvalidParameter", message));
            }
        }
        let interface = NewInterface {
            want_ipv4: !subnet.ipv6_native || new.ipv4.is_some(),
            want_ipv6: subnet.ipv6_native || new.ipv6.is_some(),
            ipv4: new.ipv4,
            ipv6: new.ipv6,
            subnet_id: new.subnet_id.clone(),
            groups,
            description: String::new(),
            instance_id: Some(new.id),
            device_index: new.device_index,
        };
        let asked = [
            new.ipv4.map(|address| address.to_string()),
            new.ipv6.map(|address| address.to_string()),
        ];
        let asked: Vec<String> = asked.into_iter().flatten().collect();
        let asked = asked.join(", ");
        self.create_interface(interface)
            .map_err(|refusal| match refusal {
                InterfaceRefusal::NoFreeAddresses => refuse(
                    "InsufficientFreeAddressesInSubnet",
                    format!(
                        "There are not enough free addresses in subnet '{}'",
                        new.subnet_id
                    ),
                ),
                InterfaceRefusal::AddressInUse => refuse(
                    "InvalidIPAddress.InUse",
                    format!("Address {asked} is in use."),
                ),
                InterfaceRefusal::AddressOutsideSubnet => invalid(format!(
                    "Address {asked} does not fall within the subnet's address range"
                )),
            })
    }
}
