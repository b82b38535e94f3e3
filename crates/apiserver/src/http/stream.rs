//! Bodies that are made as the client reads them: lists and watches.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::stream::Stream;
use http_body::{Frame, SizeHint};
use http_body_util::StreamBody;
use http_body_util::combinators::UnsyncBoxBody;

use crate::connect::Body;
use crate::object::Object;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Bytes written at a time.
const CHUNK: usize = 128 << 10;

/// A list of stored objects as JSON, of known length, copied together piece by piece.
pub(super) struct ListBody {
    head: Option<Vec<u8>>,
    objects: VecDeque<Arc<Object>>,
    tail: &'static [u8],
    left: u64,
}

impl ListBody {
    /// `head` up to and with the `[` of the items.
    pub(super) fn new(head: Vec<u8>, objects: Vec<Arc<Object>>) -> Self {
        let tail: &[u8] = b"]}\n";
        let items: usize = objects.iter().map(|object| object.item_len()).sum();
        let commas = objects.len().saturating_sub(1);
        let left = (head.len() + items + commas + tail.len()) as u64;
        Self { head: Some(head), objects: objects.into(), tail, left }
    }

    /// How long it is in all.
    pub(super) const fn len(&self) -> u64 {
        self.left
    }

    /// What it takes of the memory while it waits to be read: of the objects' bytes only a piece at a time.
    pub(super) fn weight(&self) -> usize {
        CHUNK + self.objects.len() * size_of::<Arc<Object>>()
    }

    fn chunk(&mut self) -> Option<Bytes> {
        if self.left == 0 {
            return None;
        }
        let mut out = self.head.take().unwrap_or_default();
        out.reserve(usize::try_from(self.left).unwrap_or(CHUNK).min(CHUNK + (8 << 10)));
        while out.len() < CHUNK {
            let Some(object) = self.objects.pop_front() else { break };
            object.write_item(&mut out);
            if !self.objects.is_empty() {
                out.push(b',');
            }
        }
        if self.objects.is_empty() {
            out.extend_from_slice(self.tail);
        }
        self.left = self.left.saturating_sub(out.len() as u64);
        if self.objects.is_empty() {
            self.left = 0;
        }
        Some(out.into())
    }
}

impl http_body::Body for ListBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(self.chunk().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// A body of chunks as they come.
pub(super) fn chunks(stream: impl Stream<Item = Result<Bytes, BoxError>> + Send + 'static) -> Body {
    use futures::StreamExt;
    UnsyncBoxBody::new(StreamBody::new(stream.map(|chunk| chunk.map(Frame::data))))
}

/// A body that ends early when `cancel` is called, if its length is not known: a watch.
pub(super) fn until(body: Body, cancel: tokio_util::sync::CancellationToken) -> Body {
    use http_body::Body as _;
    if body.size_hint().exact().is_some() {
        return body;
    }
    UnsyncBoxBody::new(Until { body, cancelled: Box::pin(cancel.cancelled_owned()) })
}

struct Until {
    body: Body,
    cancelled: Pin<Box<tokio_util::sync::WaitForCancellationFutureOwned>>,
}

impl http_body::Body for Until {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Pending if self.cancelled.as_mut().poll(context).is_ready() => Poll::Ready(None),
            polled => polled,
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
