//! The node's HTTPS API: what the API server asks a kubelet for on people's behalf.

mod auth;
mod listen;
mod logs;
mod metrics;
mod route;
mod stats;
mod streaming;

pub(crate) use listen::{listen, serve};

pub(crate) use mizzen_component::{Body, answer, json, text};
