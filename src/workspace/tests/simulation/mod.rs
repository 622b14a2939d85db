//! Every scenario, with every operation of the disk killed before and after it, its answer lost, the disk full from it on, and the power
//! lost after it.

mod disk;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use efsctl_workspace::domain::due::Policy;
use efsctl_workspace::domain::name::Name;
use efsctl_workspace::domain::path::RelPath;
use efsctl_workspace::domain::state::Kind;
use efsctl_workspace::service::{Caller, Code, Item, New, Options, Refusal, Workspaces};
use efsctl_workspace::share::commit::Durability;

use self::disk::{Fault, Sim};

type Space = Workspaces<Sim>;
type Done = Result<(), Refusal>;

const EXPIRE: Duration = Duration::from_hours(1);

/// What a caller sees of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Shown {
    status: Option<&'static str>,
    files: BTreeMap<String, Vec<u8>>,
    /// The names in its ZIP, or in the one that was kept.
    zip: Option<Vec<String>>,
}

struct Scenario {
    name: &'static str,
    before: fn(&Space),
    act: fn(&Space) -> Done,
    /// How a second try may be refused: what was to be done is done.
    again: &'static [Code],
}

fn job() -> Name {
    Name::job("job").unwrap()
}

fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

const ALL: Caller = Caller::Everyone;

fn create(space: &Space, id: &str) -> Done {
    let name = Some(Name::job(id).unwrap());
    space
        .create(&New {
            name,
            kind: Kind::Job,
            owner: "u".into(),
            project_name: "p".into(),
            limits: None,
        })
        .map(drop)
}

fn put(space: &Space, at: &str, content: &str) -> Done {
    space
        .put(&ALL, &job(), &path(at), content.as_bytes().to_vec())
        .map(drop)
}

fn filled(space: &Space) {
    create(space, "job").unwrap();
    put(space, "a", "old").unwrap();
    put(space, "d/e/b", "old").unwrap();
}

fn completed(space: &Space) {
    filled(space);
    space.complete(&ALL, &job()).unwrap();
    space.pack(&ALL, &job()).unwrap();
}

fn item(at: &str, content: &str) -> Item {
    Item {
        path: Ok(path(at)),
        content: Ok(content.as_bytes().to_vec()),
    }
}

const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "create",
        before: |_| {},
        act: |space| create(space, "job"),
        again: &[Code::IdTaken],
    },
    Scenario {
        name: "put new",
        before: filled,
        act: |space| put(space, "x/y/new", "new"),
        again: &[],
    },
    Scenario {
        name: "put over",
        before: filled,
        act: |space| put(space, "a", "newer"),
        again: &[],
    },
    Scenario {
        name: "batch",
        before: filled,
        act: |space| {
            let items = [
                item("a", "newer"),
                item("n/1", "1"),
                item("n/2", "2"),
                item("n/1", "3"),
            ];
            space
                .put_batch(&ALL, &job(), &items)?
                .into_iter()
                .try_for_each(|one| one.map(drop))
        },
        again: &[],
    },
    Scenario {
        name: "remove a file",
        before: filled,
        act: |space| space.remove_file(&ALL, &job(), &path("d/e/b")),
        again: &[Code::NotFound],
    },
    Scenario {
        name: "complete",
        before: filled,
        act: |space| {
            space.complete(&ALL, &job())?;
            space.pack(&ALL, &job())
        },
        again: &[],
    },
    Scenario {
        name: "fail",
        before: filled,
        act: |space| space.fail(&ALL, &job(), "why"),
        again: &[],
    },
    Scenario {
        name: "reopen",
        before: completed,
        act: |space| space.reopen(&ALL, &job()),
        again: &[],
    },
    Scenario {
        name: "flush",
        before: filled,
        act: |space| {
            space.flush(true);
            Ok(())
        },
        again: &[],
    },
    Scenario {
        name: "delete",
        before: completed,
        act: |space| space.delete(&ALL, &job(), false),
        again: &[Code::NotFound],
    },
    Scenario {
        name: "delete and keep",
        before: completed,
        act: |space| space.delete(&ALL, &job(), true),
        again: &[Code::NotFound],
    },
    Scenario {
        name: "create where a ZIP was kept",
        before: |space| {
            completed(space);
            space.delete(&ALL, &job(), true).unwrap();
        },
        act: |space| create(space, "job"),
        again: &[Code::IdTaken],
    },
    Scenario {
        name: "empty the trash",
        before: |space| {
            completed(space);
            space.delete(&ALL, &job(), false).unwrap();
        },
        act: Workspaces::empty_trash,
        again: &[],
    },
];

