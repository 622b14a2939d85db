//! Differences that cannot be changed.

use super::super::access_point::{CreationInfo, PosixUser};
use super::super::goal::{Desired, Owner};
use super::super::ids::Zone;
use super::super::observed::Observed;
use super::super::settings::Verdict;
use super::super::settings::protection::OverwriteProtection;
use super::super::spec::Encryption;
use super::super::state::{FileSystem, State};
use super::super::tags;
use super::super::word::NOT_REPORTED;
use super::present::{holder, point};

/// One attribute that cannot be changed and differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The attribute, as the JSON names it.
    pub field: &'static str,
    /// What is asked for.
    pub wanted: String,
    /// What is there.
    pub found: String,
}

/// Everything that cannot be changed and differs: reported before the first write.
pub fn conflicts(desired: &Desired, observed: &Observed) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    let mut compare = |field, wanted: &str, found: &str| {
        if wanted != found {
            conflicts.push(Conflict {
                field,
                wanted: wanted.to_owned(),
                found: found.to_owned(),
            });
        }
    };
    let spec = &desired.spec;
    let going = |state: &State| matches!(state, State::Deleting | State::Deleted);
    let asked = desired.owner == Owner::Efsctl;
    let found = observed.file_system.as_ref();
    let is_copy = found.is_some_and(FileSystem::is_copy);
    if is_copy {
        compare(
            "replication_overwrite_protection",
            OverwriteProtection::Enabled.as_str(),
            OverwriteProtection::Replicating.as_str(),
        );
    }
    if let Some(found) = found.filter(|fs| asked && !going(&fs.state)) {
        let word = |encrypted| match encrypted {
            Some(true) => "true",
            Some(false) => "false",
            None => NOT_REPORTED,
        };
        compare(
            "encrypted",
            word(Some(spec.encryption != Encryption::None)),
            word(found.encrypted),
        );
        if let (Encryption::Key(wanted), Some(key)) = (&spec.encryption, &found.kms_key_id)
            && !wanted.may_be(key)
        {
            compare("kms_key_id", wanted.as_str(), key);
        }
        if let Some(wanted) = spec.performance {
            compare(
                "performance_mode",
                wanted.as_str(),
                found.performance.as_str(),
            );
        }
        let zone = |zone: &Option<Zone>| {
            zone.as_ref()
                .map_or("regional".to_owned(), ToString::to_string)
        };
        compare(
            "availability_zone",
            &zone(&spec.one_zone),
            &zone(&found.one_zone),
        );
        let placement = desired.network.as_ref().map(|network| &network.placement);
        for one in placement.iter().flat_map(|placement| &placement.zones) {
            let Some(holder) = holder(observed, &one.zone).filter(|mt| !going(&mt.state)) else {
                continue;
            };
            if one.explicit {
                compare("subnet_id", one.subnet.as_str(), holder.subnet.as_str());
            }
        }
        if let Some(placement) = placement
            && let Some(other) = observed
                .mount_targets
                .iter()
                .find_map(|mt| mt.vpc.as_ref().filter(|vpc| **vpc != placement.vpc))
        {
            compare("vpc_id", placement.vpc.as_str(), other.as_str());
        }
    }
    access_points(desired, observed, &mut compare);
    // Of a copy none of them can be set.
    for key in spec.settings.asked().filter(|_| !is_copy) {
        let verdict = observed
            .setting(key)
            .map(|found| spec.settings.verdict(found));
        if let Some(Verdict::Conflict { wanted, found }) = verdict {
            compare(key.resource(), &wanted, &found);
        }
    }
    if desired.makes_group()
        && let Some(group) = &observed.security_group
        && !tags::belongs_to(&group.tags, &spec.name)
    {
        compare(
            "security_group_id",
            &format!("a new group named {}", group.name),
            &format!("{}, which efsctl did not create", group.id),
        );
    }
    conflicts
}

/// What an access point is cannot be changed, besides its tags.
fn access_points(
    desired: &Desired,
    observed: &Observed,
    compare: &mut impl FnMut(&'static str, &str, &str),
) {
    let spec = &desired.spec;
    for wanted in &spec.access_points {
        let points = observed.access_points.as_deref().unwrap_or_default();
        let found = point(points, &wanted.token(&spec.name)).filter(|point| point.is_staying());
        let Some(found) = found else { continue };
        compare("access_point_path", &wanted.path, &found.path);
        compare(
            "access_point_user",
            &user(wanted.user.as_ref()),
            &user(found.user.as_ref()),
        );
        if let Some(wanted) = &wanted.creation {
            let found = found.creation.as_ref();
            compare(
                "access_point_creation_info",
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
