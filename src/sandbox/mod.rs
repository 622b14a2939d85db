//! AWS without an account: Amazon EFS, and the part of EC2 and STS around it, simulated.
//!
//! [`world`] is a pure, deterministic state machine (time is an argument); [`wire`] speaks HTTP as AWS
//! speaks it. An [`account::Account`] holds a world, its state file and its faults; it is reached through
//! [`connector`] (in-process, below the SDK) or [`server`] (a loopback port for any AWS client).
//!
//! Nothing here imports the rest of the crate: the sandbox plays AWS, not efsctl, so a misunderstanding
//! of ours is not mirrored in it.

pub mod account;
pub mod connector;
pub mod fault;
mod mix;
pub mod server;
pub mod store;
mod wildcard;
pub mod wire;
pub mod world;
