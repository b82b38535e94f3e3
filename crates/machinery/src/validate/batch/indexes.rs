//! Sets of indexes as text: `1,3-5,7`.

/// One index or a range of them.
fn interval(text: &str, completions: i64) -> Result<(i64, i64), String> {
    let number = |text: &str| -> Result<i64, String> {
        let number: i64 = text.parse().map_err(|_| {
            format!("cannot convert string to integer for index: {}", crate::field::quote(text))
        })?;
        if number >= completions {
            return Err(format!("too large index: {}", crate::field::quote(text)));
        }
        Ok(number)
    };
    let mut parts = text.split('-');
    let (first, last) = (parts.next().unwrap_or_default(), parts.next());
    if parts.next().is_some() {
        return Err(format!(
            "the fragment {} violates the requirement that an index interval can have at most two parts separated \
             by '-'",
            crate::field::quote(text)
        ));
    }
    let first = number(first)?;
    let Some(last) = last else { return Ok((first, first)) };
    let last = number(last)?;
    if first >= last {
        return Err(format!("non-increasing order, previous: {first}, current: {last}"));
    }
    Ok((first, last))
}

/// How many indexes there are, all below `completions` and in order.
pub(super) fn count(text: &str, completions: i64) -> Result<i64, String> {
    if text.is_empty() {
        return Ok(0);
    }
    let (mut total, mut before): (i64, Option<i64>) = (0, None);
    for part in text.split(',') {
        let (first, last) = interval(part, completions)?;
        if let Some(before) = before.filter(|before| *before >= first) {
            return Err(format!("non-increasing order, previous: {before}, current: {first}"));
        }
        total += last - first + 1;
        before = Some(last);
    }
    Ok(total)
}

/// The first index that is in both.
pub(super) fn overlap(a: &str, b: &str, completions: i64) -> Option<i64> {
    let read = |text: &str| -> Vec<(i64, i64)> {
        text.split(',').filter_map(|part| interval(part, completions).ok()).collect()
    };
    let (a, b) = (read(a), read(b));
    let (mut at, mut other) = (0, 0);
    while let (Some((first, last)), Some((start, end))) = (a.get(at), b.get(other)) {
        if first <= end && start <= last {
            return Some(*first.max(start));
        }
        if first <= start {
            at += 1;
        } else {
            other += 1;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_counted_in_order() {
        assert_eq!(count("", 5), Ok(0));
        assert_eq!(count("0,2-4", 5), Ok(4));
        let check = |text: &str, expect: &str| assert_eq!(count(text, 5), Err(expect.to_owned()));
        check("x", "cannot convert string to integer for index: \"x\"");
        check("5", "too large index: \"5\"");
        check("3,1", "non-increasing order, previous: 3, current: 1");
        check("3-1", "non-increasing order, previous: 3, current: 1");
        assert!(count("1-2-3", 5).is_err());
        assert_eq!(overlap("1-3", "3,4", 5), Some(3));
        assert_eq!(overlap("0,2", "1,3", 5), None);
    }
}
