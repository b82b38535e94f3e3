//! Types as OpenAPI schemas.

use std::collections::BTreeMap;

use mizzen_schema::builtin;
use mizzen_schema::table::{Field, GroupVersionKind, Presence, Resource, Shape, Type, TypeRef, WireForm};
use serde_json::{Map, Value as Json, json};

use super::markers::{self, texts};
use super::named::{self, Named, named};
use super::{custom, definition_name, list_name};

/// Which OpenAPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    V2,
    V3,
}

impl Form {
    pub(super) fn reference(self, name: &str) -> String {
        match self {
            Self::V2 => format!("#/definitions/{name}"),
            Self::V3 => format!("#/components/schemas/{name}"),
        }
    }
}

/// The definitions of a document, by name.
pub(super) struct Definitions {
    form: Form,
    types: BTreeMap<String, Source>,
}

enum Source {
    Type(TypeRef, Vec<GroupVersionKind>),
    /// No struct, but with a name of its own.
    Named(&'static Named),
    /// The list of a custom resource.
    List(Box<Resource>),
    /// The body of a patch.
    Patch,
}

const SCHEMA_PROPS: &str = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";

impl Definitions {
    pub(super) const fn new(form: Form) -> Self {
        Self { form, types: BTreeMap::new() }
    }

    /// Everything that a resource's operations name.
    pub(super) fn add_resource(&mut self, resource: &Resource) {
        let kinds = match &resource.ty {
            TypeRef::Static(ty) => ty.kinds.to_vec(),
            TypeRef::Shared(_) => vec![resource.gvk.clone()],
        };
        self.add_type(definition_name(resource), &resource.ty, kinds);
        let gvk = &resource.gvk;
        if resource.verbs.iter().any(|verb| verb == "list") {
            match builtin::kind(&gvk.group, &gvk.version, &format!("{}List", gvk.kind)) {
                Some(list) => self.add_builtin(list),
                None => {
                    self.types.insert(list_name(resource), Source::List(Box::new(resource.clone())));
                    self.add_named("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta");
                }
            }
        }
        for own in resource.subresources.iter().filter(|own| !own.gvk.kind.ends_with("Options")) {
            if let Some(ty) = builtin::kind(&own.gvk.group, &own.gvk.version, &own.gvk.kind) {
                self.add_builtin(ty);
            }
        }
        self.types.insert("io.k8s.apimachinery.pkg.apis.meta.v1.Patch".to_owned(), Source::Patch);
        for name in ["DeleteOptions", "Status", "WatchEvent", "APIResourceList"] {
            self.add_named(&format!("io.k8s.apimachinery.pkg.apis.meta.v1.{name}"));
        }
    }

    fn add_named(&mut self, name: &str) {
        if let Some(ty) = builtin::by_name(name) {
            self.add_builtin(ty);
        }
    }

    fn add_builtin(&mut self, ty: &'static Type) {
        self.add_type(ty.name.to_string(), &TypeRef::Static(ty), ty.kinds.to_vec());
    }

    /// A type and all that it refers to.
    fn add_type(&mut self, name: String, ty: &TypeRef, kinds: Vec<GroupVersionKind>) {
        if self.types.contains_key(&name) {
            return;
        }
        self.types.insert(name, Source::Type(ty.clone(), kinds));
        self.add_fields(ty);
    }

    fn add_fields(&mut self, ty: &Type) {
        for field in ty.fields.iter() {
            let mut shape = &field.shape;
            while let Some(element) = shape.element() {
                shape = element;
            }
            if let Some(named) = named(shape, field.wire.form, ty) {
                self.types.entry(named.name.to_owned()).or_insert(Source::Named(named));
            }
            match shape {
                Shape::Struct(TypeRef::Static(ty)) => self.add_builtin(ty),
                // Types of custom resources have no names of their own: they stand where they are used.
                Shape::Struct(TypeRef::Shared(ty)) => self.add_fields(ty),
                _ => {}
            }
            if field.wire.form != WireForm::Plain && field.wire.form != WireForm::Items {
                self.add_named(SCHEMA_PROPS);
            }
        }
    }

