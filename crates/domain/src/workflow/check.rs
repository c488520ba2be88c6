//! From a definition to a workflow: every check, every fault at once.

mod graph;
mod statuses;
mod transitions;

use super::{
    Workflow,
    definition::{StatusDefinition, TransitionDefinition, WorkflowDefinition},
    fault::{Fault, Side, WorkflowFaults},
    id::WorkflowId,
    status::{Color, Status, StatusKey},
    text::humanized,
    transition::Transition,
};

/// The longest label, in characters.
const LONGEST_LABEL: usize = 100;
/// The longest key or name, in bytes.
const LONGEST_WORD: usize = 64;

/// Checks a definition and makes its workflow.
pub(super) fn check(definition: WorkflowDefinition) -> Result<Workflow, WorkflowFaults> {
    let mut faults = Vec::new();
    if !is_label(&definition.name) {
        faults.push(Fault::InvalidName);
    }
    statuses::check(&definition, &mut faults);
    transitions::check(&definition, &mut faults);
    graph::check(&definition, &mut faults);
    if let Some(faults) = WorkflowFaults::some(faults) {
        return Err(faults);
    }
    Ok(build(definition)?)
}

/// Makes the workflow of a definition that has passed; every fault named here has been looked for before.
fn build(definition: WorkflowDefinition) -> Result<Workflow, Fault> {
    let statuses: Vec<Status> = (1..)
        .zip(definition.statuses)
        .map(|(sort_order, status)| build_status(status, sort_order))
        .collect::<Result<_, _>>()?;
    let initial = statuses.iter().find(|status| status.initial).cloned().ok_or(Fault::NoInitialStatus)?;
    let transitions = definition.transitions.into_iter().map(build_transition).collect::<Result<_, _>>()?;
    let mut workflow = Workflow {
        id: WorkflowId(uuid::Uuid::nil()),
        entity_type: definition.entity_type,
        name: definition.name,
        statuses,
        initial,
        transitions,
    };
    workflow.id =
        WorkflowId::of(&workflow.definition()).map_err(|error| Fault::Malformed { message: error.to_string() })?;
    Ok(workflow)
}

fn build_status(status: StatusDefinition, sort_order: u32) -> Result<Status, Fault> {
    let color = Color::parse(&status.color)
        .map_err(|_| Fault::InvalidColor { status: status.key.clone(), color: status.color.clone() })?;
    Ok(Status {
        key: status.key,
        id: status.id,
        label: status.label,
        description: status.description,
        color,
        phase: status.phase,
        initial: status.initial,
        terminal: status.terminal,
        outcome: status.outcome,
        sort_order,
    })
}

fn build_transition(transition: TransitionDefinition) -> Result<Transition, Fault> {
    let mut targets = transition.to.into_iter();
    let Some(to) = targets.next() else {
        return Err(Fault::NoEnd { transition: transition.name, side: Side::To });
    };
    Ok(Transition {
        label: transition.label.unwrap_or_else(|| humanized(&transition.name)),
        name: transition.name,
        from: transition.from,
        to,
        or_to: targets.collect(),
        requires_reason: transition.requires_reason,
        scope: transition.scope,
        guards: transition.guards,
        kind: transition.kind,
    })
}

/// A lower-case word that can stand in a URL, a query and a file name.
fn is_word(word: &str) -> bool {
    word.len() <= LONGEST_WORD
        && word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// A short line of text with something in it.
fn is_label(label: &str) -> bool {
    !label.trim().is_empty() && is_printable(label)
}

fn is_printable(label: &str) -> bool {
    label.chars().count() <= LONGEST_LABEL && !label.chars().any(char::is_control)
}

/// The status of this key; the first, where there are several.
fn find<'d>(definition: &'d WorkflowDefinition, key: &StatusKey) -> Option<&'d StatusDefinition> {
    definition.statuses.iter().find(|status| status.key == *key)
}
