//! `validate --fix` under the same faults: what is missing is added once or not at all, and nothing else is touched.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use efsctl::audit::fix::FixPlan;
use efsctl::domain::leftover::Leftover;
use efsctl::domain::network::Peer;
use efsctl::domain::placement::{Placement, ZonePlacement};
use efsctl::domain::resource::ResourceId;
use efsctl::domain::settings::lifecycle::Transitions;
use efsctl::domain::settings::{On, Wish, Wishes};
use efsctl::domain::spec::IpType;
use efsctl::error::Kind;
use efsctl::sandbox::world::{Region, Timing, World, scenario};
use efsctl::service::CreateOptions;
use tokio::time::{sleep, timeout};

use super::case::{End, paused, service};
use super::in_memory::{Fault, InMemory};
use super::sweep::{KINDS, Rng, seed, swept};
use super::verdict::is_told;

const REGION: &str = "eu-west-1";
const FILE_SYSTEM: &str = "fs-0000000000000000a";
const DATA: &str = "sg-0000000000000000d";
const CLIENTS: &str = "sg-0c1e2f3a4b5c6d7e8";

/// What the file system has already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Had {
    /// A mount target in one of three zones, with a group that allows nobody.
    OneMountTarget,
    /// The same, and efsctl made it.
    OneOfOurs,
    /// None: a group has to be made.
    Nothing,
}

#[derive(Debug, Clone)]
struct Case {
    had: Had,
    lag: u64,
    faults: Vec<(usize, Fault)>,
}

fn world(had: Had, lag: u64) -> World {
    let mut text = include_str!("../../fixtures/worlds/three-zones.toml").to_owned();
    text += &format!(
        "\n[[region.vpc.security_group]]\nid = \"{DATA}\"\nname = \"data\"\ningress = [\"tcp 443 from 10.0.0.0/8\"]\n"
    );
    let tags = if had == Had::OneOfOurs {
        "\"efsctl:name\" = \"demo\", \"efsctl:managed-by\" = \"efsctl\", \"efsctl:run\" = \"run0\", "
    } else {
        ""
    };
    text += &format!(
        "\n[[region.file_system]]\nid = \"{FILE_SYSTEM}\"\nencrypted = false\ntags = {{ {tags}owner = \"them\" }}\n"
    );
    if had != Had::Nothing {
        text += &format!(
            "[[region.file_system.mount_target]]\nsubnet = \"main-a\"\nsecurity_groups = [\"{DATA}\"]\n"
        );
    }
    let mut world = scenario::parse(&text, 0).unwrap();
    world.timing = Timing {
        file_system: 5_000,
        mount_target: 60_000,
        delete: 7_000,
        describe_lag: lag,
    };
    world
}

fn plan(had: Had) -> FixPlan {
    let zones = match had {
        Had::Nothing => &["a", "b", "c"][..],
        Had::OneMountTarget | Had::OneOfOurs => &["b", "c"],
    };
    let subnet = |zone: &str| match zone {
        "a" => "subnet-0aaaaaaaaaaaaaaa1",
        "b" => "subnet-0bbbbbbbbbbbbbbb2",
        _ => "subnet-0ccccccccccccccc3",
    };
    let site = |zone: &&str| ZonePlacement {
        zone: format!("eu-west-1{zone}").parse().unwrap(),
        subnet: subnet(zone).parse().unwrap(),
        free_addresses: 9,
        explicit: false,
        others: 0,
    };
    let rule = |peer| (DATA.parse().unwrap(), peer);
    let rules = [
        rule(Peer::Group(CLIENTS.parse().unwrap())),
        rule(Peer::Range("10.1.0.0/16".parse().unwrap())),
    ];
    FixPlan {
        file_system: FILE_SYSTEM.parse().unwrap(),
        placement: Some(Placement {
            vpc: "vpc-0a1b2c3d4e5f60718".parse().unwrap(),
            zones: zones.iter().map(site).collect(),
            notes: Vec::new(),
        }),
        ip_type: IpType::Ipv4,
        sources: match had {
            Had::Nothing => vec![CLIENTS.parse().unwrap()],
            Had::OneMountTarget | Had::OneOfOurs => Vec::new(),
        },
        rules: match had {
            Had::Nothing => BTreeSet::new(),
            Had::OneMountTarget | Had::OneOfOurs => BTreeSet::from(rules),
        },
        settings: Wishes {
            lifecycle: Transitions {
                to_ia: "30d".parse().ok().into(),
                ..Transitions::default()
            },
            backups: Wish::Set(On),
            ..Wishes::default()
        },
        tags: [("team".to_owned(), "red".to_owned())].into(),
        notes: Vec::new(),
    }
}