    /// Names and schemas, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (String, Json)> {
        self.types.iter().map(|(name, source)| {
            let schema = match source {
                Source::Type(ty, kinds) => definition(ty, kinds, self.form),
                Source::Named(named) => named::definition(named, self.form),
                Source::List(resource) => list_definition(resource, self.form),
                Source::Patch => json!({
                    "description": "The body of a patch, in the form that its content type names.",
                    "type": "object",
                }),
            };
            (name.clone(), schema)
        })
    }
}

fn kinds_json(kinds: &[GroupVersionKind]) -> Json {
    let kinds = kinds.iter().map(|gvk| json!({"group": gvk.group, "kind": gvk.kind, "version": gvk.version}));
    Json::Array(kinds.collect())
}

fn list_definition(resource: &Resource, form: Form) -> Json {
    let gvk = &resource.gvk;
    let kind = match &resource.ty.custom {
        Some(own) => own.list_kind.clone(),
        None => format!("{}List", gvk.kind).into(),
    };
    let list = GroupVersionKind { kind, ..gvk.clone() };
    json!({
        "description": format!("{} is a list of {}", list.kind, gvk.kind),
        "type": "object",
        "required": ["items"],
        "properties": {
            "apiVersion": {"type": "string"},
            "items": {
                "description": format!("List of {}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md", resource.plural),
                "type": "array",
                "items": {"$ref": form.reference(&definition_name(resource))},
            },
            "kind": {"type": "string"},
            "metadata": {"$ref": form.reference("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta")},
        },
        "x-kubernetes-group-version-kind": kinds_json(&[list]),
    })
}

/// A struct type's schema.
fn definition(ty: &Type, kinds: &[GroupVersionKind], form: Form) -> Json {
    let mut schema = match &ty.custom {
        Some(own) => custom::definition(own, form),
        None => structure(ty, form),
    };
    if !kinds.is_empty() {
        schema.insert("x-kubernetes-group-version-kind".to_owned(), kinds_json(kinds));
    }
    Json::Object(schema)
}

fn structure(ty: &Type, form: Form) -> Map<String, Json> {
    let mut schema = Map::new();
    if !ty.doc.is_empty() {
        schema.insert("description".to_owned(), ty.doc.as_ref().into());
    }
    schema.insert("type".to_owned(), "object".into());
    let required: Vec<&str> =
        ty.by_name.iter().map(|(name, _)| name.as_ref()).filter(|name| is_required(ty, name)).collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    let mut properties = Map::new();
    for (name, number) in ty.by_name.iter() {
        properties.insert(name.to_string(), property(&ty.fields[usize::from(*number)], ty, form));
    }
    if !properties.is_empty() {
        schema.insert("properties".to_owned(), Json::Object(properties));
    }
    if ty.preserve_unknown {
        schema.insert("x-kubernetes-preserve-unknown-fields".to_owned(), true.into());
    }
    markers::of_type(ty, &mut schema);
    schema
}

fn is_required(ty: &Type, name: &str) -> bool {
    ty.field(name).is_some_and(|field| field.required)
}

fn property(field: &Field, ty: &Type, form: Form) -> Json {
    let mut schema = match (form, value(&field.shape, field.wire.form, ty, form)) {
        // In v3 nothing stands beside a reference.
        (Form::V3, schema) if schema.contains_key("$ref") => {
            Map::from_iter([("allOf".to_owned(), Json::Array(vec![Json::Object(schema)]))])
        }
        (_, schema) => schema,
    };
    if let Some(text) = description(field) {
        schema.insert("description".to_owned(), text.into());
    }
    if form == Form::V3
        && let Some(default) = default(field)
    {
        schema.insert("default".to_owned(), default);
    }
    if !field.enum_values.is_empty() {
        // The values of a list or map are those of its elements.
        let holder = ["items", "additionalProperties"].into_iter().find(|name| schema.contains_key(*name));
        let of = match holder {
            Some(name) => schema.get_mut(name).and_then(Json::as_object_mut),
            None => Some(&mut schema),
        };
        if let Some(of) = of {
            of.insert("enum".to_owned(), texts(&field.enum_values));
        }
    }
    if !field.format.is_empty() {
        schema.insert("format".to_owned(), field.format.as_ref().into());
    }
    markers::of_field(field, ty, &mut schema);
    Json::Object(schema)
}

