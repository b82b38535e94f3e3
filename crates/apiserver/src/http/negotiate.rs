//! In which encoding, and as what, a client wants its answer.
//!
//! Two readers look at the Accept header, as in kube-apiserver: for built-in kinds the router first compares bare
//! media types, then for all kinds a clause is chosen with its parameters. Their refusals differ in words.

use http::header::{ACCEPT, ACCEPT_ENCODING, USER_AGENT};
use http::{HeaderMap, Request};

use crate::status::{ApiError, Details};

/// An encoding of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Yaml,
    Protobuf,
    Cbor,
}

/// A version of `meta.k8s.io`: the same objects under two names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MetaVersion {
    V1,
    V1Beta1,
}

/// What objects are turned into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transform {
    /// Nothing: they are given as they are.
    None,
    Table(MetaVersion),
    /// Metadata alone: of an object.
    PartialMetadata(MetaVersion),
    /// Of a list's items.
    PartialMetadataList(MetaVersion),
}

/// What was agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) format: Format,
    pub(crate) transform: Transform,
    /// Long answers may be compressed.
    pub(crate) gzip: bool,
    /// JSON with line breaks: `?pretty`, or a client that people look at.
    pub(crate) pretty: bool,
}

impl Accepted {
    /// Plain JSON: what is used when nothing was agreed on.
    pub(crate) const JSON: Self =
        Self { format: Format::Json, transform: Transform::None, gzip: false, pretty: false };
    /// How failures are told to clients that take nothing that can be made.
    pub(crate) const LAST_RESORT: Self = Self { pretty: true, ..Self::JSON };
}

/// What can be made of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Offer {
    /// Whether the kind is built in: it has a protobuf form, and the router looks at the header too.
    pub(crate) builtin: bool,
    /// Whether objects can be turned into metadata.
    pub(crate) transforms: bool,
    /// Whether they can be turned into tables too.
    pub(crate) tables: bool,
    /// Whether it is a stream of events, which has no YAML form.
    pub(crate) stream: bool,
    /// Whether the path can be watched: its list of what is produced names streams.
    pub(crate) collection: bool,
    /// Whether CBOR is made.
    pub(crate) cbor: bool,
}

impl Offer {
    /// Of an answer that is told as it is: failures.
    pub(crate) const fn plain(cbor: bool) -> Self {
        Self { builtin: false, transforms: false, tables: false, stream: false, collection: false, cbor }
    }

    /// What can be made at all.
    fn formats(self) -> &'static [(&'static str, Format)] {
        &FORMATS[..FORMATS.len() - usize::from(!self.cbor)]
    }

    fn media_types(self) -> Vec<&'static str> {
        self.formats().iter().map(|(media, _)| *media).collect()
    }

    fn streams(self) -> &'static [&'static str] {
        &STREAMS[..STREAMS.len() - usize::from(!self.cbor)]
    }
}

const JSON: &str = "application/json";
const YAML: &str = "application/yaml";
pub(crate) const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

/// The name of CBOR's media type.
const CBOR: &str = "application/cbor";

/// Media types of answers, in Kubernetes' order; the last only with its feature.
const FORMATS: [(&str, Format); 4] =
    [(JSON, Format::Json), (YAML, Format::Yaml), (PROTOBUF, Format::Protobuf), (CBOR, Format::Cbor)];
/// The same of streams.
const STREAMS: [&str; 3] = [
    "application/json;stream=watch",
    "application/vnd.kubernetes.protobuf;stream=watch",
    "application/cbor-seq",
];

/// Longest Accept header that is looked at.
const ACCEPT_LEN_MAX: usize = 4096;

/// What the client takes and can be made.
pub(crate) fn accept<B>(request: &Request<B>, offer: Offer) -> Result<Accepted, ApiError> {
    let headers = request.headers();
    let base = Accepted { gzip: takes_gzip(headers), pretty: is_pretty(request), ..Accepted::JSON };
    let values: Vec<&str> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let text = values.join(",");
    if text.trim().is_empty() || text.len() > ACCEPT_LEN_MAX {
        return Ok(base);
    }
    let mut clauses: Vec<Clause<'_>> = text.split(',').filter_map(Clause::parse).collect();
    let is_routed = |clause: &Clause<'_>| {
        clause.essence == "*/*" || offer.formats().iter().any(|(media, _)| clause.essence == *media)
    };
    if offer.builtin && !clauses.iter().any(is_routed) {
        return Err(not_routed(request, offer));
    }
    // Stable: the order counts among equals.
    clauses.sort_by(|a, b| b.quality.total_cmp(&a.quality).then_with(|| a.wildcards().cmp(&b.wildcards())));
    let chosen = clauses.iter().find_map(|clause| clause.meets(offer, base));
    chosen.filter(|chosen| !(offer.stream && chosen.format == Format::Yaml)).ok_or_else(|| refused(offer))
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut codings = values.flat_map(|value| value.split(','));
    codings.any(|coding| coding.split(';').next().is_some_and(|name| name.trim() == "gzip"))
}

