//! The answers to what a policy allows.

use std::fmt;

use super::Principals;

/// What an NFS client may do (UG: iam-access-control-nfs-efs).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientAction {
    /// Mount and read. The others are of no use without it.
    Mount,
    /// Write.
    Write,
    /// Act as root. Without it root is squashed.
    RootAccess,
}

impl ClientAction {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Mount, Self::Write, Self::RootAccess];

    /// The action of IAM.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mount => "elasticfilesystem:ClientMount",
            Self::Write => "elasticfilesystem:ClientWrite",
            Self::RootAccess => "elasticfilesystem:ClientRootAccess",
        }
    }
}

impl fmt::Display for ClientAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Whether clients without TLS are denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enforced {
    /// They cannot mount.
    Yes,
    /// They can mount, and are denied these.
    Partly(Vec<ClientAction>),
    /// They are denied nothing.
    No,
}

/// An Allow by which somebody may mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The statement: its `Sid`, or `#n`.
    pub statement: String,
    /// Who.
    pub principals: Principals,
    /// What, [`ClientAction::Mount`] among it.
    pub actions: Vec<ClientAction>,
    /// The keys of its conditions, as written.
    pub conditions: Vec<String>,
}

/// An Allow for clients without IAM identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anonymous {
    /// The statement: its `Sid`, or `#n`.
    pub statement: String,
    /// What.
    pub actions: Vec<ClientAction>,
    /// The keys of conditions that leave only some of the clients by a fixed value, as written.
    pub narrowed_by: Vec<String>,
}
