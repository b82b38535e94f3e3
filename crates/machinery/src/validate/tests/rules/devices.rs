//! Claims for devices, and what offers devices.

use super::super::*;

#[test]
fn claims_for_devices_have_rules_1() {
    check(
        "resource.k8s.io",
        "ResourceClaim",
        r#""spec":{"devices":{"requests":[{"name":"a","exactly":{"deviceClassName":"c"}}]}}"#,
        &[],
    );
    check(
        "resource.k8s.io",
        "ResourceClaim",
        r#""spec":{"devices":{"requests":[{"name":"A"},{"name":"b","exactly":{"deviceClassName":"","allocationMode":"Odd"},"firstAvailable":[{"name":"s","deviceClassName":"c"}]},{"name":"c","exactly":{"deviceClassName":"c","allocationMode":"All","count":1,"selectors":[{}],"tolerations":[{"operator":"Odd","effect":"Odd"},{"operator":"Exists","value":"x"}]}},{"name":"c","firstAvailable":[{"name":"S","deviceClassName":"C","count":-1}]}]}}"#,
        &[
            r#"spec.devices.requests[0].name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            "spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required",
            "spec.devices.requests[1]: Invalid value: null: exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set",
            "spec.devices.requests[2].exactly.selectors[0].cel: Required value",
            "spec.devices.requests[2].exactly.count: Invalid value: 1: must not be specified when allocationMode is 'All'",
            r#"spec.devices.requests[2].exactly.tolerations[0].operator: Unsupported value: "Odd": supported values: "Equal", "Exists""#,
            r#"spec.devices.requests[2].exactly.tolerations[0].effect: Unsupported value: "Odd": supported values: "NoExecute", "NoSchedule""#,
            r#"spec.devices.requests[2].exactly.tolerations[1].value: Invalid value: "x": must be empty for operator `Exists`"#,
            r#"spec.devices.requests[3].firstAvailable[0].name: Invalid value: "S": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            r#"spec.devices.requests[3].firstAvailable[0].deviceClassName: Invalid value: "C": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            "spec.devices.requests[3].firstAvailable[0].count: Invalid value: -1: must be greater than zero",
            r#"spec.devices.requests[3]: Duplicate value: "c""#,
        ],
    );
    check(
        "resource.k8s.io",
        "ResourceClaim",
        r#""spec":{"devices":{"requests":[{"name":"a","exactly":{"deviceClassName":"c"}}],"constraints":[{"requests":["z","a","a"]},{"matchAttribute":"x"},{"matchAttribute":"a.b/1c"}],"config":[{},{"opaque":{"driver":"","parameters":[]}}]}}"#,
        &[
            r#"spec.devices.constraints[0].requests[0]: Invalid value: "z": must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"#,
            r#"spec.devices.constraints[0].requests[2]: Duplicate value: "a""#,
            "spec.devices.constraints[0].matchAttribute: Required value",
            r#"spec.devices.constraints[1].matchAttribute: Invalid value: "x": must include a domain"#,
            r#"spec.devices.constraints[2].matchAttribute: Invalid value: "1c": a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')"#,
            "spec.devices.config[0].opaque: Required value",
            "spec.devices.config[1].opaque.driver: Required value",
            r#"spec.devices.config[1].opaque.parameters: Invalid value: "<value omitted>": must be a valid JSON object"#,
        ],
    );
    check_update(
        "resource.k8s.io",
        "ResourceClaim",
        r#""spec":{"devices":{"requests":[{"name":"a","exactly":{"deviceClassName":"c"}}]}}"#,
        r#""spec":{"devices":{}}"#,
        &[r#"spec: Invalid value: {"devices":{"requests":null}}: field is immutable"#],
    );
    check(
        "resource.k8s.io",
        "ResourceClaimTemplate",
        r#""spec":{"metadata":{"name":"x","labels":{"a b":""}},"spec":{"devices":{"requests":[{"name":"a","exactly":{"deviceClassName":"c"}}]}}}"#,
        &[
            r#"spec.metadata.labels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            "spec.metadata.name: Forbidden: cannot be set",
        ],
    );
}

#[test]
fn claims_for_devices_have_rules_2() {
    check_part(
        "status",
        "resource.k8s.io",
        "ResourceClaim",
        r#""spec":{"devices":{"requests":[{"name":"a","exactly":{"deviceClassName":"c"}}]}}"#,
        r#""spec":{"devices":{"requests":[{"name":"a","exactly":{"deviceClassName":"c"}}]}},"status":{"reservedFor":[{"resource":"","name":"","uid":""},{"resource":"pods","name":"p","uid":"1"}]}"#,
        &[
            "status.reservedFor[0].resource: Required value",
            "status.reservedFor[0].name: Required value",
            "status.reservedFor[0].uid: Required value",
            "status.reservedFor: Forbidden: may not be specified when `allocated` is not set",
        ],
    );
    check_part(
        "status",
        "resource.k8s.io",
        "ResourceClaim",
        r#""spec":{"devices":{"requests":[{"name":"a","exactly":{"deviceClassName":"c"}}]}}"#,
        r#""spec":{"devices":{"requests":[{"name":"a","exactly":{"deviceClassName":"c"}}]}},"status":{"allocation":{"devices":{"results":[{"request":"z","driver":"","pool":"A","device":"B"}],"config":[{"source":"Odd","opaque":{"driver":"d","parameters":{}}}]}},"devices":[{"driver":"d","pool":"p","device":"x","networkData":{"ips":["10.0.0.1/24","x"]}}]}"#,
        &[
            r#"status.devices[0]: Invalid value: "d/p/x": must be an allocated device in the claim"#,
            r#"status.devices[0].networkData.ips[1]: Invalid value: "x": must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)"#,
            r#"status.allocation.devices.results[0].request: Invalid value: "z": must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"#,
            "status.allocation.devices.results[0].driver: Required value",
            r#"status.allocation.devices.results[0].pool: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"status.allocation.devices.results[0].device: Invalid value: "B": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            r#"status.allocation.devices.config[0].source: Unsupported value: "Odd": supported values: "FromClaim", "FromClass""#,
        ],
    );
    check_part(
        "status",
        "resource.k8s.io",
        "ResourceClaim",
        r#""spec":{"devices":{"requests":[{"name":"a","exactly":{"deviceClassName":"c"}}]}},"status":{"allocation":{"devices":{"results":[{"request":"a","driver":"d","pool":"p","device":"x"}]}}}"#,
        r#""spec":{"devices":{"requests":[{"name":"a","exactly":{"deviceClassName":"c"}}]}},"status":{"allocation":{"devices":{"results":[{"request":"a","driver":"d","pool":"p","device":"y"}]}}}"#,
        &[
            r#"status.allocation: Invalid value: {"devices":{"results":[{"request":"a","driver":"d","pool":"p","device":"y"}]}}: field is immutable"#,
        ],
    );
}

#[test]
fn classes_and_slices_have_rules_1() {
    check("resource.k8s.io", "DeviceClass", r#""spec":{"selectors":[{"cel":{"expression":"true"}}]}"#, &[]);
    check(
        "resource.k8s.io",
        "DeviceClass",
        r#""spec":{"selectors":[{}],"config":[{}]}"#,
        &["spec.selectors[0].cel: Required value", "spec.config[0].opaque: Required value"],
    );
    check(
        "resource.k8s.io",
        "ResourceSlice",
        r#""spec":{"driver":"d","pool":{"name":"p","generation":1,"resourceSliceCount":1},"nodeName":"n","devices":[{"name":"g","attributes":{"a":{"string":"x"}},"capacity":{"m":{"value":"1Gi"}}}]}"#,
        &[],
    );
    check(
        "resource.k8s.io",
        "ResourceSlice",
        r#""spec":{"driver":"","pool":{"name":"A","generation":-1,"resourceSliceCount":0},"nodeName":"","allNodes":false}"#,
        &[
            "spec.driver: Required value",
            r#"spec.pool.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            "spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero",
            "spec.pool.generation: Invalid value: -1: must be greater than or equal to zero",
            r#"spec.nodeName: Invalid value: "": must be either unset or set to a non-empty string"#,
            "spec.allNodes: Invalid value: false: must be either unset or set to true",
            "spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required",
        ],
    );
    check(
        "resource.k8s.io",
        "ResourceSlice",
        r#""spec":{"driver":"d","pool":{"name":"p","generation":1,"resourceSliceCount":1},"nodeName":"n","allNodes":true,"devices":[{"name":"A","attributes":{"1":{},"a/b":{"int":1,"bool":true}},"capacity":{"m":{"value":"-1"}}},{"name":"b"},{"name":"b"}]}"#,
        &[
            r#"spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set"#,
            r#"spec.devices[0].name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            r#"spec.devices[0].attributes: Invalid value: "1": a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')"#,
            "spec.devices[0].attributes[1]: Required value: exactly one value must be specified",
            r#"spec.devices[0].attributes[a/b]: Invalid value: {"int":1,"bool":true}: exactly one value must be specified"#,
            r#"spec.devices[0].capacity[m].value: Invalid value: "-1": must be greater than or equal to 0"#,
            r#"spec.devices[2]: Duplicate value: "b""#,
        ],
    );
    check(
        "resource.k8s.io",
        "ResourceSlice",
        r#""spec":{"driver":"d","pool":{"name":"p","generation":1,"resourceSliceCount":1},"nodeSelector":{"nodeSelectorTerms":[]}}"#,
        &[
            "spec.nodeSelector.nodeSelectorTerms: Required value: must have at least one node selector term",
            "spec.nodeSelector.nodeSelectorTerms: Invalid value: []: must have exactly one node selector term",
        ],
    );
}

#[test]
fn classes_and_slices_have_rules_2() {
    check_update(
        "resource.k8s.io",
        "ResourceSlice",
        r#""spec":{"driver":"d","pool":{"name":"p","generation":1,"resourceSliceCount":1},"nodeName":"n"}"#,
        r#""spec":{"driver":"d","pool":{"name":"p","generation":1,"resourceSliceCount":1},"nodeName":"m"}"#,
        &[r#"spec.nodeName: Invalid value: "m": field is immutable"#],
    );
}

pub(super) const ALL: &[fn()] = &[
    claims_for_devices_have_rules_1,
    claims_for_devices_have_rules_2,
    classes_and_slices_have_rules_1,
    classes_and_slices_have_rules_2,
];
