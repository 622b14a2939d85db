//! `EfsService::set` on a file system of somebody else: one table for all settings, and every row through the same life.

mod command;
mod limits;
mod network;
mod policy;
mod replication;
mod rights;

use std::collections::BTreeSet;
use std::time::Duration;

use efsctl::domain::expiry::Expiry;
use efsctl::domain::ids::Reference;
use efsctl::domain::plan::NotAppliedState;
use efsctl::domain::settings::lifecycle::Transitions;
use efsctl::domain::settings::policy::{Content, Wanted};
use efsctl::domain::settings::replication::{Destination, ReplicateArg};
use efsctl::domain::settings::{On, Protection, Throughput, Wish, Wishes};
use efsctl::domain::tags::Tags;
use efsctl::error::{Code, Kind};
use efsctl::sandbox::account::Options;
use efsctl::sandbox::fault::Faults;
use efsctl::service::{SetOptions, SetRequest, Updated};

use crate::support::harness::Harness;
use crate::support::world::{World, world};

/// The file system of every row.
const ID: &str = "fs-0000000000000000a";

fn reference() -> Reference {
    ID.parse().unwrap()
}

/// A file system of another tool, with two mount targets, tags and an access point.
fn somebody_elses() -> World {
    world()
        .vpc("10.0.0.0/16")
        .subnet('a')
        .subnet('b')
        .group("nfs", &["tcp 2049 from 10.0.0.0/16"])
        .file_system("data")
        .tag("team", "red")
        .tag("cost", "7")
        .mount_target('a', &["nfs"])
        .mount_target('b', &["nfs"])
        .access_point("/app")
}

