//! `validate --fix`: what is missing is added, the plan is shown first, and nothing else is touched.

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

    // The half: one zone of three, a door that admits nobody.
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
async fn what_would_open_more_than_was_asked_is_refused_with_a_reason() {
    let cases: [(&[&str], &str, usize); 6] = [
        (&["0.0.0.0/0"], "NFS would be open to the Internet", 0),
        // Two halves are the whole.
        (
            &["0.0.0.0/1", "128.0.0.0/1"],
            "NFS would be open to the Internet",
            0,
        ),
        (&["0.0.0.0/1"], "NFS would be open to the Internet", 0),
        (&["198.51.100.0/24"], "", 1),
        // A group of another VPC: a rule can name it only over a peering.
        (&["sg-0000000000000000f"], "only over a peering", 0),
        (&[APP, "subnet-000000000000000b1"], "", 2),
    ];
    for (clients, reason, rules) in cases {
        let harness = Harness::described(WORLD);
        let (_, plans) = audit(
            &harness,
            &these(&["fs-0000000000000000a"]),
            &asked(clients, |_| ()),
        )
        .await;
        let notes = plans[0]
            .notes
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ");
        assert!(notes.contains(reason), "{clients:?}: {notes}");
        assert_eq!(
            plans[0].rules.len(),
            rules,
            "{clients:?}: {:?}",
            plans[0].rules
        );
    }
}

