//! Queries of the subjects of cases. Lists and counts exclude subjects of deleted cases.

use diesel::{dsl::count_star, prelude::*};
use docket_domain::{
    id::{AccountId, CaseId},
    page::PageNumber,
    subject::{ListedSubject, Subject, SubjectFilter},
    text::search_key,
};

use super::{Conn, Db, RunQueryDsl, filter};
use crate::{
    error::QueryError,
    rows::{SubjectRow, custom_fields},
    schema::{cases, subjects},
    sql_types::Moment,
    statements::{Limit, Span},
};

pub(crate) async fn list_of(
    conn: &mut Conn,
    account: AccountId,
    wanted: &[CaseId],
) -> Result<Vec<Subject>, QueryError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows = subjects::table
        .filter(subjects::account_id.eq(account.0))
        .filter(subjects::case_id.eq_any(wanted.iter().map(|id| id.0)))
        .order_by((subjects::created_at, subjects::id))
        .select(SubjectRow::as_select())
        .load::<SubjectRow>(conn)
        .await?;
    Ok(rows.into_iter().map(Subject::try_from).collect::<Result<_, _>>()?)
}

/// The matching subjects, joined with their cases.
macro_rules! matching {
    ($account:expr, $filter:expr) => {{
        let (account, wanted): (AccountId, &SubjectFilter) = ($account, $filter);
        let of_case = cases::account_id.eq(subjects::account_id).and(cases::id.eq(subjects::case_id));
        let mut query = subjects::table
            .inner_join(cases::table.on(of_case))
            .filter(subjects::account_id.eq(account.0))
            .filter(filter::not_deleted())
            .into_boxed::<Db>();
        if let Some(id) = wanted.id {
            query = query.filter(subjects::id.eq(id.0));
        }
        if let Some(case) = wanted.case {
            query = query.filter(subjects::case_id.eq(case.0));
        }
        if let Some(name) = &wanted.name {
            query = query.filter(subjects::name_key.eq(search_key(name)));
        }
        match wanted.is_primary {
            None => query,
            Some(true) => query.filter(cases::primary_subject_id.eq(subjects::id.nullable())),
            Some(false) => query
                .filter(cases::primary_subject_id.is_null().or(cases::primary_subject_id.ne(subjects::id.nullable()))),
        }
    }};
}

pub(crate) async fn list(
    conn: &mut Conn,
    account: AccountId,
    filter: &SubjectFilter,
    descending: bool,
    page: PageNumber,
) -> Result<Vec<ListedSubject>, QueryError> {
    let query = matching!(account, filter);
    let query = if descending {
        query.order_by((subjects::created_at.desc(), subjects::id.desc()))
    } else {
        query.order_by((subjects::created_at.asc(), subjects::id.asc()))
    };
    let rows = query
        .select((SubjectRow::as_select(), cases::primary_subject_id))
        .span(Span::after(page.offset(), page.per_page))
        .load::<(SubjectRow, Option<i64>)>(conn)
        .await?;
    let listed = rows.into_iter().map(|(row, primary)| {
        let subject = Subject::try_from(row)?;
        Ok(ListedSubject { is_primary: primary == Some(subject.id.0), subject })
    });
    listed.collect()
}

pub(crate) async fn count(conn: &mut Conn, account: AccountId, filter: &SubjectFilter) -> Result<i64, QueryError> {
    Ok(matching!(account, filter).select(count_star()).get_result(conn).await?)
}

pub(crate) async fn insert(conn: &mut Conn, case: CaseId, subject: &Subject) -> Result<(), QueryError> {
    diesel::insert_into(subjects::table).values(SubjectRow::new(case, subject)?).execute(conn).await?;
    Ok(())
}

pub(crate) async fn update(conn: &mut Conn, subject: &Subject) -> Result<(), QueryError> {
    let this = subjects::account_id.eq(subject.account.0).and(subjects::id.eq(subject.id.0));
    diesel::update(subjects::table.filter(this))
        .set((
            subjects::name.eq(&subject.name),
            subjects::name_key.eq(search_key(&subject.name)),
            subjects::custom_fields.eq(custom_fields(subject)?),
            subjects::updated_at.eq(Moment(subject.updated_at)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}
