//! API keys as credentials: 401 and 403 take precedence over all other errors.

use chrono::{TimeDelta, Utc};
use docket_domain::scope::{Scope, Scopes};
use serde_json::json;

use crate::support::{TestApp, on_both_databases};

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

on_both_databases! {
    fn a_request_without_a_credential_is_401(app) {
        let anonymous = app.anonymous();
        let answers = [
            anonymous.get("/api/v1/cases"), anonymous.get("/api/v1/cases/1"), anonymous.post("/api/v1/cases", &json!({})),
            anonymous.put("/api/v1/cases/1", &json!({})), anonymous.delete("/api/v1/cases/1"),
            anonymous.post("/api/v1/cases/1/restore", &json!({})), anonymous.get("/api/v1/cases/1/transitions"),
            anonymous.post("/api/v1/cases/1/transitions", &json!({})), anonymous.get("/api/v1/cases/1/history"),
            anonymous.get("/api/v1/cases/1/timeline"), anonymous.get("/api/v1/keys"), anonymous.post("/api/v1/keys", &json!({})),
            anonymous.delete("/api/v1/keys/1"),
        ];
        for answer in answers {
            answer.expect_error(401, "AUTH_INVALID_KEY");
            assert!(answer.header("www-authenticate").is_some());
        }
    }

    fn an_invalid_credential_is_401(app) {
        let (client_id, secret) = app.key.split_once('.').unwrap();
        let other = app.make_key("other", Scopes::all(), None);
        let other_secret = other.split_once('.').unwrap().1;
        for value in [
            "", "Bearer", "Bearer ", "Bearer nonsense", "Token x", &format!("Bearer {client_id}"), &format!("Bearer {client_id}."),
            &format!("Bearer .{secret}"), &format!("Bearer {client_id}.{other_secret}"), &format!("Bearer {}x", app.key),
            &format!("Bearer {}", app.key.to_uppercase()), "Basic !!!", "Bearer \u{fc}", &format!("{} {}", "Bearer", "x".repeat(5000)),
        ] {
            let client = app.anonymous().with("authorization", value);
            client.get("/api/v1/cases").expect_error(401, "AUTH_INVALID_KEY");
        }
    }

    fn the_authorization_scheme_is_case_insensitive(app) {
        app.anonymous().with("authorization", &format!("bEaReR {}", app.key)).get("/api/v1/keys").expect(200);
    }

    fn http_basic_on_native_paths_needs_the_name_of_the_key(app) {
        let basic = |user: &str, password: &str| {
            app.anonymous().with("authorization", &format!("Basic {}", base64(&format!("{user}:{password}"))))
        };
        basic("tester/token", &app.key).get("/api/v1/keys").expect(200);
        for user in ["tester", "somebody/token", "/token", "tester/password"] {
            basic(user, &app.key).get("/api/v1/keys").expect_error(401, "AUTH_INVALID_KEY");
        }
        basic("tester/token", "nonsense").get("/api/v1/keys").expect_error(401, "AUTH_INVALID_KEY");
        let colon = app.make_key("a:b", Scopes::all(), None);
        basic("a:b/token", &colon).get("/api/v1/keys").expect(200);
    }

    fn an_expired_key_is_401(app) {
        let expired = app.make_key("old", Scopes::all(), Some(Utc::now() - TimeDelta::seconds(1)));
        app.with_key(&expired).get("/api/v1/cases").expect_error(401, "AUTH_INVALID_KEY");
        let lasting = app.make_key("new", Scopes::all(), Some(Utc::now() + TimeDelta::hours(1)));
        app.with_key(&lasting).get("/api/v1/cases").expect(200);
    }

    fn a_revoked_key_is_401_at_once(app) {
        let key = app.make_key("leaver", Scopes::all(), None);
        app.with_key(&key).get("/api/v1/cases").expect(200);
        let keys = app.get("/api/v1/keys").expect(200);
        let id = keys["data"].as_array().unwrap().iter().find(|key| key["name"] == "leaver").unwrap()["id"].clone();
        assert_eq!(app.delete(&format!("/api/v1/keys/{}", id.as_str().unwrap())).status, 204);
        app.with_key(&key).get("/api/v1/cases").expect_error(401, "AUTH_INVALID_KEY");
    }

    fn no_scope_implies_another(app) {
        let case = app.case("a");
        let path = TestApp::path(&case);
        let calls: [(&str, String, Scope); 13] = [
            ("GET", "/api/v1/cases".to_owned(), Scope::CasesRead),
            ("POST", "/api/v1/cases".to_owned(), Scope::CasesWrite),
            ("GET", path.clone(), Scope::CasesRead),
            ("PUT", path.clone(), Scope::CasesWrite),
            ("DELETE", path.clone(), Scope::CasesDelete),
            ("POST", format!("{path}/restore"), Scope::CasesDelete),
            ("POST", format!("{path}/transitions"), Scope::CasesWrite),
            ("GET", format!("{path}/transitions"), Scope::CasesRead),
            ("GET", format!("{path}/history"), Scope::CasesRead),
            ("GET", format!("{path}/timeline"), Scope::CasesRead),
            ("POST", "/api/v1/keys".to_owned(), Scope::Admin),
            ("GET", "/api/v1/keys".to_owned(), Scope::Admin),
            ("DELETE", "/api/v1/keys/1".to_owned(), Scope::Admin),
        ];
        for (method, path, needed) in calls {
            let others = Scope::ALL.into_iter().filter(|scope| *scope != needed).collect::<Vec<_>>();
            let answer = app.with_scopes(&others).send(method, &path, b"");
            let error = answer.expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
            assert!(error["message"].as_str().unwrap().contains(needed.as_str()), "{error}");
        }
    }

    fn a_missing_scope_is_reported_before_an_invalid_body_and_an_unknown_case(app) {
        let reader = app.with_scopes(&[Scope::CasesRead]);
        reader.post_text("/api/v1/cases", "{").expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        reader.put("/api/v1/cases/nonsense", &json!({})).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
    }
}
