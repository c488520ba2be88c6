//! Reading the metadata of documents.

use super::Result;
use crate::{
    document::{Document, Sha256Hash},
    id::{AccountId, CaseId, DocumentId},
    page::Page,
};

/// Documents of cases that are not deleted.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait DocumentStore {
    /// Finds a document.
    async fn find_document(&self, account: AccountId, document: DocumentId) -> Result<Option<Document>>;

    /// A page of the documents of these cases behind the document with that id, newest first.
    async fn list_documents(
        &self,
        account: AccountId,
        cases: &[CaseId],
        after: Option<DocumentId>,
        limit: i64,
    ) -> Result<Page<Document>>;

    /// Bytes of all documents of an account, including those of deleted cases. Equal content counts for each document.
    async fn count_document_bytes(&self, account: AccountId) -> Result<u64>;

    /// The hashes among these that a document has, including documents of deleted cases. Content that no document
    /// refers to can be removed.
    async fn list_kept_hashes(&self, account: AccountId, hashes: &[Sha256Hash]) -> Result<Vec<Sha256Hash>>;
}
