//! One condition of a statement, and what it means for EFS.

use super::operator::{Operator, is_narrow_range};
use super::principals::account_of;
use super::request::{
    ACCESS_POINT, PRINCIPAL_ACCOUNT, PRINCIPAL_ARN, Request, SECURE_TRANSPORT, SOURCE_IP,
    VIA_MOUNT_TARGET,
};
use super::truth::Truth;
use crate::domain::wildcard;

/// The keys that EFS evaluates for NFS clients (UG: iam-access-control-nfs-efs). "Any other condition keys are not
/// enforced".
const ENFORCED: [&str; 4] = [SECURE_TRANSPORT, SOURCE_IP, ACCESS_POINT, VIA_MOUNT_TARGET];

/// The keys whose fixed values make a policy non-public (UG: access-control-block-public-access), beside
/// [`VIA_MOUNT_TARGET`]. The page names `aws:PrincipalOrgID` as an example of a principal: the others of its kind
/// follow.
const NON_PUBLIC: [&str; 11] = [
    SOURCE_IP,
    ORGANIZATION,
    ORGANIZATION_PATHS,
    PRINCIPAL_ACCOUNT,
    PRINCIPAL_ARN,
    "aws:SourceArn",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:SourceOwner",
    "aws:SourceAccount",
    "aws:userid",
];

/// The keys whose values name an account, alone or in an ARN.
const ACCOUNTS: [&str; 5] = [
    PRINCIPAL_ACCOUNT,
    PRINCIPAL_ARN,
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOwner",
];

/// The key whose values are organizations.
const ORGANIZATION: &str = "aws:PrincipalOrgID";
/// The key whose values are paths within an organization, which they begin with.
const ORGANIZATION_PATHS: &str = "aws:PrincipalOrgPaths";

/// `{operator: {key: values}}`: holds when one of the values fits. All conditions of a statement must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) operator: String,
    pub(super) key: String,
    pub(super) values: Vec<String>,
}

impl Condition {
    /// Whether it holds for that request. An operator that is not known may do anything.
    pub(super) fn holds(&self, request: &Request<'_>) -> Truth {
        Operator::parse(&self.operator).map_or(Truth::Perhaps, |operator| {
            operator.holds(&self.values, request.value(&self.key))
        })
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
        self.meant(&ACCOUNTS)
    }

    /// The organizations whose accounts are meant, and the paths in them.
    pub(super) fn organizations(&self) -> &[String] {
        self.meant(&[ORGANIZATION, ORGANIZATION_PATHS])
    }

    /// The users and roles that are meant, or are not.
    pub(super) fn principals(&self) -> &[String] {
        self.named(PRINCIPAL_ARN)
    }

    /// The access points that are meant, or are not.
    pub(super) fn access_points(&self) -> &[String] {
        let compares = Operator::parse(&self.operator).is_some_and(Operator::compares);
        if compares {
            self.named(ACCESS_POINT)
        } else {
            &[]
        }
    }

    fn named(&self, key: &str) -> &[String] {
        if self.is_on(key) { &self.values } else { &[] }
    }

    /// Whether it leaves only principals of accounts that it names.
    pub(super) fn fixes_accounts(&self) -> bool {
        let names_account = |value: &String| account_of(value).is_some();
        self.is_one_of(&[PRINCIPAL_ACCOUNT, PRINCIPAL_ARN])
            && self.demands()
            && !self.values.is_empty()
            && self.values.iter().all(names_account)
    }

    /// The values of these keys, where they say who is meant. A signed call has all keys of its principal, so
    /// `…IfExists` and `ForAllValues:` take nothing from that.
    fn meant(&self, keys: &[&str]) -> &[String] {
        let is_positive = Operator::parse(&self.operator).is_some_and(Operator::is_positive);
        if is_positive && self.is_one_of(keys) {
            &self.values
        } else {
            &[]
        }
    }

    fn is_fixed(&self) -> bool {
        let fixed = |value: &String| {
            !wildcard::is_open(value) && (!self.is_on(SOURCE_IP) || is_narrow_range(value))
        };
        self.demands() && !self.values.is_empty() && self.values.iter().all(fixed)
    }

