use std::time::Duration;

use efsctl_sandbox::fault::{
    ErrorCode, Fault, FaultRule, FaultRuleError, Faults, Nth, RandomFaults,
};

fn rule(text: &str) -> FaultRule {
    text.parse().unwrap()
}

fn faults(rules: &[&str]) -> Faults {
    Faults::new(rules.iter().map(|text| rule(text)))
}

#[test]
fn every_kind_is_understood_and_written_back() {
    for (text, fault) in [
        ("throttle", Fault::Throttle),
        ("500", Fault::Failure),
        ("503", Fault::Unavailable),
        ("reset-before", Fault::ResetBefore),
        ("reset-after", Fault::ResetAfter),
        ("hang", Fault::Hang),
        ("hang-after", Fault::HangAfter),
        ("late=5s", Fault::Late(Duration::from_secs(5))),
        ("denied", Fault::Denied),
        ("error-state", Fault::ErrorState),
        ("slow=1m30s", Fault::Slow(Duration::from_secs(90))),
        (
            "code=InsufficientThroughputCapacity/503",
            Fault::Code(ErrorCode {
                sentence: "Injected by the sandbox.",
                code: "InsufficientThroughputCapacity",
                status: 503,
            }),
        ),
        (
            "code=AccessDeniedException/403:User: me is not authorized: elasticfilesystem:X, 50% sure",
            Fault::Code(ErrorCode {
                sentence: "User: me is not authorized: elasticfilesystem:X, 50% sure",
                code: "AccessDeniedException",
                status: 403,
            }),
        ),
    ] {
        let whole = format!("CreateFileSystem:1:{text}");
        assert_eq!(rule(&whole).fault, fault);
        assert_eq!(rule(&whole).to_string(), whole);
    }
}

#[test]
fn every_count_is_understood_and_written_back() {
    for (text, nth) in [
        ("1", Nth::Only(1)),
        ("12", Nth::Only(12)),
        ("3+", Nth::From(3)),
        ("*", Nth::Every),
    ] {
        let whole = format!("*:{text}:hang");
        assert_eq!(
            rule(&whole),
            FaultRule {
                operation: None,
                nth,
                fault: Fault::Hang
            }
        );
        assert_eq!(rule(&whole).to_string(), whole);
    }
}

#[test]
fn a_wrong_rule_is_told_which_part_is_wrong() {
    let error = |text: &str| text.parse::<FaultRule>().unwrap_err().to_string();
    for text in ["", "throttle", "CreateFileSystem:throttle"] {
        assert_eq!(
            text.parse::<FaultRule>(),
            Err(FaultRuleError::Shape),
            "{text}"
        );
    }
    assert_eq!(
        error("CreateFilesystem:1:throttle"),
        "OPERATION: the sandbox has no operation `CreateFilesystem`; did you mean CreateFileSystem?"
    );
    assert_eq!(
        error("RunInstances:1:hang"),
        "OPERATION: the sandbox has no operation `RunInstances`"
    );
    for nth in ["0", "0+", "-1", "first", "", "+", "99999999999999999999"] {
        assert!(
            error(&format!("*:{nth}:hang")).starts_with(&format!("NTH: `{nth}` is not a count"))
        );
    }
    for kind in [
        "",
        "throttled",
        "501",
        "throttle=1",
        "late",
        "late=",
        "late=soon",
        "slow",
        "code",
        "code=",
        "code=X",
        "code=/500",
        "code=X/200",
        "code=X/600",
        "code=<X>/400",
        "code=X/4000000",
    ] {
        let error = error(&format!("*:1:{kind}"));
        assert!(
            error.starts_with(&format!("KIND: `{kind}` is not one of")),
            "{error}"
        );
    }
    assert_eq!(
        error("DeleteFileSystem:1:error-state"),
        "KIND: error-state cannot happen to DeleteFileSystem; \
         it is for CreateFileSystem, CreateMountTarget, CreateAccessPoint, CreateReplicationConfiguration"
    );
}

#[test]
fn a_rule_meets_the_calls_it_counts() {
    let struck = |nth: &str| {
        let mut faults = faults(&[&format!("DescribeVpcs:{nth}:throttle")]);
        (1..=5)
            .filter(|_| faults.next("DescribeVpcs").is_some())
            .collect::<Vec<_>>()
    };
    assert_eq!(struck("2"), [2]);
    assert_eq!(struck("4+"), [4, 5]);
    assert_eq!(struck("*"), [1, 2, 3, 4, 5]);
}

#[test]
fn a_rule_counts_its_operation_only_and_a_star_counts_all() {
    let mut faults = faults(&["DescribeVpcs:2:throttle", "*:4:500"]);
    let calls = [
        "DescribeVpcs",
        "DescribeSubnets",
        "DescribeVpcs",
        "DescribeSubnets",
    ];
    let struck: Vec<_> = calls.iter().map(|name| faults.next(name)).collect();
    assert_eq!(
        struck,
        [None, None, Some(Fault::Throttle), Some(Fault::Failure)]
    );
}

#[test]
fn of_two_rules_for_one_call_the_first_wins_and_both_count() {
    let mut faults = faults(&["*:1:hang", "DescribeVpcs:1:throttle", "DescribeVpcs:2:500"]);
    assert_eq!(faults.next("DescribeVpcs"), Some(Fault::Hang));
    assert_eq!(faults.next("DescribeVpcs"), Some(Fault::Failure));
}

#[test]
fn an_error_state_passes_by_what_has_no_state() {
    let mut faults = faults(&["*:1:error-state"]);
    assert_eq!(faults.next("DescribeVpcs"), None);
    assert_eq!(faults.next("CreateMountTarget"), Some(Fault::ErrorState));
}

#[test]
fn random_faults_are_the_same_for_the_same_seed_and_come_at_their_rate() {
    let run = |rate, seed| {
        let random = RandomFaults::new(rate, seed).unwrap();
        let mut faults = Faults::default().with_random(random);
        (0..10_000)
            .map(|_| faults.next("DescribeVpcs"))
            .collect::<Vec<_>>()
    };
    assert_eq!(run(0.3, 7), run(0.3, 7));
    assert_ne!(run(0.3, 7), run(0.3, 8));
    assert!(run(0.0, 7).iter().all(Option::is_none));
    assert!(run(1.0, 7).iter().all(Option::is_some));
    let struck = run(0.3, 7).into_iter().flatten().collect::<Vec<_>>();
    assert!((2_700..3_300).contains(&struck.len()), "{}", struck.len());
    for fault in [
        Fault::Throttle,
        Fault::Failure,
        Fault::Unavailable,
        Fault::ResetBefore,
        Fault::ResetAfter,
    ] {
        let share = struck.iter().filter(|it| **it == fault).count();
        assert!((450..750).contains(&share), "{fault}: {share}");
    }
}

#[test]
fn a_rate_is_between_nought_and_one() {
    for rate in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        assert!(RandomFaults::new(rate, 0).is_none(), "{rate}");
    }
}
