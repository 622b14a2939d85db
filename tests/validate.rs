//! The audit: every check with every verdict, what was not seen, and how many calls it takes.

mod adversarial;
mod client_option;
mod command;
mod rate;
mod states;

use std::collections::{BTreeMap, BTreeSet};

use efsctl::audit::catalogue::CATALOGUE;
use efsctl::audit::check::Check;
use efsctl::audit::config_file::ConfigFile;
use efsctl::audit::rules::Rules;
use efsctl::domain::finding::{Report, Verdict};
use efsctl::error::{Error, Kind};
use efsctl::sandbox::account::Options;
use efsctl::sandbox::fault::{Faults, RateLimit};
use efsctl::sandbox::world::scenario;
use efsctl::service::{Scope, ValidateOptions};
use serde_json::Value;

use crate::support::cli::{Efsctl, fixture};
use crate::support::harness::{Harness, REGION};
use crate::support::server::sandbox;
use crate::support::world::{World, WorldFile, world};

const MESSY: &str = include_str!("../fixtures/worlds/messy.toml");
const AUDIT: &str = include_str!("../fixtures/worlds/audit.toml");
const STATED: &str = include_str!("../fixtures/worlds/clients.toml");

type Verdicts = BTreeMap<(String, &'static str), Verdict>;

fn verdicts(report: &Report) -> Verdicts {
    report
        .findings()
        .map(|(_, finding)| {
            let key = (finding.file_system.to_string(), finding.about.id);
            (key, finding.verdict)
        })
        .collect()
}

fn plain() -> ValidateOptions {
    ValidateOptions {
        region: REGION.to_owned(),
        rules: Rules::on("2026-11-21".to_owned()),
        ..ValidateOptions::default()
    }
}

/// Everything is stated and expected.
fn demanding() -> ValidateOptions {
    let mut options = plain();
    options.clients = [
        "sg-0000000000000000a",
        "sg-0000000000000000e",
        "10.0.1.0/24",
        "subnet-000000000000000a1",
    ]
    .map(|client| client.parse().unwrap())
    .to_vec();
    let rules = &mut options.rules;
    rules
        .subnets
        .insert("subnet-000000000000000a1".parse().unwrap());
    rules.zones.insert("eu-west-1b".parse().unwrap());
    rules
        .kms_keys
        .insert("11111111-2222-3333-4444-555555555555".parse().unwrap());
    rules
        .required_tags
        .insert("team".to_owned(), Some("red".to_owned()));
    options
}

async fn all(world: &str, options: &ValidateOptions) -> Result<Report, Error> {
    let harness = Harness::described(world);
    let report = harness
        .auditor()
        .await
        .validate(&Scope::All, options)
        .await?;
    assert_eq!(harness.writes(), 0, "an audit writes nothing");
    Ok(report)
}

/// The IAM action of a read.
fn action(read: &str) -> String {
    let efs = [
        "FileSystem",
        "MountTarget",
        "AccessPoint",
        "Lifecycle",
        "Backup",
        "Replication",
    ];
    let service = match efs.iter().any(|word| read.contains(word)) {
        true => "elasticfilesystem",
        false => "ec2",
    };
    format!("{service}:{read}")
}

/// Every read of the catalogue.
fn reads() -> BTreeSet<&'static str> {
    let all = CATALOGUE.iter().flat_map(|check| check.about.reads);
    all.copied().collect()
}

