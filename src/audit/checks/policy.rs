//! The file system policy: who may mount, and who may too much.

use super::{other, prowler};
use crate::audit::check::{Check, Outcome, Subject};
use crate::audit::facts::{Seen, Unseen};
use crate::audit::policy::Policy;
use crate::domain::finding::{About, Severity};

/// The policy, understood; `None`: the default is in effect. What cannot be understood is unknown.
pub(super) fn of(subject: &Subject<'_>) -> Seen<Option<Policy>> {
    let text = subject.facts.policy.as_ref().map_err(Clone::clone)?;
    let Some(text) = text else { return Ok(None) };
    Policy::parse(text)
        .map(Some)
        .map_err(|error| Unseen::because(error.to_string()))
}

/// Judges a policy by the statements that are wrong.
fn by_statements(
    subject: &Subject<'_>,
    wrong: impl FnOnce(&Policy) -> Vec<String>,
    (what, remedy): (&str, &str),
    pass: &str,
) -> Seen<Outcome> {
    let Some(policy) = of(subject)? else {
        return Ok(Outcome::none("there is no file system policy"));
    };
    let evidence = wrong(&policy)
        .into_iter()
        .map(|statement| format!("statement {statement}: {what}"))
        .collect();
    Ok(Outcome::unless(evidence, || remedy.to_owned(), pass))
}

/// The account that owns the file system, by its ARN.
fn account<'a>(subject: &Subject<'a>) -> Seen<&'a str> {
    let arn = subject.facts.file_system.arn.as_deref();
    arn.and_then(|arn| arn.split(':').nth(4))
        .filter(|account| !account.is_empty())
        .ok_or_else(|| {
            Unseen::because("AWS gave no ARN, so the owner of the file system is not known")
        })
}

pub(in crate::audit) static READABLE: Check = Check {
    about: About {
        id: "policy-understood",
        title: "the file system policy can be understood",
        severity: Severity::Medium,
        why: "What cannot be understood cannot be judged: the other checks of the policy are unknown then.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[],
    },
    judge: readable,
};

fn readable(subject: &Subject<'_>) -> Seen<Outcome> {
    let text = subject.facts.policy.as_ref().map_err(Clone::clone)?;
    let Some(text) = text else {
        return Ok(Outcome::none("there is no file system policy"));
    };
    Ok(match Policy::parse(text) {
        Ok(_) => Outcome::pass(format!("{} characters", text.chars().count())),
        Err(error) => Outcome::Fail {
            evidence: vec![error.to_string()],
            remedy: subject.aws_efs("put-file-system-policy", "--policy file://policy.json"),
        },
    })
}

pub(in crate::audit) static GRANTS_MOUNT: Check = Check {
    about: About {
        id: "policy-grants-mount",
        title: "the file system policy lets somebody mount",
        severity: Severity::High,
        why: "A policy replaces the default, which lets everybody mount who can reach a mount target. One that only denies locks out every client without an IAM identity of its own.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[],
    },
    judge: grants_mount,
};

fn grants_mount(subject: &Subject<'_>) -> Seen<Outcome> {
    let Some(policy) = of(subject)? else {
        return Ok(Outcome::none(
            "there is no file system policy: everybody who reaches a mount target may mount",
        ));
    };
    let grants = policy.grants_mount();
    let evidence = if grants.is_empty() {
        vec!["no statement allows elasticfilesystem:ClientMount: only identities whose own IAM policy does can mount, with -o tls,iam".to_owned()]
    } else {
        Vec::new()
    };
    let seen: Vec<String> = grants
        .iter()
        .map(|grant| {
            format!(
                "statement {} lets {} mount",
                grant.statement, grant.principals
            )
        })
        .collect();
    let remedy = || {
        "add a statement that allows elasticfilesystem:ClientMount (and ClientWrite) to the principals of the clients".to_owned()
    };
    Ok(Outcome::unless(evidence, remedy, seen.join("; ")))
}

pub(in crate::audit) static PUBLIC: Check = Check {
    about: About {
        id: "policy-not-public",
        title: "the file system policy is not public",
        severity: Severity::Critical,
        why: "A wildcard grant that no fixed value narrows, not even access by a mount target, is public in the sense of EFS block public access.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[
            prowler("efs_not_publicly_accessible"),
            other("Powerpipe", "efs_file_system_restrict_public_access"),
            other("KICS", "fae52418-bb8b-4ac2-b287-0b9082d6a3fd"),
        ],
    },
    judge: |subject| {
        by_statements(
            subject,
            Policy::is_public,
            (
                "grants to everybody without narrowing it",
                "name principals, or add the condition elasticfilesystem:AccessedViaMountTarget = true to those statements",
            ),
            "nothing is granted to everybody without narrowing it",
        )
    },
};

