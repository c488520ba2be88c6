//! The label of an arrow.

use super::Marks;
use crate::workflow::{status::StatusKey, transition::Transition};

/// The label of the transition, marked if it requires a reason, with the numbers of the moves that were made by it.
pub(super) fn arrow_label(transition: &Transition, to: &StatusKey, marks: &Marks) -> String {
    let reason = if transition.requires_reason { " (reason)" } else { "" };
    format!("{}{reason}{}", transition.label, marks.numbers(&transition.name, to))
}
