//! A rule of a security group as a resource of its own.

use super::Rule;
use crate::domain::ids::{SecurityGroupId, SecurityGroupRuleId};
use crate::domain::tags::Tags;

/// A rule as `DescribeSecurityGroupRules` shows it: with its id, which the rules of a [`SecurityGroup`](super::SecurityGroup) lack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRule {
    /// Its id.
    pub id: SecurityGroupRuleId,
    /// Its group.
    pub group: SecurityGroupId,
    /// Outbound.
    pub is_egress: bool,
    /// What it allows.
    pub rule: Rule,
    /// Its description.
    pub description: Option<String>,
    /// Tags.
    pub tags: Tags,
}
