//! The checked-in OpenAPI documents: current, complete and described.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

use crate::support::Dialect;

fn operations(document: &Value) -> Vec<(String, Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, item)| {
        item.as_object()
            .unwrap()
            .iter()
            .map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation.clone()))
    });
    operations.collect()
}

#[test]
fn the_checked_in_documents_match_the_handlers() {
    for dialect in Dialect::ALL {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../openapi/{}.json", dialect.as_str()));
        let Ok(kept) = fs::read_to_string(&path) else {
            assert!(operations(&dialect.document()).is_empty(), "{} is missing: run `just openapi`", path.display());
            continue;
        };
        let made = format!("{}\n", serde_json::to_string_pretty(&dialect.document()).unwrap());
        assert!(kept == made, "{} is not what the handlers say: run `just openapi`", path.display());
    }
}

#[test]
fn the_native_document_contains_every_operation() {
    let found = operations(&Dialect::Native.document()).into_iter().map(|(name, _)| name).collect::<BTreeSet<_>>();
    for expected in [
        "GET /api/v1/cases",
        "POST /api/v1/cases",
        "GET /api/v1/cases/{case}",
        "PUT /api/v1/cases/{case}",
        "DELETE /api/v1/cases/{case}",
        "POST /api/v1/cases/{case}/restore",
        "POST /api/v1/cases/{case}/transitions",
        "GET /api/v1/cases/{case}/transitions",
        "GET /api/v1/cases/{case}/history",
        "GET /api/v1/cases/{case}/timeline",
        "GET /api/v1/keys",
        "POST /api/v1/keys",
        "DELETE /api/v1/keys/{id}",
        "GET /api/v1/me",
        "GET /health/live",
        "GET /health/ready",
        "GET /metrics",
        "GET /openapi/{dialect}.json",
        "GET /api/v1/cases/{case}/parties",
        "POST /api/v1/cases/{case}/parties",
        "PUT /api/v1/cases/{case}/parties",
        "GET /api/v1/cases/{case}/staff",
        "POST /api/v1/cases/{case}/staff",
        "DELETE /api/v1/cases/{case}/staff",
        "POST /api/v1/cases/{case}/links",
        "GET /api/v1/cases/{case}/links",
        "DELETE /api/v1/cases/{case}/links/{id}",
        "POST /api/v1/people",
        "GET /api/v1/people",
        "GET /api/v1/people/{id}",
        "PUT /api/v1/people/{id}",
        "POST /api/v1/cases/{case}/documents",
        "GET /api/v1/cases/{case}/documents",
        "GET /api/v1/documents/{id}",
        "GET /api/v1/documents/{id}/content",
        "DELETE /api/v1/documents/{id}",
        "POST /api/v1/cases/{case}/deadlines",
        "GET /api/v1/cases/{case}/deadlines",
        "GET /api/v1/deadlines/{id}",
        "PUT /api/v1/deadlines/{id}",
        "DELETE /api/v1/deadlines/{id}",
        "GET /api/v1/deadlines",
        "POST /api/v1/deadlines/compute",
        "GET /api/v1/deadlines/calendars",
        "POST /api/v1/cases/{case}/notes",
        "GET /api/v1/cases/{case}/notes",
        "PUT /api/v1/notes/{id}",
        "DELETE /api/v1/notes/{id}",
    ] {
        assert!(found.contains(expected), "{expected}");
    }
}

#[test]
fn every_operation_is_described_in_full() {
    for dialect in Dialect::ALL {
        let mut ids = BTreeSet::new();
        for (name, operation) in operations(&dialect.document()) {
            for field in ["summary", "description", "operationId"] {
                assert!(operation[field].as_str().is_some_and(|text| !text.is_empty()), "{name} has no {field}");
            }
            assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{name}");
            assert!(ids.insert(operation["operationId"].to_string()), "{name}: its id is taken");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].as_str().is_some_and(|text| !text.is_empty()), "{name}: {parameter}");
            }
            let secured = operation["security"] != json!([]);
            for status in ["401", "429", "500", "503"] {
                assert!(!secured || operation["responses"].get(status).is_some(), "{name} has no {status}");
            }
            let scoped = secured && operation["security"] != json!([{ "bearer": [] }, { "basic": [] }]);
            assert!(!scoped || operation["responses"].get("403").is_some(), "{name} has no 403");
            let writes = ["POST", "PUT", "PATCH"].iter().any(|method| name.starts_with(method));
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let keyed = parameters.filter(|parameter| parameter["name"] == "Idempotency-Key").count();
            assert_eq!(keyed, usize::from(secured && writes), "{name}: the idempotency key");
            for status in ["409", "422"] {
                assert!(keyed == 0 || operation["responses"].get(status).is_some(), "{name} has no {status}");
            }
            let responses = operation["responses"].as_object().unwrap().values();
            for content in responses.chain([&operation["requestBody"]]).filter_map(|part| part.get("content")) {
                for media in content.as_object().unwrap().values() {
                    let described = media.get("example").is_some() || media["schema"]["type"] == "string";
                    assert!(described, "{name}: a body without an example");
                }
            }
        }
    }
}

#[test]
fn every_documented_filter_is_parsed() {
    let document = Dialect::Native.document();
    let (_, list) = operations(&document).into_iter().find(|(name, _)| name == "GET /api/v1/cases").unwrap();
    let names =
        list["parameters"].as_array().unwrap().iter().map(|parameter| parameter["name"].as_str().unwrap().to_owned());
    // A control character is invalid in every parameter.
    let query = names.clone().map(|name| format!("{name}=%00")).collect::<Vec<_>>().join("&");
    let faults =
        docket_server::wire::params::Params::new(&query).read::<docket_server::api::native::cases::ListQuery>();
    let faulty = faults.err().unwrap().into_iter().map(|fault| fault.field).collect::<BTreeSet<_>>();
    assert_eq!(faulty, names.collect());
}
