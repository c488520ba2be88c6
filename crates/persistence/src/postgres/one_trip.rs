//! A commit as one statement. It costs one round trip and needs no explicit transaction.
//!
//! The first expression writes the case and returns its key. The event, its place in the queue of the feed and the count
//! changes are selected from that key, so they are written after the case, and only if the case was written: an update
//! of a stale version returns no key. So every commit locks the case's row first and the log's key second, and two commits cannot deadlock. The same
//! order holds on Citus, which executes data-modifying expressions one after the other.
//!
//! The primary key of the log is a second version guard: if another transaction has written this version, the insert of
//! the event fails and nothing is written.

use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{BigInt, Binary, Date, Nullable, SmallInt, Text},
};
use diesel_async::RunQueryDsl;
use docket_domain::{
    decision::{Commit, Decision},
    error::StoreError,
};

use super::conn::Conn;
use crate::{
    error::QueryError,
    rows::{CaseRow, EventRow, HistogramRow, TallyRow},
    schema::cases,
    sql_types::{DbJson, DbTime},
};

/// Whether the decision writes only its case, one event and counts.
pub(super) fn is_enough_for(decision: &Decision) -> bool {
    let same_tags = match &decision.before {
        Some(before) => before.details.tags == decision.case.details.tags,
        None => decision.case.details.tags.iter().next().is_none(),
    };
    let same_number = decision.before.as_ref().is_none_or(|before| before.number() == decision.case.number());
    let nothing_else = decision.changes.is_empty() && decision.needs == Default::default();
    decision.events.len() == 1 && same_tags && same_number && nothing_else
}

/// Writes a commit.
///
/// # Errors
/// [`StoreError::Stale`] if the case has another version.
pub(super) async fn write(conn: &mut Conn, commit: &Commit) -> Result<(), QueryError> {
    let [entry] = commit.entries.as_slice() else { return Err(QueryError::defect("one event was expected")) };
    let row = CaseRow::try_from(&commit.case)?;
    let number = commit.case.number().to_string();
    let (event, tallies) = (EventRow::from(entry), commit.tallies.iter().map(TallyRow::from).collect());
    let histograms = commit.histograms.iter().map(HistogramRow::from).collect();
    match &commit.before {
        None => {
            let case = diesel::insert_into(cases::table).values(row);
            OneTrip { case, event, number, tallies, histograms }.execute(conn).await?;
        }
        Some(before) => {
            let unchanged = cases::table
                .filter(cases::account_id.eq(before.account.0).and(cases::id.eq(before.id.0)))
                .filter(cases::version.eq(before.version));
            let case = diesel::update(unchanged).set(row);
            if (OneTrip { case, event, number, tallies, histograms }).execute(conn).await? == 0 {
                return Err(StoreError::Stale.into());
            }
        }
    }
    Ok(())
}

struct OneTrip<'c, C> {
    case: C,
    event: EventRow,
    /// The case number after the event.
    number: String,
    tallies: Vec<TallyRow<'c>>,
    histograms: Vec<HistogramRow>,
}

/// Without a static id, diesel finds the prepared statement by its SQL.
impl<C> QueryId for OneTrip<'_, C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

/// Inserts a row whose first columns come from the written case, and the others are bound.
macro_rules! insert {
    ($out:ident, $table:literal, $of_case:literal, $key:literal, $(($column:literal, $type:ty, $value:expr)),* $(,)?) => {{
        $out.push_sql(concat!("INSERT INTO ", $table, " (", $of_case, $(", ", $column,)* ") SELECT ", $key));
        $(
            $out.push_sql(", ");
            $out.push_bind_param::<$type, _>($value)?;
        )*
        $out.push_sql(" FROM written");
    }};
}

impl<C: QueryFragment<Pg>> QueryFragment<Pg> for OneTrip<'_, C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH written AS (");
        self.case.walk_ast(out.reborrow())?;
        out.push_sql(" RETURNING account_id, id)");
        for (place, tally) in self.tallies.iter().enumerate() {
            out.push_sql(&format!(", tally_{place} AS ("));
            insert!(
                out,
                "case_tallies",
                "account_id",
                "account_id",
                ("created_on", Date, &tally.created_on),
                ("status", Text, tally.status),
                ("priority", SmallInt, &tally.priority),
                ("source", Text, tally.source),
                ("cases", BigInt, &tally.cases),
                ("resolved", BigInt, &tally.resolved),
                ("resolution_seconds", BigInt, &tally.resolution_seconds),
            );
            out.push_sql(")");
        }
        for (place, change) in self.histograms.iter().enumerate() {
            out.push_sql(&format!(", histogram_{place} AS ("));
            insert!(
                out,
                "histogram_changes",
                "account_id",
                "account_id",
                ("histogram", Text, change.histogram),
                ("bucket", BigInt, &change.bucket),
                ("entries", BigInt, &change.entries),
            );
            out.push_sql(")");
        }
        let event = &self.event;
        out.push_sql(", queued AS (");
        insert!(
            out,
            "feed_queue",
            "account_id, case_id",
            "account_id, id",
            ("version", BigInt, &event.version),
            ("kind", Text, &event.kind),
            ("case_number", Nullable<Text>, &self.number),
        );
        out.push_sql(") ");
        insert!(
            out,
            "case_events",
            "account_id, case_id",
            "account_id, id",
            ("version", BigInt, &event.version),
            ("kind", Text, &event.kind),
            ("actor_id", Nullable<BigInt>, &event.actor_id),
            ("actor_name", Nullable<Text>, &event.actor_name),
            ("occurred_at", DbTime, &event.occurred_at),
            ("recorded_at", DbTime, &event.recorded_at),
            ("data", DbJson, &event.data),
            ("hash", Binary, &event.hash),
            ("proof", Nullable<Binary>, &event.proof),
        );
        Ok(())
    }

    /// The SQL has a few variants: a commit changes at most two counts, and at most two buckets of each histogram.
    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(self.tallies.len() <= 2)
    }
}
