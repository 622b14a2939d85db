//! An orphan in the document.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::advice::Invocation;
use crate::domain::deployment::metered;
use crate::domain::orphan::{Orphan, OrphanReason};
use crate::domain::resource::Resource;

/// Something of ours that no complete deployment owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OrphanView {
    /// What it is.
    pub resource: Resource,
    /// The name it was created under.
    pub name: String,
    /// Why it is an orphan.
    pub why: OrphanReason,
    /// The same as a sentence.
    pub what: String,
    /// The command that removes it, for the account and the region that the run was about.
    pub remove: String,
}

impl OrphanView {
    /// The view of an orphan, for the invocation that was typed.
    pub fn of(orphan: Orphan, invocation: &Invocation) -> Self {
        let remove = orphan.remove().shown(invocation);
        let id = orphan.resource.id.as_ref();
        let id = id.map(ToString::to_string).unwrap_or_default();
        let what = match orphan.why {
            OrphanReason::NoMountTarget { size_bytes } => format!(
                "file system {id} has no mount target ({})",
                metered(size_bytes)
            ),
            OrphanReason::NoFileSystem => format!("security group {id} has no file system"),
        };
        Self {
            resource: orphan.resource,
            name: orphan.name,
            why: orphan.why,
            what,
            remove,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::ids::{FileSystemId, SecurityGroupId};
    use crate::domain::resource::ResourceId;

    #[test]
    fn an_orphan_is_shown_with_the_command_that_removes_it() {
        let invocation = Invocation {
            region: Some("eu-west-1".to_owned()),
            ..Invocation::PLAIN
        };
        let orphan = |id: ResourceId, why| Orphan {
            resource: id.into(),
            why,
            name: "demo".to_owned(),
        };
        let file_system = FileSystemId::from_aws("fs-1");
        let bare = orphan(
            (&file_system).into(),
            OrphanReason::NoMountTarget { size_bytes: 6144 },
        );
        assert_eq!(
            serde_json::to_value(OrphanView::of(bare, &invocation)).unwrap(),
            json!({
                "resource": {"kind": "file_system", "id": "fs-1"},
                "name": "demo",
                "why": {"code": "no-mount-target", "size_bytes": 6144},
                "what": "file system fs-1 has no mount target (6.0 KiB metered, up to hours old)",
                "remove": "efsctl --region eu-west-1 delete demo --yes",
            })
        );
        let group = SecurityGroupId::from_aws("sg-1");
        let group = OrphanView::of(
            orphan((&group).into(), OrphanReason::NoFileSystem),
            &invocation,
        );
        assert_eq!(group.what, "security group sg-1 has no file system");
        assert_eq!(
            serde_json::to_value(group.why).unwrap(),
            json!({"code": "no-file-system"})
        );
    }
}
