//! Writing a decision, in one transaction that the caller has opened.

use diesel::prelude::*;
use docket_domain::{
    case::Case,
    decision::{Change, Commit, Decision, Needs, Numbers},
    error::StoreError,
    id::{AccountId, CaseId, Entity},
    idempotency::{Attempt, Effect},
};

use super::{
    super::next_ids, Conn, RunQueryDsl, deadlines, documents, idempotency, links, notes, people, subjects, updates,
};
use crate::{
    error::Failure,
    rows::{CaseRow, EventRow, ParticipantRow},
    schema::{case_events, case_tags, cases, former_case_numbers, participants},
};

/// Writes a decision, together with the mark of the request's attempt if it has one.
pub(crate) async fn write_marked(
    conn: &mut Conn,
    decision: Decision,
    attempt: Option<&Attempt>,
) -> Result<Commit, Failure> {
    let commit = write(conn, decision).await?;
    if let Some(attempt) = attempt {
        let effect = Effect { case: commit.case.id, version: commit.case.version };
        idempotency::mark(conn, attempt, Some(effect)).await?;
    }
    Ok(commit)
}

/// Numbers a decision and writes all of it.
async fn write(conn: &mut Conn, decision: Decision) -> Result<Commit, Failure> {
    let numbers = number(conn, decision.case.account, &decision).await?;
    let commit = decision.number(&numbers);
    write_case(conn, &commit).await?;
    let events = commit.entries.iter().map(EventRow::from).collect::<Vec<_>>();
    diesel::insert_into(case_events::table).values(events).execute(conn).await?;
    write_rest(conn, &commit).await?;
    super::super::add_tallies(conn, &commit.tallies).await?;
    Ok(commit)
}

/// What hangs on the case and its log.
pub(super) async fn write_rest(conn: &mut Conn, commit: &Commit) -> Result<(), Failure> {
    write_tags(conn, commit.before.as_ref(), &commit.case).await?;
    write_former_number(conn, commit).await?;
    for change in &commit.changes {
        write_change(conn, &commit.case, change).await?;
    }
    Ok(())
}

async fn number(conn: &mut Conn, account: AccountId, decision: &Decision) -> Result<Numbers, Failure> {
    let Needs { instance_of, entities } = &decision.needs;
    let instance = match instance_of {
        Some(series) => Some(next_instance(conn, account, *series).await?),
        None => None,
    };
    let case = decision.before.is_none().then_some(Entity::Case);
    let wanted = case.into_iter().chain(entities.iter().copied()).collect::<Vec<_>>();
    let mut ids = next_ids(conn, &wanted).await?.into_iter();
    let case = case.and_then(|_| ids.next()).map(CaseId);
    Ok(Numbers { case, instance, entities: ids.collect() })
}

/// The next instance of a series. The counter stands in the row of the series' first case, whose lock orders all who
/// follow up or re-open within the series, and nobody else.
pub(super) async fn next_instance(conn: &mut Conn, account: AccountId, series: i64) -> Result<i32, Failure> {
    let first = cases::table.filter(cases::account_id.eq(account.0).and(cases::id.eq(series)));
    Ok(diesel::update(first)
        .set(cases::series_last.eq(cases::series_last + 1))
        .returning(cases::series_last)
        .get_result(conn)
        .await?)
}

pub(super) async fn write_case(conn: &mut Conn, commit: &Commit) -> Result<(), Failure> {
    let row = CaseRow::try_from(&commit.case)?;
    let Some(before) = &commit.before else {
        diesel::insert_into(cases::table).values(row).execute(conn).await?;
        return Ok(());
    };
    let unchanged = cases::table
        .filter(cases::account_id.eq(before.account.0).and(cases::id.eq(before.id.0)))
        .filter(cases::version.eq(before.version));
    match diesel::update(unchanged).set(row).execute(conn).await? {
        0 => Err(StoreError::Stale.into()),
        _ => Ok(()),
    }
}

async fn write_tags(conn: &mut Conn, before: Option<&Case>, after: &Case) -> Result<(), Failure> {
    let (account, case) = (after.account.0, after.id.0);
    let new = &after.details.tags;
    let old = before.map(|before| before.details.tags.clone()).unwrap_or_default();
    let gone = old.iter().filter(|tag| !new.contains(tag)).collect::<Vec<_>>();
    if !gone.is_empty() {
        let rows = case_tags::table.filter(case_tags::account_id.eq(account).and(case_tags::case_id.eq(case)));
        diesel::delete(rows.filter(case_tags::tag.eq_any(gone))).execute(conn).await?;
    }
    let added = new.iter().filter(|tag| !old.contains(tag));
    let row = |tag| (case_tags::account_id.eq(account), case_tags::tag.eq(tag), case_tags::case_id.eq(case));
    let added = added.map(row).collect::<Vec<_>>();
    if !added.is_empty() {
        diesel::insert_into(case_tags::table).values(added).execute(conn).await?;
    }
    Ok(())
}

/// A number that a case once had goes on finding it.
async fn write_former_number(conn: &mut Conn, commit: &Commit) -> Result<(), Failure> {
    let Some(before) = &commit.before else { return Ok(()) };
    if before.number() == commit.case.number() || before.number().to_string() == commit.case.number().to_string() {
        return Ok(());
    }
    diesel::insert_into(former_case_numbers::table)
        .values((
            former_case_numbers::account_id.eq(before.account.0),
            former_case_numbers::case_number.eq(before.number().to_string()),
            former_case_numbers::case_id.eq(before.id.0),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

async fn write_change(conn: &mut Conn, case: &Case, change: &Change) -> Result<(), Failure> {
    match change {
        Change::PersonAdded(person) => people::insert(conn, person).await,
        Change::ParticipantAdded { side, person, role, since } => {
            let row = ParticipantRow {
                account_id: case.account.0,
                case_id: case.id.0,
                side: side.as_str(),
                person_id: person.0,
                role,
                since: *since,
            };
            diesel::insert_into(participants::table).values(row).execute(conn).await?;
            Ok(())
        }
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
    }
}
