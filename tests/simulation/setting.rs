//! What is asked for, in which account, and whether the account is as asked.

use std::collections::BTreeSet;

use efsctl::domain::access_point::AccessPointSpec;
use efsctl::domain::settings::lifecycle::Transitions;
use efsctl::domain::settings::policy::{Content, ObservedPolicy, Preset};
use efsctl::domain::settings::replication::ReplicateArg;
use efsctl::domain::settings::{On, Protection, Throughput, Wish, Wishes};
use efsctl::domain::spec::{Access, Spec};
use efsctl::sandbox::world::{Region, World, scenario};

/// Which file system is asked for, and in which account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    OneAz,
    ThreeAzs,
    SixAzs,
    OneZone,
    GivenGroup,
    /// Two access points and every setting, in one zone.
    Furnished,
    /// A copy in another region. What is replicated cannot be deleted.
    Replicated,
}

pub const SHAPES: [Shape; 7] = [
    Shape::ThreeAzs,
    Shape::OneAz,
    Shape::SixAzs,
    Shape::OneZone,
    Shape::GivenGroup,
    Shape::Furnished,
    Shape::Replicated,
];

/// The group that [`Shape::GivenGroup`] adopts.
const GIVEN: &str = "sg-0c1e2f3a4b5c6d7e8";

/// Where the copy of [`Shape::Replicated`] is.
const COPY: &str = "eu-west-2";

/// The policy of [`Shape::Furnished`].
fn policy() -> BTreeSet<Preset> {
    BTreeSet::from([Preset::EnforceTls, Preset::DenyRoot])
}

impl Shape {
    pub fn region(self) -> &'static str {
        if self == Self::SixAzs {
            "us-east-1"
        } else {
            "eu-west-1"
        }
    }

    pub fn spec(self) -> Spec {
        let mut asked = Spec::new("demo".parse().unwrap());
        match self {
            Self::ThreeAzs => {}
            Self::OneAz => asked.placement.zones = vec!["eu-west-1a".parse().unwrap()],
            Self::Replicated => {
                asked.placement.zones = vec!["eu-west-1a".parse().unwrap()];
                let Ok(ReplicateArg::To(target)) = COPY.parse() else {
                    unreachable!("it is a region");
                };
                asked.settings.replication = Wish::Set(target);
            }
            Self::OneZone => asked.one_zone = Some("eu-west-1b".parse().unwrap()),
            Self::Furnished => {
                asked.placement.zones = vec!["eu-west-1a".parse().unwrap()];
                asked.access_points = vec![
                    AccessPointSpec::new("app".parse().unwrap(), "/app"),
                    AccessPointSpec::new("logs".parse().unwrap(), "/logs"),
                ];
                asked.settings = Wishes {
                    throughput: Wish::Set(Throughput::Elastic),
                    lifecycle: Transitions {
                        to_ia: "30d".parse().ok().into(),
                        to_archive: "90d".parse().ok().into(),
                        to_primary: Wish::Set(On),
                    },
                    backups: Wish::Set(On),
                    protection: Wish::Set(Protection::Off),
                    policy: Wish::Set(Content::Presets(policy()).into()),
                    ..Wishes::default()
                };
            }
            Self::SixAzs => asked.placement.vpc = Some("vpc-00000000000000006".parse().unwrap()),
            Self::GivenGroup => {
                asked.access = Access::Groups(vec![GIVEN.parse().unwrap()]);
                asked.placement.vpc = Some("vpc-0a1b2c3d4e5f60718".parse().unwrap());
            }
        }
        asked
    }

    fn mount_targets(self) -> usize {
        match self {
            Self::OneAz | Self::OneZone | Self::Furnished | Self::Replicated => 1,
            Self::ThreeAzs | Self::GivenGroup => 3,
            Self::SixAzs => 6,
        }
    }

    pub fn world(self) -> World {
        match self {
            Self::OneAz | Self::ThreeAzs | Self::OneZone | Self::Furnished | Self::Replicated => {
                World::default()
            }
            Self::GivenGroup => {
                let text = include_str!("../../fixtures/worlds/three-zones.toml");
                scenario::parse(text, 0).unwrap()
            }
            Self::SixAzs => {
                let mut text = String::from(
                    "[[region]]\nname = \"us-east-1\"\ndefault_vpc = false\n[[region.vpc]]\nid = \"vpc-00000000000000006\"\ncidr = \"10.0.0.0/16\"\ndns_hostnames = true\n",
                );
                for (n, zone) in ('a'..='f').enumerate() {
                    text += &format!(
                        "[[region.vpc.subnet]]\nzone = \"us-east-1{zone}\"\ncidr = \"10.0.{n}.0/24\"\n"
                    );
                }
                scenario::parse(&text, 0).unwrap()
            }
        }
    }

    /// What is wrong with the account as the answer to a create that succeeded.
    pub fn flaw(self, region: &Region) -> Option<String> {
        let ours: Vec<_> = region
            .file_systems
            .values()
            .filter(|fs| fs.creation_token == "efsctl:demo")
            .collect();
        let [fs] = ours.as_slice() else {
            return Some(format!("{} file systems", ours.len()));
        };
        if fs.life.at(region.now) != "available" || !fs.encrypted {
            return Some(format!("file system {}", fs.life.at(region.now)));
        }
        if self == Self::Furnished
            && let Some(flaw) = unfurnished(region, &fs.id)
        {
            return Some(flaw);
        }
        if self == Self::Replicated
            && fs.replication.as_ref().map(|to| to.region.as_str()) != Some(COPY)
        {
            return Some(format!("replication {:?}", fs.replication));
        }
        let mounts: Vec<_> = region
            .mount_targets
            .values()
            .filter(|mt| mt.file_system_id == fs.id)
            .collect();
        if mounts.len() != self.mount_targets()
            || mounts
                .iter()
                .any(|mt| mt.life.at(region.now) != "available")
        {
            return Some(format!("{} mount targets", mounts.len()));
        }
        let groups: Vec<_> = region
            .security_groups
            .values()
            .filter(|g| g.tags.contains_key("efsctl:managed-by"))
            .collect();
        let wanted = usize::from(self != Self::GivenGroup);
        if groups.len() != wanted {
            return Some(format!("{} groups", groups.len()));
        }
        let group = groups.first().map_or(GIVEN, |group| group.id.as_str());
        if groups
            .iter()
            .any(|group| group.rules.iter().filter(|rule| !rule.is_egress).count() != 1)
        {
            return Some("not one rule".to_owned());
        }
        mounts.into_iter().find_map(|mt| {
            let eni = &region.network_interfaces[&mt.network_interface_id];
            let is_attached = eni.groups.iter().any(|attached| attached == group);
            (!is_attached).then(|| format!("{} wears {:?}", mt.id, eni.groups))
        })
    }
}

