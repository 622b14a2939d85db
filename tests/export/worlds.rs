//! Random accounts: the configuration parses, imports everything once and nothing else, and is as `terraform fmt` writes it.

use std::process::Command;

use efsctl::sandbox::world::state::{FileSystem, Peer};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::parsed::{Imported, Parsed};
use super::{exported, form};
use crate::support::harness::Harness;
use crate::support::skipped::skipped;
use crate::support::world::{Text, World, world};

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "${a}", "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*",
 "Condition": {"Bool": {"aws:SecureTransport": "false"}, "NumericLessThan": {"for": 1.5}}}]}"#;

/// A text that EFS takes in a tag: letters, digits, spaces and a few signs.
fn tricky() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}",
        Just("for".to_owned()),
        Just("null".to_owned()),
        Just("1 = 2 @ a:b/c".to_owned()),
        Just("zwei  drei".to_owned()),
        Just("Stra\u{df}e \u{6771}\u{4eac} \u{fb01}".to_owned()),
    ]
}

#[derive(Debug, Clone)]
struct Point {
    path: &'static str,
    state: &'static str,
    user: Option<(u32, u32, Vec<u32>)>,
    create: bool,
    tag: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct System {
    name: String,
    tags: Vec<(String, String)>,
    is_ours: bool,
    state: &'static str,
    encrypted: bool,
    one_zone: bool,
    throughput: &'static str,
    lifecycle: Vec<&'static str>,
    backup: Option<&'static str>,
    policy: bool,
    protection: &'static str,
    replication: Option<&'static str>,
    pub(super) targets: Vec<(char, &'static str, Vec<&'static str>)>,
    points: Vec<Point>,
}

const GROUPS: [&str; 3] = ["theirs", "ours", "also-ours"];
const TRANSITIONS: [&str; 3] = [
    "{ TransitionToIA = \"AFTER_30_DAYS\" }",
    "{ TransitionToArchive = \"AFTER_2_MOONS\" }",
    "{ TransitionToPrimaryStorageClass = \"AFTER_1_ACCESS\" }",
];

fn point() -> impl Strategy<Value = Point> {
    (
        select(vec!["/", "/app", "/a b/c"]),
        select(vec!["available", "error", "deleting", "hibernating"]),
        proptest::option::of((
            any::<u32>(),
            any::<u32>(),
            proptest::collection::vec(any::<u32>(), 0..3),
        )),
        any::<bool>(),
        proptest::option::of(tricky()),
    )
        .prop_map(|(path, state, user, create, tag)| Point {
            path,
            state,
            user,
            create,
            tag,
        })
}

pub(super) fn system() -> impl Strategy<Value = System> {
    let target = (
        select(vec!["available", "creating", "deleting", "error"]),
        subsequence(GROUPS.to_vec(), 1..=3),
    );
    let looks = (
        tricky(),
        proptest::collection::vec((tricky(), tricky()), 0..3),
        any::<bool>(),
        select(vec![
            "available",
            "available",
            "updating",
            "error",
            "deleting",
            "resting",
        ]),
        any::<bool>(),
        any::<bool>(),
        select(vec!["bursting", "elastic", "provisioned", "warp"]),
    );
    let settings = (
        subsequence(TRANSITIONS.to_vec(), 0..=3),
        proptest::option::of(select(vec![
            "ENABLED",
            "ENABLING",
            "DISABLED",
            "DISABLING",
            "DOZING",
        ])),
        any::<bool>(),
        select(vec!["ENABLED", "DISABLED", "GUARDED"]),
        proptest::option::of(select(vec!["ENABLED", "PAUSED", "DELETING"])),
    );
    let parts = (
        proptest::collection::vec(target, 0..3),
        proptest::collection::vec(point(), 0..3),
    );
    (looks, settings, parts).prop_map(|(looks, settings, (targets, points))| {
        let (name, tags, is_ours, state, encrypted, one_zone, throughput) = looks;
        let (lifecycle, backup, policy, protection, replication) = settings;
        let targets = targets.into_iter().zip(['a', 'b']);
        let mut targets: Vec<_> = targets
            .map(|((state, groups), zone)| (zone, state, groups))
            .collect();
        targets.truncate(if one_zone { 1 } else { 2 });
        // The sandbox takes no file system with parts that is on its way out.
        let (targets, points) = match state {
            "deleting" => (Vec::new(), Vec::new()),
            _ => (targets, points),
        };
        System {
            name,
            tags,
            is_ours,
            state,
            encrypted,
            one_zone,
            throughput,
            lifecycle,
            backup,
            policy,
            protection,
            replication,
            targets,
            points,
        }
    })
}

pub(super) fn described(systems: &[System]) -> World {
    let mut world = world()
        .account("111122223333")
        .prefix_list("pl-0000000a", "offices", &["10.0.8.0/24"])
        .vpc("10.0.0.0/16")
        .subnet('a')
        .subnet('b')
        .group("theirs", &["tcp 2049 from 10.0.0.0/8"])
        .group(
            "ours",
            &[
                "tcp 2049 from offices",
                "all from 2001:db8::/32",
                "tcp 2049 from theirs",
                "icmp from 10.0.0.0/8",
            ],
        )
        .tag("efsctl:managed-by", "efsctl")
        .tag("${t} \"\\\u{202e}e\u{301}", "%{t} $${t} \u{7}\u{1f5c4}")
        .group("also-ours", &[])
        .tag("efsctl:managed-by", "efsctl");
    for (number, system) in systems.iter().enumerate() {
        world = world.file_system(&system.name);
        if system.is_ours {
            world = world.tag("efsctl:managed-by", "efsctl");
        }
        world = with_parts(world, number, system);
    }
    world
}

/// The same with its settings, and what belongs to it.
pub(super) fn with_parts(mut world: World, number: usize, system: &System) -> World {
    for (key, value) in &system.tags {
        world = world.tag(key, value);
    }
    world = world
        .set("state", system.state)
        .set("encrypted", system.encrypted)
        .set("throughput_mode", system.throughput)
        .set(
            "lifecycle",
            Text(format!("[{}]", system.lifecycle.join(", "))),
        )
        .set("replication_overwrite_protection", system.protection);
    if system.throughput == "provisioned" {
        world = world.set("provisioned_mibps", Text("1.5".to_owned()));
    }
    if system.one_zone {
        world = world.set("zone", "eu-west-1a");
    }
    if let Some(status) = system.backup {
        world = world.set("backup", status);
    }
    if system.policy {
        world = world.set("policy", POLICY);
    }
    if let Some(status) = system.replication {
        world = world.copied_to(&format!("fs-{number:017}"), "eu-west-2", status);
    }
    for (zone, state, groups) in &system.targets {
        world = world.mount_target(*zone, groups).set("state", *state);
    }
    for point in &system.points {
        world = world.access_point(point.path).set("state", point.state);
        if let Some((uid, gid, groups)) = &point.user {
            world = world
                .set("uid", u64::from(*uid))
                .set("gid", u64::from(*gid))
                .set("secondary_gids", Text(format!("{groups:?}")));
        }
        if point.create {
            world = world.set(
                "create",
                Text("{ uid = 1, gid = 2, permissions = \"0755\" }".to_owned()),
            );
        }
        if let Some(value) = &point.tag {
            world = world.tag("Name", value).tag(value, "");
        }
    }
    world
}

/// What has to be imported, of the account as it is.
fn wanted(harness: &Harness, systems: &[System]) -> Vec<Imported> {
    let region = harness.region();
    let now = (harness.clock)();
    let mut wanted = Vec::new();
    let mut want = |kind: &str, id: &str| wanted.push((format!("aws_{kind}"), id.to_owned()));
    let stays = |state: &str| state != "deleting";
    let stored: Vec<&FileSystem> = region.file_systems.values().collect();
    for (stored, system) in stored.iter().zip(systems) {
        if !stays(system.state) {
            continue;
        }
        want("efs_file_system", &stored.id);
        if stored.policy.is_some() {
            want("efs_file_system_policy", &stored.id);
        }
        if matches!(stored.backup.as_deref(), Some("ENABLED" | "ENABLING")) {
            want("efs_backup_policy", &stored.id);
        }
        if system
            .replication
            .is_some_and(|status| status != "DELETING")
        {
            want("efs_replication_configuration", &stored.id);
        }
    }
    let mut attached = std::collections::BTreeSet::new();
    for (number, system) in systems.iter().enumerate() {
        let id = &stored[number].id;
        for (zone, state, groups) in &system.targets {
            let subnet = format!("subnet-000000000000000{zone}1");
            let mut targets = region.mount_targets.values();
            let target =
                targets.find(|target| target.file_system_id == *id && target.subnet_id == subnet);
            attached.extend(groups.iter().copied());
            if stays(state) {
                want("efs_mount_target", &target.unwrap().id);
            }
        }
    }
    let staying = systems.iter().flat_map(|system| &system.points);
    let staying = staying.filter(|point| stays(point.state)).count();
    let points = region.access_points.values();
    let points: Vec<_> = points.filter(|point| stays(point.life.at(now))).collect();
    assert_eq!(points.len(), staying);
    for point in points {
        want("efs_access_point", &point.id);
    }
    for group in region.security_groups.values() {
        if group.name == "theirs" || !attached.contains(group.name.as_str()) {
            continue;
        }
        want("security_group", &group.id);
        for rule in &group.rules {
            assert!(!matches!(rule.peer, Peer::Peered(_)));
            let kind = if rule.is_egress { "egress" } else { "ingress" };
            want(&format!("vpc_security_group_{kind}_rule"), &rule.id);
        }
    }
    wanted.sort();
    wanted
}

/// Every file is as `terraform fmt` writes it.
fn terraform_fmt(folder: &std::path::Path) {
    let run = Command::new("terraform")
        .args(["fmt", "-check", "-diff", "-recursive"])
        .arg(folder)
        // It asks for newer versions of itself otherwise.
        .env("CHECKPOINT_DISABLE", "1")
        .output();
    let Ok(output) = run else {
        return skipped("terraform fmt: there is no terraform");
    };
    let diff = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{diff}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn everything_is_imported_once_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let number = std::cell::Cell::new(0);
    let config = ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(systems in proptest::collection::vec(system(), 0..4))| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let (text, imported) = runtime.block_on(async {
            let harness = described(&systems).harness();
            let (export, failure) = exported(&harness).await;
            assert_eq!(failure, None);
            let wanted = wanted(&harness, &systems);
            assert_eq!(harness.writes(), 0);
            (form(&export, "terraform"), wanted)
        });
        let parsed = Parsed::of(&text);
        prop_assert_eq!(parsed.imported(), imported, "{}", text);
        number.set(number.get() + 1);
        std::fs::write(folder.path().join(format!("{}.tf", number.get())), text).unwrap();
    });
    terraform_fmt(folder.path());
}
