//! Reads a definition from JSON and notes every field that is missing, unknown or of the wrong type.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    definition::{StatusDefinition, TransitionDefinition, WorkflowDefinition},
    entity_type::EntityType,
    fault::Fault,
    finding::pointer,
    guard::Guard,
    status::Phase,
};

/// Greatest number of statuses.
pub const STATUSES_MAX: usize = 500;
/// Greatest number of transitions.
pub const TRANSITIONS_MAX: usize = 5_000;
/// Greatest number of changes of status: start statuses times targets, over all transitions.
pub const CHANGES_MAX: usize = 20_000;
/// Greatest number of guards of a transition, with those inside other guards.
pub const GUARDS_MAX: usize = 50;

/// A definition as far as it can be read. Unreadable fields have values that cause no further faults.
pub(super) struct Draft {
    pub(super) definition: WorkflowDefinition,
    pub(super) faults: Vec<Fault>,
}

impl Draft {
    /// Reads a definition.
    ///
    /// # Errors
    /// Why too little can be read for further checks.
    pub(super) fn read(json: &Value) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let Some(members) = json.as_object() else {
            return Err(vec![Fault::WrongType {
                path: String::new(),
                expected: "an object with statuses and transitions",
            }]);
        };
        let mut object = Fields { members, path: String::new(), faults: &mut faults };
        let entity_type = object.required("entity_type", "case, inquiry or order").unwrap_or(EntityType::Case);
        let name = object.required("name", "a text").unwrap_or_else(|| "Workflow".to_owned());
        let statuses = object.required::<Vec<Value>>("statuses", "a list of statuses");
        let transitions = object.required::<Vec<Value>>("transitions", "a list of transitions");
        object.only(&["entity_type", "name", "statuses", "transitions"]);
        let (Some(statuses), Some(transitions)) = (statuses, transitions) else { return Err(faults) };
        for (what, found, most) in
            [("statuses", statuses.len(), STATUSES_MAX), ("transitions", transitions.len(), TRANSITIONS_MAX)]
        {
            if found > most {
                faults.push(Fault::TooMany { what, found, most });
            }
        }
        if faults.iter().any(|fault| matches!(fault, Fault::TooMany { .. })) {
            return Err(faults);
        }
        let statuses = statuses.iter().enumerate().filter_map(|(at, json)| status(at, json, &mut faults)).collect();
        let transitions =
            transitions.iter().enumerate().filter_map(|(at, json)| transition(at, json, &mut faults)).collect();
        let definition = WorkflowDefinition { entity_type, name, statuses, transitions };
        let changes = definition.transitions.iter().map(|transition| transition.from.len() * transition.to.len()).sum();
        if changes > CHANGES_MAX {
            return Err(vec![Fault::TooMany { what: "changes of status", found: changes, most: CHANGES_MAX }]);
        }
        Ok(Self { definition, faults })
    }
}

fn status(at: usize, json: &Value, faults: &mut Vec<Fault>) -> Option<StatusDefinition> {
    let path = pointer([&"statuses" as _, &at as _]);
    let Some(members) = json.as_object() else {
        faults.push(Fault::WrongType { path, expected: "an object with the fields of a status" });
        return None;
    };
    let mut object = Fields { members, path, faults };
    let key = object.required("key", "a lower-case word");
    let terminal = object.optional("terminal", "true or false").unwrap_or(false);
    let stand_in = i64::MAX.saturating_sub(i64::try_from(at).unwrap_or(0));
    let read = StatusDefinition {
        key: key.clone().unwrap_or_else(|| format!("status_{at}").into()),
        id: object.required("id", "a positive integer").unwrap_or(stand_in),
        label: object.required("label", "a text").unwrap_or_else(|| format!("Status at position {at}")),
        description: object.optional("description", "a text").unwrap_or_default(),
        color: object.required("color", "a colour as #RRGGBB").unwrap_or_else(|| "#000000".to_owned()),
        phase: object.required("phase", "active or closed").unwrap_or(if terminal {
            Phase::Closed
        } else {
            Phase::Active
        }),
        initial: object.optional("initial", "true or false").unwrap_or(false),
        terminal,
        outcome: object.optional("outcome", "resolved, closed or cancelled"),
    };
    object.only(&["key", "id", "label", "description", "color", "phase", "initial", "terminal", "outcome"]);
    key.map(|_| read)
}

fn transition(at: usize, json: &Value, faults: &mut Vec<Fault>) -> Option<TransitionDefinition> {
    let path = pointer([&"transitions" as _, &at as _]);
    let Some(members) = json.as_object() else {
        faults.push(Fault::WrongType { path, expected: "an object with the fields of a transition" });
        return None;
    };
    let mut object = Fields { members, path: path.clone(), faults };
    let name = object.required::<String>("name", "a lower-case word");
    let (from, to) = (object.required("from", "a list of status keys"), object.required("to", "a list of status keys"));
    let label = object.optional("label", "a text");
    let requires_reason = object.optional("requires_reason", "true or false").unwrap_or(false);
    let scope = object.optional("scope", "a scope");
    let guards = object.optional::<Vec<Value>>("guards", "a list of guards").unwrap_or_default();
    let kind = object.optional("kind", "regular, rework or reopen").unwrap_or_default();
    object.only(&["name", "label", "from", "to", "requires_reason", "scope", "guards", "kind"]);
    if guards.len() > GUARDS_MAX {
        faults.push(Fault::TooMany { what: "guards of a transition", found: guards.len(), most: GUARDS_MAX });
        return None;
    }
    let guards = guards.iter().enumerate().filter_map(|(number, json)| {
        let read = serde_json::from_value::<Guard>(json.clone());
        read.map_err(|error| {
            let path = format!("{path}/guards/{number}");
            faults.push(Fault::InvalidGuard { path, message: error.to_string() });
        })
        .ok()
    });
    let guards = guards.collect();
    let (Some(name), Some(from), Some(to)) = (name, from, to) else { return None };
    Some(TransitionDefinition { name, label, from, to, requires_reason, scope, guards, kind })
}

/// The members of an object that is read field by field.
struct Fields<'j, 'f> {
    members: &'j Map<String, Value>,
    path: String,
    faults: &'f mut Vec<Fault>,
}

impl Fields<'_, '_> {
    fn required<T: DeserializeOwned>(&mut self, name: &'static str, expected: &'static str) -> Option<T> {
        if !self.members.contains_key(name) {
            self.faults.push(Fault::MissingField { path: self.path.clone(), field: name, expected });
        }
        self.read(name, expected)
    }

    /// A field that can be left out; null counts as left out.
    fn optional<T: DeserializeOwned>(&mut self, name: &'static str, expected: &'static str) -> Option<T> {
        self.members.get(name).filter(|value| !value.is_null())?;
        self.read(name, expected)
    }

    fn read<T: DeserializeOwned>(&mut self, name: &'static str, expected: &'static str) -> Option<T> {
        let value = self.members.get(name)?;
        let read = serde_json::from_value(value.clone()).ok();
        if read.is_none() {
            self.faults.push(Fault::WrongType { path: format!("{}/{name}", self.path), expected });
        }
        read
    }

    /// Notes the members that have no meaning.
    fn only(self, known: &'static [&'static str]) {
        for name in self.members.keys().filter(|name| !known.contains(&name.as_str())) {
            let path = format!("{}{}", self.path, pointer([name as _]));
            self.faults.push(Fault::UnknownField { path, known });
        }
    }
}
