//! `io.k8s.api.storage.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.storage.v1.CSIDriver`.
pub static CSI_DRIVER: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object metadata. metadata.Name indicates the name of the CSI driver that this object refers to; it MUST be the same name returned by the CSI GetPluginName() call for that driver. The driver name must be 63 characters or less, beginning and ending with an alphanumeric character ([a-z0-9A-Z]) with dashes (-), dots (.), and alphanumerics between. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&CSI_DRIVER_SPEC), Always).required()
            .doc("spec represents the specification of the CSI Driver."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storage.k8s.io", "v1", "CSIDriver"),
    ];
    ty(
        "io.k8s.api.storage.v1.CSIDriver",
        "CSIDriver captures information about a Container Storage Interface (CSI) volume driver deployed on the cluster. Kubernetes attach detach controller uses this object to determine whether attach is required. Kubelet uses this object to determine whether pod information needs to be passed on mount. CSIDriver objects are non-namespaced.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.CSIDriverList`.
pub static CSI_DRIVER_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&CSI_DRIVER))), Null).required()
            .doc("items is the list of CSIDriver"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storage.k8s.io", "v1", "CSIDriverList"),
    ];
    ty(
        "io.k8s.api.storage.v1.CSIDriverList",
        "CSIDriverList is a collection of CSIDriver objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.CSIDriverSpec`.
pub static CSI_DRIVER_SPEC: Type = {
    static FIELDS: [Field; 10] = [
        field("attachRequired", 1, Shape::Bool, Given)
            .doc("attachRequired indicates this CSI volume driver requires an attach operation (because it implements the CSI ControllerPublishVolume() method), and that the Kubernetes attach detach controller should call the attach volume interface which checks the volumeattachment status and waits until the volume is attached before proceeding to mounting. The CSI external-attacher coordinates with CSI volume driver and updates the volumeattachment status when the attach operation is complete. If the value is specified to false, the attach operation will be skipped. Otherwise the attach operation will be called.\n\nThis field is immutable."),
        field("podInfoOnMount", 2, Shape::Bool, Given)
            .doc("podInfoOnMount indicates this CSI volume driver requires additional pod information (like podName, podUID, etc.) during mount operations, if set to true. If set to false, pod information will not be passed on mount. Default is false.\n\nThe CSI driver specifies podInfoOnMount as part of driver deployment. If true, Kubelet will pass pod information as VolumeContext in the CSI NodePublishVolume() calls. The CSI driver is responsible for parsing and validating the information passed in as VolumeContext.\n\nThe following VolumeContext will be passed if podInfoOnMount is set to true. This list might grow, but the prefix will be used. \"csi.storage.k8s.io/pod.name\": pod.Name \"csi.storage.k8s.io/pod.namespace\": pod.Namespace \"csi.storage.k8s.io/pod.uid\": string(pod.UID) \"csi.storage.k8s.io/ephemeral\": \"true\" if the volume is an ephemeral inline volume\n                                defined by a CSIVolumeSource, otherwise \"false\"\n\n\"csi.storage.k8s.io/ephemeral\" is a new feature in Kubernetes 1.16. It is only required for drivers which support both the \"Persistent\" and \"Ephemeral\" VolumeLifecycleMode. Other drivers can leave pod info disabled and/or ignore this field. As Kubernetes 1.15 doesn't support this field, drivers can only support one mode when deployed on such a cluster and the deployment determines which mode that is, for example via a command line parameter of the driver.\n\nThis field was immutable in Kubernetes < 1.29 and now is mutable."),
        field("volumeLifecycleModes", 3, list(&Shape::String), NonZero).set()
            .doc("volumeLifecycleModes defines what kind of volumes this CSI volume driver supports. The default if the list is empty is \"Persistent\", which is the usage defined by the CSI specification and implemented in Kubernetes via the usual PV/PVC mechanism.\n\nThe other mode is \"Ephemeral\". In this mode, volumes are defined inline inside the pod spec with CSIVolumeSource and their lifecycle is tied to the lifecycle of that pod. A driver has to be aware of this because it is only going to get a NodePublishVolume call for such a volume.\n\nFor more information about implementing this mode, see https://kubernetes-csi.github.io/docs/ephemeral-local-volumes.html A driver can support one or more of these modes and more modes may be added in the future.\n\nThis field is beta. This field is immutable."),
        field("storageCapacity", 4, Shape::Bool, Given)
            .doc("storageCapacity indicates that the CSI volume driver wants pod scheduling to consider the storage capacity that the driver deployment will report by creating CSIStorageCapacity objects with capacity information, if set to true.\n\nThe check can be enabled immediately when deploying a driver. In that case, provisioning new volumes with late binding will pause until the driver deployment has published some suitable CSIStorageCapacity object.\n\nAlternatively, the driver can be deployed with the field unset or false and it can be flipped later when storage capacity information has been published.\n\nThis field was immutable in Kubernetes <= 1.22 and now is mutable."),
        field("fsGroupPolicy", 5, Shape::String, Given)
            .doc("fsGroupPolicy defines if the underlying volume supports changing ownership and permission of the volume before being mounted. Refer to the specific FSGroupPolicy values for additional details.\n\nThis field was immutable in Kubernetes < 1.29 and now is mutable.\n\nDefaults to ReadWriteOnceWithFSType, which will examine each volume to determine if Kubernetes should modify ownership and permissions of the volume. With the default policy the defined fsGroup will only be applied if a fstype is defined and the volume's access mode contains ReadWriteOnce."),
        field("tokenRequests", 6, list(&Shape::Struct(TypeRef::Static(&TOKEN_REQUEST))), NonZero)
            .doc("tokenRequests indicates the CSI driver needs pods' service account tokens it is mounting volume for to do necessary authentication. Kubelet will pass the tokens in VolumeContext in the CSI NodePublishVolume calls. The CSI driver should parse and validate the following VolumeContext: \"csi.storage.k8s.io/serviceAccount.tokens\": {\n  \"<audience>\": {\n    \"token\": <token>,\n    \"expirationTimestamp\": <expiration timestamp in RFC3339>,\n  },\n  ...\n}\n\nNote: Audience in each TokenRequest should be different and at most one token is empty string. To receive a new token after expiry, RequiresRepublish can be used to trigger NodePublishVolume periodically."),
        field("requiresRepublish", 7, Shape::Bool, Given)
            .doc("requiresRepublish indicates the CSI driver wants `NodePublishVolume` being periodically called to reflect any possible change in the mounted volume. This field defaults to false.\n\nNote: After a successful initial NodePublishVolume call, subsequent calls to NodePublishVolume should only update the contents of the volume. New mount points will not be seen by a running container."),
        field("seLinuxMount", 8, Shape::Bool, Given)
            .doc("seLinuxMount specifies if the CSI driver supports \"-o context\" mount option.\n\nWhen \"true\", the CSI driver must ensure that all volumes provided by this CSI driver can be mounted separately with different `-o context` options. This is typical for storage backends that provide volumes as filesystems on block devices or as independent shared volumes. Kubernetes will call NodeStage / NodePublish with \"-o context=xyz\" mount option when mounting a ReadWriteOncePod volume used in Pod that has explicitly set SELinux context. In the future, it may be expanded to other volume AccessModes. In any case, Kubernetes will ensure that the volume is mounted only with a single SELinux context.\n\nWhen \"false\", Kubernetes won't pass any special SELinux mount options to the driver. This is typical for volumes that represent subdirectories of a bigger shared filesystem.\n\nDefault is \"false\"."),
        field("nodeAllocatableUpdatePeriodSeconds", 9, Shape::Int64, Given)
            .doc("nodeAllocatableUpdatePeriodSeconds specifies the interval between periodic updates of the CSINode allocatable capacity for this driver. When set, both periodic updates and updates triggered by capacity-related failures are enabled. If not set, no updates occur (neither periodic nor upon detecting capacity-related failures), and the allocatable.count remains static. The minimum allowed value for this field is 10 seconds.\n\nThis is a beta feature and requires the MutableCSINodeAllocatableCount feature gate to be enabled.\n\nThis field is mutable."),
        field("serviceAccountTokenInSecrets", 10, Shape::Bool, Given)
            .doc("serviceAccountTokenInSecrets is an opt-in for CSI drivers to indicate that service account tokens should be passed via the Secrets field in NodePublishVolumeRequest instead of the VolumeContext field. The CSI specification provides a dedicated Secrets field for sensitive information like tokens, which is the appropriate mechanism for handling credentials. This addresses security concerns where sensitive tokens were being logged as part of volume context.\n\nWhen \"true\", kubelet will pass the tokens only in the Secrets field with the key \"csi.storage.k8s.io/serviceAccount.tokens\". The CSI driver must be updated to read tokens from the Secrets field instead of VolumeContext.\n\nWhen \"false\" or not set, kubelet will pass the tokens in VolumeContext with the key \"csi.storage.k8s.io/serviceAccount.tokens\" (existing behavior). This maintains backward compatibility with existing CSI drivers.\n\nThis field can only be set when TokenRequests is configured. The API server will reject CSIDriver specs that set this field without TokenRequests.\n\nDefault behavior if unset is to pass tokens in the VolumeContext field."),
    ];
    static NAMES: [(Text, u16); 10] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.storage.v1.CSIDriverSpec",
        "CSIDriverSpec is the specification of a CSIDriver.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.CSINode`.
pub static CSI_NODE: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. metadata.name must be the Kubernetes node name."),
        field("spec", 2, object(&CSI_NODE_SPEC), Always).required()
            .doc("spec is the specification of CSINode"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storage.k8s.io", "v1", "CSINode"),
    ];
    ty(
        "io.k8s.api.storage.v1.CSINode",
        "CSINode holds information about all CSI drivers installed on a node. CSI drivers do not need to create the CSINode object directly. As long as they use the node-driver-registrar sidecar container, the kubelet will automatically populate the CSINode object for the CSI driver as part of kubelet plugin registration. CSINode has the same name as a node. If the object is missing, it means either there are no CSI Drivers available on the node, or the Kubelet version is low enough that it doesn't create this object. CSINode has an OwnerReference that points to the corresponding node object.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.CSINodeDriver`.
pub static CSI_NODE_DRIVER: Type = {
    static FIELDS: [Field; 4] = [
        field("name", 1, Shape::String, Always).required()
            .doc("name represents the name of the CSI driver that this object refers to. This MUST be the same name returned by the CSI GetPluginName() call for that driver."),
        field("nodeID", 2, Shape::String, Always).required()
            .doc("nodeID of the node from the driver point of view. This field enables Kubernetes to communicate with storage systems that do not share the same nomenclature for nodes. For example, Kubernetes may refer to a given node as \"node1\", but the storage system may refer to the same node as \"nodeA\". When Kubernetes issues a command to the storage system to attach a volume to a specific node, it can use this field to refer to the node name using the ID that the storage system will understand, e.g. \"nodeA\" instead of \"node1\". This field is required."),
        field("topologyKeys", 3, list(&Shape::String), Null)
            .doc("topologyKeys is the list of keys supported by the driver. When a driver is initialized on a cluster, it provides a set of topology keys that it understands (e.g. \"company.com/zone\", \"company.com/region\"). When a driver is initialized on a node, it provides the same topology keys along with values. Kubelet will expose these topology keys as labels on its own node object. When Kubernetes does topology aware provisioning, it can use this list to determine which labels it should retrieve from the node object and pass back to the driver. It is possible for different nodes to use different topology keys. This can be empty if driver does not support topology."),
        field("allocatable", 4, object(&VOLUME_NODE_RESOURCES), Given)
            .doc("allocatable represents the volume resources of a node that are available for scheduling. This field is beta."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.storage.v1.CSINodeDriver",
        "CSINodeDriver holds information about the specification of one CSI driver installed on a node",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.CSINodeList`.
pub static CSI_NODE_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&CSI_NODE))), Null).required()
            .doc("items is the list of CSINode"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storage.k8s.io", "v1", "CSINodeList"),
    ];
    ty(
        "io.k8s.api.storage.v1.CSINodeList",
        "CSINodeList is a collection of CSINode objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.CSINodeSpec`.
pub static CSI_NODE_SPEC: Type = {
    static FIELDS: [Field; 1] = [
        field("drivers", 1, list(&Shape::Struct(TypeRef::Static(&CSI_NODE_DRIVER))), Null).required().keyed(&[Borrowed("name")]).merge("name")
            .doc("drivers is a list of information of all CSI Drivers existing on a node. If all drivers in the list are uninstalled, this can become empty."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.storage.v1.CSINodeSpec",
        "CSINodeSpec holds information about the specification of all CSI drivers installed on a node",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.CSIStorageCapacity`.
pub static CSI_STORAGE_CAPACITY: Type = {
    static FIELDS: [Field; 7] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. The name has no particular meaning. It must be a DNS subdomain (dots allowed, 253 characters). To ensure that there are no conflicts with other CSI drivers on the cluster, the recommendation is to use csisc-<uuid>, a generated name, or a reverse-domain name which ends with the unique CSI driver name.\n\nObjects are namespaced.\n\nMore info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("nodeTopology", 2, object(&super::meta_v1::LABEL_SELECTOR), Given)
            .doc("nodeTopology defines which nodes have access to the storage for which capacity was reported. If not set, the storage is not accessible from any node in the cluster. If empty, the storage is accessible from all nodes. This field is immutable."),
        field("storageClassName", 3, Shape::String, Always).required()
            .doc("storageClassName represents the name of the StorageClass that the reported capacity applies to. It must meet the same requirements as the name of a StorageClass object (non-empty, DNS subdomain). If that object no longer exists, the CSIStorageCapacity object is obsolete and should be removed by its creator. This field is immutable."),
        field("capacity", 4, Shape::Quantity, Given)
            .doc("capacity is the value reported by the CSI driver in its GetCapacityResponse for a GetCapacityRequest with topology and parameters that match the previous fields.\n\nThe semantic is currently (CSI spec 1.2) defined as: The available capacity, in bytes, of the storage that can be used to provision volumes. If not set, that information is currently unavailable."),
        field("maximumVolumeSize", 5, Shape::Quantity, Given)
            .doc("maximumVolumeSize is the value reported by the CSI driver in its GetCapacityResponse for a GetCapacityRequest with topology and parameters that match the previous fields.\n\nThis is defined since CSI spec 1.4.0 as the largest size that may be used in a CreateVolumeRequest.capacity_range.required_bytes field to create a volume with the same parameters as those in GetCapacityRequest. The corresponding value in the Kubernetes API is ResourceRequirements.Requests in a volume claim."),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storage.k8s.io", "v1", "CSIStorageCapacity"),
    ];
    ty(
        "io.k8s.api.storage.v1.CSIStorageCapacity",
        "CSIStorageCapacity stores the result of one CSI GetCapacity call. For a given StorageClass, this describes the available capacity in a particular topology segment.  This can be used when considering where to instantiate new PersistentVolumes.\n\nFor example this can express things like: - StorageClass \"standard\" has \"1234 GiB\" available in \"topology.kubernetes.io/zone=us-east1\" - StorageClass \"localssd\" has \"10 GiB\" available in \"kubernetes.io/hostname=knode-abc123\"\n\nThe following three cases all imply that no capacity is available for a certain combination: - no object exists with suitable topology and storage class name - such an object exists, but the capacity is unset - such an object exists, but the capacity is zero\n\nThe producer of these objects can decide which approach is more suitable.\n\nThey are consumed by the kube-scheduler when a CSI driver opts into capacity-aware scheduling with CSIDriverSpec.StorageCapacity. The scheduler compares the MaximumVolumeSize against the requested size of pending volumes to filter out unsuitable nodes. If MaximumVolumeSize is unset, it falls back to a comparison against the less precise Capacity. If that is also unset, the scheduler assumes that capacity is insufficient and tries some other node.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.CSIStorageCapacityList`.
pub static CSI_STORAGE_CAPACITY_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&CSI_STORAGE_CAPACITY))), Null).required()
            .doc("items is the list of CSIStorageCapacity objects."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storage.k8s.io", "v1", "CSIStorageCapacityList"),
    ];
    ty(
        "io.k8s.api.storage.v1.CSIStorageCapacityList",
        "CSIStorageCapacityList is a collection of CSIStorageCapacity objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.StorageClass`.
pub static STORAGE_CLASS: Type = {
    static FIELDS: [Field; 10] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("provisioner", 2, Shape::String, Always).required()
            .doc("provisioner indicates the type of the provisioner."),
        field("parameters", 3, map(&Shape::String), NonZero)
            .doc("parameters holds the parameters for the provisioner that should create volumes of this storage class."),
        field("reclaimPolicy", 4, Shape::String, Given)
            .one_of(&[Borrowed("Delete"), Borrowed("Recycle"), Borrowed("Retain")])
            .doc("reclaimPolicy controls the reclaimPolicy for dynamically provisioned PersistentVolumes of this storage class. Defaults to Delete."),
        field("mountOptions", 5, list(&Shape::String), NonZero)
            .doc("mountOptions controls the mountOptions for dynamically provisioned PersistentVolumes of this storage class. e.g. [\"ro\", \"soft\"]. Not validated - mount of the PVs will simply fail if one is invalid."),
        field("allowVolumeExpansion", 6, Shape::Bool, Given)
            .doc("allowVolumeExpansion shows whether the storage class allow volume expand."),
        field("volumeBindingMode", 7, Shape::String, Given)
            .one_of(&[Borrowed("Immediate"), Borrowed("WaitForFirstConsumer")])
            .doc("volumeBindingMode indicates how PersistentVolumeClaims should be provisioned and bound.  When unset, VolumeBindingImmediate is used. This field is only honored by servers that enable the VolumeScheduling feature."),
        field("allowedTopologies", 8, list(&Shape::Struct(TypeRef::Static(&super::core_v1::TOPOLOGY_SELECTOR_TERM))), NonZero)
            .doc("allowedTopologies restrict the node topologies where volumes can be dynamically provisioned. Each volume plugin defines its own supported topology specifications. An empty TopologySelectorTerm list means there is no topology restriction. This field is only honored by servers that enable the VolumeScheduling feature."),
    ];
    static NAMES: [(Text, u16); 10] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storage.k8s.io", "v1", "StorageClass"),
    ];
    ty(
        "io.k8s.api.storage.v1.StorageClass",
        "StorageClass describes the parameters for a class of storage for which PersistentVolumes can be dynamically provisioned.\n\nStorageClasses are non-namespaced; the name of the storage class according to etcd is in ObjectMeta.Name.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.StorageClassList`.
pub static STORAGE_CLASS_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&STORAGE_CLASS))), Null).required()
            .doc("items is the list of StorageClasses"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storage.k8s.io", "v1", "StorageClassList"),
    ];
    ty(
        "io.k8s.api.storage.v1.StorageClassList",
        "StorageClassList is a collection of storage classes.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.TokenRequest`.
pub static TOKEN_REQUEST: Type = {
    static FIELDS: [Field; 2] = [
        field("audience", 1, Shape::String, Always).required()
            .doc("audience is the intended audience of the token in \"TokenRequestSpec\". It will default to the audiences of kube apiserver."),
        field("expirationSeconds", 2, Shape::Int64, Given)
            .doc("expirationSeconds is the duration of validity of the token in \"TokenRequestSpec\". It has the same default value of \"ExpirationSeconds\" in \"TokenRequestSpec\"."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.storage.v1.TokenRequest",
        "TokenRequest contains parameters of a service account token.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.VolumeAttachment`.
pub static VOLUME_ATTACHMENT: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&VOLUME_ATTACHMENT_SPEC), Always).required()
            .doc("spec represents specification of the desired attach/detach volume behavior. Populated by the Kubernetes system."),
        field("status", 3, object(&VOLUME_ATTACHMENT_STATUS), Always)
            .doc("status represents status of the VolumeAttachment request. Populated by the entity completing the attach or detach operation, i.e. the external-attacher."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storage.k8s.io", "v1", "VolumeAttachment"),
    ];
    ty(
        "io.k8s.api.storage.v1.VolumeAttachment",
        "VolumeAttachment captures the intent to attach or detach the specified volume to/from the specified node.\n\nVolumeAttachment objects are non-namespaced.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.VolumeAttachmentList`.
pub static VOLUME_ATTACHMENT_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&VOLUME_ATTACHMENT))), Null).required()
            .doc("items is the list of VolumeAttachments"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storage.k8s.io", "v1", "VolumeAttachmentList"),
    ];
    ty(
        "io.k8s.api.storage.v1.VolumeAttachmentList",
        "VolumeAttachmentList is a collection of VolumeAttachment objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.VolumeAttachmentSource`.
pub static VOLUME_ATTACHMENT_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("persistentVolumeName", 1, Shape::String, Given)
            .doc("persistentVolumeName represents the name of the persistent volume to attach."),
        field("inlineVolumeSpec", 2, object(&super::core_v1::PERSISTENT_VOLUME_SPEC), Given)
            .doc("inlineVolumeSpec contains all the information necessary to attach a persistent volume defined by a pod's inline VolumeSource. This field is populated only for the CSIMigration feature. It contains translated fields from a pod's inline VolumeSource to a PersistentVolumeSpec. This field is beta-level and is only honored by servers that enabled the CSIMigration feature."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.storage.v1.VolumeAttachmentSource",
        "VolumeAttachmentSource represents a volume that should be attached. Right now only PersistentVolumes can be attached via external attacher, in the future we may allow also inline volumes in pods. Exactly one member can be set.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.VolumeAttachmentSpec`.
pub static VOLUME_ATTACHMENT_SPEC: Type = {
    static FIELDS: [Field; 3] = [
        field("attacher", 1, Shape::String, Always).required()
            .doc("attacher indicates the name of the volume driver that MUST handle this request. This is the name returned by GetPluginName()."),
        field("source", 2, object(&VOLUME_ATTACHMENT_SOURCE), Always).required()
            .doc("source represents the volume that should be attached."),
        field("nodeName", 3, Shape::String, Always).required()
            .doc("nodeName represents the node that the volume should be attached to."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.storage.v1.VolumeAttachmentSpec",
        "VolumeAttachmentSpec is the specification of a VolumeAttachment request.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.VolumeAttachmentStatus`.
pub static VOLUME_ATTACHMENT_STATUS: Type = {
    static FIELDS: [Field; 4] = [
        field("attached", 1, Shape::Bool, Always).required()
            .doc("attached indicates the volume is successfully attached. This field must only be set by the entity completing the attach operation, i.e. the external-attacher."),
        field("attachmentMetadata", 2, map(&Shape::String), NonZero)
            .doc("attachmentMetadata is populated with any information returned by the attach operation, upon successful attach, that must be passed into subsequent WaitForAttach or Mount calls. This field must only be set by the entity completing the attach operation, i.e. the external-attacher."),
        field("attachError", 3, object(&VOLUME_ERROR), Given)
            .doc("attachError represents the last error encountered during attach operation, if any. This field must only be set by the entity completing the attach operation, i.e. the external-attacher."),
        field("detachError", 4, object(&VOLUME_ERROR), Given)
            .doc("detachError represents the last error encountered during detach operation, if any. This field must only be set by the entity completing the detach operation, i.e. the external-attacher."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.storage.v1.VolumeAttachmentStatus",
        "VolumeAttachmentStatus is the status of a VolumeAttachment request.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.VolumeAttributesClass`.
pub static VOLUME_ATTRIBUTES_CLASS: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("driverName", 2, Shape::String, Always).required()
            .doc("Name of the CSI driver This field is immutable."),
        field("parameters", 3, map(&Shape::String), NonZero)
            .doc("parameters hold volume attributes defined by the CSI driver. These values are opaque to the Kubernetes and are passed directly to the CSI driver. The underlying storage provider supports changing these attributes on an existing volume, however the parameters field itself is immutable. To invoke a volume update, a new VolumeAttributesClass should be created with new parameters, and the PersistentVolumeClaim should be updated to reference the new VolumeAttributesClass.\n\nThis field is required and must contain at least one key/value pair. The keys cannot be empty, and the maximum number of parameters is 512, with a cumulative max size of 256K. If the CSI driver rejects invalid parameters, the target PersistentVolumeClaim will be set to an \"Infeasible\" state in the modifyVolumeStatus field."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storage.k8s.io", "v1", "VolumeAttributesClass"),
    ];
    ty(
        "io.k8s.api.storage.v1.VolumeAttributesClass",
        "VolumeAttributesClass represents a specification of mutable volume attributes defined by the CSI driver. The class can be specified during dynamic provisioning of PersistentVolumeClaims, and changed in the PersistentVolumeClaim spec after provisioning.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.VolumeAttributesClassList`.
pub static VOLUME_ATTRIBUTES_CLASS_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&VOLUME_ATTRIBUTES_CLASS))), Null).required()
            .doc("items is the list of VolumeAttributesClass objects."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("storage.k8s.io", "v1", "VolumeAttributesClassList"),
    ];
    ty(
        "io.k8s.api.storage.v1.VolumeAttributesClassList",
        "VolumeAttributesClassList is a collection of VolumeAttributesClass objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.VolumeError`.
pub static VOLUME_ERROR: Type = {
    static FIELDS: [Field; 3] = [
        field("time", 1, Shape::Time, Always)
            .doc("time represents the time the error was encountered."),
        field("message", 2, Shape::String, NonZero)
            .doc("message represents the error encountered during Attach or Detach operation. This string may be logged, so it should not contain sensitive information."),
        field("errorCode", 3, Shape::Int32, Given)
            .doc("errorCode is a numeric gRPC code representing the error encountered during Attach or Detach operations.\n\nThis is an optional, beta field that requires the MutableCSINodeAllocatableCount feature gate being enabled to be set."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.storage.v1.VolumeError",
        "VolumeError captures an error encountered during a volume operation.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.storage.v1.VolumeNodeResources`.
pub static VOLUME_NODE_RESOURCES: Type = {
    static FIELDS: [Field; 1] = [
        field("count", 1, Shape::Int32, Given)
            .doc("count indicates the maximum number of unique volumes managed by the CSI driver that can be used on a node. A volume that is both attached and mounted on a node is considered to be used once, not twice. The same rule applies for a unique volume that is shared among multiple pods on the same node. If this field is not specified, then the supported number of volumes on this node is unbounded."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.storage.v1.VolumeNodeResources",
        "VolumeNodeResources is a set of resource limits for scheduling of volumes.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
