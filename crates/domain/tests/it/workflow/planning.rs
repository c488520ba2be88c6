//! Plans of the transition that a request means, and refusals with every reason.

use docket_domain::workflow::{Move, ReasonCode, ReasonKind, Refusal, Requirement, TransitionPlan, Unrestricted};
use serde_json::{Map, json};

use super::{Holding, case, change, invoice_like, key, object, plan, reasons};

fn named_to(name: &str, to: &str) -> Move {
    Move::Named { name: name.to_owned(), to: Some(key(to)) }
}

fn refused(from: &str, request: &Move, reason: Option<&str>) -> Refusal {
    plan(case(), from, request, reason).unwrap_err()
}

#[test]
fn a_named_transition_goes_to_its_default_or_requested_target() {
    for (from, request, expected) in [
        ("open", Move::named("resolve"), "resolve: open -> resolved"),
        ("resolved", Move::named("rework"), "rework: resolved -> in_progress"),
        ("resolved", named_to("rework", "open"), "rework: resolved -> open"),
        ("cancelled", Move::named("reopen"), "reopen: cancelled -> open"),
        ("closed", named_to("reopen", "in_progress"), "reopen: closed -> in_progress"),
    ] {
        assert_eq!(change(&plan(case(), from, &request, Some("why")).unwrap()), expected);
    }
}

#[test]
fn a_change_to_the_current_status_changes_nothing() {
    for status in case().statuses() {
        let planned = plan(case(), status.key.as_str(), &Move::To(status.key.clone()), None);
        assert_eq!(planned, Ok(TransitionPlan::Unchanged(status)));
    }
}

#[test]
fn a_named_transition_is_refused_in_its_target_status() {
    let refusal = refused("closed", &Move::named("close"), None);
    assert_eq!(
        reasons(&refusal),
        ["not_from_here: the case is in status closed; close starts from open, in_progress, pending_customer, \
             pending_contractor or resolved"]
    );
    assert_eq!(refusal.kind(), ReasonKind::NotAllowed);
}

#[test]
fn unknown_names_make_a_request_invalid() {
    let refusal = refused("open", &Move::named("Explode"), None);
    assert_eq!(
        reasons(&refusal),
        ["unknown_transition on transition: unknown transition `Explode`, expected start, wait_for_customer, \
             wait_for_contractor, resume, requeue, resolve, rework, close, cancel or reopen"]
    );
    assert_eq!(refusal.kind(), ReasonKind::Invalid);

    let unknown_status = "unknown_status on to: unknown status `gone`, expected open, in_progress, pending_customer, \
                          pending_contractor, resolved, closed or cancelled";
    assert_eq!(reasons(&refused("open", &Move::to("gone"), None)), [unknown_status]);
    assert_eq!(reasons(&refused("open", &named_to("close", "gone"), None)), [unknown_status]);
    assert_eq!(refused("open", &named_to("explode", "gone"), None).reasons.len(), 2);
}

#[test]
fn a_transition_cannot_lead_to_a_status_outside_its_targets() {
    let refusal = refused("resolved", &named_to("rework", "closed"), None);
    assert_eq!(reasons(&refusal), ["not_a_target on to: rework leads to in_progress or open, not to closed"]);
    assert_eq!(refusal.kind(), ReasonKind::Invalid);
}

#[test]
fn reopening_requires_a_reason_for_every_target() {
    for request in [Move::named("reopen"), named_to("reopen", "in_progress"), Move::to("open"), Move::to("in_progress")]
    {
        for blank in [None, Some(""), Some(" \n")] {
            let refusal = refused("closed", &request, blank);
            assert_eq!(reasons(&refusal), ["reason_required on reason: reopen needs a reason"]);
            assert_eq!(refusal.kind(), ReasonKind::Invalid);
        }
        assert!(plan(case(), "closed", &request, Some("new evidence")).is_ok());
    }
}

#[test]
fn a_refused_change_names_the_statuses_that_lead_to_its_target() {
    let refusal = refused("closed", &Move::to("resolved"), None);
    assert_eq!(
        reasons(&refusal),
        ["not_from_here: the case is in status closed; transitions to resolved start from open, in_progress, \
             pending_customer or pending_contractor"]
    );
}

