//! A manifest: applied to what was exported it changes nothing. What it cannot hold is a comment.

mod placed;

use std::fmt::Write;

use toml::Value;

use self::placed::{Groups, Placed, placed};
use super::hcl::one_line;
use super::held::{Notes, backup, is_managed, is_of_aws, protection, read, stays, throughput};
use super::model::{Export, ExportedFileSystem, ExportedRegion};
use crate::domain::access_point::{AccessPoint, AccessPointSpec};
use crate::domain::expiry::Expiry;
use crate::domain::ids::Name;
use crate::domain::keyword::Keyword;
use crate::domain::network::Peer;
use crate::domain::ranges::Ranges;
use crate::domain::settings::Throughput;
use crate::domain::settings::lifecycle::Days;
use crate::domain::settings::policy::{Document, ObservedPolicy};
use crate::domain::settings::protection::OverwriteProtection;
use crate::domain::settings::replication::{ObservedReplication, ReplicaCopy, ReplicationStatus};
use crate::domain::spec::IpType;
use crate::domain::state::State;
use crate::domain::tags::{self, Tags};
use crate::domain::word::Word;

pub(super) fn render(export: &Export) -> String {
    let mut text = String::new();
    for region in &export.regions {
        _ = writeln!(
            text,
            "# Amazon EFS in {}, exported by efsctl",
            region.region
        );
        for of in &region.file_systems {
            let mut notes = Notes::new();
            text.push('\n');
            if is_managed(of, &mut notes) && works(of, &mut notes) {
                let entry = Entry {
                    region,
                    of,
                    at: export.at,
                    keys: Vec::new(),
                    carried: None,
                    notes,
                };
                text.push_str(&entry.render());
            } else {
                comments(&notes, &mut text);
            }
        }
    }
    text
}

/// What is in state error cannot be waited for.
fn works(of: &ExportedFileSystem, notes: &mut Notes) -> bool {
    let found = &of.file_system;
    let is_lost = found.state == State::Error;
    if is_lost {
        notes.push(format!("file system {} is not exported", found.id));
    }
    !is_lost
}

fn comments(notes: &Notes, text: &mut String) {
    for note in notes {
        _ = writeln!(text, "# {}", one_line(note));
    }
}

fn texts<T: ToString>(items: impl IntoIterator<Item = T>) -> Value {
    let items = items
        .into_iter()
        .map(|item| Value::String(item.to_string()));
    Value::Array(items.collect())
}

/// A file system, as it is described.
struct Entry<'e> {
    region: &'e ExportedRegion,
    of: &'e ExportedFileSystem,
    /// When it was read, in seconds since 1970.
    at: i64,
    keys: Vec<(&'static str, Value)>,
    /// Tags that all network interfaces of its mount targets have, where it is described by name: `create` puts the tags of the file
    /// system on them.
    carried: Option<Tags>,
    /// What a manifest cannot hold.
    notes: Notes,
}

