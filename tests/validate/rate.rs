//! How many calls an audit makes, and how fast.

use super::*;

/// An account with so many file systems.
fn fleet(count: usize) -> World {
    let team = world().quota("file_systems", 9_999);
    team.file_systems("team", count).set("encrypted", true)
}

/// Four reads for each file system and a constant number for the region, from ten file systems to five thousand.
#[tokio::test(start_paused = true)]
async fn calls_do_not_grow_faster_than_file_systems() {
    let mut constant = BTreeSet::new();
    for count in [10, 200, 1_000] {
        let harness = fleet(count).harness();
        let report = harness
            .auditor()
            .await
            .validate(&Scope::All, &plain())
            .await
            .unwrap();
        assert_eq!(report.file_systems.len(), count);
        let calls = harness.calls();
        let of = |operation: &str| calls.counts.get(operation).copied().unwrap_or(0);
        let each = [
            "DescribeMountTargets",
            "DescribeLifecycleConfiguration",
            "DescribeBackupPolicy",
            "DescribeFileSystemPolicy",
        ];
        let count = u64::try_from(count).unwrap();
        for operation in each {
            assert_eq!(of(operation), count, "{operation}");
        }
        constant.insert(calls.total - 4 * count - of("DescribeFileSystems"));
        println!("audit: {count} file systems, {} calls", calls.total);
    }
    assert_eq!(constant.len(), 1, "calls for the region: {constant:?}");
    assert!(constant.iter().all(|calls| *calls <= 10), "{constant:?}");
}

/// Half of the reads are throttled: it takes longer, and says the same.
#[tokio::test(start_paused = true)]
async fn throttled_hard_the_verdicts_are_the_same() {
    let undisturbed = verdicts(&all(MESSY, &plain()).await.unwrap());
    let operations = [
        "DescribeMountTargets",
        "DescribeLifecycleConfiguration",
        "DescribeBackupPolicy",
        "DescribeFileSystemPolicy",
        "DescribeAccessPoints",
        "DescribeNetworkInterfaces",
    ];
    let rules = operations.iter().flat_map(|operation| {
        (1..60)
            .step_by(2)
            .map(move |nth| format!("{operation}:{nth}:throttle").parse().unwrap())
    });
    let harness = Harness::with(Options {
        world: scenario::parse(MESSY, 0).unwrap(),
        faults: Faults::new(rules),
        ..Harness::options()
    });
    let report = harness
        .auditor()
        .await
        .validate(&Scope::All, &plain())
        .await
        .unwrap();
    assert_eq!(verdicts(&report), undisturbed);
}

/// With the service's limit on, it takes what the calls take at that rate and little more, and is hardly ever throttled;
/// without one, it is done in a few round trips.
#[tokio::test(start_paused = true)]
async fn the_rate_of_calls_follows_the_limit_of_the_service() {
    let world = fleet(200).to_string();
    for limit in [None, Some(10.0), Some(25.0)] {
        let faults = limit.map_or_else(Faults::default, |rate| {
            Faults::default().with_limit(RateLimit::new(rate).unwrap())
        });
        let harness = Harness::with(Options {
            world: scenario::parse(&world, 0).unwrap(),
            faults,
            ..Harness::options()
        });
        let begun = tokio::time::Instant::now();
        let report = harness
            .auditor()
            .await
            .validate(&Scope::All, &plain())
            .await
            .unwrap();
        let seconds = begun.elapsed().as_secs_f64();
        assert_eq!(report.count(Verdict::Unknown), 0);
        let calls = harness.calls();
        let throttled = calls.log.iter().filter(|call| call.fault.is_some()).count();
        println!(
            "audit at {limit:?} a second: {} calls, {seconds:.1} s, {throttled} throttled",
            calls.total
        );
        match limit {
            None => assert!(seconds < 1.5, "{seconds} s"),
            Some(rate) => {
                // 4 reads for each, 3 for the region.
                // Faster than ten a second it is not, once it was throttled.
                let least = 804.0 / f64::min(rate, 10.0);
                assert!(seconds < least * 1.1, "{seconds} s instead of {least}");
                // Those that are under way when the first one is refused.
                assert!(
                    f64::from(u32::try_from(throttled).unwrap()) <= rate,
                    "{throttled} calls were throttled"
                );
            }
        }
    }
}

