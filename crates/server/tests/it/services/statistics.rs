//! The statistics over HTTP. The persistence tests check what each figure counts.

use serde_json::{Value, json};

use super::{create, done, faults, keys, move_to, path, read};
use crate::support::on_both_databases;

on_both_databases! {
    fn both_paths_return_every_figure(app) {
        let stats = read(app, "/api/cases/stats");
        assert_eq!(stats, read(app, "/api/cases/stats/overview"));
        assert_eq!(stats["data"], json!({
            "total": 0, "open": 0, "resolved": 0, "closed": 0, "cancelled": 0, "overdue": 0,
            "by_status": { "open": 0, "in_progress": 0, "pending_customer": 0, "pending_contractor": 0, "resolved": 0, "closed": 0, "cancelled": 0 },
            "by_priority": { "low": 0, "normal": 0, "high": 0, "urgent": 0 },
            "by_source": { "standalone": 0, "inquiry": 0, "order": 0, "follow_up": 0 },
            "created_last_30_days": 0, "closed_last_30_days": 0,
            "average_resolution_hours": null, "median_resolution_hours": null,
        }));
        assert_eq!(keys(&stats["data"])[0], "total");
    }

    fn the_figures_count_cases_by_status_priority_and_source(app) {
        let new = |customer: i64, due: Value| create(app, &json!({ "customer_id": customer, "title": "counted", "due_on": due, "priority": "high" }));
        new(1, json!("2001-01-01"));
        let resolved = new(1, Value::Null);
        done(app, &resolved, &json!({ "action": "resolve" }));
        let closed = new(2, json!("2001-01-01"));
        done(app, &closed, &json!({ "action": "close" }));
        let cancelled = new(2, Value::Null);
        move_to(app, &cancelled, "cancelled");
        app.post(&format!("{}/follow-up", path(&closed)), &json!({})).expect(201);
        let gone = new(1, json!("2001-01-01"));
        app.delete(&path(&gone)).expect(200);

        let stats = read(app, "/api/cases/stats/overview")["data"].clone();
        assert_eq!(stats["total"], 5);
        assert_eq!(stats["by_status"], json!({ "open": 2, "in_progress": 0, "pending_customer": 0, "pending_contractor": 0, "resolved": 1, "closed": 1, "cancelled": 1 }));
        for key in ["open", "resolved", "closed", "cancelled"] {
            assert_eq!(stats[key], stats["by_status"][key]);
        }
        assert_eq!(stats["by_priority"], json!({ "low": 0, "normal": 1, "high": 4, "urgent": 0 }));
        assert_eq!(stats["by_source"], json!({ "standalone": 4, "inquiry": 0, "order": 0, "follow_up": 1 }));
        assert_eq!((&stats["overdue"], &stats["created_last_30_days"], &stats["closed_last_30_days"]), (&json!(1), &json!(5), &json!(1)));
        assert!(stats["average_resolution_hours"].as_f64().unwrap() < 0.1);

        let of_2 = read(app, "/api/cases/stats?customer_id=2")["data"].clone();
        assert_eq!((&of_2["total"], &of_2["closed"], &of_2["average_resolution_hours"]), (&json!(3), &json!(1), &Value::Null));
        assert_eq!(read(app, "/api/cases/stats?contractor_id=7")["data"]["total"], 0);
        assert_eq!(read(app, "/api/cases/stats?date_from=2001-01-01&date_to=2099-01-01")["data"], stats);
        assert_eq!(read(app, "/api/cases/stats?date_to=2001-01-01")["data"]["total"], 0);
        assert_eq!(read(app, "/api/cases/stats?date_from=2001-01-01T10:00:00Z")["data"], stats);
        assert_eq!(read(&app.another_account(), "/api/cases/stats")["data"]["total"], 0);
    }

    fn invalid_filters_are_named(app) {
        let wrong = "/api/cases/stats?customer_id=x&contractor_id=0&date_from=x&date_to=y&status=open";
        assert_eq!(faults(&app.get(wrong)), ["contractor_id", "customer_id", "date_from", "date_to", "status"]);
    }
}
