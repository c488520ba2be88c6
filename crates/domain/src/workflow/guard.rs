//! Conditions that a transition puts on the fields of what moves.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    canonical,
    reason::{Reason, ReasonCode},
    text::{listed, quoted},
};

/// What a thing holds, as guards see it.
///
/// A transition is asked about the thing as it will be: where a command sets fields and moves in one go, the fields
/// come first.
pub trait Facts {
    /// The value of a field, or of a dotted path into the bag of free fields. `None`: nothing there.
    ///
    /// It answers every name of [`EntityType::fields`](super::EntityType::fields). Null, a blank text, an empty list
    /// and an empty object count as nothing, so an implementation need not tell them apart.
    fn field(&self, name: &str) -> Option<Value>;
}

/// Something that holds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoFacts;

impl Facts for NoFacts {
    fn field(&self, _name: &str) -> Option<Value> {
        None
    }
}

/// A JSON object: the members, and by a dotted path the members of members. A member whose own name has the dots wins.
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
    /// Something has to be there.
    FieldSet {
        /// The field.
        field: String,
    },
    /// Nothing may be there.
    FieldEmpty {
        /// The field.
        field: String,
    },
    /// The field has this value (numbers by their worth, not by how they are written).
    FieldEquals {
        /// The field.
        field: String,
        /// The value.
        value: Value,
    },
    /// The field does not have this value; nothing there is fine.
    FieldNotEquals {
        /// The field.
        field: String,
        /// The value.
        value: Value,
    },
    /// The field has one of these values.
    FieldOneOf {
        /// The field.
        field: String,
        /// The values; at least one.
        values: Vec<Value>,
    },
}

impl Guard {
    /// The field it speaks of.
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

    /// Why the thing does not meet the condition; `None` where it does.
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
            Self::FieldSet { field } => (ReasonCode::FieldMissing, format!("{field} has to be filled in first")),
            Self::FieldEmpty { field } => (ReasonCode::FieldNotEmpty, format!("{field} has to be empty first")),
            Self::FieldEquals { field, value } => {
                (ReasonCode::FieldMismatch, format!("{field} has to be {}", shown(value)))
            }
            Self::FieldNotEquals { field, value } => {
                (ReasonCode::FieldMismatch, format!("{field} must not be {}", shown(value)))
            }
            Self::FieldOneOf { field, values } => {
                (ReasonCode::FieldMismatch, format!("{field} has to be {}", listed(values.iter().map(shown), "or")))
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

/// Whether the field has the value; that an empty value is asked for is met by nothing being there.
fn is_value(found: Option<&Value>, wanted: &Value) -> bool {
    found.map_or_else(|| !is_something(wanted), |found| canonical::text(found) == canonical::text(wanted))
}
