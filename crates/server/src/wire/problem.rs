//! Every reason why a request fails, and the table of statuses and codes.
//!
//! A [`Problem`] knows no dialect. Each dialect writes it in its error format ([`Envelope`](super::api_error::Envelope));
//! status and code come only from [`Kind::mapping`].

use std::borrow::Cow;

use actix_web::http::StatusCode;
use docket_domain::{
    error::{Error, FieldError, Rejection, StoreError},
    id::Entity,
    scope::Scope,
    workflow::Refusal,
};

/// Seconds to wait before retrying if the database does not respond.
const RETRY_AFTER: u64 = 2;

/// Why a request fails.
#[derive(Debug)]
pub enum Problem {
    /// An error of the domain or the store.
    Domain(Error),
    /// The body cannot be parsed: it is not JSON, not an object, or not UTF-8.
    Malformed(String),
    /// Missing or invalid credential.
    Unauthenticated,
    UnknownPath,
    /// The methods that are allowed.
    MethodNotAllowed(String),
    /// More than one `Authorization` header.
    SeveralCredentials,
    /// The caller accepts none of the content codings.
    NotAcceptable,
    /// A precondition that cannot be checked. The message for the caller.
    Unchecked(&'static str),
    /// The body has more than this many bytes.
    TooLarge(usize),
    /// The documents of the account would have more than this many bytes.
    AccountFull(u64),
    /// What the body must be.
    WrongMediaType(&'static str),
    /// The range is outside the content.
    RangeNotSatisfiable,
    /// Seconds to wait before retrying.
    TooManyRequests(u64),
    TimedOut,
    /// The same request is in progress. Seconds to wait before retrying.
    InFlight(u64),
    /// The same request was processed, but its response is not available.
    ResponseLost,
    /// The idempotency key belongs to another request.
    OtherRequest,
}

/// A row of the error table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The input is invalid. 422 in the services dialect.
    Invalid,
    /// A request header is invalid. 400 in every dialect.
    BadRequest,
    NotAcceptable,
    Unauthenticated,
    ScopeMissing,
    NotFound(Entity),
    UnknownPath,
    MethodNotAllowed,
    /// The workflow does not allow the transition.
    TransitionNotAllowed,
    /// Only a closed case can be archived.
    CaseNotClosed,
    /// Only a deleted case can be restored.
    CaseNotDeleted,
    /// Other requests changed the entity at the same time.
    VersionConflict,
    /// The person who entered a deadline cannot verify it.
    FourEyes,
    /// A service level uses the calendar.
    CalendarInUse,
    /// The case is a part of another one.
    CaseMerged,
    /// The request names another workflow version.
    WorkflowMismatch,
    /// Cases follow the workflow that is to be removed.
    WorkflowInUse,
    /// A precondition does not hold or cannot be checked.
    PreconditionFailed,
    PayloadTooLarge,
    UnsupportedMediaType,
    RangeNotSatisfiable,
    TooManyRequests,
    /// The same request is in progress.
    RequestInFlight,
    /// The same request was processed, but its response is not available.
    ResponseLost,
    IdempotencyKeyReused,
    /// The database does not respond in time.
    Unavailable,
    /// A defect of the server.
    Internal,
}

/// How a kind of problem appears on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorMapping {
    /// Status in the native, Trackops and Case IQ dialects.
    pub status: StatusCode,
    /// Status in the services dialect.
    pub services_status: StatusCode,
    /// Stable code in the native and Trackops dialects.
    pub code: &'static str,
    /// Stable message in the Case IQ dialect.
    pub case_iq: &'static str,
}

const fn row(status: StatusCode, code: &'static str, case_iq: &'static str) -> ErrorMapping {
    ErrorMapping { status, services_status: status, code, case_iq }
}

const fn row_422(status: StatusCode, code: &'static str, case_iq: &'static str) -> ErrorMapping {
    ErrorMapping { status, services_status: StatusCode::UNPROCESSABLE_ENTITY, code, case_iq }
}

impl Kind {
    /// Every row of the error table.
    pub fn all() -> impl Iterator<Item = Self> {
        let rows = [
            Self::Invalid,
            Self::BadRequest,
            Self::NotAcceptable,
            Self::Unauthenticated,
            Self::ScopeMissing,
            Self::UnknownPath,
            Self::MethodNotAllowed,
            Self::TransitionNotAllowed,
            Self::CaseNotClosed,
            Self::CaseNotDeleted,
            Self::VersionConflict,
            Self::FourEyes,
            Self::CalendarInUse,
            Self::CaseMerged,
            Self::WorkflowMismatch,
            Self::WorkflowInUse,
            Self::PreconditionFailed,
            Self::PayloadTooLarge,
            Self::UnsupportedMediaType,
            Self::RangeNotSatisfiable,
            Self::TooManyRequests,
            Self::RequestInFlight,
            Self::ResponseLost,
            Self::IdempotencyKeyReused,
            Self::Unavailable,
            Self::Internal,
        ];
        rows.into_iter().chain(Entity::ALL.map(Self::NotFound))
    }

