//! Inputs out of a corpus, by chance under a seed.

/// Longest input.
const LEN_MAX: usize = 64 << 10;
/// Bytes at the edges of ranges.
const EDGES: [u8; 10] = [0, 1, 9, 10, 0x1f, 0x20, 0x7f, 0x80, 0xc0, 0xff];
/// Numbers at the edges of types.
const NUMBERS: [&str; 10] = [
    "0",
    "-1",
    "2147483648",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551616",
    "1e400",
    "0.00000000000000000001",
];

/// Chance (SplitMix64): the same seed, the same numbers.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// Starts from a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// Below `bound`, which is at least 1.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { of.get(self.below(of.len())) }
    }
}

/// One input: something of the corpus, changed a few times.
pub fn input(chance: &mut Chance, corpus: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    let mut bytes = chance.pick(corpus).cloned().unwrap_or_default();
    for _ in 0..=chance.below(6) {
        change(&mut bytes, chance, corpus, words);
        bytes.truncate(LEN_MAX);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, chance: &mut Chance, corpus: &[Vec<u8>], words: &[&str]) {
    let at = chance.below(bytes.len() + 1);
    let len = chance.below((bytes.len() - at).min(64) + 1);
    match chance.below(11) {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << chance.below(8);
            }
        }
        1 => {
            if let (Some(byte), Some(edge)) = (bytes.get_mut(at), chance.pick(&EDGES)) {
                *byte = *edge;
            }
        }
        2 => drop(bytes.drain(at..at + len)),
        3 => bytes.truncate(at),
        4 => {
            let part = bytes[at..at + len].to_vec();
            bytes.splice(at..at, part);
        }
        // A piece over and over: nesting and long lists.
        5 => {
            let part = bytes[at..at + len.min(8)].to_vec();
            bytes.splice(at..at, part.repeat(1 << chance.below(13)));
        }
        6 => {
            let other = chance.pick(corpus).cloned().unwrap_or_default();
            let from = chance.below(other.len() + 1);
            bytes.splice(at.., other[from..].iter().copied());
        }
        7 => {
            let word = chance.pick(&NUMBERS).copied().unwrap_or_default();
            bytes.splice(at..at + len.min(4), word.bytes());
        }
        8 | 9 => {
            let word = chance.pick(words).copied().unwrap_or_default();
            bytes.splice(at..at, word.bytes());
        }
        _ => {
            let random: Vec<u8> = (0..chance.below(16)).map(|_| chance.next().to_le_bytes()[0]).collect();
            bytes.splice(at..at, random);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_inputs() {
        let corpus = [b"{\"a\":[1,2]}".to_vec(), b"".to_vec()];
        let some = |seed| {
            let mut chance = Chance::new(seed);
            (0..100).map(|_| input(&mut chance, &corpus, &["{", "null"])).collect::<Vec<_>>()
        };
        assert_eq!(some(7), some(7));
        assert_ne!(some(7), some(8));
        assert!(some(9).iter().all(|bytes| bytes.len() <= LEN_MAX));
    }
}
