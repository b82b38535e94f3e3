//! What etcd's refusals mean.

use std::error::Error as _;
use std::io;
use std::sync::Arc;

use etcd_client::Error;
use tonic::{Code, Status};

use crate::api::{LeaseId, Revision, StoreError};

/// Why the store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum EtcdOpenError {
    /// No endpoint was given.
    #[error("no etcd server is named")]
    NoEndpoint,
    /// An endpoint makes no sense.
    #[error("etcd server {endpoint:?}: {why}")]
    Endpoint {
        /// As it was given.
        endpoint: String,
        /// What is wrong.
        why: &'static str,
    },
    /// The client cannot be set up: a certificate that is none, for one.
    #[error("set up the connection to etcd")]
    Client(#[source] Error),
    /// Nobody answered in time.
    #[error("no etcd server answers")]
    Unreachable(#[source] StoreError),
}

/// What a request was about: etcd's messages leave that out.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct About {
    pub(super) at: Option<Revision>,
    pub(super) lease: Option<LeaseId>,
    pub(super) newest: Option<Revision>,
    pub(super) oldest: Option<Revision>,
}

/// The network failed, or the cluster: nobody knows what became of the request.
pub(super) fn unavailable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::Unavailable(Arc::new(io::Error::other(error)))
}

pub(super) fn timed_out() -> StoreError {
    let error = io::Error::new(io::ErrorKind::TimedOut, "etcd did not answer in time");
    StoreError::Unavailable(Arc::new(error))
}

pub(super) fn status_of(error: &Error) -> Option<&Status> {
    match error {
        Error::GRpcStatus(status) => Some(status),
        _ => None,
    }
}

/// Whether no server can have seen the request.
pub(super) fn was_never_sent(error: &Error) -> bool {
    let mut cause = status_of(error).and_then(|status| status.source());
    while let Some(error) = cause {
        if error.is::<tonic::ConnectError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Whether trying again may help.
pub(super) fn is_passing(error: &Error) -> bool {
    match error {
        Error::GRpcStatus(status) => match status.code() {
            Code::Unavailable | Code::Aborted | Code::Cancelled => true,
            // A stream that broke, a leader that changed; not what etcd itself says of the request.
            Code::Unknown | Code::Internal => {
                status.message() == "etcdserver: leader changed"
                    || !status.message().starts_with("etcdserver:")
            }
            _ => false,
        },
        Error::TransportError(_) | Error::IoError(_) | Error::WatchError(_) => true,
        _ => false,
    }
}

/// Whether an answer was longer than we take.
pub(super) fn is_too_long(error: &Error) -> bool {
    status_of(error).is_some_and(|status| {
        matches!(status.code(), Code::OutOfRange | Code::ResourceExhausted)
            && status.message().contains("message length too large")
    })
}

/// An error of etcd in the words of the trait.
pub(super) fn translate(error: Error, about: About) -> StoreError {
    let message = status_of(&error).map(Status::message).unwrap_or_default();
    let (at, newest) = (about.at.unwrap_or(Revision::FIRST), about.newest.unwrap_or(Revision::FIRST));
    match message {
        "etcdserver: mvcc: required revision has been compacted" => {
            let known = about.oldest.unwrap_or(Revision::FIRST);
            StoreError::Compacted { requested: at, oldest: known.max(at.next()) }
        }
        "etcdserver: mvcc: required revision is a future revision" => {
            StoreError::Future { requested: at, newest }
        }
        "etcdserver: requested lease not found" => {
            StoreError::LeaseNotFound(about.lease.unwrap_or(LeaseId(0)))
        }
        "etcdserver: mvcc: database space exceeded" => StoreError::Full,
        "etcdserver: request is too large" => StoreError::Malformed(TOO_LARGE),
        "etcdserver: too many operations in txn request" => {
            StoreError::Malformed("etcdserver: too many operations in txn request")
        }
        "etcdserver: duplicate key given in txn request" => StoreError::Malformed("a key is written twice"),
        // What is so large that etcd does not even read it.
        _ if message.starts_with("grpc: received message larger than max") => {
            StoreError::Malformed(TOO_LARGE)
        }
        _ => unavailable(error),
    }
}

const TOO_LARGE: &str = "etcdserver: request is too large";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn etcds_words() {
        let translated = |code: Code, message: &str| {
            let about = About { at: Revision::new(7), lease: Some(LeaseId(5)), ..About::default() };
            translate(Error::GRpcStatus(Status::new(code, message)), about).to_string()
        };
        let check = |code, message: &str, expect: &str| assert_eq!(translated(code, message), expect);
        check(
            Code::OutOfRange,
            "etcdserver: mvcc: required revision has been compacted",
            "revision 7 is compacted, the oldest kept is 8",
        );
        check(
            Code::ResourceExhausted,
            "etcdserver: mvcc: database space exceeded",
            "etcdserver: mvcc: database space exceeded",
        );
        check(Code::NotFound, "etcdserver: requested lease not found", "lease LeaseId(5) not found");
        check(
            Code::InvalidArgument,
            "etcdserver: request is too large",
            "malformed transaction: etcdserver: request is too large",
        );
        check(Code::Unavailable, "etcdserver: no leader", "store unavailable");
    }

    #[test]
    fn what_is_tried_again() {
        let check = |code, message: &str, expect| {
            assert_eq!(is_passing(&Error::GRpcStatus(Status::new(code, message))), expect, "{message}");
        };
        check(Code::Unavailable, "etcdserver: no leader", true);
        check(Code::Unknown, "etcdserver: leader changed", true);
        check(Code::Unknown, "h2 protocol error", true);
        check(Code::Unknown, "etcdserver: something", false);
        check(Code::PermissionDenied, "etcdserver: permission denied", false);
        check(Code::InvalidArgument, "etcdserver: key is not provided", false);
    }
}
