//! Specs of pods, and the parts of pods.

use super::super::*;

#[test]
fn specs_of_pods_have_rules_1() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"terminationGracePeriodSeconds":null,"dnsPolicy":"None"}"#,
        &["spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"dnsPolicy":"None","dnsConfig":{}}"#,
        &[
            "spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"dnsConfig":{"nameservers":["x","1.1.1.1","1.1.1.2","1.1.1.3"],"searches":["a b","."],"options":[{}]}}"#,
        &[
            r#"spec.dnsConfig.nameservers: Invalid value: ["x","1.1.1.1","1.1.1.2","1.1.1.3"]: must not have more than 3 nameservers"#,
            r#"spec.dnsConfig.nameservers[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#,
            r#"spec.dnsConfig.searches[0]: Invalid value: "a b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')"#,
            "spec.dnsConfig.options[0]: Required value: must not be empty",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"dnsPolicy":"Odd","nodeSelector":{"a b":"c d"},"imagePullSecrets":[{"name":"s"}]}"#,
        &[
            r#"spec.dnsPolicy: Unsupported value: "Odd": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None""#,
            r#"spec.nodeSelector: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"spec.nodeSelector: Invalid value: "c d": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"hostAliases":[{"ip":"x","hostnames":["A"]}]}"#,
        &[
            r#"spec.hostAliases[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#,
            r#"spec.hostAliases[0].hostnames[0]: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"readinessGates":[{"conditionType":"a b"}],"schedulingGates":[{"name":"a"},{"name":"a"}],"nodeName":"n"}"#,
        &[
            r#"spec.readinessGates[0].conditionType: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"spec.schedulingGates[1]: Duplicate value: "a""#,
            "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"hostname":"A","subdomain":"a.b","priorityClassName":"A","runtimeClassName":"","preemptionPolicy":"Odd"}"#,
        &[
            r#"spec.hostname: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            r#"spec.subdomain: Invalid value: "a.b": must not contain dots"#,
            r#"spec.priorityClassName: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"spec.runtimeClassName: Invalid value: "": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"spec.preemptionPolicy: Unsupported value: "Odd": supported values: "PreemptLowerPriority", "Never""#,
        ],
    );
}

#[test]
fn specs_of_pods_have_rules_2() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"hostnameOverride":"A","setHostnameAsFQDN":true,"hostNetwork":true}"#,
        &[
            "spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true",
            "spec.hostnameOverride: Forbidden: may not be specified when hostNetwork is true",
            r#"spec.hostnameOverride: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"tolerations":[{"operator":"Equal"},{"key":"a b","operator":"Odd"},{"key":"a","operator":"Lt","value":"1"},{"key":"a","value":"b c","effect":"Odd"}]}"#,
        &[
            r#"spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys""#,
            r#"spec.tolerations[1].key: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"spec.tolerations[1].operator: Unsupported value: "Odd": supported values: "Equal", "Exists""#,
            r#"spec.tolerations[2].operator: Unsupported value: "Lt": supported values: "Equal", "Exists", "Lt", "Gt""#,
            r#"spec.tolerations[3].operator: Invalid value: "b c": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"#,
            r#"spec.tolerations[3].effect: Unsupported value: "Odd": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute""#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"topologySpreadConstraints":[{"maxSkew":0,"topologyKey":"","whenUnsatisfiable":"Odd","minDomains":0,"nodeTaintsPolicy":"Odd","matchLabelKeys":["a"]},{"maxSkew":1,"topologyKey":"z","whenUnsatisfiable":"DoNotSchedule"},{"maxSkew":2,"topologyKey":"z","whenUnsatisfiable":"DoNotSchedule"}]}"#,
        &[
            "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
            "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
            r#"spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Odd": supported values: "DoNotSchedule", "ScheduleAnyway""#,
            "spec.topologySpreadConstraints[0].minDomains: Invalid value: 0: must be greater than zero",
            "spec.topologySpreadConstraints[0].minDomains: Invalid value: 0: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not Odd",
            r#"spec.topologySpreadConstraints[0].nodeTaintsPolicy: Unsupported value: "Odd": supported values: "Honor", "Ignore""#,
            "spec.topologySpreadConstraints[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
            r#"spec.topologySpreadConstraints[1].{topologyKey, whenUnsatisfiable}: Duplicate value: "{z, DoNotSchedule}""#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[]},"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":0,"preference":{"matchExpressions":[{"key":"a b","operator":"In"},{"key":"a","operator":"Gt","values":["1","2"]},{"key":"a","operator":"Odd"},{"key":"a","operator":"Exists","values":["x"]}],"matchFields":[{"key":"x","operator":"In","values":["a","b"]}]}}]},"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"","namespaces":["A"],"matchLabelKeys":["a"],"mismatchLabelKeys":["b"]}]},"podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":101,"podAffinityTerm":{"topologyKey":"z","labelSelector":{"matchLabels":{"a":"1"},"matchExpressions":[{"key":"a","operator":"In","values":["2"]}]},"matchLabelKeys":["a"],"mismatchLabelKeys":["a"]}}]}}}"#,
        &[
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term",
            "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100",
            "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
            r#"spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].key: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[1].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
            r#"spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[2].operator: Invalid value: "Odd": not a valid selector operator"#,
            "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[3].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchFields[0].values: Required value: must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
            r#"spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchFields[0].key: Invalid value: "x": not a valid field selector key"#,
            r#"spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].namespace: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
            "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].mismatchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
            "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty",
            r#"spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must be non-empty"#,
            r#"spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the range 1-100",
            r#"spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm[0]: Invalid value: "a": exists in both matchLabelKeys and labelSelector"#,
            r#"spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.matchLabelKeys[0]: Invalid value: "a": exists in both matchLabelKeys and mismatchLabelKeys"#,
        ],
    );
}

#[test]
fn specs_of_pods_have_rules_3() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"hostUsers":false,"hostNetwork":true,"hostPID":true,"hostIPC":true}"#,
        &[
            "spec.hostNetwork: Forbidden: when `hostUsers` is false",
            "spec.HostPID: Forbidden: when `hostUsers` is false",
            "spec.HostIPC: Forbidden: when `hostUsers` is false",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"os":{"name":""}}"#,
        &["spec.os.name: Required value"],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"os":{"name":"plan9"}}"#,
        &[r#"spec.os: Unsupported value: "plan9": supported values: "linux", "windows""#],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"os":{"name":"linux"},"securityContext":{"windowsOptions":{"hostProcess":true}}}"#,
        &[
            "spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers",
            "spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"os":{"name":"windows"},"hostPID":true,"securityContext":{"runAsUser":1,"sysctls":[{"name":"a","value":"b"}]},"resources":{"limits":{"cpu":"1"}}}"#,
        &[
            "spec.resources: Forbidden: may not be set for a windows pod",
            "spec.hostPID: Forbidden: cannot be set for a windows pod",
            "spec.securityContext.sysctls: Forbidden: cannot be set for a windows pod",
            "spec.securityContext.runAsUser: Forbidden: cannot be set for a windows pod",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"securityContext":{"fsGroup":-1,"supplementalGroups":[-1],"sysctls":[{"name":""},{"name":"A"},{"name":"net.a"},{"name":"net.a"},{"name":"kernel.sem"}],"fsGroupChangePolicy":"Odd","supplementalGroupsPolicy":"Odd","seLinuxChangePolicy":"Odd"},"hostNetwork":true,"hostIPC":true,"shareProcessNamespace":true,"hostPID":true}"#,
        &[
            "spec.securityContext.fsGroup: Invalid value: -1: must be between 0 and 2147483647, inclusive",
            "spec.securityContext.supplementalGroups[0]: Invalid value: -1: must be between 0 and 2147483647, inclusive",
            "spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled",
            "spec.securityContext.sysctls[0].name: Required value",
            r#"spec.securityContext.sysctls[1].name: Invalid value: "A": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"#,
            r#"spec.securityContext.sysctls[2].name: Invalid value: "net.a": may not be specified when 'hostNetwork' is true"#,
            r#"spec.securityContext.sysctls[3].name: Duplicate value: "net.a""#,
            r#"spec.securityContext.sysctls[3].name: Invalid value: "net.a": may not be specified when 'hostNetwork' is true"#,
            r#"spec.securityContext.sysctls[4].name: Invalid value: "kernel.sem": may not be specified when 'hostIPC' is true"#,
            r#"spec.securityContext.fsGroupChangePolicy: Unsupported value: "Odd": supported values: "Always", "OnRootMismatch""#,
            r#"spec.securityContext.supplementalGroupsPolicy: Unsupported value: "Odd": supported values: "Merge", "Strict""#,
            r#"spec.securityContext.seLinuxChangePolicy: Unsupported value: "Odd": supported values: "MountOption", "Recursive""#,
        ],
    );
}

#[test]
fn specs_of_pods_have_rules_4() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"resourceClaims":[{"name":""},{"name":"A"},{"name":"a","resourceClaimName":"x","resourceClaimTemplateName":"y"},{"name":"a","resourceClaimName":"X"}]}"#,
        &[
            "spec.resourceClaims[0].name: Required value",
            r#"spec.resourceClaims[0]: Invalid value: {"name":""}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"#,
            r#"spec.resourceClaims[1].name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            r#"spec.resourceClaims[1]: Invalid value: {"name":"A"}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"#,
            r#"spec.resourceClaims[2]: Invalid value: {"name":"a","resourceClaimName":"x","resourceClaimTemplateName":"y"}: at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"#,
            r#"spec.resourceClaims[3].name: Duplicate value: "a""#,
            r#"spec.resourceClaims[3].resourceClaimName: Invalid value: "X": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"overhead":{"odd":"1"}}"#,
        &[
            r#"spec.overhead.limits[odd]: Invalid value: "odd": must be a standard resource type or fully qualified"#,
            r#"spec.overhead.limits[odd]: Invalid value: "odd": must be a standard resource for containers"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"workloadRef":{"name":"A","podGroup":""}}"#,
        &[
            r#"spec.workloadRef.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"spec.workloadRef.podGroup: Invalid value: "": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"resources":{"limits":{"cpu":"1","example.com/g":"1"},"requests":{"memory":"1"}},"initContainers":[{"name":"i","image":"i","resources":{"requests":{"memory":"2"},"limits":{"cpu":"2"}}}]}"#,
        &[
            r#"spec.resources.limits[example.com/g]: Unsupported value: "example.com/g": supported values: "cpu", "hugepages-", "memory""#,
            r#"spec.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1"#,
            r#"spec.resources.requests[memory]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2"#,
        ],
    );
}

#[test]
fn status_of_pods_has_rules_1() {
    check_part(
        "status",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}]},"status":{"qosClass":"BestEffort"}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}]},"status":{"conditions":[{"type":"Ready","status":"True"},{"type":"a b","status":"True","observedGeneration":-1}],"observedGeneration":-1,"qosClass":"Burstable","nominatedNodeName":"N"}"#,
        &[
            "status.conditions[1].observedGeneration: Invalid value: -1: must be a non-negative integer",
            r#"status.conditions[1].Type: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"status.nominatedNodeName: Invalid value: "N": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            "status.observedGeneration: Invalid value: -1: must be a non-negative integer",
            r#"status.qosClass: Invalid value: "Burstable": field is immutable"#,
        ],
    );
    check_part(
        "status",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}]},"status":{}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}]},"status":{"podIPs":[{"ip":"x"},{"ip":"1.1.1.1"}],"hostIP":"1.1.1.1","hostIPs":[{"ip":"1.1.1.2"},{"ip":"1.1.1.3"}]}"#,
        &[
            r#"status.podIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#,
            r#"status.podIPs: Invalid value: [{"ip":"x"},{"ip":"1.1.1.1"}]: may specify no more than one IP for each IP family"#,
            r#"status.hostIPs[0].ip: Invalid value: "1.1.1.2": must be equal to `hostIP`"#,
            r#"status.hostIPs: Invalid value: [{"ip":"1.1.1.2"},{"ip":"1.1.1.3"}]: may specify no more than one IP for each IP family"#,
        ],
    );
    check_part(
        "status",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}]},"status":{}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}]},"status":{"podIPs":[{"ip":"1.1.1.1"},{"ip":"::1"}]}"#,
        &[],
    );
    check_part(
        "status",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}]},"status":{}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}]},"status":{"resourceClaimStatuses":[{"name":"z","resourceClaimName":"Z"},{"name":"z"}],"containerStatuses":[{"name":"c","image":"i","imageID":"i","ready":false,"restartCount":0,"user":{"linux":{"uid":-1,"gid":0}},"allocatedResourcesStatus":[{"name":"x","resources":[{"resourceID":"r","health":"Odd"},{"resourceID":"r","health":"Healthy"}]}]}]}"#,
        &[
            r#"status.resourceClaimStatuses[0].name: Invalid value: "z": must match the name of an entry in `spec.resourceClaims`"#,
            r#"status.resourceClaimStatuses[0].name: Invalid value: "Z": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"status.resourceClaimStatuses[1].name: Invalid value: "z": must match the name of an entry in `spec.resourceClaims`"#,
            r#"status.resourceClaimStatuses[1].name: Duplicate value: "z""#,
            "status.containerStatuses[0].user.linux.uid: Invalid value: -1: must be between 0 and 2147483647, inclusive",
            r#"status.containerStatuses[0].allocatedResourcesStatus[0].name: Invalid value: "x": must match one of the container's resource requests"#,
            r#"status.containerStatuses[0].allocatedResourcesStatus[0].resources[0].health: Unsupported value: "Odd": supported values: "Healthy", "Unhealthy", "Unknown""#,
            r#"status.containerStatuses[0].allocatedResourcesStatus[0].resources[1].resourceID: Duplicate value: "r""#,
        ],
    );
    check_part(
        "status",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"},"status":{"containerStatuses":[{"name":"c","image":"i","imageID":"i","ready":false,"restartCount":0,"state":{"terminated":{"exitCode":1}}}]}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"},"status":{"containerStatuses":[{"name":"c","image":"i","imageID":"i","ready":true,"restartCount":0,"state":{"running":{}}}]}"#,
        &["status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"],
    );
}

