//! The rows of the tables, and how the domain's values become rows and come back.
//!
//! A row that the domain could not have written (an unknown word, JSON that does not parse) is a defect, never a default.

mod account;
mod case;
mod directory;
mod deadline;
mod document;
mod event;
mod idempotency;
mod link;
mod note;
mod person;
mod subject;
mod update;
mod source;
mod token;

pub(crate) use self::{
    account::{AccountRow, KeyRow, WorkflowRow},
    case::CaseRow,
    directory::{AccessGroupRow, CaseTaskRow, ClientRow, RegionRow},
    deadline::DeadlineRow,
    document::{DocumentRow, sha256},
    idempotency::{AnswerRow, AttemptRow},
    event::{EventRow, KeptEntryRow},
    idempotency::{AnswerRow, AttemptRow},
    link::LinkRow,
    note::NoteRow,
    person::{ParticipantRow, PersonRow, party},
    subject::{SubjectRow, custom_fields},
    update::{DetailRow, UpdateRow},
    source::{SourceEventRow, SourceRow},
    token::AccessTokenRow,
};
use docket_domain::error::StoreError;

/// A value that only a defect can have written.
pub(crate) fn damaged(column: &str, value: impl std::fmt::Display) -> StoreError {
    StoreError::Defect(format!("the column {column} holds {value:?}", value = value.to_string()))
}
