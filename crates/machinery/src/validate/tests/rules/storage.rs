//! Volumes, claims, and the classes and drivers of both.

use super::super::*;

#[test]
fn volumes_have_rules_1() {
    check(
        "",
        "PersistentVolume",
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/"},"persistentVolumeReclaimPolicy":"Recycle","storageClassName":"A","volumeMode":"Odd","volumeAttributesClassName":""}"#,
        &[
            "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
            r#"spec.storageClassName: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"spec.volumeMode: Unsupported value: "Odd": supported values: "Block", "Filesystem""#,
            "spec.volumeAttributesClassName: Required value: an empty string is disallowed",
            "spec.csi: Required value: has to be specified when using volumeAttributesClassName",
        ],
    );
    check(
        "",
        "PersistentVolume",
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"local":{"path":""}}"#,
        &[
            "spec.local.path: Required value",
            "spec.nodeAffinity: Required value: Local volume requires node affinity",
        ],
    );
    check(
        "",
        "PersistentVolume",
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"csi":{"driver":"d","volumeHandle":"","nodePublishSecretRef":{}},"nfs":{"server":"s","path":"/p"}}"#,
        &["spec.csi: Forbidden: may not specify more than 1 volume type"],
    );
    check(
        "",
        "PersistentVolume",
        r#""spec":{"capacity":{"storage":"0","cpu":"1"},"accessModes":["ReadWriteOnce","ReadWriteOncePod"],"persistentVolumeReclaimPolicy":"Odd","nodeAffinity":{},"hostPath":{"path":"/x"}}"#,
        &[
            "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes",
            r#"spec.capacity: Unsupported value: {"cpu":"1","storage":"0"}: supported values: "storage""#,
            r#"spec.capacity[storage]: Invalid value: "0": must be greater than zero"#,
            r#"spec.persistentVolumeReclaimPolicy: Unsupported value: "Odd": supported values: "Delete", "Recycle", "Retain""#,
            "spec.nodeAffinity.required: Required value: must specify required node constraints",
        ],
    );
    check(
        "",
        "PersistentVolume",
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"iscsi":{"targetPortal":"p","iqn":"x","initiatorName":"iqn.y"}}"#,
        &[
            r#"spec.iscsi.iqn: Invalid value: "x": must be valid format"#,
            r#"spec.iscsi.initiatorname: Invalid value: "iqn.y": must be valid format"#,
        ],
    );
    check(
        "",
        "PersistentVolume",
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"cinder":{"volumeID":"v","secretRef":{}}}"#,
        &["spec.cinder.secretRef.name: Required value", "spec.cinder.secretRef.namespace: Required value"],
    );
    check(
        "",
        "PersistentVolume",
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"azureFile":{"secretName":"s","shareName":"t","secretNamespace":""}}"#,
        &["spec.azureFile.secretNamespace: Required value"],
    );
}

#[test]
fn volumes_have_rules_2() {
    check(
        "",
        "PersistentVolume",
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"glusterfs":{"endpoints":"e","path":"p","endpointsNamespace":""}}"#,
        &[
            r#"spec.glusterfs.endpointsNamespace: Invalid value: "": if the endpointnamespace is set, it must be a valid namespace name"#,
        ],
    );
    check_update(
        "",
        "PersistentVolume",
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/x"}}"#,
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/y"}}"#,
        &["spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation"],
    );
    check_update(
        "",
        "PersistentVolume",
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/x"}}"#,
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/x"},"volumeMode":"Block"}"#,
        &[r#"volumeMode: Invalid value: "Block": field is immutable"#],
    );
    check_update(
        "",
        "PersistentVolume",
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/x"},"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"a","operator":"Exists"}]}]}}}"#,
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/x"},"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"b","operator":"Exists"}]}]}}}"#,
        &[
            r#"nodeAffinity: Invalid value: {"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"b","operator":"Exists"}]}]}}: field is immutable, except for updating from beta label to GA"#,
        ],
    );
    check_update(
        "",
        "PersistentVolume",
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/x"},"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"beta.kubernetes.io/os","operator":"Exists"}]}]}}}"#,
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/x"},"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"kubernetes.io/os","operator":"Exists"}]}]}}}"#,
        &[],
    );
    check_update(
        "",
        "PersistentVolume",
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"csi":{"driver":"d","volumeHandle":"h"}}"#,
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"csi":{"driver":"d","volumeHandle":"h","controllerExpandSecretRef":{"name":"s","namespace":"n"}}}"#,
        &[],
    );
    check_update(
        "",
        "PersistentVolume",
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"csi":{"driver":"d","volumeHandle":"h"},"volumeAttributesClassName":"a"}"#,
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"csi":{"driver":"d","volumeHandle":"h"}}"#,
        &["spec.volumeAttributesClassName: Forbidden: update from non-nil value to nil is forbidden"],
    );
}

