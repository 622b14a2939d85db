//! The crates of this repository: the root's, and those in place, each a folder of `src` with a manifest of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use toml::{Table, Value};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn manifests(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            manifests(&path, found);
        } else if path.ends_with("Cargo.toml") {
            found.push(path);
        }
    }
}

/// The folders of the crates in place, from `src`.
pub fn nested() -> &'static [String] {
    static NESTED: LazyLock<Vec<String>> = LazyLock::new(|| {
        let src = root().join("src");
        let mut found = Vec::new();
        manifests(&src, &mut found);
        let folder = |path: PathBuf| {
            let folder = path.parent().unwrap().strip_prefix(&src).unwrap();
            folder.to_str().unwrap().to_owned()
        };
        found.into_iter().map(folder).collect()
    });
    &NESTED
}

fn manifest(folder: &str) -> Table {
    let text = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
    text.parse().unwrap()
}

fn words(value: &Value) -> Vec<&str> {
    let mut words: Vec<&str> = value
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect();
    words.sort_unstable();
    words
}

/// `cargo test` in the root runs the default members and says nothing of the others.
#[test]
fn a_bare_cargo_test_runs_the_tests_of_every_crate() {
    let mut all: Vec<String> = nested().iter().map(|name| format!("src/{name}")).collect();
    all.push(".".to_owned());
    all.sort_unstable();
    let manifest = manifest(".");
    let workspace = manifest["workspace"].as_table().unwrap();
    assert!(all.len() > 1);
    assert_eq!(words(&workspace["members"]), all);
    assert_eq!(words(&workspace["default-members"]), all);
}

/// Cargo finds no test by itself here, so a test that its manifest does not name would never run.
#[test]
fn every_crate_names_its_tests_and_builds_like_the_others() {
    let profiles = manifest(".");
    let profiles = profiles["profile"]["dev"]["package"].as_table().unwrap();
    for folder in
        std::iter::once(".".to_owned()).chain(nested().iter().map(|it| format!("src/{it}")))
    {
        let manifest = manifest(&folder);
        let package = manifest["package"].as_table().unwrap();
        let name = package["name"].as_str().unwrap();
        assert_eq!(package["autotests"].as_bool(), Some(false), "{name}");
        let tests = manifest["test"].as_array().unwrap();
        for test in tests {
            let path = root().join(&folder).join(test["path"].as_str().unwrap());
            assert!(path.is_file(), "{}", path.display());
        }
        assert!(
            root().join(&folder).join("tests/main.rs").is_file(),
            "{name}"
        );
        assert!(
            tests
                .iter()
                .any(|test| test["path"].as_str() == Some("tests/main.rs")),
            "{name}"
        );
        assert_eq!(
            manifest["lints"]["workspace"].as_bool(),
            Some(true),
            "{name}"
        );
        assert_eq!(profiles[name]["opt-level"].as_integer(), Some(1), "{name}");
        for shared in ["version", "edition", "rust-version", "license"] {
            assert_eq!(
                package[shared]["workspace"].as_bool(),
                Some(true),
                "{name}: {shared}"
            );
        }
    }
}

/// A program that only wants a simulated EFS builds nothing of AWS.
#[test]
fn the_sandbox_needs_the_sdk_for_its_connector_only() {
    let manifest = manifest("src/sandbox");
    let dependencies = manifest["dependencies"].as_table().unwrap();
    let features = manifest["features"].as_table().unwrap();
    let connector = words(&features["connector"]);
    for (name, value) in dependencies {
        assert!(!name.starts_with("efsctl"), "{name}");
        if name.starts_with("aws-") {
            assert!(
                !name.starts_with("aws-sdk-") && name != "aws-config",
                "{name}"
            );
            assert_eq!(value["optional"].as_bool(), Some(true), "{name}");
            assert!(
                connector.contains(&format!("dep:{name}").as_str()),
                "{name}"
            );
        }
    }
    assert_eq!(words(&features["default"]), ["server"]);
    assert!(
        !words(&features["server"])
            .iter()
            .any(|it| it.contains("aws"))
    );
}
