//! Workloads that keep pods running.

use super::super::*;

#[test]
fn workloads_have_rules_1() {
    check(
        "apps",
        "Deployment",
        r#""spec":{"selector":{},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never","activeDeadlineSeconds":1}}}"#,
        &[
            "spec.selector: Invalid value: {}: empty selector is invalid for deployment",
            r#"spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always""#,
            "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported",
        ],
    );
    check(
        "apps",
        "Deployment",
        r#""spec":{"selector":{"matchExpressions":[{"key":"a","operator":"Odd"}]},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}"#,
        &[
            r#"spec.selector.matchExpressions[0].operator: Invalid value: "Odd": not a valid selector operator"#,
            r#"spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"Odd"}]}: invalid label selector"#,
        ],
    );
    check(
        "apps",
        "ReplicaSet",
        r#""spec":{"selector":{},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never","activeDeadlineSeconds":1}}}"#,
        &[
            "spec.selector: Invalid value: {}: empty selector is invalid for deployment",
            r#"spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always""#,
            "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported",
        ],
    );
    check(
        "apps",
        "ReplicaSet",
        r#""spec":{"selector":{"matchExpressions":[{"key":"a","operator":"Odd"}]},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}"#,
        &[
            r#"spec.selector.matchExpressions[0].operator: Invalid value: "Odd": not a valid selector operator"#,
            r#"spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"Odd"}]}: invalid label selector"#,
        ],
    );
    check(
        "apps",
        "DaemonSet",
        r#""spec":{"selector":{},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never","activeDeadlineSeconds":1}}}"#,
        &[
            "spec.selector: Invalid value: {}: empty selector is invalid for daemonset",
            r#"spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always""#,
            "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported",
        ],
    );
    check(
        "apps",
        "DaemonSet",
        r#""spec":{"selector":{"matchExpressions":[{"key":"a","operator":"Odd"}]},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}"#,
        &[
            r#"spec.selector.matchExpressions[0].operator: Invalid value: "Odd": not a valid selector operator"#,
        ],
    );
    check(
        "apps",
        "StatefulSet",
        r#""spec":{"selector":{},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never","activeDeadlineSeconds":1}}}"#,
        &[
            "spec.selector: Invalid value: {}: empty selector is invalid for statefulset",
            r#"spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always""#,
            "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in StatefulSet is not Supported",
        ],
    );
}

#[test]
fn workloads_have_rules_2() {
    check(
        "apps",
        "StatefulSet",
        r#""spec":{"selector":{"matchExpressions":[{"key":"a","operator":"Odd"}]},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}"#,
        &[
            r#"spec.selector.matchExpressions[0].operator: Invalid value: "Odd": not a valid selector operator"#,
            r#"spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"Odd"}]}"#,
        ],
    );
    check(
        "apps",
        "Deployment",
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}},"minReadySeconds":5,"progressDeadlineSeconds":5,"revisionHistoryLimit":-1,"strategy":{"type":"Odd"}}"#,
        &[
            r#"spec.strategy: Unsupported value: {"type":"Odd"}: supported values: "Recreate", "RollingUpdate""#,
            "spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
            "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds",
        ],
    );
    check(
        "apps",
        "Deployment",
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}},"strategy":{"rollingUpdate":{"maxUnavailable":"101%","maxSurge":"x"}}}"#,
        &[
            r#"spec.strategy.rollingUpdate.maxSurge: Invalid value: "x": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"#,
            r#"spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%"#,
        ],
    );
    check(
        "apps",
        "DaemonSet",
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}},"updateStrategy":{"type":"Odd"}}"#,
        &[
            r#"spec.updateStrategy: Unsupported value: {"type":"Odd"}: supported values: "RollingUpdate", "OnDelete""#,
        ],
    );
    check(
        "apps",
        "DaemonSet",
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}},"updateStrategy":{"rollingUpdate":{"maxUnavailable":0,"maxSurge":0}}}"#,
        &["spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0"],
    );
    check(
        "apps",
        "DaemonSet",
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}},"updateStrategy":{"rollingUpdate":{"maxUnavailable":1,"maxSurge":1}}}"#,
        &[
            "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero",
        ],
    );
    check(
        "apps",
        "StatefulSet",
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}},"podManagementPolicy":"Odd","updateStrategy":{"type":"Odd"},"ordinals":{"start":-1},"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Odd","whenScaled":"Retain"},"minReadySeconds":-1}"#,
        &[
            r#"spec.podManagementPolicy: Invalid value: "Odd": must be 'OrderedReady' or 'Parallel'"#,
            r#"spec.updateStrategy: Invalid value: {"type":"Odd"}: must be 'RollingUpdate' or 'OnDelete'"#,
            r#"spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Odd": supported values: "Retain", "Delete""#,
            "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
            "spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0",
        ],
    );
}

