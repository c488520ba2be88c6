//! Queries of merges, and of what a split moves.

use diesel::prelude::*;
use docket_domain::{
    case::Case,
    error::StoreError,
    id::{AccountId, CaseId},
    merge::{Merge, MergeChange, MergeId},
    page::Page,
    split::{MovedIds, MovedRow},
    subject::Subject,
};

use super::{Conn, RunQueryDsl, execute_prepared, updates};
use crate::{
    error::QueryError,
    rows::{DeadlineRow, DocumentRow, MergeCaseRow, MergeRow, NoteRow, SubjectRow, UpdateRow},
    schema::{case_updates, cases, deadlines, documents, merge_cases, merges, notes, subjects},
    sql_types::{Moment, Uid},
    statements::Limit,
};

pub(crate) async fn find(conn: &mut Conn, account: AccountId, merge: MergeId) -> Result<Option<Merge>, QueryError> {
    let this = merges::table.filter(merges::account_id.eq(account.0).and(merges::id.eq(Uid(merge.0))));
    let row = this.select(MergeRow::as_select()).first::<MergeRow>(conn).await.optional()?;
    Ok(row.map(Merge::try_from).transpose()?)
}

/// The ids of merges are in the order of time.
pub(crate) async fn list(
    conn: &mut Conn,
    account: AccountId,
    case: CaseId,
    after: Option<MergeId>,
    limit: i64,
) -> Result<Page<Merge>, QueryError> {
    let of_merge = merges::account_id.eq(merge_cases::account_id).and(merges::id.eq(merge_cases::merge_id));
    let mut query = merge_cases::table
        .inner_join(merges::table.on(of_merge))
        .filter(merge_cases::account_id.eq(account.0).and(merge_cases::case_id.eq(case.0)))
        .order_by(merge_cases::merge_id.desc())
        .select(MergeRow::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(merge_cases::merge_id.lt(Uid(after.0)));
    }
    let rows = query.first_rows(limit + 1).load::<MergeRow>(conn).await?;
    let rows = rows.into_iter().map(Merge::try_from).collect::<Result<_, _>>()?;
    Ok(Page::cut(rows, usize::try_from(limit).unwrap_or(usize::MAX)))
}

pub(crate) async fn write(conn: &mut Conn, case: &Case, change: &MergeChange) -> Result<(), QueryError> {
    match change {
        MergeChange::Added(merge) => {
            diesel::insert_into(merges::table).values(MergeRow::try_from(&**merge)?).execute(conn).await?;
            diesel::insert_into(merge_cases::table).values(MergeCaseRow::all(merge)).execute(conn).await?;
        }
        MergeChange::Undone(merge, undone) => {
            let this = merges::account_id.eq(case.account.0).and(merges::id.eq(Uid(merge.0)));
            let standing = merges::table.filter(this).filter(merges::undone_at.is_null());
            let end = (
                merges::undone_by_id.eq(undone.by.id.map(|id| id.0)),
                merges::undone_by_name.eq(&undone.by.name),
                merges::undone_at.eq(Moment(undone.at)),
                merges::undone_reason.eq(&undone.reason),
            );
            if execute_prepared(conn, diesel::update(standing).set(end)).await? == 0 {
                return Err(StoreError::Stale.into());
            }
        }
    }
    Ok(())
}

/// The rows of a case among these.
pub(crate) async fn list_movable(
    conn: &mut Conn,
    account: AccountId,
    case: CaseId,
    wanted: &MovedIds,
) -> Result<Vec<MovedRow>, QueryError> {
    let this = cases::account_id.eq(account.0).and(cases::id.eq(case.0));
    let uuid = cases::table.filter(this).select(cases::uuid).first::<Uid>(conn).await?.0;
    let mut found = Vec::new();
    macro_rules! load {
        ($table:ident, $row:ident, $wanted:expr, $read:expr) => {
            let ids = $wanted.iter().map(|id| id.0).collect::<Vec<_>>();
            if !ids.is_empty() {
                let rows = $table::table
                    .filter($table::account_id.eq(account.0).and($table::case_id.eq(case.0)))
                    .filter($table::id.eq_any(&ids))
                    .select($row::as_select())
                    .load::<$row>(conn)
                    .await?;
                let mut rows = rows.into_iter().map($read).collect::<Result<Vec<MovedRow>, StoreError>>()?;
                sort_as_named(&mut rows, &ids);
                found.extend(rows);
            }
        };
    }
    load!(notes, NoteRow, wanted.notes, |row| Ok(MovedRow::Note(row.note(uuid))));
    load!(documents, DocumentRow, wanted.documents, |row| row.document(uuid).map(MovedRow::Document));
    load!(deadlines, DeadlineRow, wanted.deadlines, |row| Ok(MovedRow::Deadline(Box::new(row.deadline(uuid)?))));
    load!(subjects, SubjectRow, wanted.subjects, |row| Subject::try_from(row).map(MovedRow::Subject));
    found.extend(list_threads(conn, account, case, wanted).await?);
    Ok(found)
}

/// The updates of a case among these, and all others of their threads.
async fn list_threads(
    conn: &mut Conn,
    account: AccountId,
    case: CaseId,
    wanted: &MovedIds,
) -> Result<Vec<MovedRow>, QueryError> {
    let ids = wanted.updates.iter().map(|id| id.0).collect::<Vec<_>>();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of_case = case_updates::account_id.eq(account.0).and(case_updates::case_id.eq(case.0));
    let named = case_updates::table.filter(of_case).filter(case_updates::id.eq_any(&ids));
    let threads = named.select(case_updates::thread_id).distinct().load::<i64>(conn).await?;
    let rows = case_updates::table
        .filter(of_case)
        .filter(case_updates::thread_id.eq_any(threads))
        .select(UpdateRow::as_select())
        .load::<UpdateRow>(conn)
        .await?;
    let updates = updates::with_details(conn, account, rows).await?.into_iter();
    let mut rows = updates.map(|update| MovedRow::Update(Box::new(update))).collect::<Vec<_>>();
    sort_as_named(&mut rows, &ids);
    Ok(rows)
}

fn sort_as_named(rows: &mut [MovedRow], ids: &[i64]) {
    rows.sort_by_key(|row| {
        let id = row.item().integer();
        ids.iter().position(|named| *named == id).unwrap_or(usize::MAX)
    });
}

/// Moves a row to another case. It must be on the case `from` still.
pub(crate) async fn move_row(conn: &mut Conn, to: &Case, from: CaseId, row: &MovedRow) -> Result<(), QueryError> {
    let id = row.item().integer();
    macro_rules! moved {
        ($table:ident) => {{
            let this = $table::account_id.eq(to.account.0).and($table::id.eq(id)).and($table::case_id.eq(from.0));
            let moved = diesel::update($table::table.filter(this)).set($table::case_id.eq(to.id.0));
            execute_prepared(conn, moved).await?
        }};
    }
    let moved = match row {
        MovedRow::Note(_) => moved!(notes),
        MovedRow::Document(_) => moved!(documents),
        MovedRow::Deadline(_) => moved!(deadlines),
        MovedRow::Update(_) => moved!(case_updates),
        MovedRow::Subject(_) => moved!(subjects),
    };
    if moved == 0 { Err(StoreError::Stale.into()) } else { Ok(()) }
}
