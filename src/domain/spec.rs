//! What someone asks for: valid by construction.

mod error;

use super::text::list;
use ipnet::IpNet;

pub use self::error::SpecError;
use super::access_point::{AccessPoint, AccessPointSpec};
use super::expiry::Expiry;
use super::ids::{KmsKey, Name, SecurityGroupId, SubnetId, VpcId, Zone};
use super::keyword::Keyword;
use super::network::{GROUP_RULES, Source};
use super::ranges::Ranges;
use super::settings::policy::{Preset, Wanted};
use super::settings::{Lifecycle, Throughput, Wish, Wishes};
use super::tags::Tags;
use super::word::spelled;

/// Performance mode; fixed at creation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PerformanceMode {
    /// Lowest latency; AWS's and our default.
    #[default]
    GeneralPurpose,
    /// Previous generation: not with One Zone, not with elastic throughput.
    MaxIo,
}

spelled!(PerformanceMode {
    GeneralPurpose = "generalPurpose",
    MaxIo = "maxIO",
});

impl Keyword for PerformanceMode {
    const KEYWORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::GeneralPurpose, "general-purpose", "Lowest latency"),
        (Self::MaxIo, "max-io", "Previous generation"),
    ];
}

/// Encryption at rest; fixed at creation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Encryption {
    /// With the key AWS manages for EFS, `aws/elasticfilesystem`.
    #[default]
    DefaultKey,
    /// With this key: id, ARN, or alias.
    Key(KmsKey),
    /// Not at all.
    None,
}

/// Addresses of the mount targets (service model: `IpAddressType`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IpType {
    /// IPv4 only; AWS's default.
    #[default]
    Ipv4,
    /// IPv6 only: needs an IPv6-only subnet.
    Ipv6,
    /// Both: needs a dual-stack subnet.
    DualStack,
}

impl IpType {
    /// The word of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ipv4 => "IPV4_ONLY",
            Self::Ipv6 => "IPV6_ONLY",
            Self::DualStack => "DUAL_STACK",
        }
    }
}

impl Keyword for IpType {
    const KEYWORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Ipv4, "ipv4", "IPv4"),
        (Self::Ipv6, "ipv6", "IPv6, in IPv6-only subnets"),
        (Self::DualStack, "dual-stack", "Both, in dual-stack subnets"),
    ];
}

/// Where mount targets are asked for. All empty: the default VPC, one subnet in each zone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlacementRequest {
    /// In this VPC.
    pub vpc: Option<VpcId>,
    /// In exactly these subnets.
    pub subnets: Vec<SubnetId>,
    /// In these zones.
    pub zones: Vec<Zone>,
}

/// Which security groups the mount targets have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// No one said: on what exists, those it has; otherwise one that is made and allows itself.
    Default,
    /// These, which exist.
    Groups(Vec<SecurityGroupId>),
    /// One that is made, `efsctl-NAME`, and allows these.
    Make(Vec<Source>),
}

/// Security groups that a network interface has, and so a mount target, unless the quota of the account was raised (VPC user guide,
/// "Amazon VPC quotas"; the API reference of `CreateMountTarget` follows the account's quota since 2026).
pub const USUAL_GROUPS: usize = 5;

/// The most to which that quota can be raised (ibid.).
pub const MOST_GROUPS: usize = 16;

/// The file system that is asked for. What is `None` or empty is not asked for: it is AWS's default at creation, and left
/// alone on what exists.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// Its identity.
    pub name: Name,
    /// Encryption at rest.
    pub encryption: Encryption,
    /// Performance mode.
    pub performance: Option<PerformanceMode>,
    /// All data in this one zone.
    pub one_zone: Option<Zone>,
    /// IP address type of the mount targets.
    pub ip_type: IpType,
    /// Where mount targets are wanted.
    pub placement: PlacementRequest,
    /// Which security groups they have.
    pub access: Access,
    /// What is asked of the settings.
    pub settings: Wishes,
    /// What makes it hardened is added to them ([`Wishes::harden`]), and mount targets go only into subnets that assign no public
    /// addresses.
    pub hardened: bool,
    /// Its access points.
    pub access_points: Vec<AccessPointSpec>,
    /// Tags besides our own.
    pub tags: Tags,
    /// When it is no longer needed.
    pub expires: Wish<Expiry>,
    /// It is meant that the group which is made allows the Internet.
    pub open_to_the_world: bool,
    /// Inbound rules that a security group of this account takes for each of IPv4 and IPv6.
    pub group_rules: usize,
}

impl Spec {
    /// The default: encrypted, bursting, general purpose, one mount target in each zone of the default VPC, and a group that allows
    /// itself.
    pub fn new(name: Name) -> Self {
        Self {
            name,
            encryption: Encryption::default(),
            performance: None,
            one_zone: None,
            ip_type: IpType::default(),
            placement: PlacementRequest::default(),
            access: Access::Default,
            settings: Wishes::default(),
            hardened: false,
            access_points: Vec::new(),
            tags: Tags::new(),
            expires: Wish::Leave,
            open_to_the_world: false,
            group_rules: GROUP_RULES,
        }
    }

