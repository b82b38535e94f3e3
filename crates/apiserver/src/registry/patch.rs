//! PATCH: the four kinds of patches, each a way to change what is there.

use bytes::Bytes;
use mizzen_machinery::apply::ApplyError;
use mizzen_machinery::meta;
use mizzen_machinery::patch::{self, PatchError};
use mizzen_schema::decode::Options;
use mizzen_schema::value::Value;

use super::body::{self, BodyFormat, Payload, PayloadError};
use super::{Context, Part, Registry};
use crate::options::FieldValidation;
use crate::status::{ApiError, Cause, Details};

/// The kind of a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PatchType {
    Json,
    Merge,
    Strategic,
    Apply,
}

/// Media types of patches, in Kubernetes' order; custom resources have no strategic merge.
const PATCH_TYPES: [&str; 5] = [
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
    "application/apply-patch+cbor",
];

/// How an object is to be changed.
#[derive(Debug)]
pub(crate) enum Change {
    /// PUT: to this, decoded and defaulted.
    Replace(Value),
    /// By a patch's text.
    Patch { ty: PatchType, body: Bytes },
    /// By server-side apply.
    Apply { applied: Value, force: bool },
}

impl PatchType {
    /// The type that a content type names, and the encoding of such patches.
    pub(crate) fn of(content_type: &str, builtin: bool, cbor: bool) -> Result<(Self, BodyFormat), ApiError> {
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match PATCH_TYPES.iter().position(|own| *own == essence) {
            Some(0) => Ok((Self::Json, BodyFormat::Json)),
            Some(1) => Ok((Self::Merge, BodyFormat::Json)),
            Some(2) if builtin => Ok((Self::Strategic, BodyFormat::Json)),
            Some(3) => Ok((Self::Apply, BodyFormat::Yaml)),
            Some(4) if cbor => Ok((Self::Apply, BodyFormat::Cbor)),
            // The router's words: it looks at the media types of built-in kinds, and says none.
            _ if builtin => Err(ApiError {
                message: "415: Unsupported Media Type".to_owned(),
                details: Some(Box::default()),
                ..ApiError::unsupported_media_type(&[])
            }),
            _ => {
                let can: Vec<&str> = PATCH_TYPES
                    .into_iter()
                    .filter(|own| !own.contains("strategic") && (cbor || !own.ends_with("cbor")))
                    .collect();
                Err(ApiError::unsupported_media_type(&can))
            }
        }
    }
}

impl Registry {
    /// The change that a patch's body asks for; options that do not go with its type are refused.
    pub(crate) fn read_patch(
        &self,
        context: &mut Context<'_>,
        part: Part,
        ty: PatchType,
        payload: Payload,
    ) -> Result<Change, ApiError> {
        let invalid = |field: &str, reason: &str, message: &str| {
            let cause = Cause { reason: reason.into(), message: message.into(), field: field.into() };
            ApiError::invalid("meta.k8s.io", "PatchOptions", "", vec![cause])
        };
        if ty != PatchType::Apply {
            if context.options.force.is_some() {
                let message = "Forbidden: may not be specified for non-apply patch";
                return Err(invalid("force", "FieldValueForbidden", message));
            }
            return Ok(Change::Patch { ty, body: payload.bytes });
        }
        if context.options.field_manager.is_empty() {
            let message = "Required value: is required for apply patch";
            return Err(invalid("fieldManager", "FieldValueRequired", message));
        }
        let gvk = match part {
            Part::Scale => crate::tree::builtin_type(super::scale::TYPE).kinds.first().cloned(),
            _ => Some(context.served.resource.gvk.clone()),
        };
        let gvk = gvk.ok_or_else(|| ApiError::internal("Scale has no kind"))?;
        let validation = context.options.field_validation;
        let ty = part.ty(context.served);
        let mut applied = payload.applied(&ty, &gvk, validation, &mut context.warnings)?;
        if applied.path(&["metadata", "managedFields"]).is_some_and(|entries| !entries.is_zero()) {
            return Err(ApiError::bad_request("metadata.managedFields must be nil"));
        }
        let (name, path) = (meta::name(&applied), &context.target.name);
        if name.is_empty() {
            crate::tree::set_text(&mut applied, &["metadata", "name"], path);
        } else if name != path {
            return Err(super::meta::name_mismatch(name, path));
        }
        super::meta::settle_namespace(context, &mut applied)?;
        Ok(Change::Apply { applied, force: context.options.force == Some(true) })
    }
}

impl Change {
    /// What the endpoint shows after the change.
    pub(super) fn make(
        &self,
        context: &mut Context<'_>,
        part: Part,
        shown: &Value,
    ) -> Result<Value, ApiError> {
        match self {
            Self::Replace(new) | Self::Apply { applied: new, .. } => Ok(new.clone()),
            Self::Patch { ty, body } => {
                let validation = context.options.field_validation;
                let options = Options { strict: validation != FieldValidation::Ignore, ..Options::default() };
                let patched = match ty {
                    PatchType::Json => patch::json_patch(shown, body, &options),
                    PatchType::Merge => patch::merge_patch(shown, body, &options),
                    _ => patch::strategic_merge_patch(shown, body, &options),
                };
                let decoded = patched.map_err(|error| patch_error(*ty, body, error))?;
                let settled = body::settle(decoded, validation, &mut context.warnings);
                let mut new = settled.map_err(|error| strict_error(*ty, body, error))?;
                if part != Part::Scale {
                    body::set_defaults(&context.served.resource.gvk, &mut new);
                }
                Ok(new)
            }
        }
    }
}

