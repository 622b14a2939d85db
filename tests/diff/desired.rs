//! What is desired: builders of goals. With [`super::observed`] and [`super::render`], all that the tables know of the types.

use std::collections::BTreeSet;

use efsctl::domain::access_point::AccessPointSpec;
use efsctl::domain::expiry::Expiry;
use efsctl::domain::goal::{self, Desired, Goal, Network, Owner, UnwantedRule};
use efsctl::domain::ids::{
    AccessPointId, FileSystemId, MountTargetId, SecurityGroupId, SecurityGroupRuleId, SubnetId,
    VpcId, Zone,
};
use efsctl::domain::network::Peer;
use efsctl::domain::placement::{Placement, ZonePlacement};
use efsctl::domain::resource::ResourceId;
use efsctl::domain::settings::lifecycle::Transitions;
use efsctl::domain::settings::policy::{Content, Document};
use efsctl::domain::settings::replication::ReplicateArg;
use efsctl::domain::settings::{On, Protection, Wish, Wishes};
use efsctl::domain::spec::{Access, Encryption, Spec};
use efsctl::domain::tags::Tags;
use efsctl::domain::word::Spelled;

use super::observed::{FILE_SYSTEM, VPC};

/// The run that asks.
pub const RUN: &str = "this-run";

/// The policy of these statements.
pub fn document(statements: &[&str]) -> Document {
    let statements = statements.join(",");
    Document::parse(&format!(
        r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#
    ))
    .unwrap()
}

/// The zone with that letter: `eu-west-1a`.
pub fn zone(letter: char) -> Zone {
    Zone::from_aws(format!("eu-west-1{letter}"))
}

/// The subnet of the zone with that letter: `subnet-a`.
pub fn subnet(letter: char) -> SubnetId {
    SubnetId::from_aws(format!("subnet-{letter}"))
}

/// Who is allowed: `sg-…`, `pl-…`, a range, or somebody this version cannot read.
pub fn peer(text: &str) -> Peer {
    match text {
        group if group.starts_with("sg-") => Peer::Group(SecurityGroupId::from_aws(group)),
        list if list.starts_with("pl-") => Peer::PrefixList(list.to_owned()),
        other => other
            .parse()
            .map_or(Peer::Other(other.to_owned()), Peer::Range),
    }
}

/// A set of groups: `sg-one sg-two`.
pub fn groups(ids: &str) -> BTreeSet<SecurityGroupId> {
    ids.split_whitespace()
        .map(SecurityGroupId::from_aws)
        .collect()
}

/// A deployment that should be there.
#[derive(Clone)]
pub struct DesiredBuilder(Desired);

/// What `efsctl create data` asks for, in a VPC of one zone: a file system, a mount target in zone a, and a group that is made and
/// allows itself.
pub fn desired() -> DesiredBuilder {
    let desired = Desired {
        spec: Spec::new("data".parse().unwrap()),
        run: RUN.to_owned(),
        owner: Owner::Efsctl,
        network: Some(Network {
            placement: Placement {
                vpc: VpcId::from_aws(VPC),
                zones: Vec::new(),
                notes: Vec::new(),
            },
            inherited_groups: None,
            peers: BTreeSet::new(),
            self_referencing: true,
        }),
        rules: BTreeSet::new(),
        unwanted: goal::Unwanted::default(),
        until_settled: false,
        found_run: None,
        takes_over: false,
    };
    DesiredBuilder(desired).zones("a")
}

impl DesiredBuilder {
    fn with(mut self, change: impl FnOnce(&mut Desired)) -> Self {
        change(&mut self.0);
        self
    }

    fn network(self, change: impl FnOnce(&mut Network)) -> Self {
        self.with(|desired| change(desired.network.as_mut().expect("a network")))
    }

    /// The mount targets are left as they are: only settings and tags.
    pub fn without_network(self) -> Self {
        self.with(|desired| desired.network = None)
    }

    /// The deployment, as the library has it.
    pub fn desired(&self) -> &Desired {
        &self.0
    }

    /// A mount target in the subnet of each of these zones: `abc`.
    pub fn zones(self, letters: &str) -> Self {
        self.network(|network| {
            network.placement.zones = letters
                .chars()
                .map(|letter| ZonePlacement {
                    zone: zone(letter),
                    subnet: subnet(letter),
                    free_addresses: 100,
                    explicit: false,
                    others: 0,
                })
                .collect();
        })
    }

    /// `--subnet`: these very subnets.
    pub fn in_these_subnets(self) -> Self {
        self.network(|network| {
            for one in &mut network.placement.zones {
                one.explicit = true;
            }
        })
    }

    /// `--one-zone`.
    pub fn one_zone(self, letter: char) -> Self {
        self.with(|desired| desired.spec.one_zone = Some(zone(letter)))
    }

