//! Containers' logs: parsed, followed, rotated.

pub(crate) mod last_words;
pub(crate) mod line;
pub(crate) mod read;
pub(crate) mod rotate;
