//! Assertions, differences, migrations and discovery: examples, and properties of random workflows and logs.

use std::{collections::BTreeMap, time::Instant};

use chrono::{DateTime, TimeDelta, Utc};
use docket_domain::{
    import::{LogRow, LogRun, conform, discover},
    workflow::{
        Assertion, MigrationPlan, Move, NoFacts, Obstacle, Path, StatusKey, StatusMap, TransitionPlan, Unrestricted,
        Workflow, WorkflowDiff, WorkflowReport, answer_assertions,
    },
};
use proptest::{collection::vec, prelude::*, sample::Index};
use serde_json::{Value, json};

use super::{case, key, random::sound_workflow};

fn reachable(from: &str, to: &str) -> Assertion {
    Assertion::Reachable { from: from.into(), to: to.into() }
}

fn never(from: &str, to: &str, without: Option<&str>) -> Assertion {
    Assertion::Never { from: from.into(), to: to.into(), without: without.map(str::to_owned) }
}

fn always_passes(to: &str, through: &str) -> Assertion {
    Assertion::AlwaysPasses { to: to.into(), through: through.into() }
}

fn holds(assertion: Assertion) -> bool {
    answer_assertions(&case().definition(), &[assertion]).remove(0).holds
}

#[test]
fn assertions_about_the_built_in_workflow() {
    assert!(holds(reachable("open", "closed")));
    assert!(holds(reachable("cancelled", "resolved")));
    assert!(holds(never("closed", "open", Some("reopen"))));
    assert!(!holds(never("closed", "open", Some("rework"))));
    assert!(!holds(never("open", "closed", None)));
    assert!(!holds(always_passes("closed", "resolved")));
    assert!(holds(always_passes("closed", "closed")));
    assert!(!holds(reachable("open", "nowhere")));
    assert!(!holds(never("open", "closed", Some("no_such_word"))));
}

#[test]
fn a_transition_whose_guards_contradict_each_other_is_on_no_path() {
    let mut definition = case().definition();
    let close = definition.transitions.iter_mut().find(|transition| transition.name == "close").unwrap();
    close.guards =
        serde_json::from_value(json!([{ "field_set": { "field": "owner" } }, { "field_empty": { "field": "owner" } }]))
            .unwrap();
    let answers = answer_assertions(&definition, &[reachable("open", "closed"), reachable("open", "cancelled")]);
    assert_eq!([answers[0].holds, answers[1].holds], [false, true]);
}

/// Whether each step of a path is a move of the workflow.
fn replays(workflow: &Workflow, path: &Path) -> bool {
    path.statuses.len() == path.transitions.len() + 1
        && path.statuses.windows(2).zip(&path.transitions).all(|(step, name)| {
            let request = Move::Named { name: name.clone(), to: Some(step[1].clone()) };
            workflow.plan(&step[0], &request, &NoFacts, &Unrestricted, Some("reason")).is_ok()
        })
}

/// A random walk from a status in which a case can be created: the statuses and the transitions.
fn walk(workflow: &Workflow, choices: &[Index]) -> (Vec<StatusKey>, Vec<String>) {
    let creatable = workflow.statuses().iter().filter(|status| status.is_creatable()).collect::<Vec<_>>();
    let (mut statuses, mut transitions) = (vec![choices[0].get(&creatable).key.clone()], Vec::new());
    for choice in &choices[1..] {
        let ways = workflow.transitions_from(statuses.last().unwrap()).collect::<Vec<_>>();
        if ways.is_empty() {
            break;
        }
        let (transition, to) = choice.get(&ways);
        transitions.push(transition.name.clone());
        statuses.push((*to).clone());
    }
    (statuses, transitions)
}

/// Whether a walk contradicts an assertion that was answered with yes.
fn contradicts(assertion: &Assertion, statuses: &[StatusKey], transitions: &[String]) -> bool {
    match assertion {
        Assertion::Reachable { .. } => false,
        Assertion::Never { from, to, without } => {
            (0..statuses.len()).filter(|at| statuses[*at] == *from).any(|start| {
                (start + 1..statuses.len()).any(|end| {
                    let passes = |word: &String| {
                        transitions[start..end].contains(word)
                            || statuses[start..=end].iter().any(|status| status.as_str() == word)
                    };
                    statuses[end] == *to && !without.as_ref().is_some_and(passes)
                })
            })
        }
        Assertion::AlwaysPasses { to, through } => {
            let end = statuses.iter().position(|status| status == to);
            end.is_some_and(|end| !statuses[..=end].contains(through))
        }
    }
}

