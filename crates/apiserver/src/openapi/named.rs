//! Types that are no structs, but have a name in OpenAPI: quantities, times, and what is kept as it came.

use mizzen_schema::table::{Shape, Type, WireForm};
use serde_json::{Map, Value as Json, json};

use super::schema::Form;

/// A type with a name and a JSON form of its own.
pub(super) struct Named {
    pub(super) name: &'static str,
    doc: &'static str,
    /// Empty: any JSON.
    ty: &'static str,
    format: &'static str,
    /// In v3, where a value may be of several types.
    one_of: &'static [&'static str],
}

impl Named {
    const fn string(name: &'static str, doc: &'static str) -> Self {
        Self { name, doc, ty: "string", format: "", one_of: &[] }
    }

    /// What is kept as it came.
    const fn free(name: &'static str, ty: &'static str, doc: &'static str) -> Self {
        Self { name, doc, ty, format: "", one_of: &[] }
    }
}

static QUANTITY: Named = Named {
    one_of: &["string", "number"],
    ..Named::string(
        "io.k8s.apimachinery.pkg.api.resource.Quantity",
        "A fixed-point number with a decimal (m, k, M, …), binary (Ki, Mi, …) or exponent (e3) suffix.",
    )
};
static INT_OR_STRING: Named = Named {
    format: "int-or-string",
    one_of: &["integer", "string"],
    ..Named::string(
        "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
        "An integer, or a string such as a percentage or the name of a port.",
    )
};
static TIME: Named = Named {
    format: "date-time",
    ..Named::string("io.k8s.apimachinery.pkg.apis.meta.v1.Time", "A time in RFC 3339 form.")
};
static MICRO_TIME: Named = Named {
    format: "date-time",
    ..Named::string(
        "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime",
        "A time in RFC 3339 form, with microseconds.",
    )
};
static DURATION: Named =
    Named::string("io.k8s.apimachinery.pkg.apis.meta.v1.Duration", "A duration in Go's form: 1h30m, 1.5s.");
static RAW_EXTENSION: Named = Named::free(
    "io.k8s.apimachinery.pkg.runtime.RawExtension",
    "object",
    "An object of any kind, or settings whose form somebody else defines: kept as they came.",
);
static FIELDS: Named = Named::free(
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1",
    "object",
    "A set of fields as a tree: f:NAME for a member, k:{…} for an element of a list by its keys, v:VALUE for one of \
     a set, i:INDEX for one by its place, and \".\" for what holds them.",
);
static JSON: Named =
    Named::free("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON", "", "Any JSON value.");
static SCHEMA_OR_BOOL: Named = Named::free(
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool",
    "",
    "A schema, or true or false.",
);
static SCHEMA_OR_ARRAY: Named = Named::free(
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray",
    "",
    "A schema, or a list of schemas.",
);
static SCHEMA_OR_STRINGS: Named = Named::free(
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray",
    "",
    "A schema, or a list of strings.",
);

/// The name of a shape that is no struct, in the built-in or custom type `of`.
pub(super) fn named(shape: &Shape, wire: WireForm, of: &Type) -> Option<&'static Named> {
    Some(match (shape, wire) {
        (Shape::Quantity, _) => &QUANTITY,
        (Shape::IntOrString, _) => &INT_OR_STRING,
        (Shape::Time, _) => &TIME,
        (Shape::MicroTime, _) => &MICRO_TIME,
        (Shape::Duration, _) => &DURATION,
        (Shape::Any, WireForm::SchemaOrBool) => &SCHEMA_OR_BOOL,
        (Shape::Any, WireForm::SchemaOrArray) => &SCHEMA_OR_ARRAY,
        (Shape::Any, WireForm::SchemaOrStrings) => &SCHEMA_OR_STRINGS,
        (Shape::Any, _) if of.name.starts_with("io.k8s.apiextensions-apiserver.") => &JSON,
        (Shape::Any, _) if of.name.ends_with(".ManagedFieldsEntry") => &FIELDS,
        (Shape::Any | Shape::Object, _) if of.name.starts_with("io.k8s.") => &RAW_EXTENSION,
        _ => return None,
    })
}

/// The definition of a named type.
pub(super) fn definition(named: &Named, form: Form) -> Json {
    let mut schema = Map::new();
    schema.insert("description".to_owned(), named.doc.into());
    if !named.format.is_empty() {
        schema.insert("format".to_owned(), named.format.into());
    }
    if form == Form::V3 && !named.one_of.is_empty() {
        let types: Vec<_> = named.one_of.iter().map(|ty| json!({"type": ty})).collect();
        schema.insert("oneOf".to_owned(), types.into());
    } else if !named.ty.is_empty() {
        schema.insert("type".to_owned(), named.ty.into());
    }
    Json::Object(schema)
}
