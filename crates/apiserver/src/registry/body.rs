//! Request bodies into trees: by content type, with unknown fields treated as the client asks.

use bytes::Bytes;
use mizzen_machinery::default;
use mizzen_schema::decode::{DecodeError, Decoded, Options};
use mizzen_schema::table::{GroupVersionKind, TypeRef};
use mizzen_schema::value::Value;
use mizzen_schema::{json, protobuf, yaml};

use crate::options::FieldValidation;
use crate::status::ApiError;
use crate::tree;

/// An encoding of bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyFormat {
    Json,
    Yaml,
    Protobuf,
}

/// Media types of [`BodyFormat`], in Kubernetes' order.
pub(crate) const BODY_TYPES: [&str; 3] =
    ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/// A request's body.
#[derive(Debug, Clone)]
pub(crate) struct Payload {
    pub(crate) format: BodyFormat,
    pub(crate) bytes: Bytes,
}

/// Why a body is not an object of the expected kind.
#[derive(Debug)]
pub(crate) enum PayloadError {
    /// It cannot be read.
    Decode(String),
    /// Strict reading found fields that do not belong.
    Strict(Vec<String>),
}

impl BodyFormat {
    /// The format of a content type; none means JSON.
    pub(crate) fn of(content_type: &str) -> Result<Self, ApiError> {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        match essence.to_ascii_lowercase().as_str() {
            "" | "application/json" => Ok(Self::Json),
            "application/yaml" => Ok(Self::Yaml),
            "application/vnd.kubernetes.protobuf" => Ok(Self::Protobuf),
            _ => Err(ApiError::unsupported_media_type(&BODY_TYPES)),
        }
    }
}

impl Payload {
    /// Reads the body as `ty`. In warn mode complaints become warnings.
    pub(crate) fn read(
        &self,
        ty: &TypeRef,
        validation: FieldValidation,
        warnings: &mut Vec<String>,
    ) -> Result<Value, PayloadError> {
        let options = Options { strict: validation != FieldValidation::Ignore, ..Options::default() };
        let decoded = self.decode(ty, &options).map_err(|error| PayloadError::Decode(error.to_string()))?;
        settle(decoded, validation, warnings)
    }

    fn decode(&self, ty: &TypeRef, options: &Options) -> Result<Decoded, DecodeError> {
        match self.format {
            BodyFormat::Json => json::decode(&self.bytes, ty, options),
            BodyFormat::Yaml => yaml::decode(&self.bytes, ty, options),
            BodyFormat::Protobuf => {
                let (meta, message) = protobuf::unwrap(&self.bytes)?;
                let mut decoded = protobuf::decode(message, ty, options)?;
                tree::set_text(&mut decoded.value, &["kind"], &meta.kind);
                tree::set_text(&mut decoded.value, &["apiVersion"], &meta.api_version);
                Ok(decoded)
            }
        }
    }

    /// Reads the body as an object of kind `gvk`, and fills in its defaults.
    pub(crate) fn object(
        &self,
        ty: &TypeRef,
        gvk: &GroupVersionKind,
        validation: FieldValidation,
        builtin: bool,
        warnings: &mut Vec<String>,
    ) -> Result<Value, ApiError> {
        let mut object = self.object_as_sent(ty, gvk, validation, warnings)?;
        if builtin {
            default::object(&gvk.group, &gvk.kind, &mut object);
        }
        Ok(object)
    }

    /// The same without defaults: what an applied configuration says.
    pub(crate) fn object_as_sent(
        &self,
        ty: &TypeRef,
        gvk: &GroupVersionKind,
        validation: FieldValidation,
        warnings: &mut Vec<String>,
    ) -> Result<Value, ApiError> {
        let mut object = self.read(ty, validation, warnings).map_err(|error| self.refuse(gvk, &error))?;
        check_header(&object, gvk)?;
        super::create::stamp(&mut object, gvk);
        Ok(object)
    }

