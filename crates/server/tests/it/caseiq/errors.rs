//! Case IQ: refused requests and their error responses.

use docket_domain::scope::Scope;
use serde_json::{Value, json};

use super::{create, expect_error, patch, path};
use crate::support::{TestApp, on_both_databases};

/// Invalid values of known fields.
fn refused() -> Vec<(&'static str, Value)> {
    vec![
        ("title", json!(1)),
        ("title", json!("")),
        ("title", json!("x".repeat(501))),
        ("title", json!("a\u{0}b")),
        ("description", json!({})),
        ("description", json!("x".repeat(100_001))),
        ("priority", json!("highest")),
        ("priority", json!(1)),
        ("dueDate", json!("soon")),
        ("dueDate", json!("2026-02-30")),
        ("dueDate", json!(20_260_101)),
        ("dueDate", json!("0999-01-01")),
        ("tags", json!("a")),
        ("tags", json!([1])),
        ("tags", json!([""])),
        ("caseType", json!([])),
        ("owner", json!(true)),
        ("owner", json!({"name": "Dana"})),
    ]
}

fn assert_refused_by_every_write(app: &TestApp, field: &str, value: &Value) {
    let case = create(app, &json!({}));
    let body = json!({ field: value });
    for answer in [app.post("/case", &body), app.put(&path(&case), &body), patch(app, &path(&case), &body)] {
        let message = expect_error(&answer, 400, "BAD_REQUEST");
        assert!(message.starts_with(field), "{field}: {message}");
    }
}

on_both_databases! {
    fn wrong_values_of_known_fields_are_named(app) {
        for (field, value) in refused() {
            assert_refused_by_every_write(app, field, &value);
        }
    }

    fn all_faults_are_named_at_once_and_nothing_is_stored(app) {
        let body = json!({"title": 1, "tags": "x", "dueDate": "soon", "own": 1});
        let message = expect_error(&app.post("/case", &body), 400, "BAD_REQUEST");
        for field in ["title", "tags", "dueDate"] {
            assert!(message.contains(field), "{message}");
        }
        let case = create(app, &json!({"title": "t"}));
        expect_error(&patch(app, &path(&case), &json!({"title": "u", "priority": "x"})), 400, "BAD_REQUEST");
        assert_eq!(app.get(&path(&case)).expect(200), case);
    }

    fn an_invalid_body_is_reported_before_an_unknown_case(app) {
        expect_error(&app.put("/case/1", &json!({"title": 1})), 400, "BAD_REQUEST");
        expect_error(&app.post("/case/nonsense/transition", &json!({})), 400, "BAD_REQUEST");
    }

    fn credentials_and_scopes_are_checked_first(app) {
        let case = create(app, &json!({}));
        let (one, moves) = (path(&case), format!("{}/transition", path(&case)));
        let calls = [("POST", "/case"), ("GET", &one), ("PUT", &one), ("PATCH", &one), ("POST", &moves)];
        let (anonymous, reader) = (app.anonymous(), app.with_scopes(&[Scope::CasesRead, Scope::CasesDelete, Scope::Admin]));
        for (method, path) in calls {
            let answer = anonymous.send(method, path, b"nonsense");
            expect_error(&answer, 401, "UNAUTHORIZED");
            assert!(answer.header("www-authenticate").is_some());
            if method != "GET" {
                let message = expect_error(&reader.send(method, path, b"nonsense"), 403, "FORBIDDEN");
                assert!(message.contains("cases:write"), "{message}");
            }
        }
        let writer = app.with_scopes(&[Scope::CasesWrite]);
        expect_error(&writer.get(&one), 403, "FORBIDDEN");
        reader.get(&one).expect(200);
        create(&writer, &json!({}));
    }

    fn other_methods_are_refused_with_the_allowed_ones(app) {
        let case = create(app, &json!({}));
        let (one, moves) = (path(&case), format!("{}/transition", path(&case)));
        let rows = [
            ("/case", "POST", ["GET", "PUT", "DELETE"]), (&one, "GET, HEAD, PUT, PATCH", ["POST", "DELETE", "TRACE"]),
            (&moves, "POST", ["GET", "PUT", "PATCH"]), ("/auth/oauth2/token", "POST", ["GET", "PUT", "DELETE"]),
        ];
        for (path, allowed, methods) in rows {
            for (prefix, method) in ["", "/api-public/1.0"].into_iter().flat_map(|prefix| methods.map(|method| (prefix, method))) {
                let answer = app.send(method, &format!("{prefix}{path}"), b"");
                expect_error(&answer, 405, "METHOD_NOT_ALLOWED");
                assert_eq!(answer.header("allow"), Some(allowed), "{method} {path}");
            }
        }
        for path in ["/case/1/2/3", "/api-public/1.0", "/api-public/1.0/cases", "/auth/nothing"] {
            expect_error(&app.get(path), 404, "NOT_FOUND");
        }
    }
}
