//! What is checked of the whole: that everything can be reached, and that nothing gets stuck.

use std::collections::BTreeSet;

use super::words::find;
use crate::workflow::{definition::WorkflowDefinition, fault::Fault, status::StatusKey};

pub(super) fn check(definition: &WorkflowDefinition, faults: &mut Vec<Fault>) {
    check_reach(definition, faults);
    let mut seen = BTreeSet::new();
    for status in &definition.statuses {
        if seen.insert(&status.key) && !status.terminal && ways_out(definition, &status.key).next().is_none() {
            faults.push(Fault::DeadEnd { status: status.key.clone() });
        }
    }
}

/// Walks from the initial status. Without exactly one there is nowhere to walk from, which is a fault of its own.
fn check_reach(definition: &WorkflowDefinition, faults: &mut Vec<Fault>) {
    let mut initial = definition.statuses.iter().filter(|status| status.initial);
    let (Some(initial), None) = (initial.next(), initial.next()) else { return };
    let mut reached = BTreeSet::from([&initial.key]);
    let mut ahead = vec![&initial.key];
    while let Some(here) = ahead.pop() {
        ahead.extend(ways_out(definition, here).filter(|to| reached.insert(*to)));
    }
    for status in &definition.statuses {
        if reached.insert(&status.key) {
            faults.push(Fault::UnreachableStatus { status: status.key.clone(), initial: initial.key.clone() });
        }
    }
}

/// Where one can go from a status; itself and what is not defined do not count.
fn ways_out<'d>(definition: &'d WorkflowDefinition, from: &StatusKey) -> impl Iterator<Item = &'d StatusKey> {
    definition
        .transitions
        .iter()
        .filter(move |transition| transition.from.contains(from))
        .flat_map(|transition| &transition.to)
        .filter(move |to| *to != from)
        .filter_map(|to| find(definition, to).map(|status| &status.key))
}