    fn is_true(&self) -> bool {
        Operator::parse(&self.operator).is_some_and(Operator::is_bool)
            && !self.values.is_empty()
            && self.values.iter().all(|value| is(value, "true"))
    }

    fn demands(&self) -> bool {
        Operator::parse(&self.operator).is_some_and(Operator::demands)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::policy::principals::Principal;
    use crate::audit::policy::principals::Who;
    use crate::audit::policy::request::Way;

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
    fn a_condition_holds_by_the_way_a_request_comes() {
        use Truth::{No, Perhaps, Yes};
        use Way::{AccessPoint, Api, Plain, Tls};
        let cases = [
            ("Bool", SECURE_TRANSPORT, "false", Plain, Yes),
            ("BoolIfExists", "AWS:securetransport", "FALSE", Plain, Yes),
            ("StringEquals", SECURE_TRANSPORT, "false", Plain, Yes),
            ("StringNotEquals", SECURE_TRANSPORT, "true", Plain, Yes),
            ("Null", SECURE_TRANSPORT, "true", Plain, No),
            ("Bool", SECURE_TRANSPORT, "false", Tls, No),
            ("Bool", SECURE_TRANSPORT, "true", Api, Yes),
            ("Bool", VIA_MOUNT_TARGET, "true", Plain, Yes),
            ("Bool", VIA_MOUNT_TARGET, "false", Plain, No),
            ("Bool", VIA_MOUNT_TARGET, "false", Api, No),
            ("BoolIfExists", VIA_MOUNT_TARGET, "false", Api, Yes),
            ("Null", VIA_MOUNT_TARGET, "true", Api, Yes),
            ("StringEquals", ACCESS_POINT, "x", Plain, No),
            ("StringEquals", ACCESS_POINT, "x", AccessPoint, Perhaps),
            ("StringLike", ACCESS_POINT, "*", AccessPoint, Yes),
            ("ArnNotEquals", ACCESS_POINT, "x", Tls, Yes),
            ("ArnNotLikeIfExists", ACCESS_POINT, "x", Api, Yes),
            ("Null", ACCESS_POINT, "false", AccessPoint, Yes),
            ("IpAddress", SOURCE_IP, "192.0.2.0/24", Plain, Perhaps),
            ("StringEquals", "aws:SourceVpc", "vpc-1", Plain, Perhaps),
            ("Frobnicate", SECURE_TRANSPORT, "true", Plain, Perhaps),
        ];
        for (operator, key, value, way, expected) in cases {
            let condition = condition(operator, key, &[value]);
            let request = Request::new(way, Who::Anonymous);
            assert_eq!(condition.holds(&request), expected, "{condition:?} {way:?}");
        }
    }

    #[test]
    fn a_call_of_the_api_has_the_keys_of_its_principal() {
        use Truth::{No, Perhaps, Yes};
        let admin = Principal::identity("arn:aws:iam::111122223333:role/admin");
        let (named, unnamed) = (Who::Named(&admin), Who::Unnamed("111122223333"));
        let cases = [
            ("StringEquals", PRINCIPAL_ACCOUNT, "111122223333", Yes, Yes),
            (
                "StringNotEquals",
                PRINCIPAL_ACCOUNT,
                "444455556666",
                Yes,
                Yes,
            ),
            ("ArnNotEquals", PRINCIPAL_ARN, &admin.name, Yes, No),
            (
                "ArnNotLike",
                PRINCIPAL_ARN,
                "arn:aws:iam::*:role/*",
                Perhaps,
                No,
            ),
            ("Bool", "aws:PrincipalIsAWSService", "false", Yes, Yes),
            (
                "StringEquals",
                "aws:PrincipalOrgID",
                "o-1",
                Perhaps,
                Perhaps,
            ),
        ];
        for (operator, key, value, of_unnamed, of_named) in cases {
            let condition = condition(operator, key, &[value]);
            let holds = |who| condition.holds(&Request::new(Way::Api, who));
            assert_eq!(holds(unnamed), of_unnamed, "{condition:?}");
            assert_eq!(holds(named), of_named, "{condition:?}");
        }
    }
}
