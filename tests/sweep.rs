//! The proof by exhaustion: every call × every fault × describe lag × starting account × shape, and pairs of faults.
//!
//! `EFSCTL_SWEEP=full` runs every single fault and as many pairs; otherwise a sample, with a printed seed (`EFSCTL_SEED`). The
//! invariants are promises 1 to 5 and 11 of `docs/SEMANTICS.md`.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use efsctl::domain::event::Silent;
use efsctl::domain::spec::{Access, Spec};
use efsctl::error::{Error, Kind};
use efsctl::provision::pace::Pacing;
use efsctl::sandbox::world::{Region, Timing, World, scenario};
use efsctl::service::{CreateOptions, DeleteOptions, EfsService};

use crate::support::bench::{reference, spec};
use crate::support::direct::{Direct, Fault};

/// Which file system is asked for, and in which account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    OneAz,
    ThreeAzs,
    SixAzs,
    OneZone,
    GivenGroup,
}

/// What is there at the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    /// Nothing of ours.
    Empty,
    /// What a run left that was killed at its n-th call.
    Killed(usize),
    /// Everything, finished.
    Complete,
    /// Somebody else's things with our names: a file system named so, a group of the name in another VPC.
    Foreign,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Job {
    Create,
    Delete,
}

#[derive(Debug, Clone)]
#[expect(
    dead_code,
    reason = "start and lag are read by whoever reads a violation"
)]
struct Case {
    job: Job,
    shape: Shape,
    start: Start,
    lag: u64,
    faults: Vec<(usize, Fault)>,
}

const KINDS: [Fault; 13] = [
    Fault::Refused,
    Fault::Denied,
    Fault::Throttled,
    Fault::Broken,
    Fault::LostBefore,
    Fault::LostAfter,
    Fault::Hangs,
    Fault::Late(1),
    Fault::Late(8),
    Fault::Late(25),
    Fault::CtrlC,
    Fault::CtrlCTwice,
    Fault::Killed,
];
const LAGS: [u64; 4] = [0, 2_000, 8_000, 20_000];
const SHAPES: [Shape; 5] = [
    Shape::ThreeAzs,
    Shape::OneAz,
    Shape::SixAzs,
    Shape::OneZone,
    Shape::GivenGroup,
];

impl Shape {
    fn region(self) -> &'static str {
        if self == Self::SixAzs {
            "us-east-1"
        } else {
            "eu-west-1"
        }
    }

    fn spec(self) -> Spec {
        let mut asked = spec("demo");
        match self {
            Self::ThreeAzs | Self::SixAzs => {}
            Self::OneAz => asked.placement.zones = vec!["eu-west-1a".parse().unwrap()],
            Self::OneZone => asked.one_zone = Some("eu-west-1b".parse().unwrap()),
            Self::GivenGroup => {
                asked.access = Access::Groups(vec!["sg-0c1e2f3a4b5c6d7e8".parse().unwrap()])
            }
        }
        if self == Self::SixAzs {
            asked.placement.vpc = Some("vpc-00000000000000006".parse().unwrap());
        }
        if self == Self::GivenGroup {
            asked.placement.vpc = Some("vpc-0a1b2c3d4e5f60718".parse().unwrap());
        }
        asked
    }

    fn mount_targets(self) -> usize {
        match self {
            Self::OneAz | Self::OneZone => 1,
            Self::ThreeAzs | Self::GivenGroup => 3,
            Self::SixAzs => 6,
        }
    }

    fn world(self) -> World {
        match self {
            Self::OneAz | Self::ThreeAzs | Self::OneZone => World::default(),
            Self::GivenGroup => {
                let text = include_str!("../fixtures/worlds/three-zones.toml");
                scenario::parse(text, 0).unwrap()
            }
            Self::SixAzs => {
                let mut text = String::from(
                    "[[region]]\nname = \"us-east-1\"\ndefault_vpc = false\n[[region.vpc]]\nid = \"vpc-00000000000000006\"\ncidr = \"10.0.0.0/16\"\ndns_hostnames = true\n",
                );
                for (n, zone) in ('a'..='f').enumerate() {
                    text += &format!(
                        "[[region.vpc.subnet]]\nzone = \"us-east-1{zone}\"\ncidr = \"10.0.{n}.0/24\"\n"
                    );
                }
                scenario::parse(&text, 0).unwrap()
            }
        }
    }
}

/// Ids of everything that could be made or lost.
fn ids(region: &Region) -> BTreeSet<String> {
    let file_systems = region.file_systems.keys();
    let mount_targets = region.mount_targets.keys();
    file_systems
        .chain(mount_targets)
        .chain(region.security_groups.keys())
        .cloned()
        .collect()
}

