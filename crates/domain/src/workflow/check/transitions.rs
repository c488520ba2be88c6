//! Checks of each transition, and of all transitions together.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{find, is_label, is_printable, is_word};
use crate::scope::Scope;
use crate::workflow::{
    definition::{StatusDefinition, TransitionDefinition, WorkflowDefinition},
    entity_type::EntityType,
    fault::{Fault, TransitionEnd},
    guard::Guard,
    shape::GUARDS_MAX,
    status::{Outcome, Phase, StatusKey},
    text::{folded, humanized},
    transition::TransitionKind,
};

/// The scopes that a key can have.
const SCOPES: &[&str] = &Scope::WORDS;

pub(super) fn check(definition: &WorkflowDefinition, faults: &mut Vec<Fault>) {
    for (position, transition) in (1..).zip(&definition.transitions) {
        if !is_word(&transition.name) {
            faults.push(Fault::InvalidTransitionName { position, name: transition.name.clone() });
        }
        check_label(transition, faults);
        check_end(definition, transition, TransitionEnd::From, faults);
        check_end(definition, transition, TransitionEnd::To, faults);
        check_scope(transition, faults);
        check_guards(definition, transition, faults);
        check_kind(definition, transition, faults);
    }
    check_names(&definition.transitions, faults);
    check_words(&definition.transitions, faults);
    check_ambiguity(&definition.transitions, faults);
}

fn check_label(transition: &TransitionDefinition, faults: &mut Vec<Fault>) {
    let Some(label) = &transition.label else { return };
    if label.trim().is_empty() {
        faults.push(Fault::EmptyTransitionLabel { transition: transition.name.clone() });
    } else if !is_printable(label) {
        faults.push(Fault::UnprintableTransitionLabel { transition: transition.name.clone() });
    }
}

fn check_end(
    definition: &WorkflowDefinition,
    transition: &TransitionDefinition,
    side: TransitionEnd,
    faults: &mut Vec<Fault>,
) {
    let end = match side {
        TransitionEnd::From => &transition.from,
        TransitionEnd::To => &transition.to,
    };
    let name = || transition.name.clone();
    if end.is_empty() {
        faults.push(Fault::NoEnd { transition: name(), side });
    }
    let mut seen = BTreeSet::new();
    let mut repeated = BTreeSet::new();
    for status in end {
        if !seen.insert(status) {
            if repeated.insert(status) {
                faults.push(Fault::RepeatedStatus { transition: name(), side, status: status.clone() });
            }
        } else if find(definition, status).is_none() {
            faults.push(Fault::UnknownStatus { transition: name(), side, status: status.clone() });
        }
    }
}

fn check_scope(transition: &TransitionDefinition, faults: &mut Vec<Fault>) {
    if let Some(scope) = &transition.scope
        && !SCOPES.contains(&scope.as_str())
    {
        faults.push(Fault::UnknownScope { transition: transition.name.clone(), scope: scope.clone(), known: SCOPES });
    }
}

fn check_guards(definition: &WorkflowDefinition, transition: &TransitionDefinition, faults: &mut Vec<Fault>) {
    let mut count = 0;
    for guard in &transition.guards {
        guard.walk(&mut |guard| {
            count += 1;
            faults.extend(guard_fault(definition, transition, guard));
        });
    }
    if count > GUARDS_MAX {
        faults.push(Fault::TooMany { what: "guards of a transition", found: count, most: GUARDS_MAX });
    }
}

fn guard_fault(definition: &WorkflowDefinition, transition: &TransitionDefinition, guard: &Guard) -> Option<Fault> {
    let (name, entity_type) = (transition.name.clone(), definition.entity_type);
    if let Some(field) = guard.field() {
        if !entity_type.knows_field(field) {
            return Some(Fault::UnknownGuardField { transition: name, field: field.to_owned(), entity_type });
        }
        let is_empty = matches!(guard, Guard::FieldOneOf { values, .. } if values.is_empty());
        return is_empty.then(|| Fault::EmptyGuard { transition: name, field: field.to_owned() });
    }
    if !matches!(guard, Guard::AnyOf(_) | Guard::Not(_)) && entity_type != EntityType::Case {
        return Some(Fault::GuardOfCases { transition: name, guard: guard.word(), entity_type });
    }
    if let Guard::StaffRoleAssigned { role } | Guard::PartyRolePresent { role } = guard {
        return (!is_label(role)).then(|| Fault::EmptyGuardRole { transition: name, guard: guard.word() });
    }
    if let Guard::DifferentActorThan { transition: named } = guard {
        let is_known = definition.transitions.iter().any(|transition| transition.name == *named);
        return (!is_known).then(|| Fault::UnknownGuardTransition { transition: name, named: named.clone() });
    }
    let is_empty = matches!(guard, Guard::AnyOf(guards) if guards.is_empty());
    is_empty.then_some(Fault::NoAlternatives { transition: name })
}

