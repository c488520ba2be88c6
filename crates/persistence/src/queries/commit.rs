//! Writing a decision, in one transaction that the caller has opened.

use diesel::prelude::*;
use docket_domain::{
    decision::{Commit, Decision, Instances, Needs},
    error::StoreError,
    id::{AccountId, CaseId, Entity},
    idempotency::{Attempt, Effect},
    numbers::Numbers,
};

use super::{super::next_ids, Conn, RunQueryDsl, changes, idempotency};
use crate::{
    error::Failure,
    rows::{CaseRow, EventRow},
    schema::{case_events, cases},
};

/// Writes a decision, together with the mark of the request's attempt if it has one.
pub(crate) async fn write_marked(
    conn: &mut Conn,
    decision: Decision,
    attempt: Option<&Attempt>,
) -> Result<Commit, Failure> {
    let commit = write(conn, decision).await?;
    if let Some(attempt) = attempt {
        let effect = Effect { case: commit.case.id, version: commit.case.version };
        idempotency::mark(conn, attempt, Some(effect)).await?;
    }
    Ok(commit)
}

/// Numbers a decision and writes all of it.
async fn write(conn: &mut Conn, decision: Decision) -> Result<Commit, Failure> {
    let numbers = number(conn, decision.case.account, &decision).await?;
    let commit = decision.number(&numbers);
    write_case(conn, &commit).await?;
    let events = commit.entries.iter().map(EventRow::from).collect::<Vec<_>>();
    diesel::insert_into(case_events::table).values(events).execute(conn).await?;
    changes::write(conn, &[&commit]).await?;
    super::super::add_tallies(conn, &commit.tallies).await?;
    super::super::index_texts(conn, &[&commit]).await?;
    Ok(commit)
}

async fn number(conn: &mut Conn, account: AccountId, decision: &Decision) -> Result<Numbers, Failure> {
    let Needs { instances, entities } = &decision.needs;
    let first_instance = next_instances(conn, account, *instances).await?;
    let case = decision.before.is_none().then_some(Entity::Case);
    let wanted = case.into_iter().chain(entities.iter().copied()).collect::<Vec<_>>();
    let mut ids = next_ids(conn, &wanted).await?.into_iter();
    let case = case.and_then(|_| ids.next()).map(CaseId);
    Ok(Numbers { case, first_instance, entities: ids.collect() })
}

/// The first of the next instances of a series. The counter stands in the row of the series' first case, whose lock orders all who
/// follow up or re-open within the series, and nobody else.
pub(super) async fn next_instances(
    conn: &mut Conn,
    account: AccountId,
    instances: Option<Instances>,
) -> Result<Option<i32>, Failure> {
    let Some(Instances { of, count }) = instances else { return Ok(None) };
    let first = cases::table.filter(cases::account_id.eq(account.0).and(cases::id.eq(of)));
    let last = diesel::update(first)
        .set(cases::series_last.eq(cases::series_last + count))
        .returning(cases::series_last)
        .get_result::<i32>(conn)
        .await?;
    Ok(Some(last - count + 1))
}

pub(super) async fn write_case(conn: &mut Conn, commit: &Commit) -> Result<(), Failure> {
    let row = CaseRow::try_from(&commit.case)?;
    let Some(before) = &commit.before else {
        diesel::insert_into(cases::table).values(row).execute(conn).await?;
        return Ok(());
    };
    let unchanged = cases::table
        .filter(cases::account_id.eq(before.account.0).and(cases::id.eq(before.id.0)))
        .filter(cases::version.eq(before.version));
    match diesel::update(unchanged).set(row).execute(conn).await? {
        0 => Err(StoreError::Stale.into()),
        _ => Ok(()),
    }
}
