//! What all stored resources of EC2 have: a kind, an id, tags.

use super::kinds::{self, Kind};
use crate::world::Tags;
use crate::world::state::{
    NetworkAcl, NetworkInterface, Peering, PrefixList, RouteTable, Rule, SecurityGroup, Subnet,
    Vpc, VpcEndpoint,
};

/// A resource of EC2.
pub(super) trait Resource {
    /// What it is.
    const KIND: &'static Kind;
    /// Its id.
    fn id(&self) -> &str;
    /// Its tags.
    fn tags(&self) -> &Tags;
}

/// Says of which kind resources are that have the fields `id` and `tags`.
macro_rules! resources {
    ($($type:ty => $kind:expr;)*) => {
        $(impl Resource for $type {
            const KIND: &'static super::kinds::Kind = &$kind;

            fn id(&self) -> &str {
                &self.id
            }

            fn tags(&self) -> &Tags {
                &self.tags
            }
        })*
    };
}

pub(super) use resources;

resources! {
    NetworkAcl => kinds::NETWORK_ACL;
    NetworkInterface => kinds::NETWORK_INTERFACE;
    Peering => kinds::PEERING;
    PrefixList => kinds::PREFIX_LIST;
    RouteTable => kinds::ROUTE_TABLE;
    Rule => kinds::RULE;
    SecurityGroup => kinds::SECURITY_GROUP;
    Subnet => kinds::SUBNET;
    Vpc => kinds::VPC;
    VpcEndpoint => kinds::ENDPOINT;
}
