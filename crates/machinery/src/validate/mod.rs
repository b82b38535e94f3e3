//! Validation of built-in kinds, field by field.
//!
//! Rules run after defaulting, and complain in the order and words in which Kubernetes does.
//! Source: API reference of each kind, and the API conventions on validation.

mod access;
mod admission;
mod batch;
mod check;
mod container;
mod core;
mod definition;
mod devices;
mod endpoints;
mod events;
mod extension;
mod flow;
mod meta;
pub(crate) mod metadata;
mod networking;
mod node;
mod os;
mod pod;
mod quota;
mod resources;
mod scaling;
mod scheduling;
mod security;
mod service;
mod storage;
mod volume;
mod warn;
mod workload;

use mizzen_schema::value::Value;

use crate::field::FieldError;
use check::Errors;
pub use definition::{Approval, api_approval, non_structural};
use meta::NameRule;

/// What is wrong with a new object (after defaulting), in the order in which Kubernetes reports it.
pub fn create(group: &str, kind: &str, object: &Value) -> Vec<FieldError> {
    let mut errors = Errors::new();
    if has_name(group, kind) {
        let (rule, strict) = (NameRule::of(group, kind), !definition::is(group, kind));
        meta::create(&mut errors, object, rule, meta::is_namespaced(object), strict);
    }
    match (group, kind) {
        ("", "Pod") => pod::create(&mut errors, object),
        ("", "Service") => service::service(&mut errors, object, None),
        ("networking.k8s.io", "Ingress") => networking::ingress_create(&mut errors, object),
        _ => whole(&mut errors, group, kind, object),
    }
    errors
}

/// What is wrong with a change of an object: immutable fields too.
pub fn update(group: &str, kind: &str, new: &Value, old: &Value) -> Vec<FieldError> {
    let mut errors = Errors::new();
    if has_name(group, kind) {
        meta::changed(&mut errors, new, old, !definition::is(group, kind));
    }
    change(&mut errors, group, kind, new, old);
    errors
}

/// What is wrong with a change through a subresource (`status`, `ephemeralcontainers`, `resize`, …).
pub fn update_subresource(
    group: &str,
    kind: &str,
    subresource: &str,
    new: &Value,
    old: &Value,
) -> Vec<FieldError> {
    let mut errors = Errors::new();
    if subresource == "scale" {
        workload::scale(&mut errors, new);
        return errors;
    }
    meta::changed(&mut errors, new, old, !definition::is(group, kind));
    match (group, kind, subresource) {
        ("", "Pod", "status") => pod::update_status(&mut errors, new, old),
        ("", "Pod", "ephemeralcontainers") => pod::update_ephemeral(&mut errors, new, old),
        ("", "Pod", "resize") => pod::update_resize(&mut errors, new, old),
        ("", "Service", "status") => service::update_status(&mut errors, new, old),
        ("apiextensions.k8s.io", "CustomResourceDefinition", "status") => {
            definition::status_update(&mut errors, new);
        }
        ("", "Namespace", "status") => core::namespace_status(&mut errors, new),
        ("", "Namespace", "finalize") => core::namespace_finalize(&mut errors, new),
        ("", "Node", "status") => node::update(&mut errors, new, old),
        ("autoscaling", "HorizontalPodAutoscaler", "status") => scaling::autoscaler_status(&mut errors, new),
        ("", "PersistentVolumeClaim", "status") => storage::claim_status(&mut errors, new),
        ("", "ResourceQuota", "status") => quota::quota_status(&mut errors, new),
        ("", "ReplicationController", "status") | ("apps", _, "status") => {
            workload::status(&mut errors, kind, new, old);
        }
        ("batch", "Job", "status") => batch::job_status(&mut errors, new, old),
        ("networking.k8s.io", "Ingress", "status") => networking::ingress_status(&mut errors, new, old),
        ("admissionregistration.k8s.io", _, "status") => admission::policy_status(&mut errors, new),
        ("apiregistration.k8s.io", _, "status") => extension::api_service_status(&mut errors, new),
        ("flowcontrol.apiserver.k8s.io", _, "status") => flow::status(&mut errors, new),
        ("resource.k8s.io", "ResourceClaim", "status") => devices::claim_status(&mut errors, new, old),
        ("storagemigration.k8s.io", _, "status") => extension::migration_status(&mut errors, new, old),
        ("certificates.k8s.io", "CertificateSigningRequest", "status" | "approval") => {
            access::signing_request_update(&mut errors, new, old, subresource);
        }
        _ => {}
    }
    errors
}

/// Warnings for deprecated or odd but accepted fields, as Kubernetes words them.
pub fn warnings(group: &str, kind: &str, object: &Value) -> Vec<String> {
    if definition::is(group, kind) {
        return definition::warnings(object);
    }
    warn::all(group, kind, object)
}

/// Warnings for the name of a new object, where its pods get names from it.
pub fn name_warnings(group: &str, kind: &str, object: &Value) -> Vec<String> {
    warn::names(group, kind, object)
}

