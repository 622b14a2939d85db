//! Carries out a case and holds what came of it against the promises (`docs/SEMANTICS.md`, 1 to 5 and 11).

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use efsctl::domain::leftover::Leftover;
use efsctl::domain::resource::ResourceKind;
use efsctl::domain::spec::Spec;
use efsctl::error::Kind;
use efsctl::sandbox::world::Region;
use futures::future::join;
use tokio::time::{Instant, sleep, timeout};

use super::case::{Beside, Case, End, Job, Moment, Start, carry_out, paused};
use super::in_memory::{Fault, InMemory};
use super::setting::{ids, ours};

/// Longer than all patience of a run together.
const FOREVER: Duration = Duration::from_hours(6);

/// Runs one case. One that breaks a promise within a known limit is counted.
///
/// # Errors
///
/// The promise that was broken.
pub fn violation(case: &Case, account: Moment, limits: &AtomicUsize) -> Result<(), String> {
    paused().block_on(async {
        timeout(FOREVER, whole(case, account, limits))
            .await
            .unwrap_or_else(|_| Err("it does not end".to_owned()))
    })
}

/// What happened while the first run was at work.
struct Trace {
    end: End,
    /// How a second efsctl ended, which nothing disturbed.
    other: Option<End>,
    /// When it began its last read, and when it ended.
    other_at_the_end: Option<(Instant, Instant)>,
    /// What somebody deleted by hand, and when.
    victim: Option<(String, Instant)>,
    /// What was wrong at the very end of a wait.
    at_the_end: Option<String>,
    before: BTreeSet<String>,
    after: BTreeSet<String>,
}

async fn whole(case: &Case, (world, epoch): Moment, limits: &AtomicUsize) -> Result<(), String> {
    let in_memory = InMemory::new(world, case.shape.region(), epoch);
    in_memory.arm(&case.faults);
    let asked = case.shape.spec();
    let trace = trace_of(case, &in_memory, &asked).await;
    match verdict_of(case, &trace, &in_memory) {
        Err(_) if ends_amid_a_deletion(case, &trace, &in_memory) => {
            limits.fetch_add(1, Ordering::Relaxed);
        }
        verdict => verdict?,
    }
    again(case, &trace, &in_memory, &asked).await
}

async fn trace_of(case: &Case, in_memory: &InMemory, asked: &Spec) -> Trace {
    let before = in_memory.with_region(|region| ids(region));
    let is_over = Cell::new(false);
    let at_the_end = RefCell::new(None);
    let first = async {
        let end = carry_out(case.job, in_memory, asked, "run1").await;
        is_over.set(true);
        if case.job == Job::Wait && matches!(end, End::Done) {
            at_the_end.replace(in_memory.with_region(|region| unfit(case, region)));
        }
        end
    };
    let victim = RefCell::new(None);
    let other_at_the_end = Cell::new(None);
    let beside = async {
        match case.beside {
            Beside::Nobody => None,
            Beside::Another(after) => {
                sleep(Duration::from_millis(after)).await;
                let job = match case.job {
                    Job::Create | Job::Wait => Job::Create,
                    Job::Delete => Job::Delete,
                };
                let other = in_memory.afresh();
                let end = carry_out(job, &other, asked, "run9").await;
                other_at_the_end.set(other.last_read().map(|read| (read, Instant::now())));
                Some(end)
            }
            Beside::ManualDeletion(after) => {
                sleep(Duration::from_millis(after)).await;
                if !is_over.get() {
                    victim.replace(in_memory.with_region(strike).map(|id| (id, Instant::now())));
                }
                None
            }
        }
    };
    let (end, other) = join(first, beside).await;
    // Late effects come, and what goes is gone.
    sleep(Duration::from_mins(2)).await;
    Trace {
        end,
        other,
        other_at_the_end: other_at_the_end.get(),
        victim: victim.into_inner(),
        at_the_end: at_the_end.into_inner(),
        before,
        after: in_memory.with_region(|region| ids(region)),
    }
}

/// Somebody deletes the first mount target of the file system.
fn strike(region: &mut Region) -> Option<String> {
    let fs = region
        .file_systems
        .values()
        .find(|fs| fs.creation_token == "efsctl:demo")?;
    let victim = region
        .mount_targets
        .values()
        .find(|mt| mt.file_system_id == fs.id && mt.life.at(region.now) == "available")?;
    let id = victim.id.clone();
    region.delete_mount_target(&id).ok().map(|()| id)
}