/// Checks that each change has the kind that its two statuses require.
fn check_kind(definition: &WorkflowDefinition, transition: &TransitionDefinition, faults: &mut Vec<Fault>) {
    let name = || transition.name.clone();
    if transition.kind == TransitionKind::Reopen && !transition.requires_reason {
        faults.push(Fault::ReopenWithoutReason { transition: name() });
    }
    for from in known(definition, &transition.from) {
        if from.terminal && transition.kind != TransitionKind::Reopen {
            faults.push(Fault::TerminalWayOut { transition: name(), status: from.key.clone() });
            continue;
        }
        for to in known(definition, &transition.to) {
            if from.key == to.key {
                faults.push(Fault::SelfTransition { transition: name(), status: from.key.clone() });
            } else if let Some(fault) = kind_fault(transition, from, to) {
                faults.push(fault);
            }
        }
    }
}

fn kind_fault(transition: &TransitionDefinition, from: &StatusDefinition, to: &StatusDefinition) -> Option<Fault> {
    let reopens = !is_active(from) && is_active(to);
    let reworks = is_active(from) && is_resolved(from) && is_active(to) && !is_resolved(to);
    let (name, from, to) = (transition.name.clone(), from.key.clone(), to.key.clone());
    match transition.kind {
        TransitionKind::Regular | TransitionKind::Rework if reopens => {
            Some(Fault::UnmarkedReopen { transition: name, from, to })
        }
        TransitionKind::Regular if reworks => Some(Fault::UnmarkedRework { transition: name, from, to }),
        TransitionKind::Rework if !reworks => Some(Fault::MisplacedRework { transition: name, from, to }),
        TransitionKind::Reopen if !reopens => Some(Fault::MisplacedReopen { transition: name, from, to }),
        TransitionKind::Regular | TransitionKind::Rework | TransitionKind::Reopen => None,
    }
}

/// Whether there is still work to do. An active terminal status is a separate fault.
fn is_active(status: &StatusDefinition) -> bool {
    status.phase == Phase::Active && !status.terminal
}

fn is_resolved(status: &StatusDefinition) -> bool {
    status.outcome == Some(Outcome::Resolved)
}

fn check_names(transitions: &[TransitionDefinition], faults: &mut Vec<Fault>) {
    let mut seen = BTreeSet::new();
    let mut named = BTreeSet::new();
    for TransitionDefinition { name, .. } in transitions {
        if !seen.insert(name) && named.insert(name) {
            faults.push(Fault::DuplicateTransitionName { name: name.clone() });
        }
    }
}

/// Checks that each name or label means one transition only.
fn check_words(transitions: &[TransitionDefinition], faults: &mut Vec<Fault>) {
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for transition in transitions {
        let label = transition.label.clone().unwrap_or_else(|| humanized(&transition.name));
        for word in BTreeSet::from([folded(&transition.name), folded(&label)]) {
            match owners.get(&word) {
                Some(first) if *first != transition.name => faults.push(Fault::DuplicateTransitionLabel {
                    word,
                    first: (*first).to_owned(),
                    second: transition.name.clone(),
                }),
                Some(_) => {}
                None => {
                    owners.insert(word, &transition.name);
                }
            }
        }
    }
}

fn check_ambiguity(transitions: &[TransitionDefinition], faults: &mut Vec<Fault>) {
    let mut owners: BTreeMap<(&StatusKey, &StatusKey), (usize, &str)> = BTreeMap::new();
    for (at, transition) in transitions.iter().enumerate() {
        for from in &transition.from {
            for to in &transition.to {
                let (owner, first) = *owners.entry((from, to)).or_insert((at, &transition.name));
                if owner != at {
                    faults.push(Fault::AmbiguousTransitions {
                        from: from.clone(),
                        to: to.clone(),
                        first: first.to_owned(),
                        second: transition.name.clone(),
                    });
                }
            }
        }
    }
}

/// The defined statuses among these keys, without duplicates, in their order.
fn known<'d>(definition: &'d WorkflowDefinition, keys: &'d [StatusKey]) -> impl Iterator<Item = &'d StatusDefinition> {
    let mut seen = BTreeSet::new();
    keys.iter().filter(move |key| seen.insert(*key)).filter_map(|key| find(definition, key))
}
