//! Explanations of transitions: allowed or denied, with every reason.

use docket_domain::workflow::Unrestricted;
use serde_json::{Map, json};

use super::{Holding, case, invoice_like, key};

#[test]
fn an_open_case_has_six_allowed_transitions_and_reasons_against_the_others() {
    let lines: Vec<_> = case()
        .explain(&key("open"), &Map::new(), &Unrestricted)
        .into_iter()
        .map(|e| {
            let reasons: Vec<_> = e.reasons.iter().map(|r| format!("{}: {r}", r.code)).collect();
            format!("{} -> {}: {}", e.name, e.to, if e.allowed { "allowed".to_owned() } else { reasons.join("; ") })
        })
        .collect();
    assert_eq!(
        lines,
        [
            "start -> in_progress: allowed",
            "wait_for_customer -> pending_customer: allowed",
            "wait_for_contractor -> pending_contractor: allowed",
            "resume -> in_progress: not_from_here: the case is in status open; resume starts from pending_customer or \
             pending_contractor",
            "requeue -> open: not_from_here: the case is in status open; requeue starts from in_progress, \
             pending_customer or pending_contractor",
            "resolve -> resolved: allowed",
            "rework -> in_progress: not_from_here: the case is in status open; rework starts from resolved",
            "rework -> open: not_from_here: the case is in status open; rework starts from resolved",
            "close -> closed: allowed",
            "cancel -> cancelled: allowed",
            "reopen -> open: not_from_here: the case is in status open; reopen starts from closed or cancelled",
            "reopen -> in_progress: not_from_here: the case is in status open; reopen starts from closed or cancelled",
        ]
    );
}

#[test]
fn a_required_reason_does_not_deny_a_transition() {
    let explained = case().explain(&key("closed"), &Map::new(), &Unrestricted);
    let reopen = explained.iter().find(|e| e.name == "reopen").unwrap();
    assert_eq!(
        json!(reopen),
        json!({"name": "reopen", "label": "Reopen", "to": "open", "allowed": true, "requires": ["reason"], "reasons": []})
    );
}

#[test]
fn a_denial_has_all_its_reasons() {
    let explained = invoice_like().explain(&key("paid"), &Map::new(), &Holding(&[]));
    assert_eq!(
        json!(explained),
        json!([
            {"name": "send", "label": "Send", "to": "sent", "allowed": false, "requires": [], "reasons": [
                {"code": "not_from_here", "message": "the case is in status paid; send starts from draft"},
                {"code": "field_missing", "message": "customer_id must be set", "field": "customer_id"},
                {"code": "field_mismatch", "message": "priority must be `high` or `urgent`", "field": "priority"}
            ]},
            {"name": "settle", "label": "Mark as paid", "to": "paid", "allowed": false, "requires": ["reason"], "reasons": [
                {"code": "not_from_here", "message": "the case is in status paid; settle starts from sent"},
                {"code": "scope_missing", "message": "settle needs the scope admin"}
            ]}
        ])
    );
}

#[test]
fn every_transition_is_denied_in_an_unknown_status() {
    for explanation in case().explain(&key("draft"), &Map::new(), &Unrestricted) {
        assert!(!explanation.allowed);
        assert_eq!(explanation.reasons[0].code.as_str(), "present_status_unknown");
    }
}
