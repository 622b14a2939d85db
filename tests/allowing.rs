//! Whom `create` allows: prefix lists, what is open to the Internet, and how many rules a group takes.

use efsctl::audit::rules::Rules;
use efsctl::domain::finding::Verdict;
use efsctl::domain::network::{Peer, PrefixList, Source, rules_of};
use efsctl::domain::plan::Change;
use efsctl::domain::resource::ResourceKind;
use efsctl::domain::spec::{Access, Spec};
use efsctl::error::{Error, Kind};
use efsctl::service::{CreateOptions, Scope, ValidateOptions};

use crate::support::harness::{Harness, REGION, spec};
use crate::support::world::{World, world};

const OFFICE: &str = "pl-0a1b2c3d4e5f60718";
const WORLD: &str = "pl-0a1b2c3d4e5f60719";

fn lists() -> World {
    lists_with(&["198.51.100.0/24", "203.0.113.0/24"])
}

fn lists_with(office: &[&str]) -> World {
    world().prefix_list(OFFICE, "office", office).prefix_list(
        WORLD,
        "world",
        &["0.0.0.0/2", "64.0.0.0/2"],
    )
}

fn from(sources: &[&str]) -> Spec {
    let sources: Vec<Source> = sources.iter().map(|s| s.parse().unwrap()).collect();
    Spec {
        access: Access::Make(sources),
        ..spec("demo")
    }
}

async fn refused(harness: &Harness, spec: &Spec) -> Error {
    let service = harness.service().await;
    let planned = service.plan(spec, &CreateOptions::default()).await;
    let made = harness.create(spec).await.unwrap_err().error;
    assert_eq!(planned.unwrap_err().to_string(), made.to_string());
    assert_eq!(harness.writes(), 0, "{made}");
    made
}