#[test]
fn reads_that_fail_for_a_moment_are_made_again_and_an_audit_can_be_stopped() {
    let world = fixture("worlds/messy.toml");
    let serve = |faults: &str| {
        crate::support::server::sandbox(&format!("--world {} {faults}", world.display()))
    };
    for fault in ["throttle", "500", "503", "reset-before"] {
        let server = serve(&format!(
            "--fault DescribeFileSystems:1:{fault} --fault DescribeNetworkInterfaces:2:{fault}"
        ));
        let ended = server
            .efsctl("validate orders --client sg-0000000000000000a -o json")
            .run();
        assert_eq!(ended.code, 0, "{fault}: {}", ended.stderr);
        assert_eq!(server.calls()["writes"], 0);
    }
    let server = serve("--fault DescribeFileSystems:*:hang");
    let late = server.efsctl("validate --all --timeout 1s -o json").run();
    assert_eq!(late.code, 6, "{}", late.stderr);
    let before = server.count("DescribeFileSystems");
    let mut child = server
        .efsctl("validate --all -o json")
        .command()
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    server.until(&mut child, |server| {
        server.count("DescribeFileSystems") > before
    });
    std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(
        server.calls()["counts"]
            .get("DescribeBackupPolicy")
            .is_none(),
        "it stopped at once"
    );
}

#[tokio::test(start_paused = true)]
async fn a_throttle_by_any_name_is_waited_out() {
    for code in [
        "SlowDown",
        "PriorRequestNotComplete",
        "BandwidthLimitExceeded",
    ] {
        // More often than a read that fails in another way is made.
        let rules = (1..=8).map(|nth| format!("DescribeMountTargets:{nth}:code={code}/503"));
        let harness = Harness::with(Options {
            world: scenario::parse(&fleet(1).to_string(), 0).unwrap(),
            faults: Faults::new(rules.map(|rule| rule.parse().unwrap())),
            ..Harness::options()
        });
        let service = harness.auditor().await;
        let report = service.validate(&Scope::All, &plain()).await.unwrap();
        let unseen = report
            .findings()
            .find(|(_, finding)| finding.verdict == Verdict::Unknown);
        assert!(unseen.is_none(), "{code}: {unseen:?}");
    }
}

/// What expires on the way is no missing right: there is nothing to grant, and no verdict.
#[tokio::test(start_paused = true)]
async fn credentials_that_expire_end_the_audit() {
    for (read, code) in [
        ("DescribeVpcs", "RequestExpired/400"),
        (
            "DescribeVpcAttribute",
            "AuthFailure/401:AWS was not able to validate the provided access credentials",
        ),
        (
            "GetManagedPrefixListEntries",
            "AuthFailure/401:AWS was not able to validate the provided access credentials",
        ),
        ("DescribeMountTargets", "ExpiredTokenException/403"),
        (
            "DescribeFileSystemPolicy",
            "UnrecognizedClientException/403",
        ),
        ("DescribeReplicationConfigurations", "ExpiredToken/403"),
    ] {
        let rule = format!("{read}:1+:code={code}");
        let harness = Harness::with(Options {
            world: scenario::parse(STATED, 0).unwrap(),
            faults: Faults::new([rule.parse().unwrap()]),
            ..Harness::options()
        });
        let service = harness.auditor().await;
        let ended = service.validate(&Scope::All, &plain()).await;
        let Err(error) = ended else {
            panic!("{rule}: the audit goes on");
        };
        assert_eq!(error.kind, Kind::Denied, "{rule}: {error}");
        let hint = error.hint.unwrap_or_default();
        assert!(!hint.contains("IAM action"), "{rule}: {hint}");
        assert!(hint.contains("credentials"), "{rule}: {hint}");
    }
}

#[test]
fn credentials_that_expire_are_exit_8() {
    let server = sandbox("--fault DescribeBackupPolicy:1+:code=ExpiredTokenException/403");
    let made = server.efsctl("create one --no-wait -o json").run();
    assert_eq!(made.code, 0, "{}", made.stderr);
    let ended = server.efsctl("validate one -o json").run();
    assert_eq!(ended.code, 8, "{}", ended.stderr);
    let document = ended.document();
    assert_eq!(document["error"]["code"], "credentials-rejected");
    let hint = document["error"]["hint"].as_str().unwrap();
    assert!(hint.contains("sign in again"), "{hint}");
}
