//! The operators of IAM conditions (IAM guide: `reference_policies_elements_condition_operators`).

use std::net::IpAddr;

use super::truth::Truth;
use crate::domain::wildcard;

/// What a request says for a condition key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Absent,
    Is(&'a str),
    /// None of the fixed values that a policy could name.
    Other,
    /// Something.
    Any,
    /// Something, or nothing.
    Unknown,
}

/// An operator that is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    set: Option<Set>,
    test: Test,
    /// `…IfExists`: holds when the request lacks the key.
    if_exists: bool,
}

/// `ForAnyValue:` or `ForAllValues:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    Any,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    /// Whether the request lacks the key.
    Null,
    /// Whether it has one of the values; negated, whether it has none of them.
    Compare { how: How, negated: bool },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Exact,
    AnyCase,
    Like,
    Bool,
    Address,
}

/// `ArnEquals` and `ArnLike` behave identically (IAM guide).
const COMPARISONS: [(&str, How, bool); 13] = [
    ("StringEquals", How::Exact, false),
    ("StringNotEquals", How::Exact, true),
    ("StringEqualsIgnoreCase", How::AnyCase, false),
    ("StringNotEqualsIgnoreCase", How::AnyCase, true),
    ("StringLike", How::Like, false),
    ("StringNotLike", How::Like, true),
    ("ArnEquals", How::Like, false),
    ("ArnNotEquals", How::Like, true),
    ("ArnLike", How::Like, false),
    ("ArnNotLike", How::Like, true),
    ("Bool", How::Bool, false),
    ("IpAddress", How::Address, false),
    ("NotIpAddress", How::Address, true),
];

impl Operator {
    /// Reads the name of an operator. The others compare what the keys of EFS do not hold: numbers and dates.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let (set, name) = match name.split_once(':') {
            None => (None, name),
            Some((set, name)) if set.eq_ignore_ascii_case("ForAnyValue") => (Some(Set::Any), name),
            Some((set, name)) if set.eq_ignore_ascii_case("ForAllValues") => (Some(Set::All), name),
            Some(_) => return None,
        };
        let (name, if_exists) = match without_suffix(name, "IfExists") {
            Some(name) => (name, true),
            None => (name, false),
        };
        if name.eq_ignore_ascii_case("Null") {
            let is_plain = set.is_none() && !if_exists;
            return is_plain.then_some(Self {
                set,
                test: Test::Null,
                if_exists,
            });
        }
        let (_, how, negated) = COMPARISONS
            .into_iter()
            .find(|(known, ..)| name.eq_ignore_ascii_case(known))?;
        Some(Self {
            set,
            test: Test::Compare { how, negated },
            if_exists,
        })
    }

    /// Whether it says which values are meant, not which are not.
    pub(super) fn is_positive(self) -> bool {
        matches!(self.test, Test::Compare { negated: false, .. })
    }

    /// Whether its values are those that the key is compared with.
    pub(super) fn compares(self) -> bool {
        self.test != Test::Null
    }

    /// Whether it is the plain `Bool`.
    pub(super) fn is_bool(self) -> bool {
        let is_bool = matches!(self.test, Test::Compare { how: How::Bool, .. });
        is_bool && !self.if_exists && self.set.is_none()
    }

    /// Whether it demands one of the values. `…IfExists` and `ForAllValues:` do not: both hold when the request
    /// lacks the key.
    pub(super) fn demands(self) -> bool {
        self.is_positive() && !self.if_exists && self.set != Some(Set::All)
    }

    /// Whether it holds for a request with that value.
    pub(super) fn holds(self, wanted: &[String], found: Value<'_>) -> Truth {
        if wanted.is_empty() {
            return Truth::Perhaps;
        }
        match self.test {
            Test::Null => {
                let absent = match found {
                    Value::Absent => Truth::Yes,
                    Value::Unknown => Truth::Perhaps,
                    Value::Is(_) | Value::Other | Value::Any => Truth::No,
                };
                Truth::any(wanted.iter().map(|value| match boolean(value) {
                    Some(true) => absent,
                    Some(false) => absent.negated(),
                    None => Truth::Perhaps,
                }))
            }
            Test::Compare { how, negated } => match found {
                Value::Absent => self.on_absent(negated),
                found => {
                    let fits = Truth::any(wanted.iter().map(|value| how.fits(value, found)));
                    if negated { fits.negated() } else { fits }
                }
            },
        }
    }

    /// A negated operator holds for a key that the request lacks, and so does `…IfExists`.
    fn on_absent(self, negated: bool) -> Truth {
        match self.set {
            _ if self.if_exists => Truth::Yes,
            Some(Set::All) => Truth::Yes,
            // The IAM guide says both of negated operators and of `ForAnyValue:` what would decide this.
            Some(Set::Any) if negated => Truth::Perhaps,
            Some(Set::Any) | None => Truth::from(negated),
        }
    }
}

impl How {
    fn fits(self, wanted: &str, found: Value<'_>) -> Truth {
        match found {
            Value::Absent => Truth::No,
            Value::Is(found) => self.equals(wanted, found),
            Value::Other if self.is_fixed(wanted) => Truth::No,
            Value::Other | Value::Any if self == Self::Like && is_anything(wanted) => Truth::Yes,
            Value::Other | Value::Any | Value::Unknown => Truth::Perhaps,
        }
    }

