//! `io.k8s.api.apiserverinternal.v1alpha1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.apiserverinternal.v1alpha1.ServerStorageVersion`.
pub static SERVER_STORAGE_VERSION: Type = {
    static FIELDS: [Field; 4] = [
        field("apiServerID", 1, Shape::String, NonZero)
            .doc("The ID of the reporting API server."),
        field("encodingVersion", 2, Shape::String, NonZero)
            .doc("The API server encodes the object to this version when persisting it in the backend (e.g., etcd)."),
        field("decodableVersions", 3, list(&Shape::String), NonZero).set()
            .doc("The API server can decode objects encoded in these versions. The encodingVersion must be included in the decodableVersions."),
        field("servedVersions", 4, list(&Shape::String), NonZero).set()
            .doc("The API server can serve these versions. DecodableVersions must include all ServedVersions."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apiserverinternal.v1alpha1.ServerStorageVersion",
        "An API server instance reports the version it can decode and the version it encodes objects to when persisting objects in the backend.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apiserverinternal.v1alpha1.StorageVersion`.
pub static STORAGE_VERSION: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("The name is <group>.<resource>."),
        field("spec", 2, object(&STORAGE_VERSION_SPEC), Always).required()
            .doc("Spec is an empty spec. It is here to comply with Kubernetes API style."),
        field("status", 3, object(&STORAGE_VERSION_STATUS), Always).required()
            .doc("API server instances report the version they can decode and the version they encode objects to when persisting objects in the backend."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("internal.apiserver.k8s.io", "v1alpha1", "StorageVersion"),
    ];
    ty(
        "io.k8s.api.apiserverinternal.v1alpha1.StorageVersion",
        "Storage version of a specific resource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apiserverinternal.v1alpha1.StorageVersionCondition`.
pub static STORAGE_VERSION_CONDITION: Type = {
    static FIELDS: [Field; 6] = [
        field("type", 1, Shape::String, Always).required()
            .doc("Type of the condition."),
        field("status", 2, Shape::String, Always).required()
            .doc("Status of the condition, one of True, False, Unknown."),
        field("observedGeneration", 3, Shape::Int64, NonZero)
            .doc("If set, this represents the .metadata.generation that the condition was set based upon."),
        field("lastTransitionTime", 4, Shape::Time, Always)
            .doc("Last time the condition transitioned from one status to another."),
        field("reason", 5, Shape::String, Always).required()
            .doc("The reason for the condition's last transition."),
        field("message", 6, Shape::String, NonZero).required()
            .doc("A human readable message indicating details about the transition."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apiserverinternal.v1alpha1.StorageVersionCondition",
        "Describes the state of the storageVersion at a certain point.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apiserverinternal.v1alpha1.StorageVersionList`.
pub static STORAGE_VERSION_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&STORAGE_VERSION))), Null).required()
            .doc("Items holds a list of StorageVersion"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("internal.apiserver.k8s.io", "v1alpha1", "StorageVersionList"),
    ];
    ty(
        "io.k8s.api.apiserverinternal.v1alpha1.StorageVersionList",
        "A list of StorageVersions.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apiserverinternal.v1alpha1.StorageVersionSpec`.
pub static STORAGE_VERSION_SPEC: Type = {
    static FIELDS: [Field; 0] = [
    ];
    static NAMES: [(Text, u16); 0] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apiserverinternal.v1alpha1.StorageVersionSpec",
        "StorageVersionSpec is an empty spec.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apiserverinternal.v1alpha1.StorageVersionStatus`.
pub static STORAGE_VERSION_STATUS: Type = {
    static FIELDS: [Field; 3] = [
        field("storageVersions", 1, list(&Shape::Struct(TypeRef::Static(&SERVER_STORAGE_VERSION))), NonZero).keyed(&[Borrowed("apiServerID")])
            .doc("The reported versions per API server instance."),
        field("commonEncodingVersion", 2, Shape::String, Given)
            .doc("If all API server instances agree on the same encoding storage version, then this field is set to that version. Otherwise this field is left empty. API servers should finish updating its storageVersionStatus entry before serving write operations, so that this field will be in sync with the reality."),
        field("conditions", 3, list(&Shape::Struct(TypeRef::Static(&STORAGE_VERSION_CONDITION))), NonZero).keyed(&[Borrowed("type")])
            .doc("The latest available observations of the storageVersion's state."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apiserverinternal.v1alpha1.StorageVersionStatus",
        "API server instances report the versions they can decode and the version they encode objects to when persisting objects in the backend.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
