//! Digests of the stored parts of cases, and of people and keys.

use std::collections::{BTreeMap, HashMap};

use diesel::{prelude::*, result::Error as DieselError};
use docket_domain::{
    account::ApiKey,
    digest::{Proved as _, participant_digest},
    document::Sha256Hash,
    error::StoreError,
    event::Thing,
    id::{AccountId, DeadlineId, DocumentId, LinkId, NoteId, PersonId, SubjectId, UpdateId},
    party::ParticipantKind,
    person::Person,
    store::KeptSubject,
    subject::Subject,
};
use uuid::Uuid;

use super::super::{Conn, RunQueryDsl, updates::with_details};
use crate::{
    error::QueryError,
    rows::{DeadlineRow, DocumentRow, KeyRow, LinkRow, NoteRow, PersonRow, SubjectRow, UpdateRow},
    schema::{api_keys, case_links, case_updates, deadlines, documents, notes, participants, people, subjects},
};

/// Rows per read. A row can have a megabyte.
const ROWS: i64 = 64;
/// Digest of an unreadable row. No readable row has it.
const UNREADABLE: Sha256Hash = Sha256Hash::new([0; 32]);

/// Digests of the parts of cases, by case.
type Things = HashMap<i64, BTreeMap<Thing, Sha256Hash>>;

/// Reads the rows of a page. If one of them is unreadable, reads them one by one.
macro_rules! read {
    ($conn:ident, $page:expr, $key:expr, $row:ty) => {{
        let page = $page;
        match page.clone().select(($key, <$row>::as_select())).load($conn).await {
            Ok(rows) => rows.into_iter().map(|(key, row): (_, $row)| (key, Some(row))).collect::<Vec<_>>(),
            Err(DieselError::DeserializationError(_)) => {
                let mut rows = Vec::new();
                for place in 0..ROWS {
                    let one = page.clone().offset(place).limit(1);
                    let Some(key) = one.clone().select($key).first($conn).await.optional()? else { break };
                    let row = match one.select(<$row>::as_select()).first::<$row>($conn).await {
                        Ok(row) => Some(row),
                        Err(DieselError::DeserializationError(_)) => None,
                        Err(error) => return Err(error.into()),
                    };
                    rows.push((key, row));
                }
                rows
            }
            Err(error) => return Err(error.into()),
        }
    }};
}

/// Adds the digests of one table's rows, in the order of their cases.
macro_rules! add {
    ($conn:ident, $account:ident, $first:ident, $last:ident, $things:ident, $table:ident, $row:ty, $thing:expr, $digest:expr) => {{
        let digest = $digest;
        let mut after = ($first, i64::MIN);
        loop {
            let page = $table::table
                .filter($table::account_id.eq($account.0))
                .filter($table::case_id.ge(after.0).and($table::case_id.le($last)))
                .filter($table::case_id.gt(after.0).or($table::id.gt(after.1)))
                .order_by(($table::case_id.asc(), $table::id.asc()))
                .limit(ROWS);
            let rows: Vec<((i64, i64), Option<$row>)> = read!($conn, page, ($table::case_id, $table::id), $row);
            let Some((last, _)) = rows.last() else { break };
            after = *last;
            for ((case, id), row) in rows {
                let digest = row.and_then(|row| digest(row).ok()).unwrap_or(UNREADABLE);
                $things.entry(case).or_default().insert($thing(id), digest);
            }
        }
    }};
}

/// Digests of the parts of the cases in a range of ids.
pub(super) async fn of_cases(conn: &mut Conn, account: AccountId, first: i64, last: i64) -> Result<Things, QueryError> {
    let mut things = Things::new();
    add_participants(conn, account, first, last, &mut things).await?;
    add_updates(conn, account, first, last, &mut things).await?;
    add!(conn, account, first, last, things, subjects, SubjectRow, |id| Thing::Subject(SubjectId(id)), |row| {
        Subject::try_from(row).map(|subject| subject.digest())
    });
    add!(conn, account, first, last, things, notes, NoteRow, |id| Thing::Note(NoteId(id)), |row: NoteRow| {
        Ok::<_, StoreError>(row.note(Uuid::nil()).digest())
    });
    add!(
        conn,
        account,
        first,
        last,
        things,
        documents,
        DocumentRow,
        |id| Thing::Document(DocumentId(id)),
        |row: DocumentRow| { row.document(Uuid::nil()).map(|document| document.digest()) }
    );
    add!(
        conn,
        account,
        first,
        last,
        things,
        deadlines,
        DeadlineRow,
        |id| Thing::Deadline(DeadlineId(id)),
        |row: DeadlineRow| { row.deadline(Uuid::nil()).map(|deadline| deadline.digest()) }
    );
    Ok(things)
}

