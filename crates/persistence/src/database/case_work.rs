//! Store of links, notes, documents and deadlines.

use docket_domain::{
    deadline::{Deadline, DeadlineFilter, DeadlineMoment, DeadlinePosition},
    document::{Document, Sha256Hash},
    id::{AccountId, CaseId, DeadlineId, DocumentId, LinkId, NoteId},
    link::Link,
    note::Note,
    page::Page,
    store::{DeadlineStore, DocumentStore, LinkStore, NoteStore, Result},
    time::Timestamp,
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl LinkStore for Database {
    async fn list_links(&self, account: AccountId, cases: &[CaseId]) -> Result<Vec<Link>> {
        read!(self, links::list(account, cases))
    }

    async fn find_link(&self, account: AccountId, case: CaseId, link: LinkId) -> Result<Option<Link>> {
        read!(self, links::find(account, case, link))
    }
}

impl NoteStore for Database {
    async fn find_note(&self, account: AccountId, note: NoteId) -> Result<Option<Note>> {
        read!(self, notes::find(account, note))
    }

    async fn list_notes(
        &self,
        account: AccountId,
        cases: &[CaseId],
        after: Option<NoteId>,
        limit: i64,
    ) -> Result<Page<Note>> {
        read!(self, notes::list(account, cases, after, limit))
    }
}

impl DocumentStore for Database {
    async fn find_document(&self, account: AccountId, document: DocumentId) -> Result<Option<Document>> {
        read!(self, documents::find(account, document))
    }

    async fn list_documents(
        &self,
        account: AccountId,
        cases: &[CaseId],
        after: Option<DocumentId>,
        limit: i64,
    ) -> Result<Page<Document>> {
        read!(self, documents::list(account, cases, after, limit))
    }

    async fn count_document_bytes(&self, account: AccountId) -> Result<u64> {
        read!(self, documents::count_bytes(account))
    }

    async fn list_kept_hashes(&self, account: AccountId, hashes: &[Sha256Hash]) -> Result<Vec<Sha256Hash>> {
        read!(self, documents::kept_hashes(account, hashes))
    }
}

impl DeadlineStore for Database {
    async fn find_deadline(&self, account: AccountId, deadline: DeadlineId) -> Result<Option<Deadline>> {
        read!(self, deadlines::find(account, deadline))
    }

    async fn list_deadlines(
        &self,
        account: AccountId,
        filter: &DeadlineFilter,
        after: Option<DeadlinePosition>,
        limit: i64,
    ) -> Result<Page<Deadline>> {
        read!(self, deadlines::list(account, filter, after, limit))
    }

    async fn list_due_moments(&self, now: Timestamp, limit: i64) -> Result<Vec<DeadlineMoment>> {
        read!(self, deadlines::list_due_moments(now, limit))
    }

    async fn forget_moment(&self, moment: DeadlineMoment) -> Result<()> {
        write!(self, deadlines::forget_moment(moment))
    }

    async fn list_ended_deadlines(
        &self,
        account: AccountId,
        cases: Option<&[CaseId]>,
        since: Timestamp,
        limit: i64,
    ) -> Result<Vec<Deadline>> {
        read!(self, deadlines::list_ended(account, cases, since, limit))
    }
}
