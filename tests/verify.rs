//! `verify`: file systems that are really mounted, and what keeps them from it.

mod journey;
mod killed;
mod path;
mod tls;

use std::process::{Command, Stdio};

use crate::support::nfs::{Mountable, Place, client, create, mount, mountable, until};
use crate::support::server::Server;
use crate::support::skipped::skipped;

/// Runs it: the exit code, the document and what was said.
fn verify(server: &Server, arguments: &str) -> (i32, serde_json::Value, String) {
    let done = server.efsctl(&format!("verify {arguments} -o json")).run();
    let document = done.document();
    (done.code, document, done.stderr)
}

/// The steps that have that verdict, with what was seen.
fn steps(document: &serde_json::Value, verdict: &str) -> Vec<(String, String)> {
    let all = document["verification"]["steps"].as_array().expect("steps");
    let all = all.iter().filter(|one| one["verdict"] == verdict);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    all.map(|one| (text(&one["step"]), text(&one["detail"])))
        .collect()
}

/// What is in the root of a file system.
fn names(address: &str) -> Vec<String> {
    use futures::StreamExt;
    client(async {
        let mounted = mount(address).await.unwrap();
        let entries = mounted.readdir_path("/").await.unwrap();
        let entries: Vec<_> = entries.collect().await;
        let names = entries.into_iter().map(|entry| entry.unwrap().file_name);
        let names = names.filter(|name| name != "." && name != "..").collect();
        mounted.umount().await.unwrap();
        names
    })
}

fn ready(sandbox: &Mountable) -> Vec<String> {
    let (_, addresses) = sandbox.create("demo");
    let waited = sandbox.server.efsctl("wait demo --for nfs").run();
    assert_eq!(waited.code, 0, "{}", waited.stderr);
    addresses
}

#[test]
fn a_file_system_is_used_through_every_mount_target_and_left_as_it_was() {
    let Some(sandbox) = mountable("") else { return };
    let server = &sandbox.server;
    let addresses = ready(&sandbox);

    // Nothing is written without being asked for.
    let (code, document, _) = verify(server, "demo");
    assert_eq!(
        (code, &document["error"]["code"]),
        (2, &"confirmation-missing".into())
    );
    let (code, document, stderr) = verify(server, "demo --yes");
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(document["verification"]["transport"], "plain");
    let passed = steps(&document, "pass");
    // Ten through each, and the private directory once.
    assert_eq!(passed.len(), 31, "{passed:?}");
    assert!(names(&addresses[0]).is_empty());
    let (code, document, _) = verify(server, "demo --read-only");
    assert_eq!((code, steps(&document, "pass").len()), (0, 9));

    // A token stays, and nothing else.
    let (code, _, stderr) = verify(server, "demo --leave release-7 --yes");
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(names(&addresses[1]), [".efsctl-token-release-7"]);
    assert_eq!(verify(server, "demo --expect release-7").0, 0);
    let (code, document, _) = verify(server, "demo --expect release-8");
    assert_eq!(
        (code, &document["error"]["code"]),
        (3, &"not-usable".into())
    );
    let failed = steps(&document, "fail");
    assert_eq!(
        failed,
        vec![("expect".to_owned(), "the token is not there".to_owned()); 3]
    );
    assert_eq!(verify(server, "demo --remove release-7 --yes").0, 0);
    assert!(names(&addresses[2]).is_empty());

    // Two at once do not hinder each other.
    let both: Vec<i32> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| verify(server, "demo --yes").0))
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!(both, [0, 0]);
    assert!(names(&addresses[0]).is_empty());
}

/// A directory of a killed run is told, and not touched.
#[test]
fn what_a_killed_run_left_is_told() {
    let Some(sandbox) = mountable("") else { return };
    let addresses = ready(&sandbox);
    client(async {
        let mounted = mount(&addresses[0]).await.unwrap();
        mounted
            .mkdir_path("/.efsctl-verify-0123456789ab", 0o700)
            .await
            .unwrap();
        mounted.umount().await.unwrap();
    });
    let (code, document, _) = verify(&sandbox.server, "demo --yes");
    assert_eq!(code, 0);
    let note = "/.efsctl-verify-0123456789ab is there: another verify is running, or was killed";
    assert_eq!(document["verification"]["notes"], serde_json::json!([note]));
    assert_eq!(names(&addresses[0]), [".efsctl-verify-0123456789ab"]);
}

/// A client of this machine has a connection to the port of NFS there.
fn is_connected_to(address: &str) -> bool {
    let address: std::net::Ipv4Addr = address.parse().unwrap();
    let remote = format!("{:08X}:0801", u32::from_le_bytes(address.octets()));
    let connections = std::fs::read_to_string("/proc/net/tcp").unwrap();
    connections.lines().any(|line| {
        let mut columns = line.split_whitespace().skip(2);
        columns.next() == Some(&remote) && columns.next() == Some("01")
    })
}

