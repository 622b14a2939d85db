//! What a file system policy that is asked for changes for whom, judged by the audit before anything is written.

use std::collections::BTreeSet;

use super::EfsService;
use crate::audit::policy::{Comparison, LockOut, Policy, PolicyError, compare};
use crate::cloud::Cloud;
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::field::Field;
use crate::domain::ids::FileSystemId;
use crate::domain::settings;
use crate::domain::settings::Wish;
use crate::domain::settings::policy::{Document, ObservedPolicy, Preset, Wanted};
use crate::domain::state::FileSystem;
use crate::domain::text::list;
use crate::error::{Code, Error};
use crate::provision::survey::Survey;

/// What a policy that is asked for changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PolicyEffect {
    /// It takes the place of another one.
    pub(super) replaces: bool,
    /// Who loses or gains what, of a file system that exists.
    pub(super) changes: Vec<Advice>,
    /// Root is squashed where nothing else lets any client write.
    pub(super) root: Option<Advice>,
}

/// What changes for whom by the policy that is asked for.
///
/// # Errors
///
/// [`Code::PolicyOverridden`]: a statement that stays undoes a preset. [`Code::PolicyLocksOut`]: no principal could change the policy again.
pub(super) fn judged(survey: &Survey) -> Result<PolicyEffect, Error> {
    let wish = &survey.desired.spec.settings.policy;
    let found = survey.observed.file_system.as_ref();
    let observed = survey.observed.settings.get::<settings::Policy>();
    let observed = observed.unwrap_or(&ObservedPolicy::None);
    let document = match wish {
        Wish::Leave => return Ok(PolicyEffect::default()),
        Wish::Clear => None,
        // What cannot be merged is a conflict already.
        Wish::Set(wanted) => match wanted.document(observed) {
            None => return Ok(PolicyEffect::default()),
            document => document,
        },
    };
    let on = found.and_then(|fs| fs.arn.as_deref());
    let after = document.as_ref().map(|one| read(one, on)).transpose();
    let changes = match &after {
        Ok(after) => {
            if let (Some(wanted), Some(after)) = (wish.value(), after) {
                holds(wanted, after, found.map(|fs| &fs.id))?;
                can_be_changed(wanted, after, found)?;
            }
            found.map_or_else(Vec::new, |fs| changed(fs, observed, after.as_ref()))
        }
        // The audit cannot evaluate what IAM may take.
        Err(error) => vec![format!("what the new policy changes is not known: {error}").into()],
    };
    let root = denies_root_to_all(survey, observed).then(|| {
        advice![
            (Field::Policy, Preset::DenyRoot),
            ": no access point creates its directory, and the root directory of a new file system belongs to root: no client could write",
        ]
    });
    Ok(PolicyEffect {
        replaces: *observed != ObservedPolicy::None,
        changes,
        root,
    })
}

impl<C: Cloud> EfsService<C> {
    /// Says that a hardened file system is left without the preset that squashes root.
    pub(super) fn note_of_root(&self, survey: &Survey) {
        let spec = &survey.desired.spec;
        let presets = spec.settings.policy.value().and_then(Wanted::presets);
        if spec.hardened && presets.is_some_and(|presets| !presets.contains(&Preset::DenyRoot)) {
            self.note(advice![
                Field::Hardened,
                format!(
                    " leaves {} out: no access point creates its directory (",
                    Preset::DenyRoot
                ),
                (Field::AccessPoint, "NAME=PATH:UID:GID"),
                "), so no client could write",
            ]);
        }
    }
}

fn read(document: &Document, on: Option<&str>) -> Result<Policy, PolicyError> {
    let policy = Policy::of(document)?;
    Ok(match on {
        Some(arn) => policy.on(arn),
        None => policy,
    })
}

/// Statements that stay must not undo what presets are to bring about.
fn holds(wanted: &Wanted, after: &Policy, on: Option<&FileSystemId>) -> Result<(), Error> {
    let Some(presets) = wanted.presets() else {
        return Ok(());
    };
    let overridden = after.overridden(presets);
    if overridden.is_empty() {
        return Ok(());
    }
    let id = on.map_or("FS", FileSystemId::as_str);
    let show = Command::aws("efs describe-file-system-policy").flag("--file-system-id", id);
    Err(Error::new(
        Code::PolicyOverridden,
        list(overridden.iter().map(ToString::to_string)),
    )
    .hint(
        advice![
            "leave that preset out, or give the whole policy without that statement with ",
            (Field::Policy, "file://PATH"),
            "; ",
        ]
        .then(Advice::step("to see it", show)),
    ))
}

/// By this policy alone: what identity policies deny is not seen, and AWS's own check decides.
fn can_be_changed(
    wanted: &Wanted,
    after: &Policy,
    found: Option<&FileSystem>,
) -> Result<(), Error> {
    if wanted.bypass_lockout_check {
        return Ok(());
    }
    let locks_out = match found.and_then(account) {
        Some(account) => after.locks_out(account),
        None => after.locks_out_everywhere(),
    };
    let LockOut::Yes(statements) = locks_out else {
        return Ok(());
    };
    Err(Error::new(
        Code::PolicyLocksOut,
        advice![
            Field::Policy,
            format!(
                ": no principal of the account could change the policy again: denied by statement {}",
                list(statements)
            ),
        ],
    )
    .hint(advice![
        "leave out of that Deny who manages the file system; if it is meant so, add ",
        Field::BypassLockoutCheck,
    ]))
}

fn account(fs: &FileSystem) -> Option<&str> {
    fs.arn.as_deref()?.split(':').nth(4)
}

/// What changes for whom from one policy to the other.
fn changed(fs: &FileSystem, observed: &ObservedPolicy, after: Option<&Policy>) -> Vec<Advice> {
    let unknown = |why: String| vec![format!("what changes for whom is not known: {why}").into()];
    let before = match observed {
        ObservedPolicy::None => None,
        ObservedPolicy::Document { document, .. } => match read(document, fs.arn.as_deref()) {
            Ok(policy) => Some(policy),
            Err(error) => return unknown(error.to_string()),
        },
        ObservedPolicy::Unreadable { why, .. } => {
            return unknown(format!(
                "the policy that is replaced cannot be parsed: {why}"
            ));
        }
    };
    let Comparison {
        changes, unclear, ..
    } = compare(before.as_ref(), after, account(fs).unwrap_or_default());
    let doubts = unclear
        .iter()
        .map(|doubt| format!("whom {doubt} concerns is not known").into());
    let changes = changes.iter().map(|change| change.to_string().into());
    changes.chain(doubts).collect()
}

/// Root is squashed where nothing else lets anybody write.
fn denies_root_to_all(survey: &Survey, observed: &ObservedPolicy) -> bool {
    let spec = &survey.desired.spec;
    let has = |presets: &BTreeSet<Preset>| presets.contains(&Preset::DenyRoot);
    let points = survey.observed.access_points.as_deref().unwrap_or_default();
    let asked = spec.settings.policy.value().and_then(Wanted::presets);
    asked.is_some_and(has)
        && !observed.presets().is_some_and(|there| has(&there))
        && !spec.creates_directory(points)
}
