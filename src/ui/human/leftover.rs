//! What a run left, and what it changed, as a person reads it.

use std::fmt::Write;

use crate::domain::leftover::{LeftReason, Leftover, RefusedCall};
use crate::domain::plan::Verb;
use crate::domain::resource::{Resource, ResourceId, ResourceKind};

/// What it is, in words: `mount target`.
pub(super) fn kind(kind: ResourceKind) -> String {
    kind.as_str().replace('_', " ")
}

/// What it is, and its id: `mount target fsmt-…`.
fn named(resource: &Resource) -> String {
    let kind = kind(resource.kind);
    match (&resource.id, &resource.name) {
        (Some(id), _) => format!("{kind} {id}"),
        (None, Some(name)) => format!("{kind} {name}"),
        (None, None) => kind,
    }
}

/// One line each. Why something is left is reported once where it is the same for what follows.
pub(super) fn leftovers(leftovers: &[Leftover]) -> Vec<String> {
    let mut previous = None;
    let mut lines = Vec::new();
    for left in leftovers {
        let why = left.why.as_ref().filter(|why| previous != Some(*why));
        lines.push(line(left, why));
        previous = left.why.as_ref();
    }
    lines
}

fn line(left: &Leftover, why: Option<&LeftReason>) -> String {
    let mut line = String::new();
    if let Some(file_system) = &left.file_system_id {
        let _ = write!(line, "on {file_system}: ");
    }
    let what = named(&left.resource);
    let zone = left.zone.as_ref();
    let place = zone.map_or(String::new(), |zone| format!(" in {zone}"));
    let no_answer = " (no answer from AWS)";
    let _ = match (&left.change, left.certain) {
        (Some(change), true) => {
            let begin = match left.why {
                Some(LeftReason::ExistedBefore) => "not rolled back: ",
                _ => "",
            };
            let done = words(change.action, &what, &change.detail);
            write!(line, "{begin}{done}")
        }
        (Some(change), false) => {
            let done = words(change.action, &what, &change.detail);
            write!(line, "possibly {done}{no_answer}")
        }
        (None, false) if left.resource.id.is_none() => {
            write!(line, "possibly created{no_answer}: {what}{place}")
        }
        (None, false) => write!(
            line,
            "{what}{place}, possibly created by this run{no_answer}"
        ),
        (None, true) => write!(line, "{what}{place}"),
    };
    if let Some(why) = why.and_then(reason) {
        let _ = write!(line, " ({why})");
    }
    line
}

/// A change in words, as it was made: `updated tags fs-… file system: team=red`.
fn words(action: Verb, what: &str, detail: &str) -> String {
    let verb = match action {
        Verb::Create => "created",
        Verb::Update => "updated",
        Verb::Delete => "deleted",
    };
    let separated = if detail.is_empty() { "" } else { " " };
    format!("{verb} {what}{separated}{detail}")
}

/// Why something is left, where the line does not say it already.
fn reason(why: &LeftReason) -> Option<String> {
    match why {
        LeftReason::DeletionRefused(call) | LeftReason::NotSeen(call) => {
            Some(format!("could not be removed: {}", refused(call)))
        }
        LeftReason::OtherRun { run } => Some(format!("run {run} may be using it")),
        LeftReason::HoldsOthers { ids } => {
            let ids: Vec<&str> = ids.iter().map(ResourceId::as_str).collect();
            Some(format!(
                "kept: this run did not create {} in it",
                ids.join(", ")
            ))
        }
        LeftReason::NoAnswer
        | LeftReason::ExistedBefore
        | LeftReason::Kept
        | LeftReason::Interrupted
        | LeftReason::TimedOut => None,
    }
}

