//! Rules of security groups.

use super::describe::{Describe, Listed, Page, one, select};
use super::kinds::{Kind, PREFIX_LIST, RULE, SECURITY_GROUP};
use super::permissions::{IpPermission, draft};
use super::refusals::{combination, invalid, missing, refuse, unless_dry_run};
use super::resource::Resource;
use super::tags::{TagSpecification, specified};
use crate::world::ids::Ids;
use crate::world::state::{Peer, PeeredGroup, Rule, SecurityGroup};
use crate::world::{ApiError, Region, Tags};

/// Input of `AuthorizeSecurityGroupIngress`, `…Egress` and of the two Revoke operations.
#[derive(Debug, Clone, Default)]
pub struct RuleChange {
    /// The group.
    pub group_id: Option<String>,
    /// The group by name, in the default VPC.
    pub group_name: Option<String>,
    /// What to allow, or not to allow any more.
    pub ip_permissions: Vec<IpPermission>,
    /// Revoke: the rules by id.
    pub security_group_rule_ids: Vec<String>,
    /// Authorize: tags of the new rules.
    pub tag_specifications: Vec<TagSpecification>,
    /// Only whether it would be allowed.
    pub dry_run: bool,
}

/// A rule as `DescribeSecurityGroupRules` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleView {
    /// The group it belongs to.
    pub group_id: String,
    /// The VPC of the group, and of a group it refers to.
    pub vpc_id: String,
    /// What is stored.
    pub rule: Rule,
    /// ARN.
    pub arn: String,
}

/// What a Revoke operation did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revoked {
    /// Rules that are gone.
    pub rules: Vec<RuleView>,
    /// Permissions that no rule fits: without an error in a default VPC.
    pub unknown: Vec<Rule>,
}

struct RuleOf<'a> {
    group: &'a SecurityGroup,
    rule: &'a Rule,
}

impl Resource for RuleOf<'_> {
    const KIND: &'static Kind = &RULE;

    fn id(&self) -> &str {
        &self.rule.id
    }

    fn tags(&self) -> &Tags {
        &self.rule.tags
    }
}

impl Listed for RuleOf<'_> {
    const FILTERS: &'static [&'static str] = &["group-id", "security-group-rule-id"];

    fn attribute(&self, name: &str) -> Vec<String> {
        match name {
            "group-id" => one(&self.group.id),
            "security-group-rule-id" => one(&self.rule.id),
            _ => Vec::new(),
        }
    }
}

impl Rule {
    /// Whether two rules allow the same: ids, descriptions and tags do not matter.
    fn allows_the_same(&self, other: &Self) -> bool {
        self.content() == other.content()
    }

    /// What it allows, without its name and what is noted beside it.
    fn content(&self) -> (bool, &str, i32, i32, &Peer) {
        let ports = (self.from_port, self.to_port);
        (self.is_egress, &self.protocol, ports.0, ports.1, &self.peer)
    }
}

impl Region {
    /// `DescribeSecurityGroupRules`.
    pub fn describe_security_group_rules(
        &self,
        input: &Describe,
    ) -> Result<Page<RuleView>, ApiError> {
        let rules = (self.security_groups.values())
            .filter(|group| self.is_visible(group))
            .flat_map(|group| group.rules.iter().map(move |rule| RuleOf { group, rule }));
        Ok(select(input, rules)?.map(|found| self.rule_view(found.group, found.rule)))
    }

    /// `AuthorizeSecurityGroupIngress`.
    pub fn authorize_security_group_ingress(
        &mut self,
        input: &RuleChange,
    ) -> Result<Vec<RuleView>, ApiError> {
        self.authorize(input, false)
    }

    /// `AuthorizeSecurityGroupEgress`.
    pub fn authorize_security_group_egress(
        &mut self,
        input: &RuleChange,
    ) -> Result<Vec<RuleView>, ApiError> {
        self.authorize(input, true)
    }

    /// `RevokeSecurityGroupIngress`.
    pub fn revoke_security_group_ingress(
        &mut self,
        input: &RuleChange,
    ) -> Result<Revoked, ApiError> {
        self.revoke(input, false)
    }

    /// `RevokeSecurityGroupEgress`.
    pub fn revoke_security_group_egress(
        &mut self,
        input: &RuleChange,
    ) -> Result<Revoked, ApiError> {
        self.revoke(input, true)
    }

