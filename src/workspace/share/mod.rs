//! The share: every file call, and what makes a change of files whole.

pub mod base;
mod clock;
pub mod commit;
pub mod disk;
mod generation;
mod guard;
mod lease;
mod lock;
mod posix;
mod trash;
mod tree;

pub(crate) use self::clock::{Clock, is_unwritable, of_host};
pub(crate) use self::generation::{latest, names_below, publish, withdraw};
pub(crate) use self::lease::{beat_lease, drop_lease, read_lease, take_lease};
pub(crate) use self::lock::{Held, acquire, peek_record, try_acquire};
pub use self::posix::{Posix, allow_open_files};
pub(crate) use self::trash::{empty, remove_tree, to_trash};
pub(crate) use self::tree::{File, newest, walk};
