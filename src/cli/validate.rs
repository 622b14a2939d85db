//! `efsctl validate`.

use crate::domain::text::list;
use std::path::PathBuf;

use clap::Args;

use super::keyword::keyword;
use crate::audit::clients::ClientRef;
use crate::audit::rules::{Rules, shown_key, split_tag};
use crate::audit::{catalogue, mend};
use crate::domain::finding::Severity;
use crate::domain::ids::{KmsKey, Reference, SubnetId, VpcId, Zone};
use crate::report::Format;
use crate::service::Scope;

/// What `efsctl validate --help` begins with.
pub const ABOUT: &str = "Audit file systems that exist, whoever made them; changes nothing without --fix

Every check of the catalogue (docs/CHECKS.md, or --list) on each file system: is it fit for its clients, and for your rules. What cannot \
be read is `unknown`, neither good nor bad. Exit code 3 when a check failed, from --fail-on up.";

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
    /// All that carry this tag
    #[arg(long, value_name = "KEY[=VALUE]", value_parser = tag)]
    pub tag: Option<Tag>,
    /// Print the catalogue of checks
    #[arg(long, conflicts_with_all = ["file_systems", "all", "tag"])]
    pub list: bool,

    /// Who has to be able to use them: `sg-…`, `subnet-…`, `vpc-…`, `i-…`, or an address range; repeatable
    #[arg(long, value_name = "CLIENT", help_heading = "What is asked of them")]
    pub client: Vec<ClientRef>,
    /// A mount target is expected in this subnet; repeatable
    #[arg(long, value_name = "SUBNET", help_heading = "What is asked of them")]
    pub subnet: Vec<SubnetId>,
    /// A mount target is expected in this zone; repeatable
    #[arg(long, value_name = "ZONE", help_heading = "What is asked of them")]
    pub az: Vec<Zone>,
    /// The mount targets are expected in this VPC
    #[arg(long, value_name = "VPC", help_heading = "What is asked of them")]
    pub vpc: Option<VpcId>,
    /// The key (id or ARN) is expected to be this one; repeatable
    #[arg(long, value_name = "KEY", value_parser = shown_key, help_heading = "What is asked of them")]
    pub kms_key: Vec<KmsKey>,
    /// This tag is required; repeatable
    #[arg(long, value_name = "KEY[=VALUE]", value_parser = tag, help_heading = "What is asked of them")]
    pub require_tag: Vec<Tag>,
    /// Config file: checks, severities, thresholds, exceptions; `efsctl.toml` of the current directory is read when it is there
    #[arg(long, value_name = "FILE", help_heading = "What is asked of them")]
    pub config: Option<PathBuf>,

    /// Fail from this severity up; `low` unless the config file says otherwise
    #[arg(long, value_parser = keyword::<Severity>(), value_name = "SEVERITY", help_heading = "Verdict")]
    pub fail_on: Option<Severity>,
    /// What could not be seen counts as failed
    #[arg(long, help_heading = "Verdict")]
    pub strict: bool,
    /// The JSON document of an earlier run: what failed there does not fail again
    #[arg(long, value_name = "FILE", help_heading = "Verdict")]
    pub baseline: Option<PathBuf>,

    /// Add what is missing: mount targets, NFS rules, backups, lifecycle, tags (all, or for the named checks). The plan is shown first;
    /// nothing is taken away or replaced
    #[arg(long, value_name = "CHECK,…", num_args = 0.., require_equals = true, value_delimiter = ',', value_parser = curable, conflicts_with = "list", help_heading = "Fix")]
    pub fix: Option<Vec<String>>,
    /// Show what --fix would do; change nothing
    #[arg(long, requires = "fix", help_heading = "Fix")]
    pub dry_run: bool,

    /// Form of the report for people and their tools; `-o json` has one of its own
    #[arg(
        long,
        value_parser = keyword::<Format>(),
        default_value = "table",
        value_name = "FORMAT",
        help_heading = "Report"
    )]
    pub format: Format,
    /// Show what passed too
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

    /// What is asked of them, on that day.
    ///
    /// # Errors
    ///
    /// A tag that is given two values: which one is meant cannot be told.
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
                    "--require-tag asks for two values of {key}: {} and {}",
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
        let mut named = named.filter(|word| mend::cure(word).is_some());
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
fn curable(id: &str) -> Result<String, String> {
    if mend::cure(id).is_some() {
        return Ok(id.to_owned());
    }
    if catalogue::find(id).is_some() {
        return Err(format!(
            "what fails `{id}` is not something to add: its remedy says what to do; --fix knows {}",
            list(mend::curable())
        ));
    }
    let near = catalogue::closest(id).map(|near| format!("; did you mean `{near}`?"));
    Err(format!(
        "there is no check `{id}`{}",
        near.unwrap_or_default()
    ))
}
