//! Every fault that loading reports, with its message.

use docket_domain::workflow::{
    Guard, Outcome, Phase, StatusDefinition, StatusKey, TransitionDefinition, TransitionKind, Workflow,
    WorkflowDefinition,
};
use serde_json::json;

use super::key;

/// A valid workflow: open, resolved and closed; resolve, rework, close and reopen.
fn sound() -> WorkflowDefinition {
    let status = |id, key: &str, label: &str, phase| StatusDefinition {
        key: StatusKey::new(key),
        id,
        label: label.to_owned(),
        description: String::new(),
        color: "#123456".to_owned(),
        phase,
        initial: id == 1,
        terminal: phase == Phase::Closed,
        outcome: None,
    };
    let mut resolved = status(2, "resolved", "Resolved", Phase::Active);
    resolved.outcome = Some(Outcome::Resolved);
    let mut closed = status(3, "closed", "Closed", Phase::Closed);
    closed.outcome = Some(Outcome::Closed);
    let mut rework = transition("rework", &["resolved"], &["open"]);
    rework.kind = TransitionKind::Rework;
    let mut reopen = transition("reopen", &["closed"], &["open"]);
    reopen.kind = TransitionKind::Reopen;
    reopen.requires_reason = true;
    WorkflowDefinition {
        entity_type: docket_domain::workflow::EntityType::Case,
        name: "Test".to_owned(),
        statuses: vec![status(1, "open", "Open", Phase::Active), resolved, closed],
        transitions: vec![
            transition("resolve", &["open"], &["resolved"]),
            rework,
            transition("close", &["open", "resolved"], &["closed"]),
            reopen,
        ],
    }
}

fn transition(name: &str, from: &[&str], to: &[&str]) -> TransitionDefinition {
    let keys = |keys: &[&str]| keys.iter().map(|key| StatusKey::new(*key)).collect();
    TransitionDefinition {
        name: name.to_owned(),
        label: None,
        from: keys(from),
        to: keys(to),
        requires_reason: false,
        scope: None,
        guards: Vec::new(),
        kind: TransitionKind::Regular,
    }
}

const OPEN: usize = 0;
const RESOLVED: usize = 1;
const CLOSED: usize = 2;
const RESOLVE: usize = 0;
const REWORK: usize = 1;
const CLOSE: usize = 2;
const REOPEN: usize = 3;

