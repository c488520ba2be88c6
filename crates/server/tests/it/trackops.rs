//! The Trackops dialect, row by row of its contract.

mod cases;
mod dialects;
mod directories;
mod html;
mod series;
mod updates;

use base64::Engine as _;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

/// The account's own key over HTTP Basic, which chooses this dialect on shared paths.
pub(crate) fn trackops(app: &TestApp) -> Client {
    basic(app, "tester", &app.key)
}

fn basic(app: &TestApp, name: &str, key: &str) -> Client {
    let credential = base64::engine::general_purpose::STANDARD.encode(format!("{name}/token:{key}"));
    app.nobody().with("authorization", &format!("Basic {credential}"))
}

/// A new case with these fields.
fn case(app: &TestApp, fields: &Value) -> Value {
    trackops(app).post("/api/v1/cases", &json!({ "casefile": fields })).expect(201)
}

/// The ids of a list, in its order.
fn ids(app: &TestApp, path: &str) -> Vec<i64> {
    let list = trackops(app).get(path).expect(200);
    list.as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

/// The id of a new directory entry.
fn entry(app: &TestApp, path: &str, body: &Value) -> i64 {
    trackops(app).post(path, body).expect(201)["id"].as_i64().unwrap()
}

/// The integer of a new person.
fn person(app: &TestApp, name: &str) -> i64 {
    let person = app.post("/api/v1/people", &json!({ "kind": "staff", "name": name })).expect(201);
    crockford(person["id"].as_str().unwrap().trim_start_matches("usr_"))
}

/// The integer that Crockford digits stand for.
fn crockford(digits: &str) -> i64 {
    let value = |digit| "0123456789ABCDEFGHJKMNPQRSTVWXYZ".find(digit).unwrap();
    digits.chars().fold(0, |sum, digit| sum * 32 + i64::try_from(value(digit)).unwrap())
}
