//! Security groups that efsctl created, with their rules.

use serde_json::{Value, json};

use super::super::held::{self, Notes};
use super::super::model::ExportedGroup;
use super::{Properties, Stack, tag_list};
use crate::domain::network::{GroupRule, Peer};

impl Stack {
    pub(super) fn group(&mut self, exported: &ExportedGroup) {
        let group = &exported.group;
        let id = group.id.as_str();
        let Some(description) = &group.description else {
            let why = "security group, not exported: its description is not known";
            return self.say(id, vec![why.to_owned()]);
        };
        let mut notes = Notes::new();
        let mut properties = Properties::default();
        properties.set("GroupName", json!(group.name));
        properties.set("GroupDescription", json!(description));
        properties.set("VpcId", json!(group.vpc));
        let tags = held::tags(&group.tags, &mut notes);
        if !tags.is_empty() {
            properties.set("Tags", tag_list(&tags));
        }
        if let Some(rules) = held::read("its rules", &exported.rules, &mut notes) {
            for (name, is_egress) in [
                ("SecurityGroupIngress", false),
                ("SecurityGroupEgress", true),
            ] {
                let rules = rules.iter().filter(|rule| rule.is_egress == is_egress);
                let rules = rules.filter_map(|one| rule(one, &mut notes));
                let rules: Vec<Value> = rules.collect();
                if !rules.is_empty() {
                    properties.set(name, json!(rules));
                }
            }
        }
        self.put(("AWS::EC2::SecurityGroup", "Id"), id, properties, notes);
    }
}

/// A rule as a part of its group. Its tags stay where they are.
fn rule(rule: &GroupRule, notes: &mut Notes) -> Option<Value> {
    if let Some(why) = held::unheld_rule(rule) {
        notes.push(why);
        return None;
    }
    notes.extend(held::peering(rule).map(|peer| format!("rule {}: {peer}", rule.id)));
    for (key, value) in &rule.tags {
        notes.push(format!(
            "tag of rule {}, not exported: {key}={value}",
            rule.id
        ));
    }
    let mut shape = Properties::default();
    shape.set("IpProtocol", json!(rule.rule.protocol));
    if let Some((from, to)) = rule.rule.ports {
        shape.set("FromPort", json!(from));
        shape.set("ToPort", json!(to));
    }
    if let Some(description) = &rule.description {
        shape.set("Description", json!(description));
    }
    let side = if rule.is_egress {
        "Destination"
    } else {
        "Source"
    };
    let group = format!("{side}SecurityGroupId");
    match &rule.rule.peer {
        Peer::Range(range) if range.addr().is_ipv4() => shape.set("CidrIp", json!(range)),
        Peer::Range(range) => shape.set("CidrIpv6", json!(range)),
        Peer::PrefixList(id) => shape.set(&format!("{side}PrefixListId"), json!(id)),
        // By id, also where the group is in the template: it may be this one.
        Peer::Group(id) => shape.set(&group, json!(id)),
        Peer::Distant(distant) => {
            shape.set(&group, json!(distant.id));
            match &distant.account {
                Some(account) if !rule.is_egress => {
                    shape.set("SourceSecurityGroupOwnerId", json!(account));
                }
                Some(account) => notes.push(format!(
                    "rule {}: {} belongs to account {account}",
                    rule.id, distant.id
                )),
                None => {}
            }
        }
        Peer::Other(_) => {}
    }
    Some(Value::Object(shape.0))
}
