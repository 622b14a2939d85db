//! The simulated AWS as a value: `World` → `Region` → resources. No clock, no I/O, no HTTP.
//!
//! A caller names a region and the time, and gets a [`Region`] settled to that time: transitions
//! that have come due have happened, and what was being deleted is gone. Every operation of AWS is then a method of
//! [`Region`] that takes the raw strings a client sent, validates them as AWS does, and answers with
//! the stored resource or an [`ApiError`].

pub mod catalog;
pub mod ec2;
pub mod efs;
pub mod error;
mod ids;
pub mod scenario;
pub mod state;
mod token;

use std::collections::{BTreeMap, BTreeSet};

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

pub use error::ApiError;
pub use state::{Millis, Region, Tags, Timing};

/// The whole simulated account: one isolated [`Region`] for each region that was touched.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// The twelve digits of the account.
    pub account_id: String,
    /// How long things take.
    pub timing: Timing,
    /// IAM actions the caller may not take: `elasticfilesystem:CreateMountTarget`, `ec2:*`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub denied: BTreeSet<String>,
    /// Opt-in regions that the account has not enabled: no service there knows its credentials.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub disabled_regions: BTreeSet<String>,
    /// IAM principals that were just created, and when EFS knows them: until then a policy that names one is refused.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub new_principals: BTreeMap<String, Millis>,
    /// The range of the default VPC of each region, a /16.
    #[serde(
        default = "World::usual_range",
        skip_serializing_if = "World::is_usual"
    )]
    pub default_vpc: Ipv4Net,
    /// Regions that were touched, by name.
    pub regions: BTreeMap<String, Region>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            account_id: "111122223333".to_owned(),
            timing: Timing::default(),
            denied: BTreeSet::new(),
            disabled_regions: BTreeSet::new(),
            new_principals: BTreeMap::new(),
            default_vpc: Self::usual_range(),
            regions: BTreeMap::new(),
        }
    }
}

impl World {
    /// The range that AWS gives a default VPC.
    fn usual_range() -> Ipv4Net {
        ec2::DEFAULT_VPC
    }

    // serde's `skip_serializing_if` passes a reference.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    fn is_usual(range: &Ipv4Net) -> bool {
        *range == ec2::DEFAULT_VPC
    }

    /// The region of that name at that time, made with its default VPC when it is touched for the first time.
    /// `None`: AWS has no such region.
    pub fn region(&mut self, name: &str, now: Millis) -> Option<&mut Region> {
        let facts = catalog::region(name)?;
        let (account_id, default_vpc) = (&self.account_id, self.default_vpc);
        let region = self
            .regions
            .entry(name.to_owned())
            .or_insert_with(|| Region::with_default_vpc(&facts, account_id, default_vpc));
        region.timing = self.timing;
        region.disabled_regions.clone_from(&self.disabled_regions);
        let unknown = self.new_principals.iter().filter(|(_, at)| now < **at);
        region.unknown_principals = unknown.map(|(arn, _)| arn.clone()).collect();
        region.settle(now);
        Some(region)
    }
}
