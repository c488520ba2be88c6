//! The traits that a store implements. The persistence crate implements them; nothing here knows how.
//!
//! Every call names the account, and reads, counts and changes nothing of another account. Reads of cases leave out
//! deleted cases unless they say otherwise. No call opens a transaction for its caller: a [`Commit`] is written in one
//! atomic step, or not at all.

use std::{collections::HashSet, sync::Arc};

mod conflict;
mod deadline;
mod directory;
mod document;
mod feed;
mod idempotency;
mod import;
mod link;
mod merge;
mod note;
mod setting;
mod source;
mod statistics;
mod subject;
mod token;
mod update;
mod verify;
mod webhook;

pub use self::{
    conflict::ConflictStore,
    deadline::DeadlineStore,
    directory::DirectoryStore,
    document::DocumentStore,
    feed::FeedStore,
    idempotency::IdempotencyStore,
    import::ImportStore,
    link::LinkStore,
    merge::MergeStore,
    note::NoteStore,
    setting::{ClockStore, SettingKind, SettingStore},
    source::SourceStore,
    statistics::StatisticsStore,
    subject::SubjectStore,
    token::TokenStore,
    update::UpdateStore,
    verify::{ChainStore, KeptCase, KeptPosition, KeptSubject, TallyDifference, VerifyStore},
    webhook::{PlannedDelivery, WebhookStore},
};
use uuid::Uuid;

use crate::{
    account::{Account, ApiKey},
    account_event::AccountEvent,
    actor::Actor,
    case::Case,
    catalog::{Catalog, CatalogChange, Choice, Migration, MigrationProgress, MigrationRefusal, MigrationState},
    decision::{Commit, Decision},
    directory::{AccessGroup, CaseTask, Client, Region},
    error::StoreError,
    event::CaseEvent,
    filter::{CaseFilter, CaseOrder},
    id::{AccountId, CaseId, CaseRef, KeyId, PersonId},
    page::{CaseKeyset, Page, PageNumber},
    party::{ParticipantKind, Party},
    person::{Person, PersonFilter},
    scope::Scopes,
    time::Timestamp,
    workflow::{EntityType, StatusKey, Workflow, WorkflowId},
};

/// The result of a store call.
pub type Result<T> = std::result::Result<T, StoreError>;

macro_rules! store_of {
    ($($part:path,)*) => {
        /// All parts of a store in one bound, for use cases that need more than one part. Every type that implements all
        /// parts implements it.
        pub trait Store: $($part +)* {}

        impl<S: $($part +)*> Store for S {}
    };
}

store_of! {
    AccountStore,
    CaseStore,
    ChainStore,
    ClockStore,
    ConflictStore,
    DeadlineStore,
    DirectoryStore<AccessGroup>,
    DirectoryStore<CaseTask>,
    DirectoryStore<Client>,
    DirectoryStore<Region>,
    DocumentStore,
    Health,
    IdempotencyStore,
    ImportStore,
    LinkStore,
    MergeStore,
    NoteStore,
    PeopleStore,
    SettingStore,
    SourceStore,
    StatisticsStore,
    SubjectStore,
    TokenStore,
    UpdateStore,
    VerifyStore,
    WorkflowStore,
}

/// A case with the people on it.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFile {
    /// The case.
    pub case: Case,
    /// Its own parties, oldest first.
    pub parties: Vec<Party>,
    /// Its own staff, oldest first.
    pub staff: Vec<Party>,
    /// The people on its parts, oldest first.
    pub on_parts: Vec<PartParticipant>,
}

/// A person on a part of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct PartParticipant {
    /// The part.
    pub part: CaseId,
    /// The list.
    pub side: ParticipantKind,
    /// The person and the role.
    pub party: Party,
}

impl CaseFile {
    /// The case's own list.
    #[must_use]
    pub fn into_own(self, side: ParticipantKind) -> Vec<Party> {
        match side {
            ParticipantKind::Party => self.parties,
            ParticipantKind::Staff => self.staff,
        }
    }

    /// A list with the people on the parts, each pair of person and role once, and the part that it is from; the case's
    /// own people first.
    #[must_use]
    pub fn whole(&self, side: ParticipantKind) -> Vec<(Party, Option<Uuid>)> {
        let own = match side {
            ParticipantKind::Party => &self.parties,
            ParticipantKind::Staff => &self.staff,
        };
        let mut seen = own.iter().map(|party| (party.person, party.role.as_str())).collect::<HashSet<_>>();
        let of_parts = self.on_parts.iter().filter(|on| on.side == side);
        let of_parts = of_parts.filter(|on| seen.insert((on.party.person, on.party.role.as_str())));
        let of_parts = of_parts.map(|on| (on.party.clone(), self.case.origin_of(on.part)));
        let of_parts = of_parts.collect::<Vec<_>>();
        own.iter().cloned().map(|party| (party, None)).chain(of_parts).collect()
    }
}

