//! Table rows and their conversion from and to domain values.
//!
//! A value that the domain cannot have written (an unknown word, JSON that does not parse) is a defect. It never
//! becomes a default.

mod account;
mod account_event;
mod case;
mod clock;
mod conflict;
mod deadline;
mod directory;
mod document;
mod event;
mod feed;
mod idempotency;
mod link;
mod merge;
mod note;
mod person;
mod source;
mod subject;
mod tally;
mod token;
mod update;
mod webhook;
mod workflow;

pub(crate) use self::{
    account::{AccountRow, KeyRow},
    account_event::{AccountEventRow, KeptAccountEventRow},
    case::{CaseLine, CaseLineAndNotes, CaseRow, FullCase, ListedCase},
    clock::ClockRow,
    conflict::{ConflictCheckRow, PartyRoleRow, read_sides, write_hits, write_sides},
    deadline::DeadlineRow,
    directory::{AccessGroupRow, CaseTaskRow, ClientRow, RegionRow},
    document::{DocumentRow, sha256},
    event::{EventRow, KeptEntryRow},
    feed::{
        CaseFeedRow, FeedEntry, FeedRow, KeptPositionRow, ReadAccountEventRow, of_account as feed_of_account,
        of_case as feed_of_case,
    },
    idempotency::{AttemptRow, StoredResponseRow},
    link::LinkRow,
    merge::{MergeCaseRow, MergeRow},
    note::NoteRow,
    person::{ParticipantRow, PersonRow, party},
    source::{SourceEventRow, SourceRow},
    subject::{SubjectRow, custom_fields},
    tally::{HistogramRow, TallyDifferenceRow, TallyGroup, TallyRow},
    token::AccessTokenRow,
    update::{DetailRow, UpdateRow},
    webhook::{DeliveryRow, PlannedRow, WebhookContentRow, WebhookRow},
    workflow::{ChoiceRow, MigrationRow, OwnWorkflowRow, RefusalRow, VersionRow, WorkflowRow},
};
use docket_domain::error::StoreError;

/// The error for a column value that only a defect can have written.
pub(crate) fn damaged(column: &str, value: impl std::fmt::Display) -> StoreError {
    StoreError::Defect(format!("the column {column} holds {value:?}", value = value.to_string()))
}
