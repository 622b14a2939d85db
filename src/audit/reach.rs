//! Whether a client reaches the NFS port of a mount target: security groups and network ACLs, as AWS evaluates them.
//!
//! Sources: VPC user guide, "Security group rules" and "Network ACLs"; EFS user guide, "Using VPC security groups".
//! Routes, peerings and address translation are not checked: the answer is about firewalls.
//!
//! What is not known is taken twice, as refusing everything and as allowing everything. Security groups only ever
//! allow, so those are the two ends of what it can turn out to be: if both say the same, it is certain.

mod acl;
mod doubt;
mod groups;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;

use crate::domain::ids::{SecurityGroupId, SubnetId};
use crate::domain::network::{NetworkAcl, SecurityGroup};
use crate::domain::ranges::Ranges;

pub use self::doubt::Doubt;
pub use self::groups::{allow_some, open_to_world};
pub use crate::domain::ranges::is_wide;

/// The addresses a client comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addresses<'a> {
    /// Every one of these has to get through.
    Every(&'a [IpNet]),
    /// It has some of these, not known which; none: it may have any.
    Within(&'a [IpNet]),
}

/// The subnet one end is in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place<'a> {
    /// Its id; `None`: not known, or not a subnet at all.
    pub subnet: Option<&'a SubnetId>,
    /// Its network ACL; `None`: could not be read, or there is none because it is not a subnet.
    pub acl: Option<&'a NetworkAcl>,
}

/// The client's end of the path.
#[derive(Debug, Clone, Copy)]
pub struct Client<'a> {
    /// The security groups it has. `None`: a bare address range, which no rule allows by group, and whose own
    /// outbound rules are not judged.
    pub groups: Option<&'a BTreeSet<SecurityGroupId>>,
    /// Its addresses. Those of a family the mount target lacks do not count as long as there is another family.
    pub addresses: Addresses<'a>,
    /// Where it is. With neither subnet nor ACL its side is not judged, like the outbound rules of a range.
    pub place: Place<'a>,
}

/// The mount target's end of the path.
#[derive(Debug, Clone, Copy)]
pub struct Server<'a> {
    /// The security groups it has; `None`: could not be read.
    pub groups: Option<&'a BTreeSet<SecurityGroupId>>,
    /// Its addresses: one of a family is enough.
    pub addresses: &'a [IpAddr],
    /// Where it is.
    pub place: Place<'a>,
}

/// What is known of the rules.
#[derive(Debug, Clone, Copy)]
pub struct Firewalls<'a> {
    /// Every group that could be read.
    pub groups: &'a BTreeMap<SecurityGroupId, SecurityGroup>,
    /// The ranges of every prefix list that could be resolved.
    pub prefix_lists: &'a BTreeMap<String, Vec<IpNet>>,
}

/// Whether a client gets through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// From every address it may have.
    Open,
    /// It does not, whatever the unknown turns out to be.
    Blocked {
        /// The first stage that refuses.
        stage: Stage,
        /// The addresses that are refused there; empty if it is not known which ones the client has.
        uncovered: Vec<IpNet>,
    },
    /// What is known does not decide it.
    Unknown {
        /// What would have to be known.
        why: Vec<Doubt>,
    },
}

/// What a connection has to pass, in the order it is judged: what is most often wrong comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Both ends have an address of one family.
    AddressFamily,
    /// Inbound rules of the mount target's security groups.
    IngressRules,
    /// Outbound rules of the client's security groups.
    EgressRules,
    /// Network ACL of the mount target's subnet: NFS in, and the answer out.
    InboundAcl,
    /// Network ACL of the client's subnet: NFS out, and the answer in.
    OutboundAcl,
}

impl Stage {
    /// All of them, in that order.
    pub const ALL: [Self; 5] = [
        Self::AddressFamily,
        Self::IngressRules,
        Self::EgressRules,
        Self::InboundAcl,
        Self::OutboundAcl,
    ];
}

/// Whether that client reaches TCP 2049 of that mount target.
pub fn reach(client: &Client<'_>, server: &Server<'_>, firewalls: &Firewalls<'_>) -> Reach {
    if server.addresses.is_empty() {
        let why = vec![Doubt::Address];
        return Reach::Unknown { why };
    }
    let path = Path {
        client,
        server,
        firewalls,
    };
    let mut lanes = path.lanes();
    let asked = Ranges::any_of(lanes.iter().map(|lane| &lane.surely));
    if asked.is_empty() {
        return path.blocked(Stage::AddressFamily, &path.addresses());
    }
    let mut doubts = BTreeSet::new();
    for stage in [
        Stage::IngressRules,
        Stage::EgressRules,
        Stage::InboundAcl,
        Stage::OutboundAcl,
    ] {
        for lane in &mut lanes {
            doubts.extend(lane.pass(path.admission(stage, lane.door)));
        }
        let through = Ranges::any_of(lanes.iter().map(|lane| &lane.perhaps));
        let refused = match client.addresses {
            Addresses::Every(_) => !through.covers(&asked),
            Addresses::Within(_) => through.is_empty(),
        };
        if refused {
            return path.blocked(stage, &asked.minus(&through));
        }
    }
    if Ranges::any_of(lanes.iter().map(|lane| &lane.surely)).covers(&asked) {
        return Reach::Open;
    }
    if !Ranges::any_of(lanes.iter().map(|lane| &lane.perhaps)).covers(&asked) {
        doubts.insert(Doubt::ClientAddress);
    }
    let why = doubts.into_iter().collect();
    Reach::Unknown { why }
}

