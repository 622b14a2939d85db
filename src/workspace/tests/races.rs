//! Several at once, on one server and on two.

use std::sync::Barrier;

use efsctl_workspace::domain::limits::Limits;
use efsctl_workspace::serve::Auth;
use efsctl_workspace::service::Options;
use serde_json::{Value, json};

use crate::support::{Running, Setup, tree, zipped};

/// Runs something in many threads that begin together.
fn together<T: Send>(count: usize, run: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(count);
    std::thread::scope(|scope| {
        let start = |index| {
            let (barrier, run) = (&barrier, &run);
            scope.spawn(move || {
                barrier.wait();
                run(index)
            })
        };
        let threads: Vec<_> = (0..count).map(start).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

/// Two servers on one folder.
fn two(options: Options) -> (Setup, Running) {
    let setup = Setup::with(options);
    let second = Running::start(setup.folder.path(), options, Auth::Open);
    (setup, second)
}

#[test]
fn of_twenty_creators_one_creates() {
    let (setup, second) = two(Options::default());
    for round in 0..5 {
        let body = json!({"project_name": "x", "job_id": format!("j{round}")});
        let statuses = together(20, |index| {
            let server = if index % 2 == 0 {
                &setup.server
            } else {
                &second
            };
            server.post("/api/v1/jobs/create", &body).status
        });
        assert_eq!(
            statuses.iter().filter(|status| **status == 200).count(),
            1,
            "{statuses:?}"
        );
        assert_eq!(
            statuses.iter().filter(|status| **status == 409).count(),
            19,
            "{statuses:?}"
        );
    }
}

#[test]
fn of_twenty_four_writers_with_room_for_five_five_get_in() {
    let limits = Limits {
        file_bytes: 100,
        bytes: 500,
        files: 10_000,
    };
    let (setup, second) = two(Options {
        limits,
        ..Options::default()
    });
    for round in 0..4 {
        let id = format!("j{round}");
        setup.server.create(&id);
        let statuses = together(24, |index| {
            let server = if index % 2 == 0 {
                &setup.server
            } else {
                &second
            };
            server
                .put(&id, &format!("f{index}"), &"x".repeat(100))
                .status
        });
        assert_eq!(
            statuses.iter().filter(|status| **status == 200).count(),
            5,
            "{statuses:?}"
        );
        let job = second.job(&id);
        assert_eq!(job["files_count"], 5);
        assert_eq!(std::fs::read_dir(setup.path(&id)).unwrap().count(), 6);
    }
}

#[test]
fn readers_see_one_content_or_another_and_counts_agree() {
    let (setup, second) = two(Options::default());
    setup.server.create("j");
    let content = |index: usize| {
        char::from(b'a' + u8::try_from(index).unwrap())
            .to_string()
            .repeat(20_000 + index)
    };
    setup.server.put("j", "f", &content(0)).expect(200);
    together(8, |index| {
        let server = if index % 2 == 0 {
            &setup.server
        } else {
            &second
        };
        for _ in 0..10 {
            if index < 4 {
                server.put("j", "f", &content(index)).expect(200);
            } else {
                let read = server.get("/api/v1/jobs/j/files/f").expect(200).json();
                let read = read["content"].as_str().unwrap();
                assert!((0..4).any(|index| read == content(index)), "{}", read.len());
            }
        }
    });
    assert_eq!(setup.server.job("j")["files_count"], 1);
    assert_eq!(setup.server.job("j"), second.job("j"));
}

#[test]
fn a_write_does_not_bring_a_deleted_job_back() {
    let (setup, second) = two(Options::default());
    for round in 0..20 {
        let id = format!("j{round}");
        setup.server.create(&id);
        let statuses: Vec<u16> = together(6, |index| match index {
            0 => second.delete(&format!("/api/v1/jobs/{id}")).status,
            _ => setup.server.put(&id, &format!("f{index}"), "x").status,
        });
        assert_eq!(statuses[0], 200);
        assert!(
            statuses[1..]
                .iter()
                .all(|status| matches!(status, 200 | 404)),
            "{statuses:?}"
        );
        assert!(!setup.path(&id).exists());
        setup.server.get(&format!("/api/v1/jobs/{id}")).expect(404);
    }
}

#[test]
fn completed_by_many_it_has_one_zip_and_no_late_file() {
    let (setup, second) = two(Options::default());
    for round in 0..5 {
        let id = format!("j{round}");
        setup.server.create(&id);
        setup.server.put(&id, "f", "x").expect(200);
        let answers: Vec<(u16, Value)> = together(8, |index| {
            let server = if index % 2 == 0 {
                &setup.server
            } else {
                &second
            };
            let answer = match index {
                0..4 => server.post(&format!("/api/v1/jobs/{id}/complete"), &json!({})),
                _ => server.put(&id, &format!("f{index}"), "x"),
            };
            (answer.status, answer.json())
        });
        assert!(
            answers[..4]
                .iter()
                .all(|(status, answer)| *status == 200 && answer["message"] == "ZIP is ready"),
            "{answers:?}"
        );
        let zip = setup
            .server
            .get(&format!("/api/v1/jobs/{id}/download"))
            .expect(200)
            .body;
        let on_disk: Vec<String> = tree(&setup.path(&id))
            .into_iter()
            .map(|(name, _)| name)
            .filter(|name| name != ".job_metadata.json")
            .collect();
        assert_eq!(zipped(&zip), on_disk);
        for (index, (status, _)) in answers.iter().enumerate().skip(4) {
            assert_eq!(on_disk.contains(&format!("f{index}")), *status == 200);
        }
    }
}

#[test]
fn two_cleanups_count_each_job_once() {
    let (setup, second) = two(crate::support::expiring(std::time::Duration::from_millis(
        400,
    )));
    for index in 0..30 {
        setup.server.create(&format!("j{index}"));
    }
    std::thread::sleep(std::time::Duration::from_millis(1_000));
    let cleaned = together(4, |index| {
        let server = if index % 2 == 0 {
            &setup.server
        } else {
            &second
        };
        server
            .post("/api/v1/jobs/admin/cleanup", &json!({}))
            .expect(200)
            .json()["cleaned_jobs"]
            .as_u64()
            .unwrap()
    });
    assert_eq!(cleaned.iter().sum::<u64>(), 30, "{cleaned:?}");
    assert_eq!(std::fs::read_dir(setup.folder.path()).unwrap().count(), 1);
}
