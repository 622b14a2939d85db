//! Deleting: only what is ours, in order, completely.

use std::time::Duration;

use efsctl::cloud::{Cloud, FileSystems};
use efsctl::domain::diff::diff;
use efsctl::domain::goal::Goal;
use efsctl::domain::ids::Reference;
use efsctl::domain::observed::Observed;
use efsctl::domain::plan::plan;
use efsctl::domain::resource::{ResourceId, ResourceKind};
use efsctl::error::Kind;
use efsctl::service::{DeleteOptions, Listing};

use crate::support::harness::{Harness, Things, reference, spec};
use crate::support::world::{World, world};

async fn delete(harness: &Harness, what: &Reference, force: bool) -> Result<(), Kind> {
    let service = harness.service().await;
    let options = DeleteOptions {
        with_data: force,
        with_others: force,
        ..DeleteOptions::default()
    };
    let planned = service
        .plan_delete(what, &options)
        .await
        .map_err(|error| error.kind)?;
    service
        .delete(planned, &options)
        .await
        .map(|_| ())
        .map_err(|failure| failure.error.kind)
}

#[tokio::test(start_paused = true)]
async fn delete_leaves_the_account_as_it_was() {
    let harness = Harness::new();
    let before = harness.region();
    harness.create(&spec("demo")).await.unwrap();
    delete(&harness, &reference("demo"), false).await.unwrap();
    let after = harness.region();
    assert_eq!(harness.things(), Things::default());
    assert_eq!(
        after.security_groups.keys().collect::<Vec<_>>(),
        before.security_groups.keys().collect::<Vec<_>>()
    );
    assert_eq!(after.network_interfaces, before.network_interfaces);
    assert_eq!(
        delete(&harness, &reference("demo"), false).await,
        Err(Kind::NotFound)
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_replicated_is_refused_before_the_first_write() {
    let harness = world()
        .file_system_of_efsctl("demo")
        .copied_to("fs-00000000000000f0f", "eu-west-2", "ENABLED")
        .harness();
    assert_eq!(
        delete(&harness, &reference("demo"), true).await,
        Err(Kind::Conflict)
    );
    assert_eq!(harness.writes(), 0);
    assert_eq!(harness.region().file_systems.len(), 1);
}

/// A file system of efsctl with two access points that the EFS CSI driver made.
fn of_others() -> Harness {
    let volume = |world: World, name: &str| {
        world
            .access_point(&format!("/dyn/{name}"))
            .set("name", name)
            .tag("efs.csi.aws.com/cluster", "true")
    };
    let world = volume(world().file_system_of_efsctl("d"), "pvc-0001");
    volume(world, "pvc-0002").harness()
}

/// efsctl makes no access points: whoever made them uses the file system, however little of it is metered yet.
#[tokio::test(start_paused = true)]
async fn access_points_of_others_need_force() {
    let harness = of_others();
    let service = harness.service().await;
    let options = DeleteOptions::default();
    let error = service
        .plan_delete(&reference("d"), &options)
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Conflict, "{error}");
    for said in [
        "2 access points that efsctl did not create",
        "pvc-0001, /dyn/pvc-0001, created by the EFS CSI driver (efs.csi.aws.com/cluster=true)",
        "pvc-0002",
    ] {
        assert!(error.message.contains(said), "{error}");
    }
    let hint = error.hint.unwrap().to_string();
    assert!(hint.contains("6.0 KiB metered, up to hours old"), "{hint}");
    assert_eq!(harness.writes(), 0);
    assert_eq!(harness.region().access_points.len(), 2);

    let options = DeleteOptions {
        with_data: true,
        with_others: true,
        timeout: None,
        ..DeleteOptions::default()
    };
    let planned = service
        .plan_delete(&reference("d"), &options)
        .await
        .unwrap();
    let points = planned
        .changes
        .iter()
        .filter(|c| c.resource.kind == ResourceKind::AccessPoint);
    assert_eq!(points.clone().count(), 2);
    assert!(
        points
            .clone()
            .all(|point| point.detail.contains("the EFS CSI driver"))
    );
    assert!(harness.told("deleted too (force)"));
    let deleted = service.delete(planned, &options).await.unwrap();
    assert!(
        deleted
            .changes
            .iter()
            .any(|c| c.detail.contains("pvc-0001"))
    );
    assert_eq!(harness.things(), Things::default());
}

/// A rollback takes back what its run made; what somebody made in it meanwhile keeps the file system.
#[tokio::test(start_paused = true)]
async fn a_removal_that_is_not_about_access_points_leaves_what_has_some() {
    let harness = of_others();
    let service = harness.service().await;
    let cloud = service.cloud();
    let found = cloud
        .file_systems(&FileSystems::All)
        .await
        .unwrap()
        .remove(0);
    let id = found.id.clone();
    let mut observed = Observed {
        access_points: cloud.access_points(&id).await.ok(),
        file_system: Some(found),
        ..Observed::default()
    };
    let points = observed.access_points.clone().unwrap();
    let goal = |with_points: bool| {
        let points = points.iter().filter(|_| with_points);
        let points = points.map(|point| ResourceId::from(&point.id));
        Goal::Absent(points.chain([ResourceId::from(&id)]).collect())
    };
    assert_eq!(plan(&goal(false), &observed).actions, []);
    let blocked = diff(&goal(false), &observed).blocked;
    let others: Vec<ResourceId> = points.iter().map(|point| (&point.id).into()).collect();
    assert_eq!(blocked.len(), 1);
    assert_eq!(blocked[0].others, others);
    assert_eq!(plan(&goal(true), &observed).actions.len(), 3);
    observed.access_points = None;
    assert_eq!(plan(&goal(false), &observed).actions.len(), 1);
}

/// What cannot be read with the rights that a deletion takes is said.
#[tokio::test(start_paused = true)]
async fn what_a_deletion_does_not_look_at_is_said() {
    let harness = Harness::new();
    harness.create(&spec("demo")).await.unwrap();
    delete(&harness, &reference("demo"), false).await.unwrap();
    for said in [
        "6.0 KiB metered, up to hours old",
        "backup vaults",
        "DataSync",
    ] {
        assert!(harness.told(said), "{said}");
    }
}

/// What carries the tag `Name=prod` and was created as `archive` is not `prod`: not even when `prod` is gone.
#[tokio::test(start_paused = true)]
async fn a_tag_is_no_name_to_delete_by() {
    let harness = Harness::new();
    let mut archive = spec("archive");
    archive.tags.insert("Name".to_owned(), "prod".to_owned());
    harness.create(&archive).await.unwrap();
    harness.create_as(&spec("prod"), "run2").await.unwrap();
    delete(&harness, &reference("prod"), true).await.unwrap();
    let kept = harness.things();
    assert_eq!(
        delete(&harness, &reference("prod"), true).await,
        Err(Kind::NotFound)
    );
    assert_eq!(harness.things(), kept);
    // To look at, it may be named so.
    assert!(
        harness
            .service()
            .await
            .describe(&reference("prod"))
            .await
            .is_ok()
    );
    delete(&harness, &reference("archive"), true).await.unwrap();
    assert_eq!(harness.things(), Things::default());
}

#[tokio::test(start_paused = true)]
async fn it_survives_whatever_passes() {
    for operation in [
        "DeleteMountTarget",
        "DeleteFileSystem",
        "DeleteSecurityGroup",
        "DescribeMountTargets",
    ] {
        for kind in ["throttle", "500", "reset-after", "hang-after", "late=5s"] {
            let harness = Harness::faulty(&[
                &format!("{operation}:5:{kind}"),
                &format!("{operation}:1:{kind}"),
            ]);
            harness.create(&spec("demo")).await.unwrap();
            delete(&harness, &reference("demo"), false)
                .await
                .unwrap_or_else(|kind| panic!("{operation} {kind:?}"));
            assert_eq!(harness.things(), Things::default(), "{operation} {kind}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_efsctl_did_not_make_is_refused() {
    let harness = world().file_system("theirs").harness();
    assert_eq!(
        delete(&harness, &reference("theirs"), true).await,
        Err(Kind::Conflict)
    );
    assert_eq!(
        delete(&harness, &reference("fs-0000000000000000a"), true).await,
        Err(Kind::Conflict)
    );
    assert_eq!(harness.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn data_needs_force() {
    let demo = world().file_system_of_efsctl("demo");
    let harness = demo.set("size", 5_000_000_000).harness();
    assert_eq!(
        delete(&harness, &reference("demo"), false).await,
        Err(Kind::Conflict)
    );
    assert_eq!(harness.writes(), 0);
    delete(&harness, &reference("demo"), true).await.unwrap();
    assert_eq!(harness.things(), Things::default());
}

#[tokio::test(start_paused = true)]
async fn half_built_things_are_orphans_and_can_be_deleted_by_name() {
    let harness = Harness::new();
    let service = harness.service().await;
    service
        .create_efs_security_group(&spec("group-only"), "run1")
        .await
        .unwrap();
    service
        .create_file_system(&spec("bare"), "run1")
        .await
        .unwrap();
    harness.create(&spec("whole")).await.unwrap();
    let orphans = service.orphans().await.unwrap();
    let names: Vec<&str> = orphans.iter().map(|orphan| orphan.name.as_str()).collect();
    assert_eq!(names, ["bare", "group-only"]);
    for name in names {
        tokio::time::sleep(Duration::from_secs(10)).await;
        delete(&harness, &reference(name), false)
            .await
            .unwrap_or_else(|kind| panic!("{name}: {kind:?}"));
    }
    assert_eq!(harness.things().count(), (1, 3, 1));
    assert!(service.orphans().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_list_goes_through_all_pages() {
    let world = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/worlds/thousand.toml"
    ))
    .unwrap();
    let harness = Harness::described(&world);
    let listed = harness.service().await.list(Listing::All).await.unwrap();
    assert_eq!(listed.len(), 1000);
    assert_eq!(
        harness.calls().counts["DescribeFileSystems"],
        10,
        "a hundred a page"
    );
    assert_eq!(harness.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_ambiguous_name_lists_the_ids() {
    let harness = world().file_system("twin").file_system("twin").harness();
    let error = harness
        .service()
        .await
        .find(&reference("twin"))
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Conflict);
    assert!(
        error
            .message
            .contains("fs-0000000000000000a, fs-0000000000000000b"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_group_that_others_use_is_told_before_the_data_goes() {
    let harness = Harness::new();
    let first = harness.create(&spec("demo")).await.unwrap();
    let mut other = spec("other");
    other.access =
        efsctl::domain::spec::Access::Groups(vec![first.deployment.security_group_id.unwrap()]);
    harness.create_as(&other, "run2").await.unwrap();
    let writes = harness.writes();
    assert_eq!(
        delete(&harness, &reference("demo"), false).await,
        Err(Kind::Conflict)
    );
    assert_eq!(harness.writes(), writes);
    delete(&harness, &reference("demo"), true).await.unwrap();
    assert_eq!(
        harness.things().count(),
        (1, 3, 1),
        "the other file system, its mount targets, and the group they wear"
    );
}
