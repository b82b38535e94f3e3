//! The order of keys: numbers in names count as numbers, letters come behind everything else.

use std::cmp::Ordering;

/// Compares two keys as Go's YAML package sorts them.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let Some(at) = left.iter().zip(&right).position(|(a, b)| a != b) else {
        return left.len().cmp(&right.len());
    };
    let (a, b) = (left[at], right[at]);
    let after_digit = at > 0 && left[at - 1].is_ascii_digit();
    match (a.is_alphabetic(), b.is_alphabetic()) {
        (true, true) => return a.cmp(&b),
        // A number ends before a letter, and so is smaller than a longer one.
        (true, false) if after_digit => return Ordering::Less,
        (false, true) if after_digit => return Ordering::Greater,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // Zeros inside a number count as its digits, leading ones do not.
    let inside = (a == '0' || b == '0')
        && left[..at].iter().rev().take_while(|letter| letter.is_ascii_digit()).any(|digit| *digit != '0');
    let number = |letters: &[char]| {
        let digits = letters.iter().map_while(|letter| letter.to_digit(10));
        digits.fold((u64::from(inside), 0_usize), |(value, len), digit| {
            (value.saturating_mul(10).saturating_add(u64::from(digit)), len + 1)
        })
    };
    number(&left[at..]).cmp(&number(&right[at..])).then_with(|| a.cmp(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_as_numbers() {
        let mut keys = ["a10", "a2", "b", "a", "B", "a-b", "a1b", "1", "10", "2", "a.b", "aB"];
        keys.sort_by(|a, b| compare(a, b));
        assert_eq!(keys, ["1", "2", "10", "B", "a", "a-b", "a.b", "a1b", "a2", "a10", "aB", "b"]);
    }
}
