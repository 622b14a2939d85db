//! The partitions of AWS: parts with their own regions, ARNs and names in the DNS (botocore, `partitions.json`).

/// One partition.
#[derive(Debug, PartialEq, Eq)]
pub struct Partition {
    /// As ARNs name it: `aws-cn`.
    pub name: &'static str,
    /// What the names of its endpoints end in.
    pub suffix: &'static str,
    /// The same for endpoints that have IPv6 too.
    pub dual_stack: &'static str,
    /// What the names of its regions begin with.
    prefix: &'static str,
}

macro_rules! partitions {
    ($($prefix:literal $name:literal $suffix:literal $dual_stack:literal;)*) => {
        [$(Partition { name: $name, suffix: $suffix, dual_stack: $dual_stack, prefix: $prefix }),*]
    };
}

static PARTITIONS: [Partition; 7] = partitions! {
    "cn-" "aws-cn" "amazonaws.com.cn" "api.amazonwebservices.com.cn";
    "us-gov-" "aws-us-gov" "amazonaws.com" "api.aws";
    "us-iso-" "aws-iso" "c2s.ic.gov" "api.aws.ic.gov";
    "us-isob-" "aws-iso-b" "sc2s.sgov.gov" "api.aws.scloud";
    "eu-isoe-" "aws-iso-e" "cloud.adc-e.uk" "api.cloud-aws.adc-e.uk";
    "us-isof-" "aws-iso-f" "csp.hci.ic.gov" "api.aws.hci.ic.gov";
    "eusc-" "aws-eusc" "amazonaws.eu" "api.amazonwebservices.eu";
};

/// Where all other regions are.
static COMMERCIAL: Partition = Partition {
    name: "aws",
    suffix: "amazonaws.com",
    dual_stack: "api.aws",
    prefix: "",
};

/// The partition of a region, by the beginning of its name.
pub fn partition_of(region: &str) -> &'static Partition {
    let mut special = PARTITIONS.iter();
    special
        .find(|partition| region.starts_with(partition.prefix))
        .unwrap_or(&COMMERCIAL)
}

/// Whether a host is an endpoint of one of these services, in any partition:
/// `ec2.eu-west-1.amazonaws.com`, `elasticfilesystem-fips.us-east-1.amazonaws.com`, `sts.amazonaws.com`.
pub fn is_aws_host(host: &str, services: &[&str]) -> bool {
    let Some((service, rest)) = host.split_once('.') else {
        return false;
    };
    let service = service.strip_suffix("-fips").unwrap_or(service);
    let ends_in = |suffix: &str| {
        let region = rest.strip_suffix(suffix);
        region.is_some_and(|region| region.is_empty() || region.ends_with('.'))
    };
    let mut all = PARTITIONS.iter().chain([&COMMERCIAL]);
    services.contains(&service)
        && all.any(|known| ends_in(known.suffix) || ends_in(known.dual_stack))
}

#[cfg(test)]
mod tests {
    use super::is_aws_host;

    #[test]
    fn endpoints_are_known_by_service_and_suffix() {
        let services = ["elasticfilesystem", "ec2", "sts"];
        for good in [
            "ec2.eu-west-1.amazonaws.com",
            "elasticfilesystem-fips.us-east-1.amazonaws.com",
            "elasticfilesystem.eu-west-1.api.aws",
            "sts.amazonaws.com",
            "ec2.cn-north-1.amazonaws.com.cn",
            "sts.us-isob-east-1.sc2s.sgov.gov",
        ] {
            assert!(is_aws_host(good, &services), "{good}");
        }
        for bad in [
            "s3.eu-west-1.amazonaws.com",
            "portal.sso.eu-west-1.amazonaws.com",
            "ec2.eu-west-1.example.org",
            "ec2.eu-west-1.myamazonaws.com",
            "ec2",
        ] {
            assert!(!is_aws_host(bad, &services), "{bad}");
        }
    }
}