#[test]
fn status_of_pods_has_rules_2() {
    check_part(
        "status",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"restartPolicy":"OnFailure"},"status":{"containerStatuses":[{"name":"c","image":"i","imageID":"i","ready":false,"restartCount":0,"state":{"terminated":{"exitCode":0}}}]}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"restartPolicy":"OnFailure"},"status":{"containerStatuses":[{"name":"c","image":"i","imageID":"i","ready":true,"restartCount":0,"state":{"running":{}}}]}"#,
        &["status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"],
    );
    check_part(
        "status",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"restartPolicy":"OnFailure"},"status":{"containerStatuses":[{"name":"c","image":"i","imageID":"i","ready":false,"restartCount":0,"state":{"terminated":{"exitCode":1}}}]}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"restartPolicy":"OnFailure"},"status":{"containerStatuses":[{"name":"c","image":"i","imageID":"i","ready":true,"restartCount":0,"state":{"running":{}}}]}"#,
        &[],
    );
    check_part(
        "status",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"restartPolicy":"Always"},"status":{"containerStatuses":[{"name":"c","image":"i","imageID":"i","ready":false,"restartCount":0,"state":{"terminated":{"exitCode":0}}}]}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"restartPolicy":"Always"},"status":{"containerStatuses":[{"name":"c","image":"i","imageID":"i","ready":true,"restartCount":0,"state":{"running":{}}}]}"#,
        &[],
    );
}

