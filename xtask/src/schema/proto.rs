//! Reads k8s-pb's sources: messages as prost made them of Kubernetes' .proto files, comments and all.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use syn::{Fields, GenericArgument, Item, PathArguments};

use super::model::{Doc, Key, Message, MessageField, Shape, normal};

/// Every message, by place.
pub(crate) fn read(root: &Path) -> anyhow::Result<BTreeMap<Key, Message>> {
    let mut messages = BTreeMap::new();
    folder(root, &[], &mut messages)?;
    Ok(messages)
}

fn folder(path: &Path, module: &[String], messages: &mut BTreeMap<Key, Message>) -> anyhow::Result<()> {
    for entry in fs::read_dir(path).with_context(|| format!("read {}", path.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            let mut inner = module.to_vec();
            inner.push(name);
            folder(&path, &inner, messages)?;
        } else if name == "mod.rs" {
            file(&path, module, messages).with_context(|| format!("in {}", path.display()))?;
        }
    }
    Ok(())
}

fn file(path: &Path, module: &[String], messages: &mut BTreeMap<Key, Message>) -> anyhow::Result<()> {
    for item in syn::parse_file(&fs::read_to_string(path)?)?.items {
        let Item::Struct(item) = item else { continue };
        let mut list = Vec::new();
        if let Fields::Named(fields) = &item.fields {
            for field in &fields.named {
                let name = field.ident.as_ref().context("named fields have names")?.to_string();
                let (ints, tag) = prost_attribute(&field.attrs).with_context(|| name.clone())?;
                let shape = shape_of(&field.ty, module, &ints).with_context(|| name.clone())?;
                list.push(MessageField { name, tag, shape, doc: doc_of(&field.attrs) });
            }
        }
        let message = Message { doc: doc_of(&item.attrs), fields: list };
        messages.insert(Key::new(module.join("::"), item.ident.to_string()), message);
    }
    Ok(())
}

/// `#[prost(string, optional, tag = "1")]`: the text before the tag, and the tag.
fn prost_attribute(attributes: &[syn::Attribute]) -> anyhow::Result<(String, u32)> {
    for attribute in attributes {
        let syn::Meta::List(list) = &attribute.meta else { continue };
        if !list.path.is_ident("prost") {
            continue;
        }
        let text = list.tokens.to_string();
        let (form, tag) = text.rsplit_once("tag = \"").context("no tag")?;
        return Ok((form.to_owned(), tag.trim_end_matches('"').parse()?));
    }
    bail!("no prost attribute")
}

fn doc_of(attributes: &[syn::Attribute]) -> Doc {
    let mut doc = Doc::default();
    let mut lines: Vec<String> = Vec::new();
    for attribute in attributes {
        let syn::Meta::NameValue(pair) = &attribute.meta else { continue };
        let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &pair.value else { continue };
        if !pair.path.is_ident("doc") {
            continue;
        }
        let text = text.value();
        let line = text.trim();
        if let Some(marker) = line.strip_prefix('+') {
            let (name, value) = marker.split_once('=').unwrap_or((marker, ""));
            doc.markers.push((name.to_owned(), value.to_owned()));
        } else {
            lines.push(without_links(line));
        }
    }
    // Lines of a paragraph run on; an empty line parts paragraphs.
    for line in lines {
        match (line.is_empty(), doc.text.is_empty() || doc.text.ends_with('\n')) {
            (true, true) => {}
            (true, false) => doc.text.push_str("\n\n"),
            (false, true) => doc.text.push_str(&line),
            (false, false) => {
                doc.text.push(' ');
                doc.text.push_str(&line);
            }
        }
    }
    doc.text.truncate(doc.text.trim_end().len());
    doc
}

/// prost makes links of addresses: `<https://…>`.
fn without_links(line: &str) -> String {
    let mut text = line.to_owned();
    while let Some(start) = text.find("<http") {
        let Some(len) = text[start..].find('>') else { break };
        text.remove(start + len);
        text.remove(start);
    }
    text
}

fn shape_of(ty: &syn::Type, module: &[String], form: &str) -> anyhow::Result<Shape> {
    let syn::Type::Path(path) = ty else { bail!("not a path") };
    let last = path.path.segments.last().context("an empty path")?;
    let argument = |at: usize| -> anyhow::Result<&syn::Type> {
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { bail!("no arguments") };
        match arguments.args.iter().nth(at) {
            Some(GenericArgument::Type(ty)) => Ok(ty),
            _ => bail!("no argument {at}"),
        }
    };
    Ok(match last.ident.to_string().as_str() {
        "Option" | "Box" => shape_of(argument(0)?, module, form)?,
        // Bytes are a vector of u8.
        "Vec" if form.starts_with("bytes") => Shape::Bytes,
        "Vec" if matches!(argument(0)?, syn::Type::Path(path) if path.path.is_ident("u8")) => Shape::Bytes,
        "Vec" => Shape::List(Box::new(shape_of(argument(0)?, module, form)?)),
        "BTreeMap" => Shape::Map(Box::new(shape_of(argument(1)?, module, form)?)),
        "String" => Shape::String,
        "bool" => Shape::Bool,
        "i32" => Shape::Int32,
        "i64" => Shape::Int64,
        "f64" => Shape::Double,
        name => {
            // `super::super::x::y::Name`, from this module.
            let mut place = module.to_vec();
            for segment in path.path.segments.iter().take(path.path.segments.len() - 1) {
                match segment.ident.to_string().as_str() {
                    "super" => {
                        place.pop().context("super of the root")?;
                    }
                    inner => place.push(inner.to_owned()),
                }
            }
            super::overrides::special(name).unwrap_or_else(|| Shape::Struct(Key::new(place.join("::"), name)))
        }
    })
}

/// Gives messages the names that k8s-openapi has for them: prost writes some acronyms in another case.
pub(crate) fn rename<'a>(messages: &mut BTreeMap<Key, Message>, names: impl Iterator<Item = &'a Key>) {
    let names: BTreeMap<Key, &Key> = names.map(|key| (folded(key), key)).collect();
    for (key, mut message) in std::mem::take(messages) {
        for field in &mut message.fields {
            rename_shape(&mut field.shape, &names);
        }
        let key = names.get(&folded(&key)).map_or(key, |key| (*key).clone());
        messages.insert(key, message);
    }
}

fn rename_shape(shape: &mut Shape, names: &BTreeMap<Key, &Key>) {
    match shape {
        Shape::List(element) | Shape::Map(element) => rename_shape(element, names),
        Shape::Struct(key) => {
            if let Some(name) = names.get(&folded(key)) {
                *key = (*name).clone();
            }
        }
        _ => {}
    }
}

fn folded(key: &Key) -> Key {
    Key::new(&*key.module, normal(&key.name))
}
