//! What a run leaves behind: as facts, until `ui/` puts them into words.

use schemars::JsonSchema;
use serde::Serialize;

use super::action::Action;
use super::ids::{FileSystemId, Zone};
use super::observed::Observed;
use super::plan::{Change, Verb};
use super::resource::{Resource, ResourceId};

/// Something that a run created or changed and did not roll back, or may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Leftover {
    /// What is left; of a change: what was changed.
    pub resource: Resource,
    /// The zone of a mount target.
    pub zone: Option<Zone>,
    /// What was changed, where the change is left and not the resource.
    pub change: Option<Changed>,
    /// Whether it is known to be left; false: it may be.
    pub certain: bool,
    /// Why it is left.
    pub why: Option<LeftReason>,
    /// The file system in question, where a run is about several.
    pub file_system_id: Option<FileSystemId>,
}

/// A change that stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Changed {
    /// What was done.
    pub action: Verb,
    /// What is special about it.
    pub detail: String,
}

/// Why something is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum LeftReason {
    /// AWS gave no answer to the call that creates or changes it.
    NoAnswer,
    /// AWS refused to delete it.
    DeletionRefused(RefusedCall),
    /// Who owns it could not be checked, so it was not deleted.
    NotSeen(RefusedCall),
    /// It existed before the run: changes of it are not rolled back.
    ExistedBefore,
    /// This run of efsctl may be using it.
    OtherRun {
        /// The run.
        run: String,
    },
    /// It holds these resources, which the run did not create.
    HoldsOthers {
        /// Their ids.
        #[schemars(with = "Vec<String>")]
        ids: Vec<ResourceId>,
    },
    /// It was kept, as requested.
    Kept,
    /// The removal was interrupted.
    Interrupted,
    /// The removal timed out.
    TimedOut,
}

/// A call that AWS refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RefusedCall {
    /// The operation of AWS.
    pub operation: &'static str,
    /// The error code of AWS.
    pub aws_code: Option<String>,
    /// What AWS said.
    pub message: String,
}

impl LeftReason {
    /// The codes of all of them, with what they mean.
    pub const CODES: [(&str, &str); 9] = [
        (
            "no-answer",
            "AWS gave no answer to the call that creates or changes it",
        ),
        (
            "deletion-refused",
            "AWS refused to delete it: `operation`, `aws_code`, `message`",
        ),
        (
            "not-seen",
            "who owns it could not be checked, so it was not deleted: `operation`, `aws_code`, `message`",
        ),
        (
            "existed-before",
            "it existed before the run: changes of it are not rolled back",
        ),
        ("other-run", "another run of efsctl, `run`, may be using it"),
        (
            "holds-others",
            "it holds these `ids`, which the run did not create",
        ),
        ("kept", "it was kept, as requested"),
        ("interrupted", "the removal was interrupted"),
        ("timed-out", "the removal timed out"),
    ];
}

impl Leftover {
    /// A resource that is there.
    pub fn of(resource: impl Into<Resource>, why: Option<LeftReason>) -> Self {
        Self {
            resource: resource.into(),
            zone: None,
            change: None,
            certain: true,
            why,
            file_system_id: None,
        }
    }

    /// What may be the outcome of a call that creates something and got no answer.
    pub fn perhaps(action: &Action) -> Self {
        let zone = match action {
            Action::CreateMountTarget { zone, .. } => Some(zone.clone()),
            _ => None,
        };
        let made = Change::of(action, None, &Observed::default()).resource;
        Self {
            zone,
            ..Self::of(made, Some(LeftReason::NoAnswer)).unconfirmed()
        }
    }

    /// A change that stays.
    pub fn changed(change: Change, why: Option<LeftReason>) -> Self {
        let Change {
            action,
            resource,
            detail,
            before: _,
            after: _,
        } = change;
        Self {
            change: Some(Changed { action, detail }),
            ..Self::of(resource, why)
        }
    }

    /// The same, which may be left and may not.
    #[must_use]
    pub fn unconfirmed(self) -> Self {
        Self {
            certain: false,
            ..self
        }
    }

    /// The same, in that zone.
    #[must_use]
    pub fn in_zone(self, zone: &Zone) -> Self {
        Self {
            zone: Some(zone.clone()),
            ..self
        }
    }