/// What is wrong with the account as the answer to a create that succeeded.
fn flaw(shape: Shape, region: &Region) -> Option<String> {
    let ours: Vec<_> = region
        .file_systems
        .values()
        .filter(|fs| fs.creation_token == "efsctl:demo")
        .collect();
    let [fs] = ours.as_slice() else {
        return Some(format!("{} file systems", ours.len()));
    };
    if fs.life.at(region.now) != "available" || !fs.encrypted {
        return Some(format!("file system {}", fs.life.at(region.now)));
    }
    let mounts: Vec<_> = region
        .mount_targets
        .values()
        .filter(|mt| mt.file_system_id == fs.id)
        .collect();
    if mounts.len() != shape.mount_targets()
        || mounts
            .iter()
            .any(|mt| mt.life.at(region.now) != "available")
    {
        return Some(format!("{} mount targets", mounts.len()));
    }
    let groups: Vec<_> = region
        .security_groups
        .values()
        .filter(|g| g.tags.contains_key("efsctl:managed-by"))
        .collect();
    let wanted = usize::from(shape != Shape::GivenGroup);
    if groups.len() != wanted {
        return Some(format!("{} groups", groups.len()));
    }
    let group = groups
        .first()
        .map_or("sg-0c1e2f3a4b5c6d7e8", |group| group.id.as_str());
    if groups
        .iter()
        .any(|group| group.rules.iter().filter(|rule| !rule.is_egress).count() != 1)
    {
        return Some("not one rule".to_owned());
    }
    for mt in mounts {
        let eni = &region.network_interfaces[&mt.network_interface_id];
        if !eni.groups.iter().any(|worn| worn == group) {
            return Some(format!("{} wears {:?}", mt.id, eni.groups));
        }
    }
    None
}

fn service(direct: &Direct) -> EfsService<Direct> {
    EfsService::new(direct.clone(), Box::new(Silent))
        .stopped_by(direct.stops.clone())
        .paced(Pacing {
            jitter: 0.0,
            ..Pacing::default()
        })
}

fn options(run: &str) -> CreateOptions {
    CreateOptions {
        run: run.to_owned(),
        ..CreateOptions::default()
    }
}

/// How a job ended: done, failed, or killed.
enum End {
    Done,
    Failed(Error),
    Killed,
}

async fn carry_out(job: Job, direct: &Direct, asked: &Spec, run: &str) -> End {
    let service = service(direct);
    let killed = direct.killed.clone();
    let work = async {
        match job {
            Job::Create => service
                .create(asked, &options(run))
                .await
                .map(drop)
                .map_err(|failure| failure.error),
            Job::Delete => {
                let options = DeleteOptions::default();
                let planned = service.plan_delete(&reference("demo"), &options).await?;
                service
                    .delete(planned, &options)
                    .await
                    .map(drop)
                    .map_err(|failure| failure.error)
            }
        }
    };
    tokio::select! {
        ended = work => match ended {
            Ok(()) => End::Done,
            Err(error) => End::Failed(error),
        },
        () = killed.notified() => End::Killed,
    }
}

/// The account a case begins with.
fn account(shape: Shape, start: Start, lag: u64) -> (World, u64) {
    let mut world = shape.world();
    world.timing = Timing {
        file_system: 5_000,
        mount_target: 60_000,
        delete: 7_000,
        describe_lag: lag,
    };
    let direct_run = |world: World, faults: Vec<(usize, Fault)>| {
        paused().block_on(async {
            let direct = Direct::new(world, shape.region(), 1_000_000);
            direct.arm(&faults);
            carry_out(Job::Create, &direct, &shape.spec(), "run0").await;
            direct.snapshot()
        })
    };
    match start {
        Start::Empty => (world, 1_000_000),
        Start::Complete => {
            let (world, now) = direct_run(world, Vec::new());
            (world, now + 600_000)
        }
        // Another run begins at once: what the killed one made may not be visible yet.
        Start::Killed(nth) => direct_run(world, vec![(nth, Fault::Killed)]),
        Start::Foreign => {
            let region = world
                .region(shape.region(), 1_000)
                .expect("a region of AWS");
            let input = efsctl::sandbox::world::efs::CreateFileSystem {
                creation_token: "theirs".to_owned(),
                tags: Some(vec![efsctl::sandbox::world::efs::Tag {
                    key: "Name".to_owned(),
                    value: "demo".to_owned(),
                }]),
                ..Default::default()
            };
            region.create_file_system(input).unwrap();
            let vpc = region
                .create_vpc(&efsctl::sandbox::world::ec2::vpcs::CreateVpc {
                    cidr_block: Some("10.99.0.0/16".to_owned()),
                    ..Default::default()
                })
                .unwrap();
            let group = efsctl::sandbox::world::ec2::security_groups::CreateSecurityGroup {
                group_name: Some("efsctl-demo".to_owned()),
                description: Some("theirs".to_owned()),
                vpc_id: Some(vpc.id),
                ..Default::default()
            };
            region.create_security_group(&group).unwrap();
            (world, 1_000_000)
        }
    }
}