/// Everything of the account that a plan could change: by id, in words.
fn picture(region: &Region) -> BTreeMap<String, String> {
    let mut picture = BTreeMap::new();
    for fs in region.file_systems.values() {
        let settings = format!("{:?} {:?} {:?}", fs.tags, fs.lifecycle, fs.backup);
        picture.insert(fs.id.clone(), settings);
    }
    for mt in region.mount_targets.values() {
        let eni = &region.network_interfaces[&mt.network_interface_id];
        let attached = format!("{} {:?} {:?}", mt.subnet_id, eni.groups, eni.tags);
        picture.insert(mt.id.clone(), attached);
    }
    for group in region.security_groups.values() {
        let rules: BTreeSet<String> = group
            .rules
            .iter()
            .map(|rule| {
                format!(
                    "{:?}",
                    (rule.is_egress, &rule.protocol, rule.from_port, &rule.peer)
                )
            })
            .collect();
        picture.insert(group.id.clone(), format!("{:?} {rules:?}", group.tags));
    }
    picture
}

/// What is wrong with the account as the answer to a plan that succeeded.
///
/// Tags on network interfaces are best effort: a run may succeed without them, and the next one sets them.
fn flaw(
    (had, disturbed): (Had, bool),
    region: &Region,
    before: &BTreeMap<String, String>,
) -> Option<String> {
    let now = picture(region);
    let fs = &region.file_systems[FILE_SYSTEM];
    let tag = |key: &str| fs.tags.get(key).map(String::as_str);
    if tag("team") != Some("red") || tag("owner") != Some("them") {
        return Some(format!("tags {:?}", fs.tags));
    }
    let ours = fs
        .tags
        .keys()
        .filter(|key| key.starts_with("efsctl:"))
        .count();
    if ours != if had == Had::OneOfOurs { 3 } else { 0 } {
        return Some(format!("tags of ours {:?}", fs.tags));
    }
    let mounts: Vec<_> = region.mount_targets.values().collect();
    let zones: BTreeSet<&str> = mounts.iter().map(|mt| mt.subnet_id.as_str()).collect();
    if mounts.len() != 3 || zones.len() != 3 {
        return Some(format!("{} mount targets", mounts.len()));
    }
    if let Some(mt) = mounts
        .iter()
        .find(|mt| mt.life.at(region.now) != "available")
    {
        return Some(format!("{} is {}", mt.id, mt.life.at(region.now)));
    }
    let groups = region.security_groups.len();
    let made = usize::from(had == Had::Nothing);
    let had_groups = before.keys().filter(|id| id.starts_with("sg-")).count();
    if groups != had_groups + made {
        return Some(format!("{groups} groups"));
    }
    let door = region.security_groups.values().find(|group| {
        if made == 1 {
            group.name == format!("efsctl-{FILE_SYSTEM}")
        } else {
            group.id == DATA
        }
    })?;
    let rules = door
        .rules
        .iter()
        .filter(|rule| !rule.is_egress && rule.from_port == 2049);
    if rules.count() != 2 - made {
        return Some(format!("rules {:?}", door.rules));
    }
    for mt in mounts {
        let eni = &region.network_interfaces[&mt.network_interface_id];
        if eni.groups != [door.id.clone()] {
            return Some(format!("{} wears {:?}", mt.id, eni.groups));
        }
        let tagged = eni.tags.contains_key("efsctl:managed-by");
        let added = !before.contains_key(&mt.id);
        let due = added && had == Had::OneOfOurs;
        if (tagged && !due) || (due && !tagged && !disturbed) {
            return Some(format!("{} carries {:?}", mt.id, eni.tags));
        }
    }
    // Mount targets and groups that were there are what they were, but for the rules.
    before
        .iter()
        .filter(|(id, _)| !id.starts_with("fs-") && *id != DATA)
        .find(|(id, was)| now.get(*id) != Some(was))
        .map(|(id, was)| format!("{id} was {was}, is {:?}", now.get(id)))
}

