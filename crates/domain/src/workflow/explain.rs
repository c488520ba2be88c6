//! Every move, allowed or denied, with all the reasons: what a user interface and a puzzled person need.

use std::fmt;

use serde::Serialize;

use super::{
    guard::Facts,
    model::Workflow,
    reason::{Grants, Reason},
    status::StatusKey,
    transition::Transition,
};

/// What the caller has to hand in with a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// Why the move is made.
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

/// One move: whether this actor can make it now, and if not, why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The name of the transition.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Where it leads.
    pub to: StatusKey,
    /// Whether it can be made now, given what it requires.
    pub allowed: bool,
    /// What has to be handed in with it. That something has to be is no reason against it.
    pub requires: Vec<Requirement>,
    /// Every reason against it; none where it is allowed.
    pub reasons: Vec<Reason>,
}

/// A move that can be made now, given what it requires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AllowedMove {
    /// The name of the transition.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Where it leads.
    pub to: StatusKey,
    /// What has to be handed in with it.
    pub requires: Vec<Requirement>,
}

impl From<Explanation> for AllowedMove {
    fn from(explanation: Explanation) -> Self {
        let Explanation { name, label, to, requires, .. } = explanation;
        Self { name, label, to, requires }
    }
}

impl Workflow {
    /// Every move that the workflow knows (each transition to each of its targets, in the order of the definition),
    /// for something in status `from`: allowed, or denied with every reason.
    #[must_use]
    pub fn explain(&self, from: &StatusKey, facts: &dyn Facts, actor: &dyn Grants) -> Vec<Explanation> {
        self.transitions()
            .iter()
            .flat_map(|transition| transition.targets().map(move |to| (transition, to)))
            .map(|(transition, to)| self.explain_move(from, transition, to, facts, actor))
            .collect()
    }

    /// The moves that start from a status, explained.
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
