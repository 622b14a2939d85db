//! The settings of a file system, as they are typed: the same words for `create` and `set`.

use clap::{Args, ValueEnum};

use crate::domain::access_point::AccessPointSpec;
use crate::domain::expiry::{Expires, Expiry, InvalidExpiry};
use crate::domain::ids::KmsKey;
use crate::domain::settings::lifecycle::{Days, Transitions, transition};
use crate::domain::settings::policy::{PolicyArg, Wanted};
use crate::domain::settings::replication::ReplicateArg;
use crate::domain::settings::{On, Protection, Throughput, Wish, Wishes};
use crate::domain::tags::{self, Tags};

const POLICY: &str = "File system policy: presets, separated by commas (enforce-tls, deny-anonymous, deny-root, read-only, access-points-only), \
a document as file://PATH or as JSON, or none; presets replace presets only, other statements stay";

/// Settings of a file system.
#[derive(Debug, Default, Args)]
pub struct SettingArgs {
    /// Throughput mode: bursting, elastic or provisioned=MIBPS; AWS's default for a new file system: bursting
    #[arg(long, value_name = "MODE", help_heading = "Settings")]
    pub throughput: Option<Throughput>,
    /// Move files to Infrequent Access this long after the last access: 1d, 7d, 14d, 30d, 60d, 90d, 180d, 270d, 365d or never
    #[arg(long, value_name = "DAYS", value_parser = transition, help_heading = "Settings")]
    pub transition_to_ia: Option<Wish<Days>>,
    /// Move files to Archive this long after the last access, or never; requires elastic throughput
    #[arg(long, value_name = "DAYS", value_parser = transition, help_heading = "Settings")]
    pub transition_to_archive: Option<Wish<Days>>,
    /// Move files back to Standard
    #[arg(long, value_enum, value_name = "WHEN", help_heading = "Settings")]
    pub transition_to_primary: Option<PrimaryArg>,
    /// Daily backups by AWS Backup
    #[arg(long, value_enum, value_name = "SWITCH", num_args = 0..=1, require_equals = true, default_missing_value = "on", help_heading = "Settings")]
    pub backup: Option<Switch>,
    /// File system policy.
    #[arg(long, value_name = "POLICY", help = POLICY, help_heading = "Settings")]
    pub policy: Option<PolicyArg>,
    /// Accept a policy by which the caller cannot change it again
    #[arg(long, requires = "policy", help_heading = "Settings")]
    pub bypass_lockout_check: bool,
    /// The policy enforce-tls (with deny-root, if an access point creates its directory), daily backups, and Infrequent Access after 30
    /// days; new mount targets only in subnets that assign no public addresses
    #[arg(long, help_heading = "Settings")]
    pub hardened: bool,
    /// Whether AWS refuses to make the file system the destination of a replication
    #[arg(long, value_enum, value_name = "SWITCH", help_heading = "Settings")]
    pub replication_overwrite_protection: Option<Switch>,
    /// Replicate to a region, a zone of it, or an existing file system, whose data is overwritten; or none, and the copy stays; EFS creates
    /// and updates the copy
    #[arg(long, value_name = "REGION[:ZONE]|ARN", help_heading = "Settings")]
    pub replicate_to: Option<ReplicateArg>,
    /// KMS key of the copy that EFS creates; default: the key that AWS manages for EFS
    #[arg(
        long,
        value_name = "KEY",
        requires = "replicate_to",
        help_heading = "Settings"
    )]
    pub replica_kms_key: Option<KmsKey>,
    /// Set a tag; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = tag, help_heading = "Settings")]
    pub tag: Vec<(String, String)>,
    /// Create an access point; with UID:GID every request through it is made as that user, for whom the directory is created (MODE: 755);
    /// repeatable
    #[arg(
        long,
        value_name = "NAME=PATH[:UID:GID[:MODE]]",
        help_heading = "Settings"
    )]
    pub access_point: Vec<AccessPointSpec>,
    /// When the file system is no longer needed, as a tag: 48h, 14d, a time such as 2027-01-31T18:00:00Z, or never
    #[arg(long, value_name = "WHEN", help_heading = "Settings")]
    pub expires: Option<Expires>,
}

