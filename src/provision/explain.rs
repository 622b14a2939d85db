//! A failed call, as the user meets it: what happened, what it means, what to type next.

use std::time::Duration;

use super::hint::hint;
use crate::cloud::{Class, CloudError};
use crate::error::{Error, Kind};

/// How long AWS may refuse a first look. Its buckets of requests fill up within seconds (*Request throttling for the Amazon EC2 API*).
const PATIENCE: Duration = Duration::from_mins(2);

/// How long connections may break: a network that changes heals in seconds, and a proxy that does not let through never does.
const RECONNECT: Duration = Duration::from_secs(8);

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
        // The sentence tells where they were looked for.
        Class::Credentials if error.is("NoCredentials") => error.message.clone(),
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
