//! Waiting: every wait ends by success, by a terminal state, or by its deadline.

use std::collections::BTreeMap;
use std::time::Duration;

use efsctl::error::Kind;
use efsctl::service::{Awaited, CreateOptions};

use crate::support::harness::{Harness, reference, spec};
use crate::support::world::world;

async fn half_made(harness: &Harness) -> efsctl::domain::ids::FileSystemId {
    let options = CreateOptions {
        run: "run1".to_owned(),
        no_wait: true,
        ..CreateOptions::default()
    };
    harness
        .create_with(&spec("demo"), &options)
        .await
        .unwrap()
        .deployment
        .file_system_id
}

#[tokio::test(start_paused = true)]
async fn it_ends_by_its_deadline_and_tells_the_last_states() {
    let harness = Harness::new();
    let id = half_made(&harness).await;
    let started = tokio::time::Instant::now();
    let failure = harness
        .service()
        .await
        .wait_for_mount_targets(&id, Duration::from_secs(10))
        .await
        .unwrap_err();
    assert_eq!(failure.error.kind, Kind::TimedOut);
    assert!(
        failure.error.message.contains("eu-west-1c is creating"),
        "{}",
        failure.error
    );
    let took = started.elapsed();
    assert!(
        (Duration::from_secs(10)..Duration::from_secs(11)).contains(&took),
        "{took:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_longest_duration_there_is_means_that_it_has_no_end() {
    let harness = Harness::new();
    let options = CreateOptions {
        run: "run1".to_owned(),
        timeout: Some(Duration::MAX),
        ..CreateOptions::default()
    };
    let created = harness.create_with(&spec("demo"), &options).await.unwrap();
    let id = created.deployment.file_system_id;
    let service = harness.service().await;
    let reached = service.wait_for_mount_targets(&id, Duration::MAX).await;
    assert_eq!(reached.unwrap().mount_targets.len(), 3);

    let slow = Harness::faulty(&["CreateMountTarget:*:slow=40m"]);
    let created = slow.create_with(&spec("demo"), &options).await.unwrap();
    assert_eq!(
        created.deployment.mount_targets.len(),
        3,
        "longer than a wait without --timeout has patience"
    );
}

#[tokio::test(start_paused = true)]
async fn it_ends_by_a_terminal_state() {
    let harness = Harness::faulty(&["CreateMountTarget:1:error-state"]);
    let id = half_made(&harness).await;
    let failure = harness
        .service()
        .await
        .wait_for_mount_targets(&id, Duration::from_secs(300))
        .await
        .unwrap_err();
    assert_eq!(failure.error.kind, Kind::Failed);
    assert!(
        failure.error.message.contains("state error"),
        "{}",
        failure.error
    );
}

#[tokio::test(start_paused = true)]
async fn one_describe_a_turn_whatever_the_number_of_mount_targets() {
    let harness = Harness::new();
    let id = half_made(&harness).await;
    let before = harness.calls();
    harness
        .service()
        .await
        .wait_for_mount_targets(&id, Duration::from_secs(300))
        .await
        .unwrap();
    let after = harness.calls();
    let looks = after.counts["DescribeMountTargets"]
        - before
            .counts
            .get("DescribeMountTargets")
            .copied()
            .unwrap_or(0);
    assert!(looks <= 60, "{looks} looks for a wait of 80 s");
    assert_eq!(
        after.total - before.total,
        looks + 1,
        "one look for the file system, then mount targets alone"
    );
}

#[tokio::test(start_paused = true)]
async fn throttled_and_disturbed_it_goes_on() {
    let harness = Harness::faulty(&[
        "DescribeMountTargets:3:throttle",
        "DescribeMountTargets:6:500",
        "DescribeMountTargets:9:hang",
    ]);
    let id = half_made(&harness).await;
    harness
        .service()
        .await
        .wait_for_mount_targets(&id, Duration::from_secs(300))
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_does_not_exist_is_not_found_and_is_deleted() {
    let service = Harness::new().service().await;
    let demo = reference("demo");
    let wait = |awaited| service.wait(&demo, awaited, Duration::from_secs(5));
    assert_eq!(
        wait(Awaited::Available).await.unwrap_err().error.kind,
        Kind::NotFound
    );
    assert_eq!(wait(Awaited::Deleted).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_file_system_without_mount_targets_is_not_usable() {
    let harness = Harness::new();
    let fs = harness
        .service()
        .await
        .create_file_system(&spec("demo"), "run1")
        .await
        .unwrap();
    let failure = harness
        .service()
        .await
        .wait_for_mount_targets(&fs.id, Duration::from_secs(20))
        .await
        .unwrap_err();
    assert_eq!(failure.error.kind, Kind::TimedOut);
    assert!(
        failure.error.message.contains("no mount target"),
        "{}",
        failure.error
    );
}

/// Answers `NULL` and `EXCHANGE_ID`.
fn nfs_server(listener: std::net::TcpListener) {
    use std::io::{Read, Write};

    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut record = [0; 512];
            for words in [&[1_u32, 0, 0, 0, 0][..], &[1, 0, 0, 0, 0, 0, 0, 1, 42, 0]] {
                if stream.read(&mut record).unwrap_or(0) == 0 {
                    break;
                }
                let length = u32::try_from(4 + 4 * words.len()).unwrap();
                let mut reply = (0x8000_0000 | length).to_be_bytes().to_vec();
                reply.extend(&record[4..8]);
                reply.extend(words.iter().flat_map(|word| word.to_be_bytes()));
                let _ = stream.write_all(&reply);
            }
        }
    });
}

/// Every mount target has to answer, unless one is enough.
#[test]
fn nfs_is_asked_of_every_mount_target() {
    // Their addresses are of this host, and of this process.
    let [here, nowhere] =
        [1, 2].map(|net| format!("127.31.{net}.{}", 4 + std::process::id() % 250));
    // The port of NFS is fixed: where another process has it, or there is no such loopback address, nothing can be tried.
    let Ok(listener) = std::net::TcpListener::bind((here.as_str(), 2049)) else {
        crate::support::skipped::skipped(format!("{here}:2049 cannot be bound"));
        return;
    };
    nfs_server(listener);
    let server = world()
        .vpc("127.31.0.0/16")
        .subnet('a')
        .subnet('b')
        .file_system("data")
        .mount_target('a', &[])
        .set("ip", &here)
        .mount_target('b', &[])
        .set("ip", &nowhere)
        .file()
        .serve("");
    let wait = |flags: &str| {
        let id = "fs-0000000000000000a";
        server
            .efsctl(&format!("wait {id} --for nfs {flags} -o json"))
            .run()
    };
    let one = wait("--any --timeout 60s");
    assert_eq!(one.code, 0, "{}", one.stderr);
    let all = wait("--timeout 1s");
    assert_eq!(all.code, 6, "{}", all.stderr);
    let message = all.document()["error"]["message"].to_string();
    assert!(
        message.contains(&format!("in eu-west-1b ({nowhere}): Connection refused")),
        "{message}"
    );
    assert!(!message.contains(&here), "{message}");
}

/// A DNS server that knows these names.
fn dns_server(names: &[(&str, &str)]) -> std::net::SocketAddr {
    use hickory_proto::op::{Message, MessageType, ResponseCode};
    use hickory_proto::rr::{RData, Record, RecordType, rdata::A};

    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let names: BTreeMap<String, std::net::Ipv4Addr> = names
        .iter()
        .map(|(name, ip)| (format!("{name}."), ip.parse().unwrap()))
        .collect();
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut buffer) {
            let mut answer = Message::from_vec(&buffer[..length]).unwrap();
            let query = answer.queries[0].clone();
            answer.metadata.message_type = MessageType::Response;
            match names.get(&query.name().to_ascii()) {
                None => answer.metadata.response_code = ResponseCode::NXDomain,
                Some(ip) if query.query_type() == RecordType::A => {
                    let data = RData::A(A(*ip));
                    answer.add_answer(Record::from_rdata(query.name().clone(), 60, data));
                }
                Some(_) => {}
            }
            socket.send_to(&answer.to_vec().unwrap(), from).unwrap();
        }
    });
    address
}

