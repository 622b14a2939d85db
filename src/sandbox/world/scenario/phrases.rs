//! Rules, routes, and entries of ACLs and prefix lists as short phrases.

use super::ScenarioError;
use super::lookup::{check_account, group, id_or, prefix_list};
use crate::world::ec2::{GroupPair, IpPermission, IpRange};
use crate::world::state::{AclEntry, Association, PeeredGroup, PrefixListEntry, Region};

/// Whom a phrase lets through, in which direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Ingress,
    Egress,
}

impl Direction {
    fn word(self) -> &'static str {
        match self {
            Self::Ingress => "from",
            Self::Egress => "to",
        }
    }
}

/// `tcp 2049 from PEER`, `tcp 1000-2000 to PEER`, `all from self`. The peer is a range, a security group by
/// id or name, `self`, or a prefix list by id, or by a name that no group has.
pub(super) fn permission(
    region: &Region,
    group_id: &str,
    vpc_id: &str,
    direction: Direction,
    phrase: &str,
) -> Result<IpPermission, ScenarioError> {
    let word = format!(" {} ", direction.word());
    let (traffic, peer) = phrase.split_once(&word).ok_or_else(|| {
        let example = format!("tcp 2049{word}10.0.0.0/16");
        ScenarioError::new(format!("`{phrase}` is not a rule like `{example}`"))
    })?;
    let (protocol, ports) = traffic_of(traffic)?;
    let mut permission = IpPermission {
        from_port: ports.map(|(from, _)| from),
        to_port: ports.map(|(_, to)| to),
        ip_protocol: Some(protocol),
        ..IpPermission::default()
    };
    match peer.trim() {
        "self" => permission.user_id_group_pairs.push(GroupPair::id(group_id)),
        range if range.contains('/') && range.contains(':') => {
            permission.ipv6_ranges.push(IpRange::new(range));
        }
        range if range.contains('/') => permission.ip_ranges.push(IpRange::new(range)),
        list if list.starts_with("pl-") => permission.prefix_list_ids.push(IpRange::new(list)),
        name => match (group(region, vpc_id, name), prefix_list(region, name)?) {
            (Err(_), Some(id)) => permission.prefix_list_ids.push(IpRange::new(id)),
            (group, _) => permission.user_id_group_pairs.push(GroupPair::id(group?)),
        },
    }
    Ok(permission)
}

/// The group across a peering in a rule like `tcp 2049 from 999988887777/sg-0123456789abcdef0 over pcx-0123456789abcdef0`,
/// with the traffic that the rule lets through. A status may follow: that of a peering which is not described.
pub(super) fn peered(
    direction: Direction,
    phrase: &str,
) -> Result<Option<(IpPermission, PeeredGroup)>, ScenarioError> {
    let word = format!(" {} ", direction.word());
    let Some((traffic, peer)) = phrase.split_once(&word) else {
        return Ok(None);
    };
    let (group, way) = peer
        .trim()
        .split_once(" over ")
        .unwrap_or((peer.trim(), ""));
    let Some((account, id)) = group.split_once("/sg-") else {
        return Ok(None);
    };
    check_account(account)?;
    let id = format!("sg-{id}");
    id_or(Some(&id), "sg", "", |_| false)?;
    let mut words = way.split_whitespace().map(str::to_owned);
    let (peering, status) = (words.next(), words.next());
    if let Some(peering) = &peering {
        id_or(Some(peering), "pcx", "", |_| false)?;
    }
    let (protocol, ports) = traffic_of(traffic)?;
    let permission = IpPermission {
        from_port: ports.map(|(from, _)| from),
        to_port: ports.map(|(_, to)| to),
        ip_protocol: Some(protocol),
        ..IpPermission::default()
    };
    let group = PeeredGroup {
        account: account.to_owned(),
        id,
        peering,
        status,
    };
    Ok(Some((permission, group)))
}

/// `198.19.0.0/16`, or `198.19.0.0/16 disassociated`: a range of a VPC, and how far its association is.
pub(super) fn association(phrase: &str, ipv6: bool) -> Result<Association, ScenarioError> {
    let (range, state) = phrase.split_once(' ').unwrap_or((phrase, "associated"));
    let cidr: Option<ipnet::IpNet> = range.parse().ok();
    let cidr = cidr.filter(|cidr| matches!(cidr, ipnet::IpNet::V6(_)) == ipv6);
    let cidr = cidr.ok_or_else(|| {
        let example = if ipv6 {
            "2001:db8::/56"
        } else {
            "100.64.0.0/16"
        };
        ScenarioError::new(format!(
            "`{phrase}` is not a range like `{example}`, or `{example} disassociated`"
        ))
    })?;
    Ok(Association {
        cidr: cidr.trunc(),
        state: state.trim().to_owned(),
    })
}

