//! `set` under the same faults, on a file system of somebody else: everything that is named is so in the end, what was changed before a
//! failure is told, and what was not named is as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use efsctl::Failure;
use efsctl::domain::plan::{Change, NotAppliedState, Verb};
use efsctl::domain::resource::ResourceKind;
use efsctl::domain::settings::lifecycle::Transitions;
use efsctl::domain::settings::policy::Content;
use efsctl::domain::settings::{Key, On, Protection, Throughput, Wish, Wishes};
use efsctl::error::Kind;
use efsctl::sandbox::world::ec2::rules::RuleChange;
use efsctl::sandbox::world::ec2::{IpPermission, IpRange, TagSpecification};
use efsctl::sandbox::world::state::{MountTarget, Peer};
use efsctl::sandbox::world::{Region, Timing, World, scenario};
use efsctl::service::{NetworkRequest, SetOptions, SetRequest};
use tokio::time::{sleep, timeout};

use super::case::{paused, service};
use super::in_memory::{Fault, InMemory};
use super::sweep::{KINDS, Rng, seed, swept};

const REGION: &str = "eu-west-1";
const FILE_SYSTEM: &str = "fs-0000000000000000a";
const OLD: &str = "fsap-0000000000000000b";
/// The group that an earlier run created, and its rules.
const GROUP: &str = "sg-0000000000000000e";
const GROUP_NAME: &str = "efsctl-fs-0000000000000000a";
const OLD_CLIENTS: &str = "10.8.0.0/16";
const NEW_CLIENTS: &str = "10.9.0.0/16";
const THEIRS: &str = "10.7.0.0/16";

#[derive(Debug, Clone)]
struct Case {
    lag: u64,
    faults: Vec<(usize, Fault)>,
}

/// How a run ended.
enum End {
    Done,
    Failed(Box<Failure>),
    Killed,
}

fn world(lag: u64) -> World {
    let mut text = include_str!("../../fixtures/worlds/three-zones.toml").to_owned();
    text += &format!(
        r#"
[[region.vpc.security_group]]
id = "{GROUP}"
name = "{GROUP_NAME}"
tags = {{ "efsctl:managed-by" = "efsctl", "efsctl:name" = "{FILE_SYSTEM}", "efsctl:run" = "run0" }}
ingress = ["tcp 2049 from {THEIRS}"]

[[region.file_system]]
id = "{FILE_SYSTEM}"
encrypted = false
lifecycle = [{{ TransitionToPrimaryStorageClass = "AFTER_1_ACCESS" }}]
policy = '{{"Version":"2012-10-17","Statement":[{{"Sid":"theirs","Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientMount"}}]}}'
tags = {{ owner = "them", cost = "7" }}

[[region.file_system.mount_target]]
subnet = "main-a"
security_groups = ["{GROUP_NAME}"]

[[region.file_system.mount_target]]
subnet = "main-c"
security_groups = ["{GROUP_NAME}"]

[[region.file_system.access_point]]
path = "/theirs"

[[region.file_system.access_point]]
id = "{OLD}"
path = "/old"

[[region.file_system]]
id = "fs-0000000000000000c"
tags = {{ owner = "them" }}
"#
    );
    let mut world = scenario::parse(&text, 0).unwrap();
    let ours = TagSpecification {
        resource_type: "security-group-rule".to_owned(),
        tags: vec![("efsctl:managed-by".to_owned(), "efsctl".to_owned())],
    };
    let rule = RuleChange {
        group_id: Some(GROUP.to_owned()),
        ip_permissions: vec![IpPermission {
            ip_protocol: Some("tcp".to_owned()),
            from_port: Some(2049),
            to_port: Some(2049),
            ip_ranges: vec![IpRange::new(OLD_CLIENTS.to_owned())],
            ..IpPermission::default()
        }],
        tag_specifications: vec![ours],
        ..RuleChange::default()
    };
    let region = world.region(REGION, 0).unwrap();
    region.authorize_security_group_ingress(&rule).unwrap();
    world.timing = Timing {
        file_system: 5_000,
        mount_target: 60_000,
        delete: 7_000,
        describe_lag: lag,
    };
    world
}

