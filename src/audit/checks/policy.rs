//! The file system policy: who may mount, and who may too much.

use super::{other, prowler};
use crate::audit::check::{Check, CheckInput, Outcome};
use crate::audit::facts::{Known, Unavailable};
use crate::audit::policy::{Doubt, Grant, LockOut, Policy, Wide};
use crate::domain::advice::Command;
use crate::domain::finding::{About, Severity};
use crate::domain::settings::policy::{ObservedPolicy, Preset};
use crate::domain::text::list;

/// The policy, understood; `None`: the default is in effect. What cannot be understood is unknown.
pub(super) fn of(input: &CheckInput<'_>) -> Known<Option<Policy>> {
    let text = input.facts.policy.as_ref().map_err(Clone::clone)?;
    let Some(text) = text else { return Ok(None) };
    let policy = Policy::parse(text).map_err(|error| Unavailable::because(error.to_string()))?;
    let arn = input.facts.file_system.arn.as_deref();
    Ok(Some(match arn.filter(|arn| !arn.is_empty()) {
        Some(arn) => policy.on(arn),
        None => policy,
    }))
}

/// `efsctl set …` that adds that preset to those that are there.
pub(super) fn with_preset(input: &CheckInput<'_>, preset: Preset) -> Command {
    let mut presets = observed(input).presets().unwrap_or_default();
    presets.insert(preset);
    let words: Vec<String> = presets.iter().map(Preset::to_string).collect();
    input.set(&format!("--policy {}", words.join(",")))
}

pub(super) fn observed(input: &CheckInput<'_>) -> ObservedPolicy {
    let text = input.facts.policy.as_ref().ok().and_then(Option::as_deref);
    ObservedPolicy::read(text, &input.facts.file_system.id)
}

/// `statement a (aws:SourceVpc), statement b`, of statements that may apply or not.
pub(super) fn describe(doubts: &[Doubt]) -> String {
    list(doubts)
}

/// Judges a policy by the statements that are wrong.
pub(super) fn by_statements(
    input: &CheckInput<'_>,
    wrong: impl FnOnce(&Policy) -> Vec<String>,
    (what, remedy): (&str, &str),
    pass: &str,
) -> Known<Outcome> {
    let Some(policy) = of(input)? else {
        return Ok(Outcome::none("there is no file system policy"));
    };
    let evidence = wrong(&policy)
        .into_iter()
        .map(|statement| format!("statement {statement}: {what}"))
        .collect();
    Ok(Outcome::unless(evidence, || remedy.to_owned(), pass))
}

/// The account that owns the file system, by its ARN.
fn account<'a>(input: &CheckInput<'a>) -> Known<&'a str> {
    let arn = input.facts.file_system.arn.as_deref();
    arn.and_then(|arn| arn.split(':').nth(4))
        .filter(|account| !account.is_empty())
        .ok_or_else(|| {
            Unavailable::because("AWS gave no ARN, so the owner of the file system is not known")
        })
}

pub(in crate::audit) static READABLE: Check = Check {
    about: About {
        id: "policy-understood",
        title: "the file system policy can be understood",
        failure: "the file system policy cannot be understood",
        severity: Severity::Medium,
        why: "The other checks of the policy are unknown if efsctl cannot parse it.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[],
    },
    judge: readable,
};

fn readable(input: &CheckInput<'_>) -> Known<Outcome> {
    let text = input.facts.policy.as_ref().map_err(Clone::clone)?;
    let Some(text) = text else {
        return Ok(Outcome::none("there is no file system policy"));
    };
    Ok(match Policy::parse(text) {
        Ok(_) => Outcome::pass(format!("{} characters", text.chars().count())),
        Err(error) => Outcome::fail(
            [error.to_string()],
            input.aws_efs("put-file-system-policy", "--policy file://policy.json"),
        ),
    })
}

pub(in crate::audit) static GRANTS_MOUNT: Check = Check {
    about: About {
        id: "policy-grants-mount",
        title: "the file system policy allows clients to mount",
        failure: "the file system policy allows no client to mount",
        severity: Severity::High,
        why: "A policy replaces the default, which lets every client mount that can reach a mount target. One that only denies locks out every client without an IAM identity of its own. What the console writes for \"Prevent anonymous access\" (writing is allowed, mounting is not) is intended, and passes: identities mount by their own policies.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[],
    },
    judge: grants_mount,
};

