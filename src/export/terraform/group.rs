//! Security groups that efsctl created, and their rules.

use super::super::hcl::Expression;
use super::super::held::{self, Notes};
use super::super::model::ExportedGroup;
use super::{Resource, Writer, set_tags};
use crate::domain::network::{GroupRule, Peer};

impl Writer<'_> {
    pub(super) fn group(&mut self, exported: &ExportedGroup) {
        let group = &exported.group;
        let Some(description) = &group.description else {
            return self.say(vec![format!(
                "security group {}, not exported: its description is not known",
                group.id
            )]);
        };
        let mut resource = Resource::default();
        resource.body.set("name", Expression::text(&group.name));
        resource
            .body
            .set("description", Expression::text(description));
        resource.body.set("vpc_id", Expression::text(&group.vpc));
        let tags = held::tags(&group.tags, &mut resource.notes);
        set_tags(&mut resource.body, &tags);
        self.put(
            "aws_security_group",
            group.id.as_str(),
            &group.name,
            resource,
        );
        let mut notes = Notes::new();
        let rules = held::read(
            &format!("rules of {}", group.id),
            &exported.rules,
            &mut notes,
        );
        for rule in rules.into_iter().flatten() {
            self.rule(rule);
        }
        self.say(notes);
    }

    fn rule(&mut self, rule: &GroupRule) {
        if let Some(why) = held::unheld_rule(rule) {
            return self.say(vec![why]);
        }
        let mut resource = Resource::default();
        resource.notes.extend(held::peering(rule));
        let body = &mut resource.body;
        body.set("security_group_id", self.group_reference(&rule.group));
        if let Some(description) = &rule.description {
            body.set("description", Expression::text(description));
        }
        body.set("ip_protocol", Expression::text(&rule.rule.protocol));
        if let Some((from, to)) = rule.rule.ports {
            body.set("from_port", Expression::number(&from));
            body.set("to_port", Expression::number(&to));
        }
        match &rule.rule.peer {
            Peer::Range(range) if range.addr().is_ipv4() => {
                body.set("cidr_ipv4", Expression::text(range));
            }
            Peer::Range(range) => body.set("cidr_ipv6", Expression::text(range)),
            Peer::PrefixList(id) => body.set("prefix_list_id", Expression::text(id)),
            Peer::Group(id) => body.set("referenced_security_group_id", self.group_reference(id)),
            Peer::Distant(distant) => body.set(
                "referenced_security_group_id",
                match &distant.account {
                    Some(account) => Expression::Text(format!("{account}/{}", distant.id)),
                    None => Expression::text(&distant.id),
                },
            ),
            Peer::Other(_) => {}
        }
        let tags = held::tags(&rule.tags, &mut resource.notes);
        set_tags(&mut resource.body, &tags);
        let kind = if rule.is_egress {
            "aws_vpc_security_group_egress_rule"
        } else {
            "aws_vpc_security_group_ingress_rule"
        };
        self.put(kind, rule.id.as_str(), "", resource);
    }
}
