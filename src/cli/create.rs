//! `efsctl create`, as it was typed.

use std::collections::BTreeSet;

use clap::Args;

use super::keyword::keyword;
use super::setting::SettingArgs;
use crate::domain::expiry::Expiry;
use crate::domain::ids::{KmsKey, Name, SecurityGroupId, SubnetId, VpcId, Zone};
use crate::domain::network::Source;
use crate::domain::settings::{Wish, Wishes};
use crate::domain::spec::{Access, Encryption, IpType, PerformanceMode, PlacementRequest, Spec};
use crate::domain::tags::Tags;
use crate::service::OnFailure;

/// What `efsctl create --help` begins with.
pub const ABOUT: &str = "Create or complete an encrypted file system, a security group on port 2049, one mount target per Availability Zone, \
and settings; wait until all of it is available.\n\nNAME is the identity: run again, existing resources are adopted and only missing ones are \
created. Settings that cannot be changed afterwards (encryption, key, performance mode, zone) and differ are a conflict, reported before the \
first write.\n\n\
Tags are set on the file system and the security group in the calls that create them. Mount targets themselves cannot carry tags: their \
network interfaces are tagged instead, in one call, best effort.";

/// `efsctl create`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub struct CreateArgs {
    /// 1 to 50 letters, digits, `.`, `_`, `-`
    pub name: Name,

    /// VPC of the mount targets; default: the default VPC
    #[arg(long, value_name = "VPC", help_heading = "Network")]
    pub vpc: Option<VpcId>,
    /// Subnets of the mount targets, one per zone (repeat, or separate by commas); default: in each zone of the VPC a private subnet before a
    /// public one, then the subnet with the most free addresses
    #[arg(
        long,
        value_name = "SUBNET",
        value_delimiter = ',',
        help_heading = "Network"
    )]
    pub subnet: Vec<SubnetId>,
    /// Create mount targets only in these zones
    #[arg(
        long,
        value_name = "ZONE",
        value_delimiter = ',',
        help_heading = "Network"
    )]
    pub az: Vec<Zone>,
    /// Existing security groups to attach to the mount targets, up to 5; default: create one
    #[arg(
        long,
        value_name = "GROUP",
        value_delimiter = ',',
        help_heading = "Network"
    )]
    pub security_group: Vec<SecurityGroupId>,
    /// Who may connect through the created group: a security group, an address range, a managed prefix list, or `vpc`; default: members of
    /// the group itself
    #[arg(
        long,
        value_name = "SOURCE",
        value_delimiter = ',',
        conflicts_with = "security_group",
        help_heading = "Network"
    )]
    pub allow_from: Vec<Source>,
    /// Allow sources that open NFS to the Internet
    #[arg(long, requires = "allow_from", help_heading = "Network")]
    pub open_to_the_world: bool,
    /// Inbound rules per security group, if the quota of this account was raised
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 60,
        value_parser = clap::value_parser!(u16).range(1..=1000),
        help_heading = "Network"
    )]
    pub rules_per_group: u16,
    /// IP address type of the mount targets
    #[arg(
        long,
        value_parser = keyword::<IpType>(),
        default_value = "ipv4",
        value_name = "TYPE",
        help_heading = "Network"
    )]
    pub ip_type: IpType,

    /// KMS key: id, ARN or alias; default: the key that AWS manages for EFS
    #[arg(long, value_name = "KEY", help_heading = "File system")]
    pub kms_key: Option<KmsKey>,
    /// Do not encrypt at rest; cannot be changed later
    #[arg(long, conflicts_with_all = ["kms_key", "hardened"], help_heading = "File system")]
    pub unencrypted: bool,
    /// Performance mode; default for a new file system: general-purpose
    #[arg(long, value_parser = keyword::<PerformanceMode>(), value_name = "MODE", help_heading = "File system")]
    pub performance: Option<PerformanceMode>,
    /// Keep all data in this one zone: cheaper, lost with the zone
    #[arg(long, value_name = "ZONE", help_heading = "File system")]
    pub one_zone: Option<Zone>,

    /// Settings that `set` changes later.
    #[command(flatten)]
    pub settings: SettingArgs,

    /// Do not ask, even if the change takes away safety or access
    #[arg(short, long, help_heading = "Run")]
    pub yes: bool,
    /// Read the account and show the plan; change nothing
    #[arg(long, help_heading = "Run")]
    pub dry_run: bool,
    /// With --dry-run: exit 3 if there are changes to apply
    #[arg(long, requires = "dry_run", help_heading = "Run")]
    pub check: bool,
    /// Return once everything is created, without waiting for the mount targets
    #[arg(long, conflicts_with = "replicate_to", help_heading = "Run")]
    pub no_wait: bool,
    /// What to do with resources that a failed run created
    #[arg(
        long,
        value_parser = keyword::<OnFailure>(),
        default_value = "rollback",
        value_name = "ACTION",
        help_heading = "Run"
    )]
    pub on_failure: OnFailure,
}

impl CreateArgs {
    /// Whether resources that a failed run created are removed.
    pub fn rolls_back(&self) -> bool {
        self.on_failure == OnFailure::Rollback
    }

    /// The request, with these settings, these tags and that end.
    pub fn spec(&self, settings: Wishes, tags: Tags, expires: Wish<Expiry>) -> Spec {
        let access = match (self.security_group.as_slice(), self.allow_from.as_slice()) {
            ([], []) => Access::Default,
            ([], sources) => Access::Make(sources.to_vec()),
            (groups, _) => {
                let distinct: BTreeSet<SecurityGroupId> = groups.iter().cloned().collect();
                Access::Groups(distinct.into_iter().collect())
            }
        };
        let encryption = match (&self.kms_key, self.unencrypted) {
            (Some(key), _) => Encryption::Key(key.clone()),
            (None, true) => Encryption::None,
            (None, false) => Encryption::DefaultKey,
        };
        Spec {
            encryption,
            performance: self.performance,
            one_zone: self.one_zone.clone(),
            ip_type: self.ip_type,
            placement: PlacementRequest {
                vpc: self.vpc.clone(),
                subnets: self.subnet.clone(),
                zones: self.az.clone(),
            },
            access,
            settings,
            hardened: self.settings.hardened,
            tags,
            expires,
            access_points: self.settings.access_point.clone(),
            open_to_the_world: self.open_to_the_world,
            group_rules: usize::from(self.rules_per_group),
            ..Spec::new(self.name.clone())
        }
    }
}
