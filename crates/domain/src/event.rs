//! The log of a case: an append-only sequence of events, numbered by the case version that each event makes.
//!
//! History, timeline, audit and statistics read it, and folding it gives the stored case. A hash chains every entry to
//! the one before, so that a changed, dropped or reordered entry is detected.

mod data;
mod moved;
mod sla;
mod thing;
mod verify;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

pub use self::{
    data::{Created, EVENT_TYPES, EventData, StatusChange, StatusStep, WorkflowMigrated},
    moved::{MoveEvent, MovedItem, SplitEvent},
    sla::{SlaEvent, SlaMoment},
    thing::{Effect, Thing, ThingFault, Things},
    verify::{KeptEntry, LogCheck, LogFault},
};
pub use crate::log_hash::LogHash;
use crate::{
    actor::Actor,
    case::{Case, MergedInto},
    document::Sha256Hash,
    id::{AccountId, CaseId, EventId},
    log_hash::Covered,
    merge::MergeEvent,
    time::Timestamp,
    workflow::{Outcome, Phase},
};

/// An event of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseEvent {
    /// The account that owns the case.
    pub account: AccountId,
    /// The case.
    pub case: CaseId,
    /// The case version that the event makes: its position in the log, from 1, without gaps.
    pub version: i64,
    /// The actor; none for the system.
    pub actor: Option<Actor>,
    /// Time of the event for the users.
    pub occurred_at: Timestamp,
    /// Time of recording in the system.
    pub recorded_at: Timestamp,
    /// What happened.
    pub data: EventData,
    /// Digest of the row that the event is about, after the event; none if there is no such row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Sha256Hash>,
}

impl CaseEvent {
    /// Its public id.
    #[must_use]
    pub const fn id(&self) -> EventId {
        EventId { case: self.case, version: self.version }
    }
}

/// A stored event. `data` is the exact text that the hash covers.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEntry {
    /// The event.
    pub event: CaseEvent,
    /// Data of the event, as JSON.
    pub data: String,
    /// Hash of the entry and all entries before it.
    pub hash: LogHash,
}

impl LogEntry {
    /// The entry of an event. `previous` is the hash of the entry before it.
    #[must_use]
    pub fn chain(previous: LogHash, event: CaseEvent) -> Self {
        // Serializing our own data to a string cannot fail: every map in it has string keys.
        let data = serde_json::to_string(&event.data).unwrap_or_default();
        let mut entry = Self { event, data, hash: LogHash::START };
        entry.hash = entry.hash_after(previous);
        entry
    }

    /// The hash of this entry, with `data` as stored. `previous` is the hash of the entry before it.
    #[must_use]
    pub fn hash_after(&self, previous: LogHash) -> LogHash {
        let (event, actor) = (&self.event, self.event.actor.as_ref());
        previous.cover(&Covered {
            account: event.account.0,
            case: event.case.0,
            version: event.version,
            occurred_at: event.occurred_at,
            recorded_at: event.recorded_at,
            actor_id: actor.and_then(|actor| actor.id).map(|id| id.0),
            actor_name: actor.map(|actor| actor.name.as_str()),
            kind: event.data.kind(),
            data: &self.data,
            proof: event.proof,
        })
    }
}

impl Case {
    /// The case after one more event. There is no other way to apply an event.
    #[must_use]
    pub fn evolve(mut self, event: &CaseEvent) -> Self {
        let number = self.number();
        match &event.data {
            EventData::Created(created) => self = created.case.clone(),
            EventData::Edited(edits) => edits.iter().cloned().for_each(|edit| edit.apply(&mut self.details)),
            EventData::StatusChanged(change) => self.change_status(change, event.occurred_at),
            EventData::WorkflowMigrated(migrated) => self.migrate(migrated, event.occurred_at),
            EventData::Archived => self.archived_at = Some(event.occurred_at),
            EventData::Unarchived => self.archived_at = None,
            EventData::Deleted => self.deleted_at = Some(event.recorded_at),
            EventData::Restored => self.deleted_at = None,
            EventData::Participant(_) | EventData::Subject(_) | EventData::Update(_) => {}
            EventData::Link(_) | EventData::Note(_) | EventData::Document(_) | EventData::Deadline(_) => {}
            EventData::ConflictCheck(_) | EventData::Split(_) | EventData::Moved(_) | EventData::Sla(_) => {}
            EventData::Merge(event) => self.apply_merge(event),
        }
        if number != self.number() && !matches!(event.data, EventData::Created(_)) {
            self.former_numbers.add(number);
        }
        self.version = event.version;
        if !event.data.leaves_case_as_it_was() {
            self.updated_at = event.recorded_at;
        }
        self
    }

