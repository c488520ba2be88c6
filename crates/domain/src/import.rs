//! Replaying the event logs of other systems.
//!
//! A row of a log says which status a case had from a time on. The first row of a case whose status is mapped creates
//! the case in that status. Each later row asks for a transition to its status, like any request, and a row that the
//! workflow refuses leaves the case unchanged. A row with the case's current status changes nothing, even where its actor
//! differs: the actor of a row did something, and does not become the case's owner.

mod log;
mod replay;

use std::collections::{BTreeMap, BTreeSet};

pub use self::{
    log::{Log, LogRun},
    replay::{Replayed, Terms, replay},
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

/// The reason of a transition that requires one, where the row gives none.
pub const REASON: &str = "imported";
/// The name of a row's actor, where the row gives none.
pub const UNKNOWN_ACTOR: &str = "unknown";

/// One event of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// The line of the log on which the row begins, from 1; for reports.
    pub line: u64,
    /// The case by its id in the log.
    pub case: String,
    /// The status after the event, as the log names it.
    pub status: String,
    /// Who did it.
    pub actor: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Why, where the log tells. A transition that requires a reason gets [`REASON`] otherwise.
    pub reason: Option<String>,
}

/// What a row of a case says, as a number: the same content has the same number, wherever in the log it is.
///
/// It is the first 8 bytes of a SHA-256, so that two rows of one case have the same number by chance once in 2^64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowDigest(pub u64);

impl LogRow {
    /// The content of the row, without its place in the log.
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

/// Which status of a log is which status of the workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogMap {
    /// The name of the log: it and the case's id in the log identify an imported case.
    pub source: String,
    /// The statuses of the workflow by those of the log.
    pub statuses: BTreeMap<String, StatusKey>,
    /// The statuses of the log that are left out on purpose.
    pub skip: BTreeSet<String>,
}

impl LogMap {
    /// Checks the map against the workflow of the import.
    ///
    /// # Errors
    /// Every fault: a status that the workflow does not have, a status of the log that is both mapped and skipped, a bad name.
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

/// What earlier imports did with a case of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedCase {
    /// The case by its id in the log.
    pub external_id: String,
    /// The rows that were processed.
    pub rows: Vec<RowDigest>,
    /// The time of the newest of them.
    pub last_at: Option<Timestamp>,
    /// The case, also if it was deleted since; none where no row has created it yet.
    pub case: Option<Case>,
}

/// What an import writes of one case of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportStep {
    /// The case by its id in the log.
    pub external_id: String,
    /// How many rows had been processed before; none where the store does not know the case of the log yet.
    pub rows_before: Option<usize>,
    /// All rows that are processed then, those of earlier imports included.
    pub rows: Vec<RowDigest>,
    /// The time of the newest of them.
    pub last_at: Option<Timestamp>,
    /// The case, where there is one already.
    pub case: Option<CaseId>,
    /// What the rows lead to; none where they change nothing.
    pub decision: Option<Decision>,
}

/// What became of rows. Every row that was processed is in `events` and in one of `cases`, `transitions`, `unchanged`,
/// `skipped` and `refused`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rows that created their case.
    pub cases: u64,
    /// Rows that were processed.
    pub events: u64,
    /// Rows that changed the status of their case.
    pub transitions: u64,
    /// Rows with the current status of their case.
    pub unchanged: u64,
    /// Rows that were left out: with a status that is not mapped, late, or invalid.
    pub skipped: u64,
    /// Rows that the workflow refused.
    pub refused: u64,
    /// Rows older than the newest row that an earlier import processed; part of `skipped`.
    pub late: u64,
    /// Rows that could not be read; part of `skipped`.
    pub invalid: u64,
    /// Rows that an earlier import had processed; part of no other count.
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
    /// The case by its id in the log.
    pub case: String,
    /// The status, as the log names it.
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
    /// The map leaves the status out.
    Skipped,
    /// The map does not have the status.
    Unknown,
    /// An earlier import processed a newer row of the case.
    Late {
        /// The time of that row.
        imported_to: Timestamp,
    },
    /// The workflow refused the transition.
    Refused {
        /// The status of the case; none where it is not created yet.
        from: Option<StatusKey>,
        /// The status that was asked for.
        to: StatusKey,
        /// Why.
        reason: String,
    },
}
