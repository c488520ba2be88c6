//! Error format of the native dialect.

use std::borrow::Cow;

use serde_json::Value;

use crate::wire::{
    error_body::envelope,
    failure::{Envelope, Failure},
    problem::{Answer, Problem},
};

#[derive(Debug)]
pub enum Native {}

pub type NativeError = Failure<Native>;

impl Envelope for Native {
    fn word(answer: &Answer) -> Option<&'static str> {
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
