//! Patches. All take the typed tree and give a typed tree of the same type.
//!
//! A patch works on a free-form copy of the object, as Kubernetes patches an object's JSON, and the result is read
//! back as the object's type. Patches come as JSON, or as YAML.

mod json;
mod merge;
mod strategic;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use mizzen_schema::decode::{DecodeError, Decoded, Options};
use mizzen_schema::table::Shape;
use mizzen_schema::value::Value;

pub use json::json_patch;
pub use merge::merge_patch;
pub use strategic::strategic_merge_patch;

use crate::tree;

/// Why a patch could not be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// The patch itself is malformed: 400.
    #[error("{0}")]
    Malformed(String),
    /// It does not fit the object (a failed `test`, a missing path): 422.
    #[error("{0}")]
    Inapplicable(String),
    /// What it makes is no object of the type: 422, with the result.
    #[error("{why}")]
    Unreadable {
        /// What the result's reader says.
        why: String,
        /// The result's JSON.
        result: String,
    },
    /// It does more than it may (`copy` growth, operations): 413.
    #[error("{0}")]
    TooLarge(String),
}

/// Reads a patch's text: JSON, or else YAML.
fn read(patch: &[u8], options: &Options) -> Result<Decoded, PatchError> {
    let decoded = match mizzen_schema::json::decode_shape(patch, &Shape::Any, options) {
        Err(DecodeError::Syntax { .. }) if !looks_like_json(patch) => {
            mizzen_schema::yaml::decode_shape(patch, &Shape::Any, options)
        }
        decoded => decoded,
    };
    decoded.map_err(|error| match error {
        DecodeError::Limit => PatchError::TooLarge(error.to_string()),
        error => PatchError::Malformed(format!("error decoding patch: {error}")),
    })
}

fn looks_like_json(text: &[u8]) -> bool {
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Makes a patched tree, and reads it as the object's type; complaints about the patch itself come first.
fn finish(
    object: &Value,
    options: &Options,
    make: impl Fn() -> Result<Decoded, PatchError>,
) -> Result<Decoded, PatchError> {
    let Decoded { value: patched, complaints: patch_complaints } = make()?;
    let mut decoded = match tree::retype_as(object, patched, options) {
        Ok(decoded) => decoded,
        Err(DecodeError::Limit) => return Err(PatchError::TooLarge(DecodeError::Limit.to_string())),
        Err(error) => {
            // Made again for the message: the tree is gone.
            let mut result = Vec::new();
            mizzen_schema::json::encode(&make()?.value, &mut result);
            let result = String::from_utf8_lossy(&result).into_owned();
            return Err(PatchError::Unreadable { why: error.to_string(), result });
        }
    };
    if !patch_complaints.is_empty() {
        let later = std::mem::replace(&mut decoded.complaints, patch_complaints);
        for complaint in later {
            if !decoded.complaints.contains(&complaint) {
                decoded.complaints.push(complaint);
            }
        }
    }
    Ok(decoded)
}
