//! What all workers of a process keep of the database: workflow versions, which never change, and the settings of
//! accounts, which commits look at.

use std::{sync::Arc, time::Duration};

use docket_domain::{
    error::StoreError,
    id::AccountId,
    store::{Result, SettingKind},
    workflow::{Workflow, WorkflowId},
};
use moka::sync::Cache;

/// Maximum number of cached versions, and of settings, over all accounts.
const KEPT: u64 = 1_000;
/// How long the settings of an account are kept. A change by this process counts at once, one by another within this time.
const SETTINGS: Duration = Duration::from_secs(1);

/// An account finds only what was read for it.
#[derive(Clone)]
pub(crate) struct Caches {
    workflows: Cache<(AccountId, WorkflowId), Arc<Workflow>>,
    settings: Cache<(AccountId, &'static str), Arc<Vec<String>>>,
}

impl Default for Caches {
    fn default() -> Self {
        let settings = Cache::builder().max_capacity(KEPT).time_to_live(SETTINGS).build();
        Self { workflows: Cache::new(KEPT), settings }
    }
}

impl Caches {
    pub(super) fn workflow(&self, account: AccountId, id: WorkflowId) -> Option<Arc<Workflow>> {
        self.workflows.get(&(account, id))
    }

    /// # Errors
    /// A defect if the id of the content differs from the id of the row: an id names exactly one content.
    pub(super) fn keep_workflow(
        &self,
        account: AccountId,
        id: WorkflowId,
        workflow: Workflow,
    ) -> Result<Arc<Workflow>> {
        if workflow.id() != id {
            let content = workflow.id();
            return Err(StoreError::Defect(format!("the workflow {id} has the content of the workflow {content}")));
        }
        let workflow = Arc::new(workflow);
        self.workflows.insert((account, id), Arc::clone(&workflow));
        Ok(workflow)
    }

    pub(super) fn settings(&self, account: AccountId, kind: SettingKind) -> Option<Arc<Vec<String>>> {
        self.settings.get(&(account, kind.as_str()))
    }

    pub(super) fn keep_settings(&self, account: AccountId, kind: SettingKind, settings: Vec<String>) -> Vec<String> {
        let settings = Arc::new(settings);
        self.settings.insert((account, kind.as_str()), Arc::clone(&settings));
        settings.to_vec()
    }

    pub(super) fn forget_settings(&self, account: AccountId, kind: SettingKind) {
        self.settings.invalidate(&(account, kind.as_str()));
    }
}