/// Columns that a list of cases reads. The other fields of the cases are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseColumns {
    /// All columns of bounded length.
    Row,
    /// The same and the notes.
    RowAndNotes,
    /// All columns: also the description, the resolution and the free fields.
    All,
}

/// Cases and their logs.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait CaseStore {
    /// Finds a case that is not deleted.
    async fn find_case(&self, account: AccountId, case: CaseRef) -> Result<Option<Case>>;

    /// Finds a case, deleted or not.
    async fn find_case_or_deleted(&self, account: AccountId, case: CaseRef) -> Result<Option<Case>>;

    /// Finds a case with its parties and staff, read at one moment.
    async fn find_case_file(&self, account: AccountId, case: CaseRef) -> Result<Option<CaseFile>>;

    /// The cases with these ids, in any order. Unknown ids are left out.
    async fn list_cases_by_id(&self, account: AccountId, cases: &[CaseId]) -> Result<Vec<Case>>;

    /// A keyset page of cases. A page ends before `limit` if its rows have 16 MiB of text.
    async fn list_cases(
        &self,
        account: AccountId,
        columns: CaseColumns,
        filter: &CaseFilter,
        keyset: CaseKeyset,
        limit: i64,
    ) -> Result<Page<Case>>;

    /// A numbered page of cases.
    ///
    /// # Errors
    /// [`StoreError::PageTooLarge`] if its rows have more than 16 MiB of text.
    async fn list_cases_page(
        &self,
        account: AccountId,
        columns: CaseColumns,
        filter: &CaseFilter,
        order: CaseOrder,
        page: PageNumber,
    ) -> Result<Vec<Case>>;

    /// Exact number of cases.
    async fn count_cases(&self, account: AccountId, filter: &CaseFilter) -> Result<i64>;

    /// At most `limit` events of a case, deleted or not, behind a version, oldest first.
    async fn list_events(&self, account: AccountId, case: CaseId, after: i64, limit: i64) -> Result<Vec<CaseEvent>>;

    /// The logs of these cases, by case and version. A log of more than `limit` events is cut.
    async fn list_logs(&self, account: AccountId, cases: &[CaseId], limit: i64) -> Result<Vec<CaseEvent>>;

    /// A page of a case's log before a version, newest first.
    async fn list_timeline(
        &self,
        account: AccountId,
        case: CaseId,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Page<CaseEvent>>;

    /// The reason of the last change of status up to a version. `None` if there was no change, or if it had no reason.
    async fn find_last_reason(&self, account: AccountId, case: CaseId, version: i64) -> Result<Option<String>>;

    /// The events that set or changed the status of a case, oldest first.
    async fn list_status_events(&self, account: AccountId, case: CaseId) -> Result<Vec<CaseEvent>>;

    /// Numbers the decisions on different cases and writes them in one atomic step: each case under its version guard,
    /// with its log and everything that belongs to it. The commits have the order of the decisions.
    ///
    /// # Errors
    /// [`StoreError::Stale`] if one of the cases has another version than its decision. Then nothing is written.
    async fn commit_all(&self, decisions: Vec<Decision>) -> Result<Vec<Commit>>;

    /// Numbers and writes one decision. See [`commit_all`](Self::commit_all).
    async fn commit(&self, decision: Decision) -> Result<Commit> {
        let commits = self.commit_all(vec![decision]).await?;
        commits.into_iter().next().ok_or_else(|| StoreError::Defect("a decision was not committed".to_owned()))
    }
}

/// The directory of people.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait PeopleStore {
    /// The people with these ids. Unknown ids are left out.
    async fn find_people(&self, account: AccountId, people: &[PersonId]) -> Result<Vec<Person>>;

    /// Adds a person, assigns the id and records the actor in the account's log.
    async fn create_person(&self, person: Person, by: Option<Actor>) -> Result<Person>;

    /// Replaces the person `before`, and records the actor in the account's log.
    ///
    /// # Errors
    /// [`StoreError::Stale`] if the stored person differs from `before`.
    async fn update_person(&self, before: &Person, person: Person, by: Option<Actor>) -> Result<()>;

    /// A page of the directory behind the person with that id, newest first.
    async fn list_people(
        &self,
        account: AccountId,
        filter: PersonFilter,
        after: Option<PersonId>,
        limit: i64,
    ) -> Result<Page<Person>>;
}

