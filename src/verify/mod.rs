//! A file system, used: mounted, written to, read, locked, and left as it was.
//!
//! What is done is in `round`, once for all ways to a share; a way is an implementation of [`Share`].

pub mod explain;
pub mod identity;
pub mod nfs;
pub mod path;
pub mod round;
mod share;
pub mod tls;
pub mod way;

pub use self::share::{Attributes, Fault, Share, User};
