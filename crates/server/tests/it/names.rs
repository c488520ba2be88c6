//! Names, tags and titles are stored trimmed and in NFC; an invisible name is refused.

use serde_json::json;

use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    fn names_are_stored_trimmed_and_in_nfc(app) {
        let case = app.create(&json!({ "name": "  Mu\u{308}ller ", "tags": [" a", "a", "u\u{308}"], "file_number": "AZ-1 " }));
        assert_eq!((&case["name"], &case["file_number"]), (&json!("M\u{fc}ller"), &json!("AZ-1")));
        assert_eq!(case["tags"], json!(["a", "\u{fc}"]));
        let path = TestApp::path(&case);
        // The same name in another normalization form is no change.
        assert_eq!(app.put(&path, &json!({ "name": "Mu\u{308}ller" })).expect(200)["version"], 1);
        assert_eq!(app.put(&path, &json!({ "name": "\tb\u{feff}" })).expect(400)["error"]["code"], "VALIDATION_ERROR");
        assert_eq!(app.put(&path, &json!({ "name": " b\u{feff}" })).expect(200)["name"], "b");
    }

    fn a_person_is_found_by_the_trimmed_name(app) {
        let path = format!("{}/parties", TestApp::path(&app.case("a")));
        app.post(&path, &json!({ "name": "Jo Bloggs", "role": "client" })).expect(201);
        let all = app.post(&path, &json!({ "name": " Jo Bloggs ", "role": "client " })).expect(201);
        assert_eq!(all["data"].as_array().map(Vec::len), Some(1));
        let person = app.post("/api/v1/people", &json!({ "name": " Ann " })).expect(201);
        assert_eq!(person["name"], "Ann");
    }

    fn an_invisible_name_is_refused(app) {
        for name in ["\u{200b}", " \u{2060}\u{feff}", "\u{3164}", "\u{ad}"] {
            app.post("/api/v1/cases", &json!({ "name": name })).expect_faults(&["name"]);
            app.post("/api/v1/people", &json!({ "name": name })).expect_faults(&["name"]);
            app.post("/api/cases", &json!({ "customer_id": 1, "title": name })).expect(422);
        }
    }

    fn a_search_is_trimmed(app) {
        app.create(&json!({ "name": "a", "file_number": "AZ-2026-115" }));
        for search in ["AZ-2026-115%20", "%20az-2026", "AZ-2026-115%E2%80%8B"] {
            assert_eq!(app.names(&format!("search={search}")), ["a"], "{search}");
        }
    }
}
