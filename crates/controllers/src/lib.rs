//! The controllers: loops that make what is into what should be, one module each.
//!
//! A controller has informers, a keyed work queue and a `reconcile(key)` that reads the caches, compares and writes,
//! and that can run twice without harm. No controller talks to another except through objects.
//! Start at [`run`] and `manager` for how they are started and watched over, at `replicaset` for a typical one.

mod certificates;
mod clusterrole_aggregation;
mod config;
mod context;
mod deployment;
mod discovery;
mod disruption;
mod endpoints;
mod endpointslice;
mod expectations;
mod garbagecollector;
mod manager;
mod mirroring;
mod namespace;
mod nodeipam;
mod nodelifecycle;
mod owner;
mod pod;
mod podgc;
mod replicaset;
mod root_ca;
mod selector;
mod service;
mod serviceaccount;
mod slices;
mod tainteviction;
mod tokens;

pub use config::{Clients, Config, Error, Signer, Workers};
pub use manager::{SHARED_INFORMERS, run};
