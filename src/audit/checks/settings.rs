//! Backups, lifecycle, modes, replication.

use super::{config, hub, other, prowler};
use crate::audit::check::{Check, CheckInput, Outcome};
use crate::audit::facts::{Known, Unavailable};
use crate::domain::finding::{About, Severity};
use crate::domain::ids::FileSystemId;
use crate::domain::settings::Throughput;
use crate::domain::settings::lifecycle::OtherTransition;
use crate::domain::settings::protection::OverwriteProtection;
use crate::domain::spec::PerformanceMode;

pub(in crate::audit) static BACKUPS: Check = Check {
    about: About {
        id: "automatic-backups",
        title: "automatic backups are on",
        failure: "automatic backups are off",
        severity: Severity::Medium,
        why: "EFS keeps no old versions: deleted or overwritten data is lost unless AWS Backup has it. A backup plan of your own is not checked: reading it takes permissions of AWS Backup.",
        reads: &["DescribeBackupPolicy"],
        controls: &[
            hub("EFS.7"),
            hub("EFS.2"),
            config("efs-automatic-backups-enabled"),
            config("efs-in-backup-plan"),
            prowler("efs_have_backup_enabled"),
            other("Control Tower", "CT.ELASTICFILESYSTEM.PR.2"),
        ],
    },
    judge: |input| {
        let backup = input.facts.backup.as_ref().map_err(Clone::clone)?;
        let unknown =
            || Unavailable::unknown_word("the status of automatic backups", backup.as_str());
        let on = backup.is_on().ok_or_else(unknown)?;
        Ok(Outcome::unless(
            (!on)
                .then(|| "automatic backups are off".to_owned())
                .into_iter()
                .collect(),
            || input.set("--backup"),
            "automatic backups are on",
        ))
    },
};

pub(in crate::audit) static LIFECYCLE: Check = Check {
    about: About {
        id: "lifecycle-policy",
        title: "files that are not accessed move to cheaper storage",
        failure: "files that are not accessed stay in Standard storage",
        severity: Severity::Low,
        why: "Most files are read once or never again: Infrequent Access costs a fraction of Standard.",
        reads: &["DescribeLifecycleConfiguration"],
        controls: &[other("Cloud Custodian", "efs lifecycle-policy")],
    },
    judge: |input| {
        let lifecycle = input.facts.lifecycle.as_ref().map_err(Clone::clone)?;
        if !lifecycle.saves() && !lifecycle.saves_nothing() {
            return Err(Unavailable::unknown_word(
                "the lifecycle policy",
                &lifecycle.to_string(),
            ));
        }
        Ok(Outcome::unless(
            (!lifecycle.saves())
                .then(|| "no transition to Infrequent Access or Archive".to_owned())
                .into_iter()
                .collect(),
            || input.set("--transition-to-ia 30d"),
            lifecycle.to_string(),
        ))
    },
};

