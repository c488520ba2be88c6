//! Valid requests of the Case IQ dialect.

use serde_json::json;

use super::row::{Row, row};

pub(super) fn rows() -> Vec<Row> {
    let case = json!({ "title": "a" });
    let transition = json!({ "caseStatus": "Close", "workflowId": "{workflow}" });
    let token =
        json!({ "grant_type": "client_credentials", "client_id": "{client_id}", "client_secret": "{client_secret}" });
    vec![
        row("POST /auth/oauth2/token").json(&token),
        row("GET /.well-known/oauth-authorization-server"),
        row("POST /case").json(&case),
        row("GET /case/{case}"),
        row("PUT /case/{case}").json(&case),
        row("PATCH /case/{case}").content("application/merge-patch+json", case.to_string()),
        row("POST /case/{case}/transition").json(&transition),
    ]
}
