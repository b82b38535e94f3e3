//! Keeps the node alive when memory, disk or processes run out: some pods have to go.

pub(crate) mod manager;
pub(crate) mod rank;
pub(crate) mod signals;
