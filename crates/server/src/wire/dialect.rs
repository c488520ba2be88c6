//! The interface between a dialect and the shared code.

use actix_web::{
    HttpRequest, HttpResponse,
    guard::GuardContext,
    http::header::{self, HeaderMap},
};
use serde_json::Value;

use super::problem::Problem;

/// An API dialect.
#[derive(Debug)]
pub struct Dialect {
    /// Name in URLs, file names and on the command line.
    pub name: &'static str,
    /// Whether a request belongs to this dialect, by its path and headers.
    pub claims: fn(&HttpRequest) -> bool,
    /// The response for a problem, in the error format of the dialect.
    pub respond: fn(&Problem) -> HttpResponse,
    pub document: fn() -> Value,
}

impl Dialect {
    /// Path of the OpenAPI document.
    #[must_use]
    pub fn document_path(&self) -> String {
        format!("/openapi/{}.json", self.name)
    }
}

/// All dialects. Every listener has them as application data.
#[derive(Debug, Clone, Copy)]
pub struct Dialects(pub &'static [Dialect]);

impl Dialects {
    /// The dialects of the listener that received the request.
    #[must_use]
    pub fn all(request: &HttpRequest) -> &'static [Dialect] {
        request.app_data::<Self>().map_or(&[], |Self(all)| all)
    }

    /// The dialect that a request belongs to. Requests outside all dialects belong to the first one.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Option<&'static Dialect> {
        let all = Self::all(request);
        all.iter().find(|dialect| (dialect.claims)(request)).or_else(|| all.first())
    }
}

/// A guard for requests with HTTP Basic.
#[must_use]
pub fn basic_credential(context: &GuardContext<'_>) -> bool {
    is_basic(&context.head().headers)
}

/// Whether the credential is HTTP Basic.
#[must_use]
pub fn is_basic(headers: &HeaderMap) -> bool {
    let scheme =
        headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().split(|byte| *byte == b' ').next());
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic"))
}
