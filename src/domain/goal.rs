//! What should be: the goals of the one loop.

use std::collections::BTreeSet;

use super::access_point::AccessPointSpec;
use super::expiry::Expiry;
use super::ids::{
    AccessPointId, FileSystemId, MountTargetId, SecurityGroupId, SecurityGroupRuleId,
};
use super::network::Peer;
use super::placement::Placement;
use super::resource::ResourceId;
use super::settings::Wish;
use super::spec::{Access, Spec};
use super::tags::{self, Tags};

/// A goal of the loop. Create, re-run, dry run, rollback, fixing and delete differ in nothing else.
#[derive(Debug, Clone, PartialEq)]
pub enum Goal {
    /// Everything of this target is there and available.
    Present(Box<Desired>),
    /// The security group of this target is there and allows whom it should.
    Group(Box<Desired>),
    /// Everything of this removal is gone.
    Absent(Removal),
    /// The file system, whoever made it, is available, and so are all of its mount targets, of which it has at least one.
    Usable,
    /// The file system is deleted, whoever deletes it.
    Gone,
}

impl Goal {
    /// Whether another run may still delete access points of the target: it began what this one takes over.
    pub fn may_lose_access_points(&self) -> bool {
        let desired = self.desired();
        desired.is_some_and(|desired| desired.takes_over && !desired.spec.access_points.is_empty())
    }

    /// The target, where something is made.
    pub fn desired(&self) -> Option<&Desired> {
        match self {
            Self::Present(desired) | Self::Group(desired) => Some(desired),
            Self::Absent(_) | Self::Usable | Self::Gone => None,
        }
    }
}

/// A file system with all that belongs to it, placed in an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Desired {
    /// What was asked for.
    pub spec: Spec,
    /// The run that asks.
    pub run: String,
    /// Whose the file system is.
    pub owner: Owner,
    /// Its mount targets and their security group; `None`: they are left as they are.
    pub network: Option<Network>,
    /// NFS rules that are wanted in groups that exist.
    pub rules: BTreeSet<(SecurityGroupId, Peer)>,
    /// What it must not have.
    pub unwanted: Unwanted,
    /// A setting that is on its way is waited for; otherwise AWS is left to finish it.
    pub until_settled: bool,
    /// The run that is on the file system that was found.
    pub found_run: Option<String>,
    /// What was found is unfinished: this run puts its own name on it, so that a rollback of the run that began
    /// it leaves it alone.
    pub takes_over: bool,
}

/// What a file system must not have, whoever gave it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unwanted {
    /// Keys of its tags.
    pub tags: BTreeSet<String>,
    /// Access points.
    pub access_points: BTreeSet<AccessPointId>,
    /// Mount targets.
    pub mount_targets: BTreeSet<MountTargetId>,
    /// NFS rules of the security group that efsctl created for it.
    pub rules: BTreeSet<UnwantedRule>,
}

/// An NFS rule that a security group must not have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnwantedRule {
    /// Of this group.
    pub group: SecurityGroupId,
    /// Its id.
    pub id: SecurityGroupRuleId,
    /// Whom it allows.
    pub peer: Peer,
}

/// The mount targets of a file system, and who may reach them.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Where mount targets go.
    pub placement: Placement,
    /// Groups that the other mount targets have, where no one said which: those that are made have them too. Empty: there are others,
    /// and it is not known what they have.
    pub inherited_groups: Option<BTreeSet<SecurityGroupId>>,
    /// Peers the made group allows, besides itself where [`Network::self_referencing`].
    pub peers: BTreeSet<Peer>,
    /// The made group allows itself.
    pub self_referencing: bool,
}

/// Whose a file system is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// efsctl's: it is made under the name of the target, and carries our tags with all that belongs to it.
    Efsctl,
    /// Of any origin: it exists, and what is missing is added to it. It is never recreated, and carries no tag that was not asked for.
    Found {
        /// This one.
        id: FileSystemId,
        /// efsctl created it once: mount targets that are added carry our tags as the others do.
        managed: bool,
    },
}

