//! Writes the decisions of one or more cases in a transaction that the caller has opened.

use std::collections::BTreeMap;

use diesel::prelude::*;
use docket_domain::{
    decision::{Commit, Decision, Instances},
    error::StoreError,
    id::{AccountId, CaseId, Entity},
    idempotency::{Attempt, CaseEffect, Effect},
    numbers::Numbers,
    tally::{Bucket, Histogram, HistogramChange, Tally, TallyChange},
};

use super::{super::next_ids, Conn, RunQueryDsl, changes, execute_prepared, idempotency};
use crate::{
    error::QueryError,
    rows::{CaseRow, EventRow, FeedEntry},
    schema::{case_events, cases},
    statements::{Prepared, insert_rows},
};

/// Case rows per statement. Both backends limit the bound values, SQLite to 32,766.
const CASES: usize = 400;
/// Log rows per statement.
const EVENTS: usize = 2_000;

/// Writes decisions, and the mark of the attempt if there is one. The mark refers to the case of the last decision.
pub(crate) async fn write_marked(
    conn: &mut Conn,
    decisions: Vec<Decision>,
    attempt: Option<&Attempt>,
) -> Result<Vec<Commit>, QueryError> {
    let commits = number(conn, decisions).await?;
    write(conn, &commits.iter().collect::<Vec<_>>()).await?;
    if let (Some(attempt), Some(commit)) = (attempt, commits.last()) {
        let effect = Effect::Case(CaseEffect { case: commit.case.id, version: commit.case.version });
        idempotency::mark(conn, attempt, Some(effect)).await?;
    }
    Ok(commits)
}

/// Assigns ids and instance numbers to decisions. One call allocates all ids, because on SQLite an id counts as used
/// only after its row is written.
pub(super) async fn number(conn: &mut Conn, decisions: Vec<Decision>) -> Result<Vec<Commit>, QueryError> {
    let wanted = decisions.iter().flat_map(|decision| {
        let case = decision.before.is_none().then_some(Entity::Case);
        case.into_iter().chain(decision.needs.entities.iter().copied())
    });
    let mut ids = next_ids(conn, &wanted.collect::<Vec<_>>()).await?.into_iter();
    let mut commits = Vec::with_capacity(decisions.len());
    for decision in decisions {
        let first_instance = next_instances(conn, decision.case.account, decision.needs.instances).await?;
        let case = if decision.before.is_none() { ids.next().map(CaseId) } else { None };
        let entities = ids.by_ref().take(decision.needs.entities.len()).collect();
        commits.push(decision.number(&Numbers { case, first_instance, entities }));
    }
    Ok(commits)
}

/// Writes commits of one account. Each is on a different case.
pub(super) async fn write(conn: &mut Conn, commits: &[&Commit]) -> Result<(), QueryError> {
    write_cases(conn, commits).await?;
    write_events(conn, commits).await?;
    changes::write(conn, commits).await?;
    super::super::add_tallies(conn, &summed(commits)).await?;
    super::super::add_to_histograms(conn, &summed_histograms(commits)).await?;
    super::super::index_texts(conn, commits).await
}

/// Allocates instance numbers of a series and returns the first. The counter is in the row of the series' first case.
/// Its row lock serialises follow-ups and reopenings of this series only.
async fn next_instances(
    conn: &mut Conn,
    account: AccountId,
    instances: Option<Instances>,
) -> Result<Option<i32>, QueryError> {
    let Some(Instances { of, count }) = instances else { return Ok(None) };
    let first = cases::table.filter(cases::account_id.eq(account.0).and(cases::id.eq(of)));
    let last = diesel::update(first).set(cases::series_last.eq(cases::series_last + count));
    let last = Prepared(last.returning(cases::series_last)).get_result::<i32>(conn).await?;
    Ok(Some(last - count + 1))
}

/// Existing cases are updated in the order of their ids, so that two transactions cannot deadlock.
async fn write_cases(conn: &mut Conn, commits: &[&Commit]) -> Result<(), QueryError> {
    let (mut changed, new): (Vec<&Commit>, Vec<&Commit>) = commits.iter().partition(|commit| commit.before.is_some());
    for new in new.chunks(CASES) {
        let rows = new.iter().map(|commit| CaseRow::try_from(&commit.case)).collect::<Result<Vec<_>, _>>()?;
        insert_rows!(conn, cases::table, rows);
    }
    changed.sort_by_key(|commit| commit.case.id);
    for commit in changed {
        let Some(before) = &commit.before else { continue };
        let unchanged = cases::table
            .filter(cases::account_id.eq(before.account.0).and(cases::id.eq(before.id.0)))
            .filter(cases::version.eq(before.version));
        let changed = diesel::update(unchanged).set(CaseRow::try_from(&commit.case)?);
        if execute_prepared(conn, changed).await? == 0 {
            return Err(StoreError::Stale.into());
        }
    }
    Ok(())
}

async fn write_events(conn: &mut Conn, commits: &[&Commit]) -> Result<(), QueryError> {
    let events = commits.iter().flat_map(|commit| &commit.entries).map(EventRow::from).collect::<Vec<_>>();
    let mut events = events.into_iter().peekable();
    while events.peek().is_some() {
        let some = events.by_ref().take(EVENTS).collect::<Vec<_>>();
        insert_rows!(conn, case_events::table, some);
    }
    super::super::enqueue(conn, commits.iter().flat_map(|commit| FeedEntry::of_commit(commit)).collect()).await
}

/// Sums the count changes per bucket.
fn summed(commits: &[&Commit]) -> Vec<TallyChange> {
    let mut sums = BTreeMap::<(AccountId, Bucket), Tally>::new();
    for TallyChange { account, bucket, by } in commits.iter().flat_map(|commit| &commit.tallies) {
        let sum = sums.entry((*account, bucket.clone())).or_default();
        sum.cases += by.cases;
        sum.resolved += by.resolved;
        sum.resolution_seconds += by.resolution_seconds;
    }
    let changed = sums.into_iter().filter(|(_, by)| *by != Tally::default());
    changed.map(|((account, bucket), by)| TallyChange { account, bucket, by }).collect()
}

/// Sums the changes of histograms per bucket.
fn summed_histograms(commits: &[&Commit]) -> Vec<HistogramChange> {
    let mut sums = BTreeMap::<(AccountId, Histogram, i64), i64>::new();
    for HistogramChange { account, histogram, bucket, by } in commits.iter().flat_map(|commit| &commit.histograms) {
        *sums.entry((*account, *histogram, *bucket)).or_default() += by;
    }
    let changed = sums.into_iter().filter(|(_, by)| *by != 0);
    changed.map(|((account, histogram, bucket), by)| HistogramChange { account, histogram, bucket, by }).collect()
}