fn request() -> SetRequest {
    SetRequest {
        settings: Wishes {
            throughput: Wish::Set(Throughput::Elastic),
            lifecycle: Transitions {
                to_ia: "30d".parse().ok().into(),
                to_archive: "90d".parse().ok().into(),
                ..Transitions::default()
            },
            backups: Wish::Set(On),
            protection: Wish::Set(Protection::Off),
            policy: Wish::Set(Content::MorePresets(["enforce-tls".parse().unwrap()].into()).into()),
            ..Wishes::default()
        },
        tags: [("team".to_owned(), "red".to_owned())].into(),
        untag: BTreeSet::from(["cost".to_owned()]),
        access_points: vec!["app=/app:1000:1000:750".parse().unwrap()],
        remove_access_points: BTreeSet::from([OLD.parse().unwrap()]),
        network: NetworkRequest {
            zones: vec!["eu-west-1b".parse().unwrap()],
            remove_zones: BTreeSet::from(["eu-west-1a".parse().unwrap()]),
            allow_from: vec![NEW_CLIENTS.parse().unwrap()],
            remove_allow_from: BTreeSet::from([OLD_CLIENTS.parse().unwrap()]),
            ..NetworkRequest::default()
        },
        ..SetRequest::default()
    }
}

/// What is changed, and how.
type Aspect = (ResourceKind, Verb);

const GOING: [&str; 2] = ["deleting", "deleted"];

fn is_in(region: &Region, mt: &MountTarget, zone: &str) -> bool {
    region.subnets[&mt.subnet_id].availability_zone == zone
}

fn allows(region: &Region, range: &str) -> bool {
    let rules = &region.security_groups[GROUP].rules;
    let peer = Peer::Ipv4(range.to_owned());
    rules
        .iter()
        .any(|rule| !rule.is_egress && rule.peer == peer)
}

/// All that the request names, each in words.
fn named(region: &Region) -> BTreeMap<Aspect, String> {
    let fs = &region.file_systems[FILE_SYSTEM];
    let points = region.access_points.values();
    let points: BTreeSet<_> = points
        .filter(|point| !GOING.contains(&point.life.at(region.now)))
        .map(|point| point.path.as_str())
        .collect();
    let setting = |key| (ResourceKind::Setting(key), Verb::Update);
    let has = |zone: &str| {
        let mut all = region.mount_targets.values();
        all.any(|mt| is_in(region, mt, zone) && !GOING.contains(&mt.life.at(region.now)))
    };
    BTreeMap::from([
        (
            (ResourceKind::MountTarget, Verb::Create),
            has("eu-west-1b").to_string(),
        ),
        (
            (ResourceKind::MountTarget, Verb::Delete),
            has("eu-west-1a").to_string(),
        ),
        (
            (ResourceKind::SecurityGroupRule, Verb::Create),
            allows(region, NEW_CLIENTS).to_string(),
        ),
        (
            (ResourceKind::SecurityGroupRule, Verb::Delete),
            allows(region, OLD_CLIENTS).to_string(),
        ),
        (setting(Key::Throughput), fs.throughput_mode.clone()),
        (setting(Key::Lifecycle), format!("{:?}", fs.lifecycle)),
        (setting(Key::Backups), format!("{:?}", fs.backup)),
        (
            setting(Key::Protection),
            fs.replication_overwrite_protection.clone(),
        ),
        (setting(Key::Policy), format!("{:?}", fs.policy)),
        (
            (ResourceKind::Tags, Verb::Update),
            format!("{:?}", fs.tags.get("team")),
        ),
        (
            (ResourceKind::Tags, Verb::Delete),
            format!("{:?}", fs.tags.get("cost")),
        ),
        (
            (ResourceKind::AccessPoint, Verb::Create),
            points.contains("/app").to_string(),
        ),
        (
            (ResourceKind::AccessPoint, Verb::Delete),
            points.contains("/old").to_string(),
        ),
    ])
}

