//! The way from a client to a mount target, each hop with what is known of it.

use super::facts::{Case, GatePassing};
use crate::domain::state::State;

/// What is known of a hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It lets the client through.
    Pass,
    /// It does not.
    Fail,
    /// It is not known.
    Unknown,
}

impl Mark {
    /// The word of the output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

/// Something on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// What it is.
    pub title: String,
    /// What is known of it.
    pub mark: Mark,
}

/// The way from a client to a mount target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where it begins.
    pub client: String,
    /// What is on the way, in order.
    pub hops: Vec<Hop>,
    /// Where it ends.
    pub mount_target: String,
    /// What is known of the end.
    pub mark: Mark,
}

/// The way from each client to each mount target, and from this host.
pub(super) fn pictures(case: &Case) -> Vec<Picture> {
    let paths = case.account.paths.iter().flatten();
    let mut all: Vec<Picture> = paths
        .map(|path| {
            let hop = |(gate, passing): &(super::Gate, GatePassing)| Hop {
                title: gate.title().to_owned(),
                mark: match passing {
                    GatePassing::Open => Mark::Pass,
                    GatePassing::Closed { .. } => Mark::Fail,
                    GatePassing::Unknown(_) => Mark::Unknown,
                },
            };
            let address = path.address.map(|ip| format!("  {ip}"));
            Picture {
                client: path.client.clone(),
                hops: path.gates.iter().map(hop).collect(),
                mount_target: format!(
                    "{}{}  {}",
                    path.mount_target,
                    address.unwrap_or_default(),
                    path.zone
                ),
                mark: end(case, path.mount_target.as_str()),
            }
        })
        .collect();
    if let Some(host) = case.host() {
        all.extend(host.servers.iter().map(|server| Picture {
            client: match host.source {
                Some(source) => format!("this host  {source}"),
                None => "this host".to_owned(),
            },
            hops: vec![Hop {
                title: "NFS 4.1 on TCP 2049".to_owned(),
                mark: if server.answer.is_ok() {
                    Mark::Pass
                } else {
                    Mark::Fail
                },
            }],
            mount_target: format!("{}  {}", server.id, server.address),
            mark: end(case, &server.id),
        }));
    }
    all
}

fn end(case: &Case, id: &str) -> Mark {
    let mut targets = case.account.mount_targets.iter().flatten();
    match targets.find(|mt| mt.id.as_str() == id).map(|mt| &mt.state) {
        Some(State::Available) => Mark::Pass,
        Some(State::Other(_)) | None => Mark::Unknown,
        Some(_) => Mark::Fail,
    }
}
