//! The lines of a container's log: `TIME STREAM TAG TEXT`.
//!
//! Source: the design document "CRI: Log management". A tag of `P` means that the line goes on in the next record.

use jiff::Timestamp;

/// Which of a container's streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

/// One record of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    /// As written.
    pub(crate) time_text: &'a [u8],
    pub(crate) time: Timestamp,
    pub(crate) stream: Stream,
    /// The line goes on in the next record.
    pub(crate) partial: bool,
    /// Without the newline.
    pub(crate) text: &'a [u8],
}

/// Reads a record, with or without its newline; none when it is malformed.
pub(crate) fn parse(line: &[u8]) -> Option<Record<'_>> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let mut parts = line.splitn(4, |byte| *byte == b' ');
    let time_text = parts.next()?;
    let stream = match parts.next()? {
        b"stdout" => Stream::Stdout,
        b"stderr" => Stream::Stderr,
        _ => return None,
    };
    let tags = parts.next()?;
    let text = parts.next().unwrap_or_default();
    let time = std::str::from_utf8(time_text).ok()?.parse().ok()?;
    let partial = tags.split(|byte| *byte == b':').next() == Some(b"P");
    Some(Record { time_text, time, stream, partial, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records() {
        let check = |line: &str, expect: Option<(Stream, bool, &str)>| {
            let got = parse(line.as_bytes());
            let got = got.map(|record| {
                (record.stream, record.partial, String::from_utf8_lossy(record.text).into_owned())
            });
            assert_eq!(
                got,
                expect.map(|(stream, partial, text)| (stream, partial, text.to_owned())),
                "{line}"
            );
        };
        check(
            "2026-01-02T03:04:05.123456789Z stdout F hello  world\n",
            Some((Stream::Stdout, false, "hello  world")),
        );
        check("2026-01-02T03:04:05Z stderr P:x part", Some((Stream::Stderr, true, "part")));
        check("2026-01-02T03:04:05+02:00 stdout F ", Some((Stream::Stdout, false, "")));
        check("2026-01-02T03:04:05Z stdout F", Some((Stream::Stdout, false, "")));
        check("2026-01-02T03:04:05Z other F x", None);
        check("yesterday stdout F x", None);
        check("", None);
    }
}
