//! The tables: state against goal, error code against class. Exhaustive, so that a new state or code has to be decided.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use efsctl::cloud::error::{Class, classify};
use efsctl::cloud::{Cause, codes};
use efsctl::domain::diff::{Row, Want, row};
use efsctl::domain::state::State;

use crate::architecture::sources;
use crate::support::cli::fixture;
use crate::support::skipped::skipped;

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
        assert_eq!(State::from_api(word).as_str(), word);
        let json = serde_json::to_string(&State::from_api(word)).unwrap();
        assert_eq!(json, format!("\"{word}\""));
        assert_eq!(
            serde_json::from_str::<State>(&json).unwrap(),
            State::from_api(word)
        );
    }
}

/// Code, HTTP status, class, where EFS has no model of it: EC2, throttling by any name, and what was seen in the wild.
const CODES: &[(&str, u16, Class)] = &[
    ("ThrottlingException", 400, Class::Throttle),
    ("RequestLimitExceeded", 503, Class::Throttle),
    ("SlowDown", 503, Class::Throttle),
    ("PriorRequestNotComplete", 400, Class::Throttle),
    ("BandwidthLimitExceeded", 400, Class::Throttle),
    ("ConcurrentTagAccess", 400, Class::Retry),
    ("AccessDeniedException", 403, Class::Denied),
    ("UnauthorizedOperation", 403, Class::Denied),
    ("UnrecognizedClientException", 403, Class::Credentials),
    ("ExpiredTokenException", 403, Class::Credentials),
    ("ExpiredToken", 403, Class::Credentials),
    ("AuthFailure", 401, Class::Credentials),
    ("InvalidClientTokenId", 403, Class::Credentials),
    ("SignatureDoesNotMatch", 403, Class::Credentials),
    ("OptInRequired", 403, Class::Credentials),
    ("InvalidGroup.Duplicate", 400, Class::Recheck),
    ("InvalidGroup.NotFound", 400, Class::NotFound),
    ("InvalidPermission.Duplicate", 400, Class::Recheck),
    ("DependencyViolation", 400, Class::Recheck),
    ("RulesPerSecurityGroupLimitExceeded", 400, Class::Quota),
    ("InvalidParameterValue", 400, Class::Permanent),
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

/// The errors of the model of EFS, with their HTTP statuses.
fn model() -> BTreeSet<String> {
    let text = std::fs::read_to_string(fixture("efs-errors.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

/// A newer botocore may know more.
#[test]
fn the_errors_of_efs_are_those_of_botocore() {
    let Some(python) = std::env::var_os("EFSCTL_PYTHON") else {
        skipped("the errors of EFS: EFSCTL_PYTHON names no Python with botocore");
        return;
    };
    let script = "import botocore.loaders\n\
        model = botocore.loaders.Loader().load_service_model('efs', 'service-2')\n\
        for name, shape in model['shapes'].items():\n \
            if shape.get('exception'): print(name, shape['error']['httpStatusCode'])";
    let output = Command::new(python).args(["-c", script]).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let printed: BTreeSet<String> = printed.lines().map(str::to_owned).collect();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(printed, model(), "fixtures/efs-errors.txt is old: {errors}");
}

/// What the model of EFS knows is in the table, and none of it means what its status alone would not allow.
#[test]
fn every_error_of_efs_is_in_the_table() {
    let mut seen = 0;
    for line in &model() {
        let (code, status) = line.split_once(' ').unwrap();
        let row = codes::find(code).unwrap_or_else(|| panic!("{code} is not in the table"));
        let fits = match status {
            "400" => !matches!(row.class, Class::Ambiguous | Class::Denied),
            "403" => matches!(row.class, Class::Quota),
            "404" => row.class == Class::NotFound,
            "409" => matches!(row.class, Class::Recheck | Class::Quota | Class::Permanent),
            // The 24-hour lock of the throughput mode travels under 429 and is no throttle.
            "429" if code == "TooManyRequests" => row.class == Class::Permanent,
            "429" => row.class == Class::Throttle,
            "500" | "504" => row.class == Class::Ambiguous,
            "503" => row.class == Class::Retry,
            _ => false,
        };
        assert!(fits, "{line}: {:?}", row.class);
        seen += 1;
    }
    assert_eq!(seen, 32);
}

/// A code that is compared with is one of the table: a typo would never match.
#[test]
fn every_code_that_the_sources_name_is_in_the_table() {
    let mut files = Vec::new();
    for room in ["aws", "cloud", "provision", "service", "audit"] {
        sources(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room),
            &mut files,
        );
    }
    let mut seen = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for rest in text.split(".is(\"").skip(1) {
            let code = rest.split('"').next().unwrap().to_owned();
            assert!(codes::find(&code).is_some(), "{}: {code}", file.display());
            seen.insert(code);
        }
    }
    for code in ["PolicyNotFound", "DryRunOperation", "NoCredentials"] {
        assert!(seen.contains(code), "{code} is no longer found: {seen:?}");
    }
    for code in Cause::codes() {
        assert!(codes::find(code).is_some(), "{code}");
    }
    let all: BTreeSet<&str> = codes::CODES.iter().map(|row| row.code).collect();
    assert_eq!(all.len(), codes::CODES.len(), "each once");
}

#[test]
fn an_unknown_code_is_classified_by_its_status() {
    let table = [
        (None, Class::Ambiguous),
        (Some(200), Class::Ambiguous),
        (Some(400), Class::Permanent),
        (Some(401), Class::Credentials),
        (Some(403), Class::Denied),
        (Some(404), Class::NotFound),
        (Some(409), Class::Permanent),
        (Some(429), Class::Throttle),
        (Some(500), Class::Ambiguous),
        (Some(503), Class::Ambiguous),
    ];
    for (status, class) in table {
        assert_eq!(classify(None, status), class, "{status:?}");
        assert_eq!(classify(Some("NeverSeen"), status), class, "{status:?}");
    }
}
