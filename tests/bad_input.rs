//! Bad input, and the answer to each: the right exit code, one clear sentence that names the value, a hint, nothing made.

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

/// An endpoint that takes requests and answers none: the time that was given is kept.
#[test]
fn a_time_limit_holds_from_the_first_look_on() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    for command in [
        "list",
        "describe x",
        "create x",
        "create x --dry-run",
        "wait x",
        "delete x --yes",
    ] {
        let line = format!("{command} --timeout 300ms --region eu-west-1 --endpoint-url {url}");
        let ended = with_credentials(&line).run();
        assert_eq!(ended.code, 6, "{command}: {}", ended.stderr);
        assert!(
            ended.stderr.contains("--timeout"),
            "{command}: {}",
            ended.stderr
        );
    }
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
fn no_credentials_is_exit_8() {
    let ended =
        Efsctl::new("create demo --region eu-west-1 -o json --endpoint-url http://127.0.0.1:9")
            .run();
    let document = ended.document();
    assert_eq!(
        (ended.code, &document["error"]["code"]),
        (8, &"credentials-missing".into()),
        "{}",
        ended.stderr
    );
    assert!(
        ended.stderr.contains("no AWS credentials were found"),
        "{}",
        ended.stderr
    );
    assert!(
        document["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("AWS_PROFILE")
    );
}

#[test]
fn no_region_is_usage() {
    let ended = Efsctl::new("list -o json").run();
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(
        ended.document()["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("--region")
    );
}

fn with_credentials(arguments: &str) -> Efsctl {
    Efsctl::new(arguments)
        .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
}

#[test]
fn an_endpoint_that_refuses_is_told_with_its_cause() {
    let (_held, free) = crate::support::server::nobody_listens();
    let ended = with_credentials(&format!(
        "create demo --region eu-west-1 -o json --endpoint-url http://{free}"
    ))
    .run();
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("onnection refused"),
        "{}",
        ended.stderr
    );
    assert!(
        ended.document()["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("--endpoint-url")
    );
}

#[test]
fn an_endpoint_that_answers_html_is_told_as_such() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        // Enough for the calls of a survey and their retries; the thread ends with the test process.
        for stream in listener.incoming().take(64) {
            let Ok(mut stream) = stream else { continue };
            // Read to its end: closing before is a reset, which the client would hear instead of the page.
            let _ = crate::support::proxy::read_request(&mut stream);
            let page = "<html><body>It works!</body></html>";
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                page.len()
            );
            let _ = stream.write_all((head + page).as_bytes());
        }
    });
    let ended = with_credentials(&format!(
        "create demo --region eu-west-1 -o json --endpoint-url http://{address}"
    ))
    .run();
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("web page"), "{}", ended.stderr);
    assert!(
        ended.document()["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("--endpoint-url")
    );
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let world = fixture("worlds/thousand.toml");
    let mut child = Efsctl::new(&format!(
        "--sandbox --world {} list -o json",
        world.display()
    ))
    .command()
    .stdout(std::process::Stdio::piped())
    .stderr(std::process::Stdio::null())
    .spawn()
    .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_full_disk_is_told() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        crate::support::skipped::skipped("no /dev/full");
        return;
    };
    let world = fixture("worlds/thousand.toml");
    let mut run = Efsctl::new(&format!("--sandbox --world {} list", world.display())).command();
    let output = run
        .stdout(full)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("could not be written to stdout"));
}

#[test]
fn a_state_file_that_is_none_is_an_error_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    std::fs::write(&state, "precious").unwrap();
    let ended = Efsctl::new(&format!(
        "--sandbox={} create demo -o json",
        state.display()
    ))
    .run();
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(
        ended.document()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("state.json")
    );
    assert_eq!(std::fs::read_to_string(&state).unwrap(), "precious");
}

#[test]
fn a_profile_that_is_named_wins_over_keys_in_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credentials");
    std::fs::write(
        &file,
        "[prod]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = x\n",
    )
    .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = [0; 8192];
        let count = stream.read(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..count]).into_owned()
    });
    let run = |profile: &str| {
        with_credentials(&format!(
            "--profile {profile} list -o json --region eu-west-1 --endpoint-url http://{address}"
        ))
        .env("AWS_SHARED_CREDENTIALS_FILE", file.to_string_lossy())
        .run()
    };
    let unknown = run("nosuch");
    assert_eq!(unknown.code, 2, "{}", unknown.stderr);
    assert!(
        unknown.stderr.contains("the profile `nosuch` (--profile)"),
        "{}",
        unknown.stderr
    );
    run("prod");
    let request = heard.join().unwrap();
    assert!(request.contains("Credential=AKIAPROFILE/"), "{request}");
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