/// The accounts' own workflows. A version never changes, and its id is derived from its content: a store may keep versions
/// in memory for as long as it likes, by account and id.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait WorkflowStore {
    /// One version of a workflow of the account.
    async fn find_workflow(&self, account: AccountId, id: WorkflowId) -> Result<Option<Arc<Workflow>>>;

    /// What decides which workflow a new entity of this type follows, sorted by key.
    async fn list_workflow_choices(&self, account: AccountId, of: EntityType) -> Result<Vec<Choice>>;

    /// The account's own workflows with all their versions.
    async fn load_catalog(&self, account: AccountId) -> Result<Catalog>;

    /// Changes the catalog and appends these events to the log of the account, in one atomic step.
    ///
    /// # Errors
    /// [`StoreError::Stale`] if the catalog does not have this revision any more.
    async fn change_catalog(
        &self,
        account: AccountId,
        revision: i64,
        change: CatalogChange,
        events: Vec<AccountEvent>,
        now: Timestamp,
    ) -> Result<()>;

    /// Number of cases of these versions by status, deleted ones included. Statuses without cases are left out.
    async fn count_cases_of_workflows(&self, account: AccountId, of: &[WorkflowId]) -> Result<Vec<CasesByStatus>>;
}

/// Migrations of cases between workflow versions.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait MigrationStore {
    /// Stores a migration that begins.
    async fn create_migration(&self, migration: Migration) -> Result<()>;

    /// Finds a migration.
    async fn find_migration(&self, account: AccountId, id: Uuid) -> Result<Option<Migration>>;

    /// The running migrations of an account that have made no progress since `before`.
    async fn list_idle_migrations(&self, account: AccountId, before: Timestamp) -> Result<Vec<Migration>>;

    /// The first cases that a migration could not move.
    async fn list_migration_refusals(&self, account: AccountId, id: Uuid, limit: i64) -> Result<Vec<MigrationRefusal>>;

    /// The next cases, deleted or not, that follow one of these versions, in the order of their ids.
    async fn list_cases_to_migrate(
        &self,
        account: AccountId,
        from: &[WorkflowId],
        after: Option<CaseId>,
        limit: i64,
    ) -> Result<Vec<Case>>;

    /// Writes a batch of a migration and its progress in one atomic step.
    ///
    /// # Errors
    /// [`StoreError::Stale`] if the migration has made progress since `before`, or a case has changed.
    async fn advance_migration(&self, before: &Migration, batch: MigrationBatch, now: Timestamp) -> Result<()>;
}

/// A batch of a migration.
#[derive(Debug, Clone)]
pub struct MigrationBatch {
    /// The moves of its cases.
    pub decisions: Vec<Decision>,
    /// The cases that cannot move.
    pub refused: Vec<MigrationRefusal>,
    /// The progress after it.
    pub to: MigrationProgress,
    /// The state after it.
    pub state: MigrationState,
}

/// Number of cases of a version in a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasesByStatus {
    /// The version.
    pub workflow: WorkflowId,
    /// The status.
    pub status: StatusKey,
    /// Number of cases.
    pub cases: u64,
}

/// Accounts and their keys.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait AccountStore {
    /// Creates an account.
    ///
    /// # Errors
    /// [`StoreError::Taken`] if the name is in use.
    async fn create_account(&self, name: &str, now: Timestamp) -> Result<Account>;

    /// Finds an account by its name.
    async fn find_account(&self, name: &str) -> Result<Option<Account>>;

    /// Finds an account by its id.
    async fn find_account_by_id(&self, account: AccountId) -> Result<Option<Account>>;

    /// Stores a new key, adds its person to the directory and records the actor in the account's log. Returns the key
    /// with its ids.
    async fn create_key(&self, key: ApiKey, by: Option<Actor>) -> Result<ApiKey>;

    /// Finds a key by its public half, in any account. This is how a request gets its account.
    async fn find_key(&self, client_id: &str) -> Result<Option<ApiKey>>;

    /// The keys of an account, oldest first, at most `limit`.
    async fn list_keys(&self, account: AccountId, limit: i64) -> Result<Vec<ApiKey>>;

    /// Revokes a key and records the actor in the account's log. `false` if the account has no such key. Revoking a key
    /// again changes nothing.
    async fn revoke_key(&self, account: AccountId, key: KeyId, by: Option<Actor>, now: Timestamp) -> Result<bool>;

    /// Sets the time of the last use of a key.
    async fn touch_key(&self, account: AccountId, key: KeyId, now: Timestamp) -> Result<()>;
}

/// The health check of the store.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait Health {
    /// Sends a minimal query to the database.
    async fn ping(&self) -> Result<()>;

    /// The numbers of the nodes of a distributed database that do not respond. The accounts on all other nodes work.
    async fn unreachable_nodes(&self) -> Result<Vec<i32>>;
}

/// The stored form of scopes: their words, separated by spaces.
#[must_use]
pub fn scopes_to_text(scopes: Scopes) -> String {
    scopes.iter().map(crate::scope::Scope::as_str).collect::<Vec<_>>().join(" ")
}