    /// The case that a complete log gives; `None` if the log does not begin with a creation.
    pub fn fold<'e>(log: impl IntoIterator<Item = &'e CaseEvent>) -> Option<Self> {
        let mut log = log.into_iter();
        let first = log.next()?;
        let EventData::Created(created) = &first.data else { return None };
        Some(log.fold(created.case.clone().evolve(first), Self::evolve))
    }

    fn apply_merge(&mut self, event: &MergeEvent) {
        match (event.into == self.id, event.undone) {
            (true, false) => self.parts.extend(event.parts.iter().cloned()),
            (true, true) => self.parts.retain(|part| part.merge != event.merge),
            (false, false) => {
                let (merge, case, uuid, at) = (event.merge, event.into, event.into_uuid, event.at);
                self.merged = Some(MergedInto { merge, case, uuid, at });
            }
            (false, true) => self.merged = None,
        }
    }

    fn change_status(&mut self, change: &StatusChange, occurred_at: Timestamp) {
        if change.reworks {
            // Only the undone resolution no longer counts. An earlier one that led to a closing still does.
            if self.first_resolved_at == self.resolved_at {
                self.first_resolved_at = None;
            }
            self.resolved_at = None;
        }
        if change.phase == Phase::Active && self.phase == Phase::Closed {
            self.resolved_at = None;
            self.closed_at = None;
        }
        if let Some(instance) = change.series_instance {
            self.series.instance = instance;
        }
        self.status = change.to.clone();
        self.phase = change.phase;
        self.outcome = change.outcome;
        self.mark_outcome(occurred_at);
    }

    /// Times that the new status says nothing about are cleared; those that it keeps stay.
    fn migrate(&mut self, migrated: &WorkflowMigrated, occurred_at: Timestamp) {
        self.workflow = migrated.to;
        self.status = migrated.to_status.clone();
        self.phase = migrated.phase;
        let before = std::mem::replace(&mut self.outcome, migrated.outcome);
        if before == self.outcome {
            return;
        }
        let is_end = |outcome| matches!(outcome, Some(Outcome::Closed | Outcome::Cancelled));
        if self.phase == Phase::Active && before == Some(Outcome::Resolved) {
            if self.first_resolved_at == self.resolved_at {
                self.first_resolved_at = None;
            }
            self.resolved_at = None;
        }
        if is_end(before) && !is_end(self.outcome) {
            self.closed_at = None;
        }
        if !(is_end(before) && is_end(self.outcome)) {
            self.mark_outcome(occurred_at);
        }
    }

    /// Sets `resolved_at` or `closed_at`, if the current status has an outcome.
    pub(crate) fn mark_outcome(&mut self, occurred_at: Timestamp) {
        match self.outcome {
            Some(Outcome::Resolved) => {
                // A resolution at the time of the first one is stored one microsecond later, so that a rework can tell
                // them apart.
                let is_taken = self.first_resolved_at == Some(occurred_at);
                let resolved_at = if is_taken { occurred_at + TimeDelta::microseconds(1) } else { occurred_at };
                self.resolved_at = Some(resolved_at);
                self.first_resolved_at.get_or_insert(resolved_at);
            }
            Some(Outcome::Closed | Outcome::Cancelled) => self.closed_at = Some(occurred_at),
            None => {}
        }
    }
}
