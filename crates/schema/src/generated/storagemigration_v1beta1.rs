//! `io.k8s.api.storagemigration.v1beta1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.storagemigration.v1beta1.StorageVersionMigration`.
pub static STORAGE_VERSION_MIGRATION: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&STORAGE_VERSION_MIGRATION_SPEC), Always)
            .doc("Specification of the migration."),
        field("status", 3, object(&STORAGE_VERSION_MIGRATION_STATUS), Always)
            .doc("Status of the migration."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storagemigration.k8s.io", "v1beta1", "StorageVersionMigration"),
    ];
    ty(
        "io.k8s.api.storagemigration.v1beta1.StorageVersionMigration",
        "StorageVersionMigration represents a migration of stored data to the latest storage version.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storagemigration.v1beta1.StorageVersionMigrationList`.
pub static STORAGE_VERSION_MIGRATION_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&STORAGE_VERSION_MIGRATION))), Null).required()
            .doc("Items is the list of StorageVersionMigration"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storagemigration.k8s.io", "v1beta1", "StorageVersionMigrationList"),
    ];
    ty(
        "io.k8s.api.storagemigration.v1beta1.StorageVersionMigrationList",
        "StorageVersionMigrationList is a collection of storage version migrations.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storagemigration.v1beta1.StorageVersionMigrationSpec`.
pub static STORAGE_VERSION_MIGRATION_SPEC: Type = {
    static FIELDS: [Field; 1] = [
        field("resource", 1, object(&super::meta_v1::GROUP_RESOURCE), Always).required()
            .doc("The resource that is being migrated. The migrator sends requests to the endpoint serving the resource. Immutable."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.storagemigration.v1beta1.StorageVersionMigrationSpec",
        "Spec of the storage version migration.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storagemigration.v1beta1.StorageVersionMigrationStatus`.
pub static STORAGE_VERSION_MIGRATION_STATUS: Type = {
    static FIELDS: [Field; 2] = [
        field("conditions", 1, list(&Shape::Struct(TypeRef::Static(&super::meta_v1::CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("The latest available observations of the migration's current state."),
        field("resourceVersion", 2, Shape::String, NonZero)
            .doc("ResourceVersion to compare with the GC cache for performing the migration. This is the current resource version of given group, version and resource when kube-controller-manager first observes this StorageVersionMigration resource."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.storagemigration.v1beta1.StorageVersionMigrationStatus",
        "Status of the storage version migration.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
