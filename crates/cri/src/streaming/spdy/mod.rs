//! SPDY/3.1, the server's half, as far as `kubectl` of all ages needs it. Source: "SPDY Protocol - Draft 3.1".
//!
//! Bounds: a control frame has 64 KiB at most, a header block 64 KiB and 100 headers once decompressed, a connection
//! 1,024 open streams; what is longer is refused before memory is taken for it. Clients in use ignore flow control both
//! ways, so it is left out here: a stream whose reader is slow stops the reading of the whole connection.

mod connection;
mod frame;
mod headers;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use connection::{Stream, serve};
