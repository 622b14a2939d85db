//! Tags, and the ones by which efsctl knows its own.

use std::collections::BTreeMap;

use super::ids::Name;

/// Tags of one resource.
pub type Tags = BTreeMap<String, String>;

/// Name of the deployment a resource belongs to.
pub const NAME: &str = "efsctl:name";
/// Who manages the resource: always [`MANAGER`].
pub const MANAGED_BY: &str = "efsctl:managed-by";
/// The run that made the resource.
pub const RUN: &str = "efsctl:run";
/// When the file system is no longer needed, RFC 3339: see [`super::expiry`].
pub const EXPIRES: &str = "efsctl:expires";
/// The value of [`MANAGED_BY`].
pub const MANAGER: &str = "efsctl";

/// The tags of a resource that a run makes: the user's, then ours.
pub fn of(name: &Name, run: &str, user: &Tags) -> Tags {
    let mut tags = user.clone();
    tags.entry("Name".to_owned())
        .or_insert_with(|| name.to_string());
    tags.insert(NAME.to_owned(), name.to_string());
    tags.insert(MANAGED_BY.to_owned(), MANAGER.to_owned());
    tags.insert(RUN.to_owned(), run.to_owned());
    tags
}

/// Whether efsctl created the resource that carries these tags.
pub fn is_managed(tags: &Tags) -> bool {
    tags.get(MANAGED_BY).is_some_and(|value| value == MANAGER)
}

/// Whether it was made under this name.
pub fn belongs_to(tags: &Tags, name: &Name) -> bool {
    is_managed(tags) && tags.get(NAME).is_some_and(|value| value == name.as_str())
}

/// Whether this very run created it.
pub fn made_by(tags: &Tags, run: &str) -> bool {
    is_managed(tags) && tags.get(RUN).is_some_and(|value| value == run)
}

/// Tags that a tool puts on what it makes, and the tool. A key that ends in a slash or a colon is the beginning of one.
///
/// The EFS CSI driver: `efs.csi.aws.com/cluster` (its `README`, "Tags"). `CloudFormation`: `aws:cloudformation:stack-name`. AWS Copilot:
/// `copilot-application`. Kubernetes: `kubernetes.io/…`.
const MAKERS: [(&str, &str); 7] = [
    (MANAGED_BY, "efsctl"),
    ("efs.csi.aws.com/", "the EFS CSI driver"),
    ("aws:cloudformation:stack-name", "CloudFormation"),
    ("copilot-application", "AWS Copilot"),
    ("kubernetes.io/", "Kubernetes"),
    ("aws:", "an AWS service"),
    ("managed-by", "another tool"),
];

/// Who made the resource that carries these tags, as far as they tell, with the tag that tells it.
pub fn maker(tags: &Tags) -> Option<String> {
    let is = |key: &str, known: &str| {
        key.eq_ignore_ascii_case(known) || (known.ends_with(['/', ':']) && key.starts_with(known))
    };
    MAKERS.iter().find_map(|(known, tool)| {
        let (key, value) = tags.iter().find(|(key, _)| is(key, known))?;
        Some(format!("{tool} ({key}={value})"))
    })
}

/// Those of `wanted` that `now` lacks or holds with another value.
pub fn missing(wanted: &Tags, now: &Tags) -> Tags {
    wanted
        .iter()
        .filter(|(key, value)| now.get(*key) != Some(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// Why a tag cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTag {
    /// No equals sign.
    #[error("`{0}` is not a tag: expected KEY=VALUE")]
    Form(String),
    /// Length of key or value (1–128, 0–256).
    #[error("tag `{0}`: a key has 1 to 128 characters and a value at most 256")]
    Length(String),
    /// Characters outside letters, digits, spaces and `_ . : / = + - @`.
    #[error("tag `{0}`: only letters, digits, spaces and `_ . : / = + - @` are allowed")]
    Characters(String),
    /// `aws:` belongs to AWS, `efsctl:` to us.
    #[error("tag `{0}`: the prefix `{1}` is reserved")]
    Reserved(String, &'static str),
}

/// Parses `KEY=VALUE` under the limits of EFS (service model `efs/2015-02-01`: `TagKey`, `TagValue`).
pub fn parse(text: &str) -> Result<(String, String), InvalidTag> {
    let (key, value) = text
        .split_once('=')
        .ok_or_else(|| InvalidTag::Form(text.to_owned()))?;
    checked(key, value)
}

/// A tag under the same limits.
///
/// # Errors
///
/// Why it cannot be set.
pub fn checked(key: &str, value: &str) -> Result<(String, String), InvalidTag> {
    if value.chars().count() > 256 {
        return Err(InvalidTag::Length(key.to_owned()));
    }
    if !value.chars().all(is_allowed) {
        return Err(InvalidTag::Characters(key.to_owned()));
    }
    Ok((self::key(key)?.to_owned(), value.to_owned()))
}

fn is_allowed(c: char) -> bool {
    c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c)
}

/// Whether that is the key of a tag that may be set or removed, under the same limits.
///
/// # Errors
///
/// Why it is not.
pub fn key(key: &str) -> Result<&str, InvalidTag> {
    if key.is_empty() || key.chars().count() > 128 {
        return Err(InvalidTag::Length(key.to_owned()));
    }
    if !key.chars().all(is_allowed) {
        return Err(InvalidTag::Characters(key.to_owned()));
    }
    for prefix in ["aws:", "efsctl:"] {
        if key.to_ascii_lowercase().starts_with(prefix) {
            return Err(InvalidTag::Reserved(key.to_owned(), prefix));
        }
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_key_and_value_within_the_limits() {
        assert_eq!(parse("team=a=b"), Ok(("team".to_owned(), "a=b".to_owned())));
        assert_eq!(parse("empty="), Ok(("empty".to_owned(), String::new())));
        assert!(matches!(parse("team"), Err(InvalidTag::Form(_))));
        assert!(matches!(parse("=x"), Err(InvalidTag::Length(_))));
        assert!(matches!(parse("a=<b>"), Err(InvalidTag::Characters(_))));
        assert!(matches!(
            parse("aws:x=1"),
            Err(InvalidTag::Reserved(_, "aws:"))
        ));
        assert!(matches!(
            parse("efsctl:run=1"),
            Err(InvalidTag::Reserved(_, "efsctl:"))
        ));
        let long = format!("{}=x", "k".repeat(129));
        assert!(matches!(parse(&long), Err(InvalidTag::Length(_))));
    }

    #[test]
    fn ours_is_what_carries_our_name() {
        let name: Name = "demo".parse().unwrap();
        let other: Name = "other".parse().unwrap();
        let tags = of(
            &name,
            "r1",
            &Tags::from([("Name".to_owned(), "shown".to_owned())]),
        );
        assert_eq!(tags.get("Name").map(String::as_str), Some("shown"));
        assert!(belongs_to(&tags, &name) && !belongs_to(&tags, &other));
        assert!(made_by(&tags, "r1") && !made_by(&tags, "r2"));
        assert!(!is_managed(&Tags::from([(
            NAME.to_owned(),
            "demo".to_owned()
        )])));
    }
}
