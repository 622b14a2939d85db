//! Which cases there are, and the run over them.
//!
//! `EFSCTL_SWEEP=full` runs every fault beside everybody, and half a million pairs of faults, and `EFSCTL_SHARD=k/n` the k-th of n parts
//! of them; otherwise a sample runs, whose seed is printed (`EFSCTL_SEED`), or with `EFSCTL_SWEEP=quick` a nineteenth of it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;

use super::case::{Beside, Case, Job, Moment, Start, account, carry_out, paused};
use super::in_memory::{Fault, InMemory};
use super::setting::{SHAPES, Shape};
use super::verdict::violation;
use crate::domain::mutants::{Mutant, plant};

pub const KINDS: [Fault; 13] = [
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

/// A file system takes 5 s and a mount target 60 s: these moments lie in and around every step.
const OTHERS: [Beside; 11] = [
    Beside::Another(0),
    Beside::Another(55),
    Beside::Another(2_600),
    Beside::Another(5_400),
    Beside::Another(30_000),
    Beside::Another(66_000),
    Beside::ManualDeletion(30),
    Beside::ManualDeletion(5_500),
    Beside::ManualDeletion(40_000),
    Beside::ManualDeletion(66_000),
    Beside::ManualDeletion(70_000),
];

/// Where cases begin, prepared once: the account and the calls at which faults are injected.
pub struct Setup {
    pub shape: Shape,
    pub start: Start,
    pub lag: u64,
    pub account: Moment,
    pub calls: Vec<usize>,
}

pub fn setups(job: Job) -> Vec<Setup> {
    let mut starts = vec![Start::Complete];
    starts.extend([7, 8, 9, 11, 14, 20].map(Start::Killed));
    if job == Job::Create {
        starts.extend([Start::Empty, Start::Foreign]);
    }
    let mut setups = Vec::new();
    let is_deletable = |shape: &Shape| job != Job::Delete || *shape != Shape::Replicated;
    for shape in SHAPES.into_iter().filter(is_deletable) {
        for lag in LAGS {
            for start in starts.iter().copied() {
                let account = account(shape, start, lag);
                let calls = calls(job, shape, account.clone());
                setups.push(Setup {
                    shape,
                    start,
                    lag,
                    account,
                    calls,
                });
            }
        }
    }
    setups
}

/// The calls of an undisturbed job, and four more: a disturbed run makes calls that an undisturbed one does not. Of the
/// looks of a wait, which are all alike, the first two and the last two.
fn calls(job: Job, shape: Shape, (world, epoch): Moment) -> Vec<usize> {
    let operations = paused().block_on(async {
        let in_memory = InMemory::new(world, shape.region(), epoch);
        carry_out(job, &in_memory, &shape.spec(), "run1").await;
        in_memory.operations()
    });
    let alike = |a: usize, b: usize| {
        operations
            .get(a)
            .is_some_and(|op| op.starts_with("Describe") && operations.get(b) == Some(op))
    };
    let inside = |n: usize| n >= 2 && (1..=2).all(|step| alike(n, n - step) && alike(n, n + step));
    (0..operations.len() + 4).filter(|n| !inside(*n)).collect()
}

/// A small generator: the same seed gives the same cases.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1 << 32)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

/// How many cases of each sort run unless all do.
#[derive(Clone, Copy)]
pub struct Sample {
    /// One fault, or none, and nobody else at work.
    pub alone: usize,
    /// One fault, or none, with somebody else at work.
    pub beside: usize,
    /// Two faults, and perhaps somebody else.
    pub pairs: usize,
}

/// A case and the number of its setup.
pub type Placed = (usize, Case);

/// The cases of a job: a sample, or all with one fault and half a million with two.
pub fn cases(job: Job, setups: &[Setup], sample: Option<Sample>, rng: &mut Rng) -> Vec<Placed> {
    let place = |at: usize, beside: Beside, faults: Vec<(usize, Fault)>| {
        let setup = &setups[at];
        let case = Case {
            job,
            shape: setup.shape,
            start: setup.start,
            lag: setup.lag,
            beside,
            faults,
        };
        (at, case)
    };
    let with = |others: &[Beside]| {
        let mut all = Vec::new();
        for (at, setup) in setups.iter().enumerate() {
            for beside in others {
                all.push(place(at, *beside, Vec::new()));
                for nth in &setup.calls {
                    all.extend(KINDS.map(|kind| place(at, *beside, vec![(*nth, kind)])));
                }
            }
        }
        all
    };
    let mut thin = |mut all: Vec<Placed>, limit: Option<usize>| {
        while limit.is_some_and(|limit| all.len() > limit) {
            all.swap_remove(rng.below(all.len()));
        }
        all
    };
    let mut all = thin(with(&[Beside::Nobody]), sample.map(|sample| sample.alone));
    all.extend(thin(with(&OTHERS), sample.map(|sample| sample.beside)));
    let pairs = sample.map_or(500_000, |sample| sample.pairs);
    for _ in 0..pairs {
        let at = rng.below(setups.len());
        let first = rng.of(&setups[at].calls);
        // The second one meets the retry, the rollback, or the rest.
        let second = first + 1 + rng.below(12);
        let beside = match rng.below(8) {
            0 => Beside::Another(u64::try_from(rng.below(80_000)).unwrap()),
            1 => Beside::ManualDeletion(u64::try_from(rng.below(80_000)).unwrap()),
            _ => Beside::Nobody,
        };
        let faults = [first, second].map(|nth| (nth, rng.of(&KINDS)));
        all.push(place(at, beside, faults.to_vec()));
    }
    all
}

/// Runs the cases on all cores; with a made bug, and in a quick sweep, until one is caught. The violations, sorted, and how many cases
/// are within a known limit.
pub fn run(cases: &[Placed], setups: &[Setup], mutant: Option<Mutant>) -> (Vec<String>, usize) {
    let one_is_enough = mutant.is_some() || std::env::var("EFSCTL_SWEEP").as_deref() == Ok("quick");
    let next = AtomicUsize::new(0);
    let violations = Mutex::new(Vec::new());
    let limits = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                plant(mutant);
                while let Some((at, case)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(what) = violation(case, setups[*at].account.clone(), &limits) {
                        violations.lock().unwrap().push(format!("{what}: {case:?}"));
                        if one_is_enough {
                            next.store(cases.len(), Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    let mut violations = violations.into_inner().unwrap();
    violations.sort();
    (violations, limits.into_inner())
}

/// The seed that was asked for.
pub fn seed() -> u64 {
    let asked = std::env::var("EFSCTL_SEED").ok();
    asked.and_then(|seed| seed.parse().ok()).unwrap_or(7)
}

/// How much runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// As much as tells in seconds whether a change is noticed.
    Quick,
    Sample,
    Full,
}

/// A quick run is so much smaller than the sample. A prime: every so manieth case of a list is of every kind.
pub const QUICK: usize = 19;

/// How much was asked for.
pub fn extent() -> Extent {
    match std::env::var("EFSCTL_SWEEP").as_deref() {
        Err(_) => Extent::Sample,
        Ok("quick") => Extent::Quick,
        Ok("full") => Extent::Full,
        Ok(other) => panic!("EFSCTL_SWEEP={other}: expected `quick` or `full`"),
    }
}

/// The part that was asked for, from 0, and of how many.
pub fn shard() -> (usize, usize) {
    let Ok(asked) = std::env::var("EFSCTL_SHARD") else {
        return (0, 1);
    };
    let read = |text: &str| text.parse::<usize>().ok().filter(|number| *number > 0);
    let parts = asked.split_once('/');
    let parts = parts.and_then(|(part, of)| Some((read(part)?, read(of)?)));
    match parts {
        Some((part, of)) if part <= of => (part - 1, of),
        _ => panic!("EFSCTL_SHARD={asked}: expected k/n, from 1/n to n/n"),
    }
}

/// The run over cases of another kind: as many of them as were asked for.
pub fn swept<C: std::fmt::Debug + Sync>(
    name: &str,
    cases: &[C],
    violation: impl Fn(&C) -> Result<(), String> + Sync,
) {
    let (part, parts) = shard();
    let step = match extent() {
        Extent::Quick => QUICK,
        Extent::Sample | Extent::Full => parts,
    };
    let cases: Vec<&C> = cases.iter().skip(part).step_by(step).collect();
    let next = AtomicUsize::new(0);
    let violations = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(broken) = violation(case) {
                        let mut violations = violations.lock().unwrap();
                        violations.push(format!("{case:?}: {broken}"));
                    }
                }
            });
        }
    });
    let violations = violations.into_inner().unwrap();
    println!(
        "sweep {name}: {} cases, {} violations",
        cases.len(),
        violations.len()
    );
    assert!(
        violations.is_empty(),
        "{} of {}:\n{}",
        violations.len(),
        cases.len(),
        violations[..violations.len().min(12)].join("\n")
    );
}

