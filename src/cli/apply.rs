//! `efsctl apply`, as it was typed.

use std::path::PathBuf;

use clap::Args;

/// What `efsctl apply --help` begins with.
pub const ABOUT: &str = "Create and change the file systems that manifests describe, side by side: by `name` as `create` does, by `id` as `set` \
does. Run again, nothing happens. What fails is rolled back by itself, and the others go on; what is no longer described stays.\n\n\
A manifest is TOML, or JSON, with [defaults] and [[file_system]]; its keys are the flags of `create` and `set`, with `_` for `-`: see docs/MANIFEST.md.";

/// `efsctl apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// Manifest; `-` is stdin; repeatable
    #[arg(short, long, value_name = "FILE", required = true)]
    pub file: Vec<PathBuf>,
    /// Only this file system of the manifest, by its name or its id; repeatable
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,

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
