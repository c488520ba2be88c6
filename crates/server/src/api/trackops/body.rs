//! Readers of request bodies, shared by the resources of this dialect.

use docket_domain::error::FieldErrors;
use serde_json::Value;

use crate::wire::fields::{Fields, FromFields, Given};

/// Reads the object that wraps all fields of a body. Errors name the fields without the wrapper.
pub fn within<B: FromFields + Default>(fields: &mut Fields, name: &str) -> B {
    let Some(inner) = fields.required(name, |fields| fields.object(name)) else { return B::default() };
    Fields::new(inner).read().unwrap_or_else(|found| {
        let mut faults = FieldErrors::default();
        faults.extend(found);
        fields.adopt(faults, |name| name.into());
        B::default()
    })
}

/// Reads true or false, 1 or 0, yes or no; as JSON values or as strings, not case-sensitive.
pub fn boolean(fields: &mut Fields, name: &str) -> Given<bool> {
    fields.given(name, "true or false", |value| match value {
        Value::Bool(value) => Some(value),
        Value::Number(number) => word(&number.to_string()),
        Value::String(text) => word(&text.to_ascii_lowercase()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    })
}

fn word(text: &str) -> Option<bool> {
    match text {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// Reads an array of at most `most` objects. Errors name a field `list[place].field`. `None` if the array is absent or
/// `null`.
pub fn each<B: FromFields>(fields: &mut Fields, name: &str, most: usize) -> Option<Vec<B>> {
    fields.bound(name, most);
    let items = fields.given(name, "an array of objects", |value| match value {
        Value::Array(items) => Some(items),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => None,
    });
    let mut read = Vec::new();
    for (place, item) in items??.into_iter().enumerate() {
        let Value::Object(item) = item else {
            fields.fault(&format!("{name}[{place}]"), "must be an object");
            continue;
        };
        match Fields::new(item).read() {
            Ok(item) => read.push(item),
            Err(found) => {
                let mut faults = FieldErrors::default();
                faults.extend(found);
                fields.adopt(faults, |field| format!("{name}[{place}].{field}").into());
            }
        }
    }
    Some(read)
}
