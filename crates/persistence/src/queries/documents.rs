//! Queries of documents' metadata.

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use docket_domain::{
    case::Case,
    document::{Document, DocumentChange, Sha256Hash},
    id::{AccountId, CaseId, DocumentId},
    page::Page,
};

use super::{
    Conn, RunQueryDsl,
    filter::{self, on_cases},
};
use crate::{
    error::QueryError,
    rows::{DocumentRow, sha256},
    schema::{cases, documents},
    sql_types::Uid,
    statements::Limit,
};

/// Documents of cases that are not deleted, with the case's public id.
macro_rules! present {
    ($account:expr) => {{
        let of_case = cases::account_id.eq(documents::account_id).and(cases::id.eq(documents::case_id));
        documents::table
            .inner_join(cases::table.on(of_case))
            .filter(documents::account_id.eq($account.0).and(filter::not_deleted()))
            .select((DocumentRow::as_select(), cases::uuid))
    }};
}

pub(crate) async fn find(
    conn: &mut Conn,
    account: AccountId,
    document: DocumentId,
) -> Result<Option<Document>, QueryError> {
    let query = present!(account).filter(documents::id.eq(document.0));
    let row = query.first::<(DocumentRow, Uid)>(conn).await.optional()?;
    Ok(row.map(|(row, uuid)| row.document(uuid.0)).transpose()?)
}

pub(crate) async fn list(
    conn: &mut Conn,
    account: AccountId,
    of: &[CaseId],
    after: Option<DocumentId>,
    limit: i64,
) -> Result<Page<Document>, QueryError> {
    let query = present!(account).filter(documents::id.lt(after.map_or(i64::MAX, |after| after.0))).into_boxed();
    let rows = on_cases!(query, documents::case_id, of)
        .order_by(documents::id.desc())
        .first_rows(limit + 1)
        .load::<(DocumentRow, Uid)>(conn)
        .await?;
    let rows = rows.into_iter().map(|(row, uuid)| row.document(uuid.0)).collect::<Result<_, _>>()?;
    Ok(Page::cut(rows, usize::try_from(limit).unwrap_or(usize::MAX)))
}

pub(crate) async fn count_bytes(conn: &mut Conn, account: AccountId) -> Result<u64, QueryError> {
    let sum = documents::table.filter(documents::account_id.eq(account.0));
    let sum = sum.select(sql::<BigInt>("CAST(COALESCE(SUM(size), 0) AS BIGINT)")).get_result::<i64>(conn).await?;
    Ok(u64::try_from(sum).unwrap_or(0))
}

/// Includes documents of deleted cases, because these can be restored.
pub(crate) async fn kept_hashes(
    conn: &mut Conn,
    account: AccountId,
    wanted: &[Sha256Hash],
) -> Result<Vec<Sha256Hash>, QueryError> {
    let wanted = wanted.iter().map(|hash| hash.as_bytes().to_vec());
    let kept = documents::table
        .filter(documents::account_id.eq(account.0).and(documents::sha256.eq_any(wanted)))
        .select(documents::sha256)
        .distinct()
        .load::<Vec<u8>>(conn)
        .await?;
    Ok(kept.iter().map(|bytes| sha256(bytes)).collect::<Result<_, _>>()?)
}

pub(crate) async fn write(conn: &mut Conn, case: &Case, change: &DocumentChange) -> Result<(), QueryError> {
    match change {
        DocumentChange::Added(document) => {
            diesel::insert_into(documents::table).values(DocumentRow::new(case, document)).execute(conn).await?;
        }
        DocumentChange::Removed(document) => {
            let row = documents::account_id.eq(case.account.0).and(documents::id.eq(document.0));
            diesel::delete(documents::table.filter(row)).execute(conn).await?;
        }
    }
    Ok(())
}