#[tokio::test(start_paused = true)]
async fn every_check_gives_every_verdict_on_a_world() {
    let served = ValidateOptions {
        clients: vec!["sg-0000000000000000a".parse().unwrap()],
        ..plain()
    };
    let mut seen: BTreeSet<(&str, Verdict)> = BTreeSet::new();
    for (world, options) in [
        (MESSY, plain()),
        (MESSY, served),
        (AUDIT, plain()),
        (AUDIT, demanding()),
    ] {
        let mut worlds = vec![world.to_owned()];
        for excluded in ["disabled", "enabled"] {
            worlds.push(controlled("enforce", excluded));
        }
        worlds.extend(reads().iter().map(|read| {
            let action = action(read);
            format!("denied = [\"{action}\"]\n{world}")
        }));
        for world in worlds {
            // Without some reads there is no audit.
            if let Ok(report) = all(&world, &options).await {
                let found = verdicts(&report).into_iter();
                seen.extend(found.map(|((_, check), verdict)| (check, verdict)));
            }
        }
    }
    let missing = |verdict: Verdict| -> Vec<&str> {
        let ids = CATALOGUE.iter().map(|check| check.about.id);
        ids.filter(|id| !seen.contains(&(*id, verdict))).collect()
    };
    assert_eq!(missing(Verdict::Pass), [""; 0]);
    assert_eq!(missing(Verdict::Fail), [""; 0]);
    // What is read with the list of the file systems is known of each that is audited.
    let listed = |check: &&Check| check.about.reads == ["DescribeFileSystems"];
    let known: Vec<&str> = CATALOGUE
        .iter()
        .copied()
        .filter(listed)
        .map(|check| check.about.id)
        .collect();
    assert_eq!(missing(Verdict::Unknown), known);
    assert_eq!(
        missing(Verdict::NotApplicable),
        APPLY_ALWAYS,
        "what applies to every file system"
    );
    let off: String = CATALOGUE
        .iter()
        .map(|check| format!("[checks.{}]\nenabled = false\n", check.about.id))
        .collect();
    let policy = ConfigFile::parse(&off).unwrap();
    let options = ValidateOptions {
        rules: policy.apply_to(plain().rules),
        ..plain()
    };
    let skipped = all(AUDIT, &options).await.unwrap();
    for (_, finding) in skipped.findings() {
        assert_eq!(finding.verdict, Verdict::Skipped, "{}", finding.about.id);
    }
}

/// The world whose VPC controls encryption.
fn controlled(mode: &str, excluded: &str) -> String {
    let range = "cidr = \"10.0.0.0/16\"\n";
    assert!(AUDIT.contains(range));
    let control = format!(
        "{range}encryption_control = {{ mode = \"{mode}\", elastic_file_system = \"{excluded}\" }}\n"
    );
    AUDIT.replacen(range, &control, 1)
}

/// Checks that judge every file system.
const APPLY_ALWAYS: [&str; 11] = [
    "encrypted-at-rest",
    "encrypted-in-transit",
    "file-system-state",
    "data-in-several-zones",
    "no-anonymous-access",
    "automatic-backups",
    "lifecycle-policy",
    "performance-mode",
    // Of these worlds: none has the copy of a replication.
    "replication-overwrite-protection",
    "quotas",
    "tagged",
];