    /// All rules of a request, or none.
    fn authorize(&mut self, input: &RuleChange, egress: bool) -> Result<Vec<RuleView>, ApiError> {
        let group = self.group_of(input.group_id.as_deref(), input.group_name.as_deref())?;
        if input.ip_permissions.is_empty() {
            return Err(missing("ipPermissions"));
        }
        let drafts = self.drafts(group, &input.ip_permissions, egress)?;
        self.check_prefix_lists(&drafts)?;
        let tags = specified(&input.tag_specifications, &RULE)?;
        for (index, draft) in drafts.iter().enumerate() {
            if drafts
                .iter()
                .skip(index + 1)
                .any(|other| other.allows_the_same(draft))
            {
                return Err(invalid(
                    "The same permission must not appear multiple times",
                ));
            }
        }
        if let Some(known) = drafts
            .iter()
            .find(|draft| group.rules.iter().any(|rule| rule.allows_the_same(draft)))
        {
            let message = format!("the specified rule \"{}\" already exists", in_words(known));
            return Err(refuse("InvalidPermission.Duplicate", message));
        }
        self.check_rule_limit(group, &drafts)?;
        unless_dry_run(input.dry_run)?;

        let id = group.id.clone();
        let rules: Vec<Rule> = (drafts.into_iter())
            .map(|draft| Rule {
                id: new_id(&mut self.ids, &id, &draft),
                tags: tags.clone(),
                ..draft
            })
            .collect();
        if let Some(group) = self.security_groups.get_mut(&id) {
            group.rules.extend(rules.iter().cloned());
            // AWS promises no order; the order of arrival is the one that two runs do not share.
            group
                .rules
                .sort_by(|one, other| one.content().cmp(&other.content()));
        }
        let group = self.group(&id)?;
        Ok(rules
            .iter()
            .map(|rule| self.rule_view(group, rule))
            .collect())
    }

    /// A rule of a described account that names a group across a peering, whatever became of that.
    pub(in crate::world) fn keep_peered_rule(
        &mut self,
        group_id: &str,
        is_egress: bool,
        traffic: &IpPermission,
        peer: PeeredGroup,
    ) -> Result<(), ApiError> {
        let draft = draft(traffic, Peer::Peered(peer), is_egress)?;
        let id = new_id(&mut self.ids, group_id, &draft);
        let group = self.security_groups.get_mut(group_id);
        let group = group.ok_or_else(|| SECURITY_GROUP.not_found(group_id))?;
        group.rules.push(Rule { id, ..draft });
        Ok(())
    }

    /// A new rule must name a prefix list there is. As reported in aws-cloudformation/rain#308.
    fn check_prefix_lists(&self, drafts: &[Rule]) -> Result<(), ApiError> {
        let missing = drafts.iter().find_map(|draft| match &draft.peer {
            Peer::PrefixList(id) if !self.prefix_lists.contains_key(id) => Some(id),
            _ => None,
        });
        missing.map_or(Ok(()), |id| Err(PREFIX_LIST.not_found(id)))
    }

    /// The quota counts IPv4 and IPv6 rules, inbound and outbound, apart; a rule with a group as its peer
    /// counts for both (VPC user guide, "Amazon VPC quotas").
    fn check_rule_limit(&self, group: &SecurityGroup, drafts: &[Rule]) -> Result<(), ApiError> {
        let egress = drafts.iter().any(|draft| draft.is_egress);
        let after = || {
            group
                .rules
                .iter()
                .chain(drafts)
                .filter(|rule| rule.is_egress == egress)
        };
        let ipv4 = after()
            .filter(|rule| !matches!(rule.peer, Peer::Ipv6(_)))
            .count();
        let ipv6 = after()
            .filter(|rule| !matches!(rule.peer, Peer::Ipv4(_)))
            .count();
        if ipv4.max(ipv6) > self.quotas.rules_per_group {
            let message = "The maximum number of rules per security group has been reached.";
            return Err(refuse("RulesPerSecurityGroupLimitExceeded", message));
        }
        Ok(())
    }

