//! `verify --path`: a directory of this host, which a table of mounts of the test calls a mount.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use efsctl::domain::finding::Verdict;
use efsctl::domain::verification::{Step, Transport, Verification};
use efsctl::error::Error;
use efsctl::service::VerifyRequest;
use efsctl::verify::round::Task;
use tempfile::TempDir;

use crate::support::harness::{Harness, REGION, reference};
use crate::support::world::world;

const ID: &str = "fs-0000000000000000a";
const GOOD: &str =
    "rw,vers=4.1,rsize=1048576,wsize=1048576,hard,noresvport,timeo=600,local_lock=none";

fn account(denied: &[&str]) -> Harness {
    let world = world()
        .account("111122223333")
        .denied(denied)
        .vpc("10.0.0.0/16")
        .subnet('a')
        .group("nfs", &["tcp 2049 from 10.0.0.0/16"])
        .file_system("data")
        .mount_target('a', &["nfs"])
        .set("ip", "10.0.1.20");
    Harness::at_once(&world.to_string())
}

/// A host that has something mounted at its `mnt`.
struct Host(TempDir);

impl Host {
    fn with(source: &str, kind: &str, options: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let point = folder.path().join("mnt");
        std::fs::create_dir_all(&point).unwrap();
        std::fs::create_dir_all(folder.path().join("proc/self")).unwrap();
        let device = std::fs::metadata(&point).unwrap().dev();
        // makedev(3): the low eight bits of the minor number, the major number, the rest of the minor number.
        let (major, minor) = (
            (device >> 8) & 0xfff,
            (device & 0xff) | ((device >> 12) & !0xff),
        );
        let point = point.canonicalize().unwrap();
        let line = format!(
            "40 1 {major}:{minor} / {} rw shared:1 - {kind} {source} {options}\n",
            point.display()
        );
        std::fs::write(folder.path().join("proc/self/mountinfo"), line).unwrap();
        Self(folder)
    }

    fn mount(&self) -> std::path::PathBuf {
        self.0.path().join("mnt")
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.mount()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }

    async fn verify_at(
        &self,
        path: &Path,
        harness: &Harness,
        task: Task,
    ) -> Result<Verification, Error> {
        let service = harness.service().await;
        let request = VerifyRequest {
            path: Some(path.to_owned()),
            host: self.0.path().to_owned(),
            task,
            // Of the machine that tests run on nothing is expected in time.
            limit: std::time::Duration::from_secs(60),
            ..VerifyRequest::default()
        };
        let id = reference(ID);
        let planned = service.plan_verification(&id, REGION, request);
        Ok(service.verify(planned.await?).await)
    }

    async fn verify(&self, harness: &Harness) -> Verification {
        self.verify_at(&self.mount(), harness, Task::Use)
            .await
            .unwrap()
    }
}

fn seen(done: &Verification, step: Step) -> (Verdict, &str) {
    let one = done.steps.iter().find(|one| one.step == step);
    let one = one.unwrap_or_else(|| panic!("{step:?} in {done:?}"));
    (one.verdict, one.detail.as_deref().unwrap_or_default())
}

#[tokio::test]
async fn the_mount_of_this_host_is_used_and_left_as_it_was() {
    let source = format!("{ID}.efs.eu-west-1.amazonaws.com:/");
    let host = Host::with(&source, "nfs4", &format!("{GOOD},addr=10.0.1.20"));
    let done = host.verify(&account(&[])).await;
    assert_eq!(done.verdict(), Verdict::Pass, "{done:?}");
    assert_eq!(done.transport, Some(Transport::Path));
    let steps: Vec<Step> = done.steps.iter().map(|one| one.step).collect();
    assert_eq!(steps[..3], [Step::Identify, Step::Options, Step::List]);
    assert!(steps.contains(&Step::Throughput) && !steps.contains(&Step::Connect));
    let (_, identity) = seen(&done, Step::Identify);
    assert!(identity.contains("through fsmt-"), "{identity}");
    let all_at_one = |one: &efsctl::domain::verification::StepDone| {
        one.place
            .availability_zone
            .as_ref()
            .is_some_and(|zone| zone.as_str() == "eu-west-1a")
    };
    assert!(done.steps.iter().all(all_at_one));
    assert!(done.notes.is_empty() && host.names().is_empty(), "{done:?}");
}

