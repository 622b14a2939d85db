//! The flow against a small model: random wishes, random histories of the account, random hands and random faults.
//!
//! The model ([`expected`]) is a few lines that know nothing of rows, goals and looks: it says what the account has to be in
//! the end, or why nothing may be changed. `EFSCTL_SEED` and `EFSCTL_SWEEP=full` and `EFSCTL_SHARD` work as for the sweep.

use std::collections::{BTreeMap, BTreeSet};

use efsctl::domain::network::Source;
use efsctl::domain::settings;
use efsctl::domain::spec::{Access, Encryption, PerformanceMode, Spec};
use efsctl::error::Kind;
use efsctl::sandbox::world::ec2::rules::RuleChange;
use efsctl::sandbox::world::ec2::{IpPermission, IpRange};
use efsctl::sandbox::world::{Region, Timing, World};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use tokio::time::sleep;

use super::case::{End, Job, carry_out, paused};
use super::in_memory::{Fault, InMemory};
use super::setting::ids;
use super::sweep::{Extent, KINDS, QUICK, extent, shard};

const REGION: &str = "eu-west-1";
const ZONES: [&str; 3] = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
const DAY: std::time::Duration = std::time::Duration::from_hours(25);

/// What somebody asks for.
#[derive(Debug, Clone, Default)]
struct Wish {
    zones: BTreeSet<&'static str>,
    throughput: Option<&'static str>,
    one_zone: bool,
    max_io: bool,
    plain: bool,
    ia: Option<&'static str>,
    archive: Option<&'static str>,
    primary: bool,
    backup: bool,
    team: Option<&'static str>,
    ranges: Vec<&'static str>,
}

/// What happened in the account before.
#[derive(Debug, Clone)]
enum Event {
    /// efsctl ran, and was killed at that call if it got so far.
    Ran(Wish, Option<usize>),
    MountTargetDeleted(usize),
    RulesRevoked,
    RuleAdded,
    TagsRemoved,
    LifecycleCleared,
    BackupsOff,
}

fn wishes() -> impl Strategy<Value = Wish> {
    let rarely = || prop::bool::weighted(0.1);
    let days = || option::weighted(0.3, select(vec!["1d", "30d", "90d"]));
    let zones = proptest::sample::subsequence(ZONES.to_vec(), 0..=3);
    let throughput = option::of(select(vec!["bursting", "elastic", "provisioned=64"]));
    let team = option::of(select(vec!["red", "blue"]));
    let ranges = proptest::sample::subsequence(vec!["10.1.0.0/16", "10.2.0.0/16"], 0..=2);
    (
        (zones, throughput, rarely(), rarely(), rarely()),
        (days(), days(), any::<bool>(), any::<bool>(), team, ranges),
    )
        .prop_map(|((zones, throughput, one_zone, max_io, plain), rest)| {
            let (ia, archive, primary, backup, team, ranges) = rest;
            Wish {
                zones: zones.into_iter().collect(),
                throughput,
                one_zone,
                max_io,
                plain,
                ia,
                archive,
                primary,
                backup,
                team,
                ranges,
            }
        })
}

fn histories() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        4 => (wishes(), option::of(5..24_usize)).prop_map(|(wish, killed)| Event::Ran(wish, killed)),
        2 => (0..3_usize).prop_map(Event::MountTargetDeleted),
        1 => Just(Event::RulesRevoked),
        1 => Just(Event::RuleAdded),
        1 => Just(Event::TagsRemoved),
        1 => Just(Event::LifecycleCleared),
        1 => Just(Event::BackupsOff),
    ];
    vec(event, 0..5)
}

