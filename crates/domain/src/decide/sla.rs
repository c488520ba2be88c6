//! Moments that time brings about.

use super::DecisionBuilder;
use serde_json::Map;

use crate::{
    actor::Context,
    case::Case,
    deadline::{Deadline, DeadlineEvent, DeadlineMoment},
    decision::{Change, Decision},
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

/// Decides that a deadline of a case reached a moment. The event occurred at its moment; the system is its actor.
#[must_use]
pub fn reach_deadline(
    case: &Case,
    workflow: &Workflow,
    deadline: &Deadline,
    moment: DeadlineMoment,
    context: &Context,
) -> Decision {
    let mut builder = DecisionBuilder::of(case, workflow, context);
    let event = DeadlineEvent::new(moment.what, deadline, Map::new());
    builder.record_at(moment.at, EventData::Deadline(event));
    builder.change(Change::DeadlineTold(moment));
    builder.finish()
}
