//! Images: pulled when a container needs them, removed when the disk fills up.

pub(crate) mod credentials;
pub(crate) mod gc;
pub(crate) mod puller;
pub(crate) mod reference;
