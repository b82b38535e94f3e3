//! Joins what the two crates say of each type.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, bail, ensure};

use super::model::{
    ApiField, ApiType, Doc, Field, Form, Key, Kind, Message, MessageField, Presence, Shape, Type, normal,
};
use super::overrides;

type Api = BTreeMap<Key, ApiType>;
type Messages = BTreeMap<Key, Message>;

/// Every type of the tables, by place.
pub(crate) fn join(api: &Api, messages: &Messages) -> anyhow::Result<Vec<Type>> {
    let kinds = kinds(api);
    let mut exceptions = overrides::presence()?;
    let mut enums = overrides::enums()?;
    let mut todo: BTreeSet<Key> = api.keys().cloned().collect();
    todo.extend(kinds.keys().cloned());
    todo.extend(overrides::EXTRA_TYPES.iter().map(|(module, name)| Key::new(*module, *name)));
    let mut types = BTreeMap::new();
    while let Some(key) = todo.pop_first() {
        let mut joined =
            one(&key, api, messages, &kinds).with_context(|| format!("{}::{}", key.module, key.name))?;
        let own = key.clone();
        for field in &mut joined.fields {
            let place = (joined.definition.clone(), field.json.clone());
            if let Some(presence) = exceptions.remove(&place) {
                field.presence = presence;
            }
            field.one_of = enums.remove(&place).unwrap_or_default();
            let mut shape = &field.shape;
            while let Shape::List(element) | Shape::Map(element) = shape {
                shape = element;
            }
            if let Shape::Struct(key) = shape
                && *key != own
                && !types.contains_key(key)
            {
                todo.insert(key.clone());
            }
        }
        types.insert(key, joined);
    }
    ensure!(exceptions.is_empty(), "presence.tsv names what does not exist: {exceptions:?}");
    ensure!(enums.is_empty(), "enums.tsv names what does not exist: {enums:?}");
    Ok(types.into_values().collect())
}

/// The kinds of each type: its own, those of its lists, and those of the override table.
fn kinds(api: &Api) -> BTreeMap<Key, Vec<Kind>> {
    let mut kinds: BTreeMap<Key, Vec<Kind>> = BTreeMap::new();
    let mut versions = BTreeSet::new();
    for (key, ty) in api {
        let Some(kind) = &ty.kind else { continue };
        versions.insert((kind.group.clone(), kind.version.clone()));
        kinds.entry(key.clone()).or_default().push(kind.clone());
        if let Some(list) = &ty.list_kind {
            let list_kind = Kind { kind: list.clone(), ..kind.clone() };
            kinds.insert(Key::new(&*key.module, list), vec![list_kind]);
        }
    }
    for (module, name, ..) in overrides::EXTRA_KINDS {
        let key = Key::new(*module, *name);
        let kind = overrides::extra_kind(&key).into_iter().collect();
        kinds.insert(key, kind);
    }
    let other = overrides::OTHER_VERSIONS.iter();
    versions.extend(other.map(|(group, version)| ((*group).to_owned(), (*version).to_owned())));
    for name in overrides::EVERYWHERE {
        let all = versions.iter().map(|(group, version)| Kind {
            group: group.clone(),
            version: version.clone(),
            kind: (*name).to_owned(),
        });
        kinds.insert(Key::new(overrides::META, *name), all.collect());
    }
    kinds
}

