//! DenyServiceExternalIPs: no new external addresses on Services, with which one could take over others'
//! traffic.

use async_trait::async_trait;
use mizzen_schema::value::Value;

use super::tree::texts;
use super::{Operation, Plugin, Request};
use crate::status::ApiError;

/// The plugin.
pub(super) struct DenyServiceExternalIps;

#[async_trait]
impl Plugin for DenyServiceExternalIps {
    fn name(&self) -> &'static str {
        "DenyServiceExternalIPs"
    }

    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        let write = matches!(request.operation, Operation::Create | Operation::Update);
        let Some(service) = request.object.as_deref().filter(|_| write && request.is("", "services")) else {
            return Ok(());
        };
        let old = request.old.unwrap_or(&Value::Null);
        let path = ["spec", "externalIPs"];
        let fresh = texts(service, &path).any(|new| !texts(old, &path).any(|old| old == new));
        if fresh {
            let why = "Use of external IPs is denied by admission control";
            return Err(request.forbidden(why));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fake::Attempt;
    use super::*;

    #[tokio::test]
    async fn old_addresses_may_stay() {
        let service = |addresses: &[&str]| json!({"spec": {"externalIPs": addresses}});
        let plugin = &DenyServiceExternalIps;
        let update =
            |new: &[&str], old: &[&str]| Attempt::update("", "services", "web", service(new), service(old));
        assert!(Attempt::create("", "services", "web", service(&["1.2.3.4"])).run(plugin).await.is_err());
        assert!(Attempt::create("", "services", "web", service(&[])).run(plugin).await.is_ok());
        assert!(update(&["1.2.3.4"], &["1.2.3.4", "5.6.7.8"]).run(plugin).await.is_ok());
        assert!(update(&["9.9.9.9"], &["1.2.3.4"]).run(plugin).await.is_err());
    }
}
