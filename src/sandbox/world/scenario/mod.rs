//! Accounts described in TOML, for `--world FILE`.
//!
//! A described account is built with the operations of the simulated AWS itself, so what AWS would refuse
//! is an error of the description, in the words of AWS. Only what no call can bring about is set directly:
//! ids, states, addresses that are taken by others.
//!
//! ```toml
//! [[region]]
//! name = "eu-west-1"
//! default_vpc = false
//!
//! [[region.vpc]]
//! name = "main"
//! cidr = "10.0.0.0/16"
//!
//! [[region.vpc.subnet]]
//! name = "a"
//! zone = "eu-west-1a"
//! cidr = "10.0.1.0/24"
//!
//! [[region.vpc.security_group]]
//! name = "nfs"
//! ingress = ["tcp 2049 from 10.0.0.0/16"]
//!
//! [[region.file_system]]
//! name = "data"
//!
//! [[region.file_system.mount_target]]
//! subnet = "a"
//! security_groups = ["nfs"]
//! ```

mod document;
mod instances;
mod lookup;
mod mounting;
mod network;
mod phrases;
mod prefix_lists;
mod routing;
mod storage;
mod surroundings;
mod tags;

use std::fmt::Display;

use ipnet::Ipv4Net;

use super::ec2::zones::needs_opt_in;
use super::state::{Life, Millis, Region, Timing};
use super::{World, catalog};
use document::{Document, RegionSection, State, label};

/// Why a description is not an account.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// It is not TOML, or has a field or a value that does not belong there; says line and column.
    #[error("{}", .0.to_string().trim_end())]
    Syntax(#[from] toml::de::Error),
    /// It describes something that cannot be.
    #[error("{place}: {problem}")]
    Meaning {
        /// Where: region, VPC, subnet, … from the outside in.
        place: String,
        /// What is wrong.
        problem: String,
    },
}

impl ScenarioError {
    fn new(problem: impl Into<String>) -> Self {
        Self::Meaning {
            place: String::new(),
            problem: problem.into(),
        }
    }
}

impl From<super::ApiError> for ScenarioError {
    fn from(error: super::ApiError) -> Self {
        Self::new(format!(
            "{} ({})",
            error.message.trim_end_matches('.'),
            error.code
        ))
    }
}

/// Says where an error is.
trait At<T> {
    fn at(self, kind: &str, name: impl Display) -> Result<T, ScenarioError>;
}

impl<T, E: Into<ScenarioError>> At<T> for Result<T, E> {
    fn at(self, kind: &str, name: impl Display) -> Result<T, ScenarioError> {
        self.map_err(|error| match error.into() {
            ScenarioError::Meaning { place, problem } => {
                let inner = if place.is_empty() {
                    place
                } else {
                    format!(", {place}")
                };
                ScenarioError::Meaning {
                    place: format!("{kind} `{name}`{inner}"),
                    problem,
                }
            }
            syntax @ ScenarioError::Syntax(_) => syntax,
        })
    }
}

/// The account that a description describes, as it is at that time.
pub fn parse(text: &str, now: Millis) -> Result<World, ScenarioError> {
    parse_with(text, now, World::default().default_vpc)
}

