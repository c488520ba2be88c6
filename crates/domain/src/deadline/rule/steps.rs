//! Collects the steps of a computation.

use chrono::NaiveDate;

use crate::deadline::computation::Step;

/// The steps so far.
#[derive(Debug, Default)]
pub(super) struct Steps(Vec<Step>);

impl Steps {
    /// Adds a step: what a provision does, and the date after it.
    pub(super) fn note(&mut self, rule: &str, citation: impl Into<String>, explanation: String, date: NaiveDate) {
        self.0.push(Step { rule: rule.to_owned(), citation: citation.into(), explanation, date });
    }

    pub(super) fn into_inner(self) -> Vec<Step> {
        self.0
    }
}

/// `Saturday, 5 September 2026`.
pub(super) fn long(date: NaiveDate) -> String {
    date.format("%A, %-d %B %Y").to_string()
}
