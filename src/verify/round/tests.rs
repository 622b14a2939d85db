//! A round on a share in memory, of which each call can fail, and after which the world can end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::*;
use crate::domain::ids::Zone;
use crate::verify::share::User;

/// What happens at one call, counted from the first.
#[derive(Debug, Clone, PartialEq)]
enum Event {
    /// It fails, and has not been done.
    Fails(Fault),
    /// It fails, and has been done.
    IsDoneAndFails(Fault),
    /// No call works from here on.
    EverythingEnds,
    /// Ctrl-C.
    CtrlC,
    /// It never ends.
    Hangs,
}

#[derive(Debug, Default)]
struct Server {
    files: BTreeMap<String, Vec<u8>>,
    directories: Vec<String>,
    locks: BTreeMap<String, usize>,
    calls: usize,
    event: Option<(usize, Event)>,
    is_gone: bool,
    log: Vec<&'static str>,
}

#[derive(Clone)]
struct InMemory {
    server: Arc<Mutex<Server>>,
    stop: CancellationToken,
    number: usize,
}

impl InMemory {
    /// Does it, unless something is to happen here.
    async fn call<T>(
        &self,
        name: &'static str,
        done: impl FnOnce(&mut Server) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        // Other ways have their turn at each call.
        tokio::task::yield_now().await;
        let event = {
            let mut server = self.server.lock().unwrap();
            server.calls += 1;
            server.log.push(name);
            let here = server.calls;
            let due = server.event.clone().filter(|(at, _)| *at == here);
            due.map(|(_, event)| event)
        };
        match event {
            Some(Event::Fails(fault)) => return Err(fault),
            Some(Event::IsDoneAndFails(fault)) => {
                let _ = done(&mut self.server.lock().unwrap());
                return Err(fault);
            }
            Some(Event::EverythingEnds) => self.server.lock().unwrap().is_gone = true,
            Some(Event::CtrlC) => {
                self.stop.cancel();
                tokio::task::yield_now().await;
            }
            Some(Event::Hangs) => std::future::pending().await,
            None => {}
        }
        let mut server = self.server.lock().unwrap();
        if server.is_gone {
            return Err(Fault::Disconnected("reset".to_owned()));
        }
        done(&mut server)
    }
}

impl Share for InMemory {
    async fn attributes(&self, path: &str) -> Result<Attributes, Fault> {
        let owner = User { uid: 0, gid: 0 };
        self.call("attributes", |server| {
            if path != "/" && !server.files.contains_key(path) {
                return Err(Fault::NotFound);
            }
            Ok(Attributes { owner, mode: 0o755 })
        })
        .await
    }

    async fn list(&self, path: &str) -> Result<Vec<String>, Fault> {
        let below = format!("{}/", path.trim_end_matches('/'));
        self.call("list", |server| {
            if path != "/" && !server.directories.iter().any(|one| one == path) {
                return Err(Fault::NotFound);
            }
            let all = server.files.keys().chain(&server.directories);
            let names = all.filter_map(|one| one.strip_prefix(&below));
            Ok(names
                .filter(|name| !name.contains('/'))
                .map(str::to_owned)
                .collect())
        })
        .await
    }

    async fn make_directory(&self, path: &str) -> Result<(), Fault> {
        self.call("make_directory", |server| {
            server.directories.push(path.to_owned());
            Ok(())
        })
        .await
    }

    async fn write(&self, path: &str, bytes: &[u8]) -> Result<(), Fault> {
        self.call("write", |server| {
            if server.files.contains_key(path) {
                return Err(Fault::Exists);
            }
            server.files.insert(path.to_owned(), bytes.to_vec());
            Ok(())
        })
        .await
    }

    async fn read(&self, path: &str) -> Result<Vec<u8>, Fault> {
        self.call("read", |server| {
            server.files.get(path).cloned().ok_or(Fault::NotFound)
        })
        .await
    }

    async fn rename(&self, from: &str, to: &str) -> Result<(), Fault> {
        self.call("rename", |server| {
            let file = server.files.remove(from).ok_or(Fault::NotFound)?;
            server.files.insert(to.to_owned(), file);
            Ok(())
        })
        .await
    }

