//! `io.k8s.api.autoscaling.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.autoscaling.v1.CrossVersionObjectReference`.
pub static CROSS_VERSION_OBJECT_REFERENCE: Type = {
    static FIELDS: [Field; 3] = [
        field("kind", 1, Shape::String, Always).required()
            .doc("kind is the kind of the referent; More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("name", 2, Shape::String, Always).required()
            .doc("name is the name of the referent; More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names"),
        field("apiVersion", 3, Shape::String, NonZero)
            .doc("apiVersion is the API version of the referent"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.autoscaling.v1.CrossVersionObjectReference",
        "CrossVersionObjectReference contains enough information to let you identify the referred resource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler`.
pub static HORIZONTAL_POD_AUTOSCALER: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&HORIZONTAL_POD_AUTOSCALER_SPEC), Always)
            .doc("spec defines the behaviour of autoscaler. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status."),
        field("status", 3, object(&HORIZONTAL_POD_AUTOSCALER_STATUS), Always)
            .doc("status is the current information about the autoscaler."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("autoscaling", "v1", "HorizontalPodAutoscaler"),
    ];
    ty(
        "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler",
        "configuration of a horizontal pod autoscaler.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerList`.
pub static HORIZONTAL_POD_AUTOSCALER_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata."),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&HORIZONTAL_POD_AUTOSCALER))), Null).required()
            .doc("items is the list of horizontal pod autoscaler objects."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("autoscaling", "v1", "HorizontalPodAutoscalerList"),
    ];
    ty(
        "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerList",
        "list of horizontal pod autoscaler objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec`.
pub static HORIZONTAL_POD_AUTOSCALER_SPEC: Type = {
    static FIELDS: [Field; 4] = [
        field("scaleTargetRef", 1, object(&CROSS_VERSION_OBJECT_REFERENCE), Always).required()
            .doc("reference to scaled resource; horizontal pod autoscaler will learn the current resource consumption and will set the desired number of pods by using its Scale subresource."),
        field("minReplicas", 2, Shape::Int32, Given)
            .doc("minReplicas is the lower limit for the number of replicas to which the autoscaler can scale down.  It defaults to 1 pod.  minReplicas is allowed to be 0 if the alpha feature gate HPAScaleToZero is enabled and at least one Object or External metric is configured.  Scaling is active as long as at least one metric value is available."),
        field("maxReplicas", 3, Shape::Int32, Always).required()
            .doc("maxReplicas is the upper limit for the number of pods that can be set by the autoscaler; cannot be smaller than MinReplicas."),
        field("targetCPUUtilizationPercentage", 4, Shape::Int32, Given)
            .doc("targetCPUUtilizationPercentage is the target average CPU utilization (represented as a percentage of requested CPU) over all the pods; if not specified the default autoscaling policy will be used."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec",
        "specification of a horizontal pod autoscaler.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus`.
pub static HORIZONTAL_POD_AUTOSCALER_STATUS: Type = {
    static FIELDS: [Field; 5] = [
        field("observedGeneration", 1, Shape::Int64, Given)
            .doc("observedGeneration is the most recent generation observed by this autoscaler."),
        field("lastScaleTime", 2, Shape::Time, Given)
            .doc("lastScaleTime is the last time the HorizontalPodAutoscaler scaled the number of pods; used by the autoscaler to control how often the number of pods is changed."),
        field("currentReplicas", 3, Shape::Int32, Always).required()
            .doc("currentReplicas is the current number of replicas of pods managed by this autoscaler."),
        field("desiredReplicas", 4, Shape::Int32, Always).required()
            .doc("desiredReplicas is the  desired number of replicas of pods managed by this autoscaler."),
        field("currentCPUUtilizationPercentage", 5, Shape::Int32, Given)
            .doc("currentCPUUtilizationPercentage is the current average CPU utilization over all pods, represented as a percentage of requested CPU, e.g. 70 means that an average pod is using now 70% of its requested CPU."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus",
        "current status of a horizontal pod autoscaler",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v1.Scale`.
pub static SCALE: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object metadata; More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata."),
        field("spec", 2, object(&SCALE_SPEC), Always)
            .doc("spec defines the behavior of the scale. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status."),
        field("status", 3, object(&SCALE_STATUS), Always)
            .doc("status is the current status of the scale. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status. Read-only."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("autoscaling", "v1", "Scale"),
    ];
    ty(
        "io.k8s.api.autoscaling.v1.Scale",
        "Scale represents a scaling request for a resource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v1.ScaleSpec`.
pub static SCALE_SPEC: Type = {
    static FIELDS: [Field; 1] = [
        field("replicas", 1, Shape::Int32, NonZero).default("0")
            .doc("replicas is the desired number of instances for the scaled object."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v1.ScaleSpec",
        "ScaleSpec describes the attributes of a scale subresource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v1.ScaleStatus`.
pub static SCALE_STATUS: Type = {
    static FIELDS: [Field; 2] = [
        field("replicas", 1, Shape::Int32, Always).required()
            .doc("replicas is the actual number of observed instances of the scaled object."),
        field("selector", 2, Shape::String, NonZero)
            .doc("selector is the label query over pods that should match the replicas count. This is same as the label selector but in the string format to avoid introspection by clients. The string will be in the same format as the query-param syntax. More info about label selectors: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v1.ScaleStatus",
        "ScaleStatus represents the current status of a scale subresource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
