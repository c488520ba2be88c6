//! Fixed vocabularies in OpenAPI documents: the schema of a vocabulary lists its words, and the fields refer to it.

use serde_json::{Value, json};

/// A vocabulary and the fields that take its words.
#[derive(Debug)]
pub struct Words {
    /// Name of the schema.
    pub name: &'static str,
    /// Every word, in the order of the domain.
    pub words: fn() -> Vec<&'static str>,
    /// The fields, as `Schema.field`. The field is a word, or a list of words.
    pub fields: &'static [&'static str],
}

/// Adds the vocabularies to the schemas.
pub(super) fn add_words(schemas: &mut Value, vocabularies: &[Words]) {
    for Words { name, words, fields } in vocabularies {
        schemas[*name] = json!({ "type": "string", "enum": words() });
        for field in *fields {
            let path = format!("/{}", field.replace('.', "/properties/"));
            if let Some(field) = schemas.pointer_mut(&path) {
                refer(field, name);
            }
        }
    }
}

/// Replaces the type of a field by a reference. A description and an example stay.
fn refer(field: &mut Value, name: &str) {
    let reference = json!(format!("#/components/schemas/{name}"));
    if let Some(items) = field.get_mut("items") {
        *items = json!({ "$ref": reference });
        return;
    }
    let Some(field) = field.as_object_mut() else { return };
    let kind = field.shift_remove("type").unwrap_or_default();
    if kind.as_array().is_some_and(|kinds| kinds.contains(&json!("null"))) {
        field.insert("oneOf".to_owned(), json!([{ "$ref": reference }, { "type": "null" }]));
    } else {
        field.insert("$ref".to_owned(), reference);
    }
}
