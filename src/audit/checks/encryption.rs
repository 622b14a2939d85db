//! Encryption at rest and in transit.

use super::{checkov, config, hub, other, prowler};
use crate::audit::check::{Check, CheckInput, Outcome};
use crate::audit::checks::policy;
use crate::audit::facts::{Known, Unavailable};
use crate::audit::policy::Enforced;
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::field::Field;
use crate::domain::finding::{About, Severity};
use crate::domain::settings::policy::Preset;
use crate::domain::state::FileSystem;
use crate::domain::text::list;

pub(in crate::audit) static AT_REST: Check = Check {
    about: About {
        id: "encrypted-at-rest",
        title: "the file system is encrypted at rest",
        failure: "the file system is not encrypted at rest",
        severity: Severity::High,
        why: "Encryption at rest is fixed at creation: to encrypt the data, copy it into another file system.",
        reads: &["DescribeFileSystems"],
        controls: &[
            hub("EFS.1"),
            hub("EFS.8"),
            config("efs-encrypted-check"),
            config("efs-filesystem-ct-encrypted"),
            prowler("efs_encryption_at_rest_enabled"),
            checkov("CKV_AWS_42"),
            other("Trivy", "AWS-0037"),
            other("CIS", "2.3.1"),
            other("Control Tower", "CT.ELASTICFILESYSTEM.PR.1"),
        ],
    },
    judge: at_rest,
};

fn at_rest(input: &CheckInput<'_>) -> Known<Outcome> {
    let fs = &input.facts.file_system;
    if fs.encrypted.ok_or_else(|| not_reported(fs))? {
        let key = fs.kms_key_id.as_deref().unwrap_or("AWS names no key");
        return Ok(Outcome::pass(format!("encrypted with {key}")));
    }
    Ok(Outcome::fail(
        [format!("{} is not encrypted", fs.id)],
        Advice::from("cannot be fixed in place: create an encrypted one (")
            .run(Command::efsctl("create NAME"))
            .text("), copy the data with AWS DataSync or a backup, and move the clients"),
    ))
}

fn not_reported(fs: &FileSystem) -> Unavailable {
    Unavailable::because(format!(
        "AWS does not report whether {} is encrypted",
        fs.id
    ))
}

pub(in crate::audit) static EXPECTED_KEY: Check = Check {
    about: About {
        id: "expected-kms-key",
        title: "the file system is encrypted with an expected key",
        failure: "the file system is not encrypted with an expected key",
        severity: Severity::Medium,
        why: "Principals that may use the key may read the data: with a wrong key, others decide who that is. Checked when --kms-key or the config file says which keys are right.",
        reads: &["DescribeFileSystems"],
        controls: &[
            hub("EFS.8"),
            checkov("CKV_AWS_184"),
            other("KICS", "25d251f3-f348-4f95-845c-1090e41a615c"),
        ],
    },
    judge: expected_key,
};

fn expected_key(input: &CheckInput<'_>) -> Known<Outcome> {
    let fs = &input.facts.file_system;
    let expected = &input.rules.kms_keys;
    if expected.is_empty() {
        return Ok(Outcome::none(advice![
            "no key is expected (",
            Field::KmsKey,
            ")",
        ]));
    }
    let Some(key) = fs.kms_key_id.as_deref() else {
        return if fs.encrypted.ok_or_else(|| not_reported(fs))? {
            Err(Unavailable::because(format!(
                "AWS names no key of {}",
                fs.id
            )))
        } else {
            Ok(Outcome::none("it is not encrypted"))
        };
    };
    let against =
        (!expected.iter().any(|wanted| wanted.is(key))).then(|| format!("encrypted with {key}"));
    let remedy = || {
        advice![
            "the key is fixed at creation: create a file system with ",
            Field::KmsKey,
            " and copy the data",
        ]
    };
    Ok(Outcome::unless(
        against.into_iter().collect(),
        remedy,
        format!("encrypted with {key}"),
    ))
}

pub(in crate::audit) static IN_TRANSIT: Check = Check {
    about: About {
        id: "encrypted-in-transit",
        title: "clients can only mount with TLS",
        failure: "clients can mount without TLS",
        severity: Severity::Medium,
        why: "NFS sends data in plain text. Only a file system policy that denies connections without TLS ensures that every client encrypts.",
        reads: &["DescribeFileSystemPolicy"],
        controls: &[
            other("Powerpipe", "efs_file_system_enforces_ssl"),
            other("Cloud Custodian", "efs check-secure-transport"),
        ],
    },
    judge: in_transit,
};

fn in_transit(input: &CheckInput<'_>) -> Known<Outcome> {
    let remedy = || {
        Advice::from(policy::with_preset(input, Preset::EnforceTls)).text(", and mount with -o tls")
    };
    let Some(file_system_policy) = policy::of(input)? else {
        return Ok(Outcome::fail(
            ["there is no file system policy: clients may mount without TLS"],
            remedy(),
        ));
    };
    let against = match file_system_policy.enforces_tls() {
        Enforced::Yes => Vec::new(),
        Enforced::Partly(actions) => {
            let denied = list(actions.iter().map(|action| action.as_str()));
            vec![format!("without TLS only {denied} is denied")]
        }
        Enforced::ForSome(doubts) => {
            let some = policy::describe(&doubts);
            vec![format!(
                "only some clients without TLS are denied, by {some}"
            )]
        }
        Enforced::No => vec!["nothing is denied to clients without TLS".to_owned()],
        Enforced::Unclear(doubts) => {
            return Err(Unavailable::because(format!(
                "whether clients without TLS are denied is not known: it depends on {}",
                policy::describe(&doubts)
            )));
        }
    };
    Ok(Outcome::unless(
        against,
        remedy,
        "no client can mount without TLS",
    ))
}
