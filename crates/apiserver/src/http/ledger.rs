//! Large answers that are made but not yet taken: so much of memory for each user.
//!
//! Requests in flight are counted until they are answered, not until their answer is read; a client that asks for one
//! large list after the other and reads none would fill the memory with them.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Response;
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;
use mizzen_clock::Map;

use crate::connect::Body;
use crate::status::ApiError;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Bytes of answers that wait for one user; who has so many gets no further list.
const UNREAD_MAX: usize = 256 << 20;
/// Answers up to this length are not counted: streams bound them.
const COUNTED_MIN: usize = 64 << 10;

/// What an answer takes of the memory until it is read, where that is not its length.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weight(pub(crate) usize);

/// The bytes that wait, by user.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    waiting: Mutex<Map<Arc<str>, usize>>,
}

impl Ledger {
    /// Whether a user may have one more large answer.
    pub(crate) fn admit(&self, user: &str) -> Result<(), ApiError> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.get(user).is_some_and(|bytes| *bytes >= UNREAD_MAX) {
            let message = "Too many requests, please read the answers of earlier ones first.";
            return Err(ApiError::too_many_requests(message, 1));
        }
        Ok(())
    }

    /// Counts an answer until it is read, or its stream ends.
    pub(crate) fn charge(self: &Arc<Self>, user: &Arc<str>, response: Response<Body>) -> Response<Body> {
        let length = response.body().size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
        let bytes =
            response.extensions().get::<Weight>().map(|weight| weight.0).or(length).unwrap_or_default();
        if bytes <= COUNTED_MIN {
            return response;
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting.entry(user.clone()).or_default() += bytes;
        drop(waiting);
        let charge = Charge { ledger: self.clone(), user: user.clone(), bytes };
        response.map(|body| UnsyncBoxBody::new(Charged { body, _charge: charge }))
    }
}

struct Charge {
    ledger: Arc<Ledger>,
    user: Arc<str>,
    bytes: usize,
}

impl Drop for Charge {
    fn drop(&mut self) {
        let mut waiting = self.ledger.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = waiting.get_mut(&self.user) {
            *bytes = bytes.saturating_sub(self.bytes);
            if *bytes == 0 {
                waiting.remove(&self.user);
            }
        }
    }
}

struct Charged {
    body: Body,
    _charge: Charge,
}

impl http_body::Body for Charged {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::full;

    #[test]
    fn what_is_unread_counts_until_it_is_gone() {
        let (ledger, user): (_, Arc<str>) = (Arc::new(Ledger::default()), "jane".into());
        let small = ledger.charge(&user, Response::new(full(vec![0; COUNTED_MIN])));
        assert!(ledger.waiting.lock().expect("unpoisoned").is_empty());
        let mut weighted = Response::new(full(vec![0; 1]));
        weighted.extensions_mut().insert(Weight(UNREAD_MAX - COUNTED_MIN));
        let weighted = ledger.charge(&user, weighted);
        ledger.admit("jane").expect("a little is left");
        let large = ledger.charge(&user, Response::new(full(vec![0; COUNTED_MIN + 1])));
        assert_eq!(ledger.admit("jane").map_err(|error| error.code), Err(429));
        ledger.admit("joe").expect("others have their own");
        drop(large);
        ledger.admit("jane").expect("there is room again");
        drop((small, weighted));
        assert!(ledger.waiting.lock().expect("unpoisoned").is_empty());
    }
}
