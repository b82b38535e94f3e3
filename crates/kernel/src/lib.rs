//! Placeholder head, replaced with the crate's own.

pub mod conntrack;
pub mod net;
pub mod netns;
pub mod nft;
