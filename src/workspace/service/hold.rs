//! A workspace is held: while it is, it does not expire.

use super::refusal::{Code, Refusal};
use super::{Caller, Workspaces};
use crate::domain::lease::Lease;
use crate::domain::name::Name;
use crate::domain::stamp::Stamp;
use crate::share::disk::Disk;
use crate::share::{beat_lease, drop_lease, read_lease, take_lease};

impl<D: Disk> Workspaces<D> {
    /// Holds a workspace.
    ///
    /// # Errors
    ///
    /// There is none, or another one holds it.
    pub fn hold(&self, who: &Caller, name: &Name, lease: &Lease) -> Result<(), Refusal> {
        let base = self.base()?;
        let open = self.look(&base, who, name)?;
        match take_lease(&self.disk, &base, name, lease, open.now)? {
            None => Ok(()),
            Some(held) => Err(Refusal::new(Code::Held, held_by(name, &held))),
        }
    }

    /// Gives a sign of life of a holder; `false`: it holds the workspace no longer.
    ///
    /// # Errors
    ///
    /// The base cannot be used.
    pub fn beat(&self, name: &Name, lease: &Lease) -> Result<bool, Refusal> {
        let base = self.base()?;
        Ok(beat_lease(&self.disk, &base, name, lease)?)
    }

    /// Ends the lease of a holder.
    ///
    /// # Errors
    ///
    /// The base cannot be used.
    pub fn release(&self, name: &Name, lease: &Lease) -> Result<(), Refusal> {
        let base = self.base()?;
        Ok(drop_lease(&self.disk, &base, name, lease)?)
    }

    /// Who holds a workspace, and until when without another sign of life.
    ///
    /// # Errors
    ///
    /// The base cannot be used.
    pub fn holder(&self, name: &Name) -> Result<Option<(Lease, Stamp)>, Refusal> {
        let base = self.base()?;
        let now = self.now(&base)?;
        let held = read_lease(&self.disk, &base, name)?
            .filter(|(lease, last)| !lease.is_stale(*last, now));
        let until = |last: Stamp, lease: &Lease| {
            let lasts = i64::try_from(lease.lasts().as_nanos()).unwrap_or(i64::MAX);
            Stamp::from_nanos(last.nanos().saturating_add(lasts))
        };
        Ok(held.map(|(lease, last)| (lease.clone(), until(last, &lease))))
    }
}

/// Who holds a workspace, in a sentence.
fn held_by(name: &Name, lease: &Lease) -> String {
    format!(
        "`{name}` is held by {} (process {} on {})",
        lease.holder, lease.pid, lease.host
    )
}

/// A new lease of this process.
pub fn lease_of(holder: &str, ttl: std::time::Duration) -> Lease {
    let read = |path: &str| {
        std::fs::read_to_string(path)
            .map(|text| text.trim().to_owned())
            .unwrap_or_default()
    };
    Lease {
        holder: holder.to_owned(),
        host: read("/proc/sys/kernel/hostname"),
        pid: std::process::id(),
        boot_id: read("/proc/sys/kernel/random/boot_id"),
        nonce: uuid::Uuid::new_v4().to_string(),
        ttl: ttl.as_secs().max(1),
    }
}
