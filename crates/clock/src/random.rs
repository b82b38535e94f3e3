//! Randomness for names, uids and jitter.

use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::SmallRng;
use rand::{Rng, RngCore, SeedableRng};

/// The letters of generated name suffixes: no vowels and nothing easily confused, so that no word appears.
/// Source: API conventions, "generateName".
const SUFFIX_LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// A shared source of randomness, not fit for secrets.
#[derive(Clone)]
pub struct Random(Arc<Mutex<SmallRng>>);

impl Random {
    /// Seeded by the operating system.
    pub fn from_entropy() -> Self {
        Self(Arc::new(Mutex::new(SmallRng::from_os_rng())))
    }

    /// The same `seed` gives the same sequence.
    pub fn from_seed(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(SmallRng::seed_from_u64(seed))))
    }

    fn with<T>(&self, draw: impl FnOnce(&mut SmallRng) -> T) -> T {
        draw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A version 4 UUID in its text form, as in `metadata.uid`.
    pub fn uid(&self) -> String {
        let bytes = self.with(|rng| {
            let mut bytes = [0u8; 16];
            rng.fill_bytes(&mut bytes);
            bytes
        });
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    /// `length` letters as the API server appends to `generateName`.
    pub fn suffix(&self, length: usize) -> String {
        self.with(|rng| {
            (0..length)
                .map(|_| char::from(SUFFIX_LETTERS[rng.random_range(0..SUFFIX_LETTERS.len())]))
                .collect()
        })
    }

    /// A number in `0..bound`; 0 when `bound` is 0.
    pub fn below(&self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.with(|rng| rng.random_range(0..bound)) }
    }

    /// A number in `0.0..1.0`.
    pub fn fraction(&self) -> f64 {
        self.with(|rng| rng.random())
    }
}
