//! `validate --fix`: what is missing is added, the plan is shown first, and nothing else is touched.

mod command;
mod limits;

use std::collections::{BTreeMap, BTreeSet};

use efsctl::audit::check::CheckInput;
use efsctl::audit::clients::ClientRef;
use efsctl::audit::fix::{FixPlan, fix_plan};
use efsctl::audit::rules::Rules;
use efsctl::domain::finding::{Audited, Report, Verdict};
use efsctl::domain::leftover::{LeftReason, Leftover};
use efsctl::domain::plan::Change;
use efsctl::domain::resource::ResourceKind;
use efsctl::domain::settings::Key;
use efsctl::error::Kind;
use efsctl::sandbox::world::Region;
use efsctl::service::{CreateOptions, DeleteOptions, Purpose, Scope, ValidateOptions};
use serde_json::Value;

use crate::support::cli::{Efsctl, Ended, fixture};
use crate::support::harness::{self, Harness, reference};
use crate::support::server::{Server, sandbox};
use crate::support::world::world;

const WORLD: &str = include_str!("../fixtures/worlds/fixable.toml");
const APP: &str = "sg-0000000000000000a";

fn asked(clients: &[&str], rules: impl FnOnce(&mut Rules)) -> ValidateOptions {
    let mut options = harness::asked(clients);
    rules(&mut options.rules);
    options.purpose = Purpose::Fix;
    options
}

/// The audit, and what would fix everything that fails.
async fn audit(
    harness: &Harness,
    scope: &Scope,
    options: &ValidateOptions,
) -> (Report, Vec<FixPlan>) {
    let (mut report, mut plans) = (Report::default(), Vec::new());
    let mut on_audited = |input: &CheckInput<'_>, audited: Audited| {
        let failed = audited
            .findings
            .iter()
            .filter(|finding| finding.verdict == Verdict::Fail);
        plans.push(fix_plan(input, failed));
        report.file_systems.push(audited);
    };
    let auditor = harness.auditor().await;
    auditor
        .validate_each(scope, options, &mut on_audited)
        .await
        .unwrap();
    (report, plans)
}

fn these(ids: &[&str]) -> Scope {
    Scope::These(ids.iter().map(|id| reference(id)).collect())
}

fn of(plans: &[FixPlan], id: &str) -> FixPlan {
    plans
        .iter()
        .find(|plan| plan.file_system.as_str() == id)
        .unwrap()
        .clone()
}

fn options() -> CreateOptions {
    CreateOptions {
        run: "run1".to_owned(),
        ..CreateOptions::default()
    }
}

fn failing(report: &Report, id: &str) -> BTreeSet<&'static str> {
    let of = report.findings().filter(|(audited, finding)| {
        audited.file_system.as_str() == id && finding.verdict == Verdict::Fail
    });
    of.map(|(_, finding)| finding.about.id).collect()
}

/// What exists, and what is special about it: everything that a fix must leave as it is.
fn belongings(region: &Region) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for fs in region.file_systems.values() {
        let fixed = format!(
            "{} {:?} {} {} {:?}",
            fs.encrypted, fs.kms_key_id, fs.performance_mode, fs.throughput_mode, fs.policy
        );
        all.insert(fs.id.clone(), fixed);
    }
    for mt in region.mount_targets.values() {
        let eni = &region.network_interfaces[&mt.network_interface_id];
        all.insert(
            mt.id.clone(),
            format!("{} {:?} {:?}", mt.subnet_id, eni.groups, eni.tags),
        );
    }
    for group in region.security_groups.values() {
        all.insert(group.id.clone(), format!("{} {:?}", group.name, group.tags));
        for rule in &group.rules {
            all.insert(rule.id.clone(), format!("{rule:?}"));
        }
    }
    all
}

