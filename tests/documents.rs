//! What the documents say is what the code says.

use std::fs;
use std::path::PathBuf;

use efsctl::audit::catalogue::CATALOGUE;
use efsctl::audit::mend::cure;
use efsctl::error::Kind;
use efsctl::ui::document::Document;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Compares a generated document with the committed one; `EFSCTL_UPDATE=1` writes it.
fn is_equal(name: &str, generated: &str) {
    let path = path(name);
    if std::env::var_os("EFSCTL_UPDATE").is_some() {
        fs::write(&path, generated).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == generated,
        "{name} is not what the code says: EFSCTL_UPDATE=1 cargo test --test it documents"
    );
}

/// The ready-made policies of docs/IAM.md hold every read of the audit.
#[test]
fn the_policies_hold_every_read_of_the_audit() {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/IAM.md")).unwrap();
    for heading in ["## Policy: operator", "## Policy: auditor"] {
        let block = text.split(heading).nth(1).unwrap();
        let json = block.split("```").nth(1).unwrap();
        let policy: serde_json::Value =
            serde_json::from_str(json.trim_start_matches("json")).unwrap();
        let allowed = policy["Statement"][0]["Action"].as_array().unwrap();
        let has = |read: &str| {
            let mut allowed = allowed.iter().filter_map(serde_json::Value::as_str);
            allowed.any(|action| action.split(':').nth(1) == Some(read))
        };
        let reads = CATALOGUE.iter().flat_map(|check| check.about.reads);
        let missing: Vec<_> = reads.filter(|read| !has(read)).collect();
        assert!(missing.is_empty(), "{heading}: {missing:?}");
    }
}

#[test]
fn the_json_schema_is_that_of_the_types() {
    is_equal("docs/efsctl-v1.schema.json", &Document::schema());
}

#[test]
fn the_exit_codes_are_those_of_the_code() {
    let mut text = String::from(
        "# Exit codes\n\nOne place in the code: `src/error.rs`. A test keeps this table equal to it.\n\n\
         | exit code | `error.code` in JSON | meaning |\n|---|---|---|\n| 0 | (`error` is null) | done |\n",
    );
    for kind in Kind::ALL {
        text += &format!(
            "| {} | `{}` | {} |\n",
            kind.exit_code(),
            kind.code(),
            kind.meaning()
        );
    }
    text += "\nA closed pipe on stdout is no failure: whoever closed it has read enough.\n\n\
             A run that was interrupted and could not remove everything it made ends with 5, not 130: the list of what is left matters more.\n";
    is_equal("docs/EXIT_CODES.md", &text);
}

#[test]
fn the_checks_are_those_of_the_catalogue() {
    let mut text = String::from(
        "# The checks of `efsctl validate`\n\nGenerated from `src/audit/checks/`: `EFSCTL_UPDATE=1 cargo test --test it documents`.\n\n\
         A verdict is `pass`, `fail`, `unknown` (a read was denied or failed: neither good nor bad, and counted as failed under `--strict`),\n\
         `not-applicable`, or `skipped` (turned off or excepted in the policy file). How the policy file, the exit codes and the forms of the report\n\
         work stands in [VALIDATE.md](VALIDATE.md).\n\n| check | severity | passes when | `--fix` |\n|---|---|---|---|\n",
    );
    for check in CATALOGUE {
        let about = &check.about;
        text += &format!(
            "| [`{0}`](#{0}) | {1} | {2} | {3} |\n",
            about.id,
            about.severity,
            about.title,
            if cure(about.id).is_some() { "adds" } else { "" }
        );
    }
    for check in CATALOGUE {
        let about = &check.about;
        text += &format!(
            "\n## {}\n\n{}: {}. {}\n\nReads: {}.",
            about.id,
            about.severity,
            about.title,
            about.why,
            about
                .reads
                .iter()
                .map(|read| format!("`{read}`"))
                .collect::<Vec<_>>()
                .join(", ")
        );
        if !about.controls.is_empty() {
            let controls: Vec<String> = about
                .controls
                .iter()
                .map(|control| format!("{} `{}`", control.catalogue, control.id))
                .collect();
            text += &format!(" Elsewhere: {}.", controls.join(", "));
        }
        if let Some(adds) = cure(about.id) {
            text += &format!("\n\n`--fix` adds {adds}.");
        }
        text += "\n";
    }
    is_equal("docs/CHECKS.md", &text);
    let ids: std::collections::BTreeSet<&str> =
        CATALOGUE.iter().map(|check| check.about.id).collect();
    assert_eq!(ids.len(), CATALOGUE.len(), "ids are unique");
    let kebab = |id: &&str| id.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    assert!(ids.iter().all(kebab));
    assert!(CATALOGUE.len() >= 30);
}
