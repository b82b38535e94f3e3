//! How every part but the API server reaches the API.
//!
//! [`Client`] speaks the Kubernetes API with typed objects over a [`Transport`]: HTTPS through a kubeconfig
//! ([`Client::from_kubeconfig`]), or straight into an API server in the same process.
//! [`Informer`] keeps a cache of a resource by list and watch, [`WorkQueue`] orders the keys that a controller
//! works on, [`Recorder`] writes Events.
//! This crate knows no component and no store; what it does works against any Kubernetes API server.

mod account;
mod error;
mod event;
mod informer;
mod informers;
mod object;
mod queue;
mod queues;
mod remote;
mod resource;
mod transport;
mod verbs;
mod watch;

pub use error::{Error, Status, StatusCause, StatusDetails};
pub use event::{EventType, Recorder};
pub use informer::{Change, Informer, Object};
pub use informers::Informers;
pub use object::{ObjectKey, PartialObject, null_as_default};
pub use queue::{Outcome, WorkQueue, woken_or_due, work};
pub use queues::Queues;
pub use resource::ApiResource;
pub use transport::{Body, EventKind, Transport, WatchEvent, WatchStream, body_from, watch_frames};
pub use verbs::{Client, DeleteParams, ListParams, Page, Patch, Precondition, WriteParams};
