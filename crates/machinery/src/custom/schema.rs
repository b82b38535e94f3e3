//! Values against schemas, in the words of Kubernetes' OpenAPI validation.
//!
//! Bounded by the depth of value and schema, which decoding has bounded. With an old value beside the new one, what is
//! wrong in a place that did not change is not said (KEP-4008): elements of lists correspond by their keys.

use mizzen_schema::structural::Schema;
use mizzen_schema::value::Value;

use super::{formats, is_object, members, regex};
use crate::field::{FieldError, Path, Reason, quote};

/// What is wrong with `value`, which stands at `path` (empty for an object's root).
pub(crate) fn check(path: &str, schema: &Schema, value: &Value, old: Option<&Value>) -> Vec<FieldError> {
    let checker = Checker { root: path };
    checker.ratcheted("", schema, value, old).errors
}

struct Checker<'a> {
    /// Where the value stands that is checked; paths in messages begin below.
    root: &'a str,
}

/// What a schema says to a value, and how much of it fits: of several alternatives the best is told.
#[derive(Default)]
struct Outcome {
    errors: Vec<FieldError>,
    fits: usize,
}

impl Outcome {
    fn merge(&mut self, other: Self) {
        self.fits += other.fits;
        for error in other.errors {
            self.push(error);
        }
    }

    fn push(&mut self, error: FieldError) {
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }
}

