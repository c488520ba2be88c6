//! Rows of inquiries and orders, and of their logs.

use diesel::prelude::*;
use docket_domain::{
    error::StoreError,
    id::{AccountId, CustomerId},
    source::{Content, SourceEvent, SourceId, SourceItem, SourceKind},
    workflow::{Phase, StatusKey, WorkflowId},
};

use super::damaged;
use crate::{
    schema::{source_events, sources},
    sql_types::{JsonText, Moment, Uid},
};

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sources, treat_none_as_default_value = false, treat_none_as_null = true, primary_key(account_id, id))]
pub(crate) struct SourceRow {
    account_id: i64,
    id: i64,
    entity_type: String,
    version: i64,
    user_id: i64,
    title: Option<String>,
    description: Option<String>,
    workflow_id: Uid,
    status: String,
    phase: String,
    content: JsonText,
    created_by: String,
    created_at: Moment,
    updated_at: Moment,
}

impl SourceRow {
    /// Size of the large texts in bytes.
    pub(crate) fn size(&self) -> usize {
        self.description.as_ref().map_or(0, String::len) + self.content.0.len()
    }
}

impl From<&SourceItem> for SourceRow {
    fn from(item: &SourceItem) -> Self {
        Self {
            account_id: item.account.0,
            id: item.id.id,
            entity_type: item.id.kind.as_str().to_owned(),
            version: item.version,
            user_id: item.user.0,
            title: item.title.clone(),
            description: item.description.clone(),
            workflow_id: Uid(item.workflow.0),
            status: item.status.as_str().to_owned(),
            phase: item.phase.as_str().to_owned(),
            content: JsonText(item.content.to_json().to_string()),
            created_by: item.created_by.clone(),
            created_at: Moment(item.created_at),
            updated_at: Moment(item.updated_at),
        }
    }
}

impl TryFrom<SourceRow> for SourceItem {
    type Error = StoreError;

    fn try_from(row: SourceRow) -> Result<Self, StoreError> {
        let kind =
            SourceKind::parse(&row.entity_type).ok_or_else(|| damaged("sources.entity_type", &row.entity_type))?;
        let phase = [Phase::Active, Phase::Closed].into_iter().find(|phase| phase.as_str() == row.phase);
        let content = serde_json::from_str(&row.content.0).map_err(|error| damaged("sources.content", error))?;
        Ok(Self {
            account: AccountId(row.account_id),
            id: SourceId { kind, id: row.id },
            version: row.version,
            user: CustomerId(row.user_id),
            title: row.title,
            description: row.description,
            workflow: WorkflowId(row.workflow_id.0),
            status: StatusKey::new(row.status),
            phase: phase.ok_or_else(|| damaged("sources.phase", &row.phase))?,
            content: Content::from_json(kind, content).ok_or_else(|| damaged("sources.content", &row.content.0))?,
            created_by: row.created_by,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        })
    }
}

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = source_events, treat_none_as_default_value = false)]
pub(crate) struct SourceEventRow {
    account_id: i64,
    source_id: i64,
    version: i64,
    transition: Option<String>,
    from_status: Option<String>,
    to_status: String,
    reason: Option<String>,
    actor_name: String,
    occurred_at: Moment,
    recorded_at: Moment,
}

impl SourceEventRow {
    /// The row of an event in the log of `item`.
    pub(crate) fn new(item: &SourceItem, event: SourceEvent) -> Self {
        Self {
            account_id: item.account.0,
            source_id: item.id.id,
            version: event.version,
            transition: event.transition,
            from_status: event.from.map(String::from),
            to_status: event.to.into(),
            reason: event.reason,
            actor_name: event.actor,
            occurred_at: Moment(event.occurred_at),
            recorded_at: Moment(event.recorded_at),
        }
    }
}

impl From<SourceEventRow> for SourceEvent {
    fn from(row: SourceEventRow) -> Self {
        Self {
            version: row.version,
            transition: row.transition,
            from: row.from_status.map(StatusKey::new),
            to: StatusKey::new(row.to_status),
            reason: row.reason,
            actor: row.actor_name,
            occurred_at: row.occurred_at.0,
            recorded_at: row.recorded_at.0,
        }
    }
}
