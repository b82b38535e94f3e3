//! Constructors for the static tables, short enough that a table reads like one.

use std::mem::{forget, replace};

// What tables are made of, in one import.
pub(crate) use crate::table::Presence::{Always, Given, NonZero, Null};
pub(crate) use crate::table::{Element, Field, GroupVersionKind, Shape, Text, Type, TypeRef, WireForm};
pub(crate) use std::borrow::Cow::Borrowed;

use crate::table::{ListType, PatchStrategy, Presence, Wire};

const KIND_DOC: &str = "Kind is a string value representing the REST resource this object represents. Servers may infer \
    this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: \
    https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";

const API_VERSION_DOC: &str = "APIVersion defines the versioned schema of this representation of an object. Servers should \
    convert recognized schemas to the latest internal value, and may reject unrecognized values. More \
    info: \
    https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";

/// A struct shape.
pub(crate) const fn object(ty: &'static Type) -> Shape {
    Shape::Struct(TypeRef::Static(ty))
}

/// A list shape.
pub(crate) const fn list(element: &'static Shape) -> Shape {
    Shape::List(Element::Static(element))
}

/// A map shape.
pub(crate) const fn map(element: &'static Shape) -> Shape {
    Shape::Map(Element::Static(element))
}

/// A kind's name.
pub(crate) const fn gvk(group: &'static str, version: &'static str, kind: &'static str) -> GroupVersionKind {
    GroupVersionKind { group: Borrowed(group), version: Borrowed(version), kind: Borrowed(kind) }
}

/// A type; `names` is [`names`] of `fields`.
pub(crate) const fn ty(
    name: &'static str,
    doc: &'static str,
    fields: &'static [Field],
    names: &'static [(Text, u16)],
    kinds: &'static [GroupVersionKind],
) -> Type {
    Type {
        name: Borrowed(name),
        doc: Borrowed(doc),
        fields: Borrowed(fields),
        by_name: Borrowed(names),
        preserve_unknown: false,
        atomic: false,
        kinds: Borrowed(kinds),
        custom: None,
    }
}

/// The same type, one value to server-side apply.
pub(crate) const fn atomic(mut ty: Type) -> Type {
    ty.atomic = true;
    ty
}

/// The index of fields by name.
pub(crate) const fn names<const N: usize>(fields: &'static [Field; N]) -> [(Text, u16); N] {
    let mut order = [0_u16; N];
    let mut at = 0;
    while at < N {
        // Insertion sort: evaluated by the compiler, over a few dozen fields at most.
        let mut to = at;
        while to > 0 && less(name(fields, at), name(fields, order[to - 1] as usize)) {
            order[to] = order[to - 1];
            to -= 1;
        }
        order[to] = at as u16;
        at += 1;
    }
    let mut index = [const { (Borrowed(""), 0) }; N];
    at = 0;
    while at < N {
        forget(replace(&mut index[at], (Borrowed(name(fields, order[at] as usize)), order[at])));
        at += 1;
    }
    index
}

const fn name(fields: &'static [Field], at: usize) -> &'static str {
    match &fields[at].json {
        Borrowed(name) => name,
        std::borrow::Cow::Owned(_) => panic!("static tables borrow their names"),
    }
}

const fn less(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut at = 0;
    while at < left.len() && at < right.len() {
        if left[at] != right[at] {
            return left[at] < right[at];
        }
        at += 1;
    }
    left.len() < right.len()
}

/// The header's `kind`, which protobuf carries in the envelope.
pub(crate) const fn kind() -> Field {
    field("kind", 0, Shape::String, NonZero).doc(KIND_DOC)
}

/// The header's `apiVersion`.
pub(crate) const fn api_version() -> Field {
    field("apiVersion", 0, Shape::String, NonZero).doc(API_VERSION_DOC)
}

/// A field. Lists are atomic until told otherwise.
pub(crate) const fn field(json: &'static str, tag: u32, shape: Shape, presence: Presence) -> Field {
    let list_type = match &shape {
        Shape::List(_) => ListType::Atomic,
        _ => ListType::Granular,
    };
    Field {
        json: Borrowed(json),
        tag,
        shape,
        required: false,
        presence,
        doc: Borrowed(""),
        default: None,
        enum_values: Borrowed(&[]),
        list_type,
        patch: PatchStrategy { merge: false, retain_keys: false, replace: false, merge_key: Borrowed("") },
        format: Borrowed(""),
        wire: Wire::PLAIN,
    }
}

impl Field {
    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(crate) const fn doc(mut self, doc: &'static str) -> Self {
        forget(replace(&mut self.doc, Borrowed(doc)));
        self
    }

    pub(crate) const fn default(mut self, json: &'static str) -> Self {
        forget(self.default.replace(Borrowed(json)));
        self
    }

    pub(crate) const fn one_of(mut self, values: &'static [Text]) -> Self {
        forget(replace(&mut self.enum_values, Borrowed(values)));
        self
    }

    pub(crate) const fn set(mut self) -> Self {
        forget(replace(&mut self.list_type, ListType::Set));
        self
    }

    pub(crate) const fn keyed(mut self, keys: &'static [Text]) -> Self {
        forget(replace(&mut self.list_type, ListType::Map(Borrowed(keys))));
        self
    }

    pub(crate) const fn whole(mut self) -> Self {
        forget(replace(&mut self.list_type, ListType::Atomic));
        self
    }

    pub(crate) const fn merge(mut self, key: &'static str) -> Self {
        self.patch.merge = true;
        forget(replace(&mut self.patch.merge_key, Borrowed(key)));
        self
    }

    pub(crate) const fn retain_keys(mut self) -> Self {
        self.patch.retain_keys = true;
        self
    }

    pub(crate) const fn replace(mut self) -> Self {
        self.patch.replace = true;
        self
    }

    pub(crate) const fn within(mut self, tags: &'static [u32]) -> Self {
        self.wire.within = tags;
        self
    }

    pub(crate) const fn form(mut self, form: WireForm) -> Self {
        self.wire.form = form;
        self
    }
}
