//! A policy that someone wrote, checked before anything is sent: what AWS would refuse, with line and column.
//!
//! A second reading of the text, so that each wrong word is refused where it stands. What AWS answers is not checked so: it is valid,
//! whatever this version knows of it.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error};

use super::actions;
use super::canonical::DEFAULT_VERSION;
use super::document::{Document, InvalidPolicy, Names, Principals, Statement, VERSION};
use super::members::{Object, OneOrMany, Scalar, Unique};
use crate::domain::text::list;

/// Characters of a policy (EFS API reference, `PutFileSystemPolicy`).
pub const LENGTH: usize = 20_000;

impl Document {
    /// Parses a policy that someone wrote.
    pub fn written(text: &str) -> Result<Self, InvalidPolicy> {
        let length = text.chars().count();
        if length > LENGTH {
            return Err(InvalidPolicy::whole(format!(
                "it has {length} characters: EFS takes at most {LENGTH}"
            )));
        }
        serde_json::from_str::<Object<CheckedDocument>>(text)?;
        Self::parse(text)
    }
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, expecting = "a policy")]
struct CheckedDocument {
    #[serde(rename = "Version")]
    _version: Option<Version>,
    #[serde(rename = "Id")]
    _id: Option<String>,
    #[serde(rename = "Statement")]
    _statements: Statements,
}

struct Version;

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let version = String::deserialize(deserializer)?;
        if [VERSION, DEFAULT_VERSION].contains(&version.as_str()) {
            Ok(Self)
        } else {
            Err(D::Error::custom(format!(
                "`{version}` is not a version of the policy language: expected {VERSION} or {DEFAULT_VERSION}"
            )))
        }
    }
}

struct Statements;

impl<'de> Deserialize<'de> for Statements {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let OneOrMany(statements) =
            OneOrMany::<Object<CheckedStatement>>::deserialize(deserializer)?;
        if statements.is_empty() {
            return Err(D::Error::custom("a policy has at least one statement"));
        }
        // Within a policy they have to differ (IAM user guide, "IAM JSON policy elements: Sid").
        let mut sids = BTreeSet::new();
        for sid in statements.iter().filter_map(|Object(one)| one.0.as_ref()) {
            if !sids.insert(sid) {
                return Err(D::Error::custom(format!(
                    "two statements have the Sid `{sid}`"
                )));
            }
        }
        Ok(Self)
    }
}

/// A statement, by its `Sid`.
#[derive(serde::Deserialize)]
#[serde(try_from = "Members")]
struct CheckedStatement(Option<String>);

type Members = Statement<KnownPrincipals, Filled<Action>, Filled<Resource>, Filled<Scalar>>;

impl TryFrom<Members> for CheckedStatement {
    type Error = &'static str;

    fn try_from(members: Members) -> Result<Self, &'static str> {
        match members.contradiction() {
            Some(contradiction) => Err(contradiction),
            None => Ok(Self(members.sid().map(str::to_owned))),
        }
    }
}

/// A value, or an array of at least one.
struct Filled<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Filled<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let OneOrMany(all) = OneOrMany::<T>::deserialize(deserializer)?;
        if all.is_empty() {
            return Err(D::Error::custom("the array is empty"));
        }
        Ok(Self(PhantomData))
    }
}

struct KnownPrincipals;

impl<'de> Deserialize<'de> for KnownPrincipals {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // IAM user guide, "Grammar of the IAM JSON policy language".
        const KINDS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];
        let Principals::Kinds(Unique(kinds)) = Principals::deserialize(deserializer)? else {
            return Ok(Self);
        };
        if kinds.iter().all(|(_, Names(names))| names.is_empty()) {
            return Err(D::Error::custom("the statement names no principal"));
        }
        match kinds
            .iter()
            .find(|(kind, _)| !KINDS.contains(&kind.as_str()))
        {
            Some((kind, _)) => Err(D::Error::custom(format!(
                "`{kind}` is not a kind of principal: expected one of {}",
                list(KINDS)
            ))),
            None => Ok(Self),
        }
    }
}

struct Action;

impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let action = String::deserialize(deserializer)?;
        if actions::is_known(&action) {
            return Ok(Self);
        }
        Err(D::Error::custom(if action.contains(['*', '?']) {
            format!("`{action}` matches no action of EFS")
        } else {
            format!(
                "`{action}` is not an action of EFS, for example {}",
                actions::MOUNT
            )
        }))
    }
}

struct Resource;

impl<'de> Deserialize<'de> for Resource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let resource = String::deserialize(deserializer)?;
        if resource == "*" || is_arn(&resource) {
            return Ok(Self);
        }
        Err(D::Error::custom(format!(
            "`{resource}` is not a resource of EFS: expected * or arn:aws:elasticfilesystem:REGION:ACCOUNT:file-system/ID"
        )))
    }
}

/// Whether it has the form of an ARN of EFS; parts may be wildcards (IAM service reference, "Resource types defined by Amazon Elastic
/// File System").
fn is_arn(text: &str) -> bool {
    const KINDS: [&str; 2] = ["file-system", "access-point"];
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", partition, service, _, _, resource] = parts.as_slice() else {
        return false;
    };
    let is_kind = match resource.split_once('/') {
        Some((kind, id)) => KINDS.contains(&kind) && !id.is_empty(),
        None => *resource == "*",
    };
    (partition.starts_with("aws") || *partition == "*")
        && ["elasticfilesystem", "*"].contains(service)
        && is_kind
}
