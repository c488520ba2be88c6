//! Rows of idempotency keys.

use diesel::prelude::*;
use docket_domain::{
    error::StoreError,
    id::CaseId,
    idempotency::{CaseEffect, Effect, NewAttempt, Record, StoredResponse},
};

use super::damaged;
use crate::{
    schema::idempotency_keys,
    sql_types::{JsonText, Moment, Uid},
};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub(crate) struct AttemptRow {
    account_id: i64,
    caller_id: i64,
    key: String,
    fingerprint: Vec<u8>,
    attempt: Uid,
    created_at: Moment,
    lease_until: Moment,
    effected: bool,
    case_id: Option<i64>,
    case_version: Option<i64>,
    other_id: Option<i64>,
    #[diesel(embed)]
    answer: StoredResponseRow,
}

/// Columns of the stored response.
#[derive(Debug, Default, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub(crate) struct StoredResponseRow {
    status: Option<i16>,
    headers: Option<JsonText>,
    body: Option<Vec<u8>>,
}

impl From<NewAttempt> for AttemptRow {
    fn from(new: NewAttempt) -> Self {
        let NewAttempt { attempt, fingerprint, now, lease_until } = new;
        Self {
            account_id: attempt.account.0,
            caller_id: attempt.caller.0,
            key: attempt.key.as_str().to_owned(),
            fingerprint,
            attempt: Uid(attempt.id),
            created_at: Moment(now),
            lease_until: Moment(lease_until),
            effected: false,
            case_id: None,
            case_version: None,
            other_id: None,
            answer: StoredResponseRow::default(),
        }
    }
}

impl TryFrom<AttemptRow> for Record {
    type Error = StoreError;

    fn try_from(row: AttemptRow) -> Result<Self, StoreError> {
        let case = row.case_id.zip(row.case_version);
        let case = case.map(|(case, version)| Effect::Case(CaseEffect { case: CaseId(case), version }));
        let effect = case.or(row.other_id.map(Effect::Other));
        Ok(Self {
            fingerprint: row.fingerprint,
            attempt: row.attempt.0,
            created_at: row.created_at.0,
            lease_until: row.lease_until.0,
            effected: row.effected,
            effect,
            answer: row.answer.into_answer()?,
        })
    }
}

impl TryFrom<StoredResponse> for StoredResponseRow {
    type Error = StoreError;

    fn try_from(answer: StoredResponse) -> Result<Self, StoreError> {
        let status = i16::try_from(answer.status).map_err(|error| damaged("idempotency_keys.status", error))?;
        let headers = serde_json::to_string(&answer.headers);
        let headers = headers.map_err(|error| damaged("idempotency_keys.headers", error))?;
        Ok(Self { status: Some(status), headers: Some(JsonText(headers)), body: Some(answer.body) })
    }
}

impl StoredResponseRow {
    fn into_answer(self) -> Result<Option<StoredResponse>, StoreError> {
        let Self { status: Some(status), headers: Some(headers), body: Some(body) } = self else { return Ok(None) };
        let status = u16::try_from(status).map_err(|error| damaged("idempotency_keys.status", error))?;
        let headers = serde_json::from_str(&headers.0);
        Ok(Some(StoredResponse {
            status,
            headers: headers.map_err(|error| damaged("idempotency_keys.headers", error))?,
            body,
        }))
    }
}
