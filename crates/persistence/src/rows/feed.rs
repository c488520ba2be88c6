//! Rows of the feed.

use diesel::prelude::*;
use docket_domain::{
    account_event::AccountEvent,
    actor::Actor,
    decision::Commit,
    error::StoreError,
    feed::{FeedEvent, FeedSource},
    id::{AccountId, PersonId},
    store::KeptPosition,
};

use super::{EventRow, damaged};
use crate::{
    schema::{account_events, feed},
    sql_types::{JsonText, Moment, Uid},
};

/// An event that gets a position in the feed.
#[derive(Debug, Clone)]
pub(crate) struct FeedEntry {
    pub(crate) account_id: i64,
    pub(crate) case_id: i64,
    pub(crate) version: i64,
    pub(crate) kind: &'static str,
    pub(crate) case_number: Option<String>,
}

impl FeedEntry {
    /// The events of a commit.
    pub(crate) fn of_commit(commit: &Commit) -> impl Iterator<Item = Self> {
        let number = commit.case.number().to_string();
        commit.entries.iter().map(move |entry| Self {
            account_id: entry.event.account.0,
            case_id: entry.event.case.0,
            version: entry.event.version,
            kind: entry.event.data.kind(),
            case_number: Some(number.clone()),
        })
    }

    /// The event of an account with this id.
    pub(crate) fn of_account(event: &AccountEvent, id: i64) -> Self {
        let (account_id, kind) = (event.account.0, event.data.kind());
        Self { account_id, case_id: 0, version: id, kind, case_number: None }
    }
}

/// A position of the feed, without its event.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = feed)]
pub(crate) struct FeedRow {
    pub(crate) position: i64,
    pub(crate) kind: String,
}

/// A position with the event of a case.
pub(crate) type CaseFeedRow = (i64, Option<String>, Uid, EventRow);

/// An event of an account, as read.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = account_events)]
pub(crate) struct ReadAccountEventRow {
    account_id: i64,
    id: i64,
    actor_id: Option<i64>,
    actor_name: Option<String>,
    recorded_at: Moment,
    data: JsonText,
}

/// A position of the feed, compared with the logs.
#[derive(Debug, QueryableByName)]
pub(crate) struct KeptPositionRow {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    position: i64,
    #[diesel(sql_type = diesel::sql_types::Text)]
    kind: String,
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
    logged: Option<String>,
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::BigInt>)]
    previous: Option<i64>,
}

impl From<KeptPositionRow> for KeptPosition {
    fn from(KeptPositionRow { position, kind, logged, previous }: KeptPositionRow) -> Self {
        Self { position, kind, logged, previous }
    }
}

/// The event of a case at its position, with the size of its data in bytes.
pub(crate) fn of_case((position, number, uuid, row): CaseFeedRow) -> Result<(usize, FeedEvent), StoreError> {
    let size = row.size();
    let source = FeedSource::Case { event: row.try_into()?, uuid: uuid.0, number: number.unwrap_or_default() };
    Ok((size, FeedEvent { position, source }))
}

/// The event of an account at its position, with the size of its data in bytes.
pub(crate) fn of_account((position, row): (i64, ReadAccountEventRow)) -> Result<(usize, FeedEvent), StoreError> {
    let data = serde_json::from_str(&row.data.0).map_err(|error| damaged("account_events.data", error))?;
    let event = AccountEvent {
        account: AccountId(row.account_id),
        actor: row.actor_name.map(|name| Actor { id: row.actor_id.map(PersonId), name }),
        recorded_at: row.recorded_at.0,
        data,
    };
    Ok((row.data.0.len(), FeedEvent { position, source: FeedSource::Account { id: row.id, event } }))
}
