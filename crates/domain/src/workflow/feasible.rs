//! Whether guards can all hold at once.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{canonical, guard::Guard};

/// Greatest number of alternatives that are tried. Beyond it, guards count as feasible.
const ALTERNATIVES: usize = 256;

/// Whether some entity and actor could meet all guards. `false` is certain: the guards contradict each other. Guards on
/// different fields are independent, except that a path into the free fields depends on them.
pub(super) fn is_feasible(guards: &[Guard]) -> bool {
    let Some(alternatives) = alternatives(guards, true, true) else { return true };
    alternatives.iter().any(|facts| !contradicts(facts))
}

/// A guard without others inside, and whether it must hold.
type Literal<'g> = (&'g Guard, bool);

/// The ways in which guards hold (or not), each a list of conditions that must all be met. `all` says whether every guard
/// counts or any. `None` if there are too many.
fn alternatives(guards: &[Guard], hold: bool, all: bool) -> Option<Vec<Vec<Literal<'_>>>> {
    let each = guards.iter().map(|guard| {
        if let Guard::AnyOf(inner) = guard {
            return alternatives(inner, hold, !hold);
        }
        if let Guard::Not(inner) = guard {
            return alternatives(std::slice::from_ref(inner.as_ref()), !hold, true);
        }
        Some(vec![vec![(guard, hold)]])
    });
    let each = each.collect::<Option<Vec<_>>>()?;
    let ways = if all {
        each.into_iter().try_fold(vec![Vec::new()], |ways, next| {
            if ways.len() * next.len() > ALTERNATIVES {
                return None;
            }
            let joined = ways.iter().flat_map(|way| next.iter().map(|more| [way.as_slice(), more].concat()));
            Some(joined.collect())
        })?
    } else {
        each.into_iter().flatten().collect()
    };
    (ways.len() <= ALTERNATIVES).then_some(ways)
}

/// What is known of one field.
#[derive(Default)]
struct Known {
    /// The values that it can have, in canonical form; an empty text is no value. `None`: any.
    among: Option<Vec<String>>,
    not: Vec<String>,
    must_be_set: bool,
}

/// The canonical form of no value.
const NOTHING: &str = "";

fn form(value: &Value) -> String {
    if is_nothing(value) { NOTHING.to_owned() } else { canonical::text(value) }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn contradicts(facts: &[Literal<'_>]) -> bool {
    let mut fields: BTreeMap<&str, Known> = BTreeMap::new();
    for (at, (guard, hold)) in facts.iter().enumerate() {
        let Some(field) = guard.field() else {
            if facts.iter().take(at).any(|(other, held)| other == guard && held != hold) {
                return true;
            }
            continue;
        };
        let known = fields.entry(field).or_default();
        match (guard, hold) {
            (Guard::FieldSet { .. }, true) | (Guard::FieldEmpty { .. }, false) => known.must_be_set = true,
            (Guard::FieldSet { .. }, false) | (Guard::FieldEmpty { .. }, true) => known.restrict(&[NOTHING.to_owned()]),
            (Guard::FieldEquals { value, .. }, true) | (Guard::FieldNotEquals { value, .. }, false) => {
                known.restrict(&[form(value)]);
            }
            (Guard::FieldEquals { value, .. }, false) | (Guard::FieldNotEquals { value, .. }, true) => {
                known.not.push(form(value));
            }
            (Guard::FieldOneOf { values, .. }, true) => known.restrict(&values.iter().map(form).collect::<Vec<_>>()),
            (Guard::FieldOneOf { values, .. }, false) => known.not.extend(values.iter().map(form)),
            _ => {}
        }
    }
    fields.values().any(Known::is_impossible)
}

impl Known {
    fn restrict(&mut self, values: &[String]) {
        self.among = Some(match self.among.take() {
            Some(before) => before.into_iter().filter(|value| values.contains(value)).collect(),
            None => values.to_vec(),
        });
    }

    fn is_impossible(&self) -> bool {
        let fits = |value: &String| !(self.not.contains(value) || self.must_be_set && value == NOTHING);
        self.among.as_ref().is_some_and(|among| !among.iter().any(fits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> bool {
        is_feasible(&serde_json::from_str::<Vec<Guard>>(json).unwrap())
    }

    #[test]
    fn contradictions_are_found() {
        for json in [
            r#"[{"field_set": {"field": "owner"}}, {"field_empty": {"field": "owner"}}]"#,
            r#"[{"field_equals": {"field": "priority", "value": 1}}, {"field_equals": {"field": "priority", "value": 2}}]"#,
            r#"[{"field_equals": {"field": "owner", "value": ""}}, {"field_set": {"field": "owner"}}]"#,
            r#"[{"field_one_of": {"field": "type", "values": ["a", "b"]}}, {"field_not_equals": {"field": "type", "value": "a"}},
                {"not": {"field_equals": {"field": "type", "value": "b"}}}]"#,
            r#"[{"no_open_deadlines": {}}, {"not": {"no_open_deadlines": {}}}]"#,
            r#"[{"any_of": [{"field_set": {"field": "owner"}}, {"field_set": {"field": "type"}}]},
                {"field_empty": {"field": "owner"}}, {"field_empty": {"field": "type"}}]"#,
            r#"[{"not": {"any_of": [{"field_set": {"field": "owner"}}, {"field_set": {"field": "type"}}]}},
                {"field_set": {"field": "type"}}]"#,
        ] {
            assert!(!of(json), "{json}");
        }
    }

    #[test]
    fn what_can_hold_is_not_refused() {
        for json in [
            "[]",
            r#"[{"field_equals": {"field": "priority", "value": 1}}, {"field_equals": {"field": "priority", "value": 1.0}}]"#,
            r#"[{"field_set": {"field": "owner"}}, {"field_empty": {"field": "type"}}]"#,
            r#"[{"field_one_of": {"field": "type", "values": ["a", "b"]}}, {"field_not_equals": {"field": "type", "value": "a"}}]"#,
            r#"[{"not": {"any_of": [{"field_set": {"field": "owner"}}]}}]"#,
            r#"[{"any_of": [{"field_set": {"field": "owner"}}, {"no_open_deadlines": {}}]}, {"field_empty": {"field": "owner"}}]"#,
        ] {
            assert!(of(json), "{json}");
        }
    }
}
