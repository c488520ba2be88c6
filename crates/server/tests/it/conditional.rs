//! `ETag`, `If-None-Match` and `If-Match`.

use serde_json::json;

use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    fn the_entity_tag_is_the_version(app) {
        let case = app.case("a");
        assert_eq!(app.get(&TestApp::path(&case)).header("etag"), Some("\"1\""));
        let changed = app.put(&TestApp::path(&case), &json!({ "name": "b" }));
        assert_eq!(changed.header("etag"), Some("\"2\""));
        assert_eq!(app.get(&TestApp::path(&case)).header("etag"), Some("\"2\""));
    }

    fn a_caller_who_has_the_version_gets_nothing(app) {
        let path = TestApp::path(&app.case("a"));
        for tags in ["\"1\"", "W/\"1\"", "*", "\"7\", \"1\"", "\"7\",W/\"1\""] {
            let answer = app.with("if-none-match", tags).get(&path);
            assert_eq!((answer.status, answer.body.len(), answer.header("etag")), (304, 0, Some("\"1\"")), "{tags}");
        }
        for tags in ["\"2\"", "1", "\"x\"", "\"\"", "\"+1\""] {
            app.with("if-none-match", tags).get(&path).expect(200);
        }
    }

    fn a_pinned_version_holds_or_the_change_is_not_made(app) {
        let case = app.case("a");
        let path = TestApp::path(&case);
        for tags in ["\"2\"", "\"0\"", "W/\"1\"", "\"x\"", "nonsense"] {
            let stale = app.with("if-match", tags).put(&path, &json!({ "name": "b" }));
            stale.expect_error(412, "PRECONDITION_FAILED");
        }
        assert_eq!(app.get(&path).expect(200), case);
        app.with("if-match", "\"1\"").put(&path, &json!({ "name": "b" })).expect(200);
        app.with("if-match", "*").put(&path, &json!({ "name": "c" })).expect(200);
        app.with("if-match", "\"2\", \"3\"").put(&path, &json!({ "name": "d" })).expect(200);
        for tags in ["\"4\", \"9\"", "\"9\",\"x\" , \"4\"", "W/\"5\", \"4\""] {
            app.with("if-match", tags).put(&path, &json!({ "name": "d" })).expect(200);
        }
        for tags in ["\"3\", \"5\"", "W/\"4\", \"9\""] {
            app.with("if-match", tags).put(&path, &json!({ "name": "e" })).expect_error(412, "PRECONDITION_FAILED");
        }
        app.with("if-match", "\"1\"").delete(&path).expect_error(412, "PRECONDITION_FAILED");
        assert_eq!(app.with("if-match", "\"4\"").delete(&path).status, 204);
    }

    fn a_pinned_version_holds_for_transitions_too(app) {
        let case = app.case("a");
        let path = format!("{}/transitions", TestApp::path(&case));
        let stale = app.with("if-match", "\"9\"").post(&path, &json!({ "transition": "resolve" }));
        stale.expect_error(412, "PRECONDITION_FAILED");
        app.with("if-match", "\"1\"").post(&path, &json!({ "transition": "resolve" })).expect(200);
    }

    fn what_is_wrong_with_the_request_comes_before_the_precondition(app) {
        let path = TestApp::path(&app.case("a"));
        app.with("if-match", "\"9\"").put(&path, &json!({ "name": 5 })).expect_faults(&["name"]);
        app.with("if-match", "\"9\"").put("/api/v1/cases/0", &json!({})).expect_error(404, "CASE_NOT_FOUND");
    }
}
