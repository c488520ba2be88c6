//! Handlers for notes on a case.

use actix_web::{HttpResponse, http::header, web::Data};
use chrono::{DateTime, Utc};
use docket_domain::{
    case::Case,
    id::NoteId,
    note::Note,
    page::{BadCursor, Cursor, Page},
    revision::Revised as _,
    service,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::{
    cases::{PageAfter, PageParams, Position},
    error::NativeError,
    log::ActorView,
    view::{PaginationView, linked},
};
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
    wire::{
        body::Body,
        conditional::{EntityTags, entity_tag, tagged},
        fields::{Fields, FromFields, note_text},
        linked::Linked,
        params::Query,
        path::{CasePath, IdPath},
    },
};

/// Letter of the cursors of notes.
const NOTES: char = 'O';

#[derive(Debug, Default, Validate, ToSchema)]
pub struct NoteBody {
    /// Plain text, 1 to 100,000 characters.
    #[validate(custom(function = "note_text"))]
    #[schema(value_type = String, example = "Called the client; they agree to settle.", min_length = 1, max_length = 100_000)]
    body: Option<String>,
}

impl FromFields for NoteBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let body = Self { body: fields.required("body", |fields| fields.text("body")) };
        fields.validate(&body);
        body
    }
}

/// A note on a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoteView {
    #[schema(example = "note_0000000000001")]
    id: String,
    case_id: Uuid,
    /// UUID of the part that the note is on, in a list of a case with parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    origin: Option<Uuid>,
    /// Plain text.
    #[schema(example = "Called the client; they agree to settle.")]
    body: String,
    author: ActorView,
    created_at: DateTime<Utc>,
    /// When the text last changed.
    updated_at: DateTime<Utc>,
}

impl From<Note> for NoteView {
    fn from(note: Note) -> Self {
        Self {
            id: note.id.to_string(),
            case_id: note.case_uuid,
            origin: None,
            body: note.body,
            author: note.author.into(),
            created_at: note.created_at,
            updated_at: note.updated_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NoteListView {
    /// Notes, newest first.
    data: Vec<NoteView>,
    pagination: PaginationView,
}

linked!(NoteListView);

impl NoteListView {
    fn new(case: &Case, page: Page<Note>) -> Self {
        let pagination = PaginationView::new(&page, |note| Cursor { key: 0, id: note.id.0 }.encode(NOTES));
        let view = |note: Note| NoteView { origin: case.origin_of(note.case), ..NoteView::from(note) };
        Self { data: page.rows.into_iter().map(view).collect(), pagination }
    }
}

pub type NotesQuery = PageAfter<NoteId>;

impl Position for NoteId {
    const LIST: char = NOTES;

    fn at(cursor: Cursor) -> Result<Self, BadCursor> {
        Ok(Self(cursor.id))
    }
}

/// Create a note
///
/// Adds a note to the case. The author is the person of the calling key.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{case}/notes",
    tag = "notes",
    params(CasePath, EntityTags),
    request_body = NoteBody,
    responses((status = 201, description = "The note.", body = NoteView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn add_note(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<NoteBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let note = service::add_note(&app.store, &who.context(&app), case.0, body.0.body.unwrap_or_default()).await?;
    let tag = (header::ETAG, entity_tag(&note.revision()));
    Ok(HttpResponse::Created().insert_header(tag).json(NoteView::from(note)))
}

/// List the notes of a case
///
/// Returns the notes of the case and of its parts, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/notes",
    tag = "notes",
    params(CasePath, PageParams),
    responses((status = 200, description = "A page of notes.", body = NoteListView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_notes(
    who: Authed<CasesRead>,
    case: CasePath,
    query: Query<NotesQuery>,
    app: Data<App>,
) -> Result<Linked<NoteListView>, NativeError> {
    let PageAfter { after, limit } = query.0;
    let (case, page) = service::list_notes(&app.store, who.account(), case.0, after, limit).await?;
    Ok(Linked(NoteListView::new(&case, page)))
}

/// Edit a note
///
/// Replaces the text of the note. The timeline of the case keeps every version.
#[utoipa::path(
    put,
    path = "/api/v1/notes/{id}",
    tag = "notes",
    params(("id" = String, Path, description = "The id of the note.", example = "note_0000000000001"), EntityTags),
    request_body = NoteBody,
    responses((status = 200, description = "The note.", body = NoteView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn edit_note(
    who: Conditional<CasesWrite>,
    id: IdPath,
    body: Body<NoteBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (context, id) = (who.context(&app), id.read(NoteId::parse));
    let note = service::edit_note(&app.store, &context, id, body.0.body.unwrap_or_default()).await?;
    Ok(tagged(&note.revision(), NoteView::from(note)))
}

/// Remove a note
///
/// The timeline of the case keeps every version of the text.
#[utoipa::path(
    delete,
    path = "/api/v1/notes/{id}",
    tag = "notes",
    params(("id" = String, Path, description = "The id of the note.", example = "note_0000000000001"), EntityTags),
    responses((status = 204, description = "The note is removed."), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn remove_note(
    who: Conditional<CasesWrite>,
    id: IdPath,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    service::remove_note(&app.store, &who.context(&app), id.read(NoteId::parse)).await?;
    Ok(HttpResponse::NoContent().finish())
}
