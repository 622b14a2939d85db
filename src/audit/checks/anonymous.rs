//! What clients without an IAM identity may do.

use super::policy::{by_statements, narrowed_by, observed, of, with_preset};
use super::prowler;
use crate::audit::check::{Check, CheckInput, Outcome};
use crate::audit::facts::Known;
use crate::domain::advice::Advice;
use crate::domain::finding::{About, Severity};
use crate::domain::settings::policy::Preset;
use crate::domain::text::list;

pub(in crate::audit) static ANONYMOUS: Check = Check {
    about: About {
        id: "no-anonymous-access",
        title: "clients need an IAM identity",
        failure: "clients need no IAM identity",
        severity: Severity::Low,
        why: "Without a policy, or with a grant to everybody, every client that reaches a mount target can mount and write: only the network restricts access.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[prowler("efs_not_publicly_accessible")],
    },
    judge: anonymous,
};

fn anonymous(input: &CheckInput<'_>) -> Known<Outcome> {
    let evidence = match of(input)? {
        None => vec!["there is no file system policy: every client that reaches a mount target can mount, write, and be root".to_owned()],
        Some(policy) => policy
            .anonymous()
            .iter()
            .map(|grant| {
                let actions = list(grant.actions.iter().map(|action| action.as_str()));
                let narrowed = narrowed_by(&grant.narrowed_by);
                let not_enforced = match grant.not_enforced.as_slice() {
                    [] => String::new(),
                    keys => format!("; EFS does not enforce {} for NFS clients", keys.join(", ")),
                };
                format!("statement {} grants {actions} to everybody{narrowed}{not_enforced}", grant.statement)
            })
            .collect(),
    };
    let remedy = || {
        let enough = "and mount with -o tls,iam; if network controls are sufficient, turn this check off in the config file";
        // A preset takes back nothing that others grant.
        if observed(input).kept().is_empty() {
            let set = with_preset(input, Preset::DenyAnonymous);
            Advice::from("let only IAM identities mount: ")
                .run(set)
                .text(format!(", {enough}"))
        } else {
            format!("grant to named principals only, {enough}").into()
        }
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
        title: "the policy gives no anonymous client root access",
        failure: "the policy gives anonymous clients root access",
        severity: Severity::High,
        why: "ClientRootAccess turns off root squashing: if it is granted to everybody, root on any client owns every file. A statement that allows everybody everything through a mount target says what is so without a policy: no-anonymous-access reports both.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[],
    },
    judge: anonymous_root,
};

fn anonymous_root(input: &CheckInput<'_>) -> Known<Outcome> {
    let policy = of(input)?;
    let defaults = policy.map_or_else(Vec::new, |policy| policy.restates_default());
    let outcome = by_statements(
        input,
        |policy| {
            let mut granting = policy.anonymous_root();
            granting.retain(|statement| !defaults.contains(statement));
            granting
        },
        (
            "grants elasticfilesystem:ClientRootAccess to everybody",
            "remove elasticfilesystem:ClientRootAccess from those statements, or name the principals that need it",
        ),
        "root is squashed for clients without an IAM identity",
    )?;
    Ok(match (outcome, defaults.as_slice()) {
        // Without a policy the same is so, and that is the check of anonymous access.
        (Outcome::Pass(_), [_, ..]) => Outcome::none(format!(
            "statement {} allows what is allowed without a policy: root is not squashed",
            defaults.join(", ")
        )),
        (outcome, _) => outcome,
    })
}
