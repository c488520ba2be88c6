//! HTTP edge cases: empty and compressed bodies, unusual headers, times out of range, file names with quotes.

use chrono::{TimeDelta, Utc};
use serde_json::json;

use crate::support::{TestApp, on_both_databases};

const FORM: &str = "application/x-www-form-urlencoded";

on_both_databases! {
    fn an_empty_body_needs_no_content_type(app) {
        let number = app.case("a")["number"].clone();
        let inquiry = app.post("/api/inquiries", &json!({ "user_id": 1, "title": "a" })).expect(201)["data"]["id"].clone();
        let order = app.post("/api/orders/place", &json!({ "customer_id": 1 })).expect(201)["data"]["id"].clone();
        for path in [
            format!("/api/cases/{number}/follow-up"), format!("/api/cases/from-inquiry/{inquiry}"),
            format!("/api/cases/from-order/{order}"),
        ] {
            app.with("content-type", FORM).with("content-length", "0").send("POST", &path, b"").expect(201);
            app.send("POST", &path, b"").expect(201);
            app.with("content-type", FORM).send("POST", &path, b"a=b").expect(415);
        }
    }

    fn an_update_needs_a_body(app) {
        let number = app.case("a")["number"].clone();
        let inquiry = app.post("/api/inquiries", &json!({ "user_id": 1, "title": "a" })).expect(201)["data"]["id"].clone();
        let order = app.post("/api/orders/place", &json!({ "customer_id": 1 })).expect(201)["data"]["id"].clone();
        for path in [format!("/api/cases/{number}"), format!("/api/inquiries/{inquiry}"), format!("/api/orders/{order}")] {
            let answer = app.send("PUT", &path, b"").expect(422);
            assert!(answer["errors"]["body"].is_array(), "{answer}");
            app.put(&path, &json!({})).expect(200);
        }
        let missing = app.send("POST", "/api/cases", b"").expect(422);
        assert!(missing["errors"]["title"].is_array() && missing["errors"]["customer_id"].is_array(), "{missing}");
        app.send("PUT", &format!("/api/v1/cases/{number}"), b"").expect_error(400, "VALIDATION_ERROR");
    }

    fn a_due_time_is_stored_and_printed_in_utc(app) {
        let path = TestApp::path(&app.case("a"));
        let body = json!({ "title": "a", "due_at": "2031-05-01T01:00:00+02:00" });
        let made = app.post(&format!("{path}/deadlines"), &body).expect(201);
        assert_eq!(made["due_at"], "2031-04-30T23:00:00Z");
        let id = made["id"].as_str().unwrap();
        assert_eq!(app.get(&format!("/api/v1/deadlines/{id}")).expect(200)["due_at"], "2031-04-30T23:00:00Z");
        let found = |query: &str| {
            app.get(&format!("/api/v1/deadlines?{query}")).expect(200)["data"].as_array().unwrap().len()
        };
        assert_eq!((found("due_from=2031-04-30&due_to=2031-04-30"), found("due_from=2031-05-01")), (1, 0));
        assert_eq!((found("due_from=2031-04-30T23:00:00Z"), found("due_from=2031-04-30T23:00:01Z")), (1, 0));
        assert_eq!(found("due_from=2031-05-01T01:00:00%2B02:00&due_to=2031-05-01T01:00:00%2B02:00"), 1);
    }

    fn a_compressed_body_is_refused(app) {
        let path = TestApp::path(&app.case("a"));
        let gzip = app.with("content-encoding", "gzip");
        gzip.post("/api/v1/cases", &json!({ "name": "a" })).expect_error(415, "UNSUPPORTED_MEDIA_TYPE");
        gzip.put(&path, &json!({})).expect_error(415, "UNSUPPORTED_MEDIA_TYPE");
        gzip.post("/api/cases", &json!({})).expect(415);
        let upload = gzip.with("content-type", "multipart/form-data; boundary=x");
        upload.send("POST", &format!("{path}/documents"), b"--x--\r\n").expect_error(415, "UNSUPPORTED_MEDIA_TYPE");
        app.with("content-encoding", "identity").put(&path, &json!({})).expect(200);
    }

    fn without_an_acceptable_coding_the_error_is_json(app) {
        for codings in ["identity;q=0", "*;q=0"] {
            let client = app.with("accept-encoding", codings);
            client.get("/api/v1/cases").expect_error(406, "NOT_ACCEPTABLE");
            client.post("/api/v1/cases", &json!({ "name": "a" })).expect_error(406, "NOT_ACCEPTABLE");
            assert_eq!(client.get("/api/cases/list").expect(406)["success"], false);
        }
        assert_eq!(app.get("/api/v1/cases").expect(200)["data"], json!([]));
        app.with("accept-encoding", "identity").get("/api/v1/cases").expect(200);
    }

    fn two_credentials_are_refused(app) {
        let twice = app.with("authorization", &format!("Bearer {}", app.key));
        twice.get("/api/v1/cases").expect_error(400, "VALIDATION_ERROR");
        twice.post("/api/v1/cases", &json!({ "name": "a" })).expect_error(400, "VALIDATION_ERROR");
        twice.get("/api/cases/list").expect(400);
        twice.get("/case/1").expect(400);
        twice.post("/auth/oauth2/token", &json!({})).expect(400);
    }

    fn the_expiry_of_a_key_is_in_the_future_and_before_the_year_10000(app) {
        let soon = (Utc::now() + TimeDelta::hours(1)).to_rfc3339();
        let past = (Utc::now() - TimeDelta::seconds(1)).to_rfc3339();
        let make = |end: &str| app.post("/api/v1/keys", &json!({ "name": "a", "scopes": ["admin"], "expires_at": end }));
        for end in [&past, "2001-01-01T00:00:00Z", "9999-12-31T23:59:59-01:00", "10000-01-01T00:00:00Z"] {
            make(end).expect_faults(&["expires_at"]);
        }
        make(&soon).expect(201);
        make("9999-12-31T23:59:59Z").expect(201);
    }

    fn a_time_outside_the_years_0_to_9999_in_utc_is_refused(app) {
        let path = TestApp::path(&app.case("a"));
        for time in ["9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00"] {
            let body = json!({ "title": "a", "due_at": time });
            app.post(&format!("{path}/deadlines"), &body).expect_faults(&["due_at"]);
        }
    }

    fn a_file_name_keeps_its_quotes(app) {
        let path = TestApp::path(&app.case("a"));
        for given in [r#"report \"final\".pdf"#, "report %22final%22.pdf"] {
            let body = format!(
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{given}\"\r\n\r\nbytes\r\n--x--\r\n"
            );
            let client = app.with("content-type", "multipart/form-data; boundary=x");
            let made = client.send("POST", &format!("{path}/documents"), body.as_bytes()).expect(201);
            assert_eq!(made["file_name"], "report \"final\".pdf");
            let content = app.get(&format!("/api/v1/documents/{}/content", made["id"].as_str().unwrap()));
            let disposition = "attachment; filename=\"report _final_.pdf\"; filename*=UTF-8''report%20%22final%22.pdf";
            assert_eq!(content.header("content-disposition"), Some(disposition));
        }
    }

    fn repeated_and_unknown_parameters_are_refused(app) {
        app.get("/api/v1/cases?limit=1&limit=2").expect_faults(&["limit"]);
        app.get("/api/v1/cases?prioritty=high&nonsense").expect_faults(&["nonsense", "prioritty"]);
        let many = (0..1000).map(|at| format!("p{at}=")).collect::<Vec<_>>().join("&");
        let error = app.get(&format!("/api/v1/cases?{many}")).expect_error(400, "VALIDATION_ERROR");
        assert_eq!(error["details"].as_array().unwrap().len(), 20);
    }
}
