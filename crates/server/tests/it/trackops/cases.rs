//! Trackops: list cases with every parameter; get, create and update a case.

use serde_json::{Value, json};

use super::{basic, case, entry, ids, person, trackops};
use crate::support::on_both_databases;

on_both_databases! {
    fn a_new_case_has_every_field(app) {
        let client = entry(app, "/api/v1/clients", &json!({ "name": "Acme" }));
        let location = entry(app, "/api/v1/clients", &json!({ "name": "Acme Boston", "parent_id": client }));
        let region = entry(app, "/api/v1/regions", &json!({ "name": "North" }));
        let investigator = person(app, "Ines");
        let made = case(app, &json!({
            "name": "Smith", "case_type": "surveillance", "client_id": client, "client_location_id": location,
            "case_region_id": region, "created_on": "2011-08-17", "due_on": "2011-09-01", "is_request": true,
            "primary_investigator_id": investigator, "reference_value_1": "CLM-1", "reference_value_2": "b",
            "reference_value_3": "c", "notes": "call first", "unknown": 1,
            "subjects": [{ "name": "Joe", "is_primary": true }, { "name": "Jane" }],
        }));
        let id = made["id"].as_i64().unwrap();
        assert_eq!(made["case_number"], format!("2011-08-{id:05}-01"));
        let expected = json!({
            "series_number": id, "series_instance": 1, "is_request": true, "case_type": "surveillance", "case_status_id": 1,
            "client_id": client, "client_location_id": location, "case_region_id": region, "primary_contact_id": null,
            "primary_investigator_id": investigator, "primary_manager_id": null, "primary_salesperson_id": null,
            "reference_value_1": "CLM-1", "reference_value_2": "b", "reference_value_3": "c", "created_on": "2011-08-17",
            "due_on": "2011-09-01", "notes": "call first", "CaseStatus": { "id": 1, "name": "Open" },
            "Client": { "id": client, "name": "Acme" },
        });
        for (field, value) in expected.as_object().unwrap() {
            assert_eq!(&made[field], value, "{field}");
        }
        assert_eq!(made["created_at"].as_str().unwrap().len(), "YYYY-MM-DD HH:MM:SS".len());
        let subjects = made["Subjects"].as_array().unwrap();
        assert_eq!((&subjects[0]["name"], &subjects[0]["is_primary"]), (&json!("Joe"), &json!(true)));
        assert_eq!((&subjects[1]["name"], &subjects[1]["is_primary"]), (&json!("Jane"), &json!(false)));
        assert_eq!(made["primary_subject_id"], subjects[0]["id"]);
        assert_eq!(trackops(app).get(&format!("/api/v1/cases/{id}")).expect(200), made);
    }

    fn every_filter_finds_the_matching_case(app) {
        let client = entry(app, "/api/v1/clients", &json!({ "name": "Acme" }));
        let location = entry(app, "/api/v1/clients", &json!({ "name": "Acme Boston", "parent_id": client }));
        let region = entry(app, "/api/v1/regions", &json!({ "name": "North" }));
        let people = ["contact", "investigator", "manager", "salesperson"].map(|name| person(app, name));
        let wanted = case(app, &json!({
            "name": "wanted", "client_id": client, "client_location_id": location, "case_region_id": region,
            "created_on": "2011-08-17", "due_on": "2011-09-01", "is_request": true, "primary_contact_id": people[0],
            "primary_investigator_id": people[1], "primary_manager_id": people[2], "primary_salesperson_id": people[3],
            "reference_value_1": "CLM-1", "reference_value_2": "CLM-2", "reference_value_3": "CLM-3",
            "subjects": [{ "name": "Joe", "is_primary": true }],
        }));
        let id = wanted["id"].as_i64().unwrap();
        trackops(app).post(&format!("/api/v1/cases/{id}/transitions"), &json!({ "transition": "start" })).expect(200);
        let other = case(app, &json!({ "name": "other", "created_on": "2012-01-01", "due_on": "2013-01-01" }));
        let today = wanted["created_at"].as_str().unwrap()[..10].to_owned();
        let subject = &wanted["primary_subject_id"];
        let number = wanted["case_number"].as_str().unwrap();
        for query in [
            format!("id={id}"), format!("client={client}"), format!("location={location}"), format!("case_region={region}"),
            "case_status=2".to_owned(), "created_to=2011-12-31".to_owned(), "to=2011-08-17".to_owned(), "To=2011-08-17".to_owned(),
            "created_from=2011-08-17&created_to=2011-08-17".to_owned(), "due_from=2011-09-01&due_to=2011-09-01".to_owned(),
            "is_request=true".to_owned(), "is_request=1".to_owned(), "is_request=yes".to_owned(),
            format!("primary_contact={}", people[0]), format!("primary_investigator={}", people[1]),
            format!("primary_manager={}", people[2]), format!("primary_salesperson={}", people[3]),
            format!("primary_subject={subject}"), "reference_value_1=CLM-1".to_owned(), "reference_value_2=CLM-2".to_owned(),
            "reference_value_3=CLM-3".to_owned(), format!("series_number={id}"), format!("series_number={id}&series_instance=1"),
            format!("case_number={number}"), "search=WANTED&nonsense=1".to_owned(),
        ] {
            assert_eq!(ids(app, &format!("/api/v1/cases?{query}")), [id], "{query}");
        }
        let both = [other["id"].as_i64().unwrap(), id];
        for query in [
            format!("created_from_system={today}&created_to_system={today}"), format!("updated_from={today}&updated_to={today}"),
            format!("created_from_system={today}%2000:00:00"), format!("updated_from={today}T00:00:00Z"), "from=2011-01-01".to_owned(),
        ] {
            assert_eq!(ids(app, &format!("/api/v1/cases?{query}")), both, "{query}");
        }
        assert_eq!(ids(app, "/api/v1/cases?is_request=no&dir=asc"), both[..1]);
        assert_eq!(ids(app, "/api/v1/cases?dir=asc"), [both[1], both[0]]);
        assert_eq!(ids(app, "/api/v1/cases?per_page=1&page=2"), both[1..]);
        assert_eq!(ids(app, "/api/v1/cases?page=9"), [0; 0]);
        let count = trackops(app).get("/api/v1/cases?mode=count&per_page=1").expect(200);
        assert_eq!(count, json!({ "record_count": 2, "page_count": 2 }));
    }

    fn all_invalid_values_are_named_at_once(app) {
        let wrong = trackops(app).get("/api/v1/cases?client=x&created_from=soon&is_request=maybe&per_page=0&page=0&dir=up&mode=all");
        wrong.expect_faults(&["client", "created_from", "is_request", "per_page", "page", "dir", "mode"]);
        trackops(app).get("/api/v1/cases?per_page=101").expect_faults(&["per_page"]);
        trackops(app).get("/api/v1/cases/999999999").expect_error(404, "CASE_NOT_FOUND");
        trackops(app).get("/api/v1/cases/nonsense").expect_error(404, "CASE_NOT_FOUND");
        let body = json!({ "casefile": {
            "client_id": 999_999_999, "case_region_id": 999_999_999, "primary_manager_id": 999_999_999, "due_on": "2026-02-30",
        } });
        let faults = trackops(app).post("/api/v1/cases", &body).expect_error(400, "VALIDATION_ERROR");
        assert!(faults["details"].as_array().is_some_and(|details| !details.is_empty()), "{faults}");
        trackops(app).post("/api/v1/cases", &json!({})).expect_error(400, "VALIDATION_ERROR");
    }

    fn an_update_changes_only_the_fields_in_the_body(app) {
        let made = case(app, &json!({ "name": "before", "reference_value_1": "keep", "notes": "old" }));
        let path = format!("/api/v1/cases/{}", made["id"]);
        let changed = trackops(app).put(&path, &json!({ "casefile": { "name": "after", "notes": null } })).expect(200);
        assert_eq!((&changed["name"], &changed["reference_value_1"], &changed["notes"]), (&json!("after"), &json!("keep"), &Value::Null));
    }

    fn a_case_is_not_visible_to_another_account(app) {
        let made = case(app, &json!({ "name": "ours" }));
        let stranger = app.another_account();
        assert_eq!(ids(&stranger, "/api/v1/cases"), [0; 0]);
        trackops(&stranger).get(&format!("/api/v1/cases/{}", made["id"])).expect_error(404, "CASE_NOT_FOUND");
        basic(app, "somebody", &app.key).get("/api/v1/cases").expect_error(401, "AUTH_INVALID_KEY");
    }
}
