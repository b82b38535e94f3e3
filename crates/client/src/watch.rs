//! Watches as a reflector needs them.

use serde::Deserialize;

/// The only thing that a bookmark tells.
#[derive(Deserialize)]
pub(crate) struct Versioned {
    pub(crate) metadata: VersionedMeta,
}

/// As much metadata as a cache needs to file an object.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct VersionedMeta {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) resource_version: String,
}
