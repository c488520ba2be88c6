//! The error responses of an operation: bodies, headers and codes.

use actix_web::http::StatusCode;
use docket_domain::{
    error::{Error, StoreError},
    id::Entity,
    revision::Revision,
    scope::Scope,
};
use serde_json::{Map, Value, json};

use crate::wire::{
    api_error::Envelope,
    problem::{Kind, Problem},
};

/// The schema of the error body, which every dialect has under this name.
const ERROR_BODY: &str = "#/components/schemas/ErrorBody";

/// The response for the errors with this status.
pub(super) fn error_response<E: Envelope>(status: StatusCode, scope: Scope) -> Value {
    let problem = example_problem::<E>(status, scope);
    let mut response = json!({
        "description": description::<E>(status),
        "content": { "application/json": { "schema": { "$ref": ERROR_BODY }, "example": E::body(&problem) } },
    });
    let integer = |description: &str| json!({ "description": description, "schema": { "type": "integer" } });
    let mut headers = Map::new();
    let help = "The description of the error (`rel=\"help\"`).";
    headers.insert("Link".to_owned(), json!({ "description": help, "schema": { "type": "string" } }));
    if problem.retry_after().is_some() || status == StatusCode::CONFLICT {
        headers.insert("Retry-After".to_owned(), integer(retry_after(status)));
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        let named = [
            ("RateLimit-Limit", "Burst size: requests that an idle key may send at once."),
            ("RateLimit-Remaining", "Requests left in the burst."),
            ("RateLimit-Reset", "Seconds until the full burst is available again."),
        ];
        headers.extend(named.map(|(name, description)| (name.to_owned(), integer(description))));
    }
    if let Some(response) = response.as_object_mut().filter(|_| !headers.is_empty()) {
        response.insert("headers".to_owned(), Value::Object(headers));
    }
    response
}

const fn retry_after(status: StatusCode) -> &'static str {
    match status {
        StatusCode::CONFLICT => "Seconds to wait before retrying, if the same request is still in progress.",
        _ => "Seconds to wait before retrying.",
    }
}

fn example_problem<E: Envelope>(status: StatusCode, scope: Scope) -> Problem {
    match status {
        StatusCode::UNAUTHORIZED => Problem::Unauthenticated,
        StatusCode::FORBIDDEN => Problem::scope_missing(scope),
        StatusCode::NOT_FOUND if scope == Scope::Admin => Problem::not_found(Entity::Key),
        StatusCode::NOT_FOUND => Problem::not_found(Entity::Case),
        // If an invalid request has this status too, it is the more likely case.
        StatusCode::UNPROCESSABLE_ENTITY if E::status(&Kind::Invalid.mapping()) != status => Problem::OtherRequest,
        StatusCode::CONFLICT => Problem::Domain(StoreError::Stale.into()),
        StatusCode::PRECONDITION_FAILED => {
            Problem::Domain(Error::PreconditionFailed { holds: Revision::of_version(2) })
        }
        StatusCode::NOT_ACCEPTABLE => Problem::NotAcceptable,
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge(2 << 20),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::WrongMediaType("application/json"),
        StatusCode::RANGE_NOT_SATISFIABLE => Problem::RangeNotSatisfiable,
        StatusCode::TOO_MANY_REQUESTS => Problem::TooManyRequests(1),
        StatusCode::INTERNAL_SERVER_ERROR => Problem::defect(String::new()),
        StatusCode::SERVICE_UNAVAILABLE => Problem::TimedOut,
        _ => Problem::invalid("name", "is required"),
    }
}

/// What the status means, with the codes that distinguish its errors.
fn description<E: Envelope>(status: StatusCode) -> String {
    let answers = Kind::all()
        .filter(|kind| !matches!(kind, Kind::NotFound(_)))
        .map(Kind::mapping)
        .filter(|answer| E::status(answer) == status);
    let mut words = answers.filter_map(|answer| E::word(&answer)).collect::<Vec<_>>();
    words.dedup();
    let meaning = match status {
        StatusCode::UNPROCESSABLE_ENTITY if E::status(&Kind::Invalid.mapping()) != status => {
            "The `Idempotency-Key` was used for a different request"
        }
        StatusCode::UNPROCESSABLE_ENTITY => {
            "Invalid request, with every invalid field; or the `Idempotency-Key` was used for a different request"
        }
        StatusCode::BAD_REQUEST => "Invalid request, with every invalid field",
        StatusCode::UNAUTHORIZED => "Missing or invalid credential",
        StatusCode::FORBIDDEN => "The key lacks the required scope",
        StatusCode::NOT_FOUND => "Not found in this account",
        StatusCode::NOT_ACCEPTABLE => "`Accept-Encoding` allows none of the content codings",
        StatusCode::CONFLICT => {
            "The request conflicts with the current state; or the request with this `Idempotency-Key` is still in \
             progress, or its response is no longer available"
        }
        StatusCode::PRECONDITION_FAILED => "`If-Match` or `If-None-Match` does not hold or cannot be checked",
        StatusCode::PAYLOAD_TOO_LARGE => "The body is too large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "Unsupported media type",
        StatusCode::RANGE_NOT_SATISFIABLE => "The range is outside the content",
        StatusCode::TOO_MANY_REQUESTS => "Too many requests",
        StatusCode::SERVICE_UNAVAILABLE => "The database did not respond in time; retry",
        _ => "Internal error",
    };
    if words.is_empty() { format!("{meaning}.") } else { format!("{meaning}: `{}`.", words.join("`, `")) }
}
