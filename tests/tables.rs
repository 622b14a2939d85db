//! The tables: state against goal, error code against class. Exhaustive, so that a new state or code has to be decided.

use efsctl::cloud::error::{Class, classify};
use efsctl::domain::diff::{Row, Want, row};
use efsctl::domain::state::State;

#[test]
fn every_state_has_its_row_for_both_goals() {
    let table = [
        (None, Row::Create, Row::Keep),
        (Some(State::Creating), Row::Wait, Row::Wait),
        (Some(State::Available), Row::Keep, Row::Delete),
        (Some(State::Updating), Row::Wait, Row::Wait),
        (Some(State::Deleting), Row::Wait, Row::Wait),
        (Some(State::Deleted), Row::Create, Row::Keep),
        (Some(State::Error), Row::Fail, Row::Delete),
        (
            Some(State::Other("resting".to_owned())),
            Row::Wait,
            Row::Wait,
        ),
    ];
    for (state, present, absent) in &table {
        assert_eq!(
            row(Want::Present, state.as_ref()),
            *present,
            "{state:?} wanted"
        );
        assert_eq!(
            row(Want::Absent, state.as_ref()),
            *absent,
            "{state:?} unwanted"
        );
    }
}

#[test]
fn states_keep_their_word() {
    for word in [
        "creating",
        "available",
        "updating",
        "deleting",
        "deleted",
        "error",
        "resting",
    ] {
        assert_eq!(State::from_word(word).as_str(), word);
        let json = serde_json::to_string(&State::from_word(word)).unwrap();
        assert_eq!(json, format!("\"{word}\""));
        assert_eq!(
            serde_json::from_str::<State>(&json).unwrap(),
            State::from_word(word)
        );
    }
}

/// Code, HTTP status, class: the EFS and EC2 service models, and what was seen in the wild.
const CODES: &[(&str, u16, Class)] = &[
    ("InternalServerError", 500, Class::Lost),
    ("DependencyTimeout", 504, Class::Lost),
    ("InsufficientThroughputCapacity", 503, Class::Retry),
    ("ThrottlingException", 429, Class::Throttle),
    ("ThrottlingException", 400, Class::Throttle),
    ("RequestLimitExceeded", 503, Class::Throttle),
    ("SlowDown", 503, Class::Throttle),
    ("PriorRequestNotComplete", 400, Class::Throttle),
    ("BandwidthLimitExceeded", 400, Class::Throttle),
    ("ConcurrentTagAccess", 400, Class::Retry),
    // The 24-hour lock of the throughput mode travels under 429 and is no throttle.
    ("TooManyRequests", 429, Class::Terminal),
    ("IncorrectFileSystemLifeCycleState", 409, Class::Settle),
    ("IncorrectMountTargetState", 409, Class::Settle),
    ("FileSystemInUse", 409, Class::Settle),
    ("MountTargetConflict", 409, Class::Settle),
    ("FileSystemAlreadyExists", 409, Class::Settle),
    ("AccessPointAlreadyExists", 409, Class::Settle),
    ("NoFreeAddressesInSubnet", 409, Class::Terminal),
    ("IpAddressInUse", 409, Class::Terminal),
    ("NetworkInterfaceLimitExceeded", 409, Class::Quota),
    ("FileSystemLimitExceeded", 403, Class::Quota),
    ("AccessPointLimitExceeded", 403, Class::Quota),
    ("ThroughputLimitExceeded", 400, Class::Quota),
    ("SecurityGroupLimitExceeded", 400, Class::Quota),
    ("SecurityGroupNotFound", 400, Class::NotFound),
    ("SubnetNotFound", 400, Class::NotFound),
    ("UnsupportedAvailabilityZone", 400, Class::Terminal),
    ("AvailabilityZonesMismatch", 400, Class::Terminal),
    ("BadRequest", 400, Class::Terminal),
    ("ValidationException", 400, Class::Terminal),
    ("InvalidPolicyException", 400, Class::Terminal),
    ("FileSystemNotFound", 404, Class::NotFound),
    ("MountTargetNotFound", 404, Class::NotFound),
    ("PolicyNotFound", 404, Class::NotFound),
    ("AccessDeniedException", 403, Class::Denied),
    ("UnauthorizedOperation", 403, Class::Denied),
    ("UnrecognizedClientException", 403, Class::Credentials),
    ("ExpiredTokenException", 403, Class::Credentials),
    ("ExpiredToken", 403, Class::Credentials),
    ("AuthFailure", 401, Class::Credentials),
    ("InvalidClientTokenId", 403, Class::Credentials),
    ("SignatureDoesNotMatch", 403, Class::Credentials),
    ("OptInRequired", 403, Class::Credentials),
    ("InvalidGroup.Duplicate", 400, Class::Settle),
    ("InvalidGroup.NotFound", 400, Class::NotFound),
    ("InvalidPermission.Duplicate", 400, Class::Settle),
    ("DependencyViolation", 400, Class::Settle),
    ("RulesPerSecurityGroupLimitExceeded", 400, Class::Quota),
    ("InvalidParameterValue", 400, Class::Terminal),
];

#[test]
fn every_code_has_its_class() {
    for (code, status, class) in CODES {
        assert_eq!(
            classify(Some(code), Some(*status)),
            *class,
            "{code} {status}"
        );
    }
}

#[test]
fn an_unknown_code_is_classified_by_its_status() {
    let table = [
        (None, Class::Lost),
        (Some(200), Class::Lost),
        (Some(400), Class::Terminal),
        (Some(401), Class::Credentials),
        (Some(403), Class::Denied),
        (Some(404), Class::NotFound),
        (Some(409), Class::Terminal),
        (Some(429), Class::Throttle),
        (Some(500), Class::Lost),
        (Some(503), Class::Lost),
    ];
    for (status, class) in table {
        assert_eq!(classify(None, status), class, "{status:?}");
        assert_eq!(classify(Some("NeverSeen"), status), class, "{status:?}");
    }
}