    /// What an applied configuration says. It may name no field that the type has not, whatever the client asks of
    /// validation: nobody could own it.
    pub(crate) fn applied(
        &self,
        ty: &TypeRef,
        gvk: &GroupVersionKind,
        validation: FieldValidation,
        warnings: &mut Vec<String>,
    ) -> Result<Value, ApiError> {
        let options = Options { strict: true, ..Options::default() };
        let mut decoded = self
            .decode(ty, &options)
            .map_err(|error| ApiError::bad_request(format!("error decoding patch: {error}")))?;
        let unknown = |complaint: &String| {
            let path = complaint.strip_prefix("unknown field \"")?.strip_suffix('"')?;
            Some(format!(".{path}: field not declared in schema"))
        };
        let undeclared: Vec<String> = decoded.complaints.iter().filter_map(unknown).collect();
        if !undeclared.is_empty() {
            let object = &decoded.value;
            let words = match undeclared.as_slice() {
                [only] => only.clone(),
                many => format!("errors:\n  {}", many.join("\n  ")),
            };
            return Err(ApiError::bad_request(format!(
                "failed to create typed patch object ({}/{}; {}, Kind={}): {words}",
                mizzen_machinery::meta::namespace(object),
                mizzen_machinery::meta::name(object),
                gvk.api_version(),
                gvk.kind
            )));
        }
        decoded.complaints.retain(|complaint| unknown(complaint).is_none());
        let mut object = settle(decoded, validation, warnings).map_err(|error| self.refuse(gvk, &error))?;
        check_header(&object, gvk)?;
        super::create::stamp(&mut object, gvk);
        Ok(object)
    }

    /// The 400 for a body that is not what it should be.
    fn refuse(&self, gvk: &GroupVersionKind, error: &PayloadError) -> ApiError {
        let words = match error {
            PayloadError::Decode(words) => words.clone(),
            PayloadError::Strict(complaints) => strict_words(complaints),
        };
        match self.own_kind() {
            Some((version, kind)) => ApiError::bad_request(format!(
                "{kind} in version {version:?} cannot be handled as a {}: {words}",
                gvk.kind
            )),
            None => ApiError::bad_request(format!(
                "the object provided is unrecognized (must be of type {}): {words}",
                gvk.kind
            )),
        }
    }

    /// The version and kind that the body claims, when its start is readable.
    fn own_kind(&self) -> Option<(String, String)> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Header {
            kind: String,
            #[serde(default)]
            api_version: String,
        }
        let header = match self.format {
            BodyFormat::Json => serde_json::from_slice::<Header>(&self.bytes).ok()?,
            BodyFormat::Yaml => return None,
            BodyFormat::Protobuf => {
                let (meta, _) = protobuf::unwrap(&self.bytes).ok()?;
                Header { kind: meta.kind, api_version: meta.api_version }
            }
        };
        let version = header.api_version.rsplit('/').next().unwrap_or_default().to_owned();
        (!header.kind.is_empty()).then_some((version, header.kind))
    }
}

/// Kubernetes' words for what strict reading found.
pub(crate) fn strict_words(complaints: &[String]) -> String {
    format!("strict decoding error: {}", complaints.join(", "))
}

/// Most warnings of one kind that a client is told.
const WARNINGS_MAX: usize = 50;

/// Treats complaints as the client asked.
pub(crate) fn settle(
    decoded: Decoded,
    validation: FieldValidation,
    warnings: &mut Vec<String>,
) -> Result<Value, PayloadError> {
    match validation {
        FieldValidation::Ignore => {}
        FieldValidation::Warn => warnings.extend(decoded.complaints.into_iter().take(WARNINGS_MAX)),
        FieldValidation::Strict if decoded.complaints.is_empty() => {}
        FieldValidation::Strict => return Err(PayloadError::Strict(decoded.complaints)),
    }
    Ok(decoded.value)
}

/// The kind and version that a body claims must be those of the endpoint.
fn check_header(object: &Value, gvk: &GroupVersionKind) -> Result<(), ApiError> {
    let api_version = object.str_at(&["apiVersion"]).unwrap_or_default();
    let expected = gvk.api_version();
    if !api_version.is_empty() && api_version != expected {
        return Err(ApiError::bad_request(format!(
            "the API version in the data ({api_version}) does not match the expected API version ({expected})"
        )));
    }
    let kind = object.str_at(&["kind"]).unwrap_or_default();
    if !kind.is_empty() && kind != gvk.kind {
        return Err(ApiError::bad_request(format!(
            "{kind} in version {:?} cannot be handled as a {}: converting ({}.{kind}) to ({}.{}): unknown conversion",
            gvk.version, gvk.kind, gvk.version, gvk.version, gvk.kind
        )));
    }
    Ok(())
}
