//! Server-side tables: objects as rows of cells (`meta.k8s.io/v1` Table), for `kubectl get`.
//!
//! A kind's [`Printer`] is a list of columns and a function from an object to its cells; kinds without one show
//! name and creation time. One file a group of kinds; [`cell`] has what they share.

mod access;
mod batch;
mod cell;
mod cluster;
mod core;
mod custom;
mod extend;
mod flow;
mod json_path;
mod network;
mod node;
mod pod;
mod resources;
mod scale;
mod storage;
mod workloads;

use jiff::Timestamp;
use mizzen_schema::builtin;
use mizzen_schema::table::{GroupVersionKind, TypeRef};
use mizzen_schema::value::{Struct, Value};

use cell::Row;

pub(crate) use custom::age as custom_age;
pub use json_path::JsonPath;

use crate::tables::{self, IncludeObject, ListMeta, Tables};

/// The tables of built-in kinds, and the default one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Printers;

impl Tables for Printers {
    fn render(
        &self,
        gvk: &GroupVersionKind,
        columns: Option<&[tables::Column]>,
        objects: &[&Value],
        now: Timestamp,
        include_object: IncludeObject,
        meta: &ListMeta,
    ) -> Value {
        if let Some(columns) = columns {
            return custom::render(columns, objects, now, include_object, meta);
        }
        render(gvk, objects, now, include_object, meta)
    }
}

/// One column.
#[derive(Debug)]
struct Column {
    name: &'static str,
    /// `string`, `integer`, `boolean`, `date`.
    ty: &'static str,
    /// Above 0: shown only by wide output.
    priority: i32,
    doc: &'static str,
}

/// How a kind prints.
struct Printer {
    columns: &'static [Column],
    cells: fn(&Row<'_>) -> Vec<Value>,
}

const fn column(name: &'static str, ty: &'static str, priority: i32, doc: &'static str) -> Column {
    Column { name, ty, priority, doc }
}

/// A column of text.
const fn text(name: &'static str, doc: &'static str) -> Column {
    column(name, "string", 0, doc)
}

/// A column of whole numbers.
const fn integer(name: &'static str, doc: &'static str) -> Column {
    column(name, "integer", 0, doc)
}

/// A column of text, shown by wide output.
const fn wide(name: &'static str, doc: &'static str) -> Column {
    column(name, "string", 1, doc)
}

const NAME: Column = text("Name", "The name of the object, unique within its namespace.");
const AGE: Column = text("Age", "How long ago the object was created.");

/// Kinds without columns of their own.
static DEFAULT: Printer = Printer {
    columns: &[NAME, column("Created At", "date", 0, "When the object was created.")],
    cells: |row| vec![row.name(), row.text(&["metadata", "creationTimestamp"])],
};
static STATUS: Printer = Printer {
    columns: &[
        text("Status", "Success or Failure."),
        text("Reason", "Why, in one word."),
        text("Message", "Why, for people."),
    ],
    cells: |row| vec![row.text(&["status"]), row.text(&["reason"]), row.text(&["message"])],
};

fn printer(gvk: &GroupVersionKind) -> &'static Printer {
    let (group, kind) = (gvk.group.as_ref(), gvk.kind.as_ref());
    let found = match group {
        "" if kind == "Pod" => Some(&pod::POD),
        "" if kind == "Status" => Some(&STATUS),
        "" if kind == "Node" => Some(&node::NODE),
        "" => core::printer(kind).or_else(|| storage::core(kind)).or_else(|| workloads::core(kind)),
        "apps" => workloads::apps(kind),
        "batch" => batch::printer(kind),
        "autoscaling" => scale::printer(kind),
        "events.k8s.io" => core::printer(kind),
        "networking.k8s.io" => network::networking(kind),
        "discovery.k8s.io" => network::discovery(kind),
        "storage.k8s.io" => storage::storage(kind),
        "rbac.authorization.k8s.io" | "certificates.k8s.io" => access::printer(kind),
        "admissionregistration.k8s.io" | "apiregistration.k8s.io" => extend::printer(kind),
        "flowcontrol.apiserver.k8s.io" => flow::printer(kind),
        "resource.k8s.io" => resources::printer(kind),
        "policy"
        | "coordination.k8s.io"
        | "scheduling.k8s.io"
        | "node.k8s.io"
        | "internal.apiserver.k8s.io"
        | "storagemigration.k8s.io" => cluster::printer(kind),
        _ => None,
    };
    found.unwrap_or(&DEFAULT)
}

