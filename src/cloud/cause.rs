//! Why a call failed, where its code alone does not tell.

/// The kind of policy that a denial speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Policy {
    /// Of the organisation, for what its accounts may do.
    ServiceControl,
    /// Of the organisation, for what may be done to its resources.
    ResourceControl,
    /// The limit of a role or user.
    Boundary,
    /// Of the session of a role.
    Session,
    /// Of an endpoint in the VPC.
    VpcEndpoint,
    /// Of the resource itself.
    Resource,
    /// Of the role or user.
    Identity,
    /// Not said which.
    Unnamed,
}

/// Which endpoints were asked for beside the usual ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Variant {
    /// The usual ones.
    Usual,
    /// FIPS.
    Fips,
    /// IPv4 and IPv6.
    DualStack,
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The clock of this machine differs from that of AWS.
    Clock,
    /// It came too late, by the clock or by the life of the credentials: the words do not tell.
    ClockOrExpired,
    /// The session of the credentials is over.
    Expired,
    /// AWS does not know the key, or not in this region.
    UnknownKey,
    /// The key is known, and the secret is another one.
    WrongSecret,
    /// The region is not enabled for the account.
    RegionOff,
    /// A policy denies it explicitly.
    Forbidden(Policy),
    /// Policies of that kind have to allow it, and none does.
    NotAllowed(Policy),
    /// The denial names the right that is missing.
    RightMissing,
    /// The denial names no right: one beside that of the operation may be missing.
    RightUnnamed,
    /// The denial is encoded.
    Encoded,
    /// A security group of another VPC is meant for a mount target. The code says that the group was not found (seen by
    /// jupyter-infra/jupyter-deploy#375).
    OtherNetwork,
    /// IAM does not know a principal of the policy: it does not exist, or was created a moment ago.
    UnknownPrincipal,
    /// The KMS key is not there, or not for this caller.
    NoKey,
    /// Credentials were looked for, and none were found.
    NoCredentials,
    /// IAM Identity Center does not know the token of this profile any more, or has not given one.
    SignedOut {
        /// The profile to sign in with.
        profile: String,
    },
    /// The process of this profile gave no credentials.
    Process {
        /// The profile it is in.
        profile: String,
    },
    /// The name of the endpoint has no address.
    Unresolved(Variant),
    /// The proxy did not let it through.
    Proxy,
    /// The certificate of the endpoint is not trusted.
    Certificate,
    /// No one listens there.
    NobodyListens,
    /// No answer within the time for it.
    Silence,
    /// The connection was cut.
    ConnectionBroken,
    /// A web page answered.
    WebPage,
}

impl Variant {
    /// The variant of an endpoint of AWS, by its name (`botocore/data/endpoints.json`).
    pub fn of(host: &str) -> Self {
        let first = host.split('.').next().unwrap_or_default();
        if first.ends_with("-fips") {
            Self::Fips
        } else if [".api.aws", ".api.amazonwebservices.com.cn"]
            .iter()
            .any(|end| host.ends_with(end))
        {
            Self::DualStack
        } else {
            Self::Usual
        }
    }
}
