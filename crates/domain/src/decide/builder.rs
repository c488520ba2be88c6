//! An unfinished decision, which collects events and changes.

use crate::{
    actor::{Actor, Context},
    case::Case,
    decision::{Change, Decision, Instances, Needs},
    event::{CaseEvent, EventData},
    id::EntityId,
    time::Timestamp,
    workflow::Workflow,
};

/// The decision so far. `case` always includes every recorded event.
pub(crate) struct DecisionBuilder<'a> {
    before: Option<&'a Case>,
    pub(crate) case: Case,
    pub(crate) workflow: &'a Workflow,
    pub(crate) context: &'a Context,
    events: Vec<CaseEvent>,
    changes: Vec<Change>,
    pub(crate) needs: Needs,
}

impl<'a> DecisionBuilder<'a> {
    pub(crate) fn of(case: &'a Case, workflow: &'a Workflow, context: &'a Context) -> Self {
        Self {
            before: Some(case),
            case: case.clone(),
            workflow,
            context,
            events: Vec::new(),
            changes: Vec::new(),
            needs: Needs::default(),
        }
    }

    pub(crate) fn creation(case: Case, workflow: &'a Workflow, context: &'a Context) -> Self {
        Self { before: None, case, workflow, context, events: Vec::new(), changes: Vec::new(), needs: Needs::default() }
    }

    /// Records an event by the actor of the context and applies it to the case.
    pub(crate) fn record(&mut self, data: EventData) {
        self.record_by(Some(self.context.actor.clone()), data);
    }

    /// Records an event by the system that occurred at another time, and applies it to the case.
    pub(crate) fn record_at(&mut self, occurred_at: Timestamp, data: EventData) {
        self.record_as(None, occurred_at, data);
    }

    /// Records an event and applies it to the case. No actor means the system.
    pub(crate) fn record_by(&mut self, actor: Option<Actor>, data: EventData) {
        self.record_as(actor, self.context.occurred_at, data);
    }

    fn record_as(&mut self, actor: Option<Actor>, occurred_at: Timestamp, data: EventData) {
        let event = CaseEvent {
            account: self.case.account,
            case: self.case.id,
            version: self.case.version + 1,
            actor,
            occurred_at,
            recorded_at: self.context.now,
            data,
            proof: None,
        };
        self.case = self.case.clone().evolve(&event);
        self.events.push(event);
    }

    /// Adds a row to write with the case.
    pub(crate) fn change(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// A provisional (negative) id for a new row. The store replaces it.
    pub(crate) fn new_id<I: EntityId>(&mut self) -> I {
        self.needs.entities.push(I::ENTITY);
        let count = i64::try_from(self.needs.entities.len()).unwrap_or(i64::MAX);
        I::from_integer(-count)
    }

    /// A provisional instance number in the series of the case, from 0. The store replaces it.
    pub(crate) fn new_instance(&mut self) -> i32 {
        let before = self.needs.instances.map_or(0, |instances| instances.count);
        self.needs.instances = Some(Instances { of: self.case.series.number, count: before + 1 });
        before
    }

    pub(crate) fn finish(self) -> Decision {
        Decision {
            before: self.before.cloned(),
            case: self.case,
            events: self.events,
            changes: self.changes,
            needs: self.needs,
        }
    }
}
