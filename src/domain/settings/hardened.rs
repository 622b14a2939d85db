//! Settings of a hardened file system: what most security baselines ask for, as requests for single settings.

use std::collections::BTreeSet;

use super::lifecycle::Days;
use super::policy::{Content, Preset};
use super::{On, Wish, Wishes};

/// When a hardened file system moves files to Infrequent Access.
const TO_IA: Days = Days::THIRTY;

impl Wishes {
    /// Adds what makes a file system hardened, where nothing else is asked for: clients without TLS are denied, automatic backups are on,
    /// files move to Infrequent Access.
    ///
    /// Root is squashed only where an access point creates its directory (`creates_directory`): the root of a new file system belongs to
    /// root with 755 (EFS user guide, "Working with users, groups, and permissions at the NFS level"), so that nobody could write there.
    pub fn harden(&mut self, creates_directory: bool) {
        let root = creates_directory.then_some(Preset::DenyRoot);
        let presets: BTreeSet<Preset> = [Preset::EnforceTls].into_iter().chain(root).collect();
        match &mut self.policy {
            Wish::Leave => self.policy = Wish::Set(Content::MorePresets(presets).into()),
            Wish::Set(wanted) => match &mut wanted.content {
                Content::Presets(named) | Content::MorePresets(named) => named.extend(presets),
                Content::Document(_) => {}
            },
            Wish::Clear => {}
        }
        if self.backups.is_leave() {
            self.backups = Wish::Set(On);
        }
        if self.lifecycle.to_ia.is_leave() {
            self.lifecycle.to_ia = Wish::Set(TO_IA);
        }
    }
}
