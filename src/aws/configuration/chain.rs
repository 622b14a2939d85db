//! Whose credentials a run uses: the same places in the same order as botocore's credential resolver.
//!
//! Keys in the environment (unless a profile is asked for with `--profile`); the role of the profile; a web identity; IAM Identity
//! Center; keys in the credentials file; `aws login`; a process; keys in the configuration file; the container; the instance
//! (`botocore/credentials.py`, `create_credential_resolver` and `ProfileProviderBuilder`).

use std::time::Duration;

/// Where the first credentials come from.
#[derive(Clone, PartialEq, Eq)]
pub enum Base {
    /// Keys that stand somewhere.
    Keys(Keys),
    /// IAM Identity Center, with the token that `aws sso login` left.
    Sso(Sso),
    /// A token in a file, given to STS.
    WebIdentity(WebIdentity),
    /// A process that prints them.
    Process(Process),
    /// An address that the container was given.
    Container,
    /// The metadata of the instance.
    Instance,
    /// Nowhere: nothing is configured, and the metadata of an instance is turned off.
    Nowhere,
}

/// A pair of keys, perhaps of a session.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// The id of the key.
    pub id: String,
    /// The secret.
    pub secret: String,
    /// The token of a session.
    pub token: Option<String>,
}

/// What IAM Identity Center is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sso {
    /// The profile to sign in with.
    pub profile: String,
    /// `[sso-session …]`.
    pub session: Option<String>,
    /// `sso_start_url`.
    pub start_url: String,
    /// `sso_region`.
    pub region: String,
    /// `sso_account_id`.
    pub account: String,
    /// `sso_role_name`.
    pub role: String,
}

/// What STS is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebIdentity {
    /// The file with the token.
    pub file: String,
    /// The role.
    pub role: String,
    /// The name of the session.
    pub session: Option<String>,
}

/// A command that prints credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct Process {
    /// The profile it is in.
    pub profile: String,
    /// As a shell takes it.
    pub command: String,
}

/// A role that is assumed with the credentials before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Role {
    /// `role_arn`.
    pub arn: String,
    /// `external_id`.
    pub external_id: Option<String>,
    /// `role_session_name`.
    pub session: Option<String>,
    /// `duration_seconds`.
    pub duration: Option<Duration>,
}

/// The way to the credentials of a run.
#[derive(Clone, PartialEq, Eq)]
pub struct Chain {
    /// The first ones.
    pub base: Base,
    /// The roles that are assumed then, in this order.
    pub roles: Vec<Role>,
}

impl std::fmt::Debug for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let base = match &self.base {
            Base::Keys(_) => "keys",
            Base::Sso(_) => "SSO",
            Base::WebIdentity(_) => "a web identity",
            Base::Process(_) => "a process",
            Base::Container => "the container",
            Base::Instance => "the instance",
            Base::Nowhere => "nowhere",
        };
        write!(f, "{base}, then {:?}", self.roles)
    }
}
