//! A failed call, as the user meets it: what happened, what it means, what to type next.

use std::time::Duration;

use crate::cloud::{Class, CloudError};
use crate::error::{Error, Kind};

/// How long AWS may refuse a first look. Its buckets of requests fill up within seconds (*Request throttling for the Amazon EC2 API*).
const PATIENCE: Duration = Duration::from_mins(2);

/// How long connections may break: a network that changes heals in seconds, and a proxy that does not let through never does.
const RECONNECT: Duration = Duration::from_secs(8);

/// How the message of a run without credentials begins.
pub const NO_CREDENTIALS: &str = "no AWS credentials were found";

/// The failure a call ends in. `doing` completes "while …": "looking at the subnets".
pub fn explain(error: &CloudError, doing: &str) -> Error {
    let kind = match error.class {
        Class::Denied | Class::Credentials => Kind::Denied,
        Class::NotFound => Kind::NotFound,
        Class::Settle => Kind::Conflict,
        Class::Retry | Class::Throttle | Class::Lost | Class::Quota | Class::Terminal => {
            Kind::Failed
        }
    };
    let message = match error.class {
        Class::Credentials if error.is("NoCredentials") => {
            format!("{NO_CREDENTIALS} ({})", error.message)
        }
        Class::Denied | Class::Credentials => format!("denied while {doing}: {error}"),
        Class::Lost => format!("no usable answer from AWS while {doing}: {error}"),
        Class::Quota => format!("a limit of the account is reached, while {doing}: {error}"),
        _ => format!("failed while {doing}: {error}"),
    };
    let passes = match error.class {
        Class::Throttle | Class::Retry => PATIENCE,
        // Without a code it was not AWS that answered: an endpoint that is wrong stays wrong.
        Class::Lost if error.code.is_some() => PATIENCE,
        Class::Lost if error.cut => RECONNECT,
        _ => Duration::ZERO,
    };
    let explained = Error {
        passes,
        ..Error::new(kind, message).request_id(error.request_id.clone())
    };
    match hint(error) {
        Some(hint) => explained.hint(hint),
        None => explained,
    }
}

fn hint(error: &CloudError) -> Option<String> {
    let by_code = match error.code.as_deref() {
        Some("NoCredentials") => {
            "set AWS_PROFILE or --profile, run `aws sso login`, or try without an account: efsctl --sandbox …"
        }
        Some("ExpiredToken" | "ExpiredTokenException" | "RequestExpired") => {
            "the credentials have expired: sign in again, for example with `aws sso login`"
        }
        Some(
            "UnrecognizedClientException"
            | "InvalidClientTokenId"
            | "AuthFailure"
            | "InvalidSignatureException"
            | "SignatureDoesNotMatch",
        ) => {
            "AWS does not know these credentials: check AWS_PROFILE, and that the region is enabled for the account"
        }
        Some("OptInRequired") => "this region has to be enabled for the account first",
        Some("TooManyRequests") => {
            "EFS lets the throughput mode change once in 24 hours: try again after the time it names"
        }
        Some("FileSystemLimitExceeded") => {
            "delete unused file systems, or ask for a higher quota in Service Quotas (Amazon EFS)"
        }
        Some("NetworkInterfaceLimitExceeded") => {
            "a VPC takes 1,400 mount targets: remove unused ones, or use another VPC"
        }
        Some("NoFreeAddressesInSubnet") => "choose another subnet of that zone with --subnet",
        Some("SubnetNotFound" | "InvalidSubnetID.NotFound") => {
            "list them: aws ec2 describe-subnets; and check --region"
        }
        Some(
            "SecurityGroupNotFound" | "InvalidGroup.NotFound" | "InvalidSecurityGroupID.NotFound",
        ) => "list them: aws ec2 describe-security-groups; and check --region",
        Some("InvalidVpcID.NotFound") => "list them: aws ec2 describe-vpcs; and check --region",
        Some("UnsupportedAvailabilityZone") => {
            "EFS is not offered in that zone: choose another one with --az or --one-zone"
        }
        Some("MountTargetConflict") => {
            "all mount targets of a file system are in one VPC, one in each zone"
        }
        Some("InsufficientThroughputCapacity") => "try again later, or use --throughput elastic",
        Some("DependencyViolation") => {
            "something still uses it: a network interface, or a rule of another group"
        }
        _ => "",
    };
    if !by_code.is_empty() {
        return Some(by_code.to_owned());
    }
    match error.class {
        Class::Denied => error.action.as_ref().map(|action| {
            format!("the caller needs the IAM action {action}; docs/IAM.md lists all of them")
        }),
        Class::Lost if error.message.contains("lookup") || error.message.contains("dns") => {
            Some("the name of the endpoint does not resolve: check --region, --endpoint-url and the network".to_owned())
        }
        Class::Lost => Some("check --endpoint-url, the network and any proxy; nothing is lost by running it again".to_owned()),
        Class::Throttle => Some("AWS is throttling this account: run it again later".to_owned()),
        Class::Retry => Some("it may work later: run it again".to_owned()),
        Class::Terminal if error.message.contains("web page") => {
            Some("check --endpoint-url and AWS_ENDPOINT_URL: it has to be the address of an AWS API".to_owned())
        }
        Class::Quota => Some("ask for a higher quota in Service Quotas".to_owned()),
        _ => None,
    }
}