/// What is not available although a wait says so. What is younger than the describe lag cannot be seen by anybody.
fn unfit(case: &Case, region: &Region) -> Option<String> {
    let fs = region
        .file_systems
        .values()
        .find(|fs| fs.creation_token == "efsctl:demo");
    let Some(fs) = fs.filter(|fs| fs.life.at(region.now) == "available") else {
        return Some("the file system is not available".to_owned());
    };
    let (now, lag) = (region.now, case.lag);
    region
        .mount_targets
        .values()
        .filter(|mt| mt.file_system_id == fs.id && mt.life.created + lag + 10_000 < now)
        .find(|mt| !matches!(mt.life.at(now), "available" | "deleting"))
        .map(|mt| format!("{} is {}", mt.id, mt.life.at(now)))
}

fn verdict_of(case: &Case, trace: &Trace, in_memory: &InMemory) -> Result<(), String> {
    let made: Vec<&String> = trace.after.difference(&trace.before).collect();
    let is_victim = |id: &str| {
        trace
            .victim
            .as_ref()
            .is_some_and(|(struck, _)| struck == id)
    };
    let lost: Vec<&String> = trace
        .before
        .difference(&trace.after)
        .filter(|id| !is_victim(id))
        .collect();
    // Nothing got in its way: then it asks for nothing that AWS would refuse.
    if case.faults.is_empty()
        && case.beside == Beside::Nobody
        && case.lag == 0
        && in_memory.refusals() > 0
    {
        return Err(format!(
            "undisturbed, and {} calls were refused",
            in_memory.refusals()
        ));
    }
    match case.job {
        Job::Create => {
            if !lost.is_empty() {
                return Err(format!("lost {lost:?}"));
            }
            created(case, trace, &made, in_memory)
        }
        Job::Delete => {
            if !made.is_empty() {
                return Err(format!("a deletion made {made:?}"));
            }
            deleted(case, trace, in_memory)
        }
        Job::Wait => {
            if let Some(unfit) = &trace.at_the_end {
                return Err(format!("awaited, and {unfit}"));
            }
            if in_memory.writes() > 0 {
                return Err("a wait wrote".to_owned());
            }
            match &trace.other {
                None if !lost.is_empty() || !made.is_empty() => {
                    Err("a wait changed things".to_owned())
                }
                Some(End::Failed(error)) => Err(format!("the create beside it failed: {error}")),
                _ => Ok(()),
            }
        }
    }
}

fn created(
    case: &Case,
    trace: &Trace,
    made: &[&String],
    in_memory: &InMemory,
) -> Result<(), String> {
    if let Some(End::Failed(error)) = &trace.other {
        return Err(format!("the undisturbed run failed: {error}"));
    }
    if let (End::Done, _) | (_, Some(End::Done)) = (&trace.end, &trace.other) {
        // Who looked before somebody's hand did its work, could not see it.
        let seen = in_memory
            .last_look()
            .map(|at| at - Duration::from_millis(case.lag));
        let unseen =
            matches!((&trace.victim, seen), (Some((_, struck)), Some(seen)) if *struck >= seen);
        return match in_memory.with_region(|region| case.shape.flaw(region)) {
            Some(flaw) if !unseen => Err(format!("success with {flaw}")),
            _ => Ok(()),
        };
    }
    let End::Failed(error) = &trace.end else {
        return Ok(());
    };
    match error.kind {
        Kind::TimedOut => Ok(()),
        Kind::Leftovers if fails_once(case) => Err(format!(
            "one call failed, nothing else did, and {:?} is left ({error})",
            error.leftovers
        )),
        Kind::Leftovers => {
            let untold = made
                .iter()
                .find(|id| !is_told(id, &error.leftovers, in_memory));
            match untold {
                Some(untold) => Err(format!(
                    "{untold} is left and not told: {:?}",
                    error.leftovers
                )),
                None => Ok(()),
            }
        }
        Kind::Failed | Kind::Denied | Kind::Interrupted | Kind::Conflict | Kind::NotFound => {
            if made.is_empty() {
                Ok(())
            } else {
                Err(format!("{:?} ({error}), and {made:?} is left", error.kind))
            }
        }
        kind => Err(format!("ended with {kind:?}: {error}")),
    }
}

/// Whether the second run read last before a deletion of the first one's rollback was to be seen, and ended after that was decided: a known limit
/// (`docs/SEMANTICS.md`). A first run that reports success deletes nothing.
fn ends_amid_a_deletion(case: &Case, trace: &Trace, in_memory: &InMemory) -> bool {
    let (Job::Create, Some(End::Done), Some((read, ended)), End::Failed(_)) =
        (case.job, &trace.other, trace.other_at_the_end, &trace.end)
    else {
        return false;
    };
    let lag = Duration::from_millis(case.lag);
    let deletions = in_memory.deletions().into_iter();
    let mut amid = deletions.filter(|one| one.decided <= ended && read <= one.effect + lag);
    amid.next().is_some()
}