impl Entry<'_> {
    fn render(mut self) -> String {
        let found = &self.of.file_system;
        let name = self.name();
        let placed = name.as_ref().and_then(|name| {
            let placed = placed(self.region, self.of, name, &mut self.notes);
            let by_id = |why| self.notes.push(format!("described by id, because {why}"));
            placed.map_err(by_id).ok()
        });
        match (name.clone(), placed) {
            (Some(name), Some(placed)) => {
                self.set("name", &name);
                self.carried = Some(placed.carried.clone());
                self.creation(placed);
            }
            _ => self.set("id", found.id.bare()),
        }
        let name = name.unwrap_or_else(|| Name::of(&found.id));
        self.settings();
        self.tags(&name);
        self.access_points(&name);
        self.replications();
        let mut text = String::from("[[file_system]]\n");
        for (key, value) in &self.keys {
            _ = writeln!(text, "{key} = {value}");
        }
        comments(&self.notes, &mut text);
        text
    }

    fn set(&mut self, key: &'static str, value: &(impl ToString + ?Sized)) {
        self.keys.push((key, Value::String(value.to_string())));
    }

    fn put(&mut self, key: &'static str, value: impl Into<Value>) {
        self.keys.push((key, value.into()));
    }

    /// The name under which efsctl finds it.
    fn name(&self) -> Option<Name> {
        let found = &self.of.file_system;
        let name: Name = found.tags.get(tags::NAME)?.parse().ok()?;
        let is_ours = tags::is_managed(&found.tags) && found.creation_token == name.token();
        is_ours.then_some(name)
    }

    /// How it is created: what cannot be changed, and its network.
    fn creation(&mut self, placed: Placed) {
        let found = &self.of.file_system;
        match (found.encrypted, &found.kms_key_id) {
            (Some(false), _) => self.put("unencrypted", true),
            (_, Some(key)) => self.set("kms_key", key),
            (_, None) => {}
        }
        match &found.performance {
            Word::Known(mode) => self.set("performance", mode.keyword()),
            Word::Other(word) => self
                .notes
                .push(format!("performance mode, not exported: {word}")),
        }
        if let Some(zone) = &found.one_zone {
            self.set("one_zone", zone);
        }
        self.put("subnet", texts(placed.subnets));
        if placed.ip_type != IpType::default() {
            self.set("ip_type", placed.ip_type.keyword());
        }
        match placed.access {
            Groups::Given(groups) => self.put("security_group", texts(groups)),
            Groups::Own(sources) if sources.is_empty() => {}
            Groups::Own(sources) => {
                let ranges = sources.iter().filter_map(|peer| match peer {
                    Peer::Range(range) => Some(range),
                    _ => None,
                });
                let is_open = !Ranges::of(ranges).open().is_empty();
                self.put("allow_from", texts(sources));
                if is_open {
                    self.put("open_to_the_world", true);
                }
            }
        }
    }

    fn settings(&mut self) {
        if let Some(throughput) = throughput(self.of, &mut self.notes) {
            let text = match throughput {
                Throughput::Provisioned(mibps) => format!("provisioned={mibps}"),
                Throughput::Bursting | Throughput::Elastic => throughput.to_string(),
            };
            match text.parse::<Throughput>() {
                Ok(_) => self.set("throughput", &text),
                Err(why) => self.notes.push(format!("throughput, not exported: {why}")),
            }
        }
        self.transitions();
        if let Some(on) = backup(self.of, &mut self.notes) {
            self.put("backup", on);
        }
        self.policy();
        if let Some(word) = protection(self.of, &mut self.notes) {
            let is_on = word == OverwriteProtection::Enabled;
            self.put("replication_overwrite_protection", is_on);
        }
    }

    fn transitions(&mut self) {
        let Some(lifecycle) = read("the lifecycle policy", &self.of.lifecycle, &mut self.notes)
        else {
            return;
        };
        let (ia, archive, primary) = (
            lifecycle.transition_to_ia,
            lifecycle.transition_to_archive,
            lifecycle.transition_to_primary,
        );
        let others = lifecycle.other_transitions.len();
        if others > 0 {
            // What is not named stays: of which of them it takes the place is not known.
            self.notes.push(format!(
                "{others} transitions of the lifecycle policy, not exported: this version of efsctl does not know them"
            ));
            return;
        }
        let days = |days: Option<Days>| days.map_or("never".to_owned(), |days| days.to_string());
        self.set("transition_to_ia", &days(ia));
        self.set("transition_to_archive", &days(archive));
        let primary = if primary { "on-access" } else { "never" };
        self.set("transition_to_primary", primary);
    }

    fn policy(&mut self) {
        let Some(policy) = read("the policy", &self.of.policy, &mut self.notes) else {
            return;
        };
        let Some(text) = policy else {
            self.set("policy", "none");
            return;
        };
        let observed = ObservedPolicy::read(Some(text), &self.of.file_system.id);
        if let Some(presets) = observed.presets()
            && !presets.is_empty()
            && observed.kept().is_empty()
        {
            self.put("policy", texts(presets));
            return;
        }
        match Document::written(text) {
            Ok(document) => self.set("policy", &document),
            Err(why) => self
                .notes
                .push(format!("policy, not exported: {why}: {text}")),
        }
    }

    fn tags(&mut self, name: &Name) {
        let mut kept = toml::Table::new();
        for (key, value) in &self.of.file_system.tags {
            let is_ours = matches!(key.as_str(), tags::NAME | tags::MANAGED_BY | tags::RUN);
            let is_default = key == "Name" && value == name.as_str() && self.name().is_some();
            if is_ours || is_default {
                continue;
            }
            if is_of_aws(key) {
                self.notes
                    .push(format!("tag of AWS, not exported: {key}={value}"));
                continue;
            }
            if key == tags::EXPIRES {
                self.expires(value);
                continue;
            }
            let is_carried = |carried: &Tags| carried.get(key) == Some(value);
            if self
                .carried
                .as_ref()
                .is_some_and(|carried| !is_carried(carried))
            {
                self.notes.push(format!(
                    "tag, not exported, because the network interfaces of the mount targets lack it: {key}={value}"
                ));
                continue;
            }
            match tags::checked(key, value) {
                Ok((key, value)) => drop(kept.insert(key, Value::String(value))),
                Err(error) => self.notes.push(format!("tag, not exported: {error}")),
            }
        }
        if !kept.is_empty() {
            self.put("tags", kept);
        }
    }

    fn expires(&mut self, text: &str) {
        match Expiry::of(&self.of.file_system.tags) {
            Some(expiry) if expiry.at > self.at && expiry.to_string() == text => {
                self.set("expires", text);
            }
            Some(expiry) if expiry.at <= self.at => self.notes.push(format!("expired at {text}")),
            _ => self
                .notes
                .push(format!("tag, not exported: {}={text}", tags::EXPIRES)),
        }
    }

    fn access_points(&mut self, name: &Name) {
        let Some(points) = read("access points", &self.of.access_points, &mut self.notes) else {
            return;
        };
        let mut described = Vec::new();
        for point in points {
            let what = format!("access point {}", point.id);
            if !stays(&what, &point.state, &mut self.notes) || point.state == State::Error {
                continue;
            }
            match spec_of(point, name) {
                Some(spec) => described.push(spec),
                None => self
                    .notes
                    .push(format!("{what}, not exported: {}", point.details())),
            }
        }
        if !described.is_empty() {
            described.sort();
            self.put("access_point", texts(described));
        }
    }

    fn replications(&mut self) {
        let id = &self.of.file_system.id;
        let Some(all) = read("replications", &self.of.replications, &mut self.notes) else {
            return;
        };
        let observed = ObservedReplication::read(all, id);
        let copies: Vec<ReplicaCopy> = observed.copies().cloned().collect();
        match copies.as_slice() {
            [] => {}
            [copy] if !copy.status.is(&ReplicationStatus::Error) => {
                self.set("replicate_to", &copy.region);
            }
            copies => {
                for ReplicaCopy { id, region, status } in copies {
                    self.notes.push(format!(
                        "replication, not exported: to {id} in {region} ({status})"
                    ));
                }
            }
        }
    }
}

/// The access point in the words of a manifest; `None`: efsctl did not create it under that name, or has no words for it.
fn spec_of(point: &AccessPoint, name: &Name) -> Option<String> {
    let own: Name = point.tags.get("Name")?.parse().ok()?;
    let user = point.user.as_ref();
    let mode = point
        .creation
        .as_ref()
        .map(|creation| creation.permissions.trim_start_matches('0'));
    let text = match (user, mode) {
        (None, None) => format!("{own}={}", point.path),
        (Some(user), Some(mode)) => {
            format!("{own}={}:{}:{}:{mode:0>3}", point.path, user.uid, user.gid)
        }
        _ => return None,
    };
    let spec: AccessPointSpec = text.parse().ok()?;
    let is_it = point.token == Some(spec.token(name))
        && (&spec.path, &spec.user, &spec.creation) == (&point.path, &point.user, &point.creation);
    is_it.then_some(text)
}
