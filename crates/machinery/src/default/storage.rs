//! StorageClasses and CSIDrivers.

use mizzen_schema::value::{Struct, Value};

use crate::edit::{made, put, text, truth};

pub(super) fn storage_class(object: &mut Struct) {
    text(object, "reclaimPolicy", "Delete");
    text(object, "volumeBindingMode", "Immediate");
}

pub(super) fn csi_driver(object: &mut Struct) {
    let Some(spec) = made(object, "spec") else { return };
    truth(spec, "attachRequired", true);
    truth(spec, "podInfoOnMount", false);
    truth(spec, "storageCapacity", false);
    text(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
    if spec.get("volumeLifecycleModes").is_none_or(Value::is_zero) {
        put(spec, "volumeLifecycleModes", Value::List(vec![Value::string("Persistent")]));
    }
    truth(spec, "requiresRepublish", false);
    truth(spec, "seLinuxMount", false);
}
