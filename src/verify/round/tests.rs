//! A round on a share in memory, of which each call can fail, and after which the world can end.

mod in_memory;

use std::sync::{Arc, Mutex};

use self::in_memory::{Event, InMemory, Server};
use super::*;
use crate::domain::ids::Zone;

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
    measured(ways, task, None, event).await
}

/// The same, with something to measure.
async fn measured(
    ways: usize,
    task: &Task,
    samples: Option<Samples>,
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
        samples,
        stop: &stop,
        stop_at_once: &at_once,
    };
    (round.run(&ways).await, server)
}

const NOTHING: [String; 0] = [];

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
        assert_eq!(ended.left, NOTHING);
    }
}

/// In which ways a call fails.
fn events() -> [Event; 7] {
    [
        Event::Fails(Fault::Permission),
        Event::Fails(Fault::Full),
        Event::Fails(Fault::Disconnected("reset".to_owned())),
        Event::IsDoneAndFails(Fault::Disconnected("reset".to_owned())),
        Event::EverythingEnds,
        Event::CtrlC,
        Event::Hangs,
    ]
}

/// Each call fails in each way: the run says so, and either nothing stays or what stays is told.
#[tokio::test(start_paused = true)]
async fn what_fails_is_said_and_what_stays_is_told() {
    let samples = Samples {
        uid: 0,
        files: 2,
        small: 4096,
        large: 10_000,
    };
    let mut swept = 0;
    for (ways, samples) in [(3, None), (1, Some(samples))] {
        let whole = measured(ways, &Task::Use, samples, None).await;
        let calls = whole.1.lock().unwrap().calls;
        for (at, event) in (1..=calls).flat_map(|at| events().map(move |event| (at, event))) {
            let (ended, server) =
                measured(ways, &Task::Use, samples, Some((at, event.clone()))).await;
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
            assert!(!stays || !ended.left.is_empty(), "{case}");
            if event != Event::EverythingEnds {
                assert!(!stays, "{case}");
                assert_eq!(ended.left, NOTHING, "{case}");
            }
            swept += 1;
        }
    }
    assert!(swept > 300, "{swept}");
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
                server.directories.is_empty() && ended.left.is_empty(),
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
