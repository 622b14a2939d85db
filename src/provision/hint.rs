//! What to do next, by the cause of a failed call, or by its code ([`codes`]): no word of AWS is read here.

use crate::cloud::codes::{self, Next};
use crate::cloud::{Cause, Class, CloudError, Policy, Variant};
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::field::Field;

/// Rights of EC2 and IAM that EFS needs of the caller beside that of the operation, as its API reference says of each.
/// A denial for want of one of them names no right.
#[rustfmt::skip]
const BESIDE: &[(&str, &[&str])] = &[
    ("CreateFileSystem", &["iam:CreateServiceLinkedRole", "kms:DescribeKey", "kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"]),
    ("CreateMountTarget", &["ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces", "ec2:CreateNetworkInterface"]),
    ("DeleteMountTarget", &["ec2:DeleteNetworkInterface"]),
    ("DescribeMountTargetSecurityGroups", &["ec2:DescribeNetworkInterfaceAttribute"]),
    ("ModifyMountTargetSecurityGroups", &["ec2:ModifyNetworkInterfaceAttribute"]),
    ("CreateSecurityGroup", &["ec2:CreateTags"]),
    ("AuthorizeSecurityGroupIngress", &["ec2:CreateTags"]),
];

/// What to do next.
pub fn hint(error: &CloudError) -> Option<Advice> {
    if let Some(hint) = error.cause().and_then(|cause| by_cause(&cause, error)) {
        return Some(hint);
    }
    let row = error.code.as_deref().and_then(codes::find);
    match row.map(|row| &row.next) {
        Some(Next::Say(words)) => Some(Advice::from_parts(words)),
        Some(Next::List(what)) => Some(
            advice!["check ", Field::Region, ", and "]
                .then(Advice::step("list them", Command::aws(what))),
        ),
        Some(Next::Nothing | Next::Because(_)) | None => by_class(error),
    }
}

fn by_cause(cause: &Cause, error: &CloudError) -> Option<Advice> {
    let text = match cause {
        Cause::Clock => {
            "the clock of this machine differs from that of AWS: set it (for example with NTP), and run it again".into()
        }
        Cause::ClockOrExpired => {
            Advice::from("either the clock of this machine differs from that of AWS, or the credentials have expired: check the clock, or ")
                .then(Advice::step("sign in again, for example", sign_in()))
        }
        Cause::Expired => Advice::from("the credentials have expired: ")
            .then(Advice::step("sign in again, for example", sign_in())),
        Cause::UnknownKey => {
            "AWS does not know these credentials: check AWS_PROFILE, and that the region is enabled for the account".into()
        }
        Cause::WrongSecret => {
            "AWS knows the access key id, but the secret does not match: check the secret access key".into()
        }
        Cause::OtherNetwork => advice![
            "a mount target takes security groups of its own VPC: name others with ",
            Field::SecurityGroup,
            ", or its subnets with ",
            Field::Subnet,
        ],
        Cause::UnknownPrincipal => {
            "IAM does not know a principal that the policy names: check the ARNs, and that the roles and users exist".into()
        }
        Cause::RegionOff => "this region has to be enabled for the account first".into(),
        Cause::Forbidden(policy) => forbidden(*policy).into(),
        Cause::NotAllowed(policy) => not_allowed(*policy, error).into(),
        Cause::RightMissing => return needs(error),
        Cause::RightUnnamed => return needs(error).or_else(|| Some(beside(error).into())),
        Cause::Encoded => encoded(error),
        Cause::NoKey => advice![
            "check ",
            Field::KmsKey,
            ": its region and account, and that its policy lets this caller use it",
        ],
        Cause::NoCredentials => advice!["set AWS_PROFILE or ", Field::Profile, ", or "]
            .then(Advice::step("sign in", sign_in()))
            .text("; or ")
            .then(Advice::step(
                "try without an account",
                Command::efsctl("--sandbox list").local(),
            )),
        Cause::SignedOut { profile } => {
            let named = sign_in().flag("--profile", profile).local();
            Advice::step("sign in", named)
        }
        Cause::Process { profile } => advice![
            format!("run the credential_process of the profile `{profile}` yourself: it has to print JSON, and may prompt; "),
            Field::Timeout,
            " gives it more time",
        ],
        Cause::Unresolved(Variant::Usual) => advice![
            "the name of the endpoint does not resolve: check ",
            Field::Region,
            ", ",
            Field::EndpointUrl,
            " and the network",
        ],
        Cause::Unresolved(Variant::Fips) => advice![
            "there may be no FIPS endpoint in this region: check ",
            Field::Region,
            ", and AWS_USE_FIPS_ENDPOINT or use_fips_endpoint; then the network",
        ],
        Cause::Unresolved(Variant::DualStack) => advice![
            "there may be no dual-stack endpoint in this region: check ",
            Field::Region,
            ", and AWS_USE_DUALSTACK_ENDPOINT or use_dualstack_endpoint; then the network",
        ],
        Cause::Proxy => {
            "the proxy does not let it through: check HTTPS_PROXY, its user and password, and NO_PROXY".into()
        }
        Cause::Certificate => {
            "the certificate is not trusted: where a proxy or an endpoint of your own signs, name its certificates with AWS_CA_BUNDLE".into()
        }
        Cause::NobodyListens => advice![
            "no server listens there: check ",
            Field::EndpointUrl,
            ", AWS_ENDPOINT_URL and any proxy",
        ],
        Cause::WebPage => advice![
            "check ",
            Field::EndpointUrl,
            " and AWS_ENDPOINT_URL: it has to be the address of an AWS API",
        ],
        Cause::Silence | Cause::ConnectionBroken => unanswered(),
    };
    Some(text)
}

