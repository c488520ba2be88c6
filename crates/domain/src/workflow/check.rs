//! Checks a definition and builds its workflow. It reports all faults at once.

mod graph;
mod statuses;
mod transitions;
mod words;

use serde_json::Value;
use words::is_label;

use super::{
    definition::{StatusDefinition, TransitionDefinition, WorkflowDefinition},
    fault::{Fault, TransitionEnd, WorkflowFaults},
    id::WorkflowId,
    model::Workflow,
    shape::Draft,
    status::{Color, Status},
    text::humanized,
    transition::Transition,
};

impl Workflow {
    /// Parses a workflow from the JSON text of its definition.
    ///
    /// # Errors
    /// Only [`Fault::Malformed`] if the text is not a definition in JSON. Otherwise every fault that
    /// [`check`](Self::check) finds.
    ///
    /// ```
    /// use docket_domain::workflow::Workflow;
    ///
    /// let definition = r##"{
    ///     "entity_type": "case", "name": "Complaint",
    ///     "statuses": [
    ///         {"key": "received", "id": 1, "label": "Received", "color": "#2563EB", "phase": "active", "initial": true},
    ///         {"key": "answered", "id": 2, "label": "Answered", "color": "#16A34A", "phase": "closed", "terminal": true, "outcome": "closed"}
    ///     ],
    ///     "transitions": [{"name": "answer", "from": ["received"], "to": ["answered"]}]
    /// }"##;
    /// let workflow = Workflow::from_json(definition).unwrap();
    /// assert_eq!(workflow.initial().key.as_str(), "received");
    ///
    /// let faults = Workflow::from_json(&definition.replace("answered\"]", "lost\"]")).unwrap_err();
    /// assert!(faults.to_string().contains("lost"));
    /// ```
    pub fn from_json(json: &str) -> Result<Self, WorkflowFaults> {
        let json = serde_json::from_str(json).map_err(|error| Fault::Malformed { message: error.to_string() })?;
        Self::from_value(&json)
    }

    /// Reads a workflow from the JSON of its definition.
    ///
    /// # Errors
    /// Every fault: of the shape, and of what can be read in spite of it.
    pub fn from_value(json: &Value) -> Result<Self, WorkflowFaults> {
        let Draft { definition, faults } = Draft::read(json).map_err(WorkflowFaults::new)?;
        if faults.is_empty() {
            Self::check(definition)
        } else {
            Err(WorkflowFaults::new(faults_of_draft(&definition, faults)))
        }
    }

    /// Checks a definition and builds its workflow.
    ///
    /// # Errors
    /// Every [`Fault`]: of the name, the statuses, the transitions and the graph, in this order.
    pub fn check(definition: WorkflowDefinition) -> Result<Self, WorkflowFaults> {
        check(definition)
    }
}

impl TryFrom<WorkflowDefinition> for Workflow {
    type Error = WorkflowFaults;

    fn try_from(definition: WorkflowDefinition) -> Result<Self, WorkflowFaults> {
        Self::check(definition)
    }
}

/// The faults of a definition of which only a part can be read. Nothing is said about the graph: what cannot be read may
/// be what is missing in it.
pub(super) fn faults_of_draft(definition: &WorkflowDefinition, mut faults: Vec<Fault>) -> Vec<Fault> {
    check_parts(definition, &mut faults);
    faults
}

/// Every fault of a definition.
pub(super) fn faults(definition: &WorkflowDefinition) -> Vec<Fault> {
    let mut faults = Vec::new();
    check_parts(definition, &mut faults);
    graph::check(definition, &mut faults);
    faults
}

fn check_parts(definition: &WorkflowDefinition, faults: &mut Vec<Fault>) {
    if !is_label(&definition.name) {
        faults.push(Fault::InvalidName);
    }
    statuses::check(definition, faults);
    transitions::check(definition, faults);
}

fn check(definition: WorkflowDefinition) -> Result<Workflow, WorkflowFaults> {
    let faults = faults(&definition);
    if !faults.is_empty() {
        return Err(WorkflowFaults::new(faults));
    }
    Ok(build(definition)?)
}

/// Builds the workflow of a checked definition. Its faults cannot occur after the checks.
fn build(definition: WorkflowDefinition) -> Result<Workflow, Fault> {
    let statuses: Vec<Status> = (1..)
        .zip(definition.statuses)
        .map(|(sort_order, status)| build_status(status, sort_order))
        .collect::<Result<_, _>>()?;
    let initial = statuses.iter().find(|status| status.initial).cloned().ok_or(Fault::NoInitialStatus)?;
    let transitions = definition.transitions.into_iter().map(build_transition).collect::<Result<_, _>>()?;
    let mut workflow = Workflow {
        id: WorkflowId(uuid::Uuid::nil()),
        entity_type: definition.entity_type,
        name: definition.name,
        statuses,
        initial,
        transitions,
    };
    workflow.id =
        WorkflowId::of(&workflow.definition()).map_err(|error| Fault::Malformed { message: error.to_string() })?;
    Ok(workflow)
}

fn build_status(status: StatusDefinition, sort_order: u32) -> Result<Status, Fault> {
    let color = Color::parse(&status.color)
        .map_err(|_| Fault::InvalidColor { status: status.key.clone(), color: status.color.clone() })?;
    Ok(Status {
        key: status.key,
        id: status.id,
        label: status.label,
        description: status.description,
        color,
        phase: status.phase,
        initial: status.initial,
        terminal: status.terminal,
        outcome: status.outcome,
        sort_order,
    })
}

fn build_transition(transition: TransitionDefinition) -> Result<Transition, Fault> {
    let mut targets = transition.to.into_iter();
    let Some(to) = targets.next() else {
        return Err(Fault::NoEnd { transition: transition.name, side: TransitionEnd::To });
    };
    Ok(Transition {
        label: transition.label.unwrap_or_else(|| humanized(&transition.name)),
        name: transition.name,
        from: transition.from,
        to,
        or_to: targets.collect(),
        requires_reason: transition.requires_reason,
        scope: transition.scope,
        guards: transition.guards,
        kind: transition.kind,
    })
}
