//! Properties of random workflows and of random walks through them.

use docket_domain::workflow::{
    EntityType, Guard, Move, Outcome, Phase, Requirement, StatusDefinition, StatusKey, TransitionDefinition,
    TransitionKind, TransitionPlan, Unrestricted, Workflow, WorkflowDefinition, builtin,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, json};

/// Words: valid keys, arbitrary text, and reserved words of the drawing languages.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(vec!["open", "busy", "done", "end", "note", "state"]).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn keys() -> impl Strategy<Value = Vec<StatusKey>> {
    vec(word().prop_map(StatusKey::from), 0..4)
}

fn any_guard() -> impl Strategy<Value = Guard> {
    (word(), 0..3_u8).prop_map(|(field, which)| match which {
        0 => Guard::FieldSet { field: "tags".to_owned() },
        1 => Guard::FieldOneOf { field: "priority".to_owned(), values: vec![json!(field)] },
        _ => Guard::FieldEquals { field, value: json!(1) },
    })
}

fn any_status() -> impl Strategy<Value = StatusDefinition> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    let outcome = option::of(select(vec![Outcome::Resolved, Outcome::Closed, Outcome::Cancelled]));
    (word(), -1..6_i64, word(), option::of(any::<String>()), flags, outcome).prop_map(
        |(key, id, label, color, (initial, terminal, active), outcome)| StatusDefinition {
            key: key.into(),
            id,
            label,
            description: String::new(),
            color: color.unwrap_or_else(|| "#a0B1c2".to_owned()),
            phase: if active { Phase::Active } else { Phase::Closed },
            initial,
            terminal,
            outcome,
        },
    )
}

fn any_transition() -> impl Strategy<Value = TransitionDefinition> {
    let kind = select(vec![TransitionKind::Regular, TransitionKind::Rework, TransitionKind::Reopen]);
    (word(), option::of(word()), keys(), keys(), any::<bool>(), option::of(word()), vec(any_guard(), 0..3), kind)
        .prop_map(|(name, label, from, to, requires_reason, scope, guards, kind)| TransitionDefinition {
            name,
            label,
            from,
            to,
            requires_reason,
            scope,
            guards,
            kind,
        })
}

fn any_definition() -> impl Strategy<Value = WorkflowDefinition> {
    (select(EntityType::ALL.to_vec()), word(), vec(any_status(), 0..6), vec(any_transition(), 0..6)).prop_map(
        |(entity_type, name, statuses, transitions)| WorkflowDefinition { entity_type, name, statuses, transitions },
    )
}

/// A valid workflow: a ring of active statuses with additional transitions, terminal statuses that are each entered
/// from one of them, and one reopening.
pub(super) fn sound_workflow() -> impl Strategy<Value = Workflow> {
    (2..6_usize, 1..4_usize, vec((0..6_usize, 0..6_usize, any::<bool>()), 0..8), vec(0..6_usize, 4), "\\PC{1,20}")
        .prop_map(|(active, terminal, chords, hooks, label)| {
            let active_key = |at: usize| StatusKey::new(format!("active_{}", at % active));
            let closed_key = |at: usize| StatusKey::new(format!("closed_{at}"));
            let status = |id: usize, key: StatusKey, phase| StatusDefinition {
                label: format!("{id} {label}"),
                key,
                id: i64::try_from(id).unwrap(),
                description: String::new(),
                color: format!("#{:06x}", id * 1_234_567),
                phase,
                initial: id == 1,
                terminal: phase == Phase::Closed,
                outcome: None,
            };
            let transition = |name: String, from: Vec<StatusKey>, to: Vec<StatusKey>| TransitionDefinition {
                label: Some(format!("{name} {label}")),
                name,
                from,
                to,
                requires_reason: false,
                scope: None,
                guards: Vec::new(),
                kind: TransitionKind::Regular,
            };
            let mut statuses: Vec<_> = (0..active).map(|at| status(at + 1, active_key(at), Phase::Active)).collect();
            statuses.extend((0..terminal).map(|at| status(active + at + 1, closed_key(at), Phase::Closed)));
            let mut transitions: Vec<_> = (0..active)
                .map(|at| transition(format!("step_{at}"), vec![active_key(at)], vec![active_key(at + 1)]))
                .collect();
            for (from, to, requires_reason) in chords {
                let (from, to) = (from % active, to % active);
                let name = format!("chord_{from}_{to}");
                if from != to && to != (from + 1) % active && !transitions.iter().any(|known| known.name == name) {
                    let chord = transition(name, vec![active_key(from)], vec![active_key(to)]);
                    transitions.push(TransitionDefinition { requires_reason, ..chord });
                }
            }
            for (at, hook) in (0..terminal).zip(hooks) {
                transitions.push(transition(format!("finish_{at}"), vec![active_key(hook)], vec![closed_key(at)]));
            }
            transitions.push(TransitionDefinition {
                requires_reason: true,
                kind: TransitionKind::Reopen,
                ..transition(
                    "again".to_owned(),
                    (0..terminal).map(closed_key).collect(),
                    vec![active_key(0), active_key(1)],
                )
            });
            let name = "Random".to_owned();
            let entity_type = EntityType::Case;
            Workflow::check(WorkflowDefinition { entity_type, name, statuses, transitions }).unwrap()
        })
}

fn any_workflow() -> impl Strategy<Value = Workflow> {
    prop_oneof![select(EntityType::ALL.to_vec()).prop_map(|kind| builtin(kind).clone()), sound_workflow()]
}

