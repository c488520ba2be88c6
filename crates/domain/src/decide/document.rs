//! Adding and removing documents. The caller stores the content before this decision.

use super::DecisionBuilder;
use crate::{
    decision::Change,
    document::{Document, DocumentChange, DocumentCommand, DocumentEvent, NewDocument},
    error::{FieldErrors, Rejection},
    event::EventData,
    text,
};

pub(super) fn document(builder: &mut DecisionBuilder<'_>, command: DocumentCommand) -> Result<(), Rejection> {
    match command {
        DocumentCommand::Add(mut new) => {
            text::clean(&mut new.title);
            let mut faults = FieldErrors::default();
            new.check(&mut faults);
            faults.finish()?;
            let NewDocument { title, file_name, media_type, size, sha256 } = new;
            let document = Document {
                account: builder.case.account,
                id: builder.new_id(),
                case: builder.case.id,
                case_uuid: builder.case.uuid,
                title: title.unwrap_or_else(|| file_name.clone()),
                file_name,
                media_type,
                size,
                sha256,
                created_at: builder.context.now,
                created_by: builder.context.actor.clone(),
            };
            builder.record(EventData::Document(DocumentEvent::new(true, &document)));
            builder.change(Change::Document(DocumentChange::Added(document)));
        }
        DocumentCommand::Remove(document) => {
            builder.record(EventData::Document(DocumentEvent::new(false, &document)));
            builder.change(Change::Document(DocumentChange::Removed(document.id)));
        }
    }
    Ok(())
}
