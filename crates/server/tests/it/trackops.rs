//! Tests of the Trackops dialect, and helpers that its modules share.

mod cases;
mod dialects;
mod directories;
mod html;
mod series;
mod updates;

use base64::Engine as _;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

/// A client with the account's key over HTTP Basic, which selects this dialect on shared paths.
pub(crate) fn trackops(app: &TestApp) -> Client {
    basic(app, "tester", &app.key)
}

fn basic(app: &TestApp, name: &str, key: &str) -> Client {
    let credential = base64::engine::general_purpose::STANDARD.encode(format!("{name}/token:{key}"));
    app.anonymous().with("authorization", &format!("Basic {credential}"))
}

/// Creates a case with these fields.
fn case(app: &TestApp, fields: &Value) -> Value {
    trackops(app).post("/api/v1/cases", &json!({ "casefile": fields })).expect(201)
}

/// The ids in a list, in order.
fn ids(app: &TestApp, path: &str) -> Vec<i64> {
    let list = trackops(app).get(path).expect(200);
    list.as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

/// Creates a directory entry and returns its id.
fn entry(app: &TestApp, path: &str, body: &Value) -> i64 {
    trackops(app).post(path, body).expect(201)["id"].as_i64().unwrap()
}

/// Creates a person and returns the integer id.
fn person(app: &TestApp, name: &str) -> i64 {
    let person = app.post("/api/v1/people", &json!({ "kind": "staff", "name": name })).expect(201);
    crockford(person["id"].as_str().unwrap().trim_start_matches("usr_"))
}

/// Decodes an integer in Crockford base32.
fn crockford(digits: &str) -> i64 {
    let value = |digit| "0123456789ABCDEFGHJKMNPQRSTVWXYZ".find(digit).unwrap();
    digits.chars().fold(0, |sum, digit| sum * 32 + i64::try_from(value(digit)).unwrap())
}
