//! Replaying the case logs of other systems.
//!
//! A row of a log says that a case had a status at a time. The first row of a case whose status has a counterpart creates
//! it there; each later one asks for a move, as anybody would, and what the workflow refuses leaves the case as it was.
//! An event that names the status the case has already changes nothing, also where somebody else took the case over: the
//! log tells who did something, not whose the case is.

mod replay;

use std::collections::{BTreeMap, BTreeSet};

pub use self::replay::{Replayed, Terms, replay};
use crate::{
    case::Case,
    decision::Decision,
    error::{FieldError, FieldErrors},
    id::CaseId,
    text,
    time::Timestamp,
    workflow::{StatusKey, Workflow},
};

/// The reason that is given where a transition asks for one.
pub const REASON: &str = "imported";

/// One event of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Where it stands in the log, for reports.
    pub line: u64,
    /// The case by its id there.
    pub case: String,
    /// The status after the event, by its word there.
    pub status: String,
    /// Who did it.
    pub actor: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Why, where the log tells. Where it does not and a transition asks for a reason, that is [`REASON`].
    pub reason: Option<String>,
}

impl LogRow {
    /// Checks what a store would have to keep.
    ///
    /// # Errors
    /// Every field that cannot be kept.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut faults = FieldErrors::default();
        for (field, line) in [("case", &self.case), ("status", &self.status), ("actor", &self.actor)] {
            faults.keep(text::check_line(field, line, text::SHORT_MAX));
        }
        faults.finish()
    }
}

/// Which words of a log stand for which status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogMap {
    /// The name of the log: a case is known again by it and its id there.
    pub source: String,
    /// The statuses by the log's words.
    pub statuses: BTreeMap<String, StatusKey>,
    /// The words that are known to stand for none.
    pub skip: BTreeSet<String>,
}

impl LogMap {
    /// Checks the map against the workflow that is to be replayed in.
    ///
    /// # Errors
    /// Every fault: a status that the workflow does not have, a word that is both mapped and skipped, a bad name.
    pub fn check(&self, workflow: &Workflow) -> Result<(), Vec<FieldError>> {
        let mut faults = FieldErrors::default();
        faults.keep(text::check_line("source", &self.source, text::SHORT_MAX));
        if self.statuses.is_empty() {
            faults.add("statuses", "must map at least one status");
        }
        for (word, status) in &self.statuses {
            if workflow.status(status).is_none() {
                faults.add("statuses", format!("{word:?} is mapped to {status}, which the workflow does not have"));
            }
            if self.skip.contains(word) {
                faults.add("skip", format!("{word:?} is mapped as well"));
            }
        }
        faults.finish()
    }
}

/// What the store remembers of a case of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedCase {
    /// The case by its id in the log.
    pub external_id: String,
    /// How many of its rows have been dealt with.
    pub rows_seen: u64,
    /// The case, also if it was deleted since; none where no row has created it yet.
    pub case: Option<Case>,
}

/// What is to be written of a case of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportStep {
    /// The case by its id in the log.
    pub external_id: String,
    /// How many rows had been dealt with; none where the store does not know the case of the log yet.
    pub rows_before: Option<u64>,
    /// How many rows are dealt with then.
    pub rows_seen: u64,
    /// The case, where there is one already.
    pub case: Option<CaseId>,
    /// What the rows lead to; none where they change nothing.
    pub decision: Option<Decision>,
}

/// What became of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Cases that were created.
    pub cases: u64,
    /// Rows that were dealt with.
    pub events: u64,
    /// Rows that moved their case.
    pub transitions: u64,
    /// Rows whose status the case had already.
    pub unchanged: u64,
    /// Rows whose status has no counterpart.
    pub skipped: u64,
    /// Rows that were refused.
    pub refused: u64,
    /// Rows that an earlier import had dealt with; they are in none of the other counts.
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
        self.known += more.known;
    }
}

/// A row that was not replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Where it stands in the log.
    pub line: u64,
    /// The case by its id there.
    pub case: String,
    /// The status by its word there.
    pub status: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Why it was not.
    pub why: Why,
}

/// Why a row was not replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The word is known to have no counterpart.
    Skipped,
    /// The map does not know the word.
    Unknown,
    /// The move was refused.
    Refused {
        /// The status of the case; none where it is not created yet.
        from: Option<StatusKey>,
        /// The status that was asked for.
        to: StatusKey,
        /// Why.
        reason: String,
    },
}
