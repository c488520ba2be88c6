//! Problems as responses: one error type for all dialects, each with a separate error format.

use std::{borrow::Cow, fmt, marker::PhantomData};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header},
};
use docket_domain::error::{Error, Rejection, StoreError};
use serde_json::Value;

use super::{
    dialect::{Dialect, Dialects},
    problem::{ErrorMapping, Problem},
};

/// The error format of a dialect.
pub trait Envelope: 'static {
    /// The status for a row of the error table.
    #[must_use]
    fn status(answer: &ErrorMapping) -> StatusCode {
        answer.status
    }

    /// The stable code of an error, if the dialect has one.
    #[must_use]
    fn word(answer: &ErrorMapping) -> Option<&'static str>;

    /// The dialect's name of a domain field. Faults found while reading a body already have the names of the body.
    #[must_use]
    fn field(name: &str) -> Cow<'_, str> {
        Cow::Borrowed(name)
    }

    /// The response body.
    fn body(problem: &Problem) -> Value;
}

/// The error type of handlers: a problem, written in the error format of the dialect.
pub struct ApiError<E>(Problem, PhantomData<E>);

/// Renames the fields of domain faults to the names of the dialect.
impl<E: Envelope, P: Into<Problem>> From<P> for ApiError<E> {
    fn from(problem: P) -> Self {
        let mut problem = problem.into();
        if let Problem::Domain(Error::Rejected(Rejection::Invalid(faults))) = &mut problem {
            for fault in faults {
                fault.field = E::field(&fault.field).into_owned();
            }
        }
        Self(problem, PhantomData)
    }
}

impl<E> ApiError<E> {
    /// Keeps the field names.
    pub fn verbatim(problem: impl Into<Problem>) -> Self {
        Self(problem.into(), PhantomData)
    }
}

impl<E> fmt::Debug for ApiError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<E> fmt::Display for ApiError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message())
    }
}

impl<E: Envelope> ResponseError for ApiError<E> {
    fn status_code(&self) -> StatusCode {
        E::status(&self.0.kind().mapping())
    }

    fn error_response(&self) -> HttpResponse {
        respond::<E>(&self.0)
    }
}

/// The error type of extractors and fallbacks, before a handler runs. The response has the error format of the dialect
/// that the request belongs to.
#[derive(Debug)]
pub struct RequestError {
    dialect: Option<&'static Dialect>,
    problem: Problem,
}

impl RequestError {
    pub fn new(request: &HttpRequest, problem: impl Into<Problem>) -> Self {
        Self { dialect: Dialects::of(request), problem: problem.into() }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.message())
    }
}

impl ResponseError for RequestError {
    fn status_code(&self) -> StatusCode {
        self.error_response().status()
    }

    fn error_response(&self) -> HttpResponse {
        let without_dialect = || HttpResponse::new(self.problem.kind().mapping().status);
        self.dialect.map_or_else(without_dialect, |dialect| (dialect.respond)(&self.problem))
    }
}

/// The response for a problem in the error format `E`.
#[must_use]
pub fn respond<E: Envelope>(problem: &Problem) -> HttpResponse {
    note(problem);
    let mapping = problem.kind().mapping();
    let mut response = HttpResponseBuilder::new(E::status(&mapping));
    response.insert_header((header::LINK, format!("</docs/errors#{}>; rel=\"help\"", mapping.code)));
    if let Some(seconds) = problem.retry_after() {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    if let Problem::MethodNotAllowed(allowed) = problem {
        response.insert_header((header::ALLOW, allowed.as_str()));
    }
    if matches!(problem, Problem::Unauthenticated) {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        response.append_header((header::WWW_AUTHENTICATE, "Basic realm=\"docket\", charset=\"UTF-8\""));
    }
    response.json(E::body(problem))
}

/// Logs the details of an internal error. The caller gets only a generic message.
fn note(problem: &Problem) {
    if let Problem::Domain(Error::Store(StoreError::Defect(text))) = problem {
        log::error!("the store failed: {text}");
    }
    if let Problem::Domain(Error::Store(StoreError::Unavailable(text))) = problem {
        log::warn!("the database is not available: {text}");
    }
    if matches!(problem, Problem::TimedOut) {
        log::warn!("a request timed out");
    }
}
