//! The network a file system is reached over: VPC, subnets, security groups.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

pub mod acl;
pub mod group_rule;
pub mod routing;
pub mod source;

pub use acl::{AclEntry, NetworkAcl};
pub use group_rule::GroupRule;
pub use routing::{Route, RouteTable, ranges_that_reach, table_of};
pub use source::{InvalidSource, Source};

use super::ids::{
    FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId, SubnetId, VpcId, Zone,
};
use super::lifecycle_state::State;
use super::tags::Tags;

/// The TCP port of NFS.
pub const NFS_PORT: u16 = 2049;

/// A VPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vpc {
    /// Its id.
    pub id: VpcId,
    /// Its address ranges, those that are associated with it: others are, or may be, another tool's addresses.
    pub cidrs: Vec<IpNet>,
    /// Ranges in a state that is not known, with that word.
    pub unclear: Vec<Unclear>,
    /// Its state, where EC2 tells.
    pub state: Option<State>,
    /// The account's default VPC.
    pub is_default: bool,
    /// The account that owns it, where EC2 tells: others share it.
    pub owner: Option<String>,
    /// Whether traffic in it has to be encrypted, where that is controlled.
    pub encryption: Option<EncryptionControl>,
}

/// A range of which it is not known whether it is in use: the range, and the word for its state.
pub type Unclear = (IpNet, String);

/// The states of a range of a VPC or subnet in which it is not in use (EC2 API reference, `VpcCidrBlockState`,
/// `SubnetCidrBlockState`). One that is taken off stays listed for an hour or more.
const NOT_ASSOCIATED: [&str; 5] = [
    "associating",
    "disassociating",
    "disassociated",
    "failing",
    "failed",
];

/// Of ranges with their states those that are in use, and those of which that is not known. One without a state is in use.
pub fn associated<'s>(
    ranges: impl IntoIterator<Item = (IpNet, Option<&'s str>)>,
) -> (Vec<IpNet>, Vec<Unclear>) {
    let (mut in_use, mut unclear) = (BTreeSet::new(), BTreeSet::new());
    for (range, state) in ranges {
        match state {
            None | Some("associated") => drop(in_use.insert(range)),
            Some(state) if NOT_ASSOCIATED.contains(&state) => {}
            Some(state) => drop(unclear.insert((range, state.to_owned()))),
        }
    }
    (in_use.into_iter().collect(), unclear.into_iter().collect())
}

/// VPC encryption controls (VPC user guide, "VPC encryption controls"), in EC2's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncryptionControl {
    /// Its id, where EC2 tells.
    pub id: Option<String>,
    /// `monitor` or `enforce`.
    pub mode: String,
    /// `creating`, `available`, `enforce-in-progress`, …
    pub state: String,
    /// Whether Elastic File System is excluded: `enabled`, `enabling`, `disabled`, `disabling`; `None`: nothing is said.
    pub efs_excluded: Option<String>,
}

/// The two attributes of a VPC without which the DNS name of a file system does not resolve in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VpcDns {
    /// `enableDnsSupport`.
    pub support: bool,
    /// `enableDnsHostnames`.
    pub hostnames: bool,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subnet {
    /// Its id.
    pub id: SubnetId,
    /// Its VPC.
    pub vpc: VpcId,
    /// Its zone.
    pub zone: Zone,
    /// Addresses that are still free. A mount target takes one.
    pub free_addresses: u32,
    /// No IPv4 at all.
    pub ipv6_only: bool,
    /// Its address ranges, those that are associated with it.
    pub ranges: Vec<IpNet>,
    /// Ranges in a state that is not known, with that word.
    pub unclear: Vec<Unclear>,
    /// Gives a public address to what is launched in it, where EC2 tells.
    pub gives_public_addresses: Option<bool>,
    /// Its state, where EC2 tells.
    pub state: Option<State>,
    /// The ARN of the Outpost it is on.
    pub outpost: Option<String>,
    /// Its type, where it was made for another service.
    pub kind: Option<String>,
}

