//! Rules of each kind, a case or more for each.

mod access;
mod config;
mod containers;
mod devices;
mod extension;
mod jobs;
mod networking;
mod scaling;
mod services;
mod specs;
mod storage;
mod volumes;
mod workloads;

pub(super) const TABLES: &[&[fn()]] = &[
    volumes::ALL,
    containers::ALL,
    specs::ALL,
    services::ALL,
    config::ALL,
    workloads::ALL,
    jobs::ALL,
    scaling::ALL,
    storage::ALL,
    networking::ALL,
    access::ALL,
    extension::ALL,
    devices::ALL,
];
