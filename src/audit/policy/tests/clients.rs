//! What NFS clients may do.

use super::*;

fn doubt(statement: &str, because: &str) -> Doubt {
    Doubt {
        statement: statement.to_owned(),
        because: vec![because.to_owned()],
    }
}

#[test]
fn tls_is_enforced_when_everybody_is_denied_the_mount_without_it() {
    use ClientAction::{RootAccess, Write};
    let deny = |principal: &str, action: &str, condition: &str| {
        format!(r#"{{"Effect":"Deny",{principal},{action},"Condition":{condition}}}"#)
    };
    let all = r#""Principal":"*""#;
    let any = r#""Action":"*""#;
    let off = r#"{"Bool":{"aws:SecureTransport":"false"}}"#;
    let cases = [
        (deny(all, any, off), Enforced::Yes),
        (
            deny(
                all,
                any,
                r#"{"boolifexists":{"AWS:SECURETRANSPORT":[false]}}"#,
            ),
            Enforced::Yes,
        ),
        (
            deny(all, any, r#"{"Bool":{"aws:SecureTransport":"true"}}"#),
            Enforced::No,
        ),
        (
            deny(all, r#""Action":"elasticfilesystem:*""#, off),
            Enforced::Yes,
        ),
        (
            deny(all, r#""Action":["ElasticFileSystem:clientmount"]"#, off),
            Enforced::Yes,
        ),
        (
            deny(all, r#""Action":"elasticfilesystem:Client?ount""#, off),
            Enforced::Yes,
        ),
        (
            deny(all, r#""NotAction":"elasticfilesystem:Describe*""#, off),
            Enforced::Yes,
        ),
        (
            deny(all, r#""NotAction":"elasticfilesystem:ClientMount""#, off),
            Enforced::Partly(vec![Write, RootAccess]),
        ),
        (
            deny(all, r#""Action":"elasticfilesystem:ClientWrite""#, off),
            Enforced::Partly(vec![Write]),
        ),
        (deny(all, r#""Action":"s3:*""#, off), Enforced::No),
        (
            deny(r#""Principal":{"AWS":"111122223333"}"#, any, off),
            Enforced::No,
        ),
        (
            deny(r#""NotPrincipal":{"AWS":"111122223333"}"#, any, off),
            Enforced::Yes,
        ),
        (
            deny(
                all,
                any,
                r#"{"Bool":{"aws:SecureTransport":"false"},"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#,
            ),
            Enforced::ForSome(vec![doubt("#2", "aws:SourceIp")]),
        ),
        (
            deny(
                all,
                any,
                r#"{"Bool":{"aws:SecureTransport":"false","elasticfilesystem:AccessedViaMountTarget":"true"}}"#,
            ),
            Enforced::Yes,
        ),
        (deny(all, any, off).replace("Deny", "Allow"), Enforced::No),
        (
            deny(all, any, off).replacen('{', r#"{"NotResource":"x","#, 1),
            Enforced::Unclear(vec![doubt("#2", "NotResource x")]),
        ),
    ];
    for (statement, expected) in cases {
        assert_eq!(
            policy(&format!("[{ALLOW_ALL},{statement}]")).enforces_tls(),
            expected,
            "{statement}"
        );
    }
}

#[test]
fn a_condition_on_tls_is_understood_or_in_doubt() {
    let (all, any) = (r#""Principal":"*""#, r#""Action":"*""#);
    let deny = |principal: &str, action: &str, condition: &str| {
        format!(r#"{{"Effect":"Deny",{principal},{action},"Condition":{condition}}}"#)
    };
    let cases = [
        (
            deny(
                all,
                any,
                r#"{"StringEquals":{"aws:SecureTransport":"false"}}"#,
            ),
            Enforced::Yes,
        ),
        (
            deny(
                all,
                any,
                r#"{"StringNotEquals":{"aws:SecureTransport":"true"}}"#,
            ),
            Enforced::Yes,
        ),
        (
            deny(
                all,
                any,
                r#"{"Null":{"elasticfilesystem:AccessPointArn":"true"}}"#,
            ),
            Enforced::Yes,
        ),
        (
            deny(
                all,
                any,
                r#"{"Bool":{"aws:SecureTransport":"false"},"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}"#,
            ),
            Enforced::Unclear(vec![doubt("#2", "aws:SourceVpc")]),
        ),
        (
            deny(
                all,
                any,
                r#"{"Bool":{"aws:SecureTransport":"false"},"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#,
            ),
            Enforced::Unclear(vec![doubt("#2", "aws:SourceIp")]),
        ),
    ];
    for (statement, expected) in cases {
        assert_eq!(
            policy(&format!("[{ALLOW_ALL},{statement}]")).enforces_tls(),
            expected,
            "{statement}"
        );
    }
}

#[test]
fn plaintext_is_admitted_only_where_anonymous_clients_are() {
    let allow = |principal: &str, condition: &str| {
        format!(
            r#"{{"Effect":"Allow",{principal},"Action":"elasticfilesystem:ClientMount","Condition":{condition}}}"#
        )
    };
    let all = r#""Principal":"*""#;
    let deny = r#"{"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"*","Condition":{"Bool":{"aws:SecureTransport":false}}}"#;
    let cases = [
        (allow(all, "{}"), Enforced::No),
        (
            allow(all, r#"{"Bool":{"aws:SecureTransport":"true"}}"#),
            Enforced::Yes,
        ),
        (
            allow(all, r#"{"BoolIfExists":{"aws:SecureTransport":"true"}}"#),
            Enforced::Yes,
        ),
        (
            allow(r#""Principal":{"AWS":"111122223333"}"#, "{}"),
            Enforced::Yes,
        ),
        // Mounting by an access point needs TLS.
        (
            allow(
                all,
                r#"{"StringEquals":{"elasticfilesystem:AccessPointArn":"x"}}"#,
            ),
            Enforced::Yes,
        ),
        (
            allow(
                all,
                r#"{"Null":{"elasticfilesystem:AccessPointArn":"false"}}"#,
            ),
            Enforced::Yes,
        ),
        (
            allow(all, r#"{"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#),
            Enforced::No,
        ),
        ("[]".to_owned(), Enforced::Yes),
        (format!("[{},{deny}]", allow(all, "{}")), Enforced::Yes),
    ];
    for (statement, expected) in cases {
        assert_eq!(policy(&statement).enforces_tls(), expected, "{statement}");
    }
}

const OWN: &str = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-01234567";

#[test]
fn a_deny_about_another_resource_denies_nothing_here() {
    let cases = [
        (r#""Resource":"*""#, Enforced::Yes),
        (
            r#""Resource":"arn:aws:elasticfilesystem:*:*:file-system/*""#,
            Enforced::Yes,
        ),
        (
            r#""Resource":"arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-89abcdef""#,
            Enforced::No,
        ),
        (r#""Resource":"arn:aws:s3:::x""#, Enforced::No),
        (r#""NotResource":"arn:aws:s3:::x""#, Enforced::Yes),
    ];
    for (resource, expected) in cases {
        let deny = format!(
            r#"{{"Effect":"Deny","Principal":"*","Action":"*",{resource},"Condition":{{"Bool":{{"aws:SecureTransport":"false"}}}}}}"#
        );
        let policy = policy(&format!("[{ALLOW_ALL},{deny}]")).on(OWN);
        assert_eq!(policy.enforces_tls(), expected, "{resource}");
    }
}

/// What the grants of a policy say: who, how, on what it depends, unless what, and whether it is certain.
fn told(statements: &str) -> Vec<String> {
    let grants = policy(statements).on(OWN).grants_mount();
    let told = |grant: &Grant| {
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
    grants.iter().map(told).collect()
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
        assert_eq!(told(&statement), expected, "{statement}");
    }
    let point = r#"{"Effect":"Allow","Principal":"*","Action":"elasticfilesystem:Client*","Resource":"arn:aws:x:access-point/fsap-1"}"#;
    assert_eq!(
        told(point),
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
            told(&format!("[{ALLOW_ALL},{denies}]")),
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
fn conditions_that_efs_does_not_enforce_are_named() {
    let text = r#"{"Sid":"a","Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientMount",
        "Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1","elasticfilesystem:AccessPointArn":"x"}}}"#;
    let policy = policy(text);
    let anonymous = &policy.anonymous()[0];
    assert_eq!(anonymous.not_enforced, ["aws:SourceVpc"]);
    assert_eq!(anonymous.narrowed_by, ["elasticfilesystem:AccessPointArn"]);
}
