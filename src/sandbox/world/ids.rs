//! Identifiers as AWS makes them, from a counter, so that the same calls give the same ids.

use serde::{Deserialize, Serialize};

/// The source of identifiers of one region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ids {
    /// Kept apart so that two regions do not answer with the same ids.
    pub seed: u64,
    /// How many were made.
    pub made: u64,
}

impl Ids {
    /// Ids of a region: `name` is its seed.
    pub(crate) fn of(name: &str) -> Self {
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { seed, made: 0 }
    }

    /// The next id: the prefix, a hyphen and 17 hexadecimal digits (`fs-0123456789abcdef0`).
    pub(crate) fn next(&mut self, prefix: &str) -> String {
        format!("{prefix}-0{:016x}", self.number())
    }

    /// The next number, well mixed (splitmix64).
    pub(crate) fn number(&mut self) -> u64 {
        self.made += 1;
        let mut z = self
            .seed
            .wrapping_add(self.made.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
