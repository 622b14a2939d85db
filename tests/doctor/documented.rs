//! docs/DOCTOR.md is made of the tables.

use efsctl::doctor::{CAUSES, CHECKS, Certainty, PATTERNS, SEEN, Sign};

use crate::documents::is_equal;

const HEAD: &str = "# `efsctl doctor`\n\nWhy a file system cannot be mounted or used. Generated from `src/doctor/`: `EFSCTL_UPDATE=1 cargo test --test it doctor`.\n\n\
`efsctl doctor FS [--from i-…|sg-…|subnet-…|here] [--error \"TEXT\"]` reads what AWS shows, what this host shows, and what a message says. Each of them is a\n\
sign; a cause is a row of the table below, with the signs that point to it and how much. It changes nothing, and makes at most 18 calls.\n\n\
- **The account.** The checks of `validate` judge security groups in both directions, network ACLs, DNS attributes, zones and states, and the evaluator of `connect`\n  the policy: there is one judgement. Besides, routes between VPCs, and the directories of access points.\n\
- **This host** (`--from here`, and without `--from`): programs, the kernel, names, the answer of each mount target, mounts, `/etc/fstab`, efs-utils. Nothing is mounted; each\n  question ends after two seconds, all of them side by side. With `--from i-…` alone it is not asked.\n\
- **A message** (`--error`): the patterns are below. Where nothing else is known it decides alone; what the other two show to be well is not named.\n\n\
What is denied or cannot be read is `unknown`, with the IAM action that is missing: never a pass. The exit code is 3 if a cause is certain or likely, otherwise 0\n\
([EXIT_CODES.md](EXIT_CODES.md)); [IAM.md](IAM.md) has the least policy.\n";

const TAIL: &str = "\n## What cannot be determined\n\n\
- Why tasks hang: many writers on one directory, or a bug of a kernel. The message points to it; nothing that can be read from outside decides it.\n\
- The state of the KMS key, and private hosted zones of Route 53: they are inferred from states and messages, and said to be likely.\n\
- The DHCP options of the VPC: the name servers are read from this host.\n\
- The clock of a host that is not this one: only a message tells (`Signature expired`).\n\
- Whether the directory of an access point exists, who owns a directory, and how many files or locks are open.\n\
- Network firewalls, proxies and routes outside of VPCs; transit gateways and peerings beyond the route that leads to them.\n\
- The identity policies of a client: only the file system policy is evaluated.\n\
- Burst credits and the I/O limit: metrics are not read.\n";

#[test]
fn the_page_is_that_of_the_tables() {
    let mut text = HEAD.to_owned();
    text += "\n## Scores\n\nThe weights of what was observed are added. ";
    let levels =
        Certainty::LEAST.map(|(certainty, least)| format!("{}: from {least}", certainty.as_str()));
    text += &format!(
        "{}. Of equal ones the first row is named first. *Not if* excludes a cause, unless a sign of the account or of the host points to it with {SEEN} or more.\n",
        levels.join(", ")
    );
    text += "\n| cause | what is wrong | signs and their weights | not if | source |\n|---|---|---|---|---|\n";
    for cause in CAUSES {
        let signs = cause
            .signs
            .iter()
            .map(|(sign, weight)| format!("`{}` {weight}", sign.as_str()));
        let signs: Vec<String> = signs.collect();
        let unless = cause
            .unless
            .iter()
            .map(|sign| format!("`{}`", sign.as_str()));
        let unless: Vec<String> = unless.collect();
        text += &format!(
            "| `{}` | {} | {} | {} | {} |\n",
            cause.id,
            cause.title,
            signs.join(", "),
            unless.join(", "),
            cause.source
        );
    }
    text += "\n## Signs\n\n| sign | where | what was observed |\n|---|---|---|\n";
    for sign in Sign::ALL {
        text += &format!(
            "| `{}` | {} | {} |\n",
            sign.as_str(),
            sign.side().as_str(),
            sign.meaning()
        );
    }
    text += "\n## Checks of `validate` that are used\n\n| check | a failure is | a pass is |\n|---|---|---|\n";
    for (check, fails, passes) in CHECKS {
        let word = |sign: &Option<Sign>| {
            sign.map(|sign| format!("`{}`", sign.as_str()))
                .unwrap_or_default()
        };
        text += &format!(
            "| [`{check}`](CHECKS.md#{check}) | {} | {} |\n",
            word(fails),
            word(passes)
        );
    }
    text += "\n## Messages\n\nIn any case; the sign that says more takes the place of one that says less.\n\n| part of the message | sign |\n|---|---|\n";
    for (words, sign) in PATTERNS {
        text += &format!("| `{words}` | `{}` |\n", sign.as_str());
    }
    text += TAIL;
    is_equal("docs/DOCTOR.md", &text);
}

/// A sign that points to nothing and excludes nothing is read in vain.
#[test]
fn every_sign_is_used_and_every_check_exists() {
    let points = |sign: &Sign| {
        CAUSES.iter().any(|cause| {
            cause.signs.iter().any(|(own, _)| own == sign) || cause.unless.contains(sign)
        })
    };
    let idle: Vec<&str> = Sign::ALL
        .iter()
        .filter(|sign| !points(sign))
        .map(|sign| sign.as_str())
        .collect();
    assert_eq!(idle, [""; 0]);
    for (check, ..) in CHECKS {
        assert!(efsctl::audit::catalogue::find(check).is_some(), "{check}");
    }
}
