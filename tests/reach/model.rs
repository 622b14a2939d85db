//! Paths from a client to a mount target, and a model that decides connection by connection, by the plain definition.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use efsctl::audit::reach::{
    Addresses, Client, Firewalls, Passing, Place, Reach, Server, Stage, reach, stages,
};
use efsctl::domain::ids::{SecurityGroupId, SubnetId, VpcId};
use efsctl::domain::network::{AclEntry, NetworkAcl, Peer, Rule, SecurityGroup};
use efsctl::domain::tags::Tags;
use ipnet::IpNet;

pub type Attached = BTreeSet<SecurityGroupId>;
pub type Rules = (Vec<Rule>, Vec<Rule>);

/// Stages in the order they are judged.
const STAGES: [Stage; 4] = [
    Stage::IngressRules,
    Stage::EgressRules,
    Stage::InboundAcl,
    Stage::OutboundAcl,
];

/// Source ports that tell any two sets of generated entries apart.
const SOURCE_PORTS: [u16; 11] = [
    1024, 1025, 2048, 2049, 2050, 2051, 39_999, 40_000, 40_001, 65_534, 65_535,
];

/// Ranges beyond the tiny networks, and an address in each part they cut the rest of the world into.
pub const WIDE: [&str; 6] = [
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "::/0",
    "::/1",
    "8000::/1",
];
const ELSEWHERE: [&str; 4] = ["1.1.1.1", "200.0.0.1", "2000::1", "fe80::1"];

pub fn net(text: &str) -> IpNet {
    text.parse().unwrap()
}

pub fn nets(texts: &[&str]) -> Vec<IpNet> {
    texts.iter().map(|text| net(text)).collect()
}

pub fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

pub fn group_id(n: usize) -> SecurityGroupId {
    SecurityGroupId::from_aws(format!("sg-0000000{n}"))
}

pub fn attached(groups: &[usize]) -> Attached {
    groups.iter().map(|n| group_id(*n)).collect()
}

/// NFS from or to that peer.
pub fn nfs(peer: Peer) -> Rule {
    Rule {
        protocol: "tcp".to_owned(),
        ports: Some((2049, 2049)),
        peer,
    }
}

pub fn from(range: &str) -> Rule {
    nfs(Peer::Range(net(range)))
}

pub fn group(n: usize, (ingress, egress): Rules) -> (SecurityGroupId, SecurityGroup) {
    let group = SecurityGroup {
        id: group_id(n),
        name: format!("group-{n}"),
        description: None,
        vpc: VpcId::from_aws("vpc-00000001"),
        tags: Tags::new(),
        ingress,
        egress,
    };
    (group_id(n), group)
}

/// An entry for TCP.
pub fn entry(number: u32, egress: bool, allow: bool, range: &str, ports: (u16, u16)) -> AclEntry {
    AclEntry {
        number,
        egress,
        protocol: "6".to_owned(),
        allow,
        range: net(range),
        ports: Some(ports),
    }
}

pub fn acl(entries: Vec<AclEntry>) -> NetworkAcl {
    NetworkAcl {
        id: "acl-00000001".to_owned(),
        subnets: BTreeSet::new(),
        entries,
        unreadable: None,
    }
}

/// The ACL of a new VPC.
pub fn lenient() -> NetworkAcl {
    let all = |egress, range| AclEntry {
        protocol: "-1".to_owned(),
        ports: None,
        ..entry(100, egress, true, range, (0, 0))
    };
    acl([false, true]
        .into_iter()
        .flat_map(|egress| [all(egress, "0.0.0.0/0"), all(egress, "::/0")])
        .collect())
}

/// Everything there is to know of one path, with what is unknown marked by `None` or by not being there.
#[derive(Debug, Clone)]
pub struct Case {
    /// Every address has to get through, rather than some.
    pub every: bool,
    pub addresses: Vec<IpNet>,
    pub client: Option<Attached>,
    pub client_subnet: Option<SubnetId>,
    pub client_acl: Option<NetworkAcl>,
    pub doors: Vec<IpAddr>,
    pub server: Option<Attached>,
    pub server_subnet: Option<SubnetId>,
    pub server_acl: Option<NetworkAcl>,
    pub groups: BTreeMap<SecurityGroupId, SecurityGroup>,
    pub prefix_lists: BTreeMap<String, Vec<IpNet>>,
}

