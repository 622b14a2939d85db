//! What connecting to a file system depends on, as it was read.

use crate::domain::access_point::AccessPoint;
use crate::domain::advice::Advice;
use crate::domain::state::{FileSystem, MountTarget};

/// A file system, and what clients need to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// The file system.
    pub file_system: FileSystem,
    /// Its region.
    pub region: String,
    /// Its mount targets.
    pub mount_targets: Vec<MountTarget>,
    /// The access point that was named.
    pub access_point: Option<AccessPoint>,
    /// What its policy lets clients do; an error: why that is not known.
    pub rules: Result<ClientRules, Advice>,
}

/// What a policy lets clients do, by the way they mount.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientRules {
    /// Without TLS.
    pub plain: Rights,
    /// With TLS.
    pub tls: Rights,
    /// By the access point that was named, or any, with TLS.
    pub access_point: Rights,
}

/// What clients may do that mount in one way; `None`: it is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights {
    /// A client without IAM identity may mount.
    pub mount: Option<bool>,
    /// It may write.
    pub write: Option<bool>,
    /// It may act as root.
    pub root: Option<bool>,
    /// Mounting is surely denied to identities too, whatever their own policies allow.
    pub is_denied_to_identities: bool,
}

impl ClientRules {
    /// Without a policy every client may do everything (EFS user guide, "Using IAM to control access to file systems").
    pub fn everything() -> Self {
        let all = Rights {
            mount: Some(true),
            write: Some(true),
            root: Some(true),
            is_denied_to_identities: false,
        };
        Self {
            plain: all.clone(),
            tls: all.clone(),
            access_point: all,
        }
    }
}
