//! `io.k8s.api.coordination.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.coordination.v1.Lease`.
pub static LEASE: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&LEASE_SPEC), Always)
            .doc("spec contains the specification of the Lease. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("coordination.k8s.io", "v1", "Lease"),
    ];
    ty(
        "io.k8s.api.coordination.v1.Lease",
        "Lease defines a lease concept.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.coordination.v1.LeaseList`.
pub static LEASE_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&LEASE))), Null).required()
            .doc("items is a list of schema objects."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("coordination.k8s.io", "v1", "LeaseList"),
    ];
    ty(
        "io.k8s.api.coordination.v1.LeaseList",
        "LeaseList is a list of Lease objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.coordination.v1.LeaseSpec`.
pub static LEASE_SPEC: Type = {
    static FIELDS: [Field; 7] = [
        field("holderIdentity", 1, Shape::String, Given)
            .doc("holderIdentity contains the identity of the holder of a current lease. If Coordinated Leader Election is used, the holder identity must be equal to the elected LeaseCandidate.metadata.name field."),
        field("leaseDurationSeconds", 2, Shape::Int32, Given)
            .doc("leaseDurationSeconds is a duration that candidates for a lease need to wait to force acquire it. This is measured against the time of last observed renewTime."),
        field("acquireTime", 3, Shape::MicroTime, Given)
            .doc("acquireTime is a time when the current lease was acquired."),
        field("renewTime", 4, Shape::MicroTime, Given)
            .doc("renewTime is a time when the current holder of a lease has last updated the lease."),
        field("leaseTransitions", 5, Shape::Int32, Given)
            .doc("leaseTransitions is the number of transitions of a lease between holders."),
        field("strategy", 6, Shape::String, Given)
            .doc("Strategy indicates the strategy for picking the leader for coordinated leader election. If the field is not specified, there is no active coordination for this lease. (Alpha) Using this field requires the CoordinatedLeaderElection feature gate to be enabled."),
        field("preferredHolder", 7, Shape::String, Given)
            .doc("PreferredHolder signals to a lease holder that the lease has a more optimal holder and should be given up. This field can only be set if Strategy is also set."),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.coordination.v1.LeaseSpec",
        "LeaseSpec is a specification of a Lease.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
