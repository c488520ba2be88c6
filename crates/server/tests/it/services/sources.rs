//! Services dialect: inquiries and orders, and cases created from them or from other cases.

use serde_json::{Value, json};

use super::{case, create, done, failed, faults, ids, keys, move_to, path, read};
use crate::support::on_both_databases;

on_both_databases! {
    fn an_inquiry_is_recorded_listed_and_read(app) {
        let body = json!({ "user_id": 123, "title": "a leak", "description": "since Monday", "status": "in_review", "created_by": "front desk" });
        let answer = app.post("/api/inquiries", &body);
        let inquiry = answer.expect(201)["data"].clone();
        assert_eq!(answer.header("location"), Some(format!("/api/inquiries/{}", inquiry["id"]).as_str()));
        assert_eq!(keys(&inquiry), ["id", "user_id", "title", "description", "status", "created_by", "created_at", "updated_at"]);
        for (field, value) in body.as_object().unwrap() {
            assert_eq!(&inquiry[field], value);
        }
        let plain = app.post("/api/inquiries", &json!({ "user_id": 7 })).expect(201)["data"].clone();
        assert_eq!((&plain["status"], &plain["created_by"], &plain["title"]), (&json!("new"), &json!("tester"), &Value::Null));
        assert_eq!(ids(&read(app, "/api/inquiries")), [plain["id"].as_i64().unwrap(), inquiry["id"].as_i64().unwrap()]);
        assert_eq!(read(app, "/api/inquiries?user_id=7&status=new,closed")["pagination"]["total"], 1);
        assert_eq!(faults(&app.get("/api/inquiries?status=open&page=0&x=1")), ["page", "status", "x"]);
        let shown = read(app, &format!("/api/inquiries/{}", inquiry["id"]))["data"].clone();
        assert_eq!(shown["status_history"][0]["to_status"], "in_review");
        assert_eq!(shown["allowed_transitions"][0]["name"], "answer");
        let error = failed(&app.get(&format!("/api/orders/{}", inquiry["id"])), 404);
        assert_eq!(error["message"], "Order not found");
        failed(&app.another_account().get(&format!("/api/inquiries/{}", inquiry["id"])), 404);
        let wrong = json!({ "title": "", "status": "closed", "description": 7, "unknown": 1 });
        assert_eq!(faults(&app.post("/api/inquiries", &wrong)), ["description", "status", "unknown", "user_id"]);
        assert_eq!(faults(&app.post("/api/inquiries", &json!({ "user_id": 1, "title": "" }))), ["title"]);
    }

    fn an_order_is_placed_listed_and_read(app) {
        let body = r#"{"customer_id": 123, "title": "a visit", "items": [{"title": "Visit", "price": "92.00"}], "total": 92.10,
            "status": "confirmed", "notes": "before ten", "metadata": {"channel": "phone"}}"#;
        let answer = app.post_text("/api/orders/place", body);
        assert!(String::from_utf8(answer.body.clone()).unwrap().contains("\"total\":92.10"), "exactly as sent");
        let order = answer.expect(201)["data"].clone();
        let fields = ["id", "customer_id", "title", "items", "total", "status", "notes", "metadata", "created_by", "created_at", "updated_at"];
        assert_eq!(keys(&order), fields);
        assert_eq!((&order["status"], &order["notes"]), (&json!("confirmed"), &json!("before ten")));
        assert_eq!(order["items"], json!([{ "title": "Visit", "price": "92.00" }]));
        let plain = app.post("/api/orders/place", &json!({ "customer_id": 7, "total": "1840.00" })).expect(201)["data"].clone();
        assert_eq!((&plain["status"], &plain["items"], &plain["metadata"]), (&json!("pending"), &json!([]), &json!({})));
        assert_eq!(read(app, "/api/orders?customer_id=123")["pagination"]["total"], 1);
        assert_eq!(read(app, &format!("/api/orders/{}", order["id"]))["data"]["total"], order["total"]);
        let wrong = json!({ "items": {}, "total": "dear", "status": "cancelled", "metadata": 1, "notes": [] });
        assert_eq!(faults(&app.post("/api/orders/place", &wrong)), ["customer_id", "items", "metadata", "notes", "status", "total"]);
        assert_eq!(faults(&app.post("/api/orders/place", &json!({ "customer_id": 1, "notes": "\u{1}" }))), ["notes"]);
    }

    fn inquiries_and_orders_follow_their_workflows(app) {
        let inquiry = app.post("/api/inquiries", &json!({ "user_id": 123 })).expect(201)["data"]["id"].clone();
        let path = format!("/api/inquiries/{inquiry}");
        let answered = app.put(&path, &json!({ "status": "answered", "title": "named now" })).expect(200);
        assert_eq!((&answered["data"]["status"], &answered["data"]["title"]), (&json!("answered"), &json!("named now")));
        let refused = app.put(&path, &json!({ "status": "new" }));
        assert_eq!(faults(&refused), ["status"]);
        assert_eq!(refused.json()["allowed_transitions"][0]["from_status"], "answered");
        assert_eq!(faults(&app.put(&path, &json!({ "user_id": 4, "status": 7 }))), ["status", "user_id"]);
        let order = app.post("/api/orders/place", &json!({ "customer_id": 123, "items": [1], "total": 5 })).expect(201)["data"]["id"].clone();
        let path = format!("/api/orders/{order}");
        assert_eq!(faults(&app.put(&path, &json!({ "status": "on_hold" }))), ["reason"]);
        let held = app.put(&path, &json!({ "status": "on_hold", "reason": "not paid", "notes": "wait" })).expect(200);
        assert_eq!((&held["data"]["status"], &held["data"]["total"]), (&json!("on_hold"), &json!(5)));
        let history = read(app, &path)["data"]["status_history"].clone();
        assert_eq!(history.as_array().unwrap().len(), 2);
        assert_eq!(history[1]["reason"], "not paid");
        failed(&app.put("/api/orders/999999999", &json!({ "status": "on_hold" })), 404);
    }

    fn a_case_is_created_from_an_inquiry(app) {
        let inquiry = app.post("/api/inquiries", &json!({ "user_id": 123, "title": "a leak", "description": "since Monday" })).expect(201)["data"]["id"].clone();
        let path = format!("/api/cases/from-inquiry/{inquiry}");
        let answer = app.send("POST", &path, b"").expect(201);
        let case = &answer["data"];
        assert_eq!((&case["initial_inquiry_id"], &case["customer_id"]), (&inquiry, &json!(123)));
        assert_eq!((&case["title"], &case["description"]), (&json!("a leak"), &json!("since Monday")));
        assert_eq!((&case["status"], &case["priority"], &case["order_id"]), (&json!("open"), &json!("normal"), &Value::Null));
        let overrides = json!({ "title": "mine", "description": null, "priority": "high", "contractor_id": 9, "tags": ["a"], "metadata": { "a": 1 } });
        let case = app.post(&path, &overrides).expect(201)["data"].clone();
        for (field, value) in overrides.as_object().unwrap() {
            assert_eq!(&case[field], value);
        }
        assert_eq!(faults(&app.post(&path, &json!({ "title": 7, "customer_id": 1, "tags": 1 }))), ["customer_id", "tags", "title"]);
        for unknown in ["999999999", "x", "0"] {
            let error = failed(&app.post(&format!("/api/cases/from-inquiry/{unknown}"), &json!({})), 404);
            assert_eq!(error["message"], "Inquiry not found");
        }
        failed(&app.another_account().post(&path, &json!({})), 404);
        assert_eq!(read(app, "/api/cases/stats")["data"]["by_source"]["inquiry"], 2);
        assert_eq!(read(app, &format!("/api/inquiries/{inquiry}"))["data"]["case_ids"].as_array().unwrap().len(), 2);
    }

    fn a_case_is_created_from_an_order(app) {
        let order = app.post("/api/orders/place", &json!({ "customer_id": 123, "notes": "before ten" })).expect(201)["data"]["id"].clone();
        let case = app.post(&format!("/api/cases/from-order/{order}"), &json!({})).expect(201)["data"].clone();
        assert_eq!((&case["order_id"], &case["customer_id"], &case["initial_inquiry_id"]), (&order, &json!(123), &Value::Null));
        assert_eq!((&case["title"], &case["description"]), (&json!(format!("Order {order}")), &json!("before ten")));
        let error = failed(&app.post("/api/cases/from-order/999999999", &json!({})), 404);
        assert_eq!(error["message"], "Order not found");
        failed(&app.post(&format!("/api/cases/from-inquiry/{order}"), &json!({})), 404);
        assert_eq!(read(app, "/api/cases/stats")["data"]["by_source"]["order"], 1);
    }

    fn a_follow_up_inherits_customer_contractor_and_series(app) {
        let parent = case(app, "a leak");
        done(app, &parent, &json!({ "action": "assign_contractor", "contractor_id": 9 }));
        move_to(app, &parent, "closed");
        let follow_up = format!("{}/follow-up", path(&parent));
        let child = app.send("POST", &follow_up, b"").expect(201)["data"].clone();
        assert_eq!(child["title"], "Follow-up: a leak");
        assert_eq!((&child["parent_case_id"], &child["customer_id"], &child["contractor_id"]), (&parent["id"], &json!(123), &json!(9)));
        let series = |case: &Value| case["case_number"].as_str().unwrap().rsplit_once('-').map(|(series, instance)| (series.to_owned(), instance.to_owned())).unwrap();
        assert_eq!(series(&child).0, series(&parent).0);
        assert_eq!(series(&child).1, "02");
        let other = app.post(&follow_up, &json!({ "title": "again", "priority": "low", "contractor_id": null })).expect(201)["data"].clone();
        assert_eq!((&other["title"], &other["contractor_id"]), (&json!("again"), &Value::Null));
        assert_eq!(series(&other).1, "03");
        failed(&app.post("/api/cases/999999999/follow-up", &json!({})), 404);
        failed(&app.post("/api/cases/x/follow-up", &json!({})), 404);
        assert_eq!(faults(&app.post(&follow_up, &json!({ "priority": 1, "status": "open" }))), ["priority", "status"]);
    }

    fn the_title_of_a_follow_up_is_cut_to_500_characters(app) {
        let parent = case(app, &"x".repeat(500));
        let child = app.post(&format!("{}/follow-up", path(&parent)), &json!({})).expect(201)["data"].clone();
        assert_eq!(child["title"].as_str().unwrap().len(), 500);
    }

    fn a_case_created_with_a_parent_is_a_follow_up(app) {
        let parent = case(app, "first");
        let child = create(app, &json!({ "customer_id": 5, "title": "second", "parent_case_id": parent["id"] }));
        assert_eq!((&child["parent_case_id"], &child["customer_id"]), (&parent["id"], &json!(5)));
        assert_eq!(read(app, "/api/cases/stats")["data"]["by_source"]["follow_up"], 1);
        app.delete(&path(&parent)).expect(200);
        let orphan = json!({ "customer_id": 5, "title": "third", "parent_case_id": parent["id"] });
        assert_eq!(faults(&app.post("/api/cases", &orphan)), ["parent_case_id"]);
    }
}
