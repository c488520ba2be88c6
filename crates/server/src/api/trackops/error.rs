//! Error format of the Trackops dialect: the native envelope with the vendor's field names.

use std::borrow::Cow;

use serde_json::Value;

use crate::wire::{
    api_error::{ApiError, Envelope},
    error_body::envelope,
    problem::{ErrorMapping, Problem},
};

#[derive(Debug)]
pub enum Trackops {}

pub type TrackopsError = ApiError<Trackops>;

impl Envelope for Trackops {
    fn word(answer: &ErrorMapping) -> Option<&'static str> {
        Some(answer.code)
    }

    fn field(name: &str) -> Cow<'_, str> {
        Cow::Borrowed(match name {
            "type" => "case_type",
            "opened_on" => "created_on",
            "location_id" => "client_location_id",
            "region_id" => "case_region_id",
            "case_id" => "casefile_id",
            "task_id" => "event_id",
            other => other,
        })
    }

    fn body(problem: &Problem) -> Value {
        envelope(problem)
    }
}
