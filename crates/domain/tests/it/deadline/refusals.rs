//! Refused computations with field and code, and the text forms in requests and responses.

use docket_domain::deadline::CalendarKey::{De, DeBy, UsFederal, UsFederalClosings};
use docket_domain::deadline::Rule::{Bgb, Frcp6, Plain};
use docket_domain::deadline::Unit::{BusinessDays, Days, Hours, Years};
use docket_domain::deadline::{
    CalendarKey, Computation, DeadlineError, Direction, MAX_COUNT, Rule, Service, Trigger, Unit, compute,
};
use serde_json::json;

use super::{Adjust, ask};

#[test]
fn every_refusal_names_its_field_and_a_code() {
    let rows: &[(Computation, &str, &str)] = &[
        (ask(Frcp6, "2026-06-01", 0, Days), "count", "count_out_of_range"),
        (ask(Frcp6, "2026-06-01", MAX_COUNT + 1, Days), "count", "count_out_of_range"),
        (ask(Plain, "2026-06-01", 9000, Years), "count", "due_out_of_range"),
        (ask(Plain, "0005-06-01", 9, Years).before(), "count", "due_out_of_range"),
        (ask(Frcp6, "2026-06-01", 3, Hours), "trigger", "trigger_not_a_moment"),
        (ask(Bgb, "2026-06-01T00:00:00Z", 3, Days), "trigger", "trigger_not_a_date"),
        (ask(Plain, "0000-06-01", 3, Days), "trigger", "trigger_out_of_range"),
        (ask(Frcp6, "2026-06-01", 3, BusinessDays), "unit", "unit_not_of_rule"),
        (ask(Bgb, "2026-06-01", 3, BusinessDays), "unit", "unit_not_of_rule"),
        (ask(Bgb, "2026-06-01", 3, Days).served(Service::Mail), "service", "service_not_of_rule"),
        (ask(Plain, "2026-06-01", 3, Days).served(Service::Mail), "service", "service_not_of_rule"),
        (ask(Frcp6, "2026-06-01", 3, Days).before().served(Service::Mail), "service", "service_before_event"),
        (ask(Frcp6, "2026-06-01", 3, Days).counting_trigger_day(), "counts_trigger_day", "trigger_day_not_of_rule"),
        (
            ask(Bgb, "2026-06-01T00:00:00Z", 3, Hours).counting_trigger_day(),
            "counts_trigger_day",
            "trigger_day_with_hours",
        ),
        (ask(Frcp6, "2026-06-01", 3, Days).at(DeBy), "calendar", "calendar_not_of_rule"),
        (ask(Bgb, "2026-06-01", 3, Days).at(UsFederal), "calendar", "calendar_not_of_rule"),
        (ask(Frcp6, "1999-12-20", 30, Days), "calendar", "outside_verified"),
        (ask(Frcp6, "2000-01-20", 30, Days).before(), "calendar", "outside_verified"),
        (ask(Frcp6, "2035-12-31", 1, Days), "calendar", "outside_verified"),
        (ask(Bgb, "2026-06-01", 30, Years), "calendar", "outside_verified"),
        (ask(Bgb, "2035-12-31T22:00:00Z", 24, Hours), "calendar", "outside_verified"),
        (ask(Plain, "2026-06-01", 30, Years).at(De), "calendar", "outside_verified"),
        (ask(Frcp6, "2026-06-01", 3, Days).at(UsFederalClosings), "calendar", "outside_verified"),
    ];
    for (computation, field, code) in rows {
        let error = compute(computation).unwrap_err();
        assert_eq!((error.field(), error.code()), (*field, *code), "{computation:?}");
        let message = error.to_string();
        assert!(message.starts_with(char::is_lowercase), "{message}");
    }
}

#[test]
fn all_violations_of_a_request_are_reported_at_once() {
    let computation = ask(Frcp6, "2026-06-01", 0, Hours).before().served(Service::Mail).counting_trigger_day().at(DeBy);
    let fields: Vec<&str> = computation.violations().iter().map(DeadlineError::field).collect();
    assert_eq!(fields, ["trigger", "count", "service", "counts_trigger_day", "calendar"]);
}

#[test]
fn too_many_closed_days_are_refused() {
    let start = super::date("2026-01-01");
    let computation =
        Computation { closed_days: start.iter_days().take(5_001).collect(), ..ask(Frcp6, "2026-06-01", 1, Days) };
    assert_eq!(compute(&computation).unwrap_err().field(), "closed_days");
    let computation = Computation { closed_days: start.iter_days().take(5_000).collect(), ..computation };
    assert_eq!(compute(&computation).unwrap_err().field(), "calendar", "they outlast the verified years");
}

#[test]
fn text_forms_parse_back() {
    macro_rules! both_ways {
        ($($words:ident),+) => {$(
            for value in $words::ALL {
                assert_eq!(value.as_str().parse::<$words>().unwrap(), *value);
                assert_eq!(serde_json::to_value(value).unwrap(), json!(value.as_str()));
                assert_eq!(serde_json::from_value::<$words>(json!(value.as_str())).unwrap(), *value);
            }
        )+};
    }
    both_ways!(Rule, Unit, Direction, Service, CalendarKey);
    let error = "sideways".parse::<Direction>().unwrap_err();
    assert_eq!((error.field, error.to_string().as_str()), ("direction", "expected one of after, before"));
    for text in ["", "2026-02-30", "yesterday", "2026-06-01T10:00:00"] {
        assert_eq!(text.parse::<Trigger>().unwrap_err().field(), "trigger", "{text}");
    }
}

#[test]
fn a_computation_and_its_outcome_survive_json() {
    let text = r#"{"rule": "frcp6", "trigger": "2026-08-06", "count": 30, "unit": "days", "direction": "after", "service": "mail",
        "closed_days": ["2026-09-11"]}"#;
    let computation: Computation = serde_json::from_str(text).unwrap();
    assert_eq!(computation, ask(Frcp6, "2026-08-06", 30, Days).served(Service::Mail).closed(&["2026-09-11"]));
    let outcome = compute(&computation).unwrap();
    assert_eq!(serde_json::from_value::<docket_domain::deadline::ComputedDeadline>(json!(outcome)).unwrap(), outcome);
    assert_eq!(json!(outcome).get("due_on"), Some(&json!("2026-09-14")));
    let moment: Trigger = "2026-03-31T09:30:00-04:00".parse().unwrap();
    assert_eq!(json!(moment), json!("2026-03-31T09:30:00-04:00"));
}
