//! Workloads, and what scales and guards them.

use super::*;

/// For the document of kinds.
pub(super) const ALL: &[fn()] = &[workloads, jobs, scaling];

const TEMPLATE: &str =
    r#""template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}"#;

#[test]
fn workloads() {
    let spec =
        |members: &str| format!(r#""spec":{{"selector":{{"matchLabels":{{"a":"b"}}}},{TEMPLATE}{members}}}"#);
    for kind in ["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"] {
        check("apps", kind, &spec(""), &[]);
        let other = format!(r#""spec":{{"selector":{{"matchLabels":{{"a":"c"}}}},{TEMPLATE}}}"#);
        check(
            "apps",
            kind,
            &other,
            &[
                r#"spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`"#,
            ],
        );
    }
    check("apps", "Deployment", &format!(r#""spec":{{{TEMPLATE}}}"#), &["spec.selector: Required value"]);
    check(
        "apps",
        "Deployment",
        &spec(r#","replicas":-1,"strategy":{"type":"Recreate","rollingUpdate":{}}"#),
        &[
            "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
            "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
        ],
    );
    check(
        "apps",
        "Deployment",
        &spec(r#","strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":"0%"}}"#),
        &[
            r#"spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0"#,
        ],
    );
    let other = r#""spec":{"selector":{"matchLabels":{"a":"c"}},"template":{"metadata":{"labels":{"a":"c"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}"#;
    check_update(
        "apps",
        "Deployment",
        &spec(""),
        other,
        &[r#"spec.selector: Invalid value: {"matchLabels":{"a":"c"}}: field is immutable"#],
    );
    check_update(
        "apps",
        "StatefulSet",
        &spec(r#","serviceName":"a""#),
        &spec(r#","serviceName":"b""#),
        &[
            "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
        ],
    );
    check(
        "apps",
        "StatefulSet",
        &spec(
            r#","volumeClaimTemplates":[{"metadata":{"name":"d"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]"#,
        ),
        &[],
    );
    check("", "ReplicationController", &format!(r#""spec":{{{TEMPLATE}}}"#), &[]);
}

#[test]
fn jobs() {
    let template = |policy: &str| {
        format!(
            r#""template":{{"metadata":{{"labels":{{"a":"b"}}}},"spec":{{"restartPolicy":"{policy}","containers":[{{"name":"c","image":"i"}}]}}}}"#
        )
    };
    let job = |policy: &str, members: &str| {
        format!(
            r#""spec":{{"manualSelector":true,"selector":{{"matchLabels":{{"a":"b"}}}},{}{members}}}"#,
            template(policy)
        )
    };
    check("batch", "Job", &job("Never", ""), &[]);
    check(
        "batch",
        "Job",
        &job("Always", r#","parallelism":-1"#),
        &[
            "spec.parallelism: Invalid value: -1: must be greater than or equal to 0",
            r#"spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never""#,
        ],
    );
    check(
        "batch",
        "Job",
        &job("Never", r#","completionMode":"Indexed","parallelism":1"#),
        &["spec.completions: Required value: when completion mode is Indexed"],
    );
    check_update(
        "batch",
        "Job",
        &job("Never", r#","completions":1"#),
        &job("Never", r#","completions":2"#),
        &["spec.completions: Invalid value: 2: field is immutable"],
    );
    let cron = |schedule: &str| {
        format!(r#""spec":{{"schedule":"{schedule}","jobTemplate":{{"spec":{{{}}}}}}}"#, template("Never"))
    };
    check("batch", "CronJob", &cron("*/5 * * * *"), &[]);
    check(
        "batch",
        "CronJob",
        &cron("whenever"),
        &[r#"spec.schedule: Invalid value: "whenever": expected exactly 5 fields, found 1: [whenever]"#],
    );
}

#[test]
fn scaling() {
    check(
        "autoscaling",
        "HorizontalPodAutoscaler",
        r#""spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":3}"#,
        &[],
    );
    check(
        "autoscaling",
        "HorizontalPodAutoscaler",
        r#""spec":{"scaleTargetRef":{"kind":"Deployment"},"minReplicas":5,"maxReplicas":3}"#,
        &[
            "spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`",
            "spec.scaleTargetRef.name: Required value",
        ],
    );
    check("policy", "PodDisruptionBudget", r#""spec":{"minAvailable":"50%","selector":{}}"#, &[]);
    check(
        "policy",
        "PodDisruptionBudget",
        r#""spec":{"minAvailable":-1}"#,
        &["spec.minAvailable: Invalid value: -1: must be greater than or equal to 0"],
    );
    check("scheduling.k8s.io", "PriorityClass", r#""value":1000"#, &[]);
    check(
        "scheduling.k8s.io",
        "PriorityClass",
        r#""value":1500000000"#,
        &["value: Forbidden: maximum allowed value of a user defined priority is 1000000000"],
    );
    check_update(
        "scheduling.k8s.io",
        "PriorityClass",
        r#""value":1"#,
        r#""value":2"#,
        &["value: Forbidden: may not be changed in an update."],
    );
}
