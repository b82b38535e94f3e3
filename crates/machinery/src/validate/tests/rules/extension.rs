//! Webhooks, policies, flow control and API services.

use super::super::*;

#[test]
fn webhooks_have_rules_1() {
    check(
        "admissionregistration.k8s.io",
        "ValidatingWebhookConfiguration",
        r#""webhooks":[{"name":"a.b","sideEffects":"Some","admissionReviewVersions":["v2","v2"],"clientConfig":{}},{"name":"A","admissionReviewVersions":[],"clientConfig":{"url":"http://u:p@/x?q#f"}},{"name":"a.b.c","sideEffects":"None","admissionReviewVersions":["v1"],"clientConfig":{"service":{"name":"","namespace":"","port":0,"path":"a//B"}}}]"#,
        &[
            r#"webhooks[0].name: Invalid value: "a.b": should be a domain with at least three segments separated by dots"#,
            r#"webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun""#,
            "webhooks[0].clientConfig: Required value: exactly one of url or service is required",
            r#"webhooks[0].admissionReviewVersions[1]: Invalid value: "v2": duplicate version"#,
            r#"webhooks[0].admissionReviewVersions: Invalid value: ["v2","v2"]: must include at least one of v1, v1beta1"#,
            r#"webhooks[1].name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            "webhooks[1].sideEffects: Required value: must specify one of None, NoneOnDryRun",
            r#"webhooks[1].clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]"#,
            r#"webhooks[1].clientConfig.url: Invalid value: "": host must be specified; desired format: https://host[/path]"#,
            r#"webhooks[1].clientConfig.url: Invalid value: "u:p": user information is not permitted in the URL"#,
            r#"webhooks[1].clientConfig.url: Invalid value: "f": fragments are not permitted in the URL"#,
            r#"webhooks[1].clientConfig.url: Invalid value: "q": query parameters are not permitted in the URL"#,
            "webhooks[1].admissionReviewVersions: Required value: must specify one of v1, v1beta1",
            "webhooks[2].clientConfig.service.name: Required value",
            "webhooks[2].clientConfig.service.namespace: Required value",
            "webhooks[2].clientConfig.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive",
            r#"webhooks[2].clientConfig.service.path: Invalid value: "a//B": must start with a '/'"#,
            r#"webhooks[2].clientConfig.service.path: Invalid value: "a//B": segment[0] may not be empty"#,
            r#"webhooks[2].clientConfig.service.path: Invalid value: "a//B": segment[1] may not be empty"#,
            r#"webhooks[2].clientConfig.service.path: Invalid value: "a//B": segment[2]: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
        ],
    );
    check(
        "admissionregistration.k8s.io",
        "ValidatingWebhookConfiguration",
        r#""webhooks":[{"name":"a.b.c","sideEffects":"None","admissionReviewVersions":["v1"],"clientConfig":{"url":"https://h/p"},"matchConditions":[{"name":"","expression":" "},{"name":"a b","expression":"true"},{"name":"a","expression":"true"},{"name":"a","expression":"true"}],"failurePolicy":"Odd","matchPolicy":"Odd"}]"#,
        &[
            r#"webhooks[0].failurePolicy: Unsupported value: "Odd": supported values: "Fail", "Ignore""#,
            r#"webhooks[0].matchPolicy: Unsupported value: "Odd": supported values: "Equivalent", "Exact""#,
            "webhooks[0].matchConditions[0].expression: Required value",
            "webhooks[0].matchConditions[0].name: Required value",
            r#"webhooks[0].matchConditions[1].name: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"webhooks[0].matchConditions[3].name: Duplicate value: "a""#,
        ],
    );
    check(
        "admissionregistration.k8s.io",
        "ValidatingWebhookConfiguration",
        r#""webhooks":[{"name":"a.b.c","sideEffects":"None","admissionReviewVersions":["v1"],"clientConfig":{"url":"https://h/p"},"rules":[{"operations":["*","CREATE"],"apiGroups":["*","a"],"apiVersions":["","*"],"resources":["pods/*","pods/log","*/*","*","a"],"scope":"Odd"},{"operations":["Odd"]}]}]"#,
        &[
            r#"webhooks[0].rules[0].operations: Invalid value: ["*","CREATE"]: if '*' is present, must not specify other operations"#,
            r#"webhooks[0].rules[0].apiGroups: Invalid value: ["*","a"]: if '*' is present, must not specify other API groups"#,
            r#"webhooks[0].rules[0].apiVersions: Invalid value: ["","*"]: if '*' is present, must not specify other API versions"#,
            "webhooks[0].rules[0].apiVersions[0]: Required value",
            r#"webhooks[0].rules[0].resources[1]: Invalid value: "pods/log": if 'pods/*' is present, must not specify pods/log"#,
            r#"webhooks[0].rules[0].resources: Invalid value: ["pods/*","pods/log","*/*","*","a"]: if '*/*' is present, must not specify other resources"#,
            r#"webhooks[0].rules[0].resources: Invalid value: ["pods/*","pods/log","*/*","*","a"]: if '*' is present, must not specify other resources without subresources"#,
            r#"webhooks[0].rules[0].scope: Unsupported value: "Odd": supported values: "*", "Cluster", "Namespaced""#,
            r#"webhooks[0].rules[1].operations[0]: Unsupported value: "Odd": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE""#,
            "webhooks[0].rules[1].apiGroups: Required value",
            "webhooks[0].rules[1].apiVersions: Required value",
            "webhooks[0].rules[1].resources: Required value",
        ],
    );
}

