//! What a run knows of its own doing. By the types of the library.

use std::collections::BTreeSet;

use efsctl::domain::action::{Action, ReadScope};
use efsctl::domain::ids::{
    FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId, SubnetId, Zone,
};
use efsctl::domain::network::Peer;
use efsctl::domain::plan::{Change, Verb};
use efsctl::domain::resource::{Resource, ResourceId, ResourceKind};
use efsctl::domain::settings::{Backups, Value};
use efsctl::domain::state::{MountTarget, State};
use efsctl::domain::tags::{self, Tags};
use efsctl::provision::Ledger;
use tokio::time::{Duration, Instant, advance};

fn fs() -> FileSystemId {
    FileSystemId::from_aws("fs-1")
}

fn group() -> SecurityGroupId {
    SecurityGroupId::from_aws("sg-1")
}

fn zone(letter: char) -> Zone {
    format!("eu-west-1{letter}").parse().unwrap()
}

fn mount_target(letter: char) -> MountTarget {
    MountTarget {
        id: MountTargetId::from_aws(format!("fsmt-{letter}")),
        file_system: fs(),
        subnet: SubnetId::from_aws(format!("subnet-{letter}")),
        zone: zone(letter),
        vpc: None,
        ip: None,
        state: State::Available,
        interface: Some(interface(letter)),
    }
}

fn interface(letter: char) -> NetworkInterfaceId {
    NetworkInterfaceId::from_aws(format!("eni-{letter}"))
}

fn creation(letter: char) -> Action {
    Action::CreateMountTarget {
        file_system: fs(),
        zone: zone(letter),
        subnet: SubnetId::from_aws(format!("subnet-{letter}")),
        groups: BTreeSet::new(),
    }
}

fn change() -> Change {
    Change {
        action: Verb::Update,
        resource: Resource {
            kind: ResourceKind::Tags,
            id: None,
            name: None,
        },
        detail: String::new(),
        before: None,
        after: None,
    }
}

fn tagged(ledger: &mut Ledger, letters: &str) {
    let ids = letters.chars().map(interface).collect();
    ledger.changed(&Action::TagInterfaces(ids, Tags::new()), change());
}