impl Subnet {
    /// Why no mount target can be in it, whatever its zone and addresses.
    pub fn obstacle(&self) -> Option<String> {
        if let Some(outpost) = &self.outpost {
            return Some(format!(
                "it is on the Outpost {outpost}, where EFS has no mount targets"
            ));
        }
        if let Some(kind) = &self.kind {
            return Some(format!("it is of type {kind}, for another service"));
        }
        let state = self.state.as_ref();
        state
            .filter(|state| **state != State::Available)
            .map(|state| format!("it is {state}, not available"))
    }

    /// Has an IPv6 range.
    pub fn has_ipv6(&self) -> bool {
        self.ranges
            .iter()
            .any(|range| matches!(range, IpNet::V6(_)))
    }
}

/// A network interface: of a mount target, or of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkInterface {
    /// Its id.
    pub id: NetworkInterfaceId,
    /// The security groups it has.
    pub groups: BTreeSet<SecurityGroupId>,
    /// Its subnet.
    pub subnet: Option<SubnetId>,
    /// Its VPC.
    pub vpc: Option<VpcId>,
    /// Its private addresses.
    pub addresses: Vec<IpAddr>,
    /// The mount target it belongs to, by its description.
    pub mount_target: Option<(FileSystemId, MountTargetId)>,
    /// Tags.
    pub tags: Tags,
}

/// A security group with its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityGroup {
    /// Its id.
    pub id: SecurityGroupId,
    /// Its name, unique in the VPC.
    pub name: String,
    /// Its description, where EC2 tells.
    pub description: Option<String>,
    /// Its VPC.
    pub vpc: VpcId,
    /// Tags.
    pub tags: Tags,
    /// Inbound rules, one peer each.
    pub ingress: Vec<Rule>,
    /// Outbound rules, one peer each.
    pub egress: Vec<Rule>,
}

impl SecurityGroup {
    /// Whether NFS is allowed from exactly this peer by one of the rules.
    pub fn allows(&self, peer: &Peer) -> bool {
        self.ingress
            .iter()
            .any(|rule| rule.peer.is_same(peer) && rule.covers(NFS_PORT))
    }
}

/// One rule of a security group: one peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// `tcp`, `udp`, a number, or `-1` for all.
    pub protocol: String,
    /// First and last port; `None` for all.
    pub ports: Option<(i32, i32)>,
    /// Who is allowed, or may be reached.
    pub peer: Peer,
}

impl Rule {
    /// The rule that efsctl makes: TCP 2049, and nothing else, from that peer.
    pub fn nfs_from(peer: Peer) -> Self {
        let port = i32::from(NFS_PORT);
        Self {
            protocol: "tcp".to_owned(),
            ports: Some((port, port)),
            peer,
        }
    }

    /// Whether it is the rule that efsctl makes for that peer.
    pub fn is_nfs_from(&self, peer: &Peer) -> bool {
        let port = i32::from(NFS_PORT);
        let is_tcp = matches!(self.protocol.as_str(), "tcp" | "6");
        is_tcp && self.ports == Some((port, port)) && self.peer.is_same(peer)
    }

    /// Whether it covers that TCP port.
    pub fn covers(&self, port: u16) -> bool {
        let port = i32::from(port);
        match self.protocol.as_str() {
            "-1" => true,
            "tcp" | "6" => self
                .ports
                .is_none_or(|(from, to)| from <= port && port <= to),
            // It may be about that port.
            other => !is_protocol(other),
        }
    }
}

/// Whether EC2 knows that protocol: by one of its names, or a number of the IANA (EC2 API reference, `IpPermission`).
pub fn is_protocol(word: &str) -> bool {
    matches!(word, "-1" | "tcp" | "udp" | "icmp" | "icmpv6") || word.parse::<u8>().is_ok()
}

/// The other side of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// Interfaces with that security group.
    Group(SecurityGroupId),
    /// An address range.
    Range(IpNet),
    /// A prefix list.
    PrefixList(String),
    /// Interfaces with a group of another account, or over a peering.
    Distant(Distant),
    /// Someone whom this version cannot read, as EC2 wrote it.
    Other(String),
}

impl Peer {
    /// Whether a rule that names the one is the rule that names the other: a group is asked for by its id, and EC2 tells of one beyond
    /// a peering where it is.
    fn is_same(&self, other: &Self) -> bool {
        self == other || self.group().is_some() && self.group() == other.group()
    }

