//! The rows of the contract about keys.

use serde_json::{Value, json};

use crate::support::on_both_databases;

on_both_databases! {
    fn a_key_is_shown_once_and_opens_what_it_may(app) {
        let body = json!({ "name": "front desk", "scopes": ["cases:write", "cases:read"], "expires_at": "2099-01-01T00:00:00Z" });
        let key = app.post("/api/v1/keys", &body).expect(201);
        let fields = key.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(fields, ["id", "name", "scopes", "key", "created_at", "expires_at"]);
        assert_eq!((&key["name"], &key["expires_at"]), (&json!("front desk"), &json!("2099-01-01T00:00:00Z")));
        assert_eq!(key["scopes"], json!(["cases:read", "cases:write"]));
        let (client_id, secret) = key["key"].as_str().unwrap().split_once('.').unwrap();
        assert!(client_id.starts_with("dk_"));
        assert_eq!((client_id.len(), secret.len()), (19, 43));
        let desk = app.with_key(key["key"].as_str().unwrap());
        let case = desk.post("/api/v1/cases", &json!({ "name": "a" })).expect(201);
        let history = desk.get(&format!("/api/v1/cases/{}/history", case["number"])).expect(200);
        assert_eq!(history["data"][0]["actor"]["name"], "front desk");
        desk.get("/api/v1/keys").expect_error(403, "AUTH_INSUFFICIENT_SCOPE");

        let listed = app.get("/api/v1/keys");
        assert!(!String::from_utf8(listed.body.clone()).unwrap().contains(secret));
        let listed = listed.expect(200)["data"].as_array().unwrap().iter().find(|listed| listed["id"] == key["id"]).unwrap().clone();
        let fields = listed.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(fields, ["id", "name", "scopes", "created_at", "last_used_at", "expires_at", "revoked_at"]);
        assert_eq!((&listed["revoked_at"], &listed["created_at"]), (&Value::Null, &key["created_at"]));
    }

    fn a_key_that_is_used_says_when(app) {
        app.get("/api/v1/cases").expect(200);
        let used = || app.get("/api/v1/keys").expect(200)["data"][0]["last_used_at"].is_string();
        // It is noted beside the answer, not before it.
        assert!((0..500).any(|_| used()));
    }

    fn a_revoked_key_is_listed_with_its_end(app) {
        let key = app.post("/api/v1/keys", &json!({ "name": "a", "scopes": ["admin"] })).expect(201);
        let path = format!("/api/v1/keys/{}", key["id"].as_str().unwrap());
        assert_eq!(app.delete(&path).status, 204);
        let keys = app.get("/api/v1/keys").expect(200);
        let revoked = keys["data"].as_array().unwrap().iter().find(|listed| listed["id"] == key["id"]).unwrap().clone();
        assert!(revoked["revoked_at"].is_string());
        assert_eq!(app.delete(&path).status, 204);
        assert_eq!(app.get("/api/v1/keys").expect(200), keys);
    }

    fn an_unknown_key_cannot_be_revoked(app) {
        for id in ["999999999", "nonsense", "key_0000000000000", "usr_0000000000001", "-1"] {
            app.delete(&format!("/api/v1/keys/{id}")).expect_error(404, "KEY_NOT_FOUND");
        }
    }

    fn a_bad_request_for_a_key_names_every_field(app) {
        app.post("/api/v1/keys", &json!({})).expect_faults(&["name", "scopes"]);
        let bad = json!({ "name": "", "scopes": ["cases:read", "everything"], "expires_at": "tomorrow", "color": "red" });
        app.post("/api/v1/keys", &bad).expect_faults(&["name", "scopes", "expires_at", "color"]);
        app.post("/api/v1/keys", &json!({ "name": "a", "scopes": [] })).expect_faults(&["scopes"]);
        app.post("/api/v1/keys", &json!({ "name": "x".repeat(256), "scopes": "admin" })).expect_faults(&["name", "scopes"]);
    }
}
