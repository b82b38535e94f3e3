//! The canonical text of quantities (`resource.Quantity`).
//!
//! A number with a decimal (`500m`, `1k`), binary (`2Gi`) or exponent (`1e3`) suffix. Canonical: no fraction, the
//! largest suffix that loses nothing, at most nanos (rounded up, away from zero). A text that already has such a
//! form is kept as it came. Source: the API reference of Quantity.

/// Which suffixes a quantity prints with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Decimal,
    Binary(u32),
    Exponent,
}

/// What a quantity's text is made of.
struct Parts<'a> {
    negative: bool,
    /// Without leading zeros.
    whole: &'a str,
    fraction: &'a str,
    form: Form,
    /// The suffix as a power of ten; 0 for binary ones.
    exponent: i32,
}

/// The largest value of a binary quantity, in nanos.
const NANOS_MAX: u128 = (i64::MAX as u128) * 1_000_000_000;

/// The canonical form of a quantity's text; none when it is no quantity.
pub fn canonical(text: &str) -> Option<Box<str>> {
    let parts = parse(text)?;
    if is_kept(&parts) {
        return Some(text.into());
    }
    match parts.form {
        Form::Binary(shift) => Some(binary(&parts, shift)),
        form => {
            let digits = [parts.whole, parts.fraction].concat();
            let places = i64::try_from(parts.fraction.len()).ok()?;
            Some(decimal(parts.negative, &digits, i64::from(parts.exponent) - places, form))
        }
    }
}

fn parse(text: &str) -> Option<Parts<'_>> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = rest.split_at(digits(rest));
    let (fraction, suffix) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(digits(rest)),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let (form, exponent) = match suffix {
        "" => (Form::Decimal, 0),
        "n" => (Form::Decimal, -9),
        "u" => (Form::Decimal, -6),
        "m" => (Form::Decimal, -3),
        "k" => (Form::Decimal, 3),
        "M" => (Form::Decimal, 6),
        "G" => (Form::Decimal, 9),
        "T" => (Form::Decimal, 12),
        "P" => (Form::Decimal, 15),
        "E" => (Form::Decimal, 18),
        "Ki" => (Form::Binary(10), 0),
        "Mi" => (Form::Binary(20), 0),
        "Gi" => (Form::Binary(30), 0),
        "Ti" => (Form::Binary(40), 0),
        "Pi" => (Form::Binary(50), 0),
        "Ei" => (Form::Binary(60), 0),
        _ => (Form::Exponent, suffix.strip_prefix(['e', 'E'])?.parse().ok()?),
    };
    Some(Parts { negative, whole, fraction, form, exponent })
}

/// Whether the text stays as it came: Kubernetes keeps what it takes for canonical, cheaply judged.
fn is_kept(parts: &Parts<'_>) -> bool {
    let len = parts.whole.len() + parts.fraction.len();
    match parts.form {
        Form::Binary(shift) => {
            let precise = parts.whole.len() as f32 + (shift as f32 * 0.3).floor() <= 14.0;
            let value = parts.whole.parse::<i64>();
            parts.fraction.is_empty() && precise && value.is_ok_and(|value| value & 7 != 0)
        }
        _ => {
            let scale = i64::from(parts.exponent) - parts.fraction.len() as i64;
            let round = match parts.fraction.is_empty() {
                true => parts.whole.ends_with("000"),
                false => [parts.whole, parts.fraction].concat().ends_with("000"),
            };
            len <= 18 && !parts.whole.is_empty() && scale >= -9 && scale % 3 == 0 && !round
        }
    }
}

