//! SQLite backend: reads on the worker's own connection or a scan thread, all writes on one writer thread with group
//! commit.

pub(crate) mod backup;
pub(crate) mod feed;
mod scans;
mod search;
mod totals;
mod writer;

use std::{
    future::{Ready, ready},
    time::Duration,
};

use diesel::{
    connection::{LoadConnection as _, SimpleConnection},
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment},
    sql_types::{Text, Untyped},
};
use docket_domain::{error::StoreError, id::Entity};
use futures_util::FutureExt;

pub(crate) use self::{
    feed::{enqueue, insert_account_events},
    scans::Scans,
    search::{count_texts, index_texts, narrow},
    totals::{add_tallies, add_to_histograms, count_of_all_days, groups_of_all_days, list_total_differences},
    writer::Writer,
};
use crate::{error::QueryError, statements::Prepared};

pub(crate) type Conn = SqliteConnection;
pub(crate) type Db = diesel::sqlite::Sqlite;

/// Only one transaction writes at a time.
pub(crate) const SKIP_LOCKED: &str = "";

/// Number of an account's events that wait for their position in the feed.
pub(crate) const QUEUED: &str = "0";
/// The day (UTC) on which a case was created: the date part of the stored text.
pub(crate) const CREATED_ON: &str = "substr(created_at, 1, 10)";

/// The day (UTC) on which a case was closed.
pub(crate) const CLOSED_ON: &str = "substr(closed_at, 1, 10)";

/// Number of days from 1970-01-01 to a day.
pub(crate) fn day_number(day: &str) -> String {
    format!("CAST(julianday({day}) - 2440587.5 AS INTEGER)")
}

/// The histograms of the account `$1`.
pub(crate) const HISTOGRAMS: &str = "SELECT histogram, bucket, entries FROM histograms WHERE account_id = $1";

/// Creation time in a condition that must not select an index (the `+` disables it). SQLite cannot estimate how many
/// cases a time span has, and would prefer an index on the time to the one that covers the count.
pub(crate) const CREATED_AT_OF_ANY_INDEX: &str = "+created_at";

/// The index `cases_text` has texts of any length.
pub(crate) const TEXTS: &[&str] = &[""];

/// The index of the texts in the order of lists.
pub(crate) const TEXT_INDEX: &str = " INDEXED BY cases_text";

/// The position of a text in another.
pub(crate) const CONTAINS: &str = "instr";

#[path = "queries/root.rs"]
pub(crate) mod queries;

/// Wraps diesel's synchronous calls in ready futures, so that the shared queries can `.await` them.
pub(crate) trait RunQueryDsl<C>: diesel::RunQueryDsl<C> {
    fn load<'q, U>(self, conn: &mut C) -> Ready<QueryResult<Vec<U>>>
    where
        Self: diesel::query_dsl::LoadQuery<'q, C, U>,
    {
        ready(diesel::RunQueryDsl::load(self, conn))
    }

    fn get_result<'q, U>(self, conn: &mut C) -> Ready<QueryResult<U>>
    where
        Self: diesel::query_dsl::LoadQuery<'q, C, U>,
    {
        ready(diesel::RunQueryDsl::get_result(self, conn))
    }

    /// Without a LIMIT: SQLite computes rows on demand, and the callers' conditions or indexes select one row.
    fn first<'q, U>(self, conn: &mut C) -> Ready<QueryResult<U>>
    where
        Self: diesel::query_dsl::LoadQuery<'q, C, U>,
    {
        ready(diesel::RunQueryDsl::get_result(self, conn))
    }

    fn execute(self, conn: &mut C) -> Ready<QueryResult<usize>>
    where
        C: diesel::Connection,
        Self: diesel::query_dsl::methods::ExecuteDsl<C>,
    {
        ready(diesel::RunQueryDsl::execute(self, conn))
    }
}

impl<T: diesel::RunQueryDsl<C>, C> RunQueryDsl<C> for T {}

define_sql_function! {
    /// Number of rows that the last statement of the connection changed.
    fn changes() -> Integer;
}

/// Runs a statement that stays [`Prepared`] and returns the number of changed rows.
///
/// diesel's own `execute` takes the statement by reference, and then ignores that it may be cached.
pub(crate) async fn execute_prepared(conn: &mut Conn, statement: impl QueryFragment<Db>) -> QueryResult<usize> {
    for row in conn.load(Prepared(WithoutRows(statement)))? {
        row?;
    }
    let changed = diesel::RunQueryDsl::get_result::<i32>(diesel::select(changes()), conn)?;
    usize::try_from(changed).map_err(|error| diesel::result::Error::DeserializationError(error.into()))
}

