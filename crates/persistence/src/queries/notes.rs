//! Queries of notes.

use diesel::prelude::*;
use docket_domain::{
    case::Case,
    id::{AccountId, CaseId, NoteId},
    note::{Note, NoteChange},
    page::Page,
};

use super::{
    Conn, RunQueryDsl, execute_prepared,
    filter::{self, on_cases},
};
use crate::{
    error::QueryError,
    parts,
    rows::NoteRow,
    schema::{cases, notes},
    sql_types::{Moment, Uid},
    statements::Limit,
};

/// Notes on cases that are not deleted, with the case's public id.
macro_rules! present {
    ($account:expr) => {{
        let on_case = cases::account_id.eq(notes::account_id).and(cases::id.eq(notes::case_id));
        notes::table
            .inner_join(cases::table.on(on_case))
            .filter(notes::account_id.eq($account.0).and(filter::not_deleted()))
            .select((NoteRow::as_select(), cases::uuid))
    }};
}

pub(crate) async fn find(conn: &mut Conn, account: AccountId, note: NoteId) -> Result<Option<Note>, QueryError> {
    let row = present!(account).filter(notes::id.eq(note.0)).first::<(NoteRow, Uid)>(conn).await.optional()?;
    Ok(row.map(|(row, uuid)| row.note(uuid.0)))
}

pub(crate) async fn list(
    conn: &mut Conn,
    account: AccountId,
    of: &[CaseId],
    after: Option<NoteId>,
    limit: i64,
) -> Result<Page<Note>, QueryError> {
    let part = async |last: Option<&Note>, limit: i64| {
        let after = last.map(|note| note.id).or(after);
        let query = present!(account).filter(notes::id.lt(after.map_or(i64::MAX, |after| after.0))).into_boxed();
        let rows = on_cases!(query, notes::case_id, of)
            .order_by(notes::id.desc())
            .first_rows(limit)
            .load::<(NoteRow, Uid)>(conn)
            .await?;
        let notes = rows.into_iter().map(|(row, uuid)| row.note(uuid.0));
        Ok(notes.map(|note| (note.body.len(), note)).collect())
    };
    Ok(parts::behind(limit + 1, part).await?.page(limit))
}

pub(crate) async fn write(conn: &mut Conn, case: &Case, change: &NoteChange) -> Result<(), QueryError> {
    let row = |note: NoteId| notes::table.filter(notes::account_id.eq(case.account.0).and(notes::id.eq(note.0)));
    match change {
        NoteChange::Added(note) => {
            diesel::insert_into(notes::table).values(NoteRow::new(case, note)).execute(conn).await?;
        }
        NoteChange::Updated(note) => {
            let wording = (notes::body.eq(&note.body), notes::updated_at.eq(Moment(note.updated_at)));
            execute_prepared(conn, diesel::update(row(note.id)).set(wording)).await?;
        }
        NoteChange::Removed(note) => {
            diesel::delete(row(*note)).execute(conn).await?;
        }
    }
    Ok(())
}
