//! One condition of a statement, and what it means for EFS.

use std::net::IpAddr;

use super::wildcard;

/// Set to false for NFS without TLS.
const SECURE_TRANSPORT: &str = "aws:SecureTransport";
/// Set to true for an NFS client, which has no other way in.
const VIA_MOUNT_TARGET: &str = "elasticfilesystem:AccessedViaMountTarget";
/// The access point a client mounts.
const ACCESS_POINT: &str = "elasticfilesystem:AccessPointArn";
/// The address of the requester.
const SOURCE_IP: &str = "aws:SourceIp";

/// The keys that EFS evaluates for NFS clients (UG: iam-access-control-nfs-efs). "Any other condition keys are not
/// enforced".
const ENFORCED: [&str; 4] = [SECURE_TRANSPORT, SOURCE_IP, ACCESS_POINT, VIA_MOUNT_TARGET];

/// The keys whose fixed values make a policy non-public (UG: access-control-block-public-access), beside
/// [`VIA_MOUNT_TARGET`]. The page names `aws:PrincipalOrgID` as an example of a principal: the others of its kind
/// follow.
const NON_PUBLIC: [&str; 11] = [
    SOURCE_IP,
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:SourceArn",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:SourceOwner",
    "aws:SourceAccount",
    "aws:userid",
];

/// The keys whose values name an account, alone or in an ARN.
const ACCOUNTS: [&str; 5] = [
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOwner",
];

/// Operators that demand one of the values. `…IfExists` and `ForAllValues:` are not among them: both hold when the
/// request lacks the key.
const POSITIVE: [&str; 7] = [
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "ArnEquals",
    "ArnLike",
    "IpAddress",
    "Bool",
];

/// `{operator: {key: values}}`: holds when one of the values fits. All conditions of a statement must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) operator: String,
    pub(super) key: String,
    pub(super) values: Vec<String>,
}

impl Condition {
    /// Whether it surely holds for an NFS client that connects without TLS.
    pub(super) fn holds_for_plaintext(&self) -> bool {
        self.has_operator(&["Bool", "BoolIfExists"])
            && (self.is_on(SECURE_TRANSPORT) && self.values.iter().any(|value| is(value, "false"))
                || self.is_on(VIA_MOUNT_TARGET)
                    && self.values.iter().any(|value| is(value, "true")))
    }

    /// Whether it surely holds for every NFS client: EFS has no other way in for them than a mount target.
    pub(super) fn holds_for_nfs(&self) -> bool {
        self.has_operator(&["Bool", "BoolIfExists"])
            && self.is_on(VIA_MOUNT_TARGET)
            && self.values.iter().any(|value| is(value, "true"))
    }

    /// Whether it surely fails for a client that connects without TLS.
    pub(super) fn requires_tls(&self) -> bool {
        self.is_on(SECURE_TRANSPORT) && self.is_true()
    }

    /// Whether it makes a grant to everybody non-public in the sense of EFS block public access.
    pub(super) fn makes_non_public(&self) -> bool {
        if self.is_on(VIA_MOUNT_TARGET) {
            return self.is_true();
        }
        self.is_one_of(&NON_PUBLIC) && self.is_fixed()
    }

    /// Whether it leaves only some of the clients, by a value that is fixed.
    pub(super) fn narrows(&self) -> bool {
        self.makes_non_public() || self.is_on(ACCESS_POINT) && self.is_fixed()
    }

    /// Whether EFS evaluates the key for NFS clients.
    pub(super) fn is_enforced(&self) -> bool {
        self.is_one_of(&ENFORCED)
    }

    /// The values that say which accounts are meant.
    pub(super) fn accounts(&self) -> &[String] {
        if self.is_positive() && self.is_one_of(&ACCOUNTS) {
            &self.values
        } else {
            &[]
        }
    }

    fn is_fixed(&self) -> bool {
        let fixed = |value: &String| {
            !wildcard::is_open(value) && (!self.is_on(SOURCE_IP) || is_narrow_range(value))
        };
        self.is_positive() && !self.values.is_empty() && self.values.iter().all(fixed)
    }

    fn is_true(&self) -> bool {
        self.has_operator(&["Bool"])
            && !self.values.is_empty()
            && self.values.iter().all(|value| is(value, "true"))
    }

    fn is_positive(&self) -> bool {
        let plain = match self.operator.split_once(':') {
            Some((set, plain)) if is(set, "ForAnyValue") => plain,
            _ => &self.operator,
        };
        POSITIVE.iter().any(|operator| is(plain, operator))
    }

    fn has_operator(&self, operators: &[&str]) -> bool {
        operators
            .iter()
            .any(|operator| is(&self.operator, operator))
    }

    fn is_on(&self, key: &str) -> bool {
        is(&self.key, key)
    }

    fn is_one_of(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.is_on(key))
    }
}

