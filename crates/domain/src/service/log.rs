//! Reading the log of a case: history, timeline, possible transitions.

use crate::{
    actor::Context,
    case::Case,
    error::Error,
    event::{CaseEvent, EventData},
    id::{AccountId, CaseRef},
    page::{BadCursor, Cursor, Page},
    service::{load_case, load_workflow, related::with_related},
    store::{CaseStore, FeedStore, Store},
    workflow::{Explanation, Marks},
};

/// An event of a timeline, and the cursor behind it.
#[derive(Debug, Clone)]
pub struct TimelineEvent {
    /// The event.
    pub event: CaseEvent,
    /// The next page begins behind it.
    pub cursor: Cursor,
}

/// The events that set or changed the status of a case, oldest first.
///
/// # Errors
/// Not found, or a [`StoreError`](crate::error::StoreError).
pub async fn list_history<S: CaseStore>(store: &S, account: AccountId, case: CaseRef) -> Result<Vec<CaseEvent>, Error> {
    let case = load_case(store, account, case).await?;
    Ok(store.list_status_events(account, case.id).await?)
}

/// A page of all events of a case, newest first. Events of its parts are among them, in the order of the feed.
///
/// # Errors
/// Not found, a cursor of another case's timeline, or a [`StoreError`](crate::error::StoreError).
pub async fn list_timeline<S: CaseStore + FeedStore>(
    store: &S,
    account: AccountId,
    case: CaseRef,
    after: Option<Cursor>,
    limit: i64,
) -> Result<(Case, Page<TimelineEvent>), Error> {
    let case = load_case(store, account, case).await?;
    // Versions and positions in the feed are different orders. The sign of the key tells them apart.
    let sign = if case.parts.is_empty() { 1 } else { -1 };
    if after.is_some_and(|cursor| cursor.id != case.id.0 || cursor.key.signum() != sign) {
        return Err(Error::invalid("cursor", BadCursor.to_string()));
    }
    let before = after.map(|cursor| cursor.key * sign);
    let at = |key: i64| Cursor { key: key * sign, id: case.id.0 };
    let page = if case.parts.is_empty() {
        let page = store.list_timeline(account, case.id, before, limit).await?;
        page.map(|event| TimelineEvent { cursor: at(event.version), event })
    } else {
        store.place_events(account).await?;
        let page = store.list_timeline_of_all(account, &case.whole(), before, limit).await?;
        page.map(|(position, event)| TimelineEvent { cursor: at(position), event })
    };
    Ok((case, page))
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
