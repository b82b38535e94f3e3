//! JSON patch (RFC 6902).

use mizzen_schema::decode::{Decoded, Options};
use mizzen_schema::value::{Map, Value};

use super::PatchError;
use crate::field::quote;
use crate::tree;

/// The most operations in one patch.
const OPERATIONS_MAX: usize = 10_000;
/// The most that `copy` operations of one patch may add, in bytes of JSON.
const COPY_GROWTH_MAX: usize = 3 * 1024 * 1024;

/// Applies `patch` (its JSON or YAML text) to `object`; complaints are those of reading the result (strict only).
pub fn json_patch(object: &Value, patch: &[u8], options: &Options) -> Result<Decoded, PatchError> {
    super::finish(object, options, || {
        let mut decoded = super::read(patch, options)?;
        if options.strict {
            decoded.complaints.extend(unknown_members(&decoded.value));
            for complaint in &mut decoded.complaints {
                complaint.insert_str(0, "json patch ");
            }
        }
        let operations = operations(&decoded.value)?;
        let mut tree = tree::untype(object);
        apply(&mut tree, &operations, options.depth_max)?;
        Ok(Decoded { value: tree, complaints: decoded.complaints })
    })
}

/// Complaints about members of operations that mean nothing.
fn unknown_members(patch: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (at, operation) in patch.items().iter().enumerate() {
        let members = operation.as_map().into_iter().flat_map(Map::iter);
        for (name, _) in members.filter(|(name, _)| !matches!(*name, "op" | "path" | "from" | "value")) {
            found.push(format!("unknown field \"[{at}].{name}\""));
        }
    }
    found
}

/// One operation.
#[derive(Debug, Clone, Copy)]
enum Operation<'a> {
    Add { path: Pointer<'a>, value: &'a Value },
    Remove { path: Pointer<'a> },
    Replace { path: Pointer<'a>, value: &'a Value },
    Move { from: Pointer<'a>, path: Pointer<'a> },
    Copy { from: Pointer<'a>, path: Pointer<'a> },
    Test { path: Pointer<'a>, value: &'a Value },
}

/// A JSON pointer (RFC 6901) that is empty or starts with a slash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pointer<'a>(&'a str);

impl<'a> Pointer<'a> {
    /// The parent's steps and the last step, unescaped; `None` for the whole document.
    fn split(self) -> Option<(Vec<String>, String)> {
        let mut steps: Vec<String> = self.steps().map(unescape).collect();
        let last = steps.pop()?;
        Some((steps, last))
    }

    fn steps(self) -> impl Iterator<Item = &'a str> {
        let mut steps = self.0.split('/');
        steps.next();
        steps
    }
}

fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

fn operations(patch: &Value) -> Result<Vec<Operation<'_>>, PatchError> {
    let Value::List(items) = patch else {
        return Err(PatchError::Malformed(
            "json: cannot unmarshal object into Go value of type jsonpatch.Patch".to_owned(),
        ));
    };
    if items.len() > OPERATIONS_MAX {
        return Err(PatchError::TooLarge(format!(
            "The allowed maximum operations in a JSON patch is {OPERATIONS_MAX}, got {}",
            items.len()
        )));
    }
    items.iter().map(operation).collect()
}

fn pointer<'a>(item: &'a Value, field: &str) -> Result<Pointer<'a>, PatchError> {
    let text = item
        .get(field)
        .and_then(Value::as_str)
        .ok_or_else(|| PatchError::Inapplicable(format!("JSON patch operation lacks {}", quote(field))))?;
    if !text.is_empty() && !text.starts_with('/') {
        let text = quote(text);
        return Err(PatchError::Inapplicable(format!("JSON patch {field} {text} must start with '/'")));
    }
    Ok(Pointer(text))
}

