use super::*;

mod files;
mod renderings;

const OWN: &str = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-01234567";

fn own() -> FileSystemId {
    "fs-01234567".parse().unwrap()
}

fn presets(words: &str) -> BTreeSet<Preset> {
    let words = words.split(' ').filter(|word| !word.is_empty());
    words.map(|word| word.parse().unwrap()).collect()
}

fn wish(words: &str) -> Wish<Wanted> {
    Wish::Set(Content::Presets(presets(words)).into())
}

fn observed(statements: &str) -> ObservedPolicy {
    let text = format!(r#"{{"Version":"2008-10-17","Id":"theirs","Statement":{statements}}}"#);
    ObservedPolicy::read(Some(&text), &own())
}

/// What is put, where something is.
fn put(wish: &Wish<Wanted>, observed: &ObservedPolicy) -> Document {
    match Policy::verdict(wish, observed) {
        Verdict::Set(Policy::Put { document, .. }) => document,
        other => panic!("{other:?}"),
    }
}

const THEIRS: &str = r#"{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"elasticfilesystem:ClientMount","Resource":"arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-01234567","Condition":{"StringLike":{"aws:userid":"${aws:x}*"}}}"#;

#[test]
fn a_preset_is_what_the_option_of_the_console_is() {
    let base = |actions: &str| {
        format!(
            r#"{{"Sid":"EfsctlBase","Effect":"Allow","Principal":{{"AWS":"*"}},"Action":{actions},"Condition":{{"Bool":{{"elasticfilesystem:AccessedViaMountTarget":"true"}}}}}}"#
        )
    };
    let deny = |sid: &str, actions: &str, condition: &str| {
        format!(
            r#"{{"Sid":"Efsctl{sid}","Effect":"Deny","Principal":{{"AWS":"*"}},"Action":{actions},"Condition":{{{condition}}}}}"#
        )
    };
    let client = r#"["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite","elasticfilesystem:ClientRootAccess"]"#;
    let plain = r#""Bool":{"aws:SecureTransport":"false"}"#;
    let anonymous = deny("DenyAnonymous", client, plain);
    let by_none = r#""Null":{"elasticfilesystem:AccessPointArn":"true"}"#;
    let cases = [
        ("", vec![base(client)]),
        (
            "enforce-tls",
            vec![base(client), deny("EnforceTls", r#""*""#, plain)],
        ),
        (
            "deny-root",
            vec![base(
                r#"["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite"]"#,
            )],
        ),
        (
            "read-only",
            vec![base(
                r#"["elasticfilesystem:ClientMount","elasticfilesystem:ClientRootAccess"]"#,
            )],
        ),
        (
            "deny-root read-only",
            vec![base(r#""elasticfilesystem:ClientMount""#)],
        ),
        (
            "deny-anonymous",
            vec![
                base(r#"["elasticfilesystem:ClientWrite","elasticfilesystem:ClientRootAccess"]"#),
                anonymous.clone(),
            ],
        ),
        ("deny-anonymous deny-root read-only", vec![anonymous]),
        (
            "access-points-only",
            vec![base(client), deny("AccessPointsOnly", client, by_none)],
        ),
    ];
    for (words, statements) in cases {
        let document = Preset::document(&presets(words));
        let expected = format!(
            r#"{{"Version":"2012-10-17","Statement":[{}]}}"#,
            statements.join(",")
        );
        assert_eq!(document.to_string(), expected, "{words}");
    }
}

#[test]
fn every_set_of_presets_is_a_policy_that_is_recognised() {
    let sets: Vec<_> = Preset::sets().collect();
    assert_eq!(sets.iter().collect::<BTreeSet<_>>().len(), 32);
    for set in &sets {
        let document = Preset::document(set);
        assert_eq!(Document::written(&document.to_string()).unwrap(), document);
        assert_eq!(document.presets(None).as_ref(), Some(set));
        assert_eq!(document.kept(), [""; 0]);
        for other in &sets {
            assert_eq!(document.with(other), Preset::document(other));
        }
    }
}

const TLS: &str = r#"{"Sid":"EfsctlEnforceTls","Effect":"Deny","Principal":"*","Action":"*","Condition":{"Bool":{"aws:SecureTransport":false}}}"#;
const BASE: &str = r#"{"Sid":"EfsctlBase","Effect":"Allow","Principal":{"AWS":"*"},"Action":["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite"],"Condition":{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}}}"#;
const MINE: &str = r#"{"Sid":"EfsctlMine","Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientMount"}"#;

#[test]
fn presets_own_their_statements_and_no_others() {
    let there = observed(&format!("[{TLS},{MINE},{THEIRS},{BASE}]"));
    assert_eq!(there.kept(), ["EfsctlMine", "#3"]);
    assert_eq!(there.presets(), Some(presets("enforce-tls deny-root")));
    let merged = put(&wish("deny-root"), &there);
    let expected =
        format!(r#"{{"Version":"2008-10-17","Id":"theirs","Statement":[{BASE},{MINE},{THEIRS}]}}"#);
    assert_eq!(merged.to_string(), expected);
    let after = ObservedPolicy::read(Some(&expected), &own());
    assert_eq!(Policy::verdict(&wish("deny-root"), &after), Verdict::Keep);
    assert_eq!(after.presets(), Some(presets("deny-root")));
    assert_eq!(after.to_string(), "deny-root; statements EfsctlMine, #3");
    let predicted = Policy::Put {
        document: merged,
        bypass_lockout_check: false,
    };
    let predicted = predicted.observed();
    assert_eq!(
        Policy::verdict(&wish("deny-root"), &predicted),
        Verdict::Keep
    );
}

#[test]
fn beside_statements_of_others_presets_grant_nothing() {
    let there = observed(&format!("[{THEIRS}]"));
    assert_eq!(there.presets(), None);
    assert_eq!(
        Policy::verdict(&wish("deny-root read-only"), &there),
        Verdict::Keep,
        "no statement of it: whether it holds is for the evaluator to say"
    );
    let merged = put(&wish("enforce-tls deny-root"), &there);
    assert_eq!(merged.kept(), ["#2"]);
    assert_eq!(merged.presets(Some(&own())), Some(presets("enforce-tls")));
    assert_eq!(
        merged.with(&presets("")).to_string(),
        there.document().unwrap().to_string()
    );
    // Of our own there is no grant left, and it comes back.
    let all = Preset::document(&presets("deny-anonymous deny-root read-only"));
    assert_eq!(
        all.with(&presets("deny-root")),
        Preset::document(&presets("deny-root"))
    );
}

#[test]
fn what_aws_makes_of_a_document_is_that_document() {
    let rendered = Preset::document(&presets("enforce-tls read-only"))
        .to_string()
        .replace(
            r#","Condition""#,
            &format!(r#","Resource":"{OWN}","Condition""#),
        );
    let there = ObservedPolicy::read(Some(&rendered), &own());
    assert_eq!(
        Policy::verdict(&wish("enforce-tls read-only"), &there),
        Verdict::Keep
    );
    assert_eq!(there.presets(), Some(presets("enforce-tls read-only")));
    // The policy of another file system: its statements do not apply.
    let other = ObservedPolicy::read(Some(&rendered), &"fs-89abcdef".parse().unwrap());
    assert_eq!(other.presets(), None);
    assert_eq!(
        other.to_string(),
        "presets that were changed by other hands"
    );
    put(&wish("enforce-tls read-only"), &other);
    let none = ObservedPolicy::None;
    assert_eq!(
        Policy::verdict(&Wish::Clear, &there),
        Verdict::Set(Policy::None)
    );
    assert_eq!(Policy::verdict(&Wish::Clear, &none), Verdict::Keep);
    assert_eq!(Policy::verdict(&Wish::Leave, &there), Verdict::Keep);
    assert!(Policy::is_unset(&none) && !Policy::is_unset(&there));
}

#[test]
fn what_cannot_be_parsed_gives_way_to_a_whole_document_only() {
    let unknown = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Tomorrow":1}]}"#;
    for text in ["{", unknown, r#"{"Statement":[],"Tomorrow":1}"#] {
        let there = ObservedPolicy::read(Some(text), &own());
        let found = match &there {
            ObservedPolicy::Unreadable { why, text: kept } if kept == text => why.to_string(),
            other => panic!("{other:?}"),
        };
        let conflict = Verdict::Conflict {
            wanted: "deny-root".to_owned(),
            found: format!("a policy that cannot be parsed: {found}"),
        };
        assert_eq!(Policy::verdict(&wish("deny-root"), &there), conflict);
        let document = Preset::document(&presets("deny-root"));
        let whole = Wish::Set(Content::Document(document.clone()).into());
        assert_eq!(put(&whole, &there), document);
        assert_eq!(
            Policy::verdict(&Wish::Clear, &there),
            Verdict::Set(Policy::None)
        );
    }
}

#[test]
fn a_policy_that_would_be_too_long_is_a_conflict() {
    let long = format!(
        r#"[{{"Sid":"long","Effect":"Deny","Principal":"*","Action":"elasticfilesystem:{}"}}]"#,
        "a".repeat(LENGTH - 250)
    );
    let Verdict::Conflict { found, .. } = Policy::verdict(&wish("enforce-tls"), &observed(&long))
    else {
        panic!("it is too long");
    };
    assert_eq!(
        found,
        "with the statements that are kept it has 20012 characters: EFS takes at most 20000"
    );
}
