//! The real process, hit at random moments: interrupted, interrupted twice, terminated, killed. Then the same command again.
//!
//! `EFSCTL_KILL_SIGNALS` says how often each (20; `.ci/run` takes 50), `EFSCTL_SEED` seeds the moments.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::support::server::{Server, pause, sandbox};

/// How many processes at once: they wait more than they work.
const AT_ONCE: usize = 8;

/// A run takes at least this long in milliseconds: 20 a call, 200 for the file system, 600 for mount targets.
const LIFE: u64 = 1_000;

const TIMES: &str =
    "--latency 20ms --file-system-delay 200ms --mount-target-delay 600ms --delete-delay 200ms";

/// Faults that pass, and leave no doubt whether the call took effect: a rollback in doubt looks for a minute.
const FAULTS: &str = "--fault CreateFileSystem:1:503 --fault CreateMountTarget:2:throttle --fault CreateMountTarget:7:throttle \
                      --fault DescribeMountTargets:3:500 --fault CreateSecurityGroup:3:throttle";

fn number(name: &str, default: u64) -> u64 {
    let told = std::env::var(name).ok();
    told.and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// The n-th of a sequence of well-mixed numbers.
fn draw(seed: u64, nth: usize) -> u64 {
    let nth = u64::try_from(nth + 1).unwrap();
    let mut mixed = (seed << 20).wrapping_add(nth.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 27)
}

fn start(server: &Server, name: &str) -> Child {
    server
        .efsctl(&format!("create {name} -o json"))
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs")
}

fn send(child: &Child, signal: &str) {
    // It may have ended already.
    let _ = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .stderr(Stdio::null())
        .status();
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!(
            "stdout is not one JSON document: {error}: {}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    })
}

/// Runs one process and hits it; checks what it said. Whether it was hit before its end.
fn hit(server: &Server, name: &str, signals: &[&str], after: u64, codes: &[i32]) -> bool {
    let child = start(server, name);
    pause(Duration::from_millis(after));
    for signal in signals {
        send(&child, signal);
        pause(Duration::from_millis(60));
    }
    let output = child.wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&output.stderr);
    let Some(code) = output.status.code() else {
        // Killed; or hit in the milliseconds before it listens.
        assert!(output.status.signal().is_some());
        return true;
    };
    let said = document(&output);
    if code == 0 {
        assert!(said["error"].is_null(), "{said:#}");
        return false;
    }
    assert!(
        codes.contains(&code),
        "{signals:?} after {after} ms: {code}: {told}"
    );
    assert_eq!(said["error"]["exit_code"], code, "{said:#}");
    if code != 5 {
        assert_eq!(said["changes"], Value::Array(Vec::new()), "{said:#}");
    }
    true
}

/// Hits many processes, each with a name of its own, and lets the same command finish each.
fn at_random_moments(signals: &[&str], codes: &[i32], faults: &str) {
    let cases = usize::try_from(number("EFSCTL_KILL_SIGNALS", 20)).unwrap();
    let seed = number("EFSCTL_SEED", 7);
    let server = sandbox(&format!("{TIMES} {faults}"));
    let (next, hits) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let nth = next.fetch_add(1, Ordering::Relaxed);
                    if nth >= cases {
                        return;
                    }
                    let name = format!("case-{nth}");
                    let after = draw(seed, nth) % LIFE;
                    let was_hit = hit(&server, &name, signals, after, codes);
                    hits.fetch_add(usize::from(was_hit), Ordering::Relaxed);
                    let again = start(&server, &name).wait_with_output().unwrap();
                    assert_eq!(
                        again.status.code(),
                        Some(0),
                        "{signals:?} after {after} ms, then again: {}",
                        String::from_utf8_lossy(&again.stderr)
                    );
                }
            });
        }
    });
    complete_once(&server, cases);
    let hits = hits.into_inner();
    assert!(
        hits * 2 > cases,
        "{hits} of {cases} were hit before their end"
    );
    println!(
        "kill signals {}: {cases} processes, {hits} hit before their end, seed {seed}",
        signals.join(" "),
    );
}

/// Every name has one file system, one group, one mount target in each zone; and there is nothing else.
fn complete_once(server: &Server, names: usize) {
    let listed = server.efsctl("list -o json").run().document();
    let listed = listed["file_systems"].as_array().cloned().unwrap();
    assert_eq!(listed.len(), names, "one file system a name");
    let distinct: BTreeSet<String> = listed.iter().map(|fs| fs["name"].to_string()).collect();
    assert_eq!(distinct.len(), names);
    for fs in &listed {
        assert_eq!(fs["number_of_mount_targets"], 3, "{fs:#}");
        assert_eq!(fs["lifecycle_state"], "available", "{fs:#}");
    }
    let orphans = server.efsctl("list --orphans -o json").run().document();
    assert_eq!(orphans["orphans"], Value::Array(Vec::new()));
}

#[test]
fn interrupted_at_any_moment() {
    at_random_moments(&["-INT"], &[130], FAULTS);
}

#[test]
fn interrupted_twice_at_any_moment() {
    at_random_moments(&["-INT", "-INT"], &[130, 5], FAULTS);
}

#[test]
fn terminated_at_any_moment() {
    at_random_moments(&["-TERM"], &[143], FAULTS);
}

#[test]
fn killed_at_any_moment() {
    // Nothing is rolled back, so answers may be lost too.
    at_random_moments(&["-KILL"], &[], "--fault-rate 0.04 --seed 11");
}

/// Two to eight processes with the same command.
#[test]
fn many_at_once_make_one() {
    for count in 2..=8 {
        let server = sandbox(TIMES);
        let children: Vec<Child> = (0..count).map(|_| start(&server, "case-0")).collect();
        let mut ids = BTreeSet::new();
        for child in children {
            let output = child.wait_with_output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{count} at once: {told}");
            ids.insert(document(&output)["file_system"]["file_system_id"].to_string());
        }
        assert_eq!(ids.len(), 1, "{count} at once: {ids:?}");
        complete_once(&server, 1);
    }
}

/// One of them is killed or interrupted: what another reports as made stays.
#[test]
fn one_of_many_that_fails_takes_nothing_from_the_others() {
    let seed = number("EFSCTL_SEED", 7);
    for (nth, count) in [2, 3, 5, 8].into_iter().chain([2, 3, 5, 8]).enumerate() {
        let signal = if nth < 4 { "-INT" } else { "-KILL" };
        let server = sandbox(TIMES);
        let mut children: Vec<Child> = (0..count).map(|_| start(&server, "case-0")).collect();
        pause(Duration::from_millis(draw(seed, nth) % LIFE));
        let victim = children.remove(0);
        send(&victim, signal);
        for child in children {
            let output = child.wait_with_output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr);
            assert_eq!(
                output.status.code(),
                Some(0),
                "{count} at once, one {signal}: {told}"
            );
        }
        victim.wait_with_output().unwrap();
        complete_once(&server, 1);
    }
}
