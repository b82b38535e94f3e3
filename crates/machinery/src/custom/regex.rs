//! Patterns of schemas: Go's regular expressions, by the `regex` crate.
//!
//! Both descend from RE2. What differs is translated: Go's classes `\d`, `\w`, `\s` and the boundary `\b` are ASCII,
//! and inside of brackets `[`, `&&`, `--` and `~~` mean themselves.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use regex::{Regex, RegexBuilder};

/// Bytes that a compiled pattern may take.
const SIZE_MAX: usize = 10 << 20;
/// Patterns that are kept compiled.
const KEPT_MAX: usize = 1024;

static KEPT: Mutex<BTreeMap<Box<str>, Regex>> = Mutex::new(BTreeMap::new());

/// The compiled pattern, or what is wrong with it.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    if let Some(regex) = KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return Ok(regex.clone());
    }
    let built = RegexBuilder::new(&translate(pattern)).size_limit(SIZE_MAX).dfa_size_limit(SIZE_MAX).build();
    let regex = built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => format!("error parsing regexp: expression too large: `{pattern}`"),
        error => {
            let text = error.to_string();
            let why = text.rsplit("error: ").next().unwrap_or(&text).trim();
            format!("error parsing regexp: {why}: `{pattern}`")
        }
    })?;
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= KEPT_MAX {
        kept.clear();
    }
    kept.insert(pattern.into(), regex.clone());
    Ok(regex)
}

fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut chars = pattern.chars().peekable();
    // Inside of brackets; and whether nothing but `^` came since they opened.
    let (mut inside, mut first) = (false, false);
    while let Some(c) = chars.next() {
        let opening = std::mem::take(&mut first);
        match c {
            '\\' => match chars.next() {
                Some(class @ ('d' | 'w' | 's')) if inside => out.push_str(members(class)),
                Some(class @ ('d' | 'w' | 's')) => {
                    out.push('[');
                    out.push_str(members(class));
                    out.push(']');
                }
                Some(class @ ('D' | 'W' | 'S')) => {
                    out.push_str("[^");
                    out.push_str(members(class.to_ascii_lowercase()));
                    out.push(']');
                }
                Some(edge @ ('b' | 'B')) if !inside => {
                    out.push_str("(?-u:\\");
                    out.push(edge);
                    out.push(')');
                }
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            '[' if !inside => {
                inside = true;
                first = true;
                out.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
            }
            '[' if chars.peek() == Some(&':') => out.push('['),
            '[' => out.push_str("\\["),
            ']' if inside && opening => out.push_str("\\]"),
            ']' if inside => {
                // The end of `[:alpha:]` is not the end of the brackets.
                if !out.ends_with(':') || !out.rsplit('[').next().is_some_and(|part| part.starts_with(':')) {
                    inside = false;
                }
                out.push(']');
            }
            '&' | '~' if inside => out.extend(['\\', c]),
            '-' if inside && out.ends_with('-') => out.push_str("\\-"),
            c => out.push(c),
        }
    }
    out
}

const fn members(class: char) -> &'static str {
    match class {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        _ => "\\t\\n\\x0C\\r ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_they_mean_to_go() {
        let check = |pattern: &str, text: &str, expect: bool| {
            assert_eq!(compile(pattern).unwrap().is_match(text), expect, "{pattern} {text}");
        };
        check(r"^\d+$", "12", true);
        check(r"^\d+$", "١", false);
        check(r"^[\w-]+$", "a-b_1", true);
        check(r"^[\w-]+$", "ä", false);
        check(r"^[a[]$", "[", true);
        check(r"^[]a]$", "]", true);
        check(r"^[[:alpha:]]+$", "ab", true);
        check(r"^[[:alpha:]]+$", "1", false);
        check(r"^[a-z&&b]$", "&", true);
        check("b+", "abba", true);
        check(r"^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)$", "a-b", true);
        assert!(compile("a(").is_err());
        assert!(compile("(a{1000}){1000}").is_err());
    }
}
