//! The regions of AWS and their Availability Zones, as far as a client can tell them apart.
//!
//! What is known about a region stands in one list. A region that is not in it works all the same, when its name has
//! the form of one: AWS opens regions faster than anybody writes them down.

mod partitions;
mod regions;

use std::borrow::Cow;

pub use partitions::{Partition, is_aws_host, partition_of};
pub use regions::REGIONS;

/// What is fixed about a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionFacts {
    /// `eu-west-1`.
    pub name: Cow<'static, str>,
    /// Prefix of its zone ids (`euw1` in `euw1-az1`).
    pub zone_prefix: Cow<'static, str>,
    /// Letters of its zones.
    pub zones: &'static [char],
    /// What people call it: `Europe (Ireland)`.
    pub long_name: Cow<'static, str>,
    /// It is off in a new account until that opts in (account management guide).
    pub needs_opt_in: bool,
    /// The numbers of the zones that have One Zone file systems; none: all (EFS user guide, "Amazon EFS features").
    pub one_zone: &'static [u8],
}

impl RegionFacts {
    /// The id of a zone by its name: `euw1-az1` of `eu-west-1a`. `None`: the region has no such zone.
    pub fn zone_id(&self, zone_name: &str) -> Option<String> {
        let number = self.zone_number(zone_name)?;
        Some(format!("{}-az{number}", self.zone_prefix))
    }

    /// Whether a One Zone file system can live in a zone.
    pub fn has_one_zone(&self, zone_name: &str) -> bool {
        self.zone_number(zone_name).is_some_and(|number| {
            self.one_zone.is_empty()
                || self
                    .one_zone
                    .iter()
                    .any(|zone| usize::from(*zone) == number)
        })
    }

    fn zone_number(&self, zone_name: &str) -> Option<usize> {
        let letter = zone_name.strip_prefix(self.name.as_ref())?;
        let mut zones = self.zones.iter();
        let index = zones.position(|zone| letter.chars().eq([*zone]))?;
        Some(index + 1)
    }

    /// The partition that it is in.
    pub fn partition(&self) -> &'static Partition {
        partition_of(&self.name)
    }
}

/// The facts of a region: from the list, or as its name tells them. `None`: that is no name of a region.
pub fn region(name: &str) -> Option<RegionFacts> {
    let known = REGIONS.iter().find(|region| region.name == name).cloned();
    known.or_else(|| unlisted(name))
}

/// A region that nobody has written down. Those that opened since 2019 have to be enabled first.
fn unlisted(name: &str) -> Option<RegionFacts> {
    let zone_prefix = zone_prefix(name)?;
    Some(RegionFacts {
        zone_prefix: zone_prefix.into(),
        zones: &['a', 'b', 'c'],
        long_name: name.to_owned().into(),
        needs_opt_in: partition_of(name).name == "aws",
        one_zone: &[],
        name: name.to_owned().into(),
    })
}

/// The prefix of the zone ids of a region: `apse5` of `ap-southeast-5`. `None`: the name has not the form of a region.
fn zone_prefix(name: &str) -> Option<String> {
    let (place, number) = name.rsplit_once('-')?;
    let (continent, directions) = place.split_once('-')?;
    let is_word =
        |word: &str| word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = matches!(
        number.as_bytes(),
        [b'1'..=b'9'] | [b'1'..=b'9', b'0'..=b'9']
    );
    if !is_number || !is_word(continent) || !directions.split('-').all(is_word) {
        return None;
    }
    let short = directions.split('-').map(|word| match word {
        "northeast" => "ne",
        "northwest" => "nw",
        "southeast" => "se",
        "southwest" => "sw",
        other => other.get(..1).unwrap_or_default(),
    });
    Some(format!("{continent}{}{number}", short.collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::{REGIONS, region, zone_prefix};

    #[test]
    fn what_is_listed_has_the_form_of_a_region() {
        for known in REGIONS {
            assert!(zone_prefix(&known.name).is_some(), "{}", known.name);
        }
        assert_eq!(zone_prefix("ap-southeast-2").as_deref(), Some("apse2"));
        assert_eq!(zone_prefix("us-gov-west-1").as_deref(), Some("usgw1"));
    }

    #[test]
    fn a_region_of_tomorrow_works_and_another_word_does_not() {
        let new = region("ap-southeast-12").unwrap();
        assert_eq!(
            new.zone_id("ap-southeast-12b").as_deref(),
            Some("apse12-az2")
        );
        assert!(new.needs_opt_in && new.has_one_zone("ap-southeast-12c"));
        for other in [
            "",
            "eu",
            "eu-west",
            "eu-west-1a",
            "eu-west-0",
            "EU-west-1",
            "eu--1",
            "e-west-1",
            "global",
            "eu-west-100",
        ] {
            assert_eq!(region(other), None, "{other}");
        }
    }

    #[test]
    fn a_prefix_tells_the_partition() {
        for (name, partition, suffix) in [
            ("eu-west-1", "aws", "amazonaws.com"),
            ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
            ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
            ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
            ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
            ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
            ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
            ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
        ] {
            let found = region(name).unwrap().partition();
            assert_eq!((found.name, found.suffix), (partition, suffix), "{name}");
        }
    }
}
