//! A commit as one statement. It costs one round trip and needs no explicit transaction.
//!
//! The statement writes the case. The event and the count changes are data-modifying common table expressions in it.
//! The primary key of the log is the version guard: if another transaction has written this version, the insert of the
//! event fails and nothing is written. The condition on the version in the update is a second guard.
//!
//! The case is the main statement because PostgreSQL executes that before expressions it does not refer to. So every
//! commit locks the case's row first and the log's key second, and two commits cannot deadlock.

use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
};
use diesel_async::RunQueryDsl;
use docket_domain::decision::{Commit, Decision};

use super::conn::Conn;
use crate::{
    error::QueryError,
    rows::{CaseRow, EventRow, TallyRow},
    schema::{case_events, case_tallies, cases},
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

pub(super) async fn write(conn: &mut Conn, commit: &Commit) -> Result<(), QueryError> {
    let [entry] = commit.entries.as_slice() else { return Err(QueryError::defect("one event was expected")) };
    let row = CaseRow::try_from(&commit.case)?;
    let event = diesel::insert_into(case_events::table).values(EventRow::from(entry));
    let mut tallies =
        commit.tallies.iter().map(|change| diesel::insert_into(case_tallies::table).values(TallyRow::from(change)));
    let (first, second) = (tallies.next(), tallies.next());
    match &commit.before {
        None => {
            let case = diesel::insert_into(cases::table).values(row);
            OneTrip { case, first, second, event }.execute(conn).await?;
        }
        Some(before) => {
            let unchanged = cases::table
                .filter(cases::account_id.eq(before.account.0).and(cases::id.eq(before.id.0)))
                .filter(cases::version.eq(before.version));
            let case = diesel::update(unchanged).set(row);
            OneTrip { case, first, second, event }.execute(conn).await?;
        }
    }
    Ok(())
}

struct OneTrip<C, T, E> {
    case: C,
    first: Option<T>,
    second: Option<T>,
    event: E,
}

/// The SQL differs by shape. Without a static id, diesel finds the prepared statement by its text.
impl<C, T, E> QueryId for OneTrip<C, T, E> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C: QueryFragment<Pg>, T: QueryFragment<Pg>, E: QueryFragment<Pg>> QueryFragment<Pg> for OneTrip<C, T, E> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH event AS (");
        self.event.walk_ast(out.reborrow())?;
        for (name, tally) in [("first", &self.first), ("second", &self.second)] {
            if let Some(tally) = tally {
                out.push_sql("), ");
                out.push_sql(name);
                out.push_sql(" AS (");
                tally.walk_ast(out.reborrow())?;
            }
        }
        out.push_sql(") ");
        self.case.walk_ast(out.reborrow())
    }
}
