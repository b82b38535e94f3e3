//! What the components share that Kubernetes' diagram names: how they listen, who may ask them, health checks, leader
//! election, configuration files.
//!
//! The API server has its own of most of this; kubelet, scheduler, controllers, proxy and DNS have what is here.
//! Start at [`Endpoints`] for what every component answers, at [`accept`] for the loop under all listeners, at
//! [`serve_http`] for what a client may make any of them wait for, at [`Election`] for who of several works.

mod accept;
mod answer;
mod connection;
mod duration;
mod endpoints;
mod file;
mod health;
mod leader;
mod review;
mod serve;
mod shared;
mod stall;
mod tls;

pub use accept::{Listen, accept};
pub use answer::{Body, answer, json, text};
pub use connection::{serve_plain, serve_tls};
pub use duration::{DurationError, GoDuration};
pub use endpoints::{Answers, Endpoints, Metrics};
pub use file::{FileError, parse_config, read_config, typed};
pub use health::{Check, Health};
pub use leader::{Election, ElectionError};
pub use review::{Asked, ReviewError, Reviews, Target, User};
pub use serve::{Limits, serve_http};
pub use shared::{ClientConnection, ConfigError, LeaderElection};
pub use tls::{ServingCert, TlsError, server_tls};
