//! What the documents say is what the code says.

use std::fs;
use std::path::PathBuf;

use efsctl::audit::catalogue::CATALOGUE;
use efsctl::audit::fix::fixed_by;
use efsctl::aws::configuration::table::{Kind, TABLE, Treatment};
use efsctl::domain::leftover::LeftReason;
use efsctl::error::{Code, Kind as Ends};
use efsctl::ui::document::Document;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Compares a generated document with the committed one; `EFSCTL_UPDATE=1` writes it.
pub fn is_equal(name: &str, generated: &str) {
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
fn the_environment_is_that_of_the_table() {
    let mut text = String::from(
        "# The environment\n\nWhat the AWS CLI and boto3 read, and what efsctl does with it. Generated from `src/aws/configuration/table.rs`: \
         `EFSCTL_UPDATE=1 cargo test --test it documents`.\n\n\
         efsctl reads its environment as they do: the same variables, the same two files, the same order. Options take precedence over variables, and variables\n\
         over the profile. An invalid value is refused before the first call, with the variable, or the profile and the file: it never becomes a default.\n\
         The names are those of botocore 1.44.8 (`configprovider.py` and the resolvers of `credentials.py`) and of the AWS CLI.\n\n\
         Credentials are looked for in this order, and the first place that is configured is the one: keys in variables (unless `--profile` is given); the role of\n\
         the profile; a web identity; IAM Identity Center (SSO); keys in the credentials file; a process; keys in the configuration file; the container; the instance.\n\
         A simulated account (`--sandbox`) reads `AWS_REGION` and `AWS_DEFAULT_REGION`, and sends `AWS_EXECUTION_ENV` in its requests.\n",
    );
    for (kind, title) in [
        (Kind::Variable, "Variables"),
        (Kind::Setting, "Settings of a profile"),
    ] {
        text += &format!("\n## {title}\n\n| name | | how, or why not |\n|---|---|---|\n");
        for row in TABLE.iter().filter(|row| row.kind == kind) {
            let (treatment, how) = match row.treatment {
                Treatment::Honoured(how) => ("honoured", how.to_owned()),
                Treatment::Refused { why, instead } => ("refused", format!("{why}: {instead}")),
                Treatment::Inapplicable(why) => ("not applicable", why.to_owned()),
            };
            text += &format!("| `{}` | {treatment} | {how} |\n", row.name);
        }
    }
    is_equal("docs/ENVIRONMENT.md", &text);
}

#[test]
fn the_json_schema_is_that_of_the_types() {
    is_equal("docs/efsctl-v1.schema.json", &Document::schema());
}

#[test]
fn the_schema_of_a_manifest_is_that_of_its_keys() {
    is_equal(
        "docs/efsctl-manifest.schema.json",
        &efsctl::manifest::schema(),
    );
}

#[test]
fn the_exit_codes_are_those_of_the_code() {
    let mut text = String::from(
        "# Exit codes\n\nOne place in the code: `src/error/`. A test keeps this page equal to it.\n\n\
         | exit code | `error.kind` in JSON | meaning |\n|---|---|---|\n| 0 | (`error` is null) | done |\n",
    );
    for kind in Ends::ALL {
        text += &format!(
            "| {} | `{}` | {} |\n",
            kind.exit_code(),
            kind.as_str(),
            kind.meaning()
        );
    }
    text += "\nA closed pipe on stdout is no failure: the reader has read enough.\n\n\
             A run that was interrupted and could not remove everything it created ends with 5, not 130: the list of what is left behind matters more.\n\n\
             A command about several file systems ends with the first of these that one of them ended with: ";
    let order = Ends::PRECEDENCE.map(|kind| kind.exit_code().to_string());
    text += &format!("{}.\n", order.join(", "));
    text += "\n## Causes\n\n`error.code` in JSON is the cause, and stays the same when the exit code is 5 because something is left behind. `error.fields` names the fields of the\n\
             request it is about, `error.operation` and `error.aws_code` the AWS call that failed, and `error.next_steps` the next commands.\n\n\
             | exit code | `error.code` | cause |\n|---|---|---|\n";
    for code in Code::ALL {
        text += &format!(
            "| {} | `{}` | {} |\n",
            code.kind().exit_code(),
            code.as_str(),
            code.meaning()
        );
    }
    text += "\n## What is left behind\n\n`error.leftovers` in JSON lists what a run created or changed and did not roll back. `resource` has the `kind` and the `id`, as in\n\
             `changes`: of what has no id of its own (a rule, tags, a setting) the id of what it belongs to; null where AWS gave no answer to the call that\n\
             creates it. `zone` is that of a mount target. Where not the resource is left but a change of it, `change` says which. `certain` is false for\n\
             what may be left and may not. `file_system_id` names the file system where several are fixed. `why` is null, or has one of these codes:\n\n\
             | `why.code` | why it is left |\n|---|---|\n";
    for (code, meaning) in LeftReason::CODES {
        text += &format!("| `{code}` | {meaning} |\n");
    }
    is_equal("docs/EXIT_CODES.md", &text);
}

#[test]
fn the_checks_are_those_of_the_catalogue() {
    let mut text = String::from(
        "# The checks of `efsctl validate`\n\nGenerated from `src/audit/checks/`: `EFSCTL_UPDATE=1 cargo test --test it documents`.\n\n\
         A verdict is `pass`, `fail`, `unknown` (a read was denied or failed: neither good nor bad, and counted as failed under `--strict`),\n\
         `not-applicable`, or `skipped` (turned off or excepted in the config file). [VALIDATE.md](VALIDATE.md) describes the config file,\n\
         the exit codes and the forms of the report.\n\n| check | severity | passes when | `--fix` |\n|---|---|---|---|\n",
    );
    for check in CATALOGUE {
        let about = &check.about;
        text += &format!(
            "| [`{0}`](#{0}) | {1} | {2} | {3} |\n",
            about.id,
            about.severity,
            about.title,
            if fixed_by(about.id).is_some() {
                "adds"
            } else {
                ""
            }
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
        if let Some(adds) = fixed_by(about.id) {
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
