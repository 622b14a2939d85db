//! Presets: what most policies are for, as statements of our own beside those of others.
//!
//! The first four are the options of the console (EFS user guide, "Creating file system policies"): an option that takes an action
//! from everybody leaves it to identities whose own policy grants it, as an Allow there is enough in the same account (ibid., "Using
//! IAM to control access to file systems"). None of them names an action of the API in a Deny that an API call can meet: a preset
//! locks nobody out of the policy.
//!
//! Presets never widen what others wrote. Where there is no policy everybody may do everything, and the grant to everybody (`EfsctlBase`)
//! states what is left of that. Beside statements of others it would open a policy that lets in a few (what
//! `terraform-aws-modules/terraform-aws-efs#30` is about): there presets only deny.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::actions::{CLIENT, MOUNT, ROOT, WRITE};
use super::document::{Document, Effect, Names, Principals, Statement, VERSION};
use super::members::Unique;
use crate::domain::ids::FileSystemId;
use crate::domain::keyword::Keyword;
use crate::domain::text::list;

/// What a policy is to bring about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preset {
    /// Clients without TLS are denied everything.
    EnforceTls,
    /// Clients without IAM identity cannot mount.
    DenyAnonymous,
    /// Root is squashed, but for identities whose own policy grants `ClientRootAccess`.
    DenyRoot,
    /// Clients can only read, but for identities whose own policy grants `ClientWrite`.
    ReadOnly,
    /// Clients that mount by no access point are denied everything.
    AccessPointsOnly,
}

use Preset::{AccessPointsOnly, DenyAnonymous, DenyRoot, EnforceTls, ReadOnly};

impl Keyword for Preset {
    const KEYWORDS: &'static [(Self, &'static str, &'static str)] = &[
        (EnforceTls, "enforce-tls", "Deny clients without TLS"),
        (
            DenyAnonymous,
            "deny-anonymous",
            "Let only IAM identities mount whose own policy allows it",
        ),
        (
            DenyRoot,
            "deny-root",
            "Squash root, but for identities whose own policy grants ClientRootAccess",
        ),
        (
            ReadOnly,
            "read-only",
            "Let clients only read, but for identities whose own policy grants ClientWrite",
        ),
        (
            AccessPointsOnly,
            "access-points-only",
            "Deny clients that mount by no access point",
        ),
    ];
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.keyword())
    }
}

/// No preset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a preset: expected one of {known}", known = list(Preset::KEYWORDS.iter().map(|(_, word, _)| word)))]
pub struct UnknownPreset(String);

impl FromStr for Preset {
    type Err = UnknownPreset;

    fn from_str(word: &str) -> Result<Self, UnknownPreset> {
        Self::of_keyword(word).ok_or_else(|| UnknownPreset(word.to_owned()))
    }
}

/// What everybody may do who comes by a mount target.
const BASE: &str = "EfsctlBase";
const ENFORCE_TLS: &str = "EfsctlEnforceTls";
const DENY_ANONYMOUS: &str = "EfsctlDenyAnonymous";
const ACCESS_POINTS_ONLY: &str = "EfsctlAccessPointsOnly";

/// The `Sid` of each statement that presets own.
pub const SIDS: [&str; 4] = [BASE, ENFORCE_TLS, DENY_ANONYMOUS, ACCESS_POINTS_ONLY];

/// The actions that everybody has by a mount target, each with the preset that takes it away.
const TAKEN: [(&str, Preset); 3] = [(MOUNT, DenyAnonymous), (WRITE, ReadOnly), (ROOT, DenyRoot)];

impl Preset {
    /// Every set of presets.
    pub(super) fn sets() -> impl Iterator<Item = BTreeSet<Self>> {
        let all = || Self::KEYWORDS.iter().map(|(preset, ..)| *preset);
        (0..1_u32 << Self::KEYWORDS.len()).map(move |bits| {
            all()
                .enumerate()
                .filter(|(at, _)| bits >> at & 1 == 1)
                .map(|(_, preset)| preset)
                .collect()
        })
    }

    /// The document of these presets alone.
    pub fn document(presets: &BTreeSet<Self>) -> Document {
        Document {
            version: Some(VERSION.to_owned()),
            id: None,
            statements: Self::statements(presets, true),
        }
    }

