//! A transition: its name, its start statuses and its targets.

use std::{fmt, iter};

use serde::{Deserialize, Serialize};

use super::{guard::Guard, status::StatusKey};

/// Whether a transition is a regular move, a rework or a reopening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransitionKind {
    /// A regular move.
    #[default]
    Regular,
    /// Undoes a resolution: from a resolved status back to active work.
    Rework,
    /// Reopens a closed entity, back to active work. It requires a reason and starts the next instance of the series.
    /// Nothing else leaves a terminal status.
    Reopen,
}

impl TransitionKind {
    /// The word in definitions.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Rework => "rework",
            Self::Reopen => "reopen",
        }
    }

    /// Whether it is the default, which definitions leave out.
    #[must_use]
    pub const fn is_regular(&self) -> bool {
        matches!(self, Self::Regular)
    }
}

impl fmt::Display for TransitionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A named transition of a workflow: from any of its start statuses to any of its targets.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// Stable name, unique in the workflow.
    pub name: String,
    /// Display name.
    pub label: String,
    /// The statuses from which it starts; at least one.
    pub from: Vec<StatusKey>,
    /// The default target.
    pub to: StatusKey,
    /// Other targets that a request can name.
    pub or_to: Vec<StatusKey>,
    /// Whether the caller must give a reason.
    pub requires_reason: bool,
    /// Additional scope that the caller needs.
    pub scope: Option<String>,
    /// Conditions on the fields of the entity; all must hold.
    pub guards: Vec<Guard>,
    /// Whether it is a regular move, a rework or a reopening.
    pub kind: TransitionKind,
}

impl Transition {
    /// Whether it starts from this status.
    #[must_use]
    pub fn starts_from(&self, status: &StatusKey) -> bool {
        self.from.contains(status)
    }

    /// Whether it can lead to this status.
    #[must_use]
    pub fn leads_to(&self, status: &StatusKey) -> bool {
        self.targets().any(|target| target == status)
    }

    /// The targets, the default target first.
    pub fn targets(&self) -> impl Iterator<Item = &StatusKey> {
        iter::once(&self.to).chain(&self.or_to)
    }

    /// Whether it reopens a closed entity and starts the next instance of the series.
    #[must_use]
    pub fn reopens(&self) -> bool {
        self.kind == TransitionKind::Reopen
    }

    /// Whether it undoes a resolution.
    #[must_use]
    pub fn reworks(&self) -> bool {
        self.kind == TransitionKind::Rework
    }
}

/// One change of status of a workflow: a line of the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rule<'w> {
    /// The start status.
    pub from_status: &'w StatusKey,
    /// The target status.
    pub to_status: &'w StatusKey,
    /// The name of the transition.
    pub name: &'w str,
    /// Whether the caller must give a reason.
    pub requires_reason: bool,
}