/// Everything that was there is what it was.
fn is_kept(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    for (id, was) in before {
        assert_eq!(after.get(id), Some(was), "{id}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_is_added_and_what_is_there_stays() {
    let harness = Harness::described(WORLD);
    let before = harness.region();
    let wanted = asked(&[APP], |rules| {
        rules.required_tags = [
            ("team".to_owned(), Some("red".to_owned())),
            ("owner".to_owned(), None),
        ]
        .into();
    });
    let (report, plans) = audit(&harness, &Scope::All, &wanted).await;
    let service = harness.service().await;
    let mut planned: Vec<Vec<Change>> = Vec::new();
    for plan in &plans {
        planned.push(service.plan_fix(plan, "run1").await.unwrap());
    }
    assert_eq!(harness.writes(), 0, "an audit and a plan write nothing");

    for (plan, planned) in plans.iter().zip(&planned) {
        let fixed = service.fix(plan, &options()).await.unwrap();
        let words = |changes: &[Change]| -> BTreeSet<(String, String)> {
            changes
                .iter()
                .map(|change| (change.resource.kind.to_string(), change.detail.clone()))
                .collect()
        };
        // Ids that AWS gives later are not in a plan; otherwise it is exactly what is done.
        assert_eq!(
            words(&fixed.changes).len(),
            words(planned).len(),
            "{planned:?}"
        );
        assert_eq!(fixed.changes.len(), planned.len());
        for made in planned
            .iter()
            .filter(|made| !made.detail.contains("the new group"))
        {
            assert!(
                fixed
                    .changes
                    .iter()
                    .any(|change| change.resource.kind == made.resource.kind
                        && change.detail == made.detail),
                "{made:?}"
            );
        }
    }
    is_kept(&belongings(&before), &belongings(&harness.region()));

    let (again, nothing) = audit(&harness, &Scope::All, &wanted).await;
    let writes = harness.writes();
    for plan in &nothing {
        assert!(plan.is_empty(), "{plan:?}");
        assert!(
            service
                .fix(plan, &options())
                .await
                .unwrap()
                .changes
                .is_empty()
        );
    }
    assert_eq!(harness.writes(), writes, "a second fix writes nothing");

    // The half: one zone of three, a door that allows nobody.
    let (was, is) = (
        failing(&report, "fs-0000000000000000a"),
        failing(&again, "fs-0000000000000000a"),
    );
    for check in [
        "mount-targets-in-several-zones",
        "nfs-from-clients",
        "automatic-backups",
        "lifecycle-policy",
    ] {
        assert!(
            was.contains(check) && !is.contains(check),
            "{check}: {was:?} -> {is:?}"
        );
    }
    // A tag without a value is for people to choose.
    assert!(is.contains("required-tags"));
    assert!(
        of(&plans, "fs-0000000000000000a")
            .notes
            .iter()
            .any(|note| note.contains("require_tag owner=VALUE"))
    );
    // What cannot be changed is not pretended to be.
    assert!(is.contains("encrypted-at-rest"));
    let remedy = again.findings().find(|(_, finding)| {
        finding.about.id == "encrypted-at-rest" && finding.verdict == Verdict::Fail
    });
    assert!(
        remedy
            .unwrap()
            .1
            .remedy
            .as_ref()
            .unwrap()
            .contains("cannot be fixed in place")
    );

    let region = harness.region();
    let subnets = |id: &str| -> BTreeSet<String> {
        let own = region
            .mount_targets
            .values()
            .filter(|mt| mt.file_system_id == id);
        own.map(|mt| mt.subnet_id.clone()).collect()
    };
    // Zone a: the one that was there. Zone b: private, although the public subnet has more addresses. Zone c: walled off by its
    // network ACL.
    assert_eq!(
        subnets("fs-0000000000000000a"),
        BTreeSet::from([
            "subnet-000000000000000a1".to_owned(),
            "subnet-000000000000000b1".to_owned()
        ])
    );
    let notes = of(&plans, "fs-0000000000000000a")
        .notes
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ");
    assert!(notes.contains("in eu-west-1c"), "{notes}");
    assert!(
        !region.file_systems["fs-0000000000000000a"]
            .tags
            .keys()
            .any(|key| key.starts_with("efsctl:"))
    );
    // One of ours: what is added carries our tags, like the rest.
    let ours = region
        .mount_targets
        .values()
        .filter(|mt| mt.file_system_id == "fs-0000000000000000c");
    let tagged = ours.filter(|mt| {
        region.network_interfaces[&mt.network_interface_id]
            .tags
            .contains_key("efsctl:managed-by")
    });
    assert_eq!(tagged.count(), 1);
    // One Zone: its own zone, and no other.
    assert_eq!(
        subnets("fs-0000000000000000d"),
        BTreeSet::from(["subnet-000000000000000b1".to_owned()])
    );
}

#[tokio::test(start_paused = true)]
async fn the_first_mount_targets_wear_a_group_that_admits_the_clients_and_goes_with_its_file_system()
 {
    let harness = Harness::described(WORLD);
    let wanted = asked(&[APP, "10.7.0.0/16"], |_| ());
    let (_, plans) = audit(&harness, &these(&["fs-0000000000000000b"]), &wanted).await;
    let service = harness.service().await;
    let fixed = service.fix(&plans[0], &options()).await.unwrap();
    let group = fixed.deployment.mount_targets[0]
        .security_groups
        .clone()
        .unwrap()
        .pop()
        .unwrap();
    let region = harness.region();
    let made = &region.security_groups[group.as_str()];
    assert_eq!(made.name, "efsctl-fs-0000000000000000b");
    let rules = made
        .rules
        .iter()
        .filter(|rule| !rule.is_egress && rule.from_port == 2049);
    assert_eq!(rules.count(), 2);
    assert!(
        !region.file_systems["fs-0000000000000000b"]
            .tags
            .contains_key("efsctl:managed-by")
    );

    // It is no orphan as long as its file system is there, and `delete` never takes the file system.
    assert_eq!(service.orphans().await.unwrap(), []);
    let id = reference("fs-0000000000000000b");
    let refused = service
        .plan_delete(&id, &DeleteOptions::default())
        .await
        .unwrap_err();
    assert_eq!(refused.kind, Kind::Conflict, "{refused}");
    use efsctl::cloud::Cloud;
    for mt in &fixed.deployment.mount_targets {
        service
            .cloud()
            .delete_mount_target(&mt.mount_target_id)
            .await
            .unwrap();
    }
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    service
        .cloud()
        .delete_file_system(&fixed.deployment.file_system_id)
        .await
        .unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    let orphans = service.orphans().await.unwrap();
    assert_eq!(orphans.len(), 1);
    assert_eq!(orphans[0].name, "fs-0000000000000000b");
    let planned = service
        .plan_delete(&id, &DeleteOptions::default())
        .await
        .unwrap();
    service
        .delete(planned, &DeleteOptions::default())
        .await
        .unwrap();
    assert!(
        !harness
            .region()
            .security_groups
            .contains_key(group.as_str())
    );
}

#[tokio::test(start_paused = true)]
async fn mount_targets_go_where_they_are_expected_or_it_is_said_why_not() {
    let subnet = |id: &str| {
        let id = format!("subnet-{id:0>17}");
        asked(&[], move |rules| {
            rules.subnets = [id.parse().unwrap()].into()
        })
    };
    let zone = |zone: &str| asked(&[], |rules| rules.zones = [zone.parse().unwrap()].into());
    let cases = [
        (subnet("b2"), Some("subnet-000000000000000b2"), ""),
        (
            subnet("a2"),
            None,
            "takes only one; mount targets cannot be moved",
        ),
        (subnet("b3"), None, "it has no free address"),
        (subnet("91"), None, "it is in vpc-0000000000000000b"),
        (subnet("ee"), None, "there is no such subnet"),
        (zone("eu-west-1b"), Some("subnet-000000000000000b1"), ""),
        (
            zone("eu-west-1c"),
            None,
            "no mount target is added in eu-west-1c",
        ),
        (
            asked(&["subnet-000000000000000b2"], |_| ()),
            Some("subnet-000000000000000b1"),
            "",
        ),
    ];
    for (options, chosen, note) in cases {
        let harness = Harness::described(WORLD);
        let (_, plans) = audit(&harness, &these(&["fs-0000000000000000a"]), &options).await;
        let sites: Vec<&str> = plans[0]
            .placement
            .iter()
            .flat_map(|placement| &placement.zones)
            .map(|site| site.subnet.as_str())
            .collect();
        assert_eq!(sites.first().copied(), chosen, "{options:?}");
        let notes = plans[0]
            .notes
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ");
        assert!(notes.contains(note), "{note}: {notes}");
    }
    // What cannot be changed now is left alone.
    let world = WORLD.replacen("name = \"half\"", "name = \"half\"\nstate = \"error\"", 1);
    let harness = Harness::described(&world);
    let (_, plans) = audit(
        &harness,
        &these(&["fs-0000000000000000a"]),
        &asked(&[APP], |_| ()),
    )
    .await;
    assert!(
        plans[0].is_empty() && plans[0].notes[0].contains("it is error"),
        "{:?}",
        plans[0]
    );
}

#[tokio::test(start_paused = true)]
async fn a_fix_that_fails_takes_its_mount_targets_back_and_tells_the_rest() {
    let harness = Harness::with(efsctl::sandbox::account::Options {
        world: efsctl::sandbox::world::scenario::parse(WORLD, 0).unwrap(),
        faults: efsctl::sandbox::fault::Faults::new(["PutBackupPolicy:*:denied".parse().unwrap()]),
        ..Harness::options()
    });
    let before = harness.region();
    let (_, plans) = audit(
        &harness,
        &these(&["fs-0000000000000000a"]),
        &asked(&[APP], |_| ()),
    )
    .await;
    let failure = harness
        .service()
        .await
        .fix(&plans[0], &options())
        .await
        .unwrap_err();
    assert_eq!(failure.error.kind, Kind::Leftovers, "{}", failure.error);
    let left = &failure.error.leftovers;
    for kind in [
        ResourceKind::SecurityGroupRule,
        ResourceKind::Setting(Key::Lifecycle),
    ] {
        let stays = |left: &Leftover| {
            left.resource.kind == kind && left.why == Some(LeftReason::ExistedBefore)
        };
        assert!(left.iter().any(stays), "{kind}: {left:?}");
    }
    assert!(
        !failure
            .error
            .hint
            .as_ref()
            .unwrap()
            .contains("efsctl delete"),
        "{:?}",
        failure.error.hint
    );
    let after = harness.region();
    assert_eq!(after.mount_targets.len(), before.mount_targets.len());
    is_kept(&belongings(&before), &belongings(&after));
}

#[test]
fn every_client_that_can_be_stated_can_be_parsed_back() {
    for text in [APP, "subnet-000000000000000b1", "10.0.0.0/8"] {
        assert_eq!(text.parse::<ClientRef>().unwrap().to_string(), text);
    }
}
