//! Receives the form of an upload and adds its document to a case. The content is streamed to the store, never held in
//! memory as a whole.

use std::future::{Ready, ready};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse, ResponseError as _,
    dev::Payload,
    http::header::{self, Charset, ContentDisposition},
    rt::time::timeout,
};
use docket_domain::{
    actor::Context,
    document::{Document, NewDocument, safe_file_name, safe_media_type},
    error::FieldErrors,
    id::CaseRef,
    idempotency::Effect,
    service,
    store::DocumentStore as _,
};
use docket_persistence::files::{Files, Received, Upload};
use futures_util::TryStreamExt as _;
use utoipa::ToSchema;

use crate::{
    api::native::error::NativeError,
    app::{App, InProgress},
    auth::{CasesWrite, Conditional},
    http::idempotency::{self, Keyed, Work},
    wire::{api_error::RequestError, body::refuse_encoded, problem::Problem},
};

/// Bytes that a form can have in addition to the file: names, headers, boundaries, other fields.
const BESIDE: u64 = 1 << 20;
/// Bytes of a title that are read at most. The domain has a lower bound, in characters.
const TITLE_MAX: usize = 16 << 10;
const PARTS_MAX: usize = 16;

#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only describes the form, which receive reads")]
pub struct UploadSchema {
    /// Content of the file. The part declares the file name and the media type.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Title of the document, 1 to 500 characters. Default: the file name.
    #[schema(nullable = false, example = "Statement of claim", max_length = 500)]
    title: Option<String>,
}

/// A form whose parts are not read yet.
pub struct UploadForm {
    parts: Multipart,
    declared: Option<u64>,
}

impl FromRequest for UploadForm {
    type Error = RequestError;
    type Future = Ready<Result<Self, RequestError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        let essence = text(header::CONTENT_TYPE).and_then(|declared| declared.split(';').next()).unwrap_or_default();
        if !essence.trim().eq_ignore_ascii_case("multipart/form-data") {
            return ready(Err(RequestError::new(request, Problem::WrongMediaType("multipart/form-data"))));
        }
        if let Err(problem) = refuse_encoded(request) {
            return ready(Err(RequestError::new(request, problem)));
        }
        let declared = text(header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
        ready(Ok(Self { parts: Multipart::new(request.headers(), payload.take()), declared }))
    }
}

#[derive(Default)]
struct Form {
    title: Option<String>,
    file: Option<File>,
    faults: FieldErrors,
}

struct File {
    name: String,
    media_type: String,
    received: Received,
    in_progress: InProgress,
}

/// A valid form whose file is stored under a temporary name.
pub(super) struct Came {
    new: NewDocument,
    received: Received,
    /// Counts the bytes against the account until the row does.
    _in_progress: InProgress,
}

/// Discards the received bytes if the form is invalid.
pub(super) async fn receive(
    app: &App,
    who: &Conditional<CasesWrite>,
    case: CaseRef,
    form: UploadForm,
) -> Result<Came, Problem> {
    let limit = app.config().max_document_bytes;
    if form.declared.is_some_and(|declared| declared > limit.saturating_add(BESIDE)) {
        return Err(too_large(limit));
    }
    // Refuse an upload to an unknown case before reading its bytes.
    service::load_case(&app.store, who.account(), case).await?;
    let mut came = Form::default();
    let read = read(app, who, form.parts, &mut came).await;
    let Form { title, file, mut faults } = came;
    let Some(File { name, media_type, received, in_progress }) = file else {
        read?;
        faults.add("file", "is required");
        return Err(faults.finish().err().unwrap_or_default().into());
    };
    let (size, sha256) = (received.size, received.sha256);
    let new = NewDocument { title, file_name: name, media_type, size, sha256 };
    new.check(&mut faults);
    let came = Came { new, received, _in_progress: in_progress };
    if let Err(problem) = read.and_then(|()| faults.finish().map_err(Problem::from)) {
        came.discard(app).await;
        return Err(problem);
    }
    Ok(came)
}

pub(super) struct Put<'r> {
    pub(super) app: &'r App,
    pub(super) request: &'r HttpRequest,
    pub(super) who: &'r Conditional<CasesWrite>,
    pub(super) case: CaseRef,
}

impl Put<'_> {
    /// Adds the document, only once per idempotency key. Two uploads are the same request if their content is equal,
    /// even if the forms are encoded differently; so the bytes are received before the key is checked.
    pub(super) async fn once(
        &self,
        came: Came,
        keyed: Option<Keyed>,
        created: fn(Document) -> HttpResponse,
    ) -> HttpResponse {
        let keyed = keyed.map(|keyed| came.add_to(keyed));
        let mut came = Some(came);
        let work = |effect| -> Work<'_> {
            let came = came.take();
            Box::pin(async move {
                let Some(came) = came else { return HttpResponse::InternalServerError().finish() };
                let put = self.put(came, effect).await;
                put.map_or_else(|problem| NativeError::from(problem).error_response(), created)
            })
        };
        let answer = idempotency::once_if(self.app, self.request, keyed, work).await;
        if let Some(came) = came {
            came.discard(self.app).await;
        }
        answer
    }

    /// Stores the bytes before the row, so that no row lacks its bytes. Discards them on failure, or if an earlier
    /// attempt already added the document.
    async fn put(&self, came: Came, effect: Option<Effect>) -> Result<Document, Problem> {
        let (files, context) = (self.app.files()?, Context { effect, ..self.who.context(self.app) });
        let Came { new, received, _in_progress } = came;
        let kept = if effect.is_none() { files.keep(&received).await } else { Ok(()) };
        let added = match kept {
            Ok(()) => service::add_document(&self.app.store, &context, self.case, new).await,
            Err(error) => Err(error.into()),
        };
        match added {
            Ok(document) if effect.is_none() => {
                files.settle(received).await?;
                Ok(document)
            }
            other => {
                discard(files, received).await;
                other.map_err(Problem::from)
            }
        }
    }
}

