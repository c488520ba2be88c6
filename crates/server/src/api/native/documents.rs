//! Handlers for the documents of a case: metadata and content. Content is streamed, never held in memory as a whole.

mod content;
mod upload;

use actix_web::{HttpRequest, HttpResponse, web::Data};
use chrono::{DateTime, Utc};
use docket_domain::{
    case::Case,
    document::Document,
    id::DocumentId,
    page::{BadCursor, Cursor, Page},
    revision::Revised as _,
    service,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use self::upload::Put;
pub use self::upload::{UploadForm, UploadSchema};
use super::{
    cases::{PageAfter, PageParams, Position},
    error::NativeError,
    log::ActorView,
    view::{PaginationView, linked},
};
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
    http::idempotency::MaybeKeyed,
    wire::{
        conditional::{EntityTags, created},
        linked::Linked,
        params::Query,
        path::{CasePath, IdPath},
    },
};

/// Letter of the cursors of documents.
const DOCUMENTS: char = 'F';

/// Metadata of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentView {
    #[schema(example = "doc_0000000000001")]
    id: String,
    case_id: Uuid,
    /// UUID of the part that the document is on, in a list of a case with parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    origin: Option<Uuid>,
    #[schema(example = "Statement of claim")]
    title: String,
    /// File name, safe to save under.
    #[schema(example = "claim.pdf")]
    file_name: String,
    /// Media type that the uploader declared; `application/octet-stream` if it was missing or malformed.
    #[schema(example = "application/pdf")]
    media_type: String,
    /// Size of the content in bytes.
    #[schema(example = 48_213)]
    size: i64,
    /// SHA-256 of the content, 64 hexadecimal digits.
    #[schema(example = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    sha256: String,
    created_at: DateTime<Utc>,
    created_by: ActorView,
}

impl From<Document> for DocumentView {
    fn from(document: Document) -> Self {
        Self {
            id: document.id.to_string(),
            case_id: document.case_uuid,
            origin: None,
            title: document.title,
            file_name: document.file_name,
            media_type: document.media_type,
            size: document.size,
            sha256: document.sha256.to_string(),
            created_at: document.created_at,
            created_by: document.created_by.into(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentListView {
    /// Documents, newest first.
    data: Vec<DocumentView>,
    pagination: PaginationView,
}

linked!(DocumentListView);

impl DocumentListView {
    fn new(case: &Case, page: Page<Document>) -> Self {
        let pagination = PaginationView::new(&page, |document| Cursor { key: 0, id: document.id.0 }.encode(DOCUMENTS));
        let view =
            |document: Document| DocumentView { origin: case.origin_of(document.case), ..DocumentView::from(document) };
        Self { data: page.rows.into_iter().map(view).collect(), pagination }
    }
}

pub type DocumentsQuery = PageAfter<DocumentId>;

impl Position for DocumentId {
    const LIST: char = DOCUMENTS;

    fn at(cursor: Cursor) -> Result<Self, BadCursor> {
        Ok(Self(cursor.id))
    }
}

/// Upload a document
///
/// Send `multipart/form-data` with the file in the part `file`: at most 100 MiB by default. Equal files are stored once
/// per account. An interrupted upload stores nothing.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{case}/documents",
    tag = "documents",
    params(CasePath, EntityTags),
    request_body(
        content = UploadSchema,
        content_type = "multipart/form-data",
        example = json!({"file": "(the bytes)", "title": "Statement of claim"}),
    ),
    responses(
        (status = 201, description = "The document.", body = DocumentView, headers(("Location" = String, description = "Path of the document."))),
        (status = 400), (status = 404), (status = 413), (status = 415),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn upload_document(
    who: Conditional<CasesWrite>,
    case: CasePath,
    form: UploadForm,
    keyed: MaybeKeyed,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let came = upload::receive(&app, &who, case.0, form).await?;
    let uploaded = |document: Document| {
        let location = format!("/api/v1/documents/{}", document.id);
        created(location, &document.revision(), DocumentView::from(document))
    };
    let put = Put { app: &app, request: &request, who: &who, case: case.0 };
    Ok(put.once(came, keyed.0, uploaded).await)
}

/// List the documents of a case
///
/// Returns the metadata of the documents of the case and of its parts, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/documents",
    tag = "documents",
    params(CasePath, PageParams),
    responses((status = 200, description = "A page of documents.", body = DocumentListView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_documents(
    who: Authed<CasesRead>,
    case: CasePath,
    query: Query<DocumentsQuery>,
    app: Data<App>,
) -> Result<Linked<DocumentListView>, NativeError> {
    let PageAfter { after, limit } = query.0;
    let (case, page) = service::list_documents(&app.store, who.account(), case.0, after, limit).await?;
    Ok(Linked(DocumentListView::new(&case, page)))
}

/// Get a document
///
/// Returns the metadata of the document. The content is at `/api/v1/documents/{id}/content`.
#[utoipa::path(
    get,
    path = "/api/v1/documents/{id}",
    tag = "documents",
    params(("id" = String, Path, description = "The id of the document.", example = "doc_0000000000001"), EntityTags),
    responses((status = 200, description = "The document.", body = DocumentView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_document(
    who: Conditional<CasesRead>,
    id: IdPath,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let document = service::load_document(&app.store, who.account(), id.read(DocumentId::parse)).await?;
    Ok(who.conditions().respond(document.revision(), || DocumentView::from(document))?)
}

/// Download a document
///
/// Returns the content as an attachment, which browsers save and do not display. `Range` selects a part of it.
#[utoipa::path(
    get,
    path = "/api/v1/documents/{id}/content",
    tag = "documents",
    params(
        EntityTags,
        ("id" = String, Path, description = "The id of the document.", example = "doc_0000000000001"),
        ("Range" = Option<String>, Header, description = "One range of bytes. A header with several ranges is ignored.", example = "bytes=0-1023"),
        ("If-Range" = Option<String>, Header, description = "Entity tag of the content. If it is not the current one, the response is the whole content."),
    ),
    responses(
        (status = 200, description = "The whole content.", body = String, content_type = "application/octet-stream", headers(
            ("ETag" = String, description = "SHA-256 of the content."),
            ("Content-Disposition" = String, description = "`attachment` with the file name."),
        )),
        (status = 206, description = "The requested range.", body = String, content_type = "application/octet-stream", headers(
            ("Content-Range" = String, description = "First byte, last byte and total size."),
        )),
        (status = 304, description = "The caller has the content."),
        (status = 404), (status = 416),
    ),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn download_document(
    who: Conditional<CasesRead>,
    id: IdPath,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let document = service::load_document(&app.store, who.account(), id.read(DocumentId::parse)).await?;
    who.conditions().require(&document.revision())?;
    content::give(&app, &request, &document).await
}

/// Remove a document
///
/// The timeline of the case keeps the entries of the document. The content is deleted once no other document has it.
#[utoipa::path(
    delete,
    path = "/api/v1/documents/{id}",
    tag = "documents",
    params(("id" = String, Path, description = "The id of the document.", example = "doc_0000000000001"), EntityTags),
    responses((status = 204, description = "The document is removed."), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn remove_document(
    who: Conditional<CasesWrite>,
    id: IdPath,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    service::remove_document(&app.store, &who.context(&app), id.read(DocumentId::parse)).await?;
    Ok(HttpResponse::NoContent().finish())
}
