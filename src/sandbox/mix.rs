//! Numbers that follow from words and from other numbers, always the same ones.

/// A number that is always the same for the same words.
pub(crate) fn number(words: &[&str]) -> u64 {
    mix(hash(0, words), 1)
}

/// FNV-1a over the words, each with its end.
pub(crate) fn hash(seed: u64, words: &[&str]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The `nth` number of a seed, well mixed (splitmix64).
pub(crate) fn mix(seed: u64, nth: u64) -> u64 {
    let mut z = seed.wrapping_add(nth.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
