//! `io.k8s.api.resource.v1alpha3`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.resource.v1alpha3.DeviceTaint`.
pub static DEVICE_TAINT: Type = {
    static FIELDS: [Field; 4] = [
        field("key", 1, Shape::String, Always).required()
            .doc("The taint key to be applied to a device. Must be a label name."),
        field("value", 2, Shape::String, NonZero)
            .doc("The taint value corresponding to the taint key. Must be a label value."),
        field("effect", 3, Shape::String, Always).required()
            .one_of(&[Borrowed("NoExecute"), Borrowed("NoSchedule"), Borrowed("None")])
            .doc("The effect of the taint on claims that do not tolerate the taint and through such claims on the pods using them.\n\nValid effects are None, NoSchedule and NoExecute. PreferNoSchedule as used for nodes is not valid here. More effects may get added in the future. Consumers must treat unknown effects like None."),
        field("timeAdded", 4, Shape::Time, Given)
            .doc("TimeAdded represents the time at which the taint was added. Added automatically during create or update if not set."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.resource.v1alpha3.DeviceTaint",
        "The device this taint is attached to has the \"effect\" on any claim which does not tolerate the taint and, through the claim, to pods using the claim.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.resource.v1alpha3.DeviceTaintRule`.
pub static DEVICE_TAINT_RULE: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object metadata"),
        field("spec", 2, object(&DEVICE_TAINT_RULE_SPEC), Always).required()
            .doc("Spec specifies the selector and one taint.\n\nChanging the spec automatically increments the metadata.generation number."),
        field("status", 3, object(&DEVICE_TAINT_RULE_STATUS), Always)
            .doc("Status provides information about what was requested in the spec."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("resource.k8s.io", "v1alpha3", "DeviceTaintRule"),
    ];
    ty(
        "io.k8s.api.resource.v1alpha3.DeviceTaintRule",
        "DeviceTaintRule adds one taint to all devices which match the selector. This has the same effect as if the taint was specified directly in the ResourceSlice by the DRA driver.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.resource.v1alpha3.DeviceTaintRuleList`.
pub static DEVICE_TAINT_RULE_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&DEVICE_TAINT_RULE))), Null).required()
            .doc("Items is the list of DeviceTaintRules."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("resource.k8s.io", "v1alpha3", "DeviceTaintRuleList"),
    ];
    ty(
        "io.k8s.api.resource.v1alpha3.DeviceTaintRuleList",
        "DeviceTaintRuleList is a collection of DeviceTaintRules.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.resource.v1alpha3.DeviceTaintRuleSpec`.
pub static DEVICE_TAINT_RULE_SPEC: Type = {
    static FIELDS: [Field; 2] = [
        field("deviceSelector", 1, object(&DEVICE_TAINT_SELECTOR), Given)
            .doc("DeviceSelector defines which device(s) the taint is applied to. All selector criteria must be satisfied for a device to match. The empty selector matches all devices. Without a selector, no devices are matches."),
        field("taint", 2, object(&DEVICE_TAINT), Always).required()
            .doc("The taint that gets applied to matching devices."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.resource.v1alpha3.DeviceTaintRuleSpec",
        "DeviceTaintRuleSpec specifies the selector and one taint.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.resource.v1alpha3.DeviceTaintRuleStatus`.
pub static DEVICE_TAINT_RULE_STATUS: Type = {
    static FIELDS: [Field; 1] = [
        field("conditions", 1, list(&Shape::Struct(TypeRef::Static(&super::meta_v1::CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("Conditions provide information about the state of the DeviceTaintRule and the cluster at some point in time, in a machine-readable and human-readable format.\n\nThe following condition is currently defined as part of this API, more may get added: - Type: EvictionInProgress - Status: True if there are currently pods which need to be evicted, False otherwise\n  (includes the effects which don't cause eviction).\n- Reason: not specified, may change - Message: includes information about number of pending pods and already evicted pods\n  in a human-readable format, updated periodically, may change\n\nFor `effect: None`, the condition above gets set once for each change to the spec, with the message containing information about what would happen if the effect was `NoExecute`. This feedback can be used to decide whether changing the effect to `NoExecute` will work as intended. It only gets set once to avoid having to constantly update the status.\n\nMust have 8 or fewer entries."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.resource.v1alpha3.DeviceTaintRuleStatus",
        "DeviceTaintRuleStatus provides information about an on-going pod eviction.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.resource.v1alpha3.DeviceTaintSelector`.
pub static DEVICE_TAINT_SELECTOR: Type = {
    static FIELDS: [Field; 3] = [
        field("driver", 2, Shape::String, Given)
            .doc("If driver is set, only devices from that driver are selected. This fields corresponds to slice.spec.driver."),
        field("pool", 3, Shape::String, Given)
            .doc("If pool is set, only devices in that pool are selected.\n\nAlso setting the driver name may be useful to avoid ambiguity when different drivers use the same pool name, but this is not required because selecting pools from different drivers may also be useful, for example when drivers with node-local devices use the node name as their pool name."),
        field("device", 4, Shape::String, Given)
            .doc("If device is set, only devices with that name are selected. This field corresponds to slice.spec.devices[].name.\n\nSetting also driver and pool may be required to avoid ambiguity, but is not required."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.resource.v1alpha3.DeviceTaintSelector",
        "DeviceTaintSelector defines which device(s) a DeviceTaintRule applies to. The empty selector matches all devices. Without a selector, no devices are matched.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
