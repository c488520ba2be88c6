//! The parts of the store that no test of cases needs: each call fails.

use docket_domain::{
    access_token::AccessToken,
    account::{Account, ApiKey},
    account_event::KeptAccountEvent,
    actor::Actor,
    case::Case,
    conflict::{Candidates, ConflictCheck, Keys, PartyRole, Sides},
    deadline::{Deadline, DeadlineFilter, DeadlineMoment, DeadlinePosition},
    directory::{DirectoryEntry, DirectoryFilter},
    document::{Document, Sha256Hash},
    event::KeptEntry,
    id::{AccountId, CaseId, CheckId, DeadlineId, DocumentId, KeyId, LinkId, NoteId, PersonId, UpdateId},
    idempotency::{Attempt, NewAttempt, StoredResponse, Verdict},
    import::{ImportStep, ImportedCase},
    link::Link,
    log_chain::{ChainHead, KeptChainEntry, Logged},
    merge::{Merge, MergeId},
    note::Note,
    page::{Numbered, Page, PageNumber},
    person::{Person, PersonFilter},
    service_level::{CaseClocks, StoredClock},
    source::{LinkedCase, SourceDecision, SourceEvent, SourceFilter, SourceId, SourceItem},
    split::{MovedIds, MovedRow},
    statistics::{Statistics, StatisticsFilter, Today},
    store::{
        AccountStore, ChainStore, ClockStore, ConflictStore, DeadlineStore, DirectoryStore, DocumentStore, Health,
        IdempotencyStore, ImportStore, KeptCase, KeptPosition, KeptSubject, LinkStore, MergeStore, NoteStore,
        PeopleStore, Result, SourceStore, StatisticsStore, SubjectStore, TallyDifference, TokenStore, UpdateStore,
        VerifyStore,
    },
    subject::{ListedSubject, Subject, SubjectFilter},
    time::Timestamp,
    update::{CaseUpdate, UpdateFilter},
};

use super::{Memory, no};

macro_rules! absent {
    ($($part:ident { $($call:ident($($argument:ty),*) -> $result:ty;)* })*) => {$(
        impl $part for Memory {
            $(async fn $call(&self, $(_: $argument),*) -> Result<$result> {
                no()
            })*
        }
    )*};
}