fn refused(call: &RefusedCall) -> String {
    let RefusedCall {
        operation,
        aws_code,
        message,
    } = call;
    match aws_code {
        Some(code) => format!("{operation}: {message} ({code})"),
        None => format!("{operation}: {message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access_point::AccessPointSpec;
    use crate::domain::action::Action;
    use crate::domain::ids::{AccessPointId, FileSystemId, MountTargetId, SecurityGroupId, Zone};
    use crate::domain::observed::Observed;
    use crate::domain::plan::Change;
    use crate::domain::settings::{Backups, Value};
    use crate::domain::tags::Tags;

    fn file_system() -> FileSystemId {
        FileSystemId::from_aws("fs-1")
    }

    fn call(operation: &'static str) -> RefusedCall {
        RefusedCall {
            operation,
            aws_code: Some("AccessDeniedException".to_owned()),
            message: "no".to_owned(),
        }
    }

    fn mount_target(why: LeftReason) -> Leftover {
        let id = ResourceId::from(&MountTargetId::from_aws("fsmt-1"));
        Leftover::of(id, Some(why)).in_zone(&Zone::from_aws("eu-west-1a"))
    }

    fn of(id: impl Into<ResourceId>, why: Option<LeftReason>) -> Leftover {
        Leftover::of(id.into(), why)
    }

    fn tagged() -> Change {
        let tags = Tags::from([("team".to_owned(), "red".to_owned())]);
        Change::of(
            &Action::TagFileSystem(file_system(), tags),
            None,
            &Observed::default(),
        )
    }

    #[test]
    fn each_is_one_line() {
        let run = "run2".to_owned();
        let ids = vec![ResourceId::from(&AccessPointId::from_aws("fsap-1"))];
        let point = AccessPointSpec::new("app".parse().unwrap(), "/app");
        let backups = Value::Backups(Backups::On);
        let set = Change::of(
            &Action::Set(file_system(), backups),
            None,
            &Observed::default(),
        );
        let group = SecurityGroupId::from_aws("sg-1");
        let rows = [
            (
                mount_target(LeftReason::Kept),
                "mount target fsmt-1 in eu-west-1a",
            ),
            (
                mount_target(LeftReason::DeletionRefused(call("DeleteMountTarget"))),
                "mount target fsmt-1 in eu-west-1a (could not be removed: DeleteMountTarget: no (AccessDeniedException))",
            ),
            (
                mount_target(LeftReason::NoAnswer).unconfirmed(),
                "mount target fsmt-1 in eu-west-1a, possibly created by this run (no answer from AWS)",
            ),
            (
                of(&group, Some(LeftReason::OtherRun { run })),
                "security group sg-1 (run run2 may be using it)",
            ),
            (
                of(&file_system(), Some(LeftReason::HoldsOthers { ids })),
                "file system fs-1 (kept: this run did not create fsap-1 in it)",
            ),
            (
                of(&group, Some(LeftReason::Interrupted)),
                "security group sg-1",
            ),
            (
                of(&group, None).about(&file_system()),
                "on fs-1: security group sg-1",
            ),
            (
                Leftover::perhaps(&Action::CreateAccessPoint(file_system(), point)),
                "possibly created (no answer from AWS): access point app",
            ),
            (
                Leftover::perhaps(&Action::CreateFileSystem),
                "possibly created (no answer from AWS): file system",
            ),
            (
                Leftover::changed(tagged(), Some(LeftReason::ExistedBefore)),
                "not rolled back: updated tags fs-1 team=red",
            ),
            (
                Leftover::changed(set, Some(LeftReason::NoAnswer)).unconfirmed(),
                "possibly updated backup policy fs-1 on (no answer from AWS)",
            ),
            (
                Leftover::changed(tagged(), None).about(&file_system()),
                "on fs-1: updated tags fs-1 team=red",
            ),
        ];
        for (left, expected) in rows {
            assert_eq!(
                leftovers(std::slice::from_ref(&left)),
                [expected],
                "{left:?}"
            );
        }
    }

    #[test]
    fn what_is_the_same_for_several_is_told_once() {
        let why = || Some(LeftReason::NotSeen(call("DescribeFileSystems")));
        let group = SecurityGroupId::from_aws("sg-1");
        let left = [of(&file_system(), why()), of(&group, why())];
        assert_eq!(
            leftovers(&left),
            [
                "file system fs-1 (could not be removed: DescribeFileSystems: no (AccessDeniedException))",
                "security group sg-1",
            ]
        );
    }
}
