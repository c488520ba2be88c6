//! The cost of a request grows at most linearly with its size, and no error response grows with the request.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::{
    support::{TestApp, TestResponse, on_both_databases},
    trackops::trackops,
};

/// The longest error response, in bytes.
const LONGEST_ERROR: usize = 64 << 10;

/// Highest accepted growth of the time for four times the input. Linear cost gives 4 and quadratic cost 16; measured
/// times vary.
const GROWTH: f64 = 9.0;

/// Asserts linear growth from `n` to `4 n` for a request that `send` makes of a given size.
fn assert_linear(what: &str, n: usize, send: impl Fn(usize) -> TestResponse) {
    let fastest = |n| {
        let time = |_| {
            let start = Instant::now();
            let answer = send(n);
            assert!(answer.status < 500, "{what}: {}", answer.status);
            assert!(answer.status < 300 || answer.body.len() < LONGEST_ERROR, "{what}: {} bytes", answer.body.len());
            start.elapsed()
        };
        (0..5).map(time).min().unwrap_or_default()
    };
    let (one, four) = (fastest(n), fastest(4 * n));
    // Shorter times are mostly noise.
    let floor = Duration::from_millis(4);
    let growth = four.as_secs_f64() / one.max(floor).as_secs_f64();
    assert!(growth < GROWTH, "{what}: {one:?} for {n}, {four:?} for {}", 4 * n);
}

fn members(n: usize, value: &Value) -> Map<String, Value> {
    (0..n).map(|at| (format!("f{at}"), value.clone())).collect()
}

