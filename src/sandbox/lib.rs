//! AWS without an account: Amazon EFS, and the part of EC2 and STS around it, simulated.
//!
//! [`world`] is a pure, deterministic state machine (time is an argument); [`wire`] speaks HTTP as AWS
//! speaks it. An [`account::Account`] holds a world, its state file and its faults; it is reached through
//! [`connector`] (in-process, below the SDK) or [`server`] (a loopback port for any AWS client).
//!
//! It knows nothing of efsctl: it plays AWS, so a misunderstanding of ours is not mirrored in it. What it does and what it
//! leaves out stands in `docs/SANDBOX.md`.
//!
//! # Features
//!
//! - `server` (on): the loopback port.
//! - `connector`: the in-process door, which brings the runtime of the AWS SDK (not the clients of its services).

pub mod account;
#[cfg(feature = "connector")]
pub mod connector;
pub mod fault;
mod mix;
#[cfg(feature = "server")]
pub mod nfs;
#[cfg(feature = "server")]
pub mod server;
pub mod store;
mod wildcard;
pub mod wire;
pub mod world;