#[tokio::test(start_paused = true)]
async fn interfaces_of_mount_targets_that_others_made_were_tagged() {
    let there = [mount_target('a'), mount_target('b')];
    let mut ledger = Ledger::default();
    assert!(!ledger.tagged_others(&there), "nothing was tagged");
    ledger.make(&there[0].id);
    tagged(&mut ledger, "a");
    assert!(!ledger.tagged_others(&there), "its own");
    tagged(&mut ledger, "b");
    assert!(ledger.tagged_others(&there), "one of others");
    // In a zone in which its own may appear it is not told apart.
    ledger.note_unconfirmed(&creation('b'));
    assert!(!ledger.tagged_others(&there));
    assert_eq!(ledger.unconfirmed_zones(), BTreeSet::from([zone('b')]));
    assert!(ledger.made(&there[0].id) && !ledger.made(&there[1].id));
    assert_eq!(ledger.changes.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_setting_without_an_answer_stays_where_the_run_did_not_make_its_holder() {
    let set = Action::Set(fs(), Value::Backups(Backups::On));
    let allow = Action::AllowNfs(group(), Peer::Group(group()));
    let attach = Action::SetMountTargetGroups {
        id: mount_target('a').id,
        interface: interface('a'),
        groups: BTreeSet::new(),
    };
    let all = [&set, &allow, &attach];
    let left = |made: &[ResourceId]| {
        let mut ledger = Ledger::default();
        for action in all {
            ledger
                .unconfirmed_settings
                .insert(action.key(), action.clone());
        }
        for id in made {
            ledger.make(id.clone());
        }
        let left: BTreeSet<String> = ledger.unconfirmed_changes().map(Action::key).collect();
        all.map(|action| left.contains(&action.key()))
    };
    assert_eq!(left(&[]), [true, true, true]);
    assert_eq!(left(&[(&fs()).into()]), [false, true, true]);
    assert_eq!(left(&[(&group()).into()]), [true, false, true]);
    assert_eq!(left(&[(&mount_target('a').id).into()]), [true, true, false]);
}

#[tokio::test(start_paused = true)]
async fn what_carries_another_run_or_was_there_is_adopted() {
    let id: ResourceId = (&fs()).into();
    let of = |run: &str| tags::of(&"data".parse().unwrap(), run, &Tags::new());
    let mut ledger = Ledger::beginning(
        BTreeSet::from([id.clone()]),
        BTreeSet::from(["me".to_owned()]),
    );
    assert!(ledger.before.contains(&id) && ledger.runs.contains("me"));
    ledger.note_foreign(id.clone(), &of("other"), "me");
    assert!(ledger.concurrent_runs.is_empty(), "it was there before");
    let mut ledger = Ledger::default();
    assert!(!ledger.made_anything());
    ledger.note_foreign(id.clone(), &of("me"), "me");
    assert!(ledger.before.is_empty(), "its own");
    ledger.note_foreign(id.clone(), &of("other"), "me");
    assert_eq!(ledger.before, BTreeSet::from([id.clone()]));
    assert_eq!(ledger.concurrent_runs, BTreeSet::from(["other".to_owned()]));
    let mut ledger = Ledger::default();
    ledger.make(id.clone());
    ledger.note_foreign(id.clone(), &of("other"), "me");
    assert!(ledger.before.is_empty(), "it made it");
    assert!(ledger.made_anything());
    assert_eq!(ledger.all_made().collect::<Vec<_>>(), [&id]);
}

/// 30 s for a request to take effect, 30 for AWS to show it.
#[tokio::test(start_paused = true)]
async fn a_call_without_an_answer_is_doubtful_for_a_minute() {
    let minute = Duration::from_mins(1);
    let mut ledger = Ledger::default();
    assert_eq!(ledger.unconfirmed_until(), None);
    // Settings make nothing.
    ledger.note_unconfirmed(&Action::Set(fs(), Value::Backups(Backups::On)));
    assert!(ledger.unconfirmed().is_empty() && !ledger.made_anything());
    let sent = Instant::now();
    ledger.note_unconfirmed(&creation('a'));
    assert!(ledger.made_anything());
    assert_eq!(ledger.unconfirmed_until(), Some(sent + minute));
    assert_eq!(ledger.unconfirmed(), [&creation('a')]);
    let scopes: Vec<ReadScope> = ledger.unconfirmed_scopes().collect();
    assert_eq!(scopes, [ReadScope::MountTargets]);
    // Its retry succeeded: the first request may still come.
    ledger.confirm(&creation('a'));
    assert_eq!(ledger.unconfirmed(), [&creation('a')]);
    assert_eq!(ledger.unconfirmed_until(), Some(sent + minute));
    assert_eq!(ledger.unconfirmed_scopes().count(), 1);
    advance(minute - Duration::from_millis(1)).await;
    assert_eq!(ledger.unconfirmed().len(), 1);
    advance(Duration::from_millis(1)).await;
    assert!(ledger.unconfirmed().is_empty());
    // A call of which nothing more was heard stays.
    ledger.note_unconfirmed(&creation('b'));
    advance(minute * 2).await;
    assert_eq!(ledger.unconfirmed(), [&creation('b')]);
    ledger.confirm(&creation('c'));
    assert_eq!(
        ledger.unconfirmed_zones(),
        BTreeSet::from([zone('a'), zone('b')])
    );
}

/// A read may miss what was created up to 30 s before it was asked.
#[tokio::test(start_paused = true)]
async fn what_was_just_created_may_be_missed_by_a_read() {
    let mut ledger = Ledger::default();
    let asked = Instant::now();
    assert!(!ledger.is_fresh(&fs(), asked));
    ledger.make(&fs());
    let settled = Instant::now() + Duration::from_secs(30);
    assert!(ledger.is_fresh(&fs(), asked));
    assert!(ledger.is_fresh(&fs(), settled - Duration::from_millis(1)));
    assert!(!ledger.is_fresh(&fs(), settled));
    ledger.note_deleted(&Action::DeleteFileSystem(fs()));
    assert!(!ledger.is_fresh(&fs(), asked), "it goes");
}
