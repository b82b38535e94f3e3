//! Hash maps whose iteration order a simulation can repeat.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::OnceLock;

use foldhash::quality::{FixedState, FoldHasher};

static SEED: OnceLock<u64> = OnceLock::new();

/// A hash map with the process's seed.
pub type Map<K, V> = HashMap<K, V, ProcessHash>;
/// A hash set with the process's seed.
pub type Set<K> = HashSet<K, ProcessHash>;

/// Fixes the seed of every [`Map`] and [`Set`] made from now on; the first call (or first map) wins.
pub fn seed_hashes(seed: u64) {
    SEED.get_or_init(|| seed);
}

/// Builds hashers from the process's seed: random unless [`seed_hashes`] was called first.
#[derive(Clone, Debug)]
pub struct ProcessHash(FixedState);

impl Default for ProcessHash {
    fn default() -> Self {
        Self(FixedState::with_seed(*SEED.get_or_init(rand::random)))
    }
}

impl BuildHasher for ProcessHash {
    type Hasher = FoldHasher<'static>;

    fn build_hasher(&self) -> Self::Hasher {
        self.0.build_hasher()
    }
}
