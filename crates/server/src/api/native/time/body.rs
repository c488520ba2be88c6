//! Request bodies of calendars and service levels.

mod calendar;
mod level;

use docket_domain::{error::FieldErrors, text};

pub(super) use self::{
    calendar::WorkCalendarBody,
    level::{ServiceLevelBody, WhatIfBody},
};
use crate::wire::fields::Fields;

fn name(fields: &mut Fields, field: &str) -> String {
    let given = fields.required(field, |fields| fields.text(field)).map(|name| text::line(&name));
    if let Some(Err(fault)) = given.as_ref().map(|name| text::check_line(field, name, text::NAME_MAX)) {
        fields.fault(field, fault.message);
    }
    given.unwrap_or_default()
}

/// Whether it is a key: a word of lower-case letters, digits, `-` and `_`.
pub(super) fn is_key(key: &str) -> bool {
    let is_sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    (1..=64).contains(&key.len()) && key.chars().all(is_sound)
}

fn check_key(key: &str, repeated: Option<&str>, faults: &mut FieldErrors) {
    if !is_key(key) {
        faults.add("key", "must be 1 to 64 lower-case letters, digits, - and _");
    } else if repeated.is_some_and(|repeated| repeated != key) {
        faults.add("key", "must be the key in the path");
    }
}
