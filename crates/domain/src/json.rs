//! JSON that clients write freely: merging a patch into it, and how deep it may be nested.

use serde_json::{Map, Value};

/// The most containers within one another in free JSON: what every reader of it can take, with room for what it is
/// wrapped in, in the log and in answers.
pub const NESTING_MAX: usize = 100;

/// What a merge patch makes of an object (RFC 7396): `null` takes a member away, an object is merged into the one that is
/// there, anything else takes its place. Members keep their places, new ones come behind them.
#[must_use]
pub fn merge_patch(target: Map<String, Value>, patch: Map<String, Value>) -> Map<String, Value> {
    patch.into_iter().fold(target, |mut merged, (name, change)| {
        match change {
            Value::Null => {
                merged.shift_remove(&name);
            }
            Value::Object(change) => {
                let inner = match merged.get_mut(&name) {
                    Some(Value::Object(inner)) => std::mem::take(inner),
                    Some(_) | None => Map::new(),
                };
                merged.insert(name, Value::Object(merge_patch(inner, change)));
            }
            change @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
                merged.insert(name, change);
            }
        }
        merged
    })
}

/// Whether the members of an object are nested in more containers than that, the object itself being the first.
#[must_use]
pub fn is_nested_deeper(object: &Map<String, Value>, levels: usize) -> bool {
    levels == 0 || object.values().any(|value| value_is_deeper(value, levels - 1))
}

fn value_is_deeper(value: &Value, levels: usize) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        Value::Array(items) => levels == 0 || items.iter().any(|item| value_is_deeper(item, levels - 1)),
        Value::Object(members) => is_nested_deeper(members, levels),
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        let Value::Object(members) = value else { panic!("{value} is no object") };
        members
    }

    fn merged(target: Value, patch: Value) -> Value {
        Value::Object(merge_patch(object(target), object(patch)))
    }

    /// The rows of RFC 7396, appendix A, in which patch and target are objects or become some.
    #[test]
    fn the_examples_of_the_rfc_hold() {
        let rows = [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
            (json!({"a": "foo"}), json!({"a": {"b": 1}}), json!({"a": {"b": 1}})),
        ];
        for (target, patch, expected) in rows {
            assert_eq!(merged(target.clone(), patch.clone()), expected, "{target} + {patch}");
        }
    }

    #[test]
    fn nesting_counts_the_object_itself() {
        let nested = object(json!({"a": {"b": [1]}}));
        assert!(!is_nested_deeper(&nested, 3));
        assert!(is_nested_deeper(&nested, 2));
        assert!(is_nested_deeper(&Map::new(), 0));
        assert!(!is_nested_deeper(&Map::new(), 1));
    }

    fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![vec(inner.clone(), 0..4).prop_map(Value::from), members(inner).prop_map(Value::Object)]
        })
    }

    fn members(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
        // Few names, so that target and patch meet.
        vec(("[a-d]", inner), 0..4).prop_map(|members| members.into_iter().collect())
    }

    fn json_object() -> impl Strategy<Value = Map<String, Value>> {
        members(json_value())
    }

    fn without_nulls(value: Value) -> Value {
        let Value::Object(members) = value else { return value };
        let kept = members.into_iter().filter(|(_, value)| !value.is_null());
        Value::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect())
    }

    /// The algorithm of RFC 7396, section 2, to the letter.
    fn oracle(target: Value, patch: Value) -> Value {
        let Value::Object(patch) = patch else { return patch };
        let mut target = if target.is_object() { object(target) } else { Map::new() };
        for (name, value) in patch {
            if value.is_null() {
                target.remove(&name);
            } else {
                let present = target.remove(&name).unwrap_or(Value::Null);
                target.insert(name, oracle(present, value));
            }
        }
        Value::Object(target)
    }

    proptest! {
        #[test]
        fn merging_is_what_the_rfc_says(target in json_object(), patch in json_object()) {
            let expected = oracle(Value::Object(target.clone()), Value::Object(patch.clone()));
            prop_assert_eq!(Value::Object(merge_patch(target, patch)), expected);
        }

        #[test]
        fn merging_twice_is_merging_once(target in json_object(), patch in json_object()) {
            let once = merge_patch(target, patch.clone());
            prop_assert_eq!(merge_patch(once.clone(), patch), once);
        }

        #[test]
        fn an_empty_patch_changes_nothing(target in json_object()) {
            prop_assert_eq!(merge_patch(target.clone(), Map::new()), target);
        }

        #[test]
        fn a_patch_into_nothing_is_itself_without_nulls(patch in json_object()) {
            let patched = Value::Object(merge_patch(Map::new(), patch.clone()));
            prop_assert_eq!(patched, without_nulls(Value::Object(patch)));
        }

        #[test]
        fn merging_nests_no_deeper_than_its_parts(target in json_object(), patch in json_object(), levels in 1_usize..6) {
            let parts_fit = !is_nested_deeper(&target, levels) && !is_nested_deeper(&patch, levels);
            let merged = merge_patch(target, patch);
            prop_assert!(!parts_fit || !is_nested_deeper(&merged, levels));
        }
    }
}
