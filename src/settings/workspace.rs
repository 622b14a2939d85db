//! Where workspaces are and what they may hold: by option, else by the variables of those who ran them before.

use std::path::PathBuf;
use std::time::Duration;

use crate::cli::workspace::{BaseArgs, LimitArgs};
use crate::error::{Code, Error};
use crate::workspace::domain::due::Policy;
use crate::workspace::domain::limits::Limits;

/// The variables that name a base directory; the first that is set is used.
const BASES: [&str; 5] = [
    "EFSCTL_WORKSPACE_BASE",
    "JOBS_BASE_PATH",
    "SANDBOX_PATH",
    "WORKSPACE_BASE_PATH",
    "EFS_MOUNT_PATH",
];

/// The base directory, and the variable that named it.
///
/// # Errors
///
/// There is none.
pub fn base(args: &BaseArgs) -> Result<(PathBuf, Option<&'static str>), Error> {
    if let Some(path) = &args.base {
        return Ok((path.clone(), None));
    }
    let set = |name: &&'static str| {
        let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
        Some((PathBuf::from(value), Some(*name)))
    };
    BASES.iter().find_map(set).ok_or_else(|| {
        Error::usage("no base directory is named: where the workspaces are")
            .hint("name it with --base DIR, or set JOBS_BASE_PATH=DIR")
    })
}

/// When a workspace is idle.
///
/// # Errors
///
/// The variable has a value that is no number of hours.
pub fn policy(args: &BaseArgs) -> Result<Policy, Error> {
    let expire = match args.expire {
        Some(expire) => Some(expire),
        None => number("JOB_EXPIRY_HOURS", "hours")?
            .map(|hours| Duration::from_secs_f64(hours * 3_600.0)),
    };
    Ok(expire.map_or_else(Policy::default, |expire| Policy { expire }))
}

/// What a workspace may hold.
///
/// # Errors
///
/// A variable has a value that is no size.
pub fn limits(args: &LimitArgs) -> Result<Limits, Error> {
    let usual = Limits::default();
    Ok(Limits {
        file_bytes: bytes(args.max_file, "MAX_FILE_SIZE_MB")?.unwrap_or(usual.file_bytes),
        bytes: bytes(args.max_size, "MAX_PROJECT_SIZE_MB")?.unwrap_or(usual.bytes),
        files: args.max_files.unwrap_or(usual.files),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is above zero and below 10⁹"
)]
fn bytes(given: Option<u64>, name: &'static str) -> Result<Option<u64>, Error> {
    match given {
        Some(bytes) => Ok(Some(bytes)),
        None => Ok(number(name, "megabytes")?.map(|count| (count * f64::from(1 << 20)) as u64)),
    }
}

/// A variable that is a number above zero, perhaps with decimals.
fn number(name: &'static str, unit: &str) -> Result<Option<f64>, Error> {
    let Some(value) = std::env::var_os(name).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let text = value.to_string_lossy();
    let number = text
        .trim()
        .parse()
        .ok()
        .filter(|number| *number > 0.0 && *number < 1e9);
    match number {
        Some(number) => Ok(Some(number)),
        None => Err(Error::new(
            Code::InvalidConfiguration,
            format!("`{text}` is no number of {unit} above zero (the variable {name})"),
        )
        .hint(format!("unset {name}, or give it a number such as 10"))),
    }
}
