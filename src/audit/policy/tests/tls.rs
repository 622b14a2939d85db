//! Who may mount without TLS.

use super::*;

fn doubt(statement: &str, because: &str) -> Doubt {
    Doubt {
        statement: statement.to_owned(),
        because: vec![because.to_owned()],
    }
}

/// Beside an Allow for everybody, each of these statements enforces TLS so far.
fn each_enforces(cases: impl IntoIterator<Item = (String, Enforced)>) {
    for (statement, expected) in cases {
        assert_eq!(
            policy(&format!("[{ALLOW_ALL},{statement}]")).enforces_tls(),
            expected,
            "{statement}"
        );
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
    each_enforces(cases);
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
    each_enforces(cases);
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