/// The same, with default VPCs of that range, a /16.
pub fn parse_with(text: &str, now: Millis, default_vpc: Ipv4Net) -> Result<World, ScenarioError> {
    let document: Document = toml::from_str(text)?;
    let mut world = World {
        timing: document.timing.timing(),
        default_vpc,
        ..World::default()
    };
    if let Some(account_id) = document.account_id {
        if account_id.len() != 12 || !account_id.bytes().all(|byte| byte.is_ascii_digit()) {
            let problem = "an account id has twelve digits";
            return Err(ScenarioError::new(problem)).at("account_id", account_id);
        }
        world.account_id = account_id;
    }
    world.denied = document.denied;
    for name in &document.disabled_regions {
        if !needs_opt_in(name) {
            let problem = "only an opt-in region can be disabled";
            return Err(ScenarioError::new(problem)).at("disabled region", name);
        }
    }
    world.disabled_regions = document.disabled_regions;
    for (arn, delay) in document.new_principals {
        if !arn.starts_with("arn:") || !arn.contains(":iam::") {
            let problem = "the ARN of a role or a user is needed";
            return Err(ScenarioError::new(problem)).at("new principal", arn);
        }
        world
            .new_principals
            .insert(arn, now.saturating_add(delay.0));
    }
    let clock = Clock {
        now,
        timing: world.timing,
    };
    for section in document.region {
        let name = section.name.clone();
        let region = region(&world, clock, section).at("region", &name)?;
        if world.regions.insert(name.clone(), region).is_some() {
            return Err(ScenarioError::new("described twice")).at("region", name);
        }
    }
    Ok(world)
}

fn region(world: &World, clock: Clock, section: RegionSection) -> Result<Region, ScenarioError> {
    let facts = catalog::region(&section.name)
        .ok_or_else(|| ScenarioError::new("that is not the name of a region"))?;
    let mut region = Region::empty(&facts, &world.account_id);
    // While it is being built, everything happens at once, and a day ago.
    region.timing = Timing {
        file_system: 0,
        mount_target: 0,
        delete: 0,
        describe_lag: 0,
    };
    region.now = clock.past();
    region.quotas = section.quotas;
    if section.default_vpc {
        region.add_default_vpc(&facts, world.default_vpc);
    }
    for (key, state) in &section.kms_keys {
        if !["disabled", "pending-deletion", "not-found"].contains(&state.as_str()) {
            let problem = format!("`{state}` is not disabled, pending-deletion or not-found");
            return Err(ScenarioError::new(problem)).at("kms key", key);
        }
    }
    region.kms_keys.clone_from(&section.kms_keys);
    for zone in &section.zone {
        surroundings::add_zone(&mut region, zone).at("zone", &zone.name)?;
    }
    for list in &section.prefix_list {
        prefix_lists::add_prefix_list(&mut region, list).at("prefix list", &list.name)?;
    }
    for vpc in &section.vpc {
        let label = vpc.label();
        network::add_vpc(&mut region, vpc).at("vpc", label)?;
    }
    for peering in &section.peering {
        let label = label(peering.name.as_ref(), peering.id.as_ref());
        surroundings::add_peering(&mut region, peering).at("peering", label)?;
    }
    for file_system in &section.file_system {
        let label = file_system.label();
        storage::add_file_systems(&mut region, clock, file_system).at("file system", label)?;
    }
    for instance in &section.instance {
        instances::add_instance(&mut region, instance).at("instance in", &instance.subnet)?;
    }
    for vpc in &section.vpc {
        network::take_addresses(&mut region, vpc)?;
    }
    for zone in section.failing_zones {
        lookup::check_zone(&region, &zone).at("failing zone", &zone)?;
        region.failing_zones.insert(zone);
    }
    Ok(region)
}

/// When things happened in a described account.
#[derive(Debug, Clone, Copy)]
struct Clock {
    now: Millis,
    timing: Timing,
}

impl Clock {
    /// A day ago.
    fn past(self) -> Millis {
        self.now.saturating_sub(24 * 60 * 60 * 1_000)
    }

    /// The life of a resource in that state, where `delay` is what it takes to become available.
    fn life(self, state: &State, delay: Millis) -> Life {
        let old = Life::new(self.past(), 0);
        match state {
            State::Available => old,
            State::Creating => Life::new(self.now, delay),
            State::Updating => Life {
                updating: Some(self.now + delay),
                ..old
            },
            State::Error => Life { fails: true, ..old },
            State::Other(word) => Life {
                stated: Some(word.clone()),
                ..old
            },
            State::Deleting => Life {
                gone: Some(self.now + self.timing.delete),
                ..old
            },
        }
    }
}