fn is(found: &str, wanted: &str) -> bool {
    found.eq_ignore_ascii_case(wanted)
}

/// An address, or a range that is not most of the Internet. EFS states no limit: /8 and /32 are those of S3 block
/// public access.
fn is_narrow_range(value: &str) -> bool {
    let (address, length) = match value.split_once('/') {
        Some((address, length)) => (address, length.parse::<u8>().ok()),
        None => (value, Some(u8::MAX)),
    };
    match (address.parse(), length) {
        (Ok(IpAddr::V4(_)), Some(length)) => length >= 8,
        (Ok(IpAddr::V6(_)), Some(length)) => length >= 32,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(operator: &str, key: &str, values: &[&str]) -> Condition {
        Condition {
            operator: operator.to_owned(),
            key: key.to_owned(),
            values: values.iter().map(|&value| value.to_owned()).collect(),
        }
    }

    #[test]
    fn a_fixed_value_narrows_and_a_wildcard_does_not() {
        let cases = [
            ("Bool", VIA_MOUNT_TARGET, &["true"][..], true),
            (
                "bool",
                "ELASTICFILESYSTEM:accessedviamounttarget",
                &["True"],
                true,
            ),
            ("Bool", VIA_MOUNT_TARGET, &["false"], false),
            ("Bool", VIA_MOUNT_TARGET, &["true", "false"], false),
            ("BoolIfExists", VIA_MOUNT_TARGET, &["true"], false),
            ("Bool", SECURE_TRANSPORT, &["true"], false),
            ("StringEquals", "aws:SourceVpc", &["vpc-1", "vpc-2"], true),
            (
                "ForAnyValue:StringEquals",
                "aws:SourceVpc",
                &["vpc-1"],
                true,
            ),
            (
                "ForAllValues:StringEquals",
                "aws:SourceVpc",
                &["vpc-1"],
                false,
            ),
            ("StringEqualsIfExists", "aws:SourceVpc", &["vpc-1"], false),
            ("StringNotEquals", "aws:SourceVpc", &["vpc-1"], false),
            ("StringLike", "aws:SourceVpc", &["vpc-1", "vpc-*"], false),
            ("StringEquals", "aws:SourceVpc", &[], false),
            ("StringEquals", "aws:PrincipalOrgID", &["o-1"], true),
            ("StringEquals", "aws:PrincipalAccount", &["${aws:x}"], false),
            ("StringLike", "aws:userid", &["AROLEID:*"], false),
            ("StringEquals", "aws:RequestedRegion", &["eu-west-1"], false),
            (
                "IpAddress",
                SOURCE_IP,
                &["192.0.2.0/24", "198.51.100.7"],
                true,
            ),
            ("IpAddress", SOURCE_IP, &["0.0.0.0/0"], false),
            ("IpAddress", SOURCE_IP, &["0.0.0.0/1", "128.0.0.0/1"], false),
            ("IpAddress", SOURCE_IP, &["::/0"], false),
            ("IpAddress", SOURCE_IP, &["2001:db8::/32"], true),
            ("IpAddress", SOURCE_IP, &["nonsense"], false),
            ("NotIpAddress", SOURCE_IP, &["192.0.2.0/24"], false),
            ("Frobnicate", "aws:SourceVpc", &["vpc-1"], false),
        ];
        for (operator, key, values, expected) in cases {
            let condition = condition(operator, key, values);
            assert_eq!(condition.makes_non_public(), expected, "{condition:?}");
            assert_eq!(condition.narrows(), expected, "{condition:?}");
        }
        let access_point = condition("StringEquals", ACCESS_POINT, &["arn:aws:x"]);
        assert!(access_point.narrows() && !access_point.makes_non_public());
    }

    #[test]
    fn without_tls_is_what_secure_transport_false_means() {
        let cases = [
            ("Bool", SECURE_TRANSPORT, &["false"][..], true),
            ("BoolIfExists", "AWS:securetransport", &["FALSE"], true),
            ("Bool", SECURE_TRANSPORT, &["true"], false),
            ("Bool", VIA_MOUNT_TARGET, &["true"], true),
            ("Bool", VIA_MOUNT_TARGET, &["false"], false),
            ("StringEquals", SECURE_TRANSPORT, &["false"], false),
            ("Null", SECURE_TRANSPORT, &["false"], false),
            ("IpAddress", SOURCE_IP, &["192.0.2.0/24"], false),
        ];
        for (operator, key, values, expected) in cases {
            let condition = condition(operator, key, values);
            assert_eq!(condition.holds_for_plaintext(), expected, "{condition:?}");
        }
        assert!(condition("Bool", SECURE_TRANSPORT, &["true"]).requires_tls());
        assert!(!condition("BoolIfExists", SECURE_TRANSPORT, &["true"]).requires_tls());
        assert!(!condition("Bool", SECURE_TRANSPORT, &["true", "false"]).requires_tls());
    }
}
