//! Request bodies into trees: by content type, with unknown fields treated as the client asks.

use bytes::Bytes;
use mizzen_machinery::default;
use mizzen_schema::decode::{DecodeError, Decoded, Options};
use mizzen_schema::table::{GroupVersionKind, TypeRef};
use mizzen_schema::value::Value;
use mizzen_schema::{cbor, json, protobuf, yaml};

use crate::options::FieldValidation;
use crate::status::ApiError;
use crate::tree;

/// An encoding of bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyFormat {
    Json,
    Yaml,
    Protobuf,
    Cbor,
}

/// Media types of [`BodyFormat`], in Kubernetes' order; the last only with its feature.
const BODY_TYPES: [&str; 4] =
    ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf", "application/cbor"];

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
    Decode(DecodeError),
    /// Strict reading found fields that do not belong.
    Strict(Vec<String>),
}

impl BodyFormat {
    /// The format of a content type; none means JSON.
    pub(crate) fn of(content_type: &str, cbor: bool) -> Result<Self, ApiError> {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        match essence.to_ascii_lowercase().as_str() {
            "" | "application/json" => Ok(Self::Json),
            "application/yaml" => Ok(Self::Yaml),
            "application/vnd.kubernetes.protobuf" => Ok(Self::Protobuf),
            "application/cbor" if cbor => Ok(Self::Cbor),
            _ => Err(ApiError::unsupported_media_type(&BODY_TYPES[..BODY_TYPES.len() - usize::from(!cbor)])),
        }
    }

    /// The same for custom resources, which have no protobuf form.
    pub(crate) fn of_custom(content_type: &str, cbor: bool) -> Result<Self, ApiError> {
        match Self::of(content_type, cbor) {
            Ok(Self::Protobuf) | Err(_) => {
                let can = BODY_TYPES.into_iter().filter(|own| match *own {
                    "application/cbor" => cbor,
                    own => !own.ends_with("protobuf"),
                });
                Err(ApiError::unsupported_media_type(&can.collect::<Vec<_>>()))
            }
            format => format,
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
        let decoded = self.decode(ty, &options).map_err(PayloadError::Decode)?;
        settle(decoded, validation, warnings)
    }

    fn decode(&self, ty: &TypeRef, options: &Options) -> Result<Decoded, DecodeError> {
        match self.format {
            BodyFormat::Json => json::decode(&self.bytes, ty, options),
            BodyFormat::Yaml => yaml::decode(&self.bytes, ty, options),
            BodyFormat::Cbor => cbor::decode(&self.bytes, ty, options),
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
        warnings: &mut Vec<String>,
    ) -> Result<Value, ApiError> {
        let mut object = self.read(ty, validation, warnings).map_err(|error| self.refuse(gvk, &error))?;
        check_header(&object, gvk)?;
        super::create::stamp(&mut object, gvk);
        set_defaults(gvk, &mut object);
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
            PayloadError::Decode(error @ DecodeError::Syntax { .. }) => match self.format {
                BodyFormat::Json => format!("couldn't get version/kind; json parse error: {error}"),
                BodyFormat::Yaml => format!("error converting YAML to JSON: {error}"),
                BodyFormat::Protobuf => error.to_string(),
                BodyFormat::Cbor => format!("unable to determine group/version/kind: {error}"),
            },
            // Kind and version are read first, into a struct without a name.
            PayloadError::Decode(DecodeError::Type(mismatch))
                if mismatch.field.is_empty() && mismatch.owner.is_empty() =>
            {
                let found = &mismatch.found;
                let words = format!("json: cannot unmarshal {found} into Go value of type {HEADER}");
                format!("couldn't get version/kind; json parse error: {words}")
            }
            PayloadError::Decode(error) => error.to_string(),
            PayloadError::Strict(complaints) => strict_words(complaints),
        };
        match self.own_kind(gvk) {
            Some((version, kind)) => ApiError::bad_request(format!(
                "{kind} in version {version:?} cannot be handled as a {}: {words}",
                gvk.kind
            )),
            None => ApiError::bad_request(format!(
                "the object provided is unrecognized (must be of type {}): {words} ({})",
                gvk.kind,
                summary(&self.bytes)
            )),
        }
    }

    /// The version and kind that the body claims; those of the endpoint where it claims none. `None`: it is not
    /// well-formed.
    fn own_kind(&self, gvk: &GroupVersionKind) -> Option<(String, String)> {
        let (api_version, kind) = match self.format {
            BodyFormat::Protobuf => {
                let (meta, _) = protobuf::unwrap(&self.bytes).ok()?;
                (meta.api_version, meta.kind)
            }
            _ => {
                let shape = mizzen_schema::table::Shape::Any;
                let options = Options::default();
                let decoded = match self.format {
                    BodyFormat::Json => json::decode_shape(&self.bytes, &shape, &options),
                    BodyFormat::Cbor => cbor::decode_shape(&self.bytes, &shape, &options),
                    _ => yaml::decode_shape(&self.bytes, &shape, &options),
                };
                let value = decoded.ok()?.value;
                if !matches!(value, Value::Map(_)) {
                    return None;
                }
                let text = |name: &str| value.str_at(&[name]).unwrap_or_default().to_owned();
                (text("apiVersion"), text("kind"))
            }
        };
        let version = match api_version.rsplit('/').next() {
            None | Some("") => gvk.version.to_string(),
            Some(version) => version.to_owned(),
        };
        Some((version, if kind.is_empty() { gvk.kind.to_string() } else { kind }))
    }
}

/// Fills in the defaults of an object: those of its built-in kind, or of its definition's schema.
pub(crate) fn set_defaults(gvk: &GroupVersionKind, object: &mut Value) {
    let custom = object.as_struct().and_then(|fields| fields.ty().custom.clone());
    match custom {
        Some(custom) => mizzen_machinery::custom::fill(object, &custom.schema),
        None => default::object(&gvk.group, &gvk.kind, object),
    }
}

/// The struct into which kube-apiserver first reads a body, as Go prints its type.
const HEADER: &str =
    r#"struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }"#;

/// Longest start of a body that an error repeats.
const SUMMARY_LEN: usize = 30;

/// The start of a body: as it is if it may be JSON, else in hexadecimal.
fn summary(body: &[u8]) -> String {
    let start = &body[..body.len().min(SUMMARY_LEN)];
    let shown = match body.first() {
        None => return "<empty>".to_owned(),
        Some(b'{') => String::from_utf8_lossy(start).into_owned(),
        Some(_) => hex::encode(start),
    };
    if body.len() > SUMMARY_LEN { format!("{shown} ...") } else { shown }
}

/// Kubernetes' words for what strict reading found.
pub(crate) fn strict_words(complaints: &[String]) -> String {
    format!("strict decoding error: {}", complaints.join(", "))
}

/// Treats complaints as the client asked.
pub(crate) fn settle(
    decoded: Decoded,
    validation: FieldValidation,
    warnings: &mut Vec<String>,
) -> Result<Value, PayloadError> {
    match validation {
        FieldValidation::Ignore => {}
        FieldValidation::Warn => warnings.extend(decoded.complaints),
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
