//! Rows of an account's log.

use diesel::prelude::*;
use docket_domain::{
    account_event::{AccountEvent, KeptAccountEvent},
    id::AccountId,
};

use crate::{
    schema::account_events,
    sql_types::{JsonText, Moment, MomentIfReadable},
};

/// A new entry. The database assigns its id.
#[derive(Debug, Insertable)]
#[diesel(table_name = account_events, treat_none_as_default_value = false)]
pub(crate) struct AccountEventRow {
    account_id: i64,
    kind: &'static str,
    subject_type: &'static str,
    subject_id: i64,
    actor_id: Option<i64>,
    actor_name: Option<String>,
    occurred_at: Moment,
    recorded_at: Moment,
    data: JsonText,
    hash: Vec<u8>,
}

impl From<&AccountEvent> for AccountEventRow {
    fn from(event: &AccountEvent) -> Self {
        let (subject, (data, hash)) = (event.data.subject(), event.seal());
        Self {
            account_id: event.account.0,
            kind: event.data.kind(),
            subject_type: subject.word(),
            subject_id: subject.integer(),
            actor_id: event.actor.as_ref().and_then(|actor| actor.id).map(|id| id.0),
            actor_name: event.actor.as_ref().map(|actor| actor.name.clone()),
            occurred_at: Moment(event.recorded_at),
            recorded_at: Moment(event.recorded_at),
            data: JsonText(data),
            hash: hash.as_bytes().to_vec(),
        }
    }
}

/// An unchecked entry, so that the verification can report a damaged one.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = account_events)]
pub(crate) struct KeptAccountEventRow {
    account_id: i64,
    id: i64,
    kind: String,
    subject_id: i64,
    actor_id: Option<i64>,
    actor_name: Option<String>,
    occurred_at: MomentIfReadable,
    recorded_at: MomentIfReadable,
    data: JsonText,
    hash: Vec<u8>,
}

impl From<KeptAccountEventRow> for KeptAccountEvent {
    fn from(row: KeptAccountEventRow) -> Self {
        Self {
            account: AccountId(row.account_id),
            id: row.id,
            kind: row.kind,
            subject_id: row.subject_id,
            actor_id: row.actor_id,
            actor_name: row.actor_name,
            occurred_at: row.occurred_at.0,
            recorded_at: row.recorded_at.0,
            data: row.data.0,
            hash: row.hash,
        }
    }
}
