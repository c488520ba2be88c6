//! Error format of the Case IQ dialect: `{"name", "httpstatus", "message", "meta": {"message"}}`. It never changes the
//! status or the meaning of an error.

use std::borrow::Cow;

use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::wire::{
    api_error::{ApiError, Envelope},
    problem::{ErrorMapping, Problem},
};

#[derive(Debug)]
pub enum CaseIq {}

pub type CaseIqError = ApiError<CaseIq>;

impl Envelope for CaseIq {
    fn word(answer: &ErrorMapping) -> Option<&'static str> {
        Some(answer.case_iq)
    }

    fn field(name: &str) -> Cow<'_, str> {
        Cow::Borrowed(match name {
            "name" => "title",
            "type" => "caseType",
            "due_on" => "dueDate",
            "custom_fields" => "the case's own fields",
            "transition" | "to" => "caseStatus",
            other => other,
        })
    }

    fn body(problem: &Problem) -> Value {
        let answer = problem.kind().mapping();
        let meta = json!({ "message": message(problem) });
        json!({
            "name": "SERVICE_ACCOUNT_ERROR",
            "httpstatus": answer.status.as_u16(),
            "message": answer.case_iq,
            "meta": meta,
        })
    }
}

#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only describes what Envelope::body makes")]
pub struct ErrorBody {
    /// Always `SERVICE_ACCOUNT_ERROR`.
    #[schema(example = "SERVICE_ACCOUNT_ERROR")]
    name: String,
    /// HTTP status of the response.
    #[schema(example = 404)]
    httpstatus: u16,
    /// Stable error code.
    #[schema(example = "NOT_FOUND")]
    message: String,
    meta: MetaView,
}

#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only describes what Envelope::body makes")]
pub struct MetaView {
    /// Error message in plain text. For an invalid request, it names every invalid field.
    #[schema(example = "Case not found")]
    message: String,
}

/// The format has one message, so the messages of all invalid fields are joined.
fn message(problem: &Problem) -> String {
    if problem.details().is_empty() {
        return sentence(&problem.message());
    }
    let faults = problem.details().iter().map(|fault| format!("{} {}", fault.field, fault.message));
    faults.collect::<Vec<_>>().join("; ")
}

/// The vendor's messages start with a capital letter.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
