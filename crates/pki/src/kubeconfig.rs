//! Kubeconfig files: made for components, and merged into a user's own.

use std::path::Path;

use crate::{Certified, PkiError};

/// A kubeconfig with one cluster, user and context, everything embedded.
pub fn render(_name: &str, _server: &str, _ca_pem: &str, _client: &Certified) -> String {
    todo!()
}

/// Adds (or replaces) cluster, user and context `name` in the file at `path`, keeps everything else in it, and makes
/// `name` the current context. Locks the file as kubectl does (`PATH.lock`), and replaces it by rename, mode 0600.
pub fn merge_into(
    _path: &Path,
    _name: &str,
    _server: &str,
    _ca_pem: &str,
    _client: &Certified,
) -> Result<(), PkiError> {
    todo!()
}

/// Removes cluster, user and context `name` again; the file stays, and nothing else in it changes.
pub fn remove_from(_path: &Path, _name: &str) -> Result<(), PkiError> {
    todo!()
}
