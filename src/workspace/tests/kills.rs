//! A server in a process of its own, killed at random moments of a storm; one that is started again has everything that was
//! acknowledged.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use efsctl_workspace::serve::{Auth, Config, Server};
use efsctl_workspace::service::{Options, Workspaces};
use efsctl_workspace::share::Posix;
use serde_json::json;

use crate::support::{Setup, tree, zipped};

const BASE: &str = "EFSCTL_TEST_SERVE";

/// Not a test of its own: the program of the server processes.
#[test]
fn a_server_process() {
    let Some(base) = std::env::var_os(BASE) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let workspaces = Workspaces::open(Posix, Path::new(&base), Options::default()).unwrap();
        let config = Config {
            auth: Auth::Open,
            drain: Duration::from_secs(5),
            sweep_every: Duration::from_secs(3_600),
        };
        let server = Server::bind(&"127.0.0.1:0".parse().unwrap(), workspaces, config)
            .await
            .unwrap();
        println!("\nready {}", server.url());
        server.run(std::future::pending()).await;
    });
}

struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn start(base: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "kills::a_server_process",
                "--nocapture",
                "--test-threads",
                "1",
            ])
            .env(BASE, base)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut ready = lines
            .map(Result::unwrap)
            .filter_map(|line| line.strip_prefix("ready http://").map(str::to_owned));
        let address = ready.next().unwrap();
        Self { child, address }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The status of an answer; `None` where the server ended before it.
fn send(address: &str, method: &str, path: &str, body: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(address).ok()?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    String::from_utf8_lossy(&answer)
        .split(' ')
        .nth(1)?
        .parse()
        .ok()
}

/// What is known of a job: of each path the version that was acknowledged last, and one that was sent after it.
#[derive(Debug, Default)]
struct Known {
    is_created: Option<bool>,
    is_complete: Option<bool>,
    is_deleted: Option<bool>,
    versions: BTreeMap<String, (Option<usize>, Option<usize>)>,
}

fn content(version: usize) -> String {
    format!("{version}:{}", "x".repeat((version * 7_919) % 30_000))
}

/// Writes until the server ends.
fn storm(address: &str, id: &str, known: &mut Known) {
    let url = |rest: &str| format!("/api/v1/jobs/{id}{rest}");
    known.is_created = Some(false);
    let body = json!({"project_name": "x", "job_id": id}).to_string();
    if send(address, "POST", "/api/v1/jobs/create", &body) != Some(200) {
        return;
    }
    known.is_created = Some(true);
    for version in 0..30 {
        let paths: Vec<String> = (0..3)
            .map(|n| format!("d{}/f{n}", (version + n) % 4))
            .collect();
        let is_batch = version % 3 == 0;
        let sent = if is_batch { &paths[..] } else { &paths[..1] };
        for path in sent {
            known.versions.entry(path.clone()).or_default().1 = Some(version);
        }
        let status = if is_batch {
            let items: Vec<_> = sent
                .iter()
                .map(|path| json!({"path": path, "content": content(version)}))
                .collect();
            send(
                address,
                "POST",
                &url("/files/batch"),
                &json!(items).to_string(),
            )
        } else {
            send(
                address,
                "POST",
                &url("/files"),
                &json!({"path": sent[0], "content": content(version)}).to_string(),
            )
        };
        if status != Some(200) {
            return;
        }
        for path in sent {
            known.versions.insert(path.clone(), (Some(version), None));
        }
    }
    known.is_complete = Some(false);
    if send(address, "POST", &url("/complete"), "") != Some(200) {
        return;
    }
    known.is_complete = Some(true);
    if id.ends_with('0') {
        known.is_deleted = Some(false);
        if send(address, "DELETE", &url(""), "") == Some(200) {
            known.is_deleted = Some(true);
        }
    }
}

fn check(setup: &Setup, id: &str, known: &Known) {
    let server = &setup.server;
    let answer = server.get(&format!("/api/v1/jobs/{id}"));
    if known.is_deleted == Some(true) {
        assert_eq!(answer.status, 404, "{id} came back");
        assert!(!setup.path(id).exists() && !setup.path(&format!("{id}.zip")).exists());
        return;
    }
    if answer.status == 404 {
        let may_be_missing = known.is_created != Some(true) || known.is_deleted.is_some();
        assert!(may_be_missing, "{id} is lost: {known:?}");
        assert!(!setup.path(id).exists());
        return;
    }
    let job = answer.expect(200).json();
    let on_disk: Vec<_> = tree(&setup.path(id))
        .into_iter()
        .filter(|(name, _)| name != ".job_metadata.json")
        .collect();
    assert_eq!(job["files_count"], on_disk.len(), "{id}");
    for (path, bytes) in &on_disk {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let version: usize = text.split(':').next().unwrap().parse().unwrap();
        assert_eq!(text, content(version), "{id}/{path} is not whole");
        let (acknowledged, sent) = known.versions[path];
        assert!(
            Some(version) == acknowledged || Some(version) == sent,
            "{id}/{path}: {version} of {known:?}"
        );
    }
    for (path, (acknowledged, _)) in &known.versions {
        let is_there = on_disk.iter().any(|(name, _)| name == path);
        assert!(acknowledged.is_none() || is_there, "{id}/{path} is lost");
    }
    if known.is_complete == Some(true) {
        assert_eq!(job["status"], "complete");
    }
    if job["status"] == "complete" {
        server
            .post(&format!("/api/v1/jobs/{id}/complete"), &json!({}))
            .expect(200);
        let zip = server
            .get(&format!("/api/v1/jobs/{id}/download"))
            .expect(200);
        let names: Vec<&String> = on_disk.iter().map(|(name, _)| name).collect();
        assert_eq!(zipped(&zip.body).iter().collect::<Vec<_>>(), names, "{id}");
    }
}

/// A number that differs from round to round and not from run to run.
fn scattered(round: usize) -> u64 {
    (round as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40
}

fn rounds() -> usize {
    std::env::var("EFSCTL_KILL_SIGNALS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(12)
}

/// Kills `servers` servers on one folder in each round.
fn killed(servers: usize) {
    let setup = Setup::new();
    for round in 0..rounds() {
        let processes: Vec<Process> = (0..servers)
            .map(|_| Process::start(setup.folder.path()))
            .collect();
        let addresses: Vec<String> = processes
            .iter()
            .map(|process| process.address.clone())
            .collect();
        let mut jobs: Vec<(String, Known)> = (0..4)
            .map(|n| (format!("r{round}-{n}"), Known::default()))
            .collect();
        std::thread::scope(|scope| {
            for (index, (id, known)) in jobs.iter_mut().enumerate() {
                let address = &addresses[index % addresses.len()];
                scope.spawn(move || storm(address, id, known));
            }
            std::thread::sleep(Duration::from_micros(scattered(round) % 250_000));
            processes.into_iter().for_each(Process::kill);
        });
        for (id, known) in &jobs {
            check(&setup, id, known);
        }
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    killed(1);
}

#[test]
fn what_was_acknowledged_survives_a_kill_of_two_servers() {
    killed(2);
}
