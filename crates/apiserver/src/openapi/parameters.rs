//! Parameters of operations; their descriptions are those of the options' fields in the schema table.

use mizzen_schema::builtin;
use mizzen_schema::table::{Field, Shape};
use serde_json::{Value as Json, json};

use super::schema::Form;

const META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1";

pub(super) const PRETTY: &str = "If 'true', then the output is pretty printed. Defaults to 'false' unless the \
    user-agent indicates a browser or command-line HTTP tool (curl and wget).";

/// A parameter of the path.
pub(super) fn path(name: &str, doc: &str, form: Form) -> Json {
    one(name, "path", doc, "string", form)
}

/// `pretty`.
pub(super) fn pretty(form: Form) -> Json {
    one("pretty", "query", PRETTY, "string", form)
}

/// Query parameters after fields of an options type.
pub(super) fn options(ty: &str, names: &[&str], form: Form) -> Vec<Json> {
    let Some(ty) = builtin::by_name(&format!("{META}.{ty}")) else { return Vec::new() };
    names.iter().filter_map(|name| ty.field(name)).map(|field| query(field, form)).collect()
}

/// Query parameters after all fields of a connect options type.
pub(super) fn connect(group: &str, version: &str, kind: &str, form: Form) -> Vec<Json> {
    let Some(ty) = builtin::kind(group, version, kind) else { return Vec::new() };
    let fields = ty.by_name.iter().map(|(_, number)| &ty.fields[usize::from(*number)]);
    fields.filter(|field| field.tag != 0).map(|field| query(field, form)).collect()
}

fn query(field: &Field, form: Form) -> Json {
    let ty = match field.shape {
        Shape::Bool => "boolean",
        Shape::Int32 | Shape::Int64 => "integer",
        _ => "string",
    };
    one(&field.json, "query", &field.doc, ty, form)
}

fn one(name: &str, place: &str, doc: &str, ty: &str, form: Form) -> Json {
    let mut parameter = match form {
        Form::V2 => json!({"name": name, "in": place, "description": doc, "type": ty, "uniqueItems": true}),
        Form::V3 => {
            json!({"name": name, "in": place, "description": doc, "schema": {"type": ty, "uniqueItems": true}})
        }
    };
    if place == "path" {
        parameter["required"] = true.into();
    }
    parameter
}
