//! What AWS shows, as steps and signs.

use super::facts::{AccountFacts, Gate, GatePassing};
use super::notes::Notes;
use super::sign::{Side, Sign};
use crate::connect::{ClientRules, Rights};
use crate::domain::access_point::AccessPoint;
use crate::domain::advice::Advice;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::ids::Zone;
use crate::domain::state::{EMPTY_BYTES, State};
use crate::domain::text::list;

/// Checks of the audit whose verdicts are used, with the sign that a failure is, and the one that a pass is. A failure that means
/// several things is told apart below, by what the verdict was made of.
pub const CHECKS: &[(&str, Option<Sign>, Option<Sign>)] = &[
    (
        "file-system-state",
        Some(Sign::FileSystemNotAvailable),
        None,
    ),
    ("mount-target-present", None, None),
    (
        "mount-target-state",
        None,
        Some(Sign::MountTargetsAvailable),
    ),
    ("mount-target-interface", Some(Sign::NoInterface), None),
    ("zones-of-clients", Some(Sign::ZoneWithoutMountTarget), None),
    ("nfs-from-clients", None, None),
    ("nfs-admitted", Some(Sign::NoIngress), None),
    ("network-acl-admits-nfs", Some(Sign::AclOfMountTarget), None),
    (
        "vpc-dns",
        Some(Sign::DnsAttributesOff),
        Some(Sign::DnsAttributesOn),
    ),
    ("policy-grants-mount", None, None),
    (
        "access-point-state",
        Some(Sign::AccessPointNotAvailable),
        None,
    ),
];

/// Checks about clients in general.
const IN_GENERAL: [&str; 2] = ["nfs-admitted", "network-acl-admits-nfs"];

/// The DNS record of a mount target may take this long, in seconds (EFS user guide, "Troubleshooting": 90 seconds after its creation,
/// which takes about as long).
const FRESH: i64 = 180;

pub(super) fn read(account: &AccountFacts, notes: &mut Notes) {
    let is_traced = account.paths.as_ref().is_ok_and(|paths| !paths.is_empty());
    for (check, fails, passes) in CHECKS {
        let found = account.findings.iter().find(|one| one.about.id == *check);
        if let Some(finding) = found {
            // What holds for any client says nothing where the way of the given ones is known.
            let signs = if IN_GENERAL.contains(check) && is_traced {
                (None, None)
            } else {
                (*fails, *passes)
            };
            verdict(finding, signs, notes);
        }
    }
    mount_targets(account, notes);
    paths(account, notes);
    policy(account, notes);
    access_points(account, notes);
    data(account, notes);
}

fn verdict(finding: &Finding, (fails, passes): (Option<Sign>, Option<Sign>), notes: &mut Notes) {
    let step = (finding.about.id, Side::Account, finding.about.title);
    notes.step(step, finding.verdict, finding.evidence.clone());
    let (sign, remedy) = match finding.verdict {
        // `validate --fix` chooses the subnet.
        Verdict::Fail if finding.about.id == "zones-of-clients" => (fails, None),
        Verdict::Fail => (fails, finding.remedy.clone()),
        Verdict::Pass => (passes, None),
        Verdict::Unknown | Verdict::NotApplicable | Verdict::Skipped => (None, None),
    };
    if let Some(sign) = sign {
        notes.observe(sign, finding.evidence.clone(), remedy);
    }
}

/// The verdict and the remedy of a check that failed.
fn failed<'a>(account: &'a AccountFacts, check: &str) -> Option<&'a Finding> {
    let mut findings = account.findings.iter();
    findings.find(|one| one.about.id == check && one.verdict == Verdict::Fail)
}

fn mount_targets(account: &AccountFacts, notes: &mut Notes) {
    let Ok(found) = &account.mount_targets else {
        return;
    };
    let present = failed(account, "mount-target-present");
    if let (true, Some(finding)) = (found.is_empty(), present) {
        notes.observe(Sign::NoMountTarget, finding.evidence.clone(), None);
    }
    let remedy = failed(account, "mount-target-state").and_then(|finding| finding.remedy.clone());
    for mt in found {
        let sign = match mt.state {
            State::Error => Sign::MountTargetError,
            State::Creating | State::Updating | State::Deleting => Sign::MountTargetChanging,
            State::Available | State::Deleted | State::Other(_) => continue,
        };
        let seen = format!("mount target {} in {} is {}", mt.id, mt.zone, mt.state);
        notes.observe(sign, vec![seen.into()], remedy.clone());
    }
    if let Some(zone) = &account.file_system.one_zone {
        let others: Vec<&Zone> = account.zones.iter().filter(|own| *own != zone).collect();
        if !others.is_empty() {
            let seen = format!("it is in {zone}, and the client in {}", list(others));
            notes.observe(Sign::OneZoneElsewhere, vec![seen.into()], None);
        }
    }
}

