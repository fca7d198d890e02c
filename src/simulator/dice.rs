//! Chance that can be repeated: the same seed gives the same ministry on every machine.

use rand::RngExt;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// A seeded source of chance for one purpose.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice of their own for a purpose, so that a new use of chance does not move the others.
    pub(super) fn new(seed: u64, purpose: &str, index: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(mix(seed, purpose, index)))
    }

    /// A number below `limit` (0 when `limit` is 0).
    pub(super) fn below(&mut self, limit: usize) -> usize {
        // u64, not usize: the result must not depend on the width of the machine's words.
        if limit == 0 { 0 } else { self.0.random_range(0..limit as u64) as usize }
    }

    /// True once in `times`.
    pub(super) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// An index, as likely as its weight.
    pub(super) fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// Another order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        list.shuffle(&mut self.0);
    }
}

/// A number that belongs to (seed, purpose, index): FNV-1a, then splitmix64.
pub(super) fn mix(seed: u64, purpose: &str, index: u64) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in purpose.bytes().chain(seed.to_le_bytes()).chain(index.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