#[tokio::test]
async fn options_that_lose_data_fail_and_slow_ones_are_notes() {
    let bad = GOOD
        .replace("hard", "soft")
        .replace("noresvport,", "")
        .replace("wsize=1048576", "wsize=4096");
    let host = Host::with("10.0.1.20:/", "nfs4", &bad);
    let done = host.verify(&account(&[])).await;
    let (verdict, detail) = seen(&done, Step::Options);
    assert_eq!(verdict, Verdict::Fail);
    assert!(
        detail.starts_with("soft: ") && detail.contains("; no noresvport: "),
        "{detail}"
    );
    assert_eq!(done.notes.len(), 1);
    assert!(
        done.notes[0].starts_with("wsize=4096: "),
        "{:?}",
        done.notes
    );
    // It is used all the same.
    assert_eq!(seen(&done, Step::Delete).0, Verdict::Pass);
}

#[tokio::test]
async fn nothing_is_written_to_another_file_system() {
    for (source, kind) in [
        ("fs-0000000000000000b.efs.eu-west-1.amazonaws.com:/", "nfs4"),
        ("10.0.9.9:/", "nfs4"),
        ("/dev/nvme1n1", "xfs"),
    ] {
        let host = Host::with(source, kind, GOOD);
        let harness = account(&[]);
        let service = harness.service().await;
        let request = VerifyRequest {
            path: Some(host.mount()),
            host: host.0.path().to_owned(),
            ..VerifyRequest::default()
        };
        let id = reference(ID);
        let planned = service.plan_verification(&id, REGION, request);
        let planned = planned.await.unwrap();
        // So that no question is asked.
        assert!(!planned.writes);
        let before = std::fs::metadata(host.mount()).unwrap().mtime_nsec();
        let done = service.verify(planned).await;
        assert_eq!(seen(&done, Step::Identify).0, Verdict::Fail, "{source}");
        assert_eq!(done.steps.len(), 1);
        let after = std::fs::metadata(host.mount()).unwrap().mtime_nsec();
        assert_eq!(before, after, "{source}");
    }
}

/// A host that mounts a file system need not be allowed to describe it.
#[tokio::test]
async fn without_permission_to_describe_it_the_name_of_the_source_decides() {
    let denied = account(&["elasticfilesystem:DescribeMountTargets"]);
    let source = format!("{ID}.efs.eu-west-1.amazonaws.com:/");
    let host = Host::with(&source, "nfs4", GOOD);
    let named = host.verify(&denied).await;
    assert_eq!(named.verdict(), Verdict::Pass, "{named:?}");
    let host = Host::with("10.0.1.20:/", "nfs4", GOOD);
    let numbered = host.verify(&denied).await;
    let (verdict, detail) = seen(&numbered, Step::Identify);
    assert_eq!(verdict, Verdict::Unknown);
    assert!(
        detail.contains("elasticfilesystem:DescribeMountTargets"),
        "{detail}"
    );
    assert_eq!(seen(&numbered, Step::Delete).0, Verdict::Pass);
}

#[tokio::test]
async fn a_path_that_cannot_be_used_is_refused_before_anything_is_done() {
    let host = Host::with("10.0.1.20:/", "nfs4", GOOD);
    let harness = account(&[]);
    std::fs::write(host.mount().join("file"), "").unwrap();
    for (path, code) in [
        ("mnt/nowhere", "invalid-arguments"),
        ("mnt/file", "invalid-arguments"),
        // It is not in the table of that host.
        ("proc", "not-verified"),
    ] {
        let path = host.0.path().join(path);
        let done = host.verify_at(&path, &harness, Task::Use).await;
        assert_eq!(done.unwrap_err().code.as_str(), code, "{path:?}");
    }
    let looked = host.verify_at(&host.mount(), &harness, Task::Look).await;
    assert_eq!(looked.unwrap().verdict(), Verdict::Pass);
    assert_eq!(host.names(), ["file"]);
}