    /// Adds to the settings what makes it hardened, where that is asked for. `found` are the access points that exist.
    pub fn harden(&mut self, found: &[AccessPoint]) {
        if self.hardened {
            self.settings.harden(self.creates_directory(found));
        }
    }

    /// Whether one of its access points creates its directory for who is not root.
    pub fn creates_directory(&self, found: &[AccessPoint]) -> bool {
        let mut asked = self.access_points.iter();
        let mut found = found.iter().filter(|point| point.is_staying());
        asked.any(|point| point.creation.is_some()) || found.any(|point| point.creation.is_some())
    }

    /// Whether access points that exist have to be known for what is asked for.
    pub fn reads_access_points(&self) -> bool {
        let presets = self.settings.policy.value().and_then(Wanted::presets);
        let denies_root = presets.is_some_and(|presets| presets.contains(&Preset::DenyRoot));
        self.hardened || denies_root || !self.access_points.is_empty()
    }

    /// The first combination that AWS would refuse, reported before anything is asked of AWS.
    ///
    /// Sources: the EFS API reference, `CreateFileSystem`, `CreateMountTarget` and `PutLifecycleConfiguration`.
    pub fn check(&self) -> Result<(), SpecError> {
        Combination {
            performance: self.performance,
            throughput: match self.settings.throughput {
                Wish::Leave => None,
                Wish::Set(throughput) => Some(throughput),
                Wish::Clear => Some(Throughput::default()),
            },
            lifecycle: Lifecycle::default().with(&self.settings.lifecycle),
            is_one_zone: self.one_zone.is_some(),
        }
        .check()?;
        if let Some(zone) = &self.one_zone {
            let elsewhere = self.placement.zones.iter().find(|other| *other != zone);
            if let Some(other) = elsewhere {
                return Err(SpecError::OneZoneElsewhere(zone.clone(), other.clone()));
            }
            if self.placement.subnets.len() > 1 {
                return Err(SpecError::OneZoneSubnets(
                    zone.clone(),
                    self.placement.subnets.len(),
                ));
            }
        }
        if let Access::Groups(groups) = &self.access
            && groups.len() > MOST_GROUPS
        {
            return Err(SpecError::TooManyGroups(groups.len()));
        }
        if let Access::Make(sources) = &self.access
            && !self.open_to_the_world
        {
            let ranges = sources.iter().filter_map(|source| match source {
                Source::Range(range) => Some(range),
                _ => None,
            });
            let open = Ranges::of(ranges).open();
            if !open.is_empty() {
                return Err(SpecError::OpenToTheWorld(listed(&open)));
            }
        }
        check_access_points(&self.access_points)?;
        if self.tags.len() > 46 {
            return Err(SpecError::TooManyTags(self.tags.len()));
        }
        Ok(())
    }
}

/// The first access point that EFS would refuse, or that has the name of another one.
///
/// # Errors
///
/// Why it would be refused.
pub fn check_access_points(points: &[AccessPointSpec]) -> Result<(), SpecError> {
    for (n, point) in points.iter().enumerate() {
        if let Some(sentence) = point.contradiction() {
            return Err(SpecError::AccessPoint(point.name.clone(), sentence));
        }
        let mut before = points.iter().take(n);
        if before.any(|other| other.name == point.name) {
            return Err(SpecError::AccessPointTwice(point.name.clone()));
        }
    }
    Ok(())
}

/// Settings that EFS takes only in certain combinations (API reference, `CreateFileSystem` and `PutLifecycleConfiguration`).
#[derive(Debug, Clone, PartialEq)]
pub struct Combination {
    /// Performance mode; `None`: AWS's default, or not known.
    pub performance: Option<PerformanceMode>,
    /// Throughput mode; `None`: not known.
    pub throughput: Option<Throughput>,
    /// Lifecycle policy.
    pub lifecycle: Lifecycle,
    /// It is a One Zone file system.
    pub is_one_zone: bool,
}

impl Combination {
    /// The first pair that EFS refuses.
    pub fn check(&self) -> Result<(), SpecError> {
        let max_io = self.performance == Some(PerformanceMode::MaxIo);
        let is_elastic = self.throughput == Some(Throughput::Elastic);
        if max_io && is_elastic {
            return Err(SpecError::MaxIoElastic);
        }
        if max_io && self.is_one_zone {
            return Err(SpecError::MaxIoOneZone);
        }
        if let Some(sentence) = self.lifecycle.contradiction() {
            return Err(SpecError::Lifecycle(sentence));
        }
        if self.lifecycle.transition_to_archive.is_some() {
            if max_io || (self.throughput.is_some() && !is_elastic) {
                return Err(SpecError::ArchiveNeedsElastic);
            }
            if self.is_one_zone {
                return Err(SpecError::ArchiveOneZone);
            }
        }
        Ok(())
    }
}

/// Networks, as a sentence lists them.
pub fn listed(nets: &[IpNet]) -> String {
    list(nets)
}

#[cfg(test)]
mod tests;