#[tokio::test(start_paused = true)]
async fn a_prefix_list_is_admitted_and_the_audit_agrees() {
    let harness = lists().harness();
    let spec = from(&[OFFICE]);
    let service = harness.service().await;
    let planned = service
        .plan(&spec, &CreateOptions::default())
        .await
        .unwrap();
    let is_rule = |change: &&Change| change.resource.kind == ResourceKind::SecurityGroupRule;
    let rule = planned.iter().find(is_rule);
    assert_eq!(rule.unwrap().detail, format!("tcp 2049 from {OFFICE}"));
    harness.create(&spec).await.unwrap();
    let writes = harness.writes();
    assert_eq!(harness.create_as(&spec, "run2").await.unwrap().changes, []);
    assert_eq!(harness.writes(), writes);

    let options = ValidateOptions {
        region: REGION.to_owned(),
        clients: vec!["198.51.100.0/25".parse().unwrap()],
        rules: Rules::on("2026-11-21".to_owned()),
        ..ValidateOptions::default()
    };
    let report = harness
        .auditor()
        .await
        .validate(&Scope::All, &options)
        .await
        .unwrap();
    for check in ["nfs-not-open-to-the-world", "nfs-from-clients"] {
        let found = report
            .findings()
            .find(|(_, f)| f.about.id == check)
            .unwrap()
            .1;
        assert_eq!(
            found.verdict,
            Verdict::Pass,
            "{check}: {:?}",
            found.evidence
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_prefix_list_that_is_not_there_or_may_not_be_read_is_told_before_the_first_write() {
    let harness = lists().harness();
    let missing = refused(&harness, &from(&["pl-00000000000000001"])).await;
    assert_eq!(missing.kind, Kind::NotFound, "{missing}");
    assert!(missing.to_string().starts_with("allow_from: "), "{missing}");

    let harness = lists()
        .denied(&["ec2:GetManagedPrefixListEntries"])
        .harness();
    let error = refused(&harness, &from(&[OFFICE])).await;
    assert_eq!(error.kind, Kind::Denied, "{error}");
    assert!(
        error
            .hint
            .unwrap()
            .contains("ec2:GetManagedPrefixListEntries")
    );
}

#[tokio::test(start_paused = true)]
async fn what_an_audit_calls_open_to_the_internet_has_to_be_meant() {
    for sources in [
        &["0.0.0.0/0"][..],
        &["::/0"],
        &["0.0.0.0/1", "128.0.0.0/1"],
        &[WORLD],
        &["10.0.0.0/8", WORLD],
    ] {
        let harness = lists().harness();
        let error = refused(&harness, &from(sources)).await;
        assert_eq!(error.kind, Kind::Usage, "{sources:?}: {error}");
        assert!(
            error.message.contains("open NFS to the Internet"),
            "{error}"
        );

        let meant = Spec {
            open_to_the_world: true,
            ..from(sources)
        };
        harness.create(&meant).await.unwrap();
        let options = ValidateOptions {
            region: REGION.to_owned(),
            rules: Rules::on("2026-11-21".to_owned()),
            ..ValidateOptions::default()
        };
        let report = harness
            .auditor()
            .await
            .validate(&Scope::All, &options)
            .await
            .unwrap();
        let open = report
            .findings()
            .find(|(_, f)| f.about.id == "nfs-not-open-to-the-world");
        let is_v6 = sources == ["::/0"];
        let wanted = if is_v6 { Verdict::Pass } else { Verdict::Fail };
        assert_eq!(open.unwrap().1.verdict, wanted, "{sources:?}");
    }
}

/// Each is narrow enough; both are not.
#[tokio::test(start_paused = true)]
async fn ranges_add_up_with_those_that_are_there() {
    let harness = lists().harness();
    harness.create(&from(&["8.0.0.0/8"])).await.unwrap();
    let writes = harness.writes();
    let error = harness
        .create_as(&from(&["9.0.0.0/8"]), "run2")
        .await
        .unwrap_err()
        .error;
    assert_eq!(error.kind, Kind::Usage, "{error}");
    assert!(error.message.contains("8.0.0.0/7"), "{error}");
    assert_eq!(harness.writes(), writes);
}

fn ranges(count: usize) -> Vec<String> {
    (1..=count).map(|n| format!("10.0.{n}.0/24")).collect()
}

#[tokio::test(start_paused = true)]
async fn more_rules_than_a_group_takes_are_refused_before_the_first_write() {
    let many = ranges(61);
    let mut sources: Vec<&str> = many.iter().map(String::as_str).collect();
    let harness = Harness::new();
    let error = refused(&harness, &from(&sources)).await;
    assert_eq!(error.kind, Kind::Usage, "{error}");
    assert!(error.message.contains("61 inbound IPv4 rules"), "{error}");
    assert!(error.hint.unwrap().contains("rules_per_group"));

    // IPv6 has a quota of its own.
    sources.pop();
    sources.extend(["fd00::/16", "fd01::/16"]);
    harness.create(&from(&sources)).await.unwrap();
    let writes = harness.writes();
    // What is there counts too.
    let error = harness
        .create_as(&from(&["172.16.0.0/24"]), "run2")
        .await
        .unwrap_err()
        .error;
    assert!(error.message.contains("61 inbound IPv4 rules"), "{error}");
    assert_eq!(harness.writes(), writes);
}

#[tokio::test(start_paused = true)]
async fn a_raised_quota_is_said_and_used() {
    let harness = lists().quota("rules_per_group", 100).harness();
    let many = ranges(61);
    let sources: Vec<&str> = many.iter().map(String::as_str).collect();
    let raised = Spec {
        group_rules: 100,
        ..from(&sources)
    };
    harness.create(&raised).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_prefix_list_counts_with_as_many_rules_as_it_may_have_entries() {
    let entries: Vec<String> = (0..60).map(|n| format!("10.1.{n}.0/24")).collect();
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    let world = lists_with(&entries);
    let harness = world.harness();
    harness.create(&from(&[OFFICE])).await.unwrap();
    let harness = world.harness();
    let error = refused(&harness, &from(&[OFFICE, "10.0.0.0/24"])).await;
    assert!(error.message.contains("61 inbound IPv4 rules"), "{error}");

    let list = PrefixList {
        id: OFFICE.to_owned(),
        ranges: vec!["198.51.100.0/24".parse().unwrap()],
        weight: Some(20),
    };
    let peers = [
        Peer::PrefixList(OFFICE.to_owned()),
        Peer::Range("fd00::/8".parse().unwrap()),
        Peer::Group("sg-01234567".parse().unwrap()),
    ];
    assert_eq!(rules_of(&peers, &[list]), (21, 2));
}
