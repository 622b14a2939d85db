//! Tables of `advice`.

use super::*;

fn typed() -> Invocation {
    Invocation {
        region: Some("eu-west-1".to_owned()),
        profile: Some("my prod".to_owned()),
        endpoint_url: Some("http://127.0.0.1:4580".to_owned()),
        ..Invocation::default()
    }
}

#[test]
fn words_are_quoted_for_a_shell_where_they_have_to_be() {
    assert_eq!(quoted("/tmp/state.json"), "/tmp/state.json");
    assert_eq!(quoted("/tmp/my state"), "'/tmp/my state'");
    assert_eq!(quoted("it's"), r"'it'\''s'");
    assert_eq!(quoted(""), "''");
}

#[test]
fn a_command_reaches_the_account_that_was_reached() {
    let wait = Command::efsctl("wait").arg("demo");
    let tag = Command::aws("efs tag-resource").flag("--tags", "Key=a,Value=b c");
    assert_eq!(
        wait.shown(&typed()),
        "efsctl --endpoint-url http://127.0.0.1:4580 --region eu-west-1 --profile 'my prod' wait demo"
    );
    assert_eq!(
        tag.shown(&typed()),
        "aws efs tag-resource --tags 'Key=a,Value=b c' --region eu-west-1 --profile 'my prod' --endpoint-url http://127.0.0.1:4580"
    );
    let login = Command::aws("sso login").of_profile();
    assert_eq!(login.shown(&typed()), "aws sso login --profile 'my prod'");
    let help = Command::efsctl("create --help").local();
    assert_eq!(help.shown(&typed()), "efsctl create --help");
}

#[test]
fn what_is_about_one_of_several_regions_names_its_own() {
    let several = Invocation {
        region: Some("all".to_owned()),
        profile: Some("prod,dev".to_owned()),
        ..Invocation::default()
    };
    let advice = Advice::from("wait for it: ").run(Command::efsctl("wait fs-1"));
    let of_one = advice.clone().at("eu-west-2", Some("dev"));
    assert_eq!(
        of_one.shown(&several),
        "wait for it: efsctl --region eu-west-2 --profile dev wait fs-1"
    );
    assert_eq!(advice.shown(&several), "wait for it: efsctl wait fs-1");
    let audit = Command::efsctl("validate --list");
    assert_eq!(
        audit.shown(&several),
        "efsctl --region all --profile prod,dev validate --list"
    );
}

/// Pasted as it stands, a line about the simulated account must not change a real one.
#[test]
fn a_line_about_the_simulated_account_never_reaches_aws() {
    let simulated = Invocation {
        sandbox: Some(Some("/tmp/my state".to_owned())),
        default_region: Some("eu-west-1".to_owned()),
        ..Invocation::default()
    };
    assert_eq!(
        Command::aws("ec2 describe-subnets").shown(&simulated),
        "aws ec2 describe-subnets --region eu-west-1 --endpoint-url http://127.0.0.1:4580"
    );
    assert_eq!(
        Command::efsctl("list").shown(&simulated),
        "efsctl --sandbox='/tmp/my state' list"
    );
}