    /// The error table.
    #[must_use]
    pub const fn mapping(self) -> ErrorMapping {
        match self {
            Self::Invalid => row_422(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", "BAD_REQUEST"),
            Self::BadRequest => row(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", "BAD_REQUEST"),
            Self::NotAcceptable => row(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", "NOT_ACCEPTABLE"),
            Self::Unauthenticated => row(StatusCode::UNAUTHORIZED, "AUTH_INVALID_KEY", "UNAUTHORIZED"),
            Self::ScopeMissing => row(StatusCode::FORBIDDEN, "AUTH_INSUFFICIENT_SCOPE", "FORBIDDEN"),
            Self::NotFound(entity) => row(StatusCode::NOT_FOUND, not_found(entity), "NOT_FOUND"),
            Self::UnknownPath => row(StatusCode::NOT_FOUND, "NOT_FOUND", "NOT_FOUND"),
            Self::MethodNotAllowed => row(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "METHOD_NOT_ALLOWED"),
            Self::TransitionNotAllowed => row_422(StatusCode::CONFLICT, "TRANSITION_NOT_ALLOWED", "CONFLICT"),
            Self::CaseNotClosed => row(StatusCode::CONFLICT, "CASE_NOT_CLOSED", "CONFLICT"),
            Self::CaseNotDeleted => row(StatusCode::CONFLICT, "CASE_NOT_DELETED", "CONFLICT"),
            Self::VersionConflict => row(StatusCode::CONFLICT, "VERSION_CONFLICT", "CONFLICT"),
            Self::FourEyes => row(StatusCode::CONFLICT, "FOUR_EYES_REQUIRED", "CONFLICT"),
            Self::CalendarInUse => row(StatusCode::CONFLICT, "CALENDAR_IN_USE", "CONFLICT"),
            Self::CaseMerged => row_422(StatusCode::CONFLICT, "CASE_MERGED", "CONFLICT"),
            Self::WorkflowMismatch => row(StatusCode::CONFLICT, "WORKFLOW_MISMATCH", "CONFLICT"),
            Self::WorkflowInUse => row(StatusCode::CONFLICT, "WORKFLOW_IN_USE", "CONFLICT"),
            Self::PreconditionFailed => {
                row(StatusCode::PRECONDITION_FAILED, "PRECONDITION_FAILED", "PRECONDITION_FAILED")
            }
            Self::PayloadTooLarge => row(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "PAYLOAD_TOO_LARGE"),
            Self::UnsupportedMediaType => {
                row(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", "UNSUPPORTED_MEDIA_TYPE")
            }
            Self::RangeNotSatisfiable => {
                row(StatusCode::RANGE_NOT_SATISFIABLE, "RANGE_NOT_SATISFIABLE", "RANGE_NOT_SATISFIABLE")
            }
            Self::TooManyRequests => row(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMIT_EXCEEDED", "TOO_MANY_REQUESTS"),
            Self::RequestInFlight => row(StatusCode::CONFLICT, "REQUEST_IN_FLIGHT", "CONFLICT"),
            Self::ResponseLost => row(StatusCode::CONFLICT, "ANSWER_LOST", "CONFLICT"),
            Self::IdempotencyKeyReused => {
                row(StatusCode::UNPROCESSABLE_ENTITY, "IDEMPOTENCY_KEY_REUSED", "UNPROCESSABLE_ENTITY")
            }
            Self::Unavailable => row(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "SERVICE_UNAVAILABLE"),
            Self::Internal => row(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", "INTERNAL_SERVER_ERROR"),
        }
    }
}

impl Kind {
    /// What the error means and what to do, for the page of errors.
    #[must_use]
    pub fn meaning(self) -> Cow<'static, str> {
        let meaning = match self {
            Self::Invalid => "The request is invalid. The response lists every invalid field and what is expected.",
            Self::BadRequest => "A request header is invalid, for example a second Authorization header.",
            Self::NotAcceptable => "Accept-Encoding allows none of the content codings of the server.",
            Self::Unauthenticated => "The credential is missing, unknown, expired or revoked.",
            Self::ScopeMissing => {
                "The key does not have the scope that the request requires. No scope implies another."
            }
            Self::NotFound(entity) => {
                return format!("There is no such {} in the account of the key.", entity.noun()).into();
            }
            Self::UnknownPath => "The server has no such path.",
            Self::MethodNotAllowed => "The path exists, but not with this method. The header Allow lists its methods.",
            Self::TransitionNotAllowed => {
                "The workflow does not allow the transition now. The response lists every reason and the transitions \
                 that are allowed."
            }
            Self::CaseNotClosed => "Only a closed case can be archived. Close it first.",
            Self::CaseNotDeleted => "Only a deleted case can be restored.",
            Self::VersionConflict => {
                "Other requests changed the resource at the same time, several times in a row. Load it and try again."
            }
            Self::FourEyes => {
                "Someone else must do it: who entered a deadline cannot verify it, and who ran a check cannot decide its hits."
            }
            Self::CalendarInUse => "A target of a service level uses the calendar, so it cannot be removed.",
            Self::CaseMerged => {
                "The case is a part of the case that the message names: change that one. What the part has already, such as a \
                 note, is still changed by its own id."
            }
            Self::WorkflowMismatch => "The case follows another version of the workflow than the request names.",
            Self::WorkflowInUse => {
                "The workflow cannot be removed: cases follow one of its versions, or it is always needed."
            }
            Self::PreconditionFailed => {
                "If-Match or If-None-Match does not hold, or cannot be checked for this resource. Load it again for its \
                 current ETag."
            }
            Self::PayloadTooLarge => "The body, or the documents of the account together, would be too large.",
            Self::UnsupportedMediaType => "The Content-Type is not one that the path accepts.",
            Self::RangeNotSatisfiable => "The requested range is outside the content.",
            Self::TooManyRequests => "The key sent too many requests. Retry-After names the seconds to wait.",
            Self::RequestInFlight => {
                "A request with this Idempotency-Key is still in progress. Retry-After names the seconds to wait."
            }
            Self::ResponseLost => {
                "The request with this Idempotency-Key was processed, but its response is no longer available."
            }
            Self::IdempotencyKeyReused => "The Idempotency-Key was used for a different request. Use a new one.",
            Self::Unavailable => "The database does not respond in time. Retry-After names the seconds to wait.",
            Self::Internal => "A defect of the server. The log has the details under the X-Request-Id of the response.",
        };
        meaning.into()
    }
}

const fn not_found(entity: Entity) -> &'static str {
    match entity {
        Entity::Case => "CASE_NOT_FOUND",
        Entity::Person => "PERSON_NOT_FOUND",
        Entity::Staff => "STAFF_NOT_FOUND",
        Entity::Link => "LINK_NOT_FOUND",
        Entity::Subject => "SUBJECT_NOT_FOUND",
        Entity::Note => "NOTE_NOT_FOUND",
        Entity::Document => "DOCUMENT_NOT_FOUND",
        Entity::Deadline => "DEADLINE_NOT_FOUND",
        Entity::ConflictCheck => "CONFLICT_CHECK_NOT_FOUND",
        Entity::Update => "UPDATE_NOT_FOUND",
        Entity::UpdateDetail => "UPDATE_DETAIL_NOT_FOUND",
        Entity::Client => "CLIENT_NOT_FOUND",
        Entity::Region => "REGION_NOT_FOUND",
        Entity::AccessGroup => "ACCESS_GROUP_NOT_FOUND",
        Entity::CaseTask => "CASE_EVENT_NOT_FOUND",
        Entity::Inquiry => "INQUIRY_NOT_FOUND",
        Entity::Order => "ORDER_NOT_FOUND",
        Entity::Key => "KEY_NOT_FOUND",
        Entity::Webhook => "WEBHOOK_NOT_FOUND",
        Entity::Delivery => "DELIVERY_NOT_FOUND",
        Entity::Workflow => "WORKFLOW_NOT_FOUND",
        Entity::Merge => "MERGE_NOT_FOUND",
        Entity::Calendar => "CALENDAR_NOT_FOUND",
        Entity::ServiceLevel => "SERVICE_LEVEL_NOT_FOUND",
    }
}

impl Problem {
    #[must_use]
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Domain(Error::invalid(field, message))
    }

    #[must_use]
    pub const fn not_found(entity: Entity) -> Self {
        Self::Domain(Error::not_found(entity))
    }

    /// A defect of the server. The text goes to the log only.
    #[must_use]
    pub const fn defect(text: String) -> Self {
        Self::Domain(Error::Store(StoreError::Defect(text)))
    }

    #[must_use]
    pub const fn scope_missing(scope: Scope) -> Self {
        Self::Domain(Error::ScopeMissing(scope))
    }

    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Domain(error) => kind_of(error),
            Self::Malformed(_) => Kind::Invalid,
            Self::Unauthenticated => Kind::Unauthenticated,
            Self::UnknownPath => Kind::UnknownPath,
            Self::MethodNotAllowed(_) => Kind::MethodNotAllowed,
            Self::SeveralCredentials => Kind::BadRequest,
            Self::NotAcceptable => Kind::NotAcceptable,
            Self::Unchecked(_) => Kind::PreconditionFailed,
            Self::TooLarge(_) | Self::AccountFull(_) => Kind::PayloadTooLarge,
            Self::WrongMediaType(_) => Kind::UnsupportedMediaType,
            Self::RangeNotSatisfiable => Kind::RangeNotSatisfiable,
            Self::TooManyRequests(_) => Kind::TooManyRequests,
            Self::TimedOut => Kind::Unavailable,
            Self::InFlight(_) => Kind::RequestInFlight,
            Self::ResponseLost => Kind::ResponseLost,
            Self::OtherRequest => Kind::IdempotencyKeyReused,
        }
    }

    /// One line for people: lower case and safe to show. It never has an error text of the store.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Domain(Error::Rejected(Rejection::Forbidden(refusal) | Rejection::NotAllowed(refusal))) => {
                refusal.to_string()
            }
            Self::Domain(Error::Store(StoreError::Defect(_))) => "internal error".to_owned(),
            Self::Domain(error) => error.to_string(),
            Self::Malformed(message) => message.clone(),
            Self::Unauthenticated => "missing or invalid credential".to_owned(),
            Self::UnknownPath => "unknown path".to_owned(),
            Self::MethodNotAllowed(allowed) => format!("method not allowed; allowed: {allowed}"),
            Self::SeveralCredentials => "the header Authorization must be sent once".to_owned(),
            Self::NotAcceptable => "Accept-Encoding must allow identity, br, gzip, deflate or zstd".to_owned(),
            Self::Unchecked(message) => (*message).to_owned(),
            Self::TooLarge(limit) => format!("the body must have at most {limit} bytes"),
            Self::AccountFull(limit) => format!("the documents of an account must have at most {limit} bytes together"),
            Self::WrongMediaType(expected) => format!("the body must be {expected}"),
            Self::RangeNotSatisfiable => "the range is outside the content".to_owned(),
            Self::TooManyRequests(_) => "too many requests".to_owned(),
            Self::TimedOut => "the request timed out".to_owned(),
            Self::InFlight(_) => "a request with this idempotency key is still in progress".to_owned(),
            Self::ResponseLost => "this request was already processed; its response is no longer available".to_owned(),
            Self::OtherRequest => "the idempotency key was used for another request".to_owned(),
        }
    }

    /// The faults of single fields.
    #[must_use]
    pub fn details(&self) -> &[FieldError] {
        if let Self::Domain(Error::Rejected(Rejection::Invalid(faults))) = self { faults } else { &[] }
    }

    /// Why a transition was refused, and which transitions are allowed.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        if let Self::Domain(Error::Rejected(Rejection::NotAllowed(refusal))) = self { Some(refusal) } else { None }
    }

    /// Seconds to wait before retrying.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        if let Self::TooManyRequests(seconds) | Self::InFlight(seconds) = self {
            return Some(*seconds);
        }
        (self.kind() == Kind::Unavailable).then_some(RETRY_AFTER)
    }
}