pub(in crate::audit) static ARCHIVE: Check = Check {
    about: About {
        id: "archive-order",
        title: "files move to Archive after Infrequent Access, on elastic throughput",
        failure: "the transition to Archive is not after Infrequent Access, or not on elastic throughput",
        severity: Severity::Low,
        why: "With Archive before Infrequent Access the latter is never used, and reading from Archive costs more; Archive needs elastic throughput.",
        reads: &["DescribeLifecycleConfiguration"],
        controls: &[],
    },
    judge: |input| {
        let lifecycle = input.facts.lifecycle.as_ref().map_err(Clone::clone)?;
        let has_other =
            |of: &dyn Fn(&OtherTransition) -> bool| lifecycle.other_transitions.iter().any(of);
        let unknown = || Unavailable::unknown_word("the lifecycle policy", &lifecycle.to_string());
        let Some(archive) = lifecycle.transition_to_archive else {
            let may_be = |other: &OtherTransition| {
                matches!(
                    other,
                    OtherTransition::TransitionToArchive(_) | OtherTransition::Unreadable
                )
            };
            return if has_other(&may_be) {
                Err(unknown())
            } else {
                Ok(Outcome::none("files do not move to Archive"))
            };
        };
        let mut evidence: Vec<String> = lifecycle.contradiction().into_iter().collect();
        let found = &input.facts.file_system.throughput();
        let throughput = found
            .known()
            .ok_or_else(|| Unavailable::unknown_word("the throughput mode", found.mode()));
        if evidence.is_empty()
            && has_other(&|other| matches!(other, OtherTransition::TransitionToIa(_)))
        {
            return Err(unknown());
        }
        let throughput = match throughput {
            Ok(throughput) => *throughput,
            Err(unknown) if evidence.is_empty() => return Err(unknown),
            // What else is wrong is wrong on any throughput.
            Err(_) => Throughput::Elastic,
        };
        if throughput != Throughput::Elastic {
            evidence.push(format!(
                "files move to Archive after {archive}, and throughput is {throughput}"
            ));
        }
        Ok(Outcome::unless(
            evidence,
            || {
                let performance = &input.facts.file_system.performance;
                let max_io = performance.is(&PerformanceMode::MaxIo);
                match throughput {
                    Throughput::Elastic => {
                        input.set("--transition-to-ia 30d --transition-to-archive 90d")
                    }
                    // Elastic throughput is closed to Max I/O, and with it Archive.
                    _ if max_io => {
                        input.set("--transition-to-ia 30d --transition-to-archive never")
                    }
                    _ => input.set("--throughput elastic"),
                }
            },
            lifecycle.to_string(),
        ))
    },
};

pub(in crate::audit) static PERFORMANCE: Check = Check {
    about: About {
        id: "performance-mode",
        title: "the performance mode is general purpose",
        failure: "the performance mode is not general purpose",
        severity: Severity::Low,
        why: "Max I/O is the previous generation: every operation takes longer, and it supports neither elastic throughput nor One Zone.",
        reads: &["DescribeFileSystems"],
        controls: &[],
    },
    judge: |input| {
        let found = &input.facts.file_system.performance;
        let unknown = || Unavailable::unknown_word("the performance mode", found.as_str());
        let mode = found.known().ok_or_else(unknown)?;
        let old = (*mode == PerformanceMode::MaxIo)
            .then(|| format!("the performance mode is {}", mode.as_str()));
        Ok(Outcome::unless(
            old.into_iter().collect(),
            || {
                "cannot be fixed in place: create one with general purpose mode and elastic throughput, and copy the data".to_owned()
            },
            mode.as_str(),
        ))
    },
};

pub(in crate::audit) static PROTECTION: Check = Check {
    about: About {
        id: "replication-overwrite-protection",
        title: "no replication may overwrite the file system",
        failure: "a replication may overwrite the file system",
        severity: Severity::Medium,
        why: "Without the protection the file system can be made the destination of a replication: its data is then replaced by that of the source, and it is read-only.",
        reads: &["DescribeFileSystems"],
        controls: &[],
    },
    judge: |input| {
        let found = input.facts.file_system.protection();
        let word = found.ok_or_else(|| {
            Unavailable::because("AWS does not report the replication overwrite protection")
        })?;
        let off = match word.known() {
            None => {
                return Err(Unavailable::unknown_word(
                    "the replication overwrite protection",
                    word.as_str(),
                ));
            }
            Some(OverwriteProtection::Replicating) => {
                return Ok(Outcome::none("it is the copy of a replication"));
            }
            Some(OverwriteProtection::Disabled) => true,
            Some(OverwriteProtection::Enabled) => false,
        };
        Ok(Outcome::unless(
            off.then(|| "the protection is DISABLED".to_owned())
                .into_iter()
                .collect(),
            || input.set("--replication-overwrite-protection on"),
            "the protection is ENABLED",
        ))
    },
};

/// What bursting gives at least, in MiB/s (the same page).
const FLOOR: f64 = 1.0;

/// Bursting throughput for each GiB stored, in MiB/s (EFS user guide, "Throughput modes": 50 KiB/s per GiB of Standard storage).
const BASELINE: f64 = 50.0 / 1024.0;

