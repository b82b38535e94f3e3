//! Kubernetes' strategic merge patch.

use mizzen_schema::decode::{Decoded, Options};
use mizzen_schema::value::Value;

use super::PatchError;

/// Applies `patch` (its JSON or YAML text) to `object`; complaints are those of reading the result (strict only).
pub fn strategic_merge_patch(
    _object: &Value,
    _patch: &[u8],
    _options: &Options,
) -> Result<Decoded, PatchError> {
    todo!()
}
