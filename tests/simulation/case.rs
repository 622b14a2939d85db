//! One case: a job in an account, with what goes wrong and who else is at work.

use std::time::Duration;

use efsctl::domain::event::Silent;
use efsctl::domain::ids::Reference;
use efsctl::domain::spec::Spec;
use efsctl::error::Error;
use efsctl::provision::pace::Pacing;
use efsctl::sandbox::world::ec2::security_groups::CreateSecurityGroup;
use efsctl::sandbox::world::ec2::vpcs::CreateVpc;
use efsctl::sandbox::world::efs::{CreateFileSystem, Tag};
use efsctl::sandbox::world::{Timing, World};
use efsctl::service::{Awaited, CreateOptions, DeleteOptions, EfsService};

use super::in_memory::{Fault, InMemory};
use super::setting::Shape;

/// What is there at the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
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
pub enum Job {
    Create,
    Delete,
    Wait,
}

/// Who else is at work, from so many milliseconds after the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    Nobody,
    /// A second efsctl with the same command (beside a wait: with `create`).
    Another(u64),
    /// Somebody who deletes a mount target by hand.
    ManualDeletion(u64),
}

#[derive(Debug, Clone)]
pub struct Case {
    pub job: Job,
    pub shape: Shape,
    pub start: Start,
    pub lag: u64,
    pub beside: Beside,
    pub faults: Vec<(usize, Fault)>,
}

/// How a job ended.
#[derive(Debug)]
pub enum End {
    Done,
    Failed(Error),
    Killed,
}

/// Looks are rarer than in earnest: what is swept is their order, not their number.
const PACING: Pacing = Pacing {
    first: Duration::from_secs(1),
    factor: 1.5,
    longest: Duration::from_secs(10),
    jitter: 0.0,
};

/// The clock that stands still while something can be done.
pub fn paused() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
}

/// The service of one run.
pub fn service(in_memory: &InMemory) -> EfsService<InMemory> {
    EfsService::new(in_memory.clone(), Box::new(Silent))
        .with_cancellation(in_memory.stops.clone())
        .with_pacing(PACING)
}

/// Runs a job to its end.
pub async fn carry_out(job: Job, in_memory: &InMemory, asked: &Spec, run: &str) -> End {
    let service = service(in_memory);
    let name = Reference::Name(asked.name.clone());
    let work = async {
        match job {
            Job::Create => {
                let options = CreateOptions {
                    run: run.to_owned(),
                    ..CreateOptions::default()
                };
                let created = service.create(asked, &options).await;
                created.map(drop).map_err(|failure| failure.error)
            }
            Job::Delete => {
                let options = DeleteOptions::default();
                let planned = service.plan_delete(&name, &options).await?;
                let deleted = service.delete(planned, &options).await;
                deleted.map(drop).map_err(|failure| failure.error)
            }
            Job::Wait => {
                let patience = Duration::from_mins(10);
                let waited = service.wait(&name, Awaited::Available, patience).await;
                waited.map(drop).map_err(|failure| failure.error)
            }
        }
    };
    tokio::select! {
        ended = work => match ended {
            Ok(()) => End::Done,
            Err(error) => End::Failed(error),
        },
        () = in_memory.killed.notified() => End::Killed,
    }
}

/// An account, and its time.
pub type Moment = (World, u64);

/// The account a case begins with.
pub fn account(shape: Shape, start: Start, lag: u64) -> Moment {
    let mut world = shape.world();
    world.timing = Timing {
        file_system: 5_000,
        mount_target: 60_000,
        delete: 7_000,
        describe_lag: lag,
    };
    let after_run = |world: World, faults: &[(usize, Fault)]| {
        paused().block_on(async {
            let in_memory = InMemory::new(world, shape.region(), 1_000_000);
            in_memory.arm(faults);
            carry_out(Job::Create, &in_memory, &shape.spec(), "run0").await;
            in_memory.snapshot()
        })
    };
    match start {
        Start::Empty => (world, 1_000_000),
        Start::Complete => {
            let (world, now) = after_run(world, &[]);
            (world, now + 600_000)
        }
        // Another run begins at once: what the killed one made may not be visible yet.
        Start::Killed(nth) => after_run(world, &[(nth, Fault::Killed)]),
        Start::Foreign => {
            put_foreign(&mut world, shape);
            (world, 1_000_000)
        }
    }
}

fn put_foreign(world: &mut World, shape: Shape) {
    let region = world
        .region(shape.region(), 1_000)
        .expect("a region of AWS");
    let file_system = CreateFileSystem {
        creation_token: "theirs".to_owned(),
        tags: Some(vec![Tag {
            key: "Name".to_owned(),
            value: "demo".to_owned(),
        }]),
        ..Default::default()
    };
    region.create_file_system(file_system).unwrap();
    let vpc = CreateVpc {
        cidr_block: Some("10.99.0.0/16".to_owned()),
        ..Default::default()
    };
    let vpc = region.create_vpc(&vpc).unwrap();
    let group = CreateSecurityGroup {
        group_name: Some("efsctl-demo".to_owned()),
        description: Some("theirs".to_owned()),
        vpc_id: Some(vpc.id),
        ..Default::default()
    };
    region.create_security_group(&group).unwrap();
}
