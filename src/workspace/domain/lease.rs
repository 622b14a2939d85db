//! A workspace that is held: by whom, and for how long without a sign of life.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::stamp::Stamp;

/// Who holds a workspace. The time of the file is its last sign of life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Who, for people.
    pub holder: String,
    /// The host of the holder.
    pub host: String,
    /// Its process.
    pub pid: u32,
    /// That start of the host.
    pub boot_id: String,
    /// What no other lease has.
    pub nonce: String,
    /// How long it lasts after its last sign of life, in seconds.
    pub ttl: u64,
}

impl Lease {
    /// How long it lasts after its last sign of life.
    pub fn lasts(&self) -> Duration {
        Duration::from_secs(self.ttl)
    }

    /// How often the holder gives a sign of life.
    pub fn beats_every(&self) -> Duration {
        self.lasts() / 3
    }

    /// Whether it has ended, by the file system's now.
    pub fn is_stale(&self, last: Stamp, now: Stamp) -> bool {
        last.until(now) > self.lasts()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_ends_after_its_time_without_a_sign_of_life() {
        let lease = Lease {
            holder: "h".to_owned(),
            host: "host".to_owned(),
            pid: 1,
            boot_id: String::new(),
            nonce: "n".to_owned(),
            ttl: 120,
        };
        let at = |seconds: i64| Stamp::from_nanos(seconds * 1_000_000_000);
        assert!(!lease.is_stale(at(0), at(120)));
        assert!(lease.is_stale(at(0), at(121)));
        assert!(!lease.is_stale(at(200), at(0)));
        assert_eq!(lease.beats_every(), Duration::from_secs(40));
    }
}
