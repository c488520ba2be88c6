//! Trackops: the body of an update keeps basic formatting and lists, and no script.

use serde_json::json;

use super::{case, trackops};
use crate::support::on_both_databases;

/// Script injections, after the families of the OWASP list of filter evasions.
const ATTACKS: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<IMG SRC=\"jav&#x09;ascript:alert(1)\">",
    "<img \"\"\"><script>alert(1)</script>\">",
    "<svg/onload=alert(1)>",
    "<svg><script>alert&#40;1&#41;</script></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">x</a>",
    "<b onmouseover=alert(1)>x</b>",
    "<p style=\"background:url(javascript:alert(1))\">x</p>",
    "<li onclick='alert(1)'>x</li>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=javascript:alert(1)//>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<table background=javascript:alert(1)>",
    "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
];

on_both_databases! {
    fn only_formatting_tags_remain_of_script_injections(app) {
        let made = case(app, &json!({ "name": "attacked" }));
        for attack in ATTACKS {
            let body = json!({ "update": { "casefile_id": made["id"], "access_group_id": 2, "title": "t", "body": format!("safe {attack}") } });
            let update = trackops(app).post("/api/v1/case/updates", &body).expect(201);
            let kept = update["body"].as_str().unwrap().to_ascii_lowercase();
            let tags = kept.split('<').skip(1).map(|rest| rest.split('>').next().unwrap().trim_matches('/'));
            for tag in tags {
                assert!(["b", "strong", "i", "em", "u", "p", "br", "ul", "ol", "li"].contains(&tag), "{attack:?} left {kept:?}");
            }
        }
    }

    fn basic_formatting_is_kept(app) {
        let made = case(app, &json!({ "name": "formatted" }));
        let html = "<p><b>a</b> <strong>b</strong> <i>c</i> <em>d</em> <u>e</u><br></p><ul><li>f</li></ul><ol><li>g</li></ol>";
        let body = json!({ "update": { "casefile_id": made["id"], "access_group_id": 2, "title": "1 < 2", "body": html } });
        let update = trackops(app).post("/api/v1/case/updates", &body).expect(201);
        assert_eq!((&update["body"], &update["title"]), (&json!(html), &json!("1 < 2")));
    }

    fn text_with_angle_brackets_is_kept(app) {
        let made = case(app, &json!({ "name": "letters" }));
        for (sent, kept) in [
            ("From: Jane Roe <jane@example.org>", "From: Jane Roe &lt;jane@example.org&gt;"),
            ("a<b and c>d", "a&lt;b and c&gt;d"),
            ("<div>Dear Ms Roe,</div><div>the hearing", "Dear Ms Roe,<br>the hearing"),
            ("<div>a</div><script>x < y</script>b", "a<br>b"),
            ("<h1>Report</h1><table><tr><td>a</td><td>b</td></tr></table>", "Report<br>a b"),
            ("<p>1 &lt; 2</p>", "<p>1 &lt; 2</p>"),
            ("<!-- <b> --><span class=\"x\">a</span> <!-- b", "a &lt;!-- b"),
        ] {
            let body = json!({ "update": { "casefile_id": made["id"], "access_group_id": 2, "title": "t", "body": sent } });
            let update = trackops(app).post("/api/v1/case/updates", &body).expect(201);
            assert_eq!(update["body"], kept, "{sent}");
        }
    }

    fn a_body_without_visible_text_is_refused(app) {
        let made = case(app, &json!({ "name": "empty" }));
        for html in ["", " ", "<script>x</script>", "<p></p>", "<div>&nbsp;</div><br>", "&#8203;", "<!-- x -->", "<img src=x>"] {
            let body = json!({ "update": { "casefile_id": made["id"], "access_group_id": 2, "title": "t", "body": html } });
            trackops(app).post("/api/v1/case/updates", &body).expect_faults(&["body"]);
        }
    }

    fn a_body_that_is_costly_to_sanitize_is_refused(app) {
        let made = case(app, &json!({ "name": "attacked" }));
        // The time of the parser grows with the square of the nesting depth: parsing such bodies would take minutes.
        for html in ["<ul><li>".repeat(100_000), "<ul><li>".repeat(12_000), "\u{9c}".repeat(600_000)] {
            let body = json!({ "update": { "casefile_id": made["id"], "access_group_id": 2, "title": "t", "body": html } });
            trackops(app).post("/api/v1/case/updates", &body).expect_faults(&["body"]);
        }
    }
}