/// What one stage does by itself, whatever the others do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passing {
    /// It lets every address through that the client may have.
    Open,
    /// It does not: the addresses that are refused, as in [`Reach::Blocked`].
    Closed(Vec<IpNet>),
    /// What is known does not decide it.
    Unknown,
}

/// Each stage of that path by itself: a path that is blocked in two places needs both opened. Without addresses of one family nothing
/// but that is judged.
pub fn stages(
    client: &Client<'_>,
    server: &Server<'_>,
    firewalls: &Firewalls<'_>,
) -> Vec<(Stage, Passing)> {
    let path = Path {
        client,
        server,
        firewalls,
    };
    if server.addresses.is_empty() {
        return Stage::ALL.map(|stage| (stage, Passing::Unknown)).to_vec();
    }
    let asked = Ranges::any_of(path.lanes().iter().map(|lane| &lane.surely));
    if asked.is_empty() {
        let refused = path.refused(&path.addresses());
        return vec![(Stage::AddressFamily, Passing::Closed(refused))];
    }
    let passing = |stage| {
        let mut lanes = path.lanes();
        for lane in &mut lanes {
            lane.pass(path.admission(stage, lane.door));
        }
        let through = Ranges::any_of(lanes.iter().map(|lane| &lane.perhaps));
        let refused = match client.addresses {
            Addresses::Every(_) => !through.covers(&asked),
            Addresses::Within(_) => through.is_empty(),
        };
        if refused {
            Passing::Closed(path.refused(&asked.minus(&through)))
        } else if Ranges::any_of(lanes.iter().map(|lane| &lane.surely)).covers(&asked) {
            Passing::Open
        } else {
            Passing::Unknown
        }
    };
    Stage::ALL.map(|stage| (stage, passing(stage))).to_vec()
}

/// Of these addresses, those within the others, and the rest.
pub fn split(addresses: &[IpNet], within: &[IpNet]) -> (Vec<IpNet>, Vec<IpNet>) {
    let (all, within) = (Ranges::of(addresses), Ranges::of(within));
    (all.and(&within).nets(), all.minus(&within).nets())
}

/// What a stage lets through.
#[derive(Debug)]
struct Admission {
    /// Client addresses that pass whatever the unknown turns out to be.
    surely: Ranges,
    /// Client addresses that pass if it turns out well.
    perhaps: Ranges,
    /// What is not known.
    doubts: Vec<Doubt>,
}

impl Admission {
    fn certain(allowed: Ranges) -> Self {
        Self {
            surely: allowed.clone(),
            perhaps: allowed,
            doubts: Vec::new(),
        }
    }

    /// Of a stage that does not look at the client's address.
    fn of_all(allowed: bool) -> Self {
        Self::certain(Ranges::all_if(allowed))
    }

    fn known_in_part(surely: Ranges, doubts: Vec<Doubt>) -> Self {
        let perhaps = if doubts.is_empty() {
            surely.clone()
        } else {
            Ranges::everything()
        };
        Self {
            surely,
            perhaps,
            doubts,
        }
    }

    fn unknown(doubt: Doubt) -> Self {
        Self::known_in_part(Ranges::nothing(), vec![doubt])
    }
}

/// The way to one address of the mount target.
struct Lane {
    door: IpAddr,
    /// Client addresses that surely got this far.
    surely: Ranges,
    /// Client addresses that are not surely refused so far.
    perhaps: Ranges,
}

impl Lane {
    /// Through one more stage. What it tells: the doubts that matter on this lane.
    fn pass(&mut self, admission: Admission) -> Vec<Doubt> {
        self.surely = self.surely.and(&admission.surely);
        self.perhaps = self.perhaps.and(&admission.perhaps);
        if admission.surely.covers(&self.perhaps) {
            Vec::new()
        } else {
            admission.doubts
        }
    }
}

/// A client, a mount target, and what stands between them.
struct Path<'a> {
    client: &'a Client<'a>,
    server: &'a Server<'a>,
    firewalls: &'a Firewalls<'a>,
}

impl Path<'_> {
    fn addresses(&self) -> Ranges {
        match self.client.addresses {
            Addresses::Within([]) => Ranges::everything(),
            Addresses::Within(nets) | Addresses::Every(nets) => Ranges::of(nets),
        }
    }

    fn lanes(&self) -> Vec<Lane> {
        let addresses = self.addresses();
        let lane = |&door: &IpAddr| {
            let asked = addresses.family_of(door);
            Lane {
                door,
                surely: asked.clone(),
                perhaps: asked,
            }
        };
        self.server.addresses.iter().map(lane).collect()
    }

    fn admission(&self, stage: Stage, door: IpAddr) -> Admission {
        match stage {
            // The lanes are of one family by construction.
            Stage::AddressFamily => Admission::of_all(true),
            Stage::IngressRules => groups::ingress(self),
            Stage::EgressRules => groups::egress(self, door),
            Stage::InboundAcl => acl::inbound(self),
            Stage::OutboundAcl => acl::outbound(self, door),
        }
    }

    fn blocked(&self, stage: Stage, refused: &Ranges) -> Reach {
        let uncovered = self.refused(refused);
        Reach::Blocked { stage, uncovered }
    }

    /// Of refused addresses those that the client is known to have.
    fn refused(&self, refused: &Ranges) -> Vec<IpNet> {
        match self.client.addresses {
            Addresses::Every(_) => refused.nets(),
            Addresses::Within(_) => Vec::new(),
        }
    }
}
