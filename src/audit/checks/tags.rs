//! Tags, identity, orphans.

use super::other;
use crate::audit::check::{Check, Outcome};
use crate::audit::facts::Unavailable;
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::deployment::metered;
use crate::domain::expiry::Expiry;
use crate::domain::field::Field;
use crate::domain::finding::{About, Severity};
use crate::domain::inventory::Replication;
use crate::domain::state::{EMPTY_BYTES, State};
use crate::domain::tags;
use crate::domain::text::counted;

pub(in crate::audit) static REQUIRED: Check = Check {
    about: About {
        id: "required-tags",
        title: "the file system carries the required tags",
        failure: "required tags are missing or have another value",
        severity: Severity::Low,
        why: "Costs and owners are found by tags. Checked when --require-tag or the config file says which.",
        reads: &["DescribeFileSystems"],
        controls: &[other("AWS Config", "required-tags")],
    },
    judge: |input| {
        let required = &input.rules.required_tags;
        if required.is_empty() {
            return Ok(Outcome::none(advice![
                "no tags are required (",
                Field::RequireTag,
                ")",
            ]));
        }
        let fs = &input.facts.file_system;
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
            tags.push(format!("{key}={value}"));
        }
        let keys: Vec<&str> = required.keys().map(String::as_str).collect();
        let remedy = || {
            let set = Command::efsctl("set").arg(&fs.id);
            tags.iter().fold(set, |set, tag| set.flag("--tag", tag))
        };
        Ok(Outcome::unless(evidence, remedy, keys.join(", ")))
    },
};

pub(in crate::audit) static ANY: Check = Check {
    about: About {
        id: "tagged",
        title: "the file system carries a tag",
        failure: "the file system carries no tag",
        severity: Severity::Low,
        why: "A file system without a name or any other tag has no identifiable owner.",
        reads: &["DescribeFileSystems"],
        controls: &[other("CloudSploit", "efsHasTags")],
    },
    judge: |input| {
        let fs = &input.facts.file_system;
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
            || input.set("--tag Name=NAME"),
            counted(own, "tag"),
        ))
    },
};

pub(in crate::audit) static EXPIRED: Check = Check {
    about: About {
        id: "expired",
        title: "the file system has not expired",
        failure: "the file system has expired",
        severity: Severity::Low,
        why: "It was created for a limited time (--expires), and costs money until it is deleted. Judged by the day (UTC).",
        reads: &["DescribeFileSystems"],
        controls: &[],
    },
    judge: |input| {
        let fs = &input.facts.file_system;
        let Some(value) = fs.tags.get(tags::EXPIRES) else {
            return Ok(Outcome::none(advice![
                "no end is set (",
                Field::Expires,
                ")"
            ]));
        };
        let Some(expiry) = Expiry::of(&fs.tags) else {
            return Err(Unavailable::because(format!(
                "the tag {} is `{value}`, which is no time",
                tags::EXPIRES
            )));
        };
        // RFC 3339 sorts as text.
        let is_over = expiry.to_string() < input.rules.today;
        let remedy = || {
            let delete = Command::efsctl("delete").arg(&fs.id);
            let keep = input.set("--expires never");
            if tags::is_managed(&fs.tags) {
                Advice::step("if it is no longer used", delete)
                    .text("; to keep it: ")
                    .run(keep)
            } else {
                Advice::step("to keep it", keep)
            }
        };
        Ok(Outcome::unless(
            is_over
                .then(|| format!("it expired at {expiry}"))
                .into_iter()
                .collect(),
            remedy,
            format!("it expires at {expiry}"),
        ))
    },
};

pub(in crate::audit) static IDENTITY: Check = Check {
    about: About {
        id: "efsctl-identity",
        title: "creation token and tags of a file system of efsctl name the same deployment",
        failure: "creation token and tags of a file system of efsctl name different deployments",
        severity: Severity::Low,
        why: "`efsctl create NAME` finds a file system by its creation token, which cannot change; a tag that was edited no longer matches it.",
        reads: &["DescribeFileSystems"],
        controls: &[],
    },
    judge: |input| {
        let fs = &input.facts.file_system;
        let token = fs.creation_token.strip_prefix("efsctl:");
        if !tags::is_managed(&fs.tags) && token.is_none() {
            return Ok(Outcome::none("it was not created by efsctl"));
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
                Some(name) => Command::aws("efs tag-resource")
                    .flag("--resource-id", &fs.id)
                    .flag("--tags", format!("Key={},Value={name}", tags::NAME)),
                None => Command::aws("efs untag-resource")
                    .flag("--resource-id", &fs.id)
                    .flag("--tag-keys", tags::NAME)
                    .arg(tags::MANAGED_BY)
                    .arg(tags::RUN),
            },
            format!("`{}`", token.unwrap_or_default()),
        ))
    },
};

pub(in crate::audit) static ORPHAN: Check = Check {
    about: About {
        id: "not-orphaned",
        title: "the file system is in use",
        failure: "the file system is not in use",
        severity: Severity::Low,
        why: "A file system without mount targets and data is usually left behind by an interrupted tool.",
        reads: &["DescribeFileSystems", "DescribeReplicationConfigurations"],
        controls: &[],
    },
    judge: |input| {
        let fs = &input.facts.file_system;
        if fs.state != State::Available {
            return Ok(Outcome::none(format!("the file system is {}", fs.state)));
        }
        if fs.mount_targets > 0 || fs.size_bytes > EMPTY_BYTES {
            return Ok(Outcome::pass("it has mount targets or data"));
        }
        if fs.is_copy() {
            return Ok(Outcome::pass("it is the copy of a replication"));
        }
        let replications = input.inventory.replications.as_ref();
        let is_part = |replication: &Replication| {
            let mut copies = replication.destinations.iter();
            replication.source == fs.id || copies.any(|(copy, _, _)| *copy == fs.id)
        };
        if replications.map_err(Clone::clone)?.iter().any(is_part) {
            // A copy has no mount targets until it is needed (user guide, "Replicating file systems").
            return Ok(Outcome::pass("it is part of a replication"));
        }
        Ok(Outcome::fail(
            [format!(
                "it has no mount target; {}",
                metered(fs.size_bytes)
            )],
            input.aws_efs("delete-file-system", ""),
        ))
    },
};
