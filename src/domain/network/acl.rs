//! Network ACLs: of the entries that match, the one with the lowest number decides; without one it is refused.
//!
//! They are stateless, so the answer has to pass too, and they see only what enters or leaves the subnet.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use ipnet::IpNet;

use super::NFS_PORT;
use crate::domain::ids::SubnetId;
use crate::domain::ranges::Ranges;

/// The ports an answer goes to: what the VPC user guide advises to open, because clients differ in what they use.
///
/// An ACL that allows only a part of them is taken as refusing: whether a mount works would hang on the port the
/// client happens to draw. A Linux client draws a reserved port (665 to 1023) unless it mounts with `noresvport`,
/// which EFS asks for and its mount helper sets: those are not demanded.
const EPHEMERAL: RangeInclusive<u16> = 1024..=65535;

/// A network ACL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkAcl {
    /// Its id.
    pub id: String,
    /// The subnets it guards.
    pub subnets: BTreeSet<SubnetId>,
    /// Its entries.
    pub entries: Vec<AclEntry>,
    /// What of it cannot be read. It may be an entry that decides.
    pub unreadable: Option<String>,
}

/// One entry of a network ACL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AclEntry {
    /// The lowest number that matches decides.
    pub number: u32,
    /// Outbound.
    pub egress: bool,
    /// `-1` for all, otherwise a number: 6 is TCP.
    pub protocol: String,
    /// Allow, or deny.
    pub allow: bool,
    /// The range it is about.
    pub range: IpNet,
    /// First and last port; `None` for all.
    pub ports: Option<(u16, u16)>,
}

impl NetworkAcl {
    /// Addresses of clients outside the subnet from which NFS comes in, with the answers out.
    pub fn served(&self) -> Ranges {
        let question = self.allowed(false, NFS_PORT..=NFS_PORT);
        question.and(&self.allowed(true, EPHEMERAL))
    }

    /// Addresses of mount targets outside the subnet to which NFS goes out, with the answers in.
    pub fn reached(&self) -> Ranges {
        let question = self.allowed(true, NFS_PORT..=NFS_PORT);
        question.and(&self.allowed(false, EPHEMERAL))
    }

    /// Which of these client addresses it keeps from NFS in its subnet, apart from those of the subnet itself.
    pub fn refused(&self, clients: &[IpNet], inside: &[IpNet]) -> Vec<IpNet> {
        let through = self.served().or(&Ranges::of(inside));
        Ranges::of(clients).minus(&through).nets()
    }

    /// Addresses of the other end that pass in that direction on all of these ports.
    fn allowed(&self, egress: bool, ports: RangeInclusive<u16>) -> Ranges {
        let mut entries: Vec<&AclEntry> = self
            .entries
            .iter()
            .filter(|entry| entry.egress == egress)
            .filter(|entry| matches!(entry.protocol.as_str(), "-1" | "6" | "tcp"))
            .collect();
        entries.sort_by_key(|entry| entry.number);
        // Between two ports at which an entry begins or ends, all are treated alike: one of them stands for all.
        let edges = entries
            .iter()
            .filter_map(|entry| entry.ports)
            .flat_map(|(from, to)| [Some(from), to.checked_add(1)])
            .flatten()
            .filter(|port| ports.contains(port));
        edges
            .chain([*ports.start()])
            .map(|port| allowed_on(&entries, port))
            .fold(Ranges::everything(), |all, one| all.and(&one))
    }
}

impl AclEntry {
    /// Whether it is about that TCP port. One for all protocols is about all ports, whatever it says of them.
    fn covers(&self, port: u16) -> bool {
        self.protocol == "-1"
            || self
                .ports
                .is_none_or(|(from, to)| (from..=to).contains(&port))
    }
}

fn allowed_on(entries: &[&AclEntry], port: u16) -> Ranges {
    let mut undecided = Ranges::everything();
    let mut allowed = Ranges::nothing();
    for entry in entries.iter().filter(|entry| entry.covers(port)) {
        let range = Ranges::of(&[entry.range]);
        if entry.allow {
            allowed = allowed.or(&undecided.and(&range));
        }
        undecided = undecided.minus(&range);
    }
    allowed
}
