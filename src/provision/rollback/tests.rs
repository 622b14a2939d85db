//! What is left, and why, row by row.

use super::*;
use crate::cloud::Class;
use crate::domain::action::Action;
use crate::domain::ids::{FileSystemId, MountTargetId, SubnetId, Zone};
use crate::domain::leftover::LeftReason;

const RUN: &str = "run1";

fn mt(id: &str, zone: &str, state: State) -> MountTarget {
    MountTarget {
        id: MountTargetId::from_aws(id),
        file_system: FileSystemId::from_aws("fs-1"),
        subnet: SubnetId::from_aws(format!("subnet-{zone}")),
        zone: Zone::from_aws(zone),
        vpc: None,
        ip: None,
        state,
        interface: None,
    }
}

fn observed(mount_targets: Vec<MountTarget>) -> Observed {
    Observed {
        mount_targets,
        ..Observed::default()
    }
}

/// A ledger of a run that asked for mount targets in these zones and got no answer.
fn asked(zones: &[&str]) -> Ledger {
    let mut ledger = Ledger::default();
    for zone in zones {
        ledger.note_unconfirmed(&Action::CreateMountTarget {
            file_system: FileSystemId::from_aws("fs-1"),
            zone: Zone::from_aws(*zone),
            subnet: SubnetId::from_aws("subnet-1"),
            groups: BTreeSet::new(),
        });
    }
    ledger
}

fn ids(leftovers: &[Leftover]) -> Vec<String> {
    let ids = leftovers
        .iter()
        .filter_map(|left| left.resource.id.as_ref());
    ids.map(|id| id.as_str().to_owned()).collect()
}

/// In a file system of somebody else: only what nobody is known to have made, in a zone that was asked for without an answer.
#[tokio::test(start_paused = true)]
async fn a_mount_target_is_perhaps_ours_where_nothing_else_explains_it() {
    let of = |state| observed(vec![mt("fsmt-1", "a", state)]);
    let perhaps = |observed: &Observed, ledger: &Ledger| ids(&perhaps_ours(observed, ledger));
    assert_eq!(perhaps(&of(State::Available), &asked(&["a"])), ["fsmt-1"]);
    assert_eq!(
        perhaps(&of(State::Creating), &asked(&["a", "b"])),
        ["fsmt-1"]
    );
    let none: [String; 0] = [];
    assert_eq!(perhaps(&of(State::Available), &asked(&["b"])), none);
    assert_eq!(perhaps(&of(State::Deleting), &asked(&["a"])), none);
    assert_eq!(perhaps(&of(State::Deleted), &asked(&["a"])), none);
    let mut made = asked(&["a"]);
    made.make(&MountTargetId::from_aws("fsmt-1"));
    assert_eq!(perhaps(&of(State::Available), &made), none);
    let mut before = asked(&["a"]);
    before
        .before
        .insert((&MountTargetId::from_aws("fsmt-1")).into());
    assert_eq!(perhaps(&of(State::Available), &before), none);
    let found = perhaps_ours(&of(State::Available), &asked(&["a"]));
    assert_eq!(
        (found[0].certain, &found[0].why),
        (false, &Some(LeftReason::NoAnswer))
    );
}

/// What a run made and is still there is kept with that reason; what it did not make, and what is gone, is not.
#[tokio::test(start_paused = true)]
async fn what_is_kept_is_what_was_made_and_is_there() {
    let mut ledger = Ledger::default();
    for id in ["fsmt-1", "fsmt-2"] {
        ledger.make(&MountTargetId::from_aws(id));
    }
    let there = observed(vec![
        mt("fsmt-1", "a", State::Available),
        mt("fsmt-2", "b", State::Deleted),
        mt("fsmt-3", "c", State::Available),
    ]);
    let left = kept(RUN, &there, &ledger);
    assert_eq!(ids(&left), ["fsmt-1"]);
    assert_eq!(left[0].why, Some(LeftReason::Kept));
    assert_eq!(left[0].zone, Some(Zone::from_aws("a")));
    assert!(left[0].certain);
    // A call without an answer may have made something besides.
    let left = kept(RUN, &observed(Vec::new()), &asked(&["a"]));
    assert_eq!(left.len(), 1);
    assert!(!left[0].certain);
}

#[test]
fn a_refused_deletion_is_the_reason_of_what_it_would_have_deleted() {
    let id = MountTargetId::from_aws("fsmt-1");
    let error = CloudError::new(Class::Denied, "DeleteMountTarget", "no");
    let action = Action::DeleteMountTarget(id.clone());
    let refused = Some(LeftReason::DeletionRefused(error.refused()));
    let other = ResourceId::from(&MountTargetId::from_aws("fsmt-2"));
    for stop in [
        Stop::CallFailed(action.clone(), error.clone()),
        Stop::Locked(action, error.clone()),
    ] {
        assert_eq!(why(&stop, &(&id).into()), refused);
        assert_eq!(why(&stop, &other), None);
    }
    let fs = FileSystemId::from_aws("fs-1");
    let held = ResourceId::from(&MountTargetId::from_aws("fsmt-9"));
    let blocked = Stop::Blocked(vec![Blocked {
        file_system: fs.clone(),
        others: vec![held.clone()],
    }]);
    let holds = LeftReason::HoldsOthers { ids: vec![held] };
    assert_eq!(why(&blocked, &(&fs).into()), Some(holds));
    assert_eq!(why(&blocked, &other), None);
    let unseen = Stop::ReadFailed(error.clone());
    assert_eq!(
        why(&unseen, &other),
        Some(LeftReason::NotSeen(error.refused()))
    );
    assert_eq!(
        why(&Stop::Interrupted, &other),
        Some(LeftReason::Interrupted)
    );
    assert_eq!(why(&Stop::Failed(Vec::new()), &other), None);
}