#[test]
fn webhooks_have_rules_2() {
    check_update(
        "admissionregistration.k8s.io",
        "MutatingWebhookConfiguration",
        r#""webhooks":[{"name":"a.b.c","sideEffects":"None","admissionReviewVersions":["v1"],"clientConfig":{"url":"https://h/p"},"matchConditions":[{"name":"","expression":""}]}]"#,
        r#""webhooks":[{"name":"a.b.c","sideEffects":"None","admissionReviewVersions":["v1"],"clientConfig":{"url":"https://h/p"},"matchConditions":[{"name":"","expression":""}]}]"#,
        &[],
    );
}

#[test]
fn policies_have_rules_1() {
    check(
        "admissionregistration.k8s.io",
        "ValidatingAdmissionPolicy",
        r#""spec":{"matchConstraints":{"resourceRules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}]},"validations":[{"expression":"true"}]}"#,
        &[],
    );
    check(
        "admissionregistration.k8s.io",
        "ValidatingAdmissionPolicy",
        r#""spec":{}"#,
        &[
            "spec.matchConstraints: Required value",
            "spec.validations: Required value: validations or auditAnnotations must contain at least one item",
            "spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item",
        ],
    );
    check(
        "admissionregistration.k8s.io",
        "ValidatingAdmissionPolicy",
        r#""spec":{"matchConstraints":{"resourceRules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}]},"failurePolicy":"Odd","paramKind":{"apiVersion":"a/b/c","kind":"A b"},"variables":[{"name":"in","expression":" "},{"name":"","expression":"1"}],"validations":[{"expression":" ","message":"a\nb","messageExpression":" ","reason":"Odd"}],"auditAnnotations":[{"key":"a b","valueExpression":""},{"key":"a","valueExpression":"1"},{"key":"a","valueExpression":"1"}]}"#,
        &[
            r#"spec.failurePolicy: Unsupported value: "Odd": supported values: "Fail", "Ignore""#,
            r#"spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c"#,
            r#"spec.paramKind.kind: Invalid value: "A b": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"#,
            r#"spec.variables[0].name: Invalid value: "in": name is not a valid CEL identifier"#,
            "spec.variables[0].expression: Required value: expression is not specified",
            "spec.variables[1].name: Required value: name is not specified",
            "spec.validations[0].expression: Required value: expression is not specified",
            r#"spec.validations[0].messageExpression: Invalid value: " ": must be non-empty if specified"#,
            r#"spec.validations[0].message: Invalid value: "a\nb": message must not contain line breaks"#,
            r#"spec.validations[0].reason: Unsupported value: "Odd": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge""#,
            r#"spec.auditAnnotations[0].key: Invalid value: "x/a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            "spec.auditAnnotations[0].valueExpression: Required value: valueExpression is not specified",
            r#"spec.auditAnnotations[2].key: Duplicate value: "a""#,
        ],
    );
    check(
        "admissionregistration.k8s.io",
        "ValidatingAdmissionPolicy",
        r#""spec":{"paramKind":{"apiVersion":"A/B","kind":""},"matchConstraints":{"matchPolicy":"Odd","resourceRules":[{"resourceNames":["a/b","c","c"],"operations":[]}]},"validations":[{"expression":"true"}]}"#,
        &[
            r#"spec.paramKind.apiVersion: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"spec.paramKind.apiVersion: Invalid value: "B": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"#,
            "spec.paramKind.kind: Required value",
            r#"spec.matchConstraints.matchPolicy: Unsupported value: "Odd": supported values: "Equivalent", "Exact""#,
            r#"spec.matchConstraints.resourceRules[0].resourceNames[0]: Invalid value: "a/b": may not contain '/'"#,
            r#"spec.matchConstraints.resourceRules[0].resourceNames[2]: Duplicate value: "c""#,
            "spec.matchConstraints.resourceRules[0].operations: Required value",
            "spec.matchConstraints.resourceRules[0].apiGroups: Required value",
            "spec.matchConstraints.resourceRules[0].apiVersions: Required value",
            "spec.matchConstraints.resourceRules[0].resources: Required value",
        ],
    );
    check(
        "admissionregistration.k8s.io",
        "ValidatingAdmissionPolicyBinding",
        r#""spec":{"policyName":"p","validationActions":["Deny"]}"#,
        &[],
    );
}

