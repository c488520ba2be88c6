//! Shared cases: a change in one dialect is visible in every other, with one history.

use serde_json::json;

use super::{case, person, trackops};
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    fn a_case_of_each_dialect_can_be_read_and_changed_in_every_other(app) {
        let native = app.case("native");
        let services = app.post("/api/cases", &json!({ "customer_id": 1, "title": "services" })).expect(201)["data"].clone();
        let caseiq = app.post("/case", &json!({ "title": "caseiq" })).expect(201);
        let own = case(app, &json!({ "name": "trackops" }));
        let uuids = [
            native["id"].clone(), services["uuid"].clone(), caseiq["id"].clone(),
            app.get(&format!("/api/v1/cases/{}", own["id"])).expect(200)["id"].clone(),
        ];
        for uuid in uuids {
            let uuid = uuid.as_str().unwrap();
            app.post(&format!("/api/v1/cases/{uuid}/transitions"), &json!({ "transition": "start" })).expect(200);
            let seen = trackops(app).get(&format!("/api/v1/cases/{uuid}")).expect(200);
            assert_eq!(seen["case_status_id"], 2);
            let number = &seen["id"];
            trackops(app).put(&format!("/api/v1/cases/{number}"), &json!({ "casefile": { "reference_value_1": "R" } })).expect(200);
            app.post(&format!("/api/cases/{number}/action"), &json!({ "action": "resolve", "resolution": "done" })).expect(200);
            let there = app.get(&format!("/case/{uuid}")).expect(200);
            assert_eq!((&there["lastWorkflowStatus"], &there["caseStatus"]), (&json!("Resolved"), &json!("Open")));
            let close = json!({ "caseStatus": "Close", "workflowId": there["lastWorkflowId"], "reason": "ok" });
            app.post(&format!("/case/{uuid}/transition"), &close).expect(200);
            let seen = app.get(&format!("/api/v1/cases/{uuid}")).expect(200);
            assert_eq!((&seen["status"], &seen["references"][0], &seen["resolution"]), (&json!("closed"), &json!("R"), &json!("done")));
            let history = app.get(&format!("/api/cases/{number}/history")).expect(200);
            let steps = history["data"].as_array().unwrap().iter().map(|step| step["to_status"].as_str().unwrap().to_owned());
            assert_eq!(steps.collect::<Vec<_>>(), ["open", "in_progress", "resolved", "closed"]);
        }
    }

    fn primary_people_are_the_staff_and_parties_of_the_native_dialect(app) {
        let (ines, carl) = (person(app, "Ines"), person(app, "Carl"));
        let made = case(app, &json!({ "name": "staffed", "primary_investigator_id": ines, "primary_contact_id": carl }));
        let native = app.get(&format!("/api/v1/cases/{}", made["id"])).expect(200);
        assert_eq!((&native["staff"][0]["name"], &native["staff"][0]["role"]), (&json!("Ines"), &json!("investigator")));
        assert_eq!((&native["parties"][0]["name"], &native["parties"][0]["role"]), (&json!("Carl"), &json!("contact")));
        let gone = format!("{}/staff?staff_id={}", TestApp::path(&native), native["staff"][0]["id"].as_str().unwrap());
        assert_eq!(app.delete(&gone).status, 204);
        let seen = trackops(app).get(&format!("/api/v1/cases/{}", made["id"])).expect(200);
        assert_eq!((&seen["primary_investigator_id"], &seen["primary_contact_id"]), (&json!(null), &json!(carl)));
    }

    fn the_credential_selects_the_dialect(app) {
        let made = case(app, &json!({ "name": "shared" }));
        assert!(app.get("/api/v1/cases").expect(200)["data"].is_array());
        assert!(trackops(app).get("/api/v1/cases").expect(200).is_array());
        assert_eq!(app.get("/api/v1/case/updates").expect(200), json!([]));
        assert_eq!(trackops(app).get(&format!("/api/v1/cases/{}/history", made["id"])).expect(200)["data"][0]["to"], "open");
    }
}
