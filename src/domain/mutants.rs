//! Bugs that tests plant, to show that the sweep would find them. Part of the library's own tests only.

use std::cell::Cell;

/// A bug that others have made before us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutant {
    /// A rollback believes the first look, although the outcome of a call is still unknown.
    NoSettleLook,
    /// A rollback takes what has the right name for its own.
    DeleteByName,
    /// When one of several calls in flight fails for good, the answers of the others are dropped.
    ForgetSiblings,
    /// "It exists already" counts as done.
    ConflictIsSuccess,
    /// The file system is deleted before its mount targets are deleted.
    WrongDeleteOrder,
    /// A rollback does not look whose the file system is by now.
    BlindRollback,
}

impl Mutant {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [
        Self::NoSettleLook,
        Self::DeleteByName,
        Self::ForgetSiblings,
        Self::ConflictIsSuccess,
        Self::WrongDeleteOrder,
        Self::BlindRollback,
    ];
}

thread_local! {
    static PLANTED: Cell<Option<Mutant>> = const { Cell::new(None) };
}

/// From now on this thread has that bug, or none.
pub(crate) fn plant(bug: Option<Mutant>) {
    PLANTED.set(bug);
}

/// Whether this thread has that bug.
pub(crate) fn is(bug: Mutant) -> bool {
    PLANTED.get() == Some(bug)
}
