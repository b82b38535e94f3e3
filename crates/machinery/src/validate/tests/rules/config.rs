//! Data, quotas, limits, namespaces, nodes and events.

use super::super::*;

#[test]
fn data_has_rules() {
    check(
        "",
        "ConfigMap",
        r#""data":{"a":"1"},"binaryData":{"a":"MQ==","..b":"MQ=="}"#,
        &[
            r#"data[a]: Invalid value: "a": duplicate of key present in binaryData"#,
            r#"binaryData[..b]: Invalid value: "..b": must not start with '..'"#,
        ],
    );
    check(
        "",
        "Secret",
        r#""type":"kubernetes.io/dockerconfigjson","data":{".dockerconfigjson":"W10="}"#,
        &[
            r#"data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid type: sequence, expected a map at line 1 column 0"#,
        ],
    );
    check(
        "",
        "Secret",
        r#""type":"kubernetes.io/dockercfg","data":{}"#,
        &["data[.dockercfg]: Required value"],
    );
    check(
        "",
        "Secret",
        r#""type":"kubernetes.io/basic-auth","data":{}"#,
        &["data[username]: Required value", "data[password]: Required value"],
    );
    check(
        "",
        "Secret",
        r#""type":"kubernetes.io/ssh-auth","data":{}"#,
        &["data[ssh-privatekey]: Required value"],
    );
    check(
        "",
        "Secret",
        r#""type":"kubernetes.io/service-account-token","data":{}"#,
        &["metadata.annotations[kubernetes.io/service-account.name]: Required value"],
    );
    check(
        "",
        "Secret",
        r#""type":"a/b","data":{"a b":""}"#,
        &[
            r#"data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"#,
        ],
    );
    check_update(
        "",
        "Secret",
        r#""immutable":true,"data":{"a":"MQ=="}"#,
        r#""immutable":true,"data":{"a":"Mg=="}"#,
        &["data: Forbidden: field is immutable when `immutable` is set"],
    );
}

#[test]
fn namespaces_have_rules() {
    check(
        "",
        "Namespace",
        r#""spec":{"finalizers":["a b","odd","kubernetes"]}"#,
        &[
            r#"spec.finalizers: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"spec.finalizers: Invalid value: "a b": name is neither a standard finalizer name nor is it fully qualified"#,
            r#"spec.finalizers: Invalid value: "odd": name is neither a standard finalizer name nor is it fully qualified"#,
        ],
    );
    check_part(
        "finalize",
        "",
        "Namespace",
        r#""spec":{"finalizers":["kubernetes"]}"#,
        r#""spec":{"finalizers":["odd"]}"#,
        &[
            r#"spec.finalizers[0]: Invalid value: "odd": name is neither a standard finalizer name nor is it fully qualified"#,
        ],
    );
    check_part(
        "status",
        "",
        "Namespace",
        r#""status":{"phase":"Active"}"#,
        r#""status":{"phase":"Terminating"}"#,
        &[
            r#"status.Phase: Invalid value: "Terminating": may only be 'Active' if `deletionTimestamp` is empty"#,
        ],
    );
}

