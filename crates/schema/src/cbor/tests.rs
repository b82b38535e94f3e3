use super::*;
use crate::decode::{DecodeError, Options};
use crate::json;
use crate::table::{Shape, TypeRef};

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn read(hex: &str) -> Result<String, DecodeError> {
    let decoded = decode_shape(&bytes(hex), &Shape::Any, &Options::default())?;
    let mut out = Vec::new();
    json::encode(&decoded.value, &mut out);
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn what_json_can_say_is_read() {
    let check = |hex: &str, expect: &str| assert_eq!(read(hex).unwrap(), expect, "{hex}");
    check("d9d9f7 a1 41 61 01", r#"{"a":1}"#);
    check("a1 61 61 20", r#"{"a":-1}"#);
    check("3b 7fffffffffffffff", "-9223372036854775808");
    check("f9 3e00", "1.5");
    check("fb 3ff8000000000000", "1.5");
    check("83 f4 f5 f6", "[false,true,null]");
    // Of unknown length: a list, a map, a string in pieces.
    check("9f 01 02 ff", "[1,2]");
    check("bf 41 61 01 ff", r#"{"a":1}"#);
    check("5f 41 61 41 62 ff", r#""ab""#);
    check("7f 61 61 61 62 ff", r#""ab""#);
    // Bytes that become base64, base64url and hexadecimal; times; tags that say nothing.
    check("d6 42 fbff", r#""+/8=""#);
    check("d5 42 fbff", r#""-_8""#);
    check("d7 42 fbff", r#""fbff""#);
    check("c0 74 323031332d30332d32315432303a30343a30305a", r#""2013-03-21T20:04:00Z""#);
    check("c1 1a 514b67b0", r#""2013-03-21T20:04:00Z""#);
    check("d8 64 01", "1");
}

#[test]
fn what_is_invalid_is_refused() {
    for hex in [
        "",
        "a1 41 61",             // cut
        "01 01",                // more than one
        "a2 41 61 01 41 61 02", // twice the same key
        "a2 41 61 01 61 61 02", // in both types of strings
        "a1 01 01",             // a key that is no string
        "61 ff",                // not UTF-8
        "41 ff",                // neither
        "f9 7c00",              // infinite
        "f9 7e00",              // not a number
        "1b ffffffffffffffff",  // too large
        "c2 41 01",             // a bignum
        "f7",                   // undefined
        "e0",                   // another simple value
        "ff",                   // an end of nothing
        "5f 61 61 ff",          // pieces of another type
        "5b 7fffffffffffffff",  // a length that is not there
        "9b 7fffffffffffffff",  // the same of a list
        "bb 7fffffffffffffff",  // the same of a map
        "1c",                   // reserved
    ] {
        assert!(read(hex).is_err(), "{hex}");
    }
    let deep = |byte: u8| vec![byte; 1_000_000];
    for byte in [0x81, 0xa1, 0x9f, 0xc6] {
        let mut deep = deep(byte);
        if byte == 0xa1 {
            deep = [0xa1, 0x41, 0x61].repeat(300_000);
        }
        let error = decode_shape(&deep, &Shape::Any, &Options::default()).unwrap_err();
        assert_eq!(error, DecodeError::Limit, "{byte:x}");
    }
}

#[test]
fn objects_have_one_encoding() {
    let secret = TypeRef::Static(&crate::generated::core_v1::SECRET);
    let text = br#"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"a"},"data":{"bb":"+/8=","c":""}}"#;
    let value = json::decode(text, &secret, &Options::default()).unwrap().value;
    let mut out = Vec::new();
    encode(&value, &mut out);
    let expect = "d9d9f7 a4 \
        44 64617461 a2 41 63 d640 42 6262 d642fbff \
        44 6b696e64 46 536563726574 \
        48 6d65746164617461 a1 44 6e616d65 41 61 \
        4a 61706956657273696f6e 42 7631";
    assert_eq!(out, bytes(expect));
    let back = decode(&out, &secret, &Options { strict: true, ..Options::default() }).unwrap();
    assert_eq!((back.value, back.complaints.len()), (value, 0));
}

#[test]
fn unknown_fields_are_complaints() {
    let map = TypeRef::Static(&crate::generated::core_v1::CONFIG_MAP);
    let decoded =
        decode(&bytes("a1 43 666f6f 01"), &map, &Options { strict: true, ..Options::default() }).unwrap();
    assert_eq!(decoded.complaints, [r#"unknown field "foo""#]);
}

#[test]
fn events_enclose_objects() {
    let mut out = Vec::new();
    encode_event("ADDED", &bytes("d9d9f7 a0"), &mut out);
    assert_eq!(out, bytes("d9d9f7 a2 44 74797065 45 4144444544 46 6f626a656374 d9d9f7 a0"));
}
