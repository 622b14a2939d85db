//! Moments, to the microsecond, as the metadata file and the API write them.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// A moment: microseconds since 1970, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(i64);

impl Stamp {
    /// From nanoseconds since 1970, as file systems count.
    pub fn from_nanos(nanos: i64) -> Self {
        Self(nanos.div_euclid(1_000))
    }

    /// In nanoseconds since 1970.
    pub fn nanos(self) -> i64 {
        self.0.saturating_mul(1_000)
    }

    /// Reads a time without a zone (which is UTC), with `Z`, or with an offset.
    pub fn parse(text: &str) -> Option<Self> {
        let zoned = text.parse::<Timestamp>().ok();
        let naive = || {
            Offset::UTC
                .to_timestamp(text.parse::<DateTime>().ok()?)
                .ok()
        };
        zoned.or_else(naive).map(|time| Self(time.as_microsecond()))
    }

    /// As Python's `datetime.isoformat()` of a time without a zone.
    pub fn naive(self) -> String {
        let Ok(time) = Timestamp::from_microsecond(self.0) else {
            return "1970-01-01T00:00:00".to_owned();
        };
        let time = Offset::UTC.to_datetime(time);
        match self.0.rem_euclid(1_000_000) {
            0 => format!("{time:.0}"),
            _ => format!("{time:.6}"),
        }
    }

    /// With `Z`.
    pub fn zulu(self) -> String {
        format!("{}Z", self.naive())
    }

    /// How long it is before another; zero if it is not before.
    pub fn until(self, later: Self) -> Duration {
        Duration::from_micros(u64::try_from(later.0.saturating_sub(self.0)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_ways_of_writing_one_moment() {
        let naive = Stamp::parse("2024-01-15T10:30:00.123456").unwrap();
        for same in [
            "2024-01-15T10:30:00.123456Z",
            "2024-01-15T10:30:00.123456+00:00",
            "2024-01-15T12:30:00.123456+02:00",
            "2024-01-15 10:30:00.123456",
        ] {
            assert_eq!(Stamp::parse(same), Some(naive), "{same}");
        }
        assert_eq!(naive.naive(), "2024-01-15T10:30:00.123456");
        assert_eq!(naive.zulu(), "2024-01-15T10:30:00.123456Z");
        let whole = Stamp::parse("2024-01-15T10:30:00Z").unwrap();
        assert_eq!(whole.naive(), "2024-01-15T10:30:00");
        assert_eq!(
            Stamp::parse("2024-01-15T10:30:00.5").unwrap().naive(),
            "2024-01-15T10:30:00.500000"
        );
        assert_eq!(Stamp::from_nanos(naive.nanos() + 999), naive);
        for wrong in [
            "",
            "yesterday",
            "2024-13-01T00:00:00",
            "10:30",
            "2024-01-15T25:00:00",
        ] {
            assert_eq!(Stamp::parse(wrong), None, "{wrong}");
        }
    }
}
