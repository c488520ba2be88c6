//! The computation rules, one module each, and the code that they share.

mod bgb;
mod days_off;
mod frcp6;
mod length;
mod plain;
mod steps;

use super::{
    computation::{Computation, ComputedDeadline, DeadlineError},
    words::Rule,
};

/// Computes a deadline.
///
/// # Errors
/// The first of [`Computation::violations`]. While counting, [`DeadlineError::OutsideVerified`] or
/// [`DeadlineError::DueOutOfRange`].
pub fn compute(computation: &Computation) -> Result<ComputedDeadline, DeadlineError> {
    if let Some(violation) = computation.violations().into_iter().next() {
        return Err(violation);
    }
    match computation.rule {
        Rule::Frcp6 => frcp6::compute(computation),
        Rule::Bgb => bgb::compute(computation),
        Rule::Plain => plain::compute(computation),
    }
}
