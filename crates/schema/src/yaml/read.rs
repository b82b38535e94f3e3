//! YAML (one document) into the tree; alias bombs are refused.
//!
//! Scalars mean what they mean to `sigs.k8s.io/yaml`, which is YAML 1.1: `yes`, `on` and `y` are true, `0644` is
//! octal, `<<` merges, keys that are no strings become strings. What comes out is then read as JSON would be.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine as _;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};

use crate::decode::{DecodeError, Decoded, Options};
use crate::json;
use crate::table::{Shape, TypeRef};
use crate::text;
use crate::value::{Entries, Map, Value};

/// The most values that aliases may repeat, all in all.
const REPEATED_MAX: usize = 100_000;

/// Reads one YAML document (JSON too) as type `ty`. Duplicate keys are complaints with [`Options::strict`]; the
/// last one counts.
pub fn decode(bytes: &[u8], ty: &TypeRef, options: &Options) -> Result<Decoded, DecodeError> {
    let (value, mut complaints) = tree(bytes, options)?;
    let mut decoded = json::retype(value, ty, options)?;
    complaints.append(&mut decoded.complaints);
    Ok(Decoded { value: decoded.value, complaints })
}

/// Reads one YAML document as a value of any shape.
pub fn decode_shape(bytes: &[u8], shape: &Shape, options: &Options) -> Result<Decoded, DecodeError> {
    let (value, mut complaints) = tree(bytes, options)?;
    let mut decoded = json::retype_shape(value, shape, options)?;
    complaints.append(&mut decoded.complaints);
    Ok(Decoded { value: decoded.value, complaints })
}

fn tree(bytes: &[u8], options: &Options) -> Result<(Value, Vec<String>), DecodeError> {
    let text = std::str::from_utf8(bytes).map_err(|error| DecodeError::Utf8 { at: error.valid_up_to() })?;
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        anchors: BTreeMap::new(),
        complaints: Vec::new(),
        strict: options.strict,
        depth_left: options.depth_max,
        repeated_left: REPEATED_MAX,
    };
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
            // An empty stream is null, as an empty document is.
            Event::StreamEnd => return Ok((Value::Null, Vec::new())),
            event => {
                let value = reader.value(event, &span)?;
                let lines = reader.complaints.join("\n  ");
                let all = (!lines.is_empty()).then(|| format!("yaml: unmarshal errors:\n  {lines}"));
                return Ok((value, all.into_iter().collect()));
            }
        }
    }
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    /// What anchors stand for, with how many values that is.
    anchors: BTreeMap<usize, (Value, usize)>,
    complaints: Vec<String>,
    strict: bool,
    depth_left: usize,
    repeated_left: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), DecodeError> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => Err(syntax(&error)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn value(&mut self, event: Event<'a>, span: &Span) -> Result<Value, DecodeError> {
        let (value, anchor) = match event {
            Event::Alias(anchor) => {
                let at = span.start.index();
                let known = self.anchors.get(&anchor);
                // An anchor inside itself is not known yet.
                let (value, size) = known.ok_or_else(|| DecodeError::syntax("alias of no value", at))?;
                self.repeated_left = self.repeated_left.checked_sub(*size).ok_or(DecodeError::Limit)?;
                return Ok(value.clone());
            }
            Event::Scalar(text, style, anchor, tag) => {
                (scalar(text, style, tag.as_deref(), span.start.index())?, anchor)
            }
            Event::SequenceStart(anchor, _) => (self.nested(Self::sequence)?, anchor),
            Event::MappingStart(anchor, _) => (self.nested(Self::mapping)?, anchor),
            _ => return Err(DecodeError::syntax("unexpected end of YAML input", span.start.index())),
        };
        if anchor > 0 {
            // Kept twice: anchors inside anchors would else multiply.
            let size = size(&value);
            self.repeated_left = self.repeated_left.checked_sub(size).ok_or(DecodeError::Limit)?;
            self.anchors.insert(anchor, (value.clone(), size));
        }
        Ok(value)
    }

    fn nested(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Value, DecodeError>,
    ) -> Result<Value, DecodeError> {
        self.depth_left = self.depth_left.checked_sub(1).ok_or(DecodeError::Limit)?;
        let value = read(self);
        self.depth_left += 1;
        value
    }

    fn sequence(&mut self) -> Result<Value, DecodeError> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::List(items)),
                (event, span) => items.push(self.value(event, &span)?),
            }
        }
    }

    fn mapping(&mut self) -> Result<Value, DecodeError> {
        let mut entries = Entries::default();
        let mut merged = Map::new();
        loop {
            let (event, span) = match self.next()? {
                (Event::MappingEnd, _) => break,
                next => next,
            };
            let merge = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, _) if text == "<<");
            let key = self.value(event, &span)?;
            let (event, value_span) = self.next()?;
            let value = self.value(event, &value_span)?;
            if merge {
                merge_into(&mut merged, value, span.start.index())?;
                continue;
            }
            let key = key_text(key, span.start.index())?;
            if self.strict && entries.has(&key) {
                let line = span.start.line();
                self.complaints.push(format!("line {line}: key {key:?} already set in map"));
            }
            entries.push(key, value);
        }
        let mut map = Map::from(entries);
        // What the mapping says itself stands over what it merges.
        for (key, value) in merged {
            if map.get(&key).is_none() {
                map.insert(key, value);
            }
        }
        Ok(Value::Map(map))
    }
}