/// `100 allow tcp 2049 from 10.0.0.0/16`, `200 deny all to 0.0.0.0/0`.
pub(super) fn acl_entry(direction: Direction, phrase: &str) -> Result<AclEntry, ScenarioError> {
    let malformed = || {
        let example = format!("100 allow tcp 2049 {} 10.0.0.0/16", direction.word());
        ScenarioError::new(format!("`{phrase}` is not an entry like `{example}`"))
    };
    let word = format!(" {} ", direction.word());
    let (head, cidr) = phrase.split_once(&word).ok_or_else(malformed)?;
    let mut words = head.splitn(3, ' ');
    let number = words
        .next()
        .and_then(|text| text.parse().ok())
        .ok_or_else(malformed)?;
    let allow = match words.next() {
        Some("allow") => true,
        Some("deny") => false,
        _ => return Err(malformed()),
    };
    let (protocol, ports) = traffic_of(words.next().ok_or_else(malformed)?)?;
    let cidr: ipnet::IpNet = cidr.trim().parse().map_err(|_| malformed())?;
    let port = |value: i64| u16::try_from(value).map_err(|_| malformed());
    let ports = match (protocol.as_str(), ports) {
        ("tcp" | "udp", Some((from, to))) => Some((port(from)?, port(to)?)),
        _ => None,
    };
    let protocol = match protocol.as_str() {
        "tcp" => "6".to_owned(),
        "udp" => "17".to_owned(),
        "icmp" => "1".to_owned(),
        _ => protocol,
    };
    let egress = direction == Direction::Egress;
    Ok(AclEntry {
        number,
        egress,
        protocol,
        allow,
        cidr: cidr.trunc().to_string(),
        ports,
    })
}

/// A route: a range, where it leads, and its state when it is not `active`.
#[derive(Debug)]
pub(super) struct RoutePhrase {
    pub range: String,
    pub target: String,
    pub state: Option<String>,
}

/// `0.0.0.0/0 igw-0123456789abcdef0`, or `10.1.0.0/16 pcx-0123456789abcdef0 blackhole`.
pub(super) fn route(phrase: &str) -> Result<RoutePhrase, ScenarioError> {
    let mut words = phrase.split_whitespace();
    let parsed = match (words.next(), words.next(), words.next(), words.next()) {
        (Some(range), Some(target), state, None) if target == "local" || target.contains('-') => {
            let range: Option<ipnet::IpNet> = range.parse().ok();
            range.map(|range| RoutePhrase {
                range: range.to_string(),
                target: target.to_owned(),
                state: state.filter(|state| *state != "active").map(str::to_owned),
            })
        }
        _ => None,
    };
    parsed.ok_or_else(|| {
        let example = "0.0.0.0/0 igw-0123456789abcdef0";
        ScenarioError::new(format!("`{phrase}` is not a route like `{example}`"))
    })
}

/// `10.0.0.0/16`, or `10.0.0.0/16 the office`: a range, and what it is.
pub(super) fn prefix_list_entry(phrase: &str) -> Result<PrefixListEntry, ScenarioError> {
    let (range, description) = phrase.split_once(' ').unwrap_or((phrase, ""));
    let cidr: ipnet::IpNet = range.parse().map_err(|_| {
        let example = "10.0.0.0/16 the office";
        ScenarioError::new(format!("`{phrase}` is not an entry like `{example}`"))
    })?;
    let description = description.trim();
    Ok(PrefixListEntry {
        cidr: cidr.trunc(),
        description: (!description.is_empty()).then(|| description.to_owned()),
    })
}

/// The protocol and the ports of `tcp 2049`, `tcp 1000-2000`, `udp` (all ports) or `all`.
fn traffic_of(text: &str) -> Result<(String, Option<(i64, i64)>), ScenarioError> {
    let mut words = text.split_whitespace();
    let protocol = words.next().unwrap_or_default().to_lowercase();
    let ports = words.next();
    if words.next().is_some() {
        return Err(ScenarioError::new(format!(
            "`{text}` is not a protocol with ports"
        )));
    }
    let ports = match (protocol.as_str(), ports) {
        (_, Some(ports)) => {
            let (from, to) = ports.split_once('-').unwrap_or((ports, ports));
            let number = |text: &str| {
                let problem = format!("`{ports}` is not a port or a range of ports");
                text.parse().map_err(|_| ScenarioError::new(problem))
            };
            Some((number(from)?, number(to)?))
        }
        ("tcp" | "udp", None) => Some((0, 65_535)),
        ("icmp" | "icmpv6", None) => Some((-1, -1)),
        _ => None,
    };
    let protocol = if protocol == "all" {
        "-1".to_owned()
    } else {
        protocol
    };
    Ok((protocol, ports))
}
