//! Applied to every request and response: request id, security headers, access log and metrics.
//!
//! A log line has the path and the id of the key, but never the query or a header: both may contain secrets.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage as _, ResponseError as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};

use super::request_id;
use crate::{
    app::App,
    auth::Identity,
    wire::{api_error::RequestError, problem::Problem},
};

/// The docs page runs its own scripts and styles. Every other response is data.
const DOCS_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                           frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// # Errors
/// Errors of the application that no handler returned.
pub async fn pass(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let begin = Instant::now();
    let id = request_id::of(request.headers());
    let peer = request.connection_info().peer_addr().unwrap_or("-").to_owned();
    let response = next.call(request).await?;
    // The compression middleware answers 406 without the error body of the dialect.
    let mut response = if response.status() == StatusCode::NOT_ACCEPTABLE {
        let request = response.into_parts().0;
        let answer = RequestError::new(&request, Problem::NotAcceptable).error_response();
        ServiceResponse::new(request, answer).map_into_right_body()
    } else {
        response.map_into_left_body()
    };
    let (path, method) = (response.request().path().to_owned(), response.request().method().clone());
    secure(response.headers_mut(), &path);
    let took = begin.elapsed();
    let key = response.request().extensions().get::<Identity>().map(|caller| caller.key.id.to_string());
    let key = key.unwrap_or_else(|| "-".to_owned());
    let route = response.request().match_pattern().unwrap_or_else(|| "unknown".to_owned());
    let (status, request_id) = (response.status().as_u16(), id.to_str().unwrap_or("-"));
    let milliseconds = took.as_secs_f64() * 1000.0;
    log::info!(
        target: "docket::access",
        peer:%, method:%, path:%, route:%, status, duration_ms = milliseconds, request_id, key_id:% = key;
        "{peer} {method} {path} {status} {milliseconds:.1}ms {request_id} {key}",
    );
    if let Some(app) = response.request().app_data::<Data<App>>() {
        app.metrics().count(method.as_str(), &route, status, took);
    }
    // `identity` kept the middleware from compressing a stream. Clients do not need it.
    if response.headers().get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding == "identity") {
        response.headers_mut().remove(header::CONTENT_ENCODING);
    }
    response.headers_mut().insert(request_id::HEADER, id);
    Ok(response)
}

fn secure(headers: &mut HeaderMap, path: &str) {
    let set: [(HeaderName, &'static str); 3] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in set {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A page may have its own policy.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let policy = if path.starts_with("/docs") { DOCS_POLICY } else { DATA_POLICY };
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
}
