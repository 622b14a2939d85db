//! The probe of this host: each kind of answer told apart in one sentence, bounded in time, nothing left.

use std::time::{Duration, Instant};

use efsctl::domain::finding::Verdict;

use super::causes::named;
use super::setup::{Names, Role, Setup};

async fn seen(role: Role) -> (String, Vec<String>) {
    let mut setup = Setup::healthy().here();
    setup.role = role;
    let found = setup.diagnosed().await.unwrap();
    let step = found
        .steps
        .iter()
        .find(|step| step.id == "nfs-from-here")
        .unwrap();
    let lines = step.evidence.iter().map(ToString::to_string).collect();
    (step.verdict.to_string(), lines)
}

#[tokio::test]
async fn each_kind_of_answer_is_told_apart_in_one_sentence() {
    for (role, verdict, says) in [
        (Role::Nfs, "pass", "each does"),
        (Role::Nothing, "fail", "refused"),
        (Role::Silent, "fail", "no whole answer"),
        (Role::Full, "fail", "no answer in"),
        (Role::Http, "fail", "no NFS server"),
    ] {
        let (is, lines) = seen(role).await;
        assert_eq!(is, verdict, "{role:?}: {lines:?}");
        assert_eq!(lines.len(), 1, "{role:?}: {lines:?}");
        assert!(lines[0].contains(says), "{role:?}: {lines:?}");
    }
}

/// Nothing that does not answer is waited for: names, servers, mount points.
#[tokio::test]
async fn it_ends_in_time_whatever_hangs() {
    let mut setup = Setup::healthy().here();
    setup.role = Role::Silent;
    setup.files.insert(
        "proc/mounts",
        format!(
            "{}:/ /mnt/efs nfs4 rw,noresvport,addr=127.0.1.20 0 0\n",
            super::setup::NAME
        ),
    );
    setup.look = |_| {
        std::thread::sleep(Duration::from_secs(5));
        Ok(())
    };
    let started = Instant::now();
    let found = setup.diagnosed().await.unwrap();
    assert!(
        started.elapsed() < Duration::from_secs(4),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(
        found.causes[0].cause.id,
        "server-does-not-answer",
        "{:?}",
        named(&found)
    );
    assert!(
        found
            .causes
            .iter()
            .any(|one| one.cause.id == "mount-target-deleted")
    );
}

/// A host of which nothing can be read: unknown, and no cause is made of it.
#[tokio::test]
async fn what_cannot_be_read_is_unknown() {
    let mut setup = Setup::healthy().here();
    setup
        .files
        .retain(|name, _| name.starts_with("sbin/") || name.starts_with("usr/"));
    let found = setup.diagnosed().await.unwrap();
    assert!(found.causes.is_empty(), "{:?}", named(&found));
    for id in ["kernel-nfs4", "resolver", "mounts", "groups"] {
        let step = found.steps.iter().find(|step| step.id == id).unwrap();
        assert_eq!(step.verdict, Verdict::Unknown, "{step:?}");
    }
}

/// A resolver on this host may ask that of the VPC or not.
#[tokio::test]
async fn a_resolver_on_this_host_is_unknown() {
    let mut setup = Setup::healthy().here();
    setup
        .files
        .insert("etc/resolv.conf", "nameserver 127.0.0.53\n".to_owned());
    let fails = Err("Name or service not known".to_owned());
    setup.names = Names {
        plain: fails.clone(),
        absolute: fails,
    };
    let found = setup.diagnosed().await.unwrap();
    let step = found
        .steps
        .iter()
        .find(|step| step.id == "resolver")
        .unwrap();
    assert_eq!(step.verdict, Verdict::Unknown, "{step:?}");
    let name = found.steps.iter().find(|step| step.id == "name").unwrap();
    assert_eq!(name.verdict, Verdict::Fail);
}

/// What AWS does not show is not claimed: without the mount targets no address is a wrong one.
#[tokio::test]
async fn what_aws_does_not_show_is_not_claimed() {
    let mut setup = Setup::healthy().here();
    setup.denied = vec!["elasticfilesystem:DescribeMountTargets".to_owned()];
    setup.files.insert(
        "proc/mounts",
        format!(
            "{}:/ /mnt/efs nfs4 rw,noresvport,addr=127.0.1.99 0 0\n",
            super::setup::NAME
        ),
    );
    let found = setup.diagnosed().await.unwrap();
    assert!(found.causes.is_empty(), "{:?}", named(&found));
    let name = found.steps.iter().find(|step| step.id == "name").unwrap();
    assert_eq!(name.verdict, Verdict::Unknown, "{name:?}");
}

/// What resolves the name does not matter where the name resolves, and neither does how old the file system is.
#[tokio::test]
async fn a_name_that_resolves_has_no_cause() {
    let mut setup = Setup::healthy().here();
    setup
        .files
        .insert("etc/resolv.conf", "nameserver 192.0.2.53\n".to_owned());
    setup.is_new = true;
    let found = setup.diagnosed().await.unwrap();
    assert!(found.causes.is_empty(), "{:?}", named(&found));
}
