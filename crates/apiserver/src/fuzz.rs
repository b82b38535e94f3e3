//! Parsers of this crate, for the fuzz targets: each takes any bytes.

use http::header::ACCEPT;
use http::{HeaderValue, Method, Request};

use crate::cache::Token;
use crate::http::negotiate::{Offer, accept as negotiate};
use crate::options::{ListOptions, WriteOptions};
use crate::request::RequestInfo;
use crate::status::ApiError;

/// A request's path and query.
pub fn request_path(bytes: &[u8]) {
    let Ok(uri) = http::Uri::try_from(bytes) else { return };
    for method in [Method::GET, Method::POST, Method::DELETE] {
        if let Ok(info) = RequestInfo::parse(&method, &uri) {
            assert!(!info.verb.is_empty(), "every method has a verb");
        }
    }
}

/// Options of reads and writes.
pub fn list_query(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(options) = ListOptions::parse(text) {
        drop((options.check_list(), options.check_watch(), options.version_or(ApiError::bad_request)));
    }
    drop(WriteOptions::parse(text, "PatchOptions"));
}

/// The token of a page.
pub fn continue_token(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    drop(Token::parse(text));
}

/// The media types that a client takes.
pub fn accept(bytes: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(bytes) else { return };
    let mut request = Request::new(());
    request.headers_mut().insert(ACCEPT, value);
    for builtin in [false, true] {
        let offer =
            Offer { builtin, transforms: true, tables: true, stream: false, collection: true, cbor: true };
        drop(negotiate(&request, offer));
    }
}
