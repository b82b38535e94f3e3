//! Where an object's time goes: what each component did to which object, in microseconds, by the object's uid.
//!
//! A component notes what it has done in a [`Recorder`], a ring of bounded length in its process: a few stores, and
//! nothing else until somebody asks. The API server puts the [`Span`]s of all components together to a [`Trace`] at
//! `/debug/trace?uid=`; the kubelet hands its own out to the API server when asked.

mod record;
mod trace;

pub use record::{Chain, Mark, Record, Recorder};
pub use trace::{Span, Trace};
pub use uuid::Uuid;
