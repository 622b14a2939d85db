//! What someone wrote.

use super::*;

/// A statement with these members beside its effect.
fn statement(members: &str) -> String {
    format!(
        "{{\"Version\": \"2012-10-17\",\n\"Statement\": [{{\"Effect\": \"Deny\",\n{members}}}]}}"
    )
}

/// A text, and what is said of it, with the place.
type Case<'a> = (String, &'a str, Option<(usize, usize)>);

fn assert_refused<const N: usize>(cases: [Case<'_>; N]) {
    let wrong: Vec<String> = cases
        .into_iter()
        .filter_map(|(text, expected, place)| {
            let error = Document::written(&text).unwrap_err();
            let is_as_expected = error.to_string().contains(expected) && error.place() == place;
            (!is_as_expected).then(|| format!("{:?} {error}", error.place()))
        })
        .collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn what_is_no_policy_is_refused_with_its_place() {
    let whole = r#""Principal": "*", "Action": "*""#;
    let cases = [
        (String::new(), "EOF while parsing a value", Some((1, 0))),
        (
            "{\"Statement\": ]".to_owned(),
            "expected value",
            Some((1, 15)),
        ),
        (
            "[]".to_owned(),
            "invalid type: sequence, expected an object",
            Some((1, 2)),
        ),
        (
            r#"{"Statement": [["a", "Allow", "*", null, "*", null, null, null, null]]}"#.to_owned(),
            "invalid type: sequence, expected an object",
            Some((1, 16)),
        ),
        ("{}".to_owned(), "missing field `Statement`", Some((1, 2))),
        (
            r#"{"Statement": []}"#.to_owned(),
            "at least one statement",
            Some((1, 17)),
        ),
        (
            r#"{"Version": "2012-10-18", "Statement": []}"#.to_owned(),
            "`2012-10-18` is not a version of the policy language: expected 2012-10-17 or 2008-10-17",
            Some((1, 24)),
        ),
        (
            "{\"Statements\": []}".to_owned(),
            "unknown field `Statements`, expected one of `Version`, `Id`, `Statement`",
            Some((1, 13)),
        ),
        (
            statement("\"Effect\": \"Allow\""),
            "duplicate field `Effect`",
            Some((3, 8)),
        ),
        (
            statement(whole).replace("Deny", "Maybe"),
            "unknown variant `Maybe`, expected `Allow` or `Deny`",
            Some((2, 32)),
        ),
        (
            statement(&format!("{whole}, \"Conditions\": {{}}")),
            "unknown field `Conditions`",
            Some((3, 45)),
        ),
        (
            statement("\"Action\": \"*\""),
            "either `Principal` or `NotPrincipal`",
            Some((3, 14)),
        ),
        (
            statement("\"Principal\": \"*\", \"Action\": \"*\", \"NotAction\": \"*\""),
            "either `Action` or `NotAction`",
            Some((3, 50)),
        ),
        (
            statement(&format!(
                "{whole}, \"Resource\": \"*\", \"NotResource\": \"*\""
            )),
            "either `Resource` or `NotResource`",
            Some((3, 69)),
        ),
    ];
    assert_refused(cases);
}

#[test]
fn a_word_that_aws_would_refuse_is_refused_where_it_stands() {
    let whole = r#""Principal": "*", "Action": "*""#;
    let cases = [
        (
            statement(
                "\"Principal\": \"*\", \"Action\": [\"elasticfilesystem:ClientMount\",\n\"elasticfilesystem:ClientMounts\"]",
            ),
            "`elasticfilesystem:ClientMounts` is not an action of EFS, for example elasticfilesystem:ClientMount",
            Some((4, 33)),
        ),
        (
            statement("\"Principal\": \"*\", \"NotAction\": \"elasticfilesystem:Mount*\""),
            "`elasticfilesystem:Mount*` matches no action of EFS",
            Some((3, 57)),
        ),
        (
            statement("\"Principal\": \"*\", \"Action\": []"),
            "the array is empty",
            Some((3, 31)),
        ),
        (
            statement("\"Principal\": \"111122223333\", \"Action\": \"*\""),
            r#""*" or an object of principals"#,
            Some((3, 27)),
        ),
        (
            statement("\"Principal\": {\"aws\": \"*\"}, \"Action\": \"*\""),
            "`aws` is not a kind of principal: expected one of AWS, Service, Federated, CanonicalUser",
            Some((3, 25)),
        ),
        (
            statement("\"Principal\": {}, \"Action\": \"*\""),
            "names no principal",
            Some((3, 15)),
        ),
        (
            statement("\"Principal\": {\"AWS\": \"*\",\n\"AWS\": \"*\"}, \"Action\": \"*\""),
            "duplicate member `AWS`",
            Some((4, 5)),
        ),
        (
            statement(&format!("{whole},\n\"Resource\": \"arn:aws:s3:::bucket\"")),
            "`arn:aws:s3:::bucket` is not a resource of EFS: expected * or arn:aws:elasticfilesystem:REGION:ACCOUNT:file-system/ID",
            Some((4, 33)),
        ),
        (
            statement(&format!(
                "{whole}, \"Condition\": {{\"Bool\": {{\"aws:SecureTransport\": null}}}}"
            )),
            "null",
            Some((3, 83)),
        ),
        (
            statement(&format!(
                "{whole}, \"Condition\": {{\"Bool\": {{}}, \"Bool\": {{}}}}"
            )),
            "duplicate member `Bool`",
            Some((3, 65)),
        ),
        (
            format!(
                r#"{{"Statement": [{0}, {0}]}}"#,
                r#"{"Sid": "a", "Effect": "Deny", "Principal": "*", "Action": "*"}"#
            ),
            "two statements have the Sid `a`",
            Some((1, 145)),
        ),
        (
            format!("{}{}", statement(whole), " ".repeat(LENGTH)),
            "it has 20093 characters: EFS takes at most 20000",
            None,
        ),
    ];
    assert_refused(cases);
}

#[test]
fn what_aws_takes_is_taken() {
    for members in [
        r#""Principal": "*", "Action": "*""#,
        r#""NotPrincipal": {"AWS": ["111122223333", "arn:aws:iam::111122223333:role/a"]}, "Action": ["ELASTICFILESYSTEM:client*", "elasticfilesystem:?utFileSystemPolicy"]"#,
        r#""Principal": {"Service": "backup.amazonaws.com"}, "NotAction": "elasticfilesystem:*", "Resource": "*""#,
        r#""Sid": "", "Principal": "*", "Action": "*", "Resource": ["arn:aws-cn:elasticfilesystem:*:*:file-system/*", "arn:aws:elasticfilesystem:eu-west-1:1:access-point/fsap-1", "arn:*:elasticfilesystem:*:*:*"], "Condition": {"Bool": {"a": [true, "false"]}, "NumericEquals": {"b": 1.5}}"#,
    ] {
        let text = statement(members);
        let document = Document::written(&text).unwrap();
        let pretty = document.pretty();
        assert_eq!(Document::written(&pretty).unwrap(), document);
        assert!(
            pretty.contains("\n  \"Statement\": [\n    {\n      "),
            "{pretty}"
        );
    }
    let one = r#"{"Id": "x", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*"}}"#;
    assert!(Document::written(one).is_ok());
}
