//! The rendering of a document in OpenAPI 3.0, for the generators that do not read 3.1.

use serde_json::{Map, Value, json};

/// Renders a document of version 3.1 in version 3.0.
#[must_use]
pub fn render(mut document: Value) -> Value {
    if let Some(document) = document.as_object_mut() {
        document.insert("openapi".to_owned(), json!("3.0.3"));
        document.shift_remove("webhooks");
    }
    document
        .pointer_mut("/info/license")
        .and_then(Value::as_object_mut)
        .map(|license| license.shift_remove("identifier"));
    rewrite(&mut document);
    document
}

/// Rewrites the innermost schemas first.
fn rewrite(part: &mut Value) {
    match part {
        Value::Object(fields) => {
            let parts =
                fields.iter_mut().filter(|(name, _)| !["example", "examples", "default"].contains(&name.as_str()));
            parts.for_each(|(_, part)| rewrite(part));
            forget_roles(fields);
            mark_nullable(fields);
            keep_beside_reference(fields);
        }
        Value::Array(items) => items.iter_mut().for_each(rewrite),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// In version 3.0, only OAuth2 has scopes. The required scope of an operation is then in its description of 403.
fn forget_roles(part: &mut Map<String, Value>) {
    let alternatives = part.get_mut("security").and_then(Value::as_array_mut).into_iter().flatten();
    for scopes in alternatives.filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        *scopes = json!([]);
    }
}

/// Version 3.0 has no type `null`: a schema is marked as nullable instead.
fn mark_nullable(schema: &mut Map<String, Value>) {
    let null = json!("null");
    if let Some(kinds) = schema.get("type").and_then(Value::as_array).filter(|kinds| kinds.contains(&null)) {
        let other = kinds.iter().find(|kind| **kind != null).cloned();
        other.map(|kind| schema.insert("type".to_owned(), kind));
        schema.insert("nullable".to_owned(), json!(true));
    }
    let Some(choices) = schema.get("oneOf").and_then(Value::as_array) else { return };
    let kept = choices.iter().filter(|choice| choice.get("type") != Some(&null)).cloned().collect::<Vec<_>>();
    if kept.len() < choices.len() {
        schema.shift_remove("oneOf");
        let together = if kept.len() == 1 { "allOf" } else { "oneOf" };
        schema.insert(together.to_owned(), Value::Array(kept));
        schema.insert("nullable".to_owned(), json!(true));
    }
}

/// Version 3.0 ignores everything beside a reference.
fn keep_beside_reference(schema: &mut Map<String, Value>) {
    if schema.len() > 1
        && let Some(reference) = schema.get("$ref").filter(|reference| reference.is_string()).cloned()
    {
        schema.shift_remove("$ref");
        schema.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nullable_fields_and_described_references_keep_their_meaning() {
        let document = json!({
            "openapi": "3.1.0",
            "info": { "license": { "name": "MIT", "identifier": "MIT" } },
            "components": { "schemas": { "A": { "type": "object", "properties": {
                "text": { "type": ["string", "null"], "example": null },
                "other": { "oneOf": [{ "$ref": "#/b" }, { "type": "null" }] },
                "word": { "$ref": "#/b", "description": "A word." },
            } } } },
        });
        let rendered = render(document);
        assert_eq!(rendered["openapi"], "3.0.3");
        assert_eq!(rendered["info"]["license"], json!({ "name": "MIT" }));
        let expected = json!({
            "text": { "type": "string", "example": null, "nullable": true },
            "other": { "allOf": [{ "$ref": "#/b" }], "nullable": true },
            "word": { "description": "A word.", "allOf": [{ "$ref": "#/b" }] },
        });
        assert_eq!(rendered["components"]["schemas"]["A"]["properties"], expected);
    }
}
