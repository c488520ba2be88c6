//! PostgreSQL backend: one connection pool per worker, over the pure-Rust driver.

mod address;
mod citus;
mod conn;
pub(crate) mod feed;
mod one_trip;
mod pool;
mod search;
mod standby;
mod tls;
mod totals;

use std::time::Duration;

use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Text},
};
use docket_domain::{
    decision::{Commit, Decision},
    id::{CaseId, Entity},
    idempotency::Attempt,
    numbers::Numbers,
    tally::{HistogramChange, TallyChange},
};

pub(crate) use self::{
    address::Address,
    conn::{Conn, Db},
    feed::{enqueue, insert_account_events},
    pool::Pool,
    search::{count_texts, index_texts, narrow},
    standby::Standby,
    totals::{count_of_all_days, fold_histograms, groups_of_all_days, list_total_differences},
};
use crate::{
    OpenError,
    error::QueryError,
    rows::{HistogramRow, TallyRow},
    schema::{case_tallies, histogram_changes},
    statements::{Prepared, insert_rows},
};
pub(crate) use diesel_async::RunQueryDsl;
use diesel_async::{SimpleAsyncConnection, async_connection_wrapper::AsyncConnectionWrapper};

/// Rows that another transaction has locked are left out.
pub(crate) const SKIP_LOCKED: &str = " FOR UPDATE SKIP LOCKED";

/// Number of an account's events that wait for their position in the feed.
pub(crate) const QUEUED: &str = "(SELECT COUNT(*) FROM feed_queue WHERE account_id = $1)";
/// The day (UTC) on which a case was created.
pub(crate) const CREATED_ON: &str = "CAST(created_at AT TIME ZONE 'UTC' AS date)";

/// The day (UTC) on which a case was closed.
pub(crate) const CLOSED_ON: &str = "CAST(closed_at AT TIME ZONE 'UTC' AS date)";

/// Number of days from 1970-01-01 to a day.
pub(crate) fn day_number(day: &str) -> String {
    format!("CAST({day} - DATE '1970-01-01' AS BIGINT)")
}

/// The histograms of the account `$1`: the counts, and the changes that are not folded into them yet.
pub(crate) const HISTOGRAMS: &str = "SELECT histogram, bucket, entries FROM histograms WHERE account_id = $1 \
     UNION ALL SELECT histogram, bucket, entries FROM histogram_changes WHERE account_id = $1";

/// Creation time in a condition that must not select an index. PostgreSQL's planner needs no hint.
pub(crate) const CREATED_AT_OF_ANY_INDEX: &str = "created_at";

/// Conditions that divide the cases by the length of their texts. Each part has an index in the order of lists.
pub(crate) const TEXTS: &[&str] = &[" AND octet_length(search_text) <= 2000", " AND octet_length(search_text) > 2000"];

/// The planner selects the index by the condition.
pub(crate) const TEXT_INDEX: &str = "";

/// The position of a text in another. Unlike LIKE it cannot use the trigram index.
pub(crate) const CONTAINS: &str = "strpos";

#[path = "queries/root.rs"]
pub(crate) mod queries;

