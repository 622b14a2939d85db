//! What this run created, and what it may have made: the ground of rollback and of the truth about leftovers.

use std::collections::{BTreeMap, BTreeSet};

use tokio::time::Instant;

use super::{LINGER, SETTLE};
use crate::domain::action::{Action, ReadScope};
use crate::domain::ids::{NetworkInterfaceId, Zone};
#[cfg(test)]
use crate::domain::mutants::{self, Mutant};
use crate::domain::plan::Change;
use crate::domain::resource::ResourceId;
use crate::domain::state::MountTarget;
use crate::domain::tags::{self, Tags};

/// The ids a run got back, and the calls whose outcome it does not know.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// What this run created, and when.
    made: BTreeMap<ResourceId, Instant>,
    /// Everything this run changed.
    pub changes: Vec<Change>,
    /// Network interfaces this run tagged.
    tagged: BTreeSet<NetworkInterfaceId>,
    /// Calls that make something and got no usable answer, by their key, and when they were sent last.
    unconfirmed: BTreeMap<String, (Action, Instant)>,
    /// Those of them whose retry succeeded: the first request may still take effect, and make a second one.
    superseded: BTreeMap<String, (Action, Instant)>,
    /// Settings whose call got no usable answer, by their key, and that were not seen since.
    pub unconfirmed_settings: BTreeMap<String, Action>,
    /// Settings that were refused as if they were so already, or were being made so: the adapter may have sent the call again after an
    /// answer that was lost.
    pub rechecked_settings: BTreeMap<String, Action>,
    /// What existed before this run.
    pub before: BTreeSet<ResourceId>,
    /// Runs whose name may stand on the file system without anyone having taken it over since.
    pub runs: BTreeSet<String>,
    /// Runs whose things came into view on the way: they may be at work.
    pub concurrent_runs: BTreeSet<String>,
    /// What a deletion was accepted of.
    deleted: BTreeSet<ResourceId>,
}

impl Ledger {
    /// The ledger of a run that found these ids, and these runs that may stand on them.
    pub fn beginning(before: BTreeSet<ResourceId>, runs: BTreeSet<String>) -> Self {
        Self {
            before,
            runs,
            ..Self::default()
        }
    }

    /// This run made something.
    pub fn make(&mut self, id: impl Into<ResourceId>) {
        self.made.insert(id.into(), Instant::now());
    }

    /// Whether this run created it.
    pub fn made(&self, id: impl Into<ResourceId>) -> bool {
        self.made.contains_key(&id.into())
    }

    /// Everything that this run created.
    pub fn all_made(&self) -> impl Iterator<Item = &ResourceId> {
        self.made.keys()
    }

    /// Whether this run created a file system.
    fn made_file_system(&self) -> bool {
        let mut made = self.made.keys();
        made.any(|id| matches!(id, ResourceId::FileSystem(_)))
    }

    /// Something was changed.
    pub fn changed(&mut self, action: &Action, change: Change) {
        if let Action::TagInterfaces(ids, _) = action {
            self.tagged.extend(ids.iter().cloned());
        }
        self.changes.push(change);
    }

    /// Whether this run tagged network interfaces of mount targets that it did not make.
    pub fn tagged_others(&self, mount_targets: &[MountTarget]) -> bool {
        let perhaps_ours = self.unconfirmed_zones();
        let is_other = |mt: &&MountTarget| !self.made(&mt.id) && !perhaps_ours.contains(&mt.zone);
        let others = mount_targets.iter().filter(is_other);
        let mut interfaces = others.filter_map(|mt| mt.interface.as_ref());
        interfaces.any(|id| self.tagged.contains(id))
    }

    /// Settings of what this run did not make, of which it is not known whether they were set.
    pub fn unconfirmed_changes(&self) -> impl Iterator<Item = &Action> {
        let survives = |action: &Action| match action {
            Action::AllowNfs(group, _) => !self.made(group),
            Action::SetMountTargetGroups { id, .. } => !self.made(id),
            _ => !self.made_file_system(),
        };
        self.unconfirmed_settings
            .values()
            .filter(move |action| survives(action))
    }

    /// Something came into view that was not there at the survey. What carries another run's name existed before, or was
    /// made by a run beside this one: it is adopted, not made.
    pub fn note_foreign(&mut self, id: ResourceId, tags: &Tags, run: &str) {
        if self.before.contains(&id) || tags::made_by(tags, run) || self.made.contains_key(&id) {
            return;
        }
        self.before.insert(id);
        self.concurrent_runs.extend(tags.get(tags::RUN).cloned());
    }

    /// Whether this run created something, or may have.
    pub fn made_anything(&self) -> bool {
        !self.made.is_empty() || !self.unconfirmed.is_empty()
    }

    /// The outcome of a call is unknown.
    pub fn note_unconfirmed(&mut self, action: &Action) {
        if action.makes() {
            self.unconfirmed
                .insert(action.key(), (action.clone(), Instant::now()));
        }
    }

    /// The outcome of a call is known after all.
    pub fn confirm(&mut self, action: &Action) {
        if let Some(call) = self.unconfirmed.remove(&action.key()) {
            self.superseded.insert(action.key(), call);
        }
    }

    /// Until when something may still appear that this run asked for.
    pub fn unconfirmed_until(&self) -> Option<Instant> {
        #[cfg(test)]
        if mutants::is(Mutant::NoSettleLook) {
            return None;
        }
        let calls = self.unconfirmed.values().chain(self.superseded.values());
        calls.map(|(_, at)| *at + LINGER + SETTLE).max()
    }

    /// Where something of this run may appear.
    pub fn unconfirmed_scopes(&self) -> impl Iterator<Item = ReadScope> {
        let calls = self.unconfirmed.values().chain(self.superseded.values());
        calls.map(|(action, _)| action.read_scope())
    }

    /// Zones in which a mount target of this run may appear.
    pub fn unconfirmed_zones(&self) -> BTreeSet<Zone> {
        self.unconfirmed
            .values()
            .chain(self.superseded.values())
            .filter_map(|(action, _)| match action {
                Action::CreateMountTarget { zone, .. } => Some(zone.clone()),
                _ => None,
            })
            .collect()
    }

    /// Calls that may have made something that is not known of.
    pub fn unconfirmed(&self) -> Vec<&Action> {
        let over = |at: Instant| Instant::now() >= at + LINGER + SETTLE;
        let superseded = self.superseded.iter().filter(|(_, (_, at))| !over(*at));
        let calls = self.unconfirmed.iter().chain(superseded);
        let calls: BTreeMap<&str, &Action> = calls
            .map(|(key, (action, _))| (key.as_str(), action))
            .collect();
        calls.into_values().collect()
    }

    /// Whether this run created it so recently that a read that was asked then may miss it.
    pub fn is_fresh(&self, id: impl Into<ResourceId>, asked: Instant) -> bool {
        let id = id.into();
        let made = self.made.get(&id);
        made.is_some_and(|at| asked < *at + SETTLE) && !self.deleted.contains(&id)
    }

    /// A deletion was accepted: reads are believed from now on.
    pub fn note_deleted(&mut self, action: &Action) {
        self.deleted.extend(action.deletes());
    }
}
