//! Virtual resources and subresources: those that a POST makes happen, and that nothing stores.

use async_trait::async_trait;
use mizzen_schema::value::Value;

use crate::attributes::{ResourceTarget, User};
use crate::status::ApiError;

/// A call of an action.
#[derive(Debug)]
pub struct Call<'a> {
    /// Who.
    pub user: &'a User,
    /// The resource (and the object's namespace and name, for subresources).
    pub target: &'a ResourceTarget,
    /// Change nothing.
    pub dry_run: bool,
}

/// What a POST to a virtual resource (`subjectaccessreviews`, `tokenreviews`) or subresource (`serviceaccounts/token`)
/// does. It is authorised already, and the body decoded and defaulted.
#[async_trait]
pub trait Action: Send + Sync + 'static {
    /// Does it; the answer is of the body's kind.
    async fn create(&self, call: Call<'_>, body: Value) -> Result<Value, ApiError>;
}
