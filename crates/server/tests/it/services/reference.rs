//! Services dialect: statuses and priorities, and the catalog of statuses and transitions.

use serde_json::{Value, json};

use super::{faults, keys, read};
use crate::support::on_both_databases;

const STATUSES: [&str; 7] =
    ["open", "in_progress", "pending_customer", "pending_contractor", "resolved", "closed", "cancelled"];

fn column<'v>(answer: &'v Value, name: &str) -> Vec<&'v Value> {
    answer["data"].as_array().unwrap().iter().map(|row| &row[name]).collect()
}

on_both_databases! {
    fn all_seven_statuses_are_described(app) {
        let answer = read(app, "/api/cases/meta/statuses");
        assert_eq!(answer["count"], 7);
        assert_eq!(column(&answer, "key"), STATUSES);
        assert_eq!(column(&answer, "label"), ["Open", "In progress", "Pending customer", "Pending contractor", "Resolved", "Closed", "Cancelled"]);
        assert_eq!(column(&answer, "is_terminal"), [false, false, false, false, false, true, true]);
        assert_eq!(column(&answer, "is_initial"), [true, false, false, false, false, false, false]);
        assert_eq!(column(&answer, "sort_order"), [1, 2, 3, 4, 5, 6, 7]);
        for row in answer["data"].as_array().unwrap() {
            assert_eq!(keys(row), ["key", "label", "description", "color", "is_terminal", "is_initial", "sort_order"]);
            assert!(!row["description"].as_str().unwrap().is_empty());
            let color = row["color"].as_str().unwrap();
            assert!(color.len() == 7 && color.starts_with('#'), "{color}");
        }
    }

    fn all_four_priorities_are_described(app) {
        let answer = read(app, "/api/cases/meta/priorities");
        assert_eq!(answer["count"], 4);
        assert_eq!(column(&answer, "key"), ["low", "normal", "high", "urgent"]);
        assert_eq!(column(&answer, "sort_order"), [1, 2, 3, 4]);
        assert_eq!(keys(&answer["data"][0]), ["key", "label", "description", "color", "sort_order"]);
    }

    fn lists_of_keys_have_the_same_envelope(app) {
        assert_eq!(read(app, "/api/cases/statuses/available"), json!({ "success": true, "count": 7, "data": STATUSES }));
        let priorities = json!({ "success": true, "count": 4, "data": ["low", "normal", "high", "urgent"] });
        assert_eq!(read(app, "/api/cases/priorities/available"), priorities);
    }

    fn the_catalog_of_statuses_is_flat_or_grouped(app) {
        let all = read(app, "/api/status-definitions");
        assert_eq!((&all["count"], &all["grouped"]), (&json!(19), &json!(false)));
        assert_eq!(all["data"].as_array().unwrap().len(), 19);
        let inquiries = read(app, "/api/status-definitions?entity_type=inquiry");
        assert_eq!(column(&inquiries, "key"), ["new", "in_review", "answered", "closed"]);
        assert!(column(&inquiries, "entity_type").iter().all(|of| *of == "inquiry"));
        let orders = read(app, "/api/status-definitions?entity_type=order");
        assert_eq!(column(&orders, "key"), ["pending", "processing", "confirmed", "in_progress", "completed", "cancelled", "refunded", "on_hold"]);
        let grouped = read(app, "/api/status-definitions?grouped=true");
        assert_eq!((&grouped["count"], &grouped["grouped"]), (&json!(19), &json!(true)));
        assert_eq!(keys(&grouped["data"]), ["case", "inquiry", "order"]);
        assert_eq!(grouped["data"]["case"].as_array().unwrap().len(), 7);
        for field in ["entity_type", "key", "label", "color", "sort_order", "is_initial", "is_terminal"] {
            assert!(grouped["data"]["case"][0].get(field).is_some(), "{field}");
        }
        assert_eq!(faults(&app.get("/api/status-definitions?entity_type=offer&grouped=maybe&x=1")), ["entity_type", "grouped", "x"]);
    }

    fn the_catalog_of_transitions_is_grouped_by_default(app) {
        let grouped = read(app, "/api/status-definitions/transitions?entity_type=case");
        assert_eq!(grouped["grouped"], true);
        assert_eq!(keys(&grouped["data"]), ["case"]);
        assert_eq!(keys(&grouped["data"]["case"]), STATUSES);
        let rule = |from: &str, to: &str, name: &str, reason: bool| {
            json!({ "from_status": from, "to_status": to, "name": name, "requires_reason": reason })
        };
        assert_eq!(grouped["data"]["case"]["closed"], json!([rule("closed", "open", "reopen", true), rule("closed", "in_progress", "reopen", true)]));
        let rules = grouped["data"]["case"].as_object().unwrap().values().map(|rules| rules.as_array().unwrap().len()).sum::<usize>();
        assert_eq!(grouped["count"], rules);
        let flat = read(app, "/api/status-definitions/transitions?entity_type=case&grouped=false");
        assert_eq!((&flat["count"], &flat["grouped"]), (&grouped["count"], &json!(false)));
        assert_eq!(flat["data"].as_array().unwrap().len(), rules);
        let from = read(app, "/api/status-definitions/transitions?entity_type=case&from_status=resolved&grouped=0");
        assert_eq!(column(&from, "name"), ["rework", "rework", "close"]);
        let from = read(app, "/api/status-definitions/transitions?entity_type=case&from_status=resolved");
        assert_eq!((keys(&from["data"]["case"]), &from["count"]), (vec!["resolved"], &json!(3)));
        for of in ["inquiry", "order"] {
            assert_eq!(keys(&read(app, &format!("/api/status-definitions/transitions?entity_type={of}"))["data"]), [of]);
        }
    }

    fn an_unknown_entity_type_or_status_is_named(app) {
        assert_eq!(faults(&app.get("/api/status-definitions/transitions?entity_type=offer")), ["entity_type"]);
        assert_eq!(faults(&app.get("/api/status-definitions/transitions")), ["entity_type"]);
        assert_eq!(faults(&app.get("/api/status-definitions/transitions?entity_type=case&from_status=new")), ["from_status"]);
    }
}
