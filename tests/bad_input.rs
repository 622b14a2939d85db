//! Bad input, and the answer to each: the right exit code, one clear sentence that names the value, a hint, nothing made.

mod connect;
mod surroundings;

use std::io::{Read, Write};
use std::net::TcpListener;

use clap::CommandFactory;

use crate::support::cli::{Efsctl, fixture};

/// Arguments after `--sandbox --world obstacles.toml`, exit code, part of the sentence, part of the hint.
const TABLE: &[(&str, i32, &str, &str)] = &[
    // Names and ids.
    ("create a/b", 2, "`a/b` is not a name", "--help"),
    (
        "create aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        2,
        "is not a name",
        "--help",
    ),
    ("create -- -x", 2, "`-x` is not a name", "--help"),
    (
        "create demo --subnet subnet-xyz",
        2,
        "`subnet-xyz` is not a subnet id",
        "--help",
    ),
    (
        "create demo --vpc main",
        2,
        "`main` is not a VPC id",
        "--help",
    ),
    (
        "create demo --security-group default",
        2,
        "`default` is not a security-group id",
        "--help",
    ),
    (
        "create demo --az 1a",
        2,
        "`1a` is not an Availability Zone",
        "--help",
    ),
    (
        "create demo --allow-from world",
        2,
        "`world` is not a source",
        "--help",
    ),
    (
        "create demo --policy strict",
        2,
        "`strict` is not a preset: expected one of enforce-tls",
        "--help",
    ),
    (
        "create demo --policy enforce-tls,none",
        2,
        "none stands alone",
        "--help",
    ),
    (
        "create demo --policy policy.json",
        2,
        "write file://policy.json",
        "--help",
    ),
    (
        "create demo --policy file://",
        2,
        "file:// is followed by no path",
        "--help",
    ),
    (
        "create demo --policy file:///does/not/exist.json",
        2,
        "--policy file:///does/not/exist.json: ",
        "--policy enforce-tls,deny-root",
    ),
    (
        "create demo --policy deny-root",
        2,
        "refusing to change it without confirmation",
        "no client could write",
    ),
    (
        "create demo --bypass-lockout-check",
        2,
        "--policy <POLICY>",
        "--help",
    ),
    (
        "create demo --hardened --policy none",
        2,
        "--hardened sets a policy, and --policy none removes it",
        "leave one of them out",
    ),
    (
        "create demo --hardened --policy file://x.json",
        2,
        "--hardened sets presets, and --policy sets a whole policy",
        "leave one of them out",
    ),
    (
        "create demo --hardened --backup=off",
        2,
        "--hardened turns backups on, and --backup=off turns them off",
        "leave one of them out",
    ),
    (
        "create demo --hardened --transition-to-ia never",
        2,
        "and --transition-to-ia never does not",
        "leave one of them out",
    ),
    (
        "create demo --hardened --unencrypted",
        2,
        "--unencrypted",
        "--help",
    ),
    // `set`: most of its settings are those of `create`.
    ("set", 2, "<FS>", "--help"),
    (
        "set plain",
        2,
        "nothing to set: no setting is named",
        "set --help",
    ),
    (
        "set a/b --backup",
        2,
        "`a/b` is not a file system",
        "--help",
    ),
    (
        "set nope --backup",
        7,
        "there is no file system `nope` in this region",
        "list",
    ),
    (
        "set fs-0000000000000dead --backup",
        7,
        "there is no file system `fs-0000000000000dead`",
        "list",
    ),
    (
        "set plain --throughput fast",
        2,
        "`fast` is not a throughput mode",
        "--help",
    ),
    (
        "set plain --throughput provisioned=0",
        2,
        "`0` is not an amount of throughput: expected 1 to 3414 MiB/s",
        "--help",
    ),
    (
        "set plain --transition-to-ia 5d",
        2,
        "`5d` is not a number of days EFS knows",
        "--help",
    ),
    (
        "set plain --transition-to-archive 90d",
        2,
        "--transition-to-archive needs --throughput elastic",
        "settings that are not named stay",
    ),
    (
        "set plain --transition-to-primary soon",
        2,
        "--transition-to-primary",
        "--help",
    ),
    ("set plain --backup=maybe", 2, "--backup", "--help"),
    (
        "set plain --replication-overwrite-protection maybe",
        2,
        "--replication-overwrite-protection",
        "--help",
    ),
    (
        "set plain --replication-overwrite-protection off",
        2,
        "refusing to change it without confirmation",
        "--yes",
    ),
    (
        "set plain --untag aws:x",
        2,
        "the prefix `aws:` is reserved",
        "--help",
    ),
    ("set plain --untag", 2, "--untag <KEY>", "--help"),
    ("set plain --tag team", 2, "`team` is not a tag", "--help"),
    (
        "set plain --tag a=1 --untag a",
        2,
        "--tag sets a, and --untag removes it",
        "leave one of them out",
    ),
    (
        "set plain --tag a=1 --tag a=2",
        2,
        "--tag gives a two values: 1 and 2",
        "leave one of them out",
    ),
    (
        "set plain --access-point x",
        2,
        "`x` is not an access point",
        "--help",
    ),
    (
        "set plain --access-point x=app",
        2,
        "`app` is not a path for an access point",
        "--help",
    ),
    (
        "set plain --access-point x=/a:b:c",
        2,
        "`b` is not a user or group id",
        "--help",
    ),
    (
        "set plain --access-point x=/a:1",
        2,
        "`x=/a:1` is not an access point",
        "--help",
    ),
    (
        "set plain --access-point x=/a:1:1:999",
        2,
        "are not permissions",
        "--help",
    ),
    (
        "set plain --access-point x=/a --access-point x=/b",
        2,
        "access point `x` is requested twice",
        "--access-point",
    ),
    (
        "set plain --access-point x=/a --remove-access-point x",
        2,
        "--access-point creates x, and --remove-access-point removes it",
        "leave one of them out",
    ),
    (
        "set plain --remove-access-point fsap-xyz",
        2,
        "`fsap-xyz` is not an access-point id",
        "--help",
    ),
    (
        "set plain --expires yesterday",
        2,
        "`yesterday` is neither a duration nor a time",
        "--help",
    ),
    (
        "set plain --expires 2001-01-01T00:00:00Z",
        2,
        "--expires: 2001-01-01T00:00:00Z is in the past",
        "--expires 48h",
    ),
    ("set plain --expires 0h", 2, "`0h` is too short", "--help"),
    ("set plain --backup --check", 2, "--dry-run", "--help"),
    (
        "set plain --policy deny-root",
        2,
        "refusing to change it without confirmation",
        "no client could write",
    ),
    (
        "set plain --policy none,read-only",
        2,
        "none stands alone",
        "--help",
    ),
    (
        "set plain --hardened --policy none",
        2,
        "--hardened sets a policy, and --policy none removes it",
        "leave one of them out",
    ),
    ("set plain --vpc vpc-00000000000000001", 2, "--az", "--help"),
    (
        "set plain --az nowhere",
        2,
        "`nowhere` is not an Availability Zone",
        "--help",
    ),
    (
        "set plain --az eu-west-1z",
        2,
        "--az eu-west-1z",
        "the region has",
    ),
    (
        "set plain --az eu-west-1a --remove-az eu-west-1a",
        2,
        "--az adds a mount target in eu-west-1a, and --remove-az removes it",
        "leave one of them out",
    ),
    ("set plain --subnet sn-1", 2, "`sn-1`", "--help"),
    (
        "set plain --subnet subnet-0000000000000dead",
        7,
        "--subnet",
        "aws ec2 describe-subnets",
    ),
    (
        "set plain --ip-type ipv6",
        2,
        "--ip-type is given, and no mount target is added",
        "--az ZONE or --subnet SUBNET",
    ),
    (
        "set plain --remove-az nowhere",
        2,
        "`nowhere` is not an Availability Zone",
        "--help",
    ),
    (
        "set plain --allow-from world",
        2,
        "`world` is not a source",
        "--help",
    ),
    (
        "set plain --allow-from 10.0.0.5/24",
        2,
        "`10.0.0.5/24` has host bits set",
        "--help",
    ),
    (
        "set plain --allow-from 10.0.0.0/16",
        7,
        "no security group efsctl-plain",
        "efsctl --sandbox",
    ),
    (
        "set plain --allow-from 10.0.0.0/16 --remove-allow-from 10.0.0.0/16",
        2,
        "--allow-from allows 10.0.0.0/16, and --remove-allow-from removes it",
        "leave one of them out",
    ),
    (
        "set plain --replicate-to mars",
        2,
        "`mars` is not a region",
        "--help",
    ),
    (
        "set plain --replicate-to us-west-2b",
        2,
        "as us-west-2:us-west-2b",
        "--help",
    ),
    (
        "set plain --replicate-to fs-0123456789abcdef0",
        2,
        "give its ARN",
        "--help",
    ),
    (
        "set plain --replicate-to none --replica-kms-key alias/x",
        2,
        "--replica-kms-key is for a copy that EFS creates, and --replicate-to none ends the replication",
        "leave one of them out",
    ),
    (
        "set plain --replica-kms-key alias/x",
        2,
        "--replicate-to",
        "--help",
    ),
    (
        "create demo --no-wait --replicate-to eu-west-2",
        2,
        "--replicate-to",
        "--help",
    ),
    ("set plain --open-to-the-world", 2, "--allow-from", "--help"),
    ("set plain --rules-per-group 5", 2, "--allow-from", "--help"),
    ("delete plain -f manifest.toml", 2, "--file", "--help"),
    (
        "delete -f /nonexistent.toml",
        2,
        "/nonexistent.toml: No such file",
        "docs/MANIFEST.md",
    ),
    ("delete --only app", 2, "--file", "--help"),
    (
        "wait plain --any",
        2,
        "--any is for --for nfs and --for dns only",
        "leave --any out",
    ),
    (
        "wait plain --for nfs --resolver 10.0.0.2",
        2,
        "--resolver is for --for dns only",
        "leave --resolver out",
    ),
    (
        "wait plain --for dns --resolver dns.example",
        2,
        "`dns.example` is no address: expected 10.0.0.2, 10.0.0.2:53 or [fd00::2]:53",
        "--help",
    ),
    ("create demo --tag team", 2, "`team` is not a tag", "--help"),
    (
        "create demo --tag aws:x=1",
        2,
        "prefix `aws:` is reserved",
        "--help",
    ),
    (
        "create demo --kms-key mykey",
        2,
        "`mykey` is not a KMS key",
        "--help",
    ),
    (
        "describe fs-123",
        2,
        "`fs-123` is not a file-system id",
        "--help",
    ),
    (
        "wait arn:aws:s3:::bucket",
        2,
        "is not the ARN of a file system",
        "--help",
    ),
    (
        "wait plain --timeout soon",
        2,
        "`soon` is not a duration",
        "--help",
    ),
    (
        "create demo --transition-to-ia 31d",
        2,
        "`31d` is not a number of days EFS knows",
        "--help",
    ),
    // Exports.
    (
        "export --format terraform",
        2,
        "required arguments were not provided",
        "--help",
    ),
    (
        "export plain --all --format terraform",
        2,
        "cannot be used with",
        "--help",
    ),
    (
        "export plain --format pulumi",
        2,
        "invalid value 'pulumi' for '--format",
        "--help",
    ),
    (
        "export fs-123 --format terraform",
        2,
        "`fs-123` is not a file-system id",
        "--help",
    ),
    (
        "export --all --format terraform --profile a,b",
        2,
        "export reads one account, and --profile names several",
        "run it once for each profile",
    ),
    (
        "export plain --format terraform",
        2,
        "export prints a configuration and has no other form",
        "leave -o json out",
    ),
    (
        "export --all --format cloudformation --region all",
        2,
        "--format cloudformation is about one region, and --region names several",
        "--format terraform",
    ),
    (
        "export --all --format cloudformation-import --region eu-west-1,eu-west-2",
        2,
        "--format cloudformation-import is about one region",
        "run it once for each region",
    ),
    (
        "export --all --format terraform --region nowhere",
        2,
        "`nowhere` is not a region",
        "",
    ),
    // Combinations.
    (
        "create demo --kms-key alias/k --unencrypted",
        2,
        "cannot be used with",
        "--help",
    ),
    (
        "create demo --throughput provisioned",
        2,
        "`provisioned` needs an amount",
        "--help",
    ),
    (
        "create demo --throughput provisioned=0",
        2,
        "`0` is not an amount of throughput",
        "--help",
    ),
    (
        "create demo --throughput fast",
        2,
        "`fast` is not a throughput mode",
        "--help",
    ),
    (
        "create demo --performance max-io --throughput elastic",
        2,
        "max-io cannot be combined with --throughput elastic",
        "--help",
    ),
    (
        "create demo --performance max-io --one-zone eu-west-1a",
        2,
        "max-io cannot be combined with --one-zone",
        "--help",
    ),
    (
        "create demo --throughput elastic --transition-to-ia 90d --transition-to-archive 30d",
        2,
        "archive has to be later",
        "--help",
    ),
    (
        "create demo --transition-to-archive 90d",
        2,
        "--transition-to-archive needs --throughput elastic",
        "add --throughput elastic",
    ),
    (
        "create demo --one-zone eu-west-1a --az eu-west-1b",
        2,
        "--az eu-west-1b is another one",
        "--help",
    ),
    (
        "create demo --security-group sg-00000001,sg-00000002,sg-00000003 --security-group sg-00000004,sg-00000005,sg-00000006",
        7,
        "sg-00000006' do not exist",
        "list them",
    ),
    // What does not exist, or lies elsewhere.
    (
        "create demo --subnet subnet-000000000000000ff",
        7,
        "subnet-000000000000000ff",
        "describe-subnets",
    ),
    (
        "create demo --vpc vpc-000000000000000ff",
        7,
        "vpc-000000000000000ff",
        "describe-vpcs",
    ),
    (
        "create demo --security-group sg-000000000000000ff",
        7,
        "sg-000000000000000ff",
        "describe-security-groups",
    ),
    (
        "create demo --allow-from sg-000000000000000ff",
        7,
        "sg-000000000000000ff",
        "describe-security-groups",
    ),
    (
        "create demo --vpc vpc-00000000000000001 --subnet subnet-000000000000000c1",
        2,
        "--subnet subnet-000000000000000c1 is in vpc-00000000000000002, not in --vpc vpc-00000000000000001",
        "--help",
    ),
    (
        "create demo --subnet subnet-000000000000000a1,subnet-000000000000000c1",
        2,
        "subnet-000000000000000a1 is in vpc-00000000000000001, subnet-000000000000000c1 is in vpc-00000000000000002",
        "subnets of one VPC",
    ),
    (
        "create demo --subnet subnet-000000000000000a1 --security-group sg-00000000000000003",
        2,
        "--security-group sg-00000000000000003 belongs to vpc-00000000000000002",
        "its own VPC",
    ),
    (
        "create demo --az eu-west-1f",
        2,
        "--az eu-west-1f is not an Availability Zone of this region",
        "eu-west-1a, eu-west-1b",
    ),
    (
        "create demo --one-zone us-east-1a",
        2,
        "--one-zone us-east-1a is not",
        "eu-west-1a",
    ),
    (
        "create demo --vpc vpc-00000000000000001 --az eu-west-1c",
        2,
        "no subnet in zone eu-west-1c",
        "--az",
    ),
    (
        "create demo --region eu-central-1",
        2,
        "no default VPC",
        "--vpc",
    ),
    ("create demo --ip-type ipv6", 2, "no subnet", "--ip-type"),
    (
        "describe nothing",
        7,
        "no file system `nothing`",
        "efsctl --sandbox",
    ),
    (
        "wait fs-000000000000000ff",
        7,
        "no file system `fs-000000000000000ff`",
        "list",
    ),
    (
        "delete nothing --yes",
        7,
        "nothing named `nothing` found",
        "list",
    ),
    // What is in the way.
    (
        "create demo --vpc vpc-00000000000000001",
        1,
        "subnet subnet-000000000000000b1 in eu-west-1b has no free address",
        "--subnet",
    ),
    (
        "create plain",
        4,
        "encrypted is false (wanted true)",
        "create another NAME",
    ),
    (
        "create taken --subnet subnet-000000000000000a1",
        4,
        "sg-00000000000000002, which efsctl did not create",
        "--security-group",
    ),
    (
        "create broken --subnet subnet-000000000000000a1",
        1,
        "fsmt-00000000000000001 in eu-west-1a is in state error",
        "delete-mount-target --mount-target-id fsmt-00000000000000001",
    ),
    (
        "wait broken",
        1,
        "fsmt-00000000000000001 in eu-west-1a is in state error",
        "this state is permanent",
    ),
    (
        "wait slow --timeout 1s",
        6,
        "`slow` is not available: ",
        "wait slow --timeout",
    ),
    ("wait slow --for nfs", 2, "simulated", "--for available"),
    ("delete plain", 2, "stdin is not a terminal", "--yes"),
    // The line itself.
    (
        "create demo --region mars",
        2,
        "`mars` is not a region (--region)",
        "eu-west-1",
    ),
    (
        "create demo --region eu-west-100",
        1,
        "the sandbox does not simulate the region `eu-west-100`",
        "",
    ),
    ("frobnicate", 2, "unrecognized subcommand", "--help"),
    ("create", 2, "required arguments", "--help"),
    ("create demo --check", 2, "--dry-run", "--help"),
    (
        "create demo --tag team=red --tag team=blue",
        2,
        "--tag gives team two values: red and blue",
        "leave one of them out",
    ),
];

