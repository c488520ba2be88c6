//! Checks of each status, and of all statuses together.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{is_printable, is_word};
use crate::workflow::{
    definition::{StatusDefinition, WorkflowDefinition},
    fault::Fault,
    status::{Color, Outcome, Phase, StatusKey},
    text::folded,
};

pub(super) fn check(definition: &WorkflowDefinition, faults: &mut Vec<Fault>) {
    if definition.statuses.is_empty() {
        faults.push(Fault::NoStatuses);
        return;
    }
    for (position, status) in (1..).zip(&definition.statuses) {
        if !is_word(status.key.as_str()) {
            faults.push(Fault::InvalidStatusKey { position, key: status.key.clone() });
        }
        check_one(status, faults);
    }
    check_doubles(&definition.statuses, faults);
    check_initial(&definition.statuses, faults);
}

fn check_one(status: &StatusDefinition, faults: &mut Vec<Fault>) {
    let key = || status.key.clone();
    if status.id < 1 {
        faults.push(Fault::InvalidStatusId { status: key(), id: status.id });
    }
    if status.label.trim().is_empty() {
        faults.push(Fault::EmptyStatusLabel { status: key() });
    } else if !is_printable(&status.label) {
        faults.push(Fault::UnprintableStatusLabel { status: key() });
    }
    if Color::parse(&status.color).is_err() {
        faults.push(Fault::InvalidColor { status: key(), color: status.color.clone() });
    }
    if status.terminal && status.phase != Phase::Closed {
        faults.push(Fault::TerminalNotClosed { status: key() });
    }
    match status.outcome {
        Some(outcome @ (Outcome::Closed | Outcome::Cancelled)) if status.phase != Phase::Closed => {
            faults.push(Fault::OutcomeOutsidePhase { status: key(), outcome, phase: status.phase });
        }
        Some(outcome @ Outcome::Resolved) if status.phase != Phase::Active => {
            faults.push(Fault::OutcomeOutsidePhase { status: key(), outcome, phase: status.phase });
        }
        Some(Outcome::Resolved | Outcome::Closed | Outcome::Cancelled) | None => {}
    }
}

fn check_doubles(statuses: &[StatusDefinition], faults: &mut Vec<Fault>) {
    let mut keys: BTreeSet<&StatusKey> = BTreeSet::new();
    let mut named: BTreeSet<&StatusKey> = BTreeSet::new();
    let mut ids: BTreeMap<i64, &StatusKey> = BTreeMap::new();
    let mut labels: BTreeMap<String, &StatusKey> = BTreeMap::new();
    for status in statuses {
        let second = || status.key.clone();
        if !keys.insert(&status.key) && named.insert(&status.key) {
            faults.push(Fault::DuplicateStatusKey { key: second() });
        }
        if let Some(first) = ids.get(&status.id) {
            faults.push(Fault::DuplicateStatusId { id: status.id, first: (*first).clone(), second: second() });
        } else {
            ids.insert(status.id, &status.key);
        }
        let label = folded(&status.label);
        if label.is_empty() {
            continue;
        }
        if let Some(first) = labels.get(&label) {
            faults.push(Fault::DuplicateStatusLabel {
                label: status.label.clone(),
                first: (*first).clone(),
                second: second(),
            });
        } else {
            labels.insert(label, &status.key);
        }
    }
}

fn check_initial(statuses: &[StatusDefinition], faults: &mut Vec<Fault>) {
    let initial: Vec<&StatusDefinition> = statuses.iter().filter(|status| status.initial).collect();
    match initial.as_slice() {
        [] => faults.push(Fault::NoInitialStatus),
        [_] => {}
        [_, _, ..] => faults.push(Fault::SeveralInitialStatuses {
            statuses: initial.iter().map(|status| status.key.clone()).collect(),
        }),
    }
    for status in initial.into_iter().filter(|status| status.terminal) {
        faults.push(Fault::TerminalInitial { status: status.key.clone() });
    }
}