impl Checker<'_> {
    /// A value and all in it, without what was wrong before.
    fn ratcheted(&self, path: &str, schema: &Schema, value: &Value, old: Option<&Value>) -> Outcome {
        let mut outcome = self.plain(path, schema, value, old);
        if !outcome.errors.is_empty() && old.is_some_and(|old| old == value) {
            outcome.errors.clear();
        }
        outcome
    }

    fn plain(&self, path: &str, schema: &Schema, value: &Value, old: Option<&Value>) -> Outcome {
        let mut outcome = Outcome::default();
        self.ty(path, schema, value, &mut outcome);
        if *value != Value::Null {
            self.junctors(path, schema, value, old, &mut outcome);
            match value {
                Value::String(text) => self.string(path, schema, text, &mut outcome),
                Value::Int(_) | Value::Float(_) => self.number(path, schema, value, &mut outcome),
                Value::List(items) => self.list(path, schema, items, old, &mut outcome),
                _ => {}
            }
        }
        self.allowed(path, schema, value, &mut outcome);
        if is_object(value) {
            self.object(path, schema, value, old, &mut outcome);
        }
        outcome.fits += 1;
        outcome
    }

    /// An error about the value at `path`.
    fn error(&self, path: &str, reason: Reason, shown: &str, detail: &str) -> FieldError {
        let place = self.place(path);
        let mut message = String::from(reason.words());
        if !shown.is_empty() {
            message.push_str(": ");
            message.push_str(shown);
        }
        if !detail.is_empty() {
            message.push_str(": ");
            message.push_str(detail);
        }
        FieldError { path: place, reason, message }
    }

    fn place(&self, path: &str) -> String {
        let path = path.strip_prefix('.').unwrap_or(path);
        match (self.root.is_empty(), path.is_empty()) {
            (true, true) => "<nil>".to_owned(),
            (true, false) => path.to_owned(),
            (false, true) => self.root.to_owned(),
            (false, false) => format!("{}.{path}", self.root),
        }
    }

    fn invalid(&self, path: &str, value: &Value, words: &str) -> FieldError {
        let place = self.place(path);
        FieldError::invalid(&Path::new(&place), value, format!("{path} in body {words}"))
    }

    /// An error about the whole, whose path is in its words.
    fn whole(&self, words: &str) -> FieldError {
        self.error("", Reason::Invalid, "\"\"", words)
    }

    fn ty(&self, path: &str, schema: &Schema, value: &Value, outcome: &mut Outcome) {
        let wanted = types(schema);
        let format = formats::of(schema);
        if wanted.is_empty() && format.is_empty() {
            return;
        }
        let (found, own_format) = match value {
            Value::Null => ("null", ""),
            Value::Bool(_) => ("boolean", ""),
            Value::Int(_) => ("integer", "int64"),
            Value::Float(_) => ("number", "float64"),
            Value::String(_) => ("string", ""),
            Value::List(_) => ("array", ""),
            Value::Map(_) | Value::Struct(_) => ("object", ""),
        };
        let fails = |name: &str, found: &str| {
            let detail = format!("{path} in body must be of type {name}: {}", quote(found));
            self.error(path, Reason::TypeInvalid, &quote(found), &detail)
        };
        if *value == Value::Null {
            if !wanted.is_empty() && !schema.nullable {
                outcome.push(fails(&wanted.join(","), found));
            } else {
                outcome.fits += 1;
            }
            return;
        }
        let whole = matches!(value, Value::Float(number) if number.fract() == 0.0);
        let fits = wanted.contains(&found)
            || (whole && wanted.contains(&"integer"))
            || (found == "integer" && wanted.contains(&"number"));
        let texts = matches!(value, Value::String(_) | Value::List(_));
        if !texts && !format.is_empty() && !fits && own_format != format {
            outcome.push(fails(format, own_format));
        } else if wanted.is_empty() || fits {
            outcome.fits += 1;
        } else {
            outcome.push(fails(&wanted.join(","), found));
        }
    }

    fn junctors(
        &self,
        path: &str,
        schema: &Schema,
        value: &Value,
        old: Option<&Value>,
        outcome: &mut Outcome,
    ) {
        if !schema.any_of.is_empty() {
            let (valid, best) = self.alternatives(path, &schema.any_of, value, old);
            if valid == 0 {
                outcome
                    .push(self.whole(&format!("{} must validate at least one schema (anyOf)", quote(path))));
            }
            outcome.merge(best);
        }
        if !schema.one_of.is_empty() {
            let (valid, best) = self.alternatives(path, &schema.one_of, value, old);
            if valid != 1 {
                let found = match valid {
                    0 => "Found none valid".to_owned(),
                    valid => format!("Found {valid} valid alternatives"),
                };
                let words = format!("{} must validate one and only one schema (oneOf). {found}", quote(path));
                outcome.push(self.whole(&words));
            }
            outcome.merge(best);
        }
        if !schema.all_of.is_empty() {
            let results: Vec<Outcome> =
                schema.all_of.iter().map(|one| self.plain(path, one, value, old)).collect();
            let valid = results.iter().filter(|result| result.errors.is_empty()).count();
            let all = results.len();
            results.into_iter().for_each(|result| outcome.merge(result));
            if valid != all {
                let none = if valid == 0 { ". None validated" } else { "" };
                let words = format!("{} must validate all the schemas (allOf){none}", quote(path));
                outcome.push(self.whole(&words));
            }
        }
        if let Some(not) = &schema.not
            && self.plain(path, not, value, old).errors.is_empty()
        {
            outcome.push(self.whole(&format!("{} must not validate the schema (not)", quote(path))));
        }
    }

    /// How many alternatives hold, and the first of them, or the one that came nearest.
    fn alternatives(
        &self,
        path: &str,
        schemas: &[Schema],
        value: &Value,
        old: Option<&Value>,
    ) -> (usize, Outcome) {
        let mut valid = 0;
        let mut best: Option<Outcome> = None;
        for schema in schemas {
            let outcome = self.plain(path, schema, value, old);
            let holds = outcome.errors.is_empty();
            let better = match &best {
                None => true,
                Some(_) if holds => valid == 0,
                Some(best) => valid == 0 && outcome.fits > best.fits,
            };
            valid += usize::from(holds);
            if better {
                best = Some(outcome);
            }
        }
        (valid, best.unwrap_or_default())
    }

    fn string(&self, path: &str, schema: &Schema, text: &str, outcome: &mut Outcome) {
        let value = Value::string(text);
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        if let Some(max) = schema.max_length.filter(|max| length > *max) {
            let max = usize::try_from(max).unwrap_or_default();
            outcome.push(FieldError::too_long(&Path::new(&self.place(path)), max));
        } else if let Some(min) = schema.min_length.filter(|min| length < *min) {
            outcome.push(self.invalid(path, &value, &format!("should be at least {min} chars long")));
        } else if !schema.pattern.is_empty() {
            match regex::compile(&schema.pattern) {
                Ok(regex) if regex.is_match(text) => {}
                Ok(_) => {
                    outcome.push(self.invalid(path, &value, &format!("should match '{}'", schema.pattern)));
                }
                Err(why) => {
                    let words = format!("should match '{}, but pattern is invalid: {why}'", schema.pattern);
                    outcome.push(self.invalid(path, &value, &words));
                }
            }
        }
        let format = formats::of(schema);
        if !format.is_empty() && !formats::fits(format, text) {
            let detail = format!("{path} in body must be of type {format}: {}", quote(text));
            outcome.push(self.error(path, Reason::TypeInvalid, &quote(text), &detail));
        }
        outcome.fits += 1;
    }

    fn number(&self, path: &str, schema: &Schema, value: &Value, outcome: &mut Outcome) {
        let (int, float) = match value {
            #[expect(clippy::cast_precision_loss, reason = "bounds are floating-point numbers")]
            Value::Int(number) => (Some(*number), *number as f64),
            Value::Float(number) => (None, *number),
            _ => return,
        };
        let narrow = match (&*schema.ty, &*schema.format) {
            ("integer", "int32") => {
                int.is_none_or(|number| i32::try_from(number).is_err()) && {
                    float < f64::from(i32::MIN) || float > f64::from(i32::MAX)
                }
            }
            ("number", "float") => float.abs() > f64::from(f32::MAX),
            _ => false,
        };
        if narrow {
            let (ty, format) = (&schema.ty, &schema.format);
            let words = format!("Checked value must be of type {ty} with format {format} in {path}");
            outcome.push(self.whole(&words));
        }
        if let Some(factor) = schema.multiple_of {
            if factor <= 0.0 {
                let words =
                    format!("factor MultipleOf declared for {path} must be positive: {}", show(factor));
                let place = self.place(path);
                outcome.push(FieldError::invalid(&Path::new(&place), value, words));
            } else if !is_multiple(int, float, factor) {
                outcome.push(self.invalid(path, value, &format!("should be a multiple of {}", show(factor))));
            }
        }
        if let Some(max) = schema.maximum {
            let (limit, shown) = bound(int, max);
            if float > limit || (schema.exclusive_maximum && float == limit) {
                let words = if schema.exclusive_maximum { "less than" } else { "less than or equal to" };
                outcome.push(self.invalid(path, value, &format!("should be {words} {shown}")));
            }
        }
        if let Some(min) = schema.minimum {
            let (limit, shown) = bound(int, min);
            if float < limit || (schema.exclusive_minimum && float == limit) {
                let words =
                    if schema.exclusive_minimum { "greater than" } else { "greater than or equal to" };
                outcome.push(self.invalid(path, value, &format!("should be {words} {shown}")));
            }
        }
        outcome.fits += 1;
    }

    fn list(&self, path: &str, schema: &Schema, items: &[Value], old: Option<&Value>, outcome: &mut Outcome) {
        if let Some(inner) = &schema.items {
            for (at, item) in items.iter().enumerate() {
                let old = old.and_then(|old| counterpart(schema, item, old));
                outcome.merge(self.ratcheted(&format!("{path}[{at}]"), inner, item, old));
            }
        }
        let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
        if let Some(min) = schema.min_items.filter(|min| count < *min) {
            let words = format!("should have at least {min} items");
            outcome.push(self.invalid(path, &Value::Int(count), &words));
        }
        if let Some(max) = schema.max_items.filter(|max| count > *max) {
            let max = usize::try_from(max).unwrap_or_default();
            outcome.push(FieldError::too_many(&Path::new(&self.place(path)), items.len(), max));
        }
        if schema.unique_items && items.iter().enumerate().any(|(at, item)| items[..at].contains(item)) {
            outcome.push(self.invalid(path, &Value::string(""), "shouldn't contain duplicates"));
        }
        outcome.fits += 1;
    }

    fn allowed(&self, path: &str, schema: &Schema, value: &Value, outcome: &mut Outcome) {
        let Some(allowed) = schema.allowed.as_ref().filter(|allowed| !allowed.is_empty()) else { return };
        if allowed.iter().any(|one| same(one, value)) {
            outcome.fits += 1;
            return;
        }
        let texts = allowed.iter().map(|one| match one {
            Value::String(text) => text.to_string(),
            other => crate::field::Shown::Tree(other).to_string(),
        });
        let texts: Vec<String> = texts.collect();
        let place = self.place(path);
        outcome.push(FieldError::not_supported(&Path::new(&place), value, &texts));
    }

    fn object(&self, path: &str, schema: &Schema, value: &Value, old: Option<&Value>, outcome: &mut Outcome) {
        let members = members(value);
        let count = i64::try_from(members.len()).unwrap_or(i64::MAX);
        if let Some(min) = schema.min_properties.filter(|min| count < *min) {
            let words = format!("should have at least {min} properties");
            outcome.push(self.invalid(path, &Value::Int(count), &words));
        }
        if let Some(max) = schema.max_properties.filter(|max| count > *max) {
            let max = usize::try_from(max).unwrap_or_default();
            outcome.push(FieldError::too_many(&Path::new(&self.place(path)), members.len(), max));
        }
        let closed = matches!(schema.additional, mizzen_schema::structural::Additional::Allowed(false));
        for (name, member) in members {
            let header = path.is_empty() && self.root.is_empty() && matches!(name, "kind" | "apiVersion");
            let old = old.filter(|_| !header).and_then(|old| old.get(name));
            match (schema.properties.get(name), schema.additional.schema()) {
                (Some(inner), _) => {
                    let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                    outcome.merge(self.ratcheted(&path, inner, member, old));
                }
                (None, Some(inner)) => {
                    outcome.merge(self.ratcheted(&format!("{path}.{name}"), inner, member, old));
                }
                (None, None) if closed => {
                    let words = format!("{path}.{name} in body is a forbidden property");
                    let place = self.place(path);
                    outcome.push(FieldError::invalid(&Path::new(&place), name, words));
                }
                (None, None) => {}
            }
        }
        for name in &schema.required {
            if value.get(name).is_none() {
                outcome.push(self.error(&format!("{path}.{name}"), Reason::Required, "", ""));
            }
        }
        outcome.fits += 1;
    }
}