pub(in crate::audit) static PROVISIONED: Check = Check {
    about: About {
        id: "provisioned-throughput",
        title: "provisioned throughput is more than bursting would give",
        failure: "provisioned throughput is no more than bursting would give",
        severity: Severity::Low,
        why: "Throughput that the stored data earns at no charge need not be paid for: 50 KiB/s for each GiB.",
        reads: &["DescribeFileSystems"],
        controls: &[],
    },
    judge: provisioned,
};

#[expect(
    clippy::cast_precision_loss,
    reason = "a rate from a size: three digits would do"
)]
fn provisioned(input: &CheckInput<'_>) -> Known<Outcome> {
    let fs = &input.facts.file_system;
    let found = fs.throughput();
    let unknown = || Unavailable::unknown_word("the throughput mode", found.mode());
    let throughput = found.known().ok_or_else(unknown)?;
    let Throughput::Provisioned(paid) = *throughput else {
        return Ok(Outcome::none(format!("throughput is {throughput}")));
    };
    // Only Standard storage counts.
    let stored = fs.stored.standard.unwrap_or(fs.size_bytes);
    let free = (stored as f64 / f64::from(1_u32 << 30) * BASELINE).max(FLOOR);
    let needless = (free >= paid).then(|| {
        format!("{paid} MiB/s are provisioned, and its size gives {free:.0} MiB/s anyway")
    });
    Ok(Outcome::unless(
        needless.into_iter().collect(),
        || match &input.facts.lifecycle {
            // What moves files to Archive takes no bursting throughput.
            Ok(lifecycle) if lifecycle.transition_to_archive.is_some() => {
                input.set("--throughput elastic")
            }
            _ => input.set("--throughput bursting"),
        },
        format!("{paid} MiB/s are provisioned, its size gives {free:.1}"),
    ))
}

pub(in crate::audit) static REPLICATION: Check = Check {
    about: About {
        id: "replication-state",
        title: "replication is healthy",
        failure: "replication is paused or in error",
        severity: Severity::High,
        why: "A replication that is paused or in error falls behind, which is often noticed only when the copy is needed.",
        reads: &["DescribeReplicationConfigurations"],
        controls: &[],
    },
    judge: replication,
};

fn replication(input: &CheckInput<'_>) -> Known<Outcome> {
    if let Some(unavailable) = input.foreign("its replications") {
        return Err(unavailable);
    }
    let all = input
        .inventory
        .replications
        .as_ref()
        .map_err(Clone::clone)?;
    let id = &input.facts.file_system.id;
    // It may be the source, or one of the copies.
    let own = all.iter().flat_map(|replication| {
        let source = &replication.source;
        let copies = replication.destinations.iter();
        copies
            .filter(move |(copy, ..)| source == id || copy == id)
            .map(move |copy| (source, copy))
    });
    let describe =
        |(source, (copy, region, state)): (&FileSystemId, &(FileSystemId, String, String))| {
            if source == id {
                format!("the replication to {copy} in {region} is {state}")
            } else {
                format!("the replication from {source} is {state}")
            }
        };
    let (mut runs, mut stopped, mut other) = (Vec::new(), Vec::new(), Vec::new());
    for copy in own {
        // `ReplicationStatus` of the API; it may be given more words.
        match copy.1.2.as_str() {
            "ENABLED" | "ENABLING" => runs.push(describe(copy)),
            "ERROR" | "PAUSED" | "PAUSING" => stopped.push(describe(copy)),
            "DELETING" => {}
            _ => other.push(describe(copy)),
        }
    }
    if stopped.is_empty() && !other.is_empty() {
        return Err(Unavailable::because(format!(
            "{}: what that means is not known",
            other.join("; ")
        )));
    }
    if stopped.is_empty() && runs.is_empty() {
        return Ok(Outcome::none("it is not replicated"));
    }
    Ok(Outcome::unless(
        stopped,
        || {
            "check the replication's events in the EFS console; delete and recreate one that is in error".to_owned()
        },
        runs.join("; "),
    ))
}
