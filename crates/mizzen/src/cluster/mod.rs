//! A cluster as `mizzen up` makes it: its settings, folders, processes, namespaces and certificates.

pub(crate) mod credentials;
pub(crate) mod host;
pub(crate) mod layout;
pub(crate) mod network;
pub(crate) mod process;
pub(crate) mod settings;
