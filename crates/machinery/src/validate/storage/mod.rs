//! Persistent volumes, claims, and what storage drivers declare.

mod claim;
mod kinds;
mod persistent;

pub(super) use claim::{claim, claim_spec, claim_status, claim_update};
pub(super) use kinds::{
    attributes_class, attributes_class_update, csi_driver, csi_driver_update, csi_node, csi_node_update,
    storage_capacity, storage_capacity_update, storage_class, storage_class_update, volume_attachment,
    volume_attachment_update,
};
pub(super) use persistent::{persistent_volume, persistent_volume_update};

use mizzen_schema::value::Value;

use super::check::{Errors, one_of, quantity, texts};
use crate::field::{FieldError, Path};

const ACCESS_MODES: [&str; 4] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const VOLUME_MODES: [&str; 2] = ["Block", "Filesystem"];

fn access_modes(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let (mut alone, mut others) = (false, false);
    for mode in texts(spec, "accessModes") {
        one_of(errors, path, mode, &ACCESS_MODES);
        alone |= mode == "ReadWriteOncePod";
        others |= mode != "ReadWriteOncePod" && ACCESS_MODES.contains(&mode);
    }
    if alone && others {
        errors.push(FieldError::forbidden(path, "may not use ReadWriteOncePod with other access modes"));
    }
}

/// An amount of storage that there can be.
fn basic(errors: &mut Errors, path: &Path<'_>, size: &Value) -> bool {
    let value = quantity(size).value();
    if value < 0 {
        errors.push(FieldError::invalid(path, value, "must be a valid resource quantity"));
    }
    value >= 0
}
