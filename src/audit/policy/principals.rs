//! Whom a statement is about.

use crate::domain::settings::policy::members::{Entries, OneOrMany};
use crate::domain::text::list;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};

use super::operator::Value;
use super::truth::Truth;

/// Who asks: always one, so that what holds for one of the named does not hold for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who<'a> {
    /// Someone without IAM identity.
    Anonymous,
    /// A principal of that account that the policy does not name.
    Unnamed(&'a str),
    Named(&'a Principal),
}

/// One who is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// As written: an account, the ARN of a user or role, a service.
    pub name: String,
    /// It is an AWS service, which is never an NFS client.
    pub is_service: bool,
}

impl Principal {
    /// An account, user or role.
    pub(super) fn identity(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            is_service: false,
        }
    }

    /// What IAM knows of its ARN. That of a session is the one of its role, which may be in a path.
    pub(super) fn arn(&self) -> Value<'_> {
        let parts: Vec<&str> = self.name.splitn(6, ':').collect();
        match parts.as_slice() {
            ["arn", _, "iam", _, _, of] if *of != "root" => Value::Is(&self.name),
            _ => Value::Any,
        }
    }

    /// Whether it is that account as a whole: `111122223333`, or the ARN of its root.
    pub(super) fn is_account(&self, account: &str) -> bool {
        let name = self.name.as_str();
        name == account || name.ends_with(":root") && account_of(name) == Some(account)
    }

    /// Whether it is the unique id of someone who was deleted. IAM turns the ARN of a principal into its id when the policy is
    /// saved, and shows the id when there is no ARN for it any more; one that is recreated under the same name has another id (EFS
    /// user guide, "Resource-based policy examples for EFS"; prefixes: IAM user guide, "Unique identifiers").
    pub fn is_deleted(&self) -> bool {
        const PREFIXES: [&str; 4] = ["AROA", "AIDA", "AGPA", "AIPA"];
        let id = self.name.as_str();
        !self.is_service
            && PREFIXES.iter().any(|prefix| id.starts_with(prefix))
            && (16..=128).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    }

    fn is_pattern(&self) -> bool {
        self.name.contains('*')
    }
}

/// Whom a statement is about: its `Principal`, or everybody but its `NotPrincipal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principals {
    /// `"*"` or `{"AWS": "*"}`: everybody, anonymous NFS clients included.
    Everybody,
    /// Accounts, roles, users and services, as written.
    Named(Vec<Principal>),
    /// Everybody but these. Anonymous clients are among everybody (IAM guide: `NotPrincipal`).
    EverybodyBut(Vec<Principal>),
}

impl Principals {
    /// Whether a client without IAM identity is meant too.
    pub fn include_anonymous(&self) -> bool {
        match self {
            Self::Everybody | Self::EverybodyBut(_) => true,
            Self::Named(_) => false,
        }
    }

    pub(super) fn include(&self, who: Who<'_>) -> Truth {
        let account = match who {
            Who::Anonymous => return Truth::from(self.include_anonymous()),
            Who::Unnamed(account) => Some(account),
            Who::Named(principal) => account_of(&principal.name),
        };
        match self {
            Self::Everybody => Truth::Yes,
            Self::Named(names) => named(names, who, account),
            Self::EverybodyBut(names) => excepted(names, who, account).negated(),
        }
    }

    /// Whether they are not a fixed set: everybody, or a name with a wildcard.
    pub(super) fn are_open(&self) -> bool {
        match self {
            Self::Everybody | Self::EverybodyBut(_) => true,
            Self::Named(names) => names.iter().any(Principal::is_pattern),
        }
    }

    /// Those that are named to be meant.
    pub(super) fn names(&self) -> &[Principal] {
        match self {
            Self::Named(names) => names,
            Self::Everybody | Self::EverybodyBut(_) => &[],
        }
    }

    /// Those that are named not to be meant.
    pub(super) fn exceptions(&self) -> &[Principal] {
        match self {
            Self::EverybodyBut(names) => names,
            Self::Everybody | Self::Named(_) => &[],
        }
    }

    pub(super) fn others(self) -> Self {
        match self {
            Self::Everybody => Self::Named(Vec::new()),
            Self::Named(names) | Self::EverybodyBut(names) => Self::EverybodyBut(names),
        }
    }
}

/// Whether `Principal` with these names is about that one: itself, or its account.
fn named(names: &[Principal], who: Who<'_>, account: Option<&str>) -> Truth {
    let itself = |name: &Principal| who == Who::Named(name);
    let by_account = |name: &Principal| account.is_some_and(|account| name.is_account(account));
    if names.iter().any(|name| itself(name) || by_account(name)) {
        return Truth::Yes;
    }
    // A session is meant by its role as well, and a wildcard by whom it covers.
    let may_be = |name: &Principal| {
        name.is_pattern() || account_of(&name.name) == account && is_session(who)
    };
    if names.iter().any(may_be) {
        return Truth::Perhaps;
    }
    Truth::No
}

