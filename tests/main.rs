//! One integration binary: one link, one set of helpers.
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

mod alarms;
mod allowing;
mod apply;
mod architecture;
mod bad_input;
mod budget;
mod causes;
mod clients;
mod connect;
mod connection;
mod connector;
mod contract;
mod copies;
mod cost;
mod create;
mod delete;
mod doctor;
mod documents;
mod encodings;
mod environment;
mod errors;
mod expired;
mod export;
mod failure;
mod file_system_policy;
mod fix;
mod fleet;
mod hardened;
mod kill_signals;
mod network;
mod nfs;
mod nothing;
mod pages;
mod parsers;
mod picture;
mod placement;
mod policies;
mod process;
mod reach;
mod readme;
mod report;
mod set;
mod shared;
mod shown;
mod support;
mod tables;
mod validate;
mod verify;
mod wait;
mod words;
mod workspace;