fn one(key: &Key, api: &Api, messages: &Messages, kinds: &BTreeMap<Key, Vec<Kind>>) -> anyhow::Result<Type> {
    let ty = api.get(key);
    let message = messages.get(key);
    let mut fields = Vec::new();
    match (ty, message) {
        (Some(ty), Some(message)) => {
            let mut names: BTreeMap<_, _> =
                ty.json.iter().map(|(json, name)| (name.clone(), (json.as_str(), name.as_str()))).collect();
            names.extend(ty.json.iter().map(|(json, name)| (normal(json), (json.as_str(), name.as_str()))));
            let seen = Known { ty, names, messages, key };
            seen.walk(&message.fields, &[], &mut fields)?;
            seen.complete(&fields)?;
        }
        (Some(ty), None) => {
            let names: BTreeMap<_, _> = ty.json.iter().map(|(json, name)| (name, json)).collect();
            for field in &ty.fields {
                let json =
                    names.get(&field.name).with_context(|| format!("no JSON name of {}", field.name))?;
                fields.push(joined(key, json, 0, &[], field.shape.clone(), Some(field), &Doc::default()));
            }
            if let Some(order) = overrides::order(&ty.definition) {
                fields.sort_by_key(|field| order.iter().position(|json| *json == field.json));
            }
        }
        (None, Some(message)) => {
            for field in &message.fields {
                let (shape, form) = unwrapped(&field.shape, messages);
                let json = json_name(&field.name);
                let mut joined = joined(key, &json, field.tag, &[], shape, None, &field.doc);
                joined.form = form;
                fields.push(joined);
            }
        }
        (None, None) => bail!("neither crate has it"),
    }
    let has_kind = kinds.contains_key(key) && key.name != "WatchEvent"
        || ty.is_some_and(|ty| ty.json.contains_key("kind") && ty.json.contains_key("apiVersion"));
    // Where both are fields of the message, they are data (an owner reference's), not the object's header.
    if has_kind && !fields.iter().any(|field| field.json == "apiVersion" && field.tag != 0) {
        fields.retain(|field| field.json != "kind" && field.json != "apiVersion");
        for (at, json) in ["kind", "apiVersion"].into_iter().enumerate() {
            fields.insert(at, joined(key, json, 0, &[], Shape::String, None, &Doc::default()));
        }
    }
    // An object's parts are no pointers.
    for field in
        fields.iter_mut().filter(|field| has_kind && matches!(field.json.as_str(), "spec" | "status"))
    {
        if let Shape::Struct(_) = field.shape {
            field.presence = Presence::Always;
        }
    }
    let api_doc = ty.map(|ty| ty.doc.clone());
    Ok(Type {
        key: key.clone(),
        definition: ty.map_or_else(|| definition(key), |ty| ty.definition.clone()),
        doc: api_doc.or_else(|| message.map(|message| message.doc.text.clone())).unwrap_or_default(),
        atomic: message.is_some_and(|message| message.doc.marker("structType") == Some("atomic")),
        kinds: kinds.get(key).cloned().unwrap_or_default(),
        fields,
    })
}

/// A type that both crates have.
struct Known<'a> {
    key: &'a Key,
    ty: &'a ApiType,
    /// Normal form to JSON name and k8s-openapi's name.
    names: BTreeMap<String, (&'a str, &'a str)>,
    messages: &'a Messages,
}

impl Known<'_> {
    /// Fields of `message`; a message that the type has no field for is inlined in JSON.
    fn walk(&self, message: &[MessageField], within: &[u32], fields: &mut Vec<Field>) -> anyhow::Result<()> {
        for field in message {
            if let Some((json, name)) = self.names.get(&normal(&field.name)) {
                let api = self.ty.fields.iter().find(|api| api.name == *name);
                let (shape, form) = unwrapped(&field.shape, self.messages);
                self.agree(api, &shape, form, json)?;
                let mut joined = joined(self.key, json, field.tag, within, shape, api, &field.doc);
                joined.form = form;
                fields.push(joined);
                continue;
            }
            let inner = match &field.shape {
                Shape::Struct(key) => self.messages.get(key),
                _ => None,
            };
            let inner = inner.with_context(|| format!("{} is neither a field nor inlined", field.name))?;
            let mut within = within.to_vec();
            within.push(field.tag);
            self.walk(&inner.fields, &within, fields)?;
        }
        Ok(())
    }

    /// Both crates must mean the same shape.
    fn agree(&self, api: Option<&ApiField>, shape: &Shape, form: Form, json: &str) -> anyhow::Result<()> {
        let Some(api) = api else { return Ok(()) };
        let plain = api.shape == *shape || form != Form::Plain;
        // OpenAPI calls a duration a string.
        let duration = *shape == Shape::Duration && api.shape == Shape::String;
        ensure!(plain || duration, "{json}: {:?} or {shape:?}", api.shape);
        Ok(())
    }

    fn complete(&self, fields: &[Field]) -> anyhow::Result<()> {
        for json in self.ty.json.keys() {
            let header = json == "kind" || json == "apiVersion";
            ensure!(header || fields.iter().any(|field| field.json == *json), "protobuf has no {json}");
        }
        Ok(())
    }
}