fn grants_mount(input: &CheckInput<'_>) -> Known<Outcome> {
    let Some(policy) = of(input)? else {
        return Ok(Outcome::none(
            "there is no file system policy: every client that reaches a mount target may mount",
        ));
    };
    let grants = policy.grants_mount();
    let by_identity = policy.leaves_mounting_to_identities();
    let by_preset = policy.names_mount().is_empty() && is_left_to_identities(input);
    match policy.denies_mounting() {
        None if by_preset || !by_identity.is_empty() => {
            return Err(Unavailable::because(
                "whether identities may mount is not known: a Deny may apply to elasticfilesystem:ClientMount, or not",
            ));
        }
        Some(false) if !by_identity.is_empty() => {
            return Ok(Outcome::pass(format!(
                "statement {} leaves mounting to identities whose own IAM policy allows it, with -o tls,iam",
                by_identity.join(", ")
            )));
        }
        Some(false) if by_preset => {
            return Ok(Outcome::pass(format!(
                "the preset {} leaves mounting to identities whose own IAM policy allows it, with -o tls,iam",
                Preset::DenyAnonymous
            )));
        }
        _ => {}
    }
    let mut evidence = match policy.names_mount().as_slice() {
        _ if !grants.is_empty() => Vec::new(),
        [] => vec!["no statement allows elasticfilesystem:ClientMount: only identities whose own IAM policy does can mount, with -o tls,iam".to_owned()],
        void => vec![format!(
            "the grant of elasticfilesystem:ClientMount applies to no NFS client, or is denied (statement {}): at most identities whose own IAM policy allows it can mount, with -o tls,iam",
            void.join(", ")
        )],
    };
    if let (false, [first, ..]) = (evidence.is_empty(), policy.deleted().as_slice()) {
        evidence.push(format!(
            "{} is the id of a role, user or group that was deleted: it matches no principal, not even one created again under its name",
            first.name
        ));
    }
    if !grants.is_empty() && grants.iter().all(|grant| !grant.is_certain) {
        let doubts: Vec<String> = grants.iter().map(|grant| describe(&grant.unless)).collect();
        return Err(Unavailable::because(format!(
            "whether any client may mount is not known: it depends on what is denied by {}",
            doubts.join(", ")
        )));
    }
    let seen: Vec<String> = grants.iter().map(let_mount).collect();
    let remedy = || {
        "add a statement that allows elasticfilesystem:ClientMount (and ClientWrite) to the principals of the clients".to_owned()
    };
    Ok(Outcome::unless(evidence, remedy, seen.join("; ")))
}

/// The policy has the preset for it: beside others it may leave no statement that grants anything.
fn is_left_to_identities(input: &CheckInput<'_>) -> bool {
    let presets = observed(input).presets().unwrap_or_default();
    presets.contains(&Preset::DenyAnonymous)
}

fn let_mount(grant: &Grant) -> String {
    let depending = match grant.depends_on.as_slice() {
        [] => String::new(),
        own => format!(", depending on its {}", own.join(", ")),
    };
    let unless = match grant.unless.as_slice() {
        [] => String::new(),
        doubts => format!(", unless denied by {}", describe(doubts)),
    };
    let (statement, principals, how) = (&grant.statement, &grant.principals, grant.how());
    format!("statement {statement} lets {principals} mount{how}{depending}{unless}")
}

pub(in crate::audit) static PUBLIC: Check = Check {
    about: About {
        id: "policy-not-public",
        title: "the file system policy is not public",
        failure: "the file system policy is public",
        severity: Severity::Critical,
        why: "A wildcard grant that no fixed value narrows, not even access by a mount target, is public in the sense of EFS block public access.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[
            prowler("efs_not_publicly_accessible"),
            other("Powerpipe", "efs_file_system_restrict_public_access"),
            other("KICS", "fae52418-bb8b-4ac2-b287-0b9082d6a3fd"),
        ],
    },
    judge: |input| {
        by_statements(
            input,
            Policy::is_public,
            (
                "grants to everybody without narrowing it",
                "name principals, or add the condition elasticfilesystem:AccessedViaMountTarget = true to those statements",
            ),
            "nothing is granted to everybody without narrowing it",
        )
    },
};

