//! Fields of containers.

use super::super::*;

#[test]
fn fields_of_containers_have_rules_1() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","env":[{"name":""},{"name":"A","valueFrom":{}},{"name":"B","valueFrom":{"fieldRef":{"fieldPath":"spec.odd"}}},{"name":"C","valueFrom":{"fieldRef":{"fieldPath":"metadata.labels"}}},{"name":"D","valueFrom":{"fieldRef":{"fieldPath":"metadata.labels['a b']"}}},{"name":"E","valueFrom":{"secretKeyRef":{"name":"A","key":""}}},{"name":"F","valueFrom":{"resourceFieldRef":{"resource":"odd"}}},{"name":"G","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"1k"}}},{"name":"H","valueFrom":{"fileKeyRef":{"volumeName":"v","path":"../a","key":"A=B"}}}]}],"volumes":[{"name":"v","emptyDir":{}}]}"#,
        &[
            "spec.containers[0].env[0].name: Required value",
            r#"spec.containers[0].env[1].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"#,
            r#"spec.containers[0].env[2].valueFrom.fieldRef.fieldPath: Invalid value: "spec.odd": error converting fieldPath: field label not supported: spec.odd"#,
            r#"spec.containers[0].env[3].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs""#,
            r#"spec.containers[0].env[4].valueFrom.fieldRef: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"spec.containers[0].env[5].valueFrom.secretKeyRef.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            "spec.containers[0].env[5].valueFrom.secretKeyRef.key: Required value",
            r#"spec.containers[0].env[6].valueFrom.resourceFieldRef.resource: Unsupported value: "odd": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory""#,
            r#"spec.containers[0].env[7].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource"#,
            r#"spec.containers[0].env[8].valueFrom.fileKeyRef.key: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than '='"#,
            r#"spec.containers[0].env[8].valueFrom.fileKeyRef.path: Invalid value: "../a": must not contain '..'"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","envFrom":[{},{"prefix":"a=","configMapRef":{"name":""}},{"configMapRef":{"name":"c"},"secretRef":{"name":"s"}}]}],"volumes":[{"name":"v","emptyDir":{}}]}"#,
        &[
            r#"spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`"#,
            r#"spec.containers[0].envFrom[1].prefix: Invalid value: "a=": a valid environment variable name must consist only of printable ASCII characters other than '='"#,
            "spec.containers[0].envFrom[1].configMapRef.name: Required value",
            r#"spec.containers[0].envFrom: Invalid value: "": may not have more than one field specified at a time"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"","subPath":"/a","subPathExpr":"b"},{"name":"v","mountPath":"/x","mountPropagation":"Bidirectional","recursiveReadOnly":"Enabled"},{"name":"v","mountPath":"/y","mountPropagation":"Odd","recursiveReadOnly":"Odd"}]}],"volumes":[{"name":"v","emptyDir":{}}]}"#,
        &[
            "spec.containers[0].volumeMounts[0].mountPath: Required value",
            r#"spec.containers[0].volumeMounts.subPath: Invalid value: "/a": must be a relative path"#,
            r#"spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "b": subPathExpr and subPath are mutually exclusive"#,
            "spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers",
            "spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true",
            "spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when mountPropagation is None or not specified",
            r#"spec.containers[0].volumeMounts.mountPropagation: Unsupported value: "Odd": supported values: "Bidirectional", "HostToContainer", "None""#,
            r#"spec.containers[0].volumeMounts.recursiveReadOnly: Unsupported value: "Odd": supported values: "Disabled", "Enabled", "IfPossible""#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","volumeDevices":[{"name":"v","devicePath":"/../d"},{"name":"w","devicePath":""}]}],"volumes":[{"name":"v","emptyDir":{}}]}"#,
        &[
            r#"spec.containers[0].volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"#,
            r#"spec.containers[0].volumeDevices[0].devicePath: Invalid value: "/../d": can not contain backsteps ('..')"#,
            r#"spec.containers[0].volumeDevices[1].name: Not found: "w""#,
            "spec.containers[0].volumeDevices[1].devicePath: Required value",
        ],
    );
}

#[test]
fn fields_of_containers_have_rules_2() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","livenessProbe":{"httpGet":{"port":0,"scheme":"FTP","httpHeaders":[{"name":"a b"}]},"tcpSocket":{"port":1}},"readinessProbe":{"exec":{},"terminationGracePeriodSeconds":1,"periodSeconds":-1},"startupProbe":{"grpc":{"port":0},"terminationGracePeriodSeconds":0}}],"volumes":[{"name":"v","emptyDir":{}}]}"#,
        &[
            "spec.containers[0].livenessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive",
            r#"spec.containers[0].livenessProbe.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS""#,
            r#"spec.containers[0].livenessProbe.httpGet.httpHeaders: Invalid value: "a b": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')"#,
            "spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type",
            "spec.containers[0].readinessProbe.exec.command: Required value",
            "spec.containers[0].readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0",
            "spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: 1: must not be set for readinessProbes",
            "spec.containers[0].startupProbe.grpc.port: Invalid value: 0: must be between 1 and 65535, inclusive",
            "spec.containers[0].startupProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","lifecycle":{"postStart":{},"preStop":{"sleep":{"seconds":100}},"stopSignal":"SIGTERM"}}],"volumes":[{"name":"v","emptyDir":{}}]}"#,
        &[
            "spec.containers[0].lifecycle.postStart: Required value: must specify a handler type",
            "spec.containers[0].lifecycle.preStop.sleep: Invalid value: 100: must be non-negative and less than terminationGracePeriodSeconds (30)",
            "spec.containers[0].lifecycle.stopSignal: Forbidden: may not be set for containers with empty `spec.os.name`",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","terminationMessagePolicy":"Odd","resizePolicy":[{"resourceName":"cpu","restartPolicy":"NotRequired"},{"resourceName":"cpu","restartPolicy":"Odd"},{"resourceName":"odd","restartPolicy":"NotRequired"}]}],"volumes":[{"name":"v","emptyDir":{}}]}"#,
        &[
            r#"spec.containers[0].terminationMessagePolicy: Unsupported value: "Odd": supported values: "File", "FallbackToLogsOnError""#,
            r#"spec.containers[0].resizePolicy[1]: Duplicate value: "cpu""#,
            r#"spec.containers[0].resizePolicy: Unsupported value: "Odd": supported values: "NotRequired", "RestartContainer""#,
            r#"spec.containers[0].resizePolicy: Unsupported value: "odd": supported values: "cpu", "memory""#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","restartPolicyRules":[{"action":"Restart","exitCodes":{"operator":"In","values":[1]}}]}],"volumes":[{"name":"v","emptyDir":{}}]}"#,
        &[
            "spec.containers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","restartPolicy":"Odd","restartPolicyRules":[{"action":"RestartAllContainers"},{"action":"Restart","exitCodes":{"operator":"Odd"}}]}],"volumes":[{"name":"v","emptyDir":{}}]}"#,
        &[
            r#"spec.containers[0].restartPolicy: Unsupported value: "Odd": supported values: "Always", "Never", "OnFailure""#,
            r#"spec.containers[0].restartPolicyRules[0].action: Unsupported value: "RestartAllContainers": supported values: "Restart""#,
            "spec.containers[0].restartPolicyRules[0].exitCodes: Required value: must be specified",
            r#"spec.containers[0].restartPolicyRules[1].exitCodes.operator: Unsupported value: "Odd": supported values: "In", "NotIn""#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","restartPolicy":"Never","restartPolicyRules":[{"action":"Restart","exitCodes":{"operator":"In","values":[42]}}]}],"volumes":[{"name":"v","emptyDir":{}}]}"#,
        &[],
    );
}

