//! Reading notes.

use super::Result;
use crate::{
    id::{AccountId, CaseId, NoteId},
    note::Note,
    page::Page,
};

/// Notes on cases that are not deleted.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait NoteStore {
    /// Finds a note.
    async fn find_note(&self, account: AccountId, note: NoteId) -> Result<Option<Note>>;

    /// A page of the notes of these cases behind the note with that id, newest first.
    async fn list_notes(
        &self,
        account: AccountId,
        cases: &[CaseId],
        after: Option<NoteId>,
        limit: i64,
    ) -> Result<Page<Note>>;
}