/// Whether `NotPrincipal` with these names leaves that one out. A user or role has to be named together with its
/// account, "otherwise, the policy might deny access to the entire account" (IAM guide: `NotPrincipal`); what the
/// account alone does for its users and roles is not said.
fn excepted(names: &[Principal], who: Who<'_>, account: Option<&str>) -> Truth {
    let with_account =
        account.is_none_or(|account| names.iter().any(|one| one.is_account(account)));
    let itself = names.iter().any(|name| who == Who::Named(name));
    if itself && with_account {
        return Truth::Yes;
    }
    let of_account = account.is_some() && with_account;
    if itself || of_account || names.iter().any(Principal::is_pattern) {
        return Truth::Perhaps;
    }
    Truth::No
}

fn is_session(who: Who<'_>) -> bool {
    matches!(who, Who::Named(principal) if principal.name.contains(":assumed-role/"))
}

impl fmt::Display for Principals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everybody => f.write_str("everybody"),
            Self::Named(names) if names.is_empty() => f.write_str("no principal"),
            Self::Named(names) => f.write_str(&joined(names)),
            Self::EverybodyBut(names) => write!(f, "everybody but {}", joined(names)),
        }
    }
}

fn joined(names: &[Principal]) -> String {
    list(names.iter().map(|one| &one.name))
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
        let named = kinds.into_iter().flat_map(|(kind, OneOrMany(names))| {
            let is_service = kind.eq_ignore_ascii_case("Service");
            let one = move |name| Principal { name, is_service };
            names.into_iter().map(one)
        });
        Ok(Principals::Named(named.collect()))
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
    fn the_id_of_somebody_deleted_is_no_name() {
        for gone in [
            "AROAEXAMPLEID12345678",
            "AIDACKCEVSQ6C2EXAMPLE",
            "AGPA1234567890ABCDEF",
        ] {
            assert!(Principal::identity(gone).is_deleted(), "{gone}");
        }
        for other in [
            "111122223333",
            "arn:aws:iam::111122223333:role/AROAEXAMPLEID12345678",
            "AROA",
            "AKIAIOSFODNN7EXAMPLE",
            "AROAEXAMPLEID12345678:session",
            "*",
            "",
        ] {
            assert!(!Principal::identity(other).is_deleted(), "{other}");
        }
    }

    #[test]
    fn principals_are_read_from_every_form() {
        let named = |names: &[&str]| {
            Principals::Named(names.iter().map(|n| Principal::identity(n)).collect())
        };
        let service = |name: &str| Principal {
            name: name.to_owned(),
            is_service: true,
        };
        let cases = [
            (r#""*""#, Principals::Everybody),
            (r#"{"AWS":"*"}"#, Principals::Everybody),
            (r#"{"AWS":["111122223333","*"]}"#, Principals::Everybody),
            (r#"{"AWS":"111122223333"}"#, named(&["111122223333"])),
            (
                r#"{"AWS":["a"],"Service":"b"}"#,
                Principals::Named(vec![Principal::identity("a"), service("b")]),
            ),
            (r#"{"Service":"*"}"#, Principals::Named(vec![service("*")])),
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
        assert_eq!(Principals::Everybody.others().to_string(), "no principal");
    }

    #[test]
    fn a_named_principal_is_meant_by_itself_or_its_account() {
        use Truth::{No, Perhaps, Yes};
        const ROOT: &str = "arn:aws:iam::111122223333:root";
        const BOB: &str = "arn:aws:iam::111122223333:user/bob";
        const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/a/b";
        const OTHER: &str = "444455556666";
        let list = |names: &[&str]| names.iter().map(|n| Principal::identity(n)).collect();
        let (bob, session) = (Principal::identity(BOB), Principal::identity(SESSION));
        let (unnamed, bob) = (Who::Unnamed("111122223333"), Who::Named(&bob));
        let session = Who::Named(&session);
        // Meant by `Principal`, and by `NotPrincipal`.
        let cases = [
            (&[ROOT][..], unnamed, Yes, Perhaps),
            (&["111122223333"], bob, Yes, Perhaps),
            (&[BOB], bob, Yes, Perhaps),
            (&[BOB, ROOT], bob, Yes, No),
            (&[BOB], unnamed, No, Yes),
            (&[BOB, ROOT], unnamed, Yes, Perhaps),
            (&[OTHER], bob, No, Yes),
            (&[OTHER], unnamed, No, Yes),
            (&[OTHER], Who::Anonymous, No, Yes),
            (&["arn:aws:iam::111122223333:user/*"], bob, Perhaps, Perhaps),
            (&["arn:aws:iam::111122223333:role/a"], session, Perhaps, Yes),
            (&[SESSION], session, Yes, Perhaps),
        ];
        for (names, who, meant, meant_by_others) in cases {
            let principals = Principals::Named(list(names));
            assert_eq!(principals.include(who), meant, "{names:?} {who:?}");
            let others = principals.others();
            assert_eq!(others.include(who), meant_by_others, "{names:?} {who:?}");
        }
    }
}
