//! `io.k8s.api.scheduling.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.scheduling.v1.PriorityClass`.
pub static PRIORITY_CLASS: Type = {
    static FIELDS: [Field; 7] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("value", 2, Shape::Int32, Always).required()
            .doc("value represents the integer value of this priority class. This is the actual priority that pods receive when they have the name of this class in their pod spec."),
        field("globalDefault", 3, Shape::Bool, NonZero)
            .doc("globalDefault specifies whether this PriorityClass should be considered as the default priority for pods that do not have any priority class. Only one PriorityClass can be marked as `globalDefault`. However, if more than one PriorityClasses exists with their `globalDefault` field set to true, the smallest value of such global default PriorityClasses will be used as the default priority."),
        field("description", 4, Shape::String, NonZero)
            .doc("description is an arbitrary string that usually provides guidelines on when this priority class should be used."),
        field("preemptionPolicy", 5, Shape::String, Given)
            .one_of(&[Borrowed("Never"), Borrowed("PreemptLowerPriority")])
            .doc("preemptionPolicy is the Policy for preempting pods with lower priority. One of Never, PreemptLowerPriority. Defaults to PreemptLowerPriority if unset."),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("scheduling.k8s.io", "v1", "PriorityClass"),
    ];
    ty(
        "io.k8s.api.scheduling.v1.PriorityClass",
        "PriorityClass defines mapping from a priority class name to the priority integer value. The value can be any valid integer.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.scheduling.v1.PriorityClassList`.
pub static PRIORITY_CLASS_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&PRIORITY_CLASS))), Null).required()
            .doc("items is the list of PriorityClasses"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("scheduling.k8s.io", "v1", "PriorityClassList"),
    ];
    ty(
        "io.k8s.api.scheduling.v1.PriorityClassList",
        "PriorityClassList is a collection of priority classes.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
