//! JSON merge patch (RFC 7386).

use mizzen_schema::decode::{Decoded, Options};
use mizzen_schema::value::{Map, Value};

use super::PatchError;
use crate::tree;

/// Applies `patch` (its JSON or YAML text) to `object`; complaints are those of reading the result (strict only).
pub fn merge_patch(object: &Value, patch: &[u8], options: &Options) -> Result<Decoded, PatchError> {
    super::finish(object, options, || {
        let decoded = super::read(patch, options)?;
        let Value::Map(patch) = decoded.value else {
            return Err(PatchError::Malformed("Invalid JSON Patch".to_owned()));
        };
        let mut tree = tree::untype(object);
        merge(&mut tree, patch);
        Ok(Decoded { value: tree, complaints: decoded.complaints })
    })
}

/// Members of `patch` replace those of `target`: nulls remove, maps merge.
pub(super) fn merge(target: &mut Value, patch: Map) {
    if !matches!(target, Value::Map(_)) {
        *target = Value::Map(Map::new());
    }
    let Value::Map(target) = target else { return };
    for (key, value) in patch {
        match value {
            Value::Null => {
                target.remove(&key);
            }
            Value::Map(inner) => match target.get_mut(&key) {
                Some(existing) => merge(existing, inner),
                None => {
                    let mut fresh = Value::Map(Map::new());
                    merge(&mut fresh, inner);
                    target.insert(key, fresh);
                }
            },
            value => {
                target.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{json, tree, trees};
    use super::*;

    /// The RFC's examples that have an object as their patch.
    #[test]
    fn examples_of_the_rfc() {
        let check = |target: &str, patch: &str, expect: &str| {
            let mut target = tree(target);
            let Value::Map(patch) = tree(patch) else { panic!("a patch is a map") };
            merge(&mut target, patch);
            assert_eq!(target, tree(expect), "{}", json(&target));
        };
        check(r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#);
        check(r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#);
        check(r#"{"a":"b"}"#, r#"{"a":null}"#, "{}");
        check(r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#);
        check(r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#);
        check(r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#);
        check(r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#);
        check(r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#);
        check(r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#);
        check("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#);
        check("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#);
    }

    proptest! {
        #[test]
        fn merging_twice_is_merging_once(target in trees(), patch in trees()) {
            let patch: Map = [(Box::from("x"), patch)].into_iter().collect();
            let mut once = target;
            merge(&mut once, patch.clone());
            let mut twice = once.clone();
            merge(&mut twice, patch);
            prop_assert_eq!(once, twice);
        }
    }
}
