//! The tables, and how a row is compared.

use efsctl::domain::diff::{conflicts, diff};
use efsctl::domain::goal::Goal;
use efsctl::domain::plan::plan;

use super::desired::DesiredBuilder;
use super::observed::ObservedBuilder;
use super::render;

/// A table of what comes next, as a test. All rows are compared before it fails.
macro_rules! next_rows {
    ($name:ident { $($rows:tt)+ }) => {
        $crate::diff::table::rows!($name, $crate::diff::table::next, $($rows)+);
    };
}

/// A table of everything that is done until the goal is reached, in order.
macro_rules! plan_rows {
    ($name:ident { $($rows:tt)+ }) => {
        $crate::diff::table::rows!($name, $crate::diff::table::whole_plan, $($rows)+);
    };
}

/// A table of what differs and cannot be changed.
macro_rules! conflict_rows {
    ($name:ident { $($rows:tt)+ }) => {
        $crate::diff::table::rows!($name, $crate::diff::table::all_conflicts, $($rows)+);
    };
}

macro_rules! rows {
    ($name:ident, $of:path, $($row:literal: $desired:expr, $observed:expr => [$($line:expr),* $(,)?];)+) => {
        #[test]
        fn $name() {
            let rows = [$($crate::diff::table::compare($row, &[$($line),*], $of($desired, &$observed))),+];
            let wrong: Vec<String> = rows.into_iter().flatten().collect();
            assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
        }
    };
}

pub(super) use {conflict_rows, next_rows, plan_rows, rows};

/// What came of a row.
pub enum Lines {
    /// Calls that run side by side: in any order.
    Beside(Vec<String>),
    /// One after the other.
    InOrder(Vec<String>),
}

/// What comes next.
pub fn next(goal: impl Into<Goal>, observed: &ObservedBuilder) -> Lines {
    Lines::Beside(render::next(&diff(&goal.into(), observed.now())))
}

/// What a plan shows. Predictions are part of it: what one of them leaves undone would be due again.
pub fn whole_plan(goal: impl Into<Goal>, observed: &ObservedBuilder) -> Lines {
    let actions = plan(&goal.into(), observed.now()).actions;
    Lines::InOrder(actions.iter().map(render::action).collect())
}

/// What cannot be changed.
pub fn all_conflicts(desired: DesiredBuilder, observed: &ObservedBuilder) -> Lines {
    let conflicts = conflicts(desired.desired(), observed.now());
    Lines::Beside(conflicts.iter().map(render::conflict).collect())
}

/// What is wrong with a row, if anything.
pub fn compare(row: &str, expected: &[&str], lines: Lines) -> Option<String> {
    let (lines, is_same) = match lines {
        Lines::InOrder(lines) => {
            let mut pairs = expected.iter().zip(&lines);
            let is_same = pairs.all(|(expected, came)| is_meant(expected, came));
            let is_same = is_same && expected.len() == lines.len();
            (lines, is_same)
        }
        Lines::Beside(lines) => {
            let mut rest = lines.clone();
            let all_came = expected.iter().all(|expected| {
                let came = rest.iter().position(|came| is_meant(expected, came));
                came.map(|came| rest.swap_remove(came)).is_some()
            });
            (lines, all_came && rest.is_empty())
        }
    };
    (!is_same).then(|| format!("{row}\n  expected {expected:#?}\n  came     {lines:#?}"))
}

/// Of a sentence, a table has the words that matter.
fn is_meant(expected: &str, came: &str) -> bool {
    for kind in ["failed: ", "blocked: "] {
        if let Some((words, sentence)) = expected.strip_prefix(kind).zip(came.strip_prefix(kind)) {
            return words.split_whitespace().all(|word| sentence.contains(word));
        }
    }
    expected == came
}

#[test]
fn a_row_that_is_wrong_is_told() {
    let lines = |lines: &[&str]| lines.iter().map(ToString::to_string).collect();
    let right =
        |expected: &[&str], came| compare("", expected, Lines::Beside(lines(came))).is_none();
    assert!(right(&["a", "b"], &["b", "a"]));
    assert!(right(
        &["failed: fs-1 error"],
        &["failed: file system fs-1 is in state error"]
    ));
    let wrong: [(&[&str], &[&str]); 5] = [
        (&["a"], &["a", "b"]),
        (&["a", "b"], &["a"]),
        (&[], &["a"]),
        (&["failed: fs-2"], &["failed: file system fs-1"]),
        (&["failed: fs-1"], &["blocked: file system fs-1"]),
    ];
    for (expected, came) in wrong {
        assert!(!right(expected, came), "{expected:?} {came:?}");
    }
    assert!(compare("", &["a", "b"], Lines::InOrder(lines(&["b", "a"]))).is_some());
}