impl Wish {
    fn spec(&self) -> Spec {
        let mut spec = Spec::new("demo".parse().unwrap());
        if self.one_zone {
            spec.one_zone = Some(ZONES[1].parse().unwrap());
        } else {
            let zones = self.zones.iter().map(|zone| zone.parse().unwrap());
            spec.placement.zones = zones.collect();
        }
        spec.settings.throughput = self.throughput.map(|word| word.parse().unwrap()).into();
        spec.performance = self.max_io.then_some(PerformanceMode::MaxIo);
        if self.plain {
            spec.encryption = Encryption::None;
        }
        spec.settings.lifecycle.to_ia = self.ia.map(|days| days.parse().unwrap()).into();
        spec.settings.lifecycle.to_archive = self.archive.map(|days| days.parse().unwrap()).into();
        spec.settings.lifecycle.to_primary = settings::Wish::on(self.primary);
        spec.settings.backups = settings::Wish::on(self.backup);
        spec.tags = self
            .team
            .map(|team| ("team".to_owned(), team.to_owned()))
            .into_iter()
            .collect();
        if !self.ranges.is_empty() {
            let ranges = self.ranges.iter().map(|range| range.parse().unwrap());
            spec.access = Access::Make(ranges.map(Source::Range).collect());
        }
        spec
    }

    fn wanted_zones(&self) -> BTreeSet<&'static str> {
        match (self.one_zone, self.zones.is_empty()) {
            (true, _) => BTreeSet::from([ZONES[1]]),
            (false, true) => ZONES.into(),
            (false, false) => self.zones.clone(),
        }
    }
}

/// The account, as far as the model minds.
#[derive(Debug, Clone, Default, PartialEq)]
struct Picture {
    file_system: Option<FileSystem>,
    zones: BTreeSet<String>,
    /// Whom the group allows; `None`: there is no group.
    allows: Option<BTreeSet<String>>,
}

#[derive(Debug, Clone, PartialEq)]
struct FileSystem {
    encrypted: bool,
    max_io: bool,
    throughput: String,
    one_zone: bool,
    lifecycle: BTreeMap<String, String>,
    backup: bool,
    team: Option<String>,
}

fn picture(region: &Region) -> Picture {
    let fs = region
        .file_systems
        .values()
        .find(|fs| fs.creation_token == "efsctl:demo");
    let zone = |subnet: &String| region.subnets[subnet].availability_zone.clone();
    let live = |gone: Option<u64>| gone.is_none();
    Picture {
        file_system: fs.map(|fs| FileSystem {
            encrypted: fs.encrypted,
            max_io: fs.performance_mode == "maxIO",
            throughput: match fs.provisioned_mibps {
                Some(mibps) => format!("{}={mibps}", fs.throughput_mode),
                None => fs.throughput_mode.clone(),
            },
            one_zone: fs.availability_zone.is_some(),
            lifecycle: fs.lifecycle.iter().cloned().collect(),
            backup: fs.backup.as_deref() == Some("ENABLED"),
            team: fs.tags.get("team").cloned(),
        }),
        zones: region
            .mount_targets
            .values()
            .filter(|mt| live(mt.life.gone))
            .map(|mt| zone(&mt.subnet_id))
            .collect(),
        allows: group(region).map(|id| {
            let rules = &region.security_groups[&id].rules;
            let ingress = rules.iter().filter(|rule| !rule.is_egress);
            ingress
                .map(|rule| format!("{:?}", rule.peer).replace(&id, "itself"))
                .collect()
        }),
    }
}

fn group(region: &Region) -> Option<String> {
    let mut groups = region.security_groups.values();
    groups
        .find(|group| group.name == "efsctl-demo")
        .map(|group| group.id.clone())
}

