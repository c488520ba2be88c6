//! Where a fault is in the definition, and what to do about it.

use super::{Fault, TransitionEnd};
use crate::workflow::{
    definition::WorkflowDefinition,
    finding::Finding,
    status::StatusKey,
    text::{listed, quoted},
};

impl Fault {
    /// The fault in the form for callers. `definition` is the one that it was found in.
    #[must_use]
    pub fn finding(&self, definition: &WorkflowDefinition) -> Finding {
        Finding { code: self.code(), path: self.path(definition), message: self.to_string(), hint: self.hint() }
    }

    /// The place as a JSON pointer into the definition. Of two that contradict each other, the second.
    #[must_use]
    pub fn path(&self, definition: &WorkflowDefinition) -> String {
        let status = |key: &StatusKey, field: &str| status_path(definition, key, field);
        let transition = |name: &str, field: &str| transition_path(definition, name, field);
        match self {
            Self::Malformed { .. } | Self::TooMany { .. } => String::new(),
            Self::MissingField { path, .. }
            | Self::WrongType { path, .. }
            | Self::UnknownField { path, .. }
            | Self::InvalidGuard { path, .. } => path.clone(),
            Self::InvalidName => "/name".to_owned(),
            Self::NoStatuses | Self::NoInitialStatus | Self::SeveralInitialStatuses { .. } => "/statuses".to_owned(),
            Self::InvalidStatusKey { position, .. } => format!("/statuses/{}/key", position.saturating_sub(1)),
            Self::DuplicateStatusKey { key } => status(key, "key"),
            Self::InvalidStatusId { status: key, .. } | Self::DuplicateStatusId { second: key, .. } => {
                status(key, "id")
            }
            Self::EmptyStatusLabel { status: key }
            | Self::UnprintableStatusLabel { status: key }
            | Self::DuplicateStatusLabel { second: key, .. } => status(key, "label"),
            Self::InvalidColor { status: key, .. } => status(key, "color"),
            Self::TerminalNotClosed { status: key } => status(key, "phase"),
            Self::OutcomeOutsidePhase { status: key, .. } => status(key, "outcome"),
            Self::TerminalInitial { status: key } => status(key, "initial"),
            Self::UnreachableStatus { status: key, .. } | Self::DeadEnd { status: key } => status(key, ""),
            Self::InvalidTransitionName { position, .. } => format!("/transitions/{}/name", position.saturating_sub(1)),
            Self::DuplicateTransitionName { name } => transition(name, "name"),
            Self::EmptyTransitionLabel { transition: name }
            | Self::UnprintableTransitionLabel { transition: name }
            | Self::DuplicateTransitionLabel { second: name, .. } => transition(name, "label"),
            Self::NoEnd { transition: name, side }
            | Self::UnknownStatus { transition: name, side, .. }
            | Self::RepeatedStatus { transition: name, side, .. } => transition(name, &side.to_string()),
            Self::SelfTransition { transition: name, .. } => transition(name, &TransitionEnd::To.to_string()),
            Self::AmbiguousTransitions { second: name, .. } => transition(name, ""),
            Self::TerminalWayOut { transition: name, .. } => transition(name, "from"),
            Self::UnmarkedReopen { transition: name, .. }
            | Self::MisplacedReopen { transition: name, .. }
            | Self::UnmarkedRework { transition: name, .. }
            | Self::MisplacedRework { transition: name, .. } => transition(name, "kind"),
            Self::ReopenWithoutReason { transition: name } => transition(name, "requires_reason"),
            Self::UnknownScope { transition: name, .. } => transition(name, "scope"),
            Self::UnknownGuardField { transition: name, .. }
            | Self::EmptyGuard { transition: name, .. }
            | Self::GuardOfCases { transition: name, .. }
            | Self::NoAlternatives { transition: name }
            | Self::UnknownGuardTransition { transition: name, .. }
            | Self::EmptyGuardRole { transition: name, .. } => transition(name, "guards"),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        const WORD: &str = "use a to z, 0 to 9 and _, beginning with a letter, at most 64 characters";
        const LABEL: &str = "give it a line of 1 to 100 characters";
        match self {
            Self::Malformed { .. } => "send a definition as described in docs/workflow.md".to_owned(),
            Self::MissingField { field, expected, .. } => format!("add {field}: {expected}"),
            Self::WrongType { expected, .. } => format!("replace the value by {expected}"),
            Self::UnknownField { known, .. } => {
                format!("remove it; the fields here are {}", listed(known.iter(), "and"))
            }
            Self::InvalidGuard { .. } => "use one of the guards of docs/workflow.md".to_owned(),
            Self::TooMany { what, most, .. } => format!("use at most {most} {what}"),
            Self::InvalidName | Self::EmptyStatusLabel { .. } | Self::UnprintableStatusLabel { .. } => LABEL.to_owned(),
            Self::EmptyTransitionLabel { .. } | Self::UnprintableTransitionLabel { .. } => {
                format!("{LABEL}, or leave it out")
            }
            Self::NoStatuses => "add at least one status, with initial: true".to_owned(),
            Self::InvalidStatusKey { .. } | Self::InvalidTransitionName { .. } => WORD.to_owned(),
            Self::DuplicateStatusKey { .. } | Self::DuplicateStatusLabel { .. } => {
                "rename one of them, or remove it".to_owned()
            }
            Self::InvalidStatusId { .. } => "use an integer from 1".to_owned(),
            Self::DuplicateStatusId { .. } => "give one of them another id".to_owned(),
            Self::InvalidColor { .. } => "write six hexadecimal digits, for example #2E7D32".to_owned(),
            Self::TerminalNotClosed { .. } => "set phase to closed, or remove terminal".to_owned(),
            Self::OutcomeOutsidePhase { .. } => {
                "resolved needs the phase active, closed and cancelled need the phase closed".to_owned()
            }
            Self::NoInitialStatus => "set initial: true on the status of new entities".to_owned(),
            Self::SeveralInitialStatuses { .. } => "leave initial: true on one of them".to_owned(),
            Self::TerminalInitial { .. } => "make another status initial".to_owned(),
            Self::DuplicateTransitionName { .. } => "merge them into one transition, or rename one".to_owned(),
            Self::DuplicateTransitionLabel { .. } => "rename or relabel one of them".to_owned(),
            Self::NoEnd { side, .. } => format!("name at least one status in {side}"),
            Self::UnknownStatus { status, .. } => {
                format!("define the status {}, or remove it here", quoted(status.as_str()))
            }
            Self::RepeatedStatus { .. } => "name it once".to_owned(),
            Self::SelfTransition { status, .. } => format!("remove {status} from from or to"),
            Self::AmbiguousTransitions { from, first, .. } => {
                format!("remove {from} from one of them, or move the target to {first}")
            }
            Self::TerminalWayOut { .. } => "set kind to reopen, or remove the status from from".to_owned(),
            Self::UnmarkedReopen { .. } => "set kind to reopen and requires_reason to true".to_owned(),
            Self::MisplacedReopen { .. } => "remove kind, or lead from a closed to an active status".to_owned(),
            Self::ReopenWithoutReason { .. } => "set requires_reason to true".to_owned(),
            Self::UnmarkedRework { .. } => "set kind to rework".to_owned(),
            Self::MisplacedRework { .. } => {
                "remove kind, or lead from a resolved to an unresolved active status".to_owned()
            }
            Self::UnknownScope { known, .. } => format!("use {}", listed(known.iter(), "or")),
            Self::UnknownGuardField { entity_type, .. } => format!(
                "use one of {}{}",
                listed(entity_type.fields().iter(), "or"),
                entity_type.free_fields().map_or_else(String::new, |free| format!(", or {free}.NAME for a free field"))
            ),
            Self::EmptyGuard { .. } => "list at least one value".to_owned(),
            Self::GuardOfCases { .. } => "use a guard on a field".to_owned(),
            Self::NoAlternatives { .. } => "list at least one guard, or remove any_of".to_owned(),
            Self::UnknownGuardTransition { .. } => "name a transition of this workflow".to_owned(),
            Self::EmptyGuardRole { .. } => "name the role, for example lead".to_owned(),
            Self::UnreachableStatus { initial, .. } => {
                format!("add a transition that leads to it, by any way from {initial}")
            }
            Self::DeadEnd { .. } => "add a transition that starts from it, or set terminal: true".to_owned(),
        }
    }
}

fn at(list: &str, position: Option<usize>, field: &str) -> String {
    let place = position.map_or_else(|| format!("/{list}"), |position| format!("/{list}/{position}"));
    if field.is_empty() || position.is_none() { place } else { format!("{place}/{field}") }
}

fn status_path(definition: &WorkflowDefinition, key: &StatusKey, field: &str) -> String {
    at("statuses", definition.statuses.iter().rposition(|status| status.key == *key), field)
}

fn transition_path(definition: &WorkflowDefinition, name: &str, field: &str) -> String {
    at("transitions", definition.transitions.iter().rposition(|transition| transition.name == name), field)
}