/// A message's shape as JSON has it, and what protobuf makes of it.
fn unwrapped(shape: &Shape, messages: &Messages) -> (Shape, Form) {
    match shape {
        Shape::List(element) => {
            let (element, form) = unwrapped(element, messages);
            (Shape::List(Box::new(element)), form)
        }
        Shape::Map(element) => {
            let (element, form) = unwrapped(element, messages);
            (Shape::Map(Box::new(element)), form)
        }
        Shape::Struct(key) => {
            if let Some(form) = overrides::form(shape) {
                return (Shape::Any, form);
            }
            let fields = messages.get(key).map_or(&[][..], |message| &message.fields);
            let strings = Shape::List(Box::new(Shape::String));
            match fields {
                [only] if only.name == "items" && only.shape == strings => (strings, Form::Items),
                _ => (shape.clone(), Form::Plain),
            }
        }
        _ => (shape.clone(), Form::Plain),
    }
}

fn joined(
    key: &Key,
    json: &str,
    tag: u32,
    within: &[u32],
    mut shape: Shape,
    api: Option<&ApiField>,
    doc: &Doc,
) -> Field {
    if overrides::is_object(key, json) {
        shape = match shape {
            Shape::List(_) => Shape::List(Box::new(Shape::Object)),
            _ => Shape::Object,
        };
    }
    // Every struct of k8s-openapi has its metadata, required or not.
    let meta = matches!(&shape, Shape::Struct(key) if key.name == "ObjectMeta" || key.name == "ListMeta");
    let defaulted = ["optional", "default"].iter().all(|name| doc.marker(name).is_some())
        && doc.marker("required").is_none();
    let marked = api.map_or_else(
        || doc.marker("required").is_some() || (json == "items" && key.name.ends_with("List")),
        // With a default, k8s-openapi takes the optional for required.
        |api| !(api.optional || defaulted),
    );
    let required = overrides::is_required(key, json) || (!meta && marked);
    Field {
        json: json.to_owned(),
        tag,
        within: within.to_vec(),
        form: Form::Plain,
        presence: if meta { Presence::Always } else { rule(&shape, required) },
        shape,
        required,
        doc: api.map_or_else(|| doc.text.clone(), |api| api.doc.clone()),
        one_of: Vec::new(),
        markers: doc.clone(),
    }
}

/// When a field is written, as most fields of its sort are; `presence.tsv` has the others.
fn rule(shape: &Shape, required: bool) -> Presence {
    match (shape, required) {
        (Shape::List(_) | Shape::Map(_) | Shape::Bytes, true) => Presence::Null,
        (_, true) => Presence::Always,
        (Shape::String | Shape::List(_) | Shape::Map(_) | Shape::Bytes, false) => Presence::NonZero,
        (_, false) => Presence::Given,
    }
}

/// The JSON name of a field that no crate gives: camel case.
fn json_name(name: &str) -> String {
    let mut json = String::new();
    for word in name.trim_start_matches("r#").split('_') {
        let mut rest = word.chars();
        match (json.is_empty(), overrides::json_word(word), rest.next()) {
            (false, Some(capitals), _) => json.push_str(capitals),
            (false, None, Some(first)) => {
                json.push(first.to_ascii_uppercase());
                json.push_str(rest.as_str());
            }
            _ => json.push_str(word),
        }
    }
    json
}

/// The OpenAPI name of a type that OpenAPI leaves out.
fn definition(key: &Key) -> String {
    format!("io.k8s.{}.{}", key.module.replace("::", ".").replace('_', "-"), key.name)
}
