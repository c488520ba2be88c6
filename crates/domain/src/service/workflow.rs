//! Finding the workflow of a case, an inquiry or an order.

use std::sync::Arc;

use crate::{
    error::{Error, FieldErrors, StoreError},
    id::AccountId,
    store::WorkflowStore,
    workflow::{EntityType, StatusKey, Workflow, WorkflowId, shared_builtin},
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

/// Notes statuses that neither the account's current workflow nor the built-in one has. Entities that are older than the
/// account's own workflow can still be in a status of the built-in one.
///
/// # Errors
/// A [`StoreError`].
pub async fn check_statuses<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    of: EntityType,
    wanted: &[StatusKey],
    faults: &mut FieldErrors,
) -> Result<(), Error> {
    if wanted.is_empty() {
        return Ok(());
    }
    let workflow = load_current_workflow(store, account, of).await?;
    let is_known = |key: &StatusKey| workflow.status(key).is_some() || shared_builtin(of).status(key).is_some();
    if !wanted.iter().all(is_known) {
        faults.add("status", format!("must be among {}", keys(&workflow)));
    }
    Ok(())
}

/// Notes a status that the account's current workflow of cases does not have.
pub(super) async fn check_status<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    wanted: &StatusKey,
    faults: &mut FieldErrors,
) -> Result<(), Error> {
    let workflow = load_current_workflow(store, account, EntityType::Case).await?;
    if workflow.status(wanted).is_none() {
        faults.add("status", format!("must be one of {}", keys(&workflow)));
    }
    Ok(())
}

fn keys(workflow: &Workflow) -> String {
    workflow.statuses().iter().map(|status| status.key.as_str()).collect::<Vec<_>>().join(", ")
}
