//! The feed on PostgreSQL.
//!
//! Transactions commit in another order than they take numbers. So a commit only queues its events, and each
//! reader of the feed first gives committed events their positions, one account at a time under an advisory lock. No writer waits for
//! another one, and a transaction that stays open delays only its own events.

use diesel::{
    OptionalExtension as _,
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Bool},
};
use diesel_async::{AsyncConnection as _, RunQueryDsl};
use docket_domain::{feed::FeedEnd, id::AccountId};

use super::conn::Conn;
use crate::{
    error::QueryError,
    rows::{AccountEventRow, FeedEntry},
    schema::{account_events, feed_queue},
    statements::{Prepared, insert_rows},
};

/// Events that get their position in one transaction.
const BATCH: i64 = 5_000;
/// Rows per statement. PostgreSQL limits the bound values to 65,535.
const ROWS: usize = 2_000;

/// Queues the events of a transaction.
pub(crate) async fn enqueue(conn: &mut Conn, entries: Vec<FeedEntry>) -> Result<(), QueryError> {
    for entries in entries.chunks(ROWS) {
        let row = |entry: &FeedEntry| {
            (
                feed_queue::account_id.eq(entry.account_id),
                feed_queue::case_id.eq(entry.case_id),
                feed_queue::version.eq(entry.version),
                feed_queue::kind.eq(entry.kind),
                feed_queue::case_number.eq(entry.case_number.clone()),
            )
        };
        insert_rows!(conn, feed_queue::table, entries.iter().map(row).collect::<Vec<_>>());
    }
    Ok(())
}

/// Inserts events of an account and returns their ids.
pub(crate) async fn insert_account_events(conn: &mut Conn, rows: Vec<AccountEventRow>) -> Result<Vec<i64>, QueryError> {
    let inserted = diesel::insert_into(account_events::table).values(rows).returning(account_events::id);
    Ok(inserted.get_results(conn).await?)
}

/// Gives queued events their positions.
///
/// The lock is released after the commit, and the second statement sees what is committed then. So positions have no
/// gaps, and a reader that sees one sees all before it.
pub(crate) async fn place(conn: &mut Conn, account: AccountId) -> Result<(), QueryError> {
    let queued = feed_queue::table.filter(feed_queue::account_id.eq(account.0)).select(feed_queue::id);
    if queued.first::<i64>(conn).await.optional()?.is_none() {
        return Ok(());
    }
    let place = async |conn: &mut Conn| {
        let lock = sql_query("SELECT pg_advisory_xact_lock(hashtextextended('feed ' || $1::text, 0))");
        Prepared(lock.bind::<BigInt, _>(account.0)).execute(conn).await?;
        let moved = sql_query(
            "WITH taken AS (DELETE FROM feed_queue WHERE account_id = $1 AND id IN (SELECT id FROM feed_queue \
             WHERE account_id = $1 ORDER BY id LIMIT $2) RETURNING id, case_id, version, kind, case_number) \
             INSERT INTO feed (account_id, position, case_id, version, kind, case_number) \
             SELECT $1, (SELECT COALESCE(max(position), 0) FROM feed WHERE account_id = $1) \
             + row_number() OVER (ORDER BY id), case_id, version, kind, case_number FROM taken",
        );
        Prepared(moved.bind::<BigInt, _>(account.0).bind::<BigInt, _>(BATCH)).execute(conn).await?;
        Ok(())
    };
    conn.transaction(place).await
}

#[derive(QueryableByName)]
struct End {
    #[diesel(sql_type = BigInt)]
    account_id: i64,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Bool)]
    is_queued: bool,
}

/// The last positions of accounts.
pub(crate) async fn ends(conn: &mut Conn, accounts: &[AccountId]) -> Result<Vec<FeedEnd>, QueryError> {
    let query = sql_query(
        "SELECT account_id, COALESCE((SELECT max(position) FROM feed WHERE feed.account_id = wanted.account_id), 0) \
         AS position, EXISTS (SELECT FROM feed_queue WHERE feed_queue.account_id = wanted.account_id) AS is_queued \
         FROM unnest($1) AS wanted (account_id)",
    );
    let ids = accounts.iter().map(|account| account.0).collect::<Vec<_>>();
    let rows = Prepared(query.bind::<Array<BigInt>, _>(ids)).load::<End>(conn).await?;
    let end = |End { account_id, position, is_queued }| FeedEnd { account: AccountId(account_id), position, is_queued };
    Ok(rows.into_iter().map(end).collect())
}
