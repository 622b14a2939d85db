//! What is done on a share, step by step, and undone.

mod clean;
mod log;
mod sample;

use std::future::Future;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

pub use self::sample::Samples;

use self::log::{Log, is_private};
use super::share::{Attributes, Fault, Share};
use crate::domain::finding::Verdict;
use crate::domain::verification::{Place, Step, StepDone};

/// What the names of private directories begin with.
pub const PREFIX: &str = ".efsctl-verify-";
/// What the names of tokens begin with.
pub const TOKEN: &str = ".efsctl-token-";
/// How much is written to a file, in bytes: more than one page.
const SAMPLE: usize = 10_000;
/// The most that is read of a file, in bytes.
const LONGEST: usize = 64 * 1024;

/// A way to a share, which can be gone again.
#[expect(
    async_fn_in_trait,
    reason = "used by this crate only, on its one thread"
)]
pub trait Reach {
    /// What is there.
    type Share: Share;
    /// Where it is.
    fn place(&self) -> &Place;
    /// It is mounted already: there is nothing to connect to, and nothing to mount.
    fn is_mounted(&self) -> bool {
        false
    }
    /// Whether a server of the right kind answers.
    async fn connect(&self) -> Result<(), String>;
    /// Mounts it.
    async fn mount(&self) -> Result<Self::Share, Fault>;
    /// Whose the directory is.
    fn seen(&self, attributes: Attributes);
    /// What a fault means here, where more is known than its own words.
    fn explain(&self, step: Step, fault: &Fault) -> Option<String>;
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// To look only.
    Look,
    /// To write, read, rename, lock and delete.
    Use,
    /// The same, and to leave a token.
    Leave(String),
    /// To find a token.
    Expect(String),
    /// To remove a token.
    Remove(String),
}

impl Task {
    /// It writes.
    pub fn writes(&self) -> bool {
        !matches!(self, Self::Look | Self::Expect(_))
    }
}

/// A run over all ways to a share.
#[derive(Clone, Copy)]
pub struct Round<'r> {
    /// The directory in which it is done, absolute.
    pub directory: &'r str,
    /// What tells this run from others.
    pub run: &'r str,
    /// What is done.
    pub task: &'r Task,
    /// How long one step may take.
    pub limit: Duration,
    /// The end of all of it; the removal comes after.
    pub deadline: Option<Instant>,
    /// What is measured besides.
    pub samples: Option<Samples>,
    /// Ends it; what was created is removed.
    pub stop: &'r CancellationToken,
    /// Ends the removal too.
    pub stop_at_once: &'r CancellationToken,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Ended {
    /// Neither was it stopped, nor was its time over.
    pub is_complete: bool,
    /// The steps, in the order in which they ended.
    pub steps: Vec<StepDone>,
    /// Paths that could not be removed.
    pub left: Vec<String>,
    /// Names of private directories of other runs.
    pub others: Vec<String>,
}

/// A share that is mounted, and its number among all.
struct Mounted<'m, R: Reach> {
    reach: &'m R,
    share: R::Share,
    number: usize,
}

