//! Defaults of built-in kinds: what the API server fills in when a field is unset.
//!
//! Each kind's defaults run from the outside in, as the order matters where one default depends on another.
//! Source: the API reference of each kind ("defaults to …").

mod admission;
mod apps;
mod autoscaling;
mod batch;
mod core;
mod flowcontrol;
mod networking;
mod others;
mod pod;
mod resources;
mod service;
mod storage;
mod volume;

use mizzen_schema::value::Value;

/// Fills in the defaults of a built-in kind (versioned defaulting; what admission and strategies set is theirs).
/// Idempotent.
pub fn object(group: &str, kind: &str, object: &mut Value) {
    let Some(object) = object.as_struct_mut() else { return };
    match (group, kind) {
        ("", "Pod") => pod::pod(object),
        ("", "PodTemplate") => pod::template(object, "template"),
        ("", "ReplicationController") => core::replication_controller(object),
        ("", "Service") => service::service(object),
        ("", "Endpoints") => service::endpoints(object),
        ("", "Namespace") => core::namespace(object),
        ("", "Node") => core::node(object),
        ("", "Secret") => core::secret(object),
        ("", "LimitRange") => core::limit_range(object),
        ("", "ResourceQuota") => core::resource_quota(object),
        ("", "PersistentVolume") => volume::persistent_volume(object),
        ("", "PersistentVolumeClaim") => volume::claim(object),
        ("apps", "Deployment") => apps::deployment(object),
        ("apps", "ReplicaSet") => apps::replica_set(object),
        ("apps", "DaemonSet") => apps::daemon_set(object),
        ("apps", "StatefulSet") => apps::stateful_set(object),
        ("batch", "Job") => batch::job(object),
        ("batch", "CronJob") => batch::cron_job(object),
        ("autoscaling", "HorizontalPodAutoscaler") => autoscaling::horizontal_pod_autoscaler(object),
        ("networking.k8s.io", "NetworkPolicy") => networking::network_policy(object),
        ("networking.k8s.io", "IngressClass") => networking::ingress_class(object),
        ("discovery.k8s.io", "EndpointSlice") => service::endpoint_slice(object),
        ("storage.k8s.io", "StorageClass") => storage::storage_class(object),
        ("storage.k8s.io", "CSIDriver") => storage::csi_driver(object),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => others::role_binding(object),
        ("scheduling.k8s.io", "PriorityClass") => others::priority_class(object),
        ("authentication.k8s.io", "TokenRequest") => others::token_request(object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => others::custom_resource_definition(object),
        ("apiregistration.k8s.io", "APIService") => others::api_service(object),
        ("resource.k8s.io", kind) => resources::object(kind, object),
        ("admissionregistration.k8s.io", kind) => admission::object(kind, object),
        ("flowcontrol.apiserver.k8s.io", kind) => flowcontrol::object(kind, object),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
