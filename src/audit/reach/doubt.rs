//! What would have to be known to tell whether a client gets through.

use std::fmt;

use crate::domain::ids::SecurityGroupId;

/// Something that is not known and matters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// The address of the mount target.
    Address,
    /// Which groups the mount target has.
    ServerGroups,
    /// The rules of this group.
    Group(SecurityGroupId),
    /// The ranges of this prefix list, which a rule of this group names.
    PrefixList(String, SecurityGroupId),
    /// Someone in a rule of this group whom this version cannot read, or a peering in a state it does not know.
    Peer(String, SecurityGroupId),
    /// The network ACL of this subnet, or of that end.
    Acl(String),
    /// Which of its possible addresses the client has.
    ClientAddress,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address => f.write_str("the mount target's address is not known"),
            Self::ServerGroups => {
                f.write_str("the mount target's security groups could not be read")
            }
            Self::Group(id) => write!(f, "{id} could not be read"),
            Self::PrefixList(list, of) => {
                write!(f, "prefix list {list} of {of} could not be resolved")
            }
            Self::Peer(peer, of) => write!(
                f,
                "a rule of {of} names {peer}, and what that means is not known"
            ),
            Self::Acl(of) => write!(f, "the network ACL of {of} could not be read"),
            Self::ClientAddress => {
                f.write_str("some of the client's possible addresses are refused")
            }
        }
    }
}
