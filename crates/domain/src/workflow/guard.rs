//! Guards: conditions of a transition on the entity.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    canonical,
    reason::{Grants, Reason, ReasonCode},
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

    /// What belongs to the entity besides its fields. Only cases have it; `None` is treated as nothing.
    fn related(&self) -> Option<&Related> {
        None
    }
}

/// What belongs to a case besides its fields, as far as guards ask for it. Every change of it changes the version of the
/// case, so a decision on it is never committed after it changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Related {
    /// Roles of the staff.
    pub staff_roles: BTreeSet<String>,
    /// Roles of the parties.
    pub party_roles: BTreeSet<String>,
    /// Whether a deadline is open.
    pub has_open_deadlines: bool,
    /// Whether an update waits for its validation.
    pub has_unvalidated_updates: bool,
    /// Titles of the documents.
    pub document_titles: BTreeSet<String>,
    /// Who made each transition last, by its name; see [`Grants::actor`].
    pub last_actors: BTreeMap<String, String>,
    /// Whether a conflict check cleared the people on the case.
    pub conflicts_cleared: bool,
}

/// Which parts of [`Related`] guards ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a set of independent parts")]
pub struct Asked {
    /// The roles of parties and staff.
    pub roles: bool,
    /// The deadlines.
    pub deadlines: bool,
    /// The updates.
    pub updates: bool,
    /// The documents.
    pub documents: bool,
    /// The actors of former transitions.
    pub actors: bool,
    /// The conflict checks.
    pub conflicts: bool,
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

/// A condition on an entity.
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
    /// Staff must be assigned to the case in this role.
    StaffRoleAssigned {
        /// The role.
        role: String,
    },
    /// A party of the case must have this role.
    PartyRolePresent {
        /// The role.
        role: String,
    },
    /// The case must have no open deadline.
    NoOpenDeadlines {},
    /// The case must have no update that waits for its validation.
    NoUnvalidatedUpdates {},
    /// The case must have a document.
    DocumentPresent {
        /// Its title; `None` accepts any document.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
    },
    /// The actor must not be the one who made this transition the last time. Holds if nobody made it.
    DifferentActorThan {
        /// The name of the transition.
        transition: String,
    },
    /// A conflict check must have cleared the people on the case.
    ConflictCheckCleared {},
    /// At least one of the guards must hold.
    AnyOf(Vec<Guard>),
    /// The guard must not hold.
    Not(Box<Guard>),
}