pub(in crate::audit) static ANONYMOUS: Check = Check {
    about: About {
        id: "no-anonymous-access",
        title: "clients need an IAM identity",
        severity: Severity::Low,
        why: "Without a policy, or with a grant to everybody, whoever reaches a mount target can mount and write: the network is the only guard.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[prowler("efs_not_publicly_accessible")],
    },
    judge: anonymous,
};

fn anonymous(subject: &Subject<'_>) -> Seen<Outcome> {
    let evidence = match of(subject)? {
        None => vec!["there is no file system policy: whoever reaches a mount target can mount, write, and be root".to_owned()],
        Some(policy) => policy
            .anonymous()
            .iter()
            .map(|grant| {
                let actions: Vec<&str> = grant.actions.iter().map(|action| action.as_str()).collect();
                let narrowed = match grant.narrowed_by.as_slice() {
                    [] => String::new(),
                    keys => format!(" (narrowed by {})", keys.join(", ")),
                };
                format!("statement {} grants {} to everybody{narrowed}", grant.statement, actions.join(", "))
            })
            .collect(),
    };
    let remedy = || {
        "grant to named principals only, and mount with -o tls,iam; where the network is guard enough, turn this check off in the policy file".to_owned()
    };
    Ok(Outcome::unless(
        evidence,
        remedy,
        "nothing is granted to clients without an IAM identity",
    ))
}

pub(in crate::audit) static ANONYMOUS_ROOT: Check = Check {
    about: About {
        id: "no-anonymous-root",
        title: "the policy makes no anonymous client root",
        severity: Severity::High,
        why: "ClientRootAccess keeps root from being squashed: granted to everybody, root on any client owns every file.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[],
    },
    judge: |subject| {
        by_statements(
            subject,
            Policy::anonymous_root,
            (
                "grants elasticfilesystem:ClientRootAccess to everybody",
                "take elasticfilesystem:ClientRootAccess out of those statements, or name the principals that need it",
            ),
            "root is squashed for clients without an IAM identity",
        )
    },
};

pub(in crate::audit) static WILDCARDS: Check = Check {
    about: About {
        id: "policy-no-wildcard-actions",
        title: "the policy grants no wildcard of actions to everybody",
        severity: Severity::High,
        why: "`*` and `elasticfilesystem:*` hold the administrative actions too: deleting the file system, and changing this policy.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[other("KICS", "fae52418-bb8b-4ac2-b287-0b9082d6a3fd")],
    },
    judge: |subject| {
        by_statements(
            subject,
            Policy::wildcard_actions,
            (
                "grants a wildcard of actions to everybody",
                "name the actions: elasticfilesystem:ClientMount, ClientWrite, ClientRootAccess",
            ),
            "no wildcard of actions is granted to everybody",
        )
    },
};

pub(in crate::audit) static FOREIGN_ACCOUNTS: Check = Check {
    about: About {
        id: "no-foreign-accounts",
        title: "the policy grants nothing to accounts that are not expected",
        severity: Severity::Medium,
        why: "Another account decides for itself who of it uses the grant. Expected accounts stand in the policy file.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[other("Cloud Custodian", "efs cross-account")],
    },
    judge: foreign_accounts,
};

fn foreign_accounts(subject: &Subject<'_>) -> Seen<Outcome> {
    let Some(policy) = of(subject)? else {
        return Ok(Outcome::none("there is no file system policy"));
    };
    let foreign: Vec<String> = policy
        .foreign_accounts(account(subject)?)
        .into_iter()
        .filter(|account| !subject.rules.allowed_accounts.contains(account))
        .map(|account| format!("something is granted to account {account}"))
        .collect();
    let remedy = || {
        "take the account out of the policy, or add it to allowed-accounts in the policy file"
            .to_owned()
    };
    Ok(Outcome::unless(
        foreign,
        remedy,
        "nothing is granted to other accounts",
    ))
}

pub(in crate::audit) static LOCK_OUT: Check = Check {
    about: About {
        id: "no-policy-lock-out",
        title: "the account can change the policy",
        severity: Severity::High,
        why: "A statement that denies PutFileSystemPolicy and DeleteFileSystemPolicy to everybody leaves only the root user of the account.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[],
    },
    judge: lock_out,
};

fn lock_out(subject: &Subject<'_>) -> Seen<Outcome> {
    if of(subject)?.is_none() {
        return Ok(Outcome::none("there is no file system policy"));
    }
    let account = account(subject)?;
    by_statements(
        subject,
        |policy| policy.locks_out(account),
        (
            "denies changing and deleting the policy",
            "as the root user of the account, put a policy without those statements",
        ),
        "the policy can be changed and deleted",
    )
}
