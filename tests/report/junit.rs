//! JUnit.

use super::*;

/// Element → parents, attributes it must have, attributes it may have.
type Row<'a> = (&'a str, &'a [&'a str], &'a [&'a str], &'a [&'a str]);

/// `fixtures/schemas/junit-10.xsd`, as far as a report uses it.
const JUNIT: &[Row<'_>] = &[
    (
        "testsuites",
        &[""],
        &[],
        &["name", "time", "tests", "failures", "errors"],
    ),
    (
        "testsuite",
        &["testsuites", "testsuite"],
        &["name", "tests", "failures", "errors"],
        &[
            "group",
            "time",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
            "file",
            "log",
            "url",
            "version",
        ],
    ),
    ("properties", &["testsuite"], &[], &[]),
    ("property", &["properties"], &["name", "value"], &[]),
    (
        "testcase",
        &["testsuite"],
        &["name"],
        &["time", "classname", "group"],
    ),
    ("failure", &["testcase"], &[], &["type", "message"]),
    ("error", &["testcase"], &[], &["type", "message"]),
    ("skipped", &["testcase"], &[], &["type", "message"]),
];

#[test]
fn junit_has_what_the_schema_demands_and_nothing_else() {
    for report in [nasty(), blind(), Report::default()] {
        let found = elements(&render(&report, form("junit"), &PLAIN));
        assert_eq!(found[0].name, "testsuites");
        for element in &found {
            let (_, parents, must, may) = JUNIT
                .iter()
                .find(|(name, ..)| *name == element.name)
                .unwrap_or_else(|| panic!("no element {}", element.name));
            let parent = element.parent.map_or("", |nth| found[nth].name.as_str());
            assert!(parents.contains(&parent), "{} in {parent}", element.name);
            for name in *must {
                assert!(element.attributes.contains_key(*name), "{name}");
            }
            for name in element.attributes.keys() {
                assert!(
                    must.contains(&name.as_str()) || may.contains(&name.as_str()),
                    "{} {name}",
                    element.name
                );
            }
        }
        for (nth, suite) in found
            .iter()
            .enumerate()
            .filter(|(_, e)| e.name == "testsuite")
        {
            let cases: Vec<usize> = (0..found.len())
                .filter(|i| found[*i].parent == Some(nth) && found[*i].name == "testcase")
                .collect();
            assert_eq!(suite.attributes["tests"], cases.len().to_string());
            for (count, name) in [
                ("failures", "failure"),
                ("errors", "error"),
                ("skipped", "skipped"),
            ] {
                let real = found
                    .iter()
                    .filter(|e| e.name == name && e.parent.is_some_and(|p| cases.contains(&p)))
                    .count();
                assert_eq!(suite.attributes[count], real.to_string(), "{count}");
            }
        }
    }
}

#[test]
fn junit_says_what_was_found() {
    let found = elements(&render(&nasty(), form("junit"), &PLAIN));
    let all = |name: &str| -> Vec<&Element> { found.iter().filter(|e| e.name == name).collect() };
    assert_eq!(
        all("testcase")[0].attributes["classname"],
        "efsctl.eu-west-1.fs-0123456789abcdef0"
    );
    let failures = all("failure");
    assert_eq!(failures[0].attributes["type"], "low");
    assert_eq!(
        failures[0].text,
        "a|b \"c\" <d> & 'e' 100%\n::error::f [31mred ü…日本 {0} [x](y) `z`"
    );
    assert!(
        failures[1].text.ends_with("'file://p  q.json'"),
        "{}",
        failures[1].text
    );
    assert_eq!(all("error")[0].attributes["type"], "unknown");
    let reasons: Vec<&str> = all("skipped")
        .iter()
        .map(|e| e.attributes["message"].as_str())
        .collect();
    assert_eq!(
        reasons,
        ["there is no policy", "excepted in the config file"]
    );
    assert_eq!(all("property")[0].attributes["value"], "=cmd()|<b> ,;[2J");
}

#[test]
fn junit_is_what_its_schema_says() {
    let Some(python) = std::env::var_os("EFSCTL_PYTHON") else {
        skipped("JUnit against its XSD: EFSCTL_PYTHON names no Python with xmlschema");
        return;
    };
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/schemas/junit-10.xsd");
    let has = Command::new(&python)
        .args(["-c", "import xmlschema"])
        .output();
    if !has.is_ok_and(|output| output.status.success()) {
        skipped(format!(
            "JUnit against its XSD: {python:?} has no xmlschema"
        ));
        return;
    }
    let verdict = |xml: &str| {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(xml.as_bytes()).unwrap();
        Command::new(&python)
            .args([
                "-c",
                "import sys, xmlschema; xmlschema.validate(sys.argv[2], sys.argv[1])",
            ])
            .arg(schema)
            .arg(file.path())
            .output()
            .unwrap()
    };
    for report in [nasty(), blind(), Report::default()] {
        let output = verdict(&render(&report, form("junit"), &PLAIN));
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert!(
        !verdict("<testsuites><testsuite/></testsuites>")
            .status
            .success()
    );
}