#[test]
fn fields_of_containers_have_rules_3() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","resources":{"limits":{"odd":"1","a b":"1","kubernetes.io/x":"1","example.com/g":"500m","hugepages-2Mi":"3Mi"},"requests":{"example.com/h":"1"},"claims":[{"name":""},{"name":"c"}]}}],"volumes":[{"name":"v","emptyDir":{}}]}"#,
        &[
            r#"spec.containers[0].resources.limits[a b]: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"spec.containers[0].resources.limits[a b]: Invalid value: "a b": must be a standard resource for containers"#,
            r#"spec.containers[0].resources.limits[example.com/g]: Invalid value: "500m": must be an integer"#,
            r#"spec.containers[0].resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi"#,
            r#"spec.containers[0].resources.limits[odd]: Invalid value: "odd": must be a standard resource type or fully qualified"#,
            r#"spec.containers[0].resources.limits[odd]: Invalid value: "odd": must be a standard resource for containers"#,
            r#"spec.containers[0].resources.requests[a b]: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"spec.containers[0].resources.requests[a b]: Invalid value: "a b": must be a standard resource for containers"#,
            r#"spec.containers[0].resources.requests[example.com/g]: Invalid value: "500m": must be an integer"#,
            "spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources",
            r#"spec.containers[0].resources.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi"#,
            r#"spec.containers[0].resources.requests[odd]: Invalid value: "odd": must be a standard resource type or fully qualified"#,
            r#"spec.containers[0].resources.requests[odd]: Invalid value: "odd": must be a standard resource for containers"#,
            "spec.containers[0].resources: Forbidden: HugePages require cpu or memory",
            "spec.containers[0].resources.claims[0]: Required value",
            r#"spec.containers[0].resources.claims[1]: Not found: "c": must be one of the names in pod.spec.resourceClaims which is empty"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","securityContext":{"procMount":"Unmasked","seccompProfile":{"type":"Localhost"},"appArmorProfile":{"type":"Localhost","localhostProfile":" a"},"windowsOptions":{"gmsaCredentialSpecName":"A","gmsaCredentialSpec":"","runAsUserName":"a\\b\\c"},"allowPrivilegeEscalation":false,"capabilities":{"add":["CAP_SYS_ADMIN"]}}}],"volumes":[{"name":"v","emptyDir":{}}]}"#,
        &[
            r#"spec.containers[0].securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`"#,
            "spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost",
            r#"spec.containers[0].securityContext: Invalid value: {"capabilities":{"add":["CAP_SYS_ADMIN"]},"windowsOptions":{"gmsaCredentialSpecName":"A","gmsaCredentialSpec":"","runAsUserName":"a\\b\\c"},"allowPrivilegeEscalation":false,"procMount":"Unmasked","seccompProfile":{"type":"Localhost"},"appArmorProfile":{"type":"Localhost","localhostProfile":" a"}}: cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"#,
            r#"spec.containers[0].securityContext.windowsOptions.gmsaCredentialSpecName: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"spec.containers[0].securityContext.windowsOptions.gmsaCredentialSpec: Invalid value: "": gmsaCredentialSpec cannot be an empty string"#,
            r#"spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: "a\\b\\c": runAsUserName cannot contain more than one backslash"#,
            r#"spec.containers[0].securityContext.appArmorProfile.localhostProfile: Invalid value: " a": must not be padded with whitespace"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","securityContext":{"procMount":"Odd","seccompProfile":{"type":"","localhostProfile":"x"},"appArmorProfile":{"type":"Odd"}}}],"volumes":[{"name":"v","emptyDir":{}}]}"#,
        &[
            r#"spec.containers[0].securityContext.procMount: Unsupported value: "Odd": supported values: "Default", "Unmasked""#,
            "spec.containers[0].securityContext.seccompProfile.type: Required value: type is required when seccompProfile is set",
            r#"spec.containers[0].securityContext.seccompProfile.localhostProfile: Invalid value: {"type":"","localhostProfile":"x"}: can only be set when seccomp type is Localhost"#,
            r#"spec.containers[0].securityContext.appArmorProfile.type: Unsupported value: "Odd": supported values: "Localhost", "RuntimeDefault", "Unconfined""#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","ports":[{"containerPort":80,"hostPort":80},{"containerPort":81,"hostPort":80},{"containerPort":82,"hostPort":70000,"name":"A_"}]}],"volumes":[{"name":"v","emptyDir":{}}]}"#,
        &[
            r#"spec.containers[0].ports[2].name: Invalid value: "A_": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"#,
            r#"spec.containers[0].ports[2].name: Invalid value: "A_": must contain at least one letter (a-z)"#,
            "spec.containers[0].ports[2].hostPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
            r#"spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//80""#,
        ],
    );
}

#[test]
fn init_containers_have_rules() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"initContainers":[{"name":"c","image":"i","lifecycle":{},"livenessProbe":{"tcpSocket":{"port":1}}},{"name":"s","image":"","restartPolicy":"Always","restartPolicyRules":[{"action":"Restart","exitCodes":{"operator":"In","values":[1]}}],"ports":[{"containerPort":1,"hostPort":1},{"containerPort":2,"hostPort":1}]}]}"#,
        &[
            r#"spec.initContainers[0].name: Duplicate value: "c""#,
            "spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always",
            "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
            "spec.initContainers[1].image: Required value",
            "spec.initContainers[1].restartPolicyRules: Forbidden: restartPolicyRules are not allowed for init containers with restart policy Always",
            r#"spec.initContainers[0].ports[1].hostPort: Duplicate value: "TCP//1""#,
        ],
    );
}

#[test]
fn ephemeral_containers_have_rules() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"ephemeralContainers":[{"name":"c","image":" i","targetContainerName":"z","ports":[{"containerPort":1}],"resources":{"limits":{"cpu":"1"}}}]}"#,
        &[
            r#"spec.ephemeralContainers[0].image: Invalid value: " i": must not have leading or trailing whitespace"#,
            r#"spec.ephemeralContainers[0].name: Duplicate value: "c""#,
            r#"spec.ephemeralContainers[0].targetContainerName: Not found: "z""#,
            "spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container",
            "spec.ephemeralContainers[0].resources: Forbidden: cannot be set for an Ephemeral Container",
            "spec.ephemeralContainers: Forbidden: cannot be set on create",
        ],
    );
}

pub(super) const ALL: &[fn()] = &[
    fields_of_containers_have_rules_1,
    fields_of_containers_have_rules_2,
    fields_of_containers_have_rules_3,
    init_containers_have_rules,
    ephemeral_containers_have_rules,
];
