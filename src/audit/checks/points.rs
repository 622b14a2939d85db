//! Access points.

use super::{checkov, config, hub, prowler, wrongs};
use crate::audit::check::{Check, CheckInput, Outcome};
use crate::audit::facts::{Known, Unavailable};
use crate::domain::access_point::AccessPoint;
use crate::domain::advice::{Advice, Command};
use crate::domain::finding::{About, Severity};
use crate::domain::state::State;

/// Judges every access point; those that fail are the evidence.
fn each(
    input: &CheckInput<'_>,
    wrong: impl Fn(&AccessPoint) -> Known<Option<String>>,
    remedy: impl Fn(&str) -> Advice,
    pass: &str,
) -> Known<Outcome> {
    if let Some(unavailable) = input.foreign("its access points") {
        return Err(unavailable);
    }
    let all = input
        .inventory
        .access_points
        .as_ref()
        .map_err(Clone::clone)?;
    let own = all.get(&input.facts.file_system.id);
    let live: Vec<_> = own
        .into_iter()
        .flatten()
        .filter(|point| !matches!(point.state, State::Deleting | State::Deleted))
        .collect();
    if live.is_empty() {
        return Ok(Outcome::none("it has no access point"));
    }
    let mut first = None;
    let evidence = wrongs(live.into_iter().map(|point| {
        let describe = |what| {
            first.get_or_insert(point.id.as_str());
            format!("access point {} {what}", point.id)
        };
        Ok(wrong(point)?.map(describe))
    }))?;
    let remedy = || remedy(first.unwrap_or_default());
    Ok(Outcome::unless(evidence, remedy, pass))
}

const READS: &[&str] = &["DescribeAccessPoints"];

pub(in crate::audit) static ROOT_DIRECTORY: Check = Check {
    about: About {
        id: "access-point-root-directory",
        title: "every access point keeps its clients in a directory",
        failure: "an access point shows the whole file system",
        severity: Severity::Medium,
        why: "An access point with the root `/` shows the whole file system.",
        reads: READS,
        controls: &[
            hub("EFS.3"),
            config("efs-access-point-enforce-root-directory"),
            prowler("efs_access_point_enforce_root_directory"),
            checkov("CKV_AWS_329"),
        ],
    },
    judge: |input| {
        let wrong = |point: &AccessPoint| {
            Ok((point.path == "/").then(|| "has the root directory /".to_owned()))
        };
        let remedy = "an access point cannot be changed: create one with a root directory, then delete this one";
        each(input, wrong, |_| remedy.into(), "each has a directory")
    },
};

pub(in crate::audit) static USER_IDENTITY: Check = Check {
    about: About {
        id: "access-point-user-identity",
        title: "every access point sets a user",
        failure: "an access point sets no user",
        severity: Severity::Medium,
        why: "Without a POSIX user the client says who it is, root included.",
        reads: READS,
        controls: &[
            hub("EFS.4"),
            config("efs-access-point-enforce-user-identity"),
            prowler("efs_access_point_enforce_user_identity"),
            checkov("CKV_AWS_330"),
        ],
    },
    judge: |input| {
        let wrong = |point: &AccessPoint| {
            let none = point.user.is_none();
            Ok(none.then(|| "sets no POSIX user".to_owned()))
        };
        let remedy =
            "an access point cannot be changed: create one with a POSIX user, then delete this one";
        each(input, wrong, |_| remedy.into(), "each sets a user")
    },
};

pub(in crate::audit) static STATE: Check = Check {
    about: About {
        id: "access-point-state",
        title: "every access point is available",
        failure: "an access point is not available",
        severity: Severity::Medium,
        why: "In any other state it cannot be mounted.",
        reads: READS,
        controls: &[],
    },
    judge: |input| {
        let wrong = |point: &AccessPoint| match &point.state {
            State::Available => Ok(None),
            State::Other(word) => Err(Unavailable::unknown_word(
                format!("access point {}", point.id),
                word,
            )),
            state => Ok(Some(format!("is {state}"))),
        };
        let remedy = "wait for it; one that is in error has to be deleted and created again";
        each(input, wrong, |_| remedy.into(), "all are available")
    },
};

pub(in crate::audit) static TAGS: Check = Check {
    about: About {
        id: "access-point-tags",
        title: "every access point carries a tag",
        failure: "an access point carries no tag",
        severity: Severity::Low,
        why: "An access point without a name has no identifiable owner.",
        reads: READS,
        controls: &[hub("EFS.5")],
    },
    judge: |input| {
        let wrong = |point: &AccessPoint| {
            let own = point.tags.keys().any(|key| !key.starts_with("aws:"));
            Ok((!own).then(|| "carries no tag".to_owned()))
        };
        let remedy = |first: &str| {
            let tag = Command::aws("efs tag-resource").flag("--resource-id", first);
            tag.flag("--tags", "Key=Name,Value=NAME").into()
        };
        each(input, wrong, remedy, "each carries one")
    },
};