/// Whether people look at the answer: they say so, or use a browser, curl or Wget.
fn is_pretty<B>(request: &Request<B>) -> bool {
    let query = request.uri().query().unwrap_or_default();
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "pretty");
    if let Some((_, value)) = asked.filter(|(_, value)| !value.is_empty()) {
        return matches!(&*value, "1" | "t" | "T" | "true" | "TRUE" | "True");
    }
    let agent = request.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    ["curl", "Wget", "Mozilla/5.0"].iter().any(|human| agent.starts_with(human))
}

/// The router's refusal.
fn not_routed<B>(request: &Request<B>, offer: Offer) -> ApiError {
    let mut produced = offer.media_types();
    if offer.collection {
        produced.extend(offer.streams());
    }
    let produced = produced.join(", ");
    let length = request.headers().get(http::header::CONTENT_LENGTH).map(http::HeaderValue::as_bytes);
    let bodiless = matches!(length, None | Some(b"" | b"0"));
    let details = Some(Box::<Details>::default());
    if bodiless && matches!(request.method().as_str(), "POST" | "PUT" | "PATCH") {
        let message = format!("415: Unsupported Media Type\n\nAvailable representations: {produced}");
        return ApiError { code: 415, reason: "UnsupportedMediaType", message, details };
    }
    unroutable(&produced)
}

/// 406 of a path whose router knows what is produced there.
pub(crate) fn unroutable(produced: &str) -> ApiError {
    let message = format!("406: Not Acceptable\n\nAvailable representations: {produced}");
    ApiError { code: 406, reason: "NotAcceptable", message, details: Some(Box::default()) }
}

fn refused(offer: Offer) -> ApiError {
    if offer.stream {
        return ApiError::not_acceptable(offer.streams());
    }
    ApiError::not_acceptable(&offer.media_types())
}

/// One media range with its parameters.
#[derive(Debug, Default)]
struct Clause<'a> {
    essence: &'a str,
    quality: f32,
    r#as: &'a str,
    group: &'a str,
    version: &'a str,
    stream: &'a str,
    server_version: &'a str,
    pretty: bool,
}

impl<'a> Clause<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let essence = parts.next().filter(|essence| !essence.is_empty())?;
        let mut clause = Self { essence, quality: 1.0, ..Self::default() };
        for (key, value) in parts.filter_map(|part| part.split_once('=')) {
            let value = value.trim().trim_matches('"');
            match key.trim() {
                "q" => clause.quality = value.parse().unwrap_or(1.0),
                "as" => clause.r#as = value,
                "g" => clause.group = value,
                "v" => clause.version = value,
                "stream" => clause.stream = value,
                "sv" => clause.server_version = value,
                "pretty" => clause.pretty = value == "1",
                _ => {}
            }
        }
        Some(clause)
    }

    /// How little it says: plain types go before ranges of the same quality.
    fn wildcards(&self) -> usize {
        self.essence.bytes().filter(|byte| *byte == b'*').count()
    }

    fn meets(&self, offer: Offer, base: Accepted) -> Option<Accepted> {
        let (kind, subtype) = self.essence.split_once('/')?;
        let fits = |media: &str| {
            let own = media.split_once('/');
            own.is_some_and(|(own, rest)| (kind == "*" || kind == own) && (subtype == "*" || subtype == rest))
        };
        let mut formats = offer.formats().iter().filter(|(media, _)| fits(media));
        formats.find_map(|(_, format)| {
            let transform = self.transform(offer, *format)?;
            let streams = self.stream.is_empty() || (self.stream == "watch" && *format != Format::Yaml);
            let known = matches!(self.server_version, "" | "v1") && streams;
            // Custom kinds have no protobuf form of their own, but their metadata has.
            let made = offer.builtin || *format != Format::Protobuf || transform != Transform::None;
            let made = made || !offer.transforms;
            let pretty = base.pretty || self.pretty;
            (known && made).then_some(Accepted { format: *format, transform, pretty, ..base })
        })
    }

    fn transform(&self, offer: Offer, format: Format) -> Option<Transform> {
        if self.r#as.is_empty() && self.group.is_empty() && self.version.is_empty() {
            return Some(Transform::None);
        }
        let version = match (offer.transforms, self.group, self.version) {
            (true, "meta.k8s.io", "v1") => MetaVersion::V1,
            (true, "meta.k8s.io", "v1beta1") => MetaVersion::V1Beta1,
            _ => return None,
        };
        match self.r#as {
            "Table" if offer.tables && format != Format::Protobuf => Some(Transform::Table(version)),
            "PartialObjectMetadata" => Some(Transform::PartialMetadata(version)),
            "PartialObjectMetadataList" => Some(Transform::PartialMetadataList(version)),
            _ => None,
        }
    }
}

