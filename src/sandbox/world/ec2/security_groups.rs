//! Security groups: create, delete, describe.

use super::describe::{Describe, Listed, Page, Seen, one, select};
use super::kinds::{SECURITY_GROUP, VPC};
use super::permissions::is_plain;
use super::refusals::{invalid_value, missing, refuse, required, unless_dry_run};
use super::tags::{TagSpecification, specified};
use super::{ALWAYS, rules};
use crate::world::state::{Peer, Rule, SecurityGroup};
use crate::world::{ApiError, Region};

/// Input of `CreateSecurityGroup`.
#[derive(Debug, Clone, Default)]
pub struct CreateSecurityGroup {
    /// Unique in the VPC, whatever the case.
    pub group_name: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Its VPC; the default VPC when absent.
    pub vpc_id: Option<String>,
    /// Tags.
    pub tag_specifications: Vec<TagSpecification>,
    /// Only whether it would be allowed.
    pub dry_run: bool,
}

/// Input of `DeleteSecurityGroup`: id, or name in the default VPC.
#[derive(Debug, Clone, Default)]
pub struct DeleteSecurityGroup {
    /// Its id.
    pub group_id: Option<String>,
    /// Its name.
    pub group_name: Option<String>,
    /// Only whether it would be allowed.
    pub dry_run: bool,
}

impl Listed for Seen<'_, SecurityGroup> {
    const FILTERS: &'static [&'static str] = &[
        "description",
        "egress.ip-permission.cidr",
        "egress.ip-permission.from-port",
        "egress.ip-permission.group-id",
        "egress.ip-permission.group-name",
        "egress.ip-permission.ipv6-cidr",
        "egress.ip-permission.prefix-list-id",
        "egress.ip-permission.protocol",
        "egress.ip-permission.to-port",
        "egress.ip-permission.user-id",
        "group-id",
        "group-name",
        "ip-permission.cidr",
        "ip-permission.from-port",
        "ip-permission.group-id",
        "ip-permission.group-name",
        "ip-permission.ipv6-cidr",
        "ip-permission.prefix-list-id",
        "ip-permission.protocol",
        "ip-permission.to-port",
        "ip-permission.user-id",
        "owner-id",
        "vpc-id",
    ];

    fn attribute(&self, name: &str) -> Vec<String> {
        match name {
            "description" => one(&self.it.description),
            "group-id" => one(&self.it.id),
            "group-name" => one(&self.it.name),
            "owner-id" => one(&self.region.account_id),
            "vpc-id" => one(&self.it.vpc_id),
            _ => {
                let inbound = name.strip_prefix("egress.").unwrap_or(name);
                let Some(member) = inbound.strip_prefix("ip-permission.") else {
                    return Vec::new();
                };
                let rules = self
                    .it
                    .rules
                    .iter()
                    .filter(|rule| rule.is_egress == (inbound != name));
                rules
                    .filter_map(|rule| self.rule_attribute(rule, member))
                    .collect()
            }
        }
    }
}

impl Seen<'_, SecurityGroup> {
    fn rule_attribute(&self, rule: &Rule, member: &str) -> Option<String> {
        match (member, &rule.peer) {
            ("protocol", _) => Some(rule.protocol.clone()),
            ("from-port", _) => Some(rule.from_port.to_string()),
            ("to-port", _) => Some(rule.to_port.to_string()),
            ("cidr", Peer::Ipv4(range)) | ("ipv6-cidr", Peer::Ipv6(range)) => Some(range.clone()),
            ("group-id", Peer::Group(id)) | ("prefix-list-id", Peer::PrefixList(id)) => {
                Some(id.clone())
            }
            ("group-name", Peer::Group(id)) => Some(self.region.group_name(id).to_owned()),
            ("user-id", Peer::Group(_)) => Some(self.region.account_id.clone()),
            ("group-id", Peer::Peered(group)) => Some(group.id.clone()),
            ("user-id", Peer::Peered(group)) => Some(group.account.clone()),
            _ => None,
        }
    }
}

impl Region {
    /// `DescribeSecurityGroups`: by ids, by names (in the default VPC), or all that pass the filters.
    pub fn describe_security_groups(
        &self,
        input: &Describe,
        group_names: &[String],
    ) -> Result<Page<SecurityGroup>, ApiError> {
        let mut named = input.clone();
        for name in group_names {
            let group = self.group_named(name)?;
            if !self.is_visible(group) {
                return Err(self.no_group_named(name));
            }
            named.ids.push(group.id.clone());
        }
        let visible = self
            .security_groups
            .values()
            .filter(|group| self.is_visible(group));
        Ok(select(&named, self.see(visible))?.map(|seen| seen.it.clone()))
    }