/// Kinds that are kept under a name; reviews are only asked and answered.
fn has_name(group: &str, kind: &str) -> bool {
    !matches!(group, "authentication.k8s.io" | "authorization.k8s.io")
        && !matches!(kind, "Scale" | "Eviction" | "Binding" | "Status" | "DeleteOptions")
}

/// What every object of a kind must be.
fn whole(errors: &mut Errors, group: &str, kind: &str, object: &Value) {
    match (group, kind) {
        ("", "ConfigMap") => core::config_map(errors, object),
        ("", "Secret") => core::secret(errors, object),
        ("", "Namespace") => core::namespace(errors, object),
        ("", "Node") => node::node(errors, object),
        ("", "Binding") => pod::binding(errors, object),
        ("", "Endpoints") => endpoints::endpoints(errors, object),
        ("" | "events.k8s.io", "Event") => events::create(errors, group, object),
        ("", "LimitRange") => quota::limit_range(errors, object),
        ("", "ResourceQuota") => quota::resource_quota(errors, object),
        ("", "PersistentVolume") => storage::persistent_volume(errors, object),
        ("", "PersistentVolumeClaim") => storage::claim(errors, object),
        ("", "ReplicationController") => core::replication_controller(errors, object),
        ("", "PodTemplate") => {
            let path = crate::field::Path::new("template");
            pod::template(errors, &path, object.get("template").unwrap_or(&Value::Null));
        }
        ("apps", "Deployment") => workload::deployment(errors, object),
        ("apps", "ReplicaSet") => workload::replica_set(errors, object),
        ("apps", "DaemonSet") => workload::daemon_set(errors, object),
        ("apps", "StatefulSet") => workload::stateful_set(errors, object),
        ("apps", "ControllerRevision") => workload::controller_revision(errors, object),
        ("batch", "Job") => batch::job(errors, object),
        ("batch", "CronJob") => batch::cron_job(errors, object, None),
        ("autoscaling", "HorizontalPodAutoscaler") => scaling::autoscaler(errors, object),
        ("autoscaling", "Scale") => workload::scale(errors, object),
        ("policy", "PodDisruptionBudget") => scaling::disruption_budget(errors, object),
        ("scheduling.k8s.io", "PriorityClass") => scaling::priority_class(errors, object),
        ("node.k8s.io", "RuntimeClass") => scaling::runtime_class(errors, object),
        ("discovery.k8s.io", "EndpointSlice") => endpoints::endpoint_slice(errors, object),
        ("coordination.k8s.io", "Lease") => extension::lease(errors, object),
        ("coordination.k8s.io", "LeaseCandidate") => extension::lease_candidate(errors, object),
        ("networking.k8s.io", "Ingress") => networking::ingress(errors, object),
        ("networking.k8s.io", "IngressClass") => networking::ingress_class(errors, object),
        ("networking.k8s.io", "IPAddress") => networking::ip_address(errors, object),
        ("networking.k8s.io", "ServiceCIDR") => networking::service_cidr(errors, object),
        ("networking.k8s.io", "NetworkPolicy") => networking::network_policy(errors, object, None),
        ("storage.k8s.io", "StorageClass") => storage::storage_class(errors, object),
        ("storage.k8s.io", "CSIDriver") => storage::csi_driver(errors, object),
        ("storage.k8s.io", "CSINode") => storage::csi_node(errors, object),
        ("storage.k8s.io", "VolumeAttachment") => storage::volume_attachment(errors, object),
        ("storage.k8s.io", "CSIStorageCapacity") => storage::storage_capacity(errors, object),
        ("storage.k8s.io", "VolumeAttributesClass") => storage::attributes_class(errors, object),
        ("rbac.authorization.k8s.io", "Role") => access::role(errors, object, true),
        ("rbac.authorization.k8s.io", "ClusterRole") => access::role(errors, object, false),
        ("rbac.authorization.k8s.io", "RoleBinding") => access::binding(errors, object, true),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding") => access::binding(errors, object, false),
        ("certificates.k8s.io", "CertificateSigningRequest") => access::signing_request(errors, object),
        ("certificates.k8s.io", "ClusterTrustBundle") => extension::trust_bundle(errors, object),
        ("certificates.k8s.io", "PodCertificateRequest") => {
            extension::pod_certificate_request(errors, object);
        }
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definition::create(errors, object),
        ("admissionregistration.k8s.io", kind) => admission(errors, kind, object, None),
        ("apiregistration.k8s.io", "APIService") => extension::api_service(errors, object),
        ("flowcontrol.apiserver.k8s.io", "FlowSchema") => flow::flow_schema(errors, object),
        ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration") => {
            flow::priority_level(errors, object)
        }
        ("storagemigration.k8s.io", "StorageVersionMigration") => extension::migration(errors, object),
        ("resource.k8s.io", "ResourceClaim") => devices::claim(errors, object),
        ("resource.k8s.io", "ResourceClaimTemplate") => devices::claim_template(errors, object),
        ("resource.k8s.io", "DeviceClass") => devices::class(errors, object),
        ("resource.k8s.io", "ResourceSlice") => devices::slice(errors, object, None),
        ("authentication.k8s.io", "TokenRequest") => access::token_request(errors, object),
        (
            "authorization.k8s.io",
            "SubjectAccessReview" | "SelfSubjectAccessReview" | "LocalSubjectAccessReview",
        ) => access::access_review(errors, object, kind),
        _ => {}
    }
}