async fn carry_out(case: &Case, in_memory: &InMemory, run: &str) -> End {
    let service = service(in_memory);
    let options = CreateOptions {
        run: run.to_owned(),
        ..CreateOptions::default()
    };
    let plan = plan(case.had);
    tokio::select! {
        ended = service.fix(&plan, &options) => match ended {
            Ok(_) => End::Done,
            Err(failure) => End::Failed(failure.error),
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
    let in_memory = InMemory::new(world(case.had, case.lag), REGION, 1_000_000);
    in_memory.arm(&case.faults);
    let before = in_memory.with_region(|region| picture(region));
    let end = carry_out(case, &in_memory, "run1").await;
    // Late effects come, and what goes is gone.
    sleep(Duration::from_mins(2)).await;
    let after = in_memory.with_region(|region| picture(region));
    if let Some(lost) = before.keys().find(|id| !after.contains_key(*id)) {
        return Err(format!("lost {lost}"));
    }
    match &end {
        End::Done => {
            if let Some(flaw) =
                in_memory.with_region(|region| flaw((case.had, true), region, &before))
            {
                return Err(format!("success with {flaw}"));
            }
        }
        End::Failed(error) if error.kind == Kind::Leftovers => {
            let told = &error.leftovers;
            let mut made = after.keys().filter(|id| !before.contains_key(*id));
            if let Some(untold) = made.find(|id| !is_told(id, told, &in_memory)) {
                return Err(format!("{untold} is left and not told: {told:?}"));
            }
            let mut changed = before.keys().filter(|id| after.get(*id) != before.get(*id));
            let tells = |left: &Leftover, id: &str| {
                let of = left.resource.id.as_ref().map(ResourceId::as_str);
                left.change.is_some() && of == Some(id)
            };
            if let Some(untold) = changed.find(|id| !told.iter().any(|left| tells(left, id))) {
                return Err(format!(
                    "{untold} is changed and that is not told: {told:?}"
                ));
            }
        }
        End::Failed(error) if error.kind != Kind::TimedOut => {
            if after != before {
                let changed: Vec<_> = after
                    .iter()
                    .filter(|(id, now)| before.get(*id) != Some(now))
                    .collect();
                return Err(format!(
                    "{:?} ({error}), and changed: {changed:?}",
                    error.kind
                ));
            }
        }
        End::Failed(_) | End::Killed => {}
    }
    let second = in_memory.afresh();
    match carry_out(case, &second, "run2").await {
        End::Done => {}
        End::Failed(error) => return Err(format!("the second run failed: {error}")),
        End::Killed => return Err("the second run was killed".to_owned()),
    }
    if let Some(flaw) = second.with_region(|region| flaw((case.had, false), region, &before)) {
        return Err(format!("the second run ended with {flaw}"));
    }
    let third = in_memory.afresh();
    match carry_out(case, &third, "run3").await {
        End::Done if third.writes() == 0 => Ok(()),
        _ => Err(format!("the third run wrote {} times", third.writes())),
    }
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut rng = Rng::new(seed());
    for had in [Had::OneMountTarget, Had::OneOfOurs, Had::Nothing] {
        for lag in [0, 2_000, 8_000, 20_000] {
            let calls = paused().block_on(async {
                let in_memory = InMemory::new(world(had, lag), REGION, 1_000_000);
                let plain = Case {
                    had,
                    lag,
                    faults: Vec::new(),
                };
                carry_out(&plain, &in_memory, "run1").await;
                in_memory.operations().len()
            });
            cases.push(Case {
                had,
                lag,
                faults: Vec::new(),
            });
            for nth in 0..calls + 4 {
                for kind in KINDS {
                    cases.push(Case {
                        had,
                        lag,
                        faults: vec![(nth, kind)],
                    });
                    for _ in 0..4 {
                        let other = nth + 1 + rng.below(8);
                        let second = KINDS[rng.below(KINDS.len())];
                        cases.push(Case {
                            had,
                            lag,
                            faults: vec![(nth, kind), (other, second)],
                        });
                    }
                }
            }
        }
    }
    cases
}

#[test]
fn what_is_missing_is_added_once_or_not_at_all_whatever_goes_wrong() {
    swept("fix", &cases(), violation);
}
