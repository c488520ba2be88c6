//! Guards: conditions of a transition on the fields of the entity.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    canonical,
    reason::{Reason, ReasonCode},
    text::{listed, quoted},
};

/// The fields of an entity, as guards read them.
///
/// If a command sets fields and changes the status, guards read the new fields.
pub trait Facts {
    /// The value of a field, or of a dotted path into the free fields; `None` if there is no value.
    ///
    /// Implementations know every name in [`EntityType::fields`](super::EntityType::fields). Guards treat null, blank
    /// text, an empty list and an empty object as no value.
    fn field(&self, name: &str) -> Option<Value>;
}

/// An entity whose fields are all empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoFacts;

impl Facts for NoFacts {
    fn field(&self, _name: &str) -> Option<Value> {
        None
    }
}

/// A JSON object. A dotted path reads nested members; a member with the full path as its name takes precedence.
impl Facts for Map<String, Value> {
    fn field(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.get(name) {
            return Some(value.clone());
        }
        let (first, rest) = name.split_once('.')?;
        self.get(first)?.as_object()?.field(rest)
    }
}

/// A condition on one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Guard {
    /// The field must have a value.
    FieldSet {
        /// The field.
        field: String,
    },
    /// The field must not have a value.
    FieldEmpty {
        /// The field.
        field: String,
    },
    /// The field must have this value. Numbers are compared numerically: `1` equals `1.0`.
    FieldEquals {
        /// The field.
        field: String,
        /// The value.
        value: Value,
    },
    /// The field must not have this value. A field without a value passes, unless `value` is empty too.
    FieldNotEquals {
        /// The field.
        field: String,
        /// The value.
        value: Value,
    },
    /// The field must have one of these values.
    FieldOneOf {
        /// The field.
        field: String,
        /// The values; at least one.
        values: Vec<Value>,
    },
}

impl Guard {
    /// The field that it checks.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Self::FieldSet { field }
            | Self::FieldEmpty { field }
            | Self::FieldEquals { field, .. }
            | Self::FieldNotEquals { field, .. }
            | Self::FieldOneOf { field, .. } => field,
        }
    }

    /// Why the entity does not meet the condition; `None` if it does.
    #[must_use]
    pub fn objection(&self, facts: &dyn Facts) -> Option<Reason> {
        let found = facts.field(self.field()).filter(is_something);
        let held = match self {
            Self::FieldSet { .. } => found.is_some(),
            Self::FieldEmpty { .. } => found.is_none(),
            Self::FieldEquals { value, .. } => is_value(found.as_ref(), value),
            Self::FieldNotEquals { value, .. } => !is_value(found.as_ref(), value),
            Self::FieldOneOf { values, .. } => values.iter().any(|value| is_value(found.as_ref(), value)),
        };
        (!held).then(|| self.reason())
    }

    fn reason(&self) -> Reason {
        let (code, message) = match self {
            Self::FieldSet { field } => (ReasonCode::FieldMissing, format!("{field} must be set")),
            Self::FieldEmpty { field } => (ReasonCode::FieldNotEmpty, format!("{field} must be empty")),
            Self::FieldEquals { field, value } => {
                (ReasonCode::FieldMismatch, format!("{field} must be {}", shown(value)))
            }
            Self::FieldNotEquals { field, value } => {
                (ReasonCode::FieldMismatch, format!("{field} must not be {}", shown(value)))
            }
            Self::FieldOneOf { field, values } => {
                (ReasonCode::FieldMismatch, format!("{field} must be {}", listed(values.iter().map(shown), "or")))
            }
        };
        Reason::on_field(code, self.field(), message)
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            quoted(&value.to_string())
        }
    }
}

fn is_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Whether the field has the value. A field without a value equals an empty value.
fn is_value(found: Option<&Value>, wanted: &Value) -> bool {
    found.map_or_else(|| !is_something(wanted), |found| canonical::text(found) == canonical::text(wanted))
}