impl Case {
    /// A client 10.0.0.0/24 that has group 1 in another subnet than the mount target 10.0.1.9, which has group 2.
    pub fn new(ingress: Vec<Rule>, egress: Vec<Rule>) -> Self {
        Self {
            every: true,
            addresses: nets(&["10.0.0.0/24"]),
            client: Some(attached(&[1])),
            client_subnet: Some(SubnetId::from_aws("subnet-00000001")),
            client_acl: Some(lenient()),
            doors: vec![address("10.0.1.9")],
            server: Some(attached(&[2])),
            server_subnet: Some(SubnetId::from_aws("subnet-00000002")),
            server_acl: Some(lenient()),
            groups: [group(1, (vec![], egress)), group(2, (ingress, vec![]))].into(),
            prefix_lists: BTreeMap::new(),
        }
    }

    /// With outbound rules as EC2 makes them: everything.
    pub fn allowing(ingress: Vec<Rule>) -> Self {
        Self::new(ingress, vec![from("0.0.0.0/0"), from("::/0")])
    }

    pub fn reach(&self) -> Reach {
        self.judged_by(reach)
    }

    /// Each stage by itself.
    pub fn stages(&self) -> Vec<(Stage, Passing)> {
        self.judged_by(stages)
    }

    fn judged_by<T>(&self, judge: impl Fn(&Client<'_>, &Server<'_>, &Firewalls<'_>) -> T) -> T {
        let addresses = match self.every {
            true => Addresses::Every(&self.addresses),
            false => Addresses::Within(&self.addresses),
        };
        let client = Client {
            groups: self.client.as_ref(),
            addresses,
            place: Place {
                subnet: self.client_subnet.as_ref(),
                acl: self.client_acl.as_ref(),
            },
        };
        let server = Server {
            groups: self.server.as_ref(),
            addresses: &self.doors,
            place: Place {
                subnet: self.server_subnet.as_ref(),
                acl: self.server_acl.as_ref(),
            },
        };
        judge(&client, &server, &self.firewalls())
    }

    pub fn firewalls(&self) -> Firewalls<'_> {
        Firewalls {
            groups: &self.groups,
            prefix_lists: &self.prefix_lists,
        }
    }

    pub fn blocked_at(&self) -> (Stage, Vec<String>) {
        match self.reach() {
            Reach::Blocked { stage, uncovered } => {
                (stage, uncovered.iter().map(ToString::to_string).collect())
            }
            other => panic!("{other:?}"),
        }
    }

    pub fn doubts(&self) -> Vec<String> {
        match self.reach() {
            Reach::Unknown { why } => why.iter().map(ToString::to_string).collect(),
            other => panic!("{other:?}"),
        }
    }

    /// The same with all that is unknown admitting everything, or nothing.
    pub fn resolved(&self, kindly: bool) -> Self {
        let all = |peers: Vec<Peer>| -> Vec<Rule> {
            let peers = peers.into_iter().filter(|_| kindly);
            peers.map(nfs).collect()
        };
        let everybody = || {
            all(nets(&["0.0.0.0/0", "::/0"])
                .into_iter()
                .map(Peer::Range)
                .collect())
        };
        let mut resolved = self.clone();
        for n in 0..4 {
            let (id, unread) = group(n, (everybody(), everybody()));
            resolved.groups.entry(id).or_insert(unread);
        }
        for list in ["pl-1", "pl-2"] {
            let ranges = nets(if kindly { &["0.0.0.0/0", "::/0"] } else { &[] });
            resolved
                .prefix_lists
                .entry(list.to_owned())
                .or_insert(ranges);
        }
        let unread = if kindly { lenient() } else { acl(vec![]) };
        if self.client_subnet.is_some() {
            resolved.client_acl.get_or_insert(unread.clone());
        }
        resolved.server_acl.get_or_insert(unread);
        if self.server.is_none() {
            // Kindly: it has whatever a rule could name, and one group more that lets everybody in.
            let (id, open) = group(9, (everybody(), vec![]));
            resolved.groups.insert(id, open);
            resolved.server = Some(if kindly {
                attached(&[0, 1, 2, 3, 9])
            } else {
                attached(&[])
            });
        }
        resolved
    }

    /// Addresses of the client, one by one: those of the tiny networks, and one for each other part of the world.
    pub fn hosts(&self) -> Vec<IpAddr> {
        let tiny = ["10.0.0.0/28", "fd00::/124"].map(net);
        let hosts = tiny.into_iter().flat_map(|net| {
            let all: Vec<IpAddr> = match net {
                // `hosts` leaves out the network and the broadcast address.
                IpNet::V4(net) => net
                    .subnets(32)
                    .unwrap()
                    .map(|one| one.addr().into())
                    .collect(),
                IpNet::V6(net) => net
                    .subnets(128)
                    .unwrap()
                    .map(|one| one.addr().into())
                    .collect(),
            };
            all
        });
        let everywhere = !self.every && self.addresses.is_empty();
        hosts
            .chain(ELSEWHERE.map(address))
            .filter(|host| everywhere || self.addresses.iter().any(|net| net.contains(host)))
            .collect()
    }

