//! What someone asks for, by name: errors speak of fields, and the caller knows where each one was given.

use std::fmt;

/// A field of what is asked for. On the command line it is a flag, in a file a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The VPC of the mount targets.
    Vpc,
    /// Their subnets.
    Subnet,
    /// Their zones.
    Zone,
    /// The zone of a One Zone file system.
    OneZone,
    /// Their security groups.
    SecurityGroup,
    /// Whom the group that is created allows.
    AllowFrom,
    /// Whom it must not allow.
    RemoveAllowFrom,
    /// It is meant that it allows the Internet.
    OpenToTheWorld,
    /// How many rules a group takes.
    RulesPerGroup,
    /// The addresses of the mount targets.
    IpType,
    /// The KMS key.
    KmsKey,
    /// No encryption at rest.
    Unencrypted,
    /// The throughput mode.
    Throughput,
    /// The performance mode.
    Performance,
    /// The transition to Infrequent Access.
    TransitionToIa,
    /// The transition to Archive.
    TransitionToArchive,
    /// The transition back to Standard.
    TransitionToPrimary,
    /// Any of the transitions.
    Transitions,
    /// Automatic backups.
    Backup,
    /// The file system policy.
    Policy,
    /// A policy is taken by which it cannot be changed again.
    BypassLockoutCheck,
    /// What makes it hardened.
    Hardened,
    /// Where it is copied to.
    ReplicateTo,
    /// The key of the copy.
    ReplicaKmsKey,
    /// Access points.
    AccessPoint,
    /// Tags.
    Tag,
    /// When it is no longer needed.
    Expires,
    /// What is not asked.
    Yes,
    /// What is deleted although it holds something.
    Force,
    /// What is deleted with its data.
    WithData,
    /// Tags that are required.
    RequireTag,
    /// Who has to be able to connect.
    Client,
    /// The time for all of it.
    Timeout,
    /// The region.
    Region,
    /// The profile.
    Profile,
    /// The address of the AWS API.
    EndpointUrl,
    /// From which severity on a failure counts.
    FailOn,
    /// What failed before and does not count.
    Baseline,
    /// What could not be judged counts.
    Strict,
    /// What fails is fixed.
    Fix,
    /// One mount target is enough.
    Any,
    /// The DNS server that is asked.
    Resolver,
    /// The certificates that are trusted.
    CaFile,
    /// Nothing is changed.
    DryRun,
    /// What is connected to it.
    For,
    /// Clients have an IAM identity.
    Iam,
    /// Clients use no TLS.
    NoTls,
    /// Clients use the NFS client of the kernel alone.
    PlainNfs,
    /// Clients only read.
    ReadOnly,
    /// A directory in the file system.
    Path,
    /// As which user.
    As,
    /// Where it is mounted.
    MountPoint,
    /// Where a container has it.
    ContainerPath,
    /// The container.
    Container,
    /// Whom the directory belongs to.
    Owner,
    /// Its permissions.
    Mode,
    /// The address of a mount target.
    Ip,
    /// How often it is backed up.
    Schedule,
    /// A variable of the environment.
    Var,
    /// The file that is written.
    Write,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 60] = [
        Self::Vpc,
        Self::Subnet,
        Self::Zone,
        Self::OneZone,
        Self::SecurityGroup,
        Self::AllowFrom,
        Self::RemoveAllowFrom,
        Self::OpenToTheWorld,
        Self::RulesPerGroup,
        Self::IpType,
        Self::KmsKey,
        Self::Unencrypted,
        Self::Throughput,
        Self::Performance,
        Self::TransitionToIa,
        Self::TransitionToArchive,
        Self::TransitionToPrimary,
        Self::Transitions,
        Self::Backup,
        Self::Policy,
        Self::BypassLockoutCheck,
        Self::Hardened,
        Self::ReplicateTo,
        Self::ReplicaKmsKey,
        Self::AccessPoint,
        Self::Tag,
        Self::Expires,
        Self::Yes,
        Self::Force,
        Self::WithData,
        Self::RequireTag,
        Self::Client,
        Self::Timeout,
        Self::Region,
        Self::Profile,
        Self::EndpointUrl,
        Self::FailOn,
        Self::Baseline,
        Self::Strict,
        Self::Fix,
        Self::Any,
        Self::Resolver,
        Self::CaFile,
        Self::DryRun,
        Self::For,
        Self::Iam,
        Self::NoTls,
        Self::PlainNfs,
        Self::ReadOnly,
        Self::Path,
        Self::As,
        Self::MountPoint,
        Self::ContainerPath,
        Self::Container,
        Self::Owner,
        Self::Mode,
        Self::Ip,
        Self::Schedule,
        Self::Var,
        Self::Write,
    ];

    /// Its name, where it is neither a flag nor a key of a file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vpc => "vpc",
            Self::Subnet => "subnet",
            Self::Zone => "zone",
            Self::OneZone => "one_zone",
            Self::SecurityGroup => "security_group",
            Self::AllowFrom => "allow_from",
            Self::RemoveAllowFrom => "remove_allow_from",
            Self::OpenToTheWorld => "open_to_the_world",
            Self::RulesPerGroup => "rules_per_group",
            Self::IpType => "ip_type",
            Self::KmsKey => "kms_key",
            Self::Unencrypted => "unencrypted",
            Self::Throughput => "throughput",
            Self::Performance => "performance",
            Self::TransitionToIa => "transition_to_ia",
            Self::TransitionToArchive => "transition_to_archive",
            Self::TransitionToPrimary => "transition_to_primary",
            Self::Transitions => "transitions",
            Self::Backup => "backup",
            Self::Policy => "policy",
            Self::BypassLockoutCheck => "bypass_lockout_check",
            Self::Hardened => "hardened",
            Self::ReplicateTo => "replicate_to",
            Self::ReplicaKmsKey => "replica_kms_key",
            Self::AccessPoint => "access_point",
            Self::Tag => "tag",
            Self::Expires => "expires",
            Self::Yes => "yes",
            Self::Force => "force",
            Self::WithData => "with_data",
            Self::RequireTag => "require_tag",
            Self::Client => "client",
            Self::Timeout => "timeout",
            Self::Region => "region",
            Self::Profile => "profile",
            Self::EndpointUrl => "endpoint_url",
            Self::FailOn => "fail_on",
            Self::Baseline => "baseline",
            Self::Strict => "strict",
            Self::Fix => "fix",
            Self::Any => "any",
            Self::Resolver => "resolver",
            Self::CaFile => "cafile",
            Self::DryRun => "dry_run",
            Self::For => "for",
            Self::Iam => "iam",
            Self::NoTls => "no_tls",
            Self::PlainNfs => "plain_nfs",
            Self::ReadOnly => "read_only",
            Self::Path => "path",
            Self::As => "as",
            Self::MountPoint => "mount_point",
            Self::ContainerPath => "container_path",
            Self::Container => "container",
            Self::Owner => "owner",
            Self::Mode => "mode",
            Self::Ip => "ip",
            Self::Schedule => "schedule",
            Self::Var => "var",
            Self::Write => "write",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
