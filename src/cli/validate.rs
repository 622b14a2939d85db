//! `efsctl validate`.

use crate::domain::text::list;
use std::path::PathBuf;

use clap::Args;

use super::keyword::keyword;
use crate::audit::clients::ClientRef;
use crate::audit::rules::{Rules, shown_key, split_tag};
use crate::audit::{catalogue, fix};
use crate::domain::finding::Severity;
use crate::domain::ids::{KmsKey, Reference, SubnetId, VpcId, Zone};
use crate::report::Format;
use crate::service::Scope;

/// What `efsctl validate --help` begins with.
pub const ABOUT: &str = "Audit existing file systems, also those of other tools; read-only unless --fix is given

Runs every check of the catalogue (docs/CHECKS.md, or --list) on each file system: can its clients use it, and does it follow your rules? \
A check whose reads are denied is `unknown`, neither passed nor failed. Exits 3 if a check of at least --fail-on severity failed.";

/// `efsctl validate`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub struct ValidateArgs {
    /// File-system ids, ARNs, or the names they were created under
    #[arg(value_name = "FS", required_unless_present_any = ["all", "tag", "list"], conflicts_with_all = ["all", "tag"])]
    pub file_systems: Vec<Reference>,
    /// All file systems of the account in the region
    #[arg(long, conflicts_with = "tag")]
    pub all: bool,
    /// All file systems with this tag
    #[arg(long, value_name = "KEY[=VALUE]", value_parser = tag)]
    pub tag: Option<Tag>,
    /// Print the catalogue of checks
    #[arg(long, conflicts_with_all = ["file_systems", "all", "tag"])]
    pub list: bool,

    /// Client that must be able to connect: `sg-…`, `subnet-…`, `vpc-…`, `i-…`, or an address range; repeatable
    #[arg(long, value_name = "CLIENT", help_heading = "Expectations")]
    pub client: Vec<ClientRef>,
    /// Expect a mount target in this subnet; repeatable
    #[arg(long, value_name = "SUBNET", help_heading = "Expectations")]
    pub subnet: Vec<SubnetId>,
    /// Expect a mount target in this zone; repeatable
    #[arg(long, value_name = "ZONE", help_heading = "Expectations")]
    pub az: Vec<Zone>,
    /// Expect the mount targets in this VPC
    #[arg(long, value_name = "VPC", help_heading = "Expectations")]
    pub vpc: Option<VpcId>,
    /// Expect this KMS key (id or ARN); repeatable
    #[arg(long, value_name = "KEY", value_parser = shown_key, help_heading = "Expectations")]
    pub kms_key: Vec<KmsKey>,
    /// Require this tag; repeatable
    #[arg(long, value_name = "KEY[=VALUE]", value_parser = tag, help_heading = "Expectations")]
    pub require_tag: Vec<Tag>,
    /// Config file: checks, severities, thresholds, exceptions; default: `efsctl.toml` in the current directory, if it exists
    #[arg(long, value_name = "FILE", help_heading = "Expectations")]
    pub config: Option<PathBuf>,

    /// Fail from this severity up; default: that of the config file, or `low`
    #[arg(long, value_parser = keyword::<Severity>(), value_name = "SEVERITY", help_heading = "Verdict")]
    pub fail_on: Option<Severity>,
    /// Treat `unknown` as failed
    #[arg(long, help_heading = "Verdict")]
    pub strict: bool,
    /// JSON document of an earlier run; findings in it do not affect the exit code
    #[arg(long, value_name = "FILE", help_heading = "Verdict")]
    pub baseline: Option<PathBuf>,

    /// Add what is missing: mount targets, NFS rules, backups, lifecycle, tags (all, or for the named checks). Shows the plan first;
    /// removes and replaces nothing
    #[arg(long, value_name = "CHECK,…", num_args = 0.., require_equals = true, value_delimiter = ',', value_parser = fixable, conflicts_with = "list", help_heading = "Fix")]
    pub fix: Option<Vec<String>>,
    /// Show what --fix would do; change nothing
    #[arg(long, requires = "fix", help_heading = "Fix")]
    pub dry_run: bool,

    /// Format of the report; `-o json` has its own
    #[arg(
        long,
        value_parser = keyword::<Format>(),
        default_value = "table",
        value_name = "FORMAT",
        help_heading = "Report"
    )]
    pub format: Format,
    /// Show passed checks too
    #[arg(long, help_heading = "Report")]
    pub show_all: bool,
}

impl ValidateArgs {
    /// Which file systems are meant.
    pub fn scope(&self) -> Scope {
        match &self.tag {
            _ if self.all => Scope::All,
            Some((key, value)) => Scope::Tagged(key.clone(), value.clone()),
            None => Scope::These(self.file_systems.clone()),
        }
    }

    /// The expectations, on that day.
    ///
    /// # Errors
    ///
    /// A tag with two values: which one is meant is not known.
    pub fn rules(&self, today: String) -> Result<Rules, String> {
        let mut rules = Rules::on(today);
        rules.subnets = self.subnet.iter().cloned().collect();
        rules.zones = self.az.iter().cloned().collect();
        rules.vpc.clone_from(&self.vpc);
        rules.kms_keys = self.kms_key.iter().cloned().collect();
        for (key, value) in &self.require_tag {
            let before = rules.required_tags.insert(key.clone(), value.clone());
            if let Some(before) = before.filter(|before| before != value) {
                let word = |value: &Option<String>| {
                    value.clone().unwrap_or_else(|| "any value".to_owned())
                };
                return Err(format!(
                    "--require-tag gives {key} two values: {} and {}",
                    word(&before),
                    word(value)
                ));
            }
        }
        Ok(rules)
    }

    /// A check that was meant for `--fix` and taken for a file system.
    pub fn misplaced_check(&self) -> Option<String> {
        self.fix.as_ref()?;
        let named = self.file_systems.iter().map(ToString::to_string);
        let mut named = named.filter(|word| fix::fixed_by(word).is_some());
        named.next()
    }
}

/// A tag, and perhaps its value.
pub type Tag = (String, Option<String>);

fn tag(text: &str) -> Result<Tag, String> {
    match split_tag(text) {
        (key, _) if key.is_empty() => {
            Err(format!("`{text}` has no key: expected KEY or KEY=VALUE"))
        }
        tag => Ok(tag),
    }
}

/// A check whose failures can be fixed.
fn fixable(id: &str) -> Result<String, String> {
    if fix::fixed_by(id).is_some() {
        return Ok(id.to_owned());
    }
    if catalogue::find(id).is_some() {
        return Err(format!(
            "failures of `{id}` cannot be fixed by an addition: see the remedy of the finding; --fix supports {}",
            list(fix::fixable())
        ));
    }
    let near = catalogue::closest(id).map(|near| format!("; did you mean `{near}`?"));
    Err(format!(
        "there is no check `{id}`{}",
        near.unwrap_or_default()
    ))
}
