//! Rules for every response: format, headers, methods and compression.

use serde_json::json;

use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    fn an_unknown_path_is_404_in_the_dialect_of_the_path(app) {
        for path in ["/nonsense", "/api/v1/nonsense", "/api/v1/cases/1/nonsense", "/api/v1/cases/", "/api/v2/cases"] {
            let answer = app.anonymous().get(path);
            if !path.starts_with("/api/v2") {
                answer.expect_error(404, "NOT_FOUND");
            }
        }
        let services = app.anonymous().get("/api/nonsense").expect(404);
        assert_eq!(services, json!({ "success": false, "message": "unknown path" }));
        for path in ["/case/1/nonsense", "/api-public/1.0/nonsense", "/auth/nonsense"] {
            let case_iq = app.anonymous().get(path).expect(404);
            let expected = json!({ "name": "SERVICE_ACCOUNT_ERROR", "httpstatus": 404, "message": "NOT_FOUND",
                                   "meta": { "message": "Unknown path" } });
            assert_eq!(case_iq, expected);
        }
    }

    fn a_wrong_method_is_405_with_the_allowed_ones(app) {
        let calls = [("DELETE", "/api/v1/cases", "GET, HEAD, POST"), ("PATCH", "/api/v1/cases/1", "GET, HEAD, PUT, DELETE"),
                     ("GET", "/api/v1/cases/1/restore", "POST"), ("PUT", "/api/v1/keys", "GET, HEAD, POST"),
                     ("GET", "/api/v1/keys/1", "DELETE"), ("POST", "/health/live", "GET, HEAD"), ("BREW", "/metrics", "GET, HEAD")];
        for (method, path, allow) in calls {
            for client in [app.anonymous(), (**app).clone()] {
                let answer = client.send(method, path, b"");
                answer.expect_error(405, "METHOD_NOT_ALLOWED");
                assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
            }
        }
    }

    fn head_is_get_without_the_body(app) {
        let path = TestApp::path(&app.case("a"));
        let (get, head) = (app.get(&path), app.send("HEAD", &path, b""));
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.header("etag"), get.header("etag"));
        assert_eq!(head.header("content-length"), get.header("content-length"));
    }

    fn every_response_has_a_request_id(app) {
        let (one, other) = (app.get("/api/v1/cases"), app.anonymous().get("/nonsense"));
        assert_ne!(one.header("x-request-id").unwrap(), other.header("x-request-id").unwrap());
        assert_eq!(app.with("x-request-id", "my-id_1.2").get("/api/v1/cases").header("x-request-id"), Some("my-id_1.2"));
        for insane in ["a b", "", "<script>", "\"", &"x".repeat(129)] {
            let answer = app.with("x-request-id", insane).get("/api/v1/cases");
            assert_eq!(answer.header("x-request-id").unwrap().len(), 36, "{insane}");
        }
    }

    fn every_response_has_security_headers(app) {
        for answer in [app.get("/api/v1/cases"), app.anonymous().get("/nonsense"), app.get("/docs/")] {
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(answer.header("x-frame-options"), Some("DENY"));
            assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
            assert!(answer.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
        }
    }

    fn a_large_response_is_compressed_on_request(app) {
        app.create(&json!({ "name": "a", "description": "x".repeat(50_000) }));
        let path = TestApp::path(&app.create(&json!({ "name": "a", "description": "x".repeat(50_000) })));
        let packed = app.with("accept-encoding", "gzip").get(&path);
        assert_eq!(packed.header("content-encoding"), Some("gzip"));
        assert!(packed.body.len() < 5_000);
        assert_eq!(app.get(&path).header("content-encoding"), None);
    }

    fn other_origins_are_not_allowed_by_default(app) {
        let answer = app.with("origin", "https://evil.example").get("/api/v1/cases");
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}
