//! Deadlines that are kept on cases: entered by hand or computed, watched, verified by a second person, met or missed.
//!
//! Whether a deadline is missed is told by the clock, not kept: it is missed when it is pending and its time is over. So
//! no list can lag behind the clock, and the log holds what people did.

mod due;
mod event;

use chrono::NaiveDate;
use uuid::Uuid;

pub use self::{
    due::Due,
    event::{DeadlineEvent, DeadlineHappening},
};
use super::{Computation, Step};
use crate::{
    id::{AccountId, CaseId, DeadlineId, PersonId},
    numbers::{Numbering, Numbers},
    page::{BadCursor, Cursor},
    revision::{Revised, Revision},
    time::{TimeRange, Timestamp},
};

crate::deadline::words::words! {
    /// Where a deadline comes from.
    DeadlineKind, "kind" {
        /// A statute.
        Statutory = "statutory",
        /// A court.
        Court = "court",
        /// A contract.
        Contractual = "contractual",
        /// The office itself.
        Internal = "internal",
    }
}

crate::deadline::words::words! {
    /// What has become of a deadline, as it is shown.
    DeadlineStatus, "status" {
        /// Its time has not run out.
        Pending = "pending",
        /// It was kept.
        Met = "met",
        /// Its time ran out before it was kept.
        Missed = "missed",
        /// It does not matter any more.
        Cancelled = "cancelled",
    }
}

crate::deadline::words::words! {
    /// What is kept of that: all but what the clock tells.
    DeadlineState, "state" {
        /// Pending, or missed once its time is over.
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
    /// The account of its case.
    pub account: AccountId,
    /// Its id.
    pub id: DeadlineId,
    /// The case that it belongs to.
    pub case: CaseId,
    /// The public id of that case.
    pub case_uuid: Uuid,
    /// What has to be done.
    pub title: String,
    /// Where it comes from.
    pub kind: DeadlineKind,
    /// When its time is over.
    pub due: Due,
    /// What was computed to find that; none where it was entered by hand.
    pub computation: Option<Computation>,
    /// How it was computed; empty where it was entered by hand.
    pub steps: Vec<Step>,
    /// What has become of it.
    pub state: DeadlineState,
    /// Who sees to it.
    pub assigned_to: Option<PersonId>,
    /// Who checked it: somebody else than who set it.
    pub verified_by: Option<PersonId>,
    /// Who made it, or last changed what is checked: title, kind, due date or computation. None where the maker is known
    /// by name alone.
    pub set_by: Option<PersonId>,
    /// The day from which it should worry somebody.
    pub warn_on: Option<NaiveDate>,
    /// Time of recording in the system.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Deadline {
    /// What has become of it by then.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> DeadlineStatus {
        match self.state {
            DeadlineState::Open if self.due.is_over(now) => DeadlineStatus::Missed,
            DeadlineState::Open => DeadlineStatus::Pending,
            DeadlineState::Met => DeadlineStatus::Met,
            DeadlineState::Cancelled => DeadlineStatus::Cancelled,
        }
    }

    /// The position behind it in lists by due date.
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

/// When a deadline is due: given, or to be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Then.
    At(Due),
    /// By this computation.
    Computed(Computation),
}

/// A deadline to put on a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDeadline {
    /// What has to be done.
    pub title: String,
    /// Where it comes from.
    pub kind: DeadlineKind,
    /// When it is due.
    pub when: When,
    /// Who sees to it.
    pub assigned_to: Option<PersonId>,
    /// The day from which it should worry somebody.
    pub warn_on: Option<NaiveDate>,
}

/// Changes of a deadline; what is none stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeadlineChanges {
    /// What has to be done.
    pub title: Option<String>,
    /// Where it comes from.
    pub kind: Option<DeadlineKind>,
    /// When it is due. A date that is given takes the computation away, as that explains another.
    pub when: Option<When>,
    /// What has become of it. [`DeadlineStatus::Missed`] is accepted where the clock says so, too.
    pub status: Option<DeadlineStatus>,
    /// Who sees to it.
    pub assigned_to: Option<Option<PersonId>>,
    /// Verifies it in the name of the actor, or takes the verification back.
    pub verified: Option<bool>,
    /// The same, by naming the actor or nobody. Naming the present verifier changes nothing.
    pub verified_by: Option<Option<PersonId>>,
    /// The day from which it should worry somebody.
    pub warn_on: Option<Option<NaiveDate>>,
}

/// What is asked of the deadlines of a case. `known` are those of the people in it that the directory has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeadlineCommand {
    /// Put one there.
    Add {
        /// The deadline.
        new: NewDeadline,
        /// Who of the people in it exists.
        known: Vec<PersonId>,
    },
    /// Change one.
    Change {
        /// The deadline as it is.
        deadline: Box<Deadline>,
        /// What is to change.
        changes: DeadlineChanges,
        /// Who of the people in the changes exists.
        known: Vec<PersonId>,
    },
    /// Take one away.
    Remove(Box<Deadline>),
}

/// A deadline to write or to delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeadlineChange {
    /// A new one.
    Added(Box<Deadline>),
    /// One that has changed.
    Updated(Box<Deadline>),
    /// Forget it.
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

/// Which deadlines a list shows. Those of deleted cases never match, those of closed ones do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeadlineFilter {
    /// It is on this case.
    pub case: Option<CaseId>,
    /// Its time is over within this span.
    pub due: TimeRange,
    /// What has become of it.
    pub status: Option<DeadlineStatus>,
    /// Who sees to it.
    pub assigned_to: Option<PersonId>,
    /// The time by which pending is told from missed.
    pub now: Timestamp,
}

impl Revised for Deadline {
    fn revision(&self) -> Revision {
        Revision::of_time(self.updated_at)
    }
}
