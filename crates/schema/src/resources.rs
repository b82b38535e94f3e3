//! The served resources, by group, version and plural: what no published crate says in full.
//!
//! Names, scopes, verbs and subresources are those of the OpenAPI document of the project's API level; a test
//! compares them with the reference table where that is there.

use std::mem::{forget, replace};

use crate::build::{Borrowed, GroupVersionKind, Text, Type, TypeRef, gvk};
use crate::generated;
use crate::table::{Resource, Subresource};

type Verbs = &'static [Text];

const ALL: Verbs = &[
    Borrowed("create"),
    Borrowed("delete"),
    Borrowed("deletecollection"),
    Borrowed("get"),
    Borrowed("list"),
    Borrowed("patch"),
    Borrowed("update"),
    Borrowed("watch"),
];
/// All but deletion of many at once.
const EACH: Verbs = &[
    Borrowed("create"),
    Borrowed("delete"),
    Borrowed("get"),
    Borrowed("list"),
    Borrowed("patch"),
    Borrowed("update"),
    Borrowed("watch"),
];
const READ: Verbs = &[Borrowed("get"), Borrowed("list")];
const CREATE: Verbs = &[Borrowed("create")];
const GET: Verbs = &[Borrowed("get")];
const UPDATE: Verbs = &[Borrowed("update")];
const CHANGE: Verbs = &[Borrowed("get"), Borrowed("patch"), Borrowed("update")];
const CONNECT: Verbs = &[Borrowed("create"), Borrowed("get")];
const PROXY: Verbs =
    &[Borrowed("create"), Borrowed("delete"), Borrowed("get"), Borrowed("patch"), Borrowed("update")];

const fn resource(
    gvk: GroupVersionKind,
    plural: &'static str,
    singular: &'static str,
    namespaced: bool,
    ty: &'static Type,
) -> Resource {
    Resource {
        gvk,
        plural: Borrowed(plural),
        singular: Borrowed(singular),
        short_names: Borrowed(&[]),
        categories: Borrowed(&[]),
        namespaced,
        verbs: Borrowed(ALL),
        subresources: Borrowed(&[]),
        ty: TypeRef::Static(ty),
    }
}

const fn namespaced(
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    plural: &'static str,
    singular: &'static str,
    ty: &'static Type,
) -> Resource {
    resource(gvk(group, version, kind), plural, singular, true, ty)
}

const fn cluster(
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    plural: &'static str,
    singular: &'static str,
    ty: &'static Type,
) -> Resource {
    resource(gvk(group, version, kind), plural, singular, false, ty)
}

const fn sub(
    name: &'static str,
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    verbs: Verbs,
) -> Subresource {
    Subresource { name: Borrowed(name), gvk: gvk(group, version, kind), verbs: Borrowed(verbs) }
}

impl Resource {
    const fn verbs(mut self, verbs: Verbs) -> Self {
        forget(replace(&mut self.verbs, Borrowed(verbs)));
        self
    }

    const fn short(mut self, names: &'static [Text]) -> Self {
        forget(replace(&mut self.short_names, Borrowed(names)));
        self
    }

    const fn categories(mut self, categories: &'static [Text]) -> Self {
        forget(replace(&mut self.categories, Borrowed(categories)));
        self
    }

    const fn subresources(mut self, subresources: &'static [Subresource]) -> Self {
        forget(replace(&mut self.subresources, Borrowed(subresources)));
        self
    }
}