fn syntax(error: &ScanError) -> DecodeError {
    let marker = error.marker();
    DecodeError::syntax(format!("yaml: line {}: {}", marker.line(), error.info()), marker.index())
}

/// How many values there are.
fn size(value: &Value) -> usize {
    match value {
        Value::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Map(map) => 1 + map.iter().map(|(_, value)| size(value)).sum::<usize>(),
        _ => 1,
    }
}

/// `<<: *a` and `<<: [*a, *b]`; earlier ones stand over later ones.
fn merge_into(merged: &mut Map, value: Value, at: usize) -> Result<(), DecodeError> {
    let sources = match value {
        Value::List(items) => items,
        value => vec![value],
    };
    for source in sources {
        let Value::Map(source) = source else {
            return Err(DecodeError::syntax(
                "yaml: map merge requires map or sequence of maps as the value",
                at,
            ));
        };
        for (key, value) in source {
            if merged.get(&key).is_none() {
                merged.insert(key, value);
            }
        }
    }
    Ok(())
}

/// A key as JSON can have it.
fn key_text(key: Value, at: usize) -> Result<Box<str>, DecodeError> {
    match key {
        Value::String(text) => Ok(text),
        Value::Int(_) | Value::Float(_) | Value::Bool(_) => {
            let mut text = Vec::new();
            json::encode(&key, &mut text);
            Ok(String::from_utf8(text).expect("JSON is UTF-8").into())
        }
        Value::Null => Err(DecodeError::syntax("yaml: unsupported map key of type null", at)),
        _ => Err(DecodeError::syntax("yaml: invalid map key", at)),
    }
}

fn scalar(
    text: Cow<'_, str>,
    style: ScalarStyle,
    tag: Option<&Tag>,
    at: usize,
) -> Result<Value, DecodeError> {
    let tag = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
    let value = match (tag, style) {
        (Some("str"), _) | (None, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) => None,
        (None, ScalarStyle::Literal | ScalarStyle::Folded) => None,
        (Some("binary"), _) => {
            let letters: String = text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
            let bytes = text::BASE64.decode(letters).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let plain = bytes
                .ok_or_else(|| DecodeError::syntax("yaml: !!binary value contains invalid base64", at))?;
            return Ok(Value::string(plain));
        }
        (Some("float"), _) => match plain(&text) {
            Some(Value::Int(number)) => Some(Value::Float(number as f64)),
            value => value,
        },
        _ => plain(&text),
    };
    match value {
        Some(Value::Float(number)) if !number.is_finite() => {
            Err(DecodeError::syntax("yaml: JSON has no such number", at))
        }
        Some(value) => Ok(value),
        None => Ok(Value::String(text.into_owned().into())),
    }
}

/// What a plain scalar is, if no string.
pub(super) fn plain(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Some(Value::Bool(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Some(Value::Bool(false));
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Some(Value::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => return Some(Value::Float(f64::NEG_INFINITY)),
        ".nan" | ".NaN" | ".NAN" => return Some(Value::Float(f64::NAN)),
        _ => {}
    }
    if !text.starts_with(['+', '-', '.']) && !text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    integer(text).or_else(|| float(text))
}

/// Decimal, `0x`, `0o`, `0b`, or octal by a leading zero; underscores part digits.
fn integer(text: &str) -> Option<Value> {
    let digits = text.replace('_', "");
    let (negative, size) = match digits.as_bytes().first()? {
        b'-' => (true, &digits[1..]),
        b'+' => (false, &digits[1..]),
        _ => (false, &digits[..]),
    };
    let (radix, size) = match size.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &size[2..]),
        [b'0', b'o' | b'O', ..] => (8, &size[2..]),
        [b'0', b'b' | b'B', ..] => (2, &size[2..]),
        [b'0', _, ..] => (8, &size[1..]),
        _ => (10, size),
    };
    if size.starts_with(['+', '-']) {
        return None;
    }
    let value = i128::from_str_radix(size, radix).ok()?;
    let value = if negative { -value } else { value };
    match i64::try_from(value) {
        Ok(value) => Some(Value::Int(value)),
        Err(_) if value > 0 && value <= i128::from(u64::MAX) => Some(Value::Float(value as f64)),
        Err(_) => None,
    }
}

