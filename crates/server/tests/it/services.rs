//! Tests of the services dialect, and helpers that its modules share.

mod actions;
mod cases;
mod dialects;
mod incident_log;
mod lists;
mod reference;
mod sources;
mod statistics;

use serde_json::{Value, json};

use crate::support::{Client, TestResponse};

/// A new case of customer 123.
fn case(app: &Client, title: &str) -> Value {
    create(app, &json!({ "customer_id": 123, "title": title }))
}

#[track_caller]
fn create(app: &Client, body: &Value) -> Value {
    let answer = app.post("/api/cases", body).expect(201);
    assert_eq!(answer["success"], true);
    answer["data"].clone()
}

fn path(case: &Value) -> String {
    format!("/api/cases/{}", case["id"])
}

/// The whole body of a successful read.
#[track_caller]
fn read(app: &Client, path: &str) -> Value {
    let answer = app.get(path).expect(200);
    assert_eq!(answer["success"], true, "{answer}");
    answer
}

fn act(app: &Client, case: &Value, body: &Value) -> TestResponse {
    app.post(&format!("{}/action", path(case)), body)
}

/// Performs an action, asserts success and returns the case.
#[track_caller]
fn done(app: &Client, case: &Value, body: &Value) -> Value {
    act(app, case, body).expect(200)["data"].clone()
}

#[track_caller]
fn move_to(app: &Client, case: &Value, status: &str) -> Value {
    done(app, case, &json!({ "action": "update_status", "status": status, "reason": "for the test" }))
}

/// The fields that a 422 response names, sorted.
#[track_caller]
fn faults(answer: &TestResponse) -> Vec<String> {
    let error = failed(answer, 422);
    let mut fields = error["errors"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    fields.sort_unstable();
    fields
}

/// Asserts an error in the envelope of this dialect and returns it.
#[track_caller]
fn failed(answer: &TestResponse, status: u16) -> Value {
    let error = answer.expect(status);
    assert_eq!(error["success"], false, "{error}");
    assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{error}");
    error
}

fn ids(list: &Value) -> Vec<i64> {
    list["data"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}
