//! Merging cases, and undoing it exactly.
//!
//! A merge moves nothing. It records that cases, the *parts*, belong to another, the *survivor*. The survivor is read with
//! what its parts have; a part accepts no command on the case any more. So undoing a merge has nothing to move back.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

pub use crate::case::{MergeId, MergedInto, Part};
use crate::{
    actor::Actor,
    id::{AccountId, CaseId},
    revision::{Revised, Revision},
    time::Timestamp,
};

/// Maximum number of cases that one merge makes parts.
pub const CASES_MAX: usize = 50;
/// Maximum number of parts of a case, the parts of its parts included.
pub const PARTS_MAX: usize = 200;

/// A merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Account of the cases.
    pub account: AccountId,
    /// Its id.
    pub id: MergeId,
    /// The survivor.
    pub into: CaseId,
    /// Public id of the survivor.
    pub into_uuid: Uuid,
    /// The parts that the request named.
    pub cases: Vec<MergedCase>,
    /// Why.
    pub reason: String,
    /// Who merged the cases.
    pub merged_by: Actor,
    /// When.
    pub merged_at: Timestamp,
    /// How it was undone; `None` while it holds.
    pub undone: Option<Undone>,
}

/// A case of a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedCase {
    /// The case.
    pub id: CaseId,
    /// Its public id.
    pub uuid: Uuid,
}

/// The end of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// Who undid it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

impl Revised for Merge {
    fn revision(&self) -> Revision {
        Revision::of_time(self.undone.as_ref().map_or(self.merged_at, |undone| undone.at))
    }
}

/// Cases to merge into another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMerge {
    /// Id of the merge.
    pub id: MergeId,
    /// Why.
    pub reason: String,
}

/// Event: cases were merged, or a merge was undone. The log of the survivor and that of each part has one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeEvent {
    /// Whether the merge was undone.
    pub undone: bool,
    /// The merge.
    pub merge: MergeId,
    /// The survivor.
    pub into: CaseId,
    /// Public id of the survivor.
    pub into_uuid: Uuid,
    /// Public ids of the cases that the merge made parts.
    pub cases: Vec<Uuid>,
    /// Why it was merged, or why that was undone.
    pub reason: String,
    /// When the cases were merged.
    pub at: Timestamp,
    /// What the survivor gained. Empty in the log of a part, and if the merge was undone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

impl MergeEvent {
    /// Stable name of the event.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        if self.undone { "case.unmerged" } else { "case.merged" }
    }

    /// One-line title for display.
    #[must_use]
    pub fn title(&self) -> String {
        let verb = if self.undone { "Undone: " } else { "" };
        let count = self.cases.len();
        format!("{verb}{count} case{} merged into {}", if count == 1 { "" } else { "s" }, self.into_uuid)
    }

    /// Event details as a JSON object.
    #[must_use]
    pub fn metadata(&self) -> Value {
        json!({
            "merge_id": self.merge.to_string(),
            "into": self.into_uuid,
            "cases": self.cases,
            "reason": self.reason,
        })
    }
}

/// A merge row to insert or update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeChange {
    /// Insert the merge.
    Added(Box<Merge>),
    /// Update the merge, which must not be undone yet.
    Undone(MergeId, Undone),
}