/// What the field is; of an enumerated string, its values too.
fn description(field: &Field) -> Option<String> {
    let mut text = field.doc.to_string();
    if !field.enum_values.is_empty() && matches!(field.shape, Shape::String) {
        text.push_str("\n\nPossible enum values:");
        for value in field.enum_values.iter() {
            text.push_str(&format!("\n - `{:?}`", value.as_ref()));
        }
    }
    Some(text).filter(|text| !text.is_empty())
}

/// A field's default: as marked, or the zero value that is always there.
fn default(field: &Field) -> Option<Json> {
    if let Some(text) = &field.default {
        return serde_json::from_str(text).ok();
    }
    (field.presence == Presence::Always).then(|| zero(&field.shape)).flatten()
}

fn zero(shape: &Shape) -> Option<Json> {
    match shape {
        Shape::String => Some("".into()),
        Shape::Bool => Some(false.into()),
        Shape::Int32 | Shape::Int64 | Shape::Double => Some(0.into()),
        Shape::Struct(TypeRef::Static(_)) => Some(json!({})),
        _ => None,
    }
}

/// A shape's schema.
fn value(shape: &Shape, wire: WireForm, ty: &Type, form: Form) -> Map<String, Json> {
    let typed = |name: &str| Map::from_iter([("type".to_owned(), Json::from(name))]);
    let formatted = |name: &str, format: &str| {
        Map::from_iter([("type".to_owned(), Json::from(name)), ("format".to_owned(), Json::from(format))])
    };
    let reference = |name: &str| Map::from_iter([("$ref".to_owned(), Json::from(form.reference(name)))]);
    if let Some(named) = named(shape, wire, ty) {
        return reference(named.name);
    }
    match shape {
        Shape::String => typed("string"),
        Shape::Bytes => formatted("string", "byte"),
        Shape::Bool => typed("boolean"),
        Shape::Int32 => formatted("integer", "int32"),
        Shape::Int64 => formatted("integer", "int64"),
        Shape::Double => formatted("number", "double"),
        Shape::Struct(TypeRef::Static(ty)) => reference(&ty.name),
        Shape::Struct(TypeRef::Shared(ty)) => structure(ty, form),
        Shape::List(element) => {
            let mut schema = typed("array");
            schema.insert("items".to_owned(), element_schema(element, wire, ty, form));
            schema
        }
        Shape::Map(element) => {
            let mut schema = typed("object");
            schema.insert("additionalProperties".to_owned(), element_schema(element, wire, ty, form));
            schema
        }
        Shape::Object => typed("object"),
        // Custom fields that are not described.
        Shape::Any => Map::from_iter([("x-kubernetes-preserve-unknown-fields".to_owned(), Json::Bool(true))]),
        Shape::Quantity | Shape::IntOrString | Shape::Time | Shape::MicroTime | Shape::Duration => {
            typed("string")
        }
    }
}

fn element_schema(element: &Shape, wire: WireForm, ty: &Type, form: Form) -> Json {
    let schema = value(element, wire, ty, form);
    match (form, zero(element)) {
        (Form::V3, Some(zero)) if schema.contains_key("$ref") => {
            json!({"allOf": [Json::Object(schema)], "default": zero})
        }
        (Form::V3, Some(zero)) => {
            let mut schema = schema;
            schema.insert("default".to_owned(), zero);
            Json::Object(schema)
        }
        _ => Json::Object(schema),
    }
}