#[test]
fn nodes_have_rules() {
    check(
        "",
        "Node",
        r#""spec":{"podCIDRs":["x","10.0.0.0/8"],"taints":[{"key":"a b","value":"c d","effect":"Odd"},{"key":"a","effect":"NoSchedule"},{"key":"a","effect":"NoSchedule"}]},"status":{"capacity":{"pods":"1500m","cpu":"-1"},"declaredFeatures":["b","a"]}"#,
        &[
            r#"metadata.taints[0].key: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"metadata.taints[0].value: Invalid value: "c d": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"#,
            r#"metadata.taints[0].effect: Unsupported value: "Odd": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute""#,
            r#"metadata.taints[2]: Duplicate value: {"key":"a","effect":"NoSchedule"}: taints must be unique by key and effect pair"#,
            r#"status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0"#,
            r#"status.capacity.pods: Invalid value: "1500m": must be an integer"#,
            r#"status.allocatable.cpu: Invalid value: "-1": must be greater than or equal to 0"#,
            r#"status.allocatable.pods: Invalid value: "1500m": must be an integer"#,
            r#"status.declaredFeatures[0]: Invalid value: "b": invalid feature name "b": must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes"#,
            r#"status.declaredFeatures[1]: Invalid value: "a": list must be sorted alphabetically"#,
            r#"status.declaredFeatures[1]: Invalid value: "a": invalid feature name "a": must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes"#,
            r#"spec.podCIDRs[0]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"#,
            r#"spec.podCIDRs: Invalid value: ["x","10.0.0.0/8"]: may specify no more than one CIDR for each IP family"#,
        ],
    );
    check_update(
        "",
        "Node",
        r#""spec":{"providerID":"a"}"#,
        r#""spec":{"providerID":"b","externalID":"x","configSource":{"configMap":{"uid":"u"}}},"status":{"addresses":[{"type":"InternalIP","address":"a"},{"type":"InternalIP","address":"a"}],"config":{"active":{}}}"#,
        &[
            r#"status.addresses[1]: Duplicate value: {"type":"InternalIP","address":"a"}"#,
            r#"spec.providerID: Forbidden: node updates may not change providerID except from "" to valid"#,
            "spec.configSource.configMap.uid: Forbidden: uid must not be set in spec",
            "spec.configSource.configMap.namespace: Required value",
            "spec.configSource.configMap.name: Required value",
            "spec.configSource.configMap.kubeletConfigKey: Required value",
            "status.config.active: Invalid value: {}: exactly one reference subfield must be non-nil",
            "spec.externalID: Forbidden: may not be updated",
        ],
    );
}

#[test]
fn limits_have_rules() {
    check(
        "",
        "LimitRange",
        r#""spec":{"limits":[{"type":"Odd"},{"type":"Container","max":{"odd":"1","cpu":"1"},"min":{"cpu":"2"},"default":{"cpu":"3"},"defaultRequest":{"cpu":"4"},"maxLimitRequestRatio":{"cpu":"500m"}},{"type":"Container"}]}"#,
        &[
            r#"spec.limits[0].type: Invalid value: "Odd": must be a standard limit type or fully qualified"#,
            r#"spec.limits[1].max[odd]: Invalid value: "odd": must be a standard resource type or fully qualified"#,
            r#"spec.limits[1].max[odd]: Invalid value: "odd": must be a standard resource for containers"#,
            r#"spec.limits[1].default[odd]: Invalid value: "odd": must be a standard resource type or fully qualified"#,
            r#"spec.limits[1].default[odd]: Invalid value: "odd": must be a standard resource for containers"#,
            r#"spec.limits[1].defaultRequest[odd]: Invalid value: "odd": must be a standard resource type or fully qualified"#,
            r#"spec.limits[1].defaultRequest[odd]: Invalid value: "odd": must be a standard resource for containers"#,
            r#"spec.limits[1].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1"#,
            r#"spec.limits[1].defaultRequest[cpu]: Invalid value: "4": default request value 4 is greater than max value 1"#,
            r#"spec.limits[1].defaultRequest[cpu]: Invalid value: "4": default request value 4 is greater than default limit value 3"#,
            r#"spec.limits[1].default[cpu]: Invalid value: "1": default value 3 is greater than max value 1"#,
            r#"spec.limits[1].maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1"#,
            r#"spec.limits[2].type: Duplicate value: "Container""#,
        ],
    );
    check(
        "",
        "LimitRange",
        r#""spec":{"limits":[{"type":"Pod","default":{"cpu":"1"},"defaultRequest":{"cpu":"1"}},{"type":"PersistentVolumeClaim"}]}"#,
        &[
            "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
            "spec.limits[0].defaultRequest: Forbidden: may not be specified when `type` is 'Pod'",
            "spec.limits[1].limits: Required value: either minimum or maximum storage value is required, but neither was provided",
        ],
    );
    check(
        "",
        "LimitRange",
        r#""spec":{"limits":[{"type":"Container","max":{"cpu":"4"},"min":{"cpu":"2"},"maxLimitRequestRatio":{"cpu":"3"},"default":{"example.com/g":"2"},"defaultRequest":{"example.com/g":"1"}}]}"#,
        &[
            r#"spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000"#,
            r#"spec.limits[0].defaultRequest[example.com/g]: Invalid value: "1": default value 2 must equal to defaultRequest value 1 in example.com/g"#,
        ],
    );
}

