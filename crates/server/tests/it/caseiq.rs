//! Tests of the Case IQ dialect, and helpers that its modules share.

mod cases;
mod document;
mod errors;
mod json;
mod tokens;
mod transitions;

use serde_json::{Value, json};

use crate::support::{Client, TestApp, TestResponse};

fn create(client: &Client, body: &Value) -> Value {
    client.post("/case", body).expect(201)
}

fn path(case: &Value) -> String {
    format!("/case/{}", case["id"].as_str().unwrap())
}

fn patch(client: &Client, path: &str, body: &Value) -> TestResponse {
    client.with("content-type", "application/merge-patch+json").send("PATCH", path, body.to_string().as_bytes())
}

/// Requests a status change with the id of the case's current workflow.
fn transition(client: &Client, case: &Value, status: &str, reason: Option<&str>) -> TestResponse {
    let body = json!({ "caseStatus": status, "workflowId": case["lastWorkflowId"], "reason": reason });
    client.post(&format!("{}/transition", path(case)), &body)
}

/// Asserts an error in the envelope of this dialect and returns its human-readable message.
#[track_caller]
fn expect_error(answer: &TestResponse, status: u16, message: &str) -> String {
    let body = answer.expect(status);
    assert_eq!(body["name"], "SERVICE_ACCOUNT_ERROR", "{body}");
    assert_eq!(body["httpstatus"], status, "{body}");
    assert_eq!(body["message"], message, "{body}");
    body["meta"]["message"].as_str().unwrap().to_owned()
}

/// The entity tag of a case.
fn version(client: &Client, case: &Value) -> String {
    client.get(&path(case)).header("etag").unwrap().to_owned()
}

/// The case in the native dialect.
fn native(app: &TestApp, case: &Value) -> Value {
    app.get(&TestApp::path(case)).expect(200)
}
