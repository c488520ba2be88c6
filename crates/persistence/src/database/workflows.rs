//! The workflows of accounts. A version never changes, so it is read and checked once and then cached.

use std::sync::Arc;

use docket_domain::{
    account_event::AccountEvent,
    case::Case,
    catalog::{Catalog, CatalogChange, Choice, Migration, MigrationRefusal},
    id::{AccountId, CaseId},
    store::{CasesByStatus, MigrationBatch, MigrationStore, Result, WorkflowStore},
    time::Timestamp,
    workflow::{EntityType, Workflow, WorkflowId},
};
use uuid::Uuid;

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl WorkflowStore for Database {
    async fn find_workflow(&self, account: AccountId, id: WorkflowId) -> Result<Option<Arc<Workflow>>> {
        if let Some(kept) = self.caches.workflow(account, id) {
            return Ok(Some(kept));
        }
        let found = read!(self, workflows::find(account, id))?;
        found.map(|workflow| self.caches.keep_workflow(account, id, workflow)).transpose()
    }

    async fn list_workflow_choices(&self, account: AccountId, of: EntityType) -> Result<Vec<Choice>> {
        read!(self, workflows::choices(account, of))
    }

    async fn load_catalog(&self, account: AccountId) -> Result<Catalog> {
        read!(self, workflows::catalog(account))
    }

    async fn change_catalog(
        &self,
        account: AccountId,
        revision: i64,
        change: CatalogChange,
        events: Vec<AccountEvent>,
        now: Timestamp,
    ) -> Result<()> {
        write!(self, workflows::change(account, revision, change.clone(), &events, now))
    }

    async fn count_cases_of_workflows(&self, account: AccountId, of: &[WorkflowId]) -> Result<Vec<CasesByStatus>> {
        let of = of.to_vec();
        scan!(self, workflows::cases_by_status(account, of))
    }
}

impl MigrationStore for Database {
    async fn create_migration(&self, migration: Migration) -> Result<()> {
        write!(self, migrations::create(migration.clone()))
    }

    async fn find_migration(&self, account: AccountId, id: Uuid) -> Result<Option<Migration>> {
        read!(self, migrations::find(account, id))
    }

    async fn list_idle_migrations(&self, account: AccountId, before: Timestamp) -> Result<Vec<Migration>> {
        read!(self, migrations::list_idle(account, before))
    }

    async fn list_migration_refusals(&self, account: AccountId, id: Uuid, limit: i64) -> Result<Vec<MigrationRefusal>> {
        read!(self, migrations::list_refusals(account, id, limit))
    }

    async fn list_cases_to_migrate(
        &self,
        account: AccountId,
        from: &[WorkflowId],
        after: Option<CaseId>,
        limit: i64,
    ) -> Result<Vec<Case>> {
        read!(self, migrations::list_cases(account, from, after, limit))
    }

    async fn advance_migration(&self, before: &Migration, batch: MigrationBatch, now: Timestamp) -> Result<()> {
        let (before, MigrationBatch { decisions, refused, to, state }) = (before.clone(), batch);
        write!(self, migrations::advance(before.clone(), decisions.clone(), refused.clone(), to, state, now))
    }
}
