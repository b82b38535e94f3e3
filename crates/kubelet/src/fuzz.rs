//! Parsers of this crate, for the fuzz targets: each takes any bytes.

/// A line of a container's log.
pub fn log_line(bytes: &[u8]) {
    if let Some(record) = crate::logs::line::parse(bytes) {
        drop(format!("{record:?}"));
    }
}
