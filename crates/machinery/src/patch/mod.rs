//! Patches. All take the typed tree and give a typed tree of the same type.

mod json;
mod merge;
mod strategic;

pub use json::json_patch;
pub use merge::merge_patch;
pub use strategic::strategic_merge_patch;

/// Why a patch could not be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// The patch itself is malformed: 400.
    #[error("{0}")]
    Malformed(String),
    /// It does not fit the object (a failed `test`, a missing path): 422.
    #[error("{0}")]
    Inapplicable(String),
    /// It does more than it may (`copy` growth, operations): 413.
    #[error("{0}")]
    TooLarge(String),
}
