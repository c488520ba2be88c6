//! A transition: one name, the statuses it starts from, and where it leads.

use std::{fmt, iter};

use serde::{Deserialize, Serialize};

use super::{guard::Guard, status::StatusKey};

/// What a transition does to what was reached before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransitionKind {
    /// It moves things along.
    #[default]
    Regular,
    /// It undoes a resolution: from a resolved status back to active work.
    Rework,
    /// The exception: it takes something closed back to active work, needs a reason whatever its target, and begins the
    /// next instance of the series. Nothing else leaves a terminal status.
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

    /// Whether it is the one that needs no mention.
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

/// A named transition of a workflow: from any status of its from-set to any of its targets.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// What the system calls it; one name is one transition.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// The statuses it starts from; at least one.
    pub from: Vec<StatusKey>,
    /// Where it leads where the caller does not say.
    pub to: StatusKey,
    /// Where else it may lead, on demand.
    pub or_to: Vec<StatusKey>,
    /// Whether the caller has to say why.
    pub requires_reason: bool,
    /// The scope it needs beyond what the call itself needs.
    pub scope: Option<String>,
    /// What has to hold of the thing itself; all of them.
    pub guards: Vec<Guard>,
    /// What it does to what was reached before.
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

    /// Where it can lead, the default target first.
    pub fn targets(&self) -> impl Iterator<Item = &StatusKey> {
        iter::once(&self.to).chain(&self.or_to)
    }

    /// Whether it is exceptional: reopens something closed and begins the next instance of the series.
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

/// One single change of status that a workflow knows: a line of the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rule<'w> {
    /// The status it starts from.
    pub from_status: &'w StatusKey,
    /// The status it leads to.
    pub to_status: &'w StatusKey,
    /// The name of the transition.
    pub name: &'w str,
    /// Whether the caller has to say why.
    pub requires_reason: bool,
}
