//! The API server: HTTP filters, the generic REST engine, admission, watch cache, discovery and OpenAPI.
//!
//! It joins schema, machinery and store; it is the only component that sees a store.
//! No kind has a handler of its own: a kind is a row of the schema table and a small strategy.
//! Start at [`Server`] for the whole, at [`attributes`] for what a request is, and at [`status`] for how it fails.
//! A request's way: `http` (filters, routing, answers), `registry` (the engine), `cache` (the watch cache),
//! `strategy` (what is particular to a kind). `trace` tells where the time of an object went.

pub mod action;
pub mod actions;
pub mod admission;
pub mod allocate;
pub mod assemble;
pub mod attributes;
pub mod authn;
pub mod authz;
pub mod bootstrap;
mod cache;
pub mod catalog;
pub mod connect;
mod custom;
pub mod discovery;
pub mod enablement;
pub mod features;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod http;
mod inprocess;
mod layout;
mod object;
pub mod observe;
pub mod openapi;
mod options;
pub mod proxy;
mod registry;
mod request;
mod scan;
mod server;
pub mod standard;
pub mod status;
pub mod storage;
mod strategy;
pub mod table;
pub mod tables;
mod trace;
mod tree;
pub mod tuning;
pub mod upkeep;

pub use cache::CacheLimits;
pub use http::health::KUBERNETES_MINOR;
pub use http::serve::ServeError;
pub use server::{Config, ConnectorRow, Hooks, ObserverRow, Paths, Plugins, Server};