/// The types that a value may have.
fn types(schema: &Schema) -> Vec<&str> {
    match (schema.int_or_string, &*schema.ty) {
        (true, _) => vec!["integer", "string"],
        (false, "") => Vec::new(),
        (false, ty) => vec![ty],
    }
}

/// A bound as a number of the value's kind.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "as Kubernetes compares")]
fn bound(int: Option<i64>, bound: f64) -> (f64, String) {
    match int {
        Some(_) => {
            let whole = bound as i64;
            (whole as f64, whole.to_string())
        }
        None => (bound, show(bound)),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "as Kubernetes compares")]
fn is_multiple(int: Option<i64>, float: f64, factor: f64) -> bool {
    if let (Some(number), true) = (int, factor.fract() == 0.0 && factor.abs() < 9e18) {
        return number.checked_rem(factor as i64) == Some(0);
    }
    let quotient = if factor < 1.0 { 1.0 / factor * float } else { float / factor };
    (quotient - quotient.round()).abs() < 1e-9
}

fn show(number: f64) -> String {
    let mut out = Vec::new();
    mizzen_schema::json::encode(&Value::Float(number), &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Equal, numbers by their value.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        #[expect(clippy::cast_precision_loss, reason = "only small numbers are in enums")]
        (Value::Int(int), Value::Float(float)) | (Value::Float(float), Value::Int(int)) => {
            *int as f64 == *float
        }
        (Value::Struct(_), Value::Map(_)) | (Value::Map(_), Value::Struct(_)) => {
            let (a, b) = (members(a), members(b));
            a.len() == b.len()
                && a.iter().zip(&b).all(|((name, one), (own, other))| name == own && same(one, other))
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(one, other)| same(one, other))
        }
        (Value::Null, _) | (_, Value::Null) => false,
        _ => a == b,
    }
}

/// The old element with the same keys, of a list that is a map.
fn counterpart<'o>(schema: &Schema, item: &Value, old: &'o Value) -> Option<&'o Value> {
    if &*schema.list_type != "map" {
        return None;
    }
    let keys = |value: &Value| -> Vec<Option<Value>> {
        schema.list_map_keys.iter().map(|key| value.get(key).cloned()).collect()
    };
    let wanted = keys(item);
    old.items().iter().find(|old| keys(old) == wanted)
}
