//! The OpenAPI document of the Case IQ dialect.

use crate::support::Dialect;

#[test]
fn the_document_lists_every_operation() {
    let document = Dialect::CaseIq.document();
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        found.extend(operations.as_object().unwrap().keys().map(|method| format!("{method} {path}")));
    }
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "get /.well-known/oauth-authorization-server",
            "get /case/{case}",
            "patch /case/{case}",
            "post /auth/oauth2/token",
            "post /case",
            "post /case/{case}/transition",
            "put /case/{case}",
        ]
    );
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["CaseBody"]["additionalProperties"], true);
    let properties = schemas["CaseBody"]["properties"].as_object().unwrap().keys().collect::<Vec<_>>();
    assert_eq!(properties, ["caseType", "description", "dueDate", "owner", "priority", "tags", "title"]);
    assert!(schemas["CaseView"]["properties"]["lastWorkflowId"].is_object());
    assert!(schemas["TransitionBody"]["properties"]["workflowId"].is_object());
    assert!(schemas["TokenBody"]["properties"]["grant_type"].is_object());
}
