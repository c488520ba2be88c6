//! The Case IQ dialect.

mod cases;
mod document;
mod errors;
mod json;
mod tokens;
mod transitions;

use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp};

/// A new case, as the dialect shows it.
fn create(client: &Client, body: &Value) -> Value {
    client.post("/case", body).expect(201)
}

/// The path of a case.
fn path(case: &Value) -> String {
    format!("/case/{}", case["id"].as_str().unwrap())
}

fn patch(client: &Client, path: &str, body: &Value) -> Answer {
    client.with("content-type", "application/merge-patch+json").send("PATCH", path, body.to_string().as_bytes())
}

/// Asks for a change of status in the workflow that the case is in.
fn transition(client: &Client, case: &Value, status: &str, reason: Option<&str>) -> Answer {
    let body = json!({ "caseStatus": status, "workflowId": case["lastWorkflowId"], "reason": reason });
    client.post(&format!("{}/transition", path(case)), &body)
}

/// Insists on an error of this dialect's envelope; gives its sentence for people.
#[track_caller]
fn expect_error(answer: &Answer, status: u16, message: &str) -> String {
    let body = answer.expect(status);
    assert_eq!(body["name"], "SERVICE_ACCOUNT_ERROR", "{body}");
    assert_eq!(body["httpstatus"], status, "{body}");
    assert_eq!(body["message"], message, "{body}");
    body["meta"]["message"].as_str().unwrap().to_owned()
}

/// The version of a case, by its entity tag.
fn version(client: &Client, case: &Value) -> String {
    client.get(&path(case)).header("etag").unwrap().to_owned()
}

/// What the native dialect shows of the case.
fn native(app: &TestApp, case: &Value) -> Value {
    app.get(&TestApp::path(case)).expect(200)
}
