//! Errors as Case IQ callers see them: `{"name", "httpstatus", "message", "meta": {"message"}}`.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::api::{
    failure::{Envelope, Failure},
    problem::Problem,
};

/// The envelope of this dialect.
#[derive(Debug)]
pub enum CaseIq {}

/// What its handlers fail with.
pub type CaseIqError = Failure<CaseIq>;

impl Envelope for CaseIq {
    fn field(name: &str) -> Cow<'_, str> {
        Cow::Borrowed(match name {
            "name" => "title",
            "type" => "caseType",
            "due_on" => "dueDate",
            other => other,
        })
    }

    fn body(problem: &Problem) -> Value {
        let answer = problem.kind().answer();
        let mut meta = json!({ "message": sentence(&problem.message()) });
        if !problem.details().is_empty() {
            let faults = problem.details().iter();
            let faults = faults.map(|fault| json!({ "field": fault.field, "message": fault.message }));
            meta["details"] = Value::Array(faults.collect());
        }
        json!({
            "name": "SERVICE_ACCOUNT_ERROR",
            "httpstatus": answer.status.as_u16(),
            "message": answer.case_iq,
            "meta": meta,
        })
    }
}

/// The message with its first letter in upper case, as the vendor prints it.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
