//! The tokens of JSON (RFC 8259), over bytes that are known to be UTF-8.

use std::borrow::Cow;

use crate::decode::DecodeError;

/// Reads tokens off the front.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self { text, at: 0 }),
            Err(error) => Err(DecodeError::Utf8 { at: error.valid_up_to() }),
        }
    }

    /// The next byte that is no space, left where it is.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Takes the byte that was peeked.
    pub(super) const fn bump(&mut self) {
        self.at += 1;
    }

    /// Takes `byte` if it is next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// An error about what is next.
    pub(super) fn unexpected(&mut self, place: &str) -> DecodeError {
        match self.peek() {
            None => DecodeError::syntax("unexpected end of JSON input", self.at),
            Some(_) => {
                let found = self.text[self.at..].chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
                DecodeError::syntax(format!("invalid character {found:?} {place}"), self.at)
            }
        }
    }

    /// Nothing but space may follow.
    pub(super) fn end(&mut self) -> Result<(), DecodeError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("after top-level value")),
        }
    }

    /// `true`, `false` or `null`, whose first letter was peeked.
    pub(super) fn word(&mut self, word: &str) -> Result<(), DecodeError> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        let matching =
            self.text.as_bytes()[self.at..].iter().zip(word.bytes()).take_while(|(a, b)| **a == *b);
        self.at += matching.count();
        Err(self.unexpected(&format!("in literal {word}")))
    }

    /// A number's text, whose first letter was peeked.
    pub(super) fn number(&mut self) -> Result<&'a str, DecodeError> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let digits = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
        let whole = at;
        at = if bytes.get(at) == Some(&b'0') { at + 1 } else { digits(at) };
        let mut complete = at > whole;
        if complete && bytes.get(at) == Some(&b'.') {
            let end = digits(at + 1);
            complete = end > at + 1;
            at = end;
        }
        if complete && let Some(b'e' | b'E') = bytes.get(at) {
            at += 1;
            at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
            let end = digits(at);
            complete = end > at;
            at = end;
        }
        self.at = at;
        if complete { Ok(&self.text[start..at]) } else { Err(self.unexpected("in numeric literal")) }
    }

    /// A string, whose quote was peeked.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        let bytes = self.text.as_bytes();
        self.at += 1;
        let start = self.at;
        let mut owned: Option<String> = None;
        let mut from = start;
        loop {
            let run = bytes[self.at..].iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
            let Some(run) = run else {
                self.at = bytes.len();
                return Err(self.unexpected(""));
            };
            self.at += run;
            match bytes[self.at] {
                b'"' => {
                    let rest = &self.text[from..self.at];
                    self.at += 1;
                    return Ok(match owned {
                        None => Cow::Borrowed(rest),
                        Some(mut text) => {
                            text.push_str(rest);
                            Cow::Owned(text)
                        }
                    });
                }
                b'\\' => {
                    let text = owned.get_or_insert_default();
                    text.push_str(&self.text[from..self.at]);
                    let letter = self.escape()?;
                    owned.get_or_insert_default().push(letter);
                    from = self.at;
                }
                _ => {
                    let found = char::from(bytes[self.at]);
                    let message = format!("invalid character {found:?} in string literal");
                    return Err(DecodeError::syntax(message, self.at));
                }
            }
        }
    }

    /// What a backslash stands for.
    fn escape(&mut self) -> Result<char, DecodeError> {
        let bytes = self.text.as_bytes();
        self.at += 1;
        let letter = match bytes.get(self.at) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.hex(self.at + 1)?;
                self.at += 5;
                return self.surrogate(first);
            }
            _ => return Err(self.unexpected("in string escape code")),
        };
        self.at += 1;
        Ok(letter)
    }

    /// A character of one or two `\u` escapes; halves without the other become the replacement character.
    fn surrogate(&mut self, first: u32) -> Result<char, DecodeError> {
        if let Some(letter) = char::from_u32(first) {
            return Ok(letter);
        }
        let follows = self.text.as_bytes()[self.at..].starts_with(b"\\u");
        if (0xd800..0xdc00).contains(&first) && follows {
            let second = self.hex(self.at + 2)?;
            if (0xdc00..0xe000).contains(&second) {
                self.at += 6;
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&self, at: usize) -> Result<u32, DecodeError> {
        let digits =
            self.text.as_bytes().get(at..at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let value = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        value.ok_or_else(|| DecodeError::syntax("invalid character in \\u hexadecimal character escape", at))
    }
}