pub(crate) static RESOURCES: [Resource; 90] = [
    // v1
    namespaced("", "v1", "Binding", "bindings", "binding", &generated::core_v1::BINDING).verbs(CREATE),
    cluster(
        "",
        "v1",
        "ComponentStatus",
        "componentstatuses",
        "componentstatus",
        &generated::core_v1::COMPONENT_STATUS,
    )
    .verbs(READ)
    .short(&[Borrowed("cs")]),
    namespaced("", "v1", "ConfigMap", "configmaps", "configmap", &generated::core_v1::CONFIG_MAP)
        .short(&[Borrowed("cm")]),
    namespaced("", "v1", "Endpoints", "endpoints", "endpoints", &generated::core_v1::ENDPOINTS)
        .short(&[Borrowed("ep")]),
    namespaced("", "v1", "Event", "events", "event", &generated::core_v1::EVENT).short(&[Borrowed("ev")]),
    namespaced("", "v1", "LimitRange", "limitranges", "limitrange", &generated::core_v1::LIMIT_RANGE)
        .short(&[Borrowed("limits")]),
    cluster("", "v1", "Namespace", "namespaces", "namespace", &generated::core_v1::NAMESPACE)
        .verbs(EACH)
        .short(&[Borrowed("ns")])
        .subresources({
            static SUBRESOURCES: [Subresource; 2] = [
                sub("finalize", "", "v1", "Namespace", UPDATE),
                sub("status", "", "v1", "Namespace", CHANGE),
            ];
            &SUBRESOURCES
        }),
    cluster("", "v1", "Node", "nodes", "node", &generated::core_v1::NODE)
        .short(&[Borrowed("no")])
        .subresources({
            static SUBRESOURCES: [Subresource; 2] =
                [sub("proxy", "", "v1", "NodeProxyOptions", PROXY), sub("status", "", "v1", "Node", CHANGE)];
            &SUBRESOURCES
        }),
    namespaced(
        "",
        "v1",
        "PersistentVolumeClaim",
        "persistentvolumeclaims",
        "persistentvolumeclaim",
        &generated::core_v1::PERSISTENT_VOLUME_CLAIM,
    )
    .short(&[Borrowed("pvc")])
    .subresources({
        static SUBRESOURCES: [Subresource; 1] = [sub("status", "", "v1", "PersistentVolumeClaim", CHANGE)];
        &SUBRESOURCES
    }),
    cluster(
        "",
        "v1",
        "PersistentVolume",
        "persistentvolumes",
        "persistentvolume",
        &generated::core_v1::PERSISTENT_VOLUME,
    )
    .short(&[Borrowed("pv")])
    .subresources({
        static SUBRESOURCES: [Subresource; 1] = [sub("status", "", "v1", "PersistentVolume", CHANGE)];
        &SUBRESOURCES
    }),
    namespaced("", "v1", "Pod", "pods", "pod", &generated::core_v1::POD)
        .short(&[Borrowed("po")])
        .categories(&[Borrowed("all")])
        .subresources({
            static SUBRESOURCES: [Subresource; 10] = [
                sub("attach", "", "v1", "PodAttachOptions", CONNECT),
                sub("binding", "", "v1", "Binding", CREATE),
                sub("ephemeralcontainers", "", "v1", "Pod", CHANGE),
                sub("eviction", "policy", "v1", "Eviction", CREATE),
                sub("exec", "", "v1", "PodExecOptions", CONNECT),
                sub("log", "", "v1", "Pod", GET),
                sub("portforward", "", "v1", "PodPortForwardOptions", CONNECT),
                sub("proxy", "", "v1", "PodProxyOptions", PROXY),
                sub("resize", "", "v1", "Pod", CHANGE),
                sub("status", "", "v1", "Pod", CHANGE),
            ];
            &SUBRESOURCES
        }),
    namespaced("", "v1", "PodTemplate", "podtemplates", "podtemplate", &generated::core_v1::POD_TEMPLATE),
    namespaced(
        "",
        "v1",
        "ReplicationController",
        "replicationcontrollers",
        "replicationcontroller",
        &generated::core_v1::REPLICATION_CONTROLLER,
    )
    .short(&[Borrowed("rc")])
    .categories(&[Borrowed("all")])
    .subresources({
        static SUBRESOURCES: [Subresource; 2] = [
            sub("scale", "autoscaling", "v1", "Scale", CHANGE),
            sub("status", "", "v1", "ReplicationController", CHANGE),
        ];
        &SUBRESOURCES
    }),
    namespaced(
        "",
        "v1",
        "ResourceQuota",
        "resourcequotas",
        "resourcequota",
        &generated::core_v1::RESOURCE_QUOTA,
    )
    .short(&[Borrowed("quota")])
    .subresources({
        static SUBRESOURCES: [Subresource; 1] = [sub("status", "", "v1", "ResourceQuota", CHANGE)];
        &SUBRESOURCES
    }),
    namespaced("", "v1", "Secret", "secrets", "secret", &generated::core_v1::SECRET),
    namespaced(
        "",
        "v1",
        "ServiceAccount",
        "serviceaccounts",
        "serviceaccount",
        &generated::core_v1::SERVICE_ACCOUNT,
    )
    .short(&[Borrowed("sa")])
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("token", "authentication.k8s.io", "v1", "TokenRequest", CREATE)];
        &SUBRESOURCES
    }),
    namespaced("", "v1", "Service", "services", "service", &generated::core_v1::SERVICE)
        .short(&[Borrowed("svc")])
        .categories(&[Borrowed("all")])
        .subresources({
            static SUBRESOURCES: [Subresource; 2] = [
                sub("proxy", "", "v1", "ServiceProxyOptions", PROXY),
                sub("status", "", "v1", "Service", CHANGE),
            ];
            &SUBRESOURCES
        }),
    // admissionregistration.k8s.io/v1
    cluster(
        "admissionregistration.k8s.io",
        "v1",
        "MutatingWebhookConfiguration",
        "mutatingwebhookconfigurations",
        "mutatingwebhookconfiguration",
        &generated::admissionregistration_v1::MUTATING_WEBHOOK_CONFIGURATION,
    )
    .categories(&[Borrowed("api-extensions")]),
    cluster(
        "admissionregistration.k8s.io",
        "v1",
        "ValidatingAdmissionPolicy",
        "validatingadmissionpolicies",
        "validatingadmissionpolicy",
        &generated::admissionregistration_v1::VALIDATING_ADMISSION_POLICY,
    )
    .categories(&[Borrowed("api-extensions")])
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy", CHANGE)];
        &SUBRESOURCES
    }),
    cluster(
        "admissionregistration.k8s.io",
        "v1",
        "ValidatingAdmissionPolicyBinding",
        "validatingadmissionpolicybindings",
        "validatingadmissionpolicybinding",
        &generated::admissionregistration_v1::VALIDATING_ADMISSION_POLICY_BINDING,
    )
    .categories(&[Borrowed("api-extensions")]),
    cluster(
        "admissionregistration.k8s.io",
        "v1",
        "ValidatingWebhookConfiguration",
        "validatingwebhookconfigurations",
        "validatingwebhookconfiguration",
        &generated::admissionregistration_v1::VALIDATING_WEBHOOK_CONFIGURATION,
    )
    .categories(&[Borrowed("api-extensions")]),
    // admissionregistration.k8s.io/v1alpha1
    cluster(
        "admissionregistration.k8s.io",
        "v1alpha1",
        "MutatingAdmissionPolicy",
        "mutatingadmissionpolicies",
        "mutatingadmissionpolicy",
        &generated::admissionregistration_v1alpha1::MUTATING_ADMISSION_POLICY,
    )
    .categories(&[Borrowed("api-extensions")]),
    cluster(
        "admissionregistration.k8s.io",
        "v1alpha1",
        "MutatingAdmissionPolicyBinding",
        "mutatingadmissionpolicybindings",
        "mutatingadmissionpolicybinding",
        &generated::admissionregistration_v1alpha1::MUTATING_ADMISSION_POLICY_BINDING,
    )
    .categories(&[Borrowed("api-extensions")]),
    // admissionregistration.k8s.io/v1beta1
    cluster(
        "admissionregistration.k8s.io",
        "v1beta1",
        "MutatingAdmissionPolicy",
        "mutatingadmissionpolicies",
        "mutatingadmissionpolicy",
        &generated::admissionregistration_v1beta1::MUTATING_ADMISSION_POLICY,
    )
    .categories(&[Borrowed("api-extensions")]),
    cluster(
        "admissionregistration.k8s.io",
        "v1beta1",
        "MutatingAdmissionPolicyBinding",
        "mutatingadmissionpolicybindings",
        "mutatingadmissionpolicybinding",
        &generated::admissionregistration_v1beta1::MUTATING_ADMISSION_POLICY_BINDING,
    )
    .categories(&[Borrowed("api-extensions")]),
    // apiextensions.k8s.io/v1
    cluster(
        "apiextensions.k8s.io",
        "v1",
        "CustomResourceDefinition",
        "customresourcedefinitions",
        "customresourcedefinition",
        &generated::apiextensions_v1::CUSTOM_RESOURCE_DEFINITION,
    )
    .short(&[Borrowed("crd"), Borrowed("crds")])
    .categories(&[Borrowed("api-extensions")])
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "apiextensions.k8s.io", "v1", "CustomResourceDefinition", CHANGE)];
        &SUBRESOURCES
    }),
    // apiregistration.k8s.io/v1
    cluster(
        "apiregistration.k8s.io",
        "v1",
        "APIService",
        "apiservices",
        "apiservice",
        &generated::apiregistration_v1::API_SERVICE,
    )
    .categories(&[Borrowed("api-extensions")])
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "apiregistration.k8s.io", "v1", "APIService", CHANGE)];
        &SUBRESOURCES
    }),
    // apps/v1
    namespaced(
        "apps",
        "v1",
        "ControllerRevision",
        "controllerrevisions",
        "controllerrevision",
        &generated::apps_v1::CONTROLLER_REVISION,
    ),
    namespaced("apps", "v1", "DaemonSet", "daemonsets", "daemonset", &generated::apps_v1::DAEMON_SET)
        .short(&[Borrowed("ds")])
        .categories(&[Borrowed("all")])
        .subresources({
            static SUBRESOURCES: [Subresource; 1] = [sub("status", "apps", "v1", "DaemonSet", CHANGE)];
            &SUBRESOURCES
        }),
    namespaced("apps", "v1", "Deployment", "deployments", "deployment", &generated::apps_v1::DEPLOYMENT)
        .short(&[Borrowed("deploy")])
        .categories(&[Borrowed("all")])
        .subresources({
            static SUBRESOURCES: [Subresource; 2] = [
                sub("scale", "autoscaling", "v1", "Scale", CHANGE),
                sub("status", "apps", "v1", "Deployment", CHANGE),
            ];
            &SUBRESOURCES
        }),
    namespaced("apps", "v1", "ReplicaSet", "replicasets", "replicaset", &generated::apps_v1::REPLICA_SET)
        .short(&[Borrowed("rs")])
        .categories(&[Borrowed("all")])
        .subresources({
            static SUBRESOURCES: [Subresource; 2] = [
                sub("scale", "autoscaling", "v1", "Scale", CHANGE),
                sub("status", "apps", "v1", "ReplicaSet", CHANGE),
            ];
            &SUBRESOURCES
        }),
    namespaced("apps", "v1", "StatefulSet", "statefulsets", "statefulset", &generated::apps_v1::STATEFUL_SET)
        .short(&[Borrowed("sts")])
        .categories(&[Borrowed("all")])
        .subresources({
            static SUBRESOURCES: [Subresource; 2] = [
                sub("scale", "autoscaling", "v1", "Scale", CHANGE),
                sub("status", "apps", "v1", "StatefulSet", CHANGE),
            ];
            &SUBRESOURCES
        }),
    // authentication.k8s.io/v1
    cluster(
        "authentication.k8s.io",
        "v1",
        "SelfSubjectReview",
        "selfsubjectreviews",
        "selfsubjectreview",
        &generated::authentication_v1::SELF_SUBJECT_REVIEW,
    )
    .verbs(CREATE),
    cluster(
        "authentication.k8s.io",
        "v1",
        "TokenReview",
        "tokenreviews",
        "tokenreview",
        &generated::authentication_v1::TOKEN_REVIEW,
    )
    .verbs(CREATE),
    // authorization.k8s.io/v1
    namespaced(
        "authorization.k8s.io",
        "v1",
        "LocalSubjectAccessReview",
        "localsubjectaccessreviews",
        "localsubjectaccessreview",
        &generated::authorization_v1::LOCAL_SUBJECT_ACCESS_REVIEW,
    )
    .verbs(CREATE),
    cluster(
        "authorization.k8s.io",
        "v1",
        "SelfSubjectAccessReview",
        "selfsubjectaccessreviews",
        "selfsubjectaccessreview",
        &generated::authorization_v1::SELF_SUBJECT_ACCESS_REVIEW,
    )
    .verbs(CREATE),
    cluster(
        "authorization.k8s.io",
        "v1",
        "SelfSubjectRulesReview",
        "selfsubjectrulesreviews",
        "selfsubjectrulesreview",
        &generated::authorization_v1::SELF_SUBJECT_RULES_REVIEW,
    )
    .verbs(CREATE),
    cluster(
        "authorization.k8s.io",
        "v1",
        "SubjectAccessReview",
        "subjectaccessreviews",
        "subjectaccessreview",
        &generated::authorization_v1::SUBJECT_ACCESS_REVIEW,
    )
    .verbs(CREATE),
    // autoscaling/v1
    namespaced(
        "autoscaling",
        "v1",
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
        "horizontalpodautoscaler",
        &generated::autoscaling_v1::HORIZONTAL_POD_AUTOSCALER,
    )
    .short(&[Borrowed("hpa")])
    .categories(&[Borrowed("all")])
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "autoscaling", "v1", "HorizontalPodAutoscaler", CHANGE)];
        &SUBRESOURCES
    }),
    // autoscaling/v2
    namespaced(
        "autoscaling",
        "v2",
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
        "horizontalpodautoscaler",
        &generated::autoscaling_v2::HORIZONTAL_POD_AUTOSCALER,
    )
    .short(&[Borrowed("hpa")])
    .categories(&[Borrowed("all")])
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "autoscaling", "v2", "HorizontalPodAutoscaler", CHANGE)];
        &SUBRESOURCES
    }),
    // batch/v1
    namespaced("batch", "v1", "CronJob", "cronjobs", "cronjob", &generated::batch_v1::CRON_JOB)
        .short(&[Borrowed("cj")])
        .categories(&[Borrowed("all")])
        .subresources({
            static SUBRESOURCES: [Subresource; 1] = [sub("status", "batch", "v1", "CronJob", CHANGE)];
            &SUBRESOURCES
        }),
    namespaced("batch", "v1", "Job", "jobs", "job", &generated::batch_v1::JOB)
        .categories(&[Borrowed("all")])
        .subresources({
            static SUBRESOURCES: [Subresource; 1] = [sub("status", "batch", "v1", "Job", CHANGE)];
            &SUBRESOURCES
        }),
    // certificates.k8s.io/v1
    cluster(
        "certificates.k8s.io",
        "v1",
        "CertificateSigningRequest",
        "certificatesigningrequests",
        "certificatesigningrequest",
        &generated::certificates_v1::CERTIFICATE_SIGNING_REQUEST,
    )
    .short(&[Borrowed("csr")])
    .subresources({
        static SUBRESOURCES: [Subresource; 2] = [
            sub("approval", "certificates.k8s.io", "v1", "CertificateSigningRequest", CHANGE),
            sub("status", "certificates.k8s.io", "v1", "CertificateSigningRequest", CHANGE),
        ];
        &SUBRESOURCES
    }),
    // certificates.k8s.io/v1alpha1
    cluster(
        "certificates.k8s.io",
        "v1alpha1",
        "ClusterTrustBundle",
        "clustertrustbundles",
        "clustertrustbundle",
        &generated::certificates_v1alpha1::CLUSTER_TRUST_BUNDLE,
    ),
    // certificates.k8s.io/v1beta1
    cluster(
        "certificates.k8s.io",
        "v1beta1",
        "ClusterTrustBundle",
        "clustertrustbundles",
        "clustertrustbundle",
        &generated::certificates_v1beta1::CLUSTER_TRUST_BUNDLE,
    ),
    namespaced(
        "certificates.k8s.io",
        "v1beta1",
        "PodCertificateRequest",
        "podcertificaterequests",
        "podcertificaterequest",
        &generated::certificates_v1beta1::POD_CERTIFICATE_REQUEST,
    )
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "certificates.k8s.io", "v1beta1", "PodCertificateRequest", CHANGE)];
        &SUBRESOURCES
    }),
    // coordination.k8s.io/v1
    namespaced("coordination.k8s.io", "v1", "Lease", "leases", "lease", &generated::coordination_v1::LEASE),
    // coordination.k8s.io/v1alpha2
    namespaced(
        "coordination.k8s.io",
        "v1alpha2",
        "LeaseCandidate",
        "leasecandidates",
        "leasecandidate",
        &generated::coordination_v1alpha2::LEASE_CANDIDATE,
    ),
    // coordination.k8s.io/v1beta1
    namespaced(
        "coordination.k8s.io",
        "v1beta1",
        "LeaseCandidate",
        "leasecandidates",
        "leasecandidate",
        &generated::coordination_v1beta1::LEASE_CANDIDATE,
    ),
    // discovery.k8s.io/v1
    namespaced(
        "discovery.k8s.io",
        "v1",
        "EndpointSlice",
        "endpointslices",
        "endpointslice",
        &generated::discovery_v1::ENDPOINT_SLICE,
    ),
    // events.k8s.io/v1
    namespaced("events.k8s.io", "v1", "Event", "events", "event", &generated::events_v1::EVENT)
        .short(&[Borrowed("ev")]),
    // flowcontrol.apiserver.k8s.io/v1
    cluster(
        "flowcontrol.apiserver.k8s.io",
        "v1",
        "FlowSchema",
        "flowschemas",
        "flowschema",
        &generated::flowcontrol_v1::FLOW_SCHEMA,
    )
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", CHANGE)];
        &SUBRESOURCES
    }),
    cluster(
        "flowcontrol.apiserver.k8s.io",
        "v1",
        "PriorityLevelConfiguration",
        "prioritylevelconfigurations",
        "prioritylevelconfiguration",
        &generated::flowcontrol_v1::PRIORITY_LEVEL_CONFIGURATION,
    )
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "flowcontrol.apiserver.k8s.io", "v1", "PriorityLevelConfiguration", CHANGE)];
        &SUBRESOURCES
    }),
    // internal.apiserver.k8s.io/v1alpha1
    cluster(
        "internal.apiserver.k8s.io",
        "v1alpha1",
        "StorageVersion",
        "storageversions",
        "storageversion",
        &generated::apiserverinternal_v1alpha1::STORAGE_VERSION,
    )
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "internal.apiserver.k8s.io", "v1alpha1", "StorageVersion", CHANGE)];
        &SUBRESOURCES
    }),
    // networking.k8s.io/v1
    cluster(
        "networking.k8s.io",
        "v1",
        "IngressClass",
        "ingressclasses",
        "ingressclass",
        &generated::networking_v1::INGRESS_CLASS,
    ),
    namespaced(
        "networking.k8s.io",
        "v1",
        "Ingress",
        "ingresses",
        "ingress",
        &generated::networking_v1::INGRESS,
    )
    .short(&[Borrowed("ing")])
    .subresources({
        static SUBRESOURCES: [Subresource; 1] = [sub("status", "networking.k8s.io", "v1", "Ingress", CHANGE)];
        &SUBRESOURCES
    }),
    cluster(
        "networking.k8s.io",
        "v1",
        "IPAddress",
        "ipaddresses",
        "ipaddress",
        &generated::networking_v1::IP_ADDRESS,
    )
    .short(&[Borrowed("ip")]),
    namespaced(
        "networking.k8s.io",
        "v1",
        "NetworkPolicy",
        "networkpolicies",
        "networkpolicy",
        &generated::networking_v1::NETWORK_POLICY,
    )
    .short(&[Borrowed("netpol")]),
    cluster(
        "networking.k8s.io",
        "v1",
        "ServiceCIDR",
        "servicecidrs",
        "servicecidr",
        &generated::networking_v1::SERVICE_CIDR,
    )
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "networking.k8s.io", "v1", "ServiceCIDR", CHANGE)];
        &SUBRESOURCES
    }),
    // networking.k8s.io/v1beta1
    cluster(
        "networking.k8s.io",
        "v1beta1",
        "IPAddress",
        "ipaddresses",
        "ipaddress",
        &generated::networking_v1beta1::IP_ADDRESS,
    )
    .short(&[Borrowed("ip")]),
    cluster(
        "networking.k8s.io",
        "v1beta1",
        "ServiceCIDR",
        "servicecidrs",
        "servicecidr",
        &generated::networking_v1beta1::SERVICE_CIDR,
    )
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "networking.k8s.io", "v1beta1", "ServiceCIDR", CHANGE)];
        &SUBRESOURCES
    }),
    // node.k8s.io/v1
    cluster(
        "node.k8s.io",
        "v1",
        "RuntimeClass",
        "runtimeclasses",
        "runtimeclass",
        &generated::node_v1::RUNTIME_CLASS,
    ),
    // policy/v1
    namespaced(
        "policy",
        "v1",
        "PodDisruptionBudget",
        "poddisruptionbudgets",
        "poddisruptionbudget",
        &generated::policy_v1::POD_DISRUPTION_BUDGET,
    )
    .short(&[Borrowed("pdb")])
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "policy", "v1", "PodDisruptionBudget", CHANGE)];
        &SUBRESOURCES
    }),
    // rbac.authorization.k8s.io/v1
    cluster(
        "rbac.authorization.k8s.io",
        "v1",
        "ClusterRoleBinding",
        "clusterrolebindings",
        "clusterrolebinding",
        &generated::rbac_v1::CLUSTER_ROLE_BINDING,
    ),
    cluster(
        "rbac.authorization.k8s.io",
        "v1",
        "ClusterRole",
        "clusterroles",
        "clusterrole",
        &generated::rbac_v1::CLUSTER_ROLE,
    ),
    namespaced(
        "rbac.authorization.k8s.io",
        "v1",
        "RoleBinding",
        "rolebindings",
        "rolebinding",
        &generated::rbac_v1::ROLE_BINDING,
    ),
    namespaced("rbac.authorization.k8s.io", "v1", "Role", "roles", "role", &generated::rbac_v1::ROLE),
    // resource.k8s.io/v1
    cluster(
        "resource.k8s.io",
        "v1",
        "DeviceClass",
        "deviceclasses",
        "deviceclass",
        &generated::resource_v1::DEVICE_CLASS,
    ),
    namespaced(
        "resource.k8s.io",
        "v1",
        "ResourceClaim",
        "resourceclaims",
        "resourceclaim",
        &generated::resource_v1::RESOURCE_CLAIM,
    )
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "resource.k8s.io", "v1", "ResourceClaim", CHANGE)];
        &SUBRESOURCES
    }),
    namespaced(
        "resource.k8s.io",
        "v1",
        "ResourceClaimTemplate",
        "resourceclaimtemplates",
        "resourceclaimtemplate",
        &generated::resource_v1::RESOURCE_CLAIM_TEMPLATE,
    ),
    cluster(
        "resource.k8s.io",
        "v1",
        "ResourceSlice",
        "resourceslices",
        "resourceslice",
        &generated::resource_v1::RESOURCE_SLICE,
    ),
    // resource.k8s.io/v1alpha3
    cluster(
        "resource.k8s.io",
        "v1alpha3",
        "DeviceTaintRule",
        "devicetaintrules",
        "devicetaintrule",
        &generated::resource_v1alpha3::DEVICE_TAINT_RULE,
    )
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "resource.k8s.io", "v1alpha3", "DeviceTaintRule", CHANGE)];
        &SUBRESOURCES
    }),
    // resource.k8s.io/v1beta1
    cluster(
        "resource.k8s.io",
        "v1beta1",
        "DeviceClass",
        "deviceclasses",
        "deviceclass",
        &generated::resource_v1beta1::DEVICE_CLASS,
    ),
    namespaced(
        "resource.k8s.io",
        "v1beta1",
        "ResourceClaim",
        "resourceclaims",
        "resourceclaim",
        &generated::resource_v1beta1::RESOURCE_CLAIM,
    )
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "resource.k8s.io", "v1beta1", "ResourceClaim", CHANGE)];
        &SUBRESOURCES
    }),
    namespaced(
        "resource.k8s.io",
        "v1beta1",
        "ResourceClaimTemplate",
        "resourceclaimtemplates",
        "resourceclaimtemplate",
        &generated::resource_v1beta1::RESOURCE_CLAIM_TEMPLATE,
    ),
    cluster(
        "resource.k8s.io",
        "v1beta1",
        "ResourceSlice",
        "resourceslices",
        "resourceslice",
        &generated::resource_v1beta1::RESOURCE_SLICE,
    ),
    // resource.k8s.io/v1beta2
    cluster(
        "resource.k8s.io",
        "v1beta2",
        "DeviceClass",
        "deviceclasses",
        "deviceclass",
        &generated::resource_v1beta2::DEVICE_CLASS,
    ),
    namespaced(
        "resource.k8s.io",
        "v1beta2",
        "ResourceClaim",
        "resourceclaims",
        "resourceclaim",
        &generated::resource_v1beta2::RESOURCE_CLAIM,
    )
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "resource.k8s.io", "v1beta2", "ResourceClaim", CHANGE)];
        &SUBRESOURCES
    }),
    namespaced(
        "resource.k8s.io",
        "v1beta2",
        "ResourceClaimTemplate",
        "resourceclaimtemplates",
        "resourceclaimtemplate",
        &generated::resource_v1beta2::RESOURCE_CLAIM_TEMPLATE,
    ),
    cluster(
        "resource.k8s.io",
        "v1beta2",
        "ResourceSlice",
        "resourceslices",
        "resourceslice",
        &generated::resource_v1beta2::RESOURCE_SLICE,
    ),
    // scheduling.k8s.io/v1
    cluster(
        "scheduling.k8s.io",
        "v1",
        "PriorityClass",
        "priorityclasses",
        "priorityclass",
        &generated::scheduling_v1::PRIORITY_CLASS,
    )
    .short(&[Borrowed("pc")]),
    // scheduling.k8s.io/v1alpha1
    namespaced(
        "scheduling.k8s.io",
        "v1alpha1",
        "Workload",
        "workloads",
        "workload",
        &generated::scheduling_v1alpha1::WORKLOAD,
    ),
    // storage.k8s.io/v1
    cluster(
        "storage.k8s.io",
        "v1",
        "CSIDriver",
        "csidrivers",
        "csidriver",
        &generated::storage_v1::CSI_DRIVER,
    ),
    cluster("storage.k8s.io", "v1", "CSINode", "csinodes", "csinode", &generated::storage_v1::CSI_NODE),
    namespaced(
        "storage.k8s.io",
        "v1",
        "CSIStorageCapacity",
        "csistoragecapacities",
        "csistoragecapacity",
        &generated::storage_v1::CSI_STORAGE_CAPACITY,
    ),
    cluster(
        "storage.k8s.io",
        "v1",
        "StorageClass",
        "storageclasses",
        "storageclass",
        &generated::storage_v1::STORAGE_CLASS,
    )
    .short(&[Borrowed("sc")]),
    cluster(
        "storage.k8s.io",
        "v1",
        "VolumeAttachment",
        "volumeattachments",
        "volumeattachment",
        &generated::storage_v1::VOLUME_ATTACHMENT,
    )
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "storage.k8s.io", "v1", "VolumeAttachment", CHANGE)];
        &SUBRESOURCES
    }),
    cluster(
        "storage.k8s.io",
        "v1",
        "VolumeAttributesClass",
        "volumeattributesclasses",
        "volumeattributesclass",
        &generated::storage_v1::VOLUME_ATTRIBUTES_CLASS,
    )
    .short(&[Borrowed("vac")]),
    // storage.k8s.io/v1beta1
    cluster(
        "storage.k8s.io",
        "v1beta1",
        "VolumeAttributesClass",
        "volumeattributesclasses",
        "volumeattributesclass",
        &generated::storage_v1beta1::VOLUME_ATTRIBUTES_CLASS,
    )
    .short(&[Borrowed("vac")]),
    // storagemigration.k8s.io/v1beta1
    cluster(
        "storagemigration.k8s.io",
        "v1beta1",
        "StorageVersionMigration",
        "storageversionmigrations",
        "storageversionmigration",
        &generated::storagemigration_v1beta1::STORAGE_VERSION_MIGRATION,
    )
    .subresources({
        static SUBRESOURCES: [Subresource; 1] =
            [sub("status", "storagemigration.k8s.io", "v1beta1", "StorageVersionMigration", CHANGE)];
        &SUBRESOURCES
    }),
];
