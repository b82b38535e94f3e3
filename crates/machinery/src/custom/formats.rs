//! The formats that strings and numbers may be asked to have.
//!
//! Formats that are not known mean nothing. Source: "Extend the Kubernetes API with CustomResourceDefinitions",
//! "Validation", and RFCs 3339, 1034, 3986.

use std::net::{Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use mizzen_schema::structural::Schema;

use super::regex::compile;
use crate::name;

/// Known formats of strings; the last two since 1.34.
const STRINGS: [&str; 25] = [
    "bsonobjectid",
    "uri",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "cidr",
    "mac",
    "uuid",
    "uuid3",
    "uuid4",
    "uuid5",
    "isbn",
    "isbn10",
    "isbn13",
    "creditcard",
    "ssn",
    "hexcolor",
    "rgbcolor",
    "byte",
    "password",
    "date",
    "duration",
    "datetime",
    "k8sshortname",
];
const LONG_NAME: &str = "k8slongname";

const HOSTNAME: &str = r"^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$";
const CREDIT_CARD: &str = r"^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$";

fn normal(format: &str) -> String {
    format.replace('-', "")
}

/// Whether a format means something to values of the type that it is given with.
pub(crate) fn is_known(ty: &str, format: &str) -> bool {
    match ty {
        "" | "string" => {
            let name = normal(format);
            STRINGS.contains(&name.as_str()) || name == LONG_NAME
        }
        "integer" => matches!(format, "int32" | "int64"),
        "number" => matches!(format, "float" | "double"),
        _ => false,
    }
}

/// The format that a schema asks for, if it is known.
pub(super) fn of(schema: &Schema) -> &str {
    let known = !schema.int_or_string && is_known(&schema.ty, &schema.format);
    if known { &schema.format } else { "" }
}

/// Whether a text has a format.
pub(super) fn fits(format: &str, text: &str) -> bool {
    let matches = |pattern: &str| compile(pattern).is_ok_and(|regex| regex.is_match(text));
    match normal(format).as_str() {
        "bsonobjectid" => matches("^[0-9a-fA-F]{24}$"),
        "uri" => is_request_uri(text),
        "email" => is_email(text),
        "hostname" => {
            matches(HOSTNAME) && text.len() <= 255 && text.split('.').all(|label| label.len() <= 63)
        }
        "ipv4" => is_ipv4(text),
        "ipv6" => text.contains(':') && text.parse::<Ipv6Addr>().is_ok(),
        "cidr" => is_cidr(text),
        "mac" => matches(
            "^([0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}|[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){7}|[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){19}|[0-9a-fA-F]{4}([.][0-9a-fA-F]{4}){2}|[0-9a-fA-F]{4}([.][0-9a-fA-F]{4}){3}|[0-9a-fA-F]{4}([.][0-9a-fA-F]{4}){9})$",
        ),
        "uuid" => matches("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$"),
        "uuid3" => matches("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$"),
        "uuid4" => matches("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$"),
        "uuid5" => matches("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$"),
        "isbn" => is_isbn10(text) || is_isbn13(text),
        "isbn10" => is_isbn10(text),
        "isbn13" => is_isbn13(text),
        "creditcard" => is_credit_card(text),
        "ssn" => matches(r"^\d{3}[- ]?\d{2}[- ]?\d{4}$"),
        "hexcolor" => matches("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"),
        "rgbcolor" => matches(
            r"^rgb\(\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*\)$",
        ),
        "byte" => !text.is_empty() && STANDARD.decode(text).is_ok(),
        "date" => matches(r"^\d{4}-\d{2}-\d{2}$") && text.parse::<Date>().is_ok(),
        "duration" => is_duration(text),
        "datetime" => is_date_time(text),
        "k8sshortname" => name::dns_1123_label(text).is_empty(),
        LONG_NAME => name::dns_1123_subdomain(text).is_empty(),
        _ => true,
    }
}

/// As Go's `url.ParseRequestURI` takes it: absolute, or a path.
fn is_request_uri(text: &str) -> bool {
    if text.is_empty() || text.bytes().any(|byte| byte < 0x20 || byte == 0x7f || byte == b' ') {
        return false;
    }
    if text.starts_with('/') || text == "*" {
        return true;
    }
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme && !rest.is_empty()
}

/// An address, with or without a name before it.
fn is_email(text: &str) -> bool {
    let address = match (text.rfind('<'), text.strip_suffix('>')) {
        (Some(open), Some(inner)) => &inner[open + 1..],
        _ => text,
    };
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let atom =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-.".contains(&byte) || byte >= 0x80;
    let dotted = |part: &str| !part.is_empty() && part.split('.').all(|atom| !atom.is_empty());
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    (quoted || (dotted(local) && local.bytes().all(atom)))
        && (domain.starts_with('[') && domain.ends_with(']') || (dotted(domain) && domain.bytes().all(atom)))
}

/// Leading zeros are let be, as they always were.
fn is_ipv4(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let part = |part: &&str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.trim_start_matches('0').len() <= 3
            && part.trim_start_matches('0').parse::<u16>().unwrap_or_default() <= 255
    };
    parts.len() == 4 && parts.iter().all(part) || (text.contains('.') && text.parse::<Ipv6Addr>().is_ok())
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let digits = !bits.is_empty() && bits.len() <= 3 && bits.bytes().all(|byte| byte.is_ascii_digit());
    let most = if address.contains(':') { 128 } else { Ipv4Addr::BITS };
    let known = if address.contains(':') { address.parse::<Ipv6Addr>().is_ok() } else { is_ipv4(address) };
    digits && known && bits.parse::<u32>().is_ok_and(|bits| bits <= most)
}

