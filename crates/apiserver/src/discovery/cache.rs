//! Documents kept while the catalog stays as it is.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{Catalog, Document};
use crate::openapi;
use crate::status::ApiError;

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
    /// The document at a path of discovery or OpenAPI; none where there is none, 406 where the client takes none of
    /// its forms.
    pub fn document(
        &self,
        path: &str,
        accept: &str,
        catalog: &dyn Catalog,
    ) -> Result<Option<Document>, ApiError> {
        let generation = catalog.generation();
        let key = (path.to_owned(), accept.to_owned());
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.generation != generation {
                *kept = Kept { generation, ..Kept::default() };
            }
            if let Some(document) = kept.documents.get(&key) {
                return Ok(Some(document.clone()));
            }
        }
        let Some(document) = make(path, accept, catalog)? else { return Ok(None) };
        let len = document.bytes.len();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let fits =
            len <= DOCUMENT_BYTES_MAX && kept.bytes + len <= BYTES_MAX && accept.len() <= ACCEPT_LEN_MAX;
        // A change while the document was made may or may not be in it.
        let current = kept.generation == generation && catalog.generation() == generation;
        if fits && current && kept.documents.insert(key, document.clone()).is_none() {
            kept.bytes += len;
        }
        Ok(Some(document))
    }
}

fn make(path: &str, accept: &str, catalog: &dyn Catalog) -> Result<Option<Document>, ApiError> {
    match path.trim_end_matches('/') {
        "/openapi/v2" => openapi::v2(accept, catalog).map(Some),
        "/openapi/v3" => Ok(Some(openapi::v3_index(catalog))),
        path => match path.strip_prefix("/openapi/v3/") {
            Some(group_version) => openapi::v3(group_version, accept, catalog),
            None => super::answer(path, accept, catalog),
        },
    }
}
