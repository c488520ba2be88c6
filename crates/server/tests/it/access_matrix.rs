//! Who may do what: every operation of the four documents, asked by those who must not get through.
//!
//! The documents are those that the handlers make; the tables beside this file say no more than how a valid request of
//! each operation looks. What else is tried follows from that: without a key, with a malformed and with a revoked one,
//! without the scope, and with another account's ids in the path, in the filters and in the body.

mod caseiq;
mod edges;
mod native;
mod row;
mod runner;
mod services;
mod trackops;
mod world;

use std::collections::BTreeSet;

use serde_json::Value;

use self::row::Row;
use crate::support::{Dialect, on_both_databases};

/// What names a thing of the account without ending in `_id` or `_ids`.
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
/// What ends in `_id` and names no thing of the account: known to other systems, or the same in all accounts.
const NO_REFERENCES: [&str; 6] = ["contractor_id", "customer_id", "invoice_id", "offer_id", "user_id", "workflow_id"];

/// The rows of a dialect.
fn rows(dialect: Dialect) -> Vec<Row> {
    match dialect {
        Dialect::Native => native::rows(),
        Dialect::Trackops => trackops::rows(),
        Dialect::Services => services::rows(),
        Dialect::CaseIq => caseiq::rows(),
    }
}

/// An operation of a document.
struct Operation {
    /// Method and path, the parameters of the path without their names.
    shape: String,
    /// What the document says of it.
    described: Value,
    /// The document, for what is referred to.
    document: Value,
}

/// The operations of a dialect's document.
fn operations(dialect: Dialect) -> Vec<Operation> {
    let document = dialect.document();
    let paths = document["paths"].as_object().unwrap().iter();
    let methods =
        paths.flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |operation| (path, operation)));
    let operations = methods.map(|(path, (method, described))| Operation {
        shape: row::shape(&format!("{} {path}", method.to_uppercase())),
        described: described.clone(),
        document: document.clone(),
    });
    operations.collect()
}

impl Operation {
    /// The scope that it asks for; none where it is open to everybody.
    fn scope(&self) -> Option<&str> {
        let alternatives = self.described["security"].as_array().unwrap().iter().filter_map(Value::as_object);
        alternatives.flat_map(|schemes| schemes.values()).find_map(|scopes| scopes[0].as_str())
    }

    /// Every parameter of the query and field of the body that names a thing of the account.
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
        if let Some(reference) = schema["$ref"].as_str() {
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
fn every_operation_has_a_row_and_every_row_an_operation() {
    for dialect in Dialect::ALL {
        let in_document = operations(dialect).into_iter().map(|operation| operation.shape).collect::<BTreeSet<_>>();
        let in_table = rows(dialect).iter().map(Row::shape).collect::<BTreeSet<_>>();
        assert_eq!(in_table, in_document, "{dialect:?}");
    }
}

#[test]
fn every_reference_of_an_operation_is_tried_by_a_row() {
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
    fn the_native_dialect_lets_nobody_through(app) {
        runner::run(app, Dialect::Native);
    }

    fn the_trackops_dialect_lets_nobody_through(app) {
        runner::run(app, Dialect::Trackops);
    }

    fn the_services_dialect_lets_nobody_through(app) {
        runner::run(app, Dialect::Services);
    }

    fn the_case_iq_dialect_lets_nobody_through(app) {
        runner::run(app, Dialect::CaseIq);
    }

    fn no_condition_is_ignored_by_the_native_dialect(app) {
        edges::conditions(app, Dialect::Native);
    }

    fn no_condition_is_ignored_by_the_trackops_dialect(app) {
        edges::conditions(app, Dialect::Trackops);
    }

    fn no_condition_is_ignored_by_the_services_dialect(app) {
        edges::conditions(app, Dialect::Services);
    }

    fn no_condition_is_ignored_by_the_case_iq_dialect(app) {
        edges::conditions(app, Dialect::CaseIq);
    }

    fn every_dialect_but_trackops_refuses_unknown_parameters(app) {
        Dialect::ALL.into_iter().for_each(|dialect| edges::parameters(app, dialect));
    }
}
