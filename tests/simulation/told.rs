//! What a run says on its way: the states that it saw, what it waits for when its time is over, and what it tries again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use efsctl::domain::event::{Event, Reporter, Subject};
use efsctl::domain::ids::Reference;
use efsctl::domain::leftover::{LeftReason, Leftover};
use efsctl::domain::settings::{On, Wish, Wishes};
use efsctl::error::{Error, Kind};
use efsctl::provision::pace::Pacing;
use efsctl::sandbox::world::efs::CreateAccessPoint;
use efsctl::service::{CreateOptions, EfsService, SetOptions, SetRequest};

use tokio::time::{Instant, sleep};

use super::case::{End, Job, Start, account, carry_out, paused, service};
use super::in_memory::{Fault, InMemory};
use super::setting::Shape;

#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<String>>>);

impl Reporter for Recorder {
    fn event(&self, _: Option<&Reference>, event: &Event) {
        let line = match event {
            Event::State {
                subject,
                state,
                elapsed,
                ..
            } => {
                let of = match subject {
                    Subject::FileSystem => "file system".to_owned(),
                    Subject::MountTarget(zone) => zone.to_string(),
                };
                format!("{of} {state} {}", elapsed.as_secs())
            }
            Event::Retrying { what, .. } => format!("retry {what}"),
            _ => return,
        };
        self.0.lock().unwrap().push(line);
    }
}

/// What is told of a create in one zone, and how it ends.
fn told(
    start: Start,
    timeout: Option<u64>,
    faults: &[(usize, Fault)],
) -> (Vec<String>, Option<Error>) {
    let (world, now) = account(Shape::OneAz, start, 0);
    let recorder = Recorder::default();
    let ended = paused().block_on(async {
        let in_memory = InMemory::new(world, Shape::OneAz.region(), now);
        in_memory.arm(faults);
        let service = EfsService::new(in_memory.clone(), Box::new(recorder.clone()))
            .with_cancellation(in_memory.stops.clone())
            .with_pacing(Pacing {
                first: Duration::from_secs(1),
                factor: 2.0,
                longest: Duration::from_secs(10),
                jitter: 0.0,
            });
        let options = CreateOptions {
            timeout: timeout.map(Duration::from_secs),
            ..CreateOptions::default()
        };
        service.create(&Shape::OneAz.spec(), &options).await
    });
    let told = recorder.0.lock().unwrap().clone();
    (told, ended.err().map(|failure| failure.error))
}

/// A file system takes 5 s, a mount target 60.
#[test]
fn each_state_is_told_once_when_it_is_seen() {
    let (told, error) = told(Start::Empty, None, &[]);
    assert!(error.is_none());
    let states: Vec<&str> = told
        .iter()
        .filter_map(|line| Some(line.rsplit_once(' ')?.0))
        .collect();
    assert_eq!(
        states,
        [
            "file system creating",
            "file system available",
            "eu-west-1a creating",
            "eu-west-1a available"
        ]
    );
    let seconds = |line: &str| line.rsplit_once(' ').unwrap().1.parse::<u64>().unwrap();
    let times: Vec<u64> = told.iter().map(|line| seconds(line)).collect();
    assert!(times[0] == 0 && (5..9).contains(&times[1]), "{told:?}");
    assert!(
        times[2] <= times[1] + 1 && (65..80).contains(&times[3]),
        "{told:?}"
    );
}

#[test]
fn what_was_there_and_ready_is_no_news() {
    let (told, error) = told(Start::Complete, None, &[]);
    assert!(error.is_none());
    assert_eq!(told, Vec::<String>::new());
}

#[test]
fn what_is_unfinished_is_named_when_the_time_is_over() {
    let (_, error) = told(Start::Empty, Some(2), &[]);
    let error = error.unwrap();
    assert_eq!(error.kind, Kind::TimedOut);
    let message = error.message.to_string();
    assert!(message.contains("is creating"), "{message}");
    assert!(message.contains("file system fs-"), "{message}");
    assert!(!message.contains("mount target"), "{message}");
    let (_, error) = told(Start::Empty, Some(30), &[]);
    let error = error.unwrap();
    let message = error.message.to_string();
    assert!(message.contains(" in eu-west-1a is creating"), "{message}");
    assert!(!message.contains("file system fs-"), "{message}");
    // Only the wait is left: that is what resumes it.
    let hint = error.hint.unwrap().to_string();
    assert!(hint.contains("efsctl wait demo"), "{hint}");
}

