//! The command: what it prints, and how it ends.

use super::setup::{CLIENT, ID, Setup};

#[test]
fn a_cause_is_printed_with_its_command_and_ends_with_3() {
    let mut setup = Setup::healthy();
    setup.network = "10.0";
    setup.ingress = vec!["tcp 22 from clients"];
    let place = setup.world().file();
    let ended = place.efsctl(&format!("doctor {ID} --from {CLIENT}")).run();
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    for part in [
        "causes\n  certain   the security groups of a mount target do not allow NFS from the\n            client (security-group-inbound)\n",
        "            fix:\n              aws ec2 authorize-security-group-ingress --group-id sg-0000000000000000b",
        "path\n  i-0000000a\n    |  pass     addresses of one family\n",
        "    |  FAIL     inbound rules of the mount target\n    v\n",
        "10.0.1.20  eu-west-1a  available\n",
        "\nchecked\n  fail ",
    ] {
        assert!(ended.stdout.contains(part), "{part}\n{}", ended.stdout);
    }
    assert!(!ended.stdout.contains('\u{1b}'));
    assert!(
        ended
            .stderr
            .contains("error: 1 cause found, the first one certain: "),
        "{}",
        ended.stderr
    );
    assert!(
        ended
            .stderr
            .contains("hint: aws ec2 authorize-security-group-ingress"),
        "{}",
        ended.stderr
    );
    // 80 columns, but for what is copied.
    for line in ended.stdout.lines() {
        let is_command = line.contains("aws ec2") || line.contains("--ip-permissions");
        assert!(is_command || line.chars().count() <= 80, "{line}");
        assert!(line.is_ascii(), "{line}");
    }
    let json = place
        .efsctl(&format!("doctor {ID} --from {CLIENT} -o json"))
        .run();
    assert_eq!(json.code, 3);
    let document = json.document();
    assert_eq!(document["error"]["code"], "cause-found");
    let cause = &document["diagnosis"]["causes"][0];
    assert_eq!(cause["cause"], "security-group-inbound");
    assert_eq!(cause["certainty"], "certain");
    let step = cause["next_steps"][0]["command"].as_str().unwrap();
    assert!(
        step.contains("--endpoint-url") && step.contains("authorize-security-group-ingress"),
        "{step}"
    );
    assert_eq!(document["diagnosis"]["paths"][0]["hops"][5]["mark"], "fail");
}

#[test]
fn a_healthy_one_ends_with_0_and_says_what_was_checked() {
    let mut setup = Setup::healthy();
    setup.network = "10.0";
    let place = setup.world().file();
    let ended = place.efsctl(&format!("doctor {ID} --from {CLIENT}")).run();
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert!(
        ended.stdout.contains("no cause was found"),
        "{}",
        ended.stdout
    );
    assert!(
        ended.stdout.contains("0 failed, 0 unknown, "),
        "{}",
        ended.stdout
    );
    // The account is simulated, so that there is no host to ask.
    let here = place.efsctl(&format!("doctor {ID} -o json")).run();
    assert_eq!(here.code, 0, "{}", here.stderr);
    let document = here.document();
    assert_eq!(document["outcome"], "found");
    let steps = document["diagnosis"]["steps"].as_array().unwrap();
    let host = steps.iter().find(|step| step["side"] == "host").unwrap();
    assert_eq!(host["verdict"], "not-applicable", "{host}");
    let read = place
        .efsctl(&format!("doctor {ID} --from {CLIENT}"))
        .arg("--error")
        .arg("all is well")
        .run();
    assert_eq!(read.code, 0);
    assert!(
        read.stdout
            .contains("no pattern of efsctl knows the message"),
        "{}",
        read.stdout
    );
}

/// Against an account that is served, this host is asked, at the port of NFS.
#[test]
fn this_host_is_asked() {
    let mut setup = Setup::healthy();
    setup.network = "127.9";
    let file = setup.world().file();
    let server = file.serve("");
    let ended = server.efsctl(&format!("doctor {ID} -o json")).run();
    let document = ended.document();
    let steps = document["diagnosis"]["steps"].as_array().unwrap();
    let answer = steps
        .iter()
        .find(|step| step["step"] == "nfs-from-here")
        .unwrap();
    assert_eq!(answer["verdict"], "fail", "nothing listens there: {answer}");
    assert!(steps.iter().filter(|step| step["side"] == "host").count() > 8);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
}

#[test]
fn what_is_mistyped_is_refused() {
    let place = Setup::healthy().world().file();
    for (line, code, says, hint) in [
        (
            "doctor",
            2,
            "required arguments were not provided",
            "--help",
        ),
        ("doctor a/b", 2, "`a/b` is not a file system", "--help"),
        (
            "doctor data --from nowhere",
            2,
            "`nowhere` is not where a client is: expected `here`",
            "--help",
        ),
        (
            "doctor data --from i-xyz",
            2,
            "`i-xyz` is not where a client is",
            "--help",
        ),
        ("doctor data --error=", 2, "the message is empty", "--help"),
        (
            "doctor fs-0aaaaaaaaaaaaaaaa",
            7,
            "there is no file system `fs-0aaaaaaaaaaaaaaaa`",
            "list",
        ),
        (
            "doctor fs-0123456789abcdef0 --from i-0000000f",
            7,
            "--from i-0000000f does not exist in this region",
            "describe-instances",
        ),
    ] {
        let ended = place.efsctl(line).run();
        assert_eq!(ended.code, code, "{line}: {}", ended.stderr);
        assert!(ended.stderr.contains(says), "{line}: {}", ended.stderr);
        assert!(ended.stderr.contains(hint), "{line}: {}", ended.stderr);
        assert_eq!(ended.stdout, "", "{line}");
    }
}
