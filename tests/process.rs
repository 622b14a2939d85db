//! The real process, with real signals.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::cli::Ended;
use crate::support::server::{Server, pause, sandbox};

fn start(server: &Server) -> Child {
    server
        .efsctl("create demo -o json")
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs")
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status()
        .expect("kill runs");
    assert!(sent.success());
}

fn end(child: Child) -> Ended {
    let output = child.wait_with_output().expect("it ends");
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn is_empty(server: &Server) -> bool {
    let listed = server.efsctl("list -o json").run().document();
    let orphans = server.efsctl("list --orphans -o json").run().document();
    listed["file_systems"] == Value::Array(Vec::new())
        && orphans["orphans"] == Value::Array(Vec::new())
}

const SLOW: &str =
    "--latency 50ms --file-system-delay 500ms --mount-target-delay 4s --delete-delay 500ms";

#[test]
fn interrupted_it_takes_back_what_it_made() {
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        for moment in [150, 500, 1_500] {
            let server = sandbox(SLOW);
            let child = start(&server);
            pause(Duration::from_millis(moment));
            signal(&child, name);
            let ended = end(child);
            let document = ended.document();
            assert_eq!(
                ended.code, code,
                "{name} after {moment} ms: {}",
                ended.stderr
            );
            assert_eq!(document["error"]["exit_code"], code);
            assert!(is_empty(&server), "{name} after {moment} ms");
        }
    }
}

#[test]
fn killed_it_is_finished_by_the_next_run() {
    for moment in [100, 250, 700, 1_200, 3_000] {
        let server = sandbox(SLOW);
        let child = start(&server);
        pause(Duration::from_millis(moment));
        signal(&child, "-KILL");
        end(child);
        let next = server.efsctl("create demo -o json").run();
        assert_eq!(next.code, 0, "after {moment} ms: {}", next.stderr);
        let document = next.document();
        assert_eq!(
            document["file_system"]["mount_targets"]
                .as_array()
                .map(Vec::len),
            Some(3)
        );
        let listed = server.efsctl("list -o json").run().document();
        assert_eq!(
            listed["file_systems"].as_array().map(Vec::len),
            Some(1),
            "after {moment} ms: once"
        );
    }
}

#[test]
fn a_wait_that_is_interrupted_changes_nothing() {
    let server = sandbox(SLOW);
    assert_eq!(server.efsctl("create demo --no-wait").run().code, 0);
    let before = server.calls();
    let child = server
        .efsctl("wait demo -o json")
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    pause(Duration::from_millis(600));
    signal(&child, "-INT");
    let ended = end(child);
    assert_eq!(ended.code, 130, "{}", ended.stderr);
    assert_eq!(ended.document()["error"]["code"], "interrupted");
    assert_eq!(server.calls()["writes"], before["writes"]);
}

#[test]
fn no_secret_is_printed_however_much_is_told() {
    let server = sandbox(SLOW);
    let ended = server
        .efsctl("create demo -vv -o json")
        .env("AWS_ACCESS_KEY_ID", "AKIASECRETSECRET")
        .env("AWS_SECRET_ACCESS_KEY", "verysecretkey")
        .env("AWS_SESSION_TOKEN", "verysecrettoken")
        .run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("CreateMountTarget"),
        "requests are told: {}",
        ended.stderr
    );
    for secret in ["AKIASECRETSECRET", "verysecretkey", "verysecrettoken"] {
        assert!(
            !ended.stderr.contains(secret) && !ended.stdout.contains(secret),
            "{secret}"
        );
    }
}

#[test]
fn the_state_survives_between_commands_and_between_processes_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let run = |arguments: &str| {
        crate::support::cli::Efsctl::new(&format!(
            "--sandbox={} {arguments} -o json",
            state.display()
        ))
    };
    let children: Vec<Child> = (0..4)
        .map(|_| {
            run("create demo")
                .command()
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut ids = Vec::new();
    for child in children {
        let ended = end(child);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        ids.push(ended.document()["file_system"]["file_system_id"].clone());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "four processes, one file system: {ids:?}");
    let listed = run("list").run().document();
    assert_eq!(listed["file_systems"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed["file_systems"][0]["number_of_mount_targets"], 3);
    assert_eq!(run("delete demo --yes").run().code, 0);
    assert_eq!(
        run("list").run().document()["file_systems"],
        Value::Array(Vec::new())
    );
}