fn open(disk: &Sim, durability: Durability) -> Space {
    let policy = Policy { expire: EXPIRE };
    let options = Options {
        durability,
        policy,
        ..Options::default()
    };
    Workspaces::open(disk.clone(), Path::new("/base"), options)
        .unwrap_or_else(|fault| panic!("{fault}"))
}

/// What is there; counts are compared with the tree on the way.
fn shown(space: &Space, name: &Name) -> Shown {
    let zip = space.download(&ALL, name).ok().map(|download| {
        let mut bytes = vec![0; usize::try_from(download.size).unwrap()];
        space.read_at(&download.file, 0, &mut bytes).unwrap();
        crate::support::zipped(&bytes)
    });
    let view = match space.get(&ALL, name) {
        Ok(view) => view,
        Err(refused) => {
            assert_eq!(refused.code, Code::NotFound, "{refused}");
            return Shown {
                zip,
                ..Shown::default()
            };
        }
    };
    let list = space.list(&ALL, name).unwrap();
    let content = |at: &str| space.read_file(&ALL, name, &path(at), 1 << 20).unwrap();
    let files: BTreeMap<String, Vec<u8>> = list
        .files
        .iter()
        .map(|file| (file.path.clone(), content(&file.path)))
        .collect();
    assert_eq!(view.counts.files, files.len() as u64);
    assert_eq!(
        view.counts.bytes,
        files
            .values()
            .map(|content| content.len() as u64)
            .sum::<u64>()
    );
    assert_eq!(
        view.zip_ready,
        zip.is_some() && view.status.as_str() == "complete"
    );
    Shown {
        status: Some(view.status.as_str()),
        files,
        zip,
    }
}

/// Whether a state can be one between two others: each thing is as it was, or as it is to be.
fn is_between(found: &Shown, before: &Shown, after: &Shown) -> bool {
    let paths = before
        .files
        .keys()
        .chain(after.files.keys())
        .chain(found.files.keys());
    let is_file = |at: &String| {
        let now = found.files.get(at);
        // Of two equal paths in a batch the earlier content may be there for a moment.
        now == before.files.get(at)
            || now == after.files.get(at)
            || now.is_some_and(|content| content == b"1")
    };
    let is_there = found.status == before.status || found.status == after.status;
    // A workspace that is deleted has no file; one that is there has all.
    let is_whole = found.status.is_some() || found.files.is_empty();
    let is_zip = found.zip.is_none() || found.zip == before.zip || found.zip == after.zip;
    is_there && is_whole && is_zip && (found.status.is_none() || paths.clone().all(is_file))
}

/// After a process ended: a new one finds everything whole, does the same again, and cleans up.
fn check(
    disk: &Sim,
    durability: Durability,
    scenario: &Scenario,
    before: &Shown,
    after: &Shown,
    case: &str,
) {
    disk.fail(Fault::None);
    let space = open(disk, durability);
    let found = shown(&space, &job());
    assert!(
        is_between(&found, before, after),
        "{case}: {found:?}\nbefore {before:?}\nafter {after:?}"
    );
    let by = shown(&space, &Name::job("bystander").unwrap());
    assert_eq!(
        by.files.get("f").map(Vec::as_slice),
        Some(&b"f"[..]),
        "{case}"
    );
    match (scenario.act)(&space) {
        Ok(()) => {}
        Err(refused) => assert!(scenario.again.contains(&refused.code), "{case}: {refused}"),
    }
    if scenario.name != "flush" {
        let end = shown(&space, &job());
        assert_eq!(
            (end.status, &end.files),
            (after.status, &after.files),
            "{case}"
        );
        if after.zip.is_some() && after.status.is_some() {
            assert_eq!(end.zip, after.zip, "{case}");
        }
    }
    drop(space);
    disk.pass(25 * 3_600);
    let space = open(disk, durability);
    space.empty_trash().unwrap();
    for folder in [".efsctl/tmp", ".efsctl/trash"] {
        assert!(
            disk.names(folder).is_empty(),
            "{case}: {folder} {:?}",
            disk.names(folder)
        );
    }
    space.sweep(false).unwrap();
    space.empty_trash().unwrap();
    for folder in [
        ".efsctl/tmp",
        ".efsctl/trash",
        ".efsctl/state",
        ".efsctl/lock",
        ".efsctl/active",
    ] {
        assert!(
            disk.names(folder).is_empty(),
            "{case}: {folder} {:?}",
            disk.names(folder)
        );
    }
    assert_eq!(disk.names(".efsctl").len(), 7, "{case}");
}

/// A disk on which everything before a scenario is done and safe.
fn prepared(scenario: &Scenario, durability: Durability, is_nfs: bool) -> (Sim, Shown) {
    let disk = Sim::new(is_nfs);
    let space = open(&disk, durability);
    create(&space, "bystander").unwrap();
    space
        .put(
            &ALL,
            &Name::job("bystander").unwrap(),
            &path("f"),
            b"f".to_vec(),
        )
        .unwrap();
    (scenario.before)(&space);
    let before = shown(&space, &job());
    (disk, before)
}