/// Changes the valid definition and expects exactly these faults, each as `code: message`.
#[track_caller]
fn expect(spoil: impl FnOnce(&mut WorkflowDefinition), expected: &[&str]) {
    let mut definition = sound();
    spoil(&mut definition);
    let faults = Workflow::check(definition).unwrap_err();
    let found: Vec<_> = faults.faults().iter().map(|fault| format!("{}: {fault}", fault.code())).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_base_definition_is_sound() {
    Workflow::check(sound()).unwrap();
}

#[test]
fn names_and_keys_are_words_and_unique() {
    expect(|d| d.name = " ".to_owned(), &["invalid_name: the workflow has an empty or unprintable name"]);
    expect(
        |d| {
            d.statuses[RESOLVED].key = key("Re solved");
            d.transitions[RESOLVE].to = vec![key("Re solved")];
            d.transitions[REWORK].from = vec![key("Re solved")];
            d.transitions[CLOSE].from = vec![key("open"), key("Re solved")];
        },
        &["invalid_status_key: status number 2: key `Re solved` is not a lower-case word (a-z, 0-9, _; at most 64)"],
    );
    expect(
        |d| d.statuses.push(StatusDefinition { id: 4, label: "Other".to_owned(), ..d.statuses[RESOLVED].clone() }),
        &["duplicate_status_key: status resolved: defined more than once"],
    );
    expect(
        |d| d.transitions[RESOLVE].name = "1st".to_owned(),
        &[
            "invalid_transition_name: transition number 1: name `1st` is not a lower-case word (a-z, 0-9, _; at most 64)",
        ],
    );
    expect(
        |d| d.transitions[REWORK].name = "resolve".to_owned(),
        &["duplicate_transition_name: transition resolve: defined more than once; one transition may have several \
             from and to statuses"],
    );
}

#[test]
fn numbers_are_positive_and_unique() {
    expect(|d| d.statuses[OPEN].id = 0, &["invalid_status_id: status open: id 0 is not positive"]);
    expect(
        |d| d.statuses[CLOSED].id = 1,
        &["duplicate_status_id: status closed: has id 1, which is that of status open"],
    );
}

#[test]
fn labels_are_short_lines_and_unique() {
    expect(|d| d.statuses[OPEN].label = "\t".to_owned(), &["empty_status_label: status open: the label is empty"]);
    expect(
        |d| d.statuses[OPEN].label = "two\nlines".to_owned(),
        &["unprintable_status_label: status open: the label is longer than 100 characters or has control characters"],
    );
    expect(
        |d| d.statuses[CLOSED].label = "OPEN".to_owned(),
        &["duplicate_status_label: status closed: has label `OPEN`, which is that of status open"],
    );
    expect(
        |d| d.transitions[CLOSE].label = Some(String::new()),
        &["empty_transition_label: transition close: the label is empty"],
    );
    expect(
        |d| d.transitions[CLOSE].label = Some("x".repeat(101)),
        &["unprintable_transition_label: transition close: the label is longer than 100 characters or has control \
             characters"],
    );
    expect(
        |d| d.transitions[CLOSE].label = Some("ReSolve".to_owned()),
        &["duplicate_transition_label: transition close: its name or label `resolve` is also that of transition \
             resolve"],
    );
}

#[test]
fn colours_are_six_digits() {
    expect(
        |d| d.statuses[OPEN].color = "red".to_owned(),
        &["invalid_color: status open: color `red` is not of the form #RRGGBB"],
    );
}

#[test]
fn phase_outcome_and_terminal_agree() {
    expect(
        |d| {
            d.statuses[CLOSED].phase = Phase::Active;
            d.statuses[CLOSED].outcome = None;
        },
        &["terminal_not_closed: status closed: is terminal, so its phase must be closed, not active"],
    );
    expect(
        |d| d.statuses[OPEN].outcome = Some(Outcome::Cancelled),
        &["outcome_outside_phase: status open: outcome cancelled is not valid in phase active"],
    );
    expect(
        |d| d.statuses[CLOSED].outcome = Some(Outcome::Resolved),
        &["outcome_outside_phase: status closed: outcome resolved is not valid in phase closed"],
    );
}

#[test]
fn exactly_one_status_is_initial_and_it_is_not_terminal() {
    expect(|d| d.statuses[OPEN].initial = false, &["no_initial_status: no status is initial: exactly one must be"]);
    expect(
        |d| d.statuses[RESOLVED].initial = true,
        &["several_initial_statuses: statuses open and resolved are all initial: exactly one must be"],
    );
    expect(
        |d| {
            d.statuses[OPEN].initial = false;
            d.statuses[CLOSED].initial = true;
        },
        &["terminal_initial: status closed: is both initial and terminal"],
    );
    expect(
        |d| {
            d.statuses.clear();
            d.transitions.clear();
        },
        &["no_statuses: the workflow has no statuses"],
    );
}

#[test]
fn both_ends_of_a_transition_name_known_statuses_once() {
    expect(
        |d| d.transitions.push(transition("drift", &[], &["closed"])),
        &["no_end: transition drift: `from` names no status"],
    );
    expect(
        |d| d.transitions.push(transition("drift", &["open"], &[])),
        &["no_end: transition drift: `to` names no status"],
    );
    expect(
        |d| d.transitions.push(transition("drift", &["nowhere"], &["moon", "moon"])),
        &[
            "unknown_status: transition drift: `from` names the unknown status `nowhere`",
            "unknown_status: transition drift: `to` names the unknown status `moon`",
            "repeated_status: transition drift: `to` names status moon more than once",
        ],
    );
    expect(
        |d| d.transitions[CLOSE].from.push(key("open")),
        &["repeated_status: transition close: `from` names status open more than once"],
    );
    expect(
        |d| d.transitions[RESOLVE].to.push(key("open")),
        &["self_transition: transition resolve: leads from status open to itself, which is no change"],
    );
}

#[test]
fn at_most_one_transition_leads_from_one_status_to_another() {
    expect(
        |d| d.transitions.push(transition("finish", &["open", "resolved"], &["closed"])),
        &[
            "ambiguous_transitions: transitions close and finish: both lead from status open to status closed; only \
             one may",
            "ambiguous_transitions: transitions close and finish: both lead from status resolved to status closed; \
             only one may",
        ],
    );
}

#[test]
fn only_a_reopening_leaves_a_terminal_status() {
    expect(
        |d| d.transitions[REOPEN].kind = TransitionKind::Regular,
        &["terminal_way_out: transition reopen: leaves the terminal status closed; only a transition of kind \
             reopen may do so"],
    );
}

#[test]
fn a_reopening_leads_from_closed_to_active_and_requires_a_reason() {
    expect(
        |d| d.transitions[REOPEN].requires_reason = false,
        &["reopen_without_reason: transition reopen: is of kind reopen, so requires_reason must be true"],
    );
    expect(
        |d| {
            d.transitions[RESOLVE].kind = TransitionKind::Reopen;
            d.transitions[RESOLVE].requires_reason = true;
        },
        &["misplaced_reopen: transition resolve: is of kind reopen but leads from open to resolved, not from closed \
             to active"],
    );
    expect(
        |d| {
            d.statuses[CLOSED].terminal = false;
            d.transitions[REOPEN].kind = TransitionKind::Regular;
        },
        &[
            "unmarked_reopen: transition reopen: leads from closed (closed) to open (active), so its kind must be reopen",
        ],
    );
}

#[test]
fn a_rework_leads_from_resolved_to_active_work() {
    expect(
        |d| d.transitions[REWORK].kind = TransitionKind::Regular,
        &[
            "unmarked_rework: transition rework: leads from resolved (resolved) back to open, so its kind must be rework",
        ],
    );
    expect(
        |d| d.transitions[CLOSE].kind = TransitionKind::Rework,
        &[
            "misplaced_rework: transition close: is of kind rework but leads from open to closed, not from resolved to \
             active work",
            "misplaced_rework: transition close: is of kind rework but leads from resolved to closed, not from \
             resolved to active work",
        ],
    );
}

#[test]
fn scopes_and_guards_must_name_known_scopes_and_fields() {
    expect(
        |d| d.transitions[CLOSE].scope = Some("cases:close".to_owned()),
        &["unknown_scope: transition close: unknown scope `cases:close`, expected one of cases:read, cases:write, \
             cases:delete or admin"],
    );
    expect(
        |d| d.transitions[CLOSE].guards.push(Guard::FieldSet { field: "shoe_size".to_owned() }),
        &["unknown_guard_field: transition close: a guard names `shoe_size`, which is not a field of case"],
    );
    expect(
        |d| {
            let guard = json!({"field_one_of": {"field": "custom_fields.court", "values": []}});
            d.transitions[CLOSE].guards.push(serde_json::from_value(guard).unwrap());
        },
        &["empty_guard: transition close: the guard on custom_fields.court has no values, so it can never be met"],
    );
}

#[test]
fn every_status_is_reachable_and_none_is_a_dead_end() {
    expect(
        |d| {
            d.transitions[RESOLVE].from = vec![key("closed")];
            d.transitions[RESOLVE].kind = TransitionKind::Reopen;
            d.transitions[RESOLVE].requires_reason = true;
            d.transitions[REOPEN].from = vec![key("closed")];
            d.transitions[CLOSE].from = vec![key("resolved")];
            d.transitions[REWORK].from = vec![key("resolved")];
        },
        &[
            "unreachable_status: status resolved: cannot be reached from the initial status open",
            "unreachable_status: status closed: cannot be reached from the initial status open",
            "dead_end: status open: has no outgoing transition; add one or make the status terminal",
        ],
    );
}

#[test]
fn all_faults_are_reported_at_once() {
    expect(
        |d| {
            d.name.clear();
            d.statuses[OPEN].label.clear();
            d.statuses[CLOSED].color.clear();
            d.transitions[CLOSE].to = vec![key("gone")];
            d.transitions[RESOLVE].name = "rework".to_owned();
        },
        &[
            "invalid_name: the workflow has an empty or unprintable name",
            "empty_status_label: status open: the label is empty",
            "invalid_color: status closed: color `` is not of the form #RRGGBB",
            "unknown_status: transition close: `to` names the unknown status `gone`",
            "duplicate_transition_name: transition rework: defined more than once; one transition may have several \
             from and to statuses",
            "unreachable_status: status closed: cannot be reached from the initial status open",
        ],
    );
}

#[test]
fn quoted_input_is_shortened_and_escaped() {
    expect(
        |d| d.statuses[OPEN].color = format!("\u{1b}[31m\n{}", "x".repeat(1000)),
        &[&format!(
            "invalid_color: status open: color `\\u{{1b}}[31m\\n{}…` is not of the form #RRGGBB",
            "x".repeat(58)
        )],
    );
}
