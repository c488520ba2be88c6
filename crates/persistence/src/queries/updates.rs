//! Queries of case updates. Updates of deleted cases are not found.

use std::collections::HashMap;

use diesel::{dsl::count_star, prelude::*};
use docket_domain::{
    error::StoreError,
    id::{AccountId, UpdateId},
    page::PageNumber,
    update::{CaseUpdate, UpdateDetail, UpdateFilter},
};

use super::{
    Conn, Db, RunQueryDsl, execute_prepared,
    filter::{self, on_cases},
};
use crate::{
    error::QueryError,
    parts::{self, Rows},
    rows::{DetailRow, UpdateRow},
    schema::{case_updates, cases, update_details},
    sql_types::Moment,
    statements::{Limit, Span},
};

/// Narrows a query by each column that has a value in the filter.
macro_rules! equal {
    ($query:ident, $($column:ident = $value:expr),* $(,)?) => {$(
        if let Some(value) = $value {
            $query = $query.filter(case_updates::$column.eq(value));
        }
    )*};
}

/// Narrows a query to these time ranges.
macro_rules! within {
    ($query:ident, $($column:ident = $range:expr),* $(,)?) => {$(
        if let Some(from) = $range.from {
            $query = $query.filter(case_updates::$column.ge(Moment(from)));
        }
        if let Some(before) = $range.before {
            $query = $query.filter(case_updates::$column.lt(Moment(before)));
        }
    )*};
}

/// The matching updates, joined with their cases.
macro_rules! matching {
    ($account:expr, $filter:expr) => {{
        let (account, wanted): (AccountId, &UpdateFilter) = ($account, $filter);
        let of_case = cases::account_id.eq(case_updates::account_id).and(cases::id.eq(case_updates::case_id));
        let mut query = case_updates::table
            .inner_join(cases::table.on(of_case))
            .filter(case_updates::account_id.eq(account.0))
            .filter(filter::not_deleted())
            .into_boxed::<Db>();
        equal!(
            query,
            id = wanted.id.map(|id| id.0),
            access_group_id = wanted.access_group.map(|id| id.0),
            author_id = wanted.author.map(|id| id.0),
            is_valid = wanted.is_valid,
            subject_id = wanted.subject.map(|id| id.0),
            thread_id = wanted.thread.map(|id| id.0),
        );
        if let Some(of) = wanted.cases.as_deref() {
            query = on_cases!(query, case_updates::case_id, of);
        }
        within!(
            query,
            activity_at = wanted.activity,
            created_at = wanted.created,
            updated_at = wanted.updated,
            validated_at = wanted.validated,
        );
        query
    }};
}

pub(crate) async fn find(conn: &mut Conn, account: AccountId, id: UpdateId) -> Result<Option<CaseUpdate>, QueryError> {
    let filter = UpdateFilter { id: Some(id), ..UpdateFilter::default() };
    let row = matching!(account, &filter).select(UpdateRow::as_select()).first::<UpdateRow>(conn).await.optional()?;
    let rows = row.into_iter().collect();
    Ok(with_details(conn, account, rows).await?.into_iter().next())
}

pub(crate) async fn has_replies(conn: &mut Conn, account: AccountId, id: UpdateId) -> Result<bool, QueryError> {
    let replies = case_updates::table
        .filter(case_updates::account_id.eq(account.0).and(case_updates::thread_id.eq(id.0)))
        .filter(case_updates::id.ne(id.0))
        .select(case_updates::id);
    Ok(replies.first::<i64>(conn).await.optional()?.is_some())
}

pub(crate) async fn list(
    conn: &mut Conn,
    account: AccountId,
    filter: &UpdateFilter,
    descending: bool,
    page: PageNumber,
) -> Result<Vec<CaseUpdate>, QueryError> {
    let ordered = || {
        let query = matching!(account, filter);
        if descending {
            query.order_by((case_updates::created_at.desc(), case_updates::id.desc()))
        } else {
            query.order_by((case_updates::created_at.asc(), case_updates::id.asc()))
        }
    };
    let this_page = Span::after(page.offset(), page.per_page);
    if page.per_page <= parts::ROWS {
        let rows = ordered().select(UpdateRow::as_select()).span(this_page).load::<UpdateRow>(conn).await?;
        return Rows::of(sized(with_details(conn, account, rows).await?)).whole();
    }
    let ids = ordered().select(case_updates::id).span(this_page).load::<i64>(conn).await?;
    let part = async |ids: &[i64]| {
        let rows = ordered().filter(case_updates::id.eq_any(ids.to_vec())).select(UpdateRow::as_select());
        let rows = rows.load::<UpdateRow>(conn).await?;
        Ok(sized(with_details(conn, account, rows).await?))
    };
    parts::by_id(&ids, part).await?.whole()
}

/// Updates with the size of their bodies in bytes.
fn sized(updates: Vec<CaseUpdate>) -> Vec<(usize, CaseUpdate)> {
    updates.into_iter().map(|update| (update.body.len(), update)).collect()
}

pub(crate) async fn count(conn: &mut Conn, account: AccountId, filter: &UpdateFilter) -> Result<i64, QueryError> {
    Ok(matching!(account, filter).select(count_star()).get_result(conn).await?)
}

/// The updates with their timetables. One query reads all timetables.
pub(super) async fn with_details(
    conn: &mut Conn,
    account: AccountId,
    rows: Vec<UpdateRow>,
) -> Result<Vec<CaseUpdate>, QueryError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let details = update_details::table
        .filter(update_details::account_id.eq(account.0))
        .filter(update_details::update_id.eq_any(rows.iter().map(UpdateRow::id)))
        .order_by((update_details::update_id, update_details::place))
        .select(DetailRow::as_select())
        .load::<DetailRow>(conn)
        .await?;
    let mut of_update: HashMap<i64, Vec<UpdateDetail>> = HashMap::new();
    for detail in details {
        of_update.entry(detail.update_id).or_default().push(UpdateDetail::try_from(detail)?);
    }
    let with = |row: UpdateRow| {
        let details = of_update.remove(&row.id()).unwrap_or_default();
        row.with(details)
    };
    Ok(rows.into_iter().map(with).collect())
}

pub(crate) async fn insert(conn: &mut Conn, update: &CaseUpdate) -> Result<(), QueryError> {
    diesel::insert_into(case_updates::table).values(UpdateRow::from(update)).execute(conn).await?;
    insert_details(conn, update).await
}

/// Replaces the previous revision, or fails with [`StoreError::Stale`]. The case's version is no sufficient guard,
/// because the update may have been moved to another case.
pub(crate) async fn update(conn: &mut Conn, update: &CaseUpdate) -> Result<(), QueryError> {
    let this = case_updates::account_id.eq(update.account.0).and(case_updates::id.eq(update.id.0));
    let unchanged = case_updates::table.filter(this).filter(case_updates::revision.eq(update.revision - 1));
    if execute_prepared(conn, diesel::update(unchanged).set(UpdateRow::from(update))).await? == 0 {
        return Err(StoreError::Stale.into());
    }
    let of_this = update_details::account_id.eq(update.account.0).and(update_details::update_id.eq(update.id.0));
    diesel::delete(update_details::table.filter(of_this)).execute(conn).await?;
    insert_details(conn, update).await
}

async fn insert_details(conn: &mut Conn, update: &CaseUpdate) -> Result<(), QueryError> {
    let rows = DetailRow::all(update);
    if rows.is_empty() {
        return Ok(());
    }
    diesel::insert_into(update_details::table).values(rows).execute(conn).await?;
    Ok(())
}
