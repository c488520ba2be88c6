//! Deadlines stored on cases: entered by hand or computed, then verified, met, missed or cancelled.
//!
//! `missed` is never stored: an open deadline is missed once its due time has passed. So lists always agree with the
//! clock, and the log holds only what people did.

mod due;
mod event;

use chrono::NaiveDate;
use uuid::Uuid;

pub use self::{
    due::Due,
    event::{DeadlineEvent, DeadlineHappening, DeadlineMoment},
};
use super::{Computation, Step};
use crate::{
    id::{AccountId, CaseId, DeadlineId, PersonId},
    numbers::{Numbering, Numbers},
    page::{BadCursor, Cursor},
    revision::{Revised, Revision},
    time::{TimeBound, TimeRange, Timestamp},
};

crate::deadline::words::words! {
    /// Origin of a deadline.
    DeadlineKind, "kind" {
        /// Set by a statute.
        Statutory = "statutory",
        /// Set by a court.
        Court = "court",
        /// Set by a contract.
        Contractual = "contractual",
        /// Set by the office.
        Internal = "internal",
    }
}

crate::deadline::words::words! {
    /// Status of a deadline as clients see it.
    DeadlineStatus, "status" {
        /// Open, and the due time has not passed.
        Pending = "pending",
        /// Met, in time or late.
        Met = "met",
        /// Open, and the due time has passed.
        Missed = "missed",
        /// Cancelled.
        Cancelled = "cancelled",
    }
}

crate::deadline::words::words! {
    /// Stored state of a deadline. The clock splits [`Open`](Self::Open) into pending and missed.
    DeadlineState, "state" {
        /// Pending, or missed once the due time has passed.
        Open = "open",
        /// Met.
        Met = "met",
        /// Cancelled.
        Cancelled = "cancelled",
    }
}

/// A deadline of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The account that owns the case.
    pub account: AccountId,
    /// Its id.
    pub id: DeadlineId,
    /// The case.
    pub case: CaseId,
    /// Public id of the case.
    pub case_uuid: Uuid,
    /// What has to be done.
    pub title: String,
    /// Origin.
    pub kind: DeadlineKind,
    /// Due date or due time.
    pub due: Due,
    /// Computation of the due date; none if the date was entered by hand.
    pub computation: Option<Computation>,
    /// Steps of the computation; empty if the date was entered by hand.
    pub steps: Vec<Step>,
    /// Stored state.
    pub state: DeadlineState,
    /// Person responsible for the deadline.
    pub assigned_to: Option<PersonId>,
    /// Person who verified the deadline, never the person of `set_by`.
    pub verified_by: Option<PersonId>,
    /// Person who created the deadline, or last changed its title, kind, due date or computation. None if that actor
    /// has no person id.
    pub set_by: Option<PersonId>,
    /// First day on which to warn about the deadline.
    pub warn_on: Option<NaiveDate>,
    /// Time of recording in the system.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

impl Deadline {
    /// Status at the time `now`.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> DeadlineStatus {
        match self.state {
            DeadlineState::Open if self.due.is_over(now) => DeadlineStatus::Missed,
            DeadlineState::Open => DeadlineStatus::Pending,
            DeadlineState::Met => DeadlineStatus::Met,
            DeadlineState::Cancelled => DeadlineStatus::Cancelled,
        }
    }

    /// Cursor to continue after this deadline in lists by due date.
    #[must_use]
    pub fn position(&self) -> DeadlinePosition {
        DeadlinePosition { last_moment: self.due.last_moment(), id: self.id }
    }
}

/// Where a keyset page of deadlines begins: behind the deadline with this due date and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeadlinePosition {
    /// The last moment of its due date.
    pub last_moment: Timestamp,
    /// Its id.
    pub id: DeadlineId,
}

impl From<DeadlinePosition> for Cursor {
    fn from(position: DeadlinePosition) -> Self {
        Self { key: position.last_moment.timestamp_micros(), id: position.id.0 }
    }
}

impl TryFrom<Cursor> for DeadlinePosition {
    type Error = BadCursor;