/// Each name has to resolve, and to the address of its mount target. Whether it could resolve here is said where that is known.
#[test]
fn names_are_asked_of_every_mount_target() {
    const A: &str = "eu-west-1a.fs-0000000000000000a.efs.eu-west-1.amazonaws.com";
    const B: &str = "eu-west-1b.fs-0000000000000000a.efs.eu-west-1.amazonaws.com";
    let resolves = "not every DNS name of a mount target resolves on this host yet (";
    let outside = "is in no range that reaches vpc-";
    let (both, one) = (&[(A, "1.5"), (B, "2.5")], &[(A, "1.5")]);
    let swapped = &[(A, "2.5"), (B, "1.5")];
    // The range of the VPC, what is denied, the names that are known, what is asked for, the exit code, the code, words.
    type Row<'r> = (
        &'r str,
        &'r str,
        &'r [(&'r str, &'r str)],
        &'r str,
        i32,
        &'r str,
        &'r str,
    );
    let rows: &[Row<'_>] = &[
        ("198.18", "", both, "", 0, "", ""),
        ("198.18", "", one, "--any", 0, "", ""),
        ("198.18", "", one, "", 6, "timed-out", resolves),
        (
            "198.18",
            "",
            swapped,
            "",
            6,
            "timed-out",
            "which is not its address",
        ),
        // From a host that is elsewhere no name of a VPC resolves: that says nothing of the file system.
        ("198.18", "", &[], "", 6, "not-reachable-from-here", outside),
        (
            "198.18",
            "",
            &[],
            "--any",
            6,
            "not-reachable-from-here",
            outside,
        ),
        // This host is in the range, or it is not known where it is.
        ("127.0", "", &[], "", 6, "timed-out", resolves),
        (
            "198.18",
            "ec2:DescribeRouteTables",
            &[],
            "",
            6,
            "timed-out",
            resolves,
        ),
    ];
    for (net, denied, names, flags, exit, code, words) in rows {
        let full: Vec<(&str, String)> = names
            .iter()
            .map(|(name, end)| (*name, format!("{net}.{end}")))
            .collect();
        let full: Vec<(&str, &str)> = full.iter().map(|(name, ip)| (*name, ip.as_str())).collect();
        let resolver = dns_server(&full);
        let denied: Vec<&str> = denied.split_whitespace().collect();
        let server = world()
            .vpc(&format!("{net}.0.0/16"))
            .subnet('a')
            .subnet('b')
            .file_system("data")
            .mount_target('a', &[])
            .set("ip", &format!("{net}.1.5"))
            .mount_target('b', &[])
            .set("ip", &format!("{net}.2.5"))
            .denied(&denied)
            .file()
            .serve("");
        // What ends by itself has time: the machine may be busy.
        let timeout = if *exit == 0 { "5m" } else { "1s" };
        let line = format!(
            "wait fs-0000000000000000a --for dns --resolver {resolver} {flags} --timeout {timeout} -o json"
        );
        let done = server.efsctl(&line).run();
        assert_eq!(done.code, *exit, "{line}: {}", done.stderr);
        let error = &done.document()["error"];
        assert_eq!(
            error["code"].as_str().unwrap_or_default(),
            *code,
            "{line}: {error}"
        );
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains(words), "{line}: {message}");
    }
}