async fn add_participants(
    conn: &mut Conn,
    account: AccountId,
    first: i64,
    last: i64,
    things: &mut Things,
) -> Result<(), QueryError> {
    let rows = participants::table
        .filter(participants::account_id.eq(account.0).and(participants::case_id.between(first, last)))
        .select((
            participants::case_id,
            participants::side,
            participants::person_id,
            participants::role,
            participants::since,
        ))
        .load::<(i64, String, i64, String, i64)>(conn)
        .await?;
    for (case, side, person, role, since) in rows {
        let side =
            if side == ParticipantKind::Staff.as_str() { ParticipantKind::Staff } else { ParticipantKind::Party };
        let person = PersonId(person);
        let digest = participant_digest(side, person, &role, since);
        things.entry(case).or_default().insert(Thing::Participant { side, person, role }, digest);
    }
    Ok(())
}

/// Adds updates with their timetables.
async fn add_updates(
    conn: &mut Conn,
    account: AccountId,
    first: i64,
    last: i64,
    things: &mut Things,
) -> Result<(), QueryError> {
    let mut after = (first, i64::MIN);
    loop {
        let page = case_updates::table
            .filter(case_updates::account_id.eq(account.0))
            .filter(case_updates::case_id.ge(after.0).and(case_updates::case_id.le(last)))
            .filter(case_updates::case_id.gt(after.0).or(case_updates::id.gt(after.1)))
            .order_by((case_updates::case_id.asc(), case_updates::id.asc()))
            .limit(ROWS);
        let key = (case_updates::case_id, case_updates::id);
        let rows: Vec<((i64, i64), Option<UpdateRow>)> = read!(conn, page, key, UpdateRow);
        let Some((newest, _)) = rows.last() else { return Ok(()) };
        after = *newest;
        let (mut readable, mut digests) = (Vec::new(), HashMap::new());
        for ((case, id), row) in rows {
            digests.insert(UpdateId(id), (case, UNREADABLE));
            readable.extend(row);
        }
        for update in with_details(conn, account, readable).await? {
            digests.insert(update.id, (update.case.0, update.digest()));
        }
        for (id, (case, digest)) in digests {
            things.entry(case).or_default().insert(Thing::Update(id), digest);
        }
    }
}

/// Reads rows in the order of their ids, with their digests.
macro_rules! subjects {
    ($conn:ident, $account:ident, $after:expr, $limit:ident, $table:ident, $row:ty, $digest:expr) => {{
        let digest = $digest;
        let page = $table::table
            .filter($table::account_id.eq($account.0).and($table::id.gt($after)))
            .order_by($table::id.asc())
            .limit($limit.min(ROWS));
        let rows: Vec<(i64, Option<$row>)> = read!($conn, page, $table::id, $row);
        let kept = |(id, row): (i64, Option<$row>)| KeptSubject { id, digest: row.and_then(|row| digest(row).ok()) };
        Ok(rows.into_iter().map(kept).collect())
    }};
}

pub(crate) async fn links(
    conn: &mut Conn,
    account: AccountId,
    after: LinkId,
    limit: i64,
) -> Result<Vec<KeptSubject>, QueryError> {
    subjects!(conn, account, after.0, limit, case_links, LinkRow, |row: LinkRow| {
        row.link(Uuid::nil(), Uuid::nil()).map(|link| link.digest())
    })
}

pub(crate) async fn people(
    conn: &mut Conn,
    account: AccountId,
    after: i64,
    limit: i64,
) -> Result<Vec<KeptSubject>, QueryError> {
    subjects!(conn, account, after, limit, people, PersonRow, |row| Person::try_from(row).map(|person| person.digest()))
}

pub(crate) async fn keys(
    conn: &mut Conn,
    account: AccountId,
    after: i64,
    limit: i64,
) -> Result<Vec<KeptSubject>, QueryError> {
    subjects!(conn, account, after, limit, api_keys, KeyRow, |row| ApiKey::try_from(row).map(|key| key.digest()))
}