    fn revoke(&mut self, input: &RuleChange, egress: bool) -> Result<Revoked, ApiError> {
        let group = self.group_of(input.group_id.as_deref(), input.group_name.as_deref())?;
        let id = group.id.clone();
        let (gone, unknown) = match (
            input.ip_permissions.is_empty(),
            input.security_group_rule_ids.is_empty(),
        ) {
            (true, true) => {
                return Err(refuse(
                    "MissingParameter",
                    "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.",
                ));
            }
            (false, false) => {
                return Err(combination(
                    "Only one of 'ipPermissions' and 'securityGroupRuleIds' may be provided.",
                ));
            }
            (true, false) => (
                by_id(group, &input.security_group_rule_ids, egress)?,
                Vec::new(),
            ),
            (false, true) => self.by_permission(group, &input.ip_permissions, egress)?,
        };
        unless_dry_run(input.dry_run)?;
        let rules = gone
            .iter()
            .map(|rule| self.rule_view(group, rule))
            .collect();
        if let Some(group) = self.security_groups.get_mut(&id) {
            group.rules.retain(|rule| !gone.contains(rule));
        }
        Ok(Revoked { rules, unknown })
    }

    /// The rules that fit permissions. One that fits none is an error, except in a default VPC (API
    /// reference, `RevokeSecurityGroupIngress`).
    fn by_permission(
        &self,
        group: &SecurityGroup,
        permissions: &[IpPermission],
        egress: bool,
    ) -> Result<(Vec<Rule>, Vec<Rule>), ApiError> {
        let (mut gone, mut unknown) = (Vec::new(), Vec::new());
        for draft in self.drafts(group, permissions, egress)? {
            match group.rules.iter().find(|rule| rule.allows_the_same(&draft)) {
                Some(rule) => gone.push(rule.clone()),
                None => unknown.push(draft),
            }
        }
        let lenient = self
            .vpcs
            .get(&group.vpc_id)
            .is_some_and(|vpc| vpc.is_default);
        if !unknown.is_empty() && !lenient {
            let message = "The specified rule does not exist in this security group.";
            return Err(refuse("InvalidPermission.NotFound", message));
        }
        Ok((gone, unknown))
    }

    fn rule_view(&self, group: &SecurityGroup, rule: &Rule) -> RuleView {
        RuleView {
            group_id: group.id.clone(),
            vpc_id: group.vpc_id.clone(),
            arn: self.ec2_arn("security-group-rule", &rule.id),
            rule: rule.clone(),
        }
    }
}

fn by_id(group: &SecurityGroup, ids: &[String], egress: bool) -> Result<Vec<Rule>, ApiError> {
    ids.iter()
        .map(|id| {
            RULE.check(id)?;
            let mut rules = group.rules.iter().filter(|rule| rule.is_egress == egress);
            rules
                .find(|rule| rule.id == *id)
                .cloned()
                .ok_or_else(|| RULE.not_found(id))
        })
        .collect()
}

/// A rule as EC2 writes it into error messages.
fn in_words(rule: &Rule) -> String {
    let (Peer::Ipv4(peer)
    | Peer::Ipv6(peer)
    | Peer::Group(peer)
    | Peer::PrefixList(peer)
    | Peer::Peered(PeeredGroup { id: peer, .. })) = &rule.peer;
    if rule.protocol == "-1" {
        return format!("peer: {peer}, ALL, ALLOW");
    }
    let protocol = rule.protocol.to_uppercase();
    let (from, to) = (rule.from_port, rule.to_port);
    format!("peer: {peer}, {protocol}, from port: {from}, to port: {to}, ALLOW")
}

/// The ingress rule a default security group is born with.
pub(super) fn everything_from_itself(ids: &mut Ids, group_id: &str) -> Rule {
    everything(ids, group_id, false, Peer::Group(group_id.to_owned()))
}

/// The egress rule every security group is born with.
pub(super) fn everything_out(ids: &mut Ids, group_id: &str) -> Rule {
    everything(ids, group_id, true, Peer::Ipv4("0.0.0.0/0".to_owned()))
}

fn everything(ids: &mut Ids, group_id: &str, is_egress: bool, peer: Peer) -> Rule {
    let rule = Rule {
        id: String::new(),
        is_egress,
        protocol: "-1".to_owned(),
        from_port: -1,
        to_port: -1,
        peer,
        description: None,
        tags: Tags::new(),
    };
    let id = new_id(ids, group_id, &rule);
    Rule { id, ..rule }
}

fn new_id(ids: &mut Ids, group_id: &str, rule: &Rule) -> String {
    let direction = if rule.is_egress { "out" } else { "in" };
    ids.next("sgr", &[group_id, direction, &in_words(rule)])
}