fn paused() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
}

/// Runs one case; the violation, if there is one.
fn violation(case: &Case, (world, epoch): (World, u64)) -> Result<(), String> {
    paused().block_on(async {
        let direct = Direct::new(world, case.shape.region(), epoch);
        let before = direct.with_region(|region| ids(region));
        direct.arm(&case.faults);
        let asked = case.shape.spec();
        let end = carry_out(case.job, &direct, &asked, "run1").await;
        // Late effects come, and what goes is gone.
        tokio::time::sleep(Duration::from_secs(120)).await;
        let after = direct.with_region(|region| ids(region));
        judge(case, &end, &before, &after, &direct)?;

        // The same command again, undisturbed, finishes the job.
        let again = direct.afresh();
        let second = carry_out(case.job, &again, &asked, "run2").await;
        match (case.job, second) {
            (Job::Create, End::Done) => {
                if let Some(flaw) = again.with_region(|region| flaw(case.shape, region)) {
                    return Err(format!("the second run ended with {flaw}"));
                }
                let kept = again.with_region(|region| ids(region));
                if let Some(lost) = after.iter().find(|id| !kept.contains(*id)) {
                    return Err(format!("the second run lost {lost}"));
                }
                let (_, writes) = again.counts();
                let third = again.afresh();
                if !matches!(
                    carry_out(Job::Create, &third, &asked, "run3").await,
                    End::Done
                ) {
                    return Err("the third run failed".to_owned());
                }
                if third.counts().1 != writes {
                    return Err(format!(
                        "the third run made {} writing calls",
                        third.counts().1 - writes
                    ));
                }
                Ok(())
            }
            (Job::Delete, End::Done) => Ok(()),
            (Job::Delete, End::Failed(error)) if error.kind == Kind::NotFound => Ok(()),
            (_, End::Failed(error)) => Err(format!("the second run failed: {error}")),
            (_, End::Killed) => Err("the second run was killed".to_owned()),
        }?;
        if case.job == Job::Delete {
            tokio::time::sleep(Duration::from_secs(60)).await;
            let left = again.with_region(|region| {
                let ours = |tags: &std::collections::BTreeMap<String, String>| {
                    tags.contains_key("efsctl:managed-by")
                };
                region
                    .file_systems
                    .values()
                    .filter(|fs| ours(&fs.tags))
                    .count()
                    + region
                        .security_groups
                        .values()
                        .filter(|group| ours(&group.tags))
                        .count()
            });
            if left > 0 {
                return Err(format!("{left} things are left after the second delete"));
            }
        }
        Ok(())
    })
}

/// Promises 1 to 4, against how the first run said it ended.
fn judge(
    case: &Case,
    end: &End,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
    direct: &Direct,
) -> Result<(), String> {
    let made: Vec<&String> = after.difference(before).collect();
    let lost: Vec<&String> = before.difference(after).collect();
    match (case.job, end) {
        (Job::Create, _) if !lost.is_empty() => Err(format!("lost {lost:?}")),
        (Job::Create, End::Done) => match direct.with_region(|region| flaw(case.shape, region)) {
            Some(flaw) => Err(format!("success with {flaw}")),
            None => Ok(()),
        },
        (Job::Create, End::Killed) => Ok(()),
        (Job::Create, End::Failed(error)) => match error.kind {
            Kind::TimedOut => Ok(()),
            Kind::Leftovers => {
                let told = error.leftovers.join("\n");
                let perhaps = told.contains("perhaps the outcome of");
                match made.iter().find(|id| !told.contains(**id)) {
                    Some(untold) if !perhaps => {
                        Err(format!("{untold} is left and not told: {told}"))
                    }
                    _ => Ok(()),
                }
            }
            kind if made.is_empty() => {
                let expected = [
                    Kind::Failed,
                    Kind::Denied,
                    Kind::Interrupted,
                    Kind::Conflict,
                    Kind::NotFound,
                ];
                expected
                    .contains(&kind)
                    .then_some(())
                    .ok_or_else(|| format!("ended with {kind:?}: {error}"))
            }
            kind => Err(format!("{kind:?} ({error}), and {made:?} is left")),
        },
        (Job::Delete, _) if !made.is_empty() => Err(format!("a deletion made {made:?}")),
        (Job::Delete, End::Done) => {
            let left = direct.with_region(|region| {
                region
                    .file_systems
                    .values()
                    .filter(|fs| fs.creation_token == "efsctl:demo")
                    .count()
            });
            if left == 0 {
                Ok(())
            } else {
                Err("deleted, and it is there".to_owned())
            }
        }
        (Job::Delete, _) => Ok(()),
    }
}

