//! The one place where the words of AWS, and of connections, are read: what is said, and which cause it has.
//!
//! The words are those of *Troubleshooting access denied error messages* and *Error responses for Signature Version 4* (IAM user guide),
//! *Error codes for the Amazon EC2 API*, and of answers that users of EFS made public.

use super::cause::{Cause, Policy, Variant};
use super::class::Class;
use super::codes::{self, Next};

/// A row: one of the codes (any, where there are none), and one of the words; what they mean, where that is not what the code means.
struct Row {
    codes: &'static [&'static str],
    words: &'static [&'static str],
    cause: Cause,
    class: Option<Class>,
}

const fn row(codes: &'static [&'static str], words: &'static [&'static str], cause: Cause) -> Row {
    Row {
        codes,
        words,
        cause,
        class: None,
    }
}

/// A row whose words turn the meaning of the code.
const fn turning(
    codes: &'static [&'static str],
    words: &'static [&'static str],
    cause: Cause,
    class: Class,
) -> Row {
    Row {
        codes,
        words,
        cause,
        class: Some(class),
    }
}

const DENIALS: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
];

/// What stands before the IAM action that a denial names.
const NOT_AUTHORIZED: &str = "not authorized to perform: ";

/// What AWS says. The first row that fits counts; without one, the cause that the code itself has ([`codes::CODES`]).
#[rustfmt::skip]
const SAID: &[Row] = &[
    row(&[], &["specified key could not be found"], Cause::NoKey),
    row(
        &[],
        &[
            "Signature expired",
            "Signature not yet current",
            "is now earlier than",
            "is still later than",
            "difference between the request time and the current time",
        ],
        Cause::Clock,
    ),
    row(&["AuthFailure"], &["validate the provided access credentials"], Cause::UnknownKey),
    row(&[], &["explicit deny in a service control policy", "explicit deny in service control policies"], Cause::Forbidden(Policy::ServiceControl)),
    row(&[], &["explicit deny in a resource control policy"], Cause::Forbidden(Policy::ResourceControl)),
    row(&[], &["explicit deny in a permissions boundary"], Cause::Forbidden(Policy::Boundary)),
    row(&[], &["explicit deny in a session policy"], Cause::Forbidden(Policy::Session)),
    row(&[], &["explicit deny in a VPC endpoint policy"], Cause::Forbidden(Policy::VpcEndpoint)),
    row(&[], &["explicit deny in a resource-based policy"], Cause::Forbidden(Policy::Resource)),
    row(&[], &["explicit deny in an identity-based policy"], Cause::Forbidden(Policy::Identity)),
    row(&[], &["with an explicit deny"], Cause::Forbidden(Policy::Unnamed)),
    row(&[], &["no service control policy allows"], Cause::NotAllowed(Policy::ServiceControl)),
    row(&[], &["no resource control policy allows"], Cause::NotAllowed(Policy::ResourceControl)),
    row(&[], &["no permissions boundary allows"], Cause::NotAllowed(Policy::Boundary)),
    row(&[], &["no session policy allows"], Cause::NotAllowed(Policy::Session)),
    row(&[], &["no VPC endpoint policy allows"], Cause::NotAllowed(Policy::VpcEndpoint)),
    row(&[], &["no resource-based policy allows"], Cause::NotAllowed(Policy::Resource)),
    row(DENIALS, &[NOT_AUTHORIZED], Cause::RightMissing),
    row(DENIALS, &["Encoded authorization failure message"], Cause::Encoded),
    // It is there, and will not be in that network however often it is tried.
    turning(&["SecurityGroupNotFound"], &["different networks"], Cause::OtherNetwork, Class::Permanent),
    // IAM may have created the principal a moment ago (hashicorp/terraform-provider-aws#21734).
    turning(&["InvalidPolicyException"], &["invalid Principal"], Cause::UnknownPrincipal, Class::Recheck),
];

/// What is said of connections, by the operating system and the libraries: there is no code.
#[rustfmt::skip]
const HEARD: &[Row] = &[
    row(&[], &["tunnel error", "proxy authorization", "proxy authentication", "proxy connection"], Cause::Proxy),
    row(&[], &["invalid peer certificate", "unknownissuer", "certificate verify failed", "certificate not valid"], Cause::Certificate),
    row(&[], &["dns error", "failed to lookup address", "name or service not known", "nodename nor servname"], Cause::Unresolved(Variant::Usual)),
    row(&[], &["connection refused"], Cause::NobodyListens),
    row(&[], &["timed out", "timeout"], Cause::Silence),
];