fn patch_error(ty: PatchType, patch: &Bytes, error: PatchError) -> ApiError {
    match error {
        PatchError::Malformed(message) => ApiError::bad_request(message),
        PatchError::TooLarge(message) => ApiError::too_large(message),
        PatchError::Inapplicable(why) => {
            tracing::debug!(%why, "A patch does not apply.");
            let message = "the server rejected our request due to an error in our request".to_owned();
            ApiError { code: 422, reason: "Invalid", message, details: Some(Box::default()) }
        }
        PatchError::Unreadable { why, result } => {
            let result = if ty == PatchType::Strategic { shown(ty, patch) } else { cut(result) };
            invalid_patch(&result, &why)
        }
    }
}

/// The 422 for a patch whose result is no object of the kind: the patch is at fault, whatever it is for.
fn invalid_patch(shown: &str, why: &str) -> ApiError {
    let cause = Cause {
        reason: "FieldValueInvalid".to_owned(),
        message: format!("Invalid value: {}: {why}", mizzen_machinery::field::quote(shown)),
        field: "patch".to_owned(),
    };
    ApiError::invalid("", "", "", vec![cause])
}

/// Longest text of a patch that an error repeats.
const PATCH_SHOWN_MAX: usize = 4096;

fn strict_error(ty: PatchType, patch: &Bytes, error: PayloadError) -> ApiError {
    let words = match error {
        PayloadError::Decode(error) => return ApiError::bad_request(error.to_string()),
        PayloadError::Strict(complaints) => body::strict_words(&complaints),
    };
    invalid_patch(&shown(ty, patch), &words)
}

/// A patch as an error repeats it: strategic ones as Go prints maps, others as they came.
fn shown(ty: PatchType, patch: &[u8]) -> String {
    let text = match (ty, serde_json::from_slice::<serde_json::Value>(patch)) {
        (PatchType::Strategic, Ok(tree)) => {
            let mut text = String::new();
            print(&tree, &mut text);
            text
        }
        _ => String::from_utf8_lossy(&patch[..patch.len().min(PATCH_SHOWN_MAX)]).into_owned(),
    };
    cut(text)
}

fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(PATCH_SHOWN_MAX));
    text
}

/// Go's `%v` of a decoded JSON value. serde_json has bounded how deep it is.
fn print(value: &serde_json::Value, out: &mut String) {
    use serde_json::Value as Json;
    let join = |out: &mut String, at: usize| {
        if at > 0 {
            out.push(' ');
        }
    };
    match value {
        Json::Null => out.push_str("<nil>"),
        Json::Bool(_) | Json::Number(_) => out.push_str(&value.to_string()),
        Json::String(text) => out.push_str(text),
        Json::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                join(out, at);
                print(item, out);
            }
            out.push(']');
        }
        Json::Object(members) => {
            let sorted: std::collections::BTreeMap<_, _> = members.iter().collect();
            out.push_str("map[");
            for (at, (key, member)) in sorted.into_iter().enumerate() {
                join(out, at);
                out.push_str(key);
                out.push(':');
                print(member, out);
            }
            out.push(']');
        }
    }
}

/// A failed apply: conflicts are its causes, by manager and then by field.
pub(super) fn apply_error(error: ApplyError) -> ApiError {
    let message = error.to_string();
    let conflicts = match error {
        ApplyError::Malformed(message) => return ApiError::bad_request(message),
        ApplyError::Conflicts(conflicts) => conflicts,
    };
    let causes = conflicts.into_iter().map(|conflict| Cause {
        reason: "FieldManagerConflict".to_owned(),
        message: conflict.with,
        field: conflict.field,
    });
    let details = Details { causes: causes.collect(), ..Details::default() };
    ApiError { code: 409, reason: "Conflict", message, details: Some(Box::new(details)) }
}

#[cfg(test)]
mod tests {
    use mizzen_machinery::apply::Conflict;

    use super::*;

    #[test]
    fn patches_are_repeated_as_go_prints_them() {
        let sent = br#"{"spec":{"b":1,"a":[{"x":null},"t"]},"c":true}"#;
        assert_eq!(shown(PatchType::Strategic, sent), "map[c:true spec:map[a:[map[x:<nil>] t] b:1]]");
        assert_eq!(shown(PatchType::Merge, sent).as_bytes(), sent);
    }

    #[test]
    fn conflicts_are_causes() {
        let conflict =
            |with: &str, field: &str| Conflict { with: format!("conflict with {with}"), field: field.into() };
        let one = apply_error(ApplyError::Conflicts(vec![conflict("\"a\"", ".spec.x")]));
        assert_eq!(one.message, "Apply failed with 1 conflict: conflict with \"a\": .spec.x");
        let many = [conflict("\"a\"", ".x"), conflict("\"a\"", ".y"), conflict("\"b\" using v1", ".z")];
        let many = apply_error(ApplyError::Conflicts(many.to_vec()));
        let expect = "Apply failed with 3 conflicts: conflicts with \"a\":\n- .x\n- .y\nconflicts with \"b\" using v1:\n- .z";
        assert_eq!((many.code, many.reason, many.message.as_str()), (409, "Conflict", expect));
        let details = many.details.expect("causes");
        assert_eq!(details.causes[2].message, "conflict with \"b\" using v1");
        assert_eq!(details.causes[2].field, ".z");
    }
}
