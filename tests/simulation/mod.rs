//! The simulation: every call × every fault × describe lag × starting account × shape × who else is at work.
//!
//! It is part of the library's own tests, so that mutants can be made in the flow (`mutation_check`); it reaches the flow through
//! its public face only. `docs/SEMANTICS.md` says what is swept and what came of it.

mod case;
mod changing;
mod fixing;
#[path = "../support/in_memory/mod.rs"]
#[allow(dead_code, reason = "the contract suite uses the rest")]
mod in_memory;
mod model;
mod mutation_check;
mod regressions;
mod setting;
mod sweep;
mod told;
mod verdict;
