//! Reading the log of a case: history, timeline, possible transitions.

use crate::{
    actor::Context,
    error::Error,
    event::{CaseEvent, EventData},
    id::{AccountId, CaseRef},
    page::{BadCursor, Cursor, Page},
    service::{load_case, load_workflow, related::with_related},
    store::{CaseStore, Store},
    workflow::{Explanation, Marks},
};

/// The events that set or changed the status of a case, oldest first.
///
/// # Errors
/// Not found, or a [`StoreError`](crate::error::StoreError).
pub async fn list_history<S: CaseStore>(store: &S, account: AccountId, case: CaseRef) -> Result<Vec<CaseEvent>, Error> {
    let case = load_case(store, account, case).await?;
    Ok(store.list_status_events(account, case.id).await?)
}

/// A page of all events of a case, newest first.
///
/// # Errors
/// Not found, a cursor of another case's timeline, or a [`StoreError`](crate::error::StoreError).
pub async fn list_timeline<S: CaseStore>(
    store: &S,
    account: AccountId,
    case: CaseRef,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Page<CaseEvent>, Error> {
    let case = load_case(store, account, case).await?;
    if after.is_some_and(|cursor| cursor.id != case.id.0) {
        return Err(Error::invalid("cursor", BadCursor.to_string()));
    }
    Ok(store.list_timeline(account, case.id, after.map(|cursor| cursor.key), limit).await?)
}

/// Every transition of the workflow, allowed or denied for this actor now, with all reasons.
///
/// # Errors
/// Not found, or a [`StoreError`](crate::error::StoreError).
pub async fn explain_transitions<S: Store>(
    store: &S,
    context: &Context,
    case: CaseRef,
) -> Result<Vec<Explanation>, Error> {
    let case = load_case(store, context.account, case).await?;
    let workflow = load_workflow(store, context.account, case.workflow).await?;
    let case = with_related(store, case, &workflow, context.now).await?;
    Ok(workflow.explain(&case.status, &case, context))
}

/// The present status of a case and the moves that it has made, for a drawing of its workflow.
///
/// # Errors
/// Not found, or a [`StoreError`](crate::error::StoreError).
pub async fn load_way<S: Store>(store: &S, account: AccountId, case: CaseRef) -> Result<Marks, Error> {
    let case = load_case(store, account, case).await?;
    let events = store.list_status_events(account, case.id).await?;
    let moves = events.into_iter().filter_map(|event| {
        let EventData::StatusChanged(change) = event.data else { return None };
        Some((change.transition, change.to))
    });
    Ok(Marks::new(case.status, moves))
}
