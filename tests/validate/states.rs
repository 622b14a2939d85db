//! What is there but does not serve, or not for long.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_vpc_that_enforces_encryption_has_to_exclude_efs() {
    for (mode, excluded, verdict) in [
        ("monitor", "disabled", Verdict::Pass),
        ("enforce", "enabled", Verdict::Pass),
        ("enforce", "enabling", Verdict::Pass),
        ("enforce", "disabled", Verdict::Fail),
        ("enforce", "disabling", Verdict::Fail),
        ("enforce", "suspended", Verdict::Unknown),
        ("advise", "enabled", Verdict::Unknown),
    ] {
        let report = all(&controlled(mode, excluded), &plain()).await.unwrap();
        let key = ("fs-0000000000000000a".to_owned(), "vpc-encryption-controls");
        assert_eq!(
            verdicts(&report).get(&key),
            Some(&verdict),
            "{mode} {excluded}"
        );
    }
}

/// Every word that AWS has for the state of a replication.
#[tokio::test(start_paused = true)]
async fn a_replication_that_does_not_run_is_told() {
    for (status, verdict) in [
        ("ENABLED", Verdict::Pass),
        ("ENABLING", Verdict::Pass),
        ("DELETING", Verdict::NotApplicable),
        ("ERROR", Verdict::Fail),
        ("PAUSED", Verdict::Fail),
        ("PAUSING", Verdict::Fail),
    ] {
        let world = AUDIT.replace("PAUSED", status);
        let report = all(&world, &plain()).await.unwrap();
        let key = ("fs-0000000000000000f".to_owned(), "replication-state");
        assert_eq!(verdicts(&report).get(&key), Some(&verdict), "{status}");
    }
}

/// What a file system has and what serves are two things: mount targets in error, addresses of another family, subnets that are not
/// expected, a network ACL of a part of the clients.
#[tokio::test(start_paused = true)]
async fn what_is_there_but_does_not_serve_is_told() {
    let it = |rule: &str| {
        world()
            .vpc("10.0.0.0/16")
            .subnet('a')
            .subnet('b')
            .network_acl(
                &["b"],
                &["100 allow all from 0.0.0.0/0"],
                &[rule, "100 allow all to 0.0.0.0/0"],
            )
            .group(
                "subnets",
                &["tcp 2049 from 10.0.1.0/24", "tcp 2049 from 10.0.2.0/24"],
            )
            .group("v6", &["tcp 2049 from ::/0"])
            .group("idle", &[])
            .file_system("it")
    };
    let alone = || it("90 deny tcp 2049 to 0.0.0.0/0");
    let in_a = |group: &str| alone().mount_target('a', &[group]);
    let in_b = || alone().mount_target('b', &["subnets"]);
    let in_both = |group: &str| in_a(group).mount_target('b', &["subnets"]);
    use Verdict::{Fail, NotApplicable, Pass};
    let none: fn(&mut ValidateOptions) = |_| ();
    let expecting: fn(&mut ValidateOptions) = |options| {
        let subnet = "subnet-000000000000000a1".parse().unwrap();
        options.rules.subnets.insert(subnet);
    };
    let client = |text: &'static str| {
        move |options: &mut ValidateOptions| options.clients = vec![text.parse().unwrap()]
    };
    type Case = (
        World,
        Box<dyn Fn(&mut ValidateOptions)>,
        &'static str,
        Verdict,
    );
    let cases: Vec<Case> = vec![
        (
            in_both("subnets").set("state", "error"),
            Box::new(none),
            "mount-targets-in-several-zones",
            Fail,
        ),
        (
            in_a("subnets").set("state", "error"),
            Box::new(none),
            "mount-target-present",
            Fail,
        ),
        (
            in_both("subnets").set("state", "error"),
            Box::new(|options| {
                options.rules.zones.insert("eu-west-1b".parse().unwrap());
            }),
            "zones-of-clients",
            Fail,
        ),
        (in_a("v6"), Box::new(none), "nfs-admitted", Fail),
        (
            in_a("v6"),
            Box::new(none),
            "nfs-not-open-to-the-world",
            Pass,
        ),
        (
            in_both("idle").set("interface", false),
            Box::new(none),
            "nfs-admitted",
            Fail,
        ),
        (
            in_both("subnets").set("interface", false),
            Box::new(none),
            "nfs-admitted",
            Verdict::Unknown,
        ),
        (
            in_both("subnets").set("interface", false),
            Box::new(none),
            "nfs-not-open-to-the-world",
            Verdict::Unknown,
        ),
        (
            in_both("subnets"),
            Box::new(expecting),
            "expected-placement",
            Fail,
        ),
        (
            in_a("subnets"),
            Box::new(expecting),
            "expected-placement",
            Pass,
        ),
        (
            alone(),
            Box::new(|options| {
                options.rules.vpc = Some("vpc-0000000000000000a".parse().unwrap());
            }),
            "expected-placement",
            NotApplicable,
        ),
        // The clients of one subnet are stopped by its own network ACL, however they are stated; those beside the mount target are not.
        (
            in_a("subnets"),
            Box::new(client("subnet-000000000000000b1")),
            "nfs-from-clients",
            Fail,
        ),
        (
            in_a("subnets"),
            Box::new(client("10.0.2.0/24")),
            "nfs-from-clients",
            Fail,
        ),
        (
            in_a("subnets"),
            Box::new(client("vpc-0000000000000000a")),
            "nfs-from-clients",
            Fail,
        ),
        (
            in_b(),
            Box::new(client("10.0.2.0/24")),
            "nfs-from-clients",
            Pass,
        ),
        (
            alone().copied_to("fs-0000000000000000f", "eu-west-2", "ENABLED"),
            Box::new(none),
            "not-orphaned",
            Pass,
        ),
        (
            alone()
                .set("throughput_mode", "provisioned")
                .set("provisioned_mibps", 1),
            Box::new(none),
            "provisioned-throughput",
            Fail,
        ),
    ];
    for (world, asked, check, verdict) in cases {
        let mut options = plain();
        asked(&mut options);
        let report = all(&world.to_string(), &options).await.unwrap();
        let key = ("fs-0000000000000000a".to_owned(), check);
        assert_eq!(
            verdicts(&report).get(&key),
            Some(&verdict),
            "{check}: {world}"
        );
    }
    // A VPC's clients are where its subnets are, and nowhere else.
    let open = it("90 allow tcp 2049 to 0.0.0.0/0").mount_target('a', &["subnets"]);
    let mut options = plain();
    client("vpc-0000000000000000a")(&mut options);
    let report = all(&open.to_string(), &options).await.unwrap();
    let key = ("fs-0000000000000000a".to_owned(), "nfs-from-clients");
    assert_eq!(verdicts(&report).get(&key), Some(&Pass));
}

#[tokio::test(start_paused = true)]
async fn what_is_on_its_way_out_is_not_told_to_be_repaired() {
    let world = AUDIT.replace(
        "state = \"error\"\n\n# Open by halves",
        "state = \"deleting\"\n\n# Open by halves",
    );
    assert_ne!(world, AUDIT);
    let report = all(&world, &plain()).await.unwrap();
    for (_, finding) in report
        .findings()
        .filter(|(_, finding)| finding.file_system.as_str().ends_with('b'))
    {
        let expected = match finding.about.id {
            "file-system-state" => Verdict::Fail,
            _ => Verdict::NotApplicable,
        };
        assert_eq!(finding.verdict, expected, "{}", finding.about.id);
    }
}
