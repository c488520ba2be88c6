//! Queries of conflicts of interest: people by their keys, and the roles that they have.

use std::collections::BTreeSet;

use diesel::prelude::*;
use docket_domain::{
    conflict::{Candidates, CheckChange, ConflictCheck, Identity, Key, Keys, PartyRole, Sides},
    id::{AccountId, CaseId, CheckId, PersonId},
    page::Page,
    party::ParticipantKind,
    person::Person,
};

use super::{Conn, RunQueryDsl, execute_prepared, filter};
use crate::{
    error::QueryError,
    parts,
    rows::{ConflictCheckRow, PartyRoleRow, PersonRow, read_sides, write_hits, write_sides},
    schema::{case_events, cases, conflict_checks, conflict_sides, participants, people, person_keys},
    sql_types::{JsonText, Moment, Uid},
    statements::{Limit, insert_rows},
};

/// Rows per statement. Both backends limit the bound values, SQLite to 32,766.
const ROWS: usize = 5_000;

/// Makes people findable.
pub(crate) async fn add_keys(conn: &mut Conn, people: &[&Person]) -> Result<(), QueryError> {
    let rows = key_rows(people.iter().copied());
    insert_keys(conn, &rows).await
}

/// The same for people of one account, in the order of their ids, of whom some may be findable already.
pub(crate) async fn add_missing_keys(conn: &mut Conn, people: &[Person]) -> Result<(), QueryError> {
    let (Some(first), Some(last)) = (people.first(), people.last()) else { return Ok(()) };
    let rows = key_rows(people);
    let known = person_keys::table
        .filter(person_keys::account_id.eq(first.account.0))
        .filter(person_keys::key.eq_any(rows.iter().map(|(_, key, _)| *key).collect::<BTreeSet<_>>()))
        .filter(person_keys::person_id.between(first.id.0, last.id.0))
        .select((person_keys::key, person_keys::person_id))
        .load::<(Key, i64)>(conn)
        .await?
        .into_iter()
        .collect::<BTreeSet<_>>();
    let missing = rows.into_iter().filter(|(_, key, person)| !known.contains(&(*key, person.0)));
    insert_keys(conn, &missing.collect::<Vec<_>>()).await
}

fn key_rows<'p>(people: impl IntoIterator<Item = &'p Person>) -> Vec<(AccountId, Key, PersonId)> {
    let rows = people.into_iter().flat_map(|person| {
        let keys = Keys::of(&Identity::of(person)).all().collect::<Vec<_>>();
        keys.into_iter().map(|key| (person.account, key, person.id))
    });
    rows.collect()
}

/// Makes a person findable under other keys.
pub(crate) async fn replace_keys(conn: &mut Conn, before: &Person, after: &Person) -> Result<(), QueryError> {
    let (old, new) = (Keys::of(&Identity::of(before)), Keys::of(&Identity::of(after)));
    if old == new {
        return Ok(());
    }
    let is_new = |key: &Key| new.strong.contains(key) || new.weak.contains(key);
    let is_old = |key: &Key| old.strong.contains(key) || old.weak.contains(key);
    let gone = old.all().filter(|key| !is_new(key)).collect::<Vec<_>>();
    let gone = person_keys::table
        .filter(person_keys::account_id.eq(before.account.0).and(person_keys::person_id.eq(before.id.0)))
        .filter(person_keys::key.eq_any(gone));
    diesel::delete(gone).execute(conn).await?;
    let rows = new.all().filter(|key| !is_old(key)).map(|key| (after.account, key, after.id)).collect::<Vec<_>>();
    insert_keys(conn, &rows).await
}

async fn insert_keys(conn: &mut Conn, rows: &[(AccountId, Key, PersonId)]) -> Result<(), QueryError> {
    let row = |(account, key, person): &(AccountId, Key, PersonId)| {
        (person_keys::account_id.eq(account.0), person_keys::key.eq(*key), person_keys::person_id.eq(person.0))
    };
    for rows in rows.chunks(ROWS) {
        insert_rows!(conn, person_keys::table, rows.iter().map(row).collect::<Vec<_>>());
    }
    Ok(())
}

/// People by their keys. `limits` are the greatest numbers of pairs of a strong key and a person, and of a weak one.
pub(crate) async fn find_candidates(
    conn: &mut Conn,
    account: AccountId,
    keys: &Keys,
    limits: (usize, usize),
) -> Result<Candidates, QueryError> {
    let mut candidates = Candidates::default();
    for (keys, limit, is_strong) in [(&keys.strong, limits.0, true), (&keys.weak, limits.1, false)] {
        // One pair more shows whether there are more.
        let mut found = person_keys::table
            .filter(person_keys::account_id.eq(account.0))
            .filter(person_keys::key.eq_any(keys))
            .select((person_keys::key, person_keys::person_id))
            .first_rows(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1))
            .load::<(Key, i64)>(conn)
            .await?;
        candidates.is_cut |= is_strong && found.len() > limit;
        found.truncate(limit);
        for (key, person) in found {
            candidates.by_key.entry(key).or_default().push(PersonId(person));
        }
    }
    let found = candidates.by_key.values().flatten().map(|person| person.0).collect::<BTreeSet<_>>();
    for found in found.into_iter().collect::<Vec<_>>().chunks(ROWS) {
        let rows = people::table
            .filter(people::account_id.eq(account.0))
            .filter(people::id.eq_any(found))
            .select(PersonRow::as_select())
            .load::<PersonRow>(conn)
            .await?;
        for row in rows {
            let person = Person::try_from(row)?;
            candidates.people.insert(person.id, person);
        }
    }
    Ok(candidates)
}

