//! SARIF.

use super::*;

#[test]
fn the_schema_finds_what_is_wrong() {
    let validator = validator();
    let good = sarif(&nasty(), &PLAIN);
    for (path, value) in [
        ("/runs/0/results/0/level", json!("critical")),
        ("/runs/0/results/0/kind", json!("unknown")),
        (
            "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
            json!("efs/a b"),
        ),
        (
            "/runs/0/tool/driver/rules/0/properties/tags",
            json!(["efs", "efs"]),
        ),
    ] {
        let mut log = good.clone();
        *log.pointer_mut(path).unwrap() = value;
        assert!(!validator.is_valid(&log), "{path}");
    }
}

#[test]
fn sarif_is_what_its_schema_says() {
    for (all, baseline) in [(false, false), (false, true), (true, false), (true, true)] {
        let look = Look {
            all,
            baseline,
            ..PLAIN
        };
        for report in [nasty(), blind(), Report::default()] {
            let log = sarif(&report, &look);
            for result in log["runs"][0]["results"].as_array().unwrap() {
                assert_eq!(
                    result["kind"] != "fail",
                    result["level"] == "none",
                    "{result}"
                );
                let rule = &log["runs"][0]["tool"]["driver"]["rules"]
                    [result["ruleIndex"].as_u64().unwrap() as usize];
                assert_eq!(rule["id"], result["ruleId"]);
            }
        }
    }
}

#[test]
fn sarif_says_what_was_found() {
    let log = sarif(&nasty(), &PLAIN);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<&str> = rules
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        ["name-tag", "policy-public", "mount-target-state", "backup"]
    );
    assert_eq!(
        rules[1]["properties"],
        json!({ "security-severity": "9.5", "tags": ["security", "efs", "Security Hub EFS.8"] })
    );
    let results = run["results"].as_array().unwrap();
    let seen: Vec<(&str, &str, &str)> = results
        .iter()
        .map(|result| {
            let word = |key: &str| result[key].as_str().unwrap();
            (word("ruleId"), word("kind"), word("level"))
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("name-tag", "fail", "note"),
            ("policy-public", "fail", "error"),
            ("mount-target-state", "open", "none"),
        ]
    );
    let place = &results[0]["locations"][0];
    assert_eq!(
        place["physicalLocation"]["artifactLocation"]["uri"],
        "efs/eu-west-1/fs-0123456789abcdef0"
    );
    assert_eq!(
        place["logicalLocations"][0]["fullyQualifiedName"],
        "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0123456789abcdef0"
    );
    assert_eq!(
        results[0]["partialFingerprints"]["primaryLocationLineHash"],
        "name-tag/fs-0123456789abcdef0"
    );
    assert!(
        results
            .iter()
            .all(|result| result.get("baselineState").is_none())
    );
}

#[test]
fn sarif_knows_the_baseline_and_the_passes() {
    let look = Look {
        all: true,
        baseline: true,
        ..PLAIN
    };
    let log = sarif(&nasty(), &look);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let states: Vec<Option<&str>> = results
        .iter()
        .map(|result| result["baselineState"].as_str())
        .collect();
    assert_eq!(
        states,
        [
            Some("new"),
            Some("unchanged"),
            Some("new"),
            None,
            None,
            None
        ]
    );
    assert_eq!(
        results
            .iter()
            .filter(|result| result["kind"] == "pass")
            .count(),
        3
    );
}

#[test]
fn a_rule_is_as_severe_as_it_occurs() {
    let report = Report {
        unseen: Vec::new(),
        unjudged: Vec::new(),
        file_systems: vec![audited(
            "fs-0",
            None,
            vec![Finding {
                severity: Severity::Critical,
                ..finding(&NAMED, Verdict::Fail, &[])
            }],
        )],
    };
    let log = sarif(&report, &PLAIN);
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["defaultConfiguration"]["level"], "error");
    assert_eq!(rule["properties"]["security-severity"], "9.5");
}
