//! Random request bodies.

use std::sync::LazyLock;

use proptest::{collection::vec, prelude::*};
use serde_json::{Map, Value};

use super::{readers, text};
use crate::support::Dialect;

/// Names of the fields in all schemas of the OpenAPI documents.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut names = vec!["nonsense".to_owned(), String::new()];
    for dialect in Dialect::ALL {
        for schema in dialect.document()["components"]["schemas"].as_object().unwrap().values() {
            names.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
        }
    }
    names.sort_unstable();
    names.dedup();
    names
});

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (1..50_i64).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![vec(inner.clone(), 0..4).prop_map(Value::from), members(inner).prop_map(Value::Object)]
    })
}

fn members(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    vec((prop::sample::select(NAMES.as_slice()), value), 0..6).prop_map(|members| members.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn no_object_makes_a_body_parser_panic(body in members(value())) {
        let mut faults = Vec::new();
        readers::bodies::read(&body, |refused| faults.push(refused));
        for refused in faults {
            prop_assert!(!refused.is_empty() && refused.iter().all(|fault| !fault.message.is_empty()));
        }
    }
}