/// The model: what has to be in the end, or how it has to be refused.
fn expected(before: &Picture, wish: &Wish) -> Result<Picture, Kind> {
    if wish.spec().check().is_err() {
        return Err(Kind::Usage);
    }
    let mut after = before.clone();
    let fs = after.file_system.get_or_insert_with(|| FileSystem {
        encrypted: !wish.plain,
        max_io: wish.max_io,
        throughput: "bursting".to_owned(),
        one_zone: wish.one_zone,
        lifecycle: BTreeMap::new(),
        backup: wish.one_zone,
        team: None,
    });
    let contradicts =
        fs.encrypted == wish.plain || (wish.max_io && !fs.max_io) || fs.one_zone != wish.one_zone;
    if contradicts {
        return Err(Kind::Conflict);
    }
    if let Some(throughput) = wish.throughput {
        throughput.clone_into(&mut fs.throughput);
    }
    let word = |days: &str| match days {
        "1d" => "AFTER_1_DAY".to_owned(),
        days => format!("AFTER_{}_DAYS", days.trim_end_matches('d')),
    };
    let mut put = |name: &str, value: Option<String>| {
        fs.lifecycle
            .extend(value.map(|value| (name.to_owned(), value)));
    };
    put("TransitionToIA", wish.ia.map(word));
    put("TransitionToArchive", wish.archive.map(word));
    let primary = wish.primary.then(|| "AFTER_1_ACCESS".to_owned());
    put("TransitionToPrimaryStorageClass", primary);
    if wish.throughput == Some("elastic") && fs.max_io {
        return Err(Kind::Usage);
    }
    let days = |name: &str| {
        let number = fs.lifecycle.get(name)?.split('_').nth(1)?;
        number.parse::<u32>().ok()
    };
    let asks_lifecycle = wish.ia.is_some() || wish.archive.is_some() || wish.primary;
    if let Some(archive) = days("TransitionToArchive") {
        let early = days("TransitionToIA").is_some_and(|ia| archive <= ia);
        let starved = fs.throughput != "elastic" && (asks_lifecycle || wish.throughput.is_some());
        if (asks_lifecycle && early) || starved {
            return Err(Kind::Usage);
        }
    }
    fs.backup |= wish.backup;
    fs.team = wish.team.map(str::to_owned).or(fs.team.take());
    after
        .zones
        .extend(wish.wanted_zones().iter().map(|zone| (*zone).to_owned()));
    let allows = after.allows.get_or_insert_default();
    if wish.ranges.is_empty() && allows.is_empty() {
        allows.insert(r#"Group("itself")"#.to_owned());
    }
    allows.extend(
        wish.ranges
            .iter()
            .map(|range| format!(r#"Ipv4("{range}")"#)),
    );
    Ok(after)
}

/// Somebody's hand.
fn happen(region: &mut Region, event: &Event) {
    let fs = region
        .file_systems
        .values()
        .find(|fs| fs.creation_token == "efsctl:demo")
        .map(|fs| fs.id.clone());
    let permission = IpPermission {
        ip_protocol: Some("tcp".to_owned()),
        from_port: Some(2049),
        to_port: Some(2049),
        ip_ranges: vec![IpRange::new("172.16.0.0/12")],
        ..IpPermission::default()
    };
    let rule = RuleChange {
        group_id: group(region),
        ip_permissions: vec![permission],
        ..RuleChange::default()
    };
    match event {
        Event::Ran(..) => {}
        Event::MountTargetDeleted(nth) => {
            let victim = region.mount_targets.keys().nth(*nth).cloned();
            victim.map(|id| region.delete_mount_target(&id));
        }
        Event::RulesRevoked => {
            let group = group(region).and_then(|id| region.security_groups.get_mut(&id));
            if let Some(group) = group {
                group.rules.retain(|rule| rule.is_egress);
            }
        }
        Event::RuleAdded if rule.group_id.is_some() => {
            let _ = region.authorize_security_group_ingress(&rule);
        }
        Event::RuleAdded => {}
        Event::TagsRemoved => {
            fs.map(|id| region.untag_resource(&id, &["team".to_owned()]));
        }
        Event::LifecycleCleared => {
            fs.map(|id| region.put_lifecycle_configuration(&id, Some(Vec::new())));
        }
        Event::BackupsOff => {
            fs.map(|id| region.put_backup_policy(&id, Some("DISABLED")));
        }
    }
}

/// One history, one wish, some faults: the wish is carried out until it is granted or refused.
async fn holds(
    history: &[Event],
    wish: &Wish,
    faults: &[(usize, Fault)],
    lag: u64,
) -> Result<(), String> {
    let mut world = World {
        timing: Timing {
            file_system: 5_000,
            mount_target: 60_000,
            delete: 7_000,
            describe_lag: lag,
        },
        ..World::default()
    };
    world.region(REGION, 1_000).unwrap();
    let in_memory = InMemory::new(world, REGION, 1_000_000);
    for event in history {
        if let Event::Ran(wish, killed) = event {
            let run = in_memory.afresh();
            run.arm(
                &killed
                    .map(|nth| (nth, Fault::Killed))
                    .into_iter()
                    .collect::<Vec<_>>(),
            );
            carry_out(Job::Create, &run, &wish.spec(), "run0").await;
        }
        in_memory.with_region(|region| happen(region, event));
        // A throughput mode is locked for a day.
        sleep(DAY).await;
    }
    let before = in_memory.with_region(|region| picture(region));
    let ids_before = in_memory.with_region(|region| ids(region));
    let expected = expected(&before, wish);

    let disturbed = in_memory.afresh();
    disturbed.arm(faults);
    let first = carry_out(Job::Create, &disturbed, &wish.spec(), "run1").await;
    sleep(std::time::Duration::from_mins(2)).await;
    let lost: Vec<_> = {
        let ids_now = in_memory.with_region(|region| ids(region));
        ids_before.difference(&ids_now).cloned().collect()
    };
    if !lost.is_empty() {
        return Err(format!("the first run lost {lost:?}"));
    }
    if let (Err(kind), End::Done) = (&expected, &first) {
        return Err(format!("done, although {kind:?} was due"));
    }

    let last = in_memory.afresh();
    let end = carry_out(Job::Create, &last, &wish.spec(), "run2").await;
    let after = in_memory.with_region(|region| picture(region));
    match (expected, end) {
        (Ok(expected), End::Done) if expected == after => Ok(()),
        (Ok(expected), End::Done) => Err(format!("expected {expected:?}, got {after:?}")),
        (Err(kind), End::Failed(error)) if error.kind == kind => {
            if after == before && last.writes() == 0 {
                Ok(())
            } else {
                Err(format!(
                    "refused with {kind:?}, and changed {before:?} to {after:?}"
                ))
            }
        }
        (expected, end) => Err(format!("expected {expected:?}, got {end:?} with {after:?}")),
    }
}

fn whole(case: &(Vec<Event>, Wish, Vec<(usize, Fault)>, u64)) -> Result<(), TestCaseError> {
    let (history, wish, faults, lag) = case;
    paused()
        .block_on(holds(history, wish, faults, *lag))
        .map_err(TestCaseError::fail)
}

#[test]
fn what_comes_out_is_what_the_model_says() {
    let (part, parts) = shard();
    let seed = std::env::var("EFSCTL_SEED").unwrap_or_else(|_| "7".to_owned());
    // Each part draws its own.
    let seed = if part == 0 {
        seed
    } else {
        format!("{seed}/{part}")
    };
    let cases = match extent() {
        Extent::Full => 100_000 / parts,
        Extent::Sample => 3_000,
        Extent::Quick => 3_000 / QUICK,
    };
    let config = Config {
        cases: u32::try_from(cases).unwrap(),
        failure_persistence: None,
        ..Config::default()
    };
    let bytes: Vec<u8> = seed.bytes().cycle().take(32).collect();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let faults = vec((0..40_usize, select(KINDS.to_vec())), 0..4);
    let lags = select(vec![0, 2_000, 8_000, 20_000]);
    let all = (histories(), wishes(), faults, lags);
    let outcome = TestRunner::new_with_rng(config, rng).run(&all, |case| whole(&case));
    println!("model: {cases} cases, seed {seed}");
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

/// What the model found: two settings that fit each on its own, and not what the file system has.
fn refused_before_the_first_write(found: Wish, wish: Wish) {
    let history = [Event::Ran(found, None)];
    let outcome = paused().block_on(holds(&history, &wish, &[], 0));
    assert_eq!(outcome, Ok(()));
}

#[test]
fn a_throughput_that_the_transitions_of_a_file_system_forbid() {
    let found = Wish {
        throughput: Some("elastic"),
        archive: Some("1d"),
        ..Wish::default()
    };
    let wish = Wish {
        throughput: Some("provisioned=64"),
        ..Wish::default()
    };
    refused_before_the_first_write(found, wish);
}

#[test]
fn a_throughput_that_the_performance_mode_of_a_file_system_forbids() {
    let found = Wish {
        max_io: true,
        ..Wish::default()
    };
    let wish = Wish {
        throughput: Some("elastic"),
        ..Wish::default()
    };
    refused_before_the_first_write(found, wish);
}