fn digits(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '-' | '\t' | '\n' | '\r')).collect()
}

fn is_isbn10(text: &str) -> bool {
    let text = digits(text);
    let bytes = text.as_bytes();
    let plain = bytes.len() == 10
        && bytes[..9].iter().all(u8::is_ascii_digit)
        && (bytes[9].is_ascii_digit() || bytes[9] == b'X');
    let value = |byte: u8| if byte == b'X' { 10 } else { u32::from(byte - b'0') };
    plain && (1..).zip(bytes).map(|(place, byte)| place * value(*byte)).sum::<u32>() % 11 == 0
}

fn is_isbn13(text: &str) -> bool {
    let text = digits(text);
    let bytes = text.as_bytes();
    bytes.len() == 13
        && bytes.iter().all(u8::is_ascii_digit)
        && bytes
            .iter()
            .enumerate()
            .map(|(at, byte)| u32::from(byte - b'0') * if at % 2 == 0 { 1 } else { 3 })
            .sum::<u32>()
            % 10
            == 0
}

/// The right length and beginning, and Luhn's sum.
fn is_credit_card(text: &str) -> bool {
    let text: String = text.chars().filter(char::is_ascii_digit).collect();
    let luhn = |(at, byte): (usize, u8)| {
        let digit = u32::from(byte - b'0');
        match (at % 2, digit * 2) {
            (0, _) => digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        }
    };
    compile(CREDIT_CARD).is_ok_and(|regex| regex.is_match(&text))
        && text.bytes().rev().enumerate().map(luhn).sum::<u32>() % 10 == 0
}

/// Go's durations, and Scala's: a number and a unit.
fn is_duration(text: &str) -> bool {
    let go = r"^[-+]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$";
    let scala = r"(?i)^\s*[0-9]+\s*(ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hr|hours?|d|days?|w|weeks?)\s*$";
    [go, scala].iter().any(|pattern| compile(pattern).is_ok_and(|regex| regex.is_match(text)))
}

fn is_date_time(text: &str) -> bool {
    let shape = r"^\d{4}-\d{2}-\d{2}([Tt ])(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?|23:59:60(\.\d+)?)([Zz]|[+-]\d{2}:\d{2})$";
    compile(shape).is_ok_and(|regex| regex.is_match(text)) && text[..10].parse::<Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_take_and_refuse() {
        let check = |format: &str, good: &[&str], bad: &[&str]| {
            good.iter().for_each(|text| assert!(fits(format, text), "{format} takes {text}"));
            bad.iter().for_each(|text| assert!(!fits(format, text), "{format} refuses {text}"));
        };
        check("date-time", &["2014-12-15T19:30:20.000Z", "2020-01-01T00:00:00+02:00"], &["2014-12-15", "x"]);
        check("date", &["2006-01-02"], &["2006-13-02", "2006-1-2"]);
        check("duration", &["22 ns", "1h30m", "5s", "1.5h"], &["", "5 parsecs"]);
        check("ipv4", &["10.0.0.1", "010.0.0.1"], &["10.0.0", "::1", "256.1.1.1"]);
        check("ipv6", &["::1", "fe80::1"], &["10.0.0.1", "g::"]);
        check("cidr", &["10.0.0.0/8", "::/0"], &["10.0.0.0", "10.0.0.0/33"]);
        check("mac", &["01:23:45:67:89:ab", "0123.4567.89ab"], &["01:23"]);
        check("uuid", &["A987FBC9-4BED-3078-CF07-9141BA07C9F3"], &["A987FBC9"]);
        check("uuid4", &["57b73598-8764-4ad0-a76a-679bb6640eb1"], &["A987FBC9-4BED-3078-CF07-9141BA07C9F3"]);
        check("isbn", &["0321751043", "978-0321751041"], &["0321751044"]);
        check("creditcard", &["4111-1111-1111-1111"], &["4111-1111-1111-1112"]);
        check("ssn", &["111-11-1111"], &["1"]);
        check("hexcolor", &["#FFFFFF", "fff"], &["#GG0000"]);
        check("rgbcolor", &["rgb(255,255,255)"], &["rgb(256,0,0)"]);
        check("byte", &["aGVsbG8="], &["not base64!"]);
        check("email", &["a@b.example", "A B <a@b.example>"], &["a", "a@", "@b"]);
        check("hostname", &["a.example", "a"], &["-a", "a..b"]);
        check("uri", &["https://a/b", "/path"], &["", "relative"]);
        check("k8s-short-name", &["a-b"], &["A", "a.b"]);
        check("k8s-long-name", &["a.b"], &["A..b"]);
        check("bsonobjectid", &["507f1f77bcf86cd799439011"], &["507f"]);
        check("unknown", &["anything"], &[]);
        assert!(!is_known("string", "int32") && is_known("integer", "int32") && !is_known("object", "date"));
    }
}
