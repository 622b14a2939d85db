//! Tests of the crate through its public interface.
#![allow(
    clippy::pedantic,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test that fails should stop where it fails, and processes know only real time"
)]

mod api;
mod connections;
mod disk;
mod document;
mod escapes;
mod kills;
mod limits;
mod old_backend;
mod races;
mod simulation;
mod support;
