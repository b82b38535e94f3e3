//! Reads k8s-openapi's sources.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use syn::{Fields, GenericArgument, Item, PathArguments};

use super::model::{ApiField, ApiType, Key, Kind, Shape, normal};

/// Every struct of one API level, by place.
pub(crate) fn read(root: &Path) -> anyhow::Result<BTreeMap<Key, ApiType>> {
    let mut types = BTreeMap::new();
    folder(root, "", &mut types)?;
    Ok(types)
}

fn folder(path: &Path, module: &str, types: &mut BTreeMap<Key, ApiType>) -> anyhow::Result<()> {
    for entry in fs::read_dir(path).with_context(|| format!("read {}", path.display()))? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            let inner = if module.is_empty() { name } else { format!("{module}::{name}") };
            folder(&path, &inner, types)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "mod" {
            file(&path, module, types).with_context(|| format!("in {}", path.display()))?;
        }
    }
    Ok(())
}

fn file(path: &Path, module: &str, types: &mut BTreeMap<Key, ApiType>) -> anyhow::Result<()> {
    let text = fs::read_to_string(path)?;
    let Some(definition) =
        text.lines().next().and_then(|line| line.strip_prefix("// Generated from definition "))
    else {
        return Ok(());
    };
    for item in syn::parse_file(&text)?.items {
        let Item::Struct(item) = item else { continue };
        let Fields::Named(fields) = &item.fields else { continue };
        if !item.generics.params.is_empty() {
            continue;
        }
        let mut list = Vec::new();
        for field in &fields.named {
            let name = field.ident.as_ref().context("named fields have names")?.to_string();
            let (shape, optional) = shape_of(&field.ty).with_context(|| name.clone())?;
            list.push(ApiField { name: normal(&name), shape, optional, doc: doc_of(&field.attrs) });
        }
        let constant = |name: &str| constant(&text, name);
        let kind = constant("KIND").map(|kind| Kind {
            group: constant("GROUP").unwrap_or_default(),
            version: constant("VERSION").unwrap_or_default(),
            kind,
        });
        let read = ApiType {
            definition: definition.to_owned(),
            doc: doc_of(&item.attrs),
            fields: list,
            json: json_names(&text),
            kind,
            list_kind: constant("LIST_KIND"),
        };
        types.insert(Key::new(module, item.ident.to_string()), read);
    }
    Ok(())
}

/// `const NAME: &'static str = "…";` of the file's `impl Resource`.
fn constant(text: &str, name: &str) -> Option<String> {
    let start = format!("    const {name}: &'static str = \"");
    let line = text.lines().find_map(|line| line.strip_prefix(&start))?;
    Some(line.trim_end_matches("\";").to_owned())
}

/// The decoder's `"json" => Field::Key_name,` lines.
fn json_names(text: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for line in text.lines() {
        let Some((json, name)) = line.trim().split_once(" => Field::Key_") else { continue };
        let (Some(json), Some(name)) = (json.strip_prefix('"'), name.strip_suffix(',')) else { continue };
        names.insert(json.trim_end_matches('"').to_owned(), normal(name));
    }
    names
}

/// The description that the doc comment was made of: the comment's escapes undone.
fn doc_of(attributes: &[syn::Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attributes {
        let syn::Meta::NameValue(pair) = &attribute.meta else { continue };
        let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &pair.value else { continue };
        if pair.path.is_ident("doc") {
            let text = text.value();
            lines.push(unescape(text.strip_prefix(' ').unwrap_or(&text)));
        }
    }
    lines.join("\n").trim_end().to_owned()
}

fn unescape(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line.chars().peekable();
    while let Some(next) = rest.next() {
        match (next, rest.peek()) {
            ('\\', Some('[' | ']' | '<' | '>' | '*' | '_' | '`' | '\\')) => text.extend(rest.next()),
            _ => text.push(next),
        }
    }
    text
}

fn shape_of(ty: &syn::Type) -> anyhow::Result<(Shape, bool)> {
    let syn::Type::Path(path) = ty else { bail!("not a path") };
    let last = path.path.segments.last().context("an empty path")?;
    let argument = |at: usize| -> anyhow::Result<&syn::Type> {
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { bail!("no arguments") };
        match arguments.args.iter().nth(at) {
            Some(GenericArgument::Type(ty)) => Ok(ty),
            _ => bail!("no argument {at}"),
        }
    };
    let plain = |shape: Shape| Ok((shape, false));
    match last.ident.to_string().as_str() {
        "Option" => Ok((shape_of(argument(0)?)?.0, true)),
        "Box" => shape_of(argument(0)?),
        "Vec" => plain(Shape::List(Box::new(shape_of(argument(0)?)?.0))),
        "BTreeMap" => plain(Shape::Map(Box::new(shape_of(argument(1)?)?.0))),
        "String" => plain(Shape::String),
        "ByteString" => plain(Shape::Bytes),
        "bool" => plain(Shape::Bool),
        "i32" => plain(Shape::Int32),
        "i64" => plain(Shape::Int64),
        "f64" => plain(Shape::Double),
        name => {
            let segments: Vec<_> =
                path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            let module = segments[1..segments.len() - 1].join("::");
            plain(super::overrides::special(name).unwrap_or_else(|| Shape::Struct(Key::new(module, name))))
        }
    }
}