/// What is missing of the access points and settings of [`Shape::Furnished`].
fn unfurnished(region: &Region, id: &str) -> Option<String> {
    let fs = &region.file_systems[id];
    let points: Vec<_> = region
        .access_points
        .values()
        .filter(|point| point.file_system_id == *id)
        .map(|point| (point.client_token.as_str(), point.path.as_str()))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    if points != [("efsctl:demo/app", "/app"), ("efsctl:demo/logs", "/logs")] {
        return Some(format!("access points {points:?}"));
    }
    let settings = (
        fs.throughput_mode.as_str(),
        fs.lifecycle.len(),
        fs.backup.as_deref(),
        fs.replication_overwrite_protection.as_str(),
    );
    if settings != ("elastic", 3, Some("ENABLED"), "DISABLED") {
        return Some(format!("settings {settings:?}"));
    }
    let found = ObservedPolicy::read(fs.policy.as_deref(), &id.parse().unwrap());
    (found.presets() != Some(policy())).then(|| format!("policy {:?}", fs.policy))
}

/// Ids of everything that could be made or lost.
pub fn ids(region: &Region) -> BTreeSet<String> {
    let file_systems = region.file_systems.keys();
    let mount_targets = region.mount_targets.keys();
    file_systems
        .chain(mount_targets)
        .chain(region.security_groups.keys())
        .chain(region.access_points.keys())
        .cloned()
        .collect()
}

/// File systems and groups that carry efsctl's tag.
pub fn ours(region: &Region) -> usize {
    let file_systems = region.file_systems.values().map(|fs| &fs.tags);
    let groups = region.security_groups.values().map(|group| &group.tags);
    let points = region.access_points.values().map(|point| &point.tags);
    file_systems
        .chain(groups)
        .chain(points)
        .filter(|tags| tags.contains_key("efsctl:managed-by"))
        .count()
}
