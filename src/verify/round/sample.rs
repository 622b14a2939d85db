//! What is measured by the mount of a host: a bounded sample, which says what one process of it sees.

use std::time::Duration;

use tokio::time::Instant;

use super::log::Log;
use super::{Reach, Round, join, same};
use crate::domain::text::counted;
use crate::domain::verification::Step;
use crate::verify::share::{Fault, Share};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Samples {
    /// Whose the process is that does it: new files should be of this user.
    pub uid: u32,
    /// How many small files are written, one after another.
    pub files: usize,
    /// The size of each, in bytes.
    pub small: usize,
    /// The size of a large one, in bytes.
    pub large: usize,
}

impl Samples {
    /// Twenty files of 4 KiB, and one of 8 MiB: with the least throughput of EFS, 1 MiB/s, this takes eight seconds.
    pub fn of(uid: u32) -> Self {
        Self {
            uid,
            files: 20,
            small: 4 << 10,
            large: 8 << 20,
        }
    }
}

impl Round<'_> {
    /// The owner of a new file, how long small writes take, and how fast a large file is written and read.
    pub(super) async fn measure<R: Reach>(
        &self,
        samples: &Samples,
        (reach, share): (&R, &R::Share),
        log: &Log,
        (private, new): (&str, &str),
    ) -> Option<()> {
        let place = reach.place();
        let began = Instant::now();
        let seen = self
            .tried(reach, log, Step::Owner, share.attributes(new))
            .await?;
        let whose = if seen.owner.uid == samples.uid {
            format!("a new file has {seen}")
        } else {
            format!(
                "a new file has {seen}, although user {} created it: by an access point, or squashed",
                samples.uid
            )
        };
        log.passed(Step::Owner, place, began, Some(whose));

        let began = Instant::now();
        let bytes = vec![b'.'; samples.small];
        let mut times = Vec::new();
        for number in 0..samples.files {
            let path = join(private, &format!("small-{number}"));
            let began = Instant::now();
            self.tried(reach, log, Step::Latency, share.write(&path, &bytes))
                .await?;
            times.push(began.elapsed());
        }
        for number in 0..samples.files {
            let path = join(private, &format!("small-{number}"));
            self.tried(reach, log, Step::Latency, share.remove(&path))
                .await?;
        }
        let seen = latency(times, samples.small);
        log.passed(Step::Latency, place, began, seen);

        let (began, path) = (Instant::now(), join(private, "large"));
        let bytes: Vec<u8> = (0_u8..=250).cycle().take(samples.large).collect();
        // It is many small steps for the server.
        let patient = Round {
            limit: self.limit * 4,
            ..*self
        };
        let written = async {
            share.write(&path, &bytes).await?;
            let written = began.elapsed();
            let read_from = Instant::now();
            same(&share.read(&path, samples.large).await?, &bytes)?;
            let read = read_from.elapsed();
            share.remove(&path).await?;
            Ok::<_, Fault>((written, read))
        };
        let (written, read) = patient.tried(reach, log, Step::Throughput, written).await?;
        let seen = format!(
            "{} MiB: written with {}, read with {}",
            samples.large >> 20,
            rate(samples.large, written),
            rate(samples.large, read)
        );
        log.passed(Step::Throughput, place, began, Some(seen));
        Some(())
    }
}

/// Median and slowest; `None`: nothing was written.
fn latency(mut times: Vec<Duration>, bytes: usize) -> Option<String> {
    times.sort_unstable();
    let (median, slowest) = (times.get(times.len() / 2)?, times.last()?);
    Some(format!(
        "{} of {} KiB, created, written and synced one after another: {} ms each (median), the slowest {} ms",
        counted(times.len(), "file"),
        bytes >> 10,
        in_milliseconds(*median),
        in_milliseconds(*slowest),
    ))
}

fn in_milliseconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}

fn rate(bytes: usize, time: Duration) -> String {
    #[expect(clippy::cast_precision_loss, reason = "for a person to read")]
    let mebibytes = bytes as f64 / f64::from(1 << 20);
    format!("{:.1} MiB/s", mebibytes / time.as_secs_f64().max(1e-6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_and_the_slowest_are_said() {
        let times = [9, 1, 3, 2, 40].map(Duration::from_millis).to_vec();
        let seen = latency(times, 4096).unwrap();
        assert!(
            seen.contains("5 files of 4 KiB")
                && seen.ends_with("3.0 ms each (median), the slowest 40.0 ms"),
            "{seen}"
        );
        assert_eq!(latency(Vec::new(), 4096), None);
        assert_eq!(rate(8 << 20, Duration::from_secs(4)), "2.0 MiB/s");
    }
}
