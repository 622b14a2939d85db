//! Creating: what is made, in which calls, and that a second run changes nothing.

use std::collections::BTreeSet;

use efsctl::domain::finding::Verdict;
use efsctl::domain::network::Source;
use efsctl::domain::settings::lifecycle::Transitions;
use efsctl::domain::settings::{On, Throughput, Wish};
use efsctl::domain::spec::{Access, Encryption, PerformanceMode, Spec};
use efsctl::error::Kind;
use efsctl::service::{CreateOptions, Scope};

use crate::support::cli::fixture;
use crate::support::harness::{Harness, spec};
use crate::support::world::world;

#[tokio::test(start_paused = true)]
async fn success_means_exactly_what_was_asked_once() {
    let harness = Harness::new();
    let created = harness.create(&spec("demo")).await.unwrap();

    let fs = &created.deployment;
    assert_eq!(fs.name.as_deref(), Some("demo"));
    assert_eq!(fs.lifecycle_state.as_str(), "available");
    assert!(
        fs.encrypted == Some(true)
            && fs.managed
            && fs.kms_key_id.as_deref().unwrap().contains(":key/")
    );
    assert_eq!(
        (fs.throughput_mode.as_str(), fs.performance_mode.as_str()),
        ("bursting", "generalPurpose")
    );
    let zones: Vec<&str> = fs
        .mount_targets
        .iter()
        .map(|mt| mt.availability_zone.as_str())
        .collect();
    assert_eq!(zones, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
    let group = fs.security_group_id.clone().unwrap();
    for mt in &fs.mount_targets {
        assert_eq!(mt.lifecycle_state.as_str(), "available");
        assert_eq!(mt.security_groups.as_deref(), Some(&[group.clone()][..]));
        assert!(mt.ip_address.is_some());
    }

    let region = harness.region();
    assert_eq!(harness.things().count(), (1, 3, 1));
    let made = region.file_systems.values().next().unwrap();
    assert_eq!(made.creation_token, "efsctl:demo");
    for key in ["Name", "efsctl:name", "efsctl:managed-by", "efsctl:run"] {
        assert!(made.tags.contains_key(key), "{key} on the file system");
        assert!(
            region.security_groups[group.as_str()]
                .tags
                .contains_key(key),
            "{key} on the group"
        );
        let interfaces = region
            .network_interfaces
            .values()
            .filter(|eni| eni.requester_managed);
        assert!(
            interfaces.clone().all(|eni| eni.tags.contains_key(key)),
            "{key} on the interfaces"
        );
        assert_eq!(interfaces.count(), 3);
    }
    let rules: Vec<_> = region.security_groups[group.as_str()]
        .rules
        .iter()
        .filter(|rule| !rule.is_egress)
        .collect();
    assert_eq!(rules.len(), 1);
    assert_eq!(
        (
            rules[0].protocol.as_str(),
            rules[0].from_port,
            rules[0].to_port
        ),
        ("tcp", 2049, 2049)
    );
}

#[tokio::test(start_paused = true)]
async fn a_second_run_makes_no_writing_call() {
    let harness = Harness::new();
    let first = harness.create(&spec("demo")).await.unwrap();
    let (writes, things) = (harness.writes(), harness.things());
    let second = harness.create_as(&spec("demo"), "run2").await.unwrap();
    assert_eq!(harness.writes(), writes);
    assert_eq!(harness.things(), things);
    assert!(second.changes.is_empty());
    assert_eq!(
        second.deployment.mount_targets,
        first.deployment.mount_targets
    );
    assert_eq!(
        second.deployment.security_group_id,
        first.deployment.security_group_id
    );
}

#[tokio::test(start_paused = true)]
async fn a_plan_makes_no_writing_call_and_names_exactly_what_a_run_changes() {
    let harness = Harness::new();
    let mut asked = spec("demo");
    asked.settings.throughput = Wish::Set(Throughput::Elastic);
    asked.settings.lifecycle = Transitions {
        to_ia: "30d".parse().ok().into(),
        to_archive: "90d".parse().ok().into(),
        to_primary: Wish::Set(On),
    };
    asked.access = Access::Make(vec![Source::Vpc, "10.1.0.0/16".parse().unwrap()]);
    let options = CreateOptions {
        run: "run1".to_owned(),
        ..CreateOptions::default()
    };

    let planned = harness
        .service()
        .await
        .plan(&asked, &options)
        .await
        .unwrap();
    assert_eq!(harness.writes(), 0);
    let created = harness.create(&asked).await.unwrap();
    let words = |changes: &[efsctl::domain::plan::Change]| {
        let mut words: Vec<String> = changes
            .iter()
            .map(|c| format!("{:?} {} {}", c.action, c.resource.kind, c.detail))
            .collect();
        words.sort();
        words
    };
    assert_eq!(words(&planned), words(&created.changes));
    assert_eq!(planned.len(), 9, "{planned:#?}");

    let writes = harness.writes();
    let again = harness
        .service()
        .await
        .plan(&asked, &options)
        .await
        .unwrap();
    assert!(again.is_empty(), "{again:#?}");
    assert_eq!(harness.writes(), writes);
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_of_an_existing_deployment_is_added() {
    let harness = Harness::new();
    let first = harness.create(&spec("demo")).await.unwrap();
    let lost = first.deployment.mount_targets[1].mount_target_id.clone();
    let service = harness.service().await;
    use efsctl::cloud::Cloud;
    service.cloud().delete_mount_target(&lost).await.unwrap();

    let second = harness.create_as(&spec("demo"), "run2").await.unwrap();
    let made: Vec<&str> = second
        .changes
        .iter()
        .map(|change| change.resource.kind.as_str())
        .collect();
    assert_eq!(made, ["run", "mount_target", "tags"]);
    assert_eq!(harness.things().count(), (1, 3, 1));
    assert!(
        second
            .deployment
            .mount_targets
            .iter()
            .all(|mt| mt.mount_target_id != lost)
    );
}

#[tokio::test(start_paused = true)]
async fn a_file_system_deleted_by_hand_is_made_again_with_the_same_group() {
    let harness = Harness::new();
    let first = harness.create(&spec("demo")).await.unwrap();
    use efsctl::cloud::Cloud;
    let service = harness.service().await;
    for mt in &first.deployment.mount_targets {
        service
            .cloud()
            .delete_mount_target(&mt.mount_target_id)
            .await
            .unwrap();
    }
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    service
        .cloud()
        .delete_file_system(&first.deployment.file_system_id)
        .await
        .unwrap();

    // It is still going: the run waits until the name is free, then makes it again.
    let second = harness.create_as(&spec("demo"), "run2").await.unwrap();
    assert_ne!(
        second.deployment.file_system_id,
        first.deployment.file_system_id
    );
    assert_eq!(
        second.deployment.security_group_id,
        first.deployment.security_group_id
    );
    assert_eq!(harness.things().count(), (1, 3, 1));
}

#[tokio::test(start_paused = true)]
async fn an_immutable_difference_is_a_conflict_before_the_first_write() {
    let harness = Harness::new();
    let mut unencrypted = spec("demo");
    unencrypted.encryption = Encryption::None;
    harness.create(&unencrypted).await.unwrap();
    let writes = harness.writes();
    let failure = harness.create_as(&spec("demo"), "run2").await.unwrap_err();
    assert_eq!(failure.error.kind, Kind::Conflict);
    assert!(
        failure
            .error
            .message
            .contains("encrypted is false (wanted true)"),
        "{}",
        failure.error
    );
    assert_eq!(harness.writes(), writes);
}

#[tokio::test(start_paused = true)]
async fn settings_asked_for_later_are_added_and_the_others_stay() {
    let harness = Harness::new();
    harness.create(&spec("demo")).await.unwrap();
    let mut wish = spec("demo");
    wish.settings.lifecycle.to_ia = "30d".parse().ok().into();
    wish.settings.backups = Wish::Set(On);
    wish.tags.insert("team".to_owned(), "storage".to_owned());
    let second = harness.create_as(&wish, "run2").await.unwrap();
    let mut resources: Vec<&str> = second
        .changes
        .iter()
        .map(|change| change.resource.kind.as_str())
        .collect();
    resources.sort_unstable();
    // The user's tag goes onto the file system and the interfaces.
    assert_eq!(
        resources,
        ["backup_policy", "lifecycle_policy", "tags", "tags"]
    );

    let mut more = spec("demo");
    more.settings.lifecycle.to_primary = Wish::Set(On);
    harness.create_as(&more, "run3").await.unwrap();
    let region = harness.region();
    let fs = region.file_systems.values().next().unwrap();
    assert_eq!(fs.lifecycle.len(), 2, "{:?}", fs.lifecycle);
    assert_eq!(
        fs.tags["efsctl:run"], "run1",
        "the run that made it stays on it"
    );
    let writes = harness.writes();
    harness.create_as(&wish, "run4").await.unwrap();
    assert_eq!(harness.writes(), writes);
}

#[tokio::test(start_paused = true)]
async fn one_zone_gets_one_mount_target() {
    let harness = Harness::new();
    let mut asked = spec("demo");
    asked.one_zone = Some("eu-west-1b".parse().unwrap());
    let created = harness.create(&asked).await.unwrap();
    assert_eq!(created.deployment.mount_targets.len(), 1);
    assert_eq!(
        created
            .deployment
            .availability_zone
            .as_ref()
            .map(ToString::to_string)
            .as_deref(),
        Some("eu-west-1b")
    );
    let writes = harness.writes();
    assert!(
        harness
            .create_as(&asked, "run2")
            .await
            .unwrap()
            .changes
            .is_empty()
    );
    assert_eq!(harness.writes(), writes);
}

#[tokio::test(start_paused = true)]
async fn no_wait_returns_with_everything_made_and_wait_finishes() {
    let harness = Harness::new();
    let options = CreateOptions {
        run: "run1".to_owned(),
        no_wait: true,
        ..CreateOptions::default()
    };
    let created = harness.create_with(&spec("demo"), &options).await.unwrap();
    assert!(
        created
            .deployment
            .mount_targets
            .iter()
            .all(|mt| mt.lifecycle_state.as_str() == "creating")
    );
    let id = &created.deployment.file_system_id;
    let service = harness.service().await;
    let ready = service
        .wait_for_mount_targets(id, std::time::Duration::from_secs(300))
        .await
        .unwrap();
    assert!(
        ready
            .mount_targets
            .iter()
            .all(|mt| mt.lifecycle_state.as_str() == "available")
    );
}

#[tokio::test(start_paused = true)]
async fn the_steps_of_the_specification_can_be_taken_one_by_one() {
    let harness = Harness::new();
    let service = harness.service().await;
    let asked = spec("demo");
    let group = service
        .create_efs_security_group(&asked, "run1")
        .await
        .unwrap();
    assert_eq!(
        service
            .create_efs_security_group(&asked, "run1")
            .await
            .unwrap(),
        group
    );
    let missing = service
        .create_mount_targets(&asked, "run1")
        .await
        .unwrap_err();
    assert_eq!(missing.kind, Kind::NotFound);
    let fs = service.create_file_system(&asked, "run1").await.unwrap();
    assert_eq!(
        service
            .get_file_system(&fs.id)
            .await
            .unwrap()
            .creation_token,
        "efsctl:demo"
    );
    let mount_targets = service.create_mount_targets(&asked, "run1").await.unwrap();
    assert_eq!(mount_targets.len(), 3);
    let ready = service
        .wait_for_mount_targets(&fs.id, std::time::Duration::from_secs(300))
        .await
        .unwrap();
    assert_eq!(ready.mount_targets.len(), 3);
    assert_eq!(harness.things().count(), (1, 3, 1));
    let writes = harness.writes();
    assert!(
        harness
            .create_as(&asked, "run2")
            .await
            .unwrap()
            .changes
            .is_empty()
    );
    assert_eq!(harness.writes(), writes);
}

#[tokio::test(start_paused = true)]
async fn security_groups_that_somebody_put_on_a_mount_target_stay() {
    use efsctl::cloud::Cloud;
    let harness = Harness::new();
    let first = harness.create(&spec("demo")).await.unwrap();
    let service = harness.service().await;
    let mut other = spec("other");
    other.access = Access::Make(vec![Source::Vpc]);
    let theirs = service
        .create_efs_security_group(&other, "run9")
        .await
        .unwrap();
    let ours = first.deployment.security_group_id.clone().unwrap();
    let mt = first.deployment.mount_targets[0].mount_target_id.clone();
    let both = std::collections::BTreeSet::from([ours.clone(), theirs.clone()]);
    service
        .cloud()
        .set_mount_target_groups(&mt, &both)
        .await
        .unwrap();

    let writes = harness.writes();
    assert!(
        harness
            .create_as(&spec("demo"), "run2")
            .await
            .unwrap()
            .changes
            .is_empty()
    );
    assert_eq!(harness.writes(), writes, "nothing is taken off");

    // Somebody took ours off: it is put back beside theirs.
    service
        .cloud()
        .set_mount_target_groups(&mt, &std::collections::BTreeSet::from([theirs.clone()]))
        .await
        .unwrap();
    let third = harness.create_as(&spec("demo"), "run3").await.unwrap();
    let attached = third.deployment.mount_targets[0]
        .security_groups
        .clone()
        .unwrap();
    assert!(
        attached.contains(&ours) && attached.contains(&theirs),
        "{attached:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_said_of_access_once_need_not_be_said_again() {
    let harness = Harness::new();
    let mut ranges = spec("ranges");
    ranges.access = Access::Make(vec!["10.0.0.0/8".parse().unwrap()]);
    harness.create(&ranges).await.unwrap();
    let group = harness
        .service()
        .await
        .create_efs_security_group(&spec("shared"), "run1")
        .await
        .unwrap();
    let mut given = spec("given");
    given.access = Access::Groups(vec![group]);
    harness.create(&given).await.unwrap();
    let writes = harness.writes();
    for name in ["ranges", "given"] {
        assert!(
            harness
                .create_as(&spec(name), "run2")
                .await
                .unwrap()
                .changes
                .is_empty(),
            "{name}"
        );
    }
    assert_eq!(harness.writes(), writes);
}

#[tokio::test(start_paused = true)]
async fn mount_targets_that_wear_different_groups_are_left_so() {
    use std::collections::BTreeSet;

    use efsctl::cloud::Cloud;
    use efsctl::domain::ids::SecurityGroupId;
    let harness = Harness::new();
    let service = harness.service().await;
    let make = async |name: &str| {
        let spec = spec(name);
        service.create_efs_security_group(&spec, "run1").await
    };
    let (one, two) = (make("one").await.unwrap(), make("two").await.unwrap());
    let mut given = spec("given");
    given.placement.zones = vec!["eu-west-1a".parse().unwrap(), "eu-west-1b".parse().unwrap()];
    given.access = Access::Groups(vec![one.clone()]);
    let first = harness.create(&given).await.unwrap();
    let second = &first.deployment.mount_targets[1].mount_target_id;
    let only = |groups: [&SecurityGroupId; 1]| BTreeSet::from(groups.map(Clone::clone));
    let cloud = service.cloud();
    cloud
        .set_mount_target_groups(second, &only([&two]))
        .await
        .unwrap();

    // Nobody says anything of access: nothing is to be said of what they have.
    let writes = harness.writes();
    let mut again = given.clone();
    again.access = Access::Default;
    assert_eq!(harness.create_as(&again, "run2").await.unwrap().changes, []);
    assert_eq!(harness.writes(), writes);

    // One more zone: its mount target has what the others have, and those stay as they are.
    again.placement.zones.push("eu-west-1c".parse().unwrap());
    let third = harness.create_as(&again, "run3").await.unwrap();
    let attached: Vec<_> = third
        .deployment
        .mount_targets
        .iter()
        .map(|mt| mt.security_groups.clone().unwrap().len())
        .collect();
    assert_eq!(attached, [1, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn who_cannot_see_what_mount_targets_wear_makes_no_group_for_them() {
    let harness = Harness::faulty(&["DescribeNetworkInterfaces:*:denied"]);
    let group = harness
        .service()
        .await
        .create_efs_security_group(&spec("shared"), "run1")
        .await
        .unwrap();
    let mut given = spec("given");
    given.access = Access::Groups(vec![group]);
    given.placement.zones = vec!["eu-west-1a".parse().unwrap()];
    harness.create(&given).await.unwrap();
    let (writes, things) = (harness.writes(), harness.things());

    given.access = Access::Default;
    assert_eq!(harness.create_as(&given, "run2").await.unwrap().changes, []);
    given.placement.zones.push("eu-west-1b".parse().unwrap());
    let error = harness.create_as(&given, "run3").await.unwrap_err().error;
    assert_eq!(error.kind, Kind::Denied, "{error}");
    assert!(
        error
            .hint
            .unwrap()
            .contains("ec2:DescribeNetworkInterfaces")
    );
    assert_eq!((harness.writes(), harness.things()), (writes, things));
}

/// What `create` says that an audit will find is what an audit finds.
#[tokio::test(start_paused = true)]
async fn what_an_audit_will_find_is_known_before_anything_is_made() {
    let private = std::fs::read_to_string(fixture("worlds/three-zones.toml")).unwrap();
    let zone = || "eu-west-1a".parse().unwrap();
    type Change = fn(&mut Spec);
    let shapes: [(&str, Change); 9] = [
        ("plain", |_| ()),
        ("backup", |spec| spec.settings.backups = Wish::Set(On)),
        ("lifecycle", |spec| {
            spec.settings.lifecycle.to_ia = "30d".parse().ok().into();
        }),
        ("unencrypted", |spec| spec.encryption = Encryption::None),
        ("max-io", |spec| {
            spec.performance = Some(PerformanceMode::MaxIo);
        }),
        ("provisioned", |spec| {
            spec.settings.throughput = "provisioned=64".parse().ok().into();
        }),
        ("elastic, archive", |spec| {
            spec.settings.throughput = Wish::Set(Throughput::Elastic);
            spec.settings.lifecycle.to_archive = "90d".parse().ok().into();
        }),
        ("open", |spec| {
            spec.access = Access::Make(vec!["0.0.0.0/0".parse().unwrap()]);
            spec.open_to_the_world = true;
        }),
        ("itself and a range", |spec| {
            spec.access = Access::Make(vec!["vpc".parse().unwrap()]);
        }),
    ];
    for world in [world().to_string(), private.clone()] {
        for (what, change) in shapes {
            for one_zone in [false, true] {
                let mut asked = spec("demo");
                change(&mut asked);
                if world == private {
                    asked.placement.vpc = "vpc-0a1b2c3d4e5f60718".parse().ok();
                }
                if one_zone {
                    asked.one_zone = Some(zone());
                }
                if asked.check().is_err() {
                    continue;
                }
                let harness = Harness::described(&world);
                let created = harness.create(&asked).await.unwrap();
                let expected: BTreeSet<&str> =
                    created.expected.iter().map(|one| one.check).collect();
                let audit = harness.auditor().await;
                let options = crate::support::harness::asked(&[]);
                let report = audit.validate(&Scope::All, &options).await.unwrap();
                let failed: BTreeSet<&str> = report
                    .findings()
                    .filter(|(_, finding)| finding.verdict == Verdict::Fail)
                    .map(|(_, finding)| finding.about.id)
                    .collect();
                assert_eq!(expected, failed, "{what}, one zone: {one_zone}");
                assert!(!expected.is_empty(), "{what}: TLS at least");
            }
        }
    }
    // What exists may have settings that were not read: nothing is foretold.
    let harness = Harness::new();
    harness.create(&spec("demo")).await.unwrap();
    let again = harness.create_as(&spec("demo"), "run2").await.unwrap();
    assert_eq!(again.expected, []);
}
