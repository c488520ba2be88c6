//! JSON Schemas of events, from the catalogue of their types.

use docket_domain::feed::{EVENT_TYPES, EventType, Field, FieldKind, TEST_EVENT};
use serde_json::{Map, Value, json};

/// The schema of the data of a type.
pub(super) fn of_data(of: &EventType) -> Value {
    let property = |field: &Field| {
        let about = field.about;
        let schema = match field.kind {
            FieldKind::Text => json!({ "type": "string", "description": about }),
            FieldKind::OptionalText => json!({ "type": ["string", "null"], "description": about }),
            FieldKind::Integer => json!({ "type": "integer", "format": "int64", "description": about }),
            FieldKind::Texts => json!({ "type": "array", "items": { "type": "string" }, "description": about }),
            FieldKind::OptionalTime => {
                json!({ "type": ["string", "null"], "format": "date-time", "description": about })
            }
        };
        (field.name.to_owned(), schema)
    };
    let properties = of.data.iter().map(property).collect::<Map<_, _>>();
    let required = of.data.iter().map(|field| field.name).collect::<Vec<_>>();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// Name of the component of a type, e.g. `CaseCreatedEvent`.
fn component(of: &EventType) -> String {
    let words = of.name.split(['.', '_']).map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    });
    words.chain(["Event".to_owned()]).collect()
}

/// Adds the schema of each type of event, and the webhook that sends it.
pub fn add_event_schemas(document: &mut Value) {
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    let Some(mut all) = schemas.map(std::mem::take) else { return };
    let Some(event) = all.get("EventView").and_then(Value::as_object).cloned() else { return };
    let mut webhooks = Map::new();
    for known in EVENT_TYPES.iter().chain([&TEST_EVENT]) {
        let mut schema = event.clone();
        schema.insert("description".to_owned(), json!(known.about));
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert("type".to_owned(), json!({ "type": "string", "enum": [known.name] }));
            properties.insert("data".to_owned(), of_data(known));
        }
        let name = component(known);
        webhooks.insert(known.name.to_owned(), webhook(known, &name));
        all.insert(name, Value::Object(schema));
    }
    if let Some(place) = document.pointer_mut("/components/schemas") {
        *place = Value::Object(all);
    }
    if let Some(document) = document.as_object_mut() {
        document.insert("webhooks".to_owned(), Value::Object(webhooks));
    }
}

fn webhook(of: &EventType, component: &str) -> Value {
    let header = |name: &str, about: &str| json!({ "name": name, "in": "header", "required": true, "description": about, "schema": { "type": "string" } });
    json!({ "post": {
        "operationId": format!("receive_{}", of.name.replace('.', "_")),
        "summary": of.about.trim_end_matches('.'),
        "description": "A request as Standard Webhooks describe it. The same event may come more than once, always \
            with the same `webhook-id`.",
        "tags": ["webhooks"],
        "parameters": [
            header("webhook-id", "Id of the event, the same in every attempt."),
            header("webhook-timestamp", "Time of the attempt, in seconds since 1970-01-01 UTC."),
            header("webhook-signature", "`v1,` and the signature in base 64; several are separated by blanks."),
        ],
        "requestBody": { "required": true, "content": { "application/json": { "schema": {
            "type": "object",
            "properties": {
                "type": { "type": "string", "enum": [of.name] },
                "timestamp": { "type": "string", "format": "date-time", "description": "When the event happened." },
                "data": { "$ref": format!("#/components/schemas/{component}") },
            },
            "required": ["type", "timestamp", "data"],
        } } } },
        "responses": { "2XX": { "description": "The receiver has the event." } },
        "security": [],
    } })
}
