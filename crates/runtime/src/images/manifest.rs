//! Manifests, indexes and configurations: reading with bounds, and the platform's choice.

use oci_spec::image::ImageConfiguration;
use serde::Deserialize;

use super::ImageError;
use super::digest::Digest;

/// Largest manifest or index. Source: OCI distribution specification, "Pushing Manifests" (at least 4 MiB).
pub(crate) const MANIFEST_LEN_MAX: u64 = 4 << 20;
/// Largest image configuration.
pub(crate) const CONFIG_LEN_MAX: u64 = 8 << 20;
/// Largest compressed layer.
pub(crate) const LAYER_BLOB_LEN_MAX: u64 = 32 << 30;
/// Most layers of an image; overlayfs takes 500 at most.
const LAYERS_MAX: usize = 400;

/// Media types that a manifest request accepts.
pub(crate) const ACCEPT: &str = "application/vnd.oci.image.manifest.v1+json, \
    application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.v2+json, \
    application/vnd.docker.distribution.manifest.list.v2+json";

/// A content descriptor.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    #[serde(default)]
    pub(crate) media_type: String,
    pub(crate) digest: Digest,
    pub(crate) size: u64,
    #[serde(default)]
    pub(crate) platform: Option<Platform>,
    #[serde(default)]
    pub(crate) annotations: std::collections::BTreeMap<String, String>,
}

/// What a manifest of an index is for.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Platform {
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    os: String,
    #[serde(default)]
    variant: String,
}

/// An image's manifest.
#[derive(Debug, Clone)]
pub(crate) struct Manifest {
    pub(crate) config: Descriptor,
    pub(crate) layers: Vec<Descriptor>,
}

/// What a registry or an archive calls a manifest.
#[derive(Debug, Clone)]
pub(crate) enum Document {
    Image(Manifest),
    Index(Vec<Descriptor>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    #[serde(default)]
    schema_version: u32,
    #[serde(default)]
    media_type: String,
    config: Option<Descriptor>,
    layers: Option<Vec<Descriptor>>,
    manifests: Option<Vec<Descriptor>>,
    #[serde(rename = "fsLayers")]
    fs_layers: Option<serde::de::IgnoredAny>,
}

fn malformed(what: impl Into<String>) -> ImageError {
    ImageError::Malformed(what.into())
}

impl Document {
    /// Reads a manifest or an index; one that could pass for both is refused, because two readers would see
    /// two different images under one digest.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, ImageError> {
        if bytes.len() as u64 > MANIFEST_LEN_MAX {
            return Err(malformed("a manifest over 4 MiB"));
        }
        let raw: Raw =
            serde_json::from_slice(bytes).map_err(|error| malformed(format!("manifest: {error}")))?;
        if raw.schema_version != 2 || raw.fs_layers.is_some() {
            return Err(malformed("unsupported manifest schema version (2 is needed)"));
        }
        let is_index = match raw.media_type.as_str() {
            "" => None,
            kind if kind.ends_with("image.manifest.v1+json") || kind.ends_with("manifest.v2+json") => {
                Some(false)
            }
            kind if kind.ends_with("image.index.v1+json") || kind.ends_with("manifest.list.v2+json") => {
                Some(true)
            }
            kind => return Err(malformed(format!("unsupported manifest type {kind:?}"))),
        };
        match (raw.manifests, raw.layers, raw.config) {
            (Some(manifests), None, None) if is_index != Some(false) => Ok(Self::Index(manifests)),
            (None, Some(layers), Some(config)) if is_index != Some(true) => {
                if layers.len() > LAYERS_MAX {
                    return Err(malformed(format!("an image of over {LAYERS_MAX} layers")));
                }
                Ok(Self::Image(Manifest { config, layers }))
            }
            (Some(_), _, _) => Err(malformed("ambiguous manifest: both an index and an image")),
            _ => Err(malformed("a manifest without layers or configuration")),
        }
    }
}

impl Manifest {
    /// Fails unless every layer is of a kind that can be unpacked.
    pub(crate) fn check_layers(&self) -> Result<(), ImageError> {
        for layer in &self.layers {
            let kind = layer.media_type.as_str();
            let known = kind.starts_with("application/vnd.oci.image.layer.v1.tar")
                || kind.starts_with("application/vnd.docker.image.rootfs.diff.tar")
                || kind == "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
                || kind.starts_with("application/vnd.oci.image.layer.nondistributable.v1.tar");
            if !known || kind.contains("encrypted") {
                return Err(malformed(format!("unsupported layer type {kind:?}")));
            }
            if layer.size > LAYER_BLOB_LEN_MAX {
                return Err(malformed(format!("a layer of {} bytes", layer.size)));
            }
        }
        if self.config.size > CONFIG_LEN_MAX {
            return Err(malformed(format!("an image configuration of {} bytes", self.config.size)));
        }
        Ok(())
    }
}

