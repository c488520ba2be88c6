//! Explains every move: allowed or denied, with all reasons. User interfaces use it.

use std::fmt;

use serde::Serialize;

use super::{
    guard::Facts,
    model::Workflow,
    reason::{Grants, Reason},
    status::StatusKey,
    transition::Transition,
};

/// Input that a move requires from the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// A reason for the move.
    Reason,
}

impl Requirement {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reason => "reason",
        }
    }

    fn of(transition: &Transition) -> Vec<Self> {
        if transition.requires_reason { vec![Self::Reason] } else { Vec::new() }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One move: whether the actor can make it now, and if not, why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The name of the transition.
    pub name: String,
    /// Display name of the transition.
    pub label: String,
    /// Target status.
    pub to: StatusKey,
    /// Whether the move can be made now, provided that the required input is given.
    pub allowed: bool,
    /// Required input. A requirement is not a reason against the move.
    pub requires: Vec<Requirement>,
    /// Every reason against the move; empty if it is allowed.
    pub reasons: Vec<Reason>,
}

/// A move that can be made now, provided that the required input is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AllowedMove {
    /// The name of the transition.
    pub name: String,
    /// Display name of the transition.
    pub label: String,
    /// Target status.
    pub to: StatusKey,
    /// Required input.
    pub requires: Vec<Requirement>,
}

impl From<Explanation> for AllowedMove {
    fn from(explanation: Explanation) -> Self {
        let Explanation { name, label, to, requires, .. } = explanation;
        Self { name, label, to, requires }
    }
}

impl Workflow {
    /// Explains every move of the workflow for an entity in status `from`: each transition to each of its targets, in
    /// the order of the definition.
    #[must_use]
    pub fn explain(&self, from: &StatusKey, facts: &dyn Facts, actor: &dyn Grants) -> Vec<Explanation> {
        self.transitions()
            .iter()
            .flat_map(|transition| transition.targets().map(move |to| (transition, to)))
            .map(|(transition, to)| self.explain_move(from, transition, to, facts, actor))
            .collect()
    }

    /// Explains the moves that start from a status.
    pub(super) fn explain_from<'w>(
        &'w self,
        from: &'w StatusKey,
        facts: &'w dyn Facts,
        actor: &'w dyn Grants,
    ) -> impl Iterator<Item = Explanation> {
        self.transitions_from(from).map(move |(transition, to)| self.explain_move(from, transition, to, facts, actor))
    }

    fn explain_move(
        &self,
        from: &StatusKey,
        transition: &Transition,
        to: &StatusKey,
        facts: &dyn Facts,
        actor: &dyn Grants,
    ) -> Explanation {
        let here = self.status(from);
        let mut reasons = Vec::new();
        if here.is_none() {
            reasons.push(self.present_status_unknown(from));
        }
        if let Some(to) = self.status(to) {
            reasons.extend(self.objections(here, transition, to, facts, actor));
        }
        Explanation {
            name: transition.name.clone(),
            label: transition.label.clone(),
            to: to.clone(),
            allowed: reasons.is_empty(),
            requires: Requirement::of(transition),
            reasons,
        }
    }
}
