//! Tags, identity, orphans.

use super::other;
use crate::audit::check::{Check, Outcome};
use crate::domain::finding::{About, Severity};
use crate::domain::inventory::Replication;
use crate::domain::state::{EMPTY_BYTES, State};
use crate::domain::tags;

pub(in crate::audit) static REQUIRED: Check = Check {
    about: About {
        id: "required-tags",
        title: "the file system carries the required tags",
        severity: Severity::Low,
        why: "Costs and owners are found by tags. Judged when --require-tag or the policy file says which.",
        reads: &["DescribeFileSystems"],
        controls: &[other("AWS Config", "required-tags")],
    },
    judge: |subject| {
        let required = &subject.rules.required_tags;
        if required.is_empty() {
            return Ok(Outcome::none("no tags are required (--require-tag)"));
        }
        let fs = &subject.facts.file_system;
        let (mut evidence, mut tags) = (Vec::new(), Vec::new());
        for (key, value) in required {
            match (fs.tags.get(key), value) {
                (None, _) => evidence.push(format!("the tag {key} is missing")),
                (Some(found), Some(value)) if found != value => {
                    evidence.push(format!("the tag {key} is {found}, not {value}"));
                }
                (Some(_), _) => continue,
            }
            let value = value.as_deref().unwrap_or("VALUE");
            tags.push(format!("'Key={key},Value={value}'"));
        }
        let keys: Vec<&str> = required.keys().map(String::as_str).collect();
        let remedy = || {
            format!(
                "aws efs tag-resource --resource-id {} --tags {} --region {}",
                fs.id,
                tags.join(" "),
                subject.place.region
            )
        };
        Ok(Outcome::unless(evidence, remedy, keys.join(", ")))
    },
};

pub(in crate::audit) static ANY: Check = Check {
    about: About {
        id: "tagged",
        title: "the file system carries a tag",
        severity: Severity::Low,
        why: "A file system without a name or any other tag belongs to nobody.",
        reads: &["DescribeFileSystems"],
        controls: &[other("CloudSploit", "efsHasTags")],
    },
    judge: |subject| {
        let fs = &subject.facts.file_system;
        let own = fs
            .tags
            .keys()
            .filter(|key| !key.starts_with("aws:"))
            .count();
        Ok(Outcome::unless(
            (own == 0)
                .then(|| "it carries no tag".to_owned())
                .into_iter()
                .collect(),
            || {
                format!(
                    "aws efs tag-resource --resource-id {} --tags Key=Name,Value=NAME --region {}",
                    fs.id, subject.place.region
                )
            },
            format!("{own} tag{}", if own == 1 { "" } else { "s" }),
        ))
    },
};

pub(in crate::audit) static IDENTITY: Check = Check {
    about: About {
        id: "efsctl-identity",
        title: "token and tags of what efsctl made name the same deployment",
        severity: Severity::Low,
        why: "`efsctl create NAME` finds a file system by its creation token, which cannot change; a tag that was edited says something else.",
        reads: &["DescribeFileSystems"],
        controls: &[],
    },
    judge: |subject| {
        let fs = &subject.facts.file_system;
        let token = fs.creation_token.strip_prefix("efsctl:");
        if !tags::is_managed(&fs.tags) && token.is_none() {
            return Ok(Outcome::none("it was not made by efsctl"));
        }
        let named = fs.tags.get(tags::NAME).map(String::as_str);
        let differs = named != token;
        let word =
            |name: Option<&str>| name.map_or("nothing".to_owned(), |name| format!("`{name}`"));
        Ok(Outcome::unless(
            differs
                .then(|| {
                    format!(
                        "the creation token names {}, the tag {} names {}",
                        word(token),
                        tags::NAME,
                        word(named)
                    )
                })
                .into_iter()
                .collect(),
            || match token {
                Some(name) => format!(
                    "aws efs tag-resource --resource-id {} --tags Key={},Value={name} --region {}",
                    fs.id,
                    tags::NAME,
                    subject.place.region
                ),
                None => format!(
                    "aws efs untag-resource --resource-id {} --tag-keys {} {} {} --region {}",
                    fs.id,
                    tags::NAME,
                    tags::MANAGED_BY,
                    tags::RUN,
                    subject.place.region
                ),
            },
            format!("`{}`", token.unwrap_or_default()),
        ))
    },
};

pub(in crate::audit) static ORPHAN: Check = Check {
    about: About {
        id: "not-orphaned",
        title: "the file system is in use",
        severity: Severity::Low,
        why: "Without mount targets and data it is what an interrupted tool left behind.",
        reads: &["DescribeFileSystems", "DescribeReplicationConfigurations"],
        controls: &[],
    },
    judge: |subject| {
        let fs = &subject.facts.file_system;
        if fs.state != State::Available {
            return Ok(Outcome::none(format!("the file system is {}", fs.state)));
        }
        if fs.mount_targets > 0 || fs.size_bytes > EMPTY_BYTES {
            return Ok(Outcome::pass("it has mount targets or data"));
        }
        let replications = subject.place.replications.as_ref();
        let is_part = |replication: &Replication| {
            let mut copies = replication.destinations.iter();
            replication.source == fs.id || copies.any(|(copy, _, _)| *copy == fs.id)
        };
        if replications.map_err(Clone::clone)?.iter().any(is_part) {
            // A copy has no mount targets until it is needed (user guide, "Replicating file systems").
            return Ok(Outcome::pass("it is part of a replication"));
        }
        Ok(Outcome::Fail {
            evidence: vec!["it has no mount target and holds no data".to_owned()],
            remedy: subject.aws_efs("delete-file-system", "").replace("  ", " "),
        })
    },
};
