//! Certificates, service-account keys, kubeconfigs and their rotation.
//!
//! It writes nothing by itself but what it is told to; private keys never reach a log. Start at
//! [`Authority`].

mod authority;
mod der;
mod error;
pub mod kubeconfig;
mod request;
mod token;
mod unverified;

pub use authority::{Authority, Certified, ClientRequest, ServerRequest, Usage, valid_until};
pub use error::PkiError;
pub use request::SigningRequest;
pub use token::{TokenKey, dns_names};
pub use unverified::{unverified, unverified_client};