/// Webhooks and policies; of what takes another's place, some of its own faults are borne.
fn admission(errors: &mut Errors, kind: &str, object: &Value, old: Option<&Value>) {
    match kind {
        "MutatingWebhookConfiguration" => admission::webhooks(errors, object, old, true),
        "ValidatingWebhookConfiguration" => admission::webhooks(errors, object, old, false),
        "ValidatingAdmissionPolicy" => admission::validating_policy(errors, object, old),
        "MutatingAdmissionPolicy" => admission::mutating_policy(errors, object, old),
        "ValidatingAdmissionPolicyBinding" => admission::policy_binding(errors, object, true),
        "MutatingAdmissionPolicyBinding" => admission::policy_binding(errors, object, false),
        _ => {}
    }
}

/// What a change must keep, and what the changed object must be.
fn change(errors: &mut Errors, group: &str, kind: &str, new: &Value, old: &Value) {
    match (group, kind) {
        ("", "Pod") => pod::update(errors, new, old),
        ("", "Service") => service::update(errors, new, old),
        ("", "ConfigMap") => core::config_map_update(errors, new, old),
        ("", "Secret") => core::secret_update(errors, new, old),
        ("", "Namespace") => {}
        ("" | "events.k8s.io", "Event") => events::update(errors, group, new, old),
        ("", "Node") => node::update(errors, new, old),
        ("", "PersistentVolume") => storage::persistent_volume_update(errors, new, old),
        ("", "PersistentVolumeClaim") => storage::claim_update(errors, new, old),
        ("", "ResourceQuota") => {
            quota::resource_quota_update(errors, new, old);
        }
        ("apps", "Deployment" | "ReplicaSet" | "DaemonSet") => {
            whole(errors, group, kind, new);
            workload::kept_selector(errors, new, old);
        }
        ("apps", "StatefulSet") => workload::stateful_set_update(errors, new, old),
        ("apps", "ControllerRevision") => workload::controller_revision_update(errors, new, old),
        ("batch", "Job") => batch::job_update(errors, new, old),
        ("batch", "CronJob") => batch::cron_job(errors, new, Some(old)),
        ("scheduling.k8s.io", "PriorityClass") => scaling::priority_class_update(errors, new, old),
        ("node.k8s.io", "RuntimeClass") => {
            let path = crate::field::Path::new("handler");
            check::immutable(errors, &path, new.get("handler"), old.get("handler"));
        }
        ("", "Endpoints") => endpoints::endpoints_update(errors, new, old),
        ("discovery.k8s.io", "EndpointSlice") => endpoints::endpoint_slice_update(errors, new, old),
        ("networking.k8s.io", "IngressClass") => networking::ingress_class_update(errors, new, old),
        ("networking.k8s.io", "IPAddress") => networking::ip_address_update(errors, new, old),
        ("networking.k8s.io", "ServiceCIDR") => networking::service_cidr_update(errors, new, old),
        ("networking.k8s.io", "NetworkPolicy") => networking::network_policy(errors, new, Some(old)),
        ("storage.k8s.io", "StorageClass") => {
            storage::storage_class_update(errors, new, old);
        }
        ("storage.k8s.io", "CSIDriver") => storage::csi_driver_update(errors, new, old),
        ("storage.k8s.io", "CSINode") => storage::csi_node_update(errors, new, old),
        ("storage.k8s.io", "CSIStorageCapacity") => storage::storage_capacity_update(errors, new, old),
        ("storage.k8s.io", "VolumeAttachment") => storage::volume_attachment_update(errors, new, old),
        ("storage.k8s.io", "VolumeAttributesClass") => {
            storage::attributes_class_update(errors, new, old);
        }
        ("rbac.authorization.k8s.io", "RoleBinding") => access::binding_update(errors, new, old, true),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding") => {
            access::binding_update(errors, new, old, false)
        }
        ("certificates.k8s.io", "CertificateSigningRequest") => {
            access::signing_request_update(errors, new, old, "");
        }
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definition::update(errors, new, old),
        ("certificates.k8s.io", "ClusterTrustBundle") => extension::trust_bundle_update(errors, new, old),
        ("resource.k8s.io", "ResourceClaim" | "ResourceClaimTemplate") => {
            devices::kept_spec(errors, new, old);
        }
        ("resource.k8s.io", "ResourceSlice") => devices::slice(errors, new, Some(old)),
        ("certificates.k8s.io", "PodCertificateRequest") => {
            extension::pod_certificate_request_update(errors, new, old);
        }
        ("coordination.k8s.io", "LeaseCandidate") => extension::lease_candidate_update(errors, new, old),
        ("storagemigration.k8s.io", "StorageVersionMigration") => {
            extension::migration_update(errors, new, old);
        }
        ("admissionregistration.k8s.io", kind) => admission(errors, kind, new, Some(old)),
        _ => whole(errors, group, kind, new),
    }
}

#[cfg(test)]
mod tests;
