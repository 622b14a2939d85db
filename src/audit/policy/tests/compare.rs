//! What changes for whom when one policy takes the place of another.

use super::statements::{POINT, ROLE, STRANGER, of, statements};
use super::*;

fn sentences(before: Option<&Policy>, after: Option<&Policy>) -> Vec<String> {
    let changes = compare(before, after, HERE).changes;
    changes.iter().map(ToString::to_string).collect()
}

#[test]
fn who_loses_what_is_said() {
    let all = "mount, write, root access";
    let plain = format!(
        "clients without TLS: lose {all}; Docker NFS volumes and plain nfs4 lines no longer mount"
    );
    let cases = [
        ("", vec![]),
        ("enforce-tls", vec![plain.clone()]),
        (
            "deny-root",
            vec![
                "clients without IAM identity: lose root access".to_owned(),
                "IAM identities: root access only where their own IAM policy allows it".to_owned(),
            ],
        ),
        (
            "read-only deny-root",
            vec![
                "clients without IAM identity: lose write, root access".to_owned(),
                "IAM identities: write, root access only where their own IAM policy allows it"
                    .to_owned(),
            ],
        ),
        (
            "deny-anonymous",
            vec![
                format!(
                    "clients without IAM identity: lose {all}; Docker NFS volumes and plain nfs4 lines no longer mount"
                ),
                "IAM identities: mount only where their own IAM policy allows it".to_owned(),
            ],
        ),
        (
            "access-points-only",
            vec![
                format!(
                    "clients without IAM identity by no access point: lose {all}; Docker NFS volumes and plain nfs4 lines no longer mount"
                ),
                format!("IAM identities by no access point: lose {all}"),
            ],
        ),
    ];
    for (words, expected) in cases {
        assert_eq!(sentences(None, Some(&of(words))), expected, "{words}");
        assert_eq!(
            sentences(Some(&of(words)), Some(&of(words))),
            [""; 0],
            "{words}"
        );
        let gains = compare(Some(&of(words)), None, HERE);
        assert!(gains.losses().next().is_none() && gains.gains().count() == expected.len());
    }
    assert_eq!(
        sentences(Some(&of("enforce-tls")), Some(&of("read-only"))),
        [
            "clients without TLS: gain mount, root access",
            "clients with TLS and without IAM identity: lose write",
            "IAM identities: write only where their own IAM policy allows it",
        ]
    );
    assert_eq!(
        sentences(
            Some(&of("deny-anonymous deny-root")),
            Some(&of("deny-anonymous"))
        ),
        ["IAM identities: gain root access"]
    );
}