    /// The same, where that file system is one of several.
    #[must_use]
    pub fn about(self, file_system: &FileSystemId) -> Self {
        Self {
            file_system_id: Some(file_system.clone()),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::ids::MountTargetId;
    use crate::domain::resource::ResourceKind;
    use crate::domain::tags::Tags;

    fn refused() -> RefusedCall {
        RefusedCall {
            operation: "DeleteMountTarget",
            aws_code: Some("AccessDeniedException".to_owned()),
            message: "no".to_owned(),
        }
    }

    fn json_of(leftover: &Leftover) -> serde_json::Value {
        serde_json::to_value(leftover).unwrap()
    }

    #[test]
    fn a_resource_is_left_with_its_id_and_why() {
        let zone = Zone::from_aws("eu-west-1a");
        let id = ResourceId::from(&MountTargetId::from_aws("fsmt-1"));
        let why = LeftReason::DeletionRefused(refused());
        let left = Leftover::of(id, Some(why)).in_zone(&zone);
        assert_eq!(
            json_of(&left),
            json!({
                "resource": {"kind": "mount_target", "id": "fsmt-1"},
                "zone": "eu-west-1a",
                "change": null,
                "certain": true,
                "why": {
                    "code": "deletion-refused",
                    "operation": "DeleteMountTarget",
                    "aws_code": "AccessDeniedException",
                    "message": "no",
                },
                "file_system_id": null,
            })
        );
    }

    #[test]
    fn what_a_call_may_have_made_has_no_id() {
        let action = Action::CreateMountTarget {
            file_system: FileSystemId::from_aws("fs-1"),
            zone: Zone::from_aws("eu-west-1a"),
            subnet: "subnet-00000001".parse().unwrap(),
            groups: std::collections::BTreeSet::new(),
        };
        let left = Leftover::perhaps(&action);
        assert_eq!(
            json_of(&left),
            json!({
                "resource": {"kind": "mount_target", "id": null},
                "zone": "eu-west-1a",
                "change": null,
                "certain": false,
                "why": {"code": "no-answer"},
                "file_system_id": null,
            })
        );
        let group = Leftover::perhaps(&Action::CreateSecurityGroup);
        assert_eq!(group.resource.kind, ResourceKind::SecurityGroup);
    }

    #[test]
    fn a_change_is_left_with_what_was_changed() {
        let id = FileSystemId::from_aws("fs-1");
        let tags = Tags::from([("team".to_owned(), "red".to_owned())]);
        let action = Action::TagFileSystem(id.clone(), tags);
        let change = Change::of(&action, None, &Observed::default());
        let left = Leftover::changed(change, Some(LeftReason::ExistedBefore)).about(&id);
        assert_eq!(
            json_of(&left),
            json!({
                "resource": {"kind": "tags", "id": "fs-1"},
                "zone": null,
                "change": {"action": "update", "detail": "team=red"},
                "certain": true,
                "why": {"code": "existed-before"},
                "file_system_id": "fs-1",
            })
        );
    }

    #[test]
    fn every_reason_has_a_code() {
        let id = ResourceId::from(&MountTargetId::from_aws("fsmt-1"));
        let rows = [
            (LeftReason::NoAnswer, json!({"code": "no-answer"})),
            (
                LeftReason::NotSeen(RefusedCall {
                    aws_code: None,
                    ..refused()
                }),
                json!({"code": "not-seen", "operation": "DeleteMountTarget", "aws_code": null, "message": "no"}),
            ),
            (LeftReason::ExistedBefore, json!({"code": "existed-before"})),
            (
                LeftReason::OtherRun {
                    run: "run2".to_owned(),
                },
                json!({"code": "other-run", "run": "run2"}),
            ),
            (
                LeftReason::HoldsOthers { ids: vec![id] },
                json!({"code": "holds-others", "ids": ["fsmt-1"]}),
            ),
            (LeftReason::Kept, json!({"code": "kept"})),
            (LeftReason::Interrupted, json!({"code": "interrupted"})),
            (LeftReason::TimedOut, json!({"code": "timed-out"})),
        ];
        let refused = serde_json::to_value(LeftReason::DeletionRefused(refused())).unwrap();
        let mut codes = vec![refused["code"].as_str().unwrap().to_owned()];
        for (reason, expected) in rows {
            assert_eq!(serde_json::to_value(&reason).unwrap(), expected);
            codes.push(expected["code"].as_str().unwrap().to_owned());
        }
        let mut listed = LeftReason::CODES.map(|(code, _)| code);
        codes.sort_unstable();
        listed.sort_unstable();
        assert_eq!(codes, listed);
    }
}