/// A request with names of the workflow or an unknown status, chosen by the numbers.
fn request(workflow: &Workflow, (kind, which, target): (u8, usize, usize)) -> Move {
    let status = |at: usize| {
        let at = at % (workflow.statuses().len() + 1);
        workflow.statuses().get(at).map_or_else(|| StatusKey::new("nowhere"), |status| status.key.clone())
    };
    let name = workflow.transitions()[which % workflow.transitions().len()].name.clone();
    match kind {
        0 => Move::To(status(target)),
        1 => Move::Named { name, to: None },
        _ => Move::Named { name, to: Some(status(target)) },
    }
}

proptest! {
    #[test]
    fn no_definition_makes_loading_drawing_or_explaining_panic(definition in any_definition()) {
        match Workflow::check(definition) {
            Ok(workflow) => {
                prop_assert!(!workflow.to_mermaid().is_empty() && !workflow.to_dot().is_empty());
                for status in workflow.statuses() {
                    prop_assert!(!workflow.explain(&status.key, &Map::new(), &Unrestricted).is_empty());
                }
            }
            Err(faults) => prop_assert!(!faults.faults().is_empty() && !faults.to_string().is_empty()),
        }
    }

    #[test]
    fn no_text_makes_loading_panic(json in any::<String>()) {
        prop_assert!(Workflow::from_json(&json).is_err());
    }

    #[test]
    fn a_damaged_definition_is_refused_or_loads_as_a_sound_workflow(text in any::<String>(), at in 0..6000_usize, length in 0..30_usize) {
        let whole = serde_json::to_string(builtin(EntityType::Case)).unwrap();
        let at = at.min(whole.len());
        let parts = whole.get(..at).zip(whole.get((at + length).min(whole.len())..));
        prop_assume!(parts.is_some());
        let (before, after) = parts.unwrap();
        for json in [format!("{before}{after}"), format!("{before}{text}{after}"), format!("{before}0{after}")] {
            if let Ok(workflow) = Workflow::from_json(&json) {
                let again = Workflow::check(workflow.definition()).unwrap();
                prop_assert_eq!(&again, &workflow);
                prop_assert_eq!(Workflow::from_json(&serde_json::to_string(&workflow).unwrap()).unwrap(), workflow);
            }
        }
    }

    #[test]
    fn a_sound_workflow_survives_serialization(workflow in sound_workflow()) {
        let json = serde_json::to_string(&workflow).unwrap();
        prop_assert_eq!(Workflow::from_json(&json).unwrap(), workflow);
    }

    #[test]
    fn a_drawing_has_one_arrow_per_rule_with_any_labels(workflow in any_workflow()) {
        let terminal = workflow.statuses().iter().filter(|status| status.terminal).count();
        let arrows = |drawing: &str, arrow: &str| drawing.lines().filter(|line| line.contains(arrow)).count();
        prop_assert_eq!(arrows(&workflow.to_mermaid(), " --> "), workflow.rules().len() + 1 + terminal);
        prop_assert_eq!(arrows(&workflow.to_dot(), "\" -> \""), workflow.rules().len() + 1);
    }

    #[test]
    fn a_random_walk_follows_transitions_and_leaves_terminal_statuses_only_by_reopening(
        workflow in any_workflow(),
        steps in vec(((0..3_u8, any::<usize>(), any::<usize>()), any::<bool>()), 1..60),
    ) {
        let mut here = workflow.initial();
        for (numbers, with_reason) in steps {
            let request = request(&workflow, numbers);
            let reason = with_reason.then_some("because");
            match workflow.plan(&here.key, &request, &Map::new(), &Unrestricted, reason) {
                Ok(TransitionPlan::Unchanged(status)) => {
                    prop_assert_eq!(&request, &Move::To(here.key.clone()));
                    prop_assert_eq!(status, here);
                }
                Ok(TransitionPlan::Change(change)) => {
                    prop_assert_eq!(change.from, here);
                    prop_assert_eq!(workflow.transition_to(&here.key, &change.to.key), Some(change.transition));
                    prop_assert!(with_reason || !change.transition.requires_reason);
                    prop_assert!(!here.terminal || (change.transition.reopens() && with_reason));
                    prop_assert!(!change.transition.reopens() || (here.is_closed() && !change.to.is_closed()));
                    here = change.to;
                }
                Err(refusal) => prop_assert!(!refusal.reasons.is_empty()),
            }
        }
    }

    #[test]
    fn explain_and_plan_agree_on_what_is_allowed(workflow in any_workflow()) {
        for status in workflow.statuses() {
            let explained = workflow.explain(&status.key, &Map::new(), &Unrestricted);
            let allowed = explained.iter().filter(|move_| move_.allowed).count();
            prop_assert_eq!(allowed, workflow.transitions_from(&status.key).count());
            for explanation in explained {
                let request = Move::Named { name: explanation.name.clone(), to: Some(explanation.to.clone()) };
                let reason = explanation.requires.contains(&Requirement::Reason).then_some("because");
                match workflow.plan(&status.key, &request, &Map::new(), &Unrestricted, reason) {
                    Ok(_) => prop_assert!(explanation.allowed && explanation.reasons.is_empty()),
                    Err(refusal) => {
                        prop_assert!(!explanation.allowed);
                        prop_assert_eq!(refusal.reasons, explanation.reasons);
                    }
                }
            }
        }
    }
}
