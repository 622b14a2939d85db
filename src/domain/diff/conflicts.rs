//! Differences that cannot be changed.

use super::super::access_point::{CreationInfo, PosixUser};
use super::super::goal::{Desired, Owner};
use super::super::ids::Zone;
use super::super::observed::Observed;
use super::super::settings::protection::OverwriteProtection;
use super::super::settings::{Key, Verdict};
use super::super::spec::Encryption;
use super::super::state::{FileSystem, State};
use super::super::tags;
use super::super::word::NOT_REPORTED;
use super::present::{holder, point};

/// What can differ and cannot be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribute {
    /// Whether it is encrypted.
    Encrypted,
    /// Its key.
    KmsKeyId,
    /// Its performance mode.
    PerformanceMode,
    /// The zone of a One Zone file system.
    AvailabilityZone,
    /// The subnet of a mount target.
    SubnetId,
    /// The VPC of the mount targets.
    VpcId,
    /// The directory of an access point.
    AccessPointPath,
    /// Who its requests are made as.
    AccessPointUser,
    /// With what its directory is created.
    AccessPointCreationInfo,
    /// The security group that is to be created.
    SecurityGroupId,
    /// A setting that cannot be made so.
    Setting(Key),
}

impl Attribute {
    /// Its name, as the JSON has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::KmsKeyId => "kms_key_id",
            Self::PerformanceMode => "performance_mode",
            Self::AvailabilityZone => "availability_zone",
            Self::SubnetId => "subnet_id",
            Self::VpcId => "vpc_id",
            Self::AccessPointPath => "access_point_path",
            Self::AccessPointUser => "access_point_user",
            Self::AccessPointCreationInfo => "access_point_creation_info",
            Self::SecurityGroupId => "security_group_id",
            Self::Setting(key) => key.resource(),
        }
    }
}

/// One attribute that cannot be changed and differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The attribute.
    pub attribute: Attribute,
    /// What is asked for.
    pub wanted: String,
    /// What is there.
    pub found: String,
}

/// Everything that cannot be changed and differs: reported before the first write.
pub fn conflicts(desired: &Desired, observed: &Observed) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    let mut compare = |attribute, wanted: &str, found: &str| {
        if wanted != found {
            conflicts.push(Conflict {
                attribute,
                wanted: wanted.to_owned(),
                found: found.to_owned(),
            });
        }
    };
    let spec = &desired.spec;
    let asked = desired.owner == Owner::Efsctl;
    let found = observed.file_system.as_ref();
    let is_copy = found.is_some_and(FileSystem::is_copy);
    // Nothing can be completed in a copy; settings of one that exists are for AWS to refuse, but for its protection.
    if is_copy && asked {
        compare(
            Attribute::Setting(Key::Protection),
            OverwriteProtection::Enabled.as_str(),
            OverwriteProtection::Replicating.as_str(),
        );
    }
    if let Some(found) = found.filter(|fs| asked && !is_going(&fs.state)) {
        let word = |encrypted| match encrypted {
            Some(true) => "true",
            Some(false) => "false",
            None => NOT_REPORTED,
        };
        compare(
            Attribute::Encrypted,
            word(Some(spec.encryption != Encryption::None)),
            word(found.encrypted),
        );
        if let (Encryption::Key(wanted), Some(key)) = (&spec.encryption, &found.kms_key_id)
            && !wanted.may_be(key)
        {
            compare(Attribute::KmsKeyId, wanted.as_str(), key);
        }
        if let Some(wanted) = spec.performance {
            compare(
                Attribute::PerformanceMode,
                wanted.as_str(),
                found.performance.as_str(),
            );
        }
        let zone = |zone: &Option<Zone>| {
            zone.as_ref()
                .map_or("regional".to_owned(), ToString::to_string)
        };
        compare(
            Attribute::AvailabilityZone,
            &zone(&spec.one_zone),
            &zone(&found.one_zone),
        );
    }
    mount_targets(desired, observed, &mut compare);
    access_points(desired, observed, &mut compare);
    for key in spec.settings.asked().filter(|_| !(is_copy && asked)) {
        let verdict = observed
            .setting(key)
            .map(|found| spec.settings.verdict(found));
        if let Some(Verdict::Conflict { wanted, found }) = verdict {
            compare(Attribute::Setting(key), &wanted, &found);
        }
    }
    if desired.makes_group()
        && let Some(group) = &observed.security_group
        && !tags::belongs_to(&group.tags, &spec.name)
    {
        compare(
            Attribute::SecurityGroupId,
            &format!("a new group named {}", group.name),
            &format!("{}, which efsctl did not create", group.id),
        );
    }
    conflicts
}

fn is_going(state: &State) -> bool {
    matches!(state, State::Deleting | State::Deleted)
}

/// A mount target stays in its subnet, and all of them are in one VPC.
fn mount_targets(
    desired: &Desired,
    observed: &Observed,
    compare: &mut impl FnMut(Attribute, &str, &str),
) {
    let Some(network) = &desired.network else {
        return;
    };
    let explicit = network.placement.zones.iter().filter(|one| one.explicit);
    for one in explicit {
        let holder = holder(observed, &one.zone).filter(|mt| !is_going(&mt.state));
        if let Some(holder) = holder {
            let (wanted, found) = (one.subnet.as_str(), holder.subnet.as_str());
            compare(Attribute::SubnetId, wanted, found);
        }
    }
    let vpc = &network.placement.vpc;
    let mut others = observed.mount_targets.iter();
    if let Some(other) = others.find_map(|mt| mt.vpc.as_ref().filter(|other| *other != vpc)) {
        compare(Attribute::VpcId, vpc.as_str(), other.as_str());
    }
}

/// What an access point is cannot be changed, besides its tags.
fn access_points(
    desired: &Desired,
    observed: &Observed,
    compare: &mut impl FnMut(Attribute, &str, &str),
) {
    let spec = &desired.spec;
    for wanted in &spec.access_points {
        let points = observed.access_points.as_deref().unwrap_or_default();
        let found = point(points, &wanted.token(&spec.name)).filter(|point| point.is_staying());
        let Some(found) = found else { continue };
        compare(Attribute::AccessPointPath, &wanted.path, &found.path);
        compare(
            Attribute::AccessPointUser,
            &user(wanted.user.as_ref()),
            &user(found.user.as_ref()),
        );
        if let Some(wanted) = &wanted.creation {
            let found = found.creation.as_ref();
            compare(
                Attribute::AccessPointCreationInfo,
                &creation(Some(wanted)),
                &creation(found),
            );
        }
    }
}

fn user(user: Option<&PosixUser>) -> String {
    let Some(user) = user else {
        return "that of the client".to_owned();
    };
    let more = user.secondary_gids.iter().map(|gid| format!(",{gid}"));
    format!("{}:{}{}", user.uid, user.gid, more.collect::<String>())
}

fn creation(creation: Option<&CreationInfo>) -> String {
    creation.map_or("none".to_owned(), |creation| {
        format!(
            "{}:{} {}",
            creation.owner_uid, creation.owner_gid, creation.permissions
        )
    })
}
