//! Case IQ: the token endpoint, and the scopes and expiry of access tokens.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use docket_domain::scope::{Scope, Scopes};
use serde_json::{Value, json};

use super::{create, expect_error};
use crate::support::{Client, TestApp, TestResponse, on_both_databases};

const TOKEN: &str = "/auth/oauth2/token";

fn id_and_secret(key: &str) -> (&str, &str) {
    key.split_once('.').unwrap()
}

fn ask(app: &TestApp, more: &Value) -> TestResponse {
    let (id, secret) = id_and_secret(&app.key);
    let mut body = json!({"grant_type": "client_credentials", "client_id": id, "client_secret": secret});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.anonymous().post(TOKEN, &body)
}

fn form(client: &Client, body: &str) -> TestResponse {
    client.with("content-type", "application/x-www-form-urlencoded").send("POST", TOKEN, body.as_bytes())
}

fn basic(app: &TestApp, id: &str, secret: &str) -> Client {
    app.anonymous().with("authorization", &format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))))
}

/// Asserts an error response of RFC 6749, section 5.2.
#[track_caller]
fn expect_refused(answer: &TestResponse, status: u16, error: &str) {
    let body = answer.expect(status);
    assert_eq!(body["error"], error, "{body}");
    assert!(body["error_description"].as_str().is_some_and(|text| !text.is_empty()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("www-authenticate").is_some(), status == 401);
}

fn token_of(answer: &TestResponse) -> String {
    answer.expect(200)["access_token"].as_str().unwrap().to_owned()
}

on_both_databases! {
    fn a_key_is_exchanged_for_a_token(app) {
        let answer = ask(app, &json!({}));
        let body = answer.expect(200);
        assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(600)));
        assert_eq!(body["scope"], "cases:read cases:write cases:delete admin");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("pragma"), Some("no-cache"));
        let client = app.anonymous().with_key(body["access_token"].as_str().unwrap());
        let case = create(&client, &json!({"title": "by token"}));
        client.get("/api/v1/cases").expect(200);
        client.get("/api/v1/keys").expect(200);
        let created = app.get(&format!("{}/timeline", TestApp::path(&case))).expect(200)["data"][0].clone();
        assert_eq!(created["actor"]["name"], "tester", "it acts as its key");
    }

    fn the_endpoint_accepts_forms_and_http_basic(app) {
        let (id, secret) = id_and_secret(&app.key);
        let anonymous = app.anonymous();
        let answer = form(&anonymous, &format!("grant_type=client_credentials&client_id={id}&client_secret={secret}&ttl=60&other=x&scope="));
        assert_eq!(answer.expect(200)["expires_in"], 60);
        let answer = form(&basic(app, id, secret), "grant_type=client_credentials&scope=cases%3Aread+admin");
        assert_eq!(answer.expect(200)["scope"], "cases:read admin");
        let encoded = id.replace('_', "%5F");
        form(&basic(app, &encoded, secret), &format!("grant_type=client_credentials&client_id={id}")).expect(200);
        basic(app, id, secret).post(TOKEN, &json!({"grant_type": "client_credentials"})).expect(200);
        let charset = anonymous.with("content-type", "Application/X-WWW-Form-Urlencoded; charset=utf-8");
        let body = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        charset.send("POST", TOKEN, body.as_bytes()).expect(200);
        anonymous.post(&format!("/api-public/1.0{TOKEN}"), &json!({
            "grant_type": "client_credentials", "client_id": id, "client_secret": secret,
        })).expect(200);
    }

    fn a_token_may_have_fewer_scopes_than_its_key(app) {
        let token = token_of(&ask(app, &json!({"scope": "cases:read"})));
        let reader = app.anonymous().with_key(&token);
        reader.get("/api/v1/cases").expect(200);
        expect_error(&reader.post("/case", &json!({})), 403, "FORBIDDEN");
        reader.get("/api/v1/keys").expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
    }

    fn a_token_may_not_have_more_scopes_than_its_key(app) {
        let key = app.make_key("narrow", [Scope::CasesRead].into_iter().collect(), None);
        let (id, secret) = id_and_secret(&key);
        for scope in ["cases:write", "cases:read cases:write", "everything", " "] {
            let answer = ask(app, &json!({"client_id": id, "client_secret": secret, "scope": scope}));
            expect_refused(&answer, 400, "invalid_scope");
        }
        let answer = ask(app, &json!({"client_id": id, "client_secret": secret}));
        assert_eq!(answer.expect(200)["scope"], "cases:read");
    }

    fn wrong_client_credentials_are_refused(app) {
        let (id, secret) = id_and_secret(&app.key);
        let other = app.make_key("other", Scopes::all(), None);
        let wrong = [
            json!({"client_secret": "wrong"}), json!({"client_secret": id_and_secret(&other).1}), json!({"client_id": "dk_unknown"}),
            json!({"client_id": null}), json!({"client_secret": null}), json!({"client_id": "", "client_secret": ""}),
        ];
        for wrong in wrong {
            expect_refused(&ask(app, &wrong), 401, "invalid_client");
        }
        for client in [basic(app, id, "wrong"), basic(app, "", ""), app.anonymous().with("authorization", "Basic !!!")] {
            expect_refused(&form(&client, "grant_type=client_credentials"), 401, "invalid_client");
        }
        let twice = basic(app, id, secret);
        let body = json!({"grant_type": "client_credentials", "client_id": id, "client_secret": secret});
        expect_refused(&twice.post(TOKEN, &body), 400, "invalid_request");
    }

    fn invalid_token_requests_are_refused(app) {
        let anonymous = app.anonymous();
        for body in ["", "nonsense", "[]", "{}", "{\"grant_type\": null}", "{\"grant_type\": 1}", "{\"grant_type\": \"\"}"] {
            let answer = anonymous.post_text(TOKEN, body);
            let error = answer.expect(400)["error"].clone();
            assert!(error == "invalid_request" || error == "unsupported_grant_type", "{body}: {error}");
        }
        for body in ["", "grant_type=", "grant_type=client_credentials&grant_type=client_credentials"] {
            expect_refused(&form(&anonymous, body), 400, "invalid_request");
        }
        for grant in ["password", "authorization_code", "CLIENT_CREDENTIALS"] {
            expect_refused(&ask(app, &json!({"grant_type": grant})), 400, "unsupported_grant_type");
        }
        for ttl in [json!(0), json!(-1), json!(3601), json!(1.5), json!("x"), json!(""), json!(true), json!([600])] {
            expect_refused(&ask(app, &json!({"ttl": ttl})), 400, "invalid_request");
        }
        for ttl in [json!(1), json!(3600), json!("60")] {
            ask(app, &json!({"ttl": ttl})).expect(200);
        }
        expect_refused(&anonymous.with("content-type", "text/plain").send("POST", TOKEN, b"x"), 400, "invalid_request");
        expect_refused(&anonymous.post_text(TOKEN, &" ".repeat(20_000)), 400, "invalid_request");
    }

    fn a_token_of_a_revoked_key_is_refused(app) {
        let made = app.post("/api/v1/keys", &json!({"name": "short", "scopes": ["cases:read"]})).expect(201);
        let (id, secret) = id_and_secret(made["key"].as_str().unwrap());
        let body = json!({"client_id": id, "client_secret": secret});
        let client = app.anonymous().with_key(&token_of(&ask(app, &body)));
        client.get("/api/v1/cases").expect(200);
        app.delete(&format!("/api/v1/keys/{}", made["id"].as_str().unwrap())).expect(204);
        client.get("/api/v1/cases").expect_error(401, "AUTH_INVALID_KEY");
        expect_refused(&ask(app, &body), 401, "invalid_client");
    }

    fn a_token_expires(app) {
        let client = app.anonymous().with_key(&token_of(&ask(app, &json!({"ttl": 1}))));
        client.get("/api/v1/cases").expect(200);
        let begin = std::time::Instant::now();
        while client.get("/api/v1/cases").status == 200 {
            assert!(begin.elapsed().as_secs() < 30, "it does not expire");
        }
        client.get("/api/v1/cases").expect_error(401, "AUTH_INVALID_KEY");
    }

    fn an_altered_token_is_refused(app) {
        let token = token_of(&ask(app, &json!({})));
        let changed = format!("{}{}", &token[..token.len() - 1], if token.ends_with('A') { 'B' } else { 'A' });
        for wrong in [&changed, &token[3..], &token[..20], &format!("{token}A"), "at_", &token.to_uppercase()] {
            expect_error(&app.anonymous().with_key(wrong).get("/case/1"), 401, "UNAUTHORIZED");
        }
    }
}
