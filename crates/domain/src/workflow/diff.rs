//! The difference between two versions of a workflow, field by field.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{definition::WorkflowDefinition, fault::WorkflowFaults, model::Workflow};

/// What changes from one version to another. [`apply`](Self::apply) is its inverse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkflowDiff {
    /// The fields of the workflow itself that differ.
    pub fields: BTreeMap<String, Replaced>,
    /// The statuses, by their key.
    pub statuses: ListDiff,
    /// The transitions, by their name.
    pub transitions: ListDiff,
}

/// The difference between two lists of statuses or transitions.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ListDiff {
    /// The new elements, as in a definition.
    pub added: Vec<Map<String, Value>>,
    /// The elements that are gone, as in a definition.
    pub removed: Vec<Map<String, Value>>,
    /// The elements that differ.
    pub changed: Vec<Changed>,
    /// Keys or names in their new order. Empty if new elements follow the others and nothing else moves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<String>,
}

/// An element that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changed {
    /// Its key or name.
    pub key: String,
    /// The fields that differ. A field with its default value is null.
    pub fields: BTreeMap<String, Replaced>,
}

/// A value and the one that replaces it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replaced {
    /// The former value.
    pub from: Value,
    /// The new value.
    pub to: Value,
}

type Element = Map<String, Value>;

impl WorkflowDiff {
    /// The difference from one version to another.
    ///
    /// ```
    /// use docket_domain::workflow::{EntityType, WorkflowDiff, builtin};
    ///
    /// let workflow = builtin(EntityType::Case);
    /// let same = WorkflowDiff::between(workflow, workflow);
    /// assert!(same.transitions.changed.is_empty());
    /// ```
    #[must_use]
    pub fn between(old: &Workflow, new: &Workflow) -> Self {
        let (mut old, mut new) = (elements(&old.definition()), elements(&new.definition()));
        let mut list = |name: &str, key: &str| ListDiff::between(&taken(&mut old, name), &taken(&mut new, name), key);
        let (statuses, transitions) = (list("statuses", "key"), list("transitions", "name"));
        Self { fields: replaced(&old, &new), statuses, transitions }
    }

    /// Whether both versions are equal.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.statuses == ListDiff::default() && self.transitions == ListDiff::default()
    }

    /// Makes the new version from the old one.
    ///
    /// # Errors
    /// The faults of the result, if this is not a difference from `old`.
    pub fn apply(&self, old: &Workflow) -> Result<Workflow, WorkflowFaults> {
        let mut members = elements(&old.definition());
        let statuses = self.statuses.apply(taken(&mut members, "statuses"), "key");
        let transitions = self.transitions.apply(taken(&mut members, "transitions"), "name");
        replace(&mut members, &self.fields);
        members.insert("statuses".to_owned(), statuses.into());
        members.insert("transitions".to_owned(), transitions.into());
        Workflow::from_value(&Value::Object(members))
    }
}

impl ListDiff {
    fn between(old: &[Element], new: &[Element], key: &str) -> Self {
        let (before, after) = (by_key(old, key), by_key(new, key));
        let gone = |element: &&Element| !after.contains_key(word(element, key));
        let fresh = |element: &&Element| !before.contains_key(word(element, key));
        let changed = new.iter().filter_map(|element| {
            let fields = replaced(before.get(word(element, key))?, element);
            (!fields.is_empty()).then(|| Changed { key: word(element, key).to_owned(), fields })
        });
        let mut diff = Self {
            added: new.iter().filter(fresh).cloned().collect(),
            removed: old.iter().filter(gone).cloned().collect(),
            changed: changed.collect(),
            order: Vec::new(),
        };
        let order =
            |elements: &[Element]| elements.iter().map(|element| word(element, key).to_owned()).collect::<Vec<_>>();
        let wanted = order(new);
        if diff.apply(old.to_vec(), key).iter().filter_map(|element| element.get(key)?.as_str()).ne(&wanted) {
            diff.order = wanted;
        }
        diff
    }

    fn apply(&self, old: Vec<Element>, key: &str) -> Vec<Value> {
        let gone = self.removed.iter().map(|element| word(element, key)).collect::<BTreeSet<_>>();
        let changes =
            self.changed.iter().map(|changed| (changed.key.as_str(), &changed.fields)).collect::<BTreeMap<_, _>>();
        let kept = old.into_iter().filter(|element| !gone.contains(word(element, key)));
        let mut elements = kept.chain(self.added.iter().cloned()).collect::<Vec<_>>();
        for element in &mut elements {
            if let Some(fields) = changes.get(word(element, key)) {
                replace(element, fields);
            }
        }
        let places = self.order.iter().enumerate().map(|(at, key)| (key.as_str(), at)).collect::<BTreeMap<_, _>>();
        elements.sort_by_key(|element| places.get(word(element, key)).copied());
        elements.into_iter().map(Value::Object).collect()
    }
}

/// A definition as JSON. Its types rule out that this fails.
fn elements(definition: &WorkflowDefinition) -> Element {
    match serde_json::to_value(definition) {
        Ok(Value::Object(members)) => members,
        _ => Element::new(),
    }
}

fn taken(members: &mut Element, name: &str) -> Vec<Element> {
    let Some(Value::Array(list)) = members.shift_remove(name) else { return Vec::new() };
    let object = |value| if let Value::Object(element) = value { Some(element) } else { None };
    list.into_iter().filter_map(object).collect()
}

fn word<'e>(element: &'e Element, key: &str) -> &'e str {
    element.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn by_key<'e>(elements: &'e [Element], key: &str) -> BTreeMap<&'e str, &'e Element> {
    elements.iter().map(|element| (word(element, key), element)).collect()
}

/// The fields that differ.
fn replaced(old: &Element, new: &Element) -> BTreeMap<String, Replaced> {
    let names = old.keys().chain(new.keys()).collect::<BTreeSet<_>>();
    let value = |element: &Element, name: &str| element.get(name).cloned().unwrap_or_default();
    let fields = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    fields.map(|name| (name.clone(), Replaced { from: value(old, name), to: value(new, name) })).collect()
}

fn replace(element: &mut Element, fields: &BTreeMap<String, Replaced>) {
    for (name, Replaced { to, .. }) in fields {
        if to.is_null() {
            element.shift_remove(name);
        } else {
            element.insert(name.clone(), to.clone());
        }
    }
}
