//! How writes ended, for plugins that took something on the way in: addresses, ports.

use async_trait::async_trait;
use mizzen_schema::value::Value;

/// Is told what became of each write of a resource that was admitted and was no dry run.
///
/// | what happened | `gone` | `kept` |
/// |---|---|---|
/// | a create failed after admission | the new object | `None` |
/// | an update failed after admission | the new object | the old one |
/// | an update was stored | the old object | the new one |
/// | an object was deleted | the old object | `None` |
#[async_trait]
pub trait Observer: Send + Sync + 'static {
    /// What `gone` has and `kept` has not is free again.
    async fn ended(&self, gone: &Value, kept: Option<&Value>);
}