/// `digits × 10^exponent`, with a decimal suffix.
fn decimal(negative: bool, digits: &str, mut exponent: i64, form: Form) -> Box<str> {
    let mut digits = digits.trim_start_matches('0').to_owned();
    if digits.is_empty() {
        return "0".into();
    }
    if exponent < -9 {
        let cut = usize::try_from(-9 - exponent).unwrap_or(usize::MAX);
        let lost = digits.split_off(digits.len().saturating_sub(cut));
        if lost.bytes().any(|digit| digit != b'0') {
            increment(&mut digits);
        }
        exponent = -9;
    }
    let kept = digits.trim_end_matches('0').len();
    exponent += (digits.len() - kept) as i64;
    digits.truncate(kept);
    // There is no suffix beyond exa.
    let most = if form == Form::Decimal { exponent.min(18) } else { exponent };
    let target = most - most.rem_euclid(3);
    digits.extend(std::iter::repeat_n('0', usize::try_from(exponent - target).unwrap_or(0).min(4096)));
    let sign = if negative { "-" } else { "" };
    let suffix = match (form, target) {
        (_, 0) => String::new(),
        (Form::Exponent, _) => format!("e{target}"),
        (_, -9) => "n".to_owned(),
        (_, -6) => "u".to_owned(),
        (_, -3) => "m".to_owned(),
        (_, 3) => "k".to_owned(),
        (_, 6) => "M".to_owned(),
        (_, 9) => "G".to_owned(),
        (_, 12) => "T".to_owned(),
        (_, 15) => "P".to_owned(),
        _ => "E".to_owned(),
    };
    format!("{sign}{digits}{suffix}").into()
}

/// Adds one to a decimal number.
fn increment(digits: &mut String) {
    let nines = digits.len() - digits.trim_end_matches('9').len();
    digits.truncate(digits.len() - nines);
    let last = digits.pop().unwrap_or('0');
    digits.push(char::from(last as u8 + 1));
    digits.extend(std::iter::repeat_n('0', nines));
}

/// `whole.fraction × 2^shift`, with a binary suffix where it is whole and at least one Ki.
fn binary(parts: &Parts<'_>, shift: u32) -> Box<str> {
    // More digits than fit are more than the most that there can be.
    let whole = if parts.whole.is_empty() { 0 } else { parts.whole.parse::<u128>().unwrap_or(u128::MAX) };
    let whole_nanos = whole.checked_mul(1 << shift).and_then(|value| value.checked_mul(1_000_000_000));
    let nanos = match whole_nanos {
        None => NANOS_MAX,
        Some(nanos) => {
            // Eighteen places are more than nanos can tell, even of an Ei; what lies beyond rounds up.
            let (near, far) = parts.fraction.split_at(parts.fraction.len().min(18));
            let near: u128 = format!("{near:0<18}").parse().unwrap_or_default();
            let scaled = near << shift;
            let beyond = far.bytes().any(|digit| digit != b'0');
            let part = if beyond { scaled / 1_000_000_000 + 1 } else { scaled.div_ceil(1_000_000_000) };
            (nanos + part).min(NANOS_MAX)
        }
    };
    if nanos < 1024 * 1_000_000_000 || nanos % 1_000_000_000 != 0 {
        return decimal(parts.negative, &nanos.to_string(), -9, Form::Decimal);
    }
    let mut value = nanos / 1_000_000_000;
    let mut suffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].into_iter();
    let mut suffix = suffixes.next().unwrap_or_default();
    while value % 1024 == 0 {
        let Some(larger) = suffixes.next() else { break };
        suffix = larger;
        value /= 1024;
    }
    let sign = if parts.negative { "-" } else { "" };
    format!("{sign}{value}{suffix}").into()
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn quantities() {
        let check =
            |text: &str, expect: Option<&str>| assert_eq!(canonical(text).as_deref(), expect, "{text}");
        for kept in ["1", "100m", "1Gi", "1500Mi", "12e6", "7Ki", "+5", "1.500", "-3"] {
            check(kept, Some(kept));
        }
        check("0", Some("0"));
        check("0Gi", Some("0"));
        check("0.5", Some("500m"));
        check(".5", Some("500m"));
        check("5.", Some("5."));
        check("1000", Some("1k"));
        check("1000m", Some("1"));
        check("1024Mi", Some("1Gi"));
        check("0.5Gi", Some("512Mi"));
        check("1.5Gi", Some("1536Mi"));
        check("512", Some("512"));
        check("0.0000000001", Some("1n"));
        check("1.0000000001", Some("1000000001n"));
        check("1e3", Some("1e3"));
        check("10e2", Some("1e3"));
        check("5e1", Some("50"));
        check("99999999999999999999999", Some("99999999999999999999999"));
        check("100000000000000000000000", Some("100000E"));
        check("9999999999999999999Ei", Some("9223372036854775807"));
        check("0.1Ki", Some("102400m"));
        check("-1024Ki", Some("-1Mi"));
        for bad in ["", "-", ".", "Gi", "1gi", "1 Gi", "1e", "1e1.5", "0x10", "1KiB", "１"] {
            check(bad, None);
        }
    }
}
