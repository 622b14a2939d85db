//! The causes: a cause is a row, and a row is all there is to one.

use super::diagnosis::Cause;
use super::remedies as to;
use super::sign::Sign;

macro_rules! causes {
    ($($id:literal: $title:literal, [$($sign:ident $weight:literal),+], unless [$($unless:ident),*], $remedy:ident, $source:literal;)+) => {
        /// Every cause. Of equally likely ones the first is named first.
        ///
        /// A weight says how much a sign points to a cause: 100 alone is certain, 60 is likely
        /// ([`Certainty::LEAST`](super::Certainty::LEAST)). A sign of weight 0 only adds its evidence.
        pub static CAUSES: &[Cause] = &[$(Cause {
            id: $id,
            title: $title,
            signs: &[$((Sign::$sign, $weight)),+],
            unless: &[$(Sign::$unless),*],
            remedy: to::$remedy,
            source: $source,
        }),+];
    };
}

causes! {
    "file-system-not-available": "the file system is not available",
        [FileSystemNotAvailable 100],
        unless [],
        SHOW, "EFS API reference, `FileSystemDescription`";
    "no-mount-target": "the file system has no mount target",
        [NoMountTarget 100, SaysUnresolved 20, SaysTimeout 10],
        unless [MountTargetsAvailable, HostReaches],
        ADD_MOUNT_TARGETS, "EFS user guide, “Troubleshooting mount issues”";
    "mount-target-error": "a mount target is in the state error: a private hosted zone for the EFS domain in its VPC",
        [MountTargetError 90, SaysTargetError 70],
        unless [MountTargetsAvailable],
        HOSTED_ZONE, "EFS user guide, “Troubleshooting mount issues”";
    "mount-target-changing": "a mount target is being created or deleted",
        [MountTargetChanging 80, SaysTargetState 65],
        unless [MountTargetsAvailable],
        WAIT, "EFS user guide, “Troubleshooting mount issues”";
    "mount-target-interface": "a mount target has lost its network interface, or the security groups on it",
        [NoInterface 100],
        unless [],
        RECREATE, "EFS user guide, “Managing mount targets”";
    "security-group-inbound": "the security groups of a mount target do not allow NFS from the client",
        [NoIngress 100, SaysTimeout 40, NoAnswerHere 20],
        unless [ClientAllowed, HostReaches],
        RULES, "EFS user guide, “Using VPC security groups”";
    "security-group-outbound": "the client's own security groups do not allow NFS to a mount target",
        [NoEgress 100, SaysTimeout 25, NoAnswerHere 10],
        unless [ClientAllowed, HostReaches],
        EGRESS, "EFS user guide, “Using VPC security groups”";
    "acl-of-mount-target": "the network ACL of a mount target's subnet blocks NFS",
        [AclOfMountTarget 100, SaysTimeout 20, NoAnswerHere 10],
        unless [ClientAllowed, HostReaches],
        ACL_OF_MOUNT_TARGET, "VPC user guide, “Network ACLs”";
    "acl-of-client": "the network ACL of the client's subnet blocks NFS",
        [AclOfClient 100, SaysTimeout 15, NoAnswerHere 10],
        unless [ClientAllowed, HostReaches],
        ACL_OF_CLIENT, "VPC user guide, “Network ACLs”";
    "address-family": "the client and a mount target have no address of one family",
        [OtherFamily 100],
        unless [],
        SHOW, "EFS user guide, “Managing mount targets”";
    "no-route": "no route leads from the client to a mount target, or back",
        [NoRoute 100, SaysTimeout 12, SaysRefused 25],
        unless [ClientAllowed, HostReaches],
        ROUTES, "VPC user guide, “Route tables”";
    "zone-without-mount-target": "the zone of the client has no mount target, so that the DNS name does not resolve there",
        [ZoneWithoutMountTarget 70, SaysUnresolved 35, NameNotResolved 10],
        unless [HostReaches, NameResolves],
        ADD_MOUNT_TARGETS, "EFS user guide, “Mounting on Amazon EC2 with a DNS name”";
    "one-zone-elsewhere": "the file system is One Zone, and its DNS name resolves only in that zone",
        [OneZoneElsewhere 60, SaysUnresolved 35],
        unless [NameResolves],
        ZONE, "EFS user guide, “Mounting file systems with EFS One Zone”";
    "dns-attributes": "enableDnsSupport or enableDnsHostnames is off in the VPC",
        [DnsAttributesOff 100, SaysUnresolved 40, NameNotResolved 20],
        unless [DnsAttributesOn, NameResolves],
        DNS, "VPC user guide, “DNS attributes”";
    "other-resolver": "the host asks another name server than that of the VPC",
        [OtherResolver 28, NameNotResolved 40, SaysUnresolved 38],
        unless [NameResolves],
        RESOLVER, "VPC user guide, “DHCP option sets”";
    "dns-not-propagated": "the DNS name of a new mount target is not known yet",
        [NewFileSystem 29, SaysUnresolved 32, NameNotResolved 20],
        unless [NameResolves],
        FRESH, "EFS user guide, “Troubleshooting mount issues”";
    "search-domain": "a search domain takes the DNS name: it resolves to an address that no mount target has",
        [SearchDomain 60, NameElsewhere 45],
        unless [],
        SEARCH, "resolv.conf(5); efs-utils issues about `ndots`";
    "hosts-entry": "/etc/hosts gives the DNS name another address",
        [HostsEntry 60, NameElsewhere 45],
        unless [],
        HOSTS, "hosts(5)";
    "name-elsewhere": "the DNS name resolves to an address that no mount target has",
        [NameElsewhere 75],
        unless [],
        BY_ADDRESS, "EFS user guide, “Troubleshooting mount issues”";
    "host-outside-vpc": "this host is not in the VPC of the mount targets, and no way leads there",
        [OutsideVpc 40, NoAnswerHere 30, RefusedHere 25, NameNotResolved 15],
        unless [HostReaches],
        FROM_CLIENT, "EFS user guide, “Mounting from another VPC”";
    "another-file-system": "the message is about another file system, or another region",
        [NamesAnotherFileSystem 70],
        unless [],
        THAT_ONE, "EFS user guide, “Troubleshooting mount issues”";
    "connection-refused": "what the client connects to is no mount target, or refuses TCP 2049",
        [RefusedHere 70, SaysRefused 60],
        unless [HostReaches],
        OTHER_ADDRESS, "EFS user guide, “Troubleshooting mount issues”";
    "not-an-nfs-server": "what answers at the address of a mount target is not EFS",
        [NotNfsHere 90, SilentHere 30],
        unless [],
        OTHER_ADDRESS, "RFC 8881";
    "server-does-not-answer": "a mount target takes the connection and does not answer: a proxy or a firewall in between took it, or the file system is overloaded",
        [SilentHere 75],
        unless [],
        ANSWERS, "EFS user guide, “Troubleshooting mount issues”";
    "policy-denies-mount": "the file system policy lets no client mount",
        [PolicyDeniesAll 100, SaysDenied 40],
        unless [PolicyKnown],
        POLICY, "EFS user guide, “Using IAM to control access to file systems”";
    "policy-requires-tls": "the file system policy denies mounting without TLS",
        [PolicyNeedsTls 40, SaysDenied 38],
        unless [PolicyKnown],
        TLS, "EFS user guide, “Using IAM to control access to file systems”";
    "policy-requires-iam": "the file system policy lets only IAM identities mount",
        [PolicyNeedsIam 45, SaysDenied 36],
        unless [PolicyKnown],
        IAM, "EFS user guide, “Using IAM to control access to file systems”";
    "policy-requires-access-point": "the file system policy lets clients mount by an access point only",
        [PolicyNeedsAccessPoint 45, SaysDenied 34],
        unless [PolicyKnown],
        BY_ACCESS_POINT, "EFS user guide, “Using IAM to control access to file systems”";
    "identity-denied": "the IAM identity of the client is denied elasticfilesystem:ClientMount, or the client mounts without it",
        [SaysDenied 32],
        unless [],
        IAM, "EFS user guide, “Using IAM to control access to file systems”";
    "access-point-not-available": "an access point is not available",
        [AccessPointNotAvailable 90],
        unless [],
        LIST_ACCESS_POINTS, "EFS API reference, `AccessPointDescription`";
    "access-point-directory": "the directory of an access point does not exist, and the access point does not create it",
        [AccessPointWithoutCreation 30, SaysNoDirectory 60],
        unless [AccessPointsCreate],
        CREATE_ACCESS_POINT, "EFS user guide, “Troubleshooting access point issues”";
    "root-squash": "the file system policy squashes root",
        [PolicySquashesRoot 30, SaysNotPermitted 45, SaysPermission 38],
        unless [PolicyKnown],
        ROOT, "EFS user guide, “Using IAM to control access to file systems”";
    "root-owns-directory": "the directory belongs to root with mode 755, as that of a new file system does",
        [SaysPermission 45, SaysNotPermitted 35, NearlyEmpty 0],
        unless [PolicySquashesRoot],
        OWN_DIRECTORY, "EFS user guide, “Working with users, groups, and permissions”";
    "many-groups": "the user has more than 16 groups, of which NFS transmits 16",
        [ManyGroups 30, SaysPermission 40],
        unless [],
        GROUPS, "EFS user guide, “Troubleshooting mount issues”";
    "policy-read-only": "the file system policy lets such a client only read",
        [PolicyReadOnly 40, SaysReadOnly 50],
        unless [PolicyKnown],
        WRITE, "EFS user guide, “Using IAM to control access to file systems”";
    "read-only-copy": "the file system is the copy of a replication, which is read-only",
        [ReadOnlyCopy 45, SaysReadOnly 50],
        unless [NoCopy],
        COPY, "EFS user guide, “Replicating file systems”";
    "kms-key": "the KMS key of the file system is disabled, about to be deleted, or not granted",
        [SaysKey 65, SaysIoError 60, Encrypted 0],
        unless [NotEncrypted],
        KEY, "EFS user guide, “Troubleshooting encryption”";
    "nfs-client-missing": "the NFS client is not installed",
        [NoNfsClient 90, SaysBadSuperblock 70],
        unless [NfsClientPresent],
        NFS_CLIENT, "EFS user guide, “Troubleshooting mount issues”";
    "efs-utils-missing": "efs-utils is not installed",
        [FstabUsesEfs 70, NoEfsUtils 30, SaysUnknownType 90],
        unless [EfsUtilsPresent],
        EFS_UTILS, "EFS user guide, “Installing the Amazon EFS client”";
    "kernel-without-nfs41": "the kernel of the client has no NFS 4.1",
        [NoKernelNfs4 95, SaysBadOption 70],
        unless [KernelNfs4],
        KERNEL, "EFS user guide, “Troubleshooting mount issues”";
    "mounted-without-noresvport": "it is mounted without noresvport, so that the client does not reconnect from a new port",
        [MountedReservedPort 65, SaysNotResponding 60],
        unless [],
        NORESVPORT, "EFS user guide, “Recommended NFS mount options”";
    "mount-options": "it is mounted with options that lose data, locks or the connection",
        [MountedWithOptions 65],
        unless [],
        OPTIONS, "EFS user guide, “Recommended NFS mount options”";
    "stale-handle": "it is mounted through a mount target that does not exist any more, whose address another one may have",
        [StaleMount 100, SaysStale 70],
        unless [],
        REMOUNT, "EFS user guide, “Troubleshooting mount issues”";
    "mount-target-deleted": "the mount target was deleted or replaced while it was mounted",
        [MountedElsewhere 90, HangingMount 60, SaysDeletedTarget 75],
        unless [],
        REMOUNT, "EFS user guide, “Troubleshooting mount issues”";
    "boot-without-netdev": "its line in /etc/fstab lacks _netdev: the boot waits for a network that is not there yet",
        [FstabWithoutNetdev 65, SaysBoot 60],
        unless [],
        FSTAB, "EFS user guide, “Troubleshooting mount issues”";
    "tls-proxy-down": "the process of efs-utils that encrypts does not run",
        [ProxyDown 80, SaysTls 20],
        unless [],
        WATCHDOG, "efs-utils, `watchdog`";
    "stunnel-hostname": "stunnel cannot compare the name in the certificate",
        [ComparesNames 40, SaysTls 60],
        unless [],
        STUNNEL, "EFS user guide, “Troubleshooting encryption”";
    "client-limits": "a limit of NFS clients or of files is reached",
        [SaysLimit 80],
        unless [],
        LIMITS, "EFS user guide, “Amazon EFS quotas”";
    "hung-tasks": "tasks wait for the file system: many writers, or a bug of the kernel",
        [SaysHung 70],
        unless [],
        HUNG, "EFS user guide, “Troubleshooting file operation errors”";
    "clock-skew": "the clock of the client is wrong, so that its signature is not valid",
        [SaysClock 90, ClockOff 95],
        unless [],
        CLOCK, "IAM user guide, “Troubleshooting AWS signature version 4 errors”";
    "no-credentials": "efs-utils finds no AWS credentials for mounting with iam",
        [SaysCredentials 85],
        unless [],
        CREDENTIALS, "efs-utils, `get_aws_security_credentials`";
    "delete-blocked": "the file system cannot be deleted while something belongs to it",
        [SaysInUse 80, HoldsDependents 0],
        unless [],
        DEPENDENTS, "EFS API reference, `DeleteFileSystem`";
    "throughput-locked": "EFS takes a change of the throughput once in 24 hours",
        [SaysThroughputLock 90],
        unless [],
        THROUGHPUT, "EFS API reference, `UpdateFileSystem`";
}
