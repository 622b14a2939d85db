//! `docs/jobs-v1.openapi.json` is what the server answers.

use std::path::Path;

use serde_json::Value;

use crate::support::Setup;

#[test]
fn the_description_of_the_api_is_committed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/jobs-v1.openapi.json");
    let text = efsctl_workspace::serve::openapi();
    if std::env::var_os("EFSCTL_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{} is not what the server answers: run the tests with EFSCTL_UPDATE=1",
        path.display()
    );
    let setup = Setup::new();
    assert_eq!(
        setup.server.get("/openapi.json").expect(200).body,
        text.as_bytes()
    );
}

/// Every address of the description answers its methods: none is 405, and those without a job are 404 by a job.
#[test]
fn every_address_that_is_described_answers() {
    let document: Value = serde_json::from_str(&efsctl_workspace::serve::openapi()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let setup = Setup::new();
    let mut count = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, described) in methods.as_object().unwrap() {
            let url = path.replace("{id}", "none").replace("{path}", "f");
            let body: &[u8] = match url.as_str() {
                "/api/v1/jobs/none/files/batch" => b"[]",
                "/api/v1/jobs/none/plan" => br#"{"tasks":[]}"#,
                "/api/v1/jobs/none/files" => br#"{"path":"f","content":""}"#,
                "/api/v1/jobs/create" => br#"{"project_name":"x"}"#,
                _ => b"",
            };
            let answer = setup.server.send(&method.to_uppercase(), &url, &[], body);
            let expected = if path.contains("{id}") { 404 } else { 200 };
            assert_eq!(answer.status, expected, "{method} {url}");
            assert!(
                described["responses"]
                    .get(answer.status.to_string())
                    .is_some(),
                "{method} {path}"
            );
            count += 1;
        }
    }
    assert_eq!(count, 19);
}
