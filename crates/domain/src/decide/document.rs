//! Adding and removing documents. The caller stores the content before this decision.

use super::Draft;
use crate::{
    decision::Change,
    document::{Document, DocumentChange, DocumentCommand, DocumentEvent, NewDocument},
    error::{FieldErrors, Rejection},
    event::EventData,
    text,
};

pub(super) fn document(draft: &mut Draft<'_>, command: DocumentCommand) -> Result<(), Rejection> {
    match command {
        DocumentCommand::Add(mut new) => {
            text::clean(&mut new.title);
            let mut faults = FieldErrors::default();
            new.check(&mut faults);
            faults.finish()?;
            let NewDocument { title, file_name, media_type, size, sha256 } = new;
            let document = Document {
                account: draft.case.account,
                id: draft.new_id(),
                case: draft.case.id,
                case_uuid: draft.case.uuid,
                title: title.unwrap_or_else(|| file_name.clone()),
                file_name,
                media_type,
                size,
                sha256,
                created_at: draft.context.now,
                created_by: draft.context.actor.clone(),
            };
            draft.record(EventData::Document(DocumentEvent::new(true, &document)));
            draft.change(Change::Document(DocumentChange::Added(document)));
        }
        DocumentCommand::Remove(document) => {
            draft.record(EventData::Document(DocumentEvent::new(false, &document)));
            draft.change(Change::Document(DocumentChange::Removed(document.id)));
        }
    }
    Ok(())
}
