//! The regions of AWS and their Availability Zones, as far as a client can tell them apart.

/// What is fixed about a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegionFacts {
    /// `eu-west-1`.
    pub name: &'static str,
    /// Prefix of its zone ids (`euw1` in `euw1-az1`).
    pub zone_prefix: &'static str,
    /// Letters of its zones.
    pub zones: &'static [char],
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: &'static str,
}

impl RegionFacts {
    /// The id of a zone by its name: `euw1-az1` of `eu-west-1a`. `None`: the region has no such zone.
    pub fn zone_id(&self, zone_name: &str) -> Option<String> {
        let letter = zone_name.strip_prefix(self.name)?;
        let index = self
            .zones
            .iter()
            .position(|zone| letter.chars().eq([*zone]))?;
        Some(format!("{}-az{}", self.zone_prefix, index + 1))
    }
}

const ABC: &[char] = &['a', 'b', 'c'];
const ABCD: &[char] = &['a', 'b', 'c', 'd'];
const ABCDEF: &[char] = &['a', 'b', 'c', 'd', 'e', 'f'];

macro_rules! regions {
    ($($name:literal $prefix:literal $zones:ident $partition:literal;)*) => {
        &[$(RegionFacts { name: $name, zone_prefix: $prefix, zones: $zones, partition: $partition }),*]
    };
}

/// Every region of the sandbox.
pub const REGIONS: &[RegionFacts] = regions! {
    "af-south-1" "afs1" ABC "aws";
    "ap-east-1" "ape1" ABC "aws";
    "ap-northeast-1" "apne1" ABC "aws";
    "ap-northeast-2" "apne2" ABCD "aws";
    "ap-northeast-3" "apne3" ABC "aws";
    "ap-south-1" "aps1" ABC "aws";
    "ap-south-2" "aps2" ABC "aws";
    "ap-southeast-1" "apse1" ABC "aws";
    "ap-southeast-2" "apse2" ABC "aws";
    "ap-southeast-3" "apse3" ABC "aws";
    "ap-southeast-4" "apse4" ABC "aws";
    "ca-central-1" "cac1" ABC "aws";
    "ca-west-1" "caw1" ABC "aws";
    "cn-north-1" "cnn1" ABC "aws-cn";
    "cn-northwest-1" "cnnw1" ABC "aws-cn";
    "eu-central-1" "euc1" ABC "aws";
    "eu-central-2" "euc2" ABC "aws";
    "eu-north-1" "eun1" ABC "aws";
    "eu-south-1" "eus1" ABC "aws";
    "eu-south-2" "eus2" ABC "aws";
    "eu-west-1" "euw1" ABC "aws";
    "eu-west-2" "euw2" ABC "aws";
    "eu-west-3" "euw3" ABC "aws";
    "il-central-1" "ilc1" ABC "aws";
    "me-central-1" "mec1" ABC "aws";
    "me-south-1" "mes1" ABC "aws";
    "mx-central-1" "mxc1" ABC "aws";
    "sa-east-1" "sae1" ABC "aws";
    "us-east-1" "use1" ABCDEF "aws";
    "us-east-2" "use2" ABC "aws";
    "us-gov-east-1" "usge1" ABC "aws-us-gov";
    "us-gov-west-1" "usgw1" ABC "aws-us-gov";
    "us-west-1" "usw1" ABC "aws";
    "us-west-2" "usw2" ABCD "aws";
};

/// The facts of one region.
pub fn region(name: &str) -> Option<&'static RegionFacts> {
    REGIONS.iter().find(|region| region.name == name)
}
