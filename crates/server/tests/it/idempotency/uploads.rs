//! Repeated uploads: a request is identified by the content of its form, not by the boundary.

use serde_json::{Value, json};

use super::{KEY, replayed};
use crate::support::{TestApp, TestResponse, on_both_databases};

/// Uploads a file with an idempotency key and a multipart boundary.
fn upload(app: &TestApp, case: &Value, key: &str, boundary: &str, name: &str, bytes: &[u8]) -> TestResponse {
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, format!("\r\n--{boundary}--\r\n").as_bytes()].concat();
    let client = app.with(KEY, key).with("content-type", &format!("multipart/form-data; boundary={boundary}"));
    client.send("POST", &format!("{}/documents", TestApp::path(case)), &body)
}

on_both_databases! {
    fn a_repeated_upload_is_stored_once(app) {
        let case = app.case("a");
        let first = upload(app, &case, "k", "one", "a.txt", b"0123456789");
        first.expect(201);
        let again = upload(app, &case, "k", "another", "a.txt", b"0123456789");
        assert!(replayed(&again));
        assert_eq!((again.status, &again.body, again.header("location")), (201, &first.body, first.header("location")));
        // Other content of the same length is another request.
        upload(app, &case, "k", "one", "a.txt", b"9876543210").expect_error(422, "IDEMPOTENCY_KEY_REUSED");
        upload(app, &case, "k", "one", "b.txt", b"0123456789").expect_error(422, "IDEMPOTENCY_KEY_REUSED");
        upload(app, &app.case("b"), "k", "one", "a.txt", b"0123456789").expect_error(422, "IDEMPOTENCY_KEY_REUSED");
        upload(app, &case, "a b", "one", "a.txt", b"0123456789").expect_faults(&["Idempotency-Key"]);
        let documents = app.get(&format!("{}/documents", TestApp::path(&case))).expect(200)["data"].clone();
        assert_eq!(documents, json!([first.json()]));
        let content = format!("{}/content", first.header("location").unwrap());
        assert_eq!(app.get(&content).body, b"0123456789");
    }
}
