//! Parsing and serializing workflows, their ids, and lookups.

use docket_domain::workflow::{Color, EntityType, Fault, StatusKey, Workflow, WorkflowDefinition, WorkflowId, builtin};
use serde_json::json;

use super::{case, invoice_like, key};

#[test]
fn a_workflow_survives_serialization() {
    for entity_type in EntityType::ALL {
        let workflow = builtin(entity_type);
        let json = serde_json::to_string(workflow).unwrap();
        assert_eq!(serde_json::from_str::<Workflow>(&json).unwrap(), *workflow);
        assert_eq!(Workflow::from_json(&json).unwrap(), *workflow);
        assert_eq!(Workflow::check(workflow.definition()).unwrap(), *workflow);
    }
}

#[test]
fn an_unsound_workflow_does_not_deserialize() {
    let mut definition = case().definition();
    definition.statuses[0].color = "blue".to_owned();
    let error = serde_json::from_value::<Workflow>(json!(definition)).unwrap_err();
    assert_eq!(error.to_string(), "status open: color `blue` is not of the form #RRGGBB");
}

#[test]
fn the_id_depends_on_the_content_only() {
    let id = case().id();
    assert_eq!(id.0.get_version_num(), 8);
    assert_eq!(id.to_string().parse::<WorkflowId>().unwrap(), id);

    let rewritten = serde_json::to_string_pretty(&case().definition()).unwrap();
    assert_eq!(Workflow::from_json(&rewritten).unwrap().id(), id, "blanks are no content");

    let mut spelled_out = case().definition();
    spelled_out.transitions[0].label = Some("Start".to_owned());
    spelled_out.statuses[0].color = "#2563eb".to_owned();
    assert_eq!(Workflow::check(spelled_out).unwrap().id(), id, "nor is a default written out, nor a letter's case");

    let changes: [fn(&mut WorkflowDefinition); 4] = [
        |definition| definition.name = "Another".to_owned(),
        |definition| definition.statuses[0].description.push('!'),
        |definition| definition.transitions[0].requires_reason = true,
        |definition| definition.transitions[9].to.reverse(),
    ];
    for change in changes {
        let mut definition = case().definition();
        change(&mut definition);
        assert_ne!(Workflow::check(definition).unwrap().id(), id);
    }
}

/// Stored cases refer to their workflow version by its id, so a built-in workflow must not change by accident.
#[test]
fn the_ids_of_the_built_in_workflows_stay() {
    let ids = EntityType::ALL.map(|entity_type| builtin(entity_type).id().to_string());
    assert_eq!(
        ids,
        [
            "8fe56870-2605-8c1f-8ebc-e0066305da5c",
            "996b5c18-53ef-8322-a3d1-7615743ed5d4",
            "e324369a-68c8-84f1-8df7-c4517c58ec42",
        ]
    );
}

#[test]
fn a_text_that_is_not_json_is_one_fault() {
    for json in ["", "{", "[1"] {
        let faults = Workflow::from_json(json).unwrap_err();
        assert!(matches!(faults.faults(), [Fault::Malformed { .. }]), "{json}");
    }
}

#[test]
fn every_fault_of_the_shape_is_named_by_its_place() {
    let unknown_field = serde_json::to_string(case()).unwrap().replacen("\"name\"", "\"nmae\"", 1);
    for (json, expected) in [
        ("[]", &["the definition: expected an object with statuses and transitions"][..]),
        (
            r#"{"entity_type": "boat", "name": "a"}"#,
            &[
                "/entity_type: expected case, inquiry or order",
                "the definition: the field statuses is missing",
                "the definition: the field transitions is missing",
            ],
        ),
        (&unknown_field, &["the definition: the field name is missing", "/nmae: unknown field"]),
    ] {
        assert_eq!(Workflow::from_json(json).unwrap_err().to_string().lines().collect::<Vec<_>>(), expected, "{json}");
    }
}

#[test]
fn the_example_of_the_documentation_is_sound() {
    let page = include_str!("../../../../../docs/workflow.md");
    let (_, rest) = page.split_once("```json\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    assert_eq!(Workflow::from_json(example).unwrap().rules().len(), 5);
}

#[test]
fn statuses_are_found_by_key_number_and_label() {
    assert_eq!(case().status(&key("resolved")).unwrap().id, 5);
    assert_eq!(case().status(&key("Resolved")), None);
    assert_eq!(case().status_by_id(3).unwrap().key, "pending_customer");
    assert_eq!(case().status_by_id(0), None);
    assert_eq!(case().status_by_label(" pending CUSTOMER ").unwrap().id, 3);
    assert_eq!(case().status_by_label("pending_customer"), None);
}

#[test]
fn transitions_are_found_by_name_label_and_status() {
    assert_eq!(case().transition("reopen").unwrap().label, "Reopen");
    assert_eq!(case().transition("Reopen"), None);
    assert_eq!(case().transition_by_word("REOPEN").unwrap().name, "reopen");
    assert_eq!(case().transition_by_word("wait for customer").unwrap().name, "wait_for_customer");
    assert_eq!(case().transition_by_word("Closed"), None);
    assert_eq!(invoice_like().transition_by_word("mark as paid").unwrap().name, "settle");
    assert!(case().transition_named(&key("open"), "close").is_some());
    assert!(case().transition_named(&key("closed"), "close").is_none());

    let closed = key("closed");
    let ways: Vec<_> = case().transitions_from(&closed).map(|(t, to)| (t.name.as_str(), to.as_str())).collect();
    assert_eq!(ways, [("reopen", "open"), ("reopen", "in_progress")]);
}

#[test]
fn entity_types_parse_from_their_text_form() {
    for entity_type in EntityType::ALL {
        assert_eq!(entity_type.as_str().parse::<EntityType>().unwrap(), entity_type);
        assert_eq!(json!(entity_type), json!(entity_type.as_str()));
    }
    assert!("Case".parse::<EntityType>().is_err());
}

#[test]
fn guards_can_name_known_fields_and_free_fields() {
    for field in ["resolution", "tags", "custom_fields", "custom_fields.court", "custom_fields.court.room"] {
        assert!(EntityType::Case.knows_field(field), "{field}");
    }
    for field in ["", "status", "custom_field", "custom_fields.", "custom_fields..a", "custom_fieldsx", "metadata.a"] {
        assert!(!EntityType::Case.knows_field(field), "{field}");
    }
    assert!(EntityType::Order.knows_field("metadata.a"));
    assert!(!EntityType::Inquiry.knows_field("metadata.a"));
}

#[test]
fn a_colour_has_six_digits_and_a_readable_text_colour() {
    assert_eq!(Color::parse("#0a0b0c").unwrap().to_string(), "#0A0B0C");
    assert_eq!(Color::parse("#F59E0B").unwrap().readable_text().to_string(), "#000000");
    assert_eq!(Color::parse("#475569").unwrap().readable_text().to_string(), "#FFFFFF");
    for wrong in ["", "#", "#fff", "123456", "#12345", "#1234567", "#12345g", "#+12345", "#äää"] {
        assert!(Color::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn keys_compare_with_text() {
    assert_eq!(StatusKey::from("open"), "open");
    assert_eq!(String::from(key("open")), "open");
}