/// One call of a run that begins from nothing is refused, or ctrl-C is pressed once: then its rollback removes everything.
fn fails_once(case: &Case) -> bool {
    let fails = matches!(
        case.faults.as_slice(),
        [(_, Fault::Refused | Fault::Denied | Fault::CtrlC)]
    );
    fails && case.start == Start::Empty && case.beside == Beside::Nobody && case.lag == 0
}

/// A thing that is left is told by its id, or as what may be the outcome of the call that makes such a thing in such a zone.
pub fn is_told(id: &str, leftovers: &[Leftover], in_memory: &InMemory) -> bool {
    let (kind, place) = match id.split_once('-') {
        Some(("fs", _)) => (ResourceKind::FileSystem, None),
        Some(("sg", _)) => (ResourceKind::SecurityGroup, None),
        Some(("fsmt", _)) => in_memory.with_region(|region| {
            let subnet = &region.mount_targets[id].subnet_id;
            let zone = region.subnets[subnet].availability_zone.clone();
            (ResourceKind::MountTarget, Some(zone))
        }),
        Some(("fsap", _)) => in_memory.with_region(|region| {
            let token = &region.access_points[id].client_token;
            let name = token.rsplit('/').next().unwrap().to_owned();
            (ResourceKind::AccessPoint, Some(name))
        }),
        _ => panic!("{id} is nothing that a run makes"),
    };
    let is_it = |left: &Leftover| {
        let zone = left.zone.as_ref().map(ToString::to_string);
        let resource = &left.resource;
        match &resource.id {
            Some(told) => told.as_str() == id,
            None => {
                let told = zone.or_else(|| resource.name.clone());
                !left.certain && resource.kind == kind && told == place
            }
        }
    };
    leftovers
        .iter()
        .any(|left| left.change.is_none() && is_it(left))
}

fn deleted(case: &Case, trace: &Trace, in_memory: &InMemory) -> Result<(), String> {
    if let Some(End::Failed(error)) = &trace.other
        && error.kind != Kind::NotFound
    {
        return Err(format!("the undisturbed deletion failed: {error}"));
    }
    let left = in_memory.with_region(|region| ours(region));
    let is_done = [Some(&trace.end), trace.other.as_ref()]
        .into_iter()
        .any(|end| matches!(end, Some(End::Done)));
    // What was made within the describe lag before the deletion began can be seen by nobody.
    let unseen = case.lag > 0 && matches!(case.start, Start::Killed(_));
    if is_done && left > 0 && !unseen {
        return Err(format!("deleted, and {left} things are there"));
    }
    Ok(())
}

/// The same command again, undisturbed, finishes the job; and once more does nothing.
async fn again(
    case: &Case,
    trace: &Trace,
    in_memory: &InMemory,
    asked: &Spec,
) -> Result<(), String> {
    let second = in_memory.afresh();
    match (case.job, carry_out(case.job, &second, asked, "run2").await) {
        (Job::Create, End::Done) => {
            if let Some(flaw) = second.with_region(|region| case.shape.flaw(region)) {
                return Err(format!("the second run ended with {flaw}"));
            }
            let kept = second.with_region(|region| ids(region));
            if let Some(lost) = trace.after.iter().find(|id| !kept.contains(*id)) {
                return Err(format!("the second run lost {lost}"));
            }
            let third = in_memory.afresh();
            match carry_out(Job::Create, &third, asked, "run3").await {
                End::Done if third.writes() == 0 => Ok(()),
                End::Done => Err(format!("the third run wrote {} times", third.writes())),
                End::Failed(_) | End::Killed => Err("the third run failed".to_owned()),
            }
        }
        (Job::Delete, End::Failed(error)) if error.kind != Kind::NotFound => {
            Err(format!("the second deletion failed: {error}"))
        }
        (Job::Delete, _) => {
            sleep(Duration::from_mins(1)).await;
            match second.with_region(|region| ours(region)) {
                0 => Ok(()),
                left => Err(format!("{left} things are left after the second deletion")),
            }
        }
        (Job::Wait, _) => Ok(()),
        (Job::Create, End::Failed(error)) => Err(format!("the second run failed: {error}")),
        (Job::Create, End::Killed) => Err("the second run was killed".to_owned()),
    }
}
