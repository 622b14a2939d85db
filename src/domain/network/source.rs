//! Whom `--allow-from` means.

use std::fmt;
use std::str::FromStr;

use ipnet::IpNet;

use super::{Peer, is_prefix_list_id};
use crate::domain::ids::SecurityGroupId;

/// Whom `--allow-from` allows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The group that is created allows itself: a client joins when it gets the group.
    SelfReference,
    /// The address ranges of the VPC.
    Vpc,
    /// Interfaces with that group.
    Group(SecurityGroupId),
    /// An address range, canonical (`10.0.0.5/24` is `10.0.0.0/24`: EC2 stores it so).
    Range(IpNet),
    /// The ranges of a managed prefix list.
    PrefixList(String),
}

impl Source {
    /// The other side of the rule, where it is known by what is said.
    pub fn peer(&self) -> Option<Peer> {
        match self {
            Self::Group(id) => Some(Peer::Group(id.clone())),
            Self::Range(range) => Some(Peer::Range(*range)),
            Self::PrefixList(id) => Some(Peer::PrefixList(id.clone())),
            Self::SelfReference | Self::Vpc => None,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SelfReference => f.write_str("the group itself"),
            Self::Vpc => f.write_str("the VPC's ranges"),
            Self::Group(id) => id.fmt(f),
            Self::Range(range) => range.fmt(f),
            Self::PrefixList(id) => f.write_str(id),
        }
    }
}

/// Something `--allow-from` cannot mean.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSource {
    /// Neither a group nor a range.
    #[error(
        "`{0}` is not a source: expected a security group `sg-…`, a managed prefix list `pl-…`, an address range such as `10.0.0.0/16` (one address is `10.1.2.3/32`), or `vpc`"
    )]
    Form(String),
    /// More than one address is written, and less than the range is meant: or the other way round.
    #[error("`{0}` has host bits set: write `{1}` for the range, or `{2}` for the one address")]
    HostBits(String, IpNet, IpNet),
}

impl FromStr for Source {
    type Err = InvalidSource;

    fn from_str(text: &str) -> Result<Self, InvalidSource> {
        if text == "vpc" {
            return Ok(Self::Vpc);
        }
        if let Ok(id) = text.parse() {
            return Ok(Self::Group(id));
        }
        if is_prefix_list_id(text) {
            return Ok(Self::PrefixList(text.to_owned()));
        }
        let range: IpNet = text
            .parse()
            .map_err(|_| InvalidSource::Form(text.to_owned()))?;
        if range.addr() == range.network() {
            Ok(Self::Range(range))
        } else {
            let one = IpNet::from(range.addr());
            Err(InvalidSource::HostBits(text.to_owned(), range.trunc(), one))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_a_group_a_range_or_the_vpc() {
        assert_eq!("vpc".parse(), Ok(Source::Vpc));
        assert!(matches!("sg-01234567".parse(), Ok(Source::Group(_))));
        assert!(matches!("10.0.0.0/24".parse(), Ok(Source::Range(_))));
        let narrow = "10.0.0.5/24".parse::<Source>().unwrap_err().to_string();
        assert!(
            narrow.contains("`10.0.0.0/24`") && narrow.contains("`10.0.0.5/32`"),
            "{narrow}"
        );
        assert!(matches!("fd00::/8".parse(), Ok(Source::Range(_))));
        assert!(matches!(
            "pl-0a1b2c3d4e5f60718".parse(),
            Ok(Source::PrefixList(_))
        ));
        for bad in [
            "",
            "sg-",
            "pl-",
            "pl-xyz",
            "pl-0A1B2C3D",
            "10.0.0.5",
            "10.0.0.0/33",
            "world",
        ] {
            assert!(bad.parse::<Source>().is_err(), "{bad}");
        }
    }
}
