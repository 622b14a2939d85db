//! The audit: every check with every verdict, what was not seen, and how many calls it takes.

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

/// Checks that judge every file system.
const APPLY_ALWAYS: [&str; 10] = [
    "encrypted-at-rest",
    "encrypted-in-transit",
    "file-system-state",
    "data-in-several-zones",
    "no-anonymous-access",
    "automatic-backups",
    "lifecycle-policy",
    "performance-mode",
    "quotas",
    "tagged",
];

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

fn validate(arguments: &str) -> Efsctl {
    let world = fixture("worlds/messy.toml");
    Efsctl::new(&format!(
        "--sandbox --world {} validate {arguments}",
        world.display()
    ))
}

#[test]
fn exit_codes_and_documents() {
    for (arguments, code) in [
        ("orders", 0),
        ("fs-0000000000000000a", 0),
        ("--all", 3),
        ("scratch", 3),
        ("cache --fail-on high", 0),
        ("cache --fail-on medium", 3),
        ("--tag team=orders", 0),
        ("--tag nobody", 7),
        ("orders --client sg-0000000000000000a", 0),
        ("orders --client 10.0.0.0/16", 3),
        (
            "orders --require-tag team=orders --vpc vpc-0000000000000000a --az eu-west-1a",
            0,
        ),
        ("nobody", 7),
        ("fs-0000000000000ffff", 7),
        ("orders --client vpc-0000000000000ffff", 7),
        ("", 2),
        ("--all orders", 2),
        ("orders --client 10.0.0.0/99", 2),
        ("orders --fail-on severe", 2),
        ("orders --config /nonexistent.toml", 2),
        ("orders --baseline /nonexistent.json", 2),
    ] {
        let ended = validate(&format!("{arguments} -o json")).run();
        assert_eq!(ended.code, code, "{arguments}: {}", ended.stderr);
        let document = ended.document();
        assert_eq!(document["calls"]["writing"], 0, "{arguments}");
        assert_eq!(document["error"].is_null(), code == 0, "{arguments}");
        if code == 0 || code == 3 {
            assert!(
                document["audit"]["file_systems"].is_array(),
                "{arguments}: {document:#}"
            );
            assert_eq!(document["outcome"], "found");
        }
    }
}

#[test]
fn without_any_rights_it_is_denied_and_with_half_of_them_strict_counts() {
    let run = |denied: &str, arguments: &str| {
        let world = WorldFile::of(&format!("denied = [\"{denied}\"]\n{MESSY}"));
        let line = format!("validate {arguments} -o json");
        world.efsctl(&line).run()
    };
    let nothing = run("*", "--all");
    assert_eq!(nothing.code, 8, "{}", nothing.stderr);
    assert!(
        nothing
            .stderr
            .contains("elasticfilesystem:DescribeFileSystems"),
        "{}",
        nothing.stderr
    );
    let half = run("ec2:*", "orders");
    assert_eq!(half.code, 0, "{}", half.stderr);
    assert_ne!(half.document()["audit"]["verdicts"]["unknown"], 0);
    let strict = run("ec2:*", "orders --strict");
    assert_eq!(strict.code, 3, "{}", strict.stderr);
    assert!(strict.stderr.contains("--strict"), "{}", strict.stderr);
}

#[test]
fn what_failed_in_the_baseline_does_not_fail_again() {
    let folder = tempfile::tempdir().unwrap();
    let baseline = folder.path().join("baseline.json");
    let first = validate("--all -o json").run();
    std::fs::write(&baseline, &first.stdout).unwrap();
    let again = validate(&format!("--all --baseline {} -o json", baseline.display())).run();
    assert_eq!(again.code, 0, "{}", again.stderr);
    // One finding is taken out of the baseline: it is new.
    let mut document: Value = serde_json::from_str(&first.stdout).unwrap();
    for finding in document["audit"]["file_systems"][1]["findings"]
        .as_array_mut()
        .unwrap()
    {
        // What could not be seen then and fails now is as new as what passed.
        if finding["check"] == "encrypted-at-rest" {
            finding["verdict"] = "pass".into();
        }
        if finding["check"] == "no-anonymous-root" {
            finding["verdict"] = "unknown".into();
        }
    }
    std::fs::write(&baseline, document.to_string()).unwrap();
    let new = validate(&format!("--all --baseline {}", baseline.display())).run();
    assert_eq!(new.code, 3);
    assert!(
        new.stderr.contains("2 checks failed on 1 of 5")
            && new.stderr.contains("not in the baseline"),
        "{}",
        new.stderr
    );
}

#[test]
fn every_form_of_the_report_is_printed() {
    for (form, begins) in [
        ("sarif", "{"),
        ("junit", "<?xml"),
        ("github", "::error"),
        ("markdown", "#"),
        ("csv", "region,file_system_id"),
        ("table", "fs-0000000000000000a"),
    ] {
        let ended = validate(&format!("--all --format {form}")).run();
        assert_eq!(ended.code, 3, "{form}: {}", ended.stderr);
        assert!(ended.stdout.starts_with(begins), "{form}: {}", ended.stdout);
    }
    let list = Efsctl::new("validate --list").run();
    assert_eq!(list.code, 0, "{}", list.stderr);
    assert_eq!(list.stdout.lines().count(), CATALOGUE.len());
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

#[test]
fn a_verdict_whose_report_cannot_be_written_is_a_failure() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        crate::support::skipped::skipped("no /dev/full");
        return;
    };
    let output = validate("--all -o json")
        .command()
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("could not be written to stdout"));
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
