//! Roles, certificates and leases.

use super::super::*;

#[test]
fn roles_have_rules() {
    check(
        "rbac.authorization.k8s.io",
        "ClusterRole",
        r#""rules":[{"verbs":["get"]},{"verbs":["get"],"nonResourceURLs":["/a"],"resources":["pods"]}],"aggregationRule":{}"#,
        &[
            "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
            "rules[0].resources: Required value: resource rules must supply at least one resource",
            r#"rules[1].nonResourceURLs: Invalid value: ["/a"]: rules cannot apply to both regular resources and non-resource URLs"#,
            "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil",
        ],
    );
    check(
        "rbac.authorization.k8s.io",
        "ClusterRoleBinding",
        r#""roleRef":{"apiGroup":"odd","kind":"Role","name":"a/b"},"subjects":[{"kind":"Odd","name":"x"},{"kind":"User","name":"","apiGroup":"odd"},{"kind":"ServiceAccount","name":"A","apiGroup":"odd"}]"#,
        &[
            r#"roleRef.apiGroup: Unsupported value: "odd": supported values: "rbac.authorization.k8s.io""#,
            r#"roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole""#,
            r#"roleRef.name: Invalid value: "a/b": may not contain '/'"#,
            r#"subjects[0].kind: Unsupported value: "Odd": supported values: "ServiceAccount", "User", "Group""#,
            "subjects[1].name: Required value",
            r#"subjects[1].apiGroup: Unsupported value: "odd": supported values: "rbac.authorization.k8s.io""#,
            r#"subjects[2].name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"subjects[2].apiGroup: Unsupported value: "odd": supported values: """#,
            "subjects[2].namespace: Required value",
        ],
    );
}

#[test]
fn certificates_have_rules_1() {
    check(
        "certificates.k8s.io",
        "CertificateSigningRequest",
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"}"#,
        &[],
    );
    check(
        "certificates.k8s.io",
        "CertificateSigningRequest",
        r#""spec":{"request":"eA==","usages":["odd","any","any"],"signerName":"a/b.c_","expirationSeconds":1}"#,
        &[
            r#"spec.request: Invalid value: "eA==": PEM block type must be CERTIFICATE REQUEST"#,
            r#"spec.usages[0]: Unsupported value: "odd": supported values: "any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment", "decipher only", "digital signature", "email protection", "encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement", "key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime", "server auth", "signing", "timestamping""#,
            r#"spec.usages[2]: Duplicate value: "any""#,
            r#"spec.signerName: Invalid value: "a": should be a domain with at least two segments separated by dots"#,
            r#"spec.signerName: Invalid value: "b.c_": validating label "c_": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            "spec.expirationSeconds: Invalid value: 1: may not specify a duration less than 600 seconds (10 minutes)",
        ],
    );
    check(
        "certificates.k8s.io",
        "CertificateSigningRequest",
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":[],"signerName":"kubernetes.io/legacy-unknown"}"#,
        &[
            "spec.usages: Required value",
            r#"spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version"#,
        ],
    );
    check(
        "certificates.k8s.io",
        "CertificateSigningRequest",
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"},"status":{"conditions":[{"type":"","status":""},{"type":"Approved","status":"False"},{"type":"Denied","status":"True"},{"type":"Denied","status":"True"}],"certificate":"eA=="}"#,
        &[
            "status.conditions[0].type: Required value",
            "status.conditions[0].status: Required value",
            r#"status.conditions[1].status: Unsupported value: "False": supported values: "True""#,
            r#"status.conditions[2].type: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive"#,
            r#"status.conditions[3].type: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive"#,
            r#"status.conditions[3].type: Duplicate value: "Denied""#,
            r#"status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block"#,
        ],
    );
    check_update(
        "certificates.k8s.io",
        "CertificateSigningRequest",
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"}"#,
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"},"status":{"conditions":[{"type":"Approved","status":"True"}]}"#,
        &[r#"status.conditions: Forbidden: updates may not add a condition of type "Approved""#],
    );
    check_part(
        "approval",
        "certificates.k8s.io",
        "CertificateSigningRequest",
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"}"#,
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"},"status":{"conditions":[{"type":"Approved","status":"True"}]}"#,
        &[],
    );
}

#[test]
fn certificates_have_rules_2() {
    check_part(
        "approval",
        "certificates.k8s.io",
        "CertificateSigningRequest",
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"},"status":{"conditions":[{"type":"Approved","status":"True"}]}"#,
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"}"#,
        &[r#"status.conditions: Forbidden: updates may not remove a condition of type "Approved""#],
    );
    check_part(
        "status",
        "certificates.k8s.io",
        "CertificateSigningRequest",
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"}"#,
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"},"status":{"certificate":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUIKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo="}"#,
        &[],
    );
    check_part(
        "status",
        "certificates.k8s.io",
        "CertificateSigningRequest",
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"}"#,
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"},"status":{"certificate":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K"}"#,
        &[
            r#"status.certificate: Invalid value: "<certificate data>": only CERTIFICATE PEM blocks are allowed, found "CERTIFICATE REQUEST""#,
        ],
    );
    check_part(
        "approval",
        "certificates.k8s.io",
        "CertificateSigningRequest",
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"}"#,
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"},"status":{"certificate":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUIKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo="}"#,
        &["status.certificate: Forbidden: updates may not set certificate content"],
    );
    check_part(
        "status",
        "certificates.k8s.io",
        "CertificateSigningRequest",
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"},"status":{"certificate":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUIKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo="}"#,
        r#""spec":{"request":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K","usages":["client auth"],"signerName":"a.b/c"}"#,
        &["status.certificate: Forbidden: updates may not modify existing certificate content"],
    );
    check(
        "certificates.k8s.io",
        "ClusterTrustBundle",
        r#""spec":{"trustBundle":"-----BEGIN CERTIFICATE-----\n"}"#,
        &[],
    );
    check(
        "certificates.k8s.io",
        "ClusterTrustBundle",
        r#""spec":{"signerName":"a.b/c","trustBundle":""}"#,
        &[
            r#"metadata.name: Invalid value: "x": ClusterTrustBundle for signerName a.b/c must be named with prefix a.b:c:"#,
            r#"spec.trustBundle: Invalid value: "<value omitted>": at least one trust anchor must be provided"#,
        ],
    );
}