fn operation(item: &Value) -> Result<Operation<'_>, PatchError> {
    let op = item.get("op").and_then(Value::as_str).unwrap_or_default();
    let path = pointer(item, "path")?;
    let value = || {
        let lacks =
            || PatchError::Inapplicable(format!("JSON patch operation {} lacks \"value\"", quote(op)));
        item.get("value").ok_or_else(lacks)
    };
    match op {
        "add" => Ok(Operation::Add { path, value: value()? }),
        "remove" => Ok(Operation::Remove { path }),
        "replace" => Ok(Operation::Replace { path, value: value()? }),
        "move" => Ok(Operation::Move { from: pointer(item, "from")?, path }),
        "copy" => Ok(Operation::Copy { from: pointer(item, "from")?, path }),
        "test" => Ok(Operation::Test { path, value: item.get("value").unwrap_or(&Value::Null) }),
        other => Err(PatchError::Inapplicable(format!("Unexpected kind: {other}"))),
    }
}

fn apply(tree: &mut Value, operations: &[Operation<'_>], depth_max: usize) -> Result<(), PatchError> {
    let mut grown = 0_usize;
    for operation in operations {
        match *operation {
            Operation::Add { path, value } => add(tree, path, value.clone(), "add", depth_max)?,
            Operation::Remove { path } => drop(remove(tree, path, "remove")?),
            Operation::Replace { path, value } => *find_to_replace(tree, path)? = value.clone(),
            Operation::Move { from, path } => {
                if path.0.len() > from.0.len() && path.0.starts_with(&format!("{}/", from.0)) {
                    let message =
                        format!("unable to move {} into its own child {}", quote(from.0), quote(path.0));
                    return Err(PatchError::Inapplicable(message));
                }
                let value = remove(tree, from, "move")?;
                add(tree, path, value, "move", depth_max)?;
            }
            Operation::Copy { from, path } => {
                let value = find(tree, from).ok_or_else(|| missing("copy", "from path", from))?;
                grown = grown.saturating_add(tree::size(value));
                if grown > COPY_GROWTH_MAX {
                    return Err(PatchError::TooLarge(format!(
                        "Unable to complete the copy, the accumulated size increase of copy is {grown}, exceeding \
                         the limit {COPY_GROWTH_MAX}"
                    )));
                }
                let value = value.clone();
                add(tree, path, value, "copy", depth_max)?;
            }
            Operation::Test { path, value } => {
                // A missing member equals null, as Kubernetes has it.
                if !same(find(tree, path).unwrap_or(&Value::Null), value) {
                    return Err(PatchError::Inapplicable(format!(
                        "testing value {} failed: test failed",
                        path.0
                    )));
                }
            }
        }
    }
    Ok(())
}

/// Equality by value: numbers of either kind, whole or not.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Int(whole), Value::Float(other)) | (Value::Float(other), Value::Int(whole)) => {
            *whole as f64 == *other
        }
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|((ka, va), (kb, vb))| ka == kb && same(va, vb))
        }
        (a, b) => a == b,
    }
}

fn missing(operation: &str, what: &str, path: Pointer<'_>) -> PatchError {
    PatchError::Inapplicable(format!(
        "{operation} operation does not apply: doc is missing {what}: {}: missing value",
        path.0
    ))
}

fn failed(operation: &str, path: Pointer<'_>, why: &str) -> PatchError {
    PatchError::Inapplicable(format!("error in {operation} for path: '{}': {why}", path.0))
}

/// An index as RFC 6901 writes it: no sign, no leading zeros.
fn index(step: &str) -> Option<usize> {
    let plain = step == "0" || (!step.starts_with('0') && step.bytes().all(|byte| byte.is_ascii_digit()));
    if plain { step.parse().ok() } else { None }
}

fn member<'a>(value: &'a Value, step: &str) -> Option<&'a Value> {
    match value {
        Value::Map(map) => map.get(step),
        Value::List(items) => items.get(index(step)?),
        _ => None,
    }
}

fn member_mut<'a>(value: &'a mut Value, step: &str) -> Option<&'a mut Value> {
    match value {
        Value::Map(map) => map.get_mut(step),
        Value::List(items) => items.get_mut(index(step)?),
        _ => None,
    }
}

fn find<'a>(tree: &'a Value, path: Pointer<'_>) -> Option<&'a Value> {
    path.steps().try_fold(tree, |value, step| member(value, &unescape(step)))
}

