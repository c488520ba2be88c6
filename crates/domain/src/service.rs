//! The use cases: load, decide, commit. The only place where the pure core and the store meet.

mod case;
mod deadline;
mod document;
mod link;
mod log;
mod note;
mod participants;
mod people;
mod references;
mod source;
mod workflow;

pub use self::{
    case::{Terms, change_case, change_case_with, create_case, load_case, load_case_file},
    deadline::{add_deadline, change_deadline, list_deadlines, load_deadline, remove_deadline},
    document::{add_document, list_documents, load_document, remove_document},
    link::{create_link, list_links, remove_link},
    log::{explain_transitions, list_history, list_timeline},
    note::{add_note, edit_note, list_notes, remove_note},
    participants::{ParticipantRequest, add_participants, list_participants, remove_staff, replace_participants},
    people::{change_person, create_person, list_people, load_person},
    references::resolve_references,
    source::{Basis, OpenCase, change_source, check_sources, create_source, load_source, open_case},
    workflow::{load_current_workflow, load_workflow},
};
