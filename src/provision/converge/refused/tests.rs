//! What each refusal means, row by row.

use super::*;
use crate::domain::ids::{
    FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId, SubnetId, Zone,
};
use crate::domain::settings::{Backups, Value};
use crate::domain::state::MountTarget;

const MOMENT: Duration = Duration::from_millis(1);

fn refusal(class: Class, code: &str) -> CloudError {
    CloudError {
        code: Some(code.to_owned()),
        ..CloudError::new(class, "Operation", "no")
    }
}

fn id_of_file_system() -> FileSystemId {
    FileSystemId::from_aws("fs-1")
}

fn create() -> (Action, Verb) {
    (Action::CreateFileSystem, Verb::Create)
}

fn delete_file_system() -> (Action, Verb) {
    (Action::DeleteFileSystem(id_of_file_system()), Verb::Delete)
}

fn delete_mount_target() -> (Action, Verb) {
    let id = MountTargetId::from_aws("fsmt-1");
    (Action::DeleteMountTarget(id), Verb::Delete)
}

fn set() -> (Action, Verb) {
    let value = Value::Backups(Backups::On);
    (Action::Set(id_of_file_system(), value), Verb::Update)
}

fn tag() -> (Action, Verb) {
    let ids = BTreeSet::from([NetworkInterfaceId::from_aws("eni-1")]);
    (Action::TagInterfaces(ids, BTreeMap::new()), Verb::Update)
}

fn means((action, verb): (Action, Verb), error: &CloudError, refused_for: Duration) -> Meaning {
    let since = Circumstances {
        early: false,
        something_is_deleted: false,
        refused_for,
        verb,
    };
    meaning(&action, error, &since)
}

fn again(scopes: &[ReadScope]) -> Meaning {
    Meaning::Again(scopes.iter().copied().collect())
}

#[test]
fn a_class_says_whether_it_is_tried_again() {
    let all = [
        Class::Retry,
        Class::Throttle,
        Class::Ambiguous,
        Class::Recheck,
        Class::NotFound,
        Class::Denied,
        Class::Credentials,
        Class::Quota,
        Class::Permanent,
    ];
    for class in all {
        let error = refusal(class, "Code");
        let made = means(delete_file_system(), &error, Duration::ZERO);
        let expected = match class {
            Class::Retry | Class::Throttle | Class::Ambiguous | Class::Recheck => {
                again(&[ReadScope::FileSystem])
            }
            Class::NotFound => again(&[ReadScope::FileSystem, ReadScope::SecurityGroup]),
            Class::Denied | Class::Credentials | Class::Quota | Class::Permanent => Meaning::Ends,
        };
        assert_eq!(made, expected, "{class:?}");
    }
}

/// What is created names nothing that could be read again.
#[test]
fn what_is_not_found_is_looked_for_unless_nothing_is_named() {
    let error = refusal(Class::NotFound, "SecurityGroupNotFound");
    assert_eq!(means(create(), &error, Duration::ZERO), Meaning::Ends);
    let group = (Action::CreateSecurityGroup, Verb::Create);
    assert_eq!(means(group, &error, Duration::ZERO), Meaning::Ends);
    let scopes = [
        ReadScope::FileSystem,
        ReadScope::SecurityGroup,
        ReadScope::MountTargets,
    ];
    assert_eq!(
        means(delete_mount_target(), &error, Duration::ZERO),
        again(&scopes)
    );
}

#[test]
fn what_is_due_again_and_refused_again_is_refused_for_good_after_its_time() {
    let group = || {
        let id = SecurityGroupId::from_aws("sg-1");
        (Action::DeleteSecurityGroup(id), Verb::Delete)
    };
    let (create, delete) = (create(), group());
    for class in [Class::Recheck, Class::NotFound] {
        // What creates names nothing, and so is never "not found" again.
        if class == Class::Recheck {
            let error = refusal(class, "Conflict");
            assert!(matches!(
                means(create.clone(), &error, SETTLE),
                Meaning::Again(_)
            ));
            assert_eq!(
                means(create.clone(), &error, SETTLE + MOMENT),
                Meaning::Ends
            );
        }
        let error = refusal(class, "Conflict");
        assert!(matches!(means(set(), &error, SETTLE), Meaning::Again(_)));
        assert_eq!(means(set(), &error, SETTLE + MOMENT), Meaning::Ends);
        assert!(matches!(
            means(delete.clone(), &error, DRAIN),
            Meaning::Again(_)
        ));
        assert_eq!(means(delete.clone(), &error, DRAIN + MOMENT), Meaning::Ends);
    }
    // What passes by itself has no end here: the run has one.
    for class in [Class::Retry, Class::Throttle, Class::Ambiguous] {
        let error = refusal(class, "Busy");
        assert!(
            matches!(means(create.clone(), &error, DRAIN * 9), Meaning::Again(_)),
            "{class:?}"
        );
    }
}

