//! Rows of workflows and their versions.

use diesel::prelude::*;
use docket_domain::{
    actor::Actor,
    catalog::{Choice, Migration, MigrationProgress, MigrationRefusal, MigrationState, OwnWorkflow, Version},
    error::StoreError,
    id::{AccountId, CaseId, PersonId},
    time::Timestamp,
    workflow::{EntityType, Obstacle, Workflow, WorkflowId},
};

use super::damaged;
use crate::{
    schema::{migration_refusals, own_workflows, workflow_migrations, workflow_versions, workflows},
    sql_types::{JsonText, Moment, Uid},
};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = workflows)]
pub(crate) struct WorkflowRow {
    account_id: i64,
    id: Uid,
    entity_type: String,
    definition: JsonText,
    /// Always false: [`OwnWorkflowRow`] names the active version.
    is_current: bool,
    created_at: Moment,
}

impl WorkflowRow {
    /// The content of a version.
    pub(crate) fn new(account: AccountId, workflow: &Workflow, now: Timestamp) -> Result<Self, StoreError> {
        Ok(Self {
            account_id: account.0,
            id: Uid(workflow.id().0),
            entity_type: workflow.entity_type().as_str().to_owned(),
            definition: to_json(workflow)?,
            is_current: false,
            created_at: Moment(now),
        })
    }
}

impl TryFrom<WorkflowRow> for Workflow {
    type Error = StoreError;

    fn try_from(row: WorkflowRow) -> Result<Self, StoreError> {
        let workflow = Self::from_json(&row.definition.0);
        workflow.map_err(|faults| StoreError::Defect(format!("the workflow {} does not load: {faults}", row.id.0)))
    }
}

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = own_workflows)]
pub(crate) struct OwnWorkflowRow {
    account_id: i64,
    pub(crate) key: String,
    entity_type: String,
    case_types: JsonText,
    assertions: JsonText,
    active_id: Uid,
}

impl OwnWorkflowRow {
    pub(crate) fn new(account: AccountId, workflow: &OwnWorkflow) -> Result<Self, StoreError> {
        Ok(Self {
            account_id: account.0,
            key: workflow.key.clone(),
            entity_type: workflow.entity_type.as_str().to_owned(),
            case_types: to_json(&workflow.case_types)?,
            assertions: to_json(&workflow.assertions)?,
            active_id: Uid(workflow.active.0),
        })
    }

    /// The workflow with its versions.
    pub(crate) fn with(self, versions: Vec<Version>) -> Result<OwnWorkflow, StoreError> {
        Ok(OwnWorkflow {
            entity_type: entity_type(&self.entity_type)?,
            case_types: from_json("case_types", &self.case_types)?,
            assertions: from_json("assertions", &self.assertions)?,
            active: WorkflowId(self.active_id.0),
            key: self.key,
            versions,
        })
    }
}

/// The columns that decide which workflow a new entity follows.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = own_workflows)]
pub(crate) struct ChoiceRow {
    key: String,
    case_types: JsonText,
    active_id: Uid,
}

impl TryFrom<ChoiceRow> for Choice {
    type Error = StoreError;

    fn try_from(row: ChoiceRow) -> Result<Self, StoreError> {
        let case_types = from_json("case_types", &row.case_types)?;
        Ok(Self { key: row.key, case_types, active: WorkflowId(row.active_id.0) })
    }
}

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = workflow_versions)]
pub(crate) struct VersionRow {
    account_id: i64,
    pub(crate) key: String,
    id: Uid,
    number: i64,
    created_at: Option<Moment>,
    created_by: Option<i64>,
    created_by_name: Option<String>,
}

impl VersionRow {
    pub(crate) fn new(account: AccountId, key: &str, version: &Version) -> Self {
        Self {
            account_id: account.0,
            key: key.to_owned(),
            id: Uid(version.id.0),
            number: version.number,
            created_at: version.created_at.map(Moment),
            created_by: version.created_by.as_ref().and_then(|actor| actor.id).map(|id| id.0),
            created_by_name: version.created_by.as_ref().map(|actor| actor.name.clone()),
        }
    }
}

impl From<VersionRow> for Version {
    fn from(row: VersionRow) -> Self {
        let id = row.created_by.map(PersonId);
        Self {
            id: WorkflowId(row.id.0),
            number: row.number,
            created_at: row.created_at.map(|at| at.0),
            created_by: row.created_by_name.map(|name| Actor { id, name }),
        }
    }
}

