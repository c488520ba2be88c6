//! A NUL in every kind of input never causes a server error, although PostgreSQL stores no NUL in text.

use serde_json::{Value, json};

use crate::{
    documents::{form, send},
    support::{Client, TestApp, on_both_databases},
};

const FORM: &str = "application/x-www-form-urlencoded";

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// Method, path, query parameters and body schema of every operation in the OpenAPI documents.
fn operations(app: &TestApp) -> Vec<(String, String, Vec<String>, Option<Value>)> {
    let mut operations = Vec::new();
    for dialect in ["native", "trackops", "services", "caseiq"] {
        let document = app.anonymous().get(&format!("/openapi/{dialect}.json")).expect(200);
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                let queries = parameters.iter().filter(|parameter| parameter["in"] == "query");
                let names = queries.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect();
                let content = &operation["requestBody"]["content"]["application/json"];
                let body = content.is_object().then(|| schema_of(&document, &content["schema"]));
                operations.push((method.to_uppercase(), path.clone(), names, body));
            }
        }
    }
    operations
}

/// The schema that `schema` is or refers to.
fn schema_of(document: &Value, schema: &Value) -> Value {
    let reference = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    reference.map_or_else(|| schema.clone(), |at| document.pointer(at).unwrap().clone())
}

/// The path with `text` in the position of each parameter.
fn filled(path: &str, text: &str) -> String {
    let segments = path.split('{').enumerate().map(|(at, segment)| match segment.split_once('}') {
        Some((_, rest)) if at > 0 => format!("{text}{rest}"),
        Some(_) | None => segment.to_owned(),
    });
    segments.collect()
}

#[track_caller]
fn assert_no_server_error(client: &Client, method: &str, path: &str, body: &[u8]) {
    let answer = client.with("content-type", "application/json").send(method, path, body);
    assert!((400..500).contains(&answer.status) || answer.status == 200, "{method} {path}: {}", answer.status);
}

on_both_databases! {
    fn a_nul_in_a_path_causes_no_server_error(app) {
        for (method, path, ..) in operations(app).iter().filter(|(_, path, ..)| path.contains('{')) {
            for text in ["a%00b", "%00", "1%00"] {
                assert_no_server_error(app, method, &filled(path, text), b"{}");
            }
        }
    }

    fn a_nul_in_a_query_is_a_fault_of_its_parameter(app) {
        for (method, path, names, _) in operations(app) {
            for name in names {
                let path = format!("{}?{name}=a%00b", filled(&path, "1"));
                assert_no_server_error(app, &method, &path, b"{}");
            }
        }
        app.get("/api/v1/cases?search=a%00b").expect_faults(&["search"]);
    }

    fn a_nul_in_a_body_is_a_fault_of_its_field(app) {
        for (method, path, _, schema) in operations(app) {
            let Some(schema) = schema else { continue };
            for name in schema["properties"].as_object().into_iter().flat_map(|fields| fields.keys()) {
                for value in [json!("a\0b"), json!(["a\0b"]), json!([{ "name": "a\0b" }]), json!({ "name": "a\0b" })] {
                    let body = json!({ (name): value }).to_string();
                    assert_no_server_error(app, &method, &filled(&path, "1"), body.as_bytes());
                }
            }
        }
        app.post("/api/v1/cases", &json!({ "name": "a\0b" })).expect_faults(&["name"]);
        app.post("/api/v1/cases", &json!({ "name": "a", "tags": ["a\0b"] })).expect_faults(&["tags"]);
    }

    fn custom_fields_keep_a_nul(app) {
        let made = app.post("/api/v1/cases", &json!({ "name": "a", "custom_fields": { "k\0": "a\0b" } })).expect(201);
        assert_eq!(app.get(&TestApp::path(&made)).expect(200)["custom_fields"], json!({ "k\0": "a\0b" }));
    }

    fn a_nul_in_an_upload_is_refused_or_removed(app) {
        let case = app.case("a");
        let title = form(&[("name=\"title\"", b"a\0b"), ("name=\"file\"; filename=\"a.txt\"", b"x")]);
        send(app, &case, &title).expect_faults(&["title"]);
        for name in ["filename=\"a\0b.txt\"", "filename=\"x\"; filename*=UTF-8''a%00b.txt"] {
            let upload = form(&[(&format!("name=\"file\"; {name}"), b"x")]);
            let answer = send(app, &case, &upload);
            assert!([201, 400].contains(&answer.status), "{name}: {}", answer.status);
            if answer.status == 201 {
                let document = answer.expect(201);
                assert!(!document["file_name"].as_str().unwrap().contains('\0'), "{document}");
                assert!(!document["title"].as_str().unwrap().contains('\0'), "{document}");
            }
        }
    }

    fn a_nul_in_a_header_is_400(app) {
        // RFC 9110, section 5.5, allows no NUL in a header. The server refuses one that a proxy passes on.
        for header in ["Idempotency-Key", "If-Match", "X-Request-Id", "Authorization"] {
            let head = format!("POST /api/v1/cases HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}: a\0b\r\nContent-Length: 0\r\n\r\n");
            let answer = app.raw(head.as_bytes());
            assert!(answer.starts_with("HTTP/1.1 400"), "{header}: {answer}");
        }
    }

    fn a_nul_in_a_credential_is_401(app) {
        let secret = "x".repeat(43);
        let texts = ["a\0b".to_owned(), "dk_0123456789abcde\0".to_owned(), format!("dk_0123456789abcde\0.{secret}")];
        for text in texts {
            for credential in [format!("tester/token:{text}"), format!("a\0b/token:{}", app.key), format!("a\0b:{text}")] {
                let client = app.anonymous().with("authorization", &format!("Basic {}", base64(&credential)));
                client.get("/api/v1/cases").expect_error(401, "AUTH_INVALID_KEY");
            }
            let form = form_urlencoded::Serializer::new(String::new())
                .append_pair("grant_type", "client_credentials")
                .append_pair("client_id", &text)
                .append_pair("client_secret", &text)
                .finish();
            let asked = app.anonymous().with("content-type", FORM).send("POST", "/auth/oauth2/token", form.as_bytes());
            assert_eq!(asked.expect(401)["error"], "invalid_client");
            let body = json!({ "grant_type": "client_credentials", "client_id": text, "client_secret": text });
            assert_eq!(app.anonymous().post("/auth/oauth2/token", &body).expect(401)["error"], "invalid_client");
            let basic = app.anonymous().with("authorization", &format!("Basic {}", base64(&format!("{text}:{secret}"))));
            let basic = basic.with("content-type", FORM);
            let asked = basic.send("POST", "/auth/oauth2/token", b"grant_type=client_credentials");
            assert_eq!(asked.expect(401)["error"], "invalid_client");
        }
    }
}
