use proptest::prelude::*;

use super::*;

const HERE: &str = "111122223333";

fn policy(statements: &str) -> Policy {
    Policy::parse(&format!(
        r#"{{"Version":"2012-10-17","Id":"x","Statement":{statements}}}"#
    ))
    .unwrap()
}

/// What the console writes: everything for everybody who comes by a mount target, and TLS.
const CONSOLE: &str = r#"[
    {"Sid":"Base","Effect":"Allow","Principal":{"AWS":"*"},
     "Action":["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite","elasticfilesystem:ClientRootAccess"],
     "Resource":"arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-01234567",
     "Condition":{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}}},
    {"Sid":"EnforceTls","Effect":"Deny","Principal":{"AWS":"*"},"Action":"*",
     "Resource":"arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-01234567",
     "Condition":{"Bool":{"aws:SecureTransport":"false"}}}]"#;

const ALLOW_ALL: &str =
    r#"{"Effect":"Allow","Principal":"*","Action":"elasticfilesystem:Client*"}"#;

#[test]
fn the_policy_of_the_console_is_fine() {
    let policy = policy(CONSOLE);
    assert_eq!(policy.denies_plaintext(), Enforced::Yes);
    let anonymous = Anonymous {
        statement: "Base".to_owned(),
        actions: ClientAction::ALL.to_vec(),
        narrowed_by: vec!["elasticfilesystem:AccessedViaMountTarget".to_owned()],
    };
    assert_eq!(policy.anonymous(), [anonymous]);
    let grants = policy.grants_mount();
    assert_eq!(grants.len(), 1);
    assert_eq!(grants[0].principals.to_string(), "everybody");
    assert_eq!(policy.anonymous_root(), ["Base"]);
    for none in [
        policy.is_public(),
        policy.admits_plaintext(),
        policy.wildcard_actions(),
        policy.foreign_accounts(HERE),
        policy.locks_out(HERE),
        policy.unenforced_conditions(),
    ] {
        assert_eq!(none, Vec::<String>::new());
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
            Enforced::No,
        ),
        (
            deny(
                all,
                any,
                r#"{"Bool":{"aws:SecureTransport":"false"},"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#,
            ),
            Enforced::No,
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
            format!(
                "[{}]",
                deny(all, any, off).replacen('{', r#"{"NotResource":"x","#, 1)
            ),
            Enforced::No,
        ),
        ("[]".to_owned(), Enforced::No),
    ];
    for (statement, expected) in cases {
        assert_eq!(
            policy(&statement).denies_plaintext(),
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
        (allow(all, "{}"), &["#1"][..]),
        (
            allow(all, r#"{"Bool":{"aws:SecureTransport":"true"}}"#),
            &[],
        ),
        (
            allow(all, r#"{"BoolIfExists":{"aws:SecureTransport":"true"}}"#),
            &["#1"],
        ),
        (allow(r#""Principal":{"AWS":"111122223333"}"#, "{}"), &[]),
        (format!("[{},{deny}]", allow(all, "{}")), &[]),
    ];
    for (statement, expected) in cases {
        assert_eq!(
            policy(&statement).admits_plaintext(),
            expected,
            "{statement}"
        );
    }
}

#[test]
fn a_grant_is_public_unless_fixed_values_narrow_it() {
    let cases = [
        (r#""Principal":"*""#, "{}", true),
        (r#""Principal":{"AWS":["*"]}"#, "{}", true),
        (r#""NotPrincipal":{"AWS":"111122223333"}"#, "{}", true),
        (r#""Principal":{"Service":"*"}"#, "{}", true),
        (r#""Principal":{"AWS":"111122223333"}"#, "{}", false),
        (
            r#""Principal":"*""#,
            r#"{"Bool":{"elasticfilesystem:AccessedViaMountTarget":true}}"#,
            false,
        ),
        (
            r#""Principal":"*""#,
            r#"{"Bool":{"aws:SecureTransport":"true"}}"#,
            true,
        ),
        (
            r#""Principal":"*""#,
            r#"{"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#,
            false,
        ),
        (
            r#""Principal":"*""#,
            r#"{"StringLike":{"aws:SourceVpc":"*"}}"#,
            true,
        ),
        (
            r#""Principal":"*""#,
            r#"{"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#,
            false,
        ),
    ];
    for (principal, condition, public) in cases {
        let text = format!(
            r#"{{"Effect":"Allow",{principal},"Action":"elasticfilesystem:ClientMount","Condition":{condition}}}"#
        );
        assert_eq!(!policy(&text).is_public().is_empty(), public, "{text}");
        let denied = text.replace("Allow", "Deny");
        assert!(policy(&denied).is_public().is_empty(), "{denied}");
    }
}

#[test]
fn what_is_denied_outright_is_not_granted() {
    let cases = [
        (r#""Principal":"*","Action":"*""#, 0, 0),
        (
            r#""Principal":"*","Action":"elasticfilesystem:Client*""#,
            0,
            0,
        ),
        (
            r#""Principal":"*","Action":"elasticfilesystem:ClientMount""#,
            0,
            1,
        ),
        (
            r#""Principal":"*","Action":"elasticfilesystem:ClientWrite""#,
            1,
            1,
        ),
        // The role that is excepted may still mount, but nobody without identity.
        (
            r#""NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"*""#,
            1,
            0,
        ),
        (r#""Principal":{"AWS":"111122223333"},"Action":"*""#, 1, 1),
        (
            r#""Principal":"*","Action":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}"#,
            1,
            1,
        ),
        (
            r#""Principal":"*","Action":"*","Resource":"arn:aws:elasticfilesystem:r:1:access-point/fsap-1""#,
            1,
            1,
        ),
    ];
    for (deny, mounts, public) in cases {
        let policy = policy(&format!(r#"[{ALLOW_ALL},{{"Effect":"Deny",{deny}}}]"#));
        assert_eq!(policy.grants_mount().len(), mounts, "{deny}");
        assert_eq!(policy.is_public().len(), public, "{deny}");
    }
}

#[test]
fn wildcard_actions_are_those_of_everybody() {
    let cases = [
        (r#""Principal":"*","Action":"*""#, true),
        (
            r#""Principal":"*","Action":["elasticfilesystem:ClientMount","ELASTICFILESYSTEM:*"]"#,
            true,
        ),
        (
            r#""Principal":"*","NotAction":"elasticfilesystem:DeleteFileSystem""#,
            true,
        ),
        (
            r#""Principal":"*","Action":"elasticfilesystem:Client*""#,
            false,
        ),
        (r#""Principal":{"AWS":"111122223333"},"Action":"*""#, false),
    ];
    for (members, expected) in cases {
        let policy = policy(&format!(r#"[{{"Sid":"a","Effect":"Allow",{members}}}]"#));
        assert_eq!(policy.wildcard_actions() == ["a"], expected, "{members}");
    }
}

#[test]
fn foreign_accounts_are_found_in_principals_and_conditions() {
    let policy = policy(
        r#"[
        {"Effect":"Allow","Principal":{"AWS":["111122223333","arn:aws-cn:iam::444455556666:role/b","222233334444"]},"Action":"elasticfilesystem:ClientMount"},
        {"Effect":"Allow","Principal":{"AWS":"222233334444"},"Action":"elasticfilesystem:ClientWrite"},
        {"Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientMount","Condition":{"StringEquals":{"aws:PrincipalAccount":"555566667777"}}},
        {"Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientMount","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"666677778888"}}},
        {"Effect":"Allow","Principal":{"AWS":"777788889999"},"Action":"elasticfilesystem:Backup"},
        {"Effect":"Deny","Principal":{"AWS":"888899990000"},"Action":"*"},
        {"Effect":"Deny","Principal":"*","Action":"elasticfilesystem:Backup"}]"#,
    );
    assert_eq!(
        policy.foreign_accounts(HERE),
        ["222233334444", "444455556666", "555566667777"]
    );
}

#[test]
fn root_without_mount_is_not_root() {
    let allow =
        |actions: &str| format!(r#"{{"Effect":"Allow","Principal":"*","Action":{actions}}}"#);
    let root = allow(r#"["elasticfilesystem:ClientRootAccess","elasticfilesystem:ClientWrite"]"#);
    assert!(policy(&root).anonymous_root().is_empty());
    let mount = allow(r#""elasticfilesystem:ClientMount""#);
    assert_eq!(
        policy(&format!("[{root},{mount}]")).anonymous_root(),
        ["#1"]
    );
    assert!(policy(&mount).anonymous_root().is_empty());
}

#[test]
fn a_policy_locks_out_when_it_can_neither_be_put_nor_deleted() {
    let deny = |rest: &str| format!(r#"{{"Effect":"Deny",{rest}}}"#);
    let put = deny(r#""Principal":"*","Action":"elasticfilesystem:PutFileSystemPolicy""#);
    let delete = deny(r#""Principal":"*","Action":"elasticfilesystem:DeleteFileSystemPolicy""#);
    let cases = [
        (deny(r#""Principal":"*","Action":"*""#), &["#1"][..]),
        (
            deny(r#""Principal":"*","NotAction":"elasticfilesystem:Client*""#),
            &["#1"],
        ),
        (format!("[{put},{ALLOW_ALL},{delete}]"), &["#1", "#3"]),
        (put, &[]),
        (
            deny(r#""NotPrincipal":{"AWS":"111122223333"},"Action":"*""#),
            &[],
        ),
        (
            deny(r#""Principal":{"AWS":"111122223333"},"Action":"*""#),
            &["#1"],
        ),
        (
            deny(r#""Principal":{"AWS":"arn:aws-cn:iam::111122223333:root"},"Action":"*""#),
            &["#1"],
        ),
        (
            deny(r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/root"},"Action":"*""#),
            &[],
        ),
        (
            deny(r#""Principal":{"AWS":"444455556666"},"Action":"*""#),
            &[],
        ),
        (
            deny(
                r#""Principal":"*","Action":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}"#,
            ),
            &[],
        ),
    ];
    for (statements, expected) in cases {
        assert_eq!(
            policy(&statements).locks_out(HERE),
            expected,
            "{statements}"
        );
    }
}

#[test]
fn conditions_that_efs_does_not_enforce_are_named() {
    let text = r#"{"Sid":"a","Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientMount",
        "Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1","elasticfilesystem:AccessPointArn":"x"}}}"#;
    let policy = policy(text);
    assert_eq!(policy.unenforced_conditions(), ["a: aws:SourceVpc"]);
    assert_eq!(
        policy.anonymous()[0].narrowed_by,
        ["aws:SourceVpc", "elasticfilesystem:AccessPointArn"]
    );
}

#[test]
fn what_cannot_be_understood_is_refused_with_its_place() {
    let statement = |members: &str| format!("{{\"Statement\":\n[{{{members}}}]}}");
    let cases = [
        (String::new(), "EOF while parsing a value"),
        ("[]".to_owned(), "policy"),
        ("{}".to_owned(), "missing field `Statement`"),
        (r#"{"Statement":"x"}"#.to_owned(), "a statement"),
        (statement(r#""Effect":"Maybe""#), "unknown variant `Maybe`"),
        (
            statement(r#""Effect":"Allow","Action":"*""#),
            "either `Principal` or `NotPrincipal`",
        ),
        (
            statement(r#""Effect":"Allow","Principal":"*""#),
            "either `Action` or `NotAction`",
        ),
        (
            statement(r#""Effect":"Allow","Principal":"*","Action":1"#),
            "expected a string",
        ),
        (
            statement(r#""Effect":"Allow","Principal":"a","Action":"*""#),
            r#""*" or an object of principals"#,
        ),
        (
            statement(r#""Effect":"Deny","Principal":"*","Action":"*","condition":{}"#),
            "unknown field `condition`",
        ),
        (
            statement(
                r#""Effect":"Deny","Principal":"*","Action":"*","Condition":{"Bool":{"a":null}}"#,
            ),
            "null",
        ),
        ("[".repeat(20_000), "line 1 column"),
        (
            format!(r#"{{"Statement":{}"#, r#"{"Condition":"#.repeat(1_500)),
            "line 1 column",
        ),
    ];
    for (text, expected) in cases {
        let error = Policy::parse(&text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(error.contains(" at line "), "{error}");
    }
    let second = Policy::parse(&statement(r#""Effect":1"#))
        .unwrap_err()
        .to_string();
    assert!(second.contains("line 2"), "{second}");
}

#[test]
fn a_policy_as_long_as_it_may_be_is_answered() {
    let patterns = "\"*a*a*a*a*a*a*b\",".repeat(1_000);
    let text = format!(
        r#"{{"Effect":"Allow","Principal":"*","Action":[{}"elasticfilesystem:{}"]}}"#,
        patterns,
        "a".repeat(4_000)
    );
    ask_everything(&policy(&format!(
        r#"[{text},{{"Effect":"Deny","Principal":"*","Action":"*b*b*b?"}}]"#
    )));
    let nested = format!(
        r#"{{"x":{}{},"Statement":[]}}"#,
        "[".repeat(100),
        "]".repeat(100)
    );
    assert!(Policy::parse(&nested).is_ok());
}

fn ask_everything(policy: &Policy) {
    let _ = (
        policy.denies_plaintext(),
        policy.grants_mount(),
        policy.anonymous(),
    );
    let _ = (
        policy.admits_plaintext(),
        policy.is_public(),
        policy.wildcard_actions(),
    );
    let _ = (
        policy.foreign_accounts(HERE),
        policy.anonymous_root(),
        policy.locks_out(HERE),
    );
    let _ = policy.unenforced_conditions();
}

proptest! {
    #[test]
    fn mutated_json_never_panics(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..3_u8, any::<char>()), 0..6),
        ascii in "[\"{}\\[\\],:*?a0 ]{0,4}",
    ) {
        let mut text: Vec<char> = format!(r#"{{"Statement":{CONSOLE}}}"#).chars().collect();
        for (place, edit, with) in edits {
            let at = place.index(text.len());
            match edit {
                0 => text[at] = with,
                1 => { text.remove(at); }
                _ => { text.splice(at..at, ascii.chars()); }
            }
        }
        if let Ok(policy) = Policy::parse(&text.into_iter().collect::<String>()) {
            ask_everything(&policy);
        }
    }

    #[test]
    fn any_words_are_answered(
        effect in prop::sample::select(vec!["Allow", "Deny"]),
        principal in "\\PC{0,20}", action in "[a-z:*?]{0,20}", operator in "\\PC{0,10}", key in "\\PC{0,10}", value in "\\PC{0,20}",
    ) {
        let text = serde_json::json!({"Statement": {
            "Effect": effect, "Principal": {"AWS": [principal]}, "Action": action, "Condition": {operator: {key: [value, true, 1]}},
        }});
        ask_everything(&Policy::parse(&text.to_string()).unwrap());
    }
}
