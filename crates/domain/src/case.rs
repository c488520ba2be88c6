//! The case: one matter from its creation to its resolution.

mod details;
mod number;
mod priority;
mod source;
mod tags;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::{
    details::{Details, Edit},
    number::{CaseNumber, FormerNumbers, NotACaseNumber, Series},
    priority::{Priority, UnknownPriority},
    source::Source,
    tags::{TAGS_GIVEN_MAX, Tags},
};
use crate::{
    id::{AccountId, CaseId},
    log_hash::LogHash,
    revision::{Revised, Revision},
    time::Timestamp,
    workflow::{Facts, Outcome, Phase, StatusKey, WorkflowId},
};

/// A case as it stands: the sum of the events of its log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The account that owns it.
    pub account: AccountId,
    /// The integer id, given by the store at creation.
    pub id: CaseId,
    /// The public id (UUIDv7).
    pub uuid: Uuid,
    /// How many events its log has.
    pub version: i64,
    /// The workflow version that it is in.
    pub workflow: WorkflowId,
    /// Its status in that workflow.
    pub status: StatusKey,
    /// The phase of that status.
    pub phase: Phase,
    /// What the status says of the matter's end, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The place in its series.
    pub series: Series,
    /// The numbers that it had before.
    #[serde(default, skip_serializing_if = "FormerNumbers::is_empty")]
    pub former_numbers: FormerNumbers,
    /// How it came about.
    pub source: Source,
    /// The case that it follows up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CaseId>,
    /// The public id of that case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_uuid: Option<Uuid>,
    /// What its users write.
    pub details: Details,
    /// The name of who made it.
    pub created_by: String,
    /// When it came about for its users: equal to `created_at` but for imports.
    pub occurred_at: Timestamp,
    /// Time of recording in the system.
    pub created_at: Timestamp,
    /// Time of the last update in the system.
    pub updated_at: Timestamp,
    /// Since when it is resolved; cleared by a rework or a re-opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
    /// Since when it is closed or cancelled; cleared by a re-opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// The first resolution that was not reworked: what the statistics of durations count to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_resolved_at: Option<Timestamp>,
    /// Since when it is archived, which only a closed case can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Timestamp>,
    /// Since when it is deleted. A deleted case is gone from every read but its restoring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    /// The hash of the last event of its log.
    #[serde(skip)]
    pub log_head: LogHash,
}

/// What the native dialect calls a case's status: its phase, with the archive as a third.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CasePhase {
    /// Being worked on.
    Active,
    /// At an end.
    Closed,
    /// At an end and put away.
    Archived,
}

impl CasePhase {
    /// Every phase.
    pub const ALL: [Self; 3] = [Self::Active, Self::Closed, Self::Archived];

    /// The word on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Closed => "closed",
            Self::Archived => "archived",
        }
    }

    /// The phase of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.as_str() == word)
    }
}

impl Revised for Case {
    fn revision(&self) -> Revision {
        Revision::of_version(self.version)
    }
}

impl Case {
    /// The formatted number: `YYYY-MM-SSSSS-II`.
    #[must_use]
    pub fn number(&self) -> CaseNumber {
        CaseNumber::new(self.details.opened_on, self.series)
    }

    /// The name, or the case number where nobody gave one.
    #[must_use]
    pub fn name(&self) -> String {
        self.details.name.clone().unwrap_or_else(|| self.number().to_string())
    }

    /// The phase, archive included.
    #[must_use]
    pub const fn case_phase(&self) -> CasePhase {
        match (self.phase, self.archived_at) {
            (Phase::Active, _) => CasePhase::Active,
            (Phase::Closed, None) => CasePhase::Closed,
            (Phase::Closed, Some(_)) => CasePhase::Archived,
        }
    }

    /// Whether it ended by being cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.outcome == Some(Outcome::Cancelled)
    }

    /// Whole seconds from creation to the first resolution that was not reworked.
    #[must_use]
    pub fn resolution_seconds(&self) -> Option<i64> {
        self.first_resolved_at.map(|resolved| (resolved - self.occurred_at).num_seconds().max(0))
    }

    /// What a search looks through: name, file number, case number and former case numbers, one on each line, as
    /// [`search_key`](crate::text::search_key) makes them.
    #[must_use]
    pub fn search_text(&self) -> String {
        let file_number = self.details.file_number.as_deref().unwrap_or_default();
        let mut text = format!("{}\n{file_number}\n{}", self.name(), self.number());
        for former in self.former_numbers.iter() {
            text.push('\n');
            text.push_str(&former.to_string());
        }
        crate::text::search_key(&text)
    }
}

/// Guards of a workflow read a case through these.
impl Facts for Case {
    fn field(&self, name: &str) -> Option<serde_json::Value> {
        self.details.field(name)
    }
}
