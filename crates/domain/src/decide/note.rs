//! Adding, editing and removing notes.

use super::DecisionBuilder;
use crate::{
    decision::Change,
    error::Rejection,
    event::EventData,
    note::{Note, NoteChange, NoteCommand, NoteEvent, NoteHappening, check_body},
    revision::next_change,
};

pub(super) fn note(builder: &mut DecisionBuilder<'_>, command: NoteCommand) -> Result<(), Rejection> {
    match command {
        NoteCommand::Add(body) => {
            check_body(&body)?;
            let note = Note {
                account: builder.case.account,
                id: builder.new_id(),
                case: builder.case.id,
                case_uuid: builder.case.uuid,
                body: body.clone(),
                author: builder.context.actor.clone(),
                created_at: builder.context.now,
                updated_at: builder.context.now,
            };
            builder.record(EventData::Note(NoteEvent { id: note.id, what: NoteHappening::Added(body) }));
            builder.change(Change::Note(NoteChange::Added(note)));
        }
        NoteCommand::Edit { note, body } => {
            check_body(&body)?;
            if note.body != body {
                let event = NoteEvent { id: note.id, what: NoteHappening::Updated(body.clone()) };
                builder.record(EventData::Note(event));
                let note = Note { body, updated_at: next_change(note.updated_at, builder.context.now), ..note };
                builder.change(Change::Note(NoteChange::Updated(note)));
            }
        }
        NoteCommand::Remove(note) => {
            builder.record(EventData::Note(NoteEvent { id: note.id, what: NoteHappening::Removed }));
            builder.change(Change::Note(NoteChange::Removed(note.id)));
        }
    }
    Ok(())
}
