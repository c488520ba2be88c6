//! A resource of another account gets the same response as one that does not exist.

use serde_json::json;

use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    fn a_case_of_another_account_is_not_found(app) {
        let other = app.another_account();
        let case = other.case("theirs");
        let unknown = app.get("/api/v1/cases/999999999").expect(404);
        for id in [case["id"].as_str().unwrap().to_owned(), case["number"].to_string()] {
            let path = format!("/api/v1/cases/{id}");
            let answers = [
                app.get(&path), app.put(&path, &json!({ "name": "mine" })), app.delete(&path),
                app.send("POST", &format!("{path}/restore"), b""), app.get(&format!("{path}/transitions")),
                app.post(&format!("{path}/transitions"), &json!({ "transition": "close" })),
                app.get(&format!("{path}/history")), app.get(&format!("{path}/timeline")),
            ];
            for answer in answers {
                assert_eq!(answer.expect(404), unknown);
            }
        }
        assert_eq!(other.get(&TestApp::path(&case)).expect(200), case);
    }

    fn a_case_of_another_account_is_in_no_list(app) {
        let other = app.another_account();
        let case = other.case("theirs");
        for query in ["", "search=theirs", &format!("id={}", case["number"]), &format!("series_number={}", case["number"]),
                      &format!("case_number={}", case["case_number"].as_str().unwrap())] {
            assert_eq!(app.names(query), Vec::<String>::new(), "{query}");
        }
    }

    fn a_case_of_another_account_cannot_be_a_parent(app) {
        let case = app.another_account().case("theirs");
        let theirs = app.post("/api/v1/cases", &json!({ "name": "a", "parent": case["id"] }));
        let missing = app.post("/api/v1/cases", &json!({ "name": "a", "parent": 999_999_999 }));
        assert_eq!(theirs.expect_faults(&["parent"]), missing.expect_faults(&["parent"]));
    }

    fn a_cursor_of_another_account_shows_none_of_its_cases(app) {
        let other = app.another_account();
        for name in ["1", "2", "3"] {
            other.case(name);
        }
        let page = other.get("/api/v1/cases?limit=1").expect(200);
        let cursor = page["pagination"]["cursor"].as_str().unwrap();
        assert_eq!(app.names(&format!("cursor={cursor}")), Vec::<String>::new());
    }

    fn a_key_of_another_account_is_not_found(app) {
        let other = app.another_account();
        let keys = other.get("/api/v1/keys").expect(200);
        let id = keys["data"][0]["id"].as_str().unwrap();
        app.delete(&format!("/api/v1/keys/{id}")).expect_error(404, "KEY_NOT_FOUND");
        other.get("/api/v1/keys").expect(200);
        assert_eq!(app.get("/api/v1/keys").expect(200)["data"].as_array().unwrap().len(), 1);
    }
}
