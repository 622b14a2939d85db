//! The KMS key of an encrypted file system: whatever form names it, EFS answers with the ARN of the key.

use super::super::{ApiError, Region};
use super::errors::{self, bad_request};
use crate::mix::number;

/// The alias of the key that AWS manages for EFS.
const DEFAULT_ALIAS: &str = "alias/aws/elasticfilesystem";

impl Region {
    /// The ARN of the key that is named, or of the AWS-managed key of EFS, when the key can be used.
    ///
    /// The form of the sentence is that of a key that is not found (aws/aws-cdk#7641).
    pub(super) fn key_arn(&self, name: Option<&str>) -> Result<String, ApiError> {
        let arn = self.arn_of(name)?;
        let id = arn.rsplit('/').next().unwrap_or_default();
        let named = [arn.as_str(), id, name.unwrap_or(DEFAULT_ALIAS)];
        let state = named.into_iter().find_map(|name| self.kms_keys.get(name));
        let (what, error) = match state.map(String::as_str) {
            None => return Ok(arn),
            Some("disabled") => ("is disabled", "DisabledException"),
            Some("pending-deletion") => ("is pending deletion", "KMSInvalidStateException"),
            Some(_) => ("could not be found", "NotFoundException"),
        };
        Err(bad_request(format!(
            "The request was rejected because the specified key {what}. [error={error}]"
        )))
    }

    fn arn_of(&self, name: Option<&str>) -> Result<String, ApiError> {
        let name = name.unwrap_or(DEFAULT_ALIAS);
        if name.is_empty() {
            let constraint = "have length greater than or equal to 1";
            return Err(errors::invalid("kmsKeyId", name, &[constraint]));
        }
        let invalid = || bad_request(format!("invalid KMS key ID: {name}"));
        if name.len() > 2_048 {
            return Err(invalid());
        }
        let (region, account, resource) = match name.strip_prefix("arn:") {
            None if is_key_id(name) => return Ok(self.arn_of_key(&self.account_id, name)),
            None => (self.name.as_str(), self.account_id.as_str(), name),
            Some(arn) => key_arn_parts(arn).ok_or_else(invalid)?,
        };
        if region != self.name {
            return Err(bad_request(format!(
                "The KMS key '{name}' is in another Region."
            )));
        }
        if resource.strip_prefix("key/").is_some_and(is_key_id) && name.starts_with("arn:") {
            return Ok(name.to_owned());
        }
        if !resource.strip_prefix("alias/").is_some_and(is_alias) {
            return Err(invalid());
        }
        let key = key_behind(&format!("{region}/{account}/{resource}"));
        Ok(self.arn_of_key(account, &key))
    }

    fn arn_of_key(&self, account: &str, key: &str) -> String {
        format!(
            "arn:{}:kms:{}:{account}:key/{key}",
            self.partition(),
            self.name
        )
    }
}

/// Region, account and resource of `PARTITION:kms:REGION:ACCOUNT:RESOURCE`.
fn key_arn_parts(arn: &str) -> Option<(&str, &str, &str)> {
    let mut parts = arn.splitn(5, ':');
    let (partition, service) = (parts.next()?, parts.next()?);
    let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let sound = partition.starts_with("aws")
        && service == "kms"
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit());
    sound.then_some((region, account, resource))
}

fn is_hex(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// A UUID, or `mrk-` and 32 digits (a multi-Region key).
fn is_key_id(text: &str) -> bool {
    match text.strip_prefix("mrk-") {
        Some(digits) => digits.len() == 32 && is_hex(digits),
        None => text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.split('-').all(is_hex),
    }
}

fn is_alias(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-'))
}

/// The id of the key behind an alias: always the same for the same alias.
fn key_behind(alias: &str) -> String {
    let (high, low) = (number(&[alias, "high"]), number(&[alias, "low"]));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}
