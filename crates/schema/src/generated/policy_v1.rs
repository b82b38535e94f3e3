//! `io.k8s.api.policy.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.policy.v1.Eviction`.
pub static EVICTION: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("ObjectMeta describes the pod that is being evicted."),
        field("deleteOptions", 2, object(&super::meta_v1::DELETE_OPTIONS), Given)
            .doc("DeleteOptions may be provided"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("policy", "v1", "Eviction"),
    ];
    ty(
        "io.k8s.api.policy.v1.Eviction",
        "Eviction evicts a pod from its node subject to certain policies and safety constraints. This is a subresource of Pod.  A request to cause such an eviction is created by POSTing to .../pods/<pod name>/evictions.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.policy.v1.PodDisruptionBudget`.
pub static POD_DISRUPTION_BUDGET: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&POD_DISRUPTION_BUDGET_SPEC), Always)
            .doc("Specification of the desired behavior of the PodDisruptionBudget."),
        field("status", 3, object(&POD_DISRUPTION_BUDGET_STATUS), Always)
            .doc("Most recently observed status of the PodDisruptionBudget."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("policy", "v1", "PodDisruptionBudget"),
    ];
    ty(
        "io.k8s.api.policy.v1.PodDisruptionBudget",
        "PodDisruptionBudget is an object to define the max disruption that can be caused to a collection of pods",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.policy.v1.PodDisruptionBudgetList`.
pub static POD_DISRUPTION_BUDGET_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&POD_DISRUPTION_BUDGET))), Null).required()
            .doc("Items is a list of PodDisruptionBudgets"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("policy", "v1", "PodDisruptionBudgetList"),
    ];
    ty(
        "io.k8s.api.policy.v1.PodDisruptionBudgetList",
        "PodDisruptionBudgetList is a collection of PodDisruptionBudgets.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.policy.v1.PodDisruptionBudgetSpec`.
pub static POD_DISRUPTION_BUDGET_SPEC: Type = {
    static FIELDS: [Field; 4] = [
        field("minAvailable", 1, Shape::IntOrString, Given)
            .doc("An eviction is allowed if at least \"minAvailable\" pods selected by \"selector\" will still be available after the eviction, i.e. even in the absence of the evicted pod.  So for example you can prevent all voluntary evictions by specifying \"100%\"."),
        field("selector", 2, object(&super::meta_v1::LABEL_SELECTOR), Given).replace()
            .doc("Label query over pods whose evictions are managed by the disruption budget. A null selector will match no pods, while an empty ({}) selector will select all pods within the namespace."),
        field("maxUnavailable", 3, Shape::IntOrString, Given)
            .doc("An eviction is allowed if at most \"maxUnavailable\" pods selected by \"selector\" are unavailable after the eviction, i.e. even in absence of the evicted pod. For example, one can prevent all voluntary evictions by specifying 0. This is a mutually exclusive setting with \"minAvailable\"."),
        field("unhealthyPodEvictionPolicy", 4, Shape::String, Given)
            .one_of(&[Borrowed("AlwaysAllow"), Borrowed("IfHealthyBudget")])
            .doc("UnhealthyPodEvictionPolicy defines the criteria for when unhealthy pods should be considered for eviction. Current implementation considers healthy pods, as pods that have status.conditions item with type=\"Ready\",status=\"True\".\n\nValid policies are IfHealthyBudget and AlwaysAllow. If no policy is specified, the default behavior will be used, which corresponds to the IfHealthyBudget policy.\n\nIfHealthyBudget policy means that running pods (status.phase=\"Running\"), but not yet healthy can be evicted only if the guarded application is not disrupted (status.currentHealthy is at least equal to status.desiredHealthy). Healthy pods will be subject to the PDB for eviction.\n\nAlwaysAllow policy means that all running pods (status.phase=\"Running\"), but not yet healthy are considered disrupted and can be evicted regardless of whether the criteria in a PDB is met. This means perspective running pods of a disrupted application might not get a chance to become healthy. Healthy pods will be subject to the PDB for eviction.\n\nAdditional policies may be added in the future. Clients making eviction decisions should disallow eviction of unhealthy pods if they encounter an unrecognized policy in this field."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.policy.v1.PodDisruptionBudgetSpec",
        "PodDisruptionBudgetSpec is a description of a PodDisruptionBudget.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.policy.v1.PodDisruptionBudgetStatus`.
pub static POD_DISRUPTION_BUDGET_STATUS: Type = {
    static FIELDS: [Field; 7] = [
        field("observedGeneration", 1, Shape::Int64, NonZero)
            .doc("Most recent generation observed when updating this PDB status. DisruptionsAllowed and other status information is valid only if observedGeneration equals to PDB's object generation."),
        field("disruptedPods", 2, map(&Shape::Time), NonZero)
            .doc("DisruptedPods contains information about pods whose eviction was processed by the API server eviction subresource handler but has not yet been observed by the PodDisruptionBudget controller. A pod will be in this map from the time when the API server processed the eviction request to the time when the pod is seen by PDB controller as having been marked for deletion (or after a timeout). The key in the map is the name of the pod and the value is the time when the API server processed the eviction request. If the deletion didn't occur and a pod is still there it will be removed from the list automatically by PodDisruptionBudget controller after some time. If everything goes smooth this map should be empty for the most of the time. Large number of entries in the map may indicate problems with pod deletions."),
        field("disruptionsAllowed", 3, Shape::Int32, Always).required()
            .doc("Number of pod disruptions that are currently allowed."),
        field("currentHealthy", 4, Shape::Int32, Always).required()
            .doc("current number of healthy pods"),
        field("desiredHealthy", 5, Shape::Int32, Always).required()
            .doc("minimum desired number of healthy pods"),
        field("expectedPods", 6, Shape::Int32, Always).required()
            .doc("total number of pods counted by this disruption budget"),
        field("conditions", 7, list(&Shape::Struct(TypeRef::Static(&super::meta_v1::CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("Conditions contain conditions for PDB. The disruption controller sets the DisruptionAllowed condition. The following are known values for the reason field (additional reasons could be added in the future): - SyncFailed: The controller encountered an error and wasn't able to compute\n              the number of allowed disruptions. Therefore no disruptions are\n              allowed and the status of the condition will be False.\n- InsufficientPods: The number of pods are either at or below the number\n                    required by the PodDisruptionBudget. No disruptions are\n                    allowed and the status of the condition will be False.\n- SufficientPods: There are more pods than required by the PodDisruptionBudget.\n                  The condition will be True, and the number of allowed\n                  disruptions are provided by the disruptionsAllowed property."),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.policy.v1.PodDisruptionBudgetStatus",
        "PodDisruptionBudgetStatus represents information about the status of a PodDisruptionBudget. Status may trail the actual state of a system.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
