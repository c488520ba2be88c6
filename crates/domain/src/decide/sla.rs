//! Moments that time brings about.

use super::DecisionBuilder;
use crate::{
    actor::Context,
    case::Case,
    decision::Decision,
    event::{EventData, SlaEvent},
    time::Timestamp,
    workflow::Workflow,
};

/// Decides that clocks of a case reached moments. Each event occurred at its moment; the system is its actor. A part of
/// another case has its events too.
#[must_use]
pub fn reach_moments(
    case: &Case,
    workflow: &Workflow,
    moments: Vec<(Timestamp, SlaEvent)>,
    context: &Context,
) -> Decision {
    let mut builder = DecisionBuilder::of(case, workflow, context);
    for (at, event) in moments {
        builder.record_at(at, EventData::Sla(event));
    }
    builder.finish()
}