#[test]
fn whoever_is_named_is_asked_for_by_name() {
    let everybody = policy(&format!("[{ALLOW_ALL}]"));
    let allow = |members: &str| {
        policy(&format!(
            r#"[{{"Sid":"app","Effect":"Allow","Action":["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite"],{members}}}]"#
        ))
    };
    let role = allow(&format!(r#""Principal":{{"AWS":["{ROLE}","{HERE}"]}}"#));
    let role_only = allow(&format!(r#""Principal":{{"AWS":"{ROLE}"}}"#));
    assert_eq!(
        sentences(Some(&role), Some(&role_only)),
        ["IAM identities: mount, write only where their own IAM policy allows it"],
        "the role keeps what the account loses"
    );
    assert_eq!(
        sentences(Some(&role_only), Some(&of("deny-anonymous"))),
        [
            "IAM identities: gain write, root access",
            "clients as arn:aws:iam::111122223333:role/app: mount only where their own IAM policy allows it",
        ]
    );
    let by = |point: &str| {
        allow(&format!(
            r#""Principal":"*","Condition":{{"StringEquals":{{"elasticfilesystem:AccessPointArn":"{point}"}}}}"#
        ))
    };
    let other = POINT.replace("fsap-1", "fsap-2");
    assert_eq!(
        sentences(Some(&by(POINT)), Some(&by(&other))),
        [
            format!("clients with TLS and without IAM identity by {POINT}: lose mount, write"),
            format!("clients with TLS and without IAM identity by {other}: gain mount, write"),
            format!(
                "IAM identities by {POINT}: mount, write only where their own IAM policy allows it"
            ),
            format!("IAM identities by {other}: gain mount, write"),
        ]
    );
    let only = policy(
        r#"[{"Effect":"Allow","Principal":"*","Action":"*"},{"Effect":"Deny","Principal":"*","Action":"elasticfilesystem:ClientWrite","Condition":{"Null":{"elasticfilesystem:AccessPointArn":"true"}}}]"#,
    );
    assert_eq!(
        sentences(Some(&everybody), Some(&only)),
        [
            "clients without IAM identity by no access point: lose write",
            "IAM identities by no access point: lose write",
        ],
        "`true` is no access point"
    );
    let some = by("arn:aws:elasticfilesystem:*:111122223333:access-point/*");
    let changes = compare(Some(&some), Some(&by(POINT)), HERE).changes;
    let names_another = |change: &Change| {
        change
            .access_point
            .as_deref()
            .is_some_and(|arn| arn != POINT)
    };
    assert!(
        !changes.iter().any(names_another),
        "a pattern is no access point"
    );
    let office =
        allow(r#""Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#);
    let compared = compare(Some(&everybody), Some(&office), HERE);
    let said: Vec<_> = compared.changes.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "clients without IAM identity: may lose mount, write; Docker NFS volumes and plain nfs4 lines may no longer mount",
            "clients without IAM identity: lose root access",
            "IAM identities: may lose mount, write",
            "IAM identities: root access only where their own IAM policy allows it",
        ]
    );
    let doubts: Vec<_> = compared.unclear.iter().map(ToString::to_string).collect();
    assert_eq!(doubts, ["statement app (aws:SourceIp)"]);
}

#[test]
fn a_policy_that_nobody_could_change_is_noticed() {
    let deny = policy(
        r#"[{"Sid":"no","Effect":"Deny","Principal":"*","Action":["elasticfilesystem:*FileSystemPolicy"]}]"#,
    );
    let compared = compare(None, Some(&deny), HERE);
    assert_eq!(compared.lock_out, LockOut::Yes(vec!["no".to_owned()]));
    assert_eq!(compare(Some(&deny), None, HERE).lock_out, LockOut::No);
}

/// What a client may do, asked of the evaluator action by action. Identities of other accounts are asked for where they are named.
fn answers(policy: &Policy, names_stranger: bool) -> Vec<(Option<Access>, Access)> {
    let role = Principal::identity(ROLE);
    let stranger = Principal::identity(STRANGER);
    let mut identities = vec![Who::Unnamed(HERE), Who::Named(&role)];
    identities.extend(names_stranger.then_some(Who::Named(&stranger)));
    let mut answers = Vec::new();
    for way in Way::NFS {
        let who = identities.iter().filter(|_| way != Way::Plain);
        for who in [Who::Anonymous].iter().chain(who) {
            for request in [Request::new(way, *who), Request::new(way, *who).by(POINT)] {
                let ask = |action: ClientAction| {
                    let action = action.as_str();
                    if policy.denied(action, &request) == Truth::Yes {
                        return Access::Denied;
                    }
                    match policy.allowed(action, &request) {
                        Truth::No if *who == Who::Anonymous => Access::Denied,
                        Truth::No => Access::LeftToIdentity,
                        Truth::Yes if policy.denied(action, &request) == Truth::No => {
                            Access::Allowed
                        }
                        Truth::Yes | Truth::Perhaps => Access::Unknown,
                    }
                };
                let mount = ask(ClientAction::Mount);
                for action in ClientAction::ALL {
                    // Who cannot mount can do nothing. One with an identity may be allowed to mount by another policy.
                    let is_certain = *who == Who::Anonymous || mount == Access::Denied;
                    answers.push((is_certain.then_some(mount), ask(action)));
                }
            }
        }
    }
    answers
}

proptest! {
    #[test]
    fn no_change_is_said_exactly_where_all_requests_are_answered_alike(
        before in statements(), after in statements(), same in any::<bool>(),
    ) {
        let parsed = |all: &[String]| policy(&format!("[{}]", all.join(",")));
        // Often the two differ in little.
        let after = if same { before.iter().chain(&after).cloned().collect() } else { after };
        let names_stranger = before.iter().chain(&after).any(|one| one.contains(STRANGER));
        let (before, after) = (parsed(&before), parsed(&after));
        let effective = |policy: &Policy| -> Vec<Access> {
            let answers = answers(policy, names_stranger).into_iter();
            answers.map(|(mount, access)| mount.map_or(access, |mount| access.min(mount))).collect()
        };
        let compared = compare(Some(&before), Some(&after), HERE);
        let (was, is) = (effective(&before), effective(&after));
        prop_assert_eq!(compared.changes.is_empty(), was == is);
        let loses = was.iter().zip(&is).any(|(was, is)| is < was);
        let gains = was.iter().zip(&is).any(|(was, is)| is > was);
        prop_assert_eq!((compared.losses().count() > 0, compared.gains().count() > 0), (loses, gains));
        let back = compare(Some(&after), Some(&before), HERE);
        prop_assert_eq!(back.losses().count(), compared.gains().count());
    }
}
