//! `io.k8s.api.storage.v1beta1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.storage.v1beta1.VolumeAttributesClass`.
pub static VOLUME_ATTRIBUTES_CLASS: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("driverName", 2, Shape::String, Always).required()
            .doc("Name of the CSI driver This field is immutable."),
        field("parameters", 3, map(&Shape::String), NonZero)
            .doc("parameters hold volume attributes defined by the CSI driver. These values are opaque to the Kubernetes and are passed directly to the CSI driver. The underlying storage provider supports changing these attributes on an existing volume, however the parameters field itself is immutable. To invoke a volume update, a new VolumeAttributesClass should be created with new parameters, and the PersistentVolumeClaim should be updated to reference the new VolumeAttributesClass.\n\nThis field is required and must contain at least one key/value pair. The keys cannot be empty, and the maximum number of parameters is 512, with a cumulative max size of 256K. If the CSI driver rejects invalid parameters, the target PersistentVolumeClaim will be set to an \"Infeasible\" state in the modifyVolumeStatus field."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storage.k8s.io", "v1beta1", "VolumeAttributesClass"),
    ];
    ty(
        "io.k8s.api.storage.v1beta1.VolumeAttributesClass",
        "VolumeAttributesClass represents a specification of mutable volume attributes defined by the CSI driver. The class can be specified during dynamic provisioning of PersistentVolumeClaims, and changed in the PersistentVolumeClaim spec after provisioning.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1beta1.VolumeAttributesClassList`.
pub static VOLUME_ATTRIBUTES_CLASS_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&VOLUME_ATTRIBUTES_CLASS))), Null).required()
            .doc("items is the list of VolumeAttributesClass objects."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storage.k8s.io", "v1beta1", "VolumeAttributesClassList"),
    ];
    ty(
        "io.k8s.api.storage.v1beta1.VolumeAttributesClassList",
        "VolumeAttributesClassList is a collection of VolumeAttributesClass objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
