//! Environments that end: `list --expired` and `delete --expired`.

use std::collections::BTreeSet;

use efsctl::domain::expiry::Expiry;
use efsctl::domain::settings::Wish;
use efsctl::error::Code;
use efsctl::service::{Account, DeleteOptions, ExpiredReport, Fleet};
use serde_json::Value;

use crate::support::cli::Efsctl;
use crate::support::harness::{Harness, REGION, Things, spec};
use crate::support::iam;
use crate::support::world::{World, world};

/// The time of the tests, in seconds since 1970, and one before it.
const NOW: i64 = 2_000_000_000;
const PAST: &str = "2033-05-17T00:00:00Z";

/// A file system that efsctl created and that expired.
fn ours(world: World, name: &str, expires: &str) -> World {
    world
        .file_system_of_efsctl(name)
        .tag("efsctl:expires", expires)
}

/// Expired: empty, with data, with an access point of others, replicated; and what is never taken.
fn account() -> World {
    let world = world().vpc("10.0.0.0/16").subnet('a');
    let world = ours(world, "empty", PAST).mount_target('a', &[]);
    let world = ours(world, "full", PAST).set("size", 5_000_000_000_u64);
    let world = ours(world, "used", PAST).access_point("/theirs");
    let world = ours(world, "later", "2040-01-01T00:00:00Z");
    let world = ours(world, "wrong", "some day").file_system_of_efsctl("kept");
    // The tag is anyone's to set.
    world.file_system("theirs").tag("efsctl:expires", PAST)
}

async fn fleet(harness: &Harness) -> Fleet<'static, efsctl::AwsCloud> {
    let service = std::sync::Mutex::new(Some(harness.service().await));
    Fleet::new([Account::new(None, [REGION.to_owned()], move |_| {
        service.lock().unwrap().take().unwrap()
    })])
}

