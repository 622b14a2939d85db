//! The requests that a policy is asked about, and what IAM knows of them.

use super::operator::Value;
use super::principals::{Who, account_of};

/// Set to false for NFS without TLS.
pub(super) const SECURE_TRANSPORT: &str = "aws:SecureTransport";
/// Set to true for an NFS client, which has no other way in.
pub(super) const VIA_MOUNT_TARGET: &str = "elasticfilesystem:AccessedViaMountTarget";
/// The access point a client mounts.
pub(super) const ACCESS_POINT: &str = "elasticfilesystem:AccessPointArn";
/// The address of the requester.
pub(super) const SOURCE_IP: &str = "aws:SourceIp";
/// The account of the principal that asks.
pub(super) const PRINCIPAL_ACCOUNT: &str = "aws:PrincipalAccount";
/// The user or role that asks; for a session its role.
pub(super) const PRINCIPAL_ARN: &str = "aws:PrincipalArn";
/// Whether an AWS service asks on its own behalf.
const IS_SERVICE: &str = "aws:PrincipalIsAWSService";

/// How a request comes to the file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// NFS without TLS, and so without IAM identity (UG: mounting-IAM-option) and by no access point (UG:
    /// mounting-access-points).
    Plain,
    /// NFS with TLS, by no access point.
    Tls,
    /// NFS by an access point, with TLS.
    AccessPoint,
    /// A call of the EFS API, which is HTTPS.
    Api,
}

impl Way {
    /// Those of NFS clients.
    pub const NFS: [Self; 3] = [Self::Plain, Self::Tls, Self::AccessPoint];
    pub(super) const ALL: [Self; 4] = [Self::Plain, Self::Tls, Self::AccessPoint, Self::Api];
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) way: Way,
    pub(super) who: Who<'a>,
    /// From an address that is in none of the narrow ranges the policy names; else the address is not known.
    pub(super) from_elsewhere: bool,
    /// The access point, where one is meant.
    pub(super) by: Option<&'a str>,
}

impl<'a> Request<'a> {
    pub(super) fn new(way: Way, who: Who<'a>) -> Self {
        Self {
            way,
            who,
            from_elsewhere: false,
            by: None,
        }
    }

    /// The same by that access point.
    pub(super) fn by(self, arn: &'a str) -> Self {
        let by = (self.way == Way::AccessPoint).then_some(arn);
        Self { by, ..self }
    }

    /// The same from an unknown address, and from one that no narrow range holds.
    pub(super) fn anywhere(self) -> [Self; 2] {
        [false, true].map(|from_elsewhere| Self {
            from_elsewhere,
            ..self
        })
    }

    /// The value of that key. `AccessedViaMountTarget` and `AccessPointArn` are keys of the client actions only (IAM
    /// service reference), and of NFS clients no more than four keys are known to be evaluated.
    pub(super) fn value(&self, key: &str) -> Value<'a> {
        let is = |wanted: &str| key.eq_ignore_ascii_case(wanted);
        if is(SECURE_TRANSPORT) {
            return Value::Is(if self.way == Way::Plain {
                "false"
            } else {
                "true"
            });
        }
        if is(VIA_MOUNT_TARGET) {
            return match self.way {
                Way::Api => Value::Absent,
                _ => Value::Is("true"),
            };
        }
        if is(ACCESS_POINT) {
            return match self.way {
                Way::AccessPoint => self.by.map_or(Value::Any, Value::Is),
                _ => Value::Absent,
            };
        }
        if is(SOURCE_IP) {
            return if self.from_elsewhere {
                Value::Other
            } else {
                Value::Unknown
            };
        }
        match self.way {
            Way::Api => self.identity(is),
            _ => Value::Unknown,
        }
    }

    /// Keys of the principal, which every signed call has (IAM guide: condition-keys).
    fn identity(&self, is: impl Fn(&str) -> bool) -> Value<'a> {
        let (account, arn) = match self.who {
            Who::Anonymous => return Value::Unknown,
            Who::Unnamed(account) => (Some(account), Value::Other),
            Who::Named(principal) if principal.is_service => return Value::Unknown,
            Who::Named(principal) => (account_of(&principal.name), principal.arn()),
        };
        if is(PRINCIPAL_ACCOUNT) {
            account.map_or(Value::Any, Value::Is)
        } else if is(PRINCIPAL_ARN) {
            arn
        } else if is(IS_SERVICE) {
            Value::Is("false")
        } else {
            Value::Unknown
        }
    }
}