#[test]
fn policies_have_rules_2() {
    check(
        "admissionregistration.k8s.io",
        "ValidatingAdmissionPolicyBinding",
        r#""spec":{"policyName":"","validationActions":["Odd","Deny","Warn","Deny"],"paramRef":{"name":"a/b","selector":{},"parameterNotFoundAction":"Odd"},"matchResources":{"matchPolicy":"Odd"}}"#,
        &[
            "spec.policyName: Required value",
            r#"spec.paramRef.name: Invalid value: "a/b": may not contain '/'"#,
            "spec.paramRef.name: Forbidden: name and selector are mutually exclusive",
            "spec.paramRef.selector: Forbidden: name and selector are mutually exclusive",
            r#"spec.paramRef.parameterNotFoundAction: Unsupported value: "Odd": supported values: "Deny", "Allow""#,
            r#"spec.matchResources.matchPolicy: Unsupported value: "Odd": supported values: "Equivalent", "Exact""#,
            r#"spec.validationActions[0]: Unsupported value: "Odd": supported values: "Audit", "Deny", "Warn""#,
            r#"spec.validationActions[3]: Duplicate value: "Deny""#,
            r#"spec.validationActions: Invalid value: ["Odd","Deny","Warn","Deny"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)"#,
        ],
    );
    check(
        "admissionregistration.k8s.io",
        "ValidatingAdmissionPolicyBinding",
        r#""spec":{"policyName":"P","paramRef":{}}"#,
        &[
            r#"spec.policyName: Invalid value: "P": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            "spec.paramRef: Required value: one of name or selector must be specified",
            "spec.paramRef.parameterNotFoundAction: Required value",
            "spec.validationActions: Required value: at least one validation action is required",
        ],
    );
    check(
        "admissionregistration.k8s.io",
        "MutatingAdmissionPolicy",
        r#""spec":{"matchConstraints":{"resourceRules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}]},"reinvocationPolicy":"Never","mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":"[]"}}]}"#,
        &[],
    );
    check(
        "admissionregistration.k8s.io",
        "MutatingAdmissionPolicy",
        r#""spec":{"matchConstraints":{"resourceRules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}]},"reinvocationPolicy":"Odd","mutations":[{"patchType":""},{"patchType":"Odd"},{"patchType":"JSONPatch","applyConfiguration":{"expression":"x"}}]}"#,
        &[
            "spec.mutations[0].patchType: Required value",
            r#"spec.mutations[1].patchType: Unsupported value: "Odd": supported values: "ApplyConfiguration", "JSONPatch""#,
            r#"spec.mutations[2].applyConfiguration: Invalid value: "{}": must not be specified when patchType is JSONPatch"#,
            "spec.mutations[2].jsonPatch: Required value: must be specified when patchType is JSONPatch",
            r#"spec.reinvocationPolicy: Unsupported value: "Odd": supported values: "IfNeeded", "Never""#,
        ],
    );
    check(
        "admissionregistration.k8s.io",
        "MutatingAdmissionPolicy",
        r#""spec":{"matchConstraints":{"resourceRules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}]},"reinvocationPolicy":"Never"}"#,
        &["spec.mutations: Required value: mutations must contain at least one item"],
    );
    check(
        "admissionregistration.k8s.io",
        "MutatingAdmissionPolicyBinding",
        r#""spec":{"policyName":""}"#,
        &["spec.policyName: Required value"],
    );
}

