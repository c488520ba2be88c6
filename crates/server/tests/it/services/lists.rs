//! Services dialect: lists with filters, order, pages and totals; lists by customer and by contractor; the timeline.

use serde_json::{Value, json};

use super::{case, create, done, failed, faults, ids, keys, move_to, path, read};
use crate::support::{Client, on_both_databases};

fn titles(app: &Client, query: &str) -> Vec<String> {
    let list = read(app, &format!("/api/cases/list?{query}"));
    list["data"].as_array().unwrap().iter().map(|case| case["title"].as_str().unwrap().to_owned()).collect()
}

fn some_cases(app: &Client) {
    for (title, priority, customer, contractor, due) in [
        ("beta", "low", 1, None, Some("2030-03-01")),
        ("Alpha", "urgent", 2, Some(9), None),
        ("gamma_ray", "high", 1, Some(9), Some("2030-01-01")),
        ("Ähre", "normal", 1, None, None),
    ] {
        let body = json!({
            "title": title, "priority": priority, "customer_id": customer, "contractor_id": contractor, "due_on": due,
            "tags": if customer == 1 { json!(["one"]) } else { json!([]) },
        });
        create(app, &body);
    }
}

on_both_databases! {
    /// 100,000 characters of four bytes each are 400 kB.
    fn a_page_of_more_than_16_mib_is_refused_and_a_smaller_one_is_not(app) {
        let large = "\u{1f980}".repeat(100_000);
        for number in 0..45 {
            app.create(&json!({ "name": number.to_string(), "description": large }));
        }
        assert_eq!(read(app, "/api/cases/list?per_page=40")["data"].as_array().unwrap().len(), 40);
        let refused = failed(&app.get("/api/cases/list?per_page=50"), 422);
        assert!(refused["errors"]["per_page"][0].as_str().unwrap().contains("16 MiB"), "{refused}");
        assert_eq!(app.get("/api/v1/cases?limit=50").expect(200)["data"].as_array().unwrap().len(), 45);
    }

    fn a_list_is_filtered(app) {
        some_cases(app);
        let gamma = read(app, "/api/cases/list?search=gamma_")["data"][0].clone();
        move_to(app, &gamma, "in_progress");
        let child = app.post(&format!("{}/follow-up", path(&gamma)), &json!({ "title": "child" })).expect(201)["data"].clone();
        for (query, expected) in [
            ("status=in_progress&priority=high", vec!["gamma_ray"]),
            ("status=in_progress,closed", vec!["gamma_ray"]),
            ("priority=low,urgent", vec!["Alpha", "beta"]),
            ("priority=low%2Curgent", vec!["Alpha", "beta"]),
            ("customer_id=1&contractor_id=9", vec!["child", "gamma_ray"]),
            ("contractor_id=9&status=open", vec!["child", "Alpha"]),
            ("tag=one", vec!["Ähre", "gamma_ray", "beta"]),
            ("search=%C3%A4HR", vec!["Ähre"]),
            ("search=a_", vec!["gamma_ray"]),
            ("search=%25", vec![]),
            ("date_from=2001-01-01&date_to=2099-12-31&priority=urgent", vec!["Alpha"]),
            ("date_to=2001-01-01", vec![]),
            ("customer_id=77", vec![]),
            ("", vec!["child", "Ähre", "gamma_ray", "Alpha", "beta"]),
        ] {
            assert_eq!(titles(app, query), expected, "{query}");
        }
        assert_eq!(titles(app, &format!("parent_case_id={}", gamma["id"])), ["child"]);
        let today = &child["created_at"].as_str().unwrap()[..10];
        assert_eq!(titles(app, &format!("date_from={today}&date_to={today}")).len(), 5, "a bare date is the whole day");
        assert_eq!(titles(app, &format!("date_to={}", child["created_at"].as_str().unwrap())).len(), 5);
    }

    fn a_list_is_sorted(app) {
        some_cases(app);
        for (query, expected) in [
            ("sort_by=priority", ["beta", "Ähre", "gamma_ray", "Alpha"]),
            ("sort_by=priority&sort_order=desc", ["Alpha", "gamma_ray", "Ähre", "beta"]),
            ("sort_by=title", ["Alpha", "beta", "gamma_ray", "Ähre"]),
            ("sort_by=title&sort_order=desc", ["Ähre", "gamma_ray", "beta", "Alpha"]),
            ("sort_by=due_on", ["gamma_ray", "beta", "Alpha", "Ähre"]),
            ("sort_by=due_on&sort_order=desc", ["beta", "gamma_ray", "Ähre", "Alpha"]),
            ("sort_by=created_at", ["Ähre", "gamma_ray", "Alpha", "beta"]),
            ("sort_by=created_at&sort_order=asc", ["beta", "Alpha", "gamma_ray", "Ähre"]),
            ("sort_by=updated_at&sort_order=desc", ["Ähre", "gamma_ray", "Alpha", "beta"]),
        ] {
            assert_eq!(titles(app, query), expected, "{query}");
        }
    }

    fn a_page_has_its_position_and_the_totals(app) {
        let mut all = (0..7).map(|at| case(app, &format!("case {at}"))["id"].as_i64().unwrap()).collect::<Vec<_>>();
        all.reverse();
        let list = read(app, "/api/cases/list");
        assert_eq!(keys(&list), ["success", "count", "data", "pagination"]);
        assert_eq!(keys(&list["data"][0]).len(), 24);
        let pagination = |page, per_page, last_page, from: Value, to: Value| {
            json!({ "current_page": page, "per_page": per_page, "total": 7, "last_page": last_page, "from": from, "to": to })
        };
        assert_eq!(list["pagination"], pagination(1, 15, 1, json!(1), json!(7)));
        let mut seen = Vec::new();
        for page in 1..=3 {
            let list = read(app, &format!("/api/cases/list?page={page}&per_page=3"));
            assert_eq!(list["count"], list["data"].as_array().unwrap().len());
            seen.extend(ids(&list));
        }
        assert_eq!(seen, all);
        assert_eq!(read(app, "/api/cases/list?page=3&per_page=3")["pagination"], pagination(3, 3, 3, json!(7), json!(7)));
        let past = read(app, "/api/cases/list?page=4&per_page=3");
        assert_eq!((&past["count"], &past["data"]), (&json!(0), &json!([])));
        assert_eq!(past["pagination"], pagination(4, 3, 3, Value::Null, Value::Null));
        let far = read(app, "/api/cases/list?page=1000000000&per_page=100");
        assert_eq!(far["data"], json!([]));
        let none = read(app, "/api/cases/list?tag=nothing")["pagination"].clone();
        assert_eq!((&none["total"], &none["last_page"], &none["from"]), (&json!(0), &json!(1), &Value::Null));
    }

    fn all_invalid_parameters_are_named_at_once(app) {
        let wrong = "/api/cases/list?status=open,whatever&priority=whatever&customer_id=x&contractor_id=0&parent_case_id=-1\
                     &date_from=yesterday&date_to=2026-02-30&sort_by=name&sort_order=up&page=0&per_page=101&limit=3";
        assert_eq!(faults(&app.get(wrong)), [
            "contractor_id", "customer_id", "date_from", "date_to", "limit", "page", "parent_case_id", "per_page",
            "priority", "sort_by", "sort_order", "status",
        ]);
        for query in ["page=x", "page=99999999999999999999", "page=2000000000", "page=-1"] {
            assert_eq!(faults(&app.get(&format!("/api/cases/list?{query}"))), ["page"], "{query}");
        }
        assert_eq!(faults(&app.get("/api/cases/list?per_page=0")), ["per_page"]);
        assert_eq!(faults(&app.get("/api/cases/list?status=open&status=closed")), ["status"]);
        assert_eq!(faults(&app.get("/api/cases/list?status=")), ["status"]);
        assert_eq!(faults(&app.get("/api/cases/list?search=%FF")), ["search"]);
        assert_eq!(faults(&app.get("/api/cases/timeline?type=case&user_id=x&per_page=0&sort_by=x")), ["per_page", "sort_by", "type", "user_id"]);
    }

    fn cases_are_listed_by_customer_and_by_contractor(app) {
        some_cases(app);
        let titles = |path: &str| {
            let list = read(app, path);
            list["data"].as_array().unwrap().iter().map(|case| case["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(titles("/api/cases/customer/1"), ["Ähre", "gamma_ray", "beta"]);
        assert_eq!(titles("/api/cases/customer/1?sort_by=title&per_page=2"), ["beta", "gamma_ray"]);
        assert_eq!(titles("/api/cases/contractor/9"), ["gamma_ray", "Alpha"]);
        assert_eq!(titles("/api/cases/contractor/9?priority=urgent"), ["Alpha"]);
        assert_eq!(titles("/api/cases/customer/1?customer_id=2"), Vec::<String>::new(), "both must hold");
        for unknown in ["/api/cases/customer/999", "/api/cases/contractor/999", "/api/cases/customer/x", "/api/cases/customer/list"] {
            assert_eq!(read(app, unknown)["pagination"]["total"], 0, "{unknown}");
        }
        assert_eq!(faults(&app.get("/api/cases/customer/1?page=0")), ["page"]);
    }

    fn the_timeline_merges_inquiries_and_orders(app) {
        let inquiry = |user: i64| app.post("/api/inquiries", &json!({ "user_id": user, "title": "a question" })).expect(201)["data"].clone();
        let order = |user: i64| app.post("/api/orders/place", &json!({ "customer_id": user })).expect(201)["data"].clone();
        let made = [inquiry(123), order(123), inquiry(7), order(123), inquiry(123)];
        let from = app.post(&format!("/api/cases/from-inquiry/{}", made[0]["id"]), &json!({})).expect(201)["data"]["id"].clone();
        let linked = case(app, "linked");
        done(app, &linked, &json!({ "action": "link_inquiry", "inquiry_id": made[0]["id"] }));
        let timeline = read(app, "/api/cases/timeline?user_id=123&per_page=5");
        assert_eq!(timeline["pagination"]["total"], 4);
        assert_eq!(ids(&timeline), [4, 3, 1, 0].map(|at: usize| made[at]["id"].as_i64().unwrap()));
        let first = &timeline["data"][3];
        assert_eq!(keys(first), ["type", "id", "title", "status", "date", "user_id", "case_ids"]);
        assert_eq!(first, &json!({
            "type": "inquiry", "id": made[0]["id"], "title": "a question", "status": "new", "date": made[0]["created_at"],
            "user_id": 123, "case_ids": [from, linked["id"]],
        }));
        assert_eq!(timeline["data"][1]["title"], format!("Order {}", made[3]["id"]));
        assert_eq!(ids(&read(app, "/api/cases/timeline?user_id=123&per_page=2&page=2")), [1, 0].map(|at: usize| made[at]["id"].as_i64().unwrap()));
        assert_eq!(read(app, "/api/cases/timeline")["count"], 5);
        assert_eq!(read(app, "/api/cases/timeline?type=order")["count"], 2);
        assert_eq!(read(app, "/api/cases/timeline?user_id=123&date_to=2001-01-01")["count"], 0);
        app.delete(&format!("/api/cases/{from}")).expect(200);
        assert_eq!(read(app, "/api/cases/timeline?user_id=123")["data"][3]["case_ids"], json!([linked["id"]]));
        assert_eq!(read(&app.another_account(), "/api/cases/timeline")["count"], 0);
    }
}
