//! Tables of custom resources: the columns that their definition asks for.

use jiff::Timestamp;
use mizzen_schema::value::Value;

use super::cell::ago;
use super::{JsonPath, list_meta, new, row_of};
use crate::tables::{Column, IncludeObject, ListMeta};

/// What metadata's fields are, as Kubernetes' own documentation of them begins.
const NAME_DOC: &str = "Name must be unique within a namespace. Is required when creating resources, although some \
    resources may allow a client to request the generation of an appropriate name automatically. Name is primarily \
    intended for creation idempotence and configuration definition. Cannot be updated. More info: \
    https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";
const AGE_DOC: &str = "CreationTimestamp is a timestamp representing the server time when this object was created. It is \
    not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is \
    represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: \
    https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

/// The column of a definition that names none.
pub(crate) fn age() -> Column {
    Column {
        name: "Age".to_owned(),
        ty: "date".to_owned(),
        format: String::new(),
        description: AGE_DOC.to_owned(),
        priority: 0,
        path: JsonPath::parse(".metadata.creationTimestamp").expect("a simple path"),
    }
}

/// The table of custom resources.
pub(super) fn render(
    columns: &[Column],
    objects: &[&Value],
    now: Timestamp,
    include_object: IncludeObject,
    meta: &ListMeta,
) -> Value {
    let mut table = new("Table");
    table.set("kind", Value::string("Table"));
    table.set("apiVersion", Value::string("meta.k8s.io/v1"));
    table.set("metadata", list_meta(meta));
    let mut definitions = vec![definition("Name", "string", "name", NAME_DOC, 0)];
    definitions.extend(columns.iter().map(|column| {
        definition(&column.name, &column.ty, &column.format, &column.description, column.priority)
    }));
    table.set("columnDefinitions", Value::List(definitions));
    let rows = objects.iter().map(|object| {
        let name = Value::string(object.str_at(&["metadata", "name"]).unwrap_or_default());
        let cells = columns.iter().map(|column| cell(column, object, now));
        Value::Struct(row_of(std::iter::once(name).chain(cells).collect(), object, include_object))
    });
    table.set("rows", Value::List(rows.collect()));
    Value::Struct(table)
}

fn definition(name: &str, ty: &str, format: &str, doc: &str, priority: i32) -> Value {
    let mut definition = new("TableColumnDefinition");
    definition.set("name", Value::string(name));
    definition.set("type", Value::string(ty));
    definition.set("format", Value::string(format));
    // A column without a description says where its value is from.
    definition.set("description", Value::string(doc));
    definition.set("priority", Value::Int(priority.into()));
    Value::Struct(definition)
}

fn cell(column: &Column, object: &Value, now: Timestamp) -> Value {
    let Some(value) = column.path.first(object) else { return Value::Null };
    match (&*column.ty, value) {
        ("string", value) => Value::string(text(value)),
        ("integer", Value::Int(number)) => Value::Int(*number),
        #[expect(clippy::cast_possible_truncation, reason = "as Kubernetes prints it")]
        ("integer", Value::Float(number)) => Value::Int(*number as i64),
        ("number", Value::Int(_) | Value::Float(_)) | ("boolean", Value::Bool(_)) => value.clone(),
        ("date", Value::String(time)) => match mizzen_schema::text::parse_time(time) {
            Some(_) => Value::string(ago(time, now)),
            None => Value::string("<invalid>"),
        },
        _ => Value::Null,
    }
}

/// A value as a JSONPath template prints it: scalars plain, the rest as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Null => "<nil>".to_owned(),
        value => {
            let mut out = Vec::new();
            mizzen_schema::json::encode(value, &mut out);
            String::from_utf8_lossy(&out).into_owned()
        }
    }
}