#[test]
fn claims_have_rules_1() {
    check(
        "",
        "PersistentVolumeClaim",
        r#""spec":{"accessModes":[],"resources":{"requests":{"storage":"0"}},"storageClassName":"A","volumeMode":"Odd","volumeAttributesClassName":"B"}"#,
        &[
            "spec.accessModes: Required value: at least 1 access mode is required",
            r#"spec.resources[storage]: Invalid value: "0": must be greater than zero"#,
            r#"spec.storageClassName: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"spec.volumeMode: Unsupported value: "Odd": supported values: "Block", "Filesystem""#,
            r#"spec.volumeAttributesClassName: Invalid value: "B": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
        ],
    );
    check(
        "",
        "PersistentVolumeClaim",
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},"dataSource":{"kind":"Pod","name":""},"dataSourceRef":{"kind":"Pod","name":"x","namespace":"A"}}"#,
        &[
            "spec.dataSource.name: Required value",
            r#"spec.dataSource: Invalid value: "Pod": must be 'PersistentVolumeClaim' when referencing the default apiGroup"#,
            r#"spec.dataSourceRef: Invalid value: "Pod": must be 'PersistentVolumeClaim' when referencing the default apiGroup"#,
            r#"spec.dataSourceRef.namespace: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            r#"spec: Invalid value: "spec.dataSource": may not be specified when dataSourceRef.namespace is specified"#,
        ],
    );
    check(
        "",
        "PersistentVolumeClaim",
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},"dataSource":{"kind":"PersistentVolumeClaim","name":"a"},"dataSourceRef":{"kind":"PersistentVolumeClaim","name":"b"}}"#,
        &[r#"spec: Invalid value: "spec.dataSource": must match dataSourceRef"#],
    );
    check_update(
        "",
        "PersistentVolumeClaim",
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}"#,
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"2Gi"}}}"#,
        &[
            "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
        ],
    );
    check_update(
        "",
        "PersistentVolumeClaim",
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}},"status":{"phase":"Bound","capacity":{"storage":"1Gi"},"currentVolumeAttributesClassName":"a"}"#,
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"2Gi"}}},"status":{"phase":"Bound","capacity":{"storage":"1Gi"},"currentVolumeAttributesClassName":"a"}"#,
        &[],
    );
    check_update(
        "",
        "PersistentVolumeClaim",
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}},"status":{"phase":"Bound","capacity":{"storage":"1Gi"},"currentVolumeAttributesClassName":"a"}"#,
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"512Mi"}}},"status":{"phase":"Bound","capacity":{"storage":"1Gi"},"currentVolumeAttributesClassName":"a"}"#,
        &["spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"],
    );
}

#[test]
fn claims_have_rules_2() {
    check_update(
        "",
        "PersistentVolumeClaim",
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},"volumeAttributesClassName":"a"},"status":{"phase":"Bound","capacity":{"storage":"1Gi"},"currentVolumeAttributesClassName":"a"}"#,
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}},"status":{"phase":"Bound","capacity":{"storage":"1Gi"},"currentVolumeAttributesClassName":"a"}"#,
        &[
            "spec.volumeAttributesClassName: Forbidden: update to nil is forbidden when status.currentVolumeAttributesClassName is not nil",
        ],
    );
    check_update(
        "",
        "PersistentVolumeClaim",
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}"#,
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},"storageClassName":"a"}"#,
        &[],
    );
    check_update(
        "",
        "PersistentVolumeClaim",
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}"#,
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},"volumeName":"a"}"#,
        &[],
    );
    check_part(
        "status",
        "",
        "PersistentVolumeClaim",
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}"#,
        r#""spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}},"status":{"capacity":{"storage":"-1"},"allocatedResourceStatuses":{"cpu":"Odd"},"allocatedResources":{"a b":"1","storage":"-1"}}"#,
        &[
            "status.capacity[storage]: Invalid value: -1: must be a valid resource quantity",
            r#"status.allocatedResourceStatuses: Unsupported value: "cpu": supported values: "storage""#,
            r#"status.allocatedResourceStatuses: Unsupported value: "cpu": supported values: "ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending""#,
            r#"status.allocatedResources: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            "status.allocatedResources[storage]: Invalid value: -1: must be a valid resource quantity",
        ],
    );
}

