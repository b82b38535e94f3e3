//! Log files in CRI's format: `2026-01-01T00:00:00.000000000Z stdout F text`.
//!
//! A line longer than [`LINE_MAX`], and a last one without a line feed, are written in parts with `P` for `F`.
//! Source: CRI, "Container logs".

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The most bytes of a line that are held back for its end to come.
pub(crate) const LINE_MAX: usize = 16 * 1024;

/// A container's log file.
pub(crate) struct Log {
    path: PathBuf,
    file: Option<File>,
    entry: Vec<u8>,
}

/// The unfinished line of one stream.
#[derive(Default)]
pub(crate) struct Line(Vec<u8>);

impl Log {
    /// Opens (or makes) a log file; with an empty path, one that keeps nothing.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let mut log = Self { path: path.to_owned(), file: None, entry: Vec::new() };
        log.reopen()?;
        Ok(log)
    }

    /// Opens the file anew by its name; what was open stays in use if that fails.
    pub(crate) fn reopen(&mut self) -> io::Result<()> {
        if !self.path.as_os_str().is_empty() {
            // O_NOFOLLOW: the log folder's user could have put a link to any file of the node here.
            let flags = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
            let options =
                OpenOptions::new().append(true).create(true).mode(0o640).custom_flags(flags).clone();
            self.file = Some(options.open(&self.path)?);
        }
        Ok(())
    }

    /// Writes what `line` and `bytes` complete of a stream. A full disk loses lines, not the container.
    pub(crate) fn write(&mut self, stream: &str, line: &mut Line, bytes: &[u8]) {
        let stamp = timestamp(now());
        self.entry.clear();
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            line.put(&mut self.entry, &stamp, stream, &rest[..end]);
            line.finish(&mut self.entry, &stamp, stream, 'F');
            rest = &rest[end + 1..];
        }
        line.put(&mut self.entry, &stamp, stream, rest);
        self.flush();
    }

    /// Writes what is left of a stream that has ended.
    pub(crate) fn end(&mut self, stream: &str, line: &mut Line) {
        if !line.0.is_empty() {
            self.entry.clear();
            line.finish(&mut self.entry, &timestamp(now()), stream, 'P');
            self.flush();
        }
    }

    fn flush(&mut self) {
        if let Some(file) = &mut self.file
            && !self.entry.is_empty()
        {
            file.write_all(&self.entry).ok();
        }
        self.entry.clear();
        self.entry.shrink_to(2 * LINE_MAX);
    }
}

impl Line {
    /// Adds text without a line feed, writing the line in parts where it grows too long.
    fn put(&mut self, out: &mut Vec<u8>, stamp: &str, stream: &str, mut text: &[u8]) {
        while self.0.len() + text.len() > LINE_MAX {
            let (head, tail) = text.split_at(LINE_MAX - self.0.len());
            self.0.extend_from_slice(head);
            self.finish(out, stamp, stream, 'P');
            text = tail;
        }
        self.0.extend_from_slice(text);
    }

    fn finish(&mut self, out: &mut Vec<u8>, stamp: &str, stream: &str, tag: char) {
        out.extend_from_slice(format!("{stamp} {stream} {tag} ").as_bytes());
        out.append(&mut self.0);
        out.push(b'\n');
    }
}

/// Nanoseconds since 1970. The shim's own clock: records of what has happened, never compared with a schedule.
pub(crate) fn now() -> i64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Realtime);
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}

/// RFC 3339 with nanoseconds, in UTC.
fn timestamp(nanoseconds: i64) -> String {
    let (seconds, fraction) = (nanoseconds.div_euclid(1_000_000_000), nanoseconds.rem_euclid(1_000_000_000));
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:09}Z")
}

/// The date so many days after 1970-01-01, counting years from March on, so that the leap day comes last.
fn date(days: i64) -> (i64, i64, i64) {
    const ERA_DAYS: i64 = 146_097; // 400 years
    let days = days + 719_468; // since 0000-03-01
    let (era, day) = (days.div_euclid(ERA_DAYS), days.rem_euclid(ERA_DAYS));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + carry, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps() {
        let check = |nanoseconds, expect: &str| assert_eq!(timestamp(nanoseconds), expect);
        check(0, "1970-01-01T00:00:00.000000000Z");
        check(951_782_400_000_000_001, "2000-02-29T00:00:00.000000001Z");
        check(1_767_225_599_123_456_789, "2025-12-31T23:59:59.123456789Z");
        check(-1, "1969-12-31T23:59:59.999999999Z");
    }

    #[test]
    fn lines_in_parts() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("0.log");
        let mut log = Log::open(&path).expect("open");
        let mut line = Line::default();
        log.write("stdout", &mut line, b"one\ntw");
        log.write("stdout", &mut line, b"o\n\n");
        log.write("stdout", &mut line, &[b'x'; LINE_MAX + 1]);
        std::fs::rename(&path, folder.path().join("old")).expect("rotate");
        log.reopen().expect("reopen");
        log.end("stdout", &mut line);
        let read = |name: &str| {
            let text = std::fs::read_to_string(folder.path().join(name)).expect("read");
            text.lines().map(|line| line.split_once(' ').expect("stamp").1.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            read("old"),
            [
                "stdout F one".to_owned(),
                "stdout F two".into(),
                "stdout F ".into(),
                format!("stdout P {}", "x".repeat(LINE_MAX))
            ]
        );
        assert_eq!(read("0.log"), ["stdout P x"]);
    }

    #[test]
    fn a_link_in_place_of_a_log_is_refused() {
        let folder = tempfile::tempdir().expect("folder");
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("0.log")).expect("link");
        assert!(Log::open(&folder.path().join("0.log")).is_err());
    }
}
