//! The fixed vocabularies that the OpenAPI documents list.

use docket_domain::{
    case::{CasePhase, Priority},
    conflict::{self, Decided, Side, Verdict},
    deadline::{CalendarKey, DeadlineKind, DeadlineStatus, Direction, Rule, Service, Unit},
    event::EVENT_TYPES,
    feed,
    person::PersonKind,
    scope::Scope,
    service_level::ClockState,
    source::SourceKind,
    webhook::DeliveryStatus,
    workflow::{EntityType, ReasonCode},
};

use crate::wire::{openapi::Words, problem::Kind};

/// Declares a vocabulary by the values of a domain type.
macro_rules! of_domain {
    ($($(#[$doc:meta])* $name:ident: $type:ident;)+) => {
        $($(#[$doc])* pub fn $name() -> Vec<&'static str> {
            $type::ALL.iter().map(|value| value.as_str()).collect()
        })+
    };
}

of_domain! {
    priorities: Priority;
    phases: CasePhase;
    person_kinds: PersonKind;
    deadline_kinds: DeadlineKind;
    deadline_statuses: DeadlineStatus;
    rules: Rule;
    units: Unit;
    services: Service;
    directions: Direction;
    calendars: CalendarKey;
    scopes: Scope;
    reason_codes: ReasonCode;
    entity_types: EntityType;
    source_kinds: SourceKind;
    verdicts: Verdict;
    hit_decisions: Decided;
    sides: Side;
    clock_states: ClockState;
}

/// Rules by which names match.
pub fn match_rules() -> Vec<&'static str> {
    conflict::Rule::ALL.iter().map(|rule| rule.as_str()).collect()
}

/// Types of the events of a case.
pub fn event_types() -> Vec<&'static str> {
    EVENT_TYPES.to_vec()
}

/// States of the deliveries of a webhook.
pub fn delivery_statuses() -> Vec<&'static str> {
    DeliveryStatus::ALL.iter().map(|status| status.as_str()).collect()
}

/// Types of the events of an account.
pub fn feed_types() -> Vec<&'static str> {
    feed::EVENT_TYPES.iter().map(|known| known.name).collect()
}

/// Codes of the errors, in alphabetical order.
pub fn error_codes() -> Vec<&'static str> {
    let mut codes = Kind::all().map(|kind| kind.mapping().code).collect::<Vec<_>>();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The vocabularies of the shared error body.
pub const ERROR_CODE: Words = Words { name: "ErrorCode", words: error_codes, fields: &["ErrorView.code"] };
pub const REASON_CODE: Words = Words { name: "ReasonCode", words: reason_codes, fields: &["ReasonView.code"] };

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use crate::api::{DIALECTS, caseiq, native, services};

    #[test]
    fn every_named_field_exists_and_refers_to_its_vocabulary() {
        let documents = DIALECTS.iter().map(|dialect| (dialect.name, (dialect.document)())).collect::<BTreeMap<_, _>>();
        let tables = [("native", native::WORDS), ("services", services::WORDS), ("caseiq", caseiq::WORDS)];
        for (dialect, words) in
            tables.into_iter().flat_map(|(name, table)| table.iter().map(move |words| (name, words)))
        {
            let schemas = &documents[dialect]["components"]["schemas"];
            assert_eq!(schemas[words.name]["enum"], json!((words.words)()), "{}", words.name);
            for field in words.fields {
                let (schema, property) = field.split_once('.').unwrap();
                let found = schemas[schema]["properties"][property].to_string();
                assert!(found.contains(&format!("/{}\"", words.name)), "{dialect} {field}: {found}");
            }
        }
    }
}
