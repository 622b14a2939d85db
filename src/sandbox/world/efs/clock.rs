//! Times as the API writes them: seconds since the epoch in bodies, ISO 8601 in messages.

use serde::Serializer;

use super::super::Millis;

/// Serializes a time as EFS does: a number of whole seconds.
// serde's `serialize_with` passes a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
pub(super) fn seconds<S: Serializer>(time: &Millis, serializer: S) -> Result<S::Ok, S::Error> {
    // A second that a double cannot hold is far away.
    #[allow(clippy::cast_precision_loss)]
    serializer.serialize_f64((*time / 1_000) as f64)
}

/// [`seconds`] for a time that may be unknown.
#[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref)]
pub(super) fn maybe_seconds<S: Serializer>(
    time: &Option<Millis>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => seconds(time, serializer),
        None => serializer.serialize_none(),
    }
}

/// `2023-12-29T12:51:32Z`, rounded up so that waiting until then is long enough.
pub(super) fn utc(time: Millis) -> String {
    let seconds = time.div_ceil(1_000);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil(days);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        rest / 3_600,
        rest / 60 % 60,
        rest % 60
    )
}

/// Year, month and day of a number of days since 1970-01-01 (Howard Hinnant's `civil_from_days`).
fn civil(days: u64) -> (u64, u64, u64) {
    let z = days + 719_468;
    let (era, day_of_era) = (z / 146_097, z % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::utc;

    #[test]
    fn times_are_written_in_utc_and_rounded_up() {
        assert_eq!(utc(0), "1970-01-01T00:00:00Z");
        assert_eq!(utc(951_782_399_001), "2000-02-29T00:00:00Z");
        assert_eq!(utc(1_703_854_292_000), "2023-12-29T12:51:32Z");
    }
}