on_both_databases! {
    fn a_merge_patch_is_linear(app) {
        let case = app.post("/case", &json!({ "title": "a" })).expect(201);
        let path = format!("/case/{}", case["id"].as_str().unwrap());
        assert_linear("nulls of a merge patch", 5_000, |n| app.send("PATCH", &path, Value::Object(members(n, &Value::Null)).to_string().as_bytes()));
        assert_linear("members of a merge patch", 2_000, |n| app.send("PATCH", &path, Value::Object(members(n, &json!(1))).to_string().as_bytes()));
        let number = app.get(&format!("/api/v1/cases/{}", case["id"].as_str().unwrap())).expect(200)["number"].clone();
        assert_linear("update_metadata", 5_000, |n| {
            let body = json!({ "action": "update_metadata", "metadata": members(n, &Value::Null) });
            app.post(&format!("/api/cases/{number}/action"), &body)
        });
    }

    fn unknown_names_are_linear(app) {
        assert_linear("fields of a body", 5_000, |n| {
            let mut body = members(n, &json!(1));
            body.insert("name".to_owned(), "a".into());
            app.post("/api/v1/cases", &body.into())
        });
        for path in ["/api/v1/cases", "/api/cases/list", "/api/v1/people"] {
            assert_linear(path, 1_000, |n| {
                let query = (0..n).map(|at| format!("x{at}=1")).collect::<Vec<_>>().join("&");
                app.get(&format!("{path}?{query}"))
            });
        }
    }

    fn lists_in_a_body_are_linear(app) {
        let case = app.case("lists");
        let path = TestApp::path(&case);
        assert_linear("parties without a name", 2_000, |n| {
            app.post(&format!("{path}/parties"), &json!({ "parties": vec![json!({ "name": "" }); n] }))
        });
        assert_linear("parties", 100, |n| {
            let parties = (0..n).map(|at| json!({ "name": format!("P{at}") })).collect::<Vec<_>>();
            app.put(&format!("{path}/parties"), &json!({ "parties": parties }))
        });
        assert_linear("tags", 2_000, |n| {
            let tags = (0..n).map(|at| format!("t{at}")).collect::<Vec<_>>();
            app.put(&path, &json!({ "tags": tags }))
        });
        assert_linear("subjects", 5_000, |n| {
            let subjects = (0..n).map(|at| json!({ "name": format!("S{at}") })).collect::<Vec<_>>();
            trackops(app).post("/api/v1/cases", &json!({ "casefile": { "subjects": subjects } }))
        });
    }

    fn the_html_of_an_update_is_linear(app) {
        let case = app.case("html");
        for (what, piece) in [("tags", "<b>"), ("nested blocks", "<div>"), ("attributes", "<p a='b' c='d'>"), ("text with <", "a<b ")] {
            assert_linear(what, 600, |n| {
                let body = format!("x{}", piece.repeat(n));
                let update = json!({ "casefile_id": case["number"], "access_group_id": 2, "title": "t", "body": body });
                trackops(app).post("/api/v1/case/updates", &json!({ "update": update }))
            });
        }
    }

    fn entity_tags_are_linear(app) {
        let case = app.case("tags");
        assert_linear("If-None-Match", 500, |n| {
            let tags = (0..n).map(|at| format!("\"{}\"", at + 1_000)).collect::<Vec<_>>().join(", ");
            app.with("if-none-match", &tags).get(&TestApp::path(&case))
        });
    }

    fn repeated_member_names_are_refused(app) {
        for body in [r#"{"name": "a", "name": "b"}"#, r#"{"name": "a", "custom_fields": {"x": 1, "\u0078": 2}}"#] {
            app.post_text("/api/v1/cases", body).expect_error(400, "VALIDATION_ERROR");
        }
        assert_linear("members of a parsed body", 5_000, |n| {
            let mut body = serde_json::to_string(&members(n, &json!(1))).unwrap();
            body.truncate(body.len() - 1);
            app.post_text("/api/v1/cases", &format!("{body},\"f0\":2}}"))
        });
    }

    fn custom_fields_have_a_size_limit(app) {
        let large = json!({ "text": "x".repeat(64 << 10) });
        app.post("/api/v1/cases", &json!({ "name": "a", "custom_fields": large })).expect_faults(&["custom_fields"]);
        let case = app.case("a");
        let path = TestApp::path(&case);
        app.put(&path, &json!({ "custom_fields": { "text": "x".repeat(60 << 10) } })).expect(200);
        app.put(&path, &json!({ "custom_fields": large })).expect_faults(&["custom_fields"]);
        let body = json!({ "customer_id": 1, "title": "a", "metadata": large });
        app.post("/api/cases", &body).expect(422);
        app.post("/api/orders/place", &json!({ "customer_id": 1, "metadata": large })).expect(422);
        app.post("/case", &large).expect(400);
    }

    fn at_most_twenty_faults_are_named(app) {
        let answer = app.post("/api/v1/cases", &Value::Object(members(1_000, &json!(1)))).expect(400);
        assert_eq!(answer["error"]["details"].as_array().map(Vec::len), Some(20));
    }
}

/// Event logs in every shape that a reader might scan more than once.
#[test]
fn reading_an_event_log_is_linear() {
    use docket_domain::workflow::{EntityType, builtin};
    use docket_server::import::{Map, Reader};
    let map =
        "source = 'x'\n[columns]\ncase = 'case'\nstatus = 'status'\noccurred_at = 'at'\n[statuses]\nNew = 'open'\n";
    let (_, format) = Map::read(map, builtin(EntityType::Case)).unwrap();
    for (what, n, row) in [
        ("rows", 4_000, "7,New,2026-01-01T00:00:00Z\n"),
        ("short rows", 8_000, "7\n"),
        ("blank lines", 40_000, "\n"),
        ("a quote that is not closed", 20_000, "\"x"),
        ("columns", 20_000, "x,"),
    ] {
        let fastest = |n: usize| {
            let read = |_| {
                let log = format!("case,status,at\n{}", row.repeat(n)).into_bytes();
                let start = Instant::now();
                let mut reader = Reader::new(std::io::Cursor::new(log), &format).unwrap();
                while let Some(row) = reader.next_row().unwrap() {
                    drop(row);
                }
                start.elapsed()
            };
            (0..5).map(read).min().unwrap_or_default()
        };
        let (one, four) = (fastest(n), fastest(4 * n));
        let growth = four.as_secs_f64() / one.max(Duration::from_millis(4)).as_secs_f64();
        assert!(growth < GROWTH, "{what}: {one:?} for {n}, {four:?} for {}", 4 * n);
    }
}