    /// Whether a connection between two addresses passes that stage. All has to be known.
    pub fn passes(&self, stage: Stage, host: IpAddr, door: IpAddr) -> bool {
        let same_subnet = self.client_subnet.is_some() && self.client_subnet == self.server_subnet;
        let server = self.server.as_ref().unwrap();
        match stage {
            Stage::AddressFamily => host.is_ipv4() == door.is_ipv4(),
            Stage::IngressRules => {
                let rules = server.iter().flat_map(|id| &self.groups[id].ingress);
                let nobody = Attached::new();
                let by = self.client.as_ref().unwrap_or(&nobody);
                rules.into_iter().any(|rule| self.names(rule, host, by))
            }
            Stage::EgressRules => self.client.as_ref().is_none_or(|attached| {
                let mut rules = attached.iter().flat_map(|id| &self.groups[id].egress);
                rules.any(|rule| self.names(rule, door, server))
            }),
            Stage::InboundAcl => {
                let acl = self.server_acl.as_ref().unwrap();
                same_subnet
                    || (lets(acl, false, host, 2049)
                        && SOURCE_PORTS.iter().all(|port| lets(acl, true, host, *port)))
            }
            Stage::OutboundAcl => self.client_acl.as_ref().is_none_or(|acl| {
                same_subnet
                    || (lets(acl, true, door, 2049)
                        && SOURCE_PORTS
                            .iter()
                            .all(|port| lets(acl, false, door, *port)))
            }),
        }
    }

    fn names(&self, rule: &Rule, other: IpAddr, attached: &Attached) -> bool {
        let nfs = match rule.protocol.as_str() {
            "-1" => true,
            "tcp" | "6" => rule
                .ports
                .is_none_or(|(from, to)| (from..=to).contains(&2049)),
            _ => false,
        };
        nfs && match &rule.peer {
            Peer::Range(range) => range.contains(&other),
            Peer::Group(id) => attached.contains(id),
            Peer::Distant(_) | Peer::Other(_) => false,
            Peer::PrefixList(list) => self.prefix_lists[list]
                .iter()
                .any(|net| net.contains(&other)),
        }
    }

    /// What `reach` has to say if all is known: the first stage that refuses, and whom.
    pub fn verdict(&self) -> Option<(Stage, BTreeSet<IpAddr>)> {
        let family = |host: &IpAddr| {
            self.doors
                .iter()
                .any(|door| door.is_ipv4() == host.is_ipv4())
        };
        let hosts = self.hosts();
        let asked: BTreeSet<IpAddr> = hosts.iter().copied().filter(family).collect();
        if asked.is_empty() {
            return Some((Stage::AddressFamily, hosts.into_iter().collect()));
        }
        (1..=STAGES.len()).find_map(|passed| {
            let gets_through = |host: &IpAddr| {
                self.doors.iter().any(|door| {
                    self.passes(Stage::AddressFamily, *host, *door)
                        && STAGES[..passed]
                            .iter()
                            .all(|stage| self.passes(*stage, *host, *door))
                })
            };
            let (through, refused): (BTreeSet<_>, BTreeSet<_>) =
                asked.iter().copied().partition(gets_through);
            let blocked = if self.every {
                !refused.is_empty()
            } else {
                through.is_empty()
            };
            blocked.then_some((STAGES[passed - 1], refused))
        })
    }

    /// Whether every address the client may have gets through, all being known.
    pub fn is_open(&self) -> bool {
        let every = Self {
            every: true,
            addresses: self.addresses.clone(),
            ..self.clone()
        };
        let addresses = if self.every || !self.addresses.is_empty() {
            every.addresses.clone()
        } else {
            nets(&["0.0.0.0/0", "::/0"])
        };
        Self { addresses, ..every }.verdict().is_none()
    }
}

/// The first entry that matches decides.
pub fn lets(acl: &NetworkAcl, egress: bool, other: IpAddr, port: u16) -> bool {
    let matching = acl.entries.iter().filter(|entry| {
        let about = match entry.protocol.as_str() {
            "-1" => true,
            "6" => entry
                .ports
                .is_none_or(|(from, to)| from <= port && port <= to),
            _ => false,
        };
        about && entry.egress == egress && entry.range.contains(&other)
    });
    matching
        .min_by_key(|entry| entry.number)
        .is_some_and(|entry| entry.allow)
}
