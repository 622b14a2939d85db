//! The ranges of VPCs, and the states that stand beside values of VPCs and subnets.

use ipnet::{IpNet, Ipv4Net};

use crate::world::state::{Association, Subnet, Vpc};

/// One range of a VPC as `DescribeVpcs` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RangeView<'a> {
    /// The range.
    pub cidr: IpNet,
    /// `associated`, `disassociated`, …
    pub state: &'a str,
    place: usize,
}

impl Vpc {
    /// `available`, `pending` or `deleting`.
    pub fn state(&self) -> &str {
        self.state.as_deref().unwrap_or("available")
    }

    /// Its IPv4 ranges, that of the VPC itself first.
    pub fn ipv4_ranges(&self) -> Vec<RangeView<'_>> {
        let first = RangeView {
            cidr: self.cidr.into(),
            state: "associated",
            place: 0,
        };
        std::iter::once(first).chain(views(&self.ranges)).collect()
    }

    /// Its IPv6 ranges.
    pub fn ipv6_ranges(&self) -> Vec<RangeView<'_>> {
        views(&self.ipv6_ranges).collect()
    }

    /// The id of its association with a range: that of the first IPv4 range has the digits of the VPC.
    pub fn association_id(&self, range: &RangeView<'_>) -> String {
        let digits = self.id.strip_prefix("vpc-").unwrap_or_default();
        match (range.place, digits.get(2..)) {
            (0, _) | (_, None) => format!("vpc-cidr-assoc-{digits}"),
            (place, Some(tail)) => {
                let family = if matches!(range.cidr, IpNet::V4(_)) {
                    4
                } else {
                    6
                };
                format!("vpc-cidr-assoc-{tail}{family}{:x}", place % 16)
            }
        }
    }

    /// Whether a range lies in one of its IPv4 ranges, as far as they are its own.
    pub(super) fn holds(&self, range: Ipv4Net) -> bool {
        let range = IpNet::V4(range);
        let mut all = self.ipv4_ranges().into_iter();
        all.any(|own| own.state == "associated" && own.cidr.contains(&range))
    }

    /// The values of a filter on its ranges of one family; `None` for a filter on something else.
    pub(super) fn range_attribute(&self, name: &str) -> Option<Vec<String>> {
        let (ranges, member) = match name.strip_prefix("cidr-block-association.") {
            Some(member) => (self.ipv4_ranges(), member),
            None => (
                self.ipv6_ranges(),
                name.strip_prefix("ipv6-cidr-block-association.")?,
            ),
        };
        let ranges = ranges.iter();
        Some(match member {
            "association-id" => ranges.map(|range| self.association_id(range)).collect(),
            "cidr-block" | "ipv6-cidr-block" => {
                ranges.map(|range| range.cidr.to_string()).collect()
            }
            "state" => ranges.map(|range| range.state.to_owned()).collect(),
            _ => ranges.map(|_| "Amazon".to_owned()).collect(),
        })
    }

    /// The id of its encryption control.
    pub fn encryption_control_id(&self) -> String {
        self.id.replacen("vpc-", "vpcec-", 1)
    }
}

fn views(ranges: &[Association]) -> impl Iterator<Item = RangeView<'_>> {
    (1..).zip(ranges).map(|(place, range)| RangeView {
        cidr: range.cidr,
        state: &range.state,
        place,
    })
}

impl Subnet {
    /// `available`, `pending`, `unavailable`, `failed`, …
    pub fn state(&self) -> &str {
        self.state.as_deref().unwrap_or("available")
    }

    /// The state of its IPv6 range.
    pub fn ipv6_state(&self) -> &str {
        self.ipv6_state.as_deref().unwrap_or("associated")
    }

    /// Its IPv6 range, as long as it is its own.
    pub fn own_ipv6(&self) -> Option<&str> {
        let is_own = self.ipv6_state() == "associated";
        self.ipv6_cidr.as_deref().filter(|_| is_own)
    }
}
