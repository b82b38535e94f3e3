//! Durations as Kubernetes' configuration files and flags write them: `1h30m`, `500ms`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A length of time that is read and written as Go does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoDuration(pub Duration);

/// A text is no duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// It is nothing of the kind.
    #[error("time: invalid duration {0:?}")]
    Invalid(String),
    /// A number stands without its unit.
    #[error("time: missing unit in duration {0:?}")]
    MissingUnit(String),
    /// A unit is not known.
    #[error("time: unknown unit {1:?} in duration {0:?}")]
    UnknownUnit(String, String),
}

fn unit(name: &str) -> Option<f64> {
    Some(match name {
        "ns" => 1e-9,
        "us" | "µs" | "μs" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    })
}

impl FromStr for GoDuration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        let invalid = || DurationError::Invalid(text.to_owned());
        let mut rest = text.strip_prefix('+').unwrap_or(text);
        if rest == "0" {
            return Ok(Self::default());
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut sum = Duration::ZERO;
        while !rest.is_empty() {
            let is_number = |c: char| c.is_ascii_digit() || c == '.';
            let split = rest.find(|c| !is_number(c)).unwrap_or(rest.len());
            let (number, tail) = rest.split_at(split);
            if number.is_empty() || number == "." {
                return Err(invalid());
            }
            let split = tail.find(is_number).unwrap_or(tail.len());
            let (name, tail) = tail.split_at(split);
            if name.is_empty() {
                return Err(DurationError::MissingUnit(text.to_owned()));
            }
            let unit =
                unit(name).ok_or_else(|| DurationError::UnknownUnit(text.to_owned(), name.to_owned()))?;
            let number: f64 = number.parse().map_err(|_| invalid())?;
            let part = Duration::try_from_secs_f64(number * unit).map_err(|_| invalid())?;
            sum = sum.checked_add(part).ok_or_else(invalid)?;
            rest = tail;
        }
        Ok(Self(sum))
    }
}

impl fmt::Display for GoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        if seconds == 0 && self.0.subsec_nanos() > 0 {
            let nanoseconds = f64::from(self.0.subsec_nanos());
            return match self.0.subsec_nanos() {
                0..1_000 => write!(f, "{nanoseconds}ns"),
                1_000..1_000_000 => write!(f, "{}µs", nanoseconds / 1e3),
                _ => write!(f, "{}ms", nanoseconds / 1e6),
            };
        }
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        if hours > 0 {
            write!(f, "{hours}h")?;
        }
        if hours > 0 || minutes > 0 {
            write!(f, "{minutes}m")?;
        }
        let rest = (seconds % 60) as f64 + f64::from(self.0.subsec_nanos()) / 1e9;
        write!(f, "{rest}s")
    }
}

impl Serialize for GoDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for GoDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_reads_and_writes() {
        let check = |text: &str, millis: u64, written: &str| {
            let read: GoDuration = text.parse().expect(text);
            assert_eq!(read.0, Duration::from_millis(millis), "{text}");
            assert_eq!(read.to_string(), written);
        };
        check("0", 0, "0s");
        check("15s", 15_000, "15s");
        check("1h30m", 5_400_000, "1h30m0s");
        check("1.5s", 1500, "1.5s");
        check("500ms", 500, "500ms");
        check("60s", 60_000, "1m0s");
        let bad = |text: &str, expect: &str| {
            assert_eq!(text.parse::<GoDuration>().expect_err(text).to_string(), expect);
        };
        bad("", "time: invalid duration \"\"");
        bad("5", "time: missing unit in duration \"5\"");
        bad("5d", "time: unknown unit \"d\" in duration \"5d\"");
        bad("-5s", "time: invalid duration \"-5s\"");
    }
}