/// A read that fails for a moment is made again; one that is denied ends the run.
#[test]
fn a_read_that_fails_in_a_wait_is_made_again() {
    let (world, now) = account(Shape::OneAz, Start::Empty, 0);
    let operations = paused().block_on(async {
        let in_memory = InMemory::new(world, Shape::OneAz.region(), now);
        carry_out(Job::Create, &in_memory, &Shape::OneAz.spec(), "run1").await;
        in_memory.operations()
    });
    let looks = operations.iter().enumerate();
    let looks: Vec<usize> = looks
        .filter(|(_, operation)| **operation == "DescribeMountTargets")
        .map(|(at, _)| at)
        .collect();
    let look = looks[looks.len() / 2];
    let (with, error) = told(Start::Empty, None, &[(look, Fault::Broken)]);
    assert!(error.is_none(), "{error:?}");
    let retries = with.iter().filter(|line| *line == "retry look").count();
    assert_eq!(retries, 1, "{with:?}");
    let (_, error) = told(Start::Empty, None, &[(look, Fault::Denied)]);
    assert_eq!(error.map(|error| error.kind), Some(Kind::Denied));
}

/// Sets two things on a complete file system; what is listed as changed, and what was called.
fn set(faults: &[(usize, Fault)]) -> (Vec<String>, Vec<&'static str>) {
    let (world, now) = account(Shape::OneAz, Start::Complete, 0);
    let request = SetRequest {
        settings: Wishes {
            backups: Wish::Set(On),
            ..Wishes::default()
        },
        tags: [("team".to_owned(), "red".to_owned())].into(),
        ..SetRequest::default()
    };
    paused().block_on(async {
        let in_memory = InMemory::new(world, Shape::OneAz.region(), now);
        in_memory.arm(faults);
        let service = service(&in_memory);
        let (of, options) = (
            Reference::Name(Shape::OneAz.spec().name),
            SetOptions::default(),
        );
        let planned = service.plan_set(&of, &request, &options).await.unwrap();
        let done = service.set(planned, &options).await.unwrap();
        let changes = done.changes.iter();
        let changes = changes.map(|change| format!("{:?}", change.resource.kind));
        let mut changes: Vec<String> = changes.collect();
        changes.sort();
        (changes, in_memory.operations())
    })
}

/// What is set and gets no answer is read again, and listed once it is seen to be so.
#[test]
fn a_setting_without_an_answer_is_listed_once() {
    let (changes, operations) = set(&[]);
    assert_eq!(changes, ["Setting(Backups)", "Tags"]);
    for operation in ["PutBackupPolicy", "TagResource"] {
        let at = operations.iter().position(|one| *one == operation).unwrap();
        for fault in [Fault::LostAfter, Fault::LostBefore, Fault::Late(1)] {
            let (listed, called) = set(&[(at, fault)]);
            assert_eq!(listed, changes, "{operation} {fault:?}: {called:?}");
        }
    }
}

/// A rollback deletes no file system that holds what others created in it; it says so, and does not wait for them to delete it.
#[test]
fn a_rollback_that_others_hold_back_ends_at_once() {
    let (world, now) = account(Shape::OneAz, Start::Empty, 0);
    let (error, took) = paused().block_on(async {
        let in_memory = InMemory::new(world, Shape::OneAz.region(), now);
        let others = async {
            sleep(Duration::from_secs(20)).await;
            in_memory.with_region(|region| {
                let file_system_id = region.file_systems.keys().next().unwrap().clone();
                let theirs = CreateAccessPoint {
                    client_token: "theirs".to_owned(),
                    file_system_id,
                    ..CreateAccessPoint::default()
                };
                region.create_access_point(theirs).unwrap();
            });
            in_memory.stops.first.cancel();
            Instant::now()
        };
        let spec = Shape::OneAz.spec();
        let created = carry_out(Job::Create, &in_memory, &spec, "run1");
        let (ended, stopped) = futures::future::join(created, others).await;
        let End::Failed(error) = ended else {
            panic!("{ended:?}");
        };
        (error, stopped.elapsed())
    });
    assert_eq!(error.kind, Kind::Leftovers);
    let holds = |left: &Leftover| matches!(left.why, Some(LeftReason::HoldsOthers { .. }));
    assert!(error.leftovers.iter().any(holds), "{:?}", error.leftovers);
    assert!(took < Duration::from_mins(1), "{took:?}");
}
