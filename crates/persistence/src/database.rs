//! The database of one worker. Implements the repository traits of the domain for both backends.

use std::{cell::RefCell, rc::Rc};

use docket_domain::{
    account::{Account, ApiKey},
    actor::Actor,
    case::Case,
    decision::{Commit, Decision},
    event::CaseEvent,
    filter::{CaseFilter, CaseOrder},
    id::{AccountId, CaseId, CaseRef, KeyId, PersonId},
    page::{CaseKeyset, Page, PageNumber},
    person::{Person, PersonFilter},
    store::{AccountStore, CaseColumns, CaseFile, CaseStore, Health, PeopleStore, Result},
    time::Timestamp,
};

use crate::{attempt, postgres, sqlite};

/// One worker's database. Clones share its connections.
#[derive(Clone)]
pub struct Database {
    kind: Kind,
    standby: Option<postgres::Standby>,
    caches: Caches,
}

#[derive(Clone)]
enum Kind {
    Sqlite { reads: Rc<RefCell<sqlite::Conn>>, scans: sqlite::Scans, writer: sqlite::Writer },
    Postgres(postgres::Pool),
}

impl Database {
    pub(crate) fn sqlite(reads: sqlite::Conn, scans: sqlite::Scans, writer: sqlite::Writer, caches: Caches) -> Self {
        Self { kind: Kind::Sqlite { reads: Rc::new(RefCell::new(reads)), scans, writer }, standby: None, caches }
    }

    pub(crate) const fn postgres(pool: postgres::Pool, standby: Option<postgres::Standby>, caches: Caches) -> Self {
        Self { kind: Kind::Postgres(pool), standby, caches }
    }
}

/// Runs a shared query: on PostgreSQL over a pooled connection, on SQLite inline on the worker's own connection.
macro_rules! read {
    ($self:ident, $($query:ident)::+ ($($argument:expr),*)) => {
        match &$self.kind {
            Kind::Postgres(pool) => {
                pool.run(async |conn| postgres::queries::$($query)::+(conn $(, $argument)*).await).await
            }
            Kind::Sqlite { reads, .. } => {
                sqlite::read(&mut reads.borrow_mut(), |conn| sqlite::now(sqlite::queries::$($query)::+(conn $(, $argument)*)))
            }
        }
    };
}

/// Runs a query that may scan many rows: on PostgreSQL as [`read!`] does, on SQLite on a scan thread. The closure for
/// that thread owns the arguments.
macro_rules! scan {
    ($self:ident, $($query:ident)::+ ($($argument:expr),*)) => {
        match &$self.kind {
            Kind::Postgres(pool) => {
                pool.run(async |conn| postgres::queries::$($query)::+(conn $(, $argument)*).await).await
            }
            Kind::Sqlite { scans, .. } => {
                scans.run(move |conn| sqlite::now(sqlite::queries::$($query)::+(conn $(, $argument)*))).await
            }
        }
    };
}

/// Runs a query of a list or a count: on the standby if there is one and its data is recent enough, otherwise as
/// [`read!`] or [`scan!`] does, whichever is named.
macro_rules! list {
    ($self:ident, $primary:ident, $($query:ident)::+ ($($argument:expr),*)) => {{
        let found = match &$self.standby {
            Some(standby) => standby.run(async |conn| postgres::queries::$($query)::+(conn $(, $argument)*).await).await,
            None => None,
        };
        match found {
            Some(found) => Ok(found),
            None => $primary!($self, $($query)::+ ($($argument),*)),
        }
    }};
}

/// Runs a shared write in a transaction, with the mark of the current attempt if there is one: on PostgreSQL over a
/// pooled connection, on SQLite on the writer thread. The closure for that thread owns the arguments.
///
/// The closure after `=>` returns the id of the written row. The response can be built again from it after a crash.
macro_rules! write {
    ($self:ident, $($query:ident)::+ ($($argument:expr),*)) => {
        write!($self, $($query)::+ ($($argument),*) => |_| None)
    };
    ($self:ident, $($query:ident)::+ ($($argument:expr),*) => $id:expr) => {{
        let attempt = crate::attempt::current()?;
        match &$self.kind {
            Kind::Postgres(pool) => {
                use diesel_async::AsyncConnection;
                pool.run(async |conn| {
                    let written = conn.transaction(async |conn| {
                        let written = postgres::queries::$($query)::+(conn $(, $argument)*).await?;
                        if let Some(attempt) = &attempt {
                            let effect = crate::attempt::effect(&written, $id);
                            postgres::queries::idempotency::mark(conn, attempt, effect).await?;
                        }
                        Ok::<_, crate::error::QueryError>(written)
                    });
                    written.await
                })
                .await
            }
            Kind::Sqlite { writer, .. } => {
                let write = async move |conn: &mut sqlite::Conn| {
                    let written = sqlite::queries::$($query)::+(conn $(, $argument)*).await?;
                    if let Some(attempt) = &attempt {
                        let effect = crate::attempt::effect(&written, $id);
                        sqlite::queries::idempotency::mark(conn, attempt, effect).await?;
                    }
                    Ok(written)
                };
                writer.run(write).await
            }
        }
    }};
}

mod caches;
mod case_work;
mod conflicts;
mod directories;
mod feed;
mod idempotency;
mod imports;
mod merges;
mod settings;
mod sources;
mod statistics;
mod subjects;
mod token;
mod updates;
mod verify;
mod webhooks;
mod workflows;

pub(crate) use self::caches::Caches;

impl CaseStore for Database {
    async fn find_case(&self, account: AccountId, case: CaseRef) -> Result<Option<Case>> {
        read!(self, cases::find(account, case))
    }

