//! What is asked from this host: names and servers. Nothing here knows AWS.

pub mod facts;
pub mod here;
pub mod names;
pub mod nfs;
mod rpc;

use std::time::Duration;

/// One attempt to resolve or to connect: what efs-utils allows.
pub const ATTEMPT: Duration = Duration::from_secs(2);