    async fn lock(&self, path: &str) -> Result<(), Fault> {
        self.call("lock", |server| {
            server.locks.insert(path.to_owned(), self.number);
            Ok(())
        })
        .await
    }

    async fn unlock(&self) -> Result<(), Fault> {
        self.call("unlock", |server| {
            server.locks.retain(|_, holder| *holder != self.number);
            Ok(())
        })
        .await
    }

    async fn is_free(&self, path: &str) -> Result<(), Fault> {
        self.call("is_free", |server| match server.locks.get(path) {
            Some(holder) if *holder != self.number => Err(Fault::Locked),
            _ => Ok(()),
        })
        .await
    }

    async fn remove(&self, path: &str) -> Result<(), Fault> {
        self.call("remove", |server| {
            server.files.remove(path).map(drop).ok_or(Fault::NotFound)
        })
        .await
    }

    async fn remove_directory(&self, path: &str) -> Result<(), Fault> {
        self.call("remove_directory", |server| {
            let below = format!("{path}/");
            if server.files.keys().any(|file| file.starts_with(&below)) {
                return Err(Fault::Other("not empty".to_owned()));
            }
            server.directories.retain(|one| one != path);
            Ok(())
        })
        .await
    }

    async fn close(&self) {}
}

struct Way {
    place: Place,
    share: InMemory,
}

impl Reach for Way {
    type Share = InMemory;

    fn place(&self) -> &Place {
        &self.place
    }

    async fn connect(&self) -> Result<(), String> {
        let asked = self.share.call("connect", |_| Ok(())).await;
        asked.map_err(|fault| fault.to_string())
    }

    async fn mount(&self) -> Result<InMemory, Fault> {
        self.share.call("mount", |_| Ok(self.share.clone())).await
    }

    fn seen(&self, _: Attributes) {}

    fn explain(&self, _: Step, _: &Fault) -> Option<String> {
        None
    }
}

/// A round by that many mount targets, with something that happens at one call.
async fn round(
    ways: usize,
    task: &Task,
    event: Option<(usize, Event)>,
) -> (Ended, Arc<Mutex<Server>>) {
    let server = Arc::new(Mutex::new(Server {
        event,
        ..Server::default()
    }));
    let (stop, at_once) = (CancellationToken::new(), CancellationToken::new());
    let ways: Vec<Way> = (0..ways)
        .map(|number| Way {
            place: Place {
                mount_target_id: None,
                availability_zone: Some(Zone::from_aws(format!("zone-{number}"))),
                at: format!("10.0.{number}.5"),
            },
            share: InMemory {
                server: server.clone(),
                stop: stop.clone(),
                number,
            },
        })
        .collect();
    let round = Round {
        directory: "/",
        run: "0123456789ab",
        task,
        limit: Duration::from_secs(5),
        deadline: None,
        stop: &stop,
        stop_at_once: &at_once,
    };
    (round.run(&ways).await, server)
}

fn failed(ended: &Ended) -> Vec<Step> {
    let failed = ended
        .steps
        .iter()
        .filter(|one| one.verdict == Verdict::Fail);
    failed.map(|one| one.step).collect()
}

#[tokio::test(start_paused = true)]
async fn every_step_is_done_by_every_way_and_nothing_stays() {
    for ways in 1..=4 {
        let (ended, server) = round(ways, &Task::Use, None).await;
        assert_eq!(failed(&ended), []);
        let count = |step| ended.steps.iter().filter(|one| one.step == step).count();
        for step in [
            Step::Connect,
            Step::Mount,
            Step::List,
            Step::Write,
            Step::Read,
            Step::Rename,
            Step::Lock,
            Step::Delete,
        ] {
            assert_eq!(count(step), ways, "{step:?}");
        }
        assert_eq!(count(Step::MakeDirectory), 1);
        let crossed = if ways == 1 { 0 } else { ways };
        assert_eq!(
            (count(Step::ReadOther), count(Step::LockOther)),
            (crossed, crossed)
        );
        let server = server.lock().unwrap();
        assert!(
            server.files.is_empty() && server.directories.is_empty(),
            "{server:?}"
        );
        assert_eq!(ended.left, None);
    }
}