#[test]
fn classes_and_drivers_have_rules_1() {
    check(
        "storage.k8s.io",
        "StorageClass",
        r#""provisioner":"a b","parameters":{"":"x"},"reclaimPolicy":"Recycle","volumeBindingMode":"Odd","allowedTopologies":[{"matchLabelExpressions":[{"key":"a b","values":[]},{"key":"c","values":["1","1"]}]},{"matchLabelExpressions":[{"key":"d","values":["1"]}]},{"matchLabelExpressions":[{"key":"d","values":["1"]}]}]"#,
        &[
            r#"provisioner: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"parameters: Invalid value: "": field can not be empty."#,
            r#"reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain""#,
            r#"volumeBindingMode: Unsupported value: "Odd": supported values: "Immediate", "WaitForFirstConsumer""#,
            "allowedTopologies[0].matchLabelExpressions[0].values: Required value",
            r#"allowedTopologies[0].matchLabelExpressions[0].key: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"allowedTopologies[0].matchLabelExpressions[1].values[1]: Duplicate value: "1""#,
            r#"allowedTopologies[2].matchLabelExpressions: Duplicate value: """#,
        ],
    );
    check_update(
        "storage.k8s.io",
        "StorageClass",
        r#""provisioner":"a","parameters":{"a":"1"}"#,
        r#""provisioner":"a","parameters":{"a":"2"},"reclaimPolicy":"Retain","volumeBindingMode":"WaitForFirstConsumer""#,
        &[
            "parameters: Forbidden: updates to parameters are forbidden.",
            "reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.",
            r#"volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable"#,
        ],
    );
    check(
        "storage.k8s.io",
        "CSIDriver",
        r#""spec":{"fsGroupPolicy":"Odd","tokenRequests":[{"audience":"a"},{"audience":"a"},{"audience":"b","expirationSeconds":1}],"volumeLifecycleModes":["Odd"],"nodeAllocatableUpdatePeriodSeconds":1}"#,
        &[
            r#"spec.fsGroupPolicy: Unsupported value: "Odd": supported values: "File", "None", "ReadWriteOnceWithFSType""#,
            r#"spec.tokenRequests[1].audience: Duplicate value: "a""#,
            "spec.tokenRequests[2].expirationSeconds: Invalid value: 1: may not specify a duration less than 10 minutes",
            r#"spec.volumeLifecycleModes: Unsupported value: "Odd": supported values: "Persistent", "Ephemeral""#,
            "spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 1: must be greater than or equal to 10 seconds",
        ],
    );
    check_update(
        "storage.k8s.io",
        "CSIDriver",
        r#""spec":{}"#,
        r#""spec":{"attachRequired":false}"#,
        &["spec.attachedRequired: Invalid value: false: field is immutable"],
    );
    check(
        "storage.k8s.io",
        "CSINode",
        r#""spec":{"drivers":[{"name":"a","nodeID":"","allocatable":{"count":-1},"topologyKeys":["a b","a b"]},{"name":"a","nodeID":"n","topologyKeys":[]}]}"#,
        &[
            "spec.drivers[0].nodeID: Required value",
            "spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0",
            r#"spec.drivers[0]: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"spec.drivers[0]: Duplicate value: "a b""#,
            r#"spec.drivers[0]: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"spec.drivers[1].name: Duplicate value: "a""#,
        ],
    );
}

