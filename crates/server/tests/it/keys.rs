//! API keys: create, list and revoke.

use chrono::{TimeDelta, Utc};
use docket_domain::scope::{Scope, Scopes};
use serde_json::{Value, json};

use crate::support::on_both_databases;

on_both_databases! {
    fn a_key_of_any_scope_can_ask_for_its_account_and_scopes(app) {
        let body = json!({ "name": "cleaner", "scopes": ["cases:delete"], "expires_at": "2099-01-01T00:00:00Z" });
        let made = app.post("/api/v1/keys", &body).expect(201);
        let me = app.with_key(made["key"].as_str().unwrap()).get("/api/v1/me").expect(200);
        let key = json!({ "id": made["id"], "name": "cleaner", "scopes": ["cases:delete"], "expires_at": "2099-01-01T00:00:00Z" });
        assert_eq!(me["key"], key);
        assert_eq!(me["account"], app.get("/api/v1/me").expect(200)["account"]);
        assert_ne!(me["account"], app.another_account().get("/api/v1/me").expect(200)["account"]);
        app.anonymous().get("/api/v1/me").expect_error(401, "AUTH_INVALID_KEY");
    }

    fn a_key_is_shown_once_and_grants_its_scopes(app) {
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
        assert_eq!(fields, ["id", "name", "scopes", "created_at", "last_used_at", "expires_at", "revoked_at", "created_by", "revoked_by"]);
        assert_eq!((&listed["revoked_at"], &listed["created_at"]), (&Value::Null, &key["created_at"]));
    }

    fn a_used_key_shows_the_time_of_its_last_use(app) {
        app.get("/api/v1/cases").expect(200);
        let used = || app.get("/api/v1/keys").expect(200)["data"][0]["last_used_at"].is_string();
        // The time is stored asynchronously, maybe after the response.
        assert!((0..500).any(|_| used()));
    }

    fn a_revoked_key_is_listed_with_the_time_of_revocation(app) {
        let key = app.post("/api/v1/keys", &json!({ "name": "a", "scopes": ["admin"] })).expect(201);
        let path = format!("/api/v1/keys/{}", key["id"].as_str().unwrap());
        assert_eq!(app.delete(&path).status, 204);
        let keys = app.get("/api/v1/keys").expect(200);
        let revoked = keys["data"].as_array().unwrap().iter().find(|listed| listed["id"] == key["id"]).unwrap().clone();
        assert!(revoked["revoked_at"].is_string());
        assert_eq!(app.delete(&path).status, 204);
        assert_eq!(app.get("/api/v1/keys").expect(200), keys);
    }

    fn a_key_creates_no_key_with_more_scopes_or_a_later_expiry(app) {
        let end = Utc::now() + TimeDelta::hours(1);
        let scopes = [Scope::Admin, Scope::CasesRead].into_iter().collect::<Scopes>();
        let maker = app.with_key(&app.make_key("maker", scopes, Some(end)));
        let make = |scopes: Value, expires_at: Value| {
            maker.post("/api/v1/keys", &json!({ "name": "a", "scopes": scopes, "expires_at": expires_at }))
        };
        let (at, sooner, later) = (json!(end), json!(end - TimeDelta::minutes(1)), json!(end + TimeDelta::seconds(1)));
        for scope in ["cases:write", "cases:delete"] {
            let error = make(json!(["cases:read", scope]), at.clone()).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
            assert!(error["message"].as_str().unwrap().contains(scope), "{error}");
        }
        for expiry in [Value::Null, later] {
            make(json!(["cases:read"]), expiry).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        }
        make(json!(["cases:read"]), at).expect(201);
        let child = make(json!(["admin", "cases:read"]), sooner.clone()).expect(201);
        // The same limits apply to the keys that the new key creates.
        let child = app.with_key(child["key"].as_str().unwrap());
        let body = json!({ "name": "a", "scopes": ["admin"], "expires_at": end });
        child.post("/api/v1/keys", &body).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        child.post("/api/v1/keys", &json!({ "name": "a", "scopes": ["admin"], "expires_at": sooner })).expect(201);
        app.post("/api/v1/keys", &json!({ "name": "a", "scopes": ["admin"] })).expect(201);
    }

    fn an_access_token_creates_no_keys(app) {
        let (id, secret) = app.key.split_once('.').unwrap();
        for scope in ["admin", "admin cases:read cases:write cases:delete"] {
            let body = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret, "scope": scope });
            let token = app.anonymous().post("/auth/oauth2/token", &body).expect(200)["access_token"].clone();
            let holder = app.with_key(token.as_str().unwrap());
            let before = holder.get("/api/v1/keys").expect(200);
            for expires_at in [Value::Null, json!(Utc::now() + TimeDelta::seconds(1))] {
                let body = json!({ "name": "a", "scopes": ["admin"], "expires_at": expires_at });
                let error = holder.post("/api/v1/keys", &body).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
                assert!(error["message"].as_str().unwrap().contains("access token"), "{error}");
            }
            let count = |keys: &Value| keys["data"].as_array().unwrap().len();
            assert_eq!(count(&holder.get("/api/v1/keys").expect(200)), count(&before));
        }
    }

    fn the_list_shows_who_created_and_who_revoked_a_key(app) {
        let made = app.post("/api/v1/keys", &json!({ "name": "made", "scopes": ["admin"] })).expect(201);
        let entry = |name: &str| {
            let keys = app.get("/api/v1/keys").expect(200);
            keys["data"].as_array().unwrap().iter().find(|key| key["name"] == name).unwrap().clone()
        };
        assert_eq!((&entry("tester")["created_by"], &entry("tester")["revoked_by"]), (&Value::Null, &Value::Null));
        let case = app.case("a");
        let history = app.get(&format!("/api/v1/cases/{}/history", case["number"])).expect(200);
        let tester = &history["data"][0]["actor"]["id"];
        assert_eq!((&entry("made")["created_by"], &entry("made")["revoked_by"]), (tester, &Value::Null));
        let path = format!("/api/v1/keys/{}", made["id"].as_str().unwrap());
        assert_eq!(app.delete(&path).status, 204);
        assert_eq!(&entry("made")["revoked_by"], tester);
        // A second revocation does not change `revoked_by`.
        assert_eq!(app.with_scopes(&[Scope::Admin]).delete(&path).status, 204);
        assert_eq!(&entry("made")["revoked_by"], tester);
    }

    fn an_unknown_key_cannot_be_revoked(app) {
        for id in ["999999999", "nonsense", "key_0000000000000", "usr_0000000000001", "-1"] {
            app.delete(&format!("/api/v1/keys/{id}")).expect_error(404, "KEY_NOT_FOUND");
        }
    }

    fn an_invalid_request_for_a_key_names_every_field(app) {
        app.post("/api/v1/keys", &json!({})).expect_faults(&["name", "scopes"]);
        let bad = json!({ "name": "", "scopes": ["cases:read", "everything"], "expires_at": "tomorrow", "color": "red" });
        app.post("/api/v1/keys", &bad).expect_faults(&["name", "scopes", "expires_at", "color"]);
        app.post("/api/v1/keys", &json!({ "name": "a", "scopes": [] })).expect_faults(&["scopes"]);
        app.post("/api/v1/keys", &json!({ "name": "x".repeat(256), "scopes": "admin" })).expect_faults(&["name", "scopes"]);
    }
}
