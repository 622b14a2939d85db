//! Permissions as clients send them, made into rules: protocols and ranges in canonical form, one rule for
//! each peer.

use ipnet::{Ipv4Net, Ipv6Net};

use super::kinds::{PREFIX_LIST, SECURITY_GROUP};
use super::refusals::{invalid, missing, refuse};
use crate::world::state::{Peer, PeeredGroup, Rule, SecurityGroup};
use crate::world::{ApiError, Region, Tags};

/// One permission of a request: a protocol and ports for any number of peers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IpPermission {
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1`.
    pub ip_protocol: Option<String>,
    /// First port, or ICMP type.
    pub from_port: Option<i64>,
    /// Last port, or ICMP code.
    pub to_port: Option<i64>,
    /// Peers that are security groups.
    pub user_id_group_pairs: Vec<GroupPair>,
    /// Peers that are IPv4 ranges.
    pub ip_ranges: Vec<IpRange>,
    /// Peers that are IPv6 ranges.
    pub ipv6_ranges: Vec<IpRange>,
    /// Peers that are prefix lists.
    pub prefix_list_ids: Vec<IpRange>,
}

/// A range (or prefix list) as a peer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IpRange {
    /// `CidrIp`, `CidrIpv6` or `PrefixListId`.
    pub value: String,
    /// Description of the rule.
    pub description: Option<String>,
}

impl IpRange {
    /// A range without a description.
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            description: None,
        }
    }
}

/// A security group as a peer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupPair {
    /// Its id.
    pub group_id: Option<String>,
    /// Its name, in the default VPC.
    pub group_name: Option<String>,
    /// The account that owns it; that of the caller when it is left out.
    pub account: Option<String>,
    /// The peering over which it is reached.
    pub peering: Option<String>,
    /// Description of the rule.
    pub description: Option<String>,
}

impl GroupPair {
    /// A group by its id.
    pub fn id(id: impl Into<String>) -> Self {
        Self {
            group_id: Some(id.into()),
            ..Self::default()
        }
    }
}

/// What a rule allows, apart from its peer.
struct Traffic {
    protocol: String,
    from_port: i32,
    to_port: i32,
}

impl Region {
    /// The rules the permissions of a request stand for. They have no ids yet.
    pub(super) fn drafts(
        &self,
        group: &SecurityGroup,
        permissions: &[IpPermission],
        is_egress: bool,
    ) -> Result<Vec<Rule>, ApiError> {
        let mut drafts = Vec::new();
        for permission in permissions {
            // Read first: a permission without traffic is refused before its peers are looked at.
            traffic(permission)?;
            let mut peers = Vec::new();
            for range in &permission.ip_ranges {
                peers.push((Peer::Ipv4(ipv4(&range.value)?), &range.description));
            }
            for range in &permission.ipv6_ranges {
                peers.push((Peer::Ipv6(ipv6(&range.value)?), &range.description));
            }
            for list in &permission.prefix_list_ids {
                PREFIX_LIST.check(&list.value)?;
                peers.push((Peer::PrefixList(list.value.clone()), &list.description));
            }
            for pair in &permission.user_id_group_pairs {
                peers.push((self.group_peer(group, pair)?, &pair.description));
            }
            if peers.is_empty() {
                return Err(missing("ipRanges, ipv6Ranges, groups or prefixListIds"));
            }
            for (peer, description) in peers {
                let description = description.clone().filter(|text| !text.is_empty());
                check_description(description.as_deref())?;
                drafts.push(Rule {
                    description,
                    ..draft(permission, peer, is_egress)?
                });
            }
        }
        Ok(drafts)
    }

    /// A group named as a peer: one of the same VPC, or one behind an active peering of it (VPC peering guide,
    /// "Update your security groups to reference peer security groups").
    fn group_peer(&self, group: &SecurityGroup, pair: &GroupPair) -> Result<Peer, ApiError> {
        let account = pair.account.as_deref().filter(|id| !id.is_empty());
        let account = account.unwrap_or(&self.account_id);
        let id = match (pair.group_id.as_deref(), pair.group_name.as_deref()) {
            (Some(id), _) => {
                SECURITY_GROUP.check(id)?;
                id
            }
            (None, Some(name)) => &self.group_named(name)?.id,
            (None, None) => return Err(missing("groupId")),
        };
        let peer_vpc = if account == self.account_id {
            let peer = self.security_groups.get(id);
            let peer = peer.ok_or_else(|| SECURITY_GROUP.not_found(id))?;
            if peer.vpc_id == group.vpc_id {
                return Ok(Peer::Group(peer.id.clone()));
            }
            Some(peer.vpc_id.as_str())
        } else {
            None
        };
        let peering = self.peering_between(&group.vpc_id, account, peer_vpc);
        let peering = peering.ok_or_else(|| {
            let message = "You have specified two resources that belong to different networks.";
            refuse("InvalidGroup.NotFound", message)
        })?;
        Ok(Peer::Peered(PeeredGroup {
            account: account.to_owned(),
            id: id.to_owned(),
            peering: Some(peering.id.clone()),
            status: None,
        }))
    }
}

/// The rule for one peer of a permission. It has no id yet.
pub(super) fn draft(
    permission: &IpPermission,
    peer: Peer,
    is_egress: bool,
) -> Result<Rule, ApiError> {
    let traffic = traffic(permission)?;
    Ok(Rule {
        id: String::new(),
        is_egress,
        protocol: traffic.protocol,
        from_port: traffic.from_port,
        to_port: traffic.to_port,
        peer,
        description: None,
        tags: Tags::new(),
    })
}

fn traffic(permission: &IpPermission) -> Result<Traffic, ApiError> {
    let text = permission
        .ip_protocol
        .as_deref()
        .filter(|text| !text.is_empty());
    let protocol = protocol(text.ok_or_else(|| missing("ipProtocol"))?)?;
    let ports = || {
        permission.from_port.zip(permission.to_port).ok_or_else(|| {
            let name = protocol.to_uppercase();
            invalid(format!(
                "Invalid value 'Must specify both from and to ports with {name}.' for portRange."
            ))
        })
    };
    let (from_port, to_port) = match protocol.as_str() {
        "tcp" | "udp" => {
            let (from, to) = ports()?;
            (port(from)?, port(to)?)
        }
        "icmp" | "icmpv6" => {
            let (kind, code) = ports()?;
            (icmp(kind)?, icmp(code)?)
        }
        _ => (-1, -1),
    };
    if matches!(protocol.as_str(), "tcp" | "udp") && from_port > to_port {
        return Err(invalid(format!(
            "Invalid TCP/UDP port range ({from_port}:{to_port})"
        )));
    }
    Ok(Traffic {
        protocol,
        from_port,
        to_port,
    })
}

/// The protocol as EC2 shows it: four have names, the others numbers.
fn protocol(text: &str) -> Result<String, ApiError> {
    let lower = text.to_ascii_lowercase();
    let name = match lower.as_str() {
        "tcp" | "6" => "tcp",
        "udp" | "17" => "udp",
        "icmp" | "1" => "icmp",
        "icmpv6" | "58" => "icmpv6",
        "-1" | "all" => "-1",
        other if other.parse::<u8>().is_ok() => other,
        _ => {
            let message = format!("Invalid value '{text}' for IP protocol. Unknown protocol.");
            return Err(invalid(message));
        }
    };
    Ok(name.to_owned())
}

fn port(value: i64) -> Result<i32, ApiError> {
    u16::try_from(value)
        .map(i32::from)
        .map_err(|_| invalid(format!("TCP/UDP port ({value}) out of range")))
}

fn icmp(value: i64) -> Result<i32, ApiError> {
    i32::try_from(value)
        .ok()
        .filter(|value| (-1..=255).contains(value))
        .ok_or_else(|| invalid(format!("ICMP type or code ({value}) out of range")))
}

fn ipv4(text: &str) -> Result<String, ApiError> {
    let parsed: Result<Ipv4Net, _> = text.parse();
    parsed
        .map(|range| range.trunc().to_string())
        .map_err(|_| malformed(text))
}

fn ipv6(text: &str) -> Result<String, ApiError> {
    let parsed: Result<Ipv6Net, _> = text.parse();
    parsed
        .map(|range| range.trunc().to_string())
        .map_err(|_| malformed(text))
}

fn malformed(range: &str) -> ApiError {
    invalid(format!("CIDR block {range} is malformed"))
}

/// Characters of descriptions and names of security groups.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b" ._-:/()#,@[]+=&;{}!$*".contains(&byte))
}

fn check_description(text: Option<&str>) -> Result<(), ApiError> {
    if text.is_none_or(|text| text.len() <= 255 && is_plain(text)) {
        return Ok(());
    }
    Err(invalid(
        "Invalid rule description. Valid descriptions are strings less than 256 characters from the \
         following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
    ))
}
