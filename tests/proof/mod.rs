//! The proof by exhaustion: every call × every fault × describe lag × starting account × shape × who else is at work.
//!
//! It is part of the library's own tests, so that bugs can be planted in the flow (`teeth`); it reaches the flow through
//! its public face only. `docs/SEMANTICS.md` says what is swept and what came of it.

mod case;
#[path = "../support/direct/mod.rs"]
#[allow(dead_code, reason = "the contract suite uses the rest")]
mod direct;
mod fixing;
mod judge;
mod model;
mod regressions;
mod setting;
mod sweep;
mod teeth;
