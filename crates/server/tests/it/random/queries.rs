//! Random queries and cursors for every list.

use std::collections::BTreeSet;

use docket_domain::{error::FieldError, page::Cursor, time::TimeBound};
use docket_server::wire::params::parse_bound;
use proptest::prelude::*;

use super::{readers, text};
use crate::support::{Dialect, on_both_databases};

/// All parameters of the OpenAPI documents, and undocumented names that old clients use.
fn names() -> Vec<String> {
    let mut names = ["from", "to", "From", "To", "Case", "case", "nonsense", ""]
        .map(str::to_owned)
        .into_iter()
        .collect::<BTreeSet<_>>();
    for dialect in Dialect::ALL {
        let document = dialect.document();
        let operations =
            document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
        for parameter in operations.flat_map(|operation| operation["parameters"].as_array().into_iter().flatten()) {
            names.insert(parameter["name"].as_str().unwrap().to_owned());
        }
    }
    names.into_iter().collect()
}

/// Queries, some of them malformed.
fn query() -> impl Strategy<Value = String> {
    let value =
        prop_oneof![4 => text().prop_map(|text| encode(&text)), 1 => "[ -~]{0,12}", 1 => Just("%ff".to_owned())];
    let pair = (prop::sample::select(names()), value).prop_map(|(name, value)| format!("{}={value}", encode(&name)));
    prop::collection::vec(pair, 0..8).prop_map(|pairs| pairs.join("&"))
}

fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// Asserts that every fault names a given or a missing parameter.
fn check(query: &str, faults: &[FieldError]) -> Result<(), TestCaseError> {
    prop_assert!(!faults.is_empty());
    for fault in faults {
        let mut given = query.split('&').map(|pair| decode(pair.split('=').next().unwrap()));
        let is_given = given.any(|name| name.chars().take(100).eq(fault.field.chars()));
        let is_missing = fault.message.contains("required") || fault.field == "query" || fault.field == "staff_id";
        prop_assert!(is_given || is_missing, "{}: {} in {query}", fault.field, fault.message);
        prop_assert!(!fault.message.is_empty());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn no_query_makes_a_parser_panic_and_every_fault_names_a_parameter(query in query()) {
        let mut faults = Vec::new();
        readers::queries::read(&query, |refused| faults.push(refused));
        for refused in faults {
            check(&query, &refused)?;
        }
    }

    #[test]
    fn a_parsed_time_bound_does_not_end_before_it_starts(text in text()) {
        if let Some(bound) = parse_bound(&text) {
            prop_assert!(TimeBound::first_instant(bound) <= TimeBound::first_instant_after(bound));
        }
    }
}

on_both_databases! {
    fn a_forged_cursor_is_200_or_400(app) {
        let case = app.case("a");
        let path = format!("/api/v1/cases/{}", case["number"]);
        let lists = ["/api/v1/cases?", "/api/v1/cases?sort=due_on&", "/api/v1/cases?sort=-updated_at&", "/api/v1/people?", "/api/v1/deadlines?"];
        let own = ["timeline", "notes", "documents", "deadlines"].map(|list| format!("{path}/{list}?"));
        let farthest = 1 << 62;
        for list in lists.into_iter().map(str::to_owned).chain(own) {
            for letter in ('A'..='Z').chain('a'..='z') {
                for key in [-farthest, farthest - 1, 0, -1, i64::from(i32::MAX), i64::from(i32::MIN), -210_866_803_200_000_001, 9_224_318_016_000_000] {
                    let cursor = Cursor { key, id: i64::MAX }.encode(letter);
                    let answer = app.get(&format!("{list}cursor={cursor}"));
                    assert!([200, 400].contains(&answer.status), "{list}cursor={cursor}: {}", String::from_utf8_lossy(&answer.body));
                }
            }
        }
    }

    fn the_earliest_and_the_latest_bounds_exclude_no_case(app) {
        app.create(&serde_json::json!({ "name": "a", "due_on": "2026-05-05" }));
        let far = [
            ("created_from", "created_to"), ("created_from_system", "created_to_system"), ("due_from", "due_to"),
            ("updated_from", "updated_to"),
        ];
        for (from, to) in far {
            for (first, last) in [("0001-01-01", "9999-12-31"), ("0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"),
                ("0000-01-01T00:00:00%2B05:00", "9999-12-31T23:59:59-05:00")] {
                assert_eq!(app.names(&format!("{from}={first}&{to}={last}")), ["a"], "{from}={first}&{to}={last}");
            }
        }
    }
}
