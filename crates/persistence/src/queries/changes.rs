//! Writes the parts of cases and their logs for one or more commits. Similar rows share a statement.

use std::mem::discriminant;

use diesel::prelude::*;
use docket_domain::{
    account_event::AccountEvent,
    actor::Actor,
    case::{Case, CaseNumber},
    decision::{Change, Commit},
    person::Person,
};

use super::{
    Conn, RunQueryDsl, account_events, clocks, conflicts, deadlines, documents, links, merges, notes, subjects, updates,
};
use crate::{
    error::QueryError,
    rows::{ParticipantRow, PersonRow},
    schema::{case_tags, former_case_numbers, participants, people},
    statements::insert_rows,
};

/// Rows per statement. Both backends limit the bound values, SQLite to 32,766.
const ROWS: usize = 2_000;

/// Writes all that the commits contain besides cases, events and counts.
pub(super) async fn write(conn: &mut Conn, commits: &[&Commit]) -> Result<(), QueryError> {
    write_tags(conn, commits).await?;
    write_former_numbers(conn, commits).await?;
    let mut added = Vec::new();
    for commit in commits {
        let actor = commit.entries.as_slice().first().and_then(|entry| entry.event.actor.as_ref());
        added.extend(commit.changes.iter().filter_map(|change| person_created(change, actor)));
    }
    account_events::append(conn, &added).await?;
    let changes = commits.iter().flat_map(|commit| commit.changes.iter().map(|change| (&commit.case, change)));
    let changes = changes.collect::<Vec<_>>();
    // The order is kept: a person must be in the directory before they can be a participant.
    for alike in changes.chunk_by(|(_, one), (_, next)| discriminant(*one) == discriminant(*next)) {
        insert_people(conn, alike).await?;
        insert_participants(conn, alike).await?;
        for (case, change) in alike {
            write_one(conn, case, change).await?;
        }
    }
    Ok(())
}

async fn write_tags<'c>(conn: &mut Conn, commits: &[&'c Commit]) -> Result<(), QueryError> {
    let mut added = Vec::new();
    for Commit { before, case, .. } in commits {
        let (new, old) = (&case.details.tags, before.as_ref().map(|before| &before.details.tags));
        let is_old = |tag: &str| old.is_some_and(|old| old.contains(tag));
        let (account, case_id) = (case.account.0, case.id.0);
        let row =
            |tag: &'c str| (case_tags::account_id.eq(account), case_tags::tag.eq(tag), case_tags::case_id.eq(case_id));
        added.extend(new.iter().filter(|tag| !is_old(tag)).map(row));
        let gone = old.into_iter().flat_map(|old| old.iter()).filter(|tag| !new.contains(tag)).collect::<Vec<_>>();
        if !gone.is_empty() {
            let rows = case_tags::account_id.eq(account).and(case_tags::case_id.eq(case_id));
            diesel::delete(case_tags::table.filter(rows).filter(case_tags::tag.eq_any(gone))).execute(conn).await?;
        }
    }
    for rows in chunks(added.into_iter()) {
        insert_rows!(conn, case_tags::table, rows);
    }
    Ok(())
}

/// A case can still be found by a former number.
async fn write_former_numbers(conn: &mut Conn, commits: &[&Commit]) -> Result<(), QueryError> {
    let former = commits.iter().flat_map(|Commit { before, case, .. }| {
        let had = |number: CaseNumber| before.as_ref().is_some_and(|before| before.former_numbers.contains(number));
        let new = case.former_numbers.iter().filter(move |number| !had(*number));
        new.map(|number| {
            (
                former_case_numbers::account_id.eq(case.account.0),
                former_case_numbers::case_number.eq(number.to_string()),
                former_case_numbers::case_id.eq(case.id.0),
            )
        })
    });
    for rows in chunks(former) {
        diesel::insert_into(former_case_numbers::table).values(rows).on_conflict_do_nothing().execute(conn).await?;
    }
    Ok(())
}

fn person_created(change: &Change, by: Option<&Actor>) -> Option<AccountEvent> {
    let Change::PersonAdded(person) = change else { return None };
    Some(AccountEvent::person_created(person, by.cloned()))
}

async fn insert_people(conn: &mut Conn, changes: &[(&Case, &Change)]) -> Result<(), QueryError> {
    fn added<'c>((_, change): &(&Case, &'c Change)) -> Option<&'c Person> {
        let Change::PersonAdded(person) = change else { return None };
        Some(person)
    }
    let people = changes.iter().filter_map(added).collect::<Vec<_>>();
    for rows in chunks(people.iter().map(|person| PersonRow::from(*person))) {
        diesel::insert_into(people::table).values(rows).execute(conn).await?;
    }
    conflicts::add_keys(conn, &people).await
}

async fn insert_participants(conn: &mut Conn, changes: &[(&Case, &Change)]) -> Result<(), QueryError> {
    fn row<'c>((case, change): &(&Case, &'c Change)) -> Option<ParticipantRow<'c>> {
        let Change::ParticipantAdded { side, person, role, since } = change else { return None };
        let (account_id, case_id, side) = (case.account.0, case.id.0, side.as_str());
        Some(ParticipantRow { account_id, case_id, side, person_id: person.0, role, since: *since })
    }
    for rows in chunks(changes.iter().filter_map(row)) {
        insert_rows!(conn, participants::table, rows);
    }
    Ok(())
}

async fn write_one(conn: &mut Conn, case: &Case, change: &Change) -> Result<(), QueryError> {
    match change {
        // Inserted above, together with similar changes.
        Change::PersonAdded(_) | Change::ParticipantAdded { .. } => Ok(()),
        Change::ParticipantRemoved { side, person, role } => {
            let rows = participants::table
                .filter(participants::account_id.eq(case.account.0).and(participants::case_id.eq(case.id.0)))
                .filter(participants::side.eq(side.as_str()).and(participants::person_id.eq(person.0)))
                .filter(participants::role.eq(role));
            diesel::delete(rows).execute(conn).await?;
            Ok(())
        }
        Change::SubjectAdded(subject) => subjects::insert(conn, case.id, subject).await,
        Change::SubjectChanged(subject) => subjects::update(conn, subject).await,
        Change::UpdateAdded(update) => updates::insert(conn, update).await,
        Change::UpdateChanged(update) => updates::update(conn, update).await,
        Change::Link(change) => links::write(conn, case.account, change).await,
        Change::Note(change) => notes::write(conn, case, change).await,
        Change::Document(change) => documents::write(conn, case, change).await,
        Change::Deadline(change) => deadlines::write(conn, case, change).await,
        Change::ConflictCheck(change) => conflicts::write(conn, change).await,
        Change::DeadlineTold(moment) => deadlines::tell(conn, moment).await,
        Change::Clocks(stored) => clocks::replace(conn, case.account, case.id, stored).await,
        Change::Merge(change) => merges::write(conn, case, change).await,
        Change::Moved { from, row } => merges::move_row(conn, case, *from, row).await,
    }
}

/// Splits rows into chunks that fit into a statement.
fn chunks<R>(rows: impl Iterator<Item = R>) -> Vec<Vec<R>> {
    let mut rows = rows.peekable();
    let chunk = || rows.peek().is_some().then(|| rows.by_ref().take(ROWS).collect());
    std::iter::from_fn(chunk).collect()
}
