//! The workflows of accounts. A version never changes, so it is read and checked once and then cached.

use std::sync::Arc;

use docket_domain::{
    error::StoreError,
    id::AccountId,
    store::{Result, WorkflowStore},
    workflow::{EntityType, Workflow, WorkflowId},
};
use moka::sync::Cache;

use super::{Database, Kind};
use crate::{postgres, sqlite};

/// Maximum number of cached versions, over all accounts.
const KEPT: u64 = 1_000;

/// Workflow versions by account and id, shared by all workers. An account finds only the versions that were read for it.
#[derive(Clone)]
pub(crate) struct Workflows(Cache<(AccountId, WorkflowId), Arc<Workflow>>);

impl Default for Workflows {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

impl Workflows {
    /// # Errors
    /// A defect if the id of the content differs from the id of the row: an id names exactly one content.
    fn keep(&self, account: AccountId, id: WorkflowId, workflow: Workflow) -> Result<Arc<Workflow>> {
        if workflow.id() != id {
            let content = workflow.id();
            return Err(StoreError::Defect(format!("the workflow {id} has the content of the workflow {content}")));
        }
        let workflow = Arc::new(workflow);
        self.0.insert((account, id), Arc::clone(&workflow));
        Ok(workflow)
    }
}

impl WorkflowStore for Database {
    async fn find_workflow(&self, account: AccountId, id: WorkflowId) -> Result<Option<Arc<Workflow>>> {
        if let Some(kept) = self.workflows.0.get(&(account, id)) {
            return Ok(Some(kept));
        }
        let found = read!(self, workflows::find(account, id))?;
        found.map(|workflow| self.workflows.keep(account, id, workflow)).transpose()
    }

    async fn find_current_workflow(&self, account: AccountId, of: EntityType) -> Result<Option<Arc<Workflow>>> {
        match read!(self, workflows::current(account, of))? {
            Some(id) => self.find_workflow(account, id).await,
            None => Ok(None),
        }
    }
}
