//! The README's console blocks, run as they stand. Its `cargo run --` is the binary under test.

use std::fs;

use crate::support::cli::binary;

#[test]
fn the_readme_does_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    assert!(
        readme.contains("$ cargo run -- --sandbox create demo"),
        "the first command of the README"
    );
    let page = folder.path().join("README.md");
    fs::write(
        &page,
        without_states(&readme)
            .replace("cargo run -q -- ", "efsctl ")
            .replace("cargo run -- ", "efsctl ")
            .replace(
                "--sandbox=target/",
                &format!("--sandbox={}/", folder.path().display()),
            )
            .replace(
                "fixtures/worlds/",
                concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/worlds/"),
            ),
    )
    .unwrap();
    // The cases run, and fail, when they go out of scope.
    trycmd::TestCases::new()
        .register_bin("efsctl", binary())
        .env(
            "XDG_STATE_HOME",
            folder.path().join("state").to_string_lossy(),
        )
        .env("AWS_REGION", "")
        .env("AWS_DEFAULT_REGION", "")
        .env("AWS_CONFIG_FILE", "/nonexistent")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
        .case(page);
}

/// Which states a wait sees on its way depends on how fast the machine is: lines about them may be there or not.
fn without_states(page: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for line in page.lines() {
        let is_state = line.starts_with("  ") && line.ends_with(" s)");
        match kept.last() {
            Some(&"...") if is_state => {}
            _ => kept.push(if is_state { "..." } else { line }),
        }
    }
    kept.join("\n") + "\n"
}

#[test]
fn what_is_printed_is_what_was_agreed() {
    trycmd::TestCases::new()
        .register_bin("efsctl", binary())
        .env("HOME", "/nonexistent")
        .env("AWS_REGION", "")
        .env("AWS_DEFAULT_REGION", "")
        .env("AWS_CONFIG_FILE", "/nonexistent")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
        .default_bin_name("efsctl")
        .case("tests/cmd/*.md");
}