fn run(case: usize, statuses: &[String]) -> LogRun {
    let begin = DateTime::<Utc>::from_timestamp(1_700_000_000, 0).unwrap();
    let rows = statuses.iter().enumerate().map(|(at, status)| LogRow {
        line: 1,
        case: case.to_string(),
        status: status.clone(),
        actor: "a".to_owned(),
        occurred_at: begin + TimeDelta::minutes(i64::try_from(at).unwrap()),
        reason: None,
    });
    LogRun { rows: rows.collect() }
}

/// Whether a workflow allows the creation and every move of a log, by the labels of its statuses.
fn replays_log(workflow: &Workflow, log: &[Vec<String>]) -> bool {
    log.iter().all(|words| {
        let keys = words.iter().map(|word| workflow.status_by_label(word).map(|status| status.key.clone()));
        let Some(keys) = keys.collect::<Option<Vec<_>>>() else { return false };
        workflow.plan_creation(keys.first()).is_ok()
            && keys.windows(2).all(|step| {
                let plan = workflow.plan(&step[0], &Move::To(step[1].clone()), &NoFacts, &Unrestricted, None);
                matches!(plan, Ok(TransitionPlan::Unchanged(_) | TransitionPlan::Change(_)))
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn answers_hold_on_random_walks_and_counterexamples_replay(
        workflow in sound_workflow(),
        questions in vec((any::<Index>(), any::<Index>(), any::<Index>(), 0..4_u8), 1..12),
        walks in vec(vec(any::<Index>(), 2..12), 40),
    ) {
        let status = |index: &Index| index.get(workflow.statuses()).key.clone();
        let assertions = questions.iter().map(|(from, to, other, kind)| match kind {
            0 => Assertion::Reachable { from: status(from), to: status(to) },
            1 => Assertion::Never { from: status(from), to: status(to), without: Some(other.get(workflow.transitions()).name.clone()) },
            2 => Assertion::Never { from: status(from), to: status(to), without: Some(status(other).to_string()) },
            _ => Assertion::AlwaysPasses { to: status(to), through: status(other) },
        });
        let assertions = assertions.collect::<Vec<_>>();
        let answers = answer_assertions(&workflow.definition(), &assertions);
        for answer in &answers {
            if let Some(path) = &answer.counterexample {
                prop_assert!(replays(&workflow, path), "{answer:?}");
                prop_assert!(contradicts(&answer.assertion, &path.statuses, &path.transitions), "{answer:?}");
            }
            prop_assert!(!answer.holds || answer.counterexample.is_none());
        }
        for choices in &walks {
            let (statuses, transitions) = walk(&workflow, choices);
            for answer in &answers {
                prop_assert!(!answer.holds || !contradicts(&answer.assertion, &statuses, &transitions), "{answer:?} {statuses:?}");
                if let Assertion::Reachable { from, to } = &answer.assertion {
                    let start = statuses.iter().position(|status| status == from);
                    let reached = start.is_some_and(|start| statuses[start..].contains(to));
                    prop_assert!(answer.holds || !reached, "{answer:?} {statuses:?}");
                }
            }
        }
    }

    #[test]
    fn a_difference_applied_gives_the_other_version(old in sound_workflow(), new in sound_workflow()) {
        let diff = WorkflowDiff::between(&old, &new);
        prop_assert_eq!(diff.apply(&old).unwrap(), new.clone());
        prop_assert!(WorkflowDiff::between(&new, &new).is_empty());
        prop_assert_eq!(diff.is_empty(), old == new);
    }

    #[test]
    fn a_plan_moves_every_case_or_says_why(old in sound_workflow(), new in sound_workflow(), cases in vec(0..50_u64, 10)) {
        let counts = old.statuses().iter().zip(&cases).map(|(status, cases)| (status.key.clone(), *cases));
        let counts = counts.collect::<BTreeMap<_, _>>();
        let plan = MigrationPlan::new(&old, &new, &StatusMap::new(), &counts);
        prop_assert_eq!(plan.rows.iter().map(|row| row.cases).sum::<u64>(), counts.values().sum::<u64>());
        for row in &plan.rows {
            match &row.to_status {
                Some(to) => prop_assert!(row.reasons.is_empty() && *to == row.from_status && new.status(to).is_some()),
                None => prop_assert_eq!(row.reasons.len(), 1),
            }
        }
    }

    #[test]
    fn a_discovered_workflow_replays_its_log(log in vec(vec("[A-Da-d]{1,2}|Äöü 7|", 1..9), 1..12)) {
        // Labels are compared without case, so words that differ in case only are one status.
        let log = log.into_iter().map(|words: Vec<String>| words.into_iter().map(|word| format!("x{}", word.to_lowercase())).collect::<Vec<_>>());
        let log = log.collect::<Vec<_>>();
        let runs = log.iter().enumerate().map(|(at, words)| run(at, words)).collect::<Vec<_>>();
        let found = discover(&runs, "Found", 0.0);
        prop_assert!(found.left_out.is_empty() && found.dropped.is_empty());
        let workflow = Workflow::check(found.definition).unwrap();
        prop_assert!(replays_log(&workflow, &log));
        let conformance = conform(&runs, &workflow, |word| workflow.status_by_label(word).map(|status| status.key.clone()));
        prop_assert_eq!((conformance.fitness, conformance.cases_that_fit), (1.0, u64::try_from(runs.len()).unwrap()));
        // With rare moves left out, the workflow is still valid.
        Workflow::check(discover(&runs, "Found", 0.4).definition).unwrap();
    }
}

#[test]
fn deviations_are_counted_with_examples() {
    let runs =
        [run(1, &["Open".to_owned(), "Closed".to_owned(), "Resolved".to_owned()]), run(2, &["Closed".to_owned()])];
    let found = conform(&runs, case(), |word| case().status_by_label(word).map(|status| status.key.clone()));
    assert_eq!((found.moves_seen, found.moves_allowed, found.cases_that_fit), (2, 1, 0));
    let named =
        found.deviations.iter().map(|one| (one.from.as_deref(), one.to.as_str(), one.count, one.cases.join(",")));
    assert_eq!(
        named.collect::<Vec<_>>(),
        [(None, "Closed", 1, "2".to_owned()), (Some("Closed"), "Resolved", 1, "1".to_owned())]
    );
}

#[test]
fn a_closed_case_does_not_become_active_by_a_migration() {
    let map = StatusMap::from([(key("closed"), key("open"))]);
    assert_eq!(case().migrated_status(case(), &map, &key("closed")), Err(Obstacle::TerminalToActive));
    assert_eq!(case().migrated_status(case(), &map, &key("gone")), Err(Obstacle::NoSuchStatus));
    assert_eq!(case().migrated_status(case(), &map, &key("cancelled")).unwrap().key, "cancelled");
}

/// A ring of statuses with transitions across it.
fn large(statuses: usize, transitions: usize) -> Value {
    let status = |at: usize| {
        let terminal = at + 1 == statuses;
        json!({
            "key": format!("s{at}"), "id": at + 1, "label": format!("S{at}"), "color": "#2563EB", "initial": at == 0,
            "phase": if terminal { "closed" } else { "active" }, "terminal": terminal,
        })
    };
    let step = |at: usize| {
        let (from, jump) = (at % (statuses - 1), 1 + at / (statuses - 1));
        json!({ "name": format!("t{at}"), "from": [format!("s{from}")], "to": [format!("s{}", (from + jump) % statuses)] })
    };
    json!({
        "entity_type": "case", "name": "Large", "statuses": (0..statuses).map(status).collect::<Vec<_>>(),
        "transitions": (0..transitions).map(step).collect::<Vec<_>>(),
    })
}

#[test]
#[expect(clippy::disallowed_methods, reason = "measures")]
fn a_large_workflow_is_checked_with_its_assertions_in_a_moment() {
    let definition = large(200, 2_000);
    let assertions = (0..100).map(|at| match at % 3 {
        0 => reachable("s0", &format!("s{at}")),
        1 => never(&format!("s{at}"), "s0", Some("t0")),
        _ => always_passes("s199", &format!("s{at}")),
    });
    let assertions = assertions.collect::<Vec<_>>();
    let begin = Instant::now();
    let report = WorkflowReport::of(&definition, &assertions);
    let took = begin.elapsed();
    assert_eq!(report.answers.len(), 100);
    assert!(report.workflow.is_some(), "{:?}", report.faults);
    println!("200 statuses, 2,000 transitions, 100 assertions: {took:?}");
    // The release takes a tenth of this.
    assert!(took.as_millis() < 2_000, "{took:?}");
}

#[test]
fn too_large_a_definition_is_refused_before_it_is_checked() {
    let report = WorkflowReport::of(&large(600, 700), &[]);
    assert_eq!(report.faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["too_many"]);
}
