//! Autoscalers, budgets and the classes of pods.

use super::super::*;

#[test]
fn autoscalers_have_rules() {
    check(
        "autoscaling",
        "HorizontalPodAutoscaler",
        r#""spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":3,"minReplicas":0}"#,
        &[
            "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
            "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas",
        ],
    );
    check(
        "autoscaling",
        "HorizontalPodAutoscaler",
        r#""spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":3,"metrics":[{"type":""},{"type":"Odd"},{"type":"Pods"},{"type":"Resource","resource":{"name":"","target":{"type":"Odd","averageUtilization":0,"averageValue":"1"}}},{"type":"External","external":{"metric":{"name":"a/b"},"target":{"type":"Value","value":"-1","averageValue":"1"}}},{"type":"Object","object":{"describedObject":{"kind":"","name":"","apiVersion":"a/b/c"},"metric":{"name":"m"},"target":{"type":"Value"}}},{"type":"ContainerResource","containerResource":{"name":"odd","container":"A","target":{"type":"Utilization"}},"pods":{"metric":{"name":"m"},"target":{"type":"Value"}}}]}"#,
        &[
            "spec.metrics[0].type: Required value: must specify a metric source type",
            r#"spec.metrics[0].type: Unsupported value: "": supported values: "ContainerResource", "External", "Object", "Pods", "Resource""#,
            r#"spec.metrics[0].type: Unsupported value: "": supported values: "ContainerResource", "External", "Object", "Pods", "Resource""#,
            r#"spec.metrics[1].type: Unsupported value: "Odd": supported values: "ContainerResource", "External", "Object", "Pods", "Resource""#,
            r#"spec.metrics[1].type: Unsupported value: "Odd": supported values: "ContainerResource", "External", "Object", "Pods", "Resource""#,
            "spec.metrics[2].pods: Required value: must populate information for the given metric source",
            "spec.metrics[3].resource.name: Required value: must specify a resource name",
            r#"spec.metrics[3].resource.target.type: Invalid value: "Odd": must be either Utilization, Value, or AverageValue"#,
            "spec.metrics[3].resource.target.averageUtilization: Invalid value: 0: must be greater than 0",
            "spec.metrics[3].resource.target.averageValue: Forbidden: may not set both a target raw value and a target utilization",
            r#"spec.metrics[4].external.metric.name: Invalid value: "a/b": may not contain '/'"#,
            r#"spec.metrics[4].external.target.value: Invalid value: "-1": must be positive"#,
            "spec.metrics[4].external.target.value: Forbidden: may not set both a target value for metric and a per-pod target",
            "spec.metrics[5].object.describedObject.kind: Required value",
            "spec.metrics[5].object.describedObject.name: Required value",
            r#"spec.metrics[5].object.describedObject.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c"#,
            "spec.metrics[5].object.target.averageValue: Required value: must set either a target value or averageValue",
            "spec.metrics[6].pods.target.averageValue: Required value: must specify a positive target averageValue",
            "spec.metrics[6].pods: Forbidden: must populate the given metric source only",
        ],
    );
    check(
        "autoscaling",
        "HorizontalPodAutoscaler",
        r#""spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":3,"behavior":{"scaleUp":{"stabilizationWindowSeconds":-1,"selectPolicy":"Odd","policies":[],"tolerance":"-1"},"scaleDown":{"stabilizationWindowSeconds":4000,"policies":[{"type":"Odd","value":0,"periodSeconds":2000}]}}}"#,
        &[
            "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: -1: must be greater than or equal to zero",
            r#"spec.behavior.scaleUp.selectPolicy: Unsupported value: "Odd": supported values: "Disabled", "Max", "Min""#,
            r#"spec.behavior.scaleUp.tolerance: Invalid value: "-1": must be greater than or equal to 0"#,
            "spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600",
            r#"spec.behavior.scaleDown.policies[0].type: Unsupported value: "Odd": supported values: "Percent", "Pods""#,
            "spec.behavior.scaleDown.policies[0].value: Invalid value: 0: must be greater than zero",
            "spec.behavior.scaleDown.policies[0].periodSeconds: Invalid value: 2000: must be less than or equal to 1800",
        ],
    );
    check_part(
        "status",
        "autoscaling",
        "HorizontalPodAutoscaler",
        r#""spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":3}"#,
        r#""spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":3},"status":{"desiredReplicas":-1,"currentReplicas":-1}"#,
        &[
            "status.currentReplicas: Invalid value: -1: must be greater than or equal to 0",
            "status.desiredReplicas: Invalid value: -1: must be greater than or equal to 0",
        ],
    );
}

#[test]
fn budgets_and_classes_have_rules() {
    check(
        "policy",
        "PodDisruptionBudget",
        r#""spec":{"minAvailable":1,"maxUnavailable":"101%","unhealthyPodEvictionPolicy":"Odd"}"#,
        &[
            r#"spec: Invalid value: {"minAvailable":1,"maxUnavailable":"101%","unhealthyPodEvictionPolicy":"Odd"}: minAvailable and maxUnavailable cannot be both set"#,
            r#"spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%"#,
            r#"spec.unhealthyPodEvictionPolicy: Unsupported value: "Odd": supported values: "AlwaysAllow", "IfHealthyBudget""#,
        ],
    );
    check(
        "scheduling.k8s.io",
        "PriorityClass",
        r#""value":1,"preemptionPolicy":"Odd""#,
        &[r#"preemptionPolicy: Unsupported value: "Odd": supported values: "PreemptLowerPriority", "Never""#],
    );
    check("node.k8s.io", "RuntimeClass", r#""handler":"a","overhead":{"podFixed":{"cpu":"1m"}}"#, &[]);
    check(
        "node.k8s.io",
        "RuntimeClass",
        r#""handler":"A","overhead":{"podFixed":{"odd":"1"}},"scheduling":{"nodeSelector":{"a b":""},"tolerations":[{"operator":"Exists"},{"operator":"Exists"}]}"#,
        &[
            r#"handler: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            r#"overhead.podFixed.limits[odd]: Invalid value: "odd": must be a standard resource type or fully qualified"#,
            r#"overhead.podFixed.limits[odd]: Invalid value: "odd": must be a standard resource for containers"#,
            r#"scheduling.nodeSelector: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"scheduling.tolerations[1]: Duplicate value: {"operator":"Exists"}"#,
        ],
    );
    check_update(
        "node.k8s.io",
        "RuntimeClass",
        r#""handler":"a""#,
        r#""handler":"b""#,
        &[r#"handler: Invalid value: "b": field is immutable"#],
    );
}

pub(super) const ALL: &[fn()] = &[autoscalers_have_rules, budgets_and_classes_have_rules];
