//! `io.k8s.api.coordination.v1alpha2`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.coordination.v1alpha2.LeaseCandidate`.
pub static LEASE_CANDIDATE: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&LEASE_CANDIDATE_SPEC), Always)
            .doc("spec contains the specification of the Lease. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("coordination.k8s.io", "v1alpha2", "LeaseCandidate"),
    ];
    ty(
        "io.k8s.api.coordination.v1alpha2.LeaseCandidate",
        "LeaseCandidate defines a candidate for a Lease object. Candidates are created such that coordinated leader election will pick the best leader from the list of candidates.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.coordination.v1alpha2.LeaseCandidateList`.
pub static LEASE_CANDIDATE_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&LEASE_CANDIDATE))), Null).required()
            .doc("items is a list of schema objects."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("coordination.k8s.io", "v1alpha2", "LeaseCandidateList"),
    ];
    ty(
        "io.k8s.api.coordination.v1alpha2.LeaseCandidateList",
        "LeaseCandidateList is a list of Lease objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.coordination.v1alpha2.LeaseCandidateSpec`.
pub static LEASE_CANDIDATE_SPEC: Type = {
    static FIELDS: [Field; 6] = [
        field("leaseName", 1, Shape::String, Always).required()
            .doc("LeaseName is the name of the lease for which this candidate is contending. This field is immutable."),
        field("pingTime", 2, Shape::MicroTime, Given)
            .doc("PingTime is the last time that the server has requested the LeaseCandidate to renew. It is only done during leader election to check if any LeaseCandidates have become ineligible. When PingTime is updated, the LeaseCandidate will respond by updating RenewTime."),
        field("renewTime", 3, Shape::MicroTime, Given)
            .doc("RenewTime is the time that the LeaseCandidate was last updated. Any time a Lease needs to do leader election, the PingTime field is updated to signal to the LeaseCandidate that they should update the RenewTime. Old LeaseCandidate objects are also garbage collected if it has been hours since the last renew. The PingTime field is updated regularly to prevent garbage collection for still active LeaseCandidates."),
        field("binaryVersion", 4, Shape::String, Always).required()
            .doc("BinaryVersion is the binary version. It must be in a semver format without leading `v`. This field is required."),
        field("emulationVersion", 5, Shape::String, NonZero)
            .doc("EmulationVersion is the emulation version. It must be in a semver format without leading `v`. EmulationVersion must be less than or equal to BinaryVersion. This field is required when strategy is \"OldestEmulationVersion\""),
        field("strategy", 6, Shape::String, NonZero).required()
            .doc("Strategy is the strategy that coordinated leader election will use for picking the leader. If multiple candidates for the same Lease return different strategies, the strategy provided by the candidate with the latest BinaryVersion will be used. If there is still conflict, this is a user error and coordinated leader election will not operate the Lease until resolved."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.coordination.v1alpha2.LeaseCandidateSpec",
        "LeaseCandidateSpec is a specification of a Lease.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
