//! One integration binary: one link, one set of helpers.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    reason = "a test that fails should stop where it fails"
)]

mod architecture;
mod bad_input;
mod budget;
mod clients;
mod create;
mod delete;
mod documents;
mod failure;
mod process;
mod readme;
mod sandbox;
mod support;
mod wait;