impl Round<'_> {
    /// Does it by each of these ways, side by side, and removes what it created.
    pub async fn run<R: Reach>(&self, ways: &[R]) -> Ended {
        let log = Log::default();
        let private = join(self.directory, &format!("{PREFIX}{}", self.run));
        let time_is_over = async {
            match self.deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        let is_complete = tokio::select! {
            () = self.steps(ways, &log, &private) => true,
            () = self.stop.cancelled() => false,
            () = time_is_over => false,
        };
        let Log {
            steps,
            created,
            others,
        } = log;
        let created = created.into_inner().unwrap_or_else(PoisonError::into_inner);
        let private = created.private.then_some(private);
        let token = match self.task {
            Task::Leave(token) if created.token => Some(self.token(token)),
            _ => None,
        };
        let mut left = Vec::new();
        for path in private.into_iter().chain(token) {
            if !self.clean(ways, &path).await {
                left.push(path);
            }
        }
        Ended {
            is_complete,
            steps: steps.into_inner().unwrap_or_else(PoisonError::into_inner),
            left,
            others: others.into_inner().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Where a token is.
    fn token(&self, token: &str) -> String {
        join(self.directory, &format!("{TOKEN}{token}"))
    }

    async fn steps<R: Reach>(&self, ways: &[R], log: &Log, private: &str) {
        let mounting = ways.iter().enumerate().map(async |(number, reach)| {
            let share = self.mounted(reach, log).await?;
            Some(Mounted {
                reach,
                share,
                number,
            })
        });
        let mounted = futures::future::join_all(mounting).await;
        let mounted: Vec<_> = mounted.into_iter().flatten().collect();
        let Some(first) = mounted.first() else {
            return;
        };
        match self.task {
            Task::Look => {}
            Task::Expect(expected) => {
                for one in &mounted {
                    let path = self.token(expected);
                    let found = async {
                        let read = one.share.read(&path, LONGEST).await?;
                        same(&read, expected.as_bytes())
                    };
                    self.step(one.reach, log, Step::Expect, found).await;
                }
            }
            Task::Remove(named) => {
                let path = self.token(named);
                let removed = first.share.remove(&path);
                self.step(first.reach, log, Step::Remove, removed).await;
            }
            Task::Use | Task::Leave(_) => {
                // From here on it may be there, whatever the answer is.
                log.created().private = true;
                let made = first.share.make_directory(private);
                let made = self.step(first.reach, log, Step::MakeDirectory, made).await;
                if made.is_none() {
                    for other in mounted.iter().skip(1) {
                        log.not_tried(other.reach.place());
                    }
                } else if self.used(&mounted, log, private).await {
                    log.created().private = false;
                }
                if let (Task::Leave(left), Some(())) = (self.task, made) {
                    self.leave(first, log, left).await;
                }
            }
        }
        let closing = mounted.iter().map(|one| one.share.close());
        let _ = timeout(self.limit, futures::future::join_all(closing)).await;
    }

    /// Leaves a token where there is none.
    async fn leave<R: Reach>(&self, at: &Mounted<'_, R>, log: &Log, token: &str) {
        let path = self.token(token);
        let left = async {
            match at.share.attributes(&path).await {
                Err(Fault::NotFound) => {}
                Ok(_) => return Err(Fault::Exists),
                Err(fault) => return Err(fault),
            }
            log.created().token = true;
            at.share.write(&path, token.as_bytes()).await
        };
        if self.step(at.reach, log, Step::Leave, left).await.is_some() {
            log.created().token = false;
        }
    }

    async fn mounted<R: Reach>(&self, reach: &R, log: &Log) -> Option<R::Share> {
        let share = if reach.is_mounted() {
            self.tried(reach, log, Step::List, reach.mount()).await?
        } else {
            let asked = async { reach.connect().await.map_err(Fault::Other) };
            self.step(reach, log, Step::Connect, asked).await?;
            self.step(reach, log, Step::Mount, reach.mount()).await?
        };
        if let Ok(Ok(found)) = timeout(self.limit, share.attributes(self.directory)).await {
            reach.seen(found);
        }
        let listed = share.list(self.directory);
        let names = self.step(reach, log, Step::List, listed).await?;
        let mut others = log.others.lock().unwrap_or_else(PoisonError::into_inner);
        for name in names {
            if is_private(&name) && !others.contains(&name) {
                others.push(name);
            }
        }
        drop(others);
        Some(share)
    }

    /// By each of the ways in the private directory. Whether it is removed again.
    async fn used<R: Reach>(&self, mounted: &[Mounted<'_, R>], log: &Log, private: &str) -> bool {
        let name = |one: &Mounted<'_, R>| join(private, &format!("file-{}", one.number));
        let text = |one: &Mounted<'_, R>| sample(self.run, one.number);
        let writing = mounted.iter().map(async |one| {
            let (path, text) = (name(one), text(one));
            let new = format!("{path}.new");
            let step = async |step, done| self.step(one.reach, log, step, done).await;
            self.step(one.reach, log, Step::Write, one.share.write(&new, &text))
                .await?;
            let read = async { same(&one.share.read(&new, LONGEST).await?, &text) };
            self.step(one.reach, log, Step::Read, read).await?;
            if let Some(samples) = &self.samples {
                self.measure(samples, (one.reach, &one.share), log, (private, &new))
                    .await?;
            }
            step(Step::Rename, one.share.rename(&new, &path)).await?;
            let locked = self
                .step(one.reach, log, Step::Lock, one.share.lock(&path))
                .await;
            Some((one, locked.is_some()))
        });
        let written = futures::future::join_all(writing).await;
        let written: Vec<_> = written.into_iter().flatten().collect();
        // What one wrote the next one reads, round in a circle.
        let neighbours = written.iter().zip(written.iter().cycle().skip(1));
        let crossing = neighbours.map(async |((one, _), (other, is_locked))| {
            if one.number == other.number {
                return;
            }
            let path = name(other);
            let read = async { same(&one.share.read(&path, LONGEST).await?, &text(other)) };
            self.step(one.reach, log, Step::ReadOther, read).await;
            if *is_locked {
                let seen = async {
                    match one.share.is_free(&path).await {
                        Err(Fault::Locked) => Ok(()),
                        Ok(()) => Err(Fault::Other(
                            "a lock that is held through another mount target does not count"
                                .to_owned(),
                        )),
                        Err(fault) => Err(fault),
                    }
                };
                self.step(one.reach, log, Step::LockOther, seen).await;
            }
        });
        futures::future::join_all(crossing).await;
        let deleting = written.iter().map(async |(one, is_locked)| {
            let removed = async {
                if *is_locked {
                    one.share.unlock().await?;
                }
                one.share.remove(&name(one)).await
            };
            self.step(one.reach, log, Step::Delete, removed).await
        });
        let deleted = futures::future::join_all(deleting).await;
        let all = deleted.len() == mounted.len() && deleted.iter().all(Option::is_some);
        let Some(first) = mounted.first().filter(|_| all) else {
            return false;
        };
        let removed = first.share.remove_directory(private);
        timeout(self.limit, removed)
            .await
            .is_ok_and(|removed| removed.is_ok())
    }

    /// One step: its time, its end, and what it means.
    async fn step<R: Reach, T>(
        &self,
        reach: &R,
        log: &Log,
        step: Step,
        done: impl Future<Output = Result<T, Fault>>,
    ) -> Option<T> {
        let began = Instant::now();
        let done = self.tried(reach, log, step, done).await?;
        log.passed(step, reach.place(), began, None);
        Some(done)
    }

    /// The same, of which only a failure is a step.
    async fn tried<R: Reach, T>(
        &self,
        reach: &R,
        log: &Log,
        step: Step,
        done: impl Future<Output = Result<T, Fault>>,
    ) -> Option<T> {
        let began = Instant::now();
        let done = timeout(self.limit, done).await;
        let fault = match done.unwrap_or(Err(Fault::Slow(self.limit))) {
            Ok(done) => return Some(done),
            Err(fault) => fault,
        };
        let known = reach.explain(step, &fault);
        log.push(StepDone {
            step,
            place: reach.place().clone(),
            verdict: Verdict::Fail,
            detail: Some(known.unwrap_or_else(|| fault.to_string())),
            milliseconds: log::milliseconds(began),
        });
        None
    }
}

fn join(directory: &str, name: &str) -> String {
    format!("{}/{name}", directory.trim_end_matches('/'))
}

fn same(read: &[u8], written: &[u8]) -> Result<(), Fault> {
    if read == written {
        return Ok(());
    }
    Err(Fault::Different)
}

/// What is written: no two files have the same.
fn sample(run: &str, number: usize) -> Vec<u8> {
    let line = format!("{run} {number}\n");
    line.bytes().cycle().take(SAMPLE).collect()
}

#[cfg(test)]
mod tests;
