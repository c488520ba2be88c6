//! The case: one matter, from creation to resolution.

mod details;
mod number;
mod parts;
mod priority;
mod source;
mod tags;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::{
    details::{Details, Edit},
    number::{CaseNumber, FormerNumbers, NotACaseNumber, Series},
    parts::{MergeId, MergedInto, Part},
    priority::{Priority, UnknownPriority},
    source::Source,
    tags::{TAGS_GIVEN_MAX, Tags},
};
use crate::{
    id::{AccountId, CaseId},
    log_hash::LogHash,
    revision::{Revised, Revision},
    time::Timestamp,
    workflow::{Facts, Outcome, Phase, Related, StatusKey, WorkflowId},
};

/// The state of a case: the fold of the events of its log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The account that owns it.
    pub account: AccountId,
    /// Integer id, assigned by the store at creation.
    pub id: CaseId,
    /// Public id (UUIDv7).
    pub uuid: Uuid,
    /// Number of events in its log.
    pub version: i64,
    /// The workflow version that it follows.
    pub workflow: WorkflowId,
    /// Its status in that workflow.
    pub status: StatusKey,
    /// The phase of that status.
    pub phase: Phase,
    /// How the matter ended, if the status says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Series and instance.
    pub series: Series,
    /// Former case numbers.
    #[serde(default, skip_serializing_if = "FormerNumbers::is_empty")]
    pub former_numbers: FormerNumbers,
    /// What it was created from.
    pub source: Source,
    /// The case that it follows up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CaseId>,
    /// Public id of the parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_uuid: Option<Uuid>,
    /// The fields that users write.
    pub details: Details,
    /// Name of the actor who created it.
    pub created_by: String,
    /// Time of creation for the users; equal to `created_at` except for imports.
    pub occurred_at: Timestamp,
    /// Time of recording in the system.
    pub created_at: Timestamp,
    /// Time of the last update in the system.
    pub updated_at: Timestamp,
    /// When it was resolved. A rework or a reopening clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
    /// When it was closed or cancelled. A reopening clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// Time of the first resolution that was not reworked. Duration statistics use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_resolved_at: Option<Timestamp>,
    /// When it was archived. Only a closed case can be archived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Timestamp>,
    /// When it was deleted. A deleted case is in no read; it can only be restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    /// The case that it is a part of. It accepts no command of its own then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<MergedInto>,
    /// Its parts, and the parts of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// When the first of its running service level clocks is due. It follows from the log and the service levels, so it is
    /// not part of what the log gives.
    #[serde(skip)]
    pub sla_due_at: Option<Timestamp>,
    /// Hash of the last event of its log.
    #[serde(skip)]
    pub log_head: LogHash,
    /// What guards of its workflow ask for besides fields. Loaded only for a decision or an explanation that needs it.
    #[serde(skip)]
    pub related: Option<Box<Related>>,
}

/// Phase of a case, with the archive as a third phase. It is the `status` of a case in the native dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CasePhase {
    /// Being worked on.
    Active,
    /// Closed, and not archived.
    Closed,
    /// Closed and archived.
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

    /// The phase with this word.
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

    /// The name, or the case number if there is no name.
    #[must_use]
    pub fn name(&self) -> String {
        self.details.name.clone().unwrap_or_else(|| self.number().to_string())
    }

    /// The phase, including the archive.
    #[must_use]
    pub const fn case_phase(&self) -> CasePhase {
        match (self.phase, self.archived_at) {
            (Phase::Active, _) => CasePhase::Active,
            (Phase::Closed, None) => CasePhase::Closed,
            (Phase::Closed, Some(_)) => CasePhase::Archived,
        }
    }

    /// Whether it was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.outcome == Some(Outcome::Cancelled)
    }

    /// Whole seconds from creation to the first resolution that was not reworked.
    #[must_use]
    pub fn resolution_seconds(&self) -> Option<i64> {
        self.first_resolved_at.map(|resolved| (resolved - self.occurred_at).num_seconds().max(0))
    }

    /// The text that a search matches: name, file number, case number and former case numbers, one per line, then those
    /// of its parts, in the form of [`search_key`](crate::text::search_key).
    #[must_use]
    pub fn search_text(&self) -> String {
        let mut text = self.own_search_text();
        for part in &self.parts {
            text.push('\n');
            text.push_str(&part.text);
        }
        text
    }

    /// [`Self::search_text`] without its parts.
    #[must_use]
    pub fn own_search_text(&self) -> String {
        let file_number = self.details.file_number.as_deref().unwrap_or_default();
        let mut text = format!("{}\n{file_number}\n{}", self.name(), self.number());
        for former in self.former_numbers.iter() {
            text.push('\n');
            text.push_str(&former.to_string());
        }
        crate::text::search_key(&text)
    }
}

impl Case {
    /// The case and its parts: whose notes, documents and other things a reader of the case sees.
    #[must_use]
    pub fn whole(&self) -> Vec<CaseId> {
        std::iter::once(self.id).chain(self.parts.iter().map(|part| part.case)).collect()
    }

    /// Public id of the part that a thing of [`Self::whole`] is on; `None` if it is on the case itself.
    #[must_use]
    pub fn origin_of(&self, on: CaseId) -> Option<Uuid> {
        self.parts.iter().find(|part| part.case == on).map(|part| part.uuid)
    }

    /// Whether it is in lists, counts and statistics: neither deleted nor a part of another case.
    #[must_use]
    pub const fn is_listed(&self) -> bool {
        self.deleted_at.is_none() && self.merged.is_none()
    }

    /// The case as parts of a survivor: itself and its own parts.
    pub(crate) fn as_parts(&self, merge: MergeId) -> impl Iterator<Item = Part> {
        let own = Part { merge, case: self.id, uuid: self.uuid, text: self.own_search_text() };
        std::iter::once(own).chain(self.parts.iter().map(move |part| Part { merge, ..part.clone() }))
    }
}

/// Workflow guards read the fields of a case through this trait.
impl Facts for Case {
    fn field(&self, name: &str) -> Option<serde_json::Value> {
        self.details.field(name)
    }

    fn related(&self) -> Option<&Related> {
        self.related.as_deref()
    }
}