/// Runs a scenario on a copy of a disk with a fault; returns how it ended.
fn run(disk: &Sim, durability: Durability, scenario: &Scenario, fault: Fault) -> (Sim, Done) {
    let copy = disk.copy();
    let space = open(&copy, durability);
    // A flush has something to write only in the process that wrote.
    if scenario.name == "flush" {
        put(&space, "c", "x").unwrap();
    }
    copy.fail(fault);
    let done = (scenario.act)(&space);
    (copy, done)
}

#[test]
fn killed_before_and_after_every_operation() {
    let mut cases = 0;
    for (durability, is_nfs) in [
        (Durability::Auto, false),
        (Durability::Auto, true),
        (Durability::Kill, false),
    ] {
        for scenario in SCENARIOS {
            let (disk, before) = prepared(scenario, durability, is_nfs);
            let (clean, done) = run(&disk, durability, scenario, Fault::None);
            done.unwrap_or_else(|refused| panic!("{}: {refused}", scenario.name));
            let operations = clean.operations();
            let after = shown(&open(&clean, durability), &job());
            let before = if scenario.name == "flush" {
                after.clone()
            } else {
                before
            };
            for number in 1..=operations {
                for fault in [Fault::Before(number), Fault::After(number)] {
                    let case = format!(
                        "{} {durability:?} nfs {is_nfs} {fault:?} of {operations}",
                        scenario.name
                    );
                    let (disk, _) = run(&disk, durability, scenario, fault);
                    check(&disk, durability, scenario, &before, &after, &case);
                    cases += 1;
                }
            }
        }
    }
    assert!(cases > 2_000, "{cases}");
}

/// The server carries out an operation twice, and the client sees the second answer.
#[test]
fn an_answer_that_is_lost_changes_nothing() {
    for scenario in SCENARIOS {
        let (disk, _) = prepared(scenario, Durability::Auto, true);
        let (clean, _) = run(&disk, Durability::Auto, scenario, Fault::None);
        let after = shown(&open(&clean, Durability::Auto), &job());
        for number in 1..=clean.operations() {
            let case = format!("{} lost {number}", scenario.name);
            let (disk, done) = run(&disk, Durability::Auto, scenario, Fault::Lost(number));
            done.unwrap_or_else(|refused| panic!("{case}: {refused}"));
            disk.fail(Fault::None);
            assert_eq!(
                shown(&open(&disk, Durability::Auto), &job()),
                after,
                "{case}"
            );
            check(&disk, Durability::Auto, scenario, &after, &after, &case);
        }
    }
}

/// What was acknowledged under `power` is there after the power was lost, and so is what was there before.
#[test]
fn what_was_acknowledged_survives_a_loss_of_power() {
    for scenario in SCENARIOS {
        let (disk, before) = prepared(scenario, Durability::Power, false);
        let (clean, _) = run(&disk, Durability::Power, scenario, Fault::None);
        let after = shown(&open(&clean, Durability::Power), &job());
        clean.forget();
        clean.fail(Fault::None);
        assert_eq!(
            shown(&open(&clean, Durability::Power), &job()),
            after,
            "{}",
            scenario.name
        );
        let operations = run(&disk, Durability::Power, scenario, Fault::None)
            .0
            .operations();
        let before = if scenario.name == "flush" {
            after.clone()
        } else {
            before
        };
        for number in 1..=operations {
            let case = format!(
                "{} power lost after {number} of {operations}",
                scenario.name
            );
            let (disk, _) = run(&disk, Durability::Power, scenario, Fault::After(number));
            disk.forget();
            check(&disk, Durability::Power, scenario, &before, &after, &case);
        }
    }
}

/// A full disk refuses, and keeps what is there.
#[test]
fn a_full_disk_refuses_and_keeps_what_is_there() {
    for scenario in SCENARIOS {
        let (disk, before) = prepared(scenario, Durability::Auto, false);
        let (clean, _) = run(&disk, Durability::Auto, scenario, Fault::None);
        let after = shown(&open(&clean, Durability::Auto), &job());
        let before = if scenario.name == "flush" {
            after.clone()
        } else {
            before
        };
        for number in 1..=clean.operations() {
            let case = format!("{} full from {number}", scenario.name);
            let (disk, done) = run(&disk, Durability::Auto, scenario, Fault::Full(number));
            if let Err(refused) = done {
                assert_eq!(refused.code, Code::DiskFull, "{case}: {refused}");
            }
            check(&disk, Durability::Auto, scenario, &before, &after, &case);
        }
    }
}
