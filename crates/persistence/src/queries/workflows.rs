//! Queries of the accounts' own workflows.

use std::collections::BTreeMap;

use diesel::{
    dsl::{count_star, max},
    prelude::*,
};
use docket_domain::{
    account_event::AccountEvent,
    catalog::{Catalog, CatalogChange, Choice, MigrationState, Version},
    error::StoreError,
    id::AccountId,
    store::CasesByStatus,
    time::Timestamp,
    workflow::{EntityType, Workflow, WorkflowId, builtin},
};

use super::{Conn, RunQueryDsl, account_events};
use crate::{
    error::QueryError,
    rows::{ChoiceRow, OwnWorkflowRow, VersionRow, WorkflowRow},
    schema::{
        cases, own_workflows as own, workflow_catalogs as catalogs, workflow_migrations as migrations,
        workflow_versions as versions, workflows,
    },
    sql_types::Uid,
    statements::insert_rows,
};

pub(crate) async fn find(conn: &mut Conn, account: AccountId, id: WorkflowId) -> Result<Option<Workflow>, QueryError> {
    let row = workflows::table
        .filter(workflows::account_id.eq(account.0).and(workflows::id.eq(Uid(id.0))))
        .select(WorkflowRow::as_select())
        .first::<WorkflowRow>(conn)
        .await
        .optional()?;
    Ok(row.map(Workflow::try_from).transpose()?)
}

/// What decides which workflow a new entity follows.
pub(crate) async fn choices(conn: &mut Conn, account: AccountId, of: EntityType) -> Result<Vec<Choice>, QueryError> {
    let rows = own::table
        .filter(own::account_id.eq(account.0).and(own::entity_type.eq(of.as_str())))
        .order_by(own::key)
        .select(ChoiceRow::as_select())
        .load::<ChoiceRow>(conn)
        .await?;
    Ok(rows.into_iter().map(Choice::try_from).collect::<Result<_, _>>()?)
}

pub(crate) async fn catalog(conn: &mut Conn, account: AccountId) -> Result<Catalog, QueryError> {
    // The revision first: a change in between makes the commit of a decision stale.
    let revision = catalogs::table.find(account.0).select(catalogs::revision).first::<i64>(conn).await.optional()?;
    let rows = own::table
        .filter(own::account_id.eq(account.0))
        .order_by((own::entity_type, own::key))
        .select(OwnWorkflowRow::as_select())
        .load::<OwnWorkflowRow>(conn)
        .await?;
    let listed = versions::table
        .filter(versions::account_id.eq(account.0))
        .order_by((versions::key, versions::number))
        .select(VersionRow::as_select())
        .load::<VersionRow>(conn)
        .await?;
    let mut by_key: BTreeMap<String, Vec<Version>> = BTreeMap::new();
    for row in listed {
        by_key.entry(row.key.clone()).or_default().push(row.into());
    }
    let with_versions = |row: OwnWorkflowRow| {
        let own = by_key.remove(&row.key).unwrap_or_default();
        row.with(own)
    };
    let workflows = rows.into_iter().map(with_versions).collect::<Result<_, StoreError>>()?;
    Ok(Catalog { revision: revision.unwrap_or(0), workflows })
}

/// Runs inside a transaction. Stale if the catalog does not have the revision any more.
pub(crate) async fn change(
    conn: &mut Conn,
    account: AccountId,
    revision: i64,
    change: CatalogChange,
    events: &[AccountEvent],
    now: Timestamp,
) -> Result<(), QueryError> {
    let next = (catalogs::account_id.eq(account.0), catalogs::revision.eq(revision + 1));
    let changed = if revision == 0 {
        diesel::insert_into(catalogs::table).values(next).on_conflict_do_nothing().execute(conn).await?
    } else {
        let this = catalogs::table.filter(catalogs::account_id.eq(account.0).and(catalogs::revision.eq(revision)));
        diesel::update(this).set(catalogs::revision.eq(revision + 1)).execute(conn).await?
    };
    if changed == 0 {
        return Err(StoreError::Stale.into());
    }
    match change {
        CatalogChange::Put { workflow, content } => {
            if let Some(content) = content.filter(|content| builtin(content.entity_type()).id() != content.id()) {
                let row = WorkflowRow::new(account, &content, now)?;
                diesel::insert_into(workflows::table).values(row).on_conflict_do_nothing().execute(conn).await?;
            }
            let this = own::table.filter(own::account_id.eq(account.0).and(own::key.eq(workflow.key.clone())));
            let row = OwnWorkflowRow::new(account, &workflow)?;
            if diesel::update(this).set(&row).execute(conn).await? == 0 {
                diesel::insert_into(own::table).values(row).execute(conn).await?;
            }
            let kept = versions::table.filter(versions::account_id.eq(account.0).and(versions::key.eq(&workflow.key)));
            let newest = kept.select(max(versions::number)).get_result::<Option<i64>>(conn).await?.unwrap_or(0);
            let new = workflow.versions.iter().filter(|version| version.number > newest);
            let rows = new.map(|version| VersionRow::new(account, &workflow.key, version)).collect::<Vec<_>>();
            if !rows.is_empty() {
                insert_rows!(conn, versions::table, rows);
            }
        }
        CatalogChange::Remove { key } => {
            let running = migrations::table
                .filter(migrations::account_id.eq(account.0).and(migrations::key.eq(key.clone())))
                .filter(migrations::state.eq(MigrationState::Running.as_str()));
            let cancelled = migrations::state.eq(MigrationState::Cancelled.as_str());
            diesel::update(running).set(cancelled).execute(conn).await?;
            let those = versions::table.filter(versions::account_id.eq(account.0).and(versions::key.eq(key.clone())));
            diesel::delete(those).execute(conn).await?;
            let this = own::table.filter(own::account_id.eq(account.0).and(own::key.eq(key)));
            diesel::delete(this).execute(conn).await?;
        }
    }
    account_events::append(conn, events).await
}

/// The cases of these versions by status, deleted ones included.
pub(crate) async fn cases_by_status(
    conn: &mut Conn,
    account: AccountId,
    of: Vec<WorkflowId>,
) -> Result<Vec<CasesByStatus>, QueryError> {
    let rows = cases::table
        .filter(cases::account_id.eq(account.0))
        .filter(cases::workflow_id.eq_any(of.into_iter().map(|id| Uid(id.0))))
        .group_by((cases::workflow_id, cases::status))
        .select((cases::workflow_id, cases::status, count_star()))
        .load::<(Uid, String, i64)>(conn)
        .await?;
    let counted = |(id, status, count): (Uid, String, i64)| CasesByStatus {
        workflow: WorkflowId(id.0),
        status: status.into(),
        cases: u64::try_from(count).unwrap_or(0),
    };
    Ok(rows.into_iter().map(counted).collect())
}