impl Desired {
    /// Tags of everything this run makes.
    pub fn tags(&self) -> Tags {
        tags::of(&self.spec.name, &self.run, &self.spec.tags)
    }

    /// Tags of the file system that this run creates.
    pub fn file_system_tags(&self) -> Tags {
        let mut tags = self.tags();
        tags.extend(self.expiry_tag(None));
        tags
    }

    /// Tags that this file system has to carry. On what is adopted, the run that made it stays on it, and so does its `Name`.
    pub fn lasting_tags(&self, found: &Tags) -> Tags {
        let mut tags = match self.owner {
            Owner::Efsctl => self.our_lasting_tags(),
            Owner::Found { .. } => self.spec.tags.clone(),
        };
        tags.extend(self.expiry_tag(Some(found)));
        tags
    }

    /// Tags that this file system must not carry.
    pub fn unwanted_tags(&self) -> impl Iterator<Item = &str> {
        let expiry = (self.spec.expires == Wish::Clear).then_some(tags::EXPIRES);
        self.unwanted.tags.iter().map(String::as_str).chain(expiry)
    }

    /// When it ends. A duration counts from the creation, or from a request for it on what has no end.
    fn expiry_tag(&self, found: Option<&Tags>) -> Option<(String, String)> {
        let expiry = self.spec.expires.value()?;
        let stays = expiry.is_relative && self.owner == Owner::Efsctl;
        let has_one = found.is_some_and(|tags| Expiry::of(tags).is_some());
        (!(stays && has_one)).then(|| (tags::EXPIRES.to_owned(), expiry.to_string()))
    }

    /// Tags the network interface of a mount target has to carry.
    pub fn interface_tags(&self) -> Tags {
        match self.owner {
            Owner::Efsctl | Owner::Found { managed: true, .. } => self.our_lasting_tags(),
            Owner::Found { managed: false, .. } => Tags::new(),
        }
    }

    /// Tags of an access point this run makes: its `Name` is its own.
    pub fn access_point_tags(&self, point: &AccessPointSpec) -> Tags {
        let mut tags = self.tags();
        tags.insert("Name".to_owned(), point.name.to_string());
        tags
    }

    fn our_lasting_tags(&self) -> Tags {
        let mut tags = self.tags();
        tags.remove(tags::RUN);
        if !self.spec.tags.contains_key("Name") {
            tags.remove("Name");
        }
        tags
    }

    /// The groups that exist and are to be attached; `None` when one is made.
    pub fn given_groups(&self, network: &Network) -> Option<BTreeSet<SecurityGroupId>> {
        match &self.spec.access {
            Access::Groups(groups) => Some(groups.iter().cloned().collect()),
            Access::Default => network.inherited_groups.clone(),
            Access::Make(_) => None,
        }
    }

    /// Whether a security group is created.
    pub fn makes_group(&self) -> bool {
        let network = self.network.as_ref();
        network.is_some_and(|network| self.given_groups(network).is_none())
    }

    /// Whether mount targets that exist need the groups too: no one's are changed unless access was asked for.
    pub fn regroups(&self, network: &Network) -> bool {
        network.inherited_groups.is_none() && self.owner == Owner::Efsctl
    }
}

/// What has to go. What else is there belongs to others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removal(BTreeSet<ResourceId>);

impl Removal {
    /// Whether that one has to go.
    pub fn has(&self, id: impl Into<ResourceId>) -> bool {
        self.0.contains(&id.into())
    }

    /// The file system that has to go, if one has.
    pub fn file_system(&self) -> Option<&FileSystemId> {
        self.0.iter().find_map(|id| match id {
            ResourceId::FileSystem(id) => Some(id),
            _ => None,
        })
    }

    /// All of it, by kind.
    pub fn iter(&self) -> impl Iterator<Item = &ResourceId> {
        self.0.iter()
    }
}

impl FromIterator<ResourceId> for Removal {
    fn from_iter<I: IntoIterator<Item = ResourceId>>(ids: I) -> Self {
        Self(ids.into_iter().collect())
    }
}
