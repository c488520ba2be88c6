//! Numbered lists with exact totals, and the statistics.

use std::sync::Arc;

use crate::{
    case::Case,
    error::{Error, FieldErrors},
    filter::{CaseFilter, CaseOrder},
    id::AccountId,
    page::{Numbered, PageNumber},
    service::{check_statuses, load_active_workflows},
    source::{LinkedCase, SourceFilter, SourceItem},
    statistics::{Statistics, StatisticsFilter, Today},
    store::{CaseColumns, Store},
    time::Timestamp,
    workflow::{EntityType, Workflow},
};

/// The most linked cases that are read for a page of sources.
const LINKED_MAX: i64 = 1_000;

/// A numbered page of cases. `faults` are the faults of the query that the caller found before.
///
/// # Errors
/// All `faults` and a fault of `status` for an unknown status. Or a [`StoreError`](crate::error::StoreError).
pub async fn list_cases<S: Store>(
    store: &S,
    account: AccountId,
    filter: &CaseFilter,
    order: CaseOrder,
    page: PageNumber,
    mut faults: FieldErrors,
) -> Result<Numbered<Case>, Error> {
    check_statuses(store, account, EntityType::Case, &filter.statuses, &mut faults).await?;
    faults.finish()?;
    let total = store.count_cases(account, filter).await?;
    if page.offset() >= total {
        return Ok(Numbered { rows: Vec::new(), total });
    }
    let rows = store.list_cases_page(account, CaseColumns::All, filter, order, page).await?;
    Ok(Numbered { rows, total })
}

/// A numbered page of inquiries or orders, newest first. `faults` are the faults of the query that the caller found before.
///
/// # Errors
/// All `faults` and a fault of `status` for an unknown status. Or a [`StoreError`](crate::error::StoreError).
pub async fn list_sources<S: Store>(
    store: &S,
    account: AccountId,
    filter: &SourceFilter,
    page: PageNumber,
    mut faults: FieldErrors,
) -> Result<Numbered<SourceItem>, Error> {
    if let Some(kind) = filter.kind {
        check_statuses(store, account, kind.entity_type(), &filter.statuses, &mut faults).await?;
    }
    faults.finish()?;
    Ok(store.list_sources(account, filter, page).await?)
}

/// A numbered page of inquiries and orders, newest first, with the cases that are linked to them: at most 1,000.
///
/// # Errors
/// A [`StoreError`](crate::error::StoreError).
pub async fn list_sources_with_cases<S: Store>(
    store: &S,
    account: AccountId,
    filter: &SourceFilter,
    page: PageNumber,
) -> Result<(Numbered<SourceItem>, Vec<LinkedCase>), Error> {
    let found = store.list_sources(account, filter, page).await?;
    let ids = found.rows.iter().map(|item| item.id).collect::<Vec<_>>();
    let linked = store.list_linked_cases(account, &ids, LINKED_MAX).await?;
    Ok((found, linked))
}

/// Figures over the matching cases on this day (UTC), with the active versions of the account's workflows of cases.
///
/// # Errors
/// A [`StoreError`](crate::error::StoreError).
pub async fn count_statistics<S: Store>(
    store: &S,
    account: AccountId,
    filter: &StatisticsFilter,
    now: Timestamp,
) -> Result<(Statistics, Vec<Arc<Workflow>>), Error> {
    let counted = store.count_statistics(account, filter, Today::of(now)).await?;
    let active = load_active_workflows(store, account, EntityType::Case).await?;
    Ok((counted, active.into_iter().map(|(_, workflow)| workflow).collect()))
}