/// Runs the pending migrations on a separate connection without a statement timeout, because a large table may need
/// long. The migration harness needs a multi-threaded runtime, which the workers do not have.
pub(crate) fn migrate(address: &Address, timeout: Duration) -> Result<Vec<String>, OpenError> {
    let failed = |error: &dyn std::fmt::Display| OpenError::new(format!("cannot migrate: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| failed(&error))?;
    let connect = || runtime.block_on(address.establish(timeout, Duration::ZERO)).map_err(OpenError::connection);
    let (mut conn, mut second) = (connect()?, connect()?);
    let is_distributed = runtime.block_on(async {
        let is_distributed = citus::is_installed(&mut second).await? && citus::is_distributed(&mut second).await?;
        if is_distributed {
            conn.batch_execute(citus::SESSION).await?;
        }
        Ok::<_, QueryError>(is_distributed)
    });
    let is_distributed = is_distributed.map_err(|error| failed(&error))?;
    let ran = {
        let _entered = runtime.enter();
        crate::migrate::run(&mut AsyncConnectionWrapper::<Conn>::from(conn), crate::migrate::POSTGRES)?
    };
    if is_distributed && !ran.is_empty() {
        // The tables that these migrations created.
        runtime.block_on(citus::distribute(&mut second)).map_err(|error| failed(&error))?;
    }
    runtime.block_on(queries::backfill::run(&mut second)).map_err(OpenError::backfill)?;
    Ok(ran)
}

/// Distributes the tables over the nodes of a Citus cluster and returns the names of the tables that were not
/// distributed yet. Without a statement timeout, because a table with rows is copied.
pub(crate) fn distribute(address: &Address, timeout: Duration) -> Result<Vec<String>, OpenError> {
    let failed = |error: &dyn std::fmt::Display| OpenError::new(format!("cannot distribute the tables: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| failed(&error))?.block_on(async {
        let mut conn = address.establish(timeout, Duration::ZERO).await.map_err(|error| failed(&error))?;
        if !citus::is_installed(&mut conn).await.map_err(|error| failed(&error))? {
            return Err(failed(&"the database does not have the extension citus"));
        }
        citus::distribute(&mut conn).await.map_err(|error| failed(&error))
    })
}

/// The numbers of the nodes of a Citus cluster that do not respond to the coordinator.
pub(crate) async fn unreachable_nodes(conn: &mut Conn) -> Result<Vec<i32>, QueryError> {
    citus::unreachable_nodes(conn).await
}

/// Average number of commits between two folds of an account's counts.
const FOLD_EVERY: i64 = 512;

#[derive(QueryableByName)]
struct Given {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

diesel::define_sql_function! {
    /// The next value of a sequence.
    fn nextval(sequence: Text) -> BigInt;
}

/// Allocates ids for new rows of these kinds from the sequences of their identity columns.
pub(crate) async fn next_ids(conn: &mut Conn, wanted: &[Entity]) -> Result<Vec<i64>, QueryError> {
    let sequence = |entity: &Entity| crate::ids::table(*entity).map(|table| format!("{table}_id_seq"));
    match wanted {
        [] => Ok(Vec::new()),
        // The common case. This statement is prepared once.
        [one] => Ok(vec![diesel::select(nextval(sequence(one)?)).get_result(conn).await?]),
        several => {
            let sequences = several.iter().map(sequence).collect::<Result<Vec<_>, _>>()?;
            let given = diesel::sql_query(
                "SELECT nextval(sequence::regclass) AS id FROM unnest($1) WITH ORDINALITY AS wanted (sequence, place) \
                 ORDER BY place",
            );
            let given = Prepared(given.bind::<Array<Text>, _>(sequences)).load::<Given>(conn).await?;
            Ok(given.into_iter().map(|given| given.id).collect())
        }
    }
}

diesel::define_sql_function! {
    /// Sets the last value of a sequence.
    fn setval(sequence: Text, value: BigInt) -> BigInt;
}

/// Upper bound of the ids that other writers take between two statements.
const FAR: i64 = 10_000;

/// Ensures that an imported id is not allocated again: the next id is greater. Runs inside a transaction.
///
/// PostgreSQL cannot set a sequence forward only. An advisory lock therefore excludes other calls of this function.
/// Writers that only take the next id cannot pass a value more than [`FAR`] ahead, so `setval` is safe there. Nearer
/// ids are taken one by one instead.
pub(crate) async fn skip_ids(conn: &mut Conn, entity: Entity, taken: i64) -> Result<(), QueryError> {
    let sequence = format!("{}_id_seq", crate::ids::table(entity)?);
    let locked = diesel::sql_query("SELECT pg_advisory_xact_lock($1::regclass::oid::bigint)");
    locked.bind::<Text, _>(&sequence).execute(conn).await?;
    let next = next_ids(conn, &[entity]).await?.into_iter().next().unwrap_or(taken);
    if taken - next > FAR {
        diesel::select(setval(sequence, taken)).get_result::<i64>(conn).await?;
    } else if taken > next {
        let passed = diesel::sql_query("SELECT max(nextval($1::regclass)) FROM generate_series(1, $2)");
        passed.bind::<Text, _>(sequence).bind::<BigInt, _>(taken - next).execute(conn).await?;
    }
    Ok(())
}

/// Runs a statement that stays [`Prepared`] and returns the number of changed rows.
pub(crate) async fn execute_prepared<'q, Q>(conn: &mut Conn, statement: Q) -> diesel::QueryResult<usize>
where
    Prepared<Q>: diesel_async::methods::ExecuteDsl<Conn> + 'q,
{
    Prepared(statement).execute(conn).await
}

/// Inserts the changes as separate rows, so that two writers never lock the same row. Readers sum the rows.
pub(crate) async fn add_tallies(conn: &mut Conn, changes: &[TallyChange]) -> Result<(), QueryError> {
    if changes.is_empty() {
        return Ok(());
    }
    let rows = changes.iter().map(TallyRow::from).collect::<Vec<_>>();
    insert_rows!(conn, case_tallies::table, rows);
    Ok(())
}

/// Inserts the changes as separate rows, as [`add_tallies`] does.
pub(crate) async fn add_to_histograms(conn: &mut Conn, changes: &[HistogramChange]) -> Result<(), QueryError> {
    if changes.is_empty() {
        return Ok(());
    }
    let rows = changes.iter().map(HistogramRow::from).collect::<Vec<_>>();
    insert_rows!(conn, histogram_changes::table, rows);
    Ok(())
}

/// Commits decisions: in one statement if there is one decision that writes only its case, one event and counts,
/// otherwise in a transaction.
pub(crate) async fn commit(
    conn: &mut Conn,
    decisions: Vec<Decision>,
    attempt: Option<&Attempt>,
) -> Result<Vec<Commit>, QueryError> {
    let commits = match <[Decision; 1]>::try_from(decisions) {
        Ok([decision]) if attempt.is_none() && one_trip::is_enough_for(&decision) => {
            let case = match decision.before {
                Some(_) => None,
                None => next_ids(conn, &[Entity::Case]).await?.into_iter().next().map(CaseId),
            };
            let commit = decision.number(&Numbers { case, ..Numbers::default() });
            one_trip::write(conn, &commit).await?;
            vec![commit]
        }
        decisions => {
            use diesel_async::AsyncConnection;
            let decisions = decisions.map_or_else(|decisions| decisions, Vec::from);
            // Boxed, because the nested futures of all writes are large.
            let write = async |conn: &mut Conn| Box::pin(queries::commit::write_marked(conn, decisions, attempt)).await;
            Box::pin(conn.transaction(write)).await?
        }
    };
    let folds = |commit: &&Commit| {
        let counts = !commit.tallies.is_empty() || !commit.histograms.is_empty();
        counts && (commit.case.id.0 + commit.case.version) % FOLD_EVERY == 0
    };
    if let Some(commit) = commits.iter().find(folds) {
        // The commit has succeeded. A failed fold has no effect on the counts; a later commit folds them.
        if let Err(error) = totals::fold(conn, commit.case.account).await {
            log::warn!("cannot fold the counts of account {}: {error}", commit.case.account.0);
        }
    }
    Ok(commits)
}
