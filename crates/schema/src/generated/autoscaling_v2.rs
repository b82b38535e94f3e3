//! `io.k8s.api.autoscaling.v2`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.autoscaling.v2.ContainerResourceMetricSource`.
pub static CONTAINER_RESOURCE_METRIC_SOURCE: Type = {
    static FIELDS: [Field; 3] = [
        field("name", 1, Shape::String, Always).required()
            .doc("name is the name of the resource in question."),
        field("target", 2, object(&METRIC_TARGET), Always).required()
            .doc("target specifies the target value for the given metric"),
        field("container", 3, Shape::String, Always).required()
            .doc("container is the name of the container in the pods of the scaling target"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.ContainerResourceMetricSource",
        "ContainerResourceMetricSource indicates how to scale on a resource metric known to Kubernetes, as specified in requests and limits, describing each pod in the current scale target (e.g. CPU or memory).  The values will be averaged together before being compared to the target.  Such metrics are built in to Kubernetes, and have special scaling options on top of those available to normal per-pod metrics using the \"pods\" source.  Only one \"target\" type should be set.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus`.
pub static CONTAINER_RESOURCE_METRIC_STATUS: Type = {
    static FIELDS: [Field; 3] = [
        field("name", 1, Shape::String, Always).required()
            .doc("name is the name of the resource in question."),
        field("current", 2, object(&METRIC_VALUE_STATUS), Always).required()
            .doc("current contains the current value for the given metric"),
        field("container", 3, Shape::String, Always).required()
            .doc("container is the name of the container in the pods of the scaling target"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus",
        "ContainerResourceMetricStatus indicates the current value of a resource metric known to Kubernetes, as specified in requests and limits, describing a single container in each pod in the current scale target (e.g. CPU or memory).  Such metrics are built in to Kubernetes, and have special scaling options on top of those available to normal per-pod metrics using the \"pods\" source.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.CrossVersionObjectReference`.
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
    ty(
        "io.k8s.api.autoscaling.v2.CrossVersionObjectReference",
        "CrossVersionObjectReference contains enough information to let you identify the referred resource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.ExternalMetricSource`.
pub static EXTERNAL_METRIC_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("metric", 1, object(&METRIC_IDENTIFIER), Always).required()
            .doc("metric identifies the target metric by name and selector"),
        field("target", 2, object(&METRIC_TARGET), Always).required()
            .doc("target specifies the target value for the given metric"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.ExternalMetricSource",
        "ExternalMetricSource indicates how to scale on a metric not associated with any Kubernetes object (for example length of queue in cloud messaging service, or QPS from loadbalancer running outside of cluster).",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.ExternalMetricStatus`.
pub static EXTERNAL_METRIC_STATUS: Type = {
    static FIELDS: [Field; 2] = [
        field("metric", 1, object(&METRIC_IDENTIFIER), Always).required()
            .doc("metric identifies the target metric by name and selector"),
        field("current", 2, object(&METRIC_VALUE_STATUS), Always).required()
            .doc("current contains the current value for the given metric"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.ExternalMetricStatus",
        "ExternalMetricStatus indicates the current value of a global metric not associated with any Kubernetes object.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.HPAScalingPolicy`.
pub static HPA_SCALING_POLICY: Type = {
    static FIELDS: [Field; 3] = [
        field("type", 1, Shape::String, Always).required()
            .doc("type is used to specify the scaling policy."),
        field("value", 2, Shape::Int32, Always).required()
            .doc("value contains the amount of change which is permitted by the policy. It must be greater than zero"),
        field("periodSeconds", 3, Shape::Int32, Always).required()
            .doc("periodSeconds specifies the window of time for which the policy should hold true. PeriodSeconds must be greater than zero and less than or equal to 1800 (30 min)."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.HPAScalingPolicy",
        "HPAScalingPolicy is a single policy which must hold true for a specified past interval.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.HPAScalingRules`.
pub static HPA_SCALING_RULES: Type = {
    static FIELDS: [Field; 4] = [
        field("stabilizationWindowSeconds", 3, Shape::Int32, Given)
            .doc("stabilizationWindowSeconds is the number of seconds for which past recommendations should be considered while scaling up or scaling down. StabilizationWindowSeconds must be greater than or equal to zero and less than or equal to 3600 (one hour). If not set, use the default values: - For scale up: 0 (i.e. no stabilization is done). - For scale down: 300 (i.e. the stabilization window is 300 seconds long)."),
        field("selectPolicy", 1, Shape::String, Given)
            .doc("selectPolicy is used to specify which policy should be used. If not set, the default value Max is used."),
        field("policies", 2, list(&Shape::Struct(TypeRef::Static(&HPA_SCALING_POLICY))), NonZero)
            .doc("policies is a list of potential scaling polices which can be used during scaling. If not set, use the default values: - For scale up: allow doubling the number of pods, or an absolute change of 4 pods in a 15s window. - For scale down: allow all pods to be removed in a 15s window."),
        field("tolerance", 4, Shape::Quantity, Given)
            .doc("tolerance is the tolerance on the ratio between the current and desired metric value under which no updates are made to the desired number of replicas (e.g. 0.01 for 1%). Must be greater than or equal to zero. If not set, the default cluster-wide tolerance is applied (by default 10%).\n\nFor example, if autoscaling is configured with a memory consumption target of 100Mi, and scale-down and scale-up tolerances of 5% and 1% respectively, scaling will be triggered when the actual consumption falls below 95Mi or exceeds 101Mi.\n\nThis is an beta field and requires the HPAConfigurableTolerance feature gate to be enabled."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.HPAScalingRules",
        "HPAScalingRules configures the scaling behavior for one direction via scaling Policy Rules and a configurable metric tolerance.\n\nScaling Policy Rules are applied after calculating DesiredReplicas from metrics for the HPA. They can limit the scaling velocity by specifying scaling policies. They can prevent flapping by specifying the stabilization window, so that the number of replicas is not set instantly, instead, the safest value from the stabilization window is chosen.\n\nThe tolerance is applied to the metric values and prevents scaling too eagerly for small metric variations. (Note that setting a tolerance requires the beta HPAConfigurableTolerance feature gate to be enabled.)",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler`.
pub static HORIZONTAL_POD_AUTOSCALER: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("metadata is the standard object metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&HORIZONTAL_POD_AUTOSCALER_SPEC), Always)
            .doc("spec is the specification for the behaviour of the autoscaler. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status."),
        field("status", 3, object(&HORIZONTAL_POD_AUTOSCALER_STATUS), Always)
            .doc("status is the current information about the autoscaler."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("autoscaling", "v2", "HorizontalPodAutoscaler"),
    ];
    ty(
        "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
        "HorizontalPodAutoscaler is the configuration for a horizontal pod autoscaler, which automatically manages the replica count of any resource implementing the scale subresource based on the metrics specified.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior`.
pub static HORIZONTAL_POD_AUTOSCALER_BEHAVIOR: Type = {
    static FIELDS: [Field; 2] = [
        field("scaleUp", 1, object(&HPA_SCALING_RULES), Given)
            .doc("scaleUp is scaling policy for scaling Up. If not set, the default value is the higher of:\n  * increase no more than 4 pods per 60 seconds\n  * double the number of pods per 60 seconds\nNo stabilization is used."),
        field("scaleDown", 2, object(&HPA_SCALING_RULES), Given)
            .doc("scaleDown is scaling policy for scaling Down. If not set, the default value is to allow to scale down to minReplicas pods, with a 300 second stabilization window (i.e., the highest recommendation for the last 300sec is used)."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior",
        "HorizontalPodAutoscalerBehavior configures the scaling behavior of the target in both Up and Down directions (scaleUp and scaleDown fields respectively).",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition`.
pub static HORIZONTAL_POD_AUTOSCALER_CONDITION: Type = {
    static FIELDS: [Field; 5] = [
        field("type", 1, Shape::String, Always).required()
            .doc("type describes the current condition"),
        field("status", 2, Shape::String, Always).required()
            .doc("status is the status of the condition (True, False, Unknown)"),
        field("lastTransitionTime", 3, Shape::Time, Always)
            .doc("lastTransitionTime is the last time the condition transitioned from one status to another"),
        field("reason", 4, Shape::String, NonZero)
            .doc("reason is the reason for the condition's last transition."),
        field("message", 5, Shape::String, NonZero)
            .doc("message is a human-readable explanation containing details about the transition"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition",
        "HorizontalPodAutoscalerCondition describes the state of a HorizontalPodAutoscaler at a certain point.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerList`.
pub static HORIZONTAL_POD_AUTOSCALER_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("metadata is the standard list metadata."),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&HORIZONTAL_POD_AUTOSCALER))), Null).required()
            .doc("items is the list of horizontal pod autoscaler objects."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("autoscaling", "v2", "HorizontalPodAutoscalerList"),
    ];
    ty(
        "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerList",
        "HorizontalPodAutoscalerList is a list of horizontal pod autoscaler objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec`.
pub static HORIZONTAL_POD_AUTOSCALER_SPEC: Type = {
    static FIELDS: [Field; 5] = [
        field("scaleTargetRef", 1, object(&CROSS_VERSION_OBJECT_REFERENCE), Always).required()
            .doc("scaleTargetRef points to the target resource to scale, and is used to the pods for which metrics should be collected, as well as to actually change the replica count."),
        field("minReplicas", 2, Shape::Int32, Given)
            .doc("minReplicas is the lower limit for the number of replicas to which the autoscaler can scale down.  It defaults to 1 pod.  minReplicas is allowed to be 0 if the alpha feature gate HPAScaleToZero is enabled and at least one Object or External metric is configured.  Scaling is active as long as at least one metric value is available."),
        field("maxReplicas", 3, Shape::Int32, Always).required()
            .doc("maxReplicas is the upper limit for the number of replicas to which the autoscaler can scale up. It cannot be less that minReplicas."),
        field("metrics", 4, list(&Shape::Struct(TypeRef::Static(&METRIC_SPEC))), NonZero)
            .doc("metrics contains the specifications for which to use to calculate the desired replica count (the maximum replica count across all metrics will be used).  The desired replica count is calculated multiplying the ratio between the target value and the current value by the current number of pods.  Ergo, metrics used must decrease as the pod count is increased, and vice-versa.  See the individual metric source types for more information about how each type of metric must respond. If not set, the default metric will be set to 80% average CPU utilization."),
        field("behavior", 5, object(&HORIZONTAL_POD_AUTOSCALER_BEHAVIOR), Given)
            .doc("behavior configures the scaling behavior of the target in both Up and Down directions (scaleUp and scaleDown fields respectively). If not set, the default HPAScalingRules for scale up and scale down are used."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec",
        "HorizontalPodAutoscalerSpec describes the desired functionality of the HorizontalPodAutoscaler.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus`.
pub static HORIZONTAL_POD_AUTOSCALER_STATUS: Type = {
    static FIELDS: [Field; 6] = [
        field("observedGeneration", 1, Shape::Int64, Given)
            .doc("observedGeneration is the most recent generation observed by this autoscaler."),
        field("lastScaleTime", 2, Shape::Time, Given)
            .doc("lastScaleTime is the last time the HorizontalPodAutoscaler scaled the number of pods, used by the autoscaler to control how often the number of pods is changed."),
        field("currentReplicas", 3, Shape::Int32, NonZero)
            .doc("currentReplicas is current number of replicas of pods managed by this autoscaler, as last seen by the autoscaler."),
        field("desiredReplicas", 4, Shape::Int32, Always).required()
            .doc("desiredReplicas is the desired number of replicas of pods managed by this autoscaler, as last calculated by the autoscaler."),
        field("currentMetrics", 5, list(&Shape::Struct(TypeRef::Static(&METRIC_STATUS))), Null)
            .doc("currentMetrics is the last read state of the metrics used by this autoscaler."),
        field("conditions", 6, list(&Shape::Struct(TypeRef::Static(&HORIZONTAL_POD_AUTOSCALER_CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("conditions is the set of conditions required for this autoscaler to scale its target, and indicates whether or not those conditions are met."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus",
        "HorizontalPodAutoscalerStatus describes the current status of a horizontal pod autoscaler.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.MetricIdentifier`.
pub static METRIC_IDENTIFIER: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, Always).required()
            .doc("name is the name of the given metric"),
        field("selector", 2, object(&super::meta_v1::LABEL_SELECTOR), Given)
            .doc("selector is the string-encoded form of a standard kubernetes label selector for the given metric When set, it is passed as an additional parameter to the metrics server for more specific metrics scoping. When unset, just the metricName will be used to gather metrics."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.MetricIdentifier",
        "MetricIdentifier defines the name and optionally selector for a metric",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.MetricSpec`.
pub static METRIC_SPEC: Type = {
    static FIELDS: [Field; 6] = [
        field("type", 1, Shape::String, Always).required()
            .doc("type is the type of metric source.  It should be one of \"ContainerResource\", \"External\", \"Object\", \"Pods\" or \"Resource\", each mapping to a matching field in the object."),
        field("object", 2, object(&OBJECT_METRIC_SOURCE), Given)
            .doc("object refers to a metric describing a single kubernetes object (for example, hits-per-second on an Ingress object)."),
        field("pods", 3, object(&PODS_METRIC_SOURCE), Given)
            .doc("pods refers to a metric describing each pod in the current scale target (for example, transactions-processed-per-second).  The values will be averaged together before being compared to the target value."),
        field("resource", 4, object(&RESOURCE_METRIC_SOURCE), Given)
            .doc("resource refers to a resource metric (such as those specified in requests and limits) known to Kubernetes describing each pod in the current scale target (e.g. CPU or memory). Such metrics are built in to Kubernetes, and have special scaling options on top of those available to normal per-pod metrics using the \"pods\" source."),
        field("containerResource", 7, object(&CONTAINER_RESOURCE_METRIC_SOURCE), Given)
            .doc("containerResource refers to a resource metric (such as those specified in requests and limits) known to Kubernetes describing a single container in each pod of the current scale target (e.g. CPU or memory). Such metrics are built in to Kubernetes, and have special scaling options on top of those available to normal per-pod metrics using the \"pods\" source."),
        field("external", 5, object(&EXTERNAL_METRIC_SOURCE), Given)
            .doc("external refers to a global metric that is not associated with any Kubernetes object. It allows autoscaling based on information coming from components running outside of cluster (for example length of queue in cloud messaging service, or QPS from loadbalancer running outside of cluster)."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.MetricSpec",
        "MetricSpec specifies how to scale based on a single metric (only `type` and one other matching field should be set at once).",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.MetricStatus`.
pub static METRIC_STATUS: Type = {
    static FIELDS: [Field; 6] = [
        field("type", 1, Shape::String, Always).required()
            .doc("type is the type of metric source.  It will be one of \"ContainerResource\", \"External\", \"Object\", \"Pods\" or \"Resource\", each corresponds to a matching field in the object."),
        field("object", 2, object(&OBJECT_METRIC_STATUS), Given)
            .doc("object refers to a metric describing a single kubernetes object (for example, hits-per-second on an Ingress object)."),
        field("pods", 3, object(&PODS_METRIC_STATUS), Given)
            .doc("pods refers to a metric describing each pod in the current scale target (for example, transactions-processed-per-second).  The values will be averaged together before being compared to the target value."),
        field("resource", 4, object(&RESOURCE_METRIC_STATUS), Given)
            .doc("resource refers to a resource metric (such as those specified in requests and limits) known to Kubernetes describing each pod in the current scale target (e.g. CPU or memory). Such metrics are built in to Kubernetes, and have special scaling options on top of those available to normal per-pod metrics using the \"pods\" source."),
        field("containerResource", 7, object(&CONTAINER_RESOURCE_METRIC_STATUS), Given)
            .doc("container resource refers to a resource metric (such as those specified in requests and limits) known to Kubernetes describing a single container in each pod in the current scale target (e.g. CPU or memory). Such metrics are built in to Kubernetes, and have special scaling options on top of those available to normal per-pod metrics using the \"pods\" source."),
        field("external", 5, object(&EXTERNAL_METRIC_STATUS), Given)
            .doc("external refers to a global metric that is not associated with any Kubernetes object. It allows autoscaling based on information coming from components running outside of cluster (for example length of queue in cloud messaging service, or QPS from loadbalancer running outside of cluster)."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.MetricStatus",
        "MetricStatus describes the last-read state of a single metric.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.MetricTarget`.
pub static METRIC_TARGET: Type = {
    static FIELDS: [Field; 4] = [
        field("type", 1, Shape::String, Always).required()
            .doc("type represents whether the metric type is Utilization, Value, or AverageValue"),
        field("value", 2, Shape::Quantity, Given)
            .doc("value is the target value of the metric (as a quantity)."),
        field("averageValue", 3, Shape::Quantity, Given)
            .doc("averageValue is the target value of the average of the metric across all relevant pods (as a quantity)"),
        field("averageUtilization", 4, Shape::Int32, Given)
            .doc("averageUtilization is the target value of the average of the resource metric across all relevant pods, represented as a percentage of the requested value of the resource for the pods. Currently only valid for Resource metric source type"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.MetricTarget",
        "MetricTarget defines the target value, average value, or average utilization of a specific metric",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.MetricValueStatus`.
pub static METRIC_VALUE_STATUS: Type = {
    static FIELDS: [Field; 3] = [
        field("value", 1, Shape::Quantity, Given)
            .doc("value is the current value of the metric (as a quantity)."),
        field("averageValue", 2, Shape::Quantity, Given)
            .doc("averageValue is the current value of the average of the metric across all relevant pods (as a quantity)"),
        field("averageUtilization", 3, Shape::Int32, Given)
            .doc("currentAverageUtilization is the current value of the average of the resource metric across all relevant pods, represented as a percentage of the requested value of the resource for the pods."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.MetricValueStatus",
        "MetricValueStatus holds the current value for a metric",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.ObjectMetricSource`.
pub static OBJECT_METRIC_SOURCE: Type = {
    static FIELDS: [Field; 3] = [
        field("describedObject", 1, object(&CROSS_VERSION_OBJECT_REFERENCE), Always).required()
            .doc("describedObject specifies the descriptions of a object,such as kind,name apiVersion"),
        field("target", 2, object(&METRIC_TARGET), Always).required()
            .doc("target specifies the target value for the given metric"),
        field("metric", 3, object(&METRIC_IDENTIFIER), Always).required()
            .doc("metric identifies the target metric by name and selector"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.ObjectMetricSource",
        "ObjectMetricSource indicates how to scale on a metric describing a kubernetes object (for example, hits-per-second on an Ingress object).",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.ObjectMetricStatus`.
pub static OBJECT_METRIC_STATUS: Type = {
    static FIELDS: [Field; 3] = [
        field("metric", 1, object(&METRIC_IDENTIFIER), Always).required()
            .doc("metric identifies the target metric by name and selector"),
        field("current", 2, object(&METRIC_VALUE_STATUS), Always).required()
            .doc("current contains the current value for the given metric"),
        field("describedObject", 3, object(&CROSS_VERSION_OBJECT_REFERENCE), Always).required()
            .doc("DescribedObject specifies the descriptions of a object,such as kind,name apiVersion"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.ObjectMetricStatus",
        "ObjectMetricStatus indicates the current value of a metric describing a kubernetes object (for example, hits-per-second on an Ingress object).",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.PodsMetricSource`.
pub static PODS_METRIC_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("metric", 1, object(&METRIC_IDENTIFIER), Always).required()
            .doc("metric identifies the target metric by name and selector"),
        field("target", 2, object(&METRIC_TARGET), Always).required()
            .doc("target specifies the target value for the given metric"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.PodsMetricSource",
        "PodsMetricSource indicates how to scale on a metric describing each pod in the current scale target (for example, transactions-processed-per-second). The values will be averaged together before being compared to the target value.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.PodsMetricStatus`.
pub static PODS_METRIC_STATUS: Type = {
    static FIELDS: [Field; 2] = [
        field("metric", 1, object(&METRIC_IDENTIFIER), Always).required()
            .doc("metric identifies the target metric by name and selector"),
        field("current", 2, object(&METRIC_VALUE_STATUS), Always).required()
            .doc("current contains the current value for the given metric"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.PodsMetricStatus",
        "PodsMetricStatus indicates the current value of a metric describing each pod in the current scale target (for example, transactions-processed-per-second).",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.ResourceMetricSource`.
pub static RESOURCE_METRIC_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, Always).required()
            .doc("name is the name of the resource in question."),
        field("target", 2, object(&METRIC_TARGET), Always).required()
            .doc("target specifies the target value for the given metric"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.ResourceMetricSource",
        "ResourceMetricSource indicates how to scale on a resource metric known to Kubernetes, as specified in requests and limits, describing each pod in the current scale target (e.g. CPU or memory).  The values will be averaged together before being compared to the target.  Such metrics are built in to Kubernetes, and have special scaling options on top of those available to normal per-pod metrics using the \"pods\" source.  Only one \"target\" type should be set.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.autoscaling.v2.ResourceMetricStatus`.
pub static RESOURCE_METRIC_STATUS: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, Always).required()
            .doc("name is the name of the resource in question."),
        field("current", 2, object(&METRIC_VALUE_STATUS), Always).required()
            .doc("current contains the current value for the given metric"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.autoscaling.v2.ResourceMetricStatus",
        "ResourceMetricStatus indicates the current value of a resource metric known to Kubernetes, as specified in requests and limits, describing each pod in the current scale target (e.g. CPU or memory).  Such metrics are built in to Kubernetes, and have special scaling options on top of those available to normal per-pod metrics using the \"pods\" source.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
