//! A case, an inquiry or an order together with what is shown around it.

use crate::{
    actor::Context,
    case::Case,
    error::Error,
    event::CaseEvent,
    filter::{CaseFilter, CaseOrder, SortKey},
    id::CaseRef,
    page::PageNumber,
    service::{load_case, load_source, load_workflow, related::with_related},
    source::{LinkedCase, SourceEvent, SourceId, SourceItem},
    store::{CaseColumns, CaseStore, Store},
    workflow::Explanation,
};

/// The most follow-ups that a case is shown with.
const FOLLOW_UPS: PageNumber = PageNumber { page: 1, per_page: 100 };
const OLDEST_FIRST: CaseOrder = CaseOrder { key: SortKey::CreatedAt, descending: false };
/// The most cases that a source is shown with.
const LINKED_MAX: i64 = 100;

/// A case with what is shown around it.
#[derive(Debug, Clone)]
pub struct CaseDetail {
    /// The case.
    pub case: Case,
    /// The case that it follows up, unless that is deleted.
    pub parent: Option<Case>,
    /// Cases that follow it up, oldest first, at most 100. They have no large texts.
    pub follow_ups: Vec<Case>,
    /// Events that set or changed its status, oldest first.
    pub history: Vec<CaseEvent>,
    /// Every transition, allowed or denied for the actor now.
    pub transitions: Vec<Explanation>,
}

/// Reads a case with what is shown around it.
///
/// # Errors
/// Not found, or a [`StoreError`](crate::error::StoreError).
pub async fn load_case_detail<S: Store>(store: &S, context: &Context, case: CaseRef) -> Result<CaseDetail, Error> {
    let account = context.account;
    let case = load_case(store, account, case).await?;
    let parent = store.list_cases_by_id(account, case.parent.as_slice()).await?.into_iter().next();
    let children = CaseFilter { parent: Some(case.id), ..CaseFilter::default() };
    let follow_ups = store.list_cases_page(account, CaseColumns::Row, &children, OLDEST_FIRST, FOLLOW_UPS).await?;
    let history = store.list_status_events(account, case.id).await?;
    let workflow = load_workflow(store, account, case.workflow).await?;
    let case = with_related(store, case, &workflow, context.now).await?;
    let transitions = workflow.explain(&case.status, &case, context);
    Ok(CaseDetail { case, parent, follow_ups, history, transitions })
}

/// The reason of the last change of status of the case at its version. `None` if none was given.
///
/// # Errors
/// A [`StoreError`](crate::error::StoreError).
pub async fn find_last_reason<S: CaseStore>(store: &S, case: &Case) -> Result<Option<String>, Error> {
    // The first version is the creation, which has no reason.
    if case.version == 1 {
        return Ok(None);
    }
    Ok(store.find_last_reason(case.account, case.id, case.version).await?)
}

/// An inquiry or an order with what is shown around it.
#[derive(Debug, Clone)]
pub struct SourceDetail {
    /// The inquiry or the order.
    pub item: SourceItem,
    /// Cases that are linked to it, oldest first, at most 100.
    pub linked: Vec<LinkedCase>,
    /// Its log, oldest first.
    pub events: Vec<SourceEvent>,
    /// Every transition, allowed or denied for the actor now.
    pub transitions: Vec<Explanation>,
}

/// Reads an inquiry or an order with what is shown around it.
///
/// # Errors
/// Not found, or a [`StoreError`](crate::error::StoreError).
pub async fn load_source_detail<S: Store>(
    store: &S,
    context: &Context,
    source: SourceId,
) -> Result<SourceDetail, Error> {
    let account = context.account;
    let item = load_source(store, account, source).await?;
    let linked = store.list_linked_cases(account, &[source], LINKED_MAX).await?;
    let events = store.list_source_events(account, source).await?;
    let workflow = load_workflow(store, account, item.workflow).await?;
    let transitions = workflow.explain(&item.status, &item, context);
    Ok(SourceDetail { item, linked, events, transitions })
}
