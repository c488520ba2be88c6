//! Warnings: what is valid in a definition, but hardly meant.

use std::collections::BTreeSet;

use super::{
    definition::WorkflowDefinition,
    feasible::is_feasible,
    finding::{Finding, pointer},
    graph::Graph,
    text::quoted,
};
use crate::scope::Scope;

/// The warnings about a definition, statuses first. What a workflow must not have is a fault and not reported here.
#[must_use]
pub fn warnings(definition: &WorkflowDefinition) -> Vec<Finding> {
    let graph = Graph::of(definition);
    let mut warnings = Vec::new();
    let terminal = definition.statuses.iter().enumerate().filter(|(_, status)| status.terminal).map(|(at, _)| at);
    let can_end = graph.reach_back(terminal);
    for (at, status) in definition.statuses.iter().enumerate() {
        let path = pointer([&"statuses" as _, &at as _]);
        if !can_end.contains(&at) {
            warnings.push(Finding {
                code: "no_way_to_an_end",
                path,
                message: format!("status {}: no terminal status can be reached from it", status.key),
                hint: "add a transition that leads from it to a terminal status, by any way".to_owned(),
            });
        } else if is_left_by_admin_only(&graph, at) {
            warnings.push(Finding {
                code: "left_by_admin_only",
                path,
                message: format!("status {}: only a key with the scope admin can leave it", status.key),
                hint: "remove the scope from one of its transitions, or add a transition without it".to_owned(),
            });
        }
    }
    let live = graph.reach(graph.creatable().iter().copied());
    for (at, transition) in definition.transitions.iter().enumerate() {
        let path = pointer([&"transitions" as _, &at as _]);
        let starts = transition.from.iter().filter_map(|from| graph.position(from)).collect::<BTreeSet<_>>();
        let (message, hint) = if !is_feasible(&transition.guards) {
            ("its guards contradict each other", "remove one of the guards that exclude each other")
        } else if starts.is_disjoint(&live) {
            ("no case can reach a status from which it starts", "add a status to from that cases can reach")
        } else {
            continue;
        };
        warnings.push(Finding {
            code: "never_possible",
            path,
            message: format!("transition {}: no case can ever take it: {message}", quoted(&transition.name)),
            hint: hint.to_owned(),
        });
    }
    warnings
}

fn is_left_by_admin_only(graph: &Graph<'_>, status: usize) -> bool {
    let ways = graph.from(status);
    !ways.is_empty() && ways.iter().all(|edge| edge.transition.scope.as_deref() == Some(Scope::Admin.as_str()))
}

/// The free fields that guards name: paths into the free fields, with the place of the first guard that names each.
#[must_use]
pub fn free_fields_of_guards(definition: &WorkflowDefinition) -> Vec<(String, String)> {
    let Some(bag) = definition.entity_type.free_fields() else { return Vec::new() };
    let mut named: Vec<(String, String)> = Vec::new();
    for (at, transition) in definition.transitions.iter().enumerate() {
        for (number, guard) in transition.guards.iter().enumerate() {
            guard.walk(&mut |inner| {
                let field = inner.field().and_then(|field| field.strip_prefix(bag)?.strip_prefix('.'));
                if let Some(field) = field.filter(|field| named.iter().all(|(known, _)| known != field)) {
                    named.push((field.to_owned(), format!("/transitions/{at}/guards/{number}")));
                }
            });
        }
    }
    named
}

/// The warning about a free field that no case of the account has.
#[must_use]
pub fn unset_field_warning(field: &str, path: String) -> Finding {
    Finding {
        code: "field_never_set",
        path,
        message: format!("a guard reads the free field {}, which no case of the account has", quoted(field)),
        hint: "check the spelling of the field, or set it on a case".to_owned(),
    }
}
