//! The built-in workflows have the statuses and transitions of the contract.

use docket_domain::workflow::{EntityType, Move, Outcome, Phase, Status, Workflow, builtin};

use super::{case, change, key, plan};

fn line(status: &Status) -> (&str, i64, &str, bool, Phase) {
    (status.key.as_str(), status.id, &status.label, status.terminal, status.phase)
}

#[test]
fn the_statuses_of_a_case_are_those_of_the_contract() {
    let statuses: Vec<_> = case().statuses().iter().map(line).collect();
    assert_eq!(
        statuses,
        [
            ("open", 1, "Open", false, Phase::Active),
            ("in_progress", 2, "In progress", false, Phase::Active),
            ("pending_customer", 3, "Pending customer", false, Phase::Active),
            ("pending_contractor", 4, "Pending contractor", false, Phase::Active),
            ("resolved", 5, "Resolved", false, Phase::Active),
            ("closed", 6, "Closed", true, Phase::Closed),
            ("cancelled", 7, "Cancelled", true, Phase::Closed),
        ]
    );
    assert_eq!(case().initial().key, "open");
    assert!(case().statuses().iter().map(|status| status.sort_order).eq(1..=7));
}

#[test]
fn every_pair_of_statuses_has_the_transition_of_the_contract_or_none() {
    let table = [
        ("open", ["", "start", "wait_for_customer", "wait_for_contractor", "resolve", "close", "cancel"]),
        ("in_progress", ["requeue", "", "wait_for_customer", "wait_for_contractor", "resolve", "close", "cancel"]),
        ("pending_customer", ["requeue", "resume", "", "wait_for_contractor", "resolve", "close", "cancel"]),
        ("pending_contractor", ["requeue", "resume", "wait_for_customer", "", "resolve", "close", "cancel"]),
        ("resolved", ["rework", "rework", "", "", "", "close", ""]),
        ("closed", ["reopen", "reopen", "", "", "", "", ""]),
        ("cancelled", ["reopen", "reopen", "", "", "", "", ""]),
    ];
    for (from, row) in table {
        for (to, expected) in case().statuses().iter().zip(row) {
            let to = to.key.as_str();
            let found = case().transition_to(&key(from), &key(to)).map_or("", |transition| &transition.name);
            assert_eq!(found, expected, "{from} -> {to}");

            let planned = plan(case(), from, &Move::to(to), Some("because"));
            match planned {
                Ok(plan) if from == to => assert_eq!(change(&plan), format!("unchanged: {to}")),
                Ok(plan) => assert_eq!(change(&plan), format!("{expected}: {from} -> {to}")),
                Err(_) => assert!(expected.is_empty() && from != to, "{from} -> {to} was refused"),
            }
        }
    }
}

#[test]
fn each_transition_goes_to_its_default_target() {
    let defaults: Vec<_> =
        case().transitions().iter().map(|transition| (transition.name.as_str(), transition.to.as_str())).collect();
    assert_eq!(
        defaults,
        [
            ("start", "in_progress"),
            ("wait_for_customer", "pending_customer"),
            ("wait_for_contractor", "pending_contractor"),
            ("resume", "in_progress"),
            ("requeue", "open"),
            ("resolve", "resolved"),
            ("rework", "in_progress"),
            ("close", "closed"),
            ("cancel", "cancelled"),
            ("reopen", "open"),
        ]
    );
}

#[test]
fn only_reopening_requires_a_reason() {
    for transition in case().transitions() {
        assert_eq!(transition.requires_reason, transition.name == "reopen", "{}", transition.name);
        assert_eq!(transition.reopens(), transition.name == "reopen", "{}", transition.name);
        assert_eq!(transition.reworks(), transition.name == "rework", "{}", transition.name);
    }
}

#[test]
fn statuses_have_the_expected_outcomes() {
    let outcomes: Vec<_> = case().statuses().iter().filter_map(|status| status.outcome).collect();
    assert_eq!(outcomes, [Outcome::Resolved, Outcome::Closed, Outcome::Cancelled]);
}

fn rules(workflow: &Workflow) -> Vec<String> {
    workflow.rules().iter().map(|rule| format!("{}: {} -> {}", rule.name, rule.from_status, rule.to_status)).collect()
}

#[test]
fn the_rules_of_a_case_are_grouped_by_status_in_a_stable_order() {
    assert_eq!(case().rules().len(), 31);
    assert_eq!(
        rules(case())[..6],
        [
            "start: open -> in_progress",
            "wait_for_customer: open -> pending_customer",
            "wait_for_contractor: open -> pending_contractor",
            "resolve: open -> resolved",
            "close: open -> closed",
            "cancel: open -> cancelled",
        ]
    );
    assert_eq!(
        rules(case())[27..],
        [
            "reopen: closed -> open",
            "reopen: closed -> in_progress",
            "reopen: cancelled -> open",
            "reopen: cancelled -> in_progress",
        ]
    );
}

#[test]
fn an_inquiry_has_its_four_statuses() {
    let workflow = builtin(EntityType::Inquiry);
    let keys: Vec<_> = workflow.statuses().iter().map(|status| status.key.as_str()).collect();
    assert_eq!(keys, ["new", "in_review", "answered", "closed"]);
    assert_eq!(
        rules(workflow),
        [
            "review: new -> in_review",
            "answer: new -> answered",
            "close: new -> closed",
            "answer: in_review -> answered",
            "close: in_review -> closed",
            "follow_up: answered -> in_review",
            "close: answered -> closed",
            "reopen: closed -> in_review",
        ]
    );
}

#[test]
fn an_order_has_its_eight_statuses() {
    let workflow = builtin(EntityType::Order);
    let keys: Vec<_> = workflow.statuses().iter().map(|status| status.key.as_str()).collect();
    assert_eq!(
        keys,
        ["pending", "processing", "confirmed", "in_progress", "completed", "cancelled", "refunded", "on_hold"]
    );
    let terminal: Vec<_> =
        workflow.statuses().iter().filter(|status| status.terminal).map(|s| s.key.as_str()).collect();
    assert_eq!(terminal, ["cancelled", "refunded"]);
}
