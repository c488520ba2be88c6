//! Examples of whole bodies, built from the examples of their fields.

use serde_json::{Map, Value, json};

/// Maximum depth of an example: schemas may contain each other.
const DEEPEST: usize = 18;

/// Adds an example to every body that has none.
pub(super) fn add_examples(operation: &mut Value, schemas: &Value) {
    let request = operation.get_mut("requestBody").into_iter();
    let request = request.filter_map(|body| body.get_mut("content")).collect::<Vec<_>>();
    for content in request {
        fill(content, schemas);
    }
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for response in responses.into_iter().flat_map(Map::values_mut) {
        if let Some(content) = response.get_mut("content") {
            fill(content, schemas);
        }
    }
}

/// Handles JSON, in any media type that ends with `json`, and forms, which have the same fields.
fn fill(content: &mut Value, schemas: &Value) {
    let media = content.as_object_mut().into_iter().flatten();
    let readable = media.filter(|(name, _)| name.ends_with("json") || name.ends_with("x-www-form-urlencoded"));
    for media in readable.filter_map(|(_, media)| media.as_object_mut()) {
        if let Some(schema) = media.get("schema").filter(|_| !media.contains_key("example")) {
            let example = example(schema, schemas, 0);
            media.insert("example".to_owned(), example);
        }
    }
}

/// The example of a schema: the one that it has, or one built from its parts.
fn example(schema: &Value, schemas: &Value, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::Null;
    }
    if let Some(own) = schema.get("example") {
        return own.clone();
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
        return schemas.get(name).map_or(Value::Null, |schema| example(schema, schemas, depth + 1));
    }
    // All parts together; only objects have several.
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array).filter(|parts| parts.len() > 1) {
        let objects = parts.iter().map(|part| example(part, schemas, depth + 1));
        let fields = objects.flat_map(|object| object.as_object().cloned().unwrap_or_default());
        return Value::Object(fields.collect());
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        let mut branches = schema.get(choice).and_then(Value::as_array).into_iter().flatten();
        if let Some(branch) = branches.find(|branch| branch.get("type").is_none_or(|kind| kind != "null")) {
            return example(branch, schemas, depth + 1);
        }
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        let shown = properties.iter().filter(|(_, field)| !is_left_out(field));
        let fields = shown.map(|(name, field)| (name.clone(), example(field, schemas, depth + 1)));
        return Value::Object(fields.collect());
    }
    plain_example(schema, schemas, depth)
}

/// Whether examples omit a field or parameter. The mark is an example of null on a type that is not nullable.
fn is_left_out(field: &Value) -> bool {
    let kind = field.get("schema").unwrap_or(field).get("type");
    field.get("example").is_some_and(Value::is_null) && kind.is_some_and(Value::is_string)
}

/// Removes the marks by which examples omit fields and parameters.
pub(super) fn forget_marks(part: &mut Value) {
    if is_left_out(part)
        && let Some(part) = part.as_object_mut()
    {
        part.shift_remove("example");
    }
    match part {
        Value::Object(fields) => fields.values_mut().for_each(forget_marks),
        Value::Array(items) => items.iter_mut().for_each(forget_marks),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn plain_example(schema: &Value, schemas: &Value, depth: usize) -> Value {
    if let Some(first) = schema.get("enum").and_then(Value::as_array).and_then(|values| values.first()) {
        return first.clone();
    }
    let kinds = schema.get("type").into_iter();
    let mut kinds = kinds.flat_map(|kind| kind.as_array().map_or(std::slice::from_ref(kind), Vec::as_slice));
    let kind = kinds.find_map(|kind| kind.as_str().filter(|kind| *kind != "null"));
    let format = schema.get("format").and_then(Value::as_str);
    match (kind, format) {
        (Some("array"), _) => {
            schema.get("items").map_or_else(|| json!([]), |items| json!([example(items, schemas, depth + 1)]))
        }
        (Some("integer" | "number"), _) => json!(1),
        (Some("boolean"), _) => json!(true),
        (Some("object"), _) => json!({}),
        (Some("string"), Some("uuid")) => json!("550e8400-e29b-41d4-a716-446655440000"),
        (Some("string"), Some("date-time")) => json!("2026-01-15T09:00:00Z"),
        (Some("string"), Some("date")) => json!("2026-01-15"),
        (Some("string"), _) => json!("text"),
        _ => Value::Null,
    }
}