#[tokio::test(start_paused = true)]
async fn the_verdicts_are_those_that_the_worlds_are_made_for() {
    use Verdict::{Fail, NotApplicable, Pass, Unknown};
    let (messy, audit) = (
        all(MESSY, &plain()).await.unwrap(),
        all(AUDIT, &plain()).await.unwrap(),
    );
    let demanding = all(AUDIT, &demanding()).await.unwrap();
    for (report, file_system, check, verdict) in [
        (&messy, 'a', "nfs-admitted", Pass),
        (&messy, 'a', "encrypted-in-transit", Pass),
        (&messy, 'a', "policy-grants-mount", Pass),
        (&messy, 'b', "policy-not-public", Fail),
        (&messy, 'b', "no-anonymous-root", Fail),
        (&messy, 'b', "no-foreign-accounts", Fail),
        (&messy, 'c', "policy-grants-mount", Fail),
        (&messy, 'c', "encrypted-in-transit", Pass),
        (&messy, 'c', "network-acl-admits-nfs", Fail),
        (&messy, 'c', "nfs-admitted", Fail),
        (&messy, 'd', "mount-target-state", NotApplicable),
        (&messy, 'd', "not-orphaned", Fail),
        (&messy, 'e', "mount-targets-in-several-zones", NotApplicable),
        (&messy, 'e', "data-in-several-zones", Fail),
        (&messy, 'e', "efsctl-identity", Fail),
        (&audit, 'c', "nfs-not-open-to-the-world", Fail),
        (&audit, 'c', "quotas", Fail),
        (&audit, 'd', "no-policy-lock-out", Fail),
        (&audit, 'd', "policy-not-public", Pass),
        (&audit, 'e', "policy-understood", Fail),
        (&audit, 'e', "policy-not-public", Unknown),
        (&audit, 'f', "archive-order", Fail),
        (&audit, 'f', "mount-target-interface", NotApplicable),
        (&audit, 'a', "nfs-from-clients", NotApplicable),
        (&demanding, 'a', "nfs-from-clients", Fail),
        (&demanding, 'a', "zones-of-clients", Fail),
        (&demanding, 'd', "zones-of-clients", Pass),
        (&demanding, 'a', "expected-kms-key", Pass),
        (&demanding, 'c', "expected-kms-key", Fail),
    ] {
        let key = (format!("fs-0000000000000000{file_system}"), check);
        assert_eq!(verdicts(report).get(&key), Some(&verdict), "{key:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn clients_are_admitted_by_group_by_ranges_that_add_up_and_not_a_byte_further() {
    for (client, verdict) in [
        ("sg-0000000000000000a", Verdict::Pass),
        ("10.0.1.0/24", Verdict::Pass),
        ("10.0.1.77/32", Verdict::Pass),
        ("10.0.0.0/23", Verdict::Fail),
        ("subnet-000000000000000a1", Verdict::Pass),
        ("subnet-000000000000000b1", Verdict::Fail),
        ("vpc-0000000000000000a", Verdict::Fail),
        ("sg-0000000000000000e", Verdict::Fail),
        ("fd00::/64", Verdict::Fail),
    ] {
        let options = ValidateOptions {
            clients: vec![client.parse().unwrap()],
            ..plain()
        };
        let report = all(AUDIT, &options).await.unwrap();
        let key = ("fs-0000000000000000a".to_owned(), "nfs-from-clients");
        assert_eq!(verdicts(&report).get(&key), Some(&verdict), "{client}");
    }
    let missing = ValidateOptions {
        clients: vec!["sg-00000000000000fff".parse().unwrap()],
        ..plain()
    };
    let error = all(AUDIT, &missing).await.unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
    assert!(
        error.message.contains("client sg-00000000000000fff"),
        "{error}"
    );
}

/// Every read, denied: what needs it is unknown and names the missing action, and nothing else changes.
#[tokio::test(start_paused = true)]
async fn a_denied_read_is_unknown_where_it_matters_and_nowhere_else() {
    for (world, options) in [(MESSY, plain()), (AUDIT, demanding())] {
        let undisturbed = verdicts(&all(world, &options).await.unwrap());
        for read in &reads() {
            let action = action(read);
            let denied = format!("denied = [\"{action}\"]\n{world}");
            let report = match all(&denied, &options).await {
                Ok(report) => report,
                Err(error) => {
                    // Without the list there is nothing to audit; without the place of the clients, nothing to hold them against.
                    let fatal = [
                        "DescribeSubnets",
                        "DescribeFileSystems",
                        "DescribeSecurityGroups",
                        "DescribeNetworkInterfaces",
                    ];
                    assert!(fatal.contains(read), "{read}: {error}");
                    assert_eq!(error.kind, Kind::Denied, "{read}: {error}");
                    continue;
                }
            };
            for (_, finding) in report.findings() {
                let key = (finding.file_system.to_string(), finding.about.id);
                let before = undisturbed[&key];
                if !finding.about.reads.contains(read) {
                    assert_eq!(
                        finding.verdict, before,
                        "{key:?} does not say that it reads {read}"
                    );
                } else if before != Verdict::NotApplicable {
                    // What needs no such thing here, or fails for certain by what was seen, may stay as it was.
                    let needless = *read == "GetManagedPrefixListEntries"
                        || key.1 == "not-orphaned"
                        || before != Verdict::Pass;
                    assert!(
                        finding.verdict == Verdict::Unknown
                            || (needless && finding.verdict == before),
                        "{key:?} is {} although {read} is denied",
                        finding.verdict
                    );
                    if finding.verdict == Verdict::Unknown && !needless {
                        let remedy = finding.remedy.clone().unwrap_or_default();
                        assert!(
                            remedy.contains(&action),
                            "{key:?}: {:?} {remedy}",
                            finding.evidence
                        );
                    }
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_config_file_turns_off_reweighs_and_excepts_until_a_day() {
    let file = |until: &str| {
        ConfigFile::parse(&format!(
            "required-tags = [\"team\"]\nallowed-accounts = [\"444455556666\"]\n\
             [checks.lifecycle-policy]\nenabled = false\n[checks.automatic-backups]\nseverity = \"critical\"\n\
             [[exceptions]]\ncheck = \"data-in-several-zones\"\nfile-system = \"cache\"\nreason = \"can be recreated\"\nuntil = {until}\n"
        ))
        .unwrap()
    };
    for (until, verdict) in [
        ("2026-12-31", Verdict::Skipped),
        ("2026-11-21", Verdict::Skipped),
        ("2026-11-20", Verdict::Fail),
    ] {
        let options = ValidateOptions {
            rules: file(until).apply_to(plain().rules),
            ..plain()
        };
        let report = all(MESSY, &options).await.unwrap();
        let of = |id: char, check: &'static str| {
            verdicts(&report)[&(format!("fs-0000000000000000{id}"), check)]
        };
        assert_eq!(of('e', "data-in-several-zones"), verdict, "{until}");
        let ended = report
            .findings()
            .flat_map(|(_, finding)| &finding.evidence)
            .any(|line| line.contains("ended on 2026-11-20"));
        assert_eq!(ended, until == "2026-11-20");
        assert_eq!(of('b', "lifecycle-policy"), Verdict::Skipped);
        assert_eq!(of('b', "no-foreign-accounts"), Verdict::Pass);
        assert_eq!(of('b', "required-tags"), Verdict::Fail);
        let (_, backups) = report
            .findings()
            .find(|(_, finding)| finding.about.id == "automatic-backups")
            .unwrap();
        assert_eq!(backups.severity.as_str(), "critical");
    }
    for (text, part) in [
        ("strict = maybe", "line 1, column 10"),
        (
            "[checks.lifecycle]\nenabled = false",
            "line 1, column 9: there is no check `lifecycle`; did you mean `lifecycle-policy`?",
        ),
        (
            "strict = true\nallowed-accounts = [\"111122223333\", \"4444\"]",
            "line 2, column 37: `4444` is not an account number: expected 12 digits in quotes",
        ),
        ("allowed-accounts = [444455556666]", "line 1, column 21"),
        (
            "required-tags = [\"team\", \"=x\"]",
            "line 1, column 26: tag ``",
        ),
        (
            "kms-keys = [\"alias/efs\"]",
            "give the id or the ARN of the key",
        ),
        (
            "kms-keys = [\" \"]",
            "line 1, column 13: ` ` is neither the id nor the ARN of a KMS key",
        ),
        (
            "[[exceptions]]\ncheck = \"quotas\"\nreason = \"x\"\nuntil = 10:00:00",
            "line 4, column 9: `until` of the exception for `quotas` is 10:00:00: expected a date",
        ),
        (
            "[[exceptions]]\ncheck = \"quota\"\nreason = \"x\"",
            "line 2, column 9: there is no check `quota`",
        ),
        (
            "[[exceptions]]\ncheck = \"quotas\"\nreason = \" \"",
            "line 3, column 10: the exception for `quotas` has no reason",
        ),
        (
            "quota-percent = 0",
            "line 1, column 17: quota-percent is 0: expected 1 to 100",
        ),
        ("unheard-of = 1", "unknown field `unheard-of`"),
    ] {
        let error = ConfigFile::parse(text).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn remedies_do_what_they_say_when_they_are_typed() {
    // The clients' own range is not what opens it; two halves are, together.
    let world = |rules: &str| {
        AUDIT.replace(
            "ingress = [\"tcp 2049 from 0.0.0.0/1\", \"tcp 2000-3000 from 128.0.0.0/1\"]",
            &format!("ingress = [{rules}]"),
        )
    };
    let remedy = async |world: String, file_system: char, check: &str| {
        let report = all(&world, &demanding()).await.unwrap();
        let id = format!("fs-0000000000000000{file_system}");
        let (_, finding) = report
            .findings()
            .find(|(_, finding)| finding.file_system.as_str() == id && finding.about.id == check)
            .unwrap();
        finding.remedy.clone().unwrap_or_default()
    };
    let open = "nfs-not-open-to-the-world";
    let whole = world("\"tcp 2049 from 10.0.0.0/8\", \"all from 0.0.0.0/0\"");
    let told = remedy(whole, 'c', open).await;
    assert!(
        told.contains("'IpProtocol=-1,IpRanges=[{CidrIp=0.0.0.0/0}]'")
            && !told.contains("10.0.0.0/8"),
        "{told}"
    );
    let told = remedy(AUDIT.to_owned(), 'c', open).await;
    assert!(
        told.contains("0.0.0.0/1")
            && told.contains("FromPort=2000,ToPort=3000,IpRanges=[{CidrIp=128.0.0.0/1}]"),
        "{told}"
    );
}

#[test]
fn a_deny_to_whoever_comes_by_a_mount_target_denies_every_nfs_client() {
    let policy = efsctl::audit::policy::Policy::parse(
        r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]},
            {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*",
             "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}}]}"#,
    )
    .unwrap();
    assert_eq!(policy.grants_mount(), []);
    assert_eq!(policy.anonymous(), []);
}
