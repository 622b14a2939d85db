//! The keys of a manifest: one list, from which a file is read and its JSON Schema is made.

use super::draft::Draft;
use super::node::{Member, Mistake, Value};
use super::value;
use crate::domain::keyword::Keyword;
use crate::domain::settings::lifecycle::transition;
use crate::domain::settings::policy::{PolicyArg, Preset};
use crate::domain::settings::{On, Protection, Wish};
use crate::domain::spec::{IpType, PerformanceMode};
use crate::domain::tags;

/// A key.
pub(super) struct Key {
    pub(super) name: &'static str,
    /// It decides how a file system is created: not beside `id`.
    pub(super) is_of_creation: bool,
    pub(super) shape: Shape,
    pub(super) about: &'static str,
    read: fn(&mut Draft, &Member) -> Result<(), Mistake>,
}

/// What its value looks like.
pub(super) enum Shape {
    Text,
    Texts,
    Words(fn() -> Vec<&'static str>),
    Flag,
    Switch,
    Whole(u16),
    Tags,
}

fn words<T: Keyword>() -> Vec<&'static str> {
    T::KEYWORDS.iter().map(|(_, word, _)| *word).collect()
}

/// The most rules that the quota of a security group can be raised to (VPC user guide, "Amazon VPC quotas").
const RULES: u16 = 1000;

macro_rules! keys {
    ($($name:ident: $creation:ident, $shape:expr, $about:literal, |$draft:ident, $member:ident| $read:expr;)+) => {
        /// All of them, in the order of the help of `create`.
        pub(super) const KEYS: &[Key] = &[$(Key {
            name: stringify!($name),
            is_of_creation: $creation,
            shape: $shape,
            about: $about,
            read: |$draft, $member| {
                $read;
                Ok(())
            },
        },)+];
    };
}

const CREATION: bool = true;
const SETTING: bool = false;