const fn kind_of(error: &Error) -> Kind {
    match error {
        Error::Rejected(rejection) => match rejection {
            Rejection::Invalid(_) => Kind::Invalid,
            Rejection::Forbidden(_) => Kind::ScopeMissing,
            Rejection::NotAllowed(_) => Kind::TransitionNotAllowed,
            Rejection::CaseNotClosed => Kind::CaseNotClosed,
            Rejection::CaseNotDeleted => Kind::CaseNotDeleted,
            Rejection::FourEyes { .. } => Kind::FourEyes,
            Rejection::Merged { .. } => Kind::CaseMerged,
            Rejection::CalendarInUse { .. } => Kind::CalendarInUse,
            Rejection::WorkflowMismatch { .. } => Kind::WorkflowMismatch,
            Rejection::WorkflowInUse { .. } => Kind::WorkflowInUse,
            Rejection::NotFound(entity) => Kind::NotFound(*entity),
        },
        Error::ScopeMissing(_) | Error::MintingRefused(_) => Kind::ScopeMissing,
        Error::PreconditionFailed { .. } => Kind::PreconditionFailed,
        Error::Store(error) => match error {
            StoreError::Stale => Kind::VersionConflict,
            StoreError::Taken(_) | StoreError::PageTooLarge => Kind::Invalid,
            StoreError::Unavailable(_) => Kind::Unavailable,
            StoreError::Defect(_) => Kind::Internal,
        },
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Domain(error)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::Domain(error.into())
    }
}

impl From<Vec<FieldError>> for Problem {
    fn from(faults: Vec<FieldError>) -> Self {
        Self::Domain(faults.into())
    }
}
