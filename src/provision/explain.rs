//! A failed call, as the user meets it: what happened, what it means, what to type next.

use std::time::Duration;

use super::hint::hint;
use crate::cloud::{Cause, Class, CloudError};
use crate::error::{Code, Error};

/// How long AWS may refuse a first read. Its buckets of requests fill up within seconds (*Request throttling for the Amazon EC2 API*).
const PATIENCE: Duration = Duration::from_mins(2);

/// How long connections may break: a network that changes heals in seconds, and a proxy that does not let through never does.
const RECONNECT: Duration = Duration::from_secs(8);

/// The failure a call ends in. `doing` completes "while …": "reading the subnets".
pub fn explain(error: &CloudError, doing: &str) -> Error {
    let message = match error.class {
        // The sentence tells where they were looked for.
        Class::Credentials if error.is("NoCredentials") => error.message.clone(),
        Class::Denied | Class::Credentials => format!("denied while {doing}: {error}"),
        Class::Ambiguous => format!("no usable response from AWS while {doing}: {error}"),
        Class::Quota => format!("account quota reached while {doing}: {error}"),
        _ => format!("failed while {doing}: {error}"),
    };
    let explained = Error::new(code(error), message).because(error);
    match hint(error) {
        Some(hint) => explained.hint(hint),
        None => explained,
    }
}

/// The stable name of what a failed call means.
pub fn code(error: &CloudError) -> Code {
    match error.class {
        Class::Denied => Code::AccessDenied,
        Class::Credentials if error.cause() == Some(Cause::NoCredentials) => {
            Code::CredentialsMissing
        }
        Class::Credentials => Code::CredentialsRejected,
        Class::NotFound => missing(error.code.as_deref().unwrap_or_default()),
        Class::Recheck => Code::AwsConflict,
        Class::Retry => Code::AwsUnavailable,
        Class::Throttle => Code::Throttled,
        Class::Ambiguous => Code::NoAnswer,
        Class::Quota => Code::QuotaExceeded,
        Class::Permanent if error.is("NoFreeAddressesInSubnet") => Code::NoFreeAddress,
        Class::Permanent => Code::AwsRefused,
    }
}

/// The stable name of what is not there, by the error code of AWS.
pub fn missing(code: &str) -> Code {
    match code {
        "FileSystemNotFound" => Code::FileSystemNotFound,
        "SubnetNotFound" | "InvalidSubnetID.NotFound" => Code::SubnetNotFound,
        "InvalidVpcID.NotFound" => Code::VpcNotFound,
        "SecurityGroupNotFound" | "InvalidGroup.NotFound" | "InvalidSecurityGroupID.NotFound" => {
            Code::SecurityGroupNotFound
        }
        "InvalidPrefixListID.NotFound" => Code::PrefixListNotFound,
        _ => Code::NotFound,
    }
}

/// How long it is worth trying again from the first failure on, because AWS refused it for the moment. Zero: not at all.
pub fn retry_window(error: &CloudError) -> Duration {
    match error.class {
        Class::Throttle | Class::Retry => PATIENCE,
        // Without a code it was not AWS that answered: an endpoint that is wrong stays wrong.
        Class::Ambiguous if error.code.is_some() => PATIENCE,
        Class::Ambiguous if error.connection_broken => RECONNECT,
        _ => Duration::ZERO,
    }
}
