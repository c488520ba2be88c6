//! The rows of the tables, and how the domain's values become rows and come back.
//!
//! A row that the domain could not have written (an unknown word, JSON that does not parse) is a defect, never a default.

mod account;
mod case;
mod event;
mod idempotency;
mod person;
mod source;
mod token;

pub(crate) use self::{
    account::{AccountRow, KeyRow, WorkflowRow},
    case::CaseRow,
    event::EventRow,
    idempotency::{AnswerRow, AttemptRow},
    person::{ParticipantRow, PersonRow, party},
    source::{SourceEventRow, SourceRow},
    token::AccessTokenRow,
};
use docket_domain::error::StoreError;

/// A value that only a defect can have written.
pub(crate) fn damaged(column: &str, value: impl std::fmt::Display) -> StoreError {
    StoreError::Defect(format!("the column {column} holds {value:?}", value = value.to_string()))
}