    fn equals(self, wanted: &str, found: &str) -> Truth {
        let fits = match self {
            Self::Bool => {
                return match (boolean(wanted), boolean(found)) {
                    (Some(wanted), Some(found)) => Truth::from(wanted == found),
                    _ => Truth::Perhaps,
                };
            }
            Self::Address => return Truth::Perhaps,
            Self::Exact if wanted == found => true,
            Self::Like if wildcard::covers_exactly(wanted, found) => true,
            Self::AnyCase if wanted.eq_ignore_ascii_case(found) => true,
            // How AWS writes the value is known but for its case.
            Self::Exact if wanted.eq_ignore_ascii_case(found) => return Truth::Perhaps,
            Self::Like if wildcard::covers(wanted, found) => return Truth::Perhaps,
            _ if wanted.contains("${") => return Truth::Perhaps,
            _ => false,
        };
        Truth::from(fits)
    }

    /// Whether the value stands for itself, or for a narrow range of addresses.
    fn is_fixed(self, wanted: &str) -> bool {
        match self {
            Self::Address => is_narrow_range(wanted),
            Self::Like => !wildcard::is_open(wanted),
            Self::Exact | Self::AnyCase | Self::Bool => !wanted.contains("${"),
        }
    }
}

fn is_anything(pattern: &str) -> bool {
    !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*')
}

fn boolean(value: &str) -> Option<bool> {
    if value.eq_ignore_ascii_case("true") {
        Some(true)
    } else if value.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

fn without_suffix<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(suffix.len())?;
    let (start, end) = (text.get(..at)?, text.get(at..)?);
    end.eq_ignore_ascii_case(suffix).then_some(start)
}

/// An address, or a range that is not most of the Internet. EFS states no limit: /8 and /32 are those of S3 block
/// public access.
pub(super) fn is_narrow_range(value: &str) -> bool {
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

    fn holds(operator: &str, wanted: &[&str], found: Value<'_>) -> Truth {
        let wanted: Vec<String> = wanted.iter().map(|&value| value.to_owned()).collect();
        Operator::parse(operator).unwrap().holds(&wanted, found)
    }

    #[test]
    fn an_operator_answers_by_what_the_request_says() {
        use Truth::{No, Perhaps, Yes};
        use Value::{Absent, Any, Is, Other, Unknown};
        let cases = [
            ("Bool", &["false"][..], Is("false"), Yes),
            ("bool", &["FALSE"], Is("false"), Yes),
            ("Bool", &["true"], Is("false"), No),
            ("Bool", &["true", "false"], Is("false"), Yes),
            ("Bool", &["0"], Is("false"), Perhaps),
            ("Bool", &["true"], Absent, No),
            ("BoolIfExists", &["true"], Absent, Yes),
            ("boolifexists", &["true"], Is("false"), No),
            ("Bool", &[], Is("true"), Perhaps),
            ("Null", &["true"], Absent, Yes),
            ("Null", &["false"], Absent, No),
            ("Null", &["true"], Is("x"), No),
            ("Null", &["false"], Any, Yes),
            ("Null", &["true"], Unknown, Perhaps),
            ("Null", &["x"], Absent, Perhaps),
            ("StringEquals", &["false"], Is("false"), Yes),
            ("StringEquals", &["False"], Is("false"), Perhaps),
            ("StringEquals", &["f*"], Is("false"), No),
            ("StringEquals", &["${aws:x}"], Is("false"), Perhaps),
            ("StringEqualsIgnoreCase", &["False"], Is("false"), Yes),
            ("StringNotEquals", &["true"], Is("false"), Yes),
            ("StringNotEquals", &["x"], Absent, Yes),
            ("StringNotLike", &["*"], Any, No),
            ("StringLike", &["f*"], Is("false"), Yes),
            ("StringLike", &["F*"], Is("false"), Perhaps),
            ("StringLike", &["*"], Unknown, Perhaps),
            ("StringLike", &["*"], Other, Yes),
            ("ArnEquals", &["arn:aws:iam::1:role/*"], Other, Perhaps),
            ("ArnEquals", &["arn:aws:iam::1:role/a"], Other, No),
            ("ArnNotEquals", &["arn:aws:iam::1:role/a"], Other, Yes),
            ("ArnNotLike", &["x"], Any, Perhaps),
            ("ForAllValues:StringEquals", &["x"], Absent, Yes),
            ("ForAnyValue:StringEquals", &["x"], Absent, No),
            ("ForAnyValue:StringNotEquals", &["x"], Absent, Perhaps),
            ("IpAddress", &["192.0.2.0/24"], Other, No),
            ("IpAddress", &["0.0.0.0/0"], Other, Perhaps),
            ("NotIpAddress", &["192.0.2.0/24"], Other, Yes),
            ("NotIpAddress", &["192.0.2.0/24"], Unknown, Perhaps),
        ];
        for (operator, wanted, found, expected) in cases {
            assert_eq!(
                holds(operator, wanted, found),
                expected,
                "{operator} {wanted:?} {found:?}"
            );
        }
        for unknown in [
            "",
            "Frobnicate",
            "NumericEquals",
            "ForSome:Bool",
            "NullIfExists",
            "ForAnyValue:Null",
            "é",
        ] {
            assert_eq!(Operator::parse(unknown), None, "{unknown}");
        }
    }
}