/// What narrows a grant, behind its sentence.
pub(super) fn narrowed_by(keys: &[String]) -> String {
    if keys.is_empty() {
        return String::new();
    }
    format!(" (narrowed by {})", keys.join(", "))
}

pub(in crate::audit) static WILDCARDS: Check = Check {
    about: About {
        id: "policy-no-wildcard-actions",
        title: "the policy grants no wildcard of actions to everybody",
        failure: "the policy grants a wildcard of actions to everybody",
        severity: Severity::High,
        why: "Wildcards such as `*`, `elasticfilesystem:*` or `elasticfilesystem:D*` hold administrative actions too: deleting the file system, or changing this policy.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[other("KICS", "fae52418-bb8b-4ac2-b287-0b9082d6a3fd")],
    },
    judge: wildcards,
};

fn wildcards(input: &CheckInput<'_>) -> Known<Outcome> {
    let Some(policy) = of(input)? else {
        return Ok(Outcome::none("there is no file system policy"));
    };
    let describe = |wide: &Wide| {
        format!(
            "statement {}: grants a wildcard of actions to everybody: {} covers {}{}",
            wide.statement,
            wide.pattern,
            wide.action,
            narrowed_by(&wide.narrowed_by)
        )
    };
    let remedy = || {
        "name the actions: elasticfilesystem:ClientMount, ClientWrite, ClientRootAccess".to_owned()
    };
    Ok(Outcome::unless(
        policy.wildcard_actions().iter().map(describe).collect(),
        remedy,
        "no wildcard of administrative actions is granted to everybody",
    ))
}

pub(in crate::audit) static FOREIGN_ACCOUNTS: Check = Check {
    about: About {
        id: "no-foreign-accounts",
        title: "the policy grants nothing to accounts that are not expected",
        failure: "the policy grants access to accounts that are not expected",
        severity: Severity::Medium,
        why: "The other account decides which of its principals use the grant. Expected accounts and organizations are listed in the config file.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[other("Cloud Custodian", "efs cross-account")],
    },
    judge: foreign_accounts,
};

fn foreign_accounts(input: &CheckInput<'_>) -> Known<Outcome> {
    let Some(policy) = of(input)? else {
        return Ok(Outcome::none("there is no file system policy"));
    };
    let foreign: Vec<String> = policy
        .foreign(account(input)?)
        .into_iter()
        .filter(|foreign| !input.rules.allowed_accounts.contains(foreign.id()))
        .map(|foreign| format!("something is granted to {foreign}"))
        .collect();
    if let (true, [first, ..]) = (foreign.is_empty(), policy.deleted().as_slice()) {
        return Err(Unavailable::because(format!(
            "something is granted to {}, the id of a deleted principal: the id does not show its account",
            first.name
        )));
    }
    let remedy = || {
        "remove the account or organization from the policy, or add it to allowed-accounts in the config file"
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
        failure: "the account can no longer change the policy",
        severity: Severity::High,
        why: "A statement that denies PutFileSystemPolicy and DeleteFileSystemPolicy to everybody leaves only the root user of the account.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[],
    },
    judge: lock_out,
};

fn lock_out(input: &CheckInput<'_>) -> Known<Outcome> {
    let Some(policy) = of(input)? else {
        return Ok(Outcome::none("there is no file system policy"));
    };
    match policy.locks_out(account(input)?) {
        LockOut::No => Ok(Outcome::pass("the policy can be changed or deleted")),
        LockOut::Yes(statements) => Ok(Outcome::fail(
            statements
                .into_iter()
                .map(|one| format!("statement {one}: denies changing and deleting the policy")),
            "as the root user of the account, put a policy without those statements",
        )),
        LockOut::Unclear(doubts) => Err(Unavailable::because(format!(
            "whether the account can still change the policy is not known: it depends on {}",
            describe(&doubts)
        ))),
    }
}