/// What to do where there was no answer.
fn unanswered() -> Advice {
    advice![
        "check ",
        Field::EndpointUrl,
        ", the network and any proxy; nothing is lost by running it again",
    ]
}

fn sign_in() -> Command {
    Command::aws("sso login").of_profile()
}

fn by_class(error: &CloudError) -> Option<Advice> {
    match error.class {
        Class::Ambiguous => Some(unanswered()),
        Class::Throttle => Some("AWS is throttling this account: run it again later".into()),
        Class::Retry => Some("it may work later: run it again".into()),
        Class::Quota => Some("ask for a higher quota in Service Quotas".into()),
        Class::Recheck
        | Class::NotFound
        | Class::Denied
        | Class::Credentials
        | Class::Permanent => None,
    }
}

/// The right that the caller needs, where it is known.
fn needs(error: &CloudError) -> Option<Advice> {
    let action = error.action.as_ref()?;
    let words = format!("the caller needs the IAM action {action}; docs/IAM.md lists all of them");
    Some(words.into())
}

fn name(policy: Policy) -> &'static str {
    match policy {
        Policy::ServiceControl => "a service control policy of the organisation",
        Policy::ResourceControl => "a resource control policy of the organisation",
        Policy::Boundary => "the permissions boundary of the caller",
        Policy::Session => "the policy of this session",
        Policy::VpcEndpoint => "the policy of the VPC endpoint",
        Policy::Resource => "the policy of the resource",
        Policy::Identity => "a policy of the caller",
        Policy::Unnamed => "a policy",
    }
}

fn forbidden(policy: Policy) -> String {
    let text = format!(
        "{} denies it explicitly, which no right of the caller outweighs",
        name(policy)
    );
    match policy {
        Policy::ServiceControl | Policy::ResourceControl | Policy::Unnamed => format!(
            "{text}: check what such policies require, often encryption, tags and the region"
        ),
        _ => format!("{text}: that policy has to change"),
    }
}

fn not_allowed(policy: Policy, error: &CloudError) -> String {
    let action = error.action.as_deref().unwrap_or(error.operation);
    format!(
        "{} does not allow {action}: that policy has to, beside those of the caller",
        name(policy)
    )
}

/// The caller may have the right of the operation: it is not said to be the missing one.
fn beside(error: &CloudError) -> String {
    let known = BESIDE
        .iter()
        .find(|(operation, _)| *operation == error.operation);
    match known {
        Some((operation, rights)) => format!(
            "AWS does not name the missing permission: beside its own {operation} needs {}; docs/IAM.md lists all of them",
            rights.join(", ")
        ),
        None => "AWS does not name the missing permission, perhaps one of EC2 or KMS; docs/IAM.md lists all of them".to_owned(),
    }
}

