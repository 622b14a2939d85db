//! Limits: inclusive, in bytes, under races.

use efsctl_workspace::domain::limits::Limits;
use efsctl_workspace::service::Options;
use serde_json::json;

use crate::support::Setup;

fn small() -> Options {
    Options {
        limits: Limits {
            file_bytes: 100,
            bytes: 250,
            files: 4,
        },
        ..Options::default()
    }
}

#[test]
fn each_limit_at_n_and_at_one_more() {
    let setup = Setup::with(small());
    let server = &setup.server;
    server.create("j");
    server.put("j", "a", &"x".repeat(100)).expect(200);
    assert_eq!(
        server.put("j", "a", &"y".repeat(101)).expect(413).json()["code"],
        "file-too-large"
    );
    server.put("j", "b", &"é".repeat(50)).expect(200);
    server.put("j", "c", &"x".repeat(50)).expect(200);
    let refused = server.put("j", "d", "x").expect(413).json();
    assert_eq!(refused["code"], "project-too-large");
    server.put("j", "d", "").expect(200);
    assert_eq!(
        server.put("j", "e", "").expect(413).json()["code"],
        "too-many-files"
    );
    server.put("j", "c", &"z".repeat(50)).expect(200);
    server.put("j", "c", &"z".repeat(51)).expect(413);
    assert_eq!(
        server.get("/api/v1/jobs/j/files/a").expect(200).json()["content"],
        "x".repeat(100)
    );
    assert_eq!(server.job("j")["files_count"], 4);
    let batch = json!([{"path": "a", "content": ""}, {"path": "c", "content": "w".repeat(51)}, {"path": "z", "content": ""}]);
    let batch = server
        .post("/api/v1/jobs/j/files/batch", &batch)
        .expect(200)
        .json();
    assert_eq!(batch["success"], 2);
    assert!(
        batch["results"][2]["error"]
            .as_str()
            .unwrap()
            .contains("Too many files")
    );
    assert!(!setup.path("j/e").exists());
    assert_eq!(
        std::fs::read_dir(setup.path(".efsctl/tmp"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn escapes_in_json_do_not_count() {
    let setup = Setup::new();
    let server = &setup.server;
    server.create("j");
    let body = |length: usize| {
        format!(
            "{{\"path\":\"a\",\"content\":\"{}\"}}",
            "\\u0041".repeat(length)
        )
    };
    let exactly = 10 << 20;
    let answer = server
        .send(
            "POST",
            "/api/v1/jobs/j/files",
            &[],
            body(exactly).as_bytes(),
        )
        .expect(200)
        .json();
    assert_eq!(answer["size"], exactly);
    server
        .send(
            "POST",
            "/api/v1/jobs/j/files",
            &[],
            body(exactly + 1).as_bytes(),
        )
        .expect(413);
    assert_eq!(server.job("j")["total_size_mb"], 10.0);
    server
        .send(
            "POST",
            "/api/v1/jobs/j/files",
            &[],
            &vec![b' '; (64 << 20) + 1],
        )
        .expect(413);
}

#[test]
fn what_others_write_into_a_job_is_counted_and_stops_writes() {
    let setup = Setup::with(small());
    let server = &setup.server;
    server.create("j");
    server.put("j", "a", "x").expect(200);
    std::fs::write(setup.path("j/big"), "x".repeat(1_000)).unwrap();
    assert_eq!(server.job("j")["files_count"], 2);
    server.put("j", "b", "x").expect(413);
    server.put("j", "a", "y").expect(200);
    server.delete("/api/v1/jobs/j/files/big").expect(204);
    server.put("j", "b", "x").expect(200);
}
