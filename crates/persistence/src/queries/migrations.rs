//! Queries of migrations between workflow versions.

use diesel::prelude::*;
use docket_domain::{
    case::Case,
    catalog::{Migration, MigrationProgress, MigrationRefusal, MigrationState},
    decision::Decision,
    error::StoreError,
    id::{AccountId, CaseId},
    time::Timestamp,
    workflow::WorkflowId,
};
use uuid::Uuid;

use super::{Conn, RunQueryDsl, cases::load_full, commit};
use crate::{
    error::QueryError,
    rows::{MigrationRow, RefusalRow},
    schema::{cases, migration_refusals as refusals, workflow_migrations as migrations},
    sql_types::{Moment, Uid},
    statements::{Limit as _, insert_rows},
};

pub(crate) async fn create(conn: &mut Conn, migration: Migration) -> Result<(), QueryError> {
    diesel::insert_into(migrations::table).values(MigrationRow::try_from(&migration)?).execute(conn).await?;
    Ok(())
}

pub(crate) async fn find(conn: &mut Conn, account: AccountId, id: Uuid) -> Result<Option<Migration>, QueryError> {
    let this = migrations::table.filter(migrations::account_id.eq(account.0).and(migrations::id.eq(Uid(id))));
    let row = this.select(MigrationRow::as_select()).first::<MigrationRow>(conn).await.optional()?;
    Ok(row.map(Migration::try_from).transpose()?)
}

/// The running migrations of an account without progress since `before`.
pub(crate) async fn list_idle(
    conn: &mut Conn,
    account: AccountId,
    before: Timestamp,
) -> Result<Vec<Migration>, QueryError> {
    let rows = migrations::table
        .filter(migrations::account_id.eq(account.0).and(migrations::state.eq(MigrationState::Running.as_str())))
        .filter(migrations::updated_at.lt(Moment(before)))
        .order_by(migrations::updated_at)
        .select(MigrationRow::as_select())
        .load::<MigrationRow>(conn)
        .await?;
    Ok(rows.into_iter().map(Migration::try_from).collect::<Result<_, _>>()?)
}

pub(crate) async fn list_refusals(
    conn: &mut Conn,
    account: AccountId,
    id: Uuid,
    limit: i64,
) -> Result<Vec<MigrationRefusal>, QueryError> {
    let rows = refusals::table
        .filter(refusals::account_id.eq(account.0).and(refusals::migration_id.eq(Uid(id))))
        .order_by(refusals::case_id)
        .select(RefusalRow::as_select())
        .first_rows(limit)
        .load::<RefusalRow>(conn)
        .await?;
    Ok(rows.into_iter().map(MigrationRefusal::try_from).collect::<Result<_, _>>()?)
}

/// The next cases that follow one of these versions, deleted or not, in the order of their ids.
pub(crate) async fn list_cases(
    conn: &mut Conn,
    account: AccountId,
    from: &[WorkflowId],
    after: Option<CaseId>,
    limit: i64,
) -> Result<Vec<Case>, QueryError> {
    let mut ids = Vec::new();
    // One version at a time: each is a range of the index.
    for version in from {
        let next = cases::table
            .filter(cases::account_id.eq(account.0).and(cases::workflow_id.eq(Uid(version.0))))
            .filter(cases::id.gt(after.map_or(i64::MIN, |case| case.0)))
            .order_by(cases::id)
            .select(cases::id)
            .first_rows(limit)
            .load::<i64>(conn)
            .await?;
        ids.extend(next);
    }
    ids.sort_unstable();
    ids.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let mut found = load_full(conn, account, &ids).await?;
    found.sort_by_key(|case| case.id);
    Ok(found)
}

/// Writes a batch and the progress with it. Runs inside a transaction. Stale if another server has made progress, or a
/// case has changed.
pub(crate) async fn advance(
    conn: &mut Conn,
    before: Migration,
    decisions: Vec<Decision>,
    refused: Vec<MigrationRefusal>,
    to: MigrationProgress,
    state: MigrationState,
    now: Timestamp,
) -> Result<(), QueryError> {
    let row = MigrationRow::try_from(&Migration { progress: to, state, updated_at: now, ..before.clone() })?;
    let (moved, refusals_so_far, after) = row.progress();
    let (_, _, after_before) = MigrationRow::try_from(&before)?.progress();
    let this = migrations::table
        .filter(migrations::account_id.eq(before.account.0).and(migrations::id.eq(Uid(before.id))))
        .filter(migrations::after_case.eq(after_before))
        .filter(migrations::state.eq(MigrationState::Running.as_str()));
    let set = (
        migrations::moved.eq(moved),
        migrations::refused.eq(refusals_so_far),
        migrations::after_case.eq(after),
        migrations::state.eq(state.as_str()),
        migrations::updated_at.eq(Moment(now)),
    );
    if diesel::update(this).set(set).execute(conn).await? == 0 {
        return Err(StoreError::Stale.into());
    }
    let rows = refused.iter().map(|refusal| RefusalRow::new(&before, refusal)).collect::<Vec<_>>();
    if !rows.is_empty() {
        insert_rows!(conn, refusals::table, rows);
    }
    if !decisions.is_empty() {
        commit::write_marked(conn, decisions, None).await?;
    }
    Ok(())
}