fn entity_type(word: &str) -> Result<EntityType, StoreError> {
    word.parse().map_err(|_| damaged("own_workflows.entity_type", word))
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<JsonText, StoreError> {
    serde_json::to_string(value).map(JsonText).map_err(|error| StoreError::Defect(error.to_string()))
}

fn from_json<T: serde::de::DeserializeOwned>(column: &str, text: &JsonText) -> Result<T, StoreError> {
    serde_json::from_str(&text.0).map_err(|_| damaged(&format!("own_workflows.{column}"), &text.0))
}

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = workflow_migrations)]
pub(crate) struct MigrationRow {
    account_id: i64,
    id: Uid,
    key: String,
    from_ids: JsonText,
    to_id: Uid,
    status_map: JsonText,
    reason: Option<String>,
    actor_id: Option<i64>,
    actor_name: String,
    state: String,
    planned: i64,
    moved: i64,
    refused: i64,
    after_case: i64,
    created_at: Moment,
    updated_at: Moment,
}

/// The position before the first case.
const BEFORE_ALL: i64 = i64::MIN;

impl TryFrom<&Migration> for MigrationRow {
    type Error = StoreError;

    fn try_from(migration: &Migration) -> Result<Self, StoreError> {
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Ok(Self {
            account_id: migration.account.0,
            id: Uid(migration.id),
            key: migration.key.clone(),
            from_ids: to_json(&migration.from)?,
            to_id: Uid(migration.to.0),
            status_map: to_json(&migration.status_map)?,
            reason: migration.reason.clone(),
            actor_id: migration.actor.id.map(|id| id.0),
            actor_name: migration.actor.name.clone(),
            state: migration.state.as_str().to_owned(),
            planned: count(migration.planned),
            moved: count(migration.progress.moved),
            refused: count(migration.progress.refused),
            after_case: migration.progress.after.map_or(BEFORE_ALL, |case| case.0),
            created_at: Moment(migration.created_at),
            updated_at: Moment(migration.updated_at),
        })
    }
}

impl MigrationRow {
    /// Cases moved, cases refused, and the last case.
    pub(crate) const fn progress(&self) -> (i64, i64, i64) {
        (self.moved, self.refused, self.after_case)
    }
}

impl TryFrom<MigrationRow> for Migration {
    type Error = StoreError;

    fn try_from(row: MigrationRow) -> Result<Self, StoreError> {
        let state = MigrationState::ALL.into_iter().find(|state| state.as_str() == row.state);
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        Ok(Self {
            account: AccountId(row.account_id),
            id: row.id.0,
            from: from_json("from_ids", &row.from_ids)?,
            to: WorkflowId(row.to_id.0),
            status_map: from_json("status_map", &row.status_map)?,
            state: state.ok_or_else(|| damaged("workflow_migrations.state", &row.state))?,
            key: row.key,
            reason: row.reason,
            actor: Actor { id: row.actor_id.map(PersonId), name: row.actor_name },
            planned: count(row.planned),
            progress: MigrationProgress {
                after: (row.after_case != BEFORE_ALL).then_some(CaseId(row.after_case)),
                moved: count(row.moved),
                refused: count(row.refused),
            },
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        })
    }
}

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = migration_refusals)]
pub(crate) struct RefusalRow {
    account_id: i64,
    migration_id: Uid,
    case_id: i64,
    status: String,
    obstacle: String,
}

impl RefusalRow {
    pub(crate) fn new(migration: &Migration, refusal: &MigrationRefusal) -> Self {
        Self {
            account_id: migration.account.0,
            migration_id: Uid(migration.id),
            case_id: refusal.case.0,
            status: refusal.status.as_str().to_owned(),
            obstacle: refusal.obstacle.as_str().to_owned(),
        }
    }
}

impl TryFrom<RefusalRow> for MigrationRefusal {
    type Error = StoreError;

    fn try_from(row: RefusalRow) -> Result<Self, StoreError> {
        let obstacle = Obstacle::ALL.into_iter().find(|obstacle| obstacle.as_str() == row.obstacle);
        let obstacle = obstacle.ok_or_else(|| damaged("migration_refusals.obstacle", &row.obstacle))?;
        Ok(Self { case: CaseId(row.case_id), status: row.status.into(), obstacle })
    }
}
