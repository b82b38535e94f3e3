//! The tree as YAML: block style, keys sorted, strings quoted where they would else be read as something else,
//! long ones folded at 80 columns. Styles follow libyaml's emitter, which Go's package is a port of.

use super::order::compare;
use super::read::plain;
use crate::json;
use crate::value::{Map, Value};

/// Lines are folded at the first space behind this column.
const WIDTH: usize = 80;
/// Longest key that is written before its colon on one line.
const SIMPLE_KEY_LEN: usize = 128;

/// Appends `value` as Kubernetes prints it in YAML.
pub fn encode(value: &Value, out: &mut Vec<u8>) {
    let mut emitter = Emitter { out: String::with_capacity(1024), column: 0, space: true, indention: true };
    emitter.node(&json::plain(value), None, false);
    if emitter.column > 0 {
        emitter.line_break();
    }
    out.extend_from_slice(emitter.out.as_bytes());
}

struct Emitter {
    out: String,
    column: usize,
    /// The last thing written was a space or a line break.
    space: bool,
    /// Only indentation was written on this line so far.
    indention: bool,
}

impl Emitter {
    fn push(&mut self, letter: char) {
        self.out.push(letter);
        self.column += 1;
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    fn indent(&mut self, indent: usize) {
        if !self.indention || self.column > indent || (self.column == indent && !self.space) {
            // The document's first line has none before it.
            if !self.out.is_empty() {
                self.line_break();
            }
        }
        while self.column < indent {
            self.push(' ');
        }
        self.space = true;
        self.indention = true;
    }

    fn indicator(&mut self, text: &str, needs_space: bool, keeps_indention: bool) {
        if needs_space && !self.space {
            self.push(' ');
        }
        text.chars().for_each(|letter| self.push(letter));
        self.space = false;
        self.indention &= keeps_indention;
    }

    /// A value below something at `indent`; `None`: the document itself.
    fn node(&mut self, value: &Value, indent: Option<usize>, in_mapping: bool) {
        let inner = indent.map_or(0, |indent| indent + 2);
        match value {
            Value::Map(map) if !map.is_empty() => self.mapping(map, inner),
            Value::List(items) if !items.is_empty() => {
                // Lists in mappings stand below their key.
                let inner = if in_mapping && !self.indention { indent.unwrap_or(0) } else { inner };
                for item in items {
                    self.indent(inner);
                    self.indicator("-", true, true);
                    self.node(item, Some(inner), false);
                }
            }
            Value::Map(_) | Value::Struct(_) => self.indicator("{}", true, false),
            Value::List(_) => self.indicator("[]", true, false),
            Value::String(text) => self.string(text, indent.map_or(2, |indent| indent + 2), false),
            Value::Null => self.plain("null", inner, false),
            Value::Bool(flag) => self.plain(if *flag { "true" } else { "false" }, inner, false),
            Value::Int(number) => self.plain(itoa::Buffer::new().format(*number), inner, false),
            Value::Float(number) => self.plain(&float(*number), inner, false),
        }
    }

    fn mapping(&mut self, map: &Map, indent: usize) {
        let mut entries: Vec<_> = map.iter().collect();
        entries.sort_by(|(a, _), (b, _)| compare(a, b));
        for (key, value) in entries {
            self.indent(indent);
            let simple = key.len() <= SIMPLE_KEY_LEN && !key.contains(is_break);
            if simple {
                self.string(key, indent + 2, true);
                self.indicator(":", false, false);
            } else {
                self.indicator("?", true, true);
                self.string(key, indent + 2, false);
                self.indent(indent);
                self.indicator(":", true, true);
            }
            self.node(value, Some(indent), true);
        }
    }

    fn string(&mut self, text: &str, indent: usize, is_key: bool) {
        match Style::of(text, is_key) {
            Style::Plain => self.plain(text, indent, !is_key),
            Style::Single => self.single_quoted(text, indent, !is_key),
            Style::Double => self.double_quoted(text, indent, !is_key),
            Style::Literal => self.literal(text, indent),
        }
    }

    fn plain(&mut self, text: &str, indent: usize, folds: bool) {
        if !self.space {
            self.push(' ');
        }
        self.folded(text, indent, folds, |emitter, letter| emitter.push(letter));
        self.space = false;
        self.indention = false;
    }

    fn single_quoted(&mut self, text: &str, indent: usize, folds: bool) {
        self.indicator("'", true, false);
        self.folded(text, indent, folds, |emitter, letter| {
            if letter == '\'' {
                emitter.push('\'');
            }
            emitter.push(letter);
        });
        self.indicator("'", false, false);
    }

    /// Letters, with line breaks in place of single spaces that are too far to the right.
    fn folded(&mut self, text: &str, indent: usize, folds: bool, write: impl Fn(&mut Self, char)) {
        let mut after_space = false;
        let mut letters = text.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let next = letters.peek().map(|(_, next)| *next);
            if letter == ' ' {
                let inside = at > 0 && next.is_some();
                if folds && inside && !after_space && self.column > WIDTH && next != Some(' ') {
                    self.indent(indent);
                } else {
                    write(self, letter);
                }
            } else {
                write(self, letter);
                self.indention = false;
            }
            after_space = letter == ' ';
        }
    }