fn find_to_replace<'a>(tree: &'a mut Value, path: Pointer<'_>) -> Result<&'a mut Value, PatchError> {
    let Some((parents, last)) = path.split() else {
        return Ok(tree);
    };
    let parent = parents
        .iter()
        .try_fold(tree, |value, step| member_mut(value, step))
        .filter(|parent| matches!(parent, Value::Map(_) | Value::List(_)))
        .ok_or_else(|| missing("replace", "path", path))?;
    member_mut(parent, &last).ok_or_else(|| missing("replace", "key", path))
}

fn add(
    tree: &mut Value,
    path: Pointer<'_>,
    value: Value,
    operation: &str,
    depth_max: usize,
) -> Result<(), PatchError> {
    let Some((parents, last)) = path.split() else {
        *tree = value;
        return Ok(());
    };
    // Repeated moves and copies could nest deeper than any decoder accepts.
    if parents.len() >= depth_max || parents.len() + depth(&value) > depth_max {
        return Err(PatchError::TooLarge("too deep or too large".to_owned()));
    }
    match parents.iter().try_fold(tree, |value, step| member_mut(value, step)) {
        Some(Value::Map(map)) => {
            map.insert(last, value);
            Ok(())
        }
        Some(Value::List(items)) => {
            let at = if last == "-" { Some(items.len()) } else { index(&last) };
            match at.filter(|at| *at <= items.len()) {
                Some(at) => {
                    items.insert(at, value);
                    Ok(())
                }
                None => Err(failed(operation, path, &bad_index(&last))),
            }
        }
        _ => Err(missing(operation, "path", path)),
    }
}

fn bad_index(step: &str) -> String {
    match index(step) {
        Some(at) => format!("Unable to access invalid index: {at}: invalid index referenced"),
        None => format!("value was not a proper array index: {}", quote(step)),
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Map(map) => 1 + map.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        _ => 0,
    }
}

