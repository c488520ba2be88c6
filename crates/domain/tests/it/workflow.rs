//! The workflow engine: loading, planning, explaining and drawing.

mod analysis;
mod builtin;
mod drawing;
mod explaining;
mod faults;
mod guards;
mod loading;
mod planning;
mod random;

use docket_domain::workflow::{
    EntityType, Grants, Move, Refusal, StatusKey, TransitionPlan, Unrestricted, Workflow, builtin,
};
use serde_json::{Map, Value};

fn case() -> &'static Workflow {
    builtin(EntityType::Case)
}

fn key(key: &str) -> StatusKey {
    StatusKey::new(key)
}

/// An actor with exactly these scopes.
struct Holding(&'static [&'static str]);

impl Grants for Holding {
    fn has_scope(&self, scope: &str) -> bool {
        self.0.contains(&scope)
    }
}

/// Plans for an unrestricted actor and a thing without fields.
fn plan<'w>(
    workflow: &'w Workflow,
    from: &str,
    request: &Move,
    reason: Option<&str>,
) -> Result<TransitionPlan<'w>, Refusal> {
    workflow.plan(&key(from), request, &Map::new(), &Unrestricted, reason)
}

/// A plan in short form: `name: from -> to`.
fn change(plan: &TransitionPlan<'_>) -> String {
    match plan {
        TransitionPlan::Unchanged(status) => format!("unchanged: {}", status.key),
        TransitionPlan::Change(change) => {
            format!("{}: {} -> {}", change.transition.name, change.from.key, change.to.key)
        }
    }
}

/// The reasons in short form: `code on field: message`.
fn reasons(refusal: &Refusal) -> Vec<String> {
    refusal
        .reasons
        .iter()
        .map(|reason| match &reason.field {
            Some(field) => format!("{} on {field}: {reason}", reason.code),
            None => format!("{}: {reason}", reason.code),
        })
        .collect()
}

/// A small valid workflow with guards and a scope: draft, sent, paid (terminal).
fn invoice_like() -> Workflow {
    let json = r##"{
        "entity_type": "case",
        "name": "Small",
        "statuses": [
            {"key": "draft", "id": 10, "label": "DecisionBuilder", "color": "#111111", "phase": "active", "initial": true},
            {"key": "sent", "id": 20, "label": "Sent", "color": "#EEEEEE", "phase": "active"},
            {"key": "paid", "id": 30, "label": "Paid", "color": "#00aa00", "phase": "closed", "terminal": true}
        ],
        "transitions": [
            {"name": "send", "from": ["draft"], "to": ["sent"], "guards": [
                {"field_set": {"field": "customer_id"}},
                {"field_one_of": {"field": "priority", "values": ["high", "urgent"]}}
            ]},
            {"name": "settle", "label": "Mark as paid", "from": ["sent"], "to": ["paid"], "scope": "admin", "requires_reason": true}
        ]
    }"##;
    Workflow::from_json(json).unwrap()
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}
