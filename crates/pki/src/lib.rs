//! Certificates, service-account keys, kubeconfigs and their rotation.
//!
//! It writes nothing by itself but what it is told to; private keys never reach a log. Start at [`Authority`].

mod authority;
mod error;
pub mod kubeconfig;
mod token;

pub use authority::{Authority, Certified, ClientRequest, ServerRequest};
pub use error::PkiError;
pub use token::TokenKey;