/// What is said where a part of them, or none, can be used.
#[test]
fn what_does_not_answer_is_told_by_mount_target() {
    let Some(sandbox) = mountable("") else { return };
    let (server, place) = (&sandbox.server, &sandbox.place);
    let addresses = ready(&sandbox);
    let pid = place.ganeshas()[0];
    let signal = |name: &str| {
        let sent = Command::new("kill").args([name, &pid.to_string()]).status();
        assert!(sent.unwrap().success());
    };
    // It takes connections and does not answer.
    signal("-STOP");
    let (code, document, _) = verify(server, "demo --yes");
    assert_eq!(code, 3);
    let failed = steps(&document, "fail");
    let slow = "connected, but no whole answer in 2 s".to_owned();
    assert_eq!(failed, vec![("connect".to_owned(), slow); 3]);

    // Its time is over before that.
    let (code, document, _) = verify(server, "demo --yes --timeout 200ms");
    let error = &document["error"];
    assert_eq!(
        (code, &error["code"]),
        (6, &"timed-out".into()),
        "{document}"
    );
    assert_eq!(document["verification"]["complete"], false);

    // Interrupted meanwhile, it ends at once.
    let mut running = server.efsctl("verify demo --yes").command();
    let child = running
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let id = child.id().to_string();
    until("it is connected", || is_connected_to(&addresses[0]));
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let ended = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(130), "{stderr}");
    let sentence = "interrupted while verifying; nothing of it is left";
    assert!(stderr.contains(sentence), "{stderr}");
    signal("-CONT");
    assert_eq!(verify(server, "demo --yes").0, 0);
}

/// Whose a directory is, a file system without space, and one that is read-only: told apart.
#[test]
fn what_the_server_refuses_is_told_as_that() {
    if !is_root() {
        skipped("not root: nfs-ganesha serves no directory");
        return;
    }
    if crate::support::nfs::ganesha().is_none() {
        return;
    }
    let place = Place::new();
    let share = place.path("share");
    std::fs::create_dir(&share).unwrap();
    let run = |line: &str| {
        let mut words = line.split(' ');
        let done = Command::new(words.next().unwrap()).args(words).status();
        done.is_ok_and(|done| done.success())
    };
    let path = share.display().to_string();
    if !run(&format!("mount -t tmpfs -o size=64k,mode=755 tmpfs {path}")) {
        skipped("no file system can be mounted");
        return;
    }
    let server = place.serve(&format!("--nfs={path}"), "");
    let (id, _) = create(&server, "demo");
    let waited = server.efsctl("wait demo --for nfs").run();
    let told = |arguments: &str| {
        let (code, document, _) = verify(&server, arguments);
        (code, steps(&document, "fail"))
    };
    let mine = told("demo --yes");
    let others = told("demo --as 1000:1000 --yes");
    let root = share.join(&id);
    std::fs::write(root.join("full"), vec![0; 48 * 1024]).unwrap();
    let full = told("demo --yes");
    let remounted = run(&format!("mount -o remount,ro {path}"));
    let read_only = told("demo --yes");
    drop(server);
    until("nothing uses it", || run(&format!("umount {path}")));
    assert_eq!(waited.code, 0, "{}", waited.stderr);
    assert_eq!(mine, (0, vec![]));
    let step = |step: &str, why: &str| (step.to_owned(), why.to_owned());
    let whose = "user 1000:1000 may not write to / (owner 0:0, mode 0755)";
    assert_eq!(others, (3, vec![step("make-directory", whose)]));
    assert_eq!(full.0, 3);
    assert!(
        !full.1.is_empty() && full.1.iter().all(|(_, why)| why == "no space left"),
        "{full:?}"
    );
    assert!(remounted);
    let why = "the file system is read-only for this client";
    assert_eq!(read_only, (3, vec![step("make-directory", why)]));
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let uid = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    uid.is_some_and(|ids| ids.split_whitespace().nth(1) == Some("0"))
}

/// What this program cannot do is not known, and it says what can.
#[test]
fn what_needs_an_identity_is_unknown() {
    let Some(sandbox) = mountable("") else { return };
    ready(&sandbox);
    let server = &sandbox.server;
    let set = server
        .efsctl("set demo --access-point app=/app:1000:1000 --yes")
        .run();
    assert_eq!(set.code, 0, "{}", set.stderr);
    let (code, document, stderr) = verify(server, "demo --access-point app --yes");
    assert_eq!(
        (code, &document["error"]["code"]),
        (3, &"not-verified".into())
    );
    assert_eq!(steps(&document, "unknown").len(), 3);
    assert!(stderr.contains("connect demo --for mount"), "{stderr}");
}

/// The names of files are those of clients: nothing of them is printed but the digits of a run.
#[test]
fn a_name_that_is_no_run_is_not_shown() {
    let Some(sandbox) = mountable("") else { return };
    let addresses = ready(&sandbox);
    client(async {
        let mounted = mount(&addresses[0]).await.unwrap();
        let made = mounted
            .mkdir_path("/.efsctl-verify-\u{1b}[31mroot", 0o700)
            .await;
        made.unwrap();
        mounted.umount().await.unwrap();
    });
    let (code, document, stderr) = verify(&sandbox.server, "demo --yes");
    assert_eq!(
        (code, &document["verification"]["notes"]),
        (0, &serde_json::json!([]))
    );
    assert!(!stderr.contains('\u{1b}'), "{stderr}");
    // A token of others is not overwritten.
    assert_eq!(verify(&sandbox.server, "demo --leave note --yes").0, 0);
    let (code, document, _) = verify(&sandbox.server, "demo --leave note --yes");
    assert_eq!(code, 3);
    let failed = steps(&document, "fail");
    assert_eq!(
        failed,
        [("leave".to_owned(), "the token is there already".to_owned())]
    );
    assert_eq!(verify(&sandbox.server, "demo --expect note").0, 0);
}