fn sweep(name: &str, job: Job, sample: Sample) {
    let seed = seed();
    let setups = setups(job);
    let sample = match extent() {
        Extent::Full => None,
        Extent::Sample => Some(sample),
        Extent::Quick => Some(Sample {
            alone: sample.alone / QUICK,
            beside: sample.beside / QUICK,
            pairs: sample.pairs / QUICK,
        }),
    };
    let cases = cases(job, &setups, sample, &mut Rng::new(seed));
    let (part, parts) = shard();
    let cases: Vec<Placed> = cases.into_iter().skip(part).step_by(parts).collect();
    let (violations, limits) = run(&cases, &setups, None);
    let worst = violations.first().map_or("none", String::as_str);
    println!(
        "sweep {name}: {} cases, {} violations, {limits} within a known limit, worst leftover {worst}, seed {seed}",
        cases.len(),
        violations.len()
    );
    // One in 50,000 is what the full product has of pairs of runs; more of them are a fault.
    assert!(
        limits <= cases.len() / 50_000,
        "{limits} within a known limit"
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
    let sample = Sample {
        alone: 30_000,
        beside: 30_000,
        pairs: 15_000,
    };
    sweep("create", Job::Create, sample);
}

#[test]
fn sweep_delete() {
    let sample = Sample {
        alone: 6_000,
        beside: 6_000,
        pairs: 4_000,
    };
    sweep("delete", Job::Delete, sample);
}

#[test]
fn sweep_wait() {
    let sample = Sample {
        alone: 4_000,
        beside: 4_000,
        pairs: 2_000,
    };
    sweep("wait", Job::Wait, sample);
}
