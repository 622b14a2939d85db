//! Numbers without rounding: a GB is 2^30 bytes, a month has 672 to 744 hours, and a rate has four decimals; no decimal holds their
//! quotients. Amounts are rounded once, where they are shown.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

/// A number, exactly.
pub type Exact = BigRational;

/// The most digits of a number that is typed or read: more than any quantity or rate has.
const DIGITS: usize = 40;

/// That number.
pub fn whole(number: u64) -> Exact {
    Exact::from_integer(number.into())
}

/// A decimal without a sign, as it is typed: `0.30`, `12`, `.5`.
pub fn decimal(text: &str) -> Option<Exact> {
    let (before, after) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{before}{after}");
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || digits.len() > DIGITS {
        return None;
    }
    let places = u32::try_from(after.len()).ok()?;
    let numerator: BigInt = digits.parse().ok()?;
    Some(Exact::new(numerator, BigInt::from(10).pow(places)))
}

/// With so many decimals, rounded half away from zero: `12.50`.
pub fn rounded(number: &Exact, places: u32) -> String {
    let scaled = number * Exact::from_integer(BigInt::from(10).pow(places));
    let digits = scaled.round().to_integer();
    let sign = if digits.is_negative() { "-" } else { "" };
    let places = usize::try_from(places).unwrap_or_default();
    let digits = format!("{:0>width$}", digits.abs(), width = places + 1);
    let (before, after) = digits.split_at(digits.len() - places);
    let dot = if places == 0 { "" } else { "." };
    format!("{sign}{before}{dot}{after}")
}

/// With up to so many decimals, and none that is not needed: `12.5`.
pub fn shortest(number: &Exact, places: u32) -> String {
    let text = rounded(number, places);
    if text.contains('.') {
        let text = text.trim_end_matches('0').trim_end_matches('.');
        return text.to_owned();
    }
    text
}

/// As a price: with the decimals that it has, and at least two.
pub fn price(rate: &Exact) -> String {
    let short = shortest(rate, 9);
    let places = short.split_once('.').map_or(0, |(_, after)| after.len());
    if places < 2 { rounded(rate, 2) } else { short }
}

/// The least whole number that is not below it; `None`: it is no `u64`.
pub fn ceiling(number: &Exact) -> Option<u64> {
    number.ceil().to_integer().to_u64()
}

/// That number, or zero where it is below.
pub fn at_least_zero(number: Exact) -> Exact {
    if number.is_negative() {
        Exact::zero()
    } else {
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly_and_nothing_else_is() {
        for (text, shown) in [
            ("0.0133", "0.0133"),
            (".5", "0.5"),
            ("12.", "12"),
            ("007", "7"),
            ("0", "0"),
        ] {
            assert_eq!(shortest(&decimal(text).unwrap(), 6), shown, "{text}");
        }
        let long = "1".repeat(DIGITS + 1);
        for text in [
            "", ".", "-1", "+1", "1e3", "1_000", "NaN", "٣", "1.2.3", &long,
        ] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn amounts_are_rounded_half_away_from_zero() {
        for (text, places, shown) in [
            ("0.005", 2, "0.01"),
            ("0.0049999", 2, "0.00"),
            ("531", 2, "531.00"),
            ("9.999", 2, "10.00"),
            ("1.5", 0, "2"),
        ] {
            assert_eq!(rounded(&decimal(text).unwrap(), places), shown, "{text}");
        }
        assert_eq!(rounded(&-decimal("0.125").unwrap(), 2), "-0.13");
        assert_eq!(shortest(&decimal("100").unwrap(), 0), "100");
        assert_eq!(ceiling(&decimal("1.01").unwrap()), Some(2));
    }
}
