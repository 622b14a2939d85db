//! The graph that every form draws: boxes in boxes, and arrows from clients to the file system.

use std::collections::{BTreeMap, BTreeSet};

use super::found::Found;
use super::model::{Part, Scene, Subject};
use super::node::{Edge, Group, Line, MOST, Node, left_out};
use super::places::{self, Vpc};
use super::sources::{self, Sources};
use crate::domain::access_point::AccessPoint;
use crate::domain::deployment::metered;
use crate::domain::ids::SecurityGroupId;
use crate::domain::lifecycle_state::State;
use crate::domain::settings::policy::ObservedPolicy;
use crate::domain::text::{counted, one_line};

/// A picture of one file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Graph {
    /// Its name, which others chose.
    pub(super) title: String,
    /// Its id, which AWS chose.
    pub(super) plain_title: String,
    pub(super) file_system: Node,
    /// Its access points, in one box; `None`: it has none.
    pub(super) access_points: Option<Node>,
    pub(super) vpcs: Vec<Vpc>,
    pub(super) groups: Vec<Group>,
    /// From the sources to the groups, from those to the mount targets, from those to the file system.
    pub(super) edges: Vec<Edge>,
}

impl Graph {
    pub(super) fn of(scene: &Scene) -> Self {
        let file_system = &scene.file_system;
        let found = Found(scene);
        let mut edges = Vec::new();
        let mut groups = Vec::new();
        let mut keys: BTreeMap<SecurityGroupId, String> = BTreeMap::new();
        for (nth, id) in attached(scene).into_iter().enumerate() {
            let key = format!("sg{}", nth + 1);
            let (node, sources) = group(scene, &found, &key, &id);
            edges.extend(sources.edges);
            groups.push(Group {
                node,
                sources: sources.nodes,
            });
            keys.insert(id, key);
        }
        let vpcs = places::vpcs(scene, &found, &keys, &mut groups, &mut edges);
        let name = file_system
            .name
            .as_deref()
            .unwrap_or(file_system.id.as_str());
        let access_points = access_points(&found, &scene.access_points);
        if access_points.is_some() {
            edges.push(Edge {
                from: "ap".to_owned(),
                to: "fs".to_owned(),
                label: None,
            });
        }
        Self {
            title: one_line(&format!("{name} in {}", scene.region)),
            plain_title: format!("{} in {}", file_system.id, scene.region),
            file_system: describe(scene, &found),
            access_points,
            vpcs,
            groups,
            edges,
        }
    }

    /// Every box, and those that are in it.
    pub(super) fn every_node(&self) -> impl Iterator<Item = &Node> {
        let zones = self.vpcs.iter().flat_map(|vpc| &vpc.zones);
        let subnets = zones.flat_map(|zone| &zone.subnets);
        let places =
            subnets.flat_map(|subnet| std::iter::once(&subnet.node).chain(&subnet.mount_targets));
        let vpcs = self.vpcs.iter().map(|vpc| &vpc.node);
        let groups = self.groups.iter();
        let groups = groups.flat_map(|group| std::iter::once(&group.node).chain(&group.sources));
        std::iter::once(&self.file_system)
            .chain(&self.access_points)
            .chain(vpcs)
            .chain(places)
            .chain(groups)
    }
}

fn describe(scene: &Scene, found: &Found<'_>) -> Node {
    let fs = &scene.file_system;
    let id = fs.id.as_str();
    let mut node = Node::new("fs", fs.name.as_deref().unwrap_or(id));
    if fs.name.is_some() {
        node = node.with(Line::plain(id));
    }
    let encrypted = match fs.encrypted {
        Some(true) => "encrypted",
        Some(false) => "not encrypted",
        None => "encryption not reported",
    };
    let throughput = fs.throughput();
    let amount = throughput.known().map(ToString::to_string);
    let amount = amount.unwrap_or_else(|| throughput.mode().to_owned());
    let zone = fs.one_zone.as_ref();
    let facts = [
        Some(fs.state.to_string()),
        zone.map(|zone| format!("One Zone in {zone}")),
        Some(encrypted.to_owned()),
        Some(format!("throughput {amount}")),
        Some(metered(fs.size_bytes)),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    let facts = facts.join(" · ");
    node = node.with(match fs.state {
        State::Other(_) => Line::unknown(facts),
        _ => Line::plain(facts),
    });
    node = node.with(match &scene.policy {
        Ok(ObservedPolicy::None) => {
            Line::plain("policy: none, so every client that reaches a mount target may use it")
        }
        Ok(policy) => Line::plain(format!("policy: {policy}")),
        Err(why) => Line::unknown(format!("policy unknown: {why}")),
    });
    if scene.mount_targets.as_ref().is_ok_and(Vec::is_empty) {
        node = node.with(Line::plain("no mount target, so no client can reach it"));
    }
    node.with_all(found.about(&Subject::FileSystem))
}

fn access_points(found: &Found<'_>, points: &Part<Vec<AccessPoint>>) -> Option<Node> {
    let points = match points {
        Ok(points) if points.is_empty() => return None,
        Ok(points) => points,
        Err(why) => return Some(Node::unknown("ap", "access points unknown", why)),
    };
    let mut sorted: Vec<&AccessPoint> = points.iter().collect();
    sorted.sort_by(|a, b| (&a.path, &a.id).cmp(&(&b.path, &b.id)));
    let line = |point: &&AccessPoint| {
        let user = match &point.user {
            Some(user) => format!("as {}:{}", user.uid, user.gid),
            None => "as the client's user".to_owned(),
        };
        let text = format!("{} {} {user}", point.path, point.id);
        match &point.state {
            State::Available => Line::plain(text),
            State::Other(_) => Line::unknown(format!("{text}, {}", point.state)),
            state => Line::plain(format!("{text}, {state}")),
        }
    };
    let node = Node::new("ap", counted(points.len(), "access point"));
    let node = node.with_all(sorted.iter().take(MOST).map(line));
    let node = node.with_all(left_out(points.len(), "access point"));
    Some(node.with_all(found.about(&Subject::AccessPoints)))
}

/// Groups of the mount targets, each once.
fn attached(scene: &Scene) -> BTreeSet<SecurityGroupId> {
    let targets: BTreeSet<_> = scene
        .mount_targets
        .iter()
        .flatten()
        .map(|mt| &mt.id)
        .collect();
    let interfaces = scene.interfaces.iter().flatten();
    let own = interfaces.filter(|(id, _)| targets.contains(id));
    own.flat_map(|(_, interface)| interface.groups.iter().cloned())
        .collect()
}

fn group(scene: &Scene, found: &Found<'_>, key: &str, id: &SecurityGroupId) -> (Node, Sources) {
    let findings = found.about(&Subject::Group(id.clone()));
    let group = match &scene.groups {
        Ok(groups) => groups.get(id).ok_or("it could not be found"),
        Err(why) => Err(why.as_str()),
    };
    match group {
        Ok(group) => {
            let sources = sources::of(scene, key, group);
            let mut node = Node::new(key, &group.name).with(Line::plain(id.as_str()));
            if sources.nodes.is_empty() {
                node = node.with(Line::plain("allows no client: no rule for TCP 2049"));
            }
            (node.with_all(findings), sources)
        }
        Err(why) => {
            let node = Node::unknown(key, id.as_str(), format!("rules unknown: {why}"));
            (node.with_all(findings), Sources::default())
        }
    }
}
