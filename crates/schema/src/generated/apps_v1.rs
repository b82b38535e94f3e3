//! `io.k8s.api.apps.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.apps.v1.ControllerRevision`.
pub static CONTROLLER_REVISION: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("data", 2, Shape::Any, Always)
            .doc("Data is the serialized representation of the state."),
        field("revision", 3, Shape::Int64, Always).required()
            .doc("Revision indicates the revision of the state represented by Data."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apps", "v1", "ControllerRevision"),
    ];
    ty(
        "io.k8s.api.apps.v1.ControllerRevision",
        "ControllerRevision implements an immutable snapshot of state data. Clients are responsible for serializing and deserializing the objects that contain their internal state. Once a ControllerRevision has been successfully created, it can not be updated. The API Server will fail validation of all requests that attempt to mutate the Data field. ControllerRevisions may, however, be deleted. Note that, due to its use by both the DaemonSet and StatefulSet controllers for update and rollback, this object is beta. However, it may be subject to name and representation changes in future releases, and clients should not depend on its stability. It is primarily for internal use by controllers.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.ControllerRevisionList`.
pub static CONTROLLER_REVISION_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&CONTROLLER_REVISION))), Null).required()
            .doc("Items is the list of ControllerRevisions"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apps", "v1", "ControllerRevisionList"),
    ];
    ty(
        "io.k8s.api.apps.v1.ControllerRevisionList",
        "ControllerRevisionList is a resource containing a list of ControllerRevision objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.DaemonSet`.
pub static DAEMON_SET: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&DAEMON_SET_SPEC), Always)
            .doc("The desired behavior of this daemon set. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
        field("status", 3, object(&DAEMON_SET_STATUS), Always)
            .doc("The current status of this daemon set. This data may be out of date by some window of time. Populated by the system. Read-only. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apps", "v1", "DaemonSet"),
    ];
    ty(
        "io.k8s.api.apps.v1.DaemonSet",
        "DaemonSet represents the configuration of a daemon set.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.DaemonSetCondition`.
pub static DAEMON_SET_CONDITION: Type = {
    static FIELDS: [Field; 5] = [
        field("type", 1, Shape::String, Always).required()
            .doc("Type of DaemonSet condition."),
        field("status", 2, Shape::String, Always).required()
            .doc("Status of the condition, one of True, False, Unknown."),
        field("lastTransitionTime", 3, Shape::Time, Always)
            .doc("Last time the condition transitioned from one status to another."),
        field("reason", 4, Shape::String, NonZero)
            .doc("The reason for the condition's last transition."),
        field("message", 5, Shape::String, NonZero)
            .doc("A human readable message indicating details about the transition."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.DaemonSetCondition",
        "DaemonSetCondition describes the state of a DaemonSet at a certain point.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.DaemonSetList`.
pub static DAEMON_SET_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&DAEMON_SET))), Null).required()
            .doc("A list of daemon sets."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apps", "v1", "DaemonSetList"),
    ];
    ty(
        "io.k8s.api.apps.v1.DaemonSetList",
        "DaemonSetList is a collection of daemon sets.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.DaemonSetSpec`.
pub static DAEMON_SET_SPEC: Type = {
    static FIELDS: [Field; 5] = [
        field("selector", 1, object(&super::meta_v1::LABEL_SELECTOR), Null).required()
            .doc("A label query over pods that are managed by the daemon set. Must match in order to be controlled. It must match the pod template's labels. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors"),
        field("template", 2, object(&super::core_v1::POD_TEMPLATE_SPEC), Always).required()
            .doc("An object that describes the pod that will be created. The DaemonSet will create exactly one copy of this pod on every node that matches the template's node selector (or on every node if no node selector is specified). The only allowed template.spec.restartPolicy value is \"Always\". More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller#pod-template"),
        field("updateStrategy", 3, object(&DAEMON_SET_UPDATE_STRATEGY), Always)
            .doc("An update strategy to replace existing DaemonSet pods with new pods."),
        field("minReadySeconds", 4, Shape::Int32, NonZero)
            .doc("The minimum number of seconds for which a newly created DaemonSet pod should be ready without any of its container crashing, for it to be considered available. Defaults to 0 (pod will be considered available as soon as it is ready)."),
        field("revisionHistoryLimit", 6, Shape::Int32, Given)
            .doc("The number of old history to retain to allow rollback. This is a pointer to distinguish between explicit zero and not specified. Defaults to 10."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.DaemonSetSpec",
        "DaemonSetSpec is the specification of a daemon set.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.DaemonSetStatus`.
pub static DAEMON_SET_STATUS: Type = {
    static FIELDS: [Field; 10] = [
        field("currentNumberScheduled", 1, Shape::Int32, Always).required()
            .doc("The number of nodes that are running at least 1 daemon pod and are supposed to run the daemon pod. More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/"),
        field("numberMisscheduled", 2, Shape::Int32, Always).required()
            .doc("The number of nodes that are running the daemon pod, but are not supposed to run the daemon pod. More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/"),
        field("desiredNumberScheduled", 3, Shape::Int32, Always).required()
            .doc("The total number of nodes that should be running the daemon pod (including nodes correctly running the daemon pod). More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/"),
        field("numberReady", 4, Shape::Int32, Always).required()
            .doc("numberReady is the number of nodes that should be running the daemon pod and have one or more of the daemon pod running with a Ready Condition."),
        field("observedGeneration", 5, Shape::Int64, NonZero)
            .doc("The most recent generation observed by the daemon set controller."),
        field("updatedNumberScheduled", 6, Shape::Int32, NonZero)
            .doc("The total number of nodes that are running updated daemon pod"),
        field("numberAvailable", 7, Shape::Int32, NonZero)
            .doc("The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and available (ready for at least spec.minReadySeconds)"),
        field("numberUnavailable", 8, Shape::Int32, NonZero)
            .doc("The number of nodes that should be running the daemon pod and have none of the daemon pod running and available (ready for at least spec.minReadySeconds)"),
        field("collisionCount", 9, Shape::Int32, Given)
            .doc("Count of hash collisions for the DaemonSet. The DaemonSet controller uses this field as a collision avoidance mechanism when it needs to create the name for the newest ControllerRevision."),
        field("conditions", 10, list(&Shape::Struct(TypeRef::Static(&DAEMON_SET_CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("Represents the latest available observations of a DaemonSet's current state."),
    ];
    static NAMES: [(Text, u16); 10] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.DaemonSetStatus",
        "DaemonSetStatus represents the current status of a daemon set.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.DaemonSetUpdateStrategy`.
pub static DAEMON_SET_UPDATE_STRATEGY: Type = {
    static FIELDS: [Field; 2] = [
        field("type", 1, Shape::String, NonZero)
            .one_of(&[Borrowed("OnDelete"), Borrowed("RollingUpdate")])
            .doc("Type of daemon set update. Can be \"RollingUpdate\" or \"OnDelete\". Default is RollingUpdate."),
        field("rollingUpdate", 2, object(&ROLLING_UPDATE_DAEMON_SET), Given)
            .doc("Rolling update config params. Present only if type = \"RollingUpdate\"."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.DaemonSetUpdateStrategy",
        "DaemonSetUpdateStrategy is a struct used to control the update strategy for a DaemonSet.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.Deployment`.
pub static DEPLOYMENT: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&DEPLOYMENT_SPEC), Always)
            .doc("Specification of the desired behavior of the Deployment."),
        field("status", 3, object(&DEPLOYMENT_STATUS), Always)
            .doc("Most recently observed status of the Deployment."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apps", "v1", "Deployment"),
    ];
    ty(
        "io.k8s.api.apps.v1.Deployment",
        "Deployment enables declarative updates for Pods and ReplicaSets.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.DeploymentCondition`.
pub static DEPLOYMENT_CONDITION: Type = {
    static FIELDS: [Field; 6] = [
        field("type", 1, Shape::String, Always).required()
            .doc("Type of deployment condition."),
        field("status", 2, Shape::String, Always).required()
            .doc("Status of the condition, one of True, False, Unknown."),
        field("lastUpdateTime", 6, Shape::Time, Always)
            .doc("The last time this condition was updated."),
        field("lastTransitionTime", 7, Shape::Time, Always)
            .doc("Last time the condition transitioned from one status to another."),
        field("reason", 4, Shape::String, NonZero)
            .doc("The reason for the condition's last transition."),
        field("message", 5, Shape::String, NonZero)
            .doc("A human readable message indicating details about the transition."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.DeploymentCondition",
        "DeploymentCondition describes the state of a deployment at a certain point.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.DeploymentList`.
pub static DEPLOYMENT_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata."),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&DEPLOYMENT))), Null).required()
            .doc("Items is the list of Deployments."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apps", "v1", "DeploymentList"),
    ];
    ty(
        "io.k8s.api.apps.v1.DeploymentList",
        "DeploymentList is a list of Deployments.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.DeploymentSpec`.
pub static DEPLOYMENT_SPEC: Type = {
    static FIELDS: [Field; 8] = [
        field("replicas", 1, Shape::Int32, Given)
            .doc("Number of desired pods. This is a pointer to distinguish between explicit zero and not specified. Defaults to 1."),
        field("selector", 2, object(&super::meta_v1::LABEL_SELECTOR), Null).required()
            .doc("Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this deployment. It must match the pod template's labels."),
        field("template", 3, object(&super::core_v1::POD_TEMPLATE_SPEC), Always).required()
            .doc("Template describes the pods that will be created. The only allowed template.spec.restartPolicy value is \"Always\"."),
        field("strategy", 4, object(&DEPLOYMENT_STRATEGY), Always).retain_keys()
            .doc("The deployment strategy to use to replace existing pods with new ones."),
        field("minReadySeconds", 5, Shape::Int32, NonZero)
            .doc("Minimum number of seconds for which a newly created pod should be ready without any of its container crashing, for it to be considered available. Defaults to 0 (pod will be considered available as soon as it is ready)"),
        field("revisionHistoryLimit", 6, Shape::Int32, Given)
            .doc("The number of old ReplicaSets to retain to allow rollback. This is a pointer to distinguish between explicit zero and not specified. Defaults to 10."),
        field("paused", 7, Shape::Bool, NonZero)
            .doc("Indicates that the deployment is paused."),
        field("progressDeadlineSeconds", 9, Shape::Int32, Given)
            .doc("The maximum time in seconds for a deployment to make progress before it is considered to be failed. The deployment controller will continue to process failed deployments and a condition with a ProgressDeadlineExceeded reason will be surfaced in the deployment status. Note that progress will not be estimated during the time a deployment is paused. Defaults to 600s."),
    ];
    static NAMES: [(Text, u16); 8] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.DeploymentSpec",
        "DeploymentSpec is the specification of the desired behavior of the Deployment.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.DeploymentStatus`.
pub static DEPLOYMENT_STATUS: Type = {
    static FIELDS: [Field; 9] = [
        field("observedGeneration", 1, Shape::Int64, NonZero)
            .doc("The generation observed by the deployment controller."),
        field("replicas", 2, Shape::Int32, NonZero)
            .doc("Total number of non-terminating pods targeted by this deployment (their labels match the selector)."),
        field("updatedReplicas", 3, Shape::Int32, NonZero)
            .doc("Total number of non-terminating pods targeted by this deployment that have the desired template spec."),
        field("readyReplicas", 7, Shape::Int32, NonZero)
            .doc("Total number of non-terminating pods targeted by this Deployment with a Ready Condition."),
        field("availableReplicas", 4, Shape::Int32, NonZero)
            .doc("Total number of available non-terminating pods (ready for at least minReadySeconds) targeted by this deployment."),
        field("unavailableReplicas", 5, Shape::Int32, NonZero)
            .doc("Total number of unavailable pods targeted by this deployment. This is the total number of pods that are still required for the deployment to have 100% available capacity. They may either be pods that are running but not yet available or pods that still have not been created."),
        field("terminatingReplicas", 9, Shape::Int32, Given)
            .doc("Total number of terminating pods targeted by this deployment. Terminating pods have a non-null .metadata.deletionTimestamp and have not yet reached the Failed or Succeeded .status.phase.\n\nThis is a beta field and requires enabling DeploymentReplicaSetTerminatingReplicas feature (enabled by default)."),
        field("conditions", 6, list(&Shape::Struct(TypeRef::Static(&DEPLOYMENT_CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("Represents the latest available observations of a deployment's current state."),
        field("collisionCount", 8, Shape::Int32, Given)
            .doc("Count of hash collisions for the Deployment. The Deployment controller uses this field as a collision avoidance mechanism when it needs to create the name for the newest ReplicaSet."),
    ];
    static NAMES: [(Text, u16); 9] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.DeploymentStatus",
        "DeploymentStatus is the most recently observed status of the Deployment.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.DeploymentStrategy`.
pub static DEPLOYMENT_STRATEGY: Type = {
    static FIELDS: [Field; 2] = [
        field("type", 1, Shape::String, NonZero)
            .one_of(&[Borrowed("Recreate"), Borrowed("RollingUpdate")])
            .doc("Type of deployment. Can be \"Recreate\" or \"RollingUpdate\". Default is RollingUpdate."),
        field("rollingUpdate", 2, object(&ROLLING_UPDATE_DEPLOYMENT), Given)
            .doc("Rolling update config params. Present only if DeploymentStrategyType = RollingUpdate."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.DeploymentStrategy",
        "DeploymentStrategy describes how to replace existing pods with new ones.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.ReplicaSet`.
pub static REPLICA_SET: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("If the Labels of a ReplicaSet are empty, they are defaulted to be the same as the Pod(s) that the ReplicaSet manages. Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&REPLICA_SET_SPEC), Always)
            .doc("Spec defines the specification of the desired behavior of the ReplicaSet. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
        field("status", 3, object(&REPLICA_SET_STATUS), Always)
            .doc("Status is the most recently observed status of the ReplicaSet. This data may be out of date by some window of time. Populated by the system. Read-only. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apps", "v1", "ReplicaSet"),
    ];
    ty(
        "io.k8s.api.apps.v1.ReplicaSet",
        "ReplicaSet ensures that a specified number of pod replicas are running at any given time.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.ReplicaSetCondition`.
pub static REPLICA_SET_CONDITION: Type = {
    static FIELDS: [Field; 5] = [
        field("type", 1, Shape::String, Always).required()
            .doc("Type of replica set condition."),
        field("status", 2, Shape::String, Always).required()
            .doc("Status of the condition, one of True, False, Unknown."),
        field("lastTransitionTime", 3, Shape::Time, Always)
            .doc("The last time the condition transitioned from one status to another."),
        field("reason", 4, Shape::String, NonZero)
            .doc("The reason for the condition's last transition."),
        field("message", 5, Shape::String, NonZero)
            .doc("A human readable message indicating details about the transition."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.ReplicaSetCondition",
        "ReplicaSetCondition describes the state of a replica set at a certain point.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.ReplicaSetList`.
pub static REPLICA_SET_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&REPLICA_SET))), Null).required()
            .doc("List of ReplicaSets. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apps", "v1", "ReplicaSetList"),
    ];
    ty(
        "io.k8s.api.apps.v1.ReplicaSetList",
        "ReplicaSetList is a collection of ReplicaSets.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.ReplicaSetSpec`.
pub static REPLICA_SET_SPEC: Type = {
    static FIELDS: [Field; 4] = [
        field("replicas", 1, Shape::Int32, Given)
            .doc("Replicas is the number of desired pods. This is a pointer to distinguish between explicit zero and unspecified. Defaults to 1. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset"),
        field("minReadySeconds", 4, Shape::Int32, NonZero)
            .doc("Minimum number of seconds for which a newly created pod should be ready without any of its container crashing, for it to be considered available. Defaults to 0 (pod will be considered available as soon as it is ready)"),
        field("selector", 2, object(&super::meta_v1::LABEL_SELECTOR), Null).required()
            .doc("Selector is a label query over pods that should match the replica count. Label keys and values that must match in order to be controlled by this replica set. It must match the pod template's labels. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors"),
        field("template", 3, object(&super::core_v1::POD_TEMPLATE_SPEC), Always)
            .doc("Template is the object that describes the pod that will be created if insufficient replicas are detected. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#pod-template"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.ReplicaSetSpec",
        "ReplicaSetSpec is the specification of a ReplicaSet.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.ReplicaSetStatus`.
pub static REPLICA_SET_STATUS: Type = {
    static FIELDS: [Field; 7] = [
        field("replicas", 1, Shape::Int32, Always).required()
            .doc("Replicas is the most recently observed number of non-terminating pods. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset"),
        field("fullyLabeledReplicas", 2, Shape::Int32, NonZero)
            .doc("The number of non-terminating pods that have labels matching the labels of the pod template of the replicaset."),
        field("readyReplicas", 4, Shape::Int32, NonZero)
            .doc("The number of non-terminating pods targeted by this ReplicaSet with a Ready Condition."),
        field("availableReplicas", 5, Shape::Int32, NonZero)
            .doc("The number of available non-terminating pods (ready for at least minReadySeconds) for this replica set."),
        field("terminatingReplicas", 7, Shape::Int32, Given)
            .doc("The number of terminating pods for this replica set. Terminating pods have a non-null .metadata.deletionTimestamp and have not yet reached the Failed or Succeeded .status.phase.\n\nThis is a beta field and requires enabling DeploymentReplicaSetTerminatingReplicas feature (enabled by default)."),
        field("observedGeneration", 3, Shape::Int64, NonZero)
            .doc("ObservedGeneration reflects the generation of the most recently observed ReplicaSet."),
        field("conditions", 6, list(&Shape::Struct(TypeRef::Static(&REPLICA_SET_CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("Represents the latest available observations of a replica set's current state."),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.ReplicaSetStatus",
        "ReplicaSetStatus represents the current status of a ReplicaSet.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.RollingUpdateDaemonSet`.
pub static ROLLING_UPDATE_DAEMON_SET: Type = {
    static FIELDS: [Field; 2] = [
        field("maxUnavailable", 1, Shape::IntOrString, Given)
            .doc("The maximum number of DaemonSet pods that can be unavailable during the update. Value can be an absolute number (ex: 5) or a percentage of total number of DaemonSet pods at the start of the update (ex: 10%). Absolute number is calculated from percentage by rounding up. This cannot be 0 if MaxSurge is 0 Default value is 1. Example: when this is set to 30%, at most 30% of the total number of nodes that should be running the daemon pod (i.e. status.desiredNumberScheduled) can have their pods stopped for an update at any given time. The update starts by stopping at most 30% of those DaemonSet pods and then brings up new DaemonSet pods in their place. Once the new pods are available, it then proceeds onto other DaemonSet pods, thus ensuring that at least 70% of original number of DaemonSet pods are available at all times during the update."),
        field("maxSurge", 2, Shape::IntOrString, Given)
            .doc("The maximum number of nodes with an existing available DaemonSet pod that can have an updated DaemonSet pod during during an update. Value can be an absolute number (ex: 5) or a percentage of desired pods (ex: 10%). This can not be 0 if MaxUnavailable is 0. Absolute number is calculated from percentage by rounding up to a minimum of 1. Default value is 0. Example: when this is set to 30%, at most 30% of the total number of nodes that should be running the daemon pod (i.e. status.desiredNumberScheduled) can have their a new pod created before the old pod is marked as deleted. The update starts by launching new pods on 30% of nodes. Once an updated pod is available (Ready for at least minReadySeconds) the old DaemonSet pod on that node is marked deleted. If the old pod becomes unavailable for any reason (Ready transitions to false, is evicted, or is drained) an updated pod is immediately created on that node without considering surge limits. Allowing surge implies the possibility that the resources consumed by the daemonset on any given node can double if the readiness check fails, and so resource intensive daemonsets should take into account that they may cause evictions during disruption."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.RollingUpdateDaemonSet",
        "Spec to control the desired behavior of daemon set rolling update.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.RollingUpdateDeployment`.
pub static ROLLING_UPDATE_DEPLOYMENT: Type = {
    static FIELDS: [Field; 2] = [
        field("maxUnavailable", 1, Shape::IntOrString, Given)
            .doc("The maximum number of pods that can be unavailable during the update. Value can be an absolute number (ex: 5) or a percentage of desired pods (ex: 10%). Absolute number is calculated from percentage by rounding down. This can not be 0 if MaxSurge is 0. Defaults to 25%. Example: when this is set to 30%, the old ReplicaSet can be scaled down to 70% of desired pods immediately when the rolling update starts. Once new pods are ready, old ReplicaSet can be scaled down further, followed by scaling up the new ReplicaSet, ensuring that the total number of pods available at all times during the update is at least 70% of desired pods."),
        field("maxSurge", 2, Shape::IntOrString, Given)
            .doc("The maximum number of pods that can be scheduled above the desired number of pods. Value can be an absolute number (ex: 5) or a percentage of desired pods (ex: 10%). This can not be 0 if MaxUnavailable is 0. Absolute number is calculated from percentage by rounding up. Defaults to 25%. Example: when this is set to 30%, the new ReplicaSet can be scaled up immediately when the rolling update starts, such that the total number of old and new pods do not exceed 130% of desired pods. Once old pods have been killed, new ReplicaSet can be scaled up further, ensuring that total number of pods running at any time during the update is at most 130% of desired pods."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.RollingUpdateDeployment",
        "Spec to control the desired behavior of rolling update.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy`.
pub static ROLLING_UPDATE_STATEFUL_SET_STRATEGY: Type = {
    static FIELDS: [Field; 2] = [
        field("partition", 1, Shape::Int32, Given)
            .doc("Partition indicates the ordinal at which the StatefulSet should be partitioned for updates. During a rolling update, all pods from ordinal Replicas-1 to Partition are updated. All pods from ordinal Partition-1 to 0 remain untouched. This is helpful in being able to do a canary based deployment. The default value is 0."),
        field("maxUnavailable", 2, Shape::IntOrString, Given)
            .doc("The maximum number of pods that can be unavailable during the update. Value can be an absolute number (ex: 5) or a percentage of desired pods (ex: 10%). Absolute number is calculated from percentage by rounding up. This can not be 0. Defaults to 1. This field is beta-level and is enabled by default. The field applies to all pods in the range 0 to Replicas-1. That means if there is any unavailable pod in the range 0 to Replicas-1, it will be counted towards MaxUnavailable. This setting might not be effective for the OrderedReady podManagementPolicy. That policy ensures pods are created and become ready one at a time."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy",
        "RollingUpdateStatefulSetStrategy is used to communicate parameter for RollingUpdateStatefulSetStrategyType.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.StatefulSet`.
pub static STATEFUL_SET: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&STATEFUL_SET_SPEC), Always)
            .doc("Spec defines the desired identities of pods in this set."),
        field("status", 3, object(&STATEFUL_SET_STATUS), Always)
            .doc("Status is the current status of Pods in this StatefulSet. This data may be out of date by some window of time."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apps", "v1", "StatefulSet"),
    ];
    ty(
        "io.k8s.api.apps.v1.StatefulSet",
        "StatefulSet represents a set of pods with consistent identities. Identities are defined as:\n  - Network: A single stable DNS and hostname.\n  - Storage: As many VolumeClaims as requested.\n\nThe StatefulSet guarantees that a given network identity will always map to the same storage identity.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.StatefulSetCondition`.
pub static STATEFUL_SET_CONDITION: Type = {
    static FIELDS: [Field; 5] = [
        field("type", 1, Shape::String, Always).required()
            .doc("Type of statefulset condition."),
        field("status", 2, Shape::String, Always).required()
            .doc("Status of the condition, one of True, False, Unknown."),
        field("lastTransitionTime", 3, Shape::Time, Always)
            .doc("Last time the condition transitioned from one status to another."),
        field("reason", 4, Shape::String, NonZero)
            .doc("The reason for the condition's last transition."),
        field("message", 5, Shape::String, NonZero)
            .doc("A human readable message indicating details about the transition."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.StatefulSetCondition",
        "StatefulSetCondition describes the state of a statefulset at a certain point.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.StatefulSetList`.
pub static STATEFUL_SET_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&STATEFUL_SET))), Null).required()
            .doc("Items is the list of stateful sets."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apps", "v1", "StatefulSetList"),
    ];
    ty(
        "io.k8s.api.apps.v1.StatefulSetList",
        "StatefulSetList is a collection of StatefulSets.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.StatefulSetOrdinals`.
pub static STATEFUL_SET_ORDINALS: Type = {
    static FIELDS: [Field; 1] = [
        field("start", 1, Shape::Int32, Always)
            .doc("start is the number representing the first replica's index. It may be used to number replicas from an alternate index (eg: 1-indexed) over the default 0-indexed names, or to orchestrate progressive movement of replicas from one StatefulSet to another. If set, replica indices will be in the range:\n  [.spec.ordinals.start, .spec.ordinals.start + .spec.replicas).\nIf unset, defaults to 0. Replica indices will be in the range:\n  [0, .spec.replicas)."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.StatefulSetOrdinals",
        "StatefulSetOrdinals describes the policy used for replica ordinal assignment in this StatefulSet.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy`.
pub static STATEFUL_SET_PERSISTENT_VOLUME_CLAIM_RETENTION_POLICY: Type = {
    static FIELDS: [Field; 2] = [
        field("whenDeleted", 1, Shape::String, NonZero)
            .doc("WhenDeleted specifies what happens to PVCs created from StatefulSet VolumeClaimTemplates when the StatefulSet is deleted. The default policy of `Retain` causes PVCs to not be affected by StatefulSet deletion. The `Delete` policy causes those PVCs to be deleted."),
        field("whenScaled", 2, Shape::String, NonZero)
            .doc("WhenScaled specifies what happens to PVCs created from StatefulSet VolumeClaimTemplates when the StatefulSet is scaled down. The default policy of `Retain` causes PVCs to not be affected by a scaledown. The `Delete` policy causes the associated PVCs for any excess pods above the replica count to be deleted."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy",
        "StatefulSetPersistentVolumeClaimRetentionPolicy describes the policy used for PVCs created from the StatefulSet VolumeClaimTemplates.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.StatefulSetSpec`.
pub static STATEFUL_SET_SPEC: Type = {
    static FIELDS: [Field; 11] = [
        field("replicas", 1, Shape::Int32, Given)
            .doc("replicas is the desired number of replicas of the given Template. These are replicas in the sense that they are instantiations of the same Template, but individual replicas also have a consistent identity. If unspecified, defaults to 1."),
        field("selector", 2, object(&super::meta_v1::LABEL_SELECTOR), Null).required()
            .doc("selector is a label query over pods that should match the replica count. It must match the pod template's labels. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors"),
        field("template", 3, object(&super::core_v1::POD_TEMPLATE_SPEC), Always).required()
            .doc("template is the object that describes the pod that will be created if insufficient replicas are detected. Each pod stamped out by the StatefulSet will fulfill this Template, but have a unique identity from the rest of the StatefulSet. Each pod will be named with the format <statefulsetname>-<podindex>. For example, a pod in a StatefulSet named \"web\" with index number \"3\" would be named \"web-3\". The only allowed template.spec.restartPolicy value is \"Always\"."),
        field("volumeClaimTemplates", 4, list(&Shape::Struct(TypeRef::Static(&super::core_v1::PERSISTENT_VOLUME_CLAIM))), NonZero)
            .doc("volumeClaimTemplates is a list of claims that pods are allowed to reference. The StatefulSet controller is responsible for mapping network identities to claims in a way that maintains the identity of a pod. Every claim in this list must have at least one matching (by name) volumeMount in one container in the template. A claim in this list takes precedence over any volumes in the template, with the same name."),
        field("serviceName", 5, Shape::String, Always)
            .doc("serviceName is the name of the service that governs this StatefulSet. This service must exist before the StatefulSet, and is responsible for the network identity of the set. Pods get DNS/hostnames that follow the pattern: pod-specific-string.serviceName.default.svc.cluster.local where \"pod-specific-string\" is managed by the StatefulSet controller."),
        field("podManagementPolicy", 6, Shape::String, NonZero)
            .one_of(&[Borrowed("OrderedReady"), Borrowed("Parallel")])
            .doc("podManagementPolicy controls how pods are created during initial scale up, when replacing pods on nodes, or when scaling down. The default policy is `OrderedReady`, where pods are created in increasing order (pod-0, then pod-1, etc) and the controller will wait until each pod is ready before continuing. When scaling down, the pods are removed in the opposite order. The alternative policy is `Parallel` which will create pods in parallel to match the desired scale without waiting, and on scale down will delete all pods at once."),
        field("updateStrategy", 7, object(&STATEFUL_SET_UPDATE_STRATEGY), Always)
            .doc("updateStrategy indicates the StatefulSetUpdateStrategy that will be employed to update Pods in the StatefulSet when a revision is made to Template."),
        field("revisionHistoryLimit", 8, Shape::Int32, Given)
            .doc("revisionHistoryLimit is the maximum number of revisions that will be maintained in the StatefulSet's revision history. The revision history consists of all revisions not represented by a currently applied StatefulSetSpec version. The default value is 10."),
        field("minReadySeconds", 9, Shape::Int32, NonZero)
            .doc("Minimum number of seconds for which a newly created pod should be ready without any of its container crashing for it to be considered available. Defaults to 0 (pod will be considered available as soon as it is ready)"),
        field("persistentVolumeClaimRetentionPolicy", 10, object(&STATEFUL_SET_PERSISTENT_VOLUME_CLAIM_RETENTION_POLICY), Given)
            .doc("persistentVolumeClaimRetentionPolicy describes the lifecycle of persistent volume claims created from volumeClaimTemplates. By default, all persistent volume claims are created as needed and retained until manually deleted. This policy allows the lifecycle to be altered, for example by deleting persistent volume claims when their stateful set is deleted, or when their pod is scaled down."),
        field("ordinals", 11, object(&STATEFUL_SET_ORDINALS), Given)
            .doc("ordinals controls the numbering of replica indices in a StatefulSet. The default ordinals behavior assigns a \"0\" index to the first replica and increments the index by one for each additional replica requested."),
    ];
    static NAMES: [(Text, u16); 11] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.StatefulSetSpec",
        "A StatefulSetSpec is the specification of a StatefulSet.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.StatefulSetStatus`.
pub static STATEFUL_SET_STATUS: Type = {
    static FIELDS: [Field; 10] = [
        field("observedGeneration", 1, Shape::Int64, NonZero)
            .doc("observedGeneration is the most recent generation observed for this StatefulSet. It corresponds to the StatefulSet's generation, which is updated on mutation by the API Server."),
        field("replicas", 2, Shape::Int32, Always).required()
            .doc("replicas is the number of Pods created by the StatefulSet controller."),
        field("readyReplicas", 3, Shape::Int32, NonZero)
            .doc("readyReplicas is the number of pods created for this StatefulSet with a Ready Condition."),
        field("currentReplicas", 4, Shape::Int32, NonZero)
            .doc("currentReplicas is the number of Pods created by the StatefulSet controller from the StatefulSet version indicated by currentRevision."),
        field("updatedReplicas", 5, Shape::Int32, NonZero)
            .doc("updatedReplicas is the number of Pods created by the StatefulSet controller from the StatefulSet version indicated by updateRevision."),
        field("currentRevision", 6, Shape::String, NonZero)
            .doc("currentRevision, if not empty, indicates the version of the StatefulSet used to generate Pods in the sequence [0,currentReplicas)."),
        field("updateRevision", 7, Shape::String, NonZero)
            .doc("updateRevision, if not empty, indicates the version of the StatefulSet used to generate Pods in the sequence [replicas-updatedReplicas,replicas)"),
        field("collisionCount", 9, Shape::Int32, Given)
            .doc("collisionCount is the count of hash collisions for the StatefulSet. The StatefulSet controller uses this field as a collision avoidance mechanism when it needs to create the name for the newest ControllerRevision."),
        field("conditions", 10, list(&Shape::Struct(TypeRef::Static(&STATEFUL_SET_CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("Represents the latest available observations of a statefulset's current state."),
        field("availableReplicas", 11, Shape::Int32, Always)
            .doc("Total number of available pods (ready for at least minReadySeconds) targeted by this statefulset."),
    ];
    static NAMES: [(Text, u16); 10] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.StatefulSetStatus",
        "StatefulSetStatus represents the current state of a StatefulSet.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apps.v1.StatefulSetUpdateStrategy`.
pub static STATEFUL_SET_UPDATE_STRATEGY: Type = {
    static FIELDS: [Field; 2] = [
        field("type", 1, Shape::String, NonZero)
            .one_of(&[Borrowed("OnDelete"), Borrowed("RollingUpdate")])
            .doc("Type indicates the type of the StatefulSetUpdateStrategy. Default is RollingUpdate."),
        field("rollingUpdate", 2, object(&ROLLING_UPDATE_STATEFUL_SET_STRATEGY), Given)
            .doc("RollingUpdate is used to communicate parameters when Type is RollingUpdateStatefulSetStrategyType."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apps.v1.StatefulSetUpdateStrategy",
        "StatefulSetUpdateStrategy indicates the strategy that the StatefulSet controller will use to perform updates. It includes any additional parameters necessary to perform the update for the indicated strategy.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
