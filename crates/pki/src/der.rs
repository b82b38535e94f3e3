//! As much of DER and PEM as certificates need: writing, not reading.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::PkiError;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// A context-specific tag; constructed when it wraps other values.
pub(crate) const fn context(number: u8, constructed: bool) -> u8 {
    0x80 | if constructed { 0x20 } else { 0 } | number
}

/// Tag, length and the concatenation of `parts`.
pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 6);
    out.push(tag);
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let bytes = length.to_be_bytes();
        let skip = bytes.iter().take_while(|byte| **byte == 0).count();
        out.push(0x80 | (bytes.len() - skip) as u8);
        out.extend_from_slice(&bytes[skip..]);
    }
    parts.iter().for_each(|part| out.extend_from_slice(part));
    out
}

/// A positive integer out of big-endian bytes.
pub(crate) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let skip = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = &bytes[skip..];
    match bytes.first() {
        None => tlv(INTEGER, &[&[0]]),
        Some(first) if first & 0x80 != 0 => tlv(INTEGER, &[&[0], bytes]),
        Some(_) => tlv(INTEGER, &[bytes]),
    }
}

/// A bit string of whole bytes.
pub(crate) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    tlv(BIT_STRING, &[&[0], bytes])
}

/// A moment as certificates write it: two-digit years until 2049 (RFC 5280, 4.1.2.5).
pub(crate) fn time(at: Timestamp) -> Result<Vec<u8>, PkiError> {
    let zoned = at.to_zoned(TimeZone::UTC);
    let (tag, format) = match zoned.year() {
        1950..=2049 => (UTC_TIME, "%y%m%d%H%M%SZ"),
        0..=9999 => (GENERALIZED_TIME, "%Y%m%d%H%M%SZ"),
        _ => return Err(PkiError::Validity),
    };
    Ok(tlv(tag, &[zoned.strftime(format).to_string().as_bytes()]))
}

/// An extension of a certificate.
pub(crate) fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &[BOOLEAN, 1, 0xff] } else { &[] };
    tlv(SEQUENCE, &[&tlv(OID, &[oid]), flag, &tlv(OCTET_STRING, &[value])])
}

/// PEM text around DER.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = tail;
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

/// The DER inside the first PEM block of this label.
pub(crate) fn unpem(label: &'static str, text: &str) -> Result<Vec<u8>, PkiError> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let body = text.split_once(begin.as_str()).and_then(|(_, rest)| rest.split_once(end.as_str()));
    let (body, _) = body.ok_or(PkiError::Malformed(label))?;
    let packed: String = body.split_ascii_whitespace().collect();
    STANDARD.decode(packed).map_err(|_| PkiError::Malformed(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        let check = |length: usize, head: &[u8]| {
            assert_eq!(tlv(SEQUENCE, &[&vec![0; length]])[1..=head.len()], *head);
        };
        check(0, &[0]);
        check(127, &[127]);
        check(128, &[0x81, 128]);
        check(300, &[0x82, 1, 44]);
    }

    #[test]
    fn integers_are_positive_and_minimal() {
        let check = |bytes: &[u8], expect: &[u8]| assert_eq!(unsigned(bytes)[2..], *expect);
        check(&[], &[0]);
        check(&[0, 0, 1], &[1]);
        check(&[0x80], &[0, 0x80]);
    }

    #[test]
    fn pem_there_and_back() {
        for length in [0, 1, 47, 48, 49, 1000] {
            let der = vec![7; length];
            assert_eq!(unpem("X", &pem("X", &der)).unwrap(), der);
        }
        assert!(unpem("X", "-----BEGIN X-----\n!\n-----END X-----").is_err());
        assert!(unpem("X", "-----BEGIN X-----").is_err());
    }
}