/// A statement that is run as a query.
struct WithoutRows<Q>(Q);

impl<Q> Query for WithoutRows<Q> {
    type SqlType = Untyped;
}

impl<Q: QueryFragment<Db>> QueryFragment<Db> for WithoutRows<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}

/// Returns the output of a future that never waits. The shared queries never wait on SQLite.
pub(crate) fn now<T>(future: impl Future<Output = Result<T, QueryError>>) -> Result<T, QueryError> {
    future.now_or_never().unwrap_or_else(|| Err(QueryError::defect("a query on SQLite waited")))
}

/// Purpose of a connection. It sets the size of SQLite's page cache; the operating system caches the file for all
/// connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cache {
    /// Point reads and short lists.
    Worker,
    /// Searches, counts and statistics, which scan indexes.
    Scans,
    /// Writes. Each one updates about thirty indexes.
    Writer,
}

impl Cache {
    const fn kibibytes(self) -> u32 {
        match self {
            Self::Worker => 2_048,
            Self::Scans => 6_144,
            Self::Writer => 8_192,
        }
    }
}

/// Opens a connection. `busy` is the maximum wait for another process that writes.
pub(crate) fn open(path: &str, busy: Duration, cache: Cache) -> Result<Conn, ConnectionError> {
    let mut conn = Conn::establish(path)?;
    let pragmas = format!(
        "PRAGMA busy_timeout={}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; \
         PRAGMA cache_size=-{}; PRAGMA temp_store=MEMORY;",
        busy.as_millis(),
        cache.kibibytes()
    );
    conn.batch_execute(&pragmas).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

#[derive(QueryableByName)]
struct Sequence {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    seq: i64,
}

/// Allocates ids for new rows of these kinds. Only the writer calls this, inside its transaction, so the ids are
/// unique. Inserting the rows advances AUTOINCREMENT.
pub(crate) async fn next_ids(conn: &mut Conn, wanted: &[Entity]) -> Result<Vec<i64>, QueryError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let sequences = Prepared(diesel::sql_query("SELECT name, seq FROM sqlite_sequence"));
    let mut last = diesel::RunQueryDsl::load::<Sequence>(sequences, conn)?;
    let mut next = |entity: &Entity| {
        let table = crate::ids::table(*entity)?;
        match last.iter_mut().find(|sequence| sequence.name == table) {
            Some(sequence) => {
                sequence.seq += 1;
                Ok(sequence.seq)
            }
            None => {
                last.push(Sequence { name: table.to_owned(), seq: 1 });
                Ok(1)
            }
        }
    };
    wanted.iter().map(&mut next).collect()
}

/// Does nothing: AUTOINCREMENT already follows every id that was written, imported ids included.
pub(crate) async fn skip_ids(_: &mut Conn, _: Entity, _: i64) -> Result<(), QueryError> {
    Ok(())
}

/// Runs a read on one snapshot.
pub(crate) fn read<T>(conn: &mut Conn, read: impl FnOnce(&mut Conn) -> Result<T, QueryError>) -> Result<T, StoreError> {
    Ok(conn.transaction(read)?)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use diesel::connection::InstrumentationEvent;

    use super::*;

    #[test]
    fn updates_are_prepared_once_and_report_their_rows() {
        table! {
            t (id) { id -> Integer, x -> Integer, }
        }
        let mut conn = Conn::establish(":memory:").unwrap();
        conn.batch_execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x INTEGER); INSERT INTO t VALUES (1, 1), (2, 1)")
            .unwrap();
        let cached = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&cached);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::CacheQuery { sql, .. } = event {
                log.lock().unwrap().push(sql.to_owned());
            }
        });
        for (wanted, expected) in [(1, 2), (1, 0), (2, 2)] {
            let update = diesel::update(t::table.filter(t::x.eq(wanted))).set(t::x.eq(t::x + 1));
            let changed = execute_prepared(&mut conn, update).now_or_never().unwrap().unwrap();
            assert_eq!(changed, expected);
        }
        let cached = cached.lock().unwrap();
        assert_eq!(cached.iter().filter(|sql| sql.starts_with("UPDATE")).count(), 1, "{cached:?}");
    }
}
