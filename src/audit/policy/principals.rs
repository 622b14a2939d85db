//! Whom a statement is about.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};

use super::document::{Entries, OneOrMany};

/// Whom a statement is about: its `Principal`, or everybody but its `NotPrincipal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principals {
    /// `"*"` or `{"AWS": "*"}`: everybody, anonymous NFS clients included.
    Everybody,
    /// Accounts, roles, users and services, as written.
    Named(Vec<String>),
    /// Everybody but these. Anonymous clients are among everybody (IAM guide: `NotPrincipal`).
    EverybodyBut(Vec<String>),
}

impl Principals {
    /// Whether a client without IAM identity is meant too.
    pub fn include_anonymous(&self) -> bool {
        match self {
            Self::Everybody | Self::EverybodyBut(_) => true,
            Self::Named(_) => false,
        }
    }

    /// Whether every principal of that account is surely meant.
    pub(super) fn include_account(&self, account: &str) -> bool {
        let is_root = |name: &String| name.ends_with(":root") && account_of(name) == Some(account);
        match self {
            Self::Everybody => true,
            Self::Named(names) => names.iter().any(|name| name == account || is_root(name)),
            Self::EverybodyBut(_) => false,
        }
    }

    /// Whether they are not a fixed set: everybody, or a name with a wildcard.
    pub(super) fn are_open(&self) -> bool {
        match self {
            Self::Everybody | Self::EverybodyBut(_) => true,
            Self::Named(names) => names.iter().any(|name| name.contains('*')),
        }
    }

    /// Those that are named to be meant.
    pub(super) fn names(&self) -> &[String] {
        match self {
            Self::Named(names) => names,
            Self::Everybody | Self::EverybodyBut(_) => &[],
        }
    }

    pub(super) fn others(self) -> Self {
        match self {
            Self::Everybody => Self::Named(Vec::new()),
            Self::Named(names) | Self::EverybodyBut(names) => Self::EverybodyBut(names),
        }
    }
}

impl fmt::Display for Principals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everybody => f.write_str("everybody"),
            Self::Named(names) if names.is_empty() => f.write_str("nobody"),
            Self::Named(names) => f.write_str(&names.join(", ")),
            Self::EverybodyBut(names) => write!(f, "everybody but {}", names.join(", ")),
        }
    }
}

/// The account of a principal or of an ARN: `111122223333`, `arn:aws-cn:iam::111122223333:root`.
pub(super) fn account_of(name: &str) -> Option<&str> {
    let account = if name.starts_with("arn:") {
        name.split(':').nth(4)?
    } else {
        name
    };
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    is_account.then_some(account)
}

impl<'de> Deserialize<'de> for Principals {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PrincipalsVisitor)
    }
}

struct PrincipalsVisitor;

impl<'de> Visitor<'de> for PrincipalsVisitor {
    type Value = Principals;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#""*" or an object of principals"#)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Principals, E> {
        if value == "*" {
            Ok(Principals::Everybody)
        } else {
            Err(E::invalid_value(Unexpected::Str(value), &self))
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Principals, A::Error> {
        let Entries(kinds) =
            Entries::<OneOrMany<String>>::deserialize(MapAccessDeserializer::new(map))?;
        let everybody = |(kind, OneOrMany(names)): &(String, OneOrMany<String>)| {
            kind.eq_ignore_ascii_case("AWS") && names.iter().any(|name| name == "*")
        };
        if kinds.iter().any(everybody) {
            return Ok(Principals::Everybody);
        }
        let names = kinds.into_iter().flat_map(|(_, OneOrMany(names))| names);
        Ok(Principals::Named(names.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_twelve_digits_alone_or_in_an_arn() {
        let cases = [
            ("111122223333", Some("111122223333")),
            ("arn:aws:iam::111122223333:root", Some("111122223333")),
            ("arn:aws-cn:iam::111122223333:role/a", Some("111122223333")),
            (
                "arn:aws-us-gov:sts::111122223333:assumed-role/a/b",
                Some("111122223333"),
            ),
            ("arn:aws:s3:::bucket", None),
            ("arn:aws", None),
            ("AROAEXAMPLE", None),
            ("11112222333", None),
            ("transfer.amazonaws.com", None),
            ("", None),
        ];
        for (name, account) in cases {
            assert_eq!(account_of(name), account, "{name}");
        }
    }

    #[test]
    fn principals_are_read_from_every_form() {
        let named =
            |names: &[&str]| Principals::Named(names.iter().map(|&n| n.to_owned()).collect());
        let cases = [
            (r#""*""#, Principals::Everybody),
            (r#"{"AWS":"*"}"#, Principals::Everybody),
            (r#"{"AWS":["111122223333","*"]}"#, Principals::Everybody),
            (r#"{"AWS":"111122223333"}"#, named(&["111122223333"])),
            (r#"{"AWS":["a"],"Service":"b"}"#, named(&["a", "b"])),
            (r#"{"Service":"*"}"#, named(&["*"])),
            ("{}", named(&[])),
        ];
        for (text, principals) in cases {
            assert_eq!(
                serde_json::from_str::<Principals>(text).unwrap(),
                principals,
                "{text}"
            );
        }
        for bad in [
            r#""111122223333""#,
            "1",
            "null",
            "[]",
            r#"{"AWS":1}"#,
            r#"{"AWS":{}}"#,
        ] {
            assert!(serde_json::from_str::<Principals>(bad).is_err(), "{bad}");
        }
        assert_eq!(
            named(&["a", "b"]).others().to_string(),
            "everybody but a, b"
        );
        assert_eq!(Principals::Everybody.others().to_string(), "nobody");
    }
}
