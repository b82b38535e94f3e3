//! `io.k8s.api.scheduling.v1alpha1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.scheduling.v1alpha1.BasicSchedulingPolicy`.
pub static BASIC_SCHEDULING_POLICY: Type = {
    static FIELDS: [Field; 0] = [
    ];
    static NAMES: [(Text, u16); 0] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.scheduling.v1alpha1.BasicSchedulingPolicy",
        "BasicSchedulingPolicy indicates that standard Kubernetes scheduling behavior should be used.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.scheduling.v1alpha1.GangSchedulingPolicy`.
pub static GANG_SCHEDULING_POLICY: Type = {
    static FIELDS: [Field; 1] = [
        field("minCount", 1, Shape::Int32, Always).required()
            .doc("MinCount is the minimum number of pods that must be schedulable or scheduled at the same time for the scheduler to admit the entire group. It must be a positive integer."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.scheduling.v1alpha1.GangSchedulingPolicy",
        "GangSchedulingPolicy defines the parameters for gang scheduling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.scheduling.v1alpha1.PodGroup`.
pub static POD_GROUP: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, Always).required()
            .doc("Name is a unique identifier for the PodGroup within the Workload. It must be a DNS label. This field is immutable."),
        field("policy", 3, object(&POD_GROUP_POLICY), Always).required()
            .doc("Policy defines the scheduling policy for this PodGroup."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.scheduling.v1alpha1.PodGroup",
        "PodGroup represents a set of pods with a common scheduling policy.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.scheduling.v1alpha1.PodGroupPolicy`.
pub static POD_GROUP_POLICY: Type = {
    static FIELDS: [Field; 2] = [
        field("basic", 2, object(&BASIC_SCHEDULING_POLICY), Given)
            .doc("Basic specifies that the pods in this group should be scheduled using standard Kubernetes scheduling behavior."),
        field("gang", 3, object(&GANG_SCHEDULING_POLICY), Given)
            .doc("Gang specifies that the pods in this group should be scheduled using all-or-nothing semantics."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.scheduling.v1alpha1.PodGroupPolicy",
        "PodGroupPolicy defines the scheduling configuration for a PodGroup.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.scheduling.v1alpha1.TypedLocalObjectReference`.
pub static TYPED_LOCAL_OBJECT_REFERENCE: Type = {
    static FIELDS: [Field; 3] = [
        field("apiGroup", 1, Shape::String, NonZero)
            .doc("APIGroup is the group for the resource being referenced. If APIGroup is empty, the specified Kind must be in the core API group. For any other third-party types, setting APIGroup is required. It must be a DNS subdomain."),
        field("kind", 2, Shape::String, Always).required()
            .doc("Kind is the type of resource being referenced. It must be a path segment name."),
        field("name", 3, Shape::String, Always).required()
            .doc("Name is the name of resource being referenced. It must be a path segment name."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.scheduling.v1alpha1.TypedLocalObjectReference",
        "TypedLocalObjectReference allows to reference typed object inside the same namespace.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.scheduling.v1alpha1.Workload`.
pub static WORKLOAD: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. Name must be a DNS subdomain."),
        field("spec", 2, object(&WORKLOAD_SPEC), Always).required()
            .doc("Spec defines the desired behavior of a Workload."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("scheduling.k8s.io", "v1alpha1", "Workload"),
    ];
    ty(
        "io.k8s.api.scheduling.v1alpha1.Workload",
        "Workload allows for expressing scheduling constraints that should be used when managing lifecycle of workloads from scheduling perspective, including scheduling, preemption, eviction and other phases.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.scheduling.v1alpha1.WorkloadList`.
pub static WORKLOAD_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata."),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&WORKLOAD))), Null).required()
            .doc("Items is the list of Workloads."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("scheduling.k8s.io", "v1alpha1", "WorkloadList"),
    ];
    ty(
        "io.k8s.api.scheduling.v1alpha1.WorkloadList",
        "WorkloadList contains a list of Workload resources.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.scheduling.v1alpha1.WorkloadSpec`.
pub static WORKLOAD_SPEC: Type = {
    static FIELDS: [Field; 2] = [
        field("controllerRef", 1, object(&TYPED_LOCAL_OBJECT_REFERENCE), Given)
            .doc("ControllerRef is an optional reference to the controlling object, such as a Deployment or Job. This field is intended for use by tools like CLIs to provide a link back to the original workload definition. When set, it cannot be changed."),
        field("podGroups", 2, list(&Shape::Struct(TypeRef::Static(&POD_GROUP))), Null).required().keyed(&[Borrowed("name")])
            .doc("PodGroups is the list of pod groups that make up the Workload. The maximum number of pod groups is 8. This field is immutable."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.scheduling.v1alpha1.WorkloadSpec",
        "WorkloadSpec defines the desired state of a Workload.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
