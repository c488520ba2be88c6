//! Finding the workflow of a case, an inquiry or an order.

use std::sync::Arc;

use crate::{
    error::{Error, StoreError},
    id::AccountId,
    store::WorkflowStore,
    workflow::{EntityType, Workflow, WorkflowId, shared_builtin},
};

/// The workflow version with this id: built in, or one of the account's own.
///
/// # Errors
/// A [`StoreError`]. A missing version is a defect, because versions are never deleted.
pub async fn load_workflow<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    id: WorkflowId,
) -> Result<Arc<Workflow>, Error> {
    if let Some(builtin) = EntityType::ALL.into_iter().map(shared_builtin).find(|workflow| workflow.id() == id) {
        return Ok(Arc::clone(builtin));
    }
    let found = store.find_workflow(account, id).await?;
    found.ok_or_else(|| StoreError::Defect(format!("workflow {id} is gone")).into())
}

/// The workflow in which new cases, inquiries or orders of the account begin: the account's own, or the built-in one.
///
/// # Errors
/// A [`StoreError`].
pub async fn load_current_workflow<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    of: EntityType,
) -> Result<Arc<Workflow>, Error> {
    let own = store.find_current_workflow(account, of).await?;
    Ok(own.unwrap_or_else(|| Arc::clone(shared_builtin(of))))
}
