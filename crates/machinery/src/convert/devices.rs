//! Devices of `resource.k8s.io`: v1beta1 nests what a device is and lays open what a request asks for; later versions
//! have it the other way round.
//!
//! Source: API reference of resource/v1beta1 and resource/v1, "Device" and "DeviceRequest".

use mizzen_schema::table::TypeRef;
use mizzen_schema::value::{Struct, Value};

use super::moved_by_name;
use crate::edit;

const BETA: &str = "io.k8s.api.resource.v1beta1.";

/// Where fields are nested that another version has beside the name.
struct Nested {
    /// Type, without its version.
    ty: &'static str,
    /// The field that holds them.
    holder: &'static str,
    /// Whether v1beta1 is the version that nests.
    in_beta: bool,
    /// Fields that are never nested.
    beside: &'static [&'static str],
}

const NESTED: [Nested; 2] = [
    Nested { ty: "Device", holder: "basic", in_beta: true, beside: &["name"] },
    Nested { ty: "DeviceRequest", holder: "exactly", in_beta: false, beside: &["name", "firstAvailable"] },
];

/// A device, or a request for one, as another version has it; `None`: the types are others, or the same.
pub(super) fn convert(from: &mut Struct, to: &TypeRef) -> Option<Struct> {
    let from_beta = from.ty().name.starts_with(BETA);
    let to_beta = to.name.starts_with(BETA);
    if from_beta == to_beta {
        return None;
    }
    let name =
        |ty: &str| ty.strip_prefix("io.k8s.api.resource.")?.split_once('.').map(|(_, name)| name.to_owned());
    let ty = name(&from.ty().name)?;
    let nested = NESTED.iter().find(|nested| nested.ty == ty)?;
    Some(if nested.in_beta == to_beta { nest(from, to, nested) } else { lay_open(from, to, nested) })
}

fn nest(from: &mut Struct, to: &TypeRef, nested: &Nested) -> Struct {
    let mut out = Struct::new(to.clone());
    for field in nested.beside {
        super::rename(from, field, &mut out, field);
    }
    // A request without any such field asks for one of several; a device is one in any case.
    let is_set = from.fields().any(|(_, _, value)| !value.is_zero());
    if let Some(holder) = edit::made(&mut out, nested.holder).filter(|_| is_set || nested.in_beta) {
        *holder =
            moved_by_name(std::mem::replace(from, Struct::new(from.ty().clone())), &holder.ty().clone());
    } else {
        out.remove(nested.holder);
    }
    out
}

fn lay_open(from: &mut Struct, to: &TypeRef, nested: &Nested) -> Struct {
    let inner = match from.remove(nested.holder) {
        Some(Value::Struct(inner)) => moved_by_name(inner, to),
        _ => Struct::new(to.clone()),
    };
    let mut out = inner;
    for field in nested.beside {
        super::rename(from, field, &mut out, field);
    }
    out
}
