//! Guards on fields.

use docket_domain::workflow::{Facts, Guard, NoFacts, Unrestricted};
use serde_json::{Value, json};

use super::object;

fn guard(json: Value) -> Guard {
    serde_json::from_value(json).unwrap()
}

/// The objection of a guard on `f` if `f` has this value.
fn objection(guard_json: Value, held: Value) -> Option<String> {
    guard(guard_json).objection(&object(json!({ "f": held })), &Unrestricted).map(|reason| {
        assert_eq!(reason.field.as_deref(), Some("f"));
        format!("{}: {reason}", reason.code)
    })
}

#[test]
fn null_blank_and_empty_values_count_as_no_value() {
    let set = || json!({"field_set": {"field": "f"}});
    let empty = || json!({"field_empty": {"field": "f"}});
    for nothing in [json!(null), json!(""), json!(" \t"), json!([]), json!({})] {
        let missing = Some("field_missing: f must be set".to_owned());
        assert_eq!(objection(set(), nothing.clone()), missing);
        assert_eq!(objection(empty(), nothing), None);
    }
    for something in [json!(false), json!(0), json!("x"), json!([null]), json!({"a": null})] {
        let not_empty = Some("field_not_empty: f must be empty".to_owned());
        assert_eq!(objection(set(), something.clone()), None);
        assert_eq!(objection(empty(), something), not_empty);
    }
    assert!(guard(set()).objection(&NoFacts, &Unrestricted).is_some());
}

#[test]
fn values_are_compared_by_value_not_by_spelling() {
    let equals = |value: Value| json!({"field_equals": {"field": "f", "value": value}});
    let number = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    for (wanted, held) in [
        (json!("high"), json!("high")),
        (number("1.0"), number("1")),
        (number("12e-1"), number("1.2")),
        (json!({"a": 1, "b": [2]}), json!({"b": [2], "a": 1})),
        (json!(null), json!("")),
    ] {
        assert_eq!(objection(equals(wanted.clone()), held.clone()), None, "{wanted} and {held}");
    }
    assert_eq!(objection(equals(json!("high")), json!("High")).unwrap(), "field_mismatch: f must be `high`");
    assert_eq!(objection(equals(json!(1)), json!("1")).unwrap(), "field_mismatch: f must be `1`");
    assert_eq!(objection(equals(json!(true)), json!(null)).unwrap(), "field_mismatch: f must be `true`");
}

#[test]
fn guards_can_exclude_a_value_or_list_values() {
    let not = json!({"field_not_equals": {"field": "f", "value": "low"}});
    assert_eq!(objection(not.clone(), json!("low")).unwrap(), "field_mismatch: f must not be `low`");
    assert_eq!(objection(not.clone(), json!("high")), None);
    assert_eq!(objection(not, json!(null)), None);

    let one_of = json!({"field_one_of": {"field": "f", "values": ["a", "b", 3]}});
    assert_eq!(objection(one_of.clone(), json!(3)), None);
    assert_eq!(objection(one_of, json!("c")).unwrap(), "field_mismatch: f must be `a`, `b` or `3`");
}

#[test]
fn objects_resolve_dotted_paths() {
    let thing = object(json!({"custom": {"court": {"room": 7}, "a.b": 1}}));
    assert_eq!(thing.field("custom.court.room"), Some(json!(7)));
    assert_eq!(thing.field("custom.a.b"), Some(json!(1)));
    assert_eq!(thing.field("custom.court.room.x"), None);
    assert_eq!(thing.field("custom.none"), None);
}

#[test]
fn a_malformed_guard_does_not_load() {
    for wrong in [
        json!({"field_gone": {"field": "f"}}),
        json!({"field_set": {"field": "f", "value": 1}}),
        json!({"field_equals": {"field": "f"}}),
        json!("field_set"),
    ] {
        assert!(serde_json::from_value::<Guard>(wrong.clone()).is_err(), "{wrong}");
    }
}