#[test]
fn resizes_have_rules() {
    check_part(
        "resize",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","resources":{"requests":{"cpu":"1","memory":"1"}}}]}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","resources":{"requests":{"cpu":"1"}}}]}"#,
        &["spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed"],
    );
    check_part(
        "resize",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}]}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"d","image":"i"}]}"#,
        &["spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize"],
    );
    check_part(
        "resize",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}]}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i","stdin":true}]}"#,
        &["spec: Forbidden: only cpu and memory resources are mutable"],
    );
    check_part(
        "resize",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"resources":{"requests":{"cpu":"1"}}}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"resources":{"requests":{"cpu":"2"}}}"#,
        &[
            ": Forbidden: resize of pods with pod-level resources is forbidden when InPlacePodLevelResourcesVerticalScalingEnabled feature gate is disabled",
        ],
    );
    check_part(
        "resize",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"os":{"name":"windows"}}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"os":{"name":"windows"}}"#,
        &[": Forbidden: windows pods cannot be resized"],
    );
    check_part(
        "resize",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"initContainers":[{"name":"i","image":"i","resources":{"requests":{"cpu":"1"}}}]}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"initContainers":[{"name":"i","image":"i","resources":{"requests":{"cpu":"2"}}}]}"#,
        &["spec: Forbidden: resources for non-sidecar init containers are immutable"],
    );
    let running = |more: &str| {
        format!(
            r#""spec":{{"serviceAccountName":"a","containers":[{{"name":"c","image":"i"}}]}},"status":{{"containerStatuses":[{{"name":"c","image":"i","imageID":"i","ready":true,"restartCount":0,"state":{{"running":{{}}}}{more}}}]}}"#
        )
    };
    let (known, unknown) = (running(r#","resources":{}"#), running(""));
    check_part("resize", "", "Pod", &known, &known, &[]);
    let unsupported = ["spec: Forbidden: Pod running on node without support for resize"];
    check_part("resize", "", "Pod", &unknown, &unknown, &unsupported);
}

#[test]
fn ephemeral_containers_stay() {
    check_part(
        "ephemeralcontainers",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"ephemeralContainers":[{"name":"e","image":"1"}]}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"ephemeralContainers":[{"name":"e","image":"2"}]}"#,
        &[r#"spec.ephemeralContainers: Forbidden: existing ephemeral containers "e" may not be changed"#],
    );
    check_part(
        "ephemeralcontainers",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"ephemeralContainers":[{"name":"e","image":"1"}]}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"hostNetwork":false}"#,
        &[r#"spec.ephemeralContainers: Forbidden: existing ephemeral containers "e" may not be removed"#],
    );
    check_part(
        "ephemeralcontainers",
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"hostNetwork":false}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"ephemeralContainers":[{"name":"e","image":"1"}]}"#,
        &[],
    );
}

