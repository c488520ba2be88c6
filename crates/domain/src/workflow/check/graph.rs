//! Checks of the graph: every status can be reached, and none is a dead end.

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

/// Walks from the initial status. Does nothing unless there is exactly one, which is a separate fault.
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

/// The statuses that can follow a status, except itself and undefined ones.
fn ways_out<'d>(definition: &'d WorkflowDefinition, from: &StatusKey) -> impl Iterator<Item = &'d StatusKey> {
    definition
        .transitions
        .iter()
        .filter(move |transition| transition.from.contains(from))
        .flat_map(|transition| &transition.to)
        .filter(move |to| *to != from)
        .filter_map(|to| find(definition, to).map(|status| &status.key))
}