/// The calls of an undisturbed job at which faults are injected. Of the looks of a wait, which are all alike, the
/// first two and the last two.
fn calls(job: Job, shape: Shape, (world, epoch): (World, u64)) -> Vec<usize> {
    let operations = paused().block_on(async {
        let direct = Direct::new(world, shape.region(), epoch);
        carry_out(job, &direct, &shape.spec(), "run1").await;
        direct.operations()
    });
    let alike = |a: usize, b: usize| {
        operations
            .get(a)
            .is_some_and(|op| op.starts_with("Describe") && operations.get(b) == Some(op))
    };
    let inside = |n: usize| n >= 2 && (1..=2).all(|step| alike(n, n - step) && alike(n, n + step));
    // Some more: a disturbed run makes calls that an undisturbed one does not.
    (0..operations.len() + 4).filter(|n| !inside(*n)).collect()
}

/// A small generator: the seed is printed, and the same seed gives the same cases.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }
}

/// Every start with its account and the number of calls, prepared once.
struct Ground {
    shape: Shape,
    start: Start,
    lag: u64,
    account: (World, u64),
    calls: Vec<usize>,
}

fn grounds(job: Job) -> Vec<Ground> {
    let mut grounds = Vec::new();
    for shape in SHAPES {
        for lag in LAGS {
            let mut starts = vec![Start::Empty, Start::Complete, Start::Foreign];
            starts.extend([7, 8, 9, 11, 14, 20].map(Start::Killed));
            if job == Job::Delete {
                starts.retain(|start| !matches!(start, Start::Empty | Start::Foreign));
            }
            for start in starts {
                let account = account(shape, start, lag);
                let calls = calls(job, shape, account.clone());
                grounds.push(Ground {
                    shape,
                    start,
                    lag,
                    account,
                    calls,
                });
            }
        }
    }
    grounds
}

/// `sample` is how many of the cases with one fault, and how many pairs, run unless `EFSCTL_SWEEP=full`.
fn sweep(name: &str, job: Job, sample: (usize, usize)) {
    let full = std::env::var("EFSCTL_SWEEP").is_ok_and(|value| value == "full");
    let seed = std::env::var("EFSCTL_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(7);
    let mut dice = Dice(seed | 1 << 32);
    let grounds = grounds(job);
    let case = |at: usize, faults: Vec<(usize, Fault)>| {
        let Ground {
            shape, start, lag, ..
        } = grounds[at];
        (
            at,
            Case {
                job,
                shape,
                start,
                lag,
                faults,
            },
        )
    };
    // Each fault alone, at every call.
    let mut cases = Vec::new();
    for (at, ground) in grounds.iter().enumerate() {
        for nth in &ground.calls {
            cases.extend(KINDS.map(|kind| case(at, vec![(*nth, kind)])));
        }
    }
    let (singles, pairs) = if full {
        (cases.len(), cases.len())
    } else {
        sample
    };
    while cases.len() > singles {
        cases.swap_remove(dice.below(cases.len()));
    }
    // Pairs: the second one meets the retry, the rollback, or the rest.
    for _ in 0..pairs {
        let at = dice.below(grounds.len());
        let first = grounds[at].calls[dice.below(grounds[at].calls.len())];
        let second = first + 1 + dice.below(12);
        let faults = [first, second].map(|nth| (nth, KINDS[dice.below(KINDS.len())]));
        cases.push(case(at, faults.to_vec()));
    }

    let next = AtomicUsize::new(0);
    let violations = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some((at, case)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(what) = violation(case, grounds[*at].account.clone()) {
                        violations.lock().unwrap().push(format!("{what}: {case:?}"));
                    }
                }
            });
        }
    });
    let mut violations = violations.into_inner().unwrap();
    violations.sort();
    let worst = violations.first().map_or("none", String::as_str);
    println!(
        "sweep {name}: {} cases, {} violations, worst leftover {worst}, seed {seed}",
        cases.len(),
        violations.len()
    );
    let shown: Vec<&str> = violations.iter().take(20).map(String::as_str).collect();
    assert!(
        violations.is_empty(),
        "{} of {} cases:\n{}",
        violations.len(),
        cases.len(),
        shown.join("\n")
    );
}

#[test]
fn sweep_create() {
    sweep("create", Job::Create, (4_000, 1_000));
}

#[test]
fn sweep_delete() {
    sweep("delete", Job::Delete, (2_000, 500));
}
