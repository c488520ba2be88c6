//! A decision in the making.

use crate::{
    actor::{Actor, Context},
    case::Case,
    decision::{Change, Decision, Instances, Needs},
    event::{CaseEvent, EventData},
    id::EntityId,
    workflow::Workflow,
};

/// What has been decided so far. The case in it is always the sum of the events in it.
pub(crate) struct Draft<'a> {
    before: Option<&'a Case>,
    pub(crate) case: Case,
    pub(crate) workflow: &'a Workflow,
    pub(crate) context: &'a Context,
    events: Vec<CaseEvent>,
    changes: Vec<Change>,
    pub(crate) needs: Needs,
}

impl<'a> Draft<'a> {
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

    /// Something happens, by the actor of the context.
    pub(crate) fn record(&mut self, data: EventData) {
        self.record_by(Some(self.context.actor.clone()), data);
    }

    /// Something happens; none acts where the system does.
    pub(crate) fn record_by(&mut self, actor: Option<Actor>, data: EventData) {
        let event = CaseEvent {
            account: self.case.account,
            case: self.case.id,
            version: self.case.version + 1,
            actor,
            occurred_at: self.context.occurred_at,
            recorded_at: self.context.now,
            data,
            proof: None,
        };
        self.case = self.case.clone().evolve(&event);
        self.events.push(event);
    }

    /// Something else is to be written with it.
    pub(crate) fn change(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// A provisional id for a new thing, which the store replaces.
    pub(crate) fn new_id<I: EntityId>(&mut self) -> I {
        self.needs.entities.push(I::ENTITY);
        let count = i64::try_from(self.needs.entities.len()).unwrap_or(i64::MAX);
        I::from_integer(-count)
    }

    /// A provisional instance of the case's series, which the store replaces: 0 for the first.
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