    /// The group that it names, wherever that is.
    pub fn group(&self) -> Option<&SecurityGroupId> {
        match self {
            Self::Group(id) => Some(id),
            Self::Distant(distant) => Some(&distant.id),
            Self::Range(_) | Self::PrefixList(_) | Self::Other(_) => None,
        }
    }
}

/// A security group of another account or VPC that a rule names (EC2 API reference, `UserIdGroupPair`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Distant {
    /// Its id.
    pub id: SecurityGroupId,
    /// Its account, where that is another one.
    pub account: Option<String>,
    /// Its VPC, where EC2 tells.
    pub vpc: Option<VpcId>,
    /// The state of the peering that leads there, in EC2's word; `None`: there is none, as in a shared VPC.
    pub peering: Option<String>,
}

impl Distant {
    /// Whether the rule is in force. It is not when the peering is not active: such a rule is stale, and allows no one. `None`: the
    /// word for its state is not known.
    pub fn is_in_force(&self) -> Option<bool> {
        // VpcPeeringConnectionStateReasonCode of the service model.
        match self.peering.as_deref() {
            None | Some("active") => Some(true),
            Some(
                "initiating-request" | "pending-acceptance" | "provisioning" | "deleted"
                | "deleting" | "rejected" | "failed" | "expired",
            ) => Some(false),
            Some(_) => None,
        }
    }
}

impl fmt::Display for Distant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id)?;
        if let Some(account) = &self.account {
            write!(f, " of account {account}")?;
        }
        match &self.peering {
            Some(peering) if peering != "active" => write!(f, " (its peering is {peering})"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(id) => write!(f, "{id}"),
            Self::Range(range) => write!(f, "{range}"),
            Self::PrefixList(id) => f.write_str(id),
            Self::Distant(distant) => distant.fmt(f),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// Whether a text has the form of the id of a managed prefix list: `pl-` and 8 to 17 hexadecimal digits.
fn is_prefix_list_id(text: &str) -> bool {
    let digits = text.strip_prefix("pl-");
    digits.is_some_and(|digits| {
        (8..=17).contains(&digits.len())
            && digits
                .bytes()
                .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// A managed prefix list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrefixList {
    /// Its id.
    pub id: String,
    /// Its ranges.
    pub ranges: Vec<IpNet>,
    /// With how many rules a rule that names it counts (VPC user guide, "Work with customer-managed prefix lists": with as many as
    /// it may have entries); `None` for a list of AWS, or where it could not be read.
    pub weight: Option<usize>,
}

/// Inbound rules that a security group takes for each of IPv4 and IPv6, unless the quota of the account was raised (VPC user
/// guide, "Amazon VPC quotas").
pub const GROUP_RULES: usize = 60;

/// The most to which that quota can be raised: it multiplied by the groups of an interface is at most 1,000 (ibid.).
pub const MOST_GROUP_RULES: usize = 1_000;

/// How many inbound rules that many peers make, for IPv4 and for IPv6: a group counts for both, a prefix list with its weight.
pub fn rules_of<'a>(
    peers: impl IntoIterator<Item = &'a Peer>,
    lists: &[PrefixList],
) -> (usize, usize) {
    peers.into_iter().fold((0, 0), |(v4, v6), peer| match peer {
        Peer::Range(IpNet::V4(_)) => (v4 + 1, v6),
        Peer::Range(IpNet::V6(_)) => (v4, v6 + 1),
        Peer::PrefixList(id) => {
            let list = lists.iter().find(|list| list.id == *id);
            let weight = list.map_or(1, |list| list.weight.unwrap_or(list.ranges.len()).max(1));
            let is_v6 = list.is_some_and(|list| {
                list.ranges
                    .first()
                    .is_some_and(|range| range.addr().is_ipv6())
            });
            if is_v6 {
                (v4, v6 + weight)
            } else {
                (v4 + weight, v6)
            }
        }
        Peer::Group(_) | Peer::Distant(_) | Peer::Other(_) => (v4 + 1, v6 + 1),
    })
}

#[cfg(test)]
mod tests;
