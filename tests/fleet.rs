//! Several regions and profiles: stable order, what could not be seen, and where a file system really is.

use efsctl::audit::baseline::Baseline;
use efsctl::audit::clients::ClientRef;
use efsctl::aws::AwsCloud;
use efsctl::domain::event::Silent;
use efsctl::domain::finding::Severity;
use efsctl::error::Kind;
use efsctl::service::{
    Account, AccountRegion, EfsService, ExitPolicy, FixOptions, Fleet, FleetOptions, Scope,
};
use serde_json::Value;

use crate::support::cli::{Efsctl, Ended};
use crate::support::harness::{Harness, asked, reference};
use crate::support::world::{World, WorldFile, world};

/// Three regions: one file system, two, none; and a fourth that is not enabled.
fn three_regions() -> World {
    world()
        .account("111122223333")
        .disabled_region("ap-east-1")
        .file_system("north")
        .set("id", "fs-000000000000000e1")
        .set("encrypted", true)
        .region("us-east-1")
        .file_system("second")
        .set("id", "fs-000000000000000b2")
        .file_system("first")
        .set("id", "fs-000000000000000a1")
        .set("encrypted", true)
}

fn validate(place: &WorldFile, arguments: &str) -> Ended {
    place.efsctl(&format!("validate {arguments}")).run()
}

fn ids(document: &Value) -> Vec<(String, String)> {
    let word = |audited: &Value, name: &str| audited[name].as_str().unwrap().to_owned();
    let audited = document["audit"]["file_systems"].as_array().unwrap();
    audited
        .iter()
        .map(|one| (word(one, "region"), word(one, "file_system_id")))
        .collect()
}

fn told(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(region, id)| ((*region).to_owned(), (*id).to_owned()))
        .collect()
}

const US: [(&str, &str); 2] = [
    ("us-east-1", "fs-000000000000000a1"),
    ("us-east-1", "fs-000000000000000b2"),
];
const EU: [(&str, &str); 1] = [("eu-west-1", "fs-000000000000000e1")];

#[test]
fn regions_are_told_in_their_order_and_file_systems_by_id() {
    let place = three_regions().file();
    for (regions, expected) in [
        ("us-east-1,eu-west-1", [&US[..], &EU].concat()),
        ("eu-west-1,us-east-1,eu-west-1", [&EU[..], &US].concat()),
        // All of them: by name.
        ("all", [&EU[..], &US].concat()),
        ("sa-east-1,us-east-1", US.to_vec()),
    ] {
        let ended = validate(
            &place,
            &format!("--all --region {regions} -o json --fail-on critical"),
        );
        assert_eq!(ended.code, 0, "{regions}: {}", ended.stderr);
        let document = ended.document();
        assert_eq!(ids(&document), told(&expected), "{regions}");
        assert_eq!(document["calls"]["writing"], 0);
        assert_eq!(
            document["audit"]["unseen_regions"]
                .as_array()
                .unwrap()
                .len(),
            0
        );
    }
    let table = validate(&place, "--all --region us-east-1,eu-west-1");
    assert_eq!(table.code, 3);
    assert!(
        table.stdout.contains(&format!(
            "\n3 file systems, {} checks each: ",
            efsctl::audit::catalogue::CATALOGUE.len()
        )),
        "{}",
        table.stdout
    );
}

#[test]
fn the_calls_of_several_regions_are_those_of_each() {
    let place = three_regions().file();
    let total = |regions: &str| {
        let ended = validate(&place, &format!("--all --region {regions} -o json"));
        ended.document()["calls"]["total"].as_u64().unwrap()
    };
    let (eu, us, none) = (total("eu-west-1"), total("us-east-1"), total("sa-east-1"));
    assert_eq!(total("eu-west-1,us-east-1,sa-east-1"), eu + us + none);
    // An empty region costs one look.
    assert_eq!(none, 1);
}

