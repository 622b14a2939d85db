//! What the tests share: an account behind the real SDK on a paused clock, and the real binary.

pub mod cli;
pub mod harness;
pub mod iam;
#[allow(dead_code, reason = "the proof uses the rest")]
pub mod in_memory;
pub mod nfs;
pub mod proxy;
pub mod rewrite;
pub mod server;
pub mod skipped;
pub mod world;

use efsctl::domain::keyword::Keyword;
use efsctl::report::Format;

/// The form of a report with that word.
pub fn form(word: &str) -> Format {
    Format::of_keyword(word).expect("a form of the report")
}
