//! TLS as efs-utils speaks it: nfs-ganesha behind stunnel.

use std::fmt::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::{names, ready, steps, verify};
use crate::support::nfs::{Place, create, is_refused, mountable, until};
use crate::support::skipped::skipped;

/// Ends with its owner.
struct Stunnel(Child);

impl Drop for Stunnel {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A key and a certificate for that name, which is trusted by itself.
fn certificate(folder: &Path, name: &str) -> bool {
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args([
            "-subj",
            "/CN=efs",
            "-addext",
            &format!("subjectAltName=DNS:{name}"),
        ])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("certificate.pem"))
        .stderr(Stdio::null())
        .status();
    made.is_ok_and(|made| made.success())
}

/// From each of these addresses to the one beside it.
fn stunnel(folder: &Path, from_to: &[(&String, &String)]) -> Option<Stunnel> {
    let mut text = format!(
        "foreground = yes\npid =\nsyslog = no\noutput = {}\n",
        folder.join("stunnel.log").display()
    );
    for (nth, (from, to)) in from_to.iter().enumerate() {
        let folder = folder.display();
        let _ = write!(
            text,
            "[nfs{nth}]\naccept = {from}:2049\nconnect = {to}:2049\n\
             cert = {folder}/certificate.pem\nkey = {folder}/key.pem\n"
        );
    }
    let path = folder.join("stunnel.conf");
    std::fs::write(&path, text).unwrap();
    let started = Command::new("stunnel4")
        .arg(&path)
        .stderr(Stdio::null())
        .spawn();
    Some(Stunnel(started.ok()?))
}

#[test]
fn a_policy_that_asks_for_tls_gets_it() {
    // What is behind the TLS, and the account whose mount targets are in front of it.
    let Some(behind) = mountable("") else { return };
    let inner = ready(&behind);
    let place = Place::new();
    let server = place.serve("--latency=0ms", "");
    let (id, outer) = create(&server, "demo");
    let set = server.efsctl("set demo --policy enforce-tls --yes").run();
    assert_eq!(set.code, 0, "{}", set.stderr);

    let folder = place.path("tls");
    std::fs::create_dir(&folder).unwrap();
    if !certificate(&folder, &format!("{id}.efs.eu-west-1.amazonaws.com")) {
        skipped("openssl is not installed");
        return;
    }
    let from_to: Vec<_> = outer.iter().zip(&inner).collect();
    let Some(stunnel) = stunnel(&folder, &from_to) else {
        skipped("stunnel4 is not installed");
        return;
    };
    until("stunnel listens", || {
        outer.iter().all(|address| !is_refused(address))
    });

    let trusted = folder.join("certificate.pem").display().to_string();
    let (code, document, stderr) = verify(&server, &format!("demo --yes --cafile {trusted}"));
    assert_eq!(code, 0, "{document} {stderr}");
    assert_eq!(document["verification"]["transport"], "tls");
    assert_eq!(steps(&document, "pass").len(), 31);
    assert!(names(&inner[0]).is_empty());

    // Nobody answers for the certificate.
    let (code, document, _) = verify(&server, "demo --yes");
    let failed = steps(&document, "fail");
    assert_eq!((code, failed.len()), (3, 3), "{document}");
    for (step, why) in failed {
        assert!(
            step == "connect" && why.contains("TLS: invalid peer certificate"),
            "{why}"
        );
    }

    // It is that of another file system.
    drop(stunnel);
    let other = place.path("other");
    std::fs::create_dir(&other).unwrap();
    assert!(certificate(
        &other,
        "fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com"
    ));
    let _stunnel = self::stunnel(&other, &from_to);
    until("stunnel listens again", || {
        outer.iter().all(|address| !is_refused(address))
    });
    let trusted = other.join("certificate.pem").display().to_string();
    let (code, document, _) = verify(&server, &format!("demo --yes --cafile {trusted}"));
    assert_eq!(code, 3);
    let failed = steps(&document, "fail");
    assert!(
        failed.iter().all(|(_, why)| why.contains("not valid for")),
        "{failed:?}"
    );
    assert_eq!(failed.len(), 3);
}