/// The IAM action that a denial names.
pub fn missing_right(message: &str) -> Option<String> {
    let (_, rest) = message.split_once(NOT_AUTHORIZED)?;
    let action: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == ':')
        .collect();
    action.contains(':').then_some(action)
}

/// The first row that fits.
fn said(code: Option<&str>, message: &str) -> Option<&'static Row> {
    let fits = |row: &&Row| {
        let by_code = row.codes.is_empty() || code.is_some_and(|code| row.codes.contains(&code));
        by_code && row.words.iter().any(|word| message.contains(word))
    };
    SAID.iter().find(fits)
}

/// The class of an answer of AWS whose words turn the meaning of its code.
pub(super) fn class_said(code: Option<&str>, message: &str) -> Option<Class> {
    said(code, message)?.class
}

impl Cause {
    /// The cause of an answer of AWS.
    pub fn said(code: Option<&str>, message: &str) -> Option<Self> {
        let said = said(code, message).map(|row| row.cause.clone());
        said.or_else(|| match &code.and_then(codes::find)?.next {
            Next::Because(cause) => Some(cause.clone()),
            Next::Nothing | Next::Say(_) | Next::List(_) => None,
        })
    }

    /// The codes that are read together with what is said.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        SAID.iter().flat_map(|row| row.codes).copied()
    }

    /// The cause of a connection that gave no answer, by what is said of it. `towards` is the host.
    pub fn heard(text: &str, towards: Option<&str>) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let fits = |row: &&Row| row.words.iter().any(|word| text.contains(word));
        let found = HEARD.iter().find(fits).map(|row| row.cause.clone())?;
        Some(match (found, towards) {
            (Self::Unresolved(_), Some(host)) => Self::Unresolved(Variant::of(host)),
            (found, _) => found,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::cloud::{Cause, Policy, Variant, missing_right};

    #[test]
    fn the_missing_right_is_the_one_the_denial_names() {
        let efs = "User: arn:aws:iam::1:user/x is not authorized to perform: elasticfilesystem:TagResource on the specified resource";
        assert_eq!(
            missing_right(efs).as_deref(),
            Some("elasticfilesystem:TagResource")
        );
        let unnamed = "You are not authorized to perform this operation.";
        assert_eq!(missing_right(unnamed), None);
    }

    #[test]
    #[rustfmt::skip]
    fn words_of_aws_have_their_cause() {
        use Policy::{Boundary, Identity, Resource, ResourceControl, ServiceControl, Session, Unnamed, VpcEndpoint};
        let user = "User: arn:aws:sts::111122223333:assumed-role/ci/run is not authorized to perform: elasticfilesystem:CreateFileSystem on the specified resource";
        let denied = |end: &str| format!("{user} {end}");
        let table = [
            ("InvalidSignatureException", "Signature expired: 20261125T101200Z is now earlier than 20261125T162700Z (20261125T163200Z - 5 min.)".to_owned(), Cause::Clock),
            ("SignatureDoesNotMatch", "Signature not yet current: 20261125T161200Z is still later than 20261125T102700Z".to_owned(), Cause::Clock),
            ("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.".to_owned(), Cause::Clock),
            ("AuthFailure", "AWS was not able to validate the provided access credentials".to_owned(), Cause::UnknownKey),
            ("RequestExpired", "Request has expired.".to_owned(), Cause::ClockOrExpired),
            ("ExpiredTokenException", "The security token included in the request is expired".to_owned(), Cause::Expired),
            ("UnrecognizedClientException", "The security token included in the request is invalid.".to_owned(), Cause::UnknownKey),
            ("InvalidSignatureException", "The request signature we calculated does not match the signature you provided.".to_owned(), Cause::WrongSecret),
            ("BadRequest", "The request was rejected because the specified key could not be found. [error=NotFoundException]".to_owned(), Cause::NoKey),
            ("OptInRequired", "You are not subscribed to this service.".to_owned(), Cause::RegionOff),
            ("AccessDeniedException", user.to_owned(), Cause::RightMissing),
            ("AccessDeniedException", denied("because no identity-based policy allows the elasticfilesystem:CreateFileSystem action"), Cause::RightMissing),
            ("AccessDeniedException", denied("with an explicit deny in a service control policy"), Cause::Forbidden(ServiceControl)),
            ("AccessDeniedException", denied("with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-x/service_control_policy/p-y"), Cause::Forbidden(ServiceControl)),
            ("AccessDeniedException", denied("with an explicit deny in a resource control policy"), Cause::Forbidden(ResourceControl)),
            ("AccessDeniedException", denied("with an explicit deny in a permissions boundary"), Cause::Forbidden(Boundary)),
            ("AccessDeniedException", denied("with an explicit deny in a session policy"), Cause::Forbidden(Session)),
            ("AccessDeniedException", denied("with an explicit deny in a VPC endpoint policy"), Cause::Forbidden(VpcEndpoint)),
            ("AccessDeniedException", denied("with an explicit deny in a resource-based policy"), Cause::Forbidden(Resource)),
            ("AccessDeniedException", denied("with an explicit deny in an identity-based policy"), Cause::Forbidden(Identity)),
            ("AccessDenied", denied("with an explicit deny"), Cause::Forbidden(Unnamed)),
            ("AccessDeniedException", denied("because no service control policy allows the elasticfilesystem:CreateFileSystem action"), Cause::NotAllowed(ServiceControl)),
            ("AccessDeniedException", denied("because no resource control policy allows the action"), Cause::NotAllowed(ResourceControl)),
            ("AccessDeniedException", denied("because no permissions boundary allows the action"), Cause::NotAllowed(Boundary)),
            ("AccessDeniedException", denied("because no session policy allows the action"), Cause::NotAllowed(Session)),
            ("AccessDeniedException", denied("because no VPC endpoint policy allows the action"), Cause::NotAllowed(VpcEndpoint)),
            ("AccessDeniedException", denied("because no resource-based policy allows the action"), Cause::NotAllowed(Resource)),
            ("UnauthorizedOperation", "You are not authorized to perform this operation. User: arn:aws:iam::1:user/x is not authorized to perform: ec2:CreateSecurityGroup on resource: arn:aws:ec2:eu-west-1:1:vpc/vpc-1 with an explicit deny in a service control policy. Encoded authorization failure message: abc".to_owned(), Cause::Forbidden(ServiceControl)),
            ("UnauthorizedOperation", "You are not authorized to perform this operation. Encoded authorization failure message: abc".to_owned(), Cause::Encoded),
            ("UnauthorizedOperation", "You are not authorized to perform this operation.".to_owned(), Cause::RightUnnamed),
            ("SecurityGroupNotFound", "SecurityGroup: sg-1 and mount target belong to different networks".to_owned(), Cause::OtherNetwork),
            ("InvalidPolicyException", "Policy contains invalid Principal block".to_owned(), Cause::UnknownPrincipal),
            ("AccessDeniedException", "User is not authorized to perform that action on the specified resource".to_owned(), Cause::RightUnnamed),
        ];
        for (code, message, cause) in table {
            assert_eq!(Cause::said(Some(code), &message), Some(cause), "{code}: {message}");
        }
        for (code, message) in [("AuthFailure", "You do not have permission to access the specified resource."), ("ThrottlingException", "Rate exceeded"), ("BadRequest", "no"), ("InvalidPolicyException", "Policy contains invalid Action"), ("BadRequest", "invalid Principal"), ("TooManyRequests", "24 hours")] {
            assert_eq!(Cause::said(Some(code), message), None, "{code}");
        }
    }

    #[test]
    fn what_is_said_of_connections_has_its_cause() {
        for (text, host, cause) in [
            (
                "dns error: failed to lookup address information: Name or service not known",
                "elasticfilesystem.eu-west-9.amazonaws.com",
                Cause::Unresolved(Variant::Usual),
            ),
            (
                "dns error",
                "elasticfilesystem-fips.eu-west-1.amazonaws.com",
                Cause::Unresolved(Variant::Fips),
            ),
            (
                "dns error",
                "efs.eu-west-1.api.aws",
                Cause::Unresolved(Variant::DualStack),
            ),
            ("tunnel error: unsuccessful", "x", Cause::Proxy),
            ("proxy authorization required", "x", Cause::Proxy),
            (
                "invalid peer certificate: UnknownIssuer",
                "x",
                Cause::Certificate,
            ),
            (
                "tcp connect error: Connection refused (os error 111)",
                "x",
                Cause::NobodyListens,
            ),
            (
                "HTTP connect timeout occurred after 3.1s",
                "x",
                Cause::Silence,
            ),
        ] {
            assert_eq!(Cause::heard(text, Some(host)), Some(cause), "{text}");
        }
        assert_eq!(Cause::heard("channel closed", None), None);
    }
}