/// Each call fails in each way: the run says so, and either nothing stays or what stays is told.
#[tokio::test(start_paused = true)]
async fn what_fails_is_said_and_what_stays_is_told() {
    let calls = round(3, &Task::Use, None).await.1.lock().unwrap().calls;
    let mut swept = 0;
    for at in 1..=calls {
        for event in [
            Event::Fails(Fault::Permission),
            Event::Fails(Fault::Full),
            Event::Fails(Fault::Disconnected("reset".to_owned())),
            Event::IsDoneAndFails(Fault::Disconnected("reset".to_owned())),
            Event::EverythingEnds,
            Event::CtrlC,
            Event::Hangs,
        ] {
            let (ended, server) = round(3, &Task::Use, Some((at, event.clone()))).await;
            let server = server.lock().unwrap();
            let case = format!("call {at} ({}) {event:?}: {ended:?}", server.log[at - 1]);
            let stays = !(server.files.is_empty() && server.directories.is_empty());
            // The one call whose end is not looked at is the reading of attributes, which only explains.
            let is_quiet = server.log[at - 1] == "attributes" || event == Event::CtrlC;
            let removed_late = server.log[at - 1] == "remove_directory";
            assert!(
                is_quiet || removed_late || !failed(&ended).is_empty(),
                "{case}"
            );
            assert!(!stays || ended.left.is_some(), "{case}");
            if event != Event::EverythingEnds {
                assert!(!stays, "{case}");
                assert_eq!(ended.left, None, "{case}");
            }
            swept += 1;
        }
    }
    assert!(swept > 200, "{swept}");
}

#[tokio::test(start_paused = true)]
async fn a_token_is_left_found_and_removed() {
    let token = "release-7".to_owned();
    let (_, server) = round(2, &Task::Leave(token.clone()), None).await;
    let files = server.lock().unwrap().files.clone();
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        ["/.efsctl-token-release-7"]
    );
    let (ended, _) = round(2, &Task::Expect(token.clone()), None).await;
    assert_eq!(failed(&ended), [Step::Expect, Step::Expect]);
    let (ended, _) = round(2, &Task::Remove(token), None).await;
    assert_eq!(failed(&ended), [Step::Remove]);
}

/// Whatever happens to a run that leaves a token: the token is there exactly if that is what the run says, or is among what may be left.
#[tokio::test(start_paused = true)]
async fn a_token_is_there_where_the_run_says_so() {
    let task = Task::Leave("release-7".to_owned());
    let calls = round(2, &task, None).await.1.lock().unwrap().calls;
    for at in 1..=calls {
        for event in [
            Event::Fails(Fault::Full),
            Event::IsDoneAndFails(Fault::Disconnected("reset".to_owned())),
            Event::CtrlC,
            Event::Hangs,
        ] {
            let (ended, server) = round(2, &task, Some((at, event.clone()))).await;
            let server = server.lock().unwrap();
            let case = format!("call {at} ({}) {event:?}: {ended:?}", server.log[at - 1]);
            let passed = |one: &StepDone| one.step == Step::Leave && one.verdict == Verdict::Pass;
            let is_there = server.files.contains_key("/.efsctl-token-release-7");
            assert_eq!(is_there, ended.steps.iter().any(passed), "{case}");
            assert_eq!(server.files.len(), usize::from(is_there), "{case}");
            assert!(
                server.directories.is_empty() && ended.left.is_none(),
                "{case}"
            );
        }
    }
}

/// What does not write makes no call that could.
#[tokio::test(start_paused = true)]
async fn what_only_looks_writes_nothing() {
    for task in [Task::Look, Task::Expect("t".to_owned())] {
        assert!(!task.writes());
        let (_, server) = round(3, &task, None).await;
        let reads = ["connect", "mount", "attributes", "list", "read"];
        let log = &server.lock().unwrap().log;
        assert!(log.iter().all(|call| reads.contains(call)), "{log:?}");
    }
}
