//! Throughput modes and `UpdateFileSystem`.

use serde::Deserialize;

use super::super::state::FileSystem;
use super::super::{ApiError, Millis, Region};
use super::clock;
use super::errors::bad_request;
use super::names::check_enum;
use super::shapes::FileSystemDescription;

/// A change of the throughput locks the mode, and the amount against a decrease, for 24 hours.
const LOCK: Millis = 24 * 60 * 60 * 1_000;

/// The throughput modes of the API.
pub(in crate::world) const THROUGHPUT_MODES: &[&str] = &["bursting", "provisioned", "elastic"];

/// Input of `UpdateFileSystem`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UpdateFileSystem {
    /// The file system, by id or ARN.
    #[serde(skip)]
    pub file_system_id: String,
    /// The new mode; unset keeps it.
    pub throughput_mode: Option<String>,
    /// The new amount, with `provisioned`.
    pub provisioned_throughput_in_mibps: Option<f64>,
}

/// A throughput mode with its amount.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Throughput {
    pub(super) mode: String,
    pub(super) mibps: Option<f64>,
}

impl Throughput {
    /// Whether the mode exists, has an amount if it needs one, and fits the performance mode.
    pub(super) fn check(&self, performance_mode: &str, most: f64) -> Result<(), ApiError> {
        check_enum("ThroughputMode", &self.mode, THROUGHPUT_MODES)?;
        match (self.mode.as_str(), self.mibps) {
            ("provisioned", None) => Err(bad_request(
                "ProvisionedThroughputInMibps must be specified when ThroughputMode is set to provisioned.",
            )),
            ("provisioned", Some(mibps)) if mibps.is_nan() || mibps < 1.0 => Err(bad_request(
                "ProvisionedThroughputInMibps must be at least 1.0.",
            )),
            ("provisioned", Some(mibps)) if mibps > most => Err(ApiError::new(
                "ThroughputLimitExceeded",
                400,
                format!("The throughput limit of {most} MiB/s has been reached."),
            )),
            ("provisioned", Some(_)) => Ok(()),
            (_, Some(_)) => Err(bad_request(
                "ProvisionedThroughputInMibps can only be specified when ThroughputMode is set to provisioned.",
            )),
            ("elastic", None) if performance_mode == "maxIO" => Err(bad_request(
                "The elastic throughput mode is only supported with the generalPurpose performance mode.",
            )),
            (_, None) => Ok(()),
        }
    }

    /// What a file system has now.
    fn of(file_system: &FileSystem) -> Self {
        Self {
            mode: file_system.throughput_mode.clone(),
            mibps: file_system.provisioned_mibps,
        }
    }

    /// Whether going from here to there is what the lock is about.
    fn is_restricted(&self, to: &Self) -> bool {
        self.mode != to.mode || to.mibps < self.mibps
    }
}

impl Region {
    /// `UpdateFileSystem`. To ask for what is there already changes nothing.
    pub fn update_file_system(
        &mut self,
        input: UpdateFileSystem,
    ) -> Result<FileSystemDescription, ApiError> {
        let file_system = self.available_file_system(&input.file_system_id)?;
        let present = Throughput::of(file_system);
        let mode = input
            .throughput_mode
            .unwrap_or_else(|| present.mode.clone());
        let kept = present.mibps.filter(|_| mode == present.mode);
        let wanted = Throughput {
            mode,
            mibps: input.provisioned_throughput_in_mibps.or(kept),
        };
        wanted.check(&file_system.performance_mode, self.quotas.provisioned_mibps)?;
        if wanted != present {
            check_archive(file_system, &wanted)?;
            if present.is_restricted(&wanted) {
                self.check_lock(file_system)?;
            }
            let (locked, updating) = (
                self.now.saturating_add(LOCK),
                self.now.saturating_add(self.timing.file_system),
            );
            let file_system = self.file_system_mut(&input.file_system_id)?;
            file_system.throughput_mode = wanted.mode;
            file_system.provisioned_mibps = wanted.mibps;
            file_system.throughput_locked_until = Some(locked);
            file_system.life.updating = Some(updating);
        }
        let file_system = self.file_system(&input.file_system_id)?;
        Ok(self.describe_file_system(file_system))
    }

    fn check_lock(&self, file_system: &FileSystem) -> Result<(), ApiError> {
        match file_system.throughput_locked_until {
            Some(until) if self.now < until => Err(ApiError::new(
                "TooManyRequests",
                429,
                format!(
                    "You have reached the maximum number of throughput mode changes or provisioned throughput value decreases. Wait until {} UTC and try again.",
                    clock::utc(until)
                ),
            )),
            _ => Ok(()),
        }
    }
}

/// A file system that moves files to Archive stays elastic.
fn check_archive(file_system: &FileSystem, wanted: &Throughput) -> Result<(), ApiError> {
    let archives = file_system
        .lifecycle
        .iter()
        .any(|(kind, _)| kind == "TransitionToArchive");
    if archives && wanted.mode != "elastic" {
        return Err(bad_request(
            "The throughput mode cannot be changed from elastic while the lifecycle configuration includes TransitionToArchive.",
        ));
    }
    Ok(())
}
