//! The settings that `create` and `set` take: what contradicts itself, and what depends on the time.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::cli::setting::SettingArgs;
use crate::domain::advice::advice;
use crate::domain::expiry::Expiry;
use crate::domain::field::Field;
use crate::domain::settings::Wish;
use crate::domain::tags::Tags;
use crate::error::Error;

/// Two options exclude each other.
pub(super) fn contradiction(sentence: String) -> Error {
    Error::usage(sentence).hint("leave one of them out")
}

/// The tags.
pub(super) fn tags(args: &SettingArgs) -> Result<Tags, Error> {
    args.tags().map_err(contradiction)
}

/// When what was typed ends.
pub(super) fn expires(args: &SettingArgs) -> Result<Wish<Expiry>, Error> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    });
    args.expires(now)
        .map_err(|error| Error::usage(advice![Field::Expires, format!(": {error}")]))
}
