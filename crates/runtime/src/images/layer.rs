//! Brings a layer into the store: unpacks it beside the others, checks it, and moves it into place.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use super::digest::{Digest, HashReader};
use super::manifest::LAYER_BLOB_LEN_MAX;
use super::unpack::unpack;
use super::{ImageError, Inner};

/// The layers of one image, with the names under which they may be stored.
#[derive(Debug, Clone)]
pub(crate) struct Stack(Vec<Place>);

/// Where a layer may be.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Of the uncompressed layer alone.
    pub(crate) diff_id: Digest,
    /// Of the layer and all below: the name of one that fits only there.
    pub(crate) chain_id: Digest,
}

impl Stack {
    pub(crate) fn new(diff_ids: &[Digest]) -> Self {
        let mut below: Option<Digest> = None;
        let places = diff_ids.iter().map(|diff_id| {
            let chain_id = Digest::chain(below.as_ref(), diff_id);
            below = Some(chain_id.clone());
            Place { diff_id: diff_id.clone(), chain_id }
        });
        Self(places.collect())
    }

    pub(crate) fn places(&self) -> &[Place] {
        &self.0
    }

    /// Every name that a layer of it may have.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        self.0
            .iter()
            .flat_map(|place| [&place.diff_id, &place.chain_id])
            .map(|id| id.hex().to_owned())
            .collect()
    }
}

/// Keeps layers from being deleted while a pull or load runs.
pub(crate) struct Pin<'a> {
    inner: &'a Inner,
    pin: u64,
}

impl Drop for Pin<'_> {
    fn drop(&mut self) {
        self.inner.state().unpin(self.pin);
    }
}

impl Inner {
    pub(crate) fn pin(&self, layers: BTreeSet<String>) -> Pin<'_> {
        Pin { inner: self, pin: self.state().pin(layers) }
    }

    /// The name of a layer that is there.
    pub(crate) fn present(&self, place: &Place) -> Option<String> {
        let state = self.state();
        let names = [place.diff_id.hex(), place.chain_id.hex()];
        names.into_iter().find(|name| state.has_layer(name)).map(str::to_owned)
    }

    /// Unpacks a layer unless it is there; gives its name. `below` names the layers under it, lowest first.
    /// `blob` is the digest of the compressed bytes, where it was not checked before. Blocks.
    pub(crate) fn ensure_layer(
        &self,
        place: &Place,
        below: &[String],
        source: impl Read,
        blob: Option<&Digest>,
    ) -> Result<String, ImageError> {
        if let Some(name) = self.present(place) {
            return Ok(name);
        }
        let folder = self.folders.ingest_folder()?;
        let made = self.unpack_checked(place, below, source, blob, &folder);
        if made.is_err()
            && let Err(error) = self.folders.discard(&folder)
        {
            tracing::warn!(%error, "Could not discard a layer that failed to unpack.");
        }
        if made.is_err() {
            self.sweep();
        }
        made
    }

    fn unpack_checked(
        &self,
        place: &Place,
        below: &[String],
        source: impl Read,
        blob: Option<&Digest>,
        folder: &std::path::Path,
    ) -> Result<String, ImageError> {
        let parents: Vec<PathBuf> = below.iter().map(|name| self.folders.layer(name)).collect();
        let mut source = HashReader::new(source, LAYER_BLOB_LEN_MAX);
        let made = unpack(&mut source, folder, &parents)?;
        if let Some(expected) = blob {
            let found = source.finish()?;
            if found != *expected {
                return Err(expected.mismatch(&found));
            }
        }
        if made.diff_id != place.diff_id {
            return Err(place.diff_id.mismatch(&made.diff_id));
        }
        // One sync for all its files, before the name says that it is whole.
        rustix::fs::syncfs(File::open(folder)?).map_err(io::Error::from)?;
        let name = if made.depends_on_parents { place.chain_id.hex() } else { place.diff_id.hex() };
        self.state().add_layer(name, folder, &made)?;
        Ok(name.to_owned())
    }
}
