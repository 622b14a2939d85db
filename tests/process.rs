//! The real process, with real signals.

use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::cli::Ended;
use crate::support::server::{Server, sandbox};

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

/// Moments of a `create`, by the calls that were made until then: whatever the machine does, it is neither before nor over.
const MOMENTS: [(&str, u64); 3] = [
    ("DescribeFileSystems", 1),
    ("CreateFileSystem", 1),
    ("CreateMountTarget", 3),
];

/// Nothing becomes available by itself within a test.
const STILL: &str = "--file-system-delay 200ms --mount-target-delay 10m --delete-delay 50ms";

#[test]
fn interrupted_it_takes_back_what_it_made() {
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        for (operation, times) in MOMENTS {
            let server = sandbox(STILL);
            let mut child = start(&server);
            server.until(&mut child, |server| server.count(operation) >= times);
            signal(&child, name);
            let ended = end(child);
            let document = ended.document();
            assert_eq!(ended.code, code, "{name} at {operation}: {}", ended.stderr);
            assert_eq!(document["error"]["exit_code"], code);
            assert!(is_empty(&server), "{name} at {operation}");
        }
    }
}

#[test]
fn killed_it_is_finished_by_the_next_run() {
    for (moment, times) in MOMENTS {
        let server = sandbox(
            "--file-system-delay 200ms --mount-target-delay 1s --delete-delay 50ms --latency 20ms",
        );
        let mut child = start(&server);
        server.until(&mut child, |server| server.count(moment) >= times);
        signal(&child, "-KILL");
        end(child);
        let next = server.efsctl("create demo -o json").run();
        assert_eq!(next.code, 0, "killed at {moment}: {}", next.stderr);
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
            "killed at {moment}: once"
        );
    }
}

#[test]
fn a_wait_that_is_interrupted_changes_nothing() {
    let server = sandbox(STILL);
    assert_eq!(server.efsctl("create demo --no-wait").run().code, 0);
    let before = server.calls();
    let looks = server.count("DescribeMountTargets");
    let mut child = server
        .efsctl("wait demo -o json")
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    server.until(&mut child, |server| {
        server.count("DescribeMountTargets") > looks
    });
    signal(&child, "-INT");
    let ended = end(child);
    assert_eq!(ended.code, 130, "{}", ended.stderr);
    assert_eq!(ended.document()["error"]["code"], "interrupted");
    assert_eq!(server.calls()["writes"], before["writes"]);
}

/// What a run with these credentials says, in every channel, and what the state file of the sandbox keeps; also of
/// failures.
#[test]
fn no_secret_is_told_or_kept_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let server = sandbox(&format!(
        "--latency 10ms --mount-target-delay 500ms --state {} --fault CreateMountTarget:2:reset-after \
         --fault PutLifecycleConfiguration:1:code=AccessDeniedException/403 --fault DescribeMountTargets:2:reset-before",
        state.display()
    ));
    let secrets = ["AKIASECRETSECRET", "verysecretkey", "verysecrettoken"];
    let mut told = String::new();
    for (arguments, code) in [
        ("create demo -vv -o json", 0),
        ("create demo --transition-to-ia 30d -vv -o json", 8),
        ("describe demo -vv", 0),
        ("create demo --one-zone eu-west-1a -vv", 4),
        ("list --orphans -vv -o json", 0),
        ("delete demo --yes -vv", 0),
        ("describe demo -vv -o json", 7),
    ] {
        let ended = server
            .efsctl(arguments)
            .env("AWS_ACCESS_KEY_ID", secrets[0])
            .env("AWS_SECRET_ACCESS_KEY", secrets[1])
            .env("AWS_SESSION_TOKEN", secrets[2])
            .run();
        assert_eq!(ended.code, code, "{arguments}: {}", ended.stderr);
        told += &(ended.stdout + &ended.stderr);
        told += &std::fs::read_to_string(&state).unwrap();
    }
    assert!(told.contains("CreateMountTarget"), "requests are told");
    for secret in secrets.into_iter().chain(["Signature=", "AWS4-HMAC"]) {
        assert!(!told.contains(secret), "{secret}");
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

#[test]
fn faults_and_delays_of_the_sandbox_are_set_on_its_command_line() {
    let server = sandbox(
        "--file-system-delay 100ms --mount-target-delay 100ms --delete-delay 100ms --describe-lag 300ms \
         --fault CreateFileSystem:1:reset-after --fault CreateMountTarget:2:throttle --fault-rate 0.05 --seed 7",
    );
    let made = server.efsctl("create demo -o json").run();
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert_eq!(
        made.document()["file_system"]["mount_targets"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    let listed = server.efsctl("list -o json").run();
    assert_eq!(
        listed.document()["file_systems"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn completions_and_the_manual_are_printed() {
    for (arguments, part) in [
        ("completions bash", "_efsctl()"),
        ("completions zsh", "#compdef efsctl"),
        ("man", ".TH efsctl"),
        ("create --help", "themselves cannot carry tags"),
    ] {
        let ended = crate::support::cli::Efsctl::new(arguments).run();
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        assert!(ended.stdout.contains(part), "{arguments}");
        assert!(ended.stderr.is_empty());
    }
}
