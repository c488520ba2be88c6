//! PostgreSQL: one pool of connections a worker, over the pure-Rust driver.

mod address;
mod conn;
mod one_trip;
mod pool;
mod tls;

use std::time::Duration;

use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Text},
};
use docket_domain::{
    decision::{Commit, Decision},
    id::{AccountId, CaseId, Entity},
    idempotency::Attempt,
    numbers::Numbers,
    tally::TallyChange,
};

pub(crate) use self::{
    address::Address,
    conn::{Conn, Db},
    pool::Pool,
};
use crate::{
    OpenError,
    among::{Among, Purpose},
    error::Failure,
    rows::TallyRow,
    schema::case_tallies,
};
pub(crate) use diesel_async::RunQueryDsl;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;

/// The day (UTC) on which a case was made.
pub(crate) const CREATED_ON: &str = "CAST(created_at AT TIME ZONE 'UTC' AS date)";

/// When a case was made, in a condition on which no index has to be chosen: the database knows best itself.
pub(crate) const CREATED_AT_OF_ANY_INDEX: &str = "created_at";

/// What is around a query whose ids are looked for. As an array they are found once, whatever the planner expects; it may run
/// the query of an `IN` for every row.
pub(crate) const IN_ONCE: [&str; 2] = ["= ANY (ARRAY (", "))"];

#[path = "queries/root.rs"]
pub(crate) mod queries;

/// Migrates over a connection of its own, on which a statement may take as long as a large table needs: the harness wants a runtime with threads, which the server's workers are not.
pub(crate) fn migrate(address: &Address, timeout: Duration) -> Result<Vec<String>, OpenError> {
    let failed = |error: &dyn std::fmt::Display| OpenError::new(format!("cannot migrate: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| failed(&error))?;
    let connect = || runtime.block_on(address.establish(timeout, Duration::ZERO)).map_err(|error| failed(&error));
    let (conn, mut second) = (connect()?, connect()?);
    let ran = {
        let _entered = runtime.enter();
        crate::migrate::run(&mut AsyncConnectionWrapper::<Conn>::from(conn), crate::migrate::POSTGRES)?
    };
    runtime.block_on(queries::backfill::run(&mut second)).map_err(OpenError::backfill)?;
    Ok(ran)
}

/// Every so many commits somebody folds the changes of the counts together.
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

/// The ids that the next rows of these kinds get, from the sequences of their identity columns.
pub(crate) async fn next_ids(conn: &mut Conn, wanted: &[Entity]) -> Result<Vec<i64>, Failure> {
    let sequence = |entity: &Entity| crate::ids::table(*entity).map(|table| format!("{table}_id_seq"));
    match wanted {
        [] => Ok(Vec::new()),
        // The common case, as a statement that is prepared once.
        [one] => Ok(vec![diesel::select(nextval(sequence(one)?)).get_result(conn).await?]),
        several => {
            let sequences = several.iter().map(sequence).collect::<Result<Vec<_>, _>>()?;
            let given = diesel::sql_query(
                "SELECT nextval(sequence::regclass) AS id FROM unnest($1) WITH ORDINALITY AS wanted (sequence, place) \
                 ORDER BY place",
            );
            let given = given.bind::<Array<Text>, _>(sequences).load::<Given>(conn).await?;
            Ok(given.into_iter().map(|given| given.id).collect())
        }
    }
}

diesel::define_sql_function! {
    /// Moves a sequence on to a value.
    fn setval(sequence: Text, value: BigInt) -> BigInt;
}

/// How many ids nobody can have been given between two statements.
const FAR: i64 = 10_000;

/// Sees to it that an id which was brought along is not given again: what comes next is greater. Runs inside a transaction.
///
/// A sequence knows no way to be set only forward. Whoever sets it therefore holds off others who would, and those who only take
/// the next id cannot meanwhile pass what it is set to: where that is near, the ids up to it are taken one by one instead.
pub(crate) async fn skip_ids(conn: &mut Conn, entity: Entity, taken: i64) -> Result<(), Failure> {
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

/// Adds rows of changes: whoever counts adds them up, so that no two writers want the same row.
pub(crate) async fn add_tallies(conn: &mut Conn, changes: &[TallyChange]) -> Result<(), Failure> {
    if changes.is_empty() {
        return Ok(());
    }
    let rows = changes.iter().map(TallyRow::from).collect::<Vec<_>>();
    diesel::insert_into(case_tallies::table).values(rows).execute(conn).await?;
    Ok(())
}

/// The database itself knows where a text can be: `cases_search` is an index of trigrams.
pub(crate) async fn narrow(_: &mut Conn, _: AccountId, _: &str, _: Purpose) -> Result<Among, Failure> {
    Ok(Among::All)
}

/// Done by the database.
pub(crate) async fn index_texts(_: &mut Conn, _: &[&Commit]) -> Result<(), Failure> {
    Ok(())
}

/// Folds together the counts of those buckets of an account that have changed since the last time: what is deleted and what
/// replaces it are one statement, so that whoever counts sees one or the other. Of two that fold at once each may see only a
/// part of a bucket, in which as many cases came as went: that part still holds seconds.
async fn fold_tallies(conn: &mut Conn, account: AccountId) -> Result<(), Failure> {
    let fold = diesel::sql_query(
        "WITH loose AS (\
             SELECT DISTINCT created_on, status, priority, source FROM case_tallies WHERE account_id = $1 AND NOT folded), \
         gone AS (\
             DELETE FROM case_tallies AS tally USING loose \
             WHERE tally.account_id = $1 AND tally.created_on = loose.created_on AND tally.status = loose.status \
             AND tally.priority = loose.priority AND tally.source = loose.source RETURNING tally.*) \
         INSERT INTO case_tallies \
             (account_id, created_on, status, priority, source, cases, resolved, resolution_seconds, folded) \
         SELECT $1, created_on, status, priority, source, sum(cases), sum(resolved), sum(resolution_seconds), true \
         FROM gone GROUP BY created_on, status, priority, source \
         HAVING sum(cases) <> 0 OR sum(resolved) <> 0 OR sum(resolution_seconds) <> 0",
    );
    fold.bind::<BigInt, _>(account.0).execute(conn).await?;
    Ok(())
}

/// Writes decisions: one on whose case nothing else hangs in a single statement, all others in a transaction.
pub(crate) async fn commit(
    conn: &mut Conn,
    decisions: Vec<Decision>,
    attempt: Option<&Attempt>,
) -> Result<Vec<Commit>, Failure> {
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
            // On the heap, as the writes of every kind of change are nested in one another here.
            let write = async |conn: &mut Conn| Box::pin(queries::commit::write_marked(conn, decisions, attempt)).await;
            Box::pin(conn.transaction(write)).await?
        }
    };
    let folds =
        |commit: &&Commit| !commit.tallies.is_empty() && (commit.case.id.0 + commit.case.version) % FOLD_EVERY == 0;
    if let Some(commit) = commits.iter().find(folds) {
        // What was asked is done; whether the counts are folded now or the next time changes nothing for anybody.
        if let Err(error) = fold_tallies(conn, commit.case.account).await {
            log::warn!("the counts of account {} were not folded: {error}", commit.case.account.0);
        }
    }
    Ok(commits)
}
