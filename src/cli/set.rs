//! `efsctl set`, as it was typed.

use std::collections::BTreeSet;

use clap::Args;

use super::setting::SettingArgs;
use crate::domain::access_point::AccessPointRef;
use crate::domain::ids::Reference;
use crate::domain::tags;

/// What `efsctl set --help` begins with.
pub const ABOUT: &str = "Change settings of an existing file system, also one of another tool. Shows the plan, applies it, waits until AWS has \
finished, and shows the file system. What is not named stays as it is; run again, nothing happens.\n\n\
Nothing is rolled back: if a change fails, those that were applied stay, and what was not applied is listed (exit code 5).";

/// `efsctl set`.
#[derive(Debug, Args)]
pub struct SetArgs {
    /// File-system id, ARN, or the name it was created under
    #[arg(value_name = "FS")]
    pub file_system: Reference,

    /// Settings that `create` has too.
    #[command(flatten)]
    pub settings: SettingArgs,
    /// Remove a tag; repeatable
    #[arg(long, value_name = "KEY", value_parser = key, help_heading = "Settings")]
    pub untag: Vec<String>,

    /// Remove an access point, by the name it was created under or by its id (`fsap-…`); clients lose it at once; repeatable
    #[arg(long, value_name = "NAME", help_heading = "Settings")]
    pub remove_access_point: Vec<AccessPointRef>,

    /// Do not ask, even if the change takes away safety or access
    #[arg(short, long, help_heading = "Run")]
    pub yes: bool,
    /// Show the plan; change nothing
    #[arg(long, help_heading = "Run")]
    pub dry_run: bool,
    /// With --dry-run: exit 3 if there are changes to apply
    #[arg(long, requires = "dry_run", help_heading = "Run")]
    pub check: bool,
}

fn key(text: &str) -> Result<String, tags::InvalidTag> {
    tags::key(text).map(str::to_owned)
}

impl SetArgs {
    /// Access points to remove.
    ///
    /// # Errors
    ///
    /// One of them is to be created too.
    pub fn remove_access_points(&self) -> Result<BTreeSet<AccessPointRef>, String> {
        let removed: BTreeSet<AccessPointRef> = self.remove_access_point.iter().cloned().collect();
        let mut created = self.settings.access_point.iter();
        let both = |name| removed.contains(&AccessPointRef::Name(name));
        match created.find(|point| both(point.name.clone())) {
            Some(point) => Err(format!(
                "--access-point creates {}, and --remove-access-point removes it",
                point.name
            )),
            None => Ok(removed),
        }
    }

    /// Keys of tags to remove.
    ///
    /// # Errors
    ///
    /// One of them is to be set too.
    pub fn untag(&self) -> Result<BTreeSet<String>, String> {
        let keys: BTreeSet<String> = self.untag.iter().cloned().collect();
        let mut set = self.settings.tag.iter().map(|(key, _)| key);
        match set.find(|key| keys.contains(*key)) {
            Some(both) => Err(format!("--tag sets {both}, and --untag removes it")),
            None => Ok(keys),
        }
    }
}