    async fn find_case_or_deleted(&self, account: AccountId, case: CaseRef) -> Result<Option<Case>> {
        read!(self, cases::find_or_deleted(account, case))
    }

    async fn find_case_file(&self, account: AccountId, case: CaseRef) -> Result<Option<CaseFile>> {
        read!(self, cases::find_file(account, case))
    }

    async fn list_cases_by_id(&self, account: AccountId, cases: &[CaseId]) -> Result<Vec<Case>> {
        read!(self, cases::list_by_id(account, cases))
    }

    async fn list_cases(
        &self,
        account: AccountId,
        columns: CaseColumns,
        filter: &CaseFilter,
        keyset: CaseKeyset,
        limit: i64,
    ) -> Result<Page<Case>> {
        if filter.search.is_none() {
            return list!(self, read, cases::list(account, columns, filter, keyset, limit));
        }
        let filter = filter.clone();
        list!(self, scan, cases::list(account, columns, &filter, keyset, limit))
    }

    async fn list_cases_page(
        &self,
        account: AccountId,
        columns: CaseColumns,
        filter: &CaseFilter,
        order: CaseOrder,
        page: PageNumber,
    ) -> Result<Vec<Case>> {
        let filter = filter.clone();
        list!(self, scan, cases::list_page(account, columns, &filter, order, page))
    }

    async fn count_cases(&self, account: AccountId, filter: &CaseFilter) -> Result<i64> {
        let filter = filter.clone();
        list!(self, scan, cases::count(account, &filter))
    }

    async fn list_events(&self, account: AccountId, case: CaseId, after: i64, limit: i64) -> Result<Vec<CaseEvent>> {
        read!(self, events::list(account, case, after, limit))
    }

    async fn list_logs(&self, account: AccountId, cases: &[CaseId], limit: i64) -> Result<Vec<CaseEvent>> {
        let cases = cases.to_vec();
        scan!(self, events::list_of_cases(account, &cases, limit))
    }

    async fn list_timeline(
        &self,
        account: AccountId,
        case: CaseId,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Page<CaseEvent>> {
        read!(self, events::timeline(account, case, before, limit))
    }

    async fn find_last_reason(&self, account: AccountId, case: CaseId, version: i64) -> Result<Option<String>> {
        read!(self, events::last_reason(account, case, version))
    }

    async fn list_status_events(&self, account: AccountId, case: CaseId) -> Result<Vec<CaseEvent>> {
        read!(self, events::status_changes(account, case))
    }

    async fn commit_all(&self, decisions: Vec<Decision>) -> Result<Vec<Commit>> {
        if decisions.is_empty() {
            return Ok(Vec::new());
        }
        let attempt = attempt::current()?;
        match &self.kind {
            Kind::Postgres(pool) => {
                pool.run(async |conn| postgres::commit(conn, decisions, attempt.as_ref()).await).await
            }
            Kind::Sqlite { writer, .. } => {
                let write = async move |conn: &mut sqlite::Conn| {
                    sqlite::queries::commit::write_marked(conn, decisions, attempt.as_ref()).await
                };
                writer.run(write).await
            }
        }
    }
}

impl PeopleStore for Database {
    async fn find_people(&self, account: AccountId, people: &[PersonId]) -> Result<Vec<Person>> {
        read!(self, people::find(account, people))
    }

    async fn create_person(&self, person: Person, by: Option<Actor>) -> Result<Person> {
        write!(self, people::create(person, by) => |person: &Person| Some(person.id.0))
    }

    async fn update_person(&self, before: &Person, person: Person, by: Option<Actor>) -> Result<()> {
        let before = before.clone();
        let id = person.id.0;
        write!(self, people::update(&before, person, by) => move |()| Some(id))
    }

    async fn list_people(
        &self,
        account: AccountId,
        filter: PersonFilter,
        after: Option<PersonId>,
        limit: i64,
    ) -> Result<Page<Person>> {
        read!(self, people::list(account, filter, after, limit))
    }
}

impl AccountStore for Database {
    async fn create_account(&self, name: &str, now: Timestamp) -> Result<Account> {
        let name = name.to_owned();
        write!(self, accounts::create(&name, now))
    }

    async fn find_account(&self, name: &str) -> Result<Option<Account>> {
        read!(self, accounts::find(name))
    }

    async fn find_account_by_id(&self, account: AccountId) -> Result<Option<Account>> {
        read!(self, accounts::find_by_id(account))
    }

    async fn create_key(&self, key: ApiKey, by: Option<Actor>) -> Result<ApiKey> {
        write!(self, accounts::create_key(key, by))
    }

    async fn find_key(&self, client_id: &str) -> Result<Option<ApiKey>> {
        read!(self, accounts::find_key(client_id))
    }

    async fn list_keys(&self, account: AccountId, limit: i64) -> Result<Vec<ApiKey>> {
        read!(self, accounts::list_keys(account, limit))
    }

    async fn revoke_key(&self, account: AccountId, key: KeyId, by: Option<Actor>, now: Timestamp) -> Result<bool> {
        write!(self, accounts::revoke_key(account, key, by, now) => move |_: &bool| Some(key.0))
    }

    async fn touch_key(&self, account: AccountId, key: KeyId, now: Timestamp) -> Result<()> {
        write!(self, accounts::touch_key(account, key, now))
    }
}

impl Health for Database {
    async fn ping(&self) -> Result<()> {
        read!(self, accounts::ping())
    }

    async fn unreachable_nodes(&self) -> Result<Vec<i32>> {
        match &self.kind {
            Kind::Sqlite { .. } => Ok(Vec::new()),
            Kind::Postgres(pool) => pool.run(postgres::unreachable_nodes).await,
        }
    }
}
