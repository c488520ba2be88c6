//! Rows of a case's log.

use diesel::prelude::*;
use docket_domain::{
    actor::Actor,
    document::Sha256Hash,
    error::StoreError,
    event::{CaseEvent, KeptEntry, LogEntry},
    id::{AccountId, CaseId, PersonId},
};

use super::damaged;
use crate::{
    schema::case_events,
    sql_types::{JsonText, Moment, MomentIfReadable},
};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_events, treat_none_as_default_value = false)]
pub(crate) struct EventRow {
    pub(crate) account_id: i64,
    pub(crate) case_id: i64,
    pub(crate) version: i64,
    pub(crate) kind: String,
    pub(crate) actor_id: Option<i64>,
    pub(crate) actor_name: Option<String>,
    pub(crate) occurred_at: Moment,
    pub(crate) recorded_at: Moment,
    pub(crate) data: JsonText,
    pub(crate) hash: Vec<u8>,
    pub(crate) proof: Option<Vec<u8>>,
}

impl EventRow {
    /// Size of the event's data in bytes.
    pub(crate) const fn size(&self) -> usize {
        self.data.0.len()
    }
}

impl From<&LogEntry> for EventRow {
    fn from(entry: &LogEntry) -> Self {
        let event = &entry.event;
        Self {
            account_id: event.account.0,
            case_id: event.case.0,
            version: event.version,
            kind: event.data.kind().to_owned(),
            actor_id: event.actor.as_ref().and_then(|actor| actor.id).map(|id| id.0),
            actor_name: event.actor.as_ref().map(|actor| actor.name.clone()),
            occurred_at: Moment(event.occurred_at),
            recorded_at: Moment(event.recorded_at),
            data: JsonText(entry.data.clone()),
            hash: entry.hash.as_bytes().to_vec(),
            proof: event.proof.map(|proof| proof.as_bytes().to_vec()),
        }
    }
}

impl TryFrom<EventRow> for CaseEvent {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        let data = serde_json::from_str(&row.data.0);
        Ok(Self {
            account: AccountId(row.account_id),
            case: CaseId(row.case_id),
            version: row.version,
            actor: row.actor_name.map(|name| Actor { id: row.actor_id.map(PersonId), name }),
            occurred_at: row.occurred_at.0,
            recorded_at: row.recorded_at.0,
            data: data.map_err(|error| damaged("case_events.data", error))?,
            proof: row.proof.as_deref().and_then(Sha256Hash::from_bytes),
        })
    }
}

/// An unchecked entry, so that the verification can report a damaged one.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = case_events)]
pub(crate) struct KeptEntryRow {
    account_id: i64,
    case_id: i64,
    version: i64,
    kind: String,
    actor_id: Option<i64>,
    actor_name: Option<String>,
    occurred_at: MomentIfReadable,
    recorded_at: MomentIfReadable,
    data: JsonText,
    hash: Vec<u8>,
    proof: Option<Vec<u8>>,
}

impl From<KeptEntryRow> for KeptEntry {
    fn from(row: KeptEntryRow) -> Self {
        Self {
            account: AccountId(row.account_id),
            case: CaseId(row.case_id),
            version: row.version,
            kind: row.kind,
            actor_id: row.actor_id,
            actor_name: row.actor_name,
            occurred_at: row.occurred_at.0,
            recorded_at: row.recorded_at.0,
            data: row.data.0,
            hash: row.hash,
            proof: row.proof,
        }
    }
}
