//! What points to a cause: something that was observed, or that a message says. Each has a name of its own.

/// Where something was observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// In what AWS shows.
    Account,
    /// On this host.
    Host,
    /// In the message that was given.
    Message,
}

impl Side {
    /// The word of the output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Host => "host",
            Self::Message => "message",
        }
    }
}

macro_rules! signs {
    ($($name:ident = $word:literal, $side:ident: $meaning:literal)+) => {
        /// Something that was observed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Sign {
            $(#[doc = $meaning] $name,)+
        }

        impl Sign {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its stable name.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            /// Where it is observed.
            pub fn side(self) -> Side {
                match self {
                    $(Self::$name => Side::$side,)+
                }
            }

            /// What was observed, as a sentence.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $meaning,)+
                }
            }
        }
    };
}

signs! {
    FileSystemNotAvailable = "file-system-not-available", Account: "the file system is not available"
    NoMountTarget = "no-mount-target", Account: "the file system has no mount target"
    MountTargetError = "mount-target-error", Account: "a mount target is in the state error"
    MountTargetChanging = "mount-target-changing", Account: "a mount target is being created, updated or deleted"
    MountTargetsAvailable = "mount-targets-available", Account: "every mount target is available"
    NoInterface = "no-interface", Account: "a mount target lacks its network interface, or a security group on it"
    ZoneWithoutMountTarget = "zone-without-mount-target", Account: "a zone of the client has no mount target"
    OneZoneElsewhere = "one-zone-elsewhere", Account: "the file system is One Zone, and the client is in another zone"
    NoIngress = "no-ingress", Account: "the security groups of a mount target do not allow the client, or no client at all"
    NoEgress = "no-egress", Account: "the outbound rules of the client do not allow TCP 2049 to a mount target"
    AclOfMountTarget = "acl-of-mount-target", Account: "the network ACL of a mount target's subnet blocks NFS"
    AclOfClient = "acl-of-client", Account: "the network ACL of the client's subnet blocks NFS"
    OtherFamily = "other-family", Account: "the client and a mount target have no address of one family"
    NoRoute = "no-route", Account: "no active route leads from the client to a mount target, or back"
    ClientAllowed = "client-allowed", Account: "security groups, network ACLs and routes let the client through to every mount target"
    DnsAttributesOff = "dns-attributes-off", Account: "enableDnsSupport or enableDnsHostnames is off in the VPC"
    DnsAttributesOn = "dns-attributes-on", Account: "both DNS attributes of the VPC are on"
    PolicyDeniesAll = "policy-denies-all", Account: "the file system policy lets no client mount"
    PolicyNeedsTls = "policy-needs-tls", Account: "the file system policy denies mounting without TLS"
    PolicyNeedsIam = "policy-needs-iam", Account: "the file system policy lets only IAM identities mount"
    PolicyNeedsAccessPoint = "policy-needs-access-point", Account: "the file system policy lets clients mount by an access point only"
    PolicyReadOnly = "policy-read-only", Account: "the file system policy lets clients without IAM identity only read"
    PolicySquashesRoot = "policy-squashes-root", Account: "the file system policy denies root access to clients without IAM identity"
    PolicyKnown = "policy-known", Account: "what the file system policy lets clients do is known, whatever that is"
    AccessPointNotAvailable = "access-point-not-available", Account: "an access point is not available"
    AccessPointWithoutCreation = "access-point-without-creation", Account: "an access point names a directory and does not say how to create it"
    AccessPointsCreate = "access-points-create", Account: "no access point depends on a directory that has to exist"
    ReadOnlyCopy = "read-only-copy", Account: "the file system is the read-only copy of a replication"
    NoCopy = "no-copy", Account: "the file system is no copy of a replication"
    Encrypted = "encrypted", Account: "the file system is encrypted with a KMS key"
    NotEncrypted = "not-encrypted", Account: "the file system is not encrypted"
    NewFileSystem = "new-file-system", Account: "the file system was created less than three minutes ago"
    NearlyEmpty = "nearly-empty", Account: "the file system held no data when it was metered"
    HoldsDependents = "holds-dependents", Account: "the file system has mount targets, access points, or a replication"
    NoNfsClient = "no-nfs-client", Host: "mount.nfs4 is not installed"
    NfsClientPresent = "nfs-client-present", Host: "mount.nfs4 is installed"
    NoEfsUtils = "no-efs-utils", Host: "mount.efs is not installed"
    EfsUtilsPresent = "efs-utils-present", Host: "mount.efs is installed"
    FstabUsesEfs = "fstab-uses-efs", Host: "/etc/fstab mounts it with the type efs, and mount.efs is not installed"
    NoKernelNfs4 = "no-kernel-nfs4", Host: "the kernel has no NFS 4"
    KernelNfs4 = "kernel-nfs4", Host: "the kernel has NFS 4"
    NameNotResolved = "name-not-resolved", Host: "the DNS name of the file system does not resolve on this host"
    NameResolves = "name-resolves", Host: "the DNS name resolves to a mount target"
    NameElsewhere = "name-elsewhere", Host: "the DNS name resolves to an address that no mount target has"
    SearchDomain = "search-domain", Host: "the DNS name resolves otherwise with a dot behind it: a search domain takes it"
    HostsEntry = "hosts-entry", Host: "/etc/hosts gives the DNS name an address that no mount target has"
    OtherResolver = "other-resolver", Host: "the name servers of this host are not those of the VPC"
    NoAnswerHere = "no-answer-here", Host: "a mount target does not answer on TCP 2049"
    RefusedHere = "refused-here", Host: "the connection to a mount target is refused, or there is no way to it"
    SilentHere = "silent-here", Host: "TCP 2049 of a mount target accepts the connection and then does not answer, or closes"
    NotNfsHere = "not-nfs-here", Host: "what answers at the address of a mount target is not an NFS 4.1 server"
    HostReaches = "host-reaches", Host: "every mount target answers NFS 4.1 to this host"
    OutsideVpc = "outside-vpc", Host: "this host has no address in the VPC of the mount targets"
    ClockOff = "clock-off", Host: "the clock of this host is five minutes off, or more"
    MountedReservedPort = "mounted-without-noresvport", Host: "it is mounted without noresvport"
    MountedWithOptions = "mounted-with-options", Host: "it is mounted with options that lose data, locks or the connection"
    MountedElsewhere = "mounted-elsewhere", Host: "it is mounted through an address that no mount target has"
    StaleMount = "stale-mount", Host: "a mount point answers with a stale file handle"
    HangingMount = "hanging-mount", Host: "a mount point does not answer"
    FstabWithoutNetdev = "fstab-without-netdev", Host: "/etc/fstab mounts it without _netdev"
    ProxyDown = "proxy-down", Host: "nothing listens on the port of this host that its TLS mount goes through"
    ComparesNames = "compares-names", Host: "efs-utils compares the name in the certificate by stunnel"
    ManyGroups = "many-groups", Host: "this process has more than 16 groups"
    SaysTimeout = "says-timeout", Message: "the mount timed out"
    SaysDenied = "says-denied", Message: "the server denied the mount"
    SaysBadSuperblock = "says-bad-superblock", Message: "wrong fs type, bad option, bad superblock"
    SaysUnknownType = "says-unknown-type", Message: "the type efs is not known"
    SaysBadOption = "says-bad-option", Message: "an incorrect mount option, or a protocol that is not supported"
    SaysNoDirectory = "says-no-directory", Message: "no such file or directory"
    SaysUnresolved = "says-unresolved", Message: "the name could not be resolved"
    SaysNotResponding = "says-not-responding", Message: "the NFS server is not responding"
    SaysHung = "says-hung", Message: "a task is blocked"
    SaysStale = "says-stale", Message: "a stale or bad file handle"
    SaysBoot = "says-boot", Message: "the boot waits for a mount"
    SaysDeletedTarget = "says-deleted-target", Message: "a mount target was deleted while it was in use"
    SaysTargetState = "says-target-state", Message: "a mount target stays in creating or deleting"
    SaysTargetError = "says-target-error", Message: "a mount target is in the state error"
    SaysLimit = "says-limit", Message: "a limit of a client, a name or a file"
    SaysIoError = "says-io-error", Message: "an input/output error"
    SaysKey = "says-key", Message: "the KMS key cannot be used"
    SaysPermission = "says-permission", Message: "permission denied"
    SaysNotPermitted = "says-not-permitted", Message: "operation not permitted"
    SaysReadOnly = "says-read-only", Message: "read-only file system"
    SaysRefused = "says-refused", Message: "connection refused, or no route to host"
    SaysTls = "says-tls", Message: "TLS, a certificate, or stunnel"
    SaysClock = "says-clock", Message: "a signature that expired, or is not valid yet"
    SaysCredentials = "says-credentials", Message: "efs-utils finds no AWS credentials"
    SaysInUse = "says-in-use", Message: "the file system is in use and cannot be deleted"
    SaysThroughputLock = "says-throughput-lock", Message: "too many changes of the throughput"
    NamesAnotherFileSystem = "names-another-file-system", Message: "the message names another file system, or another region"
}
