//! Parsers of this module, for the fuzz targets: each takes any bytes.

use std::io::Read;

use super::manifest::{Document, parse_config};
use super::reference::Reference;
use super::tarball::Tarball;
use super::unpack::decompress;

/// An image's name; what is printed reads the same.
pub fn image_reference(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(reference) = Reference::parse(text) {
        drop((reference.name(), reference.tagged(), reference.manifest()));
        assert!(!reference.host().is_empty(), "every name has a registry");
    }
}

/// A manifest or an index.
pub fn image_manifest(bytes: &[u8]) {
    drop(Document::parse(bytes));
}

/// An image's configuration.
pub fn image_config(bytes: &[u8]) {
    drop(parse_config(bytes, 1));
}

/// A layer's entries.
pub fn layer_tar(bytes: &[u8]) {
    let Ok(plain) = decompress(bytes) else { return };
    let mut tarball = Tarball::new(plain.take(1 << 20));
    while let Ok(Some(entry)) = tarball.next() {
        drop(entry);
    }
}
