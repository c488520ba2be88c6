//! Rows of documents.

use diesel::prelude::*;
use docket_domain::{
    actor::Actor,
    case::Case,
    document::{Document, Sha256Hash},
    error::StoreError,
    id::{AccountId, CaseId, DocumentId, PersonId},
};
use uuid::Uuid;

use super::damaged;
use crate::{schema::documents, sql_types::Moment};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = documents, treat_none_as_default_value = false)]
pub(crate) struct DocumentRow {
    account_id: i64,
    id: i64,
    case_id: i64,
    title: String,
    file_name: String,
    media_type: String,
    size: i64,
    sha256: Vec<u8>,
    created_at: Moment,
    created_by_id: Option<i64>,
    created_by_name: String,
}

impl DocumentRow {
    pub(crate) fn new(case: &Case, document: &Document) -> Self {
        Self {
            account_id: case.account.0,
            id: document.id.0,
            case_id: case.id.0,
            title: document.title.clone(),
            file_name: document.file_name.clone(),
            media_type: document.media_type.clone(),
            size: document.size,
            sha256: document.sha256.as_bytes().to_vec(),
            created_at: Moment(document.created_at),
            created_by_id: document.created_by.id.map(|id| id.0),
            created_by_name: document.created_by.name.clone(),
        }
    }

    pub(crate) fn document(self, case_uuid: Uuid) -> Result<Document, StoreError> {
        Ok(Document {
            account: AccountId(self.account_id),
            id: DocumentId(self.id),
            case: CaseId(self.case_id),
            case_uuid,
            title: self.title,
            file_name: self.file_name,
            media_type: self.media_type,
            size: self.size,
            sha256: sha256(&self.sha256)?,
            created_at: self.created_at.0,
            created_by: Actor { id: self.created_by_id.map(PersonId), name: self.created_by_name },
        })
    }
}

/// Parses the hash in a column.
pub(crate) fn sha256(bytes: &[u8]) -> Result<Sha256Hash, StoreError> {
    Sha256Hash::from_bytes(bytes).ok_or_else(|| damaged("documents.sha256", bytes.len()))
}
