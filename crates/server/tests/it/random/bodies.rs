//! The bodies of requests.

use std::sync::LazyLock;

use docket_server::api::{
    caseiq,
    dialect::Dialect,
    fields::{Fields, FromFields},
    native::{body as native, compute, keys, links, notes, participants, people},
    services::{action, body as services, inquiries, orders},
    trackops::{case_body, directories, subjects, update_body},
};
use proptest::{collection::vec, prelude::*};
use serde_json::{Map, Value};

use super::text;

/// Every field that any document knows, at any depth.
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

/// Reads an object as that body: what is refused is refused for faults that are told.
fn read<B: FromFields>(body: &Map<String, Value>) -> Result<(), TestCaseError> {
    if let Err(faults) = Fields::new(body.clone()).read::<B>() {
        prop_assert!(!faults.is_empty());
        prop_assert!(faults.iter().all(|fault| !fault.message.is_empty()));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn no_object_makes_a_body_panic(body in members(value())) {
        read::<native::CreateCaseBody>(&body)?;
        read::<native::UpdateCaseBody>(&body)?;
        read::<native::TransitionBody>(&body)?;
        read::<compute::ComputeBody>(&body)?;
        read::<keys::CreateKeyBody>(&body)?;
        read::<links::CreateLinkBody>(&body)?;
        read::<notes::NoteBody>(&body)?;
        read::<participants::PartiesBody>(&body)?;
        read::<participants::StaffBody>(&body)?;
        read::<participants::RemoveStaffBody>(&body)?;
        read::<people::CreatePersonBody>(&body)?;
        read::<people::UpdatePersonBody>(&body)?;
        read::<case_body::Casefile>(&body)?;
        read::<case_body::SubjectBody>(&body)?;
        read::<update_body::UpdateFields>(&body)?;
        read::<subjects::NewSubjectBody>(&body)?;
        read::<directories::ClientBody>(&body)?;
        read::<directories::AccessGroupBody>(&body)?;
        read::<services::CreateCaseBody>(&body)?;
        read::<services::UpdateCaseBody>(&body)?;
        read::<services::OverridesBody>(&body)?;
        read::<action::ActionBody>(&body)?;
        read::<inquiries::CreateInquiryBody>(&body)?;
        read::<inquiries::UpdateInquiryBody>(&body)?;
        read::<orders::PlaceOrderBody>(&body)?;
        read::<orders::UpdateOrderBody>(&body)?;
        read::<caseiq::body::CaseBody>(&body)?;
        read::<caseiq::body::TransitionBody>(&body)?;
    }
}
