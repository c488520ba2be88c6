//! Completes the schemas of a document, for the programs that generate clients from it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::words::{Words, add_words};

const SCHEMAS: &str = "#/components/schemas/";

/// Completes the schemas of a document.
pub(super) fn complete(document: &mut Value, vocabularies: &[Words]) {
    share(document);
    if let Some(schemas) = document.pointer_mut("/components/schemas") {
        add_words(schemas, vocabularies);
    }
    walk(document, &mut open_free_objects);
    walk(document, &mut list_words);
    mark_binary_content(document);
    require_what_is_always_sent(document);
}

/// Visits every part of a document, the innermost ones first.
fn walk(part: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    match part {
        Value::Object(fields) => {
            // The values of an example are not schemas.
            let parts =
                fields.iter_mut().filter(|(name, _)| !["example", "examples", "default"].contains(&name.as_str()));
            parts.for_each(|(_, part)| walk(part, visit));
            visit(fields);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// An object without named fields has fields of any name: generators take it for an empty one otherwise.
fn open_free_objects(schema: &mut Map<String, Value>) {
    if is_of(schema, "object") && !["properties", "additionalProperties"].iter().any(|key| schema.contains_key(*key)) {
        schema.insert("additionalProperties".to_owned(), json!(true));
    }
}

fn is_of(schema: &Map<String, Value>, wanted: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(kind)) => kind == wanted,
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == wanted),
        _ => false,
    }
}

/// A pattern of alternative words is a list of words.
fn list_words(schema: &mut Map<String, Value>) {
    let pattern = schema.get("pattern").and_then(Value::as_str);
    let words = pattern.and_then(|pattern| pattern.strip_prefix("^(")?.strip_suffix(")$")).map(str::to_owned);
    let is_word = |word: &str| word.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
    if let Some(words) = words.filter(|words| words.split('|').all(is_word)) {
        schema.shift_remove("pattern");
        schema.insert("enum".to_owned(), words.split('|').collect());
    }
}

/// Content without a media type of its own is bytes, not text.
fn mark_binary_content(document: &mut Value) {
    walk(document, &mut |content| {
        let bytes = content.get_mut("application/octet-stream").and_then(|media| media.get_mut("schema"));
        if let Some(schema) = bytes.and_then(Value::as_object_mut).filter(|schema| is_of(schema, "string")) {
            schema.insert("format".to_owned(), json!("binary"));
        }
    });
}

/// A nullable field of a response is always present: a field that may be missing is never `null`.
fn require_what_is_always_sent(document: &mut Value) {
    let sent = of_requests(document);
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    for (_, schema) in schemas.iter_mut().filter(|(name, _)| !sent.contains(*name)) {
        walk(schema, &mut |schema| {
            let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            let nullable = properties.filter(|(_, field)| is_nullable(field)).map(|(name, _)| name.clone());
            let nullable = nullable.collect::<Vec<_>>();
            if nullable.is_empty() {
                return;
            }
            let required = schema.entry("required").or_insert_with(|| json!([]));
            let Some(required) = required.as_array_mut() else { return };
            for name in nullable {
                if !required.iter().any(|known| *known == name) {
                    required.push(name.into());
                }
            }
        });
    }
}

fn is_nullable(field: &Value) -> bool {
    let null = json!("null");
    let kinds = field.get("type").and_then(Value::as_array);
    let choices = field.get("oneOf").and_then(Value::as_array);
    kinds.is_some_and(|kinds| kinds.contains(&null))
        || choices.is_some_and(|choices| choices.iter().any(|choice| choice.get("type") == Some(&null)))
}

/// Names of the schemas that requests refer to, directly or through others.
fn of_requests(document: &Value) -> BTreeSet<String> {
    let operations = document["paths"].as_object().into_iter().flat_map(Map::values).filter_map(Value::as_object);
    let bodies = operations.flat_map(Map::values).filter_map(|operation| operation.get("requestBody"));
    let mut found = BTreeSet::new();
    let mut open = bodies.flat_map(references).collect::<Vec<_>>();
    while let Some(name) = open.pop() {
        let schema = document.pointer(&format!("/components/schemas/{name}"));
        if let Some(schema) = schema.filter(|_| !found.contains(&name)) {
            open.extend(references(schema));
            found.insert(name);
        }
    }
    found
}

/// Names of the schemas that a part refers to.
fn references(part: &Value) -> Vec<String> {
    match part {
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix(SCHEMAS));
            own.map(str::to_owned).into_iter().chain(fields.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// Replaces copies of a named schema by references to it.
fn share(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
    let shared = schemas.iter().filter(|(_, schema)| schema.get("properties").is_some()).collect::<Vec<_>>();
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    for (_, schema) in schemas.iter_mut() {
        for part in schema.as_object_mut().into_iter().flat_map(Map::values_mut) {
            walk(part, &mut |copy| {
                let original = shared.iter().find(|(_, schema)| is_copy(copy, schema));
                if let Some((name, _)) = original {
                    *copy = Map::from_iter([("$ref".to_owned(), json!(format!("{SCHEMAS}{name}")))]);
                }
            });
        }
    }
}

/// Whether a schema is a copy of another, whatever its description and example.
fn is_copy(copy: &Map<String, Value>, schema: &Value) -> bool {
    copy.get("properties").is_some_and(|properties| Some(properties) == schema.get("properties"))
        && copy.get("required") == schema.get("required")
}
