//! What is on the disk, and a disk that is not there.

use std::time::Duration;

use serde_json::json;

use crate::support::Setup;

#[test]
fn a_job_is_s1_tree_and_nothing_else() {
    let setup = Setup::new();
    setup.server.create("abc123");
    setup.server.put("abc123", "src/App.tsx", "x").expect(200);
    let mut names: Vec<_> = std::fs::read_dir(setup.path("abc123"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, [".job_metadata.json", "src"]);
    let mut own: Vec<_> = std::fs::read_dir(setup.path(".efsctl"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    own.sort();
    assert_eq!(
        own,
        [
            "active",
            "base.json",
            "lease",
            "lock",
            "state",
            "tmp",
            "trash"
        ]
    );
    assert!(setup.path(".efsctl/state/abc123/1.json").is_file());
    setup.server.delete("/api/v1/jobs/abc123").expect(200);
    for folder in ["active", "lock", "state", "tmp"] {
        assert_eq!(
            std::fs::read_dir(setup.path(".efsctl").join(folder))
                .unwrap()
                .count(),
            0,
            "{folder}"
        );
    }
    let begun = std::time::Instant::now();
    while std::fs::read_dir(setup.path(".efsctl/trash"))
        .unwrap()
        .count()
        > 0
    {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_base_that_is_not_there_is_no_empty_one() {
    let setup = Setup::new();
    setup.server.create("j");
    let away = setup.folder.path().with_extension("away");
    std::fs::rename(setup.folder.path(), &away).unwrap();
    std::fs::create_dir(setup.folder.path()).unwrap();
    for answer in [
        setup.server.get("/api/v1/jobs/j"),
        setup.server.put("j", "a", "x"),
        setup.server.get("/readyz"),
    ] {
        assert_eq!(answer.expect(503).json()["code"], "base-unavailable");
    }
    setup
        .server
        .post("/api/v1/jobs/create", &json!({"project_name": "x"}))
        .expect(503);
    assert_eq!(std::fs::read_dir(setup.folder.path()).unwrap().count(), 0);
    std::fs::remove_dir(setup.folder.path()).unwrap();
    std::fs::rename(&away, setup.folder.path()).unwrap();
    setup.server.put("j", "a", "x").expect(200);
}

#[test]
fn a_lock_file_that_others_delete_protects_again() {
    let setup = Setup::new();
    setup.server.create("j");
    for round in 0..20 {
        setup.server.put("j", &format!("f{round}"), "x").expect(200);
        let _ = std::fs::remove_file(setup.path(".efsctl/lock/j"));
    }
    assert_eq!(setup.server.job("j")["files_count"], 20);
    std::fs::write(setup.path(".efsctl/lock/j"), "torn").unwrap();
    setup.server.put("j", "more", "x").expect(200);
    assert_eq!(setup.server.job("j")["files_count"], 21);
}

#[test]
fn two_hundred_deep_and_wide_is_removed() {
    let setup = Setup::new();
    setup.server.create("j");
    let deep = setup.path("j").join(["d"; 300].join("/"));
    std::fs::create_dir_all(&deep).unwrap();
    std::fs::write(deep.join("f"), "x").unwrap();
    assert_eq!(setup.server.job("j")["files_count"], 1);
    setup.server.delete("/api/v1/jobs/j").expect(200);
    let begun = std::time::Instant::now();
    while std::fs::read_dir(setup.path(".efsctl/trash"))
        .unwrap()
        .count()
        > 0
    {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(10));
    }
}