fn encoded(error: &CloudError) -> Advice {
    let lacks = match &error.action {
        Some(action) => {
            format!("the caller may lack the IAM action {action}, or a policy denies it; ")
        }
        None => String::new(),
    };
    let read = Command::aws("sts decode-authorization-message --encoded-message ENCODED");
    Advice::from(lacks).then(Advice::step("to decode the message", read))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied(operation: &'static str, message: &str, action: Option<&str>) -> CloudError {
        CloudError {
            code: Some("AccessDeniedException".to_owned()),
            action: action.map(str::to_owned),
            ..CloudError::new(Class::Denied, operation, message)
        }
    }

    #[test]
    fn a_denial_that_names_no_right_is_not_told_as_the_right_of_the_operation() {
        const UNNAMED: &str =
            "User is not authorized to perform that action on the specified resource";
        for (operation, right) in [
            ("CreateMountTarget", "ec2:CreateNetworkInterface"),
            ("DeleteMountTarget", "ec2:DeleteNetworkInterface"),
            (
                "ModifyMountTargetSecurityGroups",
                "ec2:ModifyNetworkInterfaceAttribute",
            ),
            (
                "DescribeMountTargetSecurityGroups",
                "ec2:DescribeNetworkInterfaceAttribute",
            ),
            ("CreateFileSystem", "kms:DescribeKey"),
            ("PutBackupPolicy", "docs/IAM.md"),
        ] {
            let text = hint(&denied(operation, UNNAMED, None)).unwrap();
            assert!(text.contains(right), "{text}");
            assert!(!text.contains("elasticfilesystem:"), "{text}");
        }
        let named = hint(&denied("CreateMountTarget", "x is not authorized to perform: elasticfilesystem:CreateMountTarget on the specified resource", Some("elasticfilesystem:CreateMountTarget"))).unwrap();
        assert!(
            named.contains("the caller needs the IAM action elasticfilesystem:CreateMountTarget"),
            "{named}"
        );
    }

    #[test]
    fn an_explicit_deny_is_told_with_its_policy_and_not_as_a_missing_right() {
        for (words, policy) in [
            ("a service control policy", "service control policy"),
            ("a resource control policy", "resource control policy"),
            ("a permissions boundary", "permissions boundary"),
            ("a session policy", "policy of this session"),
            ("a VPC endpoint policy", "VPC endpoint"),
            ("a resource-based policy", "policy of the resource"),
            ("an identity-based policy", "policy of the caller"),
        ] {
            let message = format!(
                "x is not authorized to perform: ec2:CreateSecurityGroup with an explicit deny in {words}"
            );
            let text = hint(&denied(
                "CreateSecurityGroup",
                &message,
                Some("ec2:CreateSecurityGroup"),
            ))
            .unwrap();
            assert!(
                text.contains(policy)
                    && text.contains("explicitly")
                    && text.contains("no right of the caller outweighs"),
                "{text}"
            );
            assert!(!text.contains("needs the IAM action"), "{text}");
            let message = format!(
                "x is not authorized to perform: ec2:X because no {} allows the ec2:X action",
                words.trim_start_matches("a ").trim_start_matches("an ")
            );
            let text = hint(&denied("CreateSecurityGroup", &message, Some("ec2:X"))).unwrap();
            assert!(text.contains("ec2:X"), "{text}");
        }
    }

    #[test]
    fn every_cause_has_a_hint_of_its_own_that_names_what_to_look_at() {
        let profile = || "corp".to_owned();
        for (cause, words) in [
            (Cause::Clock, "the clock of this machine differs"),
            (Cause::ClockOrExpired, "clock"),
            (Cause::Expired, "have expired"),
            (Cause::UnknownKey, "does not know these credentials"),
            (Cause::WrongSecret, "secret access key"),
            (Cause::OtherNetwork, "of its own VPC"),
            (Cause::UnknownPrincipal, "check the ARNs"),
            (Cause::RegionOff, "enabled for the account"),
            (Cause::Encoded, "decode-authorization-message"),
            (Cause::NoKey, "kms_key"),
            (Cause::NoCredentials, "AWS_PROFILE"),
            (
                Cause::SignedOut { profile: profile() },
                "sso login --profile corp",
            ),
            (
                Cause::Process { profile: profile() },
                "credential_process of the profile `corp`",
            ),
            (Cause::Unresolved(Variant::Usual), "does not resolve"),
            (Cause::Unresolved(Variant::Fips), "AWS_USE_FIPS_ENDPOINT"),
            (
                Cause::Unresolved(Variant::DualStack),
                "AWS_USE_DUALSTACK_ENDPOINT",
            ),
            (Cause::Proxy, "HTTPS_PROXY"),
            (Cause::Certificate, "AWS_CA_BUNDLE"),
            (Cause::NobodyListens, "endpoint_url"),
            (Cause::WebPage, "AWS_ENDPOINT_URL"),
            (Cause::Silence, "the network"),
            (Cause::ConnectionBroken, "the network"),
        ] {
            let error = CloudError {
                cause: Some(cause.clone()),
                ..CloudError::new(Class::Ambiguous, "DescribeFileSystems", "x")
            };
            let text = hint(&error).unwrap();
            assert!(text.contains(words), "{cause:?}: {text}");
        }
    }

    #[test]
    fn every_code_of_the_table_and_every_class_has_its_hint() {
        let code = |row: &codes::Row| CloudError {
            code: Some(row.code.to_owned()),
            ..CloudError::new(Class::Permanent, "X", "no")
        };
        for row in codes::CODES {
            let text = hint(&code(row)).map(|hint| hint.to_string());
            let text = text.unwrap_or_default();
            match &row.next {
                Next::Say(words) => {
                    assert_eq!(text, Advice::from_parts(words).to_string(), "{}", row.code);
                }
                Next::List(what) => assert!(text.ends_with(what), "{}: {text}", row.code),
                Next::Because(Cause::RightUnnamed) => {
                    assert!(text.contains("docs/IAM.md"), "{text}");
                }
                Next::Because(_) => assert!(!text.is_empty(), "{}", row.code),
                Next::Nothing => assert!(text.is_empty(), "{}: {text}", row.code),
            }
        }
        for (class, words) in [
            (Class::Ambiguous, Some("nothing is lost")),
            (Class::Throttle, Some("throttling")),
            (Class::Retry, Some("later")),
            (Class::Quota, Some("Service Quotas")),
            (Class::Permanent, None),
        ] {
            let text = hint(&CloudError::new(class, "X", "no"));
            assert_eq!(text.is_some(), words.is_some(), "{class:?}");
            assert!(words.is_none_or(|words| text.unwrap().contains(words)));
        }
    }
}
