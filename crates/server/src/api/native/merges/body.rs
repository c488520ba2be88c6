//! Request bodies of merges and splits.

use docket_domain::{
    error::FieldErrors,
    id::{CaseRef, DeadlineId, DocumentId, EntityId, NoteId, PersonId, SubjectId, UpdateId},
    merge::CASES_MAX,
    service::{Basis, OpenCase, SplitRequest},
    split::{CopiedIds, MOVED_MAX, MovedIds},
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::body::CreateCaseBody;
use crate::wire::fields::{Fields, FromFields, UNKNOWN_CASE};

/// Cases to merge into another one.
#[derive(Debug, ToSchema)]
pub struct MergeBody {
    /// The cases that become parts, by UUID or integer id, at most 50.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 50, example = json!(["41"]))]
    pub(super) cases: Vec<CaseRef>,
    /// Why, 1 to 2,000 characters.
    #[schema(min_length = 1, max_length = 2_000, example = "the same accident, reported twice")]
    pub(super) reason: String,
}

impl FromFields for MergeBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let read = |text: &str| CaseRef::parse(text).unwrap_or(UNKNOWN_CASE);
        Self {
            cases: fields.required("cases", |fields| fields.ids("cases", CASES_MAX, read)).unwrap_or_default(),
            reason: reason(fields),
        }
    }
}

/// Why a merge is undone.
#[derive(Debug, ToSchema)]
pub struct UndoBody {
    /// Why, 1 to 2,000 characters.
    #[schema(min_length = 1, max_length = 2_000, example = "two accidents after all")]
    pub(super) reason: String,
}

impl FromFields for UndoBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { reason: reason(fields) }
    }
}

/// A new case that takes over things of another one. Its fields are those of a new case, without `parent`.
#[derive(Debug, ToSchema)]
pub struct SplitBody {
    #[serde(flatten)]
    case: CreateCaseBody,
    /// What moves to the new case.
    #[schema(value_type = MovedBody, required = false)]
    r#move: MovedBody,
    /// Who is on both cases afterwards.
    #[schema(value_type = CopiedBody, required = false)]
    copy: CopiedBody,
    /// Why, 1 to 2,000 characters.
    #[schema(min_length = 1, max_length = 2_000, example = "the second claim is heard separately")]
    reason: String,
}

/// Ids of the things of the case that move. Each list has at most 200.
#[derive(Debug, Default, ToSchema)]
pub(super) struct MovedBody {
    #[schema(value_type = Vec<String>, required = false, max_items = 200, example = json!([]))]
    notes: Vec<NoteId>,
    #[schema(value_type = Vec<String>, required = false, max_items = 200, example = json!([]))]
    documents: Vec<DocumentId>,
    #[schema(value_type = Vec<String>, required = false, max_items = 200, example = json!([]))]
    deadlines: Vec<DeadlineId>,
    /// Case updates. An update moves only with all updates of its thread.
    #[schema(value_type = Vec<String>, required = false, max_items = 200, example = json!([]))]
    updates: Vec<UpdateId>,
    /// Ids of people. Each moves in all roles of a party.
    #[schema(value_type = Vec<String>, required = false, max_items = 200, example = json!([]))]
    parties: Vec<PersonId>,
    #[schema(value_type = Vec<String>, required = false, max_items = 200, example = json!([]))]
    subjects: Vec<SubjectId>,
}

/// Ids of the people who are copied, in all their roles. Each list has at most 200.
#[derive(Debug, Default, ToSchema)]
pub(super) struct CopiedBody {
    #[schema(value_type = Vec<String>, required = false, max_items = 200, example = json!([]))]
    parties: Vec<PersonId>,
    #[schema(value_type = Vec<String>, required = false, max_items = 200, example = json!([]))]
    staff: Vec<PersonId>,
}

impl FromFields for SplitBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let body = Self {
            r#move: fields.not_null("move", |fields| fields.nested("move")).unwrap_or_default(),
            copy: fields.not_null("copy", |fields| fields.nested("copy")).unwrap_or_default(),
            reason: reason(fields),
            case: CreateCaseBody::from_fields(fields),
        };
        if body.case.parent().is_some() {
            fields.fault("parent", "is the case in the path");
        }
        body
    }
}

impl FromFields for MovedBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            notes: ids(fields, "notes", NoteId::parse),
            documents: ids(fields, "documents", DocumentId::parse),
            deadlines: ids(fields, "deadlines", DeadlineId::parse),
            updates: ids(fields, "updates", UpdateId::parse),
            parties: ids(fields, "parties", PersonId::parse),
            subjects: ids(fields, "subjects", SubjectId::parse),
        }
    }
}

impl FromFields for CopiedBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { parties: ids(fields, "parties", PersonId::parse), staff: ids(fields, "staff", PersonId::parse) }
    }
}

impl SplitBody {
    pub(super) fn into_request(self, uuid: Uuid, from: CaseRef) -> SplitRequest {
        let Self { case, r#move, copy, reason } = self;
        let MovedBody { notes, documents, deadlines, updates, parties, subjects } = r#move;
        let (edits, workflow) = (case.edits(), case.workflow);
        let (basis, faults) = (Basis::FollowUp(from), FieldErrors::default());
        SplitRequest {
            open: OpenCase { uuid, basis, edits, workflow, status: None, faults },
            moved: MovedIds { notes, documents, deadlines, updates, subjects, parties },
            copied: CopiedIds { parties: copy.parties, staff: copy.staff },
            reason,
        }
    }
}

fn reason(fields: &mut Fields) -> String {
    fields.required("reason", |fields| fields.text("reason")).unwrap_or_default()
}

/// Ids of this system. A malformed id becomes an id that nothing has.
fn ids<I: EntityId>(fields: &mut Fields, name: &str, parse: fn(&str) -> Option<I>) -> Vec<I> {
    let read = |text: &str| parse(text).unwrap_or_else(|| I::from_integer(-1));
    fields.not_null(name, |fields| fields.ids(name, MOVED_MAX, read)).unwrap_or_default()
}