/// This machine's architecture in the specification's words.
pub(crate) fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

/// The index's manifest for Linux on this machine. One without a platform is taken when it is the only one.
pub(crate) fn choose(manifests: &[Descriptor]) -> Option<&Descriptor> {
    let fits = |platform: &Platform| platform.os == "linux" && platform.architecture == architecture();
    let mut fitting: Vec<&Descriptor> =
        manifests.iter().filter(|manifest| manifest.platform.as_ref().is_some_and(fits)).collect();
    // The base variant runs everywhere; `v3` may not.
    fitting.sort_by_key(|manifest| {
        manifest.platform.as_ref().is_some_and(|platform| !matches!(platform.variant.as_str(), "" | "v8"))
    });
    match (fitting.first(), manifests) {
        (Some(first), _) => Some(first),
        (None, [only]) if only.platform.is_none() => Some(only),
        (None, _) => None,
    }
}

/// An image's configuration, checked against this machine and the number of layers.
pub(crate) fn parse_config(
    bytes: &[u8],
    layers: usize,
) -> Result<(ImageConfiguration, Vec<Digest>), ImageError> {
    if bytes.len() as u64 > CONFIG_LEN_MAX {
        return Err(malformed("an image configuration over 8 MiB"));
    }
    let config: ImageConfiguration =
        serde_json::from_slice(bytes).map_err(|error| malformed(format!("image configuration: {error}")))?;
    let (os, arch) = (config.os().to_string(), config.architecture().to_string());
    if os != "linux" || arch != architecture() {
        return Err(malformed(format!("no match for platform: the image is for {os}/{arch}")));
    }
    let diff_ids = config.rootfs().diff_ids().iter().map(|id| Digest::parse(id));
    let diff_ids = diff_ids.collect::<Result<Vec<_>, _>>()?;
    if diff_ids.len() != layers {
        return Err(malformed(format!("{layers} layers, but {} in the configuration", diff_ids.len())));
    }
    Ok((config, diff_ids))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn descriptor(platform: &str) -> String {
        format!(r#"{{"mediaType":"x","digest":"sha256:{}","size":1{platform}}}"#, "a".repeat(64))
    }

    #[test]
    fn documents() {
        let one = descriptor("");
        let check = |text: String, expect: &str| {
            let got = match Document::parse(text.as_bytes()) {
                Ok(Document::Image(_)) => "image".to_owned(),
                Ok(Document::Index(_)) => "index".to_owned(),
                Err(error) => error.to_string(),
            };
            assert!(got.contains(expect), "{}: {got}", &text[..text.len().min(200)]);
        };
        check(format!(r#"{{"schemaVersion":2,"config":{one},"layers":[{one}]}}"#), "image");
        check(format!(r#"{{"schemaVersion":2,"manifests":[{one}]}}"#), "index");
        check(format!(r#"{{"schemaVersion":2,"config":{one},"layers":[],"manifests":[]}}"#), "ambiguous");
        check(format!(r#"{{"schemaVersion":2,"layers":[],"manifests":[{one}]}}"#), "ambiguous");
        check(
            format!(
                r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","manifests":[{one}]}}"#
            ),
            "ambiguous",
        );
        check(r#"{"schemaVersion":1,"fsLayers":[]}"#.to_owned(), "schema version");
        check(format!(r#"{{"schemaVersion":2,"pad":"{}"}}"#, "x".repeat(4 << 20)), "over 4 MiB");
        let deep = format!(r#"{{"schemaVersion":2,"layers":[{{"annotations":{}"#, "[".repeat(1 << 20));
        check(deep, "manifest: ");
    }

    #[test]
    fn platforms() {
        let arch = architecture();
        let parse = |text: &str| serde_json::from_str::<Descriptor>(&descriptor(text)).unwrap();
        let with = |os: &str, arch: &str, variant: &str| {
            parse(&format!(r#","platform":{{"os":"{os}","architecture":"{arch}","variant":"{variant}"}}"#))
        };
        let list = [with("windows", arch, ""), with("linux", "s390x", ""), with("linux", arch, "v3")];
        assert_eq!(choose(&list).unwrap().platform.as_ref().unwrap().variant, "v3");
        let list = [with("linux", arch, "v3"), with("linux", arch, "")];
        assert_eq!(choose(&list).unwrap().platform.as_ref().unwrap().variant, "");
        assert!(choose(&[with("linux", "s390x", "")]).is_none());
        assert!(choose(&[parse("")]).is_some());
        assert!(choose(&[parse(""), parse("")]).is_none());
    }
}