/// One setting: what asks for it and what takes it back, the call that writes it, and what each shows.
struct Row {
    name: &'static str,
    set: SetRequest,
    clear: SetRequest,
    operations: [&'static str; 2],
    shows: &'static str,
    shows_cleared: &'static str,
    is_loss: bool,
}

fn settings(wishes: Wishes) -> SetRequest {
    SetRequest {
        settings: wishes,
        ..SetRequest::default()
    }
}

fn lifecycle(lifecycle: Transitions) -> SetRequest {
    settings(Wishes {
        lifecycle,
        ..Wishes::default()
    })
}

fn presets(words: &str) -> Content {
    Content::Presets(words.split(',').map(|word| word.parse().unwrap()).collect())
}

fn policy(policy: Wish<Wanted>) -> SetRequest {
    settings(Wishes {
        policy,
        ..Wishes::default()
    })
}

fn replication(replication: Wish<Destination>) -> SetRequest {
    settings(Wishes {
        replication,
        ..Wishes::default()
    })
}

fn target(text: &str) -> Destination {
    match text.parse() {
        Ok(ReplicateArg::To(target)) => target,
        other => panic!("{other:?}"),
    }
}

fn tags(pairs: &[(&str, &str)]) -> Tags {
    let pairs = pairs.iter();
    pairs
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .collect()
}

fn untag(keys: &[&str]) -> SetRequest {
    SetRequest {
        untag: keys.iter().map(|key| key.to_string()).collect(),
        ..SetRequest::default()
    }
}

fn rows() -> Vec<Row> {
    let row = |name, set, clear, operations, shows, shows_cleared| Row {
        name,
        set,
        clear,
        operations,
        shows,
        shows_cleared,
        is_loss: false,
    };
    let throughput = |to| {
        settings(Wishes {
            throughput: Wish::Set(to),
            ..Wishes::default()
        })
    };
    let backups = |to| {
        settings(Wishes {
            backups: to,
            ..Wishes::default()
        })
    };
    let protection = |to| {
        settings(Wishes {
            protection: Wish::Set(to),
            ..Wishes::default()
        })
    };
    let days = |text: &str| Wish::Set(text.parse().unwrap());
    let put_lifecycle = ["PutLifecycleConfiguration"; 2];
    vec![
        row(
            "throughput",
            throughput(Throughput::Elastic),
            throughput(Throughput::Bursting),
            ["UpdateFileSystem"; 2],
            "bursting → elastic",
            "elastic → bursting",
        ),
        row(
            "transition to IA",
            lifecycle(Transitions {
                to_ia: days("30d"),
                ..Transitions::default()
            }),
            lifecycle(Transitions {
                to_ia: Wish::Clear,
                ..Transitions::default()
            }),
            put_lifecycle,
            "none → IA after 30d",
            "IA after 30d → none",
        ),
        row(
            "transition to primary",
            lifecycle(Transitions {
                to_primary: Wish::Set(On),
                ..Transitions::default()
            }),
            lifecycle(Transitions {
                to_primary: Wish::Clear,
                ..Transitions::default()
            }),
            put_lifecycle,
            "none → back on access",
            "back on access → none",
        ),
        row(
            "backups",
            backups(Wish::Set(On)),
            backups(Wish::Clear),
            ["PutBackupPolicy"; 2],
            "off → on",
            "on → off",
        ),
        Row {
            is_loss: true,
            ..row(
                "overwrite protection",
                protection(Protection::Off),
                protection(Protection::On),
                ["UpdateFileSystemProtection"; 2],
                "on → off",
                "off → on",
            )
        },
        Row {
            is_loss: true,
            ..row(
                "policy",
                policy(Wish::Set(presets("enforce-tls,deny-root").into())),
                policy(Wish::Clear),
                ["PutFileSystemPolicy", "DeleteFileSystemPolicy"],
                "none → enforce-tls, deny-root",
                "enforce-tls, deny-root → none",
            )
        },
        Row {
            name: "replication",
            set: replication(Wish::Set(target("eu-west-2"))),
            clear: replication(Wish::Clear),
            operations: [
                "CreateReplicationConfiguration",
                "DeleteReplicationConfiguration",
            ],
            shows: "none → to eu-west-2",
            shows_cleared: "to COPY in eu-west-2 → none",
            is_loss: false,
        },
        row(
            "tags",
            SetRequest {
                tags: tags(&[("team", "blue"), ("stage", "prod")]),
                ..SetRequest::default()
            },
            untag(&["stage"]),
            ["TagResource", "UntagResource"],
            "team=red → stage=prod, team=blue",
            "stage=prod",
        ),
        row(
            "access point",
            SetRequest {
                access_points: vec!["srv=/srv:1000:1000:750".parse().unwrap()],
                ..SetRequest::default()
            },
            SetRequest {
                remove_access_points: BTreeSet::from(["srv".parse().unwrap()]),
                ..SetRequest::default()
            },
            ["CreateAccessPoint", "DeleteAccessPoint"],
            "srv at /srv as 1000:1000",
            "srv, /srv, created by efsctl (efsctl:managed-by=efsctl)",
        ),
        row(
            "expiry",
            SetRequest {
                expires: Wish::Set(Expiry {
                    at: 4_000_000_000,
                    is_relative: false,
                }),
                ..SetRequest::default()
            },
            SetRequest {
                expires: Wish::Clear,
                ..SetRequest::default()
            },
            ["TagResource", "UntagResource"],
            "efsctl:expires=2096-10-02T07:06:40Z",
            "efsctl:expires=2096-10-02T07:06:40Z",
        ),
    ]
}

async fn set(harness: &Harness, request: &SetRequest) -> Result<Updated, Box<efsctl::Failure>> {
    let service = harness.service().await;
    let options = SetOptions::default();
    let planned = service.plan_set(&reference(), request, &options).await?;
    service.set(planned, &options).await
}

async fn shown(harness: &Harness, request: &SetRequest) -> Vec<String> {
    let service = harness.service().await;
    let (of, options) = (reference(), SetOptions::default());
    let planned = service.plan_set(&of, request, &options).await.unwrap();
    planned
        .changes
        .into_iter()
        .map(|change| change.detail)
        .collect()
}

fn with_faults(rule: &str) -> Harness {
    let harness = somebody_elses().harness();
    let now = (harness.clock)();
    let world = harness.account.state(now).unwrap().world;
    Harness::with(Options {
        world,
        faults: Faults::new([rule.parse().unwrap()]),
        ..Harness::options()
    })
}

/// The id of a copy is for the simulated account to choose.
fn without_copy(text: &str) -> String {
    let words = text.split(' ');
    let words = words.map(|word| match word.starts_with("fs-") && word != ID {
        true => "COPY",
        false => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// All that belongs to the file system, without what the row names: it has to be as it was.
async fn rest(harness: &Harness, row: &Row) -> String {
    let service = harness.service().await;
    let deployment = service.describe(&reference()).await.unwrap();
    let mut shown = serde_json::to_value(deployment).unwrap();
    let members = shown.as_object_mut().unwrap();
    for operation in row.operations {
        let named: &[&str] = match operation {
            "UpdateFileSystem" => &["throughput_mode", "provisioned_throughput_mibps"],
            "PutLifecycleConfiguration" => &["lifecycle_policy"],
            "PutBackupPolicy" => &["backup", "backup_status"],
            "UpdateFileSystemProtection" => &["replication_overwrite_protection"],
            "PutFileSystemPolicy" => &["policy"],
            "CreateAccessPoint" => &["access_points"],
            _ => &[],
        };
        members.retain(|key, _| !named.contains(&key.as_str()));
        if operation.contains("tag") || operation.contains("Tag") {
            let tags = members["tags"].as_object_mut().unwrap();
            tags.retain(|key, _| key == "cost" || key == "Name");
        }
    }
    let region = harness.region();
    format!(
        "{shown} {:?} {:?}",
        region.access_points, region.security_groups
    )
}

#[tokio::test(start_paused = true)]
async fn shown_set_set_again_and_taken_back() {
    for row in rows() {
        let name = row.name;
        let harness = somebody_elses().harness();
        let before = rest(&harness, &row).await;
        assert_eq!(shown(&harness, &row.set).await, [row.shows], "{name}");
        assert_eq!(harness.writes(), 0, "{name}: a plan writes nothing");

        let made = set(&harness, &row.set).await.unwrap();
        let details: Vec<&str> = made
            .changes
            .iter()
            .map(|change| change.detail.as_str())
            .collect();
        assert_eq!(details, [row.shows], "{name}: the run is the plan");
        assert_eq!(harness.writes(), 1, "{name}");
        assert_eq!(harness.calls().counts[row.operations[0]], 1, "{name}");

        let again = set(&harness, &row.set).await.unwrap();
        assert!(again.changes.is_empty(), "{name}: {:?}", again.changes);
        assert_eq!(harness.writes(), 1, "{name}: set again writes nothing");

        // The throughput mode changes once a day.
        tokio::time::advance(Duration::from_hours(25)).await;

        let cleared = shown(&harness, &row.clear).await;
        let cleared: Vec<String> = cleared.iter().map(|text| without_copy(text)).collect();
        assert_eq!(cleared, [row.shows_cleared], "{name}");
        set(&harness, &row.clear).await.unwrap();
        set(&harness, &row.clear).await.unwrap();
        assert_eq!(harness.writes(), 2, "{name}: taken back once");
        assert_eq!(
            rest(&harness, &row).await,
            before,
            "{name}: what was not named"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_denied_names_the_action_and_changes_nothing() {
    for row in rows() {
        let action = format!("elasticfilesystem:{}", row.operations[0]);
        let harness = somebody_elses().denied(&[&action]).harness();
        let failure = set(&harness, &row.set).await.unwrap_err();
        assert_eq!(failure.error.kind, Kind::Denied, "{}: {failure}", row.name);
        let text = format!("{} {}", failure.error, failure.error.hint.clone().unwrap());
        assert!(text.contains(&action), "{}: {text}", row.name);
        assert!(failure.changes.is_empty(), "{}", row.name);
        let states: Vec<_> = failure.not_applied.iter().map(|one| one.state).collect();
        assert_eq!(states, [NotAppliedState::Failed], "{}", row.name);
    }
}

/// A lost answer, a throttle and an answer of 500 cost time, and nothing else.
#[tokio::test(start_paused = true)]
async fn a_lost_answer_and_a_throttle_end_well() {
    for row in rows() {
        let operation = row.operations[0];
        let plain = somebody_elses().harness();
        set(&plain, &row.set).await.unwrap();
        for fault in ["reset-after", "reset-before", "throttle", "500"] {
            let harness = with_faults(&format!("{operation}:1:{fault}"));
            let name = format!("{}, {fault}", row.name);
            let made = set(&harness, &row.set).await;
            let made = made.unwrap_or_else(|failure| panic!("{name}: {failure}"));
            // What was created by a call whose answer was lost is found, and not counted: it may be another run's.
            let is_found = operation == "CreateAccessPoint" && fault == "reset-after";
            assert_eq!(made.changes.len(), usize::from(!is_found), "{name}");
            assert_eq!(
                shown(&harness, &row.set).await,
                Vec::<String>::new(),
                "{name}"
            );
        }
    }
}

/// What takes away safety is said, so that the caller can ask.
#[tokio::test(start_paused = true)]
async fn a_loss_is_told_beforehand() {
    for row in rows() {
        let harness = somebody_elses().harness();
        let service = harness.service().await;
        let options = SetOptions::default();
        let of = reference();
        let planned = service.plan_set(&of, &row.set, &options);
        assert_eq!(
            !planned.await.unwrap().losses.is_empty(),
            row.is_loss,
            "{}",
            row.name
        );
    }
    let harness = world()
        .vpc("10.0.0.0/16")
        .file_system("data")
        .set("backup", true)
        .harness();
    let off = settings(Wishes {
        backups: Wish::Clear,
        ..Wishes::default()
    });
    let service = harness.service().await;
    let planned = service
        .plan_set(&reference(), &off, &SetOptions::default())
        .await;
    assert_eq!(
        planned
            .unwrap()
            .losses
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["AWS Backup makes no more daily backups of it"]
    );
}

/// Settings that are asked for at once are set side by side, as far as EFS allows.
#[tokio::test(start_paused = true)]
async fn everything_at_once_takes_as_many_calls_as_there_are_settings() {
    let harness = somebody_elses().harness();
    let request = SetRequest {
        settings: Wishes {
            throughput: Wish::Set(Throughput::Elastic),
            lifecycle: Transitions {
                to_ia: Wish::Set("30d".parse().unwrap()),
                to_archive: Wish::Set("90d".parse().unwrap()),
                to_primary: Wish::Set(On),
            },
            backups: Wish::Set(On),
            protection: Wish::Set(Protection::Off),
            ..Wishes::default()
        },
        tags: tags(&[("team", "blue")]),
        untag: BTreeSet::from(["cost".to_owned()]),
        expires: Wish::Set(Expiry {
            at: 4_000_000_000,
            is_relative: true,
        }),
        ..SetRequest::default()
    };
    let made = set(&harness, &request).await.unwrap();
    // Both tags are one call.
    assert_eq!((made.changes.len(), harness.writes()), (6, 6));
    let archive = made
        .deployment
        .lifecycle_policy
        .unwrap()
        .transition_to_archive;
    assert_eq!(archive, Some("90d".parse().unwrap()));
    assert_eq!(set(&harness, &request).await.unwrap().changes, []);
}

#[tokio::test(start_paused = true)]
async fn what_was_changed_before_a_failure_stays_and_is_listed() {
    let harness = with_faults("UpdateFileSystem:*:code=BadRequest/400");
    let request = SetRequest {
        settings: Wishes {
            throughput: Wish::Set(Throughput::Elastic),
            lifecycle: Transitions {
                to_archive: Wish::Set("90d".parse().unwrap()),
                ..Transitions::default()
            },
            backups: Wish::Set(On),
            ..Wishes::default()
        },
        ..SetRequest::default()
    };
    let failure = set(&harness, &request).await.unwrap_err();
    assert_eq!(failure.error.kind, Kind::Leftovers, "{failure}");
    let applied: Vec<&str> = failure
        .changes
        .iter()
        .map(|one| one.detail.as_str())
        .collect();
    assert_eq!(applied, ["off → on"]);
    let rest: Vec<(&str, NotAppliedState)> = failure
        .not_applied
        .iter()
        .map(|one| (one.change.detail.as_str(), one.state))
        .collect();
    assert_eq!(
        rest,
        [
            ("bursting → elastic", NotAppliedState::Failed),
            ("none → Archive after 90d", NotAppliedState::NotBegun)
        ]
    );
    assert!(
        harness.region().file_systems[ID].backup.is_some(),
        "not reverted"
    );
}

/// AWS takes one change of the throughput mode a day: the date is AWS's, and nothing is tried again.
#[tokio::test(start_paused = true)]
async fn a_locked_throughput_is_one_call_and_names_the_date() {
    let harness = somebody_elses().harness();
    let to = |throughput| {
        settings(Wishes {
            throughput: Wish::Set(throughput),
            ..Wishes::default()
        })
    };
    set(&harness, &to(Throughput::Provisioned(64.0)))
        .await
        .unwrap();
    let writes = harness.writes();
    let failure = set(&harness, &to(Throughput::Bursting)).await.unwrap_err();
    assert_eq!(failure.error.kind, Kind::Failed, "{failure}");
    assert_eq!(harness.writes(), writes + 1);
    assert!(
        failure.error.to_string().contains("Wait until "),
        "{failure}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_on_its_way_is_waited_for() {
    let harness = somebody_elses().harness();
    let on = settings(Wishes {
        backups: Wish::Set(On),
        ..Wishes::default()
    });
    let made = set(&harness, &on).await.unwrap();
    assert_eq!(made.deployment.backup_status.unwrap().as_str(), "ENABLED");
    let elastic = settings(Wishes {
        throughput: Wish::Set(Throughput::Elastic),
        ..Wishes::default()
    });
    let made = set(&harness, &elastic).await.unwrap();
    assert_eq!(made.deployment.lifecycle_state.as_str(), "available");
}

#[tokio::test(start_paused = true)]
async fn nothing_to_do_for_a_copy_but_what_its_replication_allows() {
    let harness = world()
        .vpc("10.0.0.0/16")
        .file_system("data")
        .set("replication_overwrite_protection", "REPLICATING")
        .harness();
    let on = settings(Wishes {
        protection: Wish::Set(Protection::On),
        ..Wishes::default()
    });
    let failure = set(&harness, &on).await.unwrap_err();
    assert_eq!(
        (failure.error.kind, failure.error.code),
        (Kind::Conflict, Code::SettingsDiffer)
    );
    assert_eq!(harness.writes(), 0);
    let tagged = SetRequest {
        tags: tags(&[("team", "blue")]),
        ..SetRequest::default()
    };
    assert_eq!(set(&harness, &tagged).await.unwrap().changes.len(), 1);
}

/// What AWS refuses to the end is refused: nobody has to look whether it is set after all.
#[tokio::test(start_paused = true)]
async fn what_is_refused_because_of_a_state_is_not_left_in_doubt() {
    let fault = "PutBackupPolicy:*:code=IncorrectFileSystemLifeCycleState/409";
    let on = settings(Wishes {
        backups: Wish::Set(On),
        ..Wishes::default()
    });
    let failure = set(&with_faults(fault), &on).await.unwrap_err();
    let states: Vec<_> = failure.not_applied.iter().map(|one| one.state).collect();
    assert_eq!(states, [NotAppliedState::Failed], "{failure}");
    assert_ne!(failure.error.kind, Kind::Leftovers, "{failure}");
}
