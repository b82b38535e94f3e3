//! Admission: webhooks, policies and their bindings.
//!
//! Expressions are compiled where they are run; here they must be there.

mod client;
mod policy;
mod requests;
mod webhook;

pub(super) use client::client_config;
pub(super) use policy::{mutating_policy, policy_binding, policy_status, validating_policy};
pub(super) use webhook::webhooks;
