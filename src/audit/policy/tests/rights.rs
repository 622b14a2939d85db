//! Who is granted what that goes beyond the clients of the account.

use super::*;

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
        // The role that is excepted may still mount, but no one without identity.
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
        (r#""Principal":"*","Action":"elasticfilesystem:?*""#, true),
        (
            r#""Principal":"*","Action":["elasticfilesystem:D*","elasticfilesystem:P*"]"#,
            true,
        ),
        (r#""Principal":"*","Action":"elasticfilesystem:C*""#, true),
        (
            r#""Principal":"*","Action":"elasticfilesystem:*Mount""#,
            false,
        ),
        (
            r#""Principal":"*","Action":"elasticfilesystem:DeleteFileSystem""#,
            false,
        ),
        (
            r#""Principal":"*","NotAction":"elasticfilesystem:*""#,
            false,
        ),
        (
            r#""Principal":"*","Action":"*","Condition":{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}}"#,
            false,
        ),
        (
            r#""Principal":"*","Action":"*","Condition":{"BoolIfExists":{"elasticfilesystem:AccessedViaMountTarget":"true"}}"#,
            true,
        ),
        (
            r#""Principal":"*","Action":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}"#,
            false,
        ),
        (
            r#""Principal":"*","Action":"*","Condition":{"StringLike":{"aws:PrincipalAccount":"*"}}"#,
            true,
        ),
    ];
    for (members, expected) in cases {
        let policy = policy(&format!(r#"[{{"Sid":"a","Effect":"Allow",{members}}}]"#));
        assert_eq!(!policy.wildcard_actions().is_empty(), expected, "{members}");
    }
    let text = r#"[{"Sid":"a","Effect":"Allow","Principal":"*","Action":["elasticfilesystem:Client*","elasticfilesystem:D*"],
        "Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}},
        {"Effect":"Deny","Principal":"*","Action":"elasticfilesystem:DeleteFileSystem*"}]"#;
    let wide = Wide {
        statement: "a".to_owned(),
        pattern: "elasticfilesystem:D*".to_owned(),
        action: "elasticfilesystem:DeleteMountTarget",
        narrowed_by: vec!["aws:PrincipalOrgID".to_owned()],
    };
    assert_eq!(policy(text).wildcard_actions(), [wide]);
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
    let accounts = ["222233334444", "444455556666", "555566667777"];
    assert_eq!(
        policy.foreign(HERE),
        accounts.map(|account| Foreign::Account(account.to_owned()))
    );
}

#[test]
fn organizations_and_those_whom_a_deny_spares_are_foreign() {
    let allow = |condition: &str| {
        format!(
            r#"{{"Effect":"Allow","Principal":"*","Action":"elasticfilesystem:*","Condition":{{"StringLike":{{{condition}}}}}}}"#
        )
    };
    let spares = |names: &str| {
        format!(r#"[{ALLOW_ALL},{{"Effect":"Deny","NotPrincipal":{names},"Action":"*"}}]"#)
    };
    let cases = [
        (
            allow(r#""aws:PrincipalOrgID":"o-a1b2c3d4e5""#),
            &["all accounts of organization o-a1b2c3d4e5"][..],
        ),
        (
            allow(r#""aws:PrincipalOrgPaths":"o-a1b2c3d4e5/r-ab12/*""#),
            &["all accounts of organization path o-a1b2c3d4e5/r-ab12/*"],
        ),
        (
            allow(r#""aws:PrincipalOrgID":"o-a1b2c3d4e5","aws:PrincipalAccount":"111122223333""#),
            &[],
        ),
        (
            allow(r#""aws:PrincipalArn":"arn:aws:iam::4444*:role/x""#),
            &["all accounts that arn:aws:iam::4444*:role/x covers"],
        ),
        (
            allow(r#""aws:PrincipalArn":"arn:aws:iam::111122223333:role/*""#),
            &[],
        ),
        (
            allow(
                r#""aws:PrincipalArn":"arn:aws:iam::*:role/x","aws:PrincipalOrgID":"o-a1b2c3d4e5""#,
            ),
            &["all accounts of organization o-a1b2c3d4e5"],
        ),
        (
            spares(
                r#"{"AWS":["arn:aws:iam::444455556666:root","arn:aws:iam::111122223333:root"]}"#,
            ),
            &["account 444455556666"],
        ),
        (spares(r#"{"Service":"backup.amazonaws.com"}"#), &[]),
        (
            spares(r#"{"AWS":"444455556666"}"#)
                .replace("Client*", "Backup")
                .replace(
                    r#""Principal":"*""#,
                    r#""Principal":{"AWS":"111122223333"}"#,
                ),
            &[],
        ),
    ];
    for (statements, expected) in cases {
        let foreign = policy(&statements).foreign(HERE);
        let described: Vec<String> = foreign.iter().map(Foreign::to_string).collect();
        assert_eq!(described, expected, "{statements}");
    }
    let path = Foreign::OrganizationPath("o-a1b2c3d4e5/r-ab12/*".to_owned());
    assert_eq!(path.id(), "o-a1b2c3d4e5");
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
            match expected {
                [] => LockOut::No,
                some => LockOut::Yes(some.iter().map(|&one| one.to_owned()).collect()),
            },
            "{statements}"
        );
    }
}

#[test]
fn a_lock_out_is_judged_as_a_call_of_the_api() {
    let deny = |who: &str, condition: &str| {
        format!(r#"{{"Sid":"a","Effect":"Deny",{who},"Action":"*","Condition":{condition}}}"#)
    };
    let yes = || LockOut::Yes(vec!["a".to_owned()]);
    let unclear = |because: &str| {
        LockOut::Unclear(vec![Doubt {
            statement: "a".to_owned(),
            because: vec![because.to_owned()],
        }])
    };
    let conditions = [
        (
            r#"{"StringNotEquals":{"elasticfilesystem:AccessPointArn":"x"}}"#,
            yes(),
        ),
        (
            r#"{"ArnNotLike":{"elasticfilesystem:AccessPointArn":"x"}}"#,
            yes(),
        ),
        (
            r#"{"ArnEqualsIfExists":{"elasticfilesystem:AccessPointArn":"x"}}"#,
            yes(),
        ),
        (
            r#"{"Null":{"elasticfilesystem:AccessPointArn":"true"}}"#,
            yes(),
        ),
        (
            r#"{"BoolIfExists":{"elasticfilesystem:AccessedViaMountTarget":"true"}}"#,
            yes(),
        ),
        (r#"{"Bool":{"aws:SecureTransport":"true"}}"#, yes()),
        (
            r#"{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}"#,
            yes(),
        ),
        (
            r#"{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"false"}}"#,
            LockOut::No,
        ),
        (
            r#"{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}}"#,
            LockOut::No,
        ),
        (
            r#"{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/admin"}}"#,
            LockOut::No,
        ),
        (
            r#"{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/admin-*"}}"#,
            LockOut::No,
        ),
        (
            r#"{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/admin"}}"#,
            yes(),
        ),
        (
            r#"{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#,
            LockOut::No,
        ),
        (
            r#"{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#,
            unclear("aws:SourceIp"),
        ),
        (
            r#"{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}"#,
            unclear("aws:SourceVpce"),
        ),
    ];
    for (condition, expected) in conditions {
        let policy = policy(&deny(r#""Principal":"*""#, condition));
        assert_eq!(policy.locks_out(HERE), expected, "{condition}");
    }
    let principals = [
        (r#"{"AWS":"arn:aws:iam::444455556666:root"}"#, yes()),
        (r#"{"Service":"backup.amazonaws.com"}"#, yes()),
        (
            r#"{"AWS":"arn:aws:iam::111122223333:user/bob"}"#,
            unclear("NotPrincipal"),
        ),
        (r#"{"AWS":"111122223333"}"#, unclear("NotPrincipal")),
        (
            r#"{"AWS":["arn:aws:iam::111122223333:user/bob","arn:aws:iam::111122223333:root"]}"#,
            LockOut::No,
        ),
    ];
    for (names, expected) in principals {
        let policy = policy(&deny(&format!(r#""NotPrincipal":{names}"#), "{}"));
        assert_eq!(policy.locks_out(HERE), expected, "{names}");
    }
}