impl MetaVersion {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V1Beta1 => "v1beta1",
        }
    }
}

impl Format {
    /// The media type of an answer.
    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Self::Json => JSON,
            Self::Yaml => YAML,
            Self::Protobuf => PROTOBUF,
            Self::Cbor => CBOR,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: Offer =
        Offer { builtin: true, transforms: true, tables: true, stream: false, collection: true, cbor: false };

    fn get(accept_header: &str, offer: Offer) -> Result<(Format, Transform), ApiError> {
        let mut request = Request::get("/api/v1/pods").body(()).expect("a request");
        if !accept_header.is_empty() {
            request.headers_mut().insert(ACCEPT, accept_header.parse().expect("a header value"));
        }
        accept(&request, offer).map(|accepted| (accepted.format, accepted.transform))
    }

    fn check(accept_header: &str, expect: (Format, Transform)) {
        assert_eq!(get(accept_header, OFFER), Ok(expect), "{accept_header}");
    }

    #[test]
    fn accept_headers() {
        use MetaVersion::{V1, V1Beta1};
        let kubectl = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
        check("", (Format::Json, Transform::None));
        check("*/*", (Format::Json, Transform::None));
        check(kubectl, (Format::Json, Transform::Table(V1)));
        check("application/vnd.kubernetes.protobuf,application/json", (Format::Protobuf, Transform::None));
        check("application/json;q=0.5,application/yaml", (Format::Yaml, Transform::None));
        check("*/*, application/yaml", (Format::Yaml, Transform::None));
        check("application/yaml;as=Table;v=v1beta1;g=meta.k8s.io", (Format::Yaml, Transform::Table(V1Beta1)));
        let nothing = "application/json;as=Nothing;v=v1;g=meta.k8s.io,application/json";
        check(nothing, (Format::Json, Transform::None));
        let partial = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
        check(partial, (Format::Protobuf, Transform::PartialMetadata(V1)));
        check("text/html;q=0.9, application/json;stream=watch", (Format::Json, Transform::None));
    }

    #[test]
    fn refusals_have_kubernetes_words() {
        let refused = |header: &str, offer: Offer, expect: &str| {
            let error = get(header, offer).expect_err(header);
            assert_eq!((error.code, error.message.as_str()), (406, expect), "{header}");
        };
        let single = Offer { collection: false, ..OFFER };
        let routed = "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, \
                      application/vnd.kubernetes.protobuf";
        refused("text/html", single, routed);
        refused("application/*", single, routed);
        let routed = format!(
            "{routed}, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch"
        );
        refused("text/html", OFFER, &routed);
        let chosen = "only the following media types are accepted: application/json, application/yaml, \
                      application/vnd.kubernetes.protobuf";
        refused("application/json;as=Nothing;v=v1;g=meta.k8s.io", OFFER, chosen);
        refused("application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io", OFFER, chosen);
        refused("application/vnd.kubernetes.protobuf", Offer { builtin: false, ..OFFER }, chosen);
        let streams = "only the following media types are accepted: application/json;stream=watch, \
                       application/vnd.kubernetes.protobuf;stream=watch";
        refused("application/yaml", Offer { stream: true, ..OFFER }, streams);
    }

    #[test]
    fn people_get_line_breaks() {
        let check = |uri: &str, agent: &str, expect: bool| {
            let request = Request::get(uri).header(USER_AGENT, agent).body(()).expect("a request");
            assert_eq!(is_pretty(&request), expect, "{uri} {agent}");
        };
        check("/api", "kubectl/v1.35", false);
        check("/api", "curl/8.0", true);
        check("/api?pretty=false", "curl/8.0", false);
        check("/api?pretty=true", "", true);
        check("/api?pretty=yes", "", false);
    }
}