    /// `CreateSecurityGroup`: with a rule that lets everything out. Describe calls do not see it for the
    /// describe lag.
    pub fn create_security_group(
        &mut self,
        input: &CreateSecurityGroup,
    ) -> Result<SecurityGroup, ApiError> {
        let name = required(input.group_name.as_deref(), "groupName")?.trim_end();
        let description = required(input.description.as_deref(), "groupDescription")?;
        check_name(name)?;
        check_text(description, "GroupDescription")?;
        let vpc_id = match input.vpc_id.as_deref().filter(|id| !id.is_empty()) {
            Some(id) => VPC.check(id).and_then(|()| self.vpc(id))?.id.clone(),
            None => (self.default_vpc().map(|vpc| vpc.id.clone()))
                .ok_or_else(|| refuse("VPCIdNotSpecified", "No default VPC for this user"))?,
        };
        let tags = specified(&input.tag_specifications, &SECURITY_GROUP)?;
        let mut siblings = self
            .security_groups
            .values()
            .filter(|group| group.vpc_id == vpc_id);
        if siblings.any(|group| group.name.eq_ignore_ascii_case(name)) {
            let message = format!("The security group '{name}' already exists for VPC '{vpc_id}'");
            return Err(refuse("InvalidGroup.Duplicate", message));
        }
        if self.security_groups.len() >= self.quotas.security_groups {
            let message =
                "The maximum number of security groups for this account has been reached.";
            return Err(refuse("SecurityGroupLimitExceeded", message));
        }
        unless_dry_run(input.dry_run)?;
        let id = self.ids.next("sg", &[&vpc_id, &name.to_lowercase()]);
        let group = SecurityGroup {
            name: name.to_owned(),
            description: description.to_owned(),
            vpc_id,
            created: self.now.max(ALWAYS + 1),
            rules: vec![rules::everything_out(&mut self.ids, &id)],
            tags,
            id,
        };
        self.security_groups.insert(group.id.clone(), group.clone());
        Ok(group)
    }

    /// `DeleteSecurityGroup`: refused while an interface wears it or a rule of another group refers to it.
    /// Answers with the id.
    pub fn delete_security_group(
        &mut self,
        input: &DeleteSecurityGroup,
    ) -> Result<String, ApiError> {
        let group = self.group_of(input.group_id.as_deref(), input.group_name.as_deref())?;
        let id = group.id.clone();
        if group.name == "default" {
            let message = format!(
                "the specified group: \"{id}\" name: \"default\" cannot be deleted by a user"
            );
            return Err(refuse("CannotDelete", message));
        }
        let worn = self
            .network_interfaces
            .values()
            .any(|worn| worn.groups.contains(&id));
        let peer = Peer::Group(id.clone());
        let mut others = self.security_groups.values().filter(|other| other.id != id);
        if worn || others.any(|other| other.rules.iter().any(|rule| rule.peer == peer)) {
            let message = format!("resource {id} has a dependent object");
            return Err(refuse("DependencyViolation", message));
        }
        unless_dry_run(input.dry_run)?;
        self.security_groups.remove(&id);
        Ok(id)
    }

    /// The default group of a VPC.
    pub(in crate::world) fn default_security_group(&self, vpc_id: &str) -> Option<String> {
        (self.security_groups.values())
            .find(|group| group.vpc_id == vpc_id && group.name == "default")
            .map(|group| group.id.clone())
    }

    /// The group a request means, which calls that change something see from the start.
    pub(super) fn group_of(
        &self,
        id: Option<&str>,
        name: Option<&str>,
    ) -> Result<&SecurityGroup, ApiError> {
        match (
            id.filter(|id| !id.is_empty()),
            name.filter(|name| !name.is_empty()),
        ) {
            (Some(id), _) => SECURITY_GROUP.check(id).and_then(|()| self.group(id)),
            (None, Some(name)) => self.group_named(name),
            (None, None) => Err(missing("groupName or groupId")),
        }
    }

    pub(super) fn group(&self, id: &str) -> Result<&SecurityGroup, ApiError> {
        self.security_groups
            .get(id)
            .ok_or_else(|| SECURITY_GROUP.not_found(id))
    }

    /// The group of that name in the default VPC.
    pub(super) fn group_named(&self, name: &str) -> Result<&SecurityGroup, ApiError> {
        let vpc = self.default_vpc().map(|vpc| vpc.id.as_str());
        let mut groups = self.security_groups.values();
        groups
            .find(|group| Some(group.vpc_id.as_str()) == vpc && group.name == name)
            .ok_or_else(|| self.no_group_named(name))
    }

    /// The name of a group, for answers that show both.
    pub fn group_name(&self, id: &str) -> &str {
        self.security_groups.get(id).map_or("", |group| &group.name)
    }

    /// Whether Describe calls see a group yet.
    pub(super) fn is_visible(&self, group: &SecurityGroup) -> bool {
        group.created == ALWAYS || group.created + self.timing.describe_lag <= self.now
    }

    fn no_group_named(&self, name: &str) -> ApiError {
        let message = match self.default_vpc() {
            Some(vpc) => {
                format!(
                    "The security group '{name}' does not exist in default VPC '{}'",
                    vpc.id
                )
            }
            None => format!("The security group '{name}' does not exist"),
        };
        refuse("InvalidGroup.NotFound", message)
    }
}

fn check_name(name: &str) -> Result<(), ApiError> {
    if name.starts_with("sg-") {
        let why = "Group names may not be in the format sg-*.";
        return Err(invalid_value(name, "GroupName", why));
    }
    if name.eq_ignore_ascii_case("default") {
        let message = "Cannot use reserved security group name: default";
        return Err(refuse("InvalidGroup.Reserved", message));
    }
    check_text(name, "GroupName")
}

fn check_text(text: &str, parameter: &str) -> Result<(), ApiError> {
    if !text.is_ascii() {
        let why = "Character sets beyond ASCII are not supported.";
        return Err(invalid_value(text, parameter, why));
    }
    if text.len() > 255 {
        return Err(invalid_value(
            text,
            parameter,
            "Must be at most 255 characters long.",
        ));
    }
    if !is_plain(text) {
        let why = "Valid characters are a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*.";
        return Err(invalid_value(text, parameter, why));
    }
    Ok(())
}