absent! {
    AccountStore {
        create_account(&str, Timestamp) -> Account;
        find_account(&str) -> Option<Account>;
        find_account_by_id(AccountId) -> Option<Account>;
        create_key(ApiKey, Option<Actor>) -> ApiKey;
        find_key(&str) -> Option<ApiKey>;
        list_keys(AccountId, i64) -> Vec<ApiKey>;
        revoke_key(AccountId, KeyId, Option<Actor>, Timestamp) -> bool;
        touch_key(AccountId, KeyId, Timestamp) -> ();
    }
    ChainStore {
        extend_chain(AccountId, Logged, i64) -> Option<Logged>;
        find_chain_head(AccountId) -> ChainHead;
    }
    ClockStore {
        list_due_clocks(Timestamp, i64) -> Vec<(AccountId, CaseId)>;
        list_clocks(AccountId, &[CaseId]) -> Vec<(CaseId, StoredClock)>;
        replace_clocks(AccountId, &[CaseClocks]) -> ();
    }
    ConflictStore {
        find_candidates(AccountId, &Keys, (usize, usize)) -> Candidates;
        list_party_roles(AccountId, &[PersonId], i64) -> Vec<PartyRole>;
        load_sides(AccountId) -> Option<Sides>;
        save_sides(AccountId, &Sides) -> ();
        find_conflict_check(AccountId, CheckId) -> Option<ConflictCheck>;
        list_conflict_checks(AccountId, CaseId, Option<CheckId>, i64) -> Page<ConflictCheck>;
    }
    DeadlineStore {
        find_deadline(AccountId, DeadlineId) -> Option<Deadline>;
        list_due_moments(Timestamp, i64) -> Vec<DeadlineMoment>;
        forget_moment(DeadlineMoment) -> ();
        list_ended_deadlines(AccountId, Option<&[CaseId]>, Timestamp, i64) -> Vec<Deadline>;
        list_deadlines(AccountId, &DeadlineFilter, Option<DeadlinePosition>, i64) -> Page<Deadline>;
    }
    DocumentStore {
        find_document(AccountId, DocumentId) -> Option<Document>;
        list_documents(AccountId, &[CaseId], Option<DocumentId>, i64) -> Page<Document>;
        count_document_bytes(AccountId) -> u64;
        list_kept_hashes(AccountId, &[Sha256Hash]) -> Vec<Sha256Hash>;
    }
    Health {
        ping() -> ();
        unreachable_nodes() -> Vec<i32>;
    }
    IdempotencyStore {
        begin_attempt(NewAttempt) -> Verdict;
        finish_attempt(Attempt, StoredResponse) -> ();
        release_attempt(Attempt) -> bool;
        sweep_attempts(AccountId, Timestamp) -> usize;
    }
    ImportStore {
        find_imported(AccountId, &str, &[String]) -> Vec<ImportedCase>;
        commit_imports(AccountId, &str, Vec<ImportStep>) -> Vec<Option<Case>>;
    }
    LinkStore {
        list_links(AccountId, &[CaseId]) -> Vec<Link>;
        find_link(AccountId, CaseId, LinkId) -> Option<Link>;
    }
    MergeStore {
        find_merge(AccountId, MergeId) -> Option<Merge>;
        list_merges(AccountId, CaseId, Option<MergeId>, i64) -> Page<Merge>;
        list_movable(AccountId, CaseId, &MovedIds) -> Vec<MovedRow>;
    }
    NoteStore {
        find_note(AccountId, NoteId) -> Option<Note>;
        list_notes(AccountId, &[CaseId], Option<NoteId>, i64) -> Page<Note>;
    }
    PeopleStore {
        find_people(AccountId, &[PersonId]) -> Vec<Person>;
        create_person(Person, Option<Actor>) -> Person;
        update_person(&Person, Person, Option<Actor>) -> ();
        list_people(AccountId, PersonFilter, Option<PersonId>, i64) -> Page<Person>;
    }
    SourceStore {
        find_source(AccountId, SourceId) -> Option<SourceItem>;
        list_sources(AccountId, &SourceFilter, PageNumber) -> Numbered<SourceItem>;
        list_source_events(AccountId, SourceId) -> Vec<SourceEvent>;
        list_linked_cases(AccountId, &[SourceId], i64) -> Vec<LinkedCase>;
        commit_source(SourceDecision) -> SourceItem;
    }
    StatisticsStore {
        count_statistics(AccountId, &StatisticsFilter, Today) -> Statistics;
    }
    SubjectStore {
        list_subjects_of(AccountId, &[CaseId]) -> Vec<Subject>;
        list_subjects(AccountId, &SubjectFilter, bool, PageNumber) -> Vec<ListedSubject>;
        count_subjects(AccountId, &SubjectFilter) -> i64;
    }
    TokenStore {
        create_access_token(AccessToken) -> ();
        find_access_token(&[u8]) -> Option<(AccessToken, ApiKey)>;
    }
    UpdateStore {
        find_update(AccountId, UpdateId) -> Option<CaseUpdate>;
        has_replies(AccountId, UpdateId) -> bool;
        list_updates(AccountId, &UpdateFilter, bool, PageNumber) -> Vec<CaseUpdate>;
        count_updates(AccountId, &UpdateFilter) -> i64;
    }
    VerifyStore {
        list_accounts(AccountId, i64) -> Vec<Account>;
        list_kept_cases(AccountId, CaseId, i64) -> Vec<KeptCase>;
        list_kept_entries(AccountId, (CaseId, i64), CaseId, i64) -> Vec<KeptEntry>;
        list_kept_links(AccountId, LinkId, i64) -> Vec<KeptSubject>;
        list_kept_account_events(AccountId, i64, i64) -> Vec<KeptAccountEvent>;
        list_kept_people(AccountId, i64, i64) -> Vec<KeptSubject>;
        list_kept_keys(AccountId, i64, i64) -> Vec<KeptSubject>;
        list_kept_chain(AccountId, i64, i64) -> Vec<KeptChainEntry>;
        list_kept_positions(AccountId, i64, i64) -> Vec<KeptPosition>;
        count_events_without_position(AccountId) -> i64;
        list_tally_differences(AccountId, i64) -> Vec<TallyDifference>;
    }
}

impl<E: DirectoryEntry> DirectoryStore<E> for Memory {
    async fn find_entries(&self, _: AccountId, _: &[E::Id]) -> Result<Vec<E>> {
        no()
    }

    async fn list_entries(&self, _: AccountId, _: &DirectoryFilter, _: bool, _: i64, _: i64) -> Result<Vec<E>> {
        no()
    }

    async fn count_entries(&self, _: AccountId, _: &DirectoryFilter) -> Result<i64> {
        no()
    }

    async fn create_entry(&self, _: E) -> Result<E> {
        no()
    }
}
