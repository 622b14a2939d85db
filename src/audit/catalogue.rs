//! All checks, in the order in which they are reported.

use super::check::Check;
use super::checks::{
    anonymous, encryption, exposure, mounts, network, path, points, policy, quotas, settings, tags,
};

/// The catalogue.
pub static CATALOGUE: &[&Check] = &[
    &encryption::AT_REST,
    &encryption::EXPECTED_KEY,
    &encryption::IN_TRANSIT,
    &mounts::FILE_SYSTEM_STATE,
    &mounts::PRESENT,
    &mounts::STATE,
    &mounts::ZONES_OF_CLIENTS,
    &mounts::EXPECTED_PLACEMENT,
    &mounts::SEVERAL_ZONES,
    &mounts::ONE_ZONE_STORAGE,
    &mounts::INTERFACE,
    &path::CLIENTS,
    &network::ADMITTED,
    &network::ACL,
    &network::DNS,
    &network::ENCRYPTION,
    &exposure::WORLD,
    &exposure::DEFAULT_GROUP,
    &exposure::OTHER_PORTS,
    &exposure::PUBLIC_SUBNET,
    &policy::READABLE,
    &policy::GRANTS_MOUNT,
    &policy::PUBLIC,
    &anonymous::ANONYMOUS,
    &anonymous::ANONYMOUS_ROOT,
    &policy::WILDCARDS,
    &policy::FOREIGN_ACCOUNTS,
    &policy::LOCK_OUT,
    &points::ROOT_DIRECTORY,
    &points::USER_IDENTITY,
    &points::STATE,
    &points::TAGS,
    &settings::BACKUPS,
    &settings::LIFECYCLE,
    &settings::ARCHIVE,
    &settings::PERFORMANCE,
    &settings::PROVISIONED,
    &settings::REPLICATION,
    &settings::PROTECTION,
    &quotas::QUOTAS,
    &tags::REQUIRED,
    &tags::ANY,
    &tags::EXPIRED,
    &tags::IDENTITY,
    &tags::ORPHAN,
];

/// The check with that id.
pub fn find(id: &str) -> Option<&'static Check> {
    CATALOGUE.iter().find(|check| check.about.id == id).copied()
}

/// The id that someone may have meant: one that shares a word.
pub fn closest(id: &str) -> Option<&'static str> {
    let words: Vec<&str> = id.split(['-', '_']).filter(|word| word.len() > 2).collect();
    let shared = |other: &str| other.split('-').filter(|word| words.contains(word)).count();
    let ids = CATALOGUE.iter().map(|check| check.about.id);
    ids.max_by_key(|other| shared(other))
        .filter(|other| shared(other) > 0)
}
