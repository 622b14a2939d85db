//! What a pasted message says: the one table in which text is searched, as `cloud/sentences` is for what AWS says.
//!
//! Sources: EFS user guide, "Troubleshooting"; nfs-utils (`utils/mount`), util-linux (mount(8)), the kernel's `fs/nfs` and
//! `kernel/hung_task.c`, efs-utils (`mount_efs/__init__.py`) for their sentences.

use super::sign::Sign;

/// Part of a message, in lower case → what it says. All that match count, besides those that a longer part of the same line explains.
pub const PATTERNS: &[(&str, Sign)] = &[
    ("connection timed out", Sign::SaysTimeout),
    ("timed out", Sign::SaysTimeout),
    ("mount attempt 1/3 failed due to timeout", Sign::SaysTimeout),
    ("access denied by server", Sign::SaysDenied),
    ("wrong fs type", Sign::SaysBadSuperblock),
    ("bad superblock", Sign::SaysBadSuperblock),
    (
        "need a /sbin/mount.<type> helper program",
        Sign::SaysBadSuperblock,
    ),
    ("unknown filesystem type 'efs'", Sign::SaysUnknownType),
    ("unknown filesystem type \"efs\"", Sign::SaysUnknownType),
    ("incorrect mount option", Sign::SaysBadOption),
    ("protocol not supported", Sign::SaysBadOption),
    (
        "requested nfs version or transport protocol is not supported",
        Sign::SaysBadOption,
    ),
    ("no such file or directory", Sign::SaysNoDirectory),
    ("failed to resolve", Sign::SaysUnresolved),
    ("name or service not known", Sign::SaysUnresolved),
    ("temporary failure in name resolution", Sign::SaysUnresolved),
    ("cannot be resolved", Sign::SaysUnresolved),
    ("not responding", Sign::SaysNotResponding),
    ("blocked for more than", Sign::SaysHung),
    ("hung task", Sign::SaysHung),
    ("d state", Sign::SaysHung),
    ("stale file handle", Sign::SaysStale),
    ("stale nfs file handle", Sign::SaysStale),
    ("bad file handle", Sign::SaysStale),
    ("hangs at boot", Sign::SaysBoot),
    ("boot hangs", Sign::SaysBoot),
    ("a start job is running for", Sign::SaysBoot),
    ("dependency failed for", Sign::SaysBoot),
    ("after deleting the mount target", Sign::SaysDeletedTarget),
    ("mount target was deleted", Sign::SaysDeletedTarget),
    ("stuck creating", Sign::SaysTargetState),
    ("stuck in creating", Sign::SaysTargetState),
    ("stuck deleting", Sign::SaysTargetState),
    ("stuck in deleting", Sign::SaysTargetState),
    ("mount target is in the error", Sign::SaysTargetError),
    ("mount target state error", Sign::SaysTargetError),
    ("lifecycle state error", Sign::SaysTargetError),
    ("disk quota exceeded", Sign::SaysLimit),
    ("file name too long", Sign::SaysLimit),
    ("too many links", Sign::SaysLimit),
    ("file too large", Sign::SaysLimit),
    ("input/output error", Sign::SaysIoError),
    ("i/o error", Sign::SaysIoError),
    ("kmsaccessdenied", Sign::SaysKey),
    ("kms key", Sign::SaysKey),
    ("kms.disabled", Sign::SaysKey),
    ("permission denied", Sign::SaysPermission),
    ("operation not permitted", Sign::SaysNotPermitted),
    ("read-only file system", Sign::SaysReadOnly),
    ("connection refused", Sign::SaysRefused),
    ("no route to host", Sign::SaysRefused),
    ("network is unreachable", Sign::SaysRefused),
    ("stunnel", Sign::SaysTls),
    ("certificate", Sign::SaysTls),
    ("ssl", Sign::SaysTls),
    ("encryption in transit", Sign::SaysTls),
    ("signature expired", Sign::SaysClock),
    ("signature not yet current", Sign::SaysClock),
    ("requestexpired", Sign::SaysClock),
    ("certificate is not yet valid", Sign::SaysClock),
    (
        "access key id and secret access key are not found",
        Sign::SaysCredentials,
    ),
    ("unable to retrieve aws credentials", Sign::SaysCredentials),
    ("no aws credentials", Sign::SaysCredentials),
    ("filesysteminuse", Sign::SaysInUse),
    ("toomanyrequests", Sign::SaysThroughputLock),
];

/// A sentence that says more than a part of it does: where the first is said, the second is not.
const RATHER: &[(Sign, Sign)] = &[
    (Sign::SaysDenied, Sign::SaysPermission),
    (Sign::SaysUnknownType, Sign::SaysBadSuperblock),
    (Sign::SaysClock, Sign::SaysTls),
    (Sign::SaysNotResponding, Sign::SaysTimeout),
    (Sign::SaysKey, Sign::SaysIoError),
    (Sign::SaysStale, Sign::SaysIoError),
    (Sign::SaysUnresolved, Sign::SaysTimeout),
];

/// What a message says, each with the words by which it does.
pub(super) fn signs(message: &str) -> Vec<(Sign, &'static str)> {
    let message = message.to_lowercase();
    let mut found: Vec<(Sign, &'static str)> = Vec::new();
    for (words, sign) in PATTERNS {
        if message.contains(words) && !found.iter().any(|(known, _)| known == sign) {
            found.push((*sign, words));
        }
    }
    let said: Vec<Sign> = found.iter().map(|(sign, _)| *sign).collect();
    found.retain(|(sign, _)| {
        let mut rather = RATHER.iter();
        !rather.any(|(more, less)| less == sign && said.contains(more))
    });
    found
}

/// File systems, with the region, that a message names as `fs-….efs.REGION.…`; the region is empty where it names none.
pub(super) fn named(message: &str) -> Vec<(String, String)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    let words = message.split(|c| !is_part(c)).filter_map(|word| {
        let at = word.find("fs-")?;
        let mut parts = word.get(at..)?.split('.');
        let id = parts.next()?.to_owned();
        let digits = id.strip_prefix("fs-")?;
        let is_id = matches!(digits.len(), 8 | 17) && digits.chars().all(|c| c.is_ascii_hexdigit());
        let region = match (parts.next(), parts.next()) {
            (Some("efs"), Some(region)) => region.to_owned(),
            _ => String::new(),
        };
        is_id.then_some((id, region))
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_more_is_what_is_said() {
        let says =
            |text: &str| -> Vec<Sign> { signs(text).into_iter().map(|(sign, _)| sign).collect() };
        assert_eq!(
            says("mount.nfs4: Connection timed out"),
            [Sign::SaysTimeout]
        );
        assert_eq!(
            says("mount.nfs4: access denied by server while mounting fs-1:/ (Permission denied)"),
            [Sign::SaysDenied]
        );
        assert_eq!(
            says("nfs: server 10.0.1.5 not responding, timed out"),
            [Sign::SaysNotResponding]
        );
        assert!(says("all is well").is_empty());
    }

    #[test]
    fn file_systems_and_regions_are_read() {
        assert_eq!(
            named(
                "Failed to resolve server eu-west-1a.fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com: Name, fs-01234567:/"
            ),
            [
                ("fs-0123456789abcdef0".to_owned(), "eu-west-1".to_owned()),
                ("fs-01234567".to_owned(), String::new()),
            ]
        );
        assert!(named("fs-xyz nfs-utils").is_empty());
    }
}