/// A deletion waits as long as something is deleted that may hold it, or while its own mount target is being created.
#[test]
fn a_deletion_waits_for_what_is_on_its_way() {
    let (action, verb) = delete_mount_target();
    let at = |early, something_is_deleted| Circumstances {
        early,
        something_is_deleted,
        refused_for: DRAIN + MOMENT,
        verb,
    };
    let error = refusal(Class::Recheck, "Conflict");
    let waits = again(&[ReadScope::MountTargets]);
    for (early, something_is_deleted, expected) in [
        (false, false, Meaning::Ends),
        (true, false, waits.clone()),
        (false, true, waits.clone()),
        (true, true, waits.clone()),
    ] {
        let made = meaning(&action, &error, &at(early, something_is_deleted));
        assert_eq!(made, expected, "{early} {something_is_deleted}");
    }
    let permanent = refusal(Class::Permanent, "ValidationException");
    assert_eq!(meaning(&action, &permanent, &at(true, false)), waits);
    assert_eq!(
        meaning(&action, &permanent, &at(false, true)),
        Meaning::Ends
    );
    // What is created or changed does not wait for deletions.
    let (action, verb) = set();
    let at = Circumstances {
        verb,
        ..at(true, true)
    };
    assert_eq!(meaning(&action, &error, &at), Meaning::Ends);
}

#[test]
fn a_principal_that_is_new_has_a_time_of_its_own() {
    let error = CloudError {
        cause: Some(Cause::UnknownPrincipal),
        ..refusal(Class::Recheck, "InvalidPolicyException")
    };
    assert!(PROPAGATION > SETTLE);
    assert!(matches!(
        means(set(), &error, PROPAGATION),
        Meaning::Again(_)
    ));
    assert_eq!(
        means(set(), &error, PROPAGATION + MOMENT),
        Meaning::EndsForGood
    );
}

#[test]
fn a_tag_is_left_out_and_a_lock_stops_its_setting_only() {
    let denied = refusal(Class::Denied, "UnauthorizedOperation");
    assert_eq!(means(tag(), &denied, Duration::ZERO), Meaning::LeftOut);
    let locked = refusal(Class::Permanent, LOCKED);
    assert_eq!(means(set(), &locked, Duration::ZERO), Meaning::Locked);
    assert_eq!(means(create(), &locked, Duration::ZERO), Meaning::Ends);
    let other = refusal(Class::Permanent, "ValidationException");
    assert_eq!(means(set(), &other, Duration::ZERO), Meaning::Ends);
    // A throttle has the same name in other services: it passes.
    let throttled = refusal(Class::Throttle, LOCKED);
    assert!(matches!(
        means(set(), &throttled, Duration::ZERO),
        Meaning::Again(_)
    ));
}

#[test]
fn two_codes_name_what_else_has_to_be_read() {
    let rows = [
        (
            "IncorrectFileSystemLifeCycleState",
            vec![ReadScope::FileSystem, ReadScope::MountTargets],
        ),
        ("FileSystemInUse", vec![ReadScope::MountTargets]),
        ("MountTargetConflict", vec![ReadScope::MountTargets]),
    ];
    for (code, scopes) in rows {
        let error = refusal(Class::Recheck, code);
        assert_eq!(
            means(delete_mount_target(), &error, Duration::ZERO),
            again(&scopes),
            "{code}"
        );
    }
    let error = refusal(Class::Recheck, "FileSystemInUse");
    let both = [ReadScope::FileSystem, ReadScope::MountTargets];
    assert_eq!(
        means(delete_file_system(), &error, Duration::ZERO),
        again(&both)
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_counts_from_the_first_one_as_long_as_the_call_is_due() {
    let mut refusals = Refusals::default();
    let (action, _) = create();
    let first = refusals.since(&action);
    tokio::time::sleep(SETTLE).await;
    assert_eq!(refusals.since(&action), first);
    refusals.keep(std::slice::from_ref(&action));
    assert_eq!(refusals.since(&action), first);
    refusals.keep(&[set().0]);
    assert_eq!(refusals.since(&action), first + SETTLE);
}

#[test]
fn what_is_being_created_and_what_is_being_deleted_is_seen() {
    let mt = |id: &str, state| MountTarget {
        id: MountTargetId::from_aws(id),
        file_system: id_of_file_system(),
        subnet: SubnetId::from_aws("subnet-1"),
        zone: Zone::from_aws("a"),
        vpc: None,
        ip: None,
        state,
        interface: None,
    };
    let of = |first, second| Observed {
        mount_targets: vec![mt("fsmt-1", first), mt("fsmt-2", second)],
        ..Observed::default()
    };
    let (deletes, _) = delete_mount_target();
    let creating = |first, second| is_creating(&of(first, second), &deletes);
    assert!(creating(State::Creating, State::Available));
    assert!(!creating(State::Available, State::Creating));
    assert!(!is_creating(
        &of(State::Creating, State::Creating),
        &delete_file_system().0
    ));
    assert!(is_anything_going(&of(State::Available, State::Deleting)));
    assert!(!is_anything_going(&of(State::Available, State::Deleted)));
    assert!(!is_anything_going(&Observed::default()));
}
