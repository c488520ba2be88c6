//! The label of an arrow.

use crate::workflow::transition::Transition;

/// The label of the transition, marked if it requires a reason.
pub(super) fn arrow_label(transition: &Transition) -> String {
    if transition.requires_reason { format!("{} (reason)", transition.label) } else { transition.label.clone() }
}