    fn try_from(cursor: Cursor) -> Result<Self, BadCursor> {
        Ok(Self { last_moment: cursor.time()?, id: DeadlineId(cursor.id) })
    }
}

/// Due date of a deadline: given or computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// A given date or time.
    At(Due),
    /// The result of a computation.
    Computed(Computation),
}

/// A deadline to add to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDeadline {
    /// What has to be done.
    pub title: String,
    /// Origin.
    pub kind: DeadlineKind,
    /// Due date.
    pub when: When,
    /// Person responsible for the deadline.
    pub assigned_to: Option<PersonId>,
    /// First day on which to warn about the deadline; not after the due date.
    pub warn_on: Option<NaiveDate>,
}

/// Changes of a deadline. `None` leaves a field unchanged, `Some(None)` clears it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeadlineChanges {
    /// What has to be done.
    pub title: Option<String>,
    /// Origin.
    pub kind: Option<DeadlineKind>,
    /// Due date. A given date that differs from the stored one removes the stored computation.
    pub when: Option<When>,
    /// Status. [`DeadlineStatus::Missed`] is accepted only if the due time has passed.
    pub status: Option<DeadlineStatus>,
    /// Person responsible for the deadline.
    pub assigned_to: Option<Option<PersonId>>,
    /// `true` verifies the deadline as the actor, `false` removes the verification.
    pub verified: Option<bool>,
    /// The same by person: the actor verifies, `Some(None)` removes the verification. The current verifier changes
    /// nothing.
    pub verified_by: Option<Option<PersonId>>,
    /// First day on which to warn about the deadline; not after the due date.
    pub warn_on: Option<Option<NaiveDate>>,
}

/// A command on the deadlines of a case. `known` lists the named persons that exist in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeadlineCommand {
    /// Add a deadline.
    Add {
        /// The deadline.
        new: NewDeadline,
        /// Existing persons among those that `new` names.
        known: Vec<PersonId>,
    },
    /// Change a deadline.
    Change {
        /// The stored deadline.
        deadline: Box<Deadline>,
        /// The changes.
        changes: DeadlineChanges,
        /// Existing persons among those that `changes` names.
        known: Vec<PersonId>,
    },
    /// Remove a deadline.
    Remove(Box<Deadline>),
}

/// A deadline row to write or to delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeadlineChange {
    /// A new deadline.
    Added(Box<Deadline>),
    /// A changed deadline.
    Updated(Box<Deadline>),
    /// A deleted deadline.
    Removed(DeadlineId),
}

impl Numbering for DeadlineChange {
    fn number(&mut self, numbers: &Numbers) {
        match self {
            Self::Added(deadline) => numbers.replace(&mut deadline.id),
            Self::Updated(_) | Self::Removed(_) => {}
        }
    }
}

/// Filter of a deadline list. Deadlines of deleted cases never match; those of closed cases do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineFilter {
    /// Deadlines of these cases; `None` for all.
    pub cases: Option<Vec<CaseId>>,
    /// Deadlines whose last moment is in this range.
    pub due: TimeRange,
    /// Deadlines with this status.
    pub status: Option<DeadlineStatus>,
    /// Deadlines of this person.
    pub assigned_to: Option<PersonId>,
    /// Time that separates pending from missed deadlines.
    pub now: Timestamp,
}

impl Deadline {
    /// The moments that will come while it is open: the beginning (UTC) of the first day of warning, and its end.
    #[must_use]
    pub fn moments(&self) -> Vec<DeadlineMoment> {
        if self.state != DeadlineState::Open {
            return Vec::new();
        }
        let of = |what, at| DeadlineMoment { account: self.account, deadline: self.id, what, at };
        let warning = self.warn_on.map(|day| of(DeadlineHappening::Warning, TimeBound::Day(day).first_instant()));
        warning.into_iter().chain([of(DeadlineHappening::Missed, self.due.last_moment())]).collect()
    }
}

impl Revised for Deadline {
    fn revision(&self) -> Revision {
        Revision::of_time(self.updated_at)
    }
}
