//! The answers to what a policy allows.

use std::fmt;

use super::{Principals, Way};
use crate::domain::settings::policy::actions;

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
            Self::Mount => actions::MOUNT,
            Self::Write => actions::WRITE,
            Self::RootAccess => actions::ROOT,
        }
    }
}

impl fmt::Display for ClientAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A statement that may apply or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The statement: its `Sid`, or `#n`.
    pub statement: String,
    /// The members and condition keys that decide it, as written.
    pub because: Vec<String>,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {}", self.statement)?;
        if self.because.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", self.because.join(", "))
    }
}

/// Whether clients without TLS are denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enforced {
    /// They cannot mount.
    Yes,
    /// They can mount, and are denied these.
    Partly(Vec<ClientAction>),
    /// Some of them can mount: these deny only the others.
    ForSome(Vec<Doubt>),
    /// They are denied nothing.
    No,
    /// It is not known whether these deny them.
    Unclear(Vec<Doubt>),
}

/// An Allow by which someone may mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The statement: its `Sid`, or `#n`.
    pub statement: String,
    /// Who, without those whom a Deny leaves nothing.
    pub principals: Principals,
    /// What, [`ClientAction::Mount`] among it.
    pub actions: Vec<ClientAction>,
    /// How, without what a Deny leaves no one.
    pub ways: Vec<Way>,
    /// Its own members and condition keys that do not hold for everybody, or cannot be judged.
    pub depends_on: Vec<String>,
    /// Denies that take it from some of them.
    pub unless: Vec<Doubt>,
    /// Someone is left whom no Deny takes it from.
    pub is_certain: bool,
}

impl Grant {
    /// How they mount, after "mount".
    pub fn how(&self) -> &'static str {
        let by = |way| self.ways.contains(&way);
        match (by(Way::Plain), by(Way::Tls), by(Way::AccessPoint)) {
            (true, true, true) => "",
            (false, true, true) => " with TLS",
            (false, true, false) => " with TLS and by no access point",
            (true, true, false) => " by no access point",
            (true, false, false) => " without TLS only",
            (true, false, true) => " without TLS or by an access point",
            (false, false, _) => " by an access point only",
        }
    }
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
    /// The keys of its conditions that EFS does not enforce for NFS clients, as written.
    pub not_enforced: Vec<String>,
}

/// An Allow to everybody that covers administrative actions by a wildcard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wide {
    /// The statement: its `Sid`, or `#n`.
    pub statement: String,
    /// The action with the wildcard, as written; `NotAction` for what that leaves.
    pub pattern: String,
    /// One of the administrative actions that it covers.
    pub action: &'static str,
    /// The keys of conditions that leave only some callers by a fixed value, as written.
    pub narrowed_by: Vec<String>,
}

/// Someone outside the account that something is granted to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Foreign {
    /// An account.
    Account(String),
    /// The accounts that a pattern covers, as written.
    Accounts(String),
    /// An organization.
    Organization(String),
    /// A path in an organization: `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*`.
    OrganizationPath(String),
}

impl Foreign {
    /// The account or organization by which it can be expected.
    pub fn id(&self) -> &str {
        match self {
            Self::Account(id) | Self::Accounts(id) | Self::Organization(id) => id,
            Self::OrganizationPath(path) => path.split('/').next().unwrap_or_default(),
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(account) => write!(f, "account {account}"),
            Self::Accounts(pattern) => write!(f, "all accounts that {pattern} covers"),
            Self::Organization(id) => write!(f, "all accounts of organization {id}"),
            Self::OrganizationPath(path) => write!(f, "all accounts of organization path {path}"),
        }
    }
}

/// Whether no one of the account can change the policy again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockOut {
    /// Someone can.
    No,
    /// These statements deny it to all of them.
    Yes(Vec<String>),
    /// It is not known whether these do.
    Unclear(Vec<Doubt>),
}