impl Guard {
    /// The field that it checks; `None` if it checks something else.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::FieldSet { field }
            | Self::FieldEmpty { field }
            | Self::FieldEquals { field, .. }
            | Self::FieldNotEquals { field, .. }
            | Self::FieldOneOf { field, .. } => Some(field),
            Self::StaffRoleAssigned { .. }
            | Self::PartyRolePresent { .. }
            | Self::NoOpenDeadlines {}
            | Self::NoUnvalidatedUpdates {}
            | Self::DocumentPresent { .. }
            | Self::DifferentActorThan { .. }
            | Self::ConflictCheckCleared {}
            | Self::AnyOf(_)
            | Self::Not(_) => None,
        }
    }

    /// The word in definitions.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::FieldSet { .. } => "field_set",
            Self::FieldEmpty { .. } => "field_empty",
            Self::FieldEquals { .. } => "field_equals",
            Self::FieldNotEquals { .. } => "field_not_equals",
            Self::FieldOneOf { .. } => "field_one_of",
            Self::StaffRoleAssigned { .. } => "staff_role_assigned",
            Self::PartyRolePresent { .. } => "party_role_present",
            Self::NoOpenDeadlines {} => "no_open_deadlines",
            Self::NoUnvalidatedUpdates {} => "no_unvalidated_updates",
            Self::DocumentPresent { .. } => "document_present",
            Self::DifferentActorThan { .. } => "different_actor_than",
            Self::ConflictCheckCleared {} => "conflict_check_cleared",
            Self::AnyOf(_) => "any_of",
            Self::Not(_) => "not",
        }
    }

    /// The guard and every guard inside it.
    pub(super) fn walk<'g>(&'g self, visit: &mut dyn FnMut(&'g Self)) {
        visit(self);
        if let Self::AnyOf(guards) = self {
            guards.iter().for_each(|guard| guard.walk(visit));
        } else if let Self::Not(guard) = self {
            guard.walk(visit);
        }
    }

    /// Adds what the guard asks for besides fields.
    pub(super) fn ask(&self, asked: &mut Asked) {
        self.walk(&mut |guard| match guard {
            Self::StaffRoleAssigned { .. } | Self::PartyRolePresent { .. } => asked.roles = true,
            Self::NoOpenDeadlines {} => asked.deadlines = true,
            Self::NoUnvalidatedUpdates {} => asked.updates = true,
            Self::DocumentPresent { .. } => asked.documents = true,
            Self::DifferentActorThan { .. } => asked.actors = true,
            Self::ConflictCheckCleared {} => asked.conflicts = true,
            Self::FieldSet { .. }
            | Self::FieldEmpty { .. }
            | Self::FieldEquals { .. }
            | Self::FieldNotEquals { .. }
            | Self::FieldOneOf { .. }
            | Self::AnyOf(_)
            | Self::Not(_) => {}
        });
    }

    /// Why the entity does not meet the condition for this actor; `None` if it does.
    #[must_use]
    pub fn objection(&self, facts: &dyn Facts, actor: &dyn Grants) -> Option<Reason> {
        (!self.holds(facts, actor)).then(|| self.reason())
    }

    fn holds(&self, facts: &dyn Facts, actor: &dyn Grants) -> bool {
        let found = |field: &str| facts.field(field).filter(is_something);
        let related = facts.related();
        match self {
            Self::FieldSet { field } => found(field).is_some(),
            Self::FieldEmpty { field } => found(field).is_none(),
            Self::FieldEquals { field, value } => is_value(found(field).as_ref(), value),
            Self::FieldNotEquals { field, value } => !is_value(found(field).as_ref(), value),
            Self::FieldOneOf { field, values } => {
                let found = found(field);
                values.iter().any(|value| is_value(found.as_ref(), value))
            }
            Self::StaffRoleAssigned { role } => related.is_some_and(|related| related.staff_roles.contains(role)),
            Self::PartyRolePresent { role } => related.is_some_and(|related| related.party_roles.contains(role)),
            Self::NoOpenDeadlines {} => related.is_none_or(|related| !related.has_open_deadlines),
            Self::NoUnvalidatedUpdates {} => related.is_none_or(|related| !related.has_unvalidated_updates),
            Self::DocumentPresent { title: Some(title) } => {
                related.is_some_and(|related| related.document_titles.contains(title))
            }
            Self::DocumentPresent { title: None } => related.is_some_and(|related| !related.document_titles.is_empty()),
            Self::DifferentActorThan { transition } => {
                let last = related.and_then(|related| related.last_actors.get(transition));
                last.is_none_or(|last| actor.actor().is_some_and(|actor| actor != *last))
            }
            Self::ConflictCheckCleared {} => related.is_some_and(|related| related.conflicts_cleared),
            Self::AnyOf(guards) => guards.iter().any(|guard| guard.holds(facts, actor)),
            Self::Not(guard) => !guard.holds(facts, actor),
        }
    }

    fn reason(&self) -> Reason {
        let code = match self {
            Self::FieldSet { .. } => ReasonCode::FieldMissing,
            Self::FieldEmpty { .. } => ReasonCode::FieldNotEmpty,
            Self::FieldEquals { .. } | Self::FieldNotEquals { .. } | Self::FieldOneOf { .. } => {
                ReasonCode::FieldMismatch
            }
            Self::StaffRoleAssigned { .. } => ReasonCode::StaffRoleMissing,
            Self::PartyRolePresent { .. } => ReasonCode::PartyRoleMissing,
            Self::NoOpenDeadlines {} => ReasonCode::DeadlinesOpen,
            Self::NoUnvalidatedUpdates {} => ReasonCode::UpdatesUnvalidated,
            Self::DocumentPresent { .. } => ReasonCode::DocumentMissing,
            Self::DifferentActorThan { .. } => ReasonCode::SameActor,
            Self::ConflictCheckCleared {} => ReasonCode::ConflictsNotCleared,
            Self::AnyOf(_) => ReasonCode::NoAlternative,
            Self::Not(_) => ReasonCode::ConditionExcluded,
        };
        match self.field() {
            Some(field) => Reason::on_field(code, field, self.in_words()),
            None => Reason::new(code, self.in_words()),
        }
    }

    /// The condition in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::FieldSet { field } => format!("{field} must be set"),
            Self::FieldEmpty { field } => format!("{field} must be empty"),
            Self::FieldEquals { field, value } => format!("{field} must be {}", shown(value)),
            Self::FieldNotEquals { field, value } => format!("{field} must not be {}", shown(value)),
            Self::FieldOneOf { field, values } => {
                format!("{field} must be {}", listed(values.iter().map(shown), "or"))
            }
            Self::StaffRoleAssigned { role } => format!("staff with the role {} must be assigned", quoted(role)),
            Self::PartyRolePresent { role } => format!("a party with the role {} must be on the case", quoted(role)),
            Self::NoOpenDeadlines {} => "no deadline must be open".to_owned(),
            Self::NoUnvalidatedUpdates {} => "no update must wait for its validation".to_owned(),
            Self::DocumentPresent { title: Some(title) } => {
                format!("the case must have the document {}", quoted(title))
            }
            Self::DocumentPresent { title: None } => "the case must have a document".to_owned(),
            Self::DifferentActorThan { transition } => {
                format!("it must not be made by the one who made {} last", quoted(transition))
            }
            Self::ConflictCheckCleared {} => "a conflict check must have cleared the people on the case".to_owned(),
            Self::AnyOf(guards) => format!("one must hold: {}", listed(guards.iter().map(Self::in_words), "or")),
            Self::Not(guard) => format!("must not hold: {}", guard.in_words()),
        }
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