    /// The statements of these presets, with or without the grant to everybody. None has a `Resource`: without one a statement is about the file system that its policy is
    /// on, in every partition and region, and before it has an ARN.
    pub(super) fn statements(presets: &BTreeSet<Self>, grants: bool) -> Vec<Statement> {
        let mut statements = Vec::new();
        let left: Vec<&str> = TAKEN
            .into_iter()
            .filter(|(_, by)| !presets.contains(by))
            .map(|(action, _)| action)
            .collect();
        // A grant that is public, in the sense of EFS block public access, without its condition (EFS user guide, "Blocking public
        // access to file systems"). A statement without action is none.
        if grants && !left.is_empty() {
            let by_mount_target = ("Bool", "elasticfilesystem:AccessedViaMountTarget", "true");
            statements.push(statement(BASE, Effect::Allow, &left, by_mount_target));
        }
        let without_tls = ("Bool", "aws:SecureTransport", "false");
        if presets.contains(&EnforceTls) {
            statements.push(statement(ENFORCE_TLS, Effect::Deny, &["*"], without_tls));
        }
        // Mounting with an IAM identity takes TLS (EFS user guide, "Mounting with IAM authorization"): this Deny takes nothing from an
        // identity, and there is a statement where nothing is left to be allowed. Without any there would be no policy, and that
        // allows everything.
        if presets.contains(&DenyAnonymous) {
            statements.push(statement(
                DENY_ANONYMOUS,
                Effect::Deny,
                &CLIENT,
                without_tls,
            ));
        }
        // The key is there for a client that mounts by an access point only (EFS user guide, "Using access points in IAM policies"),
        // and for no call of the API: of those actions nothing is denied. `Null` asks whether a key is absent (IAM user guide,
        // "Condition operators").
        if presets.contains(&AccessPointsOnly) {
            let by_none = ("Null", "elasticfilesystem:AccessPointArn", "true");
            statements.push(statement(
                ACCESS_POINTS_ONLY,
                Effect::Deny,
                &CLIENT,
                by_none,
            ));
        }
        statements
    }
}

fn statement(
    sid: &str,
    effect: Effect,
    actions: &[&str],
    (operator, key, value): (&str, &str, &str),
) -> Statement {
    let names = |names: &[&str]| Names(names.iter().map(|&name| name.to_owned()).collect());
    let of_key = Unique(vec![(key.to_owned(), names(&[value]))]);
    Statement {
        sid: Some(sid.to_owned()),
        effect,
        principal: Some(Principals::Kinds(Unique(vec![(
            "AWS".to_owned(),
            names(&["*"]),
        )]))),
        not_principal: None,
        action: Some(names(actions)),
        not_action: None,
        resource: None,
        not_resource: None,
        condition: Some(Unique(vec![(operator.to_owned(), of_key)])),
    }
}

impl Statement {
    /// Presets own it.
    fn is_ours(&self) -> bool {
        self.sid().is_some_and(|sid| SIDS.contains(&sid))
    }
}

impl Document {
    /// The same with these presets in the place of those it has. The statements of others stay, and so does the language they are
    /// written in.
    #[must_use]
    pub fn with(&self, presets: &BTreeSet<Preset>) -> Self {
        let kept = self.statements.iter().filter(|one| !one.is_ours());
        Self {
            version: self.version.clone(),
            id: self.id.clone(),
            statements: Preset::statements(presets, self.grants())
                .into_iter()
                .chain(kept.cloned())
                .collect(),
        }
    }

    /// The presets that it has as a policy of that file system; `None`: it has no statement of presets, or they were changed by other
    /// hands.
    pub fn presets(&self, on: Option<&FileSystemId>) -> Option<BTreeSet<Preset>> {
        let ours = self.statements.iter().filter(|one| one.is_ours());
        let found: BTreeSet<_> = ours.map(|one| one.canonical(on)).collect();
        if found.is_empty() {
            return None;
        }
        let is_found = |presets: &BTreeSet<Preset>| {
            let statements = Preset::statements(presets, self.grants());
            let canonical = statements.iter().map(|one| one.canonical(on));
            canonical.collect::<BTreeSet<_>>() == found
        };
        // Beside the grants of others there is no statement for those that only take from ours: the smallest set comes first.
        Preset::sets().find(is_found)
    }

    /// Whether the grant to everybody is ours to write: it is here, or nothing of others is.
    fn grants(&self) -> bool {
        let mut all = self.statements.iter();
        all.clone().all(Statement::is_ours) || all.any(|one| one.sid() == Some(BASE))
    }

    /// Whether it has statements that presets own.
    pub fn has_presets(&self) -> bool {
        self.statements.iter().any(Statement::is_ours)
    }

    /// The statements that presets do not own, by `Sid` or `#n`: they stay when presets change.
    pub fn kept(&self) -> Vec<String> {
        self.labelled()
            .filter(|(_, one)| !one.is_ours())
            .map(|(label, _)| label)
            .collect()
    }
}
