//! Valid requests of the services dialect.

use serde_json::json;

use super::row::{Row, row};

pub(super) fn rows() -> Vec<Row> {
    let links = json!({ "initial_inquiry_id": "{inquiry}", "order_id": "{order}", "parent_case_id": "{parent}" });
    let mut case = links.clone();
    case["customer_id"] = json!(1);
    case["title"] = json!("a");
    let act = || row("POST /api/cases/{case}/action");
    vec![
        row("POST /api/cases").json(&case),
        row("GET /api/cases/{case}"),
        row("PUT /api/cases/{case}").json(&links),
        row("DELETE /api/cases/{case}"),
        row("POST /api/cases/{deleted_case}/restore"),
        row("POST /api/cases/from-inquiry/{inquiry}"),
        row("POST /api/cases/from-order/{order}"),
        row("POST /api/cases/{case}/follow-up"),
        act().json(&json!({ "action": "resolve" })),
        act().json(&json!({ "action": "assign_staff", "staff_id": "{person}" })),
        act().json(&json!({ "action": "link_inquiry", "inquiry_id": "{inquiry}" })),
        act().json(&json!({ "action": "link_order", "order_id": "{order}" })),
        row("GET /api/cases/{case}/history"),
        row(
            "GET /api/cases/list?customer_id={customer}&contractor_id={contractor}&parent_case_id={parent}&tag={word}&search={word}",
        ),
        row("GET /api/cases/customer/{customer}?parent_case_id={parent}"),
        row("GET /api/cases/contractor/{contractor}?parent_case_id={parent}"),
        row("GET /api/cases/timeline?user_id={customer}"),
        row("GET /api/cases/stats?customer_id={customer}&contractor_id={contractor}"),
        row("GET /api/cases/stats/overview?customer_id={customer}&contractor_id={contractor}"),
        row("GET /api/cases/meta/statuses"),
        row("GET /api/cases/meta/priorities"),
        row("GET /api/cases/statuses/available"),
        row("GET /api/cases/priorities/available"),
        row("GET /api/status-definitions"),
        row("GET /api/status-definitions/transitions?entity_type=case"),
        row("GET /api/inquiries?user_id={customer}"),
        row("POST /api/inquiries")
            .json(&json!({ "user_id": 1, "title": "a" }))
            .without("created_by", "any name, not an id"),
        row("GET /api/inquiries/{inquiry}"),
        row("PUT /api/inquiries/{inquiry}").json(&json!({ "title": "a" })),
        row("GET /api/orders?customer_id={customer}"),
        row("POST /api/orders/place").json(&json!({ "customer_id": 1 })),
        row("GET /api/orders/{order}"),
        row("PUT /api/orders/{order}").json(&json!({ "title": "a" })),
    ]
}
