//! Computes columns that a migration cannot compute in SQL. Runs once, after the migration that requests it.

use diesel::prelude::*;
use docket_domain::{
    case::{Case, FormerNumbers},
    person::Person,
    text::search_key,
};

use super::{Conn, RunQueryDsl, conflicts};
use crate::{
    error::QueryError,
    rows::{CaseRow, PersonRow},
    schema::{
        access_groups, accounts, case_tasks, cases, clients, former_case_numbers, pending_backfills, people, regions,
        subjects,
    },
};

/// Name of the backfill that computes all columns made by [`search_key`], and the former case numbers.
const SEARCH_KEYS: &str = "search_keys";
/// Name of the backfill that makes everybody findable by name.
const PERSON_KEYS: &str = "person_keys";
/// Rows per transaction.
const ROWS: i64 = 500;

/// Computes the name keys of these tables.
macro_rules! name_keys {
    ($conn:ident, $account:ident, $($table:ident),*) => {$(
        let mut last = 0;
        loop {
            let rows = $table::table
                .filter($table::account_id.eq($account).and($table::id.gt(last)))
                .order_by($table::id)
                .limit(ROWS)
                .select(($table::id, $table::name, $table::name_key))
                .load::<(i64, String, String)>($conn)
                .await?;
            let Some((id, _, _)) = rows.last() else { break };
            last = *id;
            diesel::sql_query("BEGIN").execute($conn).await?;
            for (id, name, key) in rows {
                let right = search_key(&name);
                if right != key {
                    let this = $table::table.filter($table::account_id.eq($account).and($table::id.eq(id)));
                    diesel::update(this).set($table::name_key.eq(right)).execute($conn).await?;
                }
            }
            diesel::sql_query("COMMIT").execute($conn).await?;
        }
    )*};
}

/// Runs the pending backfills. An interrupted backfill runs again at the next start.
pub(crate) async fn run(conn: &mut Conn) -> Result<(), QueryError> {
    if is_pending(conn, SEARCH_KEYS).await? {
        search_keys(conn).await?;
        finish(conn, SEARCH_KEYS).await?;
    }
    if is_pending(conn, PERSON_KEYS).await? {
        person_keys(conn).await?;
        finish(conn, PERSON_KEYS).await?;
    }
    Ok(())
}

async fn finish(conn: &mut Conn, name: &str) -> Result<(), QueryError> {
    diesel::delete(pending_backfills::table.filter(pending_backfills::name.eq(name))).execute(conn).await?;
    Ok(())
}

async fn is_pending(conn: &mut Conn, name: &str) -> Result<bool, QueryError> {
    let pending = pending_backfills::table.filter(pending_backfills::name.eq(name));
    Ok(pending.count().get_result::<i64>(conn).await? > 0)
}

/// Makes everybody findable.
async fn person_keys(conn: &mut Conn) -> Result<(), QueryError> {
    let accounts = accounts::table.select(accounts::id).order_by(accounts::id).load::<i64>(conn).await?;
    for account in accounts {
        let mut last = 0;
        loop {
            let rows = people::table
                .filter(people::account_id.eq(account).and(people::id.gt(last)))
                .order_by(people::id)
                .limit(ROWS)
                .select(PersonRow::as_select())
                .load::<PersonRow>(conn)
                .await?;
            let people = rows.into_iter().map(Person::try_from).collect::<Result<Vec<_>, _>>()?;
            let Some(person) = people.last() else { break };
            last = person.id.0;
            diesel::sql_query("BEGIN").execute(conn).await?;
            conflicts::add_missing_keys(conn, &people).await?;
            diesel::sql_query("COMMIT").execute(conn).await?;
        }
    }
    Ok(())
}

async fn search_keys(conn: &mut Conn) -> Result<(), QueryError> {
    let accounts = accounts::table.select(accounts::id).order_by(accounts::id).load::<i64>(conn).await?;
    for account in accounts {
        let mut next = Some(0);
        while let Some(last) = next {
            diesel::sql_query("BEGIN").execute(conn).await?;
            next = cases_after(conn, account, last).await?;
            diesel::sql_query("COMMIT").execute(conn).await?;
        }
        name_keys!(conn, account, clients, regions, access_groups, case_tasks, subjects);
    }
    Ok(())
}

/// Processes the next cases of an account and returns the last id, or none if there are no more cases.
async fn cases_after(conn: &mut Conn, account: i64, after: i64) -> Result<Option<i64>, QueryError> {
    let rows = cases::table
        .filter(cases::account_id.eq(account).and(cases::id.gt(after)))
        .order_by(cases::id)
        .limit(ROWS)
        .select(CaseRow::as_select())
        .load::<CaseRow>(conn)
        .await?;
    let Some(last) = rows.last().map(CaseRow::id) else { return Ok(None) };
    let former = former_case_numbers::table
        .filter(former_case_numbers::account_id.eq(account))
        .filter(former_case_numbers::case_id.gt(after).and(former_case_numbers::case_id.le(last)))
        .select((former_case_numbers::case_id, former_case_numbers::case_number))
        .load::<(i64, String)>(conn)
        .await?;
    for row in rows {
        // Skip an unreadable row: `docket verify` reports it.
        let Ok(mut case) = Case::try_from(row.clone()) else { continue };
        let former = former.iter().filter(|(id, _)| *id == row.id()).filter_map(|(_, number)| number.parse().ok());
        case.former_numbers = former.collect::<FormerNumbers>();
        let right = CaseRow::try_from(&case)?;
        if right.search_keys() != row.search_keys() {
            let this = cases::table.filter(cases::account_id.eq(account).and(cases::id.eq(row.id())));
            diesel::update(this).set(right.search_keys()).execute(conn).await?;
        }
    }
    Ok(Some(last))
}