fn paths(account: &AccountFacts, notes: &mut Notes) {
    let step = (
        "routes",
        Side::Account,
        "routes lead from the client to every mount target and back",
    );
    let paths = match &account.paths {
        Ok(paths) if paths.is_empty() => {
            let why = "no client is given whose way could be judged";
            return notes.not_applicable(step, why);
        }
        Ok(paths) => paths,
        Err(why) => return notes.unknown(step, why.clone()),
    };
    let (mut closed, mut unknown) = (Vec::new(), Vec::new());
    let mut all_open = true;
    for (gate, passing) in paths.iter().flat_map(|path| &path.gates) {
        all_open &= *passing == GatePassing::Open;
        match passing {
            GatePassing::Closed { evidence, remedy } => {
                let sign = match gate {
                    Gate::Family => Sign::OtherFamily,
                    Gate::Egress => Sign::NoEgress,
                    Gate::ClientAcl => Sign::AclOfClient,
                    Gate::Routes => Sign::NoRoute,
                    Gate::MountTargetAcl => Sign::AclOfMountTarget,
                    Gate::Ingress => Sign::NoIngress,
                };
                notes.observe(sign, vec![evidence.clone()], Some(remedy.clone()));
                if *gate == Gate::Routes {
                    closed.push(evidence.clone());
                }
            }
            GatePassing::Unknown(why) if *gate == Gate::Routes => unknown.push(why.clone()),
            GatePassing::Open | GatePassing::Unknown(_) => {}
        }
    }
    if all_open {
        notes.observe(Sign::ClientAllowed, Vec::new(), None);
    }
    closed.dedup();
    unknown.dedup();
    match (closed.is_empty(), unknown.is_empty()) {
        (false, _) => notes.step(step, Verdict::Fail, closed),
        (true, false) => notes.step(step, Verdict::Unknown, unknown),
        (true, true) => notes.step(step, Verdict::Pass, Vec::new()),
    }
}

fn policy(account: &AccountFacts, notes: &mut Notes) {
    let step = (
        "client-rights",
        Side::Account,
        "the file system policy lets clients mount, write and act as root, however they mount",
    );
    let rules = match &account.rules {
        Ok(rules) => rules,
        Err(why) => return notes.unknown(step, why.clone()),
    };
    let denied = limits(rules);
    let ways = [&rules.plain, &rules.tls, &rules.access_point];
    let is_known = |way: &&Rights| way.mount.is_some() && way.write.is_some() && way.root.is_some();
    let are_known = ways.iter().all(is_known);
    if are_known {
        notes.observe(Sign::PolicyKnown, Vec::new(), None);
    }
    if denied.is_empty() && !are_known {
        let why = "it depends on conditions of the policy that only a mount decides";
        return notes.unknown(step, why);
    }
    let seen = |sign: Sign| (sign, vec![Advice::from(sign.meaning())]);
    let fails = denied.into_iter().map(seen).collect();
    notes.judged(step, fails, None, "it denies none of them");
}

/// What the policy surely keeps from clients.
fn limits(rules: &ClientRules) -> Vec<Sign> {
    let ClientRules {
        plain,
        tls,
        access_point,
    } = rules;
    let never = |way: &Rights| way.mount == Some(false);
    let mut found = Vec::new();
    if never(tls) && never(access_point) {
        let is_denied = tls.is_denied_to_identities && access_point.is_denied_to_identities;
        found.push(if is_denied {
            Sign::PolicyDeniesAll
        } else {
            Sign::PolicyNeedsIam
        });
        return found;
    }
    if never(tls) {
        found.push(Sign::PolicyNeedsAccessPoint);
        return found;
    }
    if never(plain) {
        found.push(Sign::PolicyNeedsTls);
    }
    if tls.write == Some(false) {
        found.push(Sign::PolicyReadOnly);
    } else if tls.root == Some(false) {
        found.push(Sign::PolicySquashesRoot);
    }
    found
}

fn access_points(account: &AccountFacts, notes: &mut Notes) {
    let step = (
        "access-point-directory",
        Side::Account,
        "the directory of every access point is created at the first mount",
    );
    let points = match &account.access_points {
        Ok(points) => points.iter().filter(|point| point.is_staying()),
        Err(why) => return notes.unknown(step, why.clone()),
    };
    let points: Vec<&AccessPoint> = points.collect();
    let depends = |point: &&&AccessPoint| point.path != "/" && point.creation.is_none();
    let seen = points.iter().filter(depends).map(|point| {
        let (id, path) = (&point.id, &point.path);
        format!("access point {id} does not create {path}: that has to exist").into()
    });
    let seen: Vec<Advice> = seen.collect();
    if points.is_empty() {
        let none = "it has no access point";
        notes.observe(Sign::AccessPointsCreate, vec![none.into()], None);
        return notes.not_applicable(step, none);
    }
    let fails = if seen.is_empty() {
        Vec::new()
    } else {
        vec![(Sign::AccessPointWithoutCreation, seen)]
    };
    notes.judged(step, fails, Some(Sign::AccessPointsCreate), "each is");
}

fn data(account: &AccountFacts, notes: &mut Notes) {
    let fs = &account.file_system;
    match &account.copy {
        Ok(Some(why)) => notes.observe(Sign::ReadOnlyCopy, vec![why.as_str().into()], None),
        Ok(None) => notes.observe(Sign::NoCopy, Vec::new(), None),
        Err(_) => {}
    }
    match fs.encrypted {
        Some(true) => {
            let key = fs.kms_key_id.as_deref().unwrap_or("a key");
            let seen = format!("it is encrypted with {key}, whose state is not read");
            notes.observe(Sign::Encrypted, vec![seen.into()], None);
        }
        Some(false) => notes.observe(Sign::NotEncrypted, Vec::new(), None),
        None => {}
    }
    if let Some(age) = account.age.filter(|age| (0..FRESH).contains(age)) {
        let seen = format!("it was created {age} s ago");
        notes.observe(Sign::NewFileSystem, vec![seen.into()], None);
    }
    if fs.size_bytes <= EMPTY_BYTES {
        let seen = format!("its metered size is {} bytes", fs.size_bytes);
        notes.observe(Sign::NearlyEmpty, vec![seen.into()], None);
    }
    let targets = account.mount_targets.as_ref().map_or(0, Vec::len);
    let points = account.access_points.as_ref().map_or(0, Vec::len);
    if targets + points > 0 || account.is_replicated {
        let replicated = if account.is_replicated {
            ", and a replication"
        } else {
            ""
        };
        let seen = format!("it has {targets} mount targets, {points} access points{replicated}");
        notes.observe(Sign::HoldsDependents, vec![seen.into()], None);
    }
}
