//! The controllers on an API server over a memory store, in virtual time and without a container.

mod budgets;
mod certificates;
mod deployments;
mod endpoints;
mod garbage;
mod namespaces;
mod nodes;
mod replicasets;
mod support;
mod tokens;
