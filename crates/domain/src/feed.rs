//! The feed: every event of an account, of its cases and of everything else, in one order.
//!
//! A position is given after the commit of its event. So a reader that follows positions sees each event exactly once,
//! the events of one case in the order of their versions, and nothing ever appears behind a position that was read.

mod catalogue;
mod data;

use serde_json::Value;
use uuid::Uuid;

pub use self::{
    catalogue::{EVENT_TYPES, EventType, Field, FieldKind, TEST_EVENT, TypeFilter},
    data::FeedSubject,
};
use crate::{
    account_event::AccountEvent,
    actor::Actor,
    event::CaseEvent,
    id::{AccountId, CaseId, EventId},
    time::Timestamp,
};

/// Greatest number of events in a page.
pub const PAGE_MAX: i64 = 1_000;

/// An event at its position.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedEvent {
    /// Position in the account, from 1, without gaps.
    pub position: i64,
    /// The event.
    pub source: FeedSource,
}

/// The log that an event comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum FeedSource {
    /// The log of a case.
    Case {
        /// The event.
        event: CaseEvent,
        /// Public id of the case.
        uuid: Uuid,
        /// The case number after the event.
        number: String,
    },
    /// The log of the account.
    Account {
        /// Id of the event in that log.
        id: i64,
        /// The event.
        event: AccountEvent,
    },
}

impl FeedEvent {
    /// The public id. An event of the account has the case 0.
    #[must_use]
    pub const fn id(&self) -> EventId {
        match &self.source {
            FeedSource::Case { event, .. } => event.id(),
            FeedSource::Account { id, .. } => EventId { case: CaseId(0), version: *id },
        }
    }

    /// Stable name of the event, e.g. `case.status_changed`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.source {
            FeedSource::Case { event, .. } => event.data.kind(),
            FeedSource::Account { event, .. } => event.data.kind(),
        }
    }

    /// When it happened for the users.
    #[must_use]
    pub const fn occurred_at(&self) -> Timestamp {
        match &self.source {
            FeedSource::Case { event, .. } => event.occurred_at,
            FeedSource::Account { event, .. } => event.recorded_at,
        }
    }

    /// When the system recorded it.
    #[must_use]
    pub const fn recorded_at(&self) -> Timestamp {
        match &self.source {
            FeedSource::Case { event, .. } => event.recorded_at,
            FeedSource::Account { event, .. } => event.recorded_at,
        }
    }

    /// The actor; none for the system.
    #[must_use]
    pub const fn actor(&self) -> Option<&Actor> {
        match &self.source {
            FeedSource::Case { event, .. } => event.actor.as_ref(),
            FeedSource::Account { event, .. } => event.actor.as_ref(),
        }
    }

    /// The case, if the event is from the log of a case.
    #[must_use]
    pub const fn case(&self) -> Option<CaseId> {
        match &self.source {
            FeedSource::Case { event, .. } => Some(event.case),
            FeedSource::Account { .. } => None,
        }
    }

    /// What the event is about.
    #[must_use]
    pub fn subject(&self) -> FeedSubject {
        match &self.source {
            FeedSource::Case { event, uuid, .. } => data::subject_of_case_event(&event.data, *uuid),
            FeedSource::Account { event, .. } => data::subject_of_account_event(&event.data),
        }
    }

    /// What changed, as a JSON object with the fields that the catalogue names for the type. It has no document content,
    /// no secret, and no text of a note or an update.
    #[must_use]
    pub fn data(&self) -> Value {
        match &self.source {
            FeedSource::Case { event, .. } => data::of_case_event(&event.data),
            FeedSource::Account { event, .. } => data::of_account_event(&event.data),
        }
    }
}

/// A request for a page of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedQuery {
    /// The page begins behind this position.
    pub after: i64,
    /// Maximum number of events, at most [`PAGE_MAX`].
    pub limit: i64,
    /// Wanted types; `None` for all.
    pub types: Option<TypeFilter>,
    /// Only events of this case.
    pub case: Option<CaseId>,
}

impl FeedQuery {
    /// Whether an event has a wanted type and is of the wanted case.
    #[must_use]
    pub fn wants(&self, event: &FeedEvent) -> bool {
        let is_of_type = self.types.as_ref().is_none_or(|types| types.contains(event.kind()));
        is_of_type && self.case.is_none_or(|case| event.case() == Some(case))
    }
}

/// A page of the feed, oldest event first.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedPage {
    /// The events.
    pub events: Vec<FeedEvent>,
    /// The next page begins behind this position. It may be behind the last event, where others did not match.
    pub upto: i64,
    /// Whether more positions follow.
    pub has_more: bool,
}

/// The end of the feed of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedEnd {
    /// The account.
    pub account: AccountId,
    /// The last position; 0 if there is none.
    pub position: i64,
    /// Whether events wait for their positions.
    pub is_queued: bool,
}
