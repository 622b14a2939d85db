//! Tests that cannot run here.

use std::fmt::Display;

/// Says that a test cannot run here, and why. Where `EFSCTL_REQUIRE_ALL` is set, as in `.ci/run`, that is a failure.
pub fn skipped(why: impl Display) {
    let required = std::env::var("EFSCTL_REQUIRE_ALL").is_ok_and(|value| value == "1");
    told(required, &why.to_string());
}

fn told(required: bool, why: &str) {
    assert!(!required, "SKIPPED, and EFSCTL_REQUIRE_ALL is set: {why}");
    println!("SKIPPED: {why}");
}

#[test]
fn where_everything_is_required_a_skip_is_a_failure() {
    told(false, "only said");
    assert!(std::panic::catch_unwind(|| told(true, "it fails")).is_err());
}

#[test]
fn whatever_is_skipped_is_skipped_here() {
    let word = ["SKIP", "PED:"].concat();
    let here = file!();
    let mut paths = Vec::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    crate::architecture::sources(folder.as_ref(), &mut paths);
    assert!(!paths.is_empty());
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            path.ends_with(here) || !text.contains(&word),
            "{}",
            path.display()
        );
    }
}
