//! Free JSON of clients: merge patch, and bounds on size and nesting.

use std::{collections::HashSet, fmt, io};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{
    Map, Value,
    value::{RawValue, to_raw_value},
};

use crate::error::FieldErrors;

/// Maximum nesting depth of free JSON. Parsers accept 127 levels; the log and responses wrap free JSON in a few more.
pub const NESTING_MAX: usize = 100;

/// Default bound on the free fields of one resource, in bytes of JSON text.
pub const FREE_FIELDS_MAX: usize = 64 << 10;

/// Applies a merge patch (RFC 7396). `null` removes a member, an object is merged into the existing one, any other
/// value replaces it. Members keep their order; new members are appended. The cost is linear in the size of target and
/// patch.
///
/// ```
/// use docket_domain::json::merge_patch;
/// use serde_json::json;
///
/// let object = |value: serde_json::Value| value.as_object().cloned().unwrap();
/// let merged = merge_patch(object(json!({"a": 1, "b": 2})), object(json!({"b": null, "c": 3})));
/// assert_eq!(merged, object(json!({"a": 1, "c": 3})));
/// ```
#[must_use]
pub fn merge_patch(mut target: Map<String, Value>, patch: Map<String, Value>) -> Map<String, Value> {
    let removed = patch.iter().filter(|(_, change)| change.is_null()).map(|(name, _)| name.as_str());
    let removed = removed.collect::<HashSet<_>>();
    if !removed.is_empty() {
        // One pass: each single removal would move all later members.
        target.retain(|name, _| !removed.contains(name.as_str()));
    }
    patch.into_iter().fold(target, |mut merged, (name, change)| {
        match change {
            Value::Null => {}
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

/// Free fields of a case: a JSON object, stored as text. Most callers pass the text on; [`FreeFields::to_map`] parses
/// it.
#[derive(Clone)]
pub struct FreeFields(Box<RawValue>);

impl FreeFields {
    /// The fields from their stored text. `None` if the text is not a JSON object.
    #[must_use]
    pub fn from_text(text: String) -> Option<Self> {
        // Validates the text without building a tree.
        RawValue::from_string(text).ok().filter(|raw| raw.get().starts_with('{')).map(Self)
    }

    /// JSON text of the object.
    #[must_use]
    pub fn as_text(&self) -> &str {
        self.0.get()
    }

    /// The fields by name. Parses the text on every call.
    #[must_use]
    pub fn to_map(&self) -> Map<String, Value> {
        // The text is always a valid object.
        serde_json::from_str(self.as_text()).unwrap_or_default()
    }
}

impl From<Map<String, Value>> for FreeFields {
    fn from(map: Map<String, Value>) -> Self {
        // Serializing a map with string keys cannot fail.
        to_raw_value(&map).map_or_else(|_| Self::default(), Self)
    }
}

impl Default for FreeFields {
    fn default() -> Self {
        Self(to_raw_value(&Map::new()).unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }
}

impl fmt::Debug for FreeFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_text())
    }
}

/// Compares the objects: the order of members and white space do not matter.
impl PartialEq for FreeFields {
    fn eq(&self, other: &Self) -> bool {
        self.as_text() == other.as_text() || self.to_map() == other.to_map()
    }
}

impl Serialize for FreeFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Reads a map first: a raw value cannot be deserialized from every format or inside a tagged enum.
impl<'de> Deserialize<'de> for FreeFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self::from)
    }
}

/// Reports free JSON that is larger than `max` bytes or nested deeper than [`NESTING_MAX`].
pub fn check_free(field: &str, free: &impl FreeJson, max: usize, faults: &mut FieldErrors) {
    if byte_length(free) > max {
        faults.add(field, format!("must have at most {max} bytes as JSON"));
    }
    if free.is_deeper(NESTING_MAX) {
        faults.add(field, format!("must be nested at most {NESTING_MAX} levels deep"));
    }
}

/// Free JSON: an object or any other value.
pub trait FreeJson: Serialize {
    /// Whether containers are nested deeper than this many levels. The outermost container is level 1.
    fn is_deeper(&self, levels: usize) -> bool;
}

impl FreeJson for Map<String, Value> {
    fn is_deeper(&self, levels: usize) -> bool {
        is_nested_deeper(self, levels)
    }
}

impl FreeJson for FreeFields {
    fn is_deeper(&self, levels: usize) -> bool {
        is_nested_deeper(&self.to_map(), levels)
    }
}

impl FreeJson for Value {
    fn is_deeper(&self, levels: usize) -> bool {
        value_is_deeper(self, levels)
    }
}

impl FreeJson for Vec<Value> {
    fn is_deeper(&self, levels: usize) -> bool {
        levels == 0 || self.iter().any(|item| value_is_deeper(item, levels - 1))
    }
}

/// Length of the JSON text, counted without building it.
fn byte_length(free: &impl Serialize) -> usize {
    let mut counter = Counter(0);
    match serde_json::to_writer(&mut counter, free) {
        Ok(()) => counter.0,
        // Domain values always serialize; anything else counts as too long.
        Err(_) => usize::MAX,
    }
}

struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether containers are nested deeper than this many levels. The object itself is level 1.
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

    #[test]
    fn free_fields_keep_their_text() {
        let text = r#"{"b": 1.50, "a": [1e3, {"x": "\u00e9"}]}"#;
        let fields = FreeFields::from_text(text.to_owned()).unwrap();
        assert_eq!((fields.as_text(), serde_json::to_string(&fields).unwrap()), (text, text.to_owned()));
        assert_eq!(fields, FreeFields::from(fields.to_map()));
        let read = serde_json::from_str::<FreeFields>(r#"{"a":[1e3,{"x":"é"}],"b":1.50}"#).unwrap();
        assert_eq!(read, fields);
        assert_eq!(serde_json::to_value(&fields).unwrap(), Value::Object(fields.to_map()));
        for other in ["", "[]", "null", "{", r#"{"a":1}}"#] {
            assert!(FreeFields::from_text(other.to_owned()).is_none(), "{other}");
        }
        assert_eq!(FreeFields::default().as_text(), "{}");
    }

    /// The rows of RFC 7396, appendix A, in which target and patch are objects, and one more.
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
        // Few names, so that target and patch share members.
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

    /// The algorithm of RFC 7396, section 2.
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
        fn merging_agrees_with_the_algorithm_of_the_rfc(target in json_object(), patch in json_object()) {
            let expected = oracle(Value::Object(target.clone()), Value::Object(patch.clone()));
            prop_assert_eq!(Value::Object(merge_patch(target, patch)), expected);
        }

        #[test]
        fn merging_is_idempotent(target in json_object(), patch in json_object()) {
            let once = merge_patch(target, patch.clone());
            prop_assert_eq!(merge_patch(once.clone(), patch), once);
        }

        #[test]
        fn an_empty_patch_changes_nothing(target in json_object()) {
            prop_assert_eq!(merge_patch(target.clone(), Map::new()), target);
        }

        #[test]
        fn patching_an_empty_object_gives_the_patch_without_nulls(patch in json_object()) {
            let patched = Value::Object(merge_patch(Map::new(), patch.clone()));
            prop_assert_eq!(patched, without_nulls(Value::Object(patch)));
        }

        #[test]
        fn merging_nests_no_deeper_than_target_and_patch(target in json_object(), patch in json_object(), levels in 1_usize..6) {
            let parts_fit = !is_nested_deeper(&target, levels) && !is_nested_deeper(&patch, levels);
            let merged = merge_patch(target, patch);
            prop_assert!(!parts_fit || !is_nested_deeper(&merged, levels));
        }
    }
}
