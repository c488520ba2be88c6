//! Errors as callers of the services dialect see them: `{"success": false, "message", "errors"?}`.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::api::{
    failure::{Envelope, Failure},
    problem::{Answer, Problem},
};

/// The envelope of this dialect.
#[derive(Debug)]
pub enum Services {}

/// What its handlers fail with.
pub type ServicesError = Failure<Services>;

impl Envelope for Services {
    fn status(answer: &Answer) -> StatusCode {
        answer.services_status
    }

    fn word(_: &Answer) -> Option<&'static str> {
        None
    }

    fn field(name: &str) -> Cow<'_, str> {
        Cow::Borrowed(match name {
            "name" => "title",
            "inquiry_id" => "initial_inquiry_id",
            "custom_fields" => "metadata",
            "parent" => "parent_case_id",
            other => other,
        })
    }

    fn body(problem: &Problem) -> Value {
        let mut errors = Map::new();
        for fault in problem.details() {
            let messages = errors.entry(fault.field.as_str()).or_insert_with(|| json!([]));
            if let Value::Array(messages) = messages {
                messages.push(json!(fault.message));
            }
        }
        let mut body = Map::new();
        body.insert("success".to_owned(), json!(false));
        body.insert("message".to_owned(), json!(problem.message()));
        if let Some(refusal) = problem.refusal() {
            let reasons = refusal.reasons.iter().map(|reason| &reason.message).collect::<Vec<_>>();
            errors.insert("status".to_owned(), json!(reasons));
            body.insert("allowed_transitions".to_owned(), json!(refusal.allowed));
        }
        if !errors.is_empty() {
            body.insert("errors".to_owned(), Value::Object(errors));
        }
        Value::Object(body)
    }
}