#[test]
fn workloads_have_rules_3() {
    check(
        "apps",
        "StatefulSet",
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}},"updateStrategy":{"type":"OnDelete","rollingUpdate":{}}}"#,
        &[
            "spec.updateStrategy.rollingUpdate: Invalid value: {}: only allowed for updateStrategy 'RollingUpdate'",
        ],
    );
    check(
        "apps",
        "StatefulSet",
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}},"updateStrategy":{"rollingUpdate":{"partition":-1,"maxUnavailable":0}}}"#,
        &[
            "spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0",
            "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0",
        ],
    );
    check(
        "",
        "ReplicationController",
        r#""spec":{"selector":{"a":"c"},"replicas":-1,"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never","activeDeadlineSeconds":1}}}"#,
        &[
            "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
            r#"spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`"#,
            r#"spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always""#,
            "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicationController is not Supported",
        ],
    );
    check(
        "",
        "PodTemplate",
        r#""template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}"#,
        &[],
    );
    check(
        "",
        "PodTemplate",
        r#""template":{"metadata":{"labels":{"a b":"c"},"annotations":{"seccomp.security.alpha.kubernetes.io/pod":"odd","container.apparmor.security.beta.kubernetes.io/z":"odd","controller.kubernetes.io/pod-deletion-cost":"+1"}},"spec":{"containers":[]}}"#,
        &[
            r#"template.labels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"template.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "+1": must be a 32bit integer"#,
            r#"template.annotations.seccomp.security.alpha.kubernetes.io/pod: Invalid value: "odd": must be a valid seccomp profile"#,
            r#"template.annotations[container.apparmor.security.beta.kubernetes.io/z]: Invalid value: "z": container not found"#,
            r#"template.annotations[container.apparmor.security.beta.kubernetes.io/z]: Invalid value: "odd": invalid AppArmor profile name: "odd""#,
            "template.spec.containers: Required value",
        ],
    );
}

#[test]
fn status_of_workloads_has_rules() {
    check_part(
        "status",
        "apps",
        "Deployment",
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}},"status":{"collisionCount":2}"#,
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}},"status":{"replicas":1,"readyReplicas":2,"availableReplicas":3,"updatedReplicas":2,"observedGeneration":-1}"#,
        &[
            "status.observedGeneration: Invalid value: -1: must be greater than or equal to 0",
            "status.updatedReplicas: Invalid value: 2: cannot be greater than status.replicas",
            "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas",
            "status.collisionCount: Invalid value: 0: cannot be decremented",
        ],
    );
    check_part(
        "status",
        "apps",
        "StatefulSet",
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}},"status":{"collisionCount":2}"#,
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}},"status":{"replicas":1,"readyReplicas":2,"currentReplicas":2,"availableReplicas":3}"#,
        &[
            "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
            "status.currentReplicas: Invalid value: 2: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 3: cannot be greater than status.readyReplicas",
            "status.collisionCount: Invalid value: 0: cannot be decremented",
        ],
    );
    check_part(
        "status",
        "apps",
        "DaemonSet",
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}},"status":{"collisionCount":2}"#,
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}},"status":{"currentNumberScheduled":-1,"numberMisscheduled":0,"desiredNumberScheduled":0,"numberReady":0}"#,
        &[
            "status.currentNumberScheduled: Invalid value: -1: must be greater than or equal to 0",
            "status.collisionCount: Invalid value: 0: cannot be decremented",
        ],
    );
    check_part(
        "status",
        "apps",
        "ReplicaSet",
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}"#,
        r#""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}},"status":{"replicas":0,"fullyLabeledReplicas":1,"availableReplicas":1}"#,
        &[
            "status.fullyLabeledReplicas: Invalid value: 1: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 1: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 1: cannot be greater than readyReplicas",
        ],
    );
}

#[test]
fn revisions_stay() {
    check(
        "apps",
        "ControllerRevision",
        r#""revision":-1"#,
        &[
            "data: Required value: data is mandatory",
            "revision: Invalid value: -1: must be greater than or equal to 0",
        ],
    );
    check_update(
        "apps",
        "ControllerRevision",
        r#""data":{"a":1},"revision":1"#,
        r#""data":{"a":2},"revision":1"#,
        &[r#"data: Invalid value: {"a":2}: field is immutable"#],
    );
}

pub(super) const ALL: &[fn()] = &[
    workloads_have_rules_1,
    workloads_have_rules_2,
    workloads_have_rules_3,
    status_of_workloads_has_rules,
    revisions_stay,
];