#[test]
fn a_region_that_cannot_be_seen_is_told_and_counts_only_under_strict() {
    let place = three_regions().file();
    let flags = "--all --region eu-west-1,ap-east-1 --fail-on critical";
    let ended = validate(&place, &format!("{flags} -o json"));
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let document = ended.document();
    let unseen = &document["audit"]["unseen_regions"];
    assert_eq!(unseen[0]["region"], "ap-east-1");
    assert!(
        unseen[0]["why"]
            .as_str()
            .unwrap()
            .contains("denied while listing the file systems"),
        "{unseen}"
    );
    assert_eq!(ids(&document), told(&EU));
    let strict = validate(&place, &format!("{flags} --strict"));
    assert_eq!(strict.code, 3, "{}", strict.stdout);
    assert!(
        strict.stderr.contains("1 region could not be audited"),
        "{}",
        strict.stderr
    );
    assert!(
        strict.stdout.contains("  unknown   ap-east-1: denied"),
        "{}",
        strict.stdout
    );
    // Of one region alone, it is the error.
    assert_eq!(validate(&place, "--all --region ap-east-1").code, 8);
    assert_eq!(
        validate(&place, "--all --region ap-east-1,ap-east-1").code,
        8
    );
}

#[test]
fn a_file_system_of_another_region_is_said_to_be_there() {
    let place = three_regions().file();
    for named in ["fs-000000000000000a1", "first"] {
        let ended = validate(&place, &format!("{named} --region eu-west-1 -o json"));
        assert_eq!(ended.code, 7);
        let error = ended.document()["error"].clone();
        assert_eq!(
            error["message"],
            format!("there is no file system `{named}` in eu-west-1: it is in us-east-1")
        );
        assert_eq!(error["hint"], "look there: --region us-east-1");
    }
    let nowhere = validate(&place, "fs-00000000000000fff --region eu-west-1");
    assert_eq!(nowhere.code, 7);
    assert!(
        nowhere
            .stderr
            .contains("there is no file system `fs-00000000000000fff` in this region"),
        "{}",
        nowhere.stderr
    );

    // Named with several regions, each is looked for in all of them.
    let ended = validate(&place, "second north --region eu-west-1,us-east-1 -o json");
    assert_eq!(
        ids(&ended.document()),
        told(&[EU[0], US[1]]),
        "{}",
        ended.stderr
    );
    let missing = validate(&place, "second nobody --region eu-west-1,us-east-1");
    assert_eq!(missing.code, 7);
    assert!(
        missing.stderr.contains("`nobody` in any of these regions"),
        "{}",
        missing.stderr
    );
    let perhaps = validate(&place, "nobody --region eu-west-1,ap-east-1");
    assert_eq!(perhaps.code, 7);
    assert!(
        perhaps.stderr.contains("in the regions that could be read"),
        "{}",
        perhaps.stderr
    );
}

#[test]
fn what_is_missing_is_added_in_every_region() {
    let place = three_regions().file();
    let ended = validate(&place, "--all --region all --fix=automatic-backups -o json");
    let document = ended.document();
    let fixes = document["fixes"].as_array().unwrap();
    let regions: Vec<&str> = fixes
        .iter()
        .map(|fix| fix["region"].as_str().unwrap())
        .collect();
    assert_eq!(
        regions,
        ["eu-west-1", "us-east-1", "us-east-1"],
        "{}",
        ended.stderr
    );
    let text = document["audit"].to_string();
    assert!(
        text.contains("automatic backups are on") && !text.contains("automatic backups are off")
    );
}

#[test]
fn profiles_are_audited_one_after_the_other() {
    let place = three_regions().file();
    let server = place.serve("");
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    std::fs::write(
        &config,
        "[profile prod]\nregion = us-east-1\naws_access_key_id = a\naws_secret_access_key = b\n\
         [profile audit]\nregion = eu-west-1\naws_access_key_id = c\naws_secret_access_key = d\n\
         [profile nobody]\nregion = eu-west-1\n",
    )
    .unwrap();
    let run = |arguments: &str| {
        Efsctl::new(&format!(
            "--endpoint-url {} validate --all {arguments} -o json --fail-on critical",
            server.url
        ))
        .env("AWS_CONFIG_FILE", config.to_string_lossy())
        .run()
    };
    let ended = run("--profile prod,audit");
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let document = ended.document();
    assert_eq!(
        ids(&document),
        told(&[&US[..], &EU].concat()),
        "each in its own region"
    );
    let profiles = document["audit"]["file_systems"].as_array().unwrap();
    assert_eq!(
        (&profiles[0]["profile"], &profiles[2]["profile"]),
        (&"prod".into(), &"audit".into())
    );

    let calls = |ended: &Ended| ended.document()["calls"]["total"].as_u64().unwrap();
    let each = calls(&run("--profile prod")) + calls(&run("--profile audit"));
    assert_eq!(calls(&ended), each, "calls of all profiles are counted");
    let unknown = run("--profile prod,nope --region all");
    assert_eq!(unknown.code, 2, "{}", unknown.stderr);
    assert!(
        unknown
            .stderr
            .contains("the profile `nope` (--profile) is not defined"),
        "{}",
        unknown.stderr
    );
    let without_region = run("--profile prod,nope");
    assert_eq!(without_region.code, 2);
    assert!(
        without_region
            .stderr
            .contains("the profile `nope` (--profile) is not defined"),
        "{}",
        without_region.stderr
    );

    // A profile without credentials is a place that cannot be seen.
    let ended = run("--profile prod,nobody --region us-east-1");
    let document = ended.document();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(document["audit"]["unseen_regions"][0]["profile"], "nobody");
    assert_eq!(ids(&document), told(&US));
}

