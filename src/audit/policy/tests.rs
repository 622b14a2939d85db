use proptest::prelude::*;

use super::*;

mod clients;
mod compare;
mod presets;
mod rights;
mod statements;
mod tls;

const HERE: &str = "111122223333";
/// The file system of [`HERE`] that a policy is put on.
const OWN: &str = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-01234567";

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
    assert_eq!(policy.enforces_tls(), Enforced::Yes);
    let anonymous = Anonymous {
        statement: "Base".to_owned(),
        actions: ClientAction::ALL.to_vec(),
        narrowed_by: vec!["elasticfilesystem:AccessedViaMountTarget".to_owned()],
        not_enforced: Vec::new(),
    };
    assert_eq!(policy.anonymous(), [anonymous]);
    let grants = policy.grants_mount();
    assert_eq!(grants.len(), 1);
    assert_eq!(grants[0].principals.to_string(), "everybody");
    assert_eq!(grants[0].how(), " with TLS");
    assert!(grants[0].is_certain && grants[0].depends_on.is_empty() && grants[0].unless.is_empty());
    assert_eq!(policy.anonymous_root(), ["Base"]);
    assert_eq!(policy.is_public(), Vec::<String>::new());
    assert_eq!(policy.wildcard_actions(), []);
    assert_eq!(policy.foreign(HERE), []);
    assert_eq!(policy.locks_out(HERE), LockOut::No);
    let other = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-89abcdef";
    assert_eq!(policy.on(other).anonymous(), []);
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
            statement(
                r#""Effect":"Allow","Principal":"*","Action":"*","Resource":"*","NotResource":"x""#,
            ),
            "either `Resource` or `NotResource`",
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
        policy.enforces_tls(),
        policy.grants_mount(),
        policy.anonymous(),
    );
    let _ = (
        policy.is_public(),
        policy.wildcard_actions(),
        policy.foreign(HERE),
    );
    let _ = (policy.anonymous_root(), policy.locks_out(HERE));
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
