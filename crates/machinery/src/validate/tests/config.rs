//! ConfigMaps, Secrets, nodes, quotas and limits.

use super::*;

/// For the document of kinds.
pub(super) const ALL: &[fn()] = &[data_and_secrets, nodes_quotas_and_limits];

#[test]
fn data_and_secrets() {
    check("", "ConfigMap", r#""data":{"a.b":"c"}"#, &[]);
    check(
        "",
        "ConfigMap",
        r#""data":{"a b":"c"}"#,
        &[
            r#"data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"#,
        ],
    );
    check_update(
        "",
        "ConfigMap",
        r#""immutable":true,"data":{"a":"1"}"#,
        r#""data":{"a":"2"}"#,
        &[
            "immutable: Forbidden: field is immutable when `immutable` is set",
            "data: Forbidden: field is immutable when `immutable` is set",
        ],
    );
    check("", "Secret", r#""type":"kubernetes.io/tls","data":{"tls.crt":"","tls.key":""}"#, &[]);
    check(
        "",
        "Secret",
        r#""type":"kubernetes.io/tls""#,
        &["data[tls.crt]: Required value", "data[tls.key]: Required value"],
    );
    check_update(
        "",
        "Secret",
        r#""type":"a""#,
        r#""type":"b""#,
        &[r#"type: Invalid value: "b": field is immutable"#],
    );
}

#[test]
fn nodes_quotas_and_limits() {
    check("", "Namespace", "", &[]);
    check(
        "",
        "Node",
        r#""spec":{"podCIDRs":["10.244.0.0/24"],"taints":[{"key":"a","effect":"NoSchedule"}]}"#,
        &[],
    );
    check("", "Node", r#""spec":{"taints":[{"key":"a"}]}"#, &["metadata.taints[0].effect: Required value"]);
    check_update(
        "",
        "Node",
        r#""spec":{"podCIDR":"10.244.0.0/24","podCIDRs":["10.244.0.0/24"]}"#,
        r#""spec":{"podCIDR":"10.244.1.0/24","podCIDRs":["10.244.1.0/24"]}"#,
        &[r#"spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid"#],
    );
    check(
        "",
        "ResourceQuota",
        r#""spec":{"hard":{"cpu":"1","pods":"10","requests.storage":"1Gi","count/jobs.batch":"5"}}"#,
        &[],
    );
    check(
        "",
        "ResourceQuota",
        r#""spec":{"hard":{"pods":"1500m"},"scopes":["BestEffort","NotBestEffort"]}"#,
        &[
            r#"spec.hard[pods]: Invalid value: "1500m": must be an integer"#,
            r#"spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes"#,
        ],
    );
    check(
        "",
        "LimitRange",
        r#""spec":{"limits":[{"type":"Container","max":{"cpu":"2"},"min":{"cpu":"1"}}]}"#,
        &[],
    );
    check(
        "",
        "LimitRange",
        r#""spec":{"limits":[{"type":"Pod","max":{"cpu":"1"},"min":{"cpu":"2"}}]}"#,
        &[r#"spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1"#],
    );
}
