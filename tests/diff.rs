//! The difference between what is desired and what is observed, row by row: `cargo test --test diff`.
//!
//! A row is three lines: a sentence; what is desired and what is observed; what comes of it.
//!
//! ```text
//! "another throughput mode is set, and nothing else before it is":
//!     desired().throughput("elastic"), observed()
//!     => ["set throughput elastic"];
//! ```
//!
//! [`desired`](diff::desired::desired) is what `efsctl create data` asks for, and [`observed`](diff::observed::observed) is
//! everything of it, in place; each method makes one difference. [`render`](diff::render) says how the lines are written. These three
//! files alone know the types of the library; the tables do not. `values` is no table of the diff: it asks single settings.
#![allow(
    clippy::pedantic,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test that fails should stop where it fails"
)]

mod diff {
    mod access;
    mod access_points;
    mod conflicts;
    mod creation;
    mod desired;
    mod found;
    mod ledger;
    mod mount_targets;
    mod observed;
    mod plan;
    mod removal;
    mod render;
    mod settings;
    mod table;
    mod values;
    mod waiting;
}