#[test]
fn only_an_audit_takes_several() {
    for arguments in [
        "create demo --region eu-west-1,us-east-1",
        "describe demo --region all",
    ] {
        let ended = Efsctl::new(&format!("--sandbox=/nonexistent/x.json {arguments}")).run();
        assert_eq!(ended.code, 2, "{arguments}: {}", ended.stderr);
        assert!(
            ended.stderr.contains("is not one region (--region)"),
            "{}",
            ended.stderr
        );
    }
    let place = three_regions().file();
    for stated in [
        "--client sg-0000000000000000a",
        "--subnet subnet-0000000000000000a",
        "--vpc vpc-0000000000000000a",
    ] {
        let ended = validate(
            &place,
            &format!("--all --region eu-west-1,us-east-1 {stated}"),
        );
        assert_eq!(ended.code, 2, "{stated}");
        assert!(
            ended.stderr.contains(&format!("{stated} is in one region")),
            "{}",
            ended.stderr
        );
    }
    let ended = validate(
        &place,
        "--all --region eu-west-1,us-east-1 --az ap-south-1a",
    );
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .contains("--az ap-south-1a is in none of these regions"),
        "{}",
        ended.stderr
    );
    // A zone is expected in its own region, and in no other.
    let ended = validate(
        &place,
        "--all --region eu-west-1,us-east-1 --az eu-west-1a -o json",
    );
    let document = ended.document();
    for audited in document["audit"]["file_systems"].as_array().unwrap() {
        let findings = audited["findings"].as_array().unwrap();
        let zones = findings
            .iter()
            .find(|finding| finding["check"] == "zones-of-clients")
            .unwrap();
        let judged = zones["verdict"] != "not-applicable";
        assert_eq!(judged, audited["region"] == "eu-west-1", "{audited:#}");
    }
    assert_eq!(
        validate(
            &place,
            "--all --region eu-west-1,us-east-1 --client 10.0.0.0/8 --fail-on critical"
        )
        .code,
        0
    );
    let twice = validate(&place, "--all --require-tag a=b --require-tag a=c");
    assert!(
        twice.code == 2
            && twice
                .stderr
                .contains("--require-tag gives a two values: b and c"),
        "{}",
        twice.stderr
    );
    for (flags, sentence) in [
        ("--region eu-west-1,mars", "`mars` is not a region"),
        ("--region eu-west-1,", "`` is not a region"),
        ("--profile a,,b", "names an empty profile"),
    ] {
        let ended = validate(&place, &format!("--all {flags}"));
        assert_eq!(ended.code, 2, "{flags}");
        assert!(ended.stderr.contains(sentence), "{flags}: {}", ended.stderr);
    }
}

/// The same through the library: these regions of one account.
async fn fleet(harness: &Harness, regions: &[&str]) -> Fleet<'static, AwsCloud> {
    let cloud = harness.service().await.cloud().clone();
    let regions = regions.iter().map(ToString::to_string);
    Fleet::new([Account::new(None, regions, move |region| {
        EfsService::new(cloud.in_region(region), Box::new(Silent))
    })])
}

fn options() -> FleetOptions {
    FleetOptions {
        asked: asked(&[]),
        exit: ExitPolicy {
            fail_on: Severity::Critical,
            ..ExitPolicy::default()
        },
        ..FleetOptions::default()
    }
}

