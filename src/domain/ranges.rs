//! Sets of addresses of both families, and how much of the Internet is in them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Subnets, Ipv6Subnets};

/// A set of addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranges {
    v4: Line,
    v6: Line,
}

impl Ranges {
    /// No address.
    pub fn nothing() -> Self {
        Self::of(&[])
    }

    /// Every address.
    pub fn everything() -> Self {
        Self {
            v4: Line(vec![(0, Line::END_V4)]),
            v6: Line(vec![(0, Line::END_V6)]),
        }
    }

    /// Every address, or none.
    pub fn all_if(all: bool) -> Self {
        if all {
            Self::everything()
        } else {
            Self::nothing()
        }
    }

    /// The addresses of these networks.
    pub fn of<'a>(nets: impl IntoIterator<Item = &'a IpNet>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for net in nets {
            let span = (position(net.network()), position(net.broadcast()));
            match net {
                IpNet::V4(_) => v4.push(span),
                IpNet::V6(_) => v6.push(span),
            }
        }
        Self {
            v4: Line::joined(v4),
            v6: Line::joined(v6),
        }
    }

    /// What is in any of these sets.
    pub fn any_of<'a>(sets: impl IntoIterator<Item = &'a Self>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for set in sets {
            v4.extend_from_slice(&set.v4.0);
            v6.extend_from_slice(&set.v6.0);
        }
        Self {
            v4: Line::joined(v4),
            v6: Line::joined(v6),
        }
    }

    /// What is in one of the two.
    pub fn or(&self, other: &Self) -> Self {
        Self::any_of([self, other])
    }

    /// What is in both.
    pub fn and(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.and(&other.v4),
            v6: self.v6.and(&other.v6),
        }
    }

    /// What is in the first and not in the second.
    pub fn minus(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.and(&other.v4.rest(Line::END_V4)),
            v6: self.v6.and(&other.v6.rest(Line::END_V6)),
        }
    }

    /// The networks in it that are so wide that NFS from them is NFS from the Internet. Ranges that add up count like one.
    pub fn open(&self) -> Vec<IpNet> {
        self.nets().into_iter().filter(is_wide).collect()
    }

    /// Those of the family of that address.
    pub fn family_of(&self, address: IpAddr) -> Self {
        let mut of_one = Self::nothing();
        match address {
            IpAddr::V4(_) => of_one.v4 = self.v4.clone(),
            IpAddr::V6(_) => of_one.v6 = self.v6.clone(),
        }
        of_one
    }

    /// Whether all of the other set is in it.
    pub fn covers(&self, other: &Self) -> bool {
        other.minus(self).is_empty()
    }

    /// Whether that address is in it.
    pub fn has(&self, address: IpAddr) -> bool {
        self.covers(&Self::of(&[IpNet::from(address)]))
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.v4.0.is_empty() && self.v6.0.is_empty()
    }

    /// The same set in as few networks as can be.
    pub fn nets(&self) -> Vec<IpNet> {
        let v4 = self.v4.0.iter().flat_map(|&(from, to)| {
            let subnets = Ipv4Subnets::new(address_v4(from), address_v4(to), 0);
            subnets.map(IpNet::V4)
        });
        let v6 = self.v6.0.iter().flat_map(|&(from, to)| {
            let subnets = Ipv6Subnets::new(Ipv6Addr::from(from), Ipv6Addr::from(to), 0);
            subnets.map(IpNet::V6)
        });
        v4.chain(v6).collect()
    }
}

/// Addresses that no packet from the Internet comes from: private, shared, loopback, link-local, multicast and reserved ones (IANA
/// IPv4 Special-Purpose Address Registry; RFC 5771, RFC 1112).
const NOT_PUBLIC: [&str; 8] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "224.0.0.0/3",
];

/// All that is given out of IPv6 (RFC 4291, "Global Unicast Addresses"; IANA IPv6 Global Unicast Address Assignments).
const GLOBAL_UNICAST: &str = "2000::/3";

/// Whether so much of the Internet is in that network that no one can know who that is: more than a /8, of IPv6 a /32. Amazon S3
/// block public access draws the line there too (S3 user guide, "The meaning of public").
pub fn is_wide(net: &IpNet) -> bool {
    let nets = |texts: &[&str]| -> Vec<IpNet> {
        texts.iter().filter_map(|text| text.parse().ok()).collect()
    };
    let own = Ranges::of(&[*net]);
    let public = match net {
        IpNet::V4(_) => own.minus(&Ranges::of(&nets(&NOT_PUBLIC))),
        IpNet::V6(_) => own.and(&Ranges::of(&nets(&[GLOBAL_UNICAST]))),
    };
    public.nets().iter().any(|part| match part {
        IpNet::V4(part) => part.prefix_len() < 8,
        IpNet::V6(part) => part.prefix_len() < 32,
    })
}

/// A set of numbers: first and last of each stretch, ascending, with a gap between any two.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line(Vec<(u128, u128)>);

impl Line {
    const END_V4: u128 = u32::MAX as u128;
    const END_V6: u128 = u128::MAX;

    fn joined(mut spans: Vec<(u128, u128)>) -> Self {
        spans.sort_unstable();
        let mut joined: Vec<(u128, u128)> = Vec::with_capacity(spans.len());
        for (from, to) in spans {
            match joined.last_mut() {
                Some((_, end)) if from <= end.saturating_add(1) => *end = to.max(*end),
                _ => joined.push((from, to)),
            }
        }
        Self(joined)
    }

    fn and(&self, other: &Self) -> Self {
        let (mut ours, mut theirs) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut both = Vec::new();
        while let (Some((from, to)), Some((other_from, other_to))) = (ours.peek(), theirs.peek()) {
            let (low, high) = (*from.max(other_from), *to.min(other_to));
            if low <= high {
                both.push((low, high));
            }
            if to < other_to {
                ours.next();
            } else {
                theirs.next();
            }
        }
        Self(both)
    }

    /// What of the numbers up to `end` is not in it.
    fn rest(&self, end: u128) -> Self {
        let mut rest = Vec::with_capacity(self.0.len() + 1);
        let mut next = Some(0);
        for &(from, to) in &self.0 {
            if let Some(low) = next
                && let Some(high) = from.checked_sub(1)
                && low <= high
            {
                rest.push((low, high));
            }
            next = to.checked_add(1);
        }
        rest.extend(next.filter(|low| *low <= end).map(|low| (low, end)));
        Self(rest)
    }
}

fn position(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

fn address_v4(position: u128) -> Ipv4Addr {
    // Never beyond the end: the line of IPv4 is built from IPv4 addresses only.
    Ipv4Addr::from(u32::try_from(position).unwrap_or(u32::MAX))
}
