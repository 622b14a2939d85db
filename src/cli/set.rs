//! `efsctl set`, as it was typed.

use std::collections::BTreeSet;

use clap::Args;

use super::keyword::keyword;
use super::setting::SettingArgs;
use crate::domain::access_point::AccessPointRef;
use crate::domain::ids::{Reference, SubnetId, VpcId, Zone};
use crate::domain::network::Source;
use crate::domain::spec::IpType;
use crate::domain::tags;
use crate::service::NetworkRequest;

/// What `efsctl set --help` begins with.
pub const ABOUT: &str = "Change settings of an existing file system, also one of another tool. Shows the plan, applies it, waits until AWS has \
finished, and shows the file system. What is not named stays as it is; run again, nothing happens.\n\n\
Nothing is rolled back: if a change fails, those that were applied stay, and what was not applied is listed (exit code 5).";

/// `efsctl set`.
#[derive(Debug, Args)]
pub struct SetArgs {
    /// File-system id, ARN, or the name it was created under
    #[arg(value_name = "FS")]
    pub file_system: Reference,

    /// Settings that `create` has too.
    #[command(flatten)]
    pub settings: SettingArgs,
    /// Remove a tag; repeatable
    #[arg(long, value_name = "KEY", value_parser = key, help_heading = "Settings")]
    pub untag: Vec<String>,

    /// Remove an access point, by the name it was created under or by its id (`fsap-…`); clients lose it at once; repeatable
    #[arg(long, value_name = "NAME", help_heading = "Settings")]
    pub remove_access_point: Vec<AccessPointRef>,

    /// Its network.
    #[command(flatten)]
    pub network: NetworkArgs,

    /// Do not ask, even if the change takes away safety or access
    #[arg(short, long, help_heading = "Run")]
    pub yes: bool,
    /// Show the plan; change nothing
    #[arg(long, help_heading = "Run")]
    pub dry_run: bool,
    /// With --dry-run: exit 3 if there are changes to apply
    #[arg(long, requires = "dry_run", help_heading = "Run")]
    pub check: bool,
}

/// The network of a file system that exists.
#[derive(Debug, Default, Args)]
pub struct NetworkArgs {
    /// VPC of the first mount targets; default: the VPC of the others, or the default VPC
    #[arg(long, value_name = "VPC", requires = "az", help_heading = "Network")]
    pub vpc: Option<VpcId>,
    /// Add a mount target in each of these zones, with the security groups of the others
    #[arg(
        long,
        value_name = "ZONE",
        value_delimiter = ',',
        help_heading = "Network"
    )]
    pub az: Vec<Zone>,
    /// Add a mount target in each of these subnets
    #[arg(
        long,
        value_name = "SUBNET",
        value_delimiter = ',',
        help_heading = "Network"
    )]
    pub subnet: Vec<SubnetId>,
    /// IP address type of the mount targets that are added; default: that of the others
    #[arg(long, value_parser = keyword::<IpType>(), value_name = "TYPE", help_heading = "Network")]
    pub ip_type: Option<IpType>,
    /// Remove the mount target in each of these zones; what is mounted through it hangs
    #[arg(
        long,
        value_name = "ZONE",
        value_delimiter = ',',
        help_heading = "Network"
    )]
    pub remove_az: Vec<Zone>,
    /// Allow a source in the security group that efsctl created: a security group, an address range, a managed prefix list, or `vpc`
    #[arg(
        long,
        value_name = "SOURCE",
        value_delimiter = ',',
        help_heading = "Network"
    )]
    pub allow_from: Vec<Source>,
    /// Remove the rule that efsctl created for a source; its clients can no longer connect
    #[arg(
        long,
        value_name = "SOURCE",
        value_delimiter = ',',
        help_heading = "Network"
    )]
    pub remove_allow_from: Vec<Source>,
    /// Allow sources that open NFS to the Internet
    #[arg(long, requires = "allow_from", help_heading = "Network")]
    pub open_to_the_world: bool,
    /// Inbound rules per security group, if the quota of this account was raised; default: 60
    #[arg(
        long,
        value_name = "COUNT",
        requires = "allow_from",
        value_parser = clap::value_parser!(u16).range(1..=1000),
        help_heading = "Network"
    )]
    pub rules_per_group: Option<u16>,
}

impl NetworkArgs {
    /// Whether an address type is named, and no mount target to have it.
    pub fn lacks_mount_targets(&self) -> bool {
        self.ip_type.is_some() && self.az.is_empty() && self.subnet.is_empty()
    }

    /// The request.
    ///
    /// # Errors
    ///
    /// The same is to be added and removed.
    pub fn request(&self) -> Result<NetworkRequest, String> {
        if let Some(zone) = self.az.iter().find(|zone| self.remove_az.contains(zone)) {
            return Err(format!(
                "--az adds a mount target in {zone}, and --remove-az removes it"
            ));
        }
        let mut allowed = self.allow_from.iter();
        if let Some(source) = allowed.find(|source| self.remove_allow_from.contains(source)) {
            return Err(format!(
                "--allow-from allows {source}, and --remove-allow-from removes it"
            ));
        }
        Ok(NetworkRequest {
            vpc: self.vpc.clone(),
            zones: self.az.clone(),
            subnets: self.subnet.clone(),
            ip_type: self.ip_type,
            remove_zones: self.remove_az.iter().cloned().collect(),
            allow_from: self.allow_from.clone(),
            open_to_the_world: self.open_to_the_world,
            rules_per_group: self.rules_per_group.map(usize::from),
            remove_allow_from: self.remove_allow_from.iter().cloned().collect(),
        })
    }
}

fn key(text: &str) -> Result<String, tags::InvalidTag> {
    tags::key(text).map(str::to_owned)
}

impl SetArgs {
    /// Access points to remove.
    ///
    /// # Errors
    ///
    /// One of them is to be created too.
    pub fn remove_access_points(&self) -> Result<BTreeSet<AccessPointRef>, String> {
        let removed: BTreeSet<AccessPointRef> = self.remove_access_point.iter().cloned().collect();
        let mut created = self.settings.access_point.iter();
        let both = |name| removed.contains(&AccessPointRef::Name(name));
        match created.find(|point| both(point.name.clone())) {
            Some(point) => Err(format!(
                "--access-point creates {}, and --remove-access-point removes it",
                point.name
            )),
            None => Ok(removed),
        }
    }

    /// Keys of tags to remove.
    ///
    /// # Errors
    ///
    /// One of them is to be set too.
    pub fn untag(&self) -> Result<BTreeSet<String>, String> {
        let keys: BTreeSet<String> = self.untag.iter().cloned().collect();
        let mut set = self.settings.tag.iter().map(|(key, _)| key);
        match set.find(|key| keys.contains(*key)) {
            Some(both) => Err(format!("--tag sets {both}, and --untag removes it")),
            None => Ok(keys),
        }
    }
}
