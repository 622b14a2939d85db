//! What the documents say is what the code says.

use std::fs;
use std::path::PathBuf;

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
