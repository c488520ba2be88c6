//! The feed on SQLite.
//!
//! Write transactions follow one another, so each gives its events their positions itself.

use diesel::{
    RunQueryDsl as _,
    prelude::*,
    sql_query,
    sql_types::{BigInt, Nullable, Text},
};
use docket_domain::{feed::FeedEnd, id::AccountId};

use super::{Conn, queries};
use crate::{
    error::QueryError,
    rows::{AccountEventRow, FeedEntry},
    schema::{account_events, feed},
    statements::Prepared,
};

/// Rows per statement. SQLite limits the bound values to 32,766.
const ROWS: usize = 2_000;

/// Gives the events of a transaction their positions. They are of one account.
pub(crate) async fn enqueue(conn: &mut Conn, entries: Vec<FeedEntry>) -> Result<(), QueryError> {
    match entries.as_slice() {
        [] => Ok(()),
        [one] => enqueue_one(conn, one),
        [first, ..] => {
            let end = queries::feed::end(conn, AccountId(first.account_id)).await?;
            enqueue_behind(conn, end, entries)
        }
    }
}

/// Most transactions have one event: one statement finds the position and writes it.
fn enqueue_one(conn: &mut Conn, entry: &FeedEntry) -> Result<(), QueryError> {
    let insert = sql_query(
        "INSERT INTO feed (account_id, position, case_id, version, kind, case_number) VALUES ($1, \
         COALESCE((SELECT position FROM feed WHERE account_id = $1 ORDER BY position DESC LIMIT 1), 0) + 1, \
         $2, $3, $4, $5)",
    );
    let insert = insert
        .bind::<BigInt, _>(entry.account_id)
        .bind::<BigInt, _>(entry.case_id)
        .bind::<BigInt, _>(entry.version)
        .bind::<Text, _>(entry.kind)
        .bind::<Nullable<Text>, _>(entry.case_number.as_deref());
    Prepared(insert).execute(conn)?;
    Ok(())
}

fn enqueue_behind(conn: &mut Conn, end: i64, entries: Vec<FeedEntry>) -> Result<(), QueryError> {
    let row = |(position, entry): (i64, FeedEntry)| {
        (
            feed::account_id.eq(entry.account_id),
            feed::position.eq(position),
            feed::case_id.eq(entry.case_id),
            feed::version.eq(entry.version),
            feed::kind.eq(entry.kind),
            feed::case_number.eq(entry.case_number),
        )
    };
    let mut rows = (end + 1..).zip(entries).map(row).peekable();
    while rows.peek().is_some() {
        let some = rows.by_ref().take(ROWS).collect::<Vec<_>>();
        diesel::insert_into(feed::table).values(some).execute(conn)?;
    }
    Ok(())
}

/// Inserts events of an account and returns their ids.
pub(crate) async fn insert_account_events(conn: &mut Conn, rows: Vec<AccountEventRow>) -> Result<Vec<i64>, QueryError> {
    let insert = |row: AccountEventRow| {
        let inserted = diesel::insert_into(account_events::table).values(row).returning(account_events::id);
        inserted.get_result(conn)
    };
    Ok(rows.into_iter().map(insert).collect::<Result<_, _>>()?)
}

/// The last positions of accounts.
pub(crate) async fn ends(conn: &mut Conn, accounts: &[AccountId]) -> Result<Vec<FeedEnd>, QueryError> {
    let mut ends = Vec::with_capacity(accounts.len());
    for account in accounts {
        let position = queries::feed::end(conn, *account).await?;
        ends.push(FeedEnd { account: *account, position, is_queued: false });
    }
    Ok(ends)
}
