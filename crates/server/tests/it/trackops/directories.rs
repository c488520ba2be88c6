//! The directories that ids point to.

use docket_domain::scope::Scope;
use serde_json::json;

use super::{case, entry, ids, trackops};
use crate::support::on_both_databases;

on_both_databases! {
    fn two_access_groups_are_there_from_the_start(app) {
        let groups = trackops(app).get("/api/v1/access_groups?dir=asc").expect(200);
        let known = |at: usize| (groups[at]["id"].clone(), groups[at]["name"].clone(), groups[at]["requires_validation"].clone());
        assert_eq!(known(0), (json!(1), json!("Public"), json!(true)));
        assert_eq!(known(1), (json!(2), json!("Internal"), json!(false)));
        let own = entry(app, "/api/v1/access_groups", &json!({ "name": "Police", "requires_validation": true }));
        assert!(own > 2, "{own}");
        assert_eq!(ids(app, "/api/v1/access_groups?dir=asc"), [1, 2, own]);
    }

    fn clients_are_a_tree(app) {
        let root = entry(app, "/api/v1/clients", &json!({ "name": "Acme" }));
        let leaf = entry(app, "/api/v1/clients", &json!({ "name": "Acme Boston", "parent_id": root }));
        let found = trackops(app).get(&format!("/api/v1/clients?id={leaf}")).expect(200);
        assert_eq!(found[0], json!({ "id": leaf, "name": "Acme Boston", "parent_id": root }));
        trackops(app).post("/api/v1/clients", &json!({ "name": "x", "parent_id": 999_999_999 })).expect_faults(&["parent_id"]);
        trackops(app).post("/api/v1/clients", &json!({})).expect_faults(&["name"]);
        assert_eq!(ids(&app.another_account(), "/api/v1/clients"), [0; 0]);
    }

    fn reference_data_needs_an_administrator(app) {
        let writer = app.somebody(&[Scope::CasesRead, Scope::CasesWrite]);
        for path in ["/api/v1/clients", "/api/v1/regions", "/api/v1/access_groups"] {
            writer.post(path, &json!({ "name": "x" })).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
            writer.get(path).expect(200);
        }
        writer.post("/api/v1/case/events", &json!({ "name": "Surveillance" })).expect(201);
    }

    fn subjects_belong_to_a_case(app) {
        let made = case(app, &json!({ "name": "with subjects" }));
        let body = json!({ "casefile_id": made["id"], "name": "Joe", "is_primary": true, "custom_fields": { "height": 1.80 } });
        let subject = trackops(app).post("/api/v1/subjects", &body).expect(201);
        assert_eq!((&subject["name"], &subject["is_primary"]), (&json!("Joe"), &json!(true)));
        assert_eq!(ids(app, &format!("/api/v1/subjects?casefile_id={}", made["id"])), [subject["id"].as_i64().unwrap()]);
        let seen = trackops(app).get(&format!("/api/v1/cases/{}", made["id"])).expect(200);
        assert_eq!(seen["primary_subject_id"], subject["id"]);
        trackops(app).post("/api/v1/subjects", &json!({ "casefile_id": 999_999_999, "name": "x" })).expect_faults(&["casefile_id"]);
    }
}
