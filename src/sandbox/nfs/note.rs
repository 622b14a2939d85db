//! What is said of what happens.

use std::fmt;
use std::net::Ipv4Addr;

use super::observed::{Place, Unserved};

/// The port of NFS.
pub(super) const PORT: u16 = 2049;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// A mount target is served.
    Open {
        /// The mount target.
        mount_target: String,
        /// Its file system.
        file_system: String,
        /// Its address.
        address: Ipv4Addr,
    },
    /// A mount target is served no more.
    Closed {
        /// The mount target.
        mount_target: String,
        /// Its address.
        address: Ipv4Addr,
    },
    /// An address cannot be listened on, by another server mostly.
    Taken {
        /// The mount target.
        mount_target: String,
        /// Its address.
        address: Ipv4Addr,
        /// What the system says.
        why: String,
    },
    /// A mount target has no address of the loopback interface.
    Unserved {
        /// The mount target.
        mount_target: String,
        /// Its IPv4 address.
        address: Option<String>,
    },
    /// A server did not start.
    NotStarted {
        /// Its file system.
        file_system: String,
        /// What the system or the server says.
        why: String,
    },
    /// A server ended by itself, and is started again.
    Ended {
        /// Its file system.
        file_system: String,
        /// How.
        how: String,
    },
    /// The account could not be read.
    Unread(String),
}

impl Note {
    pub(super) fn open(mount_target: &str, place: &Place) -> Self {
        Self::Open {
            mount_target: mount_target.to_owned(),
            file_system: place.file_system.clone(),
            address: place.address,
        }
    }

    pub(super) fn unserved(unserved: &Unserved) -> Self {
        Self::Unserved {
            mount_target: unserved.mount_target.clone(),
            address: unserved.address.clone(),
        }
    }

    /// Whether something failed.
    pub fn is_failure(&self) -> bool {
        !matches!(self, Self::Open { .. } | Self::Closed { .. })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open {
                mount_target,
                file_system,
                address,
            } => write!(f, "nfs: {file_system} at {address}:{PORT} ({mount_target})"),
            Self::Closed {
                mount_target,
                address,
            } => write!(f, "nfs: {address}:{PORT} is closed ({mount_target})"),
            Self::Taken {
                mount_target,
                address,
                why,
            } => write!(
                f,
                "nfs: {address}:{PORT} could not be opened ({mount_target}): {why}; it is tried until that succeeds"
            ),
            Self::Unserved {
                mount_target,
                address: Some(address),
            } => write!(
                f,
                "nfs: {mount_target} is not served: its address {address} is outside 127.0.0.0/8"
            ),
            Self::Unserved {
                mount_target,
                address: None,
            } => write!(
                f,
                "nfs: {mount_target} is not served: it has no IPv4 address"
            ),
            Self::NotStarted { file_system, why } => {
                write!(f, "nfs: nfs-ganesha of {file_system} did not start: {why}")
            }
            Self::Ended { file_system, how } => write!(
                f,
                "nfs: nfs-ganesha of {file_system} ended ({how}) and is started again"
            ),
            Self::Unread(why) => write!(f, "nfs: the account could not be read: {why}"),
        }
    }
}