    /// `--no-encryption`.
    pub fn unencrypted(self) -> Self {
        self.with(|desired| desired.spec.encryption = Encryption::None)
    }

    /// `--kms-key`.
    pub fn key(self, key: &str) -> Self {
        self.with(|desired| desired.spec.encryption = Encryption::Key(key.parse().unwrap()))
    }

    /// `--performance`, in the word of the API.
    pub fn performance(self, word: &str) -> Self {
        self.with(|desired| desired.spec.performance = Some(Spelled::from_api(word).unwrap()))
    }

    /// `--throughput`.
    pub fn throughput(self, text: &str) -> Self {
        self.with(|desired| desired.spec.settings.throughput = Wish::Set(text.parse().unwrap()))
    }

    /// `--transition-to-ia`.
    pub fn ia(self, days: &str) -> Self {
        self.with(|desired| {
            desired.spec.settings.lifecycle.to_ia = Wish::Set(days.parse().unwrap())
        })
    }

    /// `--transition-to-archive`.
    pub fn archive(self, days: &str) -> Self {
        let days = Wish::Set(days.parse().unwrap());
        self.with(|desired| desired.spec.settings.lifecycle.to_archive = days)
    }

    /// `--transition-to-primary`.
    pub fn primary(self) -> Self {
        self.with(|desired| desired.spec.settings.lifecycle.to_primary = Wish::Set(On))
    }

    /// None of the settings: off, or AWS's default.
    pub fn clear_settings(self) -> Self {
        self.with(|desired| {
            desired.spec.settings = Wishes {
                throughput: Wish::Clear,
                lifecycle: Transitions {
                    to_ia: Wish::Clear,
                    to_archive: Wish::Clear,
                    to_primary: Wish::Clear,
                },
                backups: Wish::Clear,
                protection: Wish::Clear,
                policy: Wish::Clear,
                replication: Wish::Clear,
            };
        })
    }

    /// `--replicate-to`, of a region or an ARN.
    pub fn replicate_to(self, text: &str) -> Self {
        let Ok(ReplicateArg::To(target)) = text.parse() else {
            panic!("{text} is a place for a copy");
        };
        self.with(|desired| desired.spec.settings.replication = Wish::Set(target))
    }

    /// `--replicate-to none`.
    pub fn replicate_nowhere(self) -> Self {
        self.with(|desired| desired.spec.settings.replication = Wish::Clear)
    }

    /// Whether a replication may overwrite it.
    pub fn protection(self, to: Protection) -> Self {
        self.with(|desired| desired.spec.settings.protection = Wish::Set(to))
    }

    /// Presets of the file system policy.
    pub fn presets(self, words: &str) -> Self {
        let presets = words.split(' ').map(|word| word.parse().unwrap());
        let wanted = Content::Presets(presets.collect()).into();
        self.with(|desired| desired.spec.settings.policy = Wish::Set(wanted))
    }

    /// A whole file system policy.
    pub fn policy(self, statements: &[&str]) -> Self {
        let wanted = Content::Document(document(statements)).into();
        self.with(|desired| desired.spec.settings.policy = Wish::Set(wanted))
    }

    /// `--backup`.
    pub fn backup(self) -> Self {
        self.with(|desired| desired.spec.settings.backups = Wish::Set(On))
    }

    /// An access point to that directory.
    pub fn access_point(self, name: &str, path: &str) -> Self {
        let point = AccessPointSpec::new(name.parse().unwrap(), path);
        self.with(|desired| desired.spec.access_points.push(point))
    }

    /// An access point as `--access-point` writes it.
    pub fn access_point_as(self, text: &str) -> Self {
        let point: AccessPointSpec = text.parse().unwrap();
        self.with(|desired| desired.spec.access_points.push(point))
    }

    /// `--tag`.
    pub fn tag(self, key: &str, value: &str) -> Self {
        self.with(|desired| {
            let tags: &mut Tags = &mut desired.spec.tags;
            tags.insert(key.to_owned(), value.to_owned());
        })
    }

    /// `--untag`.
    pub fn untag(self, key: &str) -> Self {
        self.with(|desired| {
            desired.unwanted.tags.insert(key.to_owned());
        })
    }

    /// `--remove-access-point`, by the number of its id.
    pub fn without_access_point(self, number: char) -> Self {
        self.with(|desired| {
            let id = AccessPointId::from_aws(format!("fsap-{number}"));
            desired.unwanted.access_points.insert(id);
        })
    }

    /// `--expires`: at that time in seconds, perhaps given as a duration.
    pub fn expires(self, at: i64, is_relative: bool) -> Self {
        let expiry = Expiry { at, is_relative };
        self.with(|desired| desired.spec.expires = Wish::Set(expiry))
    }

    /// `--expires never`.
    pub fn never_expires(self) -> Self {
        self.with(|desired| desired.spec.expires = Wish::Clear)
    }