/// On, or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// Turn it on
    On,
    /// Turn it off
    Off,
}

/// `--transition-to-primary`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PrimaryArg {
    /// At the first access
    OnAccess,
    /// Leave them where they are
    Never,
}

fn tag(text: &str) -> Result<(String, String), tags::InvalidTag> {
    tags::parse(text)
}

impl SettingArgs {
    /// What excludes each other.
    ///
    /// # Errors
    ///
    /// Two options that do, as a sentence.
    pub fn check(&self) -> Result<(), String> {
        if let (Some(given), Some(_)) = (&self.replicate_to, &self.replica_kms_key)
            && !given.creates()
        {
            let what = match given {
                ReplicateArg::None => "none ends the replication",
                ReplicateArg::To(_) => "names one that exists",
            };
            return Err(format!(
                "--replica-kms-key is for a copy that EFS creates, and --replicate-to {what}"
            ));
        }
        if !self.hardened {
            return Ok(());
        }
        let (sets, other) = match (&self.policy, self.backup, self.transition_to_ia) {
            (Some(PolicyArg::None), ..) => ("sets a policy", "--policy none removes it"),
            (Some(PolicyArg::File(_) | PolicyArg::Document(_)), ..) => {
                ("sets presets", "--policy sets a whole policy")
            }
            (_, Some(Switch::Off), _) => ("turns backups on", "--backup=off turns them off"),
            (.., Some(Wish::Clear)) => (
                "moves files to Infrequent Access",
                "--transition-to-ia never does not",
            ),
            _ => return Ok(()),
        };
        Err(format!("--hardened {sets}, and {other}"))
    }

    /// The request for each setting, with that one for the policy.
    pub fn wishes(&self, policy: Wish<Wanted>) -> Wishes {
        Wishes {
            throughput: self.throughput.into(),
            lifecycle: Transitions {
                to_ia: self.transition_to_ia.unwrap_or_default(),
                to_archive: self.transition_to_archive.unwrap_or_default(),
                to_primary: match self.transition_to_primary {
                    None => Wish::Leave,
                    Some(PrimaryArg::OnAccess) => Wish::Set(On),
                    Some(PrimaryArg::Never) => Wish::Clear,
                },
            },
            backups: match self.backup {
                None => Wish::Leave,
                Some(Switch::On) => Wish::Set(On),
                Some(Switch::Off) => Wish::Clear,
            },
            protection: match self.replication_overwrite_protection {
                None => Wish::Leave,
                Some(Switch::On) => Wish::Set(Protection::On),
                Some(Switch::Off) => Wish::Set(Protection::Off),
            },
            policy,
            replication: ReplicateArg::asked(
                self.replicate_to.as_ref(),
                self.replica_kms_key.as_ref(),
            ),
        }
    }

    /// The tags.
    ///
    /// # Errors
    ///
    /// One has two values: which one is meant is not known.
    pub fn tags(&self) -> Result<Tags, String> {
        let mut tags = Tags::new();
        for (key, value) in &self.tag {
            let before = tags.insert(key.clone(), value.clone());
            if let Some(before) = before.filter(|before| before != value) {
                return Err(format!(
                    "--tag gives {key} two values: {before} and {value}"
                ));
            }
        }
        Ok(tags)
    }

    /// When it ends, at that time in seconds since 1970.
    ///
    /// # Errors
    ///
    /// It is over already.
    pub fn expires(&self, now: i64) -> Result<Wish<Expiry>, InvalidExpiry> {
        self.expires
            .map_or(Ok(Wish::Leave), |expires| expires.from(now))
    }
}
