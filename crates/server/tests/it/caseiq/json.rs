//! Case IQ: JSON values of custom fields are stored and returned exactly.

use serde_json::{Value, json};

use super::{create, expect_error, path};
use crate::support::{Client, on_both_databases};

/// The JSON text of a custom field, exactly as in the response.
fn text_of(client: &Client, case: &str, name: &str) -> String {
    let text = String::from_utf8(client.get(case).body).unwrap();
    let fields = serde_json::from_str::<Value>(&text).unwrap();
    // With `arbitrary_precision` serde_json keeps every digit, so its text of the value is the text of the response.
    let field = fields[name].to_string();
    assert!(text.contains(&format!("\"{name}\":{field}")), "{text}");
    field
}

fn nested(levels: usize) -> String {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels))
}

on_both_databases! {
    fn every_value_is_returned_as_it_was_sent(app) {
        let values = [
            "123456789012345678901234567890", "-9223372036854775809", "18446744073709551616", "0.1", "1.10", "1.0", "-0.0",
            "1e+400", "-1.50e-7", "3.141592653589793238462643383279", "true", "null", "\"\"", "{}", "[]", "[[],{}]",
            "\"\u{e4}\u{4e2d}\u{1f9d1}\u{200d}\u{1f680}\u{301}\"", "\"\\u0000\\u0001\"", "\"\\\\ \\\" / \\n\"", "\"%_'; --\"",
            "{\"b\":1,\"a\":{\"\":null,\" \":[1,1.0]}}",
        ];
        for (at, value) in values.into_iter().enumerate() {
            let case = app.post_text("/case", &format!("{{\"x{at}\":{value}}}")).expect(201);
            assert_eq!(text_of(app, &path(&case), &format!("x{at}")), value);
        }
    }

    /// `1E5` is returned as `1e+5`: the same number with all digits.
    fn exponents_keep_their_value(app) {
        let case = app.post_text("/case", "{\"a\":1E5,\"b\":12.3400e-7,\"c\":1e999}").expect(201);
        let shown = ["a", "b", "c"].map(|name| text_of(app, &path(&case), name));
        assert_eq!(shown, ["1e+5", "12.3400e-7", "1e+999"]);
    }

    /// serde_json passes numbers as objects with this member name; such an object would be returned as a number.
    fn the_number_marker_of_serde_json_is_refused_as_a_name(app) {
        for body in [
            r#"{"x":{"$serde_json::private::Number":"1"}}"#,
            r#"{"x":[{"$serde_json::private::Number" : 1}]}"#,
            r#"{"a":"\\","x":{"\u0024serde_json::private::Number":"1e3"}}"#,
        ] {
            expect_error(&app.post_text("/case", body), 400, "BAD_REQUEST");
        }
        let harmless = json!({"x": "$serde_json::private::Number", "y": "\"$serde_json::private::Number\": 1"});
        let case = create(app, &harmless);
        assert_eq!((&case["x"], &case["y"]), (&harmless["x"], &harmless["y"]));
    }

    fn every_field_name_is_accepted(app) {
        let sent = json!({"": 1, "a.b": 2, "ü": 3, "constructor": 4, "__proto__": 5, "custom_fields": 6, "$": 7, "Title": 8, "\u{0}": 9});
        let case = create(app, &sent);
        for (name, value) in sent.as_object().unwrap() {
            assert_eq!(case[name], *value, "{name:?}");
        }
        assert_eq!(case["title"], case["caseNumber"]);
    }

    fn the_order_of_fields_is_kept(app) {
        let case = app.post_text("/case", "{\"z\":1,\"title\":\"t\",\"a\":{\"y\":1,\"b\":2},\"m\":3}").expect(201);
        let text = String::from_utf8(app.get(&path(&case)).body).unwrap();
        assert!(text.ends_with("\"z\":1,\"a\":{\"y\":1,\"b\":2},\"m\":3}"), "{text}");
    }

    fn nesting_is_kept_up_to_the_limit(app) {
        let case = app.post_text("/case", &format!("{{\"x\":{}}}", nested(99))).expect(201);
        assert_eq!(text_of(app, &path(&case), "x"), nested(99));
        app.get(&crate::support::TestApp::path(&case)).expect(200);
        for levels in [100, 126, 127, 128, 5_000] {
            let answer = app.post_text("/case", &format!("{{\"x\":{}}}", nested(levels)));
            expect_error(&answer, 400, "BAD_REQUEST");
        }
        let timeline = app.get(&format!("{}/timeline", crate::support::TestApp::path(&case)));
        assert_eq!(timeline.status, 200, "the log is readable");
    }

    fn the_size_of_custom_fields_is_limited(app) {
        let large = json!({"x": "x".repeat(60 << 10)});
        assert_eq!(create(app, &large)["x"], large["x"]);
        expect_error(&app.post("/case", &json!({"x": "x".repeat(64 << 10)})), 400, "BAD_REQUEST");
        expect_error(&app.post("/case", &json!({"x": "x".repeat(3 << 20)})), 413, "PAYLOAD_TOO_LARGE");
    }

    fn a_body_that_is_not_an_object_is_refused(app) {
        let case = create(app, &json!({}));
        for body in ["", "[]", "1", "\"x\"", "null", "{", "{\"a\":}", "{}{}", "\u{feff}{}", "{\"a\":\"\\ud800\"}", "NaN"] {
            expect_error(&app.post_text("/case", body), 400, "BAD_REQUEST");
            let json = app.with("content-type", "application/json");
            for method in ["PUT", "PATCH"] {
                expect_error(&json.send(method, &path(&case), body.as_bytes()), 400, "BAD_REQUEST");
            }
        }
        expect_error(&app.send("POST", "/case", b"{\"a\":\"\xff\"}"), 400, "BAD_REQUEST");
        let form = app.with("content-type", "text/plain");
        expect_error(&form.send("POST", "/case", b"{}"), 415, "UNSUPPORTED_MEDIA_TYPE");
    }
}
