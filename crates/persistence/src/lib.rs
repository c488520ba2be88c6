//! The repository traits of the domain, kept by diesel on SQLite and on PostgreSQL.
#![allow(missing_docs, unused)]
use docket_domain::{account::*, case::*, decision::*, error::StoreError, event::*, filter::*, id::*, page::*, party::*, person::*, store::{AccountStore, CaseFile, CaseStore, Health, PeopleStore, WorkflowStore}, time::Timestamp, workflow::*};

/// What all workers share: where the database is, and SQLite's one writer.
#[derive(Clone)]
pub struct Connector;
/// One worker's way to the database.
#[derive(Clone)]
pub struct Database;
/// How to reach it.
#[derive(Clone)]
pub struct Settings { pub connections: usize, pub timeout: std::time::Duration }
/// Why the database could not be opened; safe to show.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(pub String);
impl Connector {
    /// Opens the database; blocking, before actix starts. Nothing is migrated.
    pub fn open(url: &str, settings: Settings) -> Result<Self, OpenError> { Err(OpenError("stub".into())) }
    /// Brings the schema up to date; blocking, before actix starts. Gives the names of the migrations that ran.
    pub fn migrate(&self) -> Result<Vec<String>, OpenError> { Err(OpenError("stub".into())) }
    /// One worker's database; call it on the worker.
    pub fn worker(&self) -> Database { Database }
}
const STUB: StoreError = StoreError::Stale;
impl CaseStore for Database {
    async fn find_case(&self, account: AccountId, case: CaseRef) -> Result<Option<Case>, StoreError> { Err(STUB) }
    async fn find_case_or_deleted(&self, account: AccountId, case: CaseRef) -> Result<Option<Case>, StoreError> { Err(STUB) }
    async fn find_case_file(&self, account: AccountId, case: CaseRef) -> Result<Option<CaseFile>, StoreError> { Err(STUB) }
    async fn list_cases_by_id(&self, account: AccountId, cases: &[CaseId]) -> Result<Vec<Case>, StoreError> { Err(STUB) }
    async fn list_cases(&self, account: AccountId, filter: &CaseFilter, order: CaseOrder, after: Option<Cursor>, limit: i64) -> Result<Page<Case>, StoreError> { Err(STUB) }
    async fn list_cases_page(&self, account: AccountId, filter: &CaseFilter, order: CaseOrder, page: PageNumber) -> Result<Vec<Case>, StoreError> { Err(STUB) }
    async fn count_cases(&self, account: AccountId, filter: &CaseFilter) -> Result<i64, StoreError> { Err(STUB) }
    async fn list_events(&self, account: AccountId, case: CaseId, after: i64, limit: i64) -> Result<Vec<CaseEvent>, StoreError> { Err(STUB) }
    async fn list_timeline(&self, account: AccountId, case: CaseId, before: Option<i64>, limit: i64) -> Result<Page<CaseEvent>, StoreError> { Err(STUB) }
    async fn list_status_events(&self, account: AccountId, case: CaseId) -> Result<Vec<CaseEvent>, StoreError> { Err(STUB) }
    async fn commit(&self, decision: Decision) -> Result<Commit, StoreError> { Err(STUB) }
}
impl PeopleStore for Database {
    async fn find_people(&self, account: AccountId, people: &[PersonId]) -> Result<Vec<Person>, StoreError> { Err(STUB) }
}
impl WorkflowStore for Database {
    async fn find_workflow(&self, account: AccountId, id: WorkflowId) -> Result<Option<Workflow>, StoreError> { Err(STUB) }
    async fn find_current_workflow(&self, account: AccountId, of: EntityType) -> Result<Option<Workflow>, StoreError> { Err(STUB) }
}
impl AccountStore for Database {
    async fn create_account(&self, name: &str, now: Timestamp) -> Result<Account, StoreError> { Err(STUB) }
    async fn find_account(&self, name: &str) -> Result<Option<Account>, StoreError> { Err(STUB) }
    async fn create_key(&self, key: ApiKey) -> Result<ApiKey, StoreError> { Err(STUB) }
    async fn find_key(&self, client_id: &str) -> Result<Option<ApiKey>, StoreError> { Err(STUB) }
    async fn list_keys(&self, account: AccountId, limit: i64) -> Result<Vec<ApiKey>, StoreError> { Err(STUB) }
    async fn revoke_key(&self, account: AccountId, key: KeyId, now: Timestamp) -> Result<bool, StoreError> { Err(STUB) }
    async fn touch_key(&self, account: AccountId, key: KeyId, now: Timestamp) -> Result<(), StoreError> { Err(STUB) }
}
impl Health for Database {
    async fn ping(&self) -> Result<(), StoreError> { Err(STUB) }
}