fn remove(tree: &mut Value, path: Pointer<'_>, operation: &str) -> Result<Value, PatchError> {
    let what = if operation == "move" { "from path" } else { "path" };
    let Some((parents, last)) = path.split() else {
        return Ok(std::mem::replace(tree, Value::Map(Map::new())));
    };
    match parents.iter().try_fold(tree, |value, step| member_mut(value, step)) {
        Some(Value::Map(map)) => map.remove(&last).ok_or_else(|| {
            failed(operation, path, &format!("Unable to remove nonexistent key: {last}: missing value"))
        }),
        Some(Value::List(items)) => match index(&last).filter(|at| *at < items.len()) {
            Some(at) => Ok(items.remove(at)),
            None => Err(failed(operation, path, &bad_index(&last))),
        },
        _ => Err(missing(operation, what, path)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{json, tree, trees};
    use super::*;

    fn patched(document: &str, patch: &str) -> Result<Value, PatchError> {
        let mut document = tree(document);
        let patch = tree(patch);
        apply(&mut document, &operations(&patch)?, 100)?;
        Ok(document)
    }

    #[test]
    fn operations_apply() {
        let check = |document: &str, patch: &str, expect: &str| {
            let found = patched(document, patch).unwrap_or_else(|error| panic!("{patch}: {error}"));
            assert_eq!(found, tree(expect), "{patch} gave {}", json(&found));
        };
        check(r#"{"a":1}"#, r#"[{"op":"add","path":"/b","value":2}]"#, r#"{"a":1,"b":2}"#);
        check(r#"{"a":[1,2]}"#, r#"[{"op":"add","path":"/a/1","value":9}]"#, r#"{"a":[1,9,2]}"#);
        check(r#"{"a":[1]}"#, r#"[{"op":"add","path":"/a/-","value":9}]"#, r#"{"a":[1,9]}"#);
        check(r#"{"a":1,"b":2}"#, r#"[{"op":"remove","path":"/a"}]"#, r#"{"b":2}"#);
        check(r#"{"a":[1,2]}"#, r#"[{"op":"remove","path":"/a/0"}]"#, r#"{"a":[2]}"#);
        check(r#"{"a":1}"#, r#"[{"op":"replace","path":"/a","value":{"b":1}}]"#, r#"{"a":{"b":1}}"#);
        check(r#"{"a":{"b":1}}"#, r#"[{"op":"move","from":"/a/b","path":"/c"}]"#, r#"{"a":{},"c":1}"#);
        check(
            r#"{"a":{"b":1}}"#,
            r#"[{"op":"copy","from":"/a","path":"/c"}]"#,
            r#"{"a":{"b":1},"c":{"b":1}}"#,
        );
        check(
            r#"{"a/b":1,"m~n":2}"#,
            r#"[{"op":"test","path":"/a~1b","value":1},{"op":"remove","path":"/m~0n"}]"#,
            r#"{"a/b":1}"#,
        );
        check(r#"{"a":1}"#, r#"[{"op":"replace","path":"","value":{"z":0}}]"#, r#"{"z":0}"#);
        check(r#"{"a":1}"#, r#"[{"op":"test","path":"/a","value":1.0}]"#, r#"{"a":1}"#);
    }

    #[test]
    fn failures_name_what_is_missing() {
        let check = |document: &str, patch: &str, expect: PatchError| {
            assert_eq!(patched(document, patch), Err(expect), "{patch}");
        };
        let no = |text: &str| PatchError::Inapplicable(text.to_owned());
        check(
            "{}",
            r#"[{"op":"remove","path":"/a"}]"#,
            no("error in remove for path: '/a': Unable to remove nonexistent key: a: missing value"),
        );
        check(
            "{}",
            r#"[{"op":"remove","path":"/a/b"}]"#,
            no("remove operation does not apply: doc is missing path: /a/b: missing value"),
        );
        check(
            "{}",
            r#"[{"op":"replace","path":"/a","value":1}]"#,
            no("replace operation does not apply: doc is missing key: /a: missing value"),
        );
        check(
            "{}",
            r#"[{"op":"add","path":"/a/b","value":1}]"#,
            no("add operation does not apply: doc is missing path: /a/b: missing value"),
        );
        check(
            r#"{"a":[]}"#,
            r#"[{"op":"add","path":"/a/1","value":1}]"#,
            no("error in add for path: '/a/1': Unable to access invalid index: 1: invalid index referenced"),
        );
        check(
            r#"{"a":1}"#,
            r#"[{"op":"test","path":"/a","value":2}]"#,
            no("testing value /a failed: test failed"),
        );
        check(
            r#"{"a":{}}"#,
            r#"[{"op":"move","from":"/a","path":"/a/b"}]"#,
            no(r#"unable to move "/a" into its own child "/a/b""#),
        );
        check("{}", r#"[{"op":"frob","path":"/a"}]"#, no("Unexpected kind: frob"));
    }

    #[test]
    fn growth_is_bounded() {
        let large = "x".repeat(1_000_000);
        let copies = r#"{"op":"copy","from":"/a","path":"/b"},"#.repeat(4);
        let patch = format!("[{}]", copies.trim_end_matches(','));
        let found = patched(&format!(r#"{{"a":"{large}"}}"#), &patch);
        assert!(matches!(found, Err(PatchError::TooLarge(_))), "{found:?}");
        let many = r#"{"op":"test","path":"/a"},"#.repeat(OPERATIONS_MAX + 1);
        let found = patched("{}", &format!("[{}]", many.trim_end_matches(',')));
        assert_eq!(
            found,
            Err(PatchError::TooLarge(
                "The allowed maximum operations in a JSON patch is 10000, got 10001".to_owned()
            ))
        );
    }

    proptest! {
        #[test]
        fn adding_then_removing_changes_nothing(document in trees(), value in trees()) {
            let before = Value::Map([(Box::from("x"), document)].into_iter().collect());
            let mut after = before.clone();
            add(&mut after, Pointer("/new"), value, "add", 100).expect("an object takes a member");
            remove(&mut after, Pointer("/new"), "remove").expect("it is there");
            prop_assert_eq!(before, after);
        }
    }
}