/// Everything else of the account.
fn rest(region: &Region) -> String {
    let fs = &region.file_systems[FILE_SYSTEM];
    let theirs = region.access_points.values();
    let theirs: Vec<_> = theirs.filter(|point| point.path == "/theirs").collect();
    let kept = fs
        .policy
        .as_deref()
        .is_some_and(|text| text.contains("theirs"));
    let back = fs
        .lifecycle
        .iter()
        .any(|(_, word)| word == "AFTER_1_ACCESS");
    let stays: Vec<_> = region.mount_targets.values().collect();
    let stays: Vec<_> = stays
        .into_iter()
        .filter(|mt| is_in(region, mt, "eu-west-1c"))
        .map(|mt| (mt, &region.network_interfaces[&mt.network_interface_id]))
        .collect();
    let mut groups = region.security_groups.clone();
    let rules = &mut groups.get_mut(GROUP).unwrap().rules;
    rules.retain(|rule| {
        let named = [OLD_CLIENTS, NEW_CLIENTS].map(|range| Peer::Ipv4(range.to_owned()));
        !named.contains(&rule.peer)
    });
    format!(
        "{stays:?} {groups:?} {theirs:?} {:?} {kept} {back} {:?}",
        region.file_systems["fs-0000000000000000c"],
        (fs.tags.get("owner"), fs.encrypted, &fs.performance_mode),
    )
}

/// What is wrong with the account as the answer to a run that succeeded.
fn flaw(region: &Region) -> Option<String> {
    let fs = &region.file_systems[FILE_SYSTEM];
    let policy = fs.policy.clone().unwrap_or_default();
    let tags: Vec<_> = fs
        .tags
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .filter(|(key, _)| !key.starts_with("aws:"))
        .collect();
    let named = named(region);
    let is = |verb, is: &str| named[&(ResourceKind::AccessPoint, verb)] == is;
    let with = region.mount_targets.values();
    let with = with.filter(|mt| is_in(region, mt, "eu-west-1b"));
    let groups = with.map(|mt| &region.network_interfaces[&mt.network_interface_id].groups);
    let is_added = |groups: &Vec<String>| groups.iter().map(String::as_str).eq([GROUP]);
    let mount_target = |verb| named[&(ResourceKind::MountTarget, verb)] == "true";
    let aspects = [
        ("mount target to add", mount_target(Verb::Create)),
        ("its groups", groups.clone().all(is_added)),
        ("mount target to remove", !mount_target(Verb::Delete)),
        ("source to allow", allows(region, NEW_CLIENTS)),
        ("source to remove", !allows(region, OLD_CLIENTS)),
        ("throughput", fs.throughput_mode == "elastic"),
        ("lifecycle", fs.lifecycle.len() == 3),
        ("backups", fs.backup.as_deref() == Some("ENABLED")),
        (
            "protection",
            fs.replication_overwrite_protection == "DISABLED",
        ),
        ("policy", policy.contains("EfsctlEnforceTls")),
        ("tags", tags == [("owner", "them"), ("team", "red")]),
        ("access point to create", is(Verb::Create, "true")),
        ("access point to remove", is(Verb::Delete, "false")),
    ];
    let wrong = aspects.iter().find(|(_, is)| !is);
    wrong.map(|(what, _)| format!("{what}: {named:?}"))
}

async fn carry_out(in_memory: &InMemory) -> End {
    let service = service(in_memory);
    let (of, options) = (FILE_SYSTEM.parse().unwrap(), SetOptions::default());
    let set = async {
        let planned = service.plan_set(&of, &request(), &options).await?;
        service.set(planned, &options).await
    };
    tokio::select! {
        ended = set => match ended {
            Ok(_) => End::Done,
            Err(failure) => End::Failed(failure),
        },
        () = in_memory.killed.notified() => End::Killed,
    }
}

