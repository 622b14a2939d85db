//! What should be: the goals of the one loop.

use std::collections::BTreeSet;

use super::ids::{FileSystemId, MountTargetId, SecurityGroupId};
use super::network::Peer;
use super::placement::Layout;
use super::spec::{Access, Spec};
use super::tags::{self, Tags};

/// A goal of the loop. Create, re-run, dry run, rollback, mending and delete differ in nothing else.
#[derive(Debug, Clone, PartialEq)]
pub enum Goal {
    /// Everything of this target is there and available.
    Present(Box<Target>),
    /// The security group of this target is there and admits whom it should.
    Group(Box<Target>),
    /// Everything of this removal is gone.
    Absent(Removal),
    /// The file system, whoever made it, is available, and so are all of its mount targets, of which it has at least one.
    Usable,
    /// The file system is gone, whoever deletes it.
    Gone,
}

impl Goal {
    /// The target, where something is made.
    pub fn target(&self) -> Option<&Target> {
        match self {
            Self::Present(target) | Self::Group(target) => Some(target),
            Self::Absent(_) | Self::Usable | Self::Gone => None,
        }
    }
}

/// A file system with all that belongs to it, placed in an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// What was asked for.
    pub spec: Spec,
    /// The run that asks.
    pub run: String,
    /// Where mount targets go.
    pub layout: Layout,
    /// Whose the file system is.
    pub owner: Owner,
    /// Groups that the other mount targets wear, where nobody said which: those that are made wear them too.
    pub worn: Option<BTreeSet<SecurityGroupId>>,
    /// Peers the made group admits, besides itself where [`Target::admits_itself`].
    pub peers: BTreeSet<Peer>,
    /// The made group admits itself.
    pub admits_itself: bool,
    /// NFS rules that are wanted in groups that exist.
    pub rules: BTreeSet<(SecurityGroupId, Peer)>,
    /// The run that is on the file system that was found.
    pub found_run: Option<String>,
    /// What was found is unfinished: this run puts its own name on it, so that a rollback of the run that began
    /// it leaves it alone.
    pub takes_over: bool,
}

/// Whose a file system is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// efsctl's: it is made under the name of the target, and carries our tags with all that belongs to it.
    Efsctl,
    /// Whoever's: it exists, and what is missing is added to it. It is never made anew, and carries no tag that was not asked for.
    Found {
        /// This one.
        id: FileSystemId,
        /// efsctl made it once: mount targets that are added carry our tags as the others do.
        managed: bool,
    },
}

impl Target {
    /// Tags of everything this run makes.
    pub fn tags(&self) -> Tags {
        tags::of(&self.spec.name, &self.run, &self.spec.tags)
    }

    /// Tags the file system has to carry. On what is adopted, the run that made it stays on it, and so does its `Name`.
    pub fn lasting_tags(&self) -> Tags {
        match self.owner {
            Owner::Efsctl => self.our_lasting_tags(),
            Owner::Found { .. } => self.spec.tags.clone(),
        }
    }

    /// Tags the network interface of a mount target has to carry.
    pub fn interface_tags(&self) -> Tags {
        match self.owner {
            Owner::Efsctl | Owner::Found { managed: true, .. } => self.our_lasting_tags(),
            Owner::Found { managed: false, .. } => Tags::new(),
        }
    }

    fn our_lasting_tags(&self) -> Tags {
        let mut tags = self.tags();
        tags.remove(tags::RUN);
        if !self.spec.tags.contains_key("Name") {
            tags.remove("Name");
        }
        tags
    }

    /// The groups that exist and are to be worn; `None` when one is made.
    pub fn given_groups(&self) -> Option<BTreeSet<SecurityGroupId>> {
        match &self.spec.access {
            Access::Groups(groups) => Some(groups.iter().cloned().collect()),
            Access::Default => self.worn.clone(),
            Access::Make(_) => None,
        }
    }

    /// Whether mount targets that exist have to wear the groups too: nobody's are changed unless access was asked for.
    pub fn regroups(&self) -> bool {
        self.worn.is_none() && self.owner == Owner::Efsctl
    }
}

/// What has to go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removal {
    /// This file system.
    pub file_system: Option<FileSystemId>,
    /// Which of its mount targets.
    pub mount_targets: Which,
    /// Its access points too.
    pub access_points: bool,
    /// This security group.
    pub security_group: Option<SecurityGroupId>,
}

/// Which mount targets of a file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// These: the rest belongs to somebody else.
    Only(BTreeSet<MountTargetId>),
}

impl Default for Which {
    fn default() -> Self {
        Self::Only(BTreeSet::new())
    }
}

impl Which {
    /// Whether that one is meant.
    pub fn includes(&self, id: &MountTargetId) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(id),
        }
    }
}
