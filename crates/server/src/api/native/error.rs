//! Error format of the native dialect.

use std::borrow::Cow;

use serde_json::Value;

use crate::wire::{
    api_error::{ApiError, Envelope},
    error_body::envelope,
    problem::{ErrorMapping, Problem},
};

#[derive(Debug)]
pub enum Native {}

pub type NativeError = ApiError<Native>;

impl Envelope for Native {
    fn word(answer: &ErrorMapping) -> Option<&'static str> {
        Some(answer.code)
    }

    fn field(name: &str) -> Cow<'_, str> {
        Cow::Borrowed(match name {
            "reference_value_1" | "reference_value_2" | "reference_value_3" => "references",
            other => other,
        })
    }

    fn body(problem: &Problem) -> Value {
        envelope(problem)
    }
}