/// `1.5`, `.5`, `1.`, `1e3`.
fn float(text: &str) -> Option<Value> {
    let size = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (number, exponent) = match size.find(['e', 'E']) {
        Some(at) => (&size[..at], Some(&size[at + 1..])),
        None => (size, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let numeric = all_digits(whole) && all_digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    let scaled = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    if !numeric || !scaled {
        return None;
    }
    text.parse().ok().map(Value::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Decoded, DecodeError> {
        decode_shape(text.as_bytes(), &Shape::Any, &Options { strict: true, ..Options::default() })
    }

    fn check(text: &str, expect: &str) {
        let mut out = Vec::new();
        json::encode(&read(text).unwrap().value, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expect, "{text}");
    }

    #[test]
    fn scalars_are_of_yaml_1_1() {
        check(
            "a: yes\nb: 'yes'\nc: off\nd: y\ne: ~\nf:\n",
            r#"{"a":true,"b":"yes","c":false,"d":true,"e":null,"f":null}"#,
        );
        check("[0644, 0x1f, 0b11, 0o17, 1_000, -5, +7]", "[420,31,3,15,1000,-5,7]");
        check("[1.5, .5, 1e3, 1.0, 12e, 1.2.3, 08]", r#"[1.5,0.5,1000,1,"12e","1.2.3",8]"#);
        check("[2001-01-01, 10.0.0.1, 1Gi, -a, 1:2]", r#"["2001-01-01","10.0.0.1","1Gi","-a","1:2"]"#);
        check("!!str 5", r#""5""#);
        check("!!binary aGk=", r#""hi""#);
        check("{1: a, true: b, 1.5: c}", r#"{"1":"a","1.5":"c","true":"b"}"#);
        check("a: |\n  x\n  y\n", r#"{"a":"x\ny\n"}"#);
        check("", "null");
        check("---\na: 1\n---\nb: 2\n", r#"{"a":1}"#);
        assert!(read("[.nan]").is_err());
    }

    #[test]
    fn anchors_and_merges() {
        check(
            "a: &x {p: 1, q: 2}\nb: *x\nc: {<<: *x, q: 3}\n",
            r#"{"a":{"p":1,"q":2},"b":{"p":1,"q":2},"c":{"p":1,"q":3}}"#,
        );
        assert!(read("a: *x").is_err());
        assert!(read("a: {<<: 1}").is_err());
        let bomb = ["a: &a [1,1,1,1,1,1,1,1,1,1]"]
            .into_iter()
            .map(String::from)
            .chain(('b'..='j').map(|name| {
                let before = char::from(name as u8 - 1);
                format!("{name}: &{name} [{}]", vec![format!("*{before}"); 10].join(","))
            }))
            .collect::<Vec<_>>()
            .join("\n");
        assert_eq!(read(&bomb).unwrap_err(), DecodeError::Limit);
        assert!(read(&"[".repeat(100_000)).is_err());
        assert_eq!(read(&"- ".repeat(10_000)).unwrap_err(), DecodeError::Limit);
    }

    #[test]
    fn duplicates_are_complaints() {
        let decoded = read("a: 1\nb: 2\na: 3\n").unwrap();
        assert_eq!(decoded.complaints, ["yaml: unmarshal errors:\n  line 3: key \"a\" already set in map"]);
        assert_eq!(decoded.value.path(&["a"]).unwrap().as_i64(), Some(3));
    }

    #[test]
    fn manifests_are_typed() {
        let ty = TypeRef::Static(&crate::generated::core_v1::POD);
        let text =
            "kind: Pod\nspec:\n  containers:\n  - name: a\n    ports: [{containerPort: 80}]\n  foo: 1\n";
        let decoded = decode(text.as_bytes(), &ty, &Options { strict: true, ..Options::default() }).unwrap();
        assert_eq!(decoded.complaints, [r#"unknown field "spec.foo""#]);
        assert_eq!(decoded.value.str_at(&["kind"]), Some("Pod"));
    }
}
