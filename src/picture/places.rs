//! Where mount targets are: VPCs, zones, subnets.

use std::collections::BTreeMap;

use super::found::Found;
use super::model::{Scene, Subject};
use super::node::{Edge, Group, Line, Mark, Node};
use crate::domain::ids::{SecurityGroupId, SubnetId, VpcId};
use crate::domain::lifecycle_state::State;
use crate::domain::state::MountTarget;
use crate::domain::text::{counted, list};

/// A VPC, and the zones of it that have mount targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Vpc {
    pub(super) node: Node,
    pub(super) zones: Vec<Zone>,
}

/// A zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Zone {
    /// Its name in the picture.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) subnets: Vec<Subnet>,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subnet {
    pub(super) node: Node,
    pub(super) mount_targets: Vec<Node>,
}

/// Mount targets by VPC, zone and subnet.
type Sorted<'a> =
    BTreeMap<Option<&'a VpcId>, BTreeMap<String, BTreeMap<&'a SubnetId, Vec<&'a MountTarget>>>>;

/// The VPCs of the mount targets. Groups that could not be read are added to the groups, and the arrows of the mount targets to the arrows.
pub(super) fn vpcs(
    scene: &Scene,
    found: &Found<'_>,
    keys: &BTreeMap<SecurityGroupId, String>,
    groups: &mut Vec<Group>,
    edges: &mut Vec<Edge>,
) -> Vec<Vpc> {
    let targets = match &scene.mount_targets {
        Ok(targets) => targets,
        Err(why) => {
            edges.push(Edge {
                from: "vpc1".to_owned(),
                to: "fs".to_owned(),
                label: None,
            });
            return vec![unread(scene, found, why)];
        }
    };
    let mut sorted = Sorted::new();
    for target in targets {
        let zones = sorted.entry(target.vpc.as_ref()).or_default();
        let subnets = zones.entry(target.zone.to_string()).or_default();
        subnets.entry(&target.subnet).or_default().push(target);
    }
    let mut drawing = Drawing {
        scene,
        found,
        keys,
        groups,
        edges,
        zones: 0,
        subnets: 0,
        targets: 0,
    };
    let vpcs = sorted.into_iter().enumerate();
    vpcs.map(|(nth, (id, zones))| Vpc {
        node: vpc(scene, found, &format!("vpc{}", nth + 1), id),
        zones: zones
            .into_iter()
            .map(|(name, subnets)| drawing.zone(name, subnets))
            .collect(),
    })
    .collect()
}

/// Where the mount targets are is not known.
fn unread(scene: &Scene, found: &Found<'_>, why: &str) -> Vpc {
    let count = usize::try_from(scene.file_system.mount_targets).unwrap_or(usize::MAX);
    let title = format!("{}, place unknown", counted(count, "mount target"));
    let node = Node::unknown("vpc1", title, why);
    Vpc {
        node: found
            .about(&Subject::Vpc)
            .into_iter()
            .fold(node, Node::with),
        zones: Vec::new(),
    }
}

fn vpc(scene: &Scene, found: &Found<'_>, key: &str, id: Option<&VpcId>) -> Node {
    let known = match (id, &scene.vpcs) {
        (None, _) => Err("AWS does not report the VPC of these mount targets".to_owned()),
        (Some(id), Ok(vpcs)) => vpcs
            .get(id)
            .ok_or_else(|| "it could not be found".to_owned()),
        (Some(_), Err(why)) => Err(why.clone()),
    };
    let title = id.map_or("VPC unknown", VpcId::as_str);
    let node = match known {
        Ok(vpc) => {
            let default = if vpc.is_default {
                ", the default VPC"
            } else {
                ""
            };
            Node::new(key, title).with(Line::plain(format!("{}{default}", list(&vpc.cidrs))))
        }
        Err(why) => Node::unknown(key, title, format!("unknown: {why}")),
    };
    found
        .about(&Subject::Vpc)
        .into_iter()
        .fold(node, Node::with)
}

struct Drawing<'a> {
    scene: &'a Scene,
    found: &'a Found<'a>,
    keys: &'a BTreeMap<SecurityGroupId, String>,
    groups: &'a mut Vec<Group>,
    edges: &'a mut Vec<Edge>,
    zones: usize,
    subnets: usize,
    targets: usize,
}

impl Drawing<'_> {
    fn zone(&mut self, name: String, subnets: BTreeMap<&SubnetId, Vec<&MountTarget>>) -> Zone {
        self.zones += 1;
        Zone {
            key: format!("zone{}", self.zones),
            name,
            subnets: subnets
                .into_iter()
                .map(|(id, targets)| self.subnet(id, targets))
                .collect(),
        }
    }

    fn subnet(&mut self, id: &SubnetId, mut targets: Vec<&MountTarget>) -> Subnet {
        self.subnets += 1;
        let key = format!("subnet{}", self.subnets);
        let known = match &self.scene.subnets {
            Ok(subnets) => subnets.get(id).ok_or("it could not be found"),
            Err(why) => Err(why.as_str()),
        };
        let node = match known {
            Ok(subnet) => {
                let node = Node::new(key, id.as_str()).with(Line::plain(list(&subnet.ranges)));
                match subnet.gives_public_addresses {
                    Some(true) => node.with(Line::plain("assigns public addresses")),
                    _ => node,
                }
            }
            Err(why) => Node::unknown(key, id.as_str(), format!("unknown: {why}")),
        };
        targets.sort_by(|a, b| a.id.cmp(&b.id));
        Subnet {
            node,
            mount_targets: targets
                .into_iter()
                .map(|target| self.target(target))
                .collect(),
        }
    }

    fn target(&mut self, target: &MountTarget) -> Node {
        self.targets += 1;
        let key = format!("mt{}", self.targets);
        let mut node = Node::new(&key, target.id.as_str());
        if let Some(ip) = target.ip {
            node = node.with(Line::plain(ip.to_string()));
        }
        node = node.with(Line {
            mark: if matches!(target.state, State::Other(_)) {
                Mark::Unknown
            } else {
                Mark::Plain
            },
            ..Line::plain(target.state.to_string())
        });
        let found = self.found.about(&Subject::MountTarget(target.id.clone()));
        let node = found.into_iter().fold(node, Node::with);
        for from in self.groups_of(target) {
            self.edges.push(Edge {
                from,
                to: key.clone(),
                label: None,
            });
        }
        self.edges.push(Edge {
            from: key,
            to: "fs".to_owned(),
            label: None,
        });
        node
    }

    /// The boxes of its groups; where those are not known, one that says so.
    fn groups_of(&mut self, target: &MountTarget) -> Vec<String> {
        let interface = match &self.scene.interfaces {
            Ok(interfaces) => interfaces.get(&target.id),
            Err(why) => return vec![self.without_groups("sgunknown", why)],
        };
        match interface {
            Some(interface) => interface
                .groups
                .iter()
                .filter_map(|id| self.keys.get(id).cloned())
                .collect(),
            None => vec![self.without_groups("sgabsent", "the network interface does not exist")],
        }
    }

    fn without_groups(&mut self, key: &str, why: &str) -> String {
        if !self.groups.iter().any(|group| group.node.key == key) {
            self.groups.push(Group {
                node: Node::unknown(key, "security groups unknown", why),
                sources: Vec::new(),
            });
        }
        key.to_owned()
    }
}