    /// `efsctl set`: what AWS is not done with is waited for.
    pub fn until_settled(self) -> Self {
        self.with(|desired| desired.until_settled = true)
    }

    /// `--security-group`: mount targets have these, and none is made.
    pub fn given_groups(self, ids: &str) -> Self {
        self.with(|desired| desired.spec.access = Access::Groups(groups(ids).into_iter().collect()))
            .network(|network| network.self_referencing = false)
    }

    /// `--allow-from`: the group that is made allows these and nobody else.
    pub fn allow_from(self, peers: &str) -> Self {
        self.with(|desired| desired.spec.access = Access::Make(Vec::new()))
            .network(|network| {
                network.peers = peers.split_whitespace().map(peer).collect();
                network.self_referencing = false;
            })
    }

    /// Nobody said which groups: new mount targets have those that the others have.
    pub fn groups_of_the_others(self, ids: &str) -> Self {
        self.network(|network| network.inherited_groups = Some(groups(ids)))
    }

    /// A group that exists should allow somebody.
    pub fn rule(self, group: &str, from: &str) -> Self {
        self.with(|desired| {
            let rule = (SecurityGroupId::from_aws(group), peer(from));
            desired.rules.insert(rule);
        })
    }

    /// `--remove-allow-from`: the rule with that id of a group that exists.
    pub fn without_rule(self, group: &str, from: &str) -> Self {
        self.with(|desired| {
            let rule = UnwantedRule {
                group: SecurityGroupId::from_aws(group),
                id: SecurityGroupRuleId::from_aws("sgr-one"),
                peer: peer(from),
            };
            desired.unwanted.rules.insert(rule);
        })
    }

    /// `--remove-az`: the mount target of that zone.
    pub fn without_mount_target(self, letter: char) -> Self {
        self.with(|desired| {
            let id = MountTargetId::from_aws(format!("fsmt-{letter}"));
            desired.unwanted.mount_targets.insert(id);
        })
    }

    /// The file system was left unfinished by another run.
    pub fn takes_over(self) -> Self {
        self.with(|desired| desired.takes_over = true)
    }

    /// What `validate --fix` asks for: a file system that exists, whoever made it, with groups that its mount targets have.
    pub fn found(self) -> Self {
        self.owner(false)
    }

    /// The same, of a file system that efsctl made once.
    pub fn found_of_efsctl(self) -> Self {
        self.owner(true)
    }

    fn owner(self, managed: bool) -> Self {
        let id = FileSystemId::from_aws(FILE_SYSTEM);
        let found = self.with(|desired| desired.owner = Owner::Found { id, managed });
        found.groups_of_the_others("sg-made")
    }

    /// Only its security group.
    pub fn only_the_group(self) -> Goal {
        Goal::Group(Box::new(self.0))
    }
}

impl From<DesiredBuilder> for Goal {
    fn from(desired: DesiredBuilder) -> Self {
        Self::Present(Box::new(desired.0))
    }
}

/// What should be gone.
#[derive(Clone, Default)]
pub struct Unwanted(Vec<ResourceId>);

/// Nothing yet: each method adds something that should be gone.
pub fn unwanted() -> Unwanted {
    Unwanted::default()
}

/// What `efsctl delete data` removes: all of it.
pub fn unwanted_all() -> Unwanted {
    unwanted()
        .file_system()
        .mount_targets("abc")
        .access_points("12")
        .group("sg-made")
}

impl Unwanted {
    /// The file system.
    pub fn file_system(mut self) -> Self {
        self.0.push((&FileSystemId::from_aws(FILE_SYSTEM)).into());
        self
    }

    /// These of its mount targets, by the letters of their zones.
    pub fn mount_targets(mut self, letters: &str) -> Self {
        let ids = letters
            .chars()
            .map(|letter| (&MountTargetId::from_aws(format!("fsmt-{letter}"))).into());
        self.0.extend(ids);
        self
    }

    /// These of its access points, by their numbers.
    pub fn access_points(mut self, numbers: &str) -> Self {
        let ids = numbers
            .chars()
            .map(|number| (&AccessPointId::from_aws(format!("fsap-{number}"))).into());
        self.0.extend(ids);
        self
    }

    /// That security group.
    pub fn group(mut self, id: &str) -> Self {
        self.0.push((&SecurityGroupId::from_aws(id)).into());
        self
    }
}

impl From<Unwanted> for Goal {
    fn from(unwanted: Unwanted) -> Self {
        Self::Absent(unwanted.0.into_iter().collect())
    }
}

/// What `efsctl wait` waits for.
pub fn usable() -> Goal {
    Goal::Usable
}

/// What `efsctl wait --deleted` waits for.
pub fn gone() -> Goal {
    Goal::Gone
}