/// A host that is elsewhere does not wait for what cannot come; and names of a simulated account are not waited for at all.
#[test]
fn a_wait_that_is_in_vain_ends_early() {
    let resolver = dns_server(&[]);
    let server = |net: &str| {
        let ip = format!("{net}.1.5");
        let world = world().vpc(&format!("{net}.0.0/16")).subnet('a');
        let world = world
            .file_system("data")
            .mount_target('a', &[])
            .set("ip", &ip);
        world.file().serve("")
    };
    let elsewhere = server("198.18");
    let line = format!("wait fs-0000000000000000a --for dns --resolver {resolver} --timeout 24h");
    let done = elsewhere.efsctl(&line).run();
    assert_eq!(done.code, 6, "{}", done.stderr);
    assert!(
        done.stderr.contains("is in no range that reaches"),
        "{}",
        done.stderr
    );
    let line = "  mount target eu-west-1a (eu-west-1a.fs-0000000000000000a.efs.eu-west-1.amazonaws.com): does not resolve\n";
    assert_eq!(done.stderr.matches(line).count(), 1, "{}", done.stderr);
    let simulated = server("127.31");
    let done = simulated
        .efsctl("wait fs-0000000000000000a --for dns --timeout 24h")
        .run();
    assert_eq!(done.code, 2, "{}", done.stderr);
    assert!(
        done.stderr
            .contains("wait --for nfs asks them by their addresses"),
        "{}",
        done.stderr
    );
}
