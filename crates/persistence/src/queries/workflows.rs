//! Queries of the accounts' own workflows.

use diesel::prelude::*;
use docket_domain::{
    id::AccountId,
    workflow::{EntityType, Workflow, WorkflowId},
};

use super::{Conn, RunQueryDsl};
use crate::{error::QueryError, rows::WorkflowRow, schema::workflows, sql_types::Uid};

pub(crate) async fn find(conn: &mut Conn, account: AccountId, id: WorkflowId) -> Result<Option<Workflow>, QueryError> {
    let row = workflows::table
        .filter(workflows::account_id.eq(account.0).and(workflows::id.eq(Uid(id.0))))
        .select(WorkflowRow::as_select())
        .first::<WorkflowRow>(conn)
        .await
        .optional()?;
    Ok(row.map(Workflow::try_from).transpose()?)
}

/// The id of the current version.
pub(crate) async fn current(
    conn: &mut Conn,
    account: AccountId,
    of: EntityType,
) -> Result<Option<WorkflowId>, QueryError> {
    let id = workflows::table
        .filter(workflows::account_id.eq(account.0).and(workflows::entity_type.eq(of.as_str())))
        .filter(workflows::is_current.eq(true))
        .select(workflows::id)
        .first::<Uid>(conn)
        .await
        .optional()?;
    Ok(id.map(|id| WorkflowId(id.0)))
}
