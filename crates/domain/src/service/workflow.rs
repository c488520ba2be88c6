//! Which workflow holds.

use std::borrow::Cow;

use crate::{
    error::{Error, StoreError},
    id::AccountId,
    store::WorkflowStore,
    workflow::{EntityType, Workflow, WorkflowId, builtin},
};

/// The workflow version that a thing is in.
///
/// # Errors
/// A [`StoreError`]; a version that is gone is a defect, as versions are never deleted.
pub async fn load_workflow<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    id: WorkflowId,
) -> Result<Cow<'static, Workflow>, Error> {
    if let Some(builtin) = EntityType::ALL.into_iter().map(builtin).find(|workflow| workflow.id() == id) {
        return Ok(Cow::Borrowed(builtin));
    }
    let found = store.find_workflow(account, id).await?;
    found.map(Cow::Owned).ok_or_else(|| StoreError::Defect(format!("workflow {id} is gone")).into())
}

/// The workflow that new things of this kind begin in: the account's own, or the built-in one.
///
/// # Errors
/// A [`StoreError`].
pub async fn load_current_workflow<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    of: EntityType,
) -> Result<Cow<'static, Workflow>, Error> {
    let own = store.find_current_workflow(account, of).await?;
    Ok(own.map_or_else(|| Cow::Borrowed(builtin(of)), Cow::Owned))
}
