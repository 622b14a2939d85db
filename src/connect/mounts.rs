//! What mounts the file system.

/// What of a form mounts the file system, and so needs the policy to allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mounts {
    /// Nothing: it is about what is mounted already, or about no mount.
    No,
    /// What the kernel mounts by itself; the rest uses the mount of the host.
    OnlyPlain,
    /// It mounts.
    Client,
    /// It mounts by an access point, with the IAM identity of a role.
    Role,
}