/// The cases, not deleted, of which these people are parties, at most `limit`, in any order. An order by case would lead
/// SQLite through all participants.
pub(crate) async fn list_roles(
    conn: &mut Conn,
    account: AccountId,
    people: &[PersonId],
    limit: i64,
) -> Result<Vec<PartyRole>, QueryError> {
    let added = case_events::account_id
        .eq(participants::account_id)
        .and(case_events::case_id.eq(participants::case_id))
        .and(case_events::version.eq(participants::since));
    let of_case = cases::account_id.eq(participants::account_id).and(cases::id.eq(participants::case_id));
    let rows = participants::table
        .inner_join(cases::table.on(of_case))
        .inner_join(case_events::table.on(added))
        .filter(participants::account_id.eq(account.0))
        .filter(participants::person_id.eq_any(people.iter().map(|person| person.0)))
        .filter(participants::side.eq(ParticipantKind::Party.as_str()))
        .filter(filter::not_deleted())
        .select((
            participants::person_id,
            participants::case_id,
            participants::role,
            cases::uuid,
            cases::case_number,
            cases::name,
            cases::phase,
            case_events::occurred_at,
        ))
        .first_rows(limit)
        .load::<PartyRoleRow>(conn)
        .await?;
    Ok(rows.into_iter().map(PartyRole::try_from).collect::<Result<_, _>>()?)
}

pub(crate) async fn load_sides(conn: &mut Conn, account: AccountId) -> Result<Option<Sides>, QueryError> {
    let sides = conflict_sides::table.filter(conflict_sides::account_id.eq(account.0)).select(conflict_sides::sides);
    let found = sides.first::<JsonText>(conn).await.optional()?;
    Ok(found.map(|sides| read_sides(&sides.0)).transpose()?)
}

pub(crate) async fn save_sides(conn: &mut Conn, account: AccountId, sides: &Sides) -> Result<(), QueryError> {
    let text = JsonText(write_sides(sides));
    let row = (conflict_sides::account_id.eq(account.0), conflict_sides::sides.eq(text.clone()));
    let saved = diesel::insert_into(conflict_sides::table)
        .values(row)
        .on_conflict(conflict_sides::account_id)
        .do_update()
        .set(conflict_sides::sides.eq(text));
    execute_prepared(conn, saved).await?;
    Ok(())
}

/// Checks of cases that are not deleted, with the case's public id.
macro_rules! present {
    ($account:expr) => {{
        let of_case = cases::account_id.eq(conflict_checks::account_id).and(cases::id.eq(conflict_checks::case_id));
        conflict_checks::table
            .inner_join(cases::table.on(of_case))
            .filter(conflict_checks::account_id.eq($account.0).and(filter::not_deleted()))
            .select((ConflictCheckRow::as_select(), cases::uuid))
    }};
}

pub(crate) async fn find(
    conn: &mut Conn,
    account: AccountId,
    check: CheckId,
) -> Result<Option<ConflictCheck>, QueryError> {
    let found = present!(account).filter(conflict_checks::id.eq(check.0));
    let row = found.first::<(ConflictCheckRow, Uid)>(conn).await.optional()?;
    Ok(row.map(|(row, uuid)| row.check(uuid.0)).transpose()?)
}

pub(crate) async fn list(
    conn: &mut Conn,
    account: AccountId,
    case: CaseId,
    after: Option<CheckId>,
    limit: i64,
) -> Result<Page<ConflictCheck>, QueryError> {
    let part = async |last: Option<&ConflictCheck>, limit: i64| {
        let before = last.map(|check| check.id).or(after).map_or(i64::MAX, |after| after.0);
        let rows = present!(account)
            .filter(conflict_checks::case_id.eq(case.0).and(conflict_checks::id.lt(before)))
            .order_by(conflict_checks::id.desc())
            .first_rows(limit)
            .load::<(ConflictCheckRow, Uid)>(conn)
            .await?;
        let checks = rows.into_iter().map(|(row, uuid)| Ok((row.text_len(), row.check(uuid.0)?)));
        checks.collect::<Result<Vec<_>, QueryError>>()
    };
    Ok(parts::behind(limit + 1, part).await?.page(limit))
}

/// The version of the case guards the decisions.
pub(crate) async fn write(conn: &mut Conn, change: &CheckChange) -> Result<(), QueryError> {
    match change {
        CheckChange::Added(check) => {
            let row = ConflictCheckRow::try_from(&**check)?;
            diesel::insert_into(conflict_checks::table).values(row).execute(conn).await?;
        }
        CheckChange::Decided(check) => {
            let this = conflict_checks::account_id.eq(check.account.0).and(conflict_checks::id.eq(check.id.0));
            let decided = (
                conflict_checks::hits.eq(write_hits(&check.hits)?),
                conflict_checks::updated_at.eq(Moment(check.updated_at)),
            );
            execute_prepared(conn, diesel::update(conflict_checks::table.filter(this)).set(decided)).await?;
        }
    }
    Ok(())
}