#[test]
fn gated_pods_narrow() {
    check_update(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"schedulingGates":[{"name":"a/b"}],"nodeSelector":{"a":"b"}}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"schedulingGates":[{"name":"a/b"}],"nodeSelector":{"a":"c"}}"#,
        &[
            r#"spec.nodeSelector: Invalid value: {"a":"c"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)"#,
        ],
    );
    check_update(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"schedulingGates":[{"name":"a/b"}]}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"schedulingGates":[{"name":"c/d"}]}"#,
        &[
            "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'c/d'",
        ],
    );
    check_update(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"activeDeadlineSeconds":5}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"activeDeadlineSeconds":9}"#,
        &["spec.activeDeadlineSeconds: Invalid value: 9: must be less than or equal to previous value"],
    );
    check_update(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"activeDeadlineSeconds":5}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"hostNetwork":false}"#,
        &[
            "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value",
        ],
    );
    check_update(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"schedulingGates":[{"name":"a/b"}],"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"a","operator":"Exists"}]}]}}}}"#,
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"schedulingGates":[{"name":"a/b"}],"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"b","operator":"Exists"}]}]}}}}"#,
        &[
            r#"spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]: Invalid value: {"matchExpressions":[{"key":"b","operator":"Exists"}]}: only additions are allowed (no mutations or deletions)"#,
        ],
    );
}

pub(super) const ALL: &[fn()] = &[
    specs_of_pods_have_rules_1,
    specs_of_pods_have_rules_2,
    specs_of_pods_have_rules_3,
    specs_of_pods_have_rules_4,
    status_of_pods_has_rules_1,
    status_of_pods_has_rules_2,
    resizes_have_rules,
    ephemeral_containers_stay,
    gated_pods_narrow,
];
