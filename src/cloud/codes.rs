//! The one table of error codes, of EFS and EC2, modelled and seen in the wild: what each means for the loop, and what to do next.

use super::cause::Cause;
use super::class::Class;
use crate::domain::advice::Part;
use crate::domain::field::Field;
use Class::{Ambiguous, Credentials, Denied, NotFound, Permanent, Quota, Recheck, Retry, Throttle};
use Next::{Because, List, Nothing, Say};
use Part::{Set, Text};

/// What to do next about a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// What its class says.
    Nothing,
    /// This.
    Say(&'static [Part]),
    /// To look at what there is, with this command of the AWS CLI.
    List(&'static str),
    /// What its cause says, unless the sentence of AWS names another one.
    Because(Cause),
}

/// One error code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As AWS writes it.
    pub code: &'static str,
    /// What it means for the loop.
    pub class: Class,
    /// What to do next.
    pub next: Next,
}

const fn row(code: &'static str, class: Class, next: Next) -> Row {
    Row { code, class, next }
}

/// Statuses and meanings: EFS and EC2 service models (botocore 2026-08), *Error codes for the Amazon EC2 API*. A code that is not in it
/// is classified by its HTTP status.
#[rustfmt::skip]
pub const CODES: &[Row] = &[
    // EFS: settled by looking.
    row("FileSystemAlreadyExists", Recheck, Nothing),
    row("AccessPointAlreadyExists", Recheck, Nothing),
    row("MountTargetConflict", Recheck, Say(&[Text("all mount targets of a file system are in one VPC, one in each zone")])),
    row("FileSystemInUse", Recheck, Nothing),
    row("IncorrectFileSystemLifeCycleState", Recheck, Nothing),
    row("IncorrectMountTargetState", Recheck, Nothing),
    row("IpAddressInUse", Permanent, Nothing),
    // EFS: throttled. `TooManyRequests` is none: it is the 24-hour lock of the throughput mode.
    row("ThrottlingException", Throttle, Nothing),
    row("TooManyRequests", Permanent, Say(&[Text("EFS lets the throughput mode change once in 24 hours: try again after the time it names")])),
    // EFS: refused for now.
    row("InsufficientThroughputCapacity", Retry, Say(&[Text("try again later, or use "), Set(Field::Throughput, "elastic")])),
    // EFS: no usable answer.
    row("InternalServerError", Ambiguous, Nothing),
    row("DependencyTimeout", Ambiguous, Nothing),
    // EFS: limits.
    row("FileSystemLimitExceeded", Quota, Say(&[Text("delete unused file systems, or ask for a higher quota in Service Quotas (Amazon EFS)")])),
    row("AccessPointLimitExceeded", Quota, Nothing),
    row("ThroughputLimitExceeded", Quota, Nothing),
    row("NetworkInterfaceLimitExceeded", Quota, Say(&[Text("a VPC takes 1,400 mount targets: remove unused ones, or use another VPC")])),
    row("SecurityGroupLimitExceeded", Quota, Nothing),
    row("NoFreeAddressesInSubnet", Permanent, Say(&[Text("choose another subnet of that zone with "), Part::Field(Field::Subnet)])),
    // EFS: not there.
    row("FileSystemNotFound", NotFound, Nothing),
    row("MountTargetNotFound", NotFound, Nothing),
    row("AccessPointNotFound", NotFound, Nothing),
    row("PolicyNotFound", NotFound, Nothing),
    row("ReplicationNotFound", NotFound, Nothing),
    row("SubnetNotFound", NotFound, List("ec2 describe-subnets")),
    row("SecurityGroupNotFound", NotFound, List("ec2 describe-security-groups")),
    // EFS: wrong for good.
    row("BadRequest", Permanent, Nothing),
    row("ValidationException", Permanent, Nothing),
    row("InvalidPolicyException", Permanent, Nothing),
    row("UnsupportedAvailabilityZone", Permanent, Say(&[Text("EFS is not offered in that zone: choose another one with "), Part::Field(Field::Zone), Text(" or "), Part::Field(Field::OneZone)])),
    row("AvailabilityZonesMismatch", Permanent, Nothing),
    row("ConflictException", Permanent, Nothing),
    row("ReplicationAlreadyExists", Recheck, Nothing),
    // EC2: settled by looking.
    row("InvalidGroup.Duplicate", Recheck, Nothing),
    row("InvalidPermission.Duplicate", Recheck, Nothing),
    row("DependencyViolation", Recheck, Say(&[Text("something still uses it: a network interface, or a rule of another group")])),
    row("InvalidGroup.InUse", Recheck, Nothing),
    row("ConcurrentTagAccess", Retry, Nothing),
    // EC2: throttled, or no usable answer.
    row("RequestLimitExceeded", Throttle, Nothing),
    row("EC2ThrottledException", Throttle, Nothing),
    row("InternalError", Ambiguous, Nothing),
    row("InternalFailure", Ambiguous, Nothing),
    row("ServiceUnavailable", Ambiguous, Nothing),
    row("Unavailable", Ambiguous, Nothing),
    // EC2: limits.
    row("RulesPerSecurityGroupLimitExceeded", Quota, Nothing),
    row("ResourceLimitExceeded", Quota, Nothing),
    row("TagLimitExceeded", Quota, Nothing),
    // EC2: not there.
    row("InvalidGroup.NotFound", NotFound, List("ec2 describe-security-groups")),
    row("InvalidSecurityGroupID.NotFound", NotFound, List("ec2 describe-security-groups")),
    row("InvalidSecurityGroupRuleId.NotFound", NotFound, Nothing),
    row("InvalidSubnetID.NotFound", NotFound, List("ec2 describe-subnets")),
    row("InvalidVpcID.NotFound", NotFound, List("ec2 describe-vpcs")),
    row("InvalidPrefixListID.NotFound", NotFound, List("ec2 describe-managed-prefix-lists")),
    row("InvalidNetworkInterfaceID.NotFound", NotFound, Nothing),
    // EC2: permission, where it was only asked for.
    row("DryRunOperation", Permanent, Nothing),
    // Both: throttling by any name.
    row("Throttling", Throttle, Nothing),
    row("ThrottledException", Throttle, Nothing),
    row("RequestThrottled", Throttle, Nothing),
    row("RequestThrottledException", Throttle, Nothing),
    row("TooManyRequestsException", Throttle, Nothing),
    row("SlowDown", Throttle, Nothing),
    row("PriorRequestNotComplete", Throttle, Nothing),
    row("BandwidthLimitExceeded", Throttle, Nothing),
    // Both: a right is missing.
    row("AccessDenied", Denied, Because(Cause::RightUnnamed)),
    row("AccessDeniedException", Denied, Because(Cause::RightUnnamed)),
    row("UnauthorizedOperation", Denied, Because(Cause::RightUnnamed)),
    // Both: who are you.
    row("AuthFailure", Credentials, Nothing),
    row("OptInRequired", Credentials, Because(Cause::RegionOff)),
    row("RegionDisabledException", Credentials, Because(Cause::RegionOff)),
    row("UnrecognizedClientException", Credentials, Because(Cause::UnknownKey)),
    row("InvalidClientTokenId", Credentials, Because(Cause::UnknownKey)),
    row("InvalidSignatureException", Credentials, Because(Cause::WrongSecret)),
    row("SignatureDoesNotMatch", Credentials, Because(Cause::WrongSecret)),
    row("ExpiredToken", Credentials, Because(Cause::Expired)),
    row("ExpiredTokenException", Credentials, Because(Cause::Expired)),
    row("TokenRefreshRequired", Credentials, Because(Cause::Expired)),
    row("RequestExpired", Credentials, Because(Cause::ClockOrExpired)),
    row("RequestTimeTooSkewed", Credentials, Because(Cause::Clock)),
    row("RequestInTheFuture", Credentials, Because(Cause::Clock)),
    row("InvalidAccessKeyId", Credentials, Because(Cause::UnknownKey)),
    row("IncompleteSignature", Credentials, Because(Cause::UnknownKey)),
    row("MissingAuthenticationToken", Credentials, Because(Cause::UnknownKey)),
    row("NoCredentials", Credentials, Nothing),
];

/// The row of a code.
pub fn find(code: &str) -> Option<&'static Row> {
    CODES.iter().find(|row| row.code == code)
}