fn names(report: &ExpiredReport) -> Vec<&str> {
    let all = report.expired.iter();
    all.filter_map(|one| one.deployment.name.as_deref())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn only_what_is_ours_and_over_is_listed() {
    let harness = account().harness();
    let fleet = fleet(&harness).await;
    let report = fleet.expired(NOW).await.unwrap();
    assert_eq!(names(&report), ["empty", "full", "used"]);
    assert!(report.failure(&[]).is_none() && report.unseen.is_empty());
    // 2033-05-17T00:00:00Z is 1_999_900_800.
    assert_eq!(names(&fleet.expired(1_999_900_799).await.unwrap()).len(), 0);
    assert_eq!(names(&fleet.expired(1_999_900_800).await.unwrap()).len(), 3);
    assert_eq!(harness.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn data_and_what_others_created_stop_it() {
    for (with_data, gone) in [(false, 1), (true, 2)] {
        let harness = account().harness();
        let fleet = fleet(&harness).await;
        let options = DeleteOptions {
            with_data,
            expired_by: Some(NOW),
            ..DeleteOptions::default()
        };
        let expired = fleet.expired(NOW).await.unwrap().expired;
        let planned = fleet.plan_delete_expired(&expired, &options).await;
        assert_eq!(harness.writes(), 0);
        let done = fleet.delete_expired(&expired, &options).await;
        for all in [&planned, &done] {
            let codes = all
                .iter()
                .map(|one| one.outcome.as_ref().err().map(|failure| failure.error.code));
            let full = (!with_data).then_some(Code::HoldsData);
            assert_eq!(
                codes.collect::<Vec<_>>(),
                [None, full, Some(Code::HasAccessPoints)]
            );
        }
        assert_eq!(harness.things().file_systems.len(), 7 - gone);
    }
}

/// The policy of docs/IAM.md holds what is called, and nothing else but what EFS asks for itself.
#[tokio::test(start_paused = true)]
async fn the_policy_holds_what_is_called() {
    let harness = Harness::new();
    let mut wanted = spec("demo");
    wanted.access_points = vec!["app=/app:1:1:750".parse().unwrap()];
    wanted.expires = Wish::Set(Expiry {
        at: NOW,
        is_relative: false,
    });
    harness.create(&wanted).await.unwrap();
    let before = harness.calls().counts;
    let fleet = fleet(&harness).await;
    let expired = fleet.expired(NOW).await.unwrap().expired;
    let options = DeleteOptions {
        expired_by: Some(NOW),
        ..DeleteOptions::default()
    };
    let done = fleet.delete_expired(&expired, &options).await;
    assert!(done[0].outcome.is_ok(), "{:?}", done[0].outcome);
    assert_eq!(harness.things(), Things::default());
    let after = harness.calls().counts.into_iter();
    let called: BTreeSet<String> = after
        .filter(|(operation, count)| before.get(operation) != Some(count))
        .map(|(operation, _)| operation)
        .collect();
    let mut allowed = iam::actions("delete --expired");
    assert!(allowed.remove("ec2:DeleteNetworkInterface"));
    let allowed = allowed.iter().filter_map(|action| action.split(':').nth(1));
    assert_eq!(called, allowed.map(str::to_owned).collect());
}

/// Somebody needs it longer, and says so after it was listed.
#[tokio::test(start_paused = true)]
async fn one_that_was_put_off_meanwhile_stays() {
    let harness = account().harness();
    let fleet = fleet(&harness).await;
    let expired = fleet.expired(NOW).await.unwrap().expired;
    let mut wanted = spec("empty");
    wanted.placement.vpc = harness.region().vpcs.keys().next().unwrap().parse().ok();
    wanted.expires = Wish::Set(Expiry {
        at: NOW + 1,
        is_relative: false,
    });
    wanted.encryption = efsctl::domain::spec::Encryption::None;
    let _ = harness.create(&wanted).await;
    let region = harness.region();
    let tags = &region.file_systems[expired[0].deployment.file_system_id.as_str()].tags;
    assert_eq!(tags["efsctl:expires"], "2033-05-18T03:33:21Z");
    let options = DeleteOptions {
        expired_by: Some(NOW),
        ..DeleteOptions::default()
    };
    let done = fleet.delete_expired(&expired[..1], &options).await;
    let error = &done[0].outcome.as_ref().unwrap_err().error;
    assert_eq!(error.code, Code::NotExpired, "{error}");
}

#[test]
fn the_command_names_what_went_and_why_the_others_stay() {
    let old = "2020-01-01T00:00:00Z";
    let world = ours(world(), "one", old);
    let world = ours(world, "two", "2020-02-01T00:00:00Z");
    let world = ours(world, "full", old).set("size", 5_000_000_000_u64);
    let server = world.file_system("theirs").file().serve("");
    let listed = server.efsctl("list --expired -o json").run();
    let document = listed.document();
    let named = |document: &Value, list: &str| -> Vec<String> {
        let all = document[list].as_array().unwrap().iter();
        let name = |one: &Value| match list {
            "results" => one["file_system"]["name"].clone(),
            _ => one["name"].clone(),
        };
        all.map(|one| name(one).as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(listed.code, 0, "{}", listed.stderr);
    assert_eq!(named(&document, "file_systems"), ["full", "one", "two"]);

    let planned = server.efsctl("delete --expired --dry-run -o json").run();
    assert_eq!(planned.code, 4, "{}", planned.stderr);
    let document = planned.document();
    assert_eq!(document["results"][1]["outcome"], "planned");
    assert_eq!(document["calls"]["writing"], 0);
    assert_eq!(named(&document, "results"), ["full", "one", "two"]);
    assert_eq!(document["results"][0]["error"]["code"], "holds-data");

    let refused = server.efsctl("delete --expired -o json").run();
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert_eq!(refused.document()["error"]["code"], "confirmation-missing");

    let done = server.efsctl("delete --expired --yes").run();
    assert_eq!(done.code, 4, "{}", done.stderr);
    for part in [
        "deleted  one  eu-west-1",
        "failed  full  eu-west-1",
        "hint: back it up first",
    ] {
        assert!(done.stdout.contains(part), "{part}: {}", done.stdout);
    }
    assert!(
        done.stderr
            .contains("error: 1 of 3 expired file systems not deleted: fs-"),
        "{}",
        done.stderr
    );
    let rest = server
        .efsctl("delete --expired --with-data --yes -o json")
        .run();
    assert_eq!(rest.code, 0, "{}", rest.stderr);
    assert_eq!(named(&rest.document(), "results"), ["full"]);
    let none = server.efsctl("delete --expired --yes").run();
    assert_eq!((none.code, none.stdout.as_str()), (0, "no file systems\n"));
}

#[test]
fn several_regions_are_asked_at_once() {
    let old = "2020-01-01T00:00:00Z";
    let world = ours(world(), "one", old).region("us-east-1");
    let world = ours(world, "two", old);
    let server = world.file().serve("");
    let all = Efsctl::new(&format!(
        "--endpoint-url {} --region eu-west-1,us-east-1 delete --expired --older-than 7d --yes -o json",
        server.url
    ))
    .env("AWS_ACCESS_KEY_ID", "testing")
    .env("AWS_SECRET_ACCESS_KEY", "testing")
    .run();
    assert_eq!(all.code, 0, "{}", all.stderr);
    let regions: Vec<Value> = all.document()["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["region"].clone())
        .collect();
    assert_eq!(regions, ["eu-west-1", "us-east-1"]);
    for wrong in [
        "delete",
        "delete --older-than 7d one",
        "delete --expired one",
        "delete --expired --force",
        "list --older-than 7d",
        "list --expired --orphans",
    ] {
        assert_eq!(server.efsctl(wrong).run().code, 2, "{wrong}");
    }
}
