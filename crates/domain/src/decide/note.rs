//! Adding, editing and removing notes.

use super::Draft;
use crate::{
    decision::Change,
    error::Rejection,
    event::EventData,
    note::{Note, NoteChange, NoteCommand, NoteEvent, NoteHappening, check_body},
    revision::next_change,
};

pub(super) fn note(draft: &mut Draft<'_>, command: NoteCommand) -> Result<(), Rejection> {
    match command {
        NoteCommand::Add(body) => {
            check_body(&body)?;
            let note = Note {
                account: draft.case.account,
                id: draft.new_id(),
                case: draft.case.id,
                case_uuid: draft.case.uuid,
                body: body.clone(),
                author: draft.context.actor.clone(),
                created_at: draft.context.now,
                updated_at: draft.context.now,
            };
            draft.record(EventData::Note(NoteEvent { id: note.id, what: NoteHappening::Added(body) }));
            draft.change(Change::Note(NoteChange::Added(note)));
        }
        NoteCommand::Edit { note, body } => {
            check_body(&body)?;
            if note.body != body {
                let event = NoteEvent { id: note.id, what: NoteHappening::Updated(body.clone()) };
                draft.record(EventData::Note(event));
                let note = Note { body, updated_at: next_change(note.updated_at, draft.context.now), ..note };
                draft.change(Change::Note(NoteChange::Updated(note)));
            }
        }
        NoteCommand::Remove(note) => {
            draft.record(EventData::Note(NoteEvent { id: note.id, what: NoteHappening::Removed }));
            draft.change(Change::Note(NoteChange::Removed(note.id)));
        }
    }
    Ok(())
}
