//! AWS STS on the wire: `GetCallerIdentity`, and `AssumeRole` of any role.

use std::time::{Duration, UNIX_EPOCH};

use super::ec2::xml::Xml;
use super::query::Query;
use super::{Reply, Request};
use crate::world::{ApiError, Region};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// One operation: reads its parameters, writes its answer.
type Handler = fn(&Region, &Query, &str) -> Result<Reply, ApiError>;

const OPERATIONS: &[(&str, Handler)] = &[
    ("AssumeRole", assume_role),
    ("GetCallerIdentity", |region, _, request_id| {
        Ok(caller_identity(region, request_id))
    }),
];

/// The names of the operations.
pub(super) fn operations() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|(name, _)| *name)
}

/// The operation a request asks for.
pub fn operation(request: &Request) -> Option<String> {
    Query::of(request).text("Action")
}

/// Answers a request.
pub fn respond(region: &mut Region, request: &Request, request_id: &str) -> Reply {
    let query = Query::of(request);
    let action = query.get("Action");
    let answer = match (
        action,
        OPERATIONS.iter().find(|(name, _)| action == Some(name)),
    ) {
        (_, Some((_, handle))) => handle(region, &query, request_id),
        (Some(other), None) => {
            let message = format!("Could not find operation {other} for version 2011-06-15");
            Err(ApiError::new("InvalidAction", 400, message))
        }
        (None, None) => {
            let message = "The request must contain the parameter Action";
            Err(ApiError::new("MissingAction", 400, message))
        }
    };
    answer.unwrap_or_else(|error| error_reply(&error, request_id))
}

/// An error as STS sends it.
pub fn error_reply(error: &ApiError, request_id: &str) -> Reply {
    let mut xml = Xml::new("ErrorResponse", NAMESPACE);
    xml.element("Error", |xml| {
        xml.text(
            "Type",
            if error.status < 500 {
                "Sender"
            } else {
                "Receiver"
            },
        );
        xml.text("Code", error.code);
        xml.text("Message", &error.message);
    });
    xml.text("RequestId", request_id);
    xml.reply(error.status, request_id)
}

fn caller_identity(region: &Region, request_id: &str) -> Reply {
    let account = &region.account_id;
    let mut xml = Xml::new("GetCallerIdentityResponse", NAMESPACE);
    xml.element("GetCallerIdentityResult", |xml| {
        xml.text(
            "Arn",
            format!("arn:{}:iam::{account}:user/sandbox", region.partition()),
        );
        xml.text("UserId", "AIDASANDBOXSANDBOXSAN");
        xml.text("Account", account);
    });
    xml.element("ResponseMetadata", |xml| xml.text("RequestId", request_id));
    xml.reply(200, request_id)
}

/// Temporary credentials for any role, whether or not there is such a role: the sandbox knows none, and checks no signatures.
///
/// Limits and forms: STS API reference, "`AssumeRole`".
fn assume_role(region: &Region, query: &Query, request_id: &str) -> Result<Reply, ApiError> {
    let role = required(query, "RoleArn", "roleArn")?;
    let session = required(query, "RoleSessionName", "roleSessionName")?;
    let (partition, account, name) = role_of(role)
        .ok_or_else(|| ApiError::new("ValidationError", 400, format!("{role} is invalid")))?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if !(2..=64).contains(&session.len()) || !session.chars().all(is_word) {
        return Err(unfit(session, "roleSessionName", r"[\w+=,.@-]*"));
    }
    let seconds = query.number("DurationSeconds")?.unwrap_or(3_600);
    let seconds = u64::try_from(seconds)
        .ok()
        .filter(|seconds| (900..=43_200).contains(seconds))
        .ok_or_else(|| unfit(&seconds.to_string(), "durationSeconds", "900 to 43200"))?;
    let until = UNIX_EPOCH + Duration::from_millis(region.now) + Duration::from_secs(seconds);

    let mut xml = Xml::new("AssumeRoleResponse", NAMESPACE);
    xml.element("AssumeRoleResult", |xml| {
        xml.element("AssumedRoleUser", |xml| {
            xml.text(
                "Arn",
                format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session}"),
            );
            xml.text("AssumedRoleId", format!("AROASANDBOXSANDBOXSAN:{session}"));
        });
        xml.element("Credentials", |xml| {
            xml.text("AccessKeyId", "ASIASANDBOXSANDBOXSA");
            xml.text("SecretAccessKey", "sandbox");
            xml.text("SessionToken", "sandbox");
            xml.text("Expiration", humantime::format_rfc3339_seconds(until));
        });
    });
    xml.element("ResponseMetadata", |xml| xml.text("RequestId", request_id));
    Ok(xml.reply(200, request_id))
}

/// Partition, account and name (without its path) in `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
fn role_of(arn: &str) -> Option<(&str, &str, &str)> {
    let mut parts = arn.splitn(6, ':');
    let mut next = || parts.next();
    let ("arn", partition, "iam", "", account) = (next()?, next()?, next()?, next()?, next()?)
    else {
        return None;
    };
    let name = next()?.strip_prefix("role/")?.rsplit('/').next()?;
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    (is_account && !name.is_empty()).then_some((partition, account, name))
}

fn required<'q>(query: &'q Query, name: &str, member: &str) -> Result<&'q str, ApiError> {
    query.get(name).ok_or_else(|| {
        let message = format!(
            "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
        );
        ApiError::new("ValidationError", 400, message)
    })
}

fn unfit(value: &str, member: &str, expected: &str) -> ApiError {
    let message = format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must satisfy {expected}"
    );
    ApiError::new("ValidationError", 400, message)
}
