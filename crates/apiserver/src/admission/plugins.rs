//! Which plugins there are, in kube-apiserver's order, and which are on.

use std::sync::Arc;

use mizzen_clock::Env;

use super::certificates::{CertificateApproval, CertificateSigning, CertificateSubjectRestriction};
use super::default_ingress_class::DefaultIngressClass;
use super::default_storage_class::DefaultStorageClass;
use super::default_toleration::DefaultTolerationSeconds;
use super::deny_external_ips::DenyServiceExternalIps;
use super::limit_ranger::LimitRanger;
use super::namespace_lifecycle::NamespaceLifecycle;
use super::node_restriction::NodeRestriction;
use super::owner_references::OwnerReferencesPermissionEnforcement;
use super::pod_security::PodSecurity;
use super::pod_topology_labels::PodTopologyLabels;
use super::priority::Priority;
use super::pvc_resize::PersistentVolumeClaimResize;
use super::rbac_escalation::RbacEscalation;
use super::resource_quota::ResourceQuota;
use super::runtime_class::RuntimeClass;
use super::service_account::ServiceAccount;
use super::storage_object_in_use::StorageObjectInUseProtection;
use super::taint_nodes::TaintNodesByCondition;
use super::{Lookup, Loopback, Plugin};
use crate::authz::Authorizer;

/// What plugins need.
#[derive(Clone)]
pub struct Parts {
    /// What they read.
    pub lookup: Arc<dyn Lookup>,
    /// Decides about further verbs (`escalate`, `bind`, `approve`, `sign`).
    pub authorizer: Arc<dyn Authorizer>,
    /// What they write through.
    pub loopback: Loopback,
    /// Randomness for names.
    pub env: Env,
}

/// `--enable-admission-plugins` and `--disable-admission-plugins`.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// On, though off by default.
    pub enable: Vec<String>,
    /// Off, though on by default.
    pub disable: Vec<String>,
}

/// A plugin that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown admission plugin {0:?}")]
pub struct UnknownPlugin(pub String);

/// Those that are off unless enabled.
const OFF: [&str; 2] = ["OwnerReferencesPermissionEnforcement", "DenyServiceExternalIPs"];
/// No plugin of kube-apiserver, which checks this in its RBAC storage: it cannot be switched off.
const ALWAYS: &str = "RBACEscalation";
/// Runs after everything that may still refuse (webhooks too): it charges what it admits.
pub const QUOTA: &str = "ResourceQuota";

/// The plugins that are on, in order. The last one is [`QUOTA`] when that is on; webhooks and policies belong
/// before it.
pub fn standard(parts: &Parts, selection: &Selection) -> Result<Vec<Arc<dyn Plugin>>, UnknownPlugin> {
    let Parts { lookup, authorizer, loopback, env } = parts.clone();
    let all: Vec<Arc<dyn Plugin>> = vec![
        Arc::new(NamespaceLifecycle::new(lookup.clone(), loopback.clone())),
        Arc::new(LimitRanger::new(lookup.clone())),
        Arc::new(ServiceAccount::new(lookup.clone(), loopback.clone(), env)),
        Arc::new(NodeRestriction::new(lookup.clone())),
        Arc::new(TaintNodesByCondition),
        Arc::new(PodSecurity::new(lookup.clone())),
        Arc::new(Priority::new(lookup.clone())),
        Arc::new(DefaultTolerationSeconds),
        Arc::new(DefaultStorageClass::new(lookup.clone())),
        Arc::new(StorageObjectInUseProtection),
        Arc::new(OwnerReferencesPermissionEnforcement::new(authorizer.clone())),
        Arc::new(PersistentVolumeClaimResize::new(lookup.clone())),
        Arc::new(RuntimeClass::new(lookup.clone())),
        Arc::new(CertificateApproval::new(authorizer.clone())),
        Arc::new(CertificateSigning::new(authorizer.clone())),
        Arc::new(CertificateSubjectRestriction),
        Arc::new(DefaultIngressClass::new(lookup.clone())),
        Arc::new(PodTopologyLabels::new(lookup.clone())),
        Arc::new(DenyServiceExternalIps),
        Arc::new(RbacEscalation::new(lookup.clone(), authorizer)),
        Arc::new(ResourceQuota::new(lookup, loopback)),
    ];
    let names: Vec<&str> = all.iter().map(|plugin| plugin.name()).collect();
    let here = |name: &str| names.contains(&name) || KNOWN_ELSEWHERE.contains(&name);
    let enabled = selection.enable.iter().find(|name| !here(name));
    let disabled = selection.disable.iter().find(|name| !here(name) && !NEVER_ON.contains(&name.as_str()));
    if let Some(unknown) = enabled.or(disabled) {
        return Err(UnknownPlugin(unknown.clone()));
    }
    let named = |list: &[String], name: &str| list.iter().any(|item| item == name);
    let is_on = |plugin: &Arc<dyn Plugin>| {
        let name = plugin.name();
        name == ALWAYS
            || !named(&selection.disable, name) && (!OFF.contains(&name) || named(&selection.enable, name))
    };
    Ok(all.into_iter().filter(is_on).collect())
}

/// Plugins that other parts of the server bring, and whose names are therefore no mistake.
const KNOWN_ELSEWHERE: [&str; 4] = [
    "MutatingAdmissionPolicy",
    "MutatingAdmissionWebhook",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionWebhook",
];

/// Plugins of kube-apiserver that Mizzen does not have: to disable one is no mistake, to enable it is.
const NEVER_ON: [&str; 12] = [
    "AlwaysAdmit",
    "AlwaysDeny",
    "AlwaysPullImages",
    "ClusterTrustBundleAttest",
    "EventRateLimit",
    "ExtendedResourceToleration",
    "ImagePolicyWebhook",
    "LimitPodHardAntiAffinityTopology",
    "NamespaceAutoProvision",
    "NamespaceExists",
    "PodNodeSelector",
    "PodTolerationRestriction",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::fake::Objects;
    use crate::authz::AlwaysAllow;

    #[test]
    fn selection() {
        let parts = Parts {
            lookup: Arc::new(Objects::new([])),
            authorizer: Arc::new(AlwaysAllow),
            loopback: Loopback::default(),
            env: Env::seeded(1, "2026-01-01T00:00:00Z".parse().unwrap()),
        };
        let names = |enable: &[&str], disable: &[&str]| {
            let own = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
            let selection = Selection { enable: own(enable), disable: own(disable) };
            let plugins = standard(&parts, &selection).map_err(|error| error.0)?;
            Ok::<_, String>(plugins.iter().map(|plugin| plugin.name()).collect::<Vec<_>>())
        };
        let default = names(&[], &[]).unwrap();
        assert_eq!((default.first(), default.last()), (Some(&"NamespaceLifecycle"), Some(&QUOTA)));
        assert!(!default.contains(&OFF[0]));
        assert!(names(&[OFF[0]], &[]).unwrap().contains(&OFF[0]));
        assert!(!names(&[], &[QUOTA]).unwrap().contains(&QUOTA));
        assert!(names(&[], &[ALWAYS]).unwrap().contains(&ALWAYS));
        assert_eq!(names(&["Typo"], &[]), Err("Typo".to_owned()));
        assert_eq!(names(&["AlwaysPullImages"], &[]), Err("AlwaysPullImages".to_owned()));
        assert!(names(&[], &["AlwaysPullImages"]).is_ok());
    }
}