#[test]
fn each_gets_its_exit_code_one_sentence_and_a_hint_and_nothing_is_made() {
    let world = fixture("worlds/obstacles.toml");
    let mut wrong = Vec::new();
    for (arguments, code, sentence, hint) in TABLE {
        let mut words = arguments.split(" -- ");
        let run = Efsctl::new(&format!("--sandbox --world {} -o json", world.display()));
        let mut run = words
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .fold(run, |run, word| run.arg(word));
        if let Some(rest) = words.next() {
            run = run.arg("--").arg(rest);
        }
        let ended = run.run();
        let document = ended.document();
        let error = &document["error"];
        let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
        let checks = [
            (
                "exit code",
                ended.code == *code && error["exit_code"] == *code,
            ),
            ("sentence", text("message").contains(sentence)),
            ("hint", text("hint").contains(hint)),
            ("said on stderr", ended.stderr.contains(sentence)),
            (
                "nothing made",
                document["calls"]["writing"] == 0
                    && document["changes"].as_array().is_some_and(Vec::is_empty),
            ),
            ("outcome", document["outcome"] == "failed"),
        ];
        for (what, ok) in checks {
            if !ok {
                wrong.push(format!(
                    "{arguments}: {what}: exit {} {error:#}\n{}",
                    ended.code, ended.stderr
                ));
            }
        }
    }
    println!("bad input: {} lines", TABLE.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn variables_and_flags_that_cannot_be_meant_are_named() {
    for (name, value, sentence) in [
        (
            "AWS_ENDPOINT_URL",
            "",
            "the variable AWS_ENDPOINT_URL is set and empty",
        ),
        (
            "AWS_ENDPOINT_URL_EFS",
            "",
            "the variable AWS_ENDPOINT_URL_EFS is set and empty",
        ),
        (
            "AWS_ENDPOINT_URL",
            "foo",
            "`foo` is not the address of an endpoint (the variable AWS_ENDPOINT_URL)",
        ),
        ("AWS_REGION", "", "the variable AWS_REGION is set and empty"),
        (
            "AWS_REGION",
            "EU-WEST-1",
            "`EU-WEST-1` is not a region (the variable AWS_REGION)",
        ),
        (
            "AWS_DEFAULT_REGION",
            "all",
            "`all` is not a region (the variable AWS_DEFAULT_REGION)",
        ),
    ] {
        let ended = Efsctl::new("list -o json").env(name, value).run();
        assert_eq!(ended.code, 2, "{name}={value}: {}", ended.stderr);
        let message = ended.document()["error"]["message"].clone();
        assert_eq!(message, sentence);
        // What needs no AWS does not care.
        let ended = Efsctl::new("completions bash").env(name, value).run();
        assert_eq!(ended.code, 0, "{name}={value}: {}", ended.stderr);
    }
    let world = fixture("worlds/messy.toml");
    for (line, sentence) in [
        (
            "--sandbox list --endpoint-url http://127.0.0.1:9",
            "--sandbox and --endpoint-url contradict each other",
        ),
        (
            "--endpoint-url http://127.0.0.1:9 list --sandbox",
            "--sandbox and --endpoint-url contradict each other",
        ),
        (
            "-q --sandbox list -v",
            "--quiet and --verbose contradict each other",
        ),
        (
            &format!("list --world {}", world.display()),
            "--sandbox is not given",
        ),
    ] {
        let ended = Efsctl::new(line).run();
        assert_eq!(ended.code, 2, "{line}: {}", ended.stderr);
        assert!(ended.stderr.contains(sentence), "{line}: {}", ended.stderr);
    }
    let ended = Efsctl::new(&format!("--sandbox list --world {}", world.display())).run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
}

#[test]
fn two_subnets_of_a_zone_are_one_mount_target_and_a_warning() {
    let world = fixture("worlds/obstacles.toml");
    let ended = Efsctl::new(&format!(
        "--sandbox --world {} -o json create demo --dry-run",
        world.display()
    ))
    .arg("--subnet=subnet-000000000000000a2,subnet-000000000000000a1")
    .run();
    let document = ended.document();
    assert_eq!(
        (ended.code, &document["outcome"]),
        (0, &"planned".into()),
        "{}",
        ended.stderr
    );
    let made: Vec<&str> = document["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|c| c["resource"]["kind"] == "mount_target")
        .map(|c| c["detail"].as_str().unwrap())
        .collect();
    assert_eq!(
        made,
        ["eu-west-1a in subnet-000000000000000a1"],
        "the one with more free addresses"
    );
    let warnings = document["warnings"].to_string();
    assert!(
        warnings.contains("subnet-000000000000000a2 left out"),
        "{warnings}"
    );
    assert_eq!(
        document["calls"]["writing"], 0,
        "asking EC2 with DryRun is no writing call"
    );
}

#[test]
fn a_line_that_cannot_be_parsed_is_told_as_the_command_that_it_names() {
    let cli = efsctl::cli::Cli::command();
    let mut seen = 0;
    for command in cli.get_subcommands() {
        let name = command.get_name();
        let ended = Efsctl::new(&format!("{name} --no-such-flag -o json")).run();
        let document = ended.document();
        assert_eq!(ended.code, 2, "{name}: {}", ended.stderr);
        assert_eq!(document["command"], name);
        let hint = document["error"]["hint"].as_str().unwrap();
        assert!(
            hint.ends_with(&format!("see `efsctl {name} --help`")),
            "{hint}"
        );
        seen += 1;
    }
    assert!(seen >= 9, "{seen}");
    let none = Efsctl::new("-o json frobnicate").run();
    assert_eq!(none.document()["command"], "efsctl");
}
