//! The types of server-side printing (`meta.k8s.io` Table), which the published crates leave out.

use crate::build::*;
use crate::generated::meta_v1::LIST_META;

/// `io.k8s.apimachinery.pkg.apis.meta.v1.Table`.
pub(crate) static TABLE: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 0, object(&LIST_META), Always),
        field("columnDefinitions", 0, list(&Shape::Struct(TypeRef::Static(&TABLE_COLUMN_DEFINITION))), Null)
            .required()
            .doc("What each cell of a row means, in order."),
        field("rows", 0, list(&Shape::Struct(TypeRef::Static(&TABLE_ROW))), Null)
            .required()
            .doc("One row for each object."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 2] =
        [gvk("meta.k8s.io", "v1", "Table"), gvk("meta.k8s.io", "v1beta1", "Table")];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.Table",
        "Objects as rows of cells, made by the server for people to read.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.TableColumnDefinition`.
pub(crate) static TABLE_COLUMN_DEFINITION: Type = {
    static FIELDS: [Field; 5] = [
        field("name", 0, Shape::String, Always).required().doc("What heads the column."),
        field("type", 0, Shape::String, Always)
            .required()
            .doc("An OpenAPI type: string, integer, number, boolean."),
        field("format", 0, Shape::String, Always)
            .required()
            .doc("An OpenAPI format; `name` marks the name's column."),
        field("description", 0, Shape::String, Always).required().doc("What the column shows."),
        field("priority", 0, Shape::Int32, Always).required().doc("Above 0: shown only where there is room."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.TableColumnDefinition",
        "A column of a table.",
        &FIELDS,
        &NAMES,
        &[],
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.TableRow`.
pub(crate) static TABLE_ROW: Type = {
    static FIELDS: [Field; 3] = [
        field("cells", 0, list(&Shape::Any), Null)
            .required()
            .doc("A value for each column: strings, numbers, booleans, lists, maps or null."),
        field("conditions", 0, list(&Shape::Struct(TypeRef::Static(&TABLE_ROW_CONDITION))), NonZero)
            .doc("What else is to be known of the row."),
        field("object", 0, Shape::Object, Always)
            .doc("The object: whole, only its metadata, or none, as asked for."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    ty("io.k8s.apimachinery.pkg.apis.meta.v1.TableRow", "A row of a table.", &FIELDS, &NAMES, &[])
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.TableRowCondition`.
pub(crate) static TABLE_ROW_CONDITION: Type = {
    static FIELDS: [Field; 4] = [
        field("type", 0, Shape::String, Always).required().doc("`Completed`: the object has run to its end."),
        field("status", 0, Shape::String, Always).required().doc("True, False or Unknown."),
        field("reason", 0, Shape::String, NonZero).doc("Why, for machines."),
        field("message", 0, Shape::String, NonZero).doc("Why, for people."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.TableRowCondition",
        "Something that holds of a row.",
        &FIELDS,
        &NAMES,
        &[],
    )
};

/// All of them, sorted by name.
pub(crate) static TYPES: [&Type; 4] = [&TABLE, &TABLE_COLUMN_DEFINITION, &TABLE_ROW, &TABLE_ROW_CONDITION];