#[test]
fn quotas_have_rules() {
    check(
        "",
        "ResourceQuota",
        r#""spec":{"hard":{"odd":"1","a b":"1","storage":"1","cpu":"-1","requests.hugepages-2Mi":"1"}}"#,
        &[
            r#"spec.hard[a b]: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"spec.hard[a b]: Invalid value: "a b": must be a standard resource for quota"#,
            r#"spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0"#,
            r#"spec.hard[odd]: Invalid value: "odd": must be a standard resource type or fully qualified"#,
            r#"spec.hard[odd]: Invalid value: "odd": must be a standard resource for quota"#,
            r#"spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota"#,
        ],
    );
    check(
        "",
        "ResourceQuota",
        r#""spec":{"hard":{"services":"1"},"scopes":["Odd","Terminating","NotTerminating"]}"#,
        &[
            r#"spec.scopes: Invalid value: ["Odd","Terminating","NotTerminating"]: unsupported scope"#,
            r#"spec.scopes: Invalid value: ["Odd","Terminating","NotTerminating"]: unsupported scope applied to resource"#,
            r#"spec.scopes: Invalid value: ["Odd","Terminating","NotTerminating"]: unsupported scope applied to resource"#,
            r#"spec.scopes: Invalid value: ["Odd","Terminating","NotTerminating"]: conflicting scopes"#,
        ],
    );
    check(
        "",
        "ResourceQuota",
        r#""spec":{"hard":{"cpu":"1"},"scopeSelector":{"matchExpressions":[{"scopeName":"BestEffort","operator":"In"},{"scopeName":"PriorityClass","operator":"Exists","values":["a"]},{"scopeName":"Odd","operator":"Odd"}]}}"#,
        &[
            r#"spec.scopeSelector.matchExpressions: Invalid value: {"matchExpressions":[{"scopeName":"BestEffort","operator":"In"},{"scopeName":"PriorityClass","operator":"Exists","values":["a"]},{"scopeName":"Odd","operator":"Odd"}]}: unsupported scope applied to resource"#,
            r#"spec.scopeSelector.matchExpressions.operator: Invalid value: "In": must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"#,
            "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
            r#"spec.scopeSelector.matchExpressions.values: Invalid value: ["a"]: must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"#,
            r#"spec.scopeSelector.matchExpressions.scopeName: Invalid value: "Odd": unsupported scope"#,
            r#"spec.scopeSelector.matchExpressions.operator: Invalid value: "Odd": not a valid selector operator"#,
        ],
    );
    check_update(
        "",
        "ResourceQuota",
        r#""spec":{}"#,
        r#""spec":{"scopes":["Terminating"]}"#,
        &[r#"spec.scopes: Invalid value: ["Terminating"]: field is immutable"#],
    );
    check_part(
        "status",
        "",
        "ResourceQuota",
        "",
        r#""status":{"used":{"odd":"1"}}"#,
        &[
            r#"status.used[odd]: Invalid value: "odd": must be a standard resource type or fully qualified"#,
            r#"status.used[odd]: Invalid value: "odd": must be a standard resource for quota"#,
        ],
    );
}

#[test]
fn events_have_rules() {
    check(
        "",
        "Event",
        r#""involvedObject":{"namespace":"other"}"#,
        &[r#"involvedObject.namespace: Invalid value: "other": does not match event.namespace"#],
    );
    check(
        "",
        "Event",
        r#""involvedObject":{},"eventTime":"2026-01-01T00:00:00.000000Z","reportingComponent":"a b""#,
        &[
            r#"involvedObject.namespace: Invalid value: "": does not match event.namespace"#,
            r#"reportingComponent: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            "reportingInstance: Required value",
            "action: Required value",
            "reason: Required value",
        ],
    );
}

pub(super) const ALL: &[fn()] = &[
    data_has_rules,
    namespaces_have_rules,
    nodes_have_rules,
    limits_have_rules,
    quotas_have_rules,
    events_have_rules,
];
