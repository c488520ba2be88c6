//! Trackops: access groups, clients, regions, events and subjects.

use docket_domain::scope::Scope;
use serde_json::{Value, json};

use super::{case, entry, ids, trackops};
use crate::support::on_both_databases;

on_both_databases! {
    fn an_account_starts_with_two_access_groups(app) {
        let groups = trackops(app).get("/api/v1/access_groups?dir=asc").expect(200);
        let known = |at: usize| (groups[at]["id"].clone(), groups[at]["name"].clone(), groups[at]["requires_validation"].clone());
        assert_eq!(known(0), (json!(1), json!("Public"), json!(true)));
        assert_eq!(known(1), (json!(2), json!("Internal"), json!(false)));
        let own = entry(app, "/api/v1/access_groups", &json!({ "name": "Police", "requires_validation": true }));
        assert!(own > 2, "{own}");
        assert_eq!(ids(app, "/api/v1/access_groups?dir=asc"), [1, 2, own]);
    }

    fn a_client_may_have_a_parent_client(app) {
        let root = entry(app, "/api/v1/clients", &json!({ "name": "Acme" }));
        let leaf = entry(app, "/api/v1/clients", &json!({ "name": "Acme Boston", "parent_id": root }));
        let found = trackops(app).get(&format!("/api/v1/clients?id={leaf}")).expect(200);
        assert_eq!(found[0], json!({ "id": leaf, "name": "Acme Boston", "parent_id": root }));
        trackops(app).post("/api/v1/clients", &json!({ "name": "x", "parent_id": 999_999_999 })).expect_faults(&["parent_id"]);
        trackops(app).post("/api/v1/clients", &json!({})).expect_faults(&["name"]);
        assert_eq!(ids(&app.another_account(), "/api/v1/clients"), [0; 0]);
    }

    fn reference_data_needs_an_administrator(app) {
        let writer = app.with_scopes(&[Scope::CasesRead, Scope::CasesWrite]);
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

    fn custom_fields_of_subjects_accept_any_json(app) {
        let fields = json!([{ "id": 5309, "value": "180 cm" }, { "id": 5310, "value": null }]);
        let made = case(app, &json!({ "name": "nameless", "subjects": [{ "is_primary": true, "custom_fields": fields }] }));
        assert_eq!(made["Subjects"][0]["name"], "Subject 1");
        let add = |custom_fields: Value| {
            trackops(app).post("/api/v1/subjects", &json!({ "casefile_id": made["id"], "custom_fields": custom_fields })).expect(201)
        };
        for (custom_fields, name) in [
            (fields.clone(), "Subject 2"),
            (json!({ "first_name": "Jane", "last_name": "Roe" }), "Jane Roe"),
            (json!([{ "id": "name", "value": "Acme" }]), "Acme"),
            (json!("a text"), "Subject 5"),
            (json!([]), "Subject 6"),
        ] {
            let subject = add(custom_fields.clone());
            assert_eq!((&subject["name"], &subject["custom_fields"]), (&json!(name), &custom_fields));
        }
        assert_eq!(add(Value::Null)["custom_fields"], json!({}));
        let listed = trackops(app).get(&format!("/api/v1/subjects?casefile_id={}", made["id"])).expect(200);
        assert!(listed.as_array().unwrap().iter().any(|subject| subject["custom_fields"] == "a text"));
        // Sending the same subject again adds no subject.
        let again = json!({ "casefile": { "subjects": [{ "custom_fields": fields }] } });
        let changed = trackops(app).put(&format!("/api/v1/cases/{}", made["id"]), &again).expect(200);
        assert_eq!(changed["Subjects"].as_array().unwrap().len(), 7);
        let large = json!({ "casefile_id": made["id"], "custom_fields": "x".repeat(70_000) });
        trackops(app).post("/api/v1/subjects", &large).expect_faults(&["custom_fields"]);
    }
}
