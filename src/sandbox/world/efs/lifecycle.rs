//! `PutLifecycleConfiguration` and `DescribeLifecycleConfiguration`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::state::FileSystem;
use super::super::{ApiError, Region};
use super::errors::bad_request;

const TO_IA: &str = "TransitionToIA";
const TO_PRIMARY: &str = "TransitionToPrimaryStorageClass";
const TO_ARCHIVE: &str = "TransitionToArchive";

/// The ages at which files can move, in ascending order.
const AGES: [&str; 9] = [
    "AFTER_1_DAY",
    "AFTER_7_DAYS",
    "AFTER_14_DAYS",
    "AFTER_30_DAYS",
    "AFTER_60_DAYS",
    "AFTER_90_DAYS",
    "AFTER_180_DAYS",
    "AFTER_270_DAYS",
    "AFTER_365_DAYS",
];

/// `LifecyclePolicy` of the API: one transition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LifecyclePolicy {
    /// Age in Standard after which a file moves to Infrequent Access.
    #[serde(rename = "TransitionToIA", skip_serializing_if = "Option::is_none")]
    pub transition_to_ia: Option<String>,
    /// Back to Standard when it is read: `AFTER_1_ACCESS`.
    #[serde(
        rename = "TransitionToPrimaryStorageClass",
        skip_serializing_if = "Option::is_none"
    )]
    pub transition_to_primary_storage_class: Option<String>,
    /// Age in Standard after which a file moves to Archive.
    #[serde(
        rename = "TransitionToArchive",
        skip_serializing_if = "Option::is_none"
    )]
    pub transition_to_archive: Option<String>,
    /// A transition that the API may have one day: only a described account has one.
    #[serde(flatten)]
    pub other: BTreeMap<String, String>,
}

impl LifecyclePolicy {
    /// Its member name and value, when it has exactly one and EFS knows it.
    fn transition(self) -> Option<(&'static str, String)> {
        let (kind, value) = match (
            self.transition_to_ia,
            self.transition_to_primary_storage_class,
            self.transition_to_archive,
        ) {
            (Some(age), None, None) => (TO_IA, age),
            (None, Some(access), None) => (TO_PRIMARY, access),
            (None, None, Some(age)) => (TO_ARCHIVE, age),
            _ => return None,
        };
        if !self.other.is_empty() {
            return None;
        }
        let known = if kind == TO_PRIMARY {
            value == "AFTER_1_ACCESS"
        } else {
            age_rank(&value).is_some()
        };
        known.then_some((kind, value))
    }

    fn of((kind, text): &(String, String)) -> Self {
        let value = Some(text.clone());
        match kind.as_str() {
            TO_IA => Self {
                transition_to_ia: value,
                ..Self::default()
            },
            TO_ARCHIVE => Self {
                transition_to_archive: value,
                ..Self::default()
            },
            TO_PRIMARY => Self {
                transition_to_primary_storage_class: value,
                ..Self::default()
            },
            other => Self {
                other: BTreeMap::from([(other.to_owned(), text.clone())]),
                ..Self::default()
            },
        }
    }
}

impl Region {
    /// `PutLifecycleConfiguration`: replaces what is there; an empty list removes it. `None` is a request
    /// without the member, which AWS insists on.
    pub fn put_lifecycle_configuration(
        &mut self,
        file_system_id: &str,
        lifecycle_policies: Option<Vec<LifecyclePolicy>>,
    ) -> Result<Vec<LifecyclePolicy>, ApiError> {
        let policies = lifecycle_policies
            .ok_or_else(|| bad_request("LifecyclePolicies must be specified."))?;
        let transitions = transitions(policies)?;
        let file_system = self.available_file_system_mut(file_system_id)?;
        check_archive(file_system, &transitions)?;
        file_system.lifecycle = stored(transitions);
        Ok(policies_of(file_system))
    }

    /// `DescribeLifecycleConfiguration`.
    pub fn describe_lifecycle_configuration(
        &self,
        file_system_id: &str,
    ) -> Result<Vec<LifecyclePolicy>, ApiError> {
        Ok(policies_of(self.visible_file_system(file_system_id)?))
    }
}

fn stored(transitions: Vec<(&'static str, String)>) -> Vec<(String, String)> {
    let owned = |(kind, value): (&str, String)| (kind.to_owned(), value);
    transitions.into_iter().map(owned).collect()
}

fn policies_of(file_system: &FileSystem) -> Vec<LifecyclePolicy> {
    file_system
        .lifecycle
        .iter()
        .map(LifecyclePolicy::of)
        .collect()
}

/// One transition in each policy, each kind once.
fn transitions(policies: Vec<LifecyclePolicy>) -> Result<Vec<(&'static str, String)>, ApiError> {
    let malformed = || bad_request("One or more LifecyclePolicy objects specified are malformed.");
    let transitions: Vec<_> = policies
        .into_iter()
        .map(LifecyclePolicy::transition)
        .collect::<Option<_>>()
        .ok_or_else(malformed)?;
    let repeated = |kind| {
        transitions
            .iter()
            .filter(|(other, _)| *other == kind)
            .count()
            > 1
    };
    if [TO_IA, TO_PRIMARY, TO_ARCHIVE].into_iter().any(repeated) {
        return Err(malformed());
    }
    Ok(transitions)
}

/// Archive is for elastic, general-purpose, regional file systems, and comes later than Infrequent Access.
fn check_archive(
    file_system: &FileSystem,
    transitions: &[(&'static str, String)],
) -> Result<(), ApiError> {
    let rank = |kind| {
        transitions
            .iter()
            .find(|(other, _)| *other == kind)
            .and_then(|(_, age)| age_rank(age))
    };
    let Some(archive) = rank(TO_ARCHIVE) else {
        return Ok(());
    };
    if file_system.throughput_mode != "elastic" || file_system.performance_mode != "generalPurpose"
    {
        return Err(bad_request(
            // As seen in aws/aws-cdk#33713.
            "The ThroughputMode value for the file system does not support TransitionToArchive. Either change the ThroughputMode value to Elastic or remove the TransitionToArchive parameter.",
        ));
    }
    if file_system.availability_zone.is_some() {
        return Err(bad_request(
            "TransitionToArchive is not supported for One Zone file systems.",
        ));
    }
    if rank(TO_IA).is_some_and(|ia| ia >= archive) {
        return Err(bad_request(
            "TransitionToArchive must be later than TransitionToIA.",
        ));
    }
    Ok(())
}

fn age_rank(age: &str) -> Option<usize> {
    AGES.iter().position(|known| *known == age)
}
