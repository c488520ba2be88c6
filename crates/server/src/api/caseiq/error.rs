//! Errors as Case IQ callers see them: `{"name", "httpstatus", "message", "meta": {"message"}}`.

use std::borrow::Cow;

use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::wire::{
    failure::{Envelope, Failure},
    problem::{Answer, Problem},
};

/// The envelope of this dialect.
#[derive(Debug)]
pub enum CaseIq {}

/// What its handlers fail with.
pub type CaseIqError = Failure<CaseIq>;

impl Envelope for CaseIq {
    fn word(answer: &Answer) -> Option<&'static str> {
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
        let answer = problem.kind().answer();
        let meta = json!({ "message": message(problem) });
        json!({
            "name": "SERVICE_ACCOUNT_ERROR",
            "httpstatus": answer.status.as_u16(),
            "message": answer.case_iq,
            "meta": meta,
        })
    }
}

/// An error.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only describes what Envelope::body makes")]
pub struct ErrorBody {
    /// Always the same.
    #[schema(example = "SERVICE_ACCOUNT_ERROR")]
    name: String,
    /// The status once more.
    #[schema(example = 404)]
    httpstatus: u16,
    /// For programs; stable.
    #[schema(example = "NOT_FOUND")]
    message: String,
    /// The particulars.
    meta: MetaView,
}

/// The particulars of an error.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only describes what Envelope::body makes")]
pub struct MetaView {
    /// For people: all fields that are at fault by their names, or what went wrong.
    #[schema(example = "Case not found")]
    message: String,
}

/// Every field at fault by its name, or else the message as a sentence.
fn message(problem: &Problem) -> String {
    if problem.details().is_empty() {
        return sentence(&problem.message());
    }
    let faults = problem.details().iter().map(|fault| format!("{} {}", fault.field, fault.message));
    faults.collect::<Vec<_>>().join("; ")
}

/// The message with its first letter in upper case, as the vendor prints it.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
