//! Documents kept while the catalog stays as it is.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{Catalog, Document};
use crate::openapi;

/// Documents by what was asked; emptied when the catalog's generation changes.
#[derive(Debug, Default)]
pub struct Cache {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    generation: u64,
    documents: BTreeMap<(String, String), Document>,
    bytes: usize,
}

/// All documents together; what does not fit is made anew each time.
const BYTES_MAX: usize = 4 << 20;
/// One document: only the whole of OpenAPI v2 is larger.
const DOCUMENT_BYTES_MAX: usize = 1 << 20;
/// Headers longer than this are nobody's habit.
const ACCEPT_LEN_MAX: usize = 512;

impl Cache {
    /// The document at a path of discovery or OpenAPI; none where there is none.
    pub fn document(&self, path: &str, accept: &str, catalog: &dyn Catalog) -> Option<Document> {
        let generation = catalog.generation();
        let key = (path.to_owned(), accept.to_owned());
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.generation != generation {
                *kept = Kept { generation, ..Kept::default() };
            }
            if let Some(document) = kept.documents.get(&key) {
                return Some(document.clone());
            }
        }
        let document = make(path, accept, catalog)?;
        let len = document.bytes.len();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let fits =
            len <= DOCUMENT_BYTES_MAX && kept.bytes + len <= BYTES_MAX && accept.len() <= ACCEPT_LEN_MAX;
        // A change while the document was made may or may not be in it.
        let current = kept.generation == generation && catalog.generation() == generation;
        if fits && current && kept.documents.insert(key, document.clone()).is_none() {
            kept.bytes += len;
        }
        Some(document)
    }
}

fn make(path: &str, accept: &str, catalog: &dyn Catalog) -> Option<Document> {
    match path.trim_end_matches('/') {
        "/openapi/v2" => openapi::v2(accept, catalog),
        "/openapi/v3" => Some(openapi::v3_index(catalog)),
        path => match path.strip_prefix("/openapi/v3/") {
            Some(group_version) => openapi::v3(group_version, accept, catalog),
            None => super::answer(path, accept, catalog),
        },
    }
}