    fn double_quoted(&mut self, text: &str, indent: usize, folds: bool) {
        self.indicator("\"", true, false);
        let mut after_space = false;
        let mut letters = text.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let next = letters.peek().map(|(_, next)| *next);
            if letter == ' ' {
                if folds && !after_space && self.column > WIDTH && at > 0 && next.is_some() {
                    self.indent(indent);
                    if next == Some(' ') {
                        self.push('\\');
                    }
                } else {
                    self.push(' ');
                }
                after_space = true;
                continue;
            }
            if is_printable(letter) && !is_break(letter) && !matches!(letter, '"' | '\\') {
                self.push(letter);
            } else {
                escape(letter).chars().for_each(|letter| self.push(letter));
            }
            after_space = false;
        }
        self.indicator("\"", false, false);
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.indicator("|", true, false);
        if text.starts_with([' ', '\n']) {
            self.indicator("2", false, false);
        }
        match text.strip_suffix('\n') {
            None => self.indicator("-", false, false),
            Some(rest) if rest.is_empty() || rest.ends_with('\n') => self.indicator("+", false, false),
            Some(_) => {}
        }
        self.line_break();
        (self.space, self.indention) = (true, true);
        let mut after_break = true;
        for letter in text.chars() {
            if letter == '\n' {
                // The last break is that before whatever comes next.
                self.line_break();
                (self.indention, self.space, after_break) = (true, true, true);
                continue;
            }
            if after_break {
                self.indent(indent);
            }
            self.push(letter);
            (self.indention, self.space, after_break) = (false, false, false);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

impl Style {
    fn of(text: &str, is_key: bool) -> Self {
        let shape = Form::of(text);
        let reads_back = plain(text).is_none() && text != "<<" && !is_timestamp(text) && !is_base_60(text);
        if text.contains('\n') {
            return if shape.block && !is_key { Self::Literal } else { Self::Double };
        }
        if !reads_back {
            return Self::Double;
        }
        match (shape.plain, shape.single) {
            (true, _) => Self::Plain,
            (false, true) => Self::Single,
            (false, false) => Self::Double,
        }
    }
}

/// Which styles can hold a text.
struct Form {
    plain: bool,
    single: bool,
    block: bool,
}

impl Form {
    fn of(text: &str) -> Self {
        let starts_document = text.starts_with("---") || text.starts_with("...");
        let mut form = Self { plain: !starts_document, single: true, block: true };
        let mut before: Option<char> = None;
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            let next = letters.peek().copied();
            let ends = next.is_none_or(is_blank);
            let indicates = match before {
                None => match letter {
                    '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
                    | '@' | '`' => true,
                    '?' | ':' | '-' => ends,
                    _ => false,
                },
                Some(before) => (letter == ':' && ends) || (letter == '#' && is_blank(before)),
            };
            let at_edge = before.is_none() || next.is_none();
            form.plain &=
                !indicates && !(at_edge && (letter == ' ' || is_break(letter))) && !is_break(letter);
            form.block &= !(letter == ' ' && next.is_none());
            match (before, letter) {
                (Some(before), ' ') if is_break(before) => (form.plain, form.single) = (false, false),
                (Some(' '), letter) if is_break(letter) => form = form.none(),
                _ => {}
            }
            if !is_printable(letter) {
                form = form.none();
            }
            before = Some(letter);
        }
        form
    }

    const fn none(self) -> Self {
        Self { plain: false, single: false, block: false }
    }
}

const fn is_break(letter: char) -> bool {
    matches!(letter, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

const fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\0') || is_break(letter)
}

/// Without tabs, carriage returns, and what lies beyond the basic plane.
const fn is_printable(letter: char) -> bool {
    matches!(letter, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && letter != '\u{feff}'
}

fn escape(letter: char) -> String {
    let short = match letter {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' | '\\' => letter,
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            return match u32::from(letter) {
                code @ 0..=0xff => format!("\\x{code:02X}"),
                code @ 0x100..=0xffff => format!("\\u{code:04X}"),
                code => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{short}")
}

/// `2001-1-2`, alone or with a time behind `T`, `t` or a space.
fn is_timestamp(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(&text[at..])),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let number = |text: &str, len: std::ops::RangeInclusive<usize>| {
        let digits = len.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<i16>().ok()).flatten()
    };
    let date = (number(year, 4..=4), number(month, 1..=2), number(day, 1..=2));
    let (Some(year), Some(month), Some(day)) = date else { return false };
    let exists = jiff::civil::Date::new(year, month as i8, day as i8).is_ok();
    exists && time.is_none_or(|time| is_time(&time[1..], !time.starts_with(' '), number))
}

/// `1:2:3.5`, with a zone behind it or not.
fn is_time(
    text: &str,
    zoned: bool,
    number: impl Fn(&str, std::ops::RangeInclusive<usize>) -> Option<i16>,
) -> bool {
    let (clock, zone) = match text.find(['Z', '+', '-']) {
        Some(at) => (&text[..at], &text[at..]),
        None => (text, ""),
    };
    let is_zone = match zone.as_bytes() {
        [] => !zoned,
        b"Z" => zoned,
        [b'+' | b'-', hours @ .., b':', _, _] => {
            zoned && hours.len() == 2 && zone[1..].bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
        }
        _ => false,
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let parts: Vec<_> = clock.split(':').map(|part| number(part, 1..=2)).collect();
    let [Some(hours), Some(minutes), Some(seconds)] = parts[..] else { return false };
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    is_zone && hours < 24 && minutes < 60 && seconds < 60 && digits
}

/// `1:20`, a number to readers of YAML 1.1.
fn is_base_60(text: &str) -> bool {
    let size = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (size, fraction) = size.split_once('.').unwrap_or((size, ""));
    let mut parts = size.split(':');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let first =
        parts.next().is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()) && digits(part));
    let is_part = |part: &str| match part.as_bytes() {
        [one] => one.is_ascii_digit(),
        [b'0'..=b'5', one] => one.is_ascii_digit(),
        _ => false,
    };
    let rest: Vec<&str> = parts.collect();
    first && !rest.is_empty() && rest.into_iter().all(is_part) && digits(fraction)
}

/// As Go's `%g` prints the shortest digits: exponents below -4 and from 21 on.
fn float(number: f64) -> String {
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..21).contains(&exponent) {
        return number.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Options;
    use crate::table::Shape;

    /// Of JSON.
    fn check(text: &str, expect: &str) {
        let options = Options::default();
        let value = json::decode_shape(text.as_bytes(), &Shape::Any, &options).expect(text).value;
        let mut out = Vec::new();
        encode(&value, &mut out);
        let yaml = String::from_utf8(out).expect("text");
        assert_eq!(yaml, expect, "{text}");
        let back = super::super::decode_shape(yaml.as_bytes(), &Shape::Any, &options).expect(&yaml);
        assert_eq!(back.value, value, "{yaml}");
    }

    #[test]
    fn structure() {
        check("{}", "{}\n");
        check("[]", "[]\n");
        check("null", "null\n");
        check(
            r#"{"b":[1,{"x":1,"y":[]},[2,3]],"a":{"d":{},"c":null},"e":true}"#,
            "a:\n  c: null\n  d: {}\nb:\n- 1\n- x: 1\n  \"y\": []\n- - 2\n  - 3\ne: true\n",
        );
        check(r#"[{"a":[{"b":1}]}]"#, "- a:\n  - b: 1\n");
        check("[1.5,1e30,0.00001,100000000]", "- 1.5\n- 1e+30\n- 1e-05\n- 100000000\n");
    }

    #[test]
    fn strings_are_quoted_where_they_must_be() {
        let plain =
            ["a", "a b", "1Gi", "10.0.0.1", "-a", "a#b", "a:b", "http://x", "é", "a'b", "=", "1.2.3", "x: "];
        for text in &plain[..plain.len() - 1] {
            check(&format!("[{text:?}]"), &format!("- {text}\n"));
        }
        for text in
            ["", "true", "yes", "y", "null", "~", "1", "0x1f", "1e3", ".5", "2024-01-02", "1:20", "<<"]
        {
            check(&format!("[{text:?}]"), &format!("- \"{text}\"\n"));
        }
        check(r#"["2024-01-02T03:04:05Z"]"#, "- \"2024-01-02T03:04:05Z\"\n");
        check(r#"["2024-13-02"]"#, "- 2024-13-02\n");
        for text in
            ["a: b", " a", "a ", "#a", "*a", "{a}", "- a", "@a", "a #b", "a:", "%x", "`a", "? a", "'a"]
        {
            check(&format!("[{text:?}]"), &format!("- '{}'\n", text.replace('\'', "''")));
        }
        check(r#"["a\tb","😀","a\\\tb\""]"#, "- \"a\\tb\"\n- \"\\U0001F600\"\n- \"a\\\\\\tb\\\"\"\n");
    }

    #[test]
    fn long_and_many_lined_texts() {
        check(r#"{"a":"x\ny\n"}"#, "a: |\n  x\n  y\n");
        check(r#"{"a":"x\ny","b":1}"#, "a: |-\n  x\n  y\nb: 1\n");
        check(r#"{"a":"x\n\n","b":1}"#, "a: |+\n  x\n\nb: 1\n");
        check(r#"{"a":" x\ny"}"#, "a: |2-\n   x\n  y\n");
        check(r#"{"a":"x \ny"}"#, "a: \"x \\ny\"\n");
        let words = "word ".repeat(30);
        let words = words.trim_end();
        let folded = format!("a: {}\n  {}\n", "word ".repeat(16).trim_end(), "word ".repeat(14).trim_end());
        check(&format!(r#"{{"a":"{words}"}}"#), &folded);
        let folded =
            format!("a: ': {}\n  {}'\n", "word ".repeat(16).trim_end(), "word ".repeat(14).trim_end());
        check(&format!(r#"{{"a":": {words}"}}"#), &folded);
    }

    #[test]
    fn odd_keys() {
        check(
            r#"{"1":"a","true":"b","a b":"c","a: b":1,"":2}"#,
            "\"\": 2\n\"1\": a\na b: c\n'a: b': 1\n\"true\": b\n",
        );
        let long = "k".repeat(200);
        check(&format!(r#"{{"{long}":1}}"#), &format!("? {long}\n: 1\n"));
    }
}
