//! The config file, `efsctl.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::catalogue;
use super::rules::{CheckSection, Exception, Rules, shown_key, split_tag};
use crate::domain::finding::Severity;
use crate::domain::ids::KmsKey;
use crate::domain::tags::{self, InvalidTag};

/// The config file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfigFile {
    /// Fail from this severity on.
    pub fail_on: Option<Severity>,
    /// What could not be seen counts as a failure.
    pub strict: Option<bool>,
    required_tags: BTreeMap<String, Option<String>>,
    kms_keys: Vec<KmsKey>,
    allowed_accounts: Vec<String>,
    quota_percent: Option<u8>,
    checks: BTreeMap<String, CheckSection>,
    exceptions: Vec<Exception>,
}

/// As it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    fail_on: Option<Severity>,
    strict: Option<bool>,
    /// `team` or `team=red`.
    #[serde(default)]
    required_tags: Vec<Spanned<String>>,
    /// Keys it may be encrypted with.
    #[serde(default)]
    kms_keys: Vec<Spanned<String>>,
    /// Accounts and organizations its policy may grant something to.
    #[serde(default)]
    allowed_accounts: Vec<Spanned<String>>,
    /// A quota is near at so many percent.
    quota_percent: Option<Spanned<u8>>,
    #[serde(default)]
    checks: BTreeMap<Spanned<String>, CheckSection>,
    #[serde(default)]
    exceptions: Vec<WrittenException>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WrittenException {
    check: Spanned<String>,
    /// Id or name; all of them when left out.
    file_system: Option<String>,
    reason: Spanned<String>,
    /// The last day it holds.
    until: Option<Spanned<toml::value::Datetime>>,
}

/// A config file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigFileError {
    /// Not TOML, or not of this form: toml's own message with line and column.
    #[error("{0}")]
    Form(String),
    /// A value that cannot be meant.
    #[error("line {line}, column {column}: {sentence}")]
    Value {
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in characters.
        column: usize,
        /// What is wrong with it.
        sentence: String,
    },
}

impl ConfigFile {
    /// Reads `efsctl.toml`.
    ///
    /// # Errors
    ///
    /// It is not TOML of this form, or holds a value that cannot be meant: with line and column.
    pub fn parse(text: &str) -> Result<Self, ConfigFileError> {
        let written: Written = toml::from_str(text)
            .map_err(|error| ConfigFileError::Form(error.to_string().trim_end().to_owned()))?;
        written.checked().map_err(|(at, sentence)| {
            let before = text.get(..at).unwrap_or(text);
            let line = before.rsplit('\n').next().unwrap_or_default();
            ConfigFileError::Value {
                line: before.matches('\n').count() + 1,
                column: line.chars().count() + 1,
                sentence,
            }
        })
    }

    /// These rules, with what this file says added.
    #[must_use]
    pub fn apply_to(self, mut rules: Rules) -> Rules {
        for (key, value) in self.required_tags {
            rules.required_tags.entry(key).or_insert(value);
        }
        rules.kms_keys.extend(self.kms_keys);
        rules.allowed_accounts.extend(self.allowed_accounts);
        rules.quota_percent = self.quota_percent.unwrap_or(rules.quota_percent);
        rules.checks = self.checks;
        rules.exceptions = self.exceptions;
        rules
    }
}

/// What is wrong, and where: a byte of the text.
type Mistake = (usize, String);

impl Written {
    fn checked(self) -> Result<ConfigFile, Mistake> {
        Ok(ConfigFile {
            fail_on: self.fail_on,
            strict: self.strict,
            required_tags: self
                .required_tags
                .into_iter()
                .map(|text| value(text, |text| required_tag(&text)))
                .collect::<Result<_, _>>()?,
            kms_keys: values(self.kms_keys, shown_key)?,
            allowed_accounts: values(self.allowed_accounts, allowed_account)?,
            quota_percent: self
                .quota_percent
                .map(|percent| {
                    value(percent, |percent| {
                        let fits = (1..=100).contains(&percent);
                        fits.then_some(percent)
                            .ok_or_else(|| format!("quota-percent is {percent}: expected 1 to 100"))
                    })
                })
                .transpose()?,
            checks: self
                .checks
                .into_iter()
                .map(|(id, section)| Ok((value(id, known)?, section)))
                .collect::<Result<_, Mistake>>()?,
            exceptions: self
                .exceptions
                .into_iter()
                .map(WrittenException::checked)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl WrittenException {
    fn checked(self) -> Result<Exception, Mistake> {
        let check = value(self.check, known)?;
        let reason = value(self.reason, |reason| {
            if reason.trim().is_empty() {
                return Err(format!("the exception for `{check}` has no reason"));
            }
            Ok(reason)
        })?;
        let until = self.until.map(|until| {
            value(until, |until| {
                let is_date = until.date.is_some() && until.time.is_none();
                is_date.then_some(until.to_string()).ok_or_else(|| {
                    format!("`until` of the exception for `{check}` is {until}: expected a date such as 2026-12-31")
                })
            })
        });
        Ok(Exception {
            until: until.transpose()?,
            file_system: self.file_system,
            check,
            reason,
        })
    }
}

fn value<T, U>(
    written: Spanned<T>,
    check: impl FnOnce(T) -> Result<U, String>,
) -> Result<U, Mistake> {
    let at = written.span().start;
    check(written.into_inner()).map_err(|sentence| (at, sentence))
}

fn values<T>(
    written: Vec<Spanned<String>>,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, Mistake> {
    let one = |text: Spanned<String>| value(text, |text| read(&text));
    written.into_iter().map(one).collect()
}

/// A tag that AWS could carry, with or without a value.
fn required_tag(text: &str) -> Result<(String, Option<String>), String> {
    let (key, tag_value) = split_tag(text);
    let whole = format!("{key}={}", tag_value.as_deref().unwrap_or_default());
    match tags::parse(&whole) {
        // Others may set what we may not.
        Ok(_) | Err(InvalidTag::Reserved(..)) => Ok((key, tag_value)),
        Err(error) => Err(error.to_string()),
    }
}

fn allowed_account(text: &str) -> Result<String, String> {
    if is_account(text) || is_organization(text) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "`{text}` is not an account number: expected 12 digits in quotes, or the id of an organization (o-…)"
    ))
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `o-` and 10 to 32 lower-case letters or digits (Organizations API: `Organization`).
fn is_organization(text: &str) -> bool {
    text.strip_prefix("o-").is_some_and(|id| {
        let may_be = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        (10..=32).contains(&id.len()) && id.bytes().all(may_be)
    })
}

fn known(id: String) -> Result<String, String> {
    if catalogue::find(&id).is_some() {
        return Ok(id);
    }
    let near = catalogue::closest(&id).map(|near| format!("; did you mean `{near}`?"));
    let near = near.unwrap_or_default();
    Err(format!("there is no check `{id}`{near}"))
}
