//! Which clients a security group allows: the other ends of its rules for NFS.

use super::model::Scene;
use super::node::{Edge, Line, MOST, Node};
use crate::domain::ids::SecurityGroupId;
use crate::domain::network::{Distant, NFS_PORT, Peer, Rule, SecurityGroup, is_protocol};
use crate::domain::text::{counted, list};

/// The sources of a group, and the arrows to it.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
}

/// The widest first: of more than are drawn, those that matter are.
fn order(rule: &Rule) -> (u8, u8, String) {
    let (kind, width) = match &rule.peer {
        Peer::Range(range) => (0, range.prefix_len()),
        Peer::Other(_) => (1, 0),
        Peer::PrefixList(_) => (2, 0),
        Peer::Distant(_) => (3, 0),
        Peer::Group(_) => (4, 0),
    };
    (kind, width, rule.peer.to_string())
}

pub(super) fn of(scene: &Scene, to: &str, group: &SecurityGroup) -> Sources {
    let mut rules: Vec<&Rule> = group
        .ingress
        .iter()
        .filter(|rule| rule.covers(NFS_PORT))
        .collect();
    rules.sort_by_key(|rule| order(rule));
    rules.dedup();
    let mut sources = Sources::default();
    for (nth, rule) in rules.iter().take(MOST).enumerate() {
        let key = format!("{to}from{}", nth + 1);
        sources.edges.push(Edge {
            from: key.clone(),
            to: to.to_owned(),
            label: Some(traffic(rule)),
        });
        let node = source(scene, &group.id, &key, &rule.peer);
        sources.nodes.push(if is_protocol(&rule.protocol) {
            node
        } else {
            node.with(Line::unknown(format!(
                "protocol {} is not known",
                rule.protocol
            )))
        });
    }
    if let Some(more) = rules.len().checked_sub(MOST).filter(|more| *more > 0) {
        let key = format!("{to}more");
        sources.edges.push(Edge {
            from: key.clone(),
            to: to.to_owned(),
            label: None,
        });
        sources.nodes.push(Node::new(
            key,
            format!("and {}", counted(more, "more rule")),
        ));
    }
    sources
}

/// What a rule allows: `TCP 2049`.
fn traffic(rule: &Rule) -> String {
    match (rule.protocol.as_str(), rule.ports) {
        ("-1", _) => "all traffic".to_owned(),
        ("tcp" | "6", None) => "TCP, all ports".to_owned(),
        ("tcp" | "6", Some((from, to))) if from == to => format!("TCP {from}"),
        ("tcp" | "6", Some((from, to))) => format!("TCP {from}-{to}"),
        (other, _) => format!("protocol {other}"),
    }
}

fn source(scene: &Scene, own: &SecurityGroupId, key: &str, peer: &Peer) -> Node {
    match peer {
        Peer::Group(id) if id == own => {
            Node::new(key, "its own members").with(Line::plain(id.as_str()))
        }
        Peer::Group(id) => {
            let group = scene.groups.as_ref().ok().and_then(|groups| groups.get(id));
            match group {
                Some(group) => Node::new(key, &group.name).with(Line::plain(id.as_str())),
                None => Node::unknown(key, id.as_str(), "this group could not be read"),
            }
        }
        Peer::Range(range) => {
            let node = Node::new(key, range.to_string());
            if range.prefix_len() == 0 {
                node.with(Line::plain("every address"))
            } else {
                node
            }
        }
        Peer::PrefixList(id) => {
            let node = Node::new(key, id).with(Line::plain("prefix list"));
            match scene.prefix_lists.get(id) {
                Some(Ok(ranges)) if ranges.len() <= 3 => node.with(Line::plain(list(ranges))),
                Some(Ok(ranges)) => node.with(Line::plain(counted(ranges.len(), "range"))),
                Some(Err(why)) => node.with(Line::unknown(format!("ranges unknown: {why}"))),
                None => node.with(Line::unknown("ranges unknown: they were not read")),
            }
        }
        Peer::Distant(distant) => elsewhere(key, distant),
        Peer::Other(text) => Node::unknown(key, text, "this source is not known"),
    }
}

fn elsewhere(key: &str, distant: &Distant) -> Node {
    let mut node = Node::new(key, distant.id.as_str());
    if let Some(account) = &distant.account {
        node = node.with(Line::plain(format!("account {account}")));
    }
    if let Some(vpc) = &distant.vpc {
        node = node.with(Line::plain(vpc.as_str()));
    }
    let peering = distant.peering.as_deref().unwrap_or_default();
    match distant.is_in_force() {
        Some(true) => node,
        Some(false) => node.with(Line::plain(format!(
            "allows no client: its peering is {peering}"
        ))),
        None => node.with(Line::unknown(format!("its peering is {peering}"))),
    }
}