keys! {
    vpc: CREATION, Shape::Text, "VPC of the mount targets; default: the default VPC",
        |draft, m| draft.vpc = Some(value::parsed(m, &m.node)?);
    subnet: CREATION, Shape::Texts, "Subnets of the mount targets, one per zone",
        |draft, m| draft.subnet = value::several(m)?;
    az: CREATION, Shape::Texts, "Create mount targets only in these zones",
        |draft, m| draft.az = value::several(m)?;
    security_group: CREATION, Shape::Texts, "Existing security groups to attach to the mount targets; default: create one",
        |draft, m| draft.security_group = value::several(m)?;
    allow_from: CREATION, Shape::Texts, "Who may connect through the created group: a security group, an address range, a managed prefix list, or vpc",
        |draft, m| draft.allow_from = value::several(m)?;
    open_to_the_world: CREATION, Shape::Flag, "Allow sources that open NFS to the Internet",
        |draft, m| draft.open_to_the_world = value::flag(m)?;
    rules_per_group: CREATION, Shape::Whole(RULES), "Inbound rules per security group, if the quota of this account was raised",
        |draft, m| draft.rules_per_group = Some(value::whole(m, RULES)?);
    ip_type: CREATION, Shape::Words(words::<IpType>), "IP address type of the mount targets",
        |draft, m| draft.ip_type = value::keyword(m)?;
    kms_key: CREATION, Shape::Text, "KMS key: id, ARN or alias; default: the key that AWS manages for EFS",
        |draft, m| draft.kms_key = Some(value::parsed(m, &m.node)?);
    unencrypted: CREATION, Shape::Flag, "Do not encrypt at rest; cannot be changed later",
        |draft, m| draft.unencrypted = value::flag(m)?;
    performance: CREATION, Shape::Words(words::<PerformanceMode>), "Performance mode",
        |draft, m| draft.performance = Some(value::keyword(m)?);
    one_zone: CREATION, Shape::Text, "Keep all data in this one zone",
        |draft, m| draft.one_zone = Some(value::parsed(m, &m.node)?);
    throughput: SETTING, Shape::Text, "Throughput mode: bursting, elastic or provisioned=MIBPS",
        |draft, m| draft.settings.throughput = Wish::Set(value::parsed(m, &m.node)?);
    transition_to_ia: SETTING, Shape::Text, "Move files to Infrequent Access this long after the last access, for example 30d; or never",
        |draft, m| draft.settings.lifecycle.to_ia = value::read(m, &m.node, transition)?;
    transition_to_archive: SETTING, Shape::Text, "Move files to Archive this long after the last access, for example 90d; or never",
        |draft, m| draft.settings.lifecycle.to_archive = value::read(m, &m.node, transition)?;
    transition_to_primary: SETTING, Shape::Words(|| vec!["on-access", "never"]), "Move files back to Standard",
        |draft, m| draft.settings.lifecycle.to_primary =
            value::word(m, &[("on-access", Wish::Set(On)), ("never", Wish::Clear)])?;
    backup: SETTING, Shape::Switch, "Daily backups by AWS Backup",
        |draft, m| draft.settings.backups = if value::switch(m)? { Wish::Set(On) } else { Wish::Clear };
    policy: SETTING, Shape::Texts, "File system policy: presets, a document as file://PATH relative to this file or as JSON, or none",
        |draft, m| draft.policy = Some((m.node.at, policy(m)?));
    bypass_lockout_check: SETTING, Shape::Flag, "Accept a policy by which the caller cannot change it again",
        |draft, m| draft.bypass_lockout_check = value::flag(m)?;
    hardened: SETTING, Shape::Flag, "The policy enforce-tls, daily backups, Infrequent Access after 30 days, and no subnets that assign public addresses",
        |draft, m| draft.hardened = value::flag(m)?;
    replication_overwrite_protection: SETTING, Shape::Switch, "Whether AWS refuses to make the file system the destination of a replication",
        |draft, m| draft.settings.protection =
            Wish::Set(if value::switch(m)? { Protection::On } else { Protection::Off });
    replicate_to: SETTING, Shape::Text, "Where EFS keeps a copy: REGION, REGION:ZONE, the ARN of a file system whose data is overwritten, or none",
        |draft, m| draft.replicate_to = Some(value::parsed(m, &m.node)?);
    replica_kms_key: SETTING, Shape::Text, "KMS key of the copy that EFS creates",
        |draft, m| draft.replica_kms_key = Some(value::parsed(m, &m.node)?);
    tags: SETTING, Shape::Tags, "Tags; those of [defaults] are added",
        |draft, m| for tag in value::table(&m.node)? {
            let text = value::text(tag, &tag.node)?;
            let (key, value) = tags::checked(&tag.key, text)
                .map_err(|error| tag.mistake(error.to_string()))?;
            draft.tags.insert(key, value);
        };
    access_point: SETTING, Shape::Texts, "Access points, each as NAME=PATH[:UID:GID[:MODE]]",
        |draft, m| draft.access_points = value::several(m)?;
    expires: SETTING, Shape::Text, "When the file system is no longer needed: 48h, 14d, a time, or never",
        |draft, m| draft.expires = Some((m.node.at, value::parsed(m, &m.node)?));
}

fn policy(member: &Member) -> Result<PolicyArg, Mistake> {
    match &member.node.value {
        Value::List(_) => {
            let presets: Vec<Preset> = value::several(member)?;
            if presets.is_empty() {
                let sentence = "`policy` is an empty list: to remove the policy, write \"none\"";
                return Err(member.mistake(sentence));
            }
            Ok(PolicyArg::Presets(presets.into_iter().collect()))
        }
        _ => value::parsed(member, &member.node),
    }
}

/// Whether that key decides how a file system is created.
pub(super) fn is_of_creation(name: &str) -> bool {
    KEYS.iter()
        .any(|key| key.name == name && key.is_of_creation)
}

/// Reads a member.
///
/// # Errors
///
/// There is no such key, or its value cannot be meant.
pub(super) fn read(draft: &mut Draft, member: &Member) -> Result<(), Mistake> {
    if let Some(key) = KEYS.iter().find(|key| key.name == member.key) {
        return (key.read)(draft, member);
    }
    let near = nearest(&member.key).map(|near| format!("; did you mean `{near}`?"));
    let near = near.unwrap_or_default();
    Err(member.mistake(format!("there is no key `{}`{near}", member.key)))
}

/// How alike two words are, at least, for one to be meant by the other: half of the letters are where they should be.
const ALIKE: f64 = 0.5;

fn nearest(name: &str) -> Option<&'static str> {
    let known = KEYS.iter().map(|key| key.name).chain(["name", "id"]);
    let alike = known.map(|known| (strsim::normalized_damerau_levenshtein(name, known), known));
    let alike = alike.filter(|(alike, _)| *alike >= ALIKE);
    alike
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}