#[test]
fn a_refusal_has_every_reason_at_once() {
    let workflow = invoice_like();
    let settle = Move::named("settle");
    let refusal = workflow.plan(&key("draft"), &settle, &Map::new(), &Holding(&["cases:write"]), None).unwrap_err();
    assert_eq!(
        reasons(&refusal),
        [
            "not_from_here: the case is in status draft; settle starts from sent",
            "scope_missing: settle needs the scope admin",
            "reason_required on reason: settle needs a reason",
        ]
    );
    assert_eq!(refusal.kind(), ReasonKind::Forbidden);
    assert_eq!(refusal.of_kind(ReasonKind::Invalid).count(), 1);

    let urgent = object(json!({"priority": "low"}));
    let refusal = workflow.plan(&key("draft"), &Move::to("sent"), &urgent, &Unrestricted, None).unwrap_err();
    assert_eq!(
        reasons(&refusal),
        [
            "field_missing on customer_id: customer_id must be set",
            "field_mismatch on priority: priority must be `high` or `urgent`",
        ]
    );
    assert_eq!(refusal.kind(), ReasonKind::NotAllowed);
    assert_eq!(refusal.to_string(), "customer_id must be set and priority must be `high` or `urgent`");
}

#[test]
fn a_transition_is_allowed_if_its_guards_hold_and_its_scope_is_held() {
    let workflow = invoice_like();
    let ready = object(json!({"priority": "high", "customer_id": 7}));
    let planned = workflow.plan(&key("draft"), &Move::named("send"), &ready, &Unrestricted, None).unwrap();
    assert_eq!(change(&planned), "send: draft -> sent");
    let admin = Holding(&["admin"]);
    let planned = workflow.plan(&key("sent"), &Move::to("paid"), &ready, &admin, Some("bank says so")).unwrap();
    assert_eq!(change(&planned), "settle: sent -> paid");
}

#[test]
fn a_refusal_lists_allowed_and_blocked_transitions() {
    let refusal = refused("closed", &Move::named("resolve"), None);
    let allowed: Vec<_> =
        refusal.allowed.iter().map(|m| (m.name.as_str(), m.to.as_str(), m.requires.as_slice())).collect();
    assert_eq!(
        allowed,
        [("reopen", "open", [Requirement::Reason].as_slice()), ("reopen", "in_progress", &[Requirement::Reason])]
    );
    assert!(refusal.blocked.is_empty());

    let workflow = invoice_like();
    let refusal = workflow.plan(&key("draft"), &Move::to("paid"), &Map::new(), &Unrestricted, None).unwrap_err();
    assert!(refusal.allowed.is_empty());
    assert_eq!(refusal.blocked.len(), 1);
    assert_eq!(refusal.blocked[0].name, "send");
    assert_eq!(refusal.blocked[0].reasons.len(), 2);
}

#[test]
fn no_transition_leaves_an_unknown_status() {
    for request in [Move::named("close"), Move::to("closed"), Move::to("draft")] {
        let refusal = refused("draft", &request, Some("why"));
        let text = "present_status_unknown: the case is in status `draft`, which the workflow `Case` does not have";
        assert_eq!(reasons(&refusal)[0], text);
        assert!(refusal.allowed.is_empty() && refusal.blocked.is_empty());
    }
}

#[test]
fn a_case_is_created_in_any_status_that_is_not_terminal() {
    assert_eq!(case().plan_creation(None), Ok(case().initial()));
    for status in case().statuses() {
        let planned = case().plan_creation(Some(&status.key));
        match planned {
            Ok(found) => assert!(found == status && !status.terminal),
            Err(reason) => {
                assert!(status.terminal);
                assert_eq!((reason.code, reason.kind()), (ReasonCode::TerminalAtCreation, ReasonKind::Invalid));
                assert_eq!(reason.field.as_deref(), Some("status"));
                assert_eq!(
                    reason.message,
                    format!(
                        "no case can be created in the terminal status {}, expected open, in_progress, \
                         pending_customer, pending_contractor or resolved",
                        status.key
                    )
                );
            }
        }
    }
    assert_eq!(case().plan_creation(Some(&key("gone"))).unwrap_err().code, ReasonCode::UnknownStatus);
}

#[test]
fn reason_codes_serialize_to_their_text_form() {
    for code in ReasonCode::ALL {
        assert_eq!(json!(code), json!(code.as_str()));
    }
}
