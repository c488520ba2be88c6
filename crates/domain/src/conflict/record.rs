//! Checks that are kept with their case.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    check::{ConflictHit, HITS_MAX, Verdict},
    decision::Decided,
};
use crate::{
    actor::Actor,
    id::{AccountId, CaseId, CheckId},
    numbers::{Numbering, Numbers},
    revision::{Revised, Revision},
    time::Timestamp,
};

/// A check of the parties of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct ConflictCheck {
    /// Account of the case.
    pub account: AccountId,
    /// Id of the check.
    pub id: CheckId,
    /// The case.
    pub case: CaseId,
    /// Public id of the case.
    pub case_uuid: Uuid,
    /// The outcome.
    pub verdict: Verdict,
    /// Who matches, with the decisions.
    pub hits: Vec<ConflictHit>,
    /// Digest of the parties and their aliases, as they were checked.
    pub parties: String,
    /// Who ran it.
    pub run_by: Actor,
    /// When.
    pub run_at: Timestamp,
    /// When a hit was decided last, or else `run_at`.
    pub updated_at: Timestamp,
}

impl ConflictCheck {
    /// Whether no hit is undecided or confirmed. A check that may have had more hits than it keeps is never cleared.
    #[must_use]
    pub fn is_cleared(&self) -> bool {
        let decided = |hit: &ConflictHit| hit.decision.as_ref().map(|decision| decision.decision);
        self.hits.len() < HITS_MAX
            && self.hits.iter().all(|hit| matches!(decided(hit), Some(Decided::Cleared | Decided::Waived)))
    }
}

impl Revised for ConflictCheck {
    fn revision(&self) -> Revision {
        Revision::of_time(self.updated_at)
    }
}

/// A check to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCheck {
    /// The outcome.
    pub verdict: Verdict,
    /// Who matches.
    pub hits: Vec<ConflictHit>,
    /// See [`ConflictCheck::parties`].
    pub parties: String,
}

/// A command on the checks of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum CheckCommand {
    /// Keeps a check.
    Keep(NewCheck),
    /// Decides a hit.
    Decide {
        /// The check as stored.
        check: Box<ConflictCheck>,
        /// Number of the hit, from 1.
        hit: usize,
        /// The decision.
        decision: Decided,
        /// Why.
        reason: String,
    },
}

/// Event of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckEvent {
    /// Id of the check.
    pub id: CheckId,
    /// What happened.
    pub what: CheckHappening,
}

/// What can happen to a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckHappening {
    /// It was run.
    Run {
        /// The outcome.
        verdict: Verdict,
        /// Number of hits.
        hits: usize,
    },
    /// A hit was decided.
    Decided {
        /// Number of the hit, from 1.
        hit: usize,
        /// The decision.
        decision: Decided,
        /// Why.
        reason: String,
    },
}

impl CheckEvent {
    /// Stable name of the event.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.what {
            CheckHappening::Run { .. } => "conflict_check.run",
            CheckHappening::Decided { .. } => "conflict_check.decided",
        }
    }

    /// One-line title for display.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.what {
            CheckHappening::Run { verdict, .. } => format!("Checked for conflicts: {}", verdict.as_str()),
            CheckHappening::Decided { hit, decision, .. } => {
                format!("Hit {hit} of a conflict check {}", decision.as_str())
            }
        }
    }

    /// Event details as a JSON object.
    #[must_use]
    pub fn metadata(&self) -> Value {
        let id = self.id.to_string();
        match &self.what {
            CheckHappening::Run { verdict, hits } => json!({ "check_id": id, "verdict": verdict, "hits": hits }),
            CheckHappening::Decided { hit, decision, reason } => {
                json!({ "check_id": id, "hit": hit, "decision": decision, "reason": reason })
            }
        }
    }
}

impl Numbering for CheckEvent {
    fn number(&mut self, numbers: &Numbers) {
        numbers.replace(&mut self.id);
    }
}

/// A row of a check to insert or update.
#[derive(Debug, Clone, PartialEq)]
pub enum CheckChange {
    /// Insert the check.
    Added(Box<ConflictCheck>),
    /// Update the hits of the check.
    Decided(Box<ConflictCheck>),
}

impl Numbering for CheckChange {
    fn number(&mut self, numbers: &Numbers) {
        match self {
            Self::Added(check) => numbers.replace(&mut check.id),
            Self::Decided(_) => {}
        }
    }
}
