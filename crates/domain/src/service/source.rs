//! Inquiries and orders: read, create, change.

use crate::{
    actor::Context,
    error::{Error, FieldError, FieldErrors, StoreError},
    id::AccountId,
    idempotency::Effect,
    service::{load_current_workflow, load_workflow},
    source::{self, NewSource, SourceChange, SourceId, SourceItem},
    store::{SourceStore, Store},
};

/// The most attempts at a change. An attempt fails if another request changed the source in between.
const ATTEMPTS: usize = 64;

/// Reads an inquiry or an order.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_source<S: SourceStore>(store: &S, account: AccountId, id: SourceId) -> Result<SourceItem, Error> {
    store.find_source(account, id).await?.ok_or(Error::not_found(id.kind.entity()))
}

/// Creates an inquiry or an order in the account's current workflow of its kind. `faults` are the faults of the request
/// that the caller found before.
///
/// # Errors
/// With `faults`, all of them and a fault of the status. Otherwise the rejection of the decision, or a [`StoreError`].
pub async fn create_source<S: Store>(
    store: &S,
    context: &Context,
    new: NewSource,
    mut faults: FieldErrors,
) -> Result<SourceItem, Error> {
    let kind = new.content.kind();
    if let Some(id) = context.effect.and_then(Effect::other) {
        return load_source(store, context.account, SourceId { kind, id }).await;
    }
    let workflow = load_current_workflow(store, context.account, kind.entity_type()).await?;
    if !faults.is_empty() {
        faults.keep(workflow.plan_creation(new.status.as_ref()).map_err(FieldError::from));
        faults.finish()?;
    }
    Ok(store.commit_source(source::create(new, &workflow, context)?).await?)
}

/// Changes an inquiry or an order: loads, decides and commits. Starts again if another commit changed it in between.
///
/// # Errors
/// Not found, [`Error::PreconditionFailed`], the rejection of the decision, or a [`StoreError`].
pub async fn change_source<S: Store>(
    store: &S,
    context: &Context,
    id: SourceId,
    change: SourceChange,
) -> Result<SourceItem, Error> {
    if context.effect.is_some() {
        return load_source(store, context.account, id).await;
    }
    for _ in 0..ATTEMPTS {
        let item = load_source(store, context.account, id).await?;
        context.precondition.check(&item)?;
        let workflow = load_workflow(store, context.account, item.workflow).await?;
        let decision = source::change(&item, &workflow, change.clone(), context)?;
        if decision.events.is_empty() {
            return Ok(item);
        }
        match store.commit_source(decision).await {
            Ok(item) => return Ok(item),
            Err(StoreError::Stale) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(StoreError::Stale.into())
}