#[test]
fn certificates_have_rules_3() {
    check_update(
        "certificates.k8s.io",
        "ClusterTrustBundle",
        r#""spec":{"trustBundle":"-----BEGIN CERTIFICATE-----\n"}"#,
        r#""spec":{"signerName":"a.b/d","trustBundle":"-----BEGIN CERTIFICATE-----\n"}"#,
        &[
            r#"metadata.name: Invalid value: "x": ClusterTrustBundle for signerName a.b/d must be named with prefix a.b:d:"#,
            r#"spec.signerName: Invalid value: "a.b/d": field is immutable"#,
        ],
    );
    check(
        "certificates.k8s.io",
        "PodCertificateRequest",
        r#""spec":{"signerName":"a.b/c","podName":"p","podUID":"1","serviceAccountName":"s","serviceAccountUID":"2","nodeName":"n","nodeUID":"3","maxExpirationSeconds":3600,"pkixPublicKey":"eA==","proofOfPossession":"eA=="}"#,
        &[],
    );
    check(
        "certificates.k8s.io",
        "PodCertificateRequest",
        r#""spec":{"signerName":"","podName":"P","maxExpirationSeconds":1}"#,
        &[
            "spec.signerName: Required value",
            r#"spec.podName: Invalid value: "P": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            "spec.podUID: Required value: podUID must be non-empty",
            r#"spec.serviceAccountName: Invalid value: "": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            "spec.serviceAccountUID: Required value: serviceAccountUID must be non-empty",
            r#"spec.nodeName: Invalid value: "": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            "spec.nodeUID: Required value: nodeUID must be non-empty",
            "spec.maxExpirationSeconds: Invalid value: 1: must be in the range [3600, 7862400]",
            "spec.pkixPublicKey: Required value",
            "spec.proofOfPossession: Required value",
        ],
    );
}

#[test]
fn leases_have_rules() {
    check(
        "coordination.k8s.io",
        "Lease",
        r#""spec":{"leaseTransitions":-1,"strategy":"Odd"}"#,
        &[
            "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
            r#"spec.strategy.strategy: Unsupported value: "Odd": supported values: "OldestEmulationVersion""#,
        ],
    );
    check(
        "coordination.k8s.io",
        "Lease",
        r#""spec":{"preferredHolder":"x"}"#,
        &["spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined"],
    );
    check(
        "coordination.k8s.io",
        "LeaseCandidate",
        r#""spec":{"leaseName":"l","binaryVersion":"1.35.0","emulationVersion":"1.34.0","strategy":"OldestEmulationVersion"}"#,
        &[],
    );
    check(
        "coordination.k8s.io",
        "LeaseCandidate",
        r#""spec":{"leaseName":"","binaryVersion":"1.33.0","emulationVersion":"1.34.0","strategy":"a b/c"}"#,
        &[
            "spec.leaseName: Required value",
            r#"spec.binaryVersion: Invalid value: "1.33.0": must be greater than or equal to `emulationVersion`"#,
            r#"spec.preferredStrategies[0].strategy: Invalid value: "a b/c": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
        ],
    );
    check(
        "coordination.k8s.io",
        "LeaseCandidate",
        r#""spec":{"leaseName":"l","binaryVersion":"x","strategy":"OldestEmulationVersion"}"#,
        &[
            r#"spec.binaryVersion: Invalid value: "x": must be a valid semantic version"#,
            "spec.binaryVersion: Required value: must be specified when `strategy` is 'OldestEmulationVersion'",
            "spec.emulationVersion: Required value: must be specified when `strategy` is 'OldestEmulationVersion'",
        ],
    );
    check(
        "coordination.k8s.io",
        "LeaseCandidate",
        r#""spec":{"leaseName":"l"}"#,
        &["spec.preferredStrategies: Required value: must contain at least one strategy"],
    );
}

pub(super) const ALL: &[fn()] = &[
    roles_have_rules,
    certificates_have_rules_1,
    certificates_have_rules_2,
    certificates_have_rules_3,
    leases_have_rules,
];
