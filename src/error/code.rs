//! Why a run failed: a stable name for each cause.

use super::Kind;

macro_rules! codes {
    ($($name:ident = $word:literal, $kind:ident: $meaning:literal)+) => {
        /// Why a run failed. Its name is stable: scripts may compare it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $name,)+
        }

        impl Code {
            /// All of them, in the order of their kinds.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable name in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            /// The kind of end it is, unless something of the run is left.
            pub fn kind(self) -> Kind {
                match self {
                    $(Self::$name => Kind::$kind,)+
                }
            }

            /// One line of documentation.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $meaning,)+
                }
            }
        }
    };
}

codes! {
    Failed = "failed", Failed: "any other failure"
    AwsRefused = "aws-refused", Failed: "AWS refused the call; its message says why"
    AwsUnavailable = "aws-unavailable", Failed: "AWS refused the call for now"
    Throttled = "throttled", Failed: "AWS throttles the account"
    NoAnswer = "no-answer", Failed: "no usable answer: a network, an endpoint, a proxy, or AWS itself"
    QuotaExceeded = "quota-exceeded", Failed: "a quota of the account is reached"
    NoFreeAddress = "no-free-address", Failed: "a subnet has no free address for a mount target"
    InErrorState = "in-error-state", Failed: "a resource is in a state that does not change by itself"
    InUse = "in-use", Failed: "a resource that has to be deleted is in use by something that is not of this run"
    Vanished = "vanished", Failed: "a resource was deleted during the run"
    NotConfirmed = "not-confirmed", Failed: "it was not confirmed"
    OutputFailed = "output-failed", Failed: "the result could not be written"
    SandboxFailed = "sandbox-failed", Failed: "the simulated account cannot be read, kept or served"
    DiskFull = "disk-full", Failed: "the disk is full, or a quota is reached"
    ServeFailed = "serve-failed", Failed: "the address to serve at cannot be opened"
    InvalidArguments = "invalid-arguments", Usage: "the command line cannot be read, or its options exclude each other"
    InvalidConfiguration = "invalid-configuration", Usage: "a value in the environment or in a profile is invalid"
    InvalidFile = "invalid-file", Usage: "a named file cannot be read, or is invalid"
    RegionMissing = "region-missing", Usage: "no region is named: not by `--region`, a variable or a profile"
    RegionMismatch = "region-mismatch", Usage: "a named resource is in another region than the one requested"
    ConfirmationMissing = "confirmation-missing", Usage: "refusing to delete, or to take away access or safety, without confirmation: stdin is not a terminal"
    InvalidAccessPoint = "invalid-access-point", Usage: "an access point is requested twice, or EFS does not accept it"
    UnsupportedCombination = "unsupported-combination", Usage: "EFS does not accept this combination of settings"
    OpenToInternet = "open-to-internet", Usage: "NFS would be open to the Internet, and `--open-to-the-world` is not given"
    TooManyRules = "too-many-rules", Usage: "more rules than a security group can hold"
    TooManySecurityGroups = "too-many-security-groups", Usage: "more security groups than a mount target can have"
    PolicyLocksOut = "policy-locks-out", Usage: "no principal could change the file system policy again, and `--bypass-lockout-check` is not given"
    TooManyTags = "too-many-tags", Usage: "more tags than a file system can have"
    NoDefaultVpc = "no-default-vpc", Usage: "no VPC is named, and the region has no default VPC"
    NoSubnet = "no-subnet", Usage: "no subnet for a mount target"
    SeveralVpcs = "several-vpcs", Usage: "the subnets are in several VPCs"
    SubnetElsewhere = "subnet-elsewhere", Usage: "a subnet is not in the requested VPC, or not in the requested zones"
    SubnetUnsuitable = "subnet-unsuitable", Usage: "a subnet does not support mount targets, or not this IP address type"
    ZoneUnsuitable = "zone-unsuitable", Usage: "a zone has no mount targets: it is no Availability Zone of the region"
    ZoneWithoutSubnet = "zone-without-subnet", Usage: "a requested zone has no subnet"
    VpcUnavailable = "vpc-unavailable", Usage: "the VPC is not available"
    SecurityGroupElsewhere = "security-group-elsewhere", Usage: "a security group is in another VPC than the mount targets"
    Findings = "findings", Policy: "`validate` found failures that count"
    NothingJudged = "nothing-judged", Policy: "`validate --strict` had nothing to check for something that was requested"
    NotUsable = "not-usable", Policy: "`verify` could not use the file system as asked"
    NotVerified = "not-verified", Policy: "`verify` could not tell whether the file system can be used"
    CauseFound = "cause-found", Policy: "`doctor` found a cause that is certain or likely"
    ChangesDue = "changes-due", Policy: "`--dry-run --check` found changes"
    AwsConflict = "aws-conflict", Conflict: "AWS refuses the call because of what exists"
    NameTaken = "name-taken", Conflict: "the name belongs to another resource"
    NameAmbiguous = "name-ambiguous", Conflict: "the name belongs to several file systems or access points"
    SettingsDiffer = "settings-differ", Conflict: "what exists under the name has other immutable settings"
    PolicyOverridden = "policy-overridden", Conflict: "another statement of the file system policy undoes a requested preset"
    NotManaged = "not-managed", Conflict: "efsctl did not create it, so it does not delete it"
    NotExpired = "not-expired", Conflict: "the file system no longer is expired"
    HoldsData = "holds-data", Conflict: "the file system holds data, and neither `--with-data` nor `--force` is given"
    HasAccessPoints = "has-access-points", Conflict: "the file system has access points that efsctl did not create, and `--force` is not given"
    Replicated = "replicated", Conflict: "the file system is part of a replication"
    ReadOnlyCopy = "read-only-copy", Conflict: "the file system is the copy that a replication writes"
    OtherAccount = "other-account", Conflict: "the file system belongs to another account"
    PolicyDeniesClient = "policy-denies-client", Conflict: "the file system policy denies what a client would do, or lets it mount in another way only"
    NoMountTarget = "no-mount-target", Conflict: "the file system has no mount target, or none in the requested zone or with the requested address"
    NotAvailable = "not-available", Conflict: "the file system, its mount targets or its access point are not available"
    FileExists = "file-exists", Conflict: "the file of `--write` exists, and `--force` is not given"
    SecurityGroupInUse = "security-group-in-use", Conflict: "others use the security group, and `--force` is not given"
    LimitReached = "limit-reached", Conflict: "the workspace would hold more than it may"
    WrongStatus = "wrong-status", Conflict: "the workspace is in a status that does not allow it, or something is in the way"
    Damaged = "damaged", Conflict: "the metadata of the workspace cannot be used"
    Held = "held", Conflict: "the workspace is held"
    BaseUnavailable = "base-unavailable", Conflict: "the base directory of the workspaces does not exist or cannot be used"
    TimedOut = "timed-out", TimedOut: "timed out"
    NotReachableFromHere = "not-reachable-from-here", TimedOut: "nothing answered, and this host is in no network that reaches the VPC: whether it works is not known"
    NotFound = "not-found", NotFound: "a named resource does not exist"
    FileSystemNotFound = "file-system-not-found", NotFound: "there is no such file system"
    VpcNotFound = "vpc-not-found", NotFound: "there is no such VPC"
    SubnetNotFound = "subnet-not-found", NotFound: "there is no such subnet"
    SecurityGroupNotFound = "security-group-not-found", NotFound: "there is no such security group"
    PrefixListNotFound = "prefix-list-not-found", NotFound: "there is no such prefix list"
    ClientNotFound = "client-not-found", NotFound: "a given client does not exist"
    TagNotFound = "tag-not-found", NotFound: "no file system carries the tag"
    AccessDenied = "access-denied", Denied: "the credentials are valid, but a permission is missing"
    CredentialsMissing = "credentials-missing", Denied: "there are no credentials"
    CredentialsRejected = "credentials-rejected", Denied: "AWS rejects the credentials: wrong, expired, or not valid in this region"
    Interrupted = "interrupted", Interrupted: "ctrl-C"
    Terminated = "terminated", Terminated: "SIGTERM"
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_has_a_name_of_its_own_and_every_kind_but_leftovers_has_codes() {
        let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        let kinds: BTreeSet<Kind> = Code::ALL.iter().map(|code| code.kind()).collect();
        let mut all = BTreeSet::from(Kind::ALL);
        // What is left is reported of any failure.
        all.remove(&Kind::Leftovers);
        assert_eq!(kinds, all);
    }
}
