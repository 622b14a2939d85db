//! KMS keys, by the names they can be given.

use std::fmt;
use std::str::FromStr;

/// A KMS key as someone names it: key id, `mrk-…`, `alias/…`, key ARN or alias ARN.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KmsKey(String);

/// A text that names no KMS key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a KMS key: expected a key id, `alias/NAME`, or the ARN of either")]
pub struct InvalidKmsKey(String);

impl KmsKey {
    /// As it was named.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is named by an alias: which key that is, only KMS tells.
    pub fn is_alias(&self) -> bool {
        self.0.starts_with("alias/") || self.0.contains(":alias/")
    }

    /// Whether it is named by its id, or by an ARN that holds one.
    pub fn has_id(&self) -> bool {
        !self.is_alias() && is_key_id(id_in(&self.0))
    }

    /// Whether it is the key that EFS shows, by its id or the whole ARN.
    pub fn is(&self, shown: &str) -> bool {
        self.0 == shown || self.0 == id_in(shown)
    }

    /// Whether it may be the key that EFS shows, as far as the names tell: an alias may be any.
    pub fn may_be(&self, shown: &str) -> bool {
        self.is_alias() || id_in(&self.0) == id_in(shown)
    }
}

impl FromStr for KmsKey {
    type Err = InvalidKmsKey;

    /// At most 2,048 characters (service model: `KmsKeyId`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_arn =
            text.starts_with("arn:") && (text.contains(":key/") || text.contains(":alias/"));
        let is_alias = text
            .strip_prefix("alias/")
            .is_some_and(|alias| !alias.is_empty());
        if text.len() <= 2048 && (is_key_id(text) || is_arn || is_alias) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidKmsKey(text.to_owned()))
        }
    }
}

impl fmt::Display for KmsKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn id_in(name: &str) -> &str {
    name.rsplit_once(":key/").map_or(name, |(_, id)| id)
}

/// Whether a text has the form of the id of a KMS key, of one region or of several (`mrk-…`).
fn is_key_id(text: &str) -> bool {
    let id = text.strip_prefix("mrk-").unwrap_or(text);
    id.len() >= 32 && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

    #[test]
    fn a_key_has_four_kinds_of_names() {
        let arn = format!("arn:aws:kms:eu-west-1:111122223333:key/{ID}");
        let other = format!("arn:aws:kms:us-east-1:111122223333:key/{ID}");
        // Named so: is it an alias, has it an id, is it the key of that ARN, may it be?
        for (name, alias, id, is, may_be) in [
            (ID, false, true, true, true),
            (&arn, false, true, true, true),
            (&other, false, true, false, true),
            (
                "mrk-1234abcd12ab34cd56ef1234567890ab",
                false,
                true,
                false,
                false,
            ),
            ("alias/files", true, false, false, true),
            (
                "arn:aws:kms:eu-west-1:111122223333:alias/files",
                true,
                false,
                false,
                true,
            ),
            (
                "arn:aws:kms:eu-west-1:111122223333:key/files",
                false,
                false,
                false,
                false,
            ),
        ] {
            let key: KmsKey = name.parse().unwrap();
            let said = (key.is_alias(), key.has_id(), key.is(&arn), key.may_be(&arn));
            assert_eq!(said, (alias, id, is, may_be), "{name}");
        }
        for wrong in ["", "mykey", "alias/", "arn:aws:s3:::x", &"a".repeat(2049)] {
            assert!(wrong.parse::<KmsKey>().is_err(), "{wrong}");
        }
    }
}