#[tokio::test(start_paused = true)]
async fn the_library_audits_regions_in_their_order_and_tells_what_it_could_not_see() {
    let harness = three_regions().harness();
    let fleet = fleet(&harness, &["us-east-1", "ap-east-1", "eu-west-1"]).await;
    let mut heard = Vec::new();
    let mut on_audited = |audited: efsctl::domain::finding::Audited| {
        heard.push((audited.region.clone(), audited.file_system.to_string()));
    };
    let ended = fleet
        .validate_each(&options(), &mut on_audited)
        .await
        .unwrap();
    assert_eq!(heard, told(&[&US[..], &EU].concat()));
    assert_eq!(ended.unseen.len(), 1);
    assert_eq!(ended.unseen[0].region, "ap-east-1");
    assert_eq!(ended.failure, None);

    let mut strict = options();
    strict.exit.strict = true;
    let report = fleet.validate(&strict).await.unwrap();
    assert_eq!(report.report.file_systems.len(), 3);
    assert_eq!(report.failure.unwrap().kind, Kind::Policy);
    assert_eq!(harness.writes(), 0);

    let mut named = options();
    named.scope = Scope::These(vec![reference("nobody")]);
    let error = fleet.validate(&named).await.unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);

    let mut client = options();
    client.asked.clients = vec!["sg-0000000000000000a".parse::<ClientRef>().unwrap()];
    let before = harness.calls().total;
    assert_eq!(fleet.validate(&client).await.unwrap_err().kind, Kind::Usage);
    assert_eq!(harness.calls().total, before, "nothing was asked of AWS");
}

#[tokio::test(start_paused = true)]
async fn the_library_adds_what_is_missing_after_it_told_the_plan() {
    let harness = three_regions().harness();
    let fleet = fleet(&harness, &["eu-west-1", "us-east-1"]).await;
    let mut fix = FixOptions {
        checks: vec!["automatic-backups".to_owned()],
        dry_run: true,
    };
    let planned = fleet.fix(&options(), &fix, |_| {}).await.unwrap();
    assert_eq!((planned.fixes.len(), harness.writes()), (3, 0));
    fix.dry_run = false;
    let mut told = None;
    let fixed = fleet
        .fix(&options(), &fix, |fixes| {
            told = Some((fixes.to_vec(), harness.writes()));
        })
        .await
        .unwrap();
    assert_eq!(told, Some((planned.fixes.clone(), 0)));
    assert_eq!(harness.writes(), 3);
    let changes = |fixes: &[efsctl::service::Fix]| {
        let one = |fix: &efsctl::service::Fix| (fix.region.clone(), fix.changes.clone());
        fixes.iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!(changes(&fixed.fixes), changes(&planned.fixes));
    let is_off = |(_, finding): &(_, &efsctl::domain::finding::Finding)| {
        finding.summary() == "automatic backups are off"
    };
    assert_eq!(fixed.report.findings().filter(is_off).count(), 0);
    assert_eq!(planned.report.findings().filter(is_off).count(), 3);
    let again = fleet.fix(&options(), &fix, |_| {}).await.unwrap();
    assert_eq!((again.fixes.len(), harness.writes()), (0, 3));
}

#[tokio::test(start_paused = true)]
async fn what_failed_in_an_earlier_document_does_not_fail_the_fleet_again() {
    let harness = three_regions().harness();
    let fleet = fleet(&harness, &["us-east-1"]).await;
    let place = fleet.places().cloned().collect::<Vec<_>>();
    assert_eq!(
        place,
        [AccountRegion {
            profile: None,
            region: "us-east-1".to_owned()
        }]
    );
    let mut all = options();
    all.exit.fail_on = Severity::Low;
    let found = fleet.validate(&all).await.unwrap();
    assert_eq!(found.failure.unwrap().kind, Kind::Policy);
    let failed: Vec<Value> = found
        .report
        .file_systems
        .iter()
        .map(|audited| {
            let findings = audited.findings.iter().map(|finding| {
                serde_json::json!({ "check": finding.about.id, "verdict": finding.verdict })
            });
            serde_json::json!({
                "file_system_id": audited.file_system,
                "findings": findings.collect::<Vec<_>>(),
            })
        })
        .collect();
    let document = serde_json::json!({ "audit": { "file_systems": failed } }).to_string();
    all.exit.baseline = Some(Baseline::parse(&document).unwrap());
    assert_eq!(fleet.validate(&all).await.unwrap().failure, None);
    for none in ["{}", "[]", "x", r#"{"audit":{"file_systems":[{}]}}"#] {
        assert!(Baseline::parse(none).is_err(), "{none}");
    }
}
