//! Streams: later.