/// The table of objects of one kind, as a tree with its own kind and version.
pub fn render(
    gvk: &GroupVersionKind,
    objects: &[&Value],
    now: Timestamp,
    include_object: IncludeObject,
    meta: &ListMeta,
) -> Value {
    let printer = printer(gvk);
    let mut table = new("Table");
    table.set("kind", Value::string("Table"));
    table.set("apiVersion", Value::string("meta.k8s.io/v1"));
    table.set("metadata", list_meta(meta));
    table.set("columnDefinitions", Value::List(printer.columns.iter().map(definition).collect()));
    let mut rows: Vec<&Value> = objects.to_vec();
    if gvk.kind == "FlowSchema" {
        // The order in which the server tries them.
        rows.sort_by_key(|object| {
            let precedence = object.path(&["spec", "matchingPrecedence"]).and_then(Value::as_i64);
            (precedence, object.str_at(&["metadata", "name"]).map(str::to_owned))
        });
    }
    let rows = rows.into_iter().map(|object| row(printer, gvk, object, now, include_object));
    table.set("rows", Value::List(rows.collect()));
    Value::Struct(table)
}

fn new(name: &str) -> Struct {
    let name = format!("io.k8s.apimachinery.pkg.apis.meta.v1.{name}");
    Struct::new(TypeRef::Static(
        builtin::by_name(&name).expect("the types of tables are in the table of types"),
    ))
}

fn list_meta(meta: &ListMeta) -> Value {
    let mut list = new("ListMeta");
    list.set("resourceVersion", Value::string(&*meta.resource_version));
    list.set("continue", Value::string(&*meta.continue_token));
    if let Some(count) = meta.remaining_item_count {
        list.set("remainingItemCount", Value::Int(count));
    }
    Value::Struct(list)
}

fn definition(column: &Column) -> Value {
    let mut definition = new("TableColumnDefinition");
    let format = match (column.name, column.ty) {
        ("Name", _) => "name",
        ("Created At", _) => "date",
        _ => "",
    };
    // Creation times of built-in kinds are strings in the form of a date.
    let ty = if column.name == "Created At" { "string" } else { column.ty };
    definition.set("name", Value::string(column.name));
    definition.set("type", Value::string(ty));
    definition.set("format", Value::string(format));
    definition.set("description", Value::string(column.doc));
    definition.set("priority", Value::Int(column.priority.into()));
    Value::Struct(definition)
}

fn row(
    printer: &Printer,
    gvk: &GroupVersionKind,
    object: &Value,
    now: Timestamp,
    include_object: IncludeObject,
) -> Value {
    let mut row = row_of((printer.cells)(&Row { object, now }), object, include_object);
    if gvk.group.is_empty() && gvk.kind == "Pod" {
        row.set("conditions", pod::conditions(object));
    }
    Value::Struct(row)
}

/// A row of cells, with what goes with it of its object.
fn row_of(cells: Vec<Value>, object: &Value, include_object: IncludeObject) -> Struct {
    let mut row = new("TableRow");
    row.set("cells", Value::List(cells));
    match include_object {
        IncludeObject::None => {}
        IncludeObject::Object => {
            row.set("object", object.clone());
        }
        IncludeObject::Metadata => {
            let mut partial = new("PartialObjectMetadata");
            partial.set("kind", Value::string("PartialObjectMetadata"));
            partial.set("apiVersion", Value::string("meta.k8s.io/v1"));
            if let Some(meta) = object.get("metadata") {
                partial.set("metadata", meta.clone());
            }
            row.set("object", Value::Struct(partial));
        }
    }
    row
}

#[cfg(test)]
mod tests;
