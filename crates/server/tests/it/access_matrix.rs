//! Access control of every operation in the four OpenAPI documents.
//!
//! The documents are generated from the handlers. The tables in the submodules hold valid requests of each operation.
//! The runner derives the invalid requests from them: no key, a malformed key, a revoked key, a missing scope, and ids
//! of another account in the path, the filters and the body.

mod caseiq;
mod edges;
mod native;
mod row;
mod runner;
mod services;
mod trackops;
mod world;

use std::{collections::BTreeSet, sync::Arc};

use serde_json::Value;

use self::row::Row;
use crate::support::{Dialect, on_both_databases};

/// Parameters and fields that hold an id of the account although they do not end in `_id` or `_ids`.
const REFERENCES: [&str; 16] = [
    "id",
    "parent",
    "assigned_to",
    "client",
    "location",
    "case_region",
    "case",
    "access_group",
    "created_by",
    "subject",
    "thread",
    "primary_contact",
    "primary_investigator",
    "primary_manager",
    "primary_salesperson",
    "primary_subject",
];
/// Names that end in `_id` but hold no id of the account: ids of external systems, or ids shared by all accounts.
const NO_REFERENCES: [&str; 6] = ["contractor_id", "customer_id", "invoice_id", "offer_id", "user_id", "workflow_id"];

fn rows(dialect: Dialect) -> Vec<Row> {
    match dialect {
        Dialect::Native => native::rows(),
        Dialect::Trackops => trackops::rows(),
        Dialect::Services => services::rows(),
        Dialect::CaseIq => caseiq::rows(),
    }
}

/// An operation of an OpenAPI document.
struct Operation {
    /// Method and path, with unnamed path parameters: `GET /case/{}`.
    shape: String,
    /// The operation object of the document.
    described: Value,
    /// The whole document, to resolve `$ref`.
    document: Arc<Value>,
}

fn operations(dialect: Dialect) -> Vec<Operation> {
    let document = Arc::new(dialect.document());
    let paths = document["paths"].as_object().unwrap().iter();
    let methods =
        paths.flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |operation| (path, operation)));
    let operations = methods.map(|(path, (method, described))| Operation {
        shape: row::shape(&format!("{} {path}", method.to_uppercase())),
        described: described.clone(),
        document: Arc::clone(&document),
    });
    operations.collect()
}

impl Operation {
    fn needs_key(&self) -> bool {
        !self.described["security"].as_array().unwrap().is_empty()
    }

    /// The required scope. `None` if the operation needs no key, or any key can call it.
    fn scope(&self) -> Option<&str> {
        let alternatives = self.described["security"].as_array().unwrap().iter().filter_map(Value::as_object);
        alternatives.flat_map(|schemes| schemes.values()).find_map(|scopes| scopes[0].as_str())
    }

    /// Query parameters and body fields that hold an id of the account.
    fn references(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for parameter in self.described["parameters"].as_array().into_iter().flatten() {
            if parameter["in"] == "query" {
                names.insert(parameter["name"].as_str().unwrap().to_owned());
            }
        }
        for content in self.described["requestBody"]["content"].as_object().into_iter().flat_map(|all| all.values()) {
            self.fields(&content["schema"], &mut names);
        }
        names.retain(|name| {
            let is_id = name.ends_with("_id") || name.ends_with("_ids");
            REFERENCES.contains(&name.as_str()) || is_id && !NO_REFERENCES.contains(&name.as_str())
        });
        names
    }

    fn fields(&self, schema: &Value, names: &mut BTreeSet<String>) {
        // The ids of statuses are those of their workflow.
        if let Some(reference) = schema["$ref"].as_str().filter(|name| !name.ends_with("/StatusDefinitionView")) {
            self.fields(self.document.pointer(reference.trim_start_matches('#')).unwrap(), names);
        }
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            names.insert(name.clone());
            self.fields(field, names);
        }
        let parts =
            ["oneOf", "anyOf", "allOf"].into_iter().flat_map(|part| schema[part].as_array().into_iter().flatten());
        for part in parts.chain(schema.get("items")) {
            self.fields(part, names);
        }
    }
}

#[test]
fn every_operation_has_a_row_and_every_row_has_an_operation() {
    for dialect in Dialect::ALL {
        let in_document = operations(dialect).into_iter().map(|operation| operation.shape).collect::<BTreeSet<_>>();
        let in_table = rows(dialect).iter().map(Row::shape).collect::<BTreeSet<_>>();
        assert_eq!(in_table, in_document, "{dialect:?}");
    }
}

#[test]
fn every_reference_of_an_operation_is_tested_by_a_row() {
    for dialect in Dialect::ALL {
        for operation in operations(dialect).into_iter().filter(|operation| operation.scope().is_some()) {
            let rows = rows(dialect).into_iter().filter(|row| row.shape() == operation.shape).collect::<Vec<_>>();
            for name in operation.references() {
                assert!(rows.iter().any(|row| row.tries(&name)), "{}: nothing tries {name}", operation.shape);
            }
        }
    }
}

on_both_databases! {
    fn the_native_dialect_refuses_unauthorized_requests(app) {
        runner::run(app, Dialect::Native);
    }

    fn the_trackops_dialect_refuses_unauthorized_requests(app) {
        runner::run(app, Dialect::Trackops);
    }

    fn the_services_dialect_refuses_unauthorized_requests(app) {
        runner::run(app, Dialect::Services);
    }

    fn the_case_iq_dialect_refuses_unauthorized_requests(app) {
        runner::run(app, Dialect::CaseIq);
    }

    fn the_native_dialect_evaluates_conditional_headers(app) {
        edges::conditions(app, Dialect::Native);
    }

    fn the_trackops_dialect_evaluates_conditional_headers(app) {
        edges::conditions(app, Dialect::Trackops);
    }

    fn the_services_dialect_evaluates_conditional_headers(app) {
        edges::conditions(app, Dialect::Services);
    }

    fn the_case_iq_dialect_evaluates_conditional_headers(app) {
        edges::conditions(app, Dialect::CaseIq);
    }

    fn every_dialect_except_trackops_refuses_unknown_parameters(app) {
        Dialect::ALL.into_iter().for_each(|dialect| edges::parameters(app, dialect));
    }
}