impl Came {
    /// Adds everything that a retry has to repeat.
    fn add_to(&self, keyed: Keyed) -> Keyed {
        let NewDocument { title, file_name, media_type, size, sha256 } = &self.new;
        let title = title.as_ref().map_or_else(String::new, |title| format!("={title}"));
        keyed.with(title).with(file_name).with(media_type).with(size.to_string()).with(sha256.to_string())
    }

    async fn discard(self, app: &App) {
        if let Ok(files) = app.files() {
            discard(files, self.received).await;
        }
    }
}

/// A failure is only logged: the sweep deletes the bytes later.
async fn discard(files: &Files, received: Received) {
    if let Err(error) = files.discard(received).await {
        log::warn!("what was received could not be dropped: {error:?}");
    }
}

async fn read(app: &App, who: &Conditional<CasesWrite>, mut parts: Multipart, form: &mut Form) -> Result<(), Problem> {
    for _ in 0..PARTS_MAX {
        let Some(mut part) = within(app, parts.try_next()).await? else { return Ok(()) };
        let name = part.name().unwrap_or_default().chars().take(100).collect::<String>();
        match name.as_str() {
            "file" if form.file.is_none() => form.file = Some(receive_file(app, who, part).await?),
            "title" if form.title.is_none() => match read_text(app, part).await? {
                Some(title) => form.title = Some(title),
                None => form.faults.add("title", "must be UTF-8 of at most 500 characters"),
            },
            _ => {
                form.faults.add(&*name, "is not a known field, or is there twice");
                let mut skipped = 0;
                while let Some(piece) = within(app, part.try_next()).await? {
                    skipped += piece.len() as u64;
                    if skipped > BESIDE {
                        return Err(too_large(app.config().max_document_bytes));
                    }
                }
            }
        }
    }
    Err(Problem::Malformed(format!("the form must have at most {PARTS_MAX} parts")))
}

async fn receive_file(app: &App, who: &Conditional<CasesWrite>, mut part: Field) -> Result<File, Problem> {
    let name = part.content_disposition().and_then(file_name).unwrap_or_default();
    let media_type = safe_media_type(part.content_type().map(|media_type| media_type.essence_str()));
    let mut upload = app.files()?.begin(who.account(), &app.new_uuid().to_string()).await?;
    let mut in_progress = app.uploads().begin(who.account());
    match pour(app, &mut part, &mut upload, &mut in_progress).await {
        Ok(()) => {
            let received = upload.finish().await?;
            Ok(File { name: safe_file_name(&name), media_type, received, in_progress })
        }
        Err(problem) => {
            if let Err(error) = upload.abort().await {
                log::warn!("an upload could not be aborted: {error:?}");
            }
            Err(problem)
        }
    }
}

async fn pour(app: &App, part: &mut Field, upload: &mut Upload, in_progress: &mut InProgress) -> Result<(), Problem> {
    let limit = app.config().max_document_bytes;
    let stored = app.store.count_document_bytes(in_progress.account()).await?;
    while let Some(bytes) = within(app, part.try_next()).await? {
        let size = u64::try_from(upload.size()).unwrap_or(u64::MAX).saturating_add(bytes.len() as u64);
        if size > limit {
            return Err(too_large(limit));
        }
        has_room(app, stored, in_progress.add(bytes.len() as u64))?;
        upload.write(bytes).await?;
    }
    // Uploads that ended meanwhile count as stored, no longer as in progress.
    has_room(app, app.store.count_document_bytes(in_progress.account()).await?, in_progress.add(0))
}

fn has_room(app: &App, stored: u64, in_progress: u64) -> Result<(), Problem> {
    let limit = app.config().max_account_bytes;
    if stored.saturating_add(in_progress) > limit { Err(Problem::AccountFull(limit)) } else { Ok(()) }
}

/// `None` if the text is too long or not UTF-8.
async fn read_text(app: &App, mut part: Field) -> Result<Option<String>, Problem> {
    let mut text = Vec::new();
    while let Some(bytes) = within(app, part.try_next()).await? {
        if text.len() + bytes.len() > TITLE_MAX {
            return Ok(None);
        }
        text.extend_from_slice(&bytes);
    }
    Ok(String::from_utf8(text).ok())
}

/// Prefers the extended form of the name (RFC 8187) to the plain one.
fn file_name(disposition: &ContentDisposition) -> Option<String> {
    let full = disposition.get_filename_ext().filter(|name| name.charset == Charset::Ext("UTF-8".to_owned()));
    let full = full.and_then(|name| String::from_utf8(name.value.clone()).ok());
    // Browsers write a quote as %22 (WHATWG, multipart/form-data), others escape it (RFC 7578).
    full.or_else(|| disposition.get_filename().map(|name| name.replace("%22", "\"")))
}

/// Limits the wait for the next piece, so that an idle client cannot keep an upload open.
async fn within<T>(app: &App, next: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Problem> {
    let next = timeout(app.config().request_timeout, next).await.map_err(|_| Problem::TimedOut)?;
    next.map_err(|error| Problem::Malformed(format!("the form could not be read to its end: {error}").to_lowercase()))
}

fn too_large(limit: u64) -> Problem {
    Problem::TooLarge(usize::try_from(limit).unwrap_or(usize::MAX))
}
