//! In which encoding, and as what, a client wants its answer.

use http::HeaderMap;
use http::header::{ACCEPT, ACCEPT_ENCODING};

use crate::status::ApiError;

/// An encoding of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Yaml,
    Protobuf,
}

/// What objects are turned into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transform {
    /// Nothing: they are given as they are.
    None,
    Table,
    PartialMetadata,
}

/// What was agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) format: Format,
    pub(crate) transform: Transform,
    /// Long answers may be compressed.
    pub(crate) gzip: bool,
}

impl Accepted {
    /// Plain JSON: what is used when nothing was agreed on.
    pub(crate) const JSON: Self = Self { format: Format::Json, transform: Transform::None, gzip: false };
}

/// What can be made of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Offer {
    /// Whether the kind has a protobuf form.
    pub(crate) protobuf: bool,
    /// Whether tables can be made.
    pub(crate) tables: bool,
    /// Whether it is a stream of events, which has no YAML form.
    pub(crate) stream: bool,
}

/// Media types that can be accepted, for a 406.
const TYPES: [&str; 3] = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/// Longest Accept header that is looked at.
const ACCEPT_LEN_MAX: usize = 4096;

/// The first thing in the client's Accept that can be made.
pub(crate) fn accept(headers: &HeaderMap, offer: Offer) -> Result<Accepted, ApiError> {
    let gzip = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.split(';').next().is_some_and(|name| name.trim() == "gzip"));
    let values: Vec<&str> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let text = values.join(",");
    if text.trim().is_empty() || text.len() > ACCEPT_LEN_MAX {
        return Ok(Accepted { gzip, ..Accepted::JSON });
    }
    let mut clauses: Vec<Clause<'_>> = text.split(',').filter_map(Clause::parse).collect();
    // Stable: the order counts among equals.
    clauses.sort_by(|a, b| b.quality.total_cmp(&a.quality));
    clauses
        .iter()
        .find_map(|clause| clause.meets(offer))
        .map(|(format, transform)| Accepted { format, transform, gzip })
        .ok_or_else(|| not_acceptable(offer))
}

fn not_acceptable(offer: Offer) -> ApiError {
    let can: Vec<&str> =
        TYPES.into_iter().filter(|own| offer.protobuf || !own.ends_with("protobuf")).collect();
    ApiError::not_acceptable(&can)
}

/// One media range with its parameters.
struct Clause<'a> {
    essence: &'a str,
    quality: f32,
    r#as: &'a str,
    group: &'a str,
    version: &'a str,
}

impl<'a> Clause<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let essence = parts.next().filter(|essence| !essence.is_empty())?;
        let mut clause = Self { essence, quality: 1.0, r#as: "", group: "", version: "" };
        for (key, value) in parts.filter_map(|part| part.split_once('=')) {
            match key.trim() {
                "q" => clause.quality = value.trim().parse().unwrap_or(0.0),
                "as" => clause.r#as = value.trim(),
                "g" => clause.group = value.trim(),
                "v" => clause.version = value.trim(),
                _ => {}
            }
        }
        (clause.quality > 0.0).then_some(clause)
    }

    fn meets(&self, offer: Offer) -> Option<(Format, Transform)> {
        let partial = matches!(self.r#as, "PartialObjectMetadata" | "PartialObjectMetadataList");
        let format = match self.essence {
            "*/*" | "application/*" | "application/json" => Format::Json,
            "application/yaml" if !offer.stream => Format::Yaml,
            "application/vnd.kubernetes.protobuf" if offer.protobuf || partial => Format::Protobuf,
            _ => return None,
        };
        let known = self.group == "meta.k8s.io" && matches!(self.version, "v1" | "v1beta1");
        let transform = match self.r#as {
            "" => Transform::None,
            "Table" if known && offer.tables && format != Format::Protobuf => Transform::Table,
            "PartialObjectMetadata" | "PartialObjectMetadataList" if known => Transform::PartialMetadata,
            _ => return None,
        };
        Some((format, transform))
    }
}

impl Format {
    /// The media type of an answer.
    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Yaml => "application/yaml",
            Self::Protobuf => "application/vnd.kubernetes.protobuf",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(accept_header: &str, expect: Option<(Format, Transform)>) {
        let mut headers = HeaderMap::new();
        if !accept_header.is_empty() {
            headers.insert(ACCEPT, accept_header.parse().expect("a header value"));
        }
        let offer = Offer { protobuf: true, tables: true, stream: false };
        let got = accept(&headers, offer).ok().map(|accepted| (accepted.format, accepted.transform));
        assert_eq!(got, expect, "{accept_header}");
    }

    #[test]
    fn accept_headers() {
        let kubectl = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
        check("", Some((Format::Json, Transform::None)));
        check("*/*", Some((Format::Json, Transform::None)));
        check(kubectl, Some((Format::Json, Transform::Table)));
        check(
            "application/vnd.kubernetes.protobuf,application/json",
            Some((Format::Protobuf, Transform::None)),
        );
        check("application/json;q=0.5,application/yaml", Some((Format::Yaml, Transform::None)));
        check(
            "application/json;as=Nothing;v=v1;g=meta.k8s.io,application/json",
            Some((Format::Json, Transform::None)),
        );
        let partial = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
        check(partial, Some((Format::Protobuf, Transform::PartialMetadata)));
        check("text/html", None);
        check("application/json;q=0", None);
    }
}
