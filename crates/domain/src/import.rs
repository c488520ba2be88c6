//! Import of the event logs of other systems.
//!
//! A row of a log gives the status of a case from a point in time on. The first row of a case with a mapped status
//! creates the case in that status. Each later row requests a transition to its status, under the rules of the
//! workflow; a row that the workflow refuses leaves the case unchanged. A row with the current status changes nothing.
//! The actor of a row does not become the owner of the case.

mod conform;
mod discover;
mod log;
mod replay;

use std::collections::{BTreeMap, BTreeSet};

pub use self::{
    conform::{Conformance, Deviation, conform},
    discover::{Discovery, discover, key_of},
    log::{Log, LogRun},
    replay::{ImportContext, Replayed, replay},
};
use crate::{
    case::Case,
    decision::Decision,
    digest::{digest, micros},
    error::{FieldError, FieldErrors},
    id::CaseId,
    text,
    time::Timestamp,
    workflow::{StatusKey, Workflow},
};

/// Reason of a transition that requires one, if the row has none.
pub const REASON: &str = "imported";
/// Actor of a row that names none.
pub const UNKNOWN_ACTOR: &str = "unknown";

/// One event of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Line of the log on which the row begins, from 1. Used in reports.
    pub line: u64,
    /// Id of the case in the log.
    pub case: String,
    /// Status after the event, in the words of the log.
    pub status: String,
    /// Name of the actor.
    pub actor: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Reason, if the log has one. A transition that requires a reason gets [`REASON`] otherwise.
    pub reason: Option<String>,
}

/// Digest of the content of a row. Rows with equal content have equal digests, wherever they are in the log.
///
/// It is the first 8 bytes of a SHA-256. Two different rows have the same digest with a probability of 1 in 2^64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowDigest(pub u64);

impl LogRow {
    /// Digest of the content of the row, without the line number and the case.
    #[must_use]
    pub fn digest(&self) -> RowDigest {
        let hash = digest([
            ("status", self.status.as_str().into()),
            ("actor", self.actor.as_str().into()),
            ("occurred_at", micros(self.occurred_at)),
            ("reason", self.reason.as_deref().into()),
        ]);
        let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
        RowDigest(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }

    /// Checks the texts of the row.
    ///
    /// # Errors
    /// One [`FieldError`] for each field that is empty, too long or has control characters.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut faults = FieldErrors::default();
        for (field, line) in [("case", &self.case), ("status", &self.status), ("actor", &self.actor)] {
            faults.keep(text::check_line(field, line, text::SHORT_MAX));
        }
        faults.finish()
    }
}

/// Maps the statuses of a log to the statuses of the workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogMap {
    /// Name of the log. The name and the id of the case in the log identify an imported case.
    pub source: String,
    /// Statuses of the workflow, by the statuses of the log.
    pub statuses: BTreeMap<String, StatusKey>,
    /// Statuses of the log that are skipped on purpose.
    pub skip: BTreeSet<String>,
}

impl LogMap {
    /// Checks the map against the workflow of the import.
    ///
    /// # Errors
    /// All errors: a status that the workflow does not have, a status of the log that is both mapped and skipped, no
    /// mapped status, an invalid name.
    pub fn check(&self, workflow: &Workflow) -> Result<(), Vec<FieldError>> {
        let mut faults = FieldErrors::default();
        faults.keep(text::check_line("source", &self.source, text::SHORT_MAX));
        if self.statuses.is_empty() {
            faults.add("statuses", "must map at least one status");
        }
        for (theirs, status) in &self.statuses {
            if workflow.status(status).is_none() {
                faults.add("statuses", format!("{theirs:?} is mapped to {status}, which the workflow does not have"));
            }
            if self.skip.contains(theirs) {
                faults.add("skip", format!("{theirs:?} is mapped as well"));
            }
        }
        faults.finish()
    }
}

/// State of a case of the log after earlier imports.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedCase {
    /// Id of the case in the log.
    pub external_id: String,
    /// Digests of the processed rows.
    pub rows: Vec<RowDigest>,
    /// Time of the newest processed row.
    pub last_at: Option<Timestamp>,
    /// The case, even if it is deleted. `None` if no row has created it yet.
    pub case: Option<Case>,
}

/// What an import writes for one case of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportStep {
    /// Id of the case in the log.
    pub external_id: String,
    /// Number of rows processed before. `None` if the store does not know the case of the log yet.
    pub rows_before: Option<usize>,
    /// Digests of all rows processed so far, including earlier imports.
    pub rows: Vec<RowDigest>,
    /// Time of the newest of these rows.
    pub last_at: Option<Timestamp>,
    /// The case, if it exists.
    pub case: Option<CaseId>,
    /// The decision to commit. `None` if the rows change nothing.
    pub decision: Option<Decision>,
}

/// Number of rows by outcome. Every processed row counts in `events` and in one of `cases`, `transitions`, `unchanged`,
/// `skipped` and `refused`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rows that created a case.
    pub cases: u64,
    /// Processed rows.
    pub events: u64,
    /// Rows that changed the status of a case.
    pub transitions: u64,
    /// Rows with the current status of their case.
    pub unchanged: u64,
    /// Rows that were skipped: status not mapped, late, or invalid.
    pub skipped: u64,
    /// Rows that the workflow refused.
    pub refused: u64,
    /// Rows older than the newest row of their case in an earlier import; included in `skipped`.
    pub late: u64,
    /// Rows that could not be read; included in `skipped`.
    pub invalid: u64,
    /// Rows that an earlier import had processed; not included in any other count.
    pub known: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.cases += more.cases;
        self.events += more.events;
        self.transitions += more.transitions;
        self.unchanged += more.unchanged;
        self.skipped += more.skipped;
        self.refused += more.refused;
        self.late += more.late;
        self.invalid += more.invalid;
        self.known += more.known;
    }
}

/// A row that changed nothing, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The line of the log on which the row begins, from 1.
    pub line: u64,
    /// Id of the case in the log.
    pub case: String,
    /// Status in the words of the log.
    pub status: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Why the row changed nothing.
    pub why: Why,
}

impl Remark {
    pub(crate) fn new(row: &LogRow, why: Why) -> Self {
        let LogRow { line, case, status, occurred_at, .. } = row.clone();
        Self { line, case, status, occurred_at, why }
    }
}

/// Why a row changed nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The map skips the status.
    Skipped,
    /// The map does not contain the status.
    Unknown,
    /// An earlier import processed a newer row of the case.
    Late {
        /// Time of that row.
        imported_to: Timestamp,
    },
    /// The workflow refused the transition.
    Refused {
        /// Status of the case. `None` if the case does not exist yet.
        from: Option<StatusKey>,
        /// Requested status.
        to: StatusKey,
        /// Reasons of the workflow.
        reason: String,
    },
}
