//! Reading what is known of documents.

use super::Result;
use crate::{
    document::{Document, Sha256Hash},
    id::{AccountId, CaseId, DocumentId},
    page::Page,
};

/// Documents of cases that are not deleted.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait DocumentStore {
    /// The document.
    async fn find_document(&self, account: AccountId, document: DocumentId) -> Result<Option<Document>>;

    /// A page of a case's documents, the newest first, behind the one with that id.
    async fn list_documents(
        &self,
        account: AccountId,
        case: CaseId,
        after: Option<DocumentId>,
        limit: i64,
    ) -> Result<Page<Document>>;

    /// How many bytes all documents of an account have, those of deleted cases included. Equal bytes count for each document.
    async fn count_document_bytes(&self, account: AccountId) -> Result<u64>;

    /// Which of these hashes some document has, also one of a deleted case: bytes that nothing refers to can go.
    async fn list_kept_hashes(&self, account: AccountId, hashes: &[Sha256Hash]) -> Result<Vec<Sha256Hash>>;
}
