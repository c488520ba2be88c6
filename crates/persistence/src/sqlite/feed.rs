//! The feed on SQLite.
//!
//! Write transactions follow one another, so each gives its events their positions itself.

use diesel::{RunQueryDsl as _, prelude::*};
use docket_domain::{feed::FeedEnd, id::AccountId};

use super::{Conn, queries};
use crate::{
    error::QueryError,
    rows::{AccountEventRow, FeedEntry},
    schema::{account_events, feed},
};

/// Rows per statement. SQLite limits the bound values to 32,766.
const ROWS: usize = 2_000;

/// Gives the events of a transaction their positions. They are of one account.
pub(crate) async fn enqueue(conn: &mut Conn, entries: Vec<FeedEntry>) -> Result<(), QueryError> {
    let Some(first) = entries.first() else { return Ok(()) };
    let end = queries::feed::end(conn, AccountId(first.account_id)).await?;
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
        let mut some = rows.by_ref().take(ROWS).collect::<Vec<_>>();
        if some.len() > 1 {
            diesel::insert_into(feed::table).values(some).execute(conn)?;
        } else if let Some(row) = some.pop() {
            diesel::insert_into(feed::table).values(row).execute(conn)?;
        }
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
