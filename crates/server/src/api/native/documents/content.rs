//! Streams the content of a document to a client.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    body::SizedStream,
    http::{
        StatusCode,
        header::{self, ETag, EntityTag, HeaderValue},
    },
};
use docket_domain::document::{Document, content_disposition};

use super::super::error::{Native, NativeError};
use crate::{
    app::App,
    wire::{api_error::respond, problem::Problem, range::Wanted},
};

/// The uploader chose the file name and the media type, so the content must not run in a browser: the response is an
/// attachment. `http/edge.rs` adds `nosniff` and a content security policy with `sandbox`.
pub(super) async fn give(app: &App, request: &HttpRequest, document: &Document) -> Result<HttpResponse, NativeError> {
    let tag = EntityTag::new_strong(document.sha256.to_string());
    let size = u64::try_from(document.size).unwrap_or_default();
    let (status, range) = match Wanted::of(request, &tag, size) {
        Wanted::Whole => (StatusCode::OK, 0..size),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Known => return Ok(HttpResponse::NotModified().insert_header(ETag(tag)).finish()),
        Wanted::NotThere => return Ok(not_there(size)),
    };
    let bytes = app.files()?.read(document.account, &document.sha256, range.clone()).await?;
    let mut response = HttpResponseBuilder::new(status);
    if status == StatusCode::PARTIAL_CONTENT {
        let (first, last) = (range.start, range.end - 1);
        response.insert_header((header::CONTENT_RANGE, format!("bytes {first}-{last}/{size}")));
    }
    let media_type = HeaderValue::from_str(&document.media_type);
    let media_type = media_type.unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    response
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, content_disposition(&document.file_name)))
        .insert_header(ETag(tag))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        // A range counts bytes of the uncompressed content.
        .insert_header((header::CONTENT_ENCODING, "identity"));
    Ok(response.body(SizedStream::new(range.end - range.start, bytes)))
}

fn not_there(size: u64) -> HttpResponse {
    let mut response = respond::<Native>(&Problem::RangeNotSatisfiable);
    if let Ok(range) = HeaderValue::from_str(&format!("bytes */{size}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    response
}
