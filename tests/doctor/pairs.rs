//! Two causes at once: both are named.

use super::causes::{ACCOUNT, Breaks, HOST, named};
use super::setup::Setup;

/// How many causes are shown.
const SHOWN: usize = 6;

/// Pairs that cannot be at once, or of which one hides what shows the other.
const APART: &[(&str, &str)] = &[
    // Without a mount target there is nothing to it.
    ("no-mount-target", "mount-target-error"),
    ("no-mount-target", "mount-target-changing"),
    ("no-mount-target", "mount-target-interface"),
    ("no-mount-target", "security-group-inbound"),
    ("no-mount-target", "security-group-outbound"),
    ("no-mount-target", "acl-of-mount-target"),
    ("no-mount-target", "acl-of-client"),
    ("no-mount-target", "no-route"),
    ("no-mount-target", "address-family"),
    ("no-mount-target", "dns-attributes"),
    // A copy has mount targets only where someone makes them.
    ("no-mount-target", "read-only-copy"),
    ("zone-without-mount-target", "read-only-copy"),
    // One state.
    ("mount-target-error", "mount-target-changing"),
    // Without an interface neither its groups nor its address are known.
    ("mount-target-interface", "security-group-inbound"),
    ("mount-target-interface", "security-group-outbound"),
    ("mount-target-interface", "acl-of-mount-target"),
    ("mount-target-interface", "acl-of-client"),
    // Which VPCs have mount targets is known by their interfaces.
    ("mount-target-interface", "dns-attributes"),
    ("mount-target-interface", "no-route"),
    // One subnet, one VPC.
    ("security-group-inbound", "no-route"),
    ("security-group-outbound", "no-route"),
    ("acl-of-client", "no-route"),
    ("acl-of-client", "one-zone-elsewhere"),
    ("acl-of-client", "zone-without-mount-target"),
    ("no-route", "one-zone-elsewhere"),
    ("no-route", "zone-without-mount-target"),
    ("one-zone-elsewhere", "zone-without-mount-target"),
    // A range has neither rules nor a place.
    ("security-group-inbound", "address-family"),
    ("security-group-outbound", "address-family"),
    ("acl-of-mount-target", "address-family"),
    ("acl-of-client", "address-family"),
    ("no-route", "address-family"),
    ("one-zone-elsewhere", "address-family"),
    ("zone-without-mount-target", "address-family"),
    ("mount-target-interface", "address-family"),
];

const POLICIES: [&str; 6] = [
    "policy-denies-mount",
    "policy-requires-tls",
    "policy-requires-iam",
    "policy-requires-access-point",
    "policy-read-only",
    "root-squash",
];

fn are_apart(one: &str, other: &str) -> bool {
    let is_row = |row: &(&str, &str)| *row == (one, other) || *row == (other, one);
    APART.iter().any(is_row) || POLICIES.contains(&one) && POLICIES.contains(&other)
}

/// What is said of a pair of which one is not among the first; `None`: both are.
async fn not_named(
    one: &(&str, Breaks),
    other: &(&str, Breaks),
    mut setup: Setup,
) -> Option<String> {
    (one.1)(&mut setup);
    (other.1)(&mut setup);
    let found = match setup.diagnosed().await {
        Ok(found) => found,
        Err(error) => return Some(format!("{} {}: {error}", one.0, other.0)),
    };
    let shown = found.causes.iter().take(SHOWN);
    let shown: Vec<&str> = shown.map(|one| one.cause.id).collect();
    let is_named = |cause: &(&str, Breaks)| shown.contains(&cause.0);
    let both = is_named(one) && is_named(other);
    (!both).then(|| format!("{} and {}: {:?}", one.0, other.0, named(&found)))
}

#[tokio::test]
async fn two_that_the_account_shows_are_both_named() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (nth, one) in ACCOUNT.iter().enumerate() {
        for other in &ACCOUNT[nth + 1..] {
            if !are_apart(one.0, other.0) {
                wrong.extend(not_named(one, other, Setup::healthy()).await);
                count += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 130, "{count}");
}

/// Of the host's those that are about one thing each: its names, what answers, its files.
#[tokio::test]
async fn one_of_the_account_and_one_of_the_host_are_both_named() {
    let hosts = [
        "nfs-client-missing",
        "search-domain",
        "boot-without-netdev",
        "mounted-without-noresvport",
    ];
    let accounts = [
        "security-group-inbound",
        "dns-attributes",
        "policy-requires-tls",
        "mount-target-error",
        "acl-of-client",
    ];
    let mut wrong = Vec::new();
    for host in HOST.iter().filter(|(cause, _)| hosts.contains(cause)) {
        for account in ACCOUNT.iter().filter(|(cause, _)| accounts.contains(cause)) {
            let mut setup = Setup::healthy();
            setup.asks_host = true;
            wrong.extend(not_named(host, account, setup).await);
        }
    }
    for (nth, one) in HOST.iter().enumerate() {
        for other in &HOST[nth + 1..] {
            if hosts.contains(&one.0) && hosts.contains(&other.0) {
                wrong.extend(not_named(one, other, Setup::healthy().here()).await);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
