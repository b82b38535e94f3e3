//! HTTP: filters around the engine, and answers in the encoding that the client wants.
//!
//! Filters in order: panics caught, request read ([`crate::request`]), authentication, impersonation, requests in
//! flight, authorisation ([`filters`]); then [`route`] calls the engine, [`negotiate`] and [`respond`] make the
//! answer. In-process callers go the same way ([`crate::inprocess`]).

pub(crate) mod filters;
pub(crate) mod health;
mod indent;
mod index;
pub(crate) mod ledger;
pub(crate) mod metrics;
pub(crate) mod negotiate;
pub(crate) mod oidc;
pub(crate) mod respond;
mod route;
pub(crate) mod serve;
pub(crate) mod status;
mod stream;
mod warning;
mod websocket;

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};

use crate::cache::Watching;
use crate::catalog::{Kind, Served};
use crate::connect::Body;
use crate::object::Object;
use crate::registry::{ListAnswer, Part};
use crate::status::ApiError;
use mizzen_schema::value::Value;

/// What a request comes to, before it is put into an encoding.
pub(crate) enum Answer {
    /// A stored object, whole.
    Object { code: u16, object: Arc<Object>, kind: Arc<Kind>, served: Arc<Served>, part: Part },
    /// A tree with its kind and version.
    Value { code: u16, value: Value },
    /// A page of objects.
    List { list: ListAnswer, kind: Arc<Kind>, served: Arc<Served> },
    /// Events as they come.
    Watch { watching: Box<Watching>, kind: Arc<Kind>, served: Arc<Served> },
    /// A watch that ended before it began: an ERROR event of a stream that is otherwise fine.
    WatchFailed(ApiError),
    /// Already an answer.
    Response(http::Response<Body>),
}

/// A body of these bytes.
pub(crate) fn full(bytes: impl Into<Bytes>) -> Body {
    UnsyncBoxBody::new(Full::new(bytes.into()).map_err(|never| match never {}))
}
