//! Bodies and queries that cannot be parsed.

use serde_json::json;

use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    fn malformed_json_is_a_validation_error(app) {
        for body in ["{", "{\"name\":}", "nonsense", "{\"name\":\"a\"} trailing", "{'name':'a'}", "\u{feff}{}"] {
            app.post_text("/api/v1/cases", body).expect_error(400, "VALIDATION_ERROR");
        }
    }

    fn a_body_that_is_not_an_object_is_a_validation_error(app) {
        for body in ["[]", "null", "5", "\"name\"", "true"] {
            app.post_text("/api/v1/cases", body).expect_error(400, "VALIDATION_ERROR");
        }
    }

    fn an_empty_body_is_a_validation_error(app) {
        app.post_text("/api/v1/cases", "").expect_error(400, "VALIDATION_ERROR");
    }

    fn invalid_utf_8_is_a_validation_error(app) {
        let client = app.with("content-type", "application/json");
        client.send("POST", "/api/v1/cases", b"{\"name\":\"\xff\xfe\"}").expect_error(400, "VALIDATION_ERROR");
        client.send("POST", "/api/v1/cases", b"{\"name\":\"\\ud800\"}").expect_error(400, "VALIDATION_ERROR");
    }

    fn invalid_utf_8_in_a_query_is_a_validation_error(app) {
        app.get("/api/v1/cases?search=%FF").expect_faults(&["search"]);
        app.get("/api/v1/cases?%FF=a").expect_faults(&["query"]);
    }

    fn json_nested_too_deeply_is_refused(app) {
        let deep = format!("{{\"name\":\"a\",\"custom_fields\":{{\"a\":{}{}}}}}", "[".repeat(100_000), "]".repeat(100_000));
        app.post_text("/api/v1/cases", &deep).expect_error(400, "VALIDATION_ERROR");
        let fine = format!("{{\"name\":\"a\",\"custom_fields\":{{\"a\":{}{}}}}}", "[".repeat(98), "]".repeat(98));
        app.post_text("/api/v1/cases", &fine).expect(201);
    }

    fn a_body_over_the_size_limit_is_refused(app) {
        let huge = json!({ "name": "a", "description": "x".repeat(3 << 20) }).to_string();
        app.post_text("/api/v1/cases", &huge).expect_error(413, "PAYLOAD_TOO_LARGE");
    }

    fn a_chunked_body_over_the_size_limit_is_refused(app) {
        let client = app.with("content-type", "application/json").with("transfer-encoding", "chunked");
        let mut stream = client.begin("POST", "/api/v1/cases", 0);
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        for _ in 0..40 {
            if std::io::Write::write_all(&mut stream, chunk.as_bytes()).is_err() {
                break;
            }
        }
        let _sent = std::io::Write::write_all(&mut stream, b"0\r\n\r\n");
        crate::support::Client::finish(stream).expect_error(413, "PAYLOAD_TOO_LARGE");
    }

    fn a_media_type_other_than_json_is_refused(app) {
        for media in ["text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense"] {
            let client = app.with("content-type", media);
            client.post("/api/v1/cases", &json!({ "name": "a" })).expect_error(415, "UNSUPPORTED_MEDIA_TYPE");
        }
        for media in ["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"] {
            app.with("content-type", media).post("/api/v1/cases", &json!({ "name": "a" })).expect(201);
        }
    }

    fn a_number_that_is_not_an_id_is_a_validation_error(app) {
        for number in ["1e400", "99999999999999999999999", "1.0", "-0"] {
            let body = format!(r#"{{"name":"a","customer_id":{number}}}"#);
            app.post_text("/api/v1/cases", &body).expect_faults(&["customer_id"]);
        }
    }

    fn an_unknown_status_is_a_validation_error(app) {
        let case = app.case("a");
        app.put(&TestApp::path(&case), &json!({ "status": "frozen" })).expect_faults(&["status"]);
        app.get("/api/v1/cases?status=frozen").expect_faults(&["status"]);
        app.get("/api/v1/cases?case_status=99").expect_faults(&["case_status"]);
        let path = format!("{}/transitions", TestApp::path(&case));
        app.post(&path, &json!({ "to": "frozen" })).expect_faults(&["to"]);
        app.post(&path, &json!({ "transition": "freeze" })).expect_faults(&["transition"]);
    }
}
