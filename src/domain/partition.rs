//! The partitions of AWS: parts with their own regions, ARNs and names in the DNS.

use super::ids::{FileSystemId, Zone};

/// One partition.
#[derive(Debug, PartialEq, Eq)]
pub struct Partition {
    /// As ARNs name it: `aws-cn` (botocore, `partitions.json`).
    pub name: &'static str,
    /// What the DNS names of file systems end in (efs-utils, `dist/efs-utils.conf`).
    pub suffix: &'static str,
    /// What the names of its regions begin with.
    prefix: &'static str,
}

/// All but the one of all other regions.
static SPECIAL: [Partition; 7] = [
    row("cn-", "aws-cn", "amazonaws.com.cn"),
    row("us-gov-", "aws-us-gov", "amazonaws.com"),
    row("us-iso-", "aws-iso", "c2s.ic.gov"),
    row("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    row("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
    row("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
    row("eusc-", "aws-eusc", "amazonaws.eu"),
];

const fn row(prefix: &'static str, name: &'static str, suffix: &'static str) -> Partition {
    Partition {
        name,
        suffix,
        prefix,
    }
}

static COMMERCIAL: Partition = row("", "aws", "amazonaws.com");

impl Partition {
    /// The partition of a region.
    pub fn of(region: &str) -> &'static Self {
        let mut special = SPECIAL.iter();
        special
            .find(|partition| region.starts_with(partition.prefix))
            .unwrap_or(&COMMERCIAL)
    }
}

/// The DNS name of a file system, which resolves to its mount target in the zone of the client (EFS user guide, "Mounting on Amazon
/// EC2 with a DNS name").
pub fn dns_name(id: &FileSystemId, region: &str) -> String {
    let suffix = Partition::of(region).suffix;
    format!("{}.efs.{region}.{suffix}", id.bare())
}

/// The DNS name of one of its mount targets, which resolves in the whole VPC (the same page).
pub fn zonal_dns_name(zone: &Zone, id: &FileSystemId, region: &str) -> String {
    format!("{zone}.{}", dns_name(id, region))
}

#[cfg(test)]
mod tests {
    use super::{Partition, dns_name};
    use crate::domain::ids::FileSystemId;

    #[test]
    fn names_end_as_the_partition_of_the_region_says() {
        let cases = [
            ("eu-west-1", "aws", "amazonaws.com"),
            ("us-east-1", "aws", "amazonaws.com"),
            ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
            ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
            ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
            ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
            ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
            ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
            ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
        ];
        let id = FileSystemId::from_aws("fs-0123456789abcdef0");
        for (region, name, suffix) in cases {
            assert_eq!(Partition::of(region).name, name, "{region}");
            assert_eq!(
                dns_name(&id, region),
                format!("fs-0123456789abcdef0.efs.{region}.{suffix}")
            );
        }
    }
}
