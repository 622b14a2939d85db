//! `DescribeInstances`.

use super::describe::{Describe, Listed, Page, Seen, one, select};
use super::kinds::INSTANCE;
use super::resource::{Resource, resources};
use crate::world::state::{Instance, NetworkInterface};
use crate::world::{ApiError, Millis, Region, Tags};

/// An instance as `DescribeInstances` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceView {
    /// Its id.
    pub id: String,
    /// `running`, `stopped`, …
    pub state: String,
    /// `t3.micro`.
    pub kind: String,
    /// When it was launched.
    pub launched: Millis,
    /// The zone of its first interface.
    pub availability_zone: String,
    /// Its interfaces, by device index.
    pub interfaces: Vec<NetworkInterface>,
    /// Tags.
    pub tags: Tags,
}

impl InstanceView {
    /// The number of its state (EC2 API reference, "`InstanceState`").
    pub fn state_code(&self) -> u8 {
        match self.state.as_str() {
            "pending" => 0,
            "shutting-down" => 32,
            "terminated" => 48,
            "stopping" => 64,
            "stopped" => 80,
            _ => 16,
        }
    }
}

resources! {
    InstanceView => INSTANCE;
}

impl Listed for Seen<'_, InstanceView> {
    const FILTERS: &'static [&'static str] = &[
        "availability-zone",
        "instance-id",
        "instance-state-code",
        "instance-state-name",
        "instance-type",
        "instance.group-id",
        "instance.group-name",
        "ip-address",
        "network-interface.group-id",
        "network-interface.network-interface-id",
        "network-interface.subnet-id",
        "network-interface.vpc-id",
        "owner-id",
        "private-ip-address",
        "subnet-id",
        "vpc-id",
    ];

    fn attribute(&self, name: &str) -> Vec<String> {
        let view = self.it;
        let all = |of: fn(&NetworkInterface) -> Vec<String>| {
            view.interfaces.iter().flat_map(of).collect()
        };
        let first = |of: fn(&NetworkInterface) -> Vec<String>| {
            view.interfaces.first().map(of).unwrap_or_default()
        };
        match name {
            "availability-zone" => one(&view.availability_zone),
            "instance-id" => one(&view.id),
            "instance-state-code" => one(&view.state_code()),
            "instance-state-name" => one(&view.state),
            "instance-type" => one(&view.kind),
            "instance.group-id" => first(|it| it.groups.clone()),
            "instance.group-name" => {
                let groups = view
                    .interfaces
                    .first()
                    .into_iter()
                    .flat_map(|it| &it.groups);
                groups
                    .map(|id| self.region.group_name(id).to_owned())
                    .collect()
            }
            "network-interface.group-id" => all(|it| it.groups.clone()),
            "network-interface.network-interface-id" => all(|it| one(&it.id)),
            "network-interface.subnet-id" => all(|it| one(&it.subnet_id)),
            "network-interface.vpc-id" => all(|it| one(&it.vpc_id)),
            "owner-id" => one(&self.region.account_id),
            "private-ip-address" => first(|it| it.private_ip.iter().cloned().collect()),
            "subnet-id" => first(|it| one(&it.subnet_id)),
            "vpc-id" => first(|it| one(&it.vpc_id)),
            _ => Vec::new(),
        }
    }
}

impl Region {
    /// `DescribeInstances`.
    pub fn describe_instances(&self, input: &Describe) -> Result<Page<InstanceView>, ApiError> {
        let mut ids: Vec<&String> = self.instances.keys().collect();
        // State files of older versions have the interfaces of instances only.
        let interfaces = self.network_interfaces.values();
        ids.extend(interfaces.filter_map(|interface| interface.instance_id.as_ref()));
        ids.sort();
        ids.dedup();
        let views: Vec<_> = ids.into_iter().map(|id| self.instance_view(id)).collect();
        Ok(select(input, self.see(views.iter()))?.map(|seen| seen.it.clone()))
    }

    fn instance_view(&self, id: &str) -> InstanceView {
        let Instance {
            state,
            kind,
            launched,
            tags,
        } = self.instances.get(id).cloned().unwrap_or_default();
        let all = self.network_interfaces.values();
        let mut interfaces: Vec<_> = all
            .filter(|interface| interface.instance_id.as_deref() == Some(id))
            .cloned()
            .collect();
        interfaces.sort_by_key(|interface| interface.device_index);
        let subnet = interfaces
            .first()
            .and_then(|it| self.subnets.get(&it.subnet_id));
        InstanceView {
            id: id.to_owned(),
            state,
            kind,
            launched,
            availability_zone: subnet
                .map(|it| it.availability_zone.clone())
                .unwrap_or_default(),
            interfaces,
            tags,
        }
    }
}