/// Whether AWS takes them hangs on a quota that is not seen: the plan says so.
#[tokio::test(start_paused = true)]
async fn more_rules_than_a_group_takes_by_default_are_said() {
    for (count, said) in [(50, false), (61, true)] {
        let ranges: Vec<String> = (0..count).map(|n| format!("198.51.{n}.0/24")).collect();
        let clients: Vec<&str> = ranges.iter().map(String::as_str).collect();
        let harness = Harness::described(WORLD);
        let (_, plans) = audit(
            &harness,
            &these(&["fs-0000000000000000a"]),
            &asked(&clients, |_| ()),
        )
        .await;
        let mut notes = plans[0].notes.iter();
        let noted = notes.any(|note| note.contains("unless the quota of the account was raised"));
        assert_eq!(noted, said, "{count}: {:?}", plans[0].notes);
    }
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

#[tokio::test(start_paused = true)]
async fn what_is_there_is_not_replaced_whoever_set_it_and_when() {
    use efsctl::cloud::Cloud;
    use efsctl::domain::settings::{Lifecycle, ObservedSetting, Value};
    use efsctl::domain::tags::Tags;
    let harness = Harness::described(WORLD);
    let service = harness.service().await;
    let id = "fs-0000000000000000c".parse().unwrap();
    let tag = |key: &str, value: &str| Tags::from([(key.to_owned(), value.to_owned())]);
    service
        .cloud()
        .tag_file_system(&id, &tag("team", "blue"))
        .await
        .unwrap();
    let wanted = asked(&[], |rules| {
        let value = |value: &str| Some(value.to_owned());
        rules.required_tags = [
            ("team".to_owned(), value("red")),
            ("efsctl:name".to_owned(), value("evil")),
            ("aws:owner".to_owned(), value("me")),
            ("stage".to_owned(), value("test")),
        ]
        .into();
    });
    let (_, plans) = audit(&harness, &these(&["fs-0000000000000000c"]), &wanted).await;
    assert_eq!(plans[0].tags, tag("stage", "test"));
    let notes = plans[0]
        .notes
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n");
    for note in [
        "the tag team stays blue",
        "the tag efsctl:name stays ours",
        "the tag aws:owner is not added: ",
    ] {
        assert!(notes.contains(note), "{note}: {notes}");
    }
    // Between the audit and the fix somebody comes to it first.
    let seven = Lifecycle {
        transition_to_ia: "7d".parse().ok(),
        ..Lifecycle::default()
    };
    service
        .cloud()
        .set(&id, &Value::Lifecycle(seven.clone()))
        .await
        .unwrap();
    service
        .cloud()
        .tag_file_system(&id, &tag("stage", "prod"))
        .await
        .unwrap();
    let fixed = service.fix(&plans[0], &options()).await.unwrap();
    assert!(
        !fixed
            .changes
            .iter()
            .any(|change| change.resource.kind == ResourceKind::Setting(Key::Lifecycle)),
        "{:?}",
        fixed.changes
    );
    assert_eq!(
        service.cloud().setting(&id, Key::Lifecycle).await.unwrap(),
        ObservedSetting::Lifecycle(seven)
    );
    let region = harness.region();
    let tags = &region.file_systems["fs-0000000000000000c"].tags;
    assert_eq!(
        (
            tags["stage"].as_str(),
            tags["team"].as_str(),
            tags["efsctl:name"].as_str()
        ),
        ("prod", "blue", "ours")
    );
}

#[tokio::test(start_paused = true)]
async fn a_mount_target_that_somebody_made_meanwhile_keeps_its_groups() {
    use efsctl::cloud::{Cloud, NewMountTarget};
    use efsctl::domain::spec::IpType;
    let harness = Harness::described(WORLD);
    let service = harness.service().await;
    let (_, plans) = audit(
        &harness,
        &these(&["fs-0000000000000000b"]),
        &asked(&[APP], |_| ()),
    )
    .await;
    let theirs = NewMountTarget {
        file_system: plans[0].file_system.clone(),
        subnet: "subnet-000000000000000a1".parse().unwrap(),
        ip_type: IpType::Ipv4,
        groups: ["sg-0000000000000000d".parse().unwrap()].into(),
    };
    let made = service.cloud().create_mount_target(&theirs).await.unwrap();
    let fixed = service.fix(&plans[0], &options()).await.unwrap();
    let of_theirs = fixed
        .deployment
        .mount_targets
        .iter()
        .find(|mt| mt.mount_target_id == made.id)
        .unwrap();
    assert_eq!(
        of_theirs.security_groups.as_deref().unwrap(),
        ["sg-0000000000000000d".parse().unwrap()]
    );
    assert_eq!(fixed.deployment.mount_targets.len(), 2);
    let interface = of_theirs.network_interface_id.as_ref().unwrap().as_str();
    assert!(
        harness.region().network_interfaces[interface]
            .tags
            .is_empty()
    );
}

#[tokio::test(start_paused = true)]
async fn the_first_group_is_no_more_open_than_the_clients_can_use() {
    let cases: [(&[&str], usize, &str); 4] = [
        (&["0.0.0.0/0"], 0, "NFS would be open to the Internet"),
        (
            &["0.0.0.0/1", "128.0.0.0/1", APP],
            1,
            "NFS would be open to the Internet",
        ),
        (
            &["2001:db8::/32", APP],
            1,
            "2001:db8::/32 reaches none of the mount targets that are added: they have ipv4 addresses",
        ),
        (&["10.0.0.0/16", APP], 2, ""),
    ];
    for (clients, sources, note) in cases {
        let harness = Harness::described(WORLD);
        let wanted = asked(clients, |rules| {
            rules.vpc = Some("vpc-0000000000000000a".parse().unwrap())
        });
        let (_, plans) = audit(&harness, &these(&["fs-0000000000000000b"]), &wanted).await;
        assert_eq!(
            plans[0].sources.len(),
            sources,
            "{clients:?}: {:?}",
            plans[0].sources
        );
        let notes = plans[0]
            .notes
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n");
        assert!(notes.contains(note), "{clients:?}: {notes}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_added_in_a_vpc_that_was_not_asked_for() {
    let vpc = |id: &str| {
        let id = format!("vpc-{id:0>17}");
        asked(&[], move |rules| rules.vpc = Some(id.parse().unwrap()))
    };
    for (file_system, options, note) in [
        (
            "fs-0000000000000000a",
            vpc("b"),
            "its mount targets are in vpc-0000000000000000a, not in vpc vpc-0000000000000000b",
        ),
        (
            "fs-0000000000000000b",
            vpc("f"),
            "vpc-0000000000000000f has no subnet in this region",
        ),
        (
            "fs-0000000000000000b",
            asked(&["10.0.0.0/16"], |_| ()),
            "or a client that is in one",
        ),
    ] {
        let harness = Harness::described(WORLD);
        let (_, plans) = audit(&harness, &these(&[file_system]), &options).await;
        assert!(plans[0].placement.is_none());
        let notes = plans[0]
            .notes
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n");
        assert!(notes.contains(note), "{note}: {notes}");
    }
}

/// Every interface of a client has to get through: what each of them lacks is added together.
#[tokio::test(start_paused = true)]
async fn a_client_with_several_interfaces_is_let_through_with_all_of_them() {
    let harness = Harness::described(&format!(
        "{WORLD}\n[[region.instance]]\nid = \"i-0000000000000000a\"\nsubnet = \"private-b\"\nip = \"10.0.3.77\"\n"
    ));
    let options = asked(&["i-0000000000000000a"], |_| ());
    let mut told = Vec::new();
    // The sandbox gives an instance one interface: its twin has the next address.
    let mut on_audited = |input: &CheckInput<'_>, _: Audited| {
        let mut clients = input.clients.to_vec();
        let mut twin = clients[0].interfaces[0].clone();
        twin.addresses = vec!["10.0.3.99".parse().unwrap()];
        clients[0].addresses.push("10.0.3.99/32".parse().unwrap());
        clients[0].interfaces.push(twin);
        let both = CheckInput {
            clients: &clients,
            ..*input
        };
        let audited = efsctl::audit::audit(&both);
        let failed = audited
            .findings
            .iter()
            .filter(|finding| finding.about.id == "nfs-from-clients");
        told.extend(
            failed
                .clone()
                .flat_map(|finding| finding.evidence.iter().map(ToString::to_string)),
        );
        let plan = fix_plan(&both, failed);
        let peers: BTreeSet<String> = plan
            .rules
            .iter()
            .map(|(_, peer)| peer.to_string())
            .collect();
        told.extend(peers);
    };
    let auditor = harness.auditor().await;
    auditor
        .validate_each(&these(&["fs-0000000000000000a"]), &options, &mut on_audited)
        .await
        .unwrap();
    let told = told.join("\n");
    assert!(
        told.contains("(10.0.3.77/32, 10.0.3.99/32) is not allowed"),
        "{told}"
    );
    assert!(told.ends_with("10.0.3.77/32\n10.0.3.99/32"), "{told}");
}

fn served() -> Server {
    let world = fixture("worlds/fixable.toml");
    sandbox(&format!(
        "--world {} --mount-target-delay 300ms",
        world.display()
    ))
}

fn fixes(document: &Value) -> Vec<(&str, usize)> {
    let fixes = document["fixes"].as_array().unwrap();
    fixes
        .iter()
        .map(|fix| {
            (
                fix["file_system_id"].as_str().unwrap(),
                fix["changes"].as_array().unwrap().len(),
            )
        })
        .collect()
}

#[test]
fn the_plan_is_what_is_done_and_the_report_is_of_afterwards() {
    let server = served();
    let flags = format!("validate --all --client {APP} --fail-on medium -o json");
    let planned = server.efsctl(&format!("{flags} --fix --dry-run")).run();
    assert_eq!(planned.code, 3, "{}", planned.stderr);
    let plan = planned.document();
    assert_eq!(
        (&plan["outcome"], &plan["calls"]["writing"]),
        (&"planned".into(), &0.into())
    );

    let fixed = server.efsctl(&format!("{flags} --fix")).run();
    let document = fixed.document();
    assert_eq!(document["outcome"], "changed", "{}", fixed.stderr);
    assert_eq!(fixes(&document), fixes(&plan));
    assert_eq!(
        document["changes"].as_array().unwrap().len(),
        plan["changes"].as_array().unwrap().len()
    );
    // --fail-on decides what counts, and so what is fixed: the lifecycle policy is a matter of low severity.
    assert!(!document["changes"].to_string().contains("lifecycle_policy"));
    let verdict = |document: &Value, check: &str| {
        let findings = document["audit"]["file_systems"][0]["findings"]
            .as_array()
            .unwrap()
            .clone();
        findings
            .iter()
            .find(|finding| finding["check"] == check)
            .unwrap()["verdict"]
            .clone()
    };
    assert_eq!(verdict(&plan, "automatic-backups"), "fail");
    assert_eq!(verdict(&document, "automatic-backups"), "pass");

    let writes = server.calls()["writes"].clone();
    let again = server.efsctl(&format!("{flags} --fix")).run();
    assert_eq!(again.document()["outcome"], "unchanged");
    assert_eq!(server.calls()["writes"], writes);
    assert!(again.stderr.contains("nothing to add"), "{}", again.stderr);
}

/// Two file systems have one group: its rule is planned and made once, and both pass afterwards. Where the first of them cannot
/// be fixed, the second still gets the rule.
#[test]
fn a_rule_of_a_shared_group_is_added_once_and_counts_for_all() {
    let world = world()
        .vpc("10.0.0.0/16")
        .set("dns_hostnames", true)
        .subnet('a')
        .group("app", &[])
        .group("door", &[])
        .file_system("first")
        .mount_target('a', &["door"])
        .file_system("second")
        .mount_target('a', &["door"])
        .file();
    let started = |more: &str| world.serve(more);
    let flags = format!("validate --all --client {APP} --fix=nfs-from-clients,automatic-backups");
    let policy = tempfile::tempdir().unwrap();
    let only = policy.path().join("efsctl.toml");
    std::fs::write(&only, "fail-on = \"critical\"\n").unwrap();
    let flags = format!("{flags} --config {} -o json", only.display());

    let server = started("");
    let planned = server
        .efsctl(&format!("{flags} --dry-run"))
        .run()
        .document();
    assert_eq!(
        fixes(&planned),
        [("fs-0000000000000000a", 2), ("fs-0000000000000000b", 1)]
    );
    let fixed = server.efsctl(&flags).run();
    let document = fixed.document();
    assert_eq!(fixed.code, 0, "{}", fixed.stderr);
    assert_eq!(fixes(&document), fixes(&planned));
    assert_eq!(document["calls"]["writing"], 3);
    let failing = |document: &Value, check: &str| -> Vec<String> {
        let audited = document["audit"]["file_systems"].as_array().unwrap();
        let fails = |audited: &&Value| {
            let findings = audited["findings"].as_array().unwrap();
            findings
                .iter()
                .any(|finding| finding["check"] == check && finding["verdict"] == "fail")
        };
        let ids = audited.iter().filter(fails);
        ids.map(|audited| audited["file_system_id"].to_string())
            .collect()
    };
    assert_eq!(failing(&document, "nfs-from-clients"), [""; 0]);

    // The first one is refused when it asks whether it may.
    let server = started("--fault AuthorizeSecurityGroupIngress:1:denied");
    let ended = server.efsctl(&flags).run();
    let document = ended.document();
    assert_eq!(ended.code, 5, "{}", ended.stderr);
    assert_eq!(failing(&document, "nfs-from-clients"), [""; 0]);
    let views = document["fixes"].as_array().unwrap();
    assert!(
        views[0]["error"].is_string() && views[1]["error"].is_null(),
        "{views:#?}"
    );
    let left = document["error"]["leftovers"].as_array().unwrap();
    let is_it = |left: &&Value| {
        left["file_system_id"] == "fs-0000000000000000b"
            && left["resource"]["kind"] == "security_group_rule"
    };
    let rule = left
        .iter()
        .find(is_it)
        .unwrap_or_else(|| panic!("{left:#?}"));
    assert_eq!(rule["change"]["action"], "create", "{rule:#}");
    assert!(
        ended
            .stderr
            .contains("on fs-0000000000000000b: created security group rule"),
        "{}",
        ended.stderr
    );
}

#[test]
fn only_the_named_checks_are_fixed() {
    let server = served();
    let ended = server
        .efsctl("validate half --fix=automatic-backups -o json")
        .run();
    let document = ended.document();
    let changes = document["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0]["resource"]["kind"], "backup_policy");
    for (flags, sentence) in [
        ("--fix=encrypted-at-rest", "cannot be fixed by an addition"),
        (
            "--fix=automatic-backup",
            "did you mean `automatic-backups`?",
        ),
        ("--dry-run", "--fix"),
        ("--fix automatic-backups", "--fix=automatic-backups"),
    ] {
        let ended = server.efsctl(&format!("validate half {flags}")).run();
        assert_eq!(ended.code, 2, "{flags}: {}", ended.stderr);
        assert!(ended.stderr.contains(sentence), "{flags}: {}", ended.stderr);
    }
}

#[test]
fn a_fix_that_fails_on_one_goes_on_with_the_others_and_tells_all() {
    let world = fixture("worlds/fixable.toml");
    let server = sandbox(&format!(
        "--world {} --mount-target-delay 300ms --fault PutBackupPolicy:1:denied",
        world.display()
    ));
    let ended: Ended = server
        .efsctl("validate --all --fix=automatic-backups -o json")
        .run();
    assert_eq!(ended.code, 5, "{}", ended.stderr);
    let document = ended.document();
    let error = &document["error"];
    let all = document["fixes"].as_array().unwrap();
    let (failed, done): (Vec<&Value>, Vec<&Value>) =
        all.iter().partition(|fix| fix["error"].is_string());
    assert_eq!((failed.len(), done.len()), (1, 2), "{}", ended.stderr);
    assert!(failed[0]["changes"].as_array().unwrap().is_empty());
    let id = failed[0]["file_system_id"].as_str().unwrap();
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .starts_with(&format!("{id}: denied")),
        "{error}"
    );
    let left = error["leftovers"].as_array().unwrap();
    for fix in done {
        assert_eq!(fix["changes"].as_array().unwrap().len(), 1);
        let id = &fix["file_system_id"];
        let of = left.iter().find(|left| left["file_system_id"] == *id);
        let of = of.unwrap_or_else(|| panic!("{id}: {error:#}"));
        assert_eq!(of["resource"]["kind"], "backup_policy", "{of:#}");
        assert_eq!(of["resource"]["id"], *id, "{of:#}");
        assert_eq!(of["change"]["action"], "update", "{of:#}");
    }
}

#[test]
fn a_person_sees_the_plan_before_and_the_changes_after() {
    let world = fixture("worlds/fixable.toml");
    let run = |flags: &str| {
        Efsctl::new(&format!(
            "--sandbox --world {} validate half {flags}",
            world.display()
        ))
        .run()
    };
    let planned = run("--fix --dry-run");
    assert!(
        planned
            .stdout
            .contains("\n  + mount target  eu-west-1b in subnet-000000000000000b1, with sg-0000000000000000d\n"),
        "{}",
        planned.stdout
    );
    assert!(planned.stdout.contains("changes to apply\n"));
    let fixed = run("--fix");
    assert!(
        fixed.stderr.contains("changes to apply"),
        "{}",
        fixed.stderr
    );
    assert!(
        fixed.stdout.contains("changes made\n") && fixed.stdout.contains("  + mount target fsmt-"),
        "{}",
        fixed.stdout
    );
    // Another form of the report has stdout for itself.
    let sarif = run("--fix --format sarif");
    assert!(serde_json::from_str::<Value>(&sarif.stdout).is_ok());
    assert!(sarif.stderr.contains("changes made"));
    let quiet = run("--fix --quiet");
    assert!(!quiet.stderr.contains("to make"), "{}", quiet.stderr);
}

#[test]
fn after_ctrl_c_the_report_is_of_what_is_there_then() {
    use std::process::Stdio;
    let world = fixture("worlds/fixable.toml");
    let server = sandbox(&format!(
        "--world {} --mount-target-delay 10m --delete-delay 50ms",
        world.display()
    ));
    let mut command = server.efsctl("validate half --fix -o json").command();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Everything is made, and only the mount target is waited for: a look that follows has all answers behind it.
    let writes = [
        "CreateMountTarget",
        "PutLifecycleConfiguration",
        "PutBackupPolicy",
    ];
    server.until(&mut child, |server| {
        writes.iter().all(|write| server.count(write) == 1)
    });
    let looks = server.count("DescribeMountTargets");
    server.until(&mut child, |server| {
        server.count("DescribeMountTargets") > looks
    });
    let pid = child.id().to_string();
    std::process::Command::new("kill")
        .args(["-INT", &pid])
        .status()
        .unwrap();
    let ended = child.wait_with_output().unwrap();
    let document: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(ended.status.code(), Some(5), "{document:#}");
    let findings = document["audit"]["file_systems"][0]["findings"]
        .as_array()
        .unwrap();
    let verdict = |check: &str| {
        findings
            .iter()
            .find(|finding| finding["check"] == check)
            .unwrap()["verdict"]
            .clone()
    };
    assert_eq!(verdict("automatic-backups"), "pass");
    assert_eq!(verdict("mount-targets-in-several-zones"), "fail");
    let left = document["error"]["leftovers"].as_array().unwrap();
    let kinds: BTreeSet<&str> = left
        .iter()
        .map(|left| left["resource"]["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.is_superset(&["backup_policy", "lifecycle_policy"].into())
            && !kinds.contains("mount_target"),
        "{left:#?}"
    );
    let changes = document["changes"].as_array().unwrap();
    assert_eq!(
        changes.len(),
        2,
        "what was taken back is no change: {changes:?}"
    );
}

#[test]
fn every_client_that_can_be_stated_can_be_parsed_back() {
    for text in [APP, "subnet-000000000000000b1", "10.0.0.0/8"] {
        assert_eq!(text.parse::<ClientRef>().unwrap().to_string(), text);
    }
}
