//! `io.k8s.api.node.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.node.v1.Overhead`.
pub static OVERHEAD: Type = {
    static FIELDS: [Field; 1] = [
        field("podFixed", 1, map(&Shape::Quantity), NonZero)
            .doc("podFixed represents the fixed resource overhead associated with running a pod."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.node.v1.Overhead",
        "Overhead structure represents the resource overhead associated with running a pod.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.node.v1.RuntimeClass`.
pub static RUNTIME_CLASS: Type = {
    static FIELDS: [Field; 6] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("handler", 2, Shape::String, Always).required()
            .doc("handler specifies the underlying runtime and configuration that the CRI implementation will use to handle pods of this class. The possible values are specific to the node & CRI configuration.  It is assumed that all handlers are available on every node, and handlers of the same name are equivalent on every node. For example, a handler called \"runc\" might specify that the runc OCI runtime (using native Linux containers) will be used to run the containers in a pod. The Handler must be lowercase, conform to the DNS Label (RFC 1123) requirements, and is immutable."),
        field("overhead", 3, object(&OVERHEAD), Given)
            .doc("overhead represents the resource overhead associated with running a pod for a given RuntimeClass. For more details, see\n https://kubernetes.io/docs/concepts/scheduling-eviction/pod-overhead/"),
        field("scheduling", 4, object(&SCHEDULING), Given)
            .doc("scheduling holds the scheduling constraints to ensure that pods running with this RuntimeClass are scheduled to nodes that support it. If scheduling is nil, this RuntimeClass is assumed to be supported by all nodes."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("node.k8s.io", "v1", "RuntimeClass"),
    ];
    ty(
        "io.k8s.api.node.v1.RuntimeClass",
        "RuntimeClass defines a class of container runtime supported in the cluster. The RuntimeClass is used to determine which container runtime is used to run all containers in a pod. RuntimeClasses are manually defined by a user or cluster provisioner, and referenced in the PodSpec. The Kubelet is responsible for resolving the RuntimeClassName reference before running the pod.  For more details, see https://kubernetes.io/docs/concepts/containers/runtime-class/",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.node.v1.RuntimeClassList`.
pub static RUNTIME_CLASS_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&RUNTIME_CLASS))), Null).required()
            .doc("items is a list of schema objects."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("node.k8s.io", "v1", "RuntimeClassList"),
    ];
    ty(
        "io.k8s.api.node.v1.RuntimeClassList",
        "RuntimeClassList is a list of RuntimeClass objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.node.v1.Scheduling`.
pub static SCHEDULING: Type = {
    static FIELDS: [Field; 2] = [
        field("nodeSelector", 1, map(&Shape::String), NonZero).whole()
            .doc("nodeSelector lists labels that must be present on nodes that support this RuntimeClass. Pods using this RuntimeClass can only be scheduled to a node matched by this selector. The RuntimeClass nodeSelector is merged with a pod's existing nodeSelector. Any conflicts will cause the pod to be rejected in admission."),
        field("tolerations", 2, list(&Shape::Struct(TypeRef::Static(&super::core_v1::TOLERATION))), NonZero)
            .doc("tolerations are appended (excluding duplicates) to pods running with this RuntimeClass during admission, effectively unioning the set of nodes tolerated by the pod and the RuntimeClass."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.node.v1.Scheduling",
        "Scheduling specifies the scheduling constraints for nodes supporting a RuntimeClass.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
