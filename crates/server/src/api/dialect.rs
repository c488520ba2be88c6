//! Which dialect a path speaks.

use actix_web::{HttpRequest, guard::GuardContext, http::header};
use serde_json::Value;

use super::{caseiq, native, services, trackops};

/// The four vocabularies in which one store of cases is spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Dialect {
    /// The native dialect: `/api/v1`.
    Native,
    /// The Trackops dialect: `/api/v1` with HTTP Basic.
    Trackops,
    /// The services dialect: `/api/cases` and its neighbours.
    Services,
    /// The Case IQ dialect: `/case`, `/api-public/1.0` and `/auth`.
    #[value(name = "caseiq")]
    CaseIq,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 4] = [Self::Native, Self::Trackops, Self::Services, Self::CaseIq];

    /// Its name in paths, files and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Trackops => "trackops",
            Self::Services => "services",
            Self::CaseIq => "caseiq",
        }
    }

    /// Where the server gives its OpenAPI document.
    #[must_use]
    pub const fn document_path(self) -> &'static str {
        match self {
            Self::Native => "/openapi/native.json",
            Self::Trackops => "/openapi/trackops.json",
            Self::Services => "/openapi/services.json",
            Self::CaseIq => "/openapi/caseiq.json",
        }
    }

    /// The dialect in which whatever goes wrong with this request is told.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let path = request.path();
        if path.starts_with("/api/v1") {
            return if is_basic(request.headers()) { Self::Trackops } else { Self::Native };
        }
        if path.starts_with("/case") || path.starts_with("/api-public/") || path.starts_with("/auth/") {
            return Self::CaseIq;
        }
        if path.starts_with("/api/") { Self::Services } else { Self::Native }
    }

    /// Its OpenAPI document, made of the annotations of its handlers.
    #[must_use]
    pub fn document(self) -> Value {
        match self {
            Self::Native => native::document(),
            Self::Trackops => trackops::document(),
            Self::Services => services::document(),
            Self::CaseIq => caseiq::document(),
        }
    }
}

/// Holds for requests whose credential is HTTP Basic: those that mean Trackops where both dialects have the path.
#[must_use]
pub fn basic_credential(context: &GuardContext<'_>) -> bool {
    is_basic(&context.head().headers)
}

fn is_basic(headers: &header::HeaderMap) -> bool {
    let scheme =
        headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().split(|byte| *byte == b' ').next());
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic"))
}
