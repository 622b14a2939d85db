//! Who may mount, by which way, and what then.

use super::*;

/// What the grants of a policy say: who, how, on what it depends, unless what, and whether it is certain.
fn described(statements: &str) -> Vec<String> {
    let grants = policy(statements).on(OWN).grants_mount();
    let described = |grant: &Grant| {
        let unless: Vec<String> = grant.unless.iter().map(Doubt::to_string).collect();
        let certain = if grant.is_certain { "" } else { "?" };
        format!(
            "{}{}|{}|{}{certain}",
            grant.principals,
            grant.how(),
            grant.depends_on.join(", "),
            unless.join(", ")
        )
    };
    grants.iter().map(described).collect()
}

#[test]
fn a_grant_that_holds_for_no_client_grants_nobody() {
    let allow = |who: &str, condition: &str| {
        format!(
            r#"{{"Effect":"Allow",{who},"Action":"elasticfilesystem:Client*","Condition":{condition}}}"#
        )
    };
    let all = r#""Principal":"*""#;
    let cases = [
        (allow(all, "{}"), Some("everybody||")),
        (
            allow(
                all,
                r#"{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"false"}}"#,
            ),
            None,
        ),
        (
            allow(
                all,
                r#"{"Null":{"elasticfilesystem:AccessedViaMountTarget":"true"}}"#,
            ),
            None,
        ),
        (
            allow(r#""Principal":{"Service":"backup.amazonaws.com"}"#, "{}"),
            None,
        ),
        (
            allow(
                r#""Principal":{"AWS":"111122223333","Service":"backup.amazonaws.com"}"#,
                "{}",
            ),
            Some("111122223333 with TLS||"),
        ),
        (
            allow(all, r#"{"Bool":{"aws:SecureTransport":"false"}}"#),
            Some("everybody without TLS only||"),
        ),
        (
            allow(
                r#""Principal":{"AWS":"111122223333"}"#,
                r#"{"Bool":{"aws:SecureTransport":"false"}}"#,
            ),
            None,
        ),
        (
            allow(
                all,
                r#"{"ArnLike":{"elasticfilesystem:AccessPointArn":"*"}}"#,
            ),
            Some("everybody by an access point only||"),
        ),
        (
            allow(
                all,
                r#"{"Null":{"elasticfilesystem:AccessPointArn":"true"}}"#,
            ),
            Some("everybody by no access point||"),
        ),
        (
            allow(all, r#"{"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#),
            Some("everybody|aws:SourceVpc|"),
        ),
    ];
    for (statement, expected) in cases {
        let expected: Vec<&str> = expected.into_iter().collect();
        assert_eq!(described(&statement), expected, "{statement}");
    }
    let point = r#"{"Effect":"Allow","Principal":"*","Action":"elasticfilesystem:Client*","Resource":"arn:aws:x:access-point/fsap-1"}"#;
    assert_eq!(
        described(point),
        ["everybody by an access point only|Resource arn:aws:x:access-point/fsap-1|"]
    );
}

#[test]
fn a_grant_is_told_without_what_is_denied() {
    let deny = |who: &str, condition: &str| {
        format!(
            r#"{{"Effect":"Deny",{who},"Action":"elasticfilesystem:ClientMount","Condition":{condition}}}"#
        )
    };
    let tls = |value: bool| {
        deny(
            r#""Principal":"*""#,
            &format!(r#"{{"Bool":{{"aws:SecureTransport":{value}}}}}"#),
        )
    };
    let all = r#""Principal":"*""#;
    let cases = [
        (tls(false), Some("everybody with TLS||")),
        (tls(true), Some("everybody without TLS only||")),
        (format!("{},{}", tls(true), tls(false)), None),
        (
            deny(
                all,
                r#"{"Null":{"elasticfilesystem:AccessedViaMountTarget":"false"}}"#,
            ),
            None,
        ),
        (
            deny(
                all,
                r#"{"Null":{"elasticfilesystem:AccessPointArn":"true"}}"#,
            ),
            Some("everybody by an access point only||"),
        ),
        (
            deny(
                all,
                r#"{"StringNotEquals":{"elasticfilesystem:AccessPointArn":"arn:aws:x"}}"#,
            ),
            Some(
                "everybody by an access point only||statement #2 (elasticfilesystem:AccessPointArn)",
            ),
        ),
        (
            deny(all, r#"{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#),
            Some("everybody||statement #2 (aws:SourceIp)"),
        ),
        (
            deny(
                all,
                r#"{"IpAddress":{"aws:SourceIp":["0.0.0.0/0","::/0"]}}"#,
            ),
            Some("everybody||statement #2 (aws:SourceIp)?"),
        ),
        (
            deny(r#""Principal":{"AWS":"444455556666"}"#, "{}"),
            Some("everybody||statement #2 (Principal)"),
        ),
        (
            deny(r#""NotPrincipal":{"AWS":"444455556666"}"#, "{}"),
            Some("444455556666 with TLS||"),
        ),
        (
            deny(
                r#""NotPrincipal":{"AWS":"arn:aws:iam::444455556666:user/bob"}"#,
                "{}",
            ),
            Some("arn:aws:iam::444455556666:user/bob with TLS||statement #2 (NotPrincipal)?"),
        ),
        (
            deny(r#""NotPrincipal":{"Service":"backup.amazonaws.com"}"#, "{}"),
            None,
        ),
    ];
    for (denies, expected) in cases {
        let expected: Vec<&str> = expected.into_iter().collect();
        assert_eq!(
            described(&format!("[{ALLOW_ALL},{denies}]")),
            expected,
            "{denies}"
        );
    }
}

#[test]
fn root_counts_only_by_a_way_that_can_be_mounted() {
    let deny = |action: &str, tls: bool| {
        format!(
            r#"{{"Effect":"Deny","Principal":"*","Action":"elasticfilesystem:{action}","Condition":{{"Bool":{{"aws:SecureTransport":{tls}}}}}}}"#
        )
    };
    let cases = [
        (deny("ClientRootAccess", false), true),
        (
            format!(
                "{},{}",
                deny("ClientRootAccess", false),
                deny("ClientRootAccess", true)
            ),
            false,
        ),
        (
            format!(
                "{},{}",
                deny("ClientRootAccess", false),
                deny("ClientMount", true)
            ),
            false,
        ),
    ];
    for (denies, expected) in cases {
        let policy = policy(&format!("[{ALLOW_ALL},{denies}]"));
        assert_eq!(policy.anonymous_root() == ["#1"], expected, "{denies}");
    }
}

#[test]
fn root_without_mount_is_not_root() {
    let allow =
        |actions: &str| format!(r#"{{"Effect":"Allow","Principal":"*","Action":{actions}}}"#);
    let root = allow(r#"["elasticfilesystem:ClientRootAccess","elasticfilesystem:ClientWrite"]"#);
    assert!(policy(&root).anonymous_root().is_empty());
    assert_eq!(policy(&root).anonymous(), []);
    let mount = allow(r#""elasticfilesystem:ClientMount""#);
    assert_eq!(
        policy(&format!("[{root},{mount}]")).anonymous_root(),
        ["#1"]
    );
    assert!(policy(&mount).anonymous_root().is_empty());
}

#[test]
fn what_is_so_without_a_policy_is_said_by_everything_to_everybody_by_a_mount_target() {
    let allow = |actions: &str, condition: &str| {
        format!(
            r#"{{"Sid":"base","Effect":"Allow","Principal":"*","Action":{actions},"Condition":{condition}}}"#
        )
    };
    let all = r#"["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite","elasticfilesystem:ClientRootAccess"]"#;
    let some = r#"["elasticfilesystem:ClientMount","elasticfilesystem:ClientRootAccess"]"#;
    let via = r#"{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}}"#;
    let vpc = r#"{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"},"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#;
    let plain = r#"{"Effect":"Deny","Principal":"*","Action":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#;
    let root = r#"{"Effect":"Deny","Principal":"*","Action":"elasticfilesystem:ClientRootAccess"}"#;
    for (statements, says_it) in [
        (allow(all, via), true),
        (format!("{},{plain}", allow(all, via)), true),
        (format!("{},{root}", allow(all, via)), false),
        (allow(some, via), false),
        (allow(all, "{}"), false),
        (allow(all, vpc), false),
    ] {
        let restated = policy(&format!("[{statements}]")).restates_default();
        assert_eq!(restated == ["base"], says_it, "{statements}");
    }
}

#[test]
fn conditions_that_efs_does_not_enforce_are_named() {
    let text = r#"{"Sid":"a","Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientMount",
        "Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1","elasticfilesystem:AccessPointArn":"x"}}}"#;
    let policy = policy(text);
    let anonymous = &policy.anonymous()[0];
    assert_eq!(anonymous.not_enforced, ["aws:SourceVpc"]);
    assert_eq!(anonymous.narrowed_by, ["elasticfilesystem:AccessPointArn"]);
}
