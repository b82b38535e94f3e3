//! Where the scale subresource finds its numbers.

use mizzen_schema::table::Shape;
use mizzen_schema::value::{Map, Struct, Value};

use crate::field::{FieldError, Path};

/// Paths of a scale subresource, as the definition writes them: `.spec.replicas`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScalePaths {
    /// The wanted number.
    pub spec_replicas: String,
    /// The present number.
    pub status_replicas: String,
    /// The text of a label selector, if there is one.
    pub label_selector: Option<String>,
}

/// The names of a simple path.
fn names(path: &str) -> Vec<&str> {
    path.strip_prefix('.').unwrap_or(path).split('.').collect()
}

impl ScalePaths {
    /// The wanted number; none where it is not set.
    pub fn spec(&self, object: &Value) -> Option<i64> {
        object.path(&names(&self.spec_replicas))?.as_i64()
    }

    /// The present number.
    pub fn status(&self, object: &Value) -> i64 {
        object.path(&names(&self.status_replicas)).and_then(Value::as_i64).unwrap_or_default()
    }

    /// The selector's text.
    pub fn selector<'a>(&self, object: &'a Value) -> &'a str {
        let path = self.label_selector.as_deref().filter(|path| !path.is_empty());
        path.and_then(|path| object.str_at(&names(path))).unwrap_or_default()
    }

    /// The names on the way to the wanted number.
    pub fn spec_names(&self) -> Vec<&str> {
        names(&self.spec_replicas)
    }

    pub(super) fn check_spec(&self, object: &Value, errors: &mut Vec<FieldError>) {
        check_number(object, &self.spec_replicas, errors);
    }

    pub(super) fn check_status(&self, object: &Value, errors: &mut Vec<FieldError>) {
        check_number(object, &self.status_replicas, errors);
        let Some(path) = self.label_selector.as_deref().filter(|path| !path.is_empty()) else { return };
        if let Some(value) = object.path(&names(path)).filter(|value| value.as_str().is_none()) {
            let detail = format!("{path} accessor error: {value:?} is of the wrong type, expected string");
            errors.push(FieldError::invalid(&Path::new(path), "", detail));
        }
    }
}

fn check_number(object: &Value, path: &str, errors: &mut Vec<FieldError>) {
    let place = Path::new(path);
    match object.path(&names(path)) {
        None => {}
        Some(Value::Int(number)) if *number < 0 => {
            errors.push(FieldError::invalid(&place, *number, "should be a non-negative integer"));
        }
        Some(Value::Int(number)) if *number > i64::from(i32::MAX) => {
            let detail = format!("should be less than or equal to {}", i32::MAX);
            errors.push(FieldError::invalid(&place, *number, detail));
        }
        Some(Value::Int(_)) => {}
        Some(_) => {
            let detail = format!("{path} accessor error: the value is of the wrong type, expected int64");
            errors.push(FieldError::invalid(&place, 0, detail));
        }
    }
}

/// Sets the wanted number, with the objects on the way to it made; false: something else is in the way.
pub fn set_replicas(object: &mut Value, path: &[&str], replicas: i64) -> bool {
    let Some((first, rest)) = path.split_first() else {
        *object = Value::Int(replicas);
        return true;
    };
    let member = match object {
        Value::Struct(fields) => match fields.ty().number(first) {
            Some(number) => {
                if fields.at(number).is_none_or(|value| *value == Value::Null) {
                    let empty = match &fields.ty().fields[usize::from(number)].shape {
                        Shape::Struct(ty) => Value::Struct(Struct::new(ty.clone())),
                        _ => Value::Map(Map::new()),
                    };
                    fields.set_at(number, empty);
                }
                fields.at_mut(number)
            }
            None if fields.ty().preserve_unknown => Some(entry(fields.unknown_mut(), first)),
            None => None,
        },
        Value::Map(map) => Some(entry(map, first)),
        _ => None,
    };
    member.is_some_and(|member| set_replicas(member, rest, replicas))
}

fn entry<'m>(map: &'m mut Map, name: &str) -> &'m mut Value {
    if map.get(name).is_none_or(|value| *value == Value::Null) {
        map.insert(name, Value::Map(Map::new()));
    }
    map.get_mut(name).expect("it was just made")
}