fn violation(case: &Case) -> Result<(), String> {
    paused().block_on(async {
        timeout(Duration::from_hours(6), whole(case))
            .await
            .unwrap_or_else(|_| Err("it does not end".to_owned()))
    })
}

async fn whole(case: &Case) -> Result<(), String> {
    let in_memory = InMemory::new(world(case.lag), REGION, 1_000_000);
    in_memory.arm(&case.faults);
    let (before, others) = in_memory.with_region(|region| (named(region), rest(region)));
    let end = carry_out(&in_memory).await;
    // Late effects come, and what goes is gone.
    sleep(Duration::from_mins(2)).await;
    let after = in_memory.with_region(|region| named(region));
    match end {
        End::Done => {
            if let Some(flaw) = in_memory.with_region(|region| flaw(region)) {
                return Err(format!("success with {flaw}"));
            }
        }
        End::Failed(failure) => {
            if let Some(untold) = untold(&failure, &before, &after) {
                return Err(format!("{untold} ({failure})"));
            }
        }
        End::Killed => {}
    }
    let second = in_memory.afresh();
    match carry_out(&second).await {
        End::Done => {}
        End::Failed(failure) => return Err(format!("the second run failed: {failure}")),
        End::Killed => return Err("the second run was killed".to_owned()),
    }
    if let Some(flaw) = second.with_region(|region| flaw(region)) {
        return Err(format!("the second run ended with {flaw}"));
    }
    let third = in_memory.afresh();
    if !matches!(carry_out(&third).await, End::Done) || third.writes() > 0 {
        return Err(format!("the third run wrote {} times", third.writes()));
    }
    sleep(Duration::from_mins(2)).await;
    let now = third.with_region(|region| rest(region));
    if now == others {
        Ok(())
    } else {
        Err(format!("what was not named was {others}, is {now}"))
    }
}

/// A change that the failure does not tell, or an exit code that denies it.
fn untold(
    failure: &Failure,
    before: &BTreeMap<Aspect, String>,
    after: &BTreeMap<Aspect, String>,
) -> Option<String> {
    let changed: Vec<Aspect> = after
        .iter()
        .filter(|(kind, now)| before.get(*kind) != Some(now))
        .map(|(kind, _)| *kind)
        .collect();
    let aspect = |change: &Change| (change.resource.kind, change.action);
    let made = failure.changes.iter().map(aspect);
    let perhaps = failure.not_applied.iter();
    let perhaps = perhaps.filter(|one| one.state == NotAppliedState::NoAnswer);
    let told: Vec<Aspect> = made.chain(perhaps.map(|one| aspect(&one.change))).collect();
    let untold: Vec<_> = changed.iter().filter(|kind| !told.contains(kind)).collect();
    if !untold.is_empty() {
        return Some(format!("{untold:?} changed and that is not told: {told:?}"));
    }
    let kind = failure.error.kind;
    let says_so = matches!(kind, Kind::Leftovers | Kind::TimedOut);
    (!changed.is_empty() && !says_so).then(|| format!("{kind:?}, and changed: {changed:?}"))
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut rng = Rng::new(seed());
    for lag in [0, 2_000, 8_000, 20_000] {
        let calls = paused().block_on(async {
            let in_memory = InMemory::new(world(lag), REGION, 1_000_000);
            carry_out(&in_memory).await;
            in_memory.operations().len()
        });
        cases.push(Case {
            lag,
            faults: Vec::new(),
        });
        for nth in 0..calls + 4 {
            for kind in KINDS {
                let first = (nth, kind);
                cases.push(Case {
                    lag,
                    faults: vec![first],
                });
                for _ in 0..4 {
                    let other = nth + 1 + rng.below(8);
                    let second = (other, KINDS[rng.below(KINDS.len())]);
                    cases.push(Case {
                        lag,
                        faults: vec![first, second],
                    });
                }
            }
        }
    }
    cases
}

#[test]
fn what_is_named_is_set_and_nothing_else_whatever_goes_wrong() {
    swept("set", &cases(), violation);
}