#[test]
fn classes_and_drivers_have_rules_2() {
    check_update(
        "storage.k8s.io",
        "CSINode",
        r#""spec":{"drivers":[{"name":"a","nodeID":"m"}]}"#,
        r#""spec":{"drivers":[{"name":"a","nodeID":"n"},{"name":"b","nodeID":"n"}]}"#,
        &[
            r#"spec.drivers: Invalid value: {"name":"a","nodeID":"n","topologyKeys":null}: field is immutable"#,
        ],
    );
    check_update(
        "storage.k8s.io",
        "CSINode",
        r#""spec":{"drivers":[{"name":"a","nodeID":"n"}]}"#,
        r#""spec":{"drivers":[{"name":"a","nodeID":"n","allocatable":{"count":5}}]}"#,
        &[],
    );
    check(
        "storage.k8s.io",
        "VolumeAttachment",
        r#""spec":{"attacher":"d","nodeName":"n","source":{"persistentVolumeName":"p"}}"#,
        &[],
    );
    check(
        "storage.k8s.io",
        "VolumeAttachment",
        r#""spec":{"attacher":"A b","nodeName":"n","source":{}}"#,
        &[
            "spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
            r#"spec.attacher: Invalid value: "A b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
        ],
    );
    check(
        "storage.k8s.io",
        "VolumeAttachment",
        r#""spec":{"attacher":"d","nodeName":"n","source":{"persistentVolumeName":""}}"#,
        &[
            "spec.source.persistentVolumeName: Required value: must specify non empty persistentVolumeName",
            r#"spec.source.persistentVolumeName: Invalid value: "": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
        ],
    );
    check(
        "storage.k8s.io",
        "VolumeAttachment",
        r#""spec":{"attacher":"d","nodeName":"n","source":{"persistentVolumeName":"p","inlineVolumeSpec":{}}}"#,
        &["spec.source: Forbidden: must specify exactly one of inlineVolumeSpec and persistentVolumeName"],
    );
    check(
        "storage.k8s.io",
        "VolumeAttachment",
        r#""spec":{"attacher":"d","nodeName":"n","source":{"inlineVolumeSpec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1"},"nfs":{"server":"s","path":"/p"},"persistentVolumeReclaimPolicy":"Delete","storageClassName":"a"}}}"#,
        &[
            "spec.source.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes",
            "spec.source.inlineVolumeSpec.csi: Required value: has to be specified in the context of inline volumes",
            "spec.source.inlineVolumeSpec.persistentVolumeReclaimPolicy: Forbidden: may only be Retain in the context of inline volumes",
            "spec.source.inlineVolumeSpec.storageClassName: Forbidden: may not be specified in the context of inline volumes",
        ],
    );
}

#[test]
fn classes_and_drivers_have_rules_3() {
    check_update(
        "storage.k8s.io",
        "VolumeAttachment",
        r#""spec":{"attacher":"d","nodeName":"n","source":{"persistentVolumeName":"p"}}"#,
        r#""spec":{"attacher":"d","nodeName":"n","source":{"persistentVolumeName":"q"}}"#,
        &[
            r#"spec: Invalid value: {"attacher":"d","source":{"persistentVolumeName":"q"},"nodeName":"n"}: field is immutable"#,
        ],
    );
    check(
        "storage.k8s.io",
        "CSIStorageCapacity",
        r#""storageClassName":"A","capacity":"-1""#,
        &[
            r#"storageClassName: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"capacity: Invalid value: "-1": must be greater than or equal to 0"#,
        ],
    );
    check_update(
        "storage.k8s.io",
        "CSIStorageCapacity",
        r#""storageClassName":"a""#,
        r#""storageClassName":"b""#,
        &[r#"storageClassName: Invalid value: "b": field is immutable"#],
    );
    check("storage.k8s.io", "VolumeAttributesClass", r#""driverName":"d","parameters":{"a":"b"}"#, &[]);
    check(
        "storage.k8s.io",
        "VolumeAttributesClass",
        r#""driverName":"""#,
        &[
            "driverName: Required value",
            "parameters: Required value: must contain at least one key/value pair",
        ],
    );
    check_update(
        "storage.k8s.io",
        "VolumeAttributesClass",
        r#""driverName":"d","parameters":{"a":"b"}"#,
        r#""driverName":"e","parameters":{"a":"c"}"#,
        &[
            "driverName: Forbidden: updates to driverName are forbidden.",
            "parameters: Forbidden: updates to parameters are forbidden.",
        ],
    );
}

pub(super) const ALL: &[fn()] = &[
    volumes_have_rules_1,
    volumes_have_rules_2,
    claims_have_rules_1,
    claims_have_rules_2,
    classes_and_drivers_have_rules_1,
    classes_and_drivers_have_rules_2,
    classes_and_drivers_have_rules_3,
];
