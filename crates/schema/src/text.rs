//! Values with a text form of their own: times, durations, bytes, numbers. Each is read as Kubernetes' Go types
//! read it, and written in one canonical form.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Go's standard base64: padded, strict but for the unused bits of the last letter.
pub(crate) const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The seconds of Go's zero time, which prints as null.
pub(crate) const ZERO_TIME_S: i64 = -62_135_596_800;

/// RFC 3339 as Go reads it: date, `T`, time with an optional fraction, and a zone.
pub fn parse_time(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() >= 20
        && bytes[..19].iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            10 => *byte == b'T',
            13 | 16 => *byte == b':',
            _ => byte.is_ascii_digit(),
        });
    let zone = text.get(19..)?.trim_start_matches(|letter: char| letter == '.' || letter.is_ascii_digit());
    let zoned =
        zone == "Z" || (zone.len() == 6 && zone.starts_with(['+', '-']) && zone.as_bytes()[3] == b':');
    // A leap second is no time to Go.
    if !shaped || !zoned || &bytes[17..19] == b"60" {
        return None;
    }
    text.parse().ok()
}

/// Whole seconds, UTC: `2006-01-02T15:04:05Z`.
pub fn format_time(time: Timestamp) -> String {
    let time = TimeZone::UTC.to_datetime(time);
    let (year, month, day) = (time.year(), time.month(), time.day());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Microseconds, UTC: `2006-01-02T15:04:05.000000Z`.
pub fn format_micro_time(time: Timestamp) -> String {
    let micros = TimeZone::UTC.to_datetime(time).subsec_nanosecond() / 1_000;
    let mut text = format_time(time);
    text.pop();
    format!("{text}.{micros:06}Z")
}

/// Canonical text of a `metav1.Time`.
pub(crate) fn time(text: &str) -> Option<String> {
    parse_time(text).map(format_time)
}

/// Canonical text of a `metav1.MicroTime`: Kubernetes asks for exactly six digits of fraction.
pub(crate) fn micro_time(text: &str) -> Option<String> {
    let digits = text.get(19..)?.strip_prefix('.')?.bytes().take_while(u8::is_ascii_digit).count();
    if digits != 6 {
        return None;
    }
    parse_time(text).map(format_micro_time)
}

/// Go's duration text in nanoseconds: `1h2m3.5s`, `-1.5h`, `0`.
pub fn parse_duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0_i128;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (number, tail) = rest.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || whole.len() > 19 {
            return None;
        }
        let unit_len =
            tail.find(|letter: char| letter.is_ascii_digit() || letter == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_len);
        let unit_ns: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        total += whole * unit_ns;
        let mut place_ns = unit_ns;
        for digit in fraction.bytes() {
            // Smaller places than a nanosecond are cut off with their unit.
            total += i128::from(digit - b'0') * place_ns / 10;
            place_ns /= 10;
        }
        if total > i128::from(i64::MAX) + i128::from(negative) {
            return None;
        }
        rest = tail;
    }
    i64::try_from(if negative { -total } else { total }).ok()
}

/// Nanoseconds as Go prints a duration: `1h0m0s`, `1.5s`, `0s`.
pub fn format_duration(nanoseconds: i64) -> String {
    let size = nanoseconds.unsigned_abs();
    let sign = if nanoseconds < 0 { "-" } else { "" };
    if size == 0 {
        return "0s".to_owned();
    }
    if size < 1_000_000_000 {
        let (unit, unit_ns) = match size {
            0..1_000 => ("ns", 1),
            1_000..1_000_000 => ("µs", 1_000),
            _ => ("ms", 1_000_000),
        };
        return format!("{sign}{}{unit}", fraction(size, unit_ns));
    }
    let (minutes, rest) = (size / 60_000_000_000, size % 60_000_000_000);
    let seconds = fraction(rest, 1_000_000_000);
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
        (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

/// `size / unit` in decimal, without trailing zeros.
fn fraction(size: u64, unit: u64) -> String {
    let (whole, rest) = (size / unit, size % unit);
    if rest == 0 {
        return whole.to_string();
    }
    let places = unit.ilog10() as usize;
    format!("{whole}.{}", format!("{rest:0places$}").trim_end_matches('0'))
}

/// Canonical text of a `metav1.Duration`.
pub(crate) fn duration(text: &str) -> Option<String> {
    parse_duration(text).map(format_duration)
}

/// Canonical base64; line breaks are passed over as Go does.
pub(crate) fn bytes(text: &str) -> Option<Box<str>> {
    if text.contains(['\r', '\n']) {
        let text: String = text.chars().filter(|letter| !matches!(letter, '\r' | '\n')).collect();
        return Some(BASE64.encode(BASE64.decode(text).ok()?).into());
    }
    let plain = BASE64.decode(text).ok()?;
    let canonical = BASE64.encode(plain);
    Some(if canonical == text { text.into() } else { canonical.into() })
}

/// Appends a floating-point number as Go's encoding/json does.
pub(crate) fn push_float(number: f64, out: &mut Vec<u8>) {
    use std::io::Write as _;

    let size = number.abs();
    let written = if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{number:e}");
        let signed = if text.contains("e-") { text } else { text.replace('e', "e+") };
        out.write_all(signed.as_bytes())
    } else if number == 0.0 && number.is_sign_negative() {
        out.write_all(b"-0")
    } else {
        write!(out, "{number}")
    };
    written.expect("vectors take all bytes");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let check = |text: &str, expect: Option<&str>| assert_eq!(time(text).as_deref(), expect, "{text}");
        check("2006-01-02T15:04:05Z", Some("2006-01-02T15:04:05Z"));
        check("2006-01-02T15:04:05.999Z", Some("2006-01-02T15:04:05Z"));
        check("2006-01-02T15:04:05+02:00", Some("2006-01-02T13:04:05Z"));
        check("0001-01-01T00:00:00Z", Some("0001-01-01T00:00:00Z"));
        for bad in
            ["", "2006-01-02", "2006-01-02 15:04:05Z", "2006-01-02T15:04:05", "2006-13-02T15:04:05Z", "héllo"]
        {
            check(bad, None);
        }
        assert_eq!(micro_time("2006-01-02T15:04:05.000001Z").as_deref(), Some("2006-01-02T15:04:05.000001Z"));
        assert_eq!(micro_time("2006-01-02T15:04:05Z"), None);
    }

    #[test]
    fn durations() {
        let check =
            |text: &str, expect: Option<&str>| assert_eq!(duration(text).as_deref(), expect, "{text}");
        check("0", Some("0s"));
        check("1h", Some("1h0m0s"));
        check("90s", Some("1m30s"));
        check("1.5s", Some("1.5s"));
        check("-1.5h", Some("-1h30m0s"));
        check("1500us", Some("1.5ms"));
        check("10ns", Some("10ns"));
        check("2562047h47m16.854775807s", Some("2562047h47m16.854775807s"));
        for bad in ["", "1", "s", "1x", "1..5s", "9223372036854775808ns", "99999999999999999999h"] {
            check(bad, None);
        }
    }

    #[test]
    fn floats() {
        let check = |number: f64, expect: &str| {
            let mut out = Vec::new();
            push_float(number, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expect);
        };
        check(1.0, "1");
        check(0.1, "0.1");
        check(1e21, "1e+21");
        check(1e20, "100000000000000000000");
        check(1.5e-7, "1.5e-7");
        check(-0.0, "-0");
    }
}