#[test]
fn policies_have_rules_3() {
    check_part(
        "status",
        "admissionregistration.k8s.io",
        "ValidatingAdmissionPolicy",
        r#""spec":{"matchConstraints":{"resourceRules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}]},"validations":[{"expression":"true"}]}"#,
        r#""spec":{"matchConstraints":{"resourceRules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}]},"validations":[{"expression":"true"}]},"status":{"conditions":[{"type":"a b","status":"Odd","reason":""}],"typeChecking":{"expressionWarnings":[{"warning":"","fieldRef":" "}]}}"#,
        &[
            "status.typeChecking.expressionWarnings[0].warning: Required value",
            "status.typeChecking.expressionWarnings[0].fieldRef: Required value",
            r#"status.conditions[0].type: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"status.conditions[0].status: Unsupported value: "Odd": supported values: "False", "True", "Unknown""#,
            "status.conditions[0].lastTransitionTime: Required value",
            "status.conditions[0].reason: Required value",
        ],
    );
}

#[test]
fn api_services_have_rules() {
    check(
        "apiregistration.k8s.io",
        "APIService",
        r#""spec":{"version":"v1","group":"g.x","groupPriorityMinimum":1,"versionPriority":1}"#,
        &[r#"metadata.name: Invalid value: "x": must be `spec.version+"."+spec.group`: "v1.g.x""#],
    );
    check(
        "apiregistration.k8s.io",
        "APIService",
        r#""spec":{"version":"V1","group":"","groupPriorityMinimum":30000,"versionPriority":0,"caBundle":"eA==","insecureSkipTLSVerify":true}"#,
        &[
            r#"metadata.name: Invalid value: "x": must be `spec.version+"."+spec.group`: "V1.""#,
            "spec.group: Required value: only v1 may have an empty group and it better be legacy kube",
            r#"spec.version: Invalid value: "V1": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"#,
            "spec.groupPriorityMinimum: Invalid value: 30000: must be positive and less than 20000",
            "spec.versionPriority: Invalid value: 0: must be positive and less than 1000",
            r#"spec.caBundle: Invalid value: "1 bytes": local APIServices may not have a caBundle"#,
            "spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify",
        ],
    );
    check(
        "apiregistration.k8s.io",
        "APIService",
        r#""spec":{"version":"v1","group":"g","groupPriorityMinimum":1,"versionPriority":1,"service":{"port":0},"caBundle":"eA==","insecureSkipTLSVerify":true}"#,
        &[
            r#"metadata.name: Invalid value: "x": must be `spec.version+"."+spec.group`: "v1.g""#,
            "spec.service.namespace: Required value",
            "spec.service.name: Required value",
            "spec.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive",
            "spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present",
        ],
    );
}

#[test]
fn flow_control_has_rules_1() {
    check(
        "flowcontrol.apiserver.k8s.io",
        "FlowSchema",
        r#""spec":{"matchingPrecedence":1,"distinguisherMethod":{"type":"Odd"},"priorityLevelConfiguration":{"name":"A"}}"#,
        &[
            "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
            r#"spec.distinguisherMethod.type: Unsupported value: {"type":"Odd"}: supported values: "ByNamespace", "ByUser""#,
            r#"spec.priorityLevelConfiguration.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
        ],
    );
    check(
        "flowcontrol.apiserver.k8s.io",
        "FlowSchema",
        r#""spec":{"priorityLevelConfiguration":{"name":"p"},"matchingPrecedence":5,"rules":[{"subjects":[]},{"subjects":[{"kind":"Odd"},{"kind":"User"},{"kind":"Group","group":{"name":""},"user":{"name":"u"}},{"kind":"ServiceAccount","serviceAccount":{"name":"A","namespace":""}}],"resourceRules":[{"verbs":[],"apiGroups":[],"resources":[]},{"verbs":["odd"],"apiGroups":["*","a"],"resources":["*","a"],"namespaces":["A"]},{"verbs":["*","get"],"apiGroups":["a"],"resources":["a"],"namespaces":["*","a"]}],"nonResourceRules":[{"verbs":["get"],"nonResourceURLs":["x","/a b","//","/a*"]},{"verbs":["get"],"nonResourceURLs":["*","/a"]},{"verbs":["get"],"nonResourceURLs":[]}]}]}"#,
        &[
            "spec.rules[0].subjects: Required value: subjects must contain at least one value",
            "spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty",
            r#"spec.rules[1].subjects[0].kind: Unsupported value: "Odd": supported values: "Group", "ServiceAccount", "User""#,
            "spec.rules[1].subjects[1].user: Required value: user is required when subject kind is 'User'",
            "spec.rules[1].subjects[2].group.name: Required value",
            "spec.rules[1].subjects[2].user: Forbidden: user is forbidden when subject kind is not 'User'",
            r#"spec.rules[1].subjects[3].serviceAccount.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            "spec.rules[1].subjects[3].serviceAccount.namespace: Required value: must specify namespace for service account",
            "spec.rules[1].resourceRules[0].verbs: Required value: verbs must contain at least one value",
            "spec.rules[1].resourceRules[0].apiGroups: Required value: resource rules must supply at least one api group",
            "spec.rules[1].resourceRules[0].resources: Required value: resource rules must supply at least one resource",
            "spec.rules[1].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace",
            r#"spec.rules[1].resourceRules[1].verbs: Unsupported value: ["odd"]: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch""#,
            r#"spec.rules[1].resourceRules[1].apiGroups: Invalid value: ["*","a"]: if '*' is present, must not specify other api groups"#,
            r#"spec.rules[1].resourceRules[1].resources: Invalid value: ["*","a"]: if '*' is present, must not specify other resources"#,
            r#"spec.rules[1].resourceRules[1].namespaces[0]: Invalid value: "A": each member of this list must be '*' or a DNS-1123 label; a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            r#"spec.rules[1].resourceRules[2].verbs: Invalid value: ["*","get"]: if '*' is present, must not specify other verbs"#,
            r#"spec.rules[1].resourceRules[2].namespaces: Invalid value: ["*","a"]: if '*' is present, must not specify other namespaces"#,
            r#"spec.rules[1].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "x": must start with slash"#,
            r#"spec.rules[1].nonResourceRules[0].nonResourceURLs[1]: Invalid value: "/a b": must not contain white-space"#,
            r#"spec.rules[1].nonResourceRules[0].nonResourceURLs[2]: Invalid value: "//": must not contain double slash"#,
            r#"spec.rules[1].nonResourceRules[0].nonResourceURLs[3]: Invalid value: "/a*": wildcard can only do suffix matching"#,
            r#"spec.rules[1].nonResourceRules[1].nonResourceURLs: Invalid value: ["*","/a"]: if '*' is present, must not specify other non-resource URLs"#,
            "spec.rules[1].nonResourceRules[2].nonResourceURLs: Required value: nonResourceURLs must contain at least one value",
        ],
    );
    check(
        "flowcontrol.apiserver.k8s.io",
        "FlowSchema",
        r#""spec":{"priorityLevelConfiguration":{"name":"p"},"matchingPrecedence":5,"rules":[{"subjects":[{"kind":"User","user":{"name":"u"}}],"resourceRules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"],"namespaces":["a"]}]}]}"#,
        &[],
    );
    check(
        "flowcontrol.apiserver.k8s.io",
        "PriorityLevelConfiguration",
        r#""spec":{"type":"Odd"}"#,
        &[r#"spec.type: Unsupported value: "Odd": supported values: "Exempt", "Limited""#],
    );
    check(
        "flowcontrol.apiserver.k8s.io",
        "PriorityLevelConfiguration",
        r#""spec":{"type":"Exempt","exempt":{"nominalConcurrencyShares":-1,"lendablePercent":101},"limited":{}}"#,
        &[
            r#"spec.type: Invalid value: "Exempt": type must be 'Exempt' if and only if name is 'exempt'"#,
            "spec.limited: Forbidden: must be nil if the type is not Limited",
            "spec.exempt.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer",
            "spec.exempt.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive",
        ],
    );
}

#[test]
fn flow_control_has_rules_2() {
    check(
        "flowcontrol.apiserver.k8s.io",
        "PriorityLevelConfiguration",
        r#""spec":{"type":"Limited","exempt":{},"limited":{"nominalConcurrencyShares":-1,"borrowingLimitPercent":-1,"limitResponse":{"type":"Reject","queuing":{}}}}"#,
        &[
            "spec.exempt: Forbidden: must be nil if the type is Limited",
            "spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer",
            "spec.limited.limitResponse.queuing: Forbidden: must be nil if limited.limitResponse.type is not Limited",
            "spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a non-negative integer",
        ],
    );
    check(
        "flowcontrol.apiserver.k8s.io",
        "PriorityLevelConfiguration",
        r#""spec":{"type":"Limited","limited":{"limitResponse":{"type":"Queue","queuing":{"queues":100000000,"handSize":50,"queueLengthLimit":-1}}}}"#,
        &[
            "spec.limited.limitResponse.queuing.queueLengthLimit: Invalid value: -1: must be positive",
            "spec.limited.limitResponse.queuing.queues: Invalid value: 100000000: must not be greater than 10000000",
            "spec.limited.limitResponse.queuing.handSize: Invalid value: 50: required entropy bits of deckSize 100000000 and handSize 50 should not be greater than 60",
        ],
    );
    check(
        "flowcontrol.apiserver.k8s.io",
        "PriorityLevelConfiguration",
        r#""spec":{"type":"Limited","limited":{"limitResponse":{"type":"Odd"}}}"#,
        &[
            r#"spec.limited.limitResponse.type: Unsupported value: "Odd": supported values: "Queue", "Reject""#,
        ],
    );
}

#[test]
fn migrations_have_rules() {
    check(
        "storagemigration.k8s.io",
        "StorageVersionMigration",
        r#""spec":{"resource":{"group":"","resource":"pods"}}"#,
        &[],
    );
    check(
        "storagemigration.k8s.io",
        "StorageVersionMigration",
        r#""spec":{"resource":{}}"#,
        &["spec.resource.resource: Required value: resource is required"],
    );
    check_update(
        "storagemigration.k8s.io",
        "StorageVersionMigration",
        r#""spec":{"resource":{"group":"","resource":"pods"}}"#,
        r#""spec":{"resource":{"group":"a","resource":"b"}}"#,
        &[
            r#"group: Invalid value: "a": field is immutable"#,
            r#"resource: Invalid value: "b": field is immutable"#,
        ],
    );
    check_part(
        "status",
        "storagemigration.k8s.io",
        "StorageVersionMigration",
        r#""spec":{"resource":{"resource":"pods"}},"status":{"resourceVersion":"1"}"#,
        r#""spec":{"resource":{"resource":"pods"}},"status":{"resourceVersion":"x","conditions":[{"type":"Succeeded","status":"True"},{"type":"Failed","status":"True"},{"type":"Running","status":"Odd"}]}"#,
        &[
            r#"status.resourceVersion: Invalid value: "x": failed to parse resource version "x": strconv.ParseInt: parsing "x": invalid syntax"#,
            "status.conditions[0].lastTransitionTime: Required value: must be set",
            "status.conditions[0].reason: Required value: must be set",
            "status.conditions[1].lastTransitionTime: Required value: must be set",
            "status.conditions[1].reason: Required value: must be set",
            r#"status.conditions[2].status: Unsupported value: "Odd": supported values: "False", "True", "Unknown""#,
            "status.conditions[2].lastTransitionTime: Required value: must be set",
            "status.conditions[2].reason: Required value: must be set",
            r#"status.resourceVersion: Invalid value: "x": resourceVersion cannot be updated"#,
            r#"status.conditions: Invalid value: [{"type":"Succeeded","status":"True","lastTransitionTime":null,"reason":"","message":""},{"type":"Failed","status":"True","lastTransitionTime":null,"reason":"","message":""},{"type":"Running","status":"Odd","lastTransitionTime":null,"reason":"","message":""}]: Both success and failed conditions cannot be true at the same time"#,
        ],
    );
}

pub(super) const ALL: &[fn()] = &[
    webhooks_have_rules_1,
    webhooks_have_rules_2,
    policies_have_rules_1,
    policies_have_rules_2,
    policies_have_rules_3,
    api_services_have_rules,
    flow_control_has_rules_1,
    flow_control_has_rules_2,
    migrations_have_rules,
];
