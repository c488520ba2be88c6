//! Health, metrics, OpenAPI documents and the docs page.

use serde_json::json;

use crate::support::on_both_databases;

on_both_databases! {
    fn health_needs_no_key(app) {
        for path in ["/health/live", "/health/ready"] {
            assert_eq!(app.anonymous().get(path).expect(200), json!({ "status": "ok" }));
        }
    }

    fn metrics_are_prometheus_text(app) {
        app.get("/api/v1/cases").expect(200);
        let metrics = app.anonymous().get("/metrics");
        assert_eq!(metrics.status, 200);
        assert!(metrics.header("content-type").unwrap().starts_with("text/plain"));
        let text = String::from_utf8(metrics.body).unwrap();
        assert!(text.contains("# TYPE docket_http_requests_total counter"), "{text}");
        assert!(text.contains("# HELP docket_http_requests_total HTTP requests"), "{text}");
        assert!(text.contains("\nprocess_resident_memory_bytes ") && text.contains("\ndocket_build_info{"), "{text}");
        let open = app.anonymous().with("accept", "application/openmetrics-text; version=1.0.0").get("/metrics");
        assert!(open.header("content-type").unwrap().starts_with("application/openmetrics-text"));
        let open = String::from_utf8(open.body).unwrap();
        assert!(open.contains("# TYPE docket_http_requests counter") && open.ends_with("# EOF\n"), "{open}");
        assert!(text.contains(r#"docket_http_requests_total{method="GET",route="/api/v1/cases",status="200"}"#), "{text}");
        assert!(text.contains("\ndocket_event_streams ") && text.contains("\ndocket_webhook_deliveries_in_progress "), "{text}");
        assert!(!text.contains(&app.key));
        let is_sqlite = text.contains("\ndocket_write_queue_length ");
        // The time of the last use of the key may be written at this moment.
        assert_eq!(!is_sqlite, text.contains("\ndocket_database_connections_in_use "), "{text}");
        if is_sqlite {
            // The key was written.
            assert!(text.contains("\ndocket_group_commit_duration_seconds_bucket{le=\"+Inf\"} "), "{text}");
            assert!(!text.contains("\ndocket_group_commit_writes_count 0\n"), "{text}");
        }
    }

    fn every_dialect_has_an_openapi_document(app) {
        for dialect in ["native", "trackops", "services", "caseiq"] {
            let document = app.anonymous().get(&format!("/openapi/{dialect}.json")).expect(200);
            assert!(document["openapi"].as_str().unwrap().starts_with("3."));
        }
        app.anonymous().get("/openapi/klingon.json").expect_error(404, "NOT_FOUND");
    }

    fn the_docs_page_loads_nothing_from_other_hosts(app) {
        let anonymous = app.anonymous();
        assert_eq!(anonymous.get("/docs").header("location"), Some("/docs/"));
        let page = anonymous.get("/docs/");
        assert_eq!(page.status, 200);
        assert!(page.header("content-type").unwrap().starts_with("text/html"));
        let html = String::from_utf8(page.body.clone()).unwrap();
        assert!(!html.contains("http://") && !html.contains("https://"), "{html}");
        assert!(!html.contains("<script>"), "the policy forbids scripts in the page itself");
        for file in ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-initializer.js", "swagger-ui-standalone-preset.js"] {
            assert_eq!(anonymous.get(&format!("/docs/{file}")).status, 200, "{file}");
        }
        let starter = String::from_utf8(anonymous.get("/docs/swagger-initializer.js").body).unwrap();
        for dialect in ["native", "trackops", "services", "caseiq"] {
            assert!(starter.contains(&format!("/openapi/{dialect}-3.0.json")), "{starter}");
        }
        anonymous.get("/docs/nonsense.js").expect_error(404, "NOT_FOUND");
    }
}
