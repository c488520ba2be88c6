//! Queries of idempotency keys and their attempts.

use diesel::prelude::*;
use docket_domain::{
    error::StoreError,
    id::AccountId,
    idempotency::{Attempt, CaseEffect, Effect, NewAttempt, Record, StoredResponse, Verdict, expired_until},
    time::Timestamp,
};

use super::{Conn, Db, RunQueryDsl, execute_prepared};
use crate::{
    error::QueryError,
    rows::{AttemptRow, StoredResponseRow},
    schema::idempotency_keys as keys,
    sql_types::{Moment, Uid},
};

/// Maximum number of expired keys per sweep.
const BATCH: i64 = 500;

type Rows<'q> = keys::BoxedQuery<'q, Db>;

macro_rules! under {
    ($attempt:expr) => {
        keys::table
            .filter(keys::account_id.eq($attempt.account.0).and(keys::caller_id.eq($attempt.caller.0)))
            .filter(keys::key.eq($attempt.key.as_str()))
    };
}

/// The key's row, if this attempt holds it.
macro_rules! of {
    ($attempt:expr) => {
        under!($attempt).filter(keys::attempt.eq(Uid($attempt.id)))
    };
}

/// Runs inside a transaction.
pub(crate) async fn begin(conn: &mut Conn, new: NewAttempt) -> Result<Verdict, QueryError> {
    let NewAttempt { attempt, fingerprint, now, lease_until } = new.clone();
    let before = Moment(expired_until(now));
    diesel::delete(under!(attempt).filter(keys::created_at.le(before))).execute(conn).await?;
    let row = AttemptRow::from(new);
    if diesel::insert_into(keys::table).values(row).on_conflict_do_nothing().execute(conn).await? > 0 {
        return Ok(Verdict::CarryOut);
    }
    let found: Rows<'_> = under!(attempt).into_boxed();
    let found = found.select(AttemptRow::as_select()).first::<AttemptRow>(conn).await.optional()?;
    // The other attempt was released after the insert. The key is free for the next retry.
    let Some(found) = found else { return Ok(Verdict::InFlight(1)) };
    let record = Record::try_from(found)?;
    match record.judge(&fingerprint, now) {
        // The attempt that wrote the effect may still finish, so it keeps the key.
        verdict @ Verdict::Rebuild { under_way: Some(_), .. } => Ok(verdict),
        verdict @ (Verdict::CarryOut | Verdict::Rebuild { under_way: None, .. }) => {
            let as_judged = under!(attempt)
                .filter(keys::attempt.eq(Uid(record.attempt)))
                .filter(keys::effected.eq(record.effected).and(keys::status.is_null()));
            let mine = (keys::attempt.eq(Uid(attempt.id)), keys::lease_until.eq(Moment(lease_until)));
            let taken = execute_prepared(conn, diesel::update(as_judged).set(mine)).await?;
            Ok(if taken > 0 { verdict } else { Verdict::InFlight(1) })
        }
        verdict @ (Verdict::Replay(_) | Verdict::InFlight(_) | Verdict::ResponseLost | Verdict::OtherRequest) => {
            Ok(verdict)
        }
    }
}

pub(crate) async fn sweep(conn: &mut Conn, account: AccountId, now: Timestamp) -> Result<usize, QueryError> {
    let before = Moment(expired_until(now));
    let expired = keys::table
        .filter(keys::account_id.eq(account.0).and(keys::created_at.le(before)))
        .order_by(keys::created_at.asc())
        .limit(BATCH)
        .select(keys::attempt)
        .load::<Uid>(conn)
        .await?;
    if expired.is_empty() {
        return Ok(0);
    }
    let rows = keys::table.filter(keys::account_id.eq(account.0).and(keys::created_at.le(before)));
    Ok(diesel::delete(rows.filter(keys::attempt.eq_any(expired))).execute(conn).await?)
}

/// Marks an attempt as effective, in the transaction of its writes. A response is built again from the
/// first recorded effect.
///
/// # Errors
/// If another attempt has replaced this one. Then the transaction must not be committed.
pub(crate) async fn mark(conn: &mut Conn, attempt: &Attempt, effect: Option<Effect>) -> Result<(), QueryError> {
    let first = of!(attempt).filter(keys::case_id.is_null().and(keys::other_id.is_null()));
    let marked = match effect {
        Some(Effect::Case(CaseEffect { case, version })) => {
            let case = (keys::effected.eq(true), keys::case_id.eq(case.0), keys::case_version.eq(version));
            execute_prepared(conn, diesel::update(first).set(case)).await?
        }
        Some(Effect::Other(id)) => {
            execute_prepared(conn, diesel::update(first).set((keys::effected.eq(true), keys::other_id.eq(id)))).await?
        }
        None => 0,
    };
    if marked > 0 {
        return Ok(());
    }
    match execute_prepared(conn, diesel::update(of!(attempt)).set(keys::effected.eq(true))).await? {
        0 => Err(StoreError::Unavailable("another attempt at this request has taken over".to_owned()).into()),
        _ => Ok(()),
    }
}

pub(crate) async fn finish(conn: &mut Conn, attempt: Attempt, answer: StoredResponse) -> Result<(), QueryError> {
    execute_prepared(conn, diesel::update(of!(attempt)).set(StoredResponseRow::try_from(answer)?)).await?;
    Ok(())
}

pub(crate) async fn release(conn: &mut Conn, attempt: Attempt) -> Result<bool, QueryError> {
    Ok(diesel::delete(of!(attempt).filter(keys::effected.eq(false))).execute(conn).await? > 0)
}
