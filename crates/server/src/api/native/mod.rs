//! The native dialect: JSON under `/api/v1`. Doc comments of handlers, bodies, views and parameters are the
//! descriptions in its OpenAPI document.

pub mod body;
pub mod cases;
pub mod compute;
pub mod conflicts;
pub mod deadlines;
pub mod documents;
pub mod error;
pub mod events;
pub mod keys;
pub mod links;
pub mod log;
pub mod me;
pub mod merges;
pub mod migrations;
pub mod notes;
pub mod participants;
pub mod people;
pub mod time;
pub mod transitions;
pub mod view;
pub mod webhooks;
mod workflow_body;
pub mod workflow_view;
pub mod workflows;

use actix_web::{HttpRequest, web::ServiceConfig};
use serde_json::Value;
use utoipa::OpenApi;

use super::{operations, words};
use crate::{
    http::endpoint::Endpoint,
    wire::{
        api_error::respond,
        dialect::{Dialect, is_basic},
        error_body::ErrorBody,
        openapi::{self, Words},
    },
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Docket: the native dialect",
        description = "Manage cases, the people on them, their documents and deadlines; change their status along a \
            workflow; read everything that happened to them.\n\n\
            Every case has a UUID (`id`) and an integer id (`number`); paths accept both. Long lists have pages: while \
            `pagination.has_more` is true, send `pagination.cursor` as `cursor` to get the next page. Times are in UTC \
            (RFC 3339). Unknown body fields and unknown query parameters are refused. Errors have a stable `code`; \
            `details` lists every invalid field. The same credentials work on the paths of the other dialects."
    ),
    tags(
        (name = "cases", description = "Create, find, change, delete and restore cases."),
        (name = "transitions", description = "Change the status of a case along its workflow, and read its history."),
        (name = "participants", description = "People on a case: parties outside the organisation, and staff inside it."),
        (name = "people", description = "The directory of people: parties, staff and assignees."),
        (name = "links", description = "Relations between two cases."),
        (name = "documents", description = "Files on a case."),
        (name = "deadlines", description = "Deadlines on cases, and the computation of due dates with the legal provision of each step."),
        (name = "notes", description = "Notes on a case. The timeline keeps every version."),
        (name = "time", description = "Working hours, service levels and the clocks of cases, and deadlines for calendar programs."),
        (name = "merges", description = "Merging cases, undoing a merge exactly, and splitting a case."),
        (name = "conflicts", description = "Conflicts of interest: who is adverse in one case and a client in another one, under whatever spelling."),
        (name = "workflows", description = "The workflows of the account: their versions, diagrams, and the proof of their assertions."),
        (name = "events", description = "The event log of the account: read it page by page, wait for events, or receive a stream."),
        (name = "webhooks", description = "Requests that the server sends for each event, as Standard Webhooks describe them."),
        (name = "keys", description = "API keys. A key is shown once; the server stores only a hash."),
        (name = "operations", description = "Health checks, metrics and OpenAPI documents for operators."),
    ),
    paths(
        cases::list_cases, cases::create_case, cases::load_case, cases::update_case, cases::delete_case,
        cases::restore_case,
        transitions::apply_transition, transitions::explain_transitions,
        log::list_history, log::list_timeline,
        participants::list_parties, participants::add_parties, participants::replace_parties,
        participants::list_staff, participants::add_staff, participants::remove_staff,
        people::create_person, people::list_people, people::load_person, people::update_person,
        links::create_link, links::list_links, links::remove_link,
        documents::upload_document, documents::list_documents, documents::load_document,
        documents::download_document, documents::remove_document,
        deadlines::add_deadline, deadlines::list_case_deadlines, deadlines::list_deadlines, deadlines::load_deadline,
        deadlines::update_deadline, deadlines::remove_deadline, compute::compute_deadline, compute::list_calendars,
        conflicts::check_conflicts, conflicts::load_sides, conflicts::replace_sides, conflicts::run_check,
        conflicts::list_checks, conflicts::decide_hit,
        time::list_work_calendars, time::put_work_calendar, time::remove_work_calendar, time::list_service_levels,
        time::put_service_level, time::remove_service_level, time::ask_what_if, time::load_service_level,
        time::subscribe_to_deadlines, time::subscribe_to_case_deadlines,
        merges::merge_cases, merges::list_merges, merges::undo_merge, merges::split_case,
        notes::add_note, notes::list_notes, notes::edit_note, notes::remove_note,
        workflows::list_workflows, workflows::check_workflow, workflows::install_workflow, workflows::load_workflow,
        workflows::remove_workflow, workflows::activate_workflow, workflows::load_version, workflows::draw_version,
        workflows::compare_versions, migrations::migrate_cases, migrations::load_migration,
        events::list_events, events::list_event_types, events::stream::stream_events,
        events::export::export_events,
        webhooks::create_webhook, webhooks::list_webhooks, webhooks::load_webhook, webhooks::update_webhook,
        webhooks::remove_webhook, webhooks::rotate_secret, webhooks::test_webhook, webhooks::list_deliveries,
        webhooks::retry_delivery, webhooks::replay_events,
        keys::create_key, keys::list_keys, keys::revoke_key, me::load_caller,
        operations::live, operations::ready, operations::metrics, operations::document,
    ),
    components(schemas(ErrorBody)),
)]
struct Document;

/// The fixed vocabularies of the document.
pub(super) const WORDS: &[Words] = &[
    words::ERROR_CODE,
    words::REASON_CODE,
    Words {
        name: "Priority",
        words: words::priorities,
        fields: &[
            "CaseView.priority",
            "CaseRowView.priority",
            "CreateCaseBody.priority",
            "UpdateCaseBody.priority",
            "AppliesToBody.priorities",
            "AppliesToView.priorities",
        ],
    },
    Words {
        name: "Phase",
        words: words::phases,
        fields: &["CaseView.status", "CaseRowView.status", "UpdateCaseBody.status"],
    },
    Words {
        name: "PersonKind",
        words: words::person_kinds,
        fields: &["PersonView.kind", "CreatePersonBody.kind", "UpdatePersonBody.kind"],
    },
    Words {
        name: "DeadlineKind",
        words: words::deadline_kinds,
        fields: &["DeadlineView.kind", "CreateDeadlineBody.kind", "UpdateDeadlineBody.kind"],
    },
    Words { name: "DeadlineStatus", words: words::deadline_statuses, fields: &["DeadlineView.status"] },
    Words { name: "DeadlineRule", words: words::rules, fields: &["ComputeBody.rule", "DeadlineView.rule"] },
    Words { name: "PeriodUnit", words: words::units, fields: &["ComputeBody.unit"] },
    Words { name: "ServiceMethod", words: words::services, fields: &["ComputeBody.service"] },
    Words { name: "Direction", words: words::directions, fields: &["ComputeBody.direction"] },
    Words {
        name: "CalendarKey",
        words: words::calendars,
        fields: &["ComputeBody.calendar", "WorkCalendarBody.holidays", "WorkCalendarView.holidays"],
    },
    Words {
        name: "Scope",
        words: words::scopes,
        fields: &["CreateKeyBody.scopes", "NewKeyView.scopes", "KeyView.scopes", "CallerKeyView.scopes"],
    },
    Words { name: "EventType", words: words::event_types, fields: &["TimelineEntryView.type"] },
    Words { name: "FeedEventType", words: words::feed_types, fields: &["EventView.type", "EventTypeView.type"] },
    Words { name: "MatchRule", words: words::match_rules, fields: &["RuleView.rule"] },
    Words { name: "Verdict", words: words::verdicts, fields: &["FindingsView.verdict", "ConflictCheckView.verdict"] },
    Words {
        name: "HitDecision",
        words: words::hit_decisions,
        fields: &["DecisionBody.decision", "DecisionView.decision"],
    },
    Words { name: "ClockState", words: words::clock_states, fields: &["ClockView.state", "WorstCaseView.state"] },
    Words { name: "Side", words: words::sides, fields: &["RoleView.side"] },
    Words { name: "DeliveryStatus", words: words::delivery_statuses, fields: &["DeliveryView.status"] },
];

pub const DIALECT: Dialect = Dialect { name: "native", claims, respond: respond::<error::Native>, document };

fn claims(request: &HttpRequest) -> bool {
    request.path().starts_with("/api/v1") && !is_basic(request.headers())
}

fn document() -> Value {
    let mut document = openapi::finish::<error::Native>(Document::openapi(), WORDS);
    events::add_event_schemas(&mut document);
    document
}

pub fn configure(config: &mut ServiceConfig) {
    let endpoints = [
        Endpoint::at("/api/v1/cases").get(cases::list_cases).post(cases::create_case),
        Endpoint::at("/api/v1/cases/{case}").get(cases::load_case).put(cases::update_case).delete(cases::delete_case),
        Endpoint::at("/api/v1/cases/{case}/restore").post(cases::restore_case),
        Endpoint::at("/api/v1/cases/{case}/transitions")
            .get(transitions::explain_transitions)
            .post(transitions::apply_transition),
        Endpoint::at("/api/v1/cases/{case}/history").get(log::list_history),
        Endpoint::at("/api/v1/cases/{case}/timeline").get(log::list_timeline),
        Endpoint::at("/api/v1/cases/{case}/parties")
            .get(participants::list_parties)
            .post(participants::add_parties)
            .put(participants::replace_parties),
        Endpoint::at("/api/v1/cases/{case}/staff")
            .get(participants::list_staff)
            .post(participants::add_staff)
            .delete(participants::remove_staff),
        Endpoint::at("/api/v1/people").get(people::list_people).post(people::create_person),
        Endpoint::at("/api/v1/people/{id}").get(people::load_person).put(people::update_person),
        Endpoint::at("/api/v1/cases/{case}/links").get(links::list_links).post(links::create_link),
        Endpoint::at("/api/v1/cases/{case}/links/{id}").delete(links::remove_link),
        Endpoint::at("/api/v1/cases/{case}/documents")
            .get(documents::list_documents)
            .post(documents::upload_document)
            .streaming(),
        Endpoint::at("/api/v1/documents/{id}").get(documents::load_document).delete(documents::remove_document),
        Endpoint::at("/api/v1/documents/{id}/content").get(documents::download_document),
        Endpoint::at("/api/v1/cases/{case}/deadlines")
            .get(deadlines::list_case_deadlines)
            .post(deadlines::add_deadline),
        Endpoint::at("/api/v1/deadlines").get(deadlines::list_deadlines),
        Endpoint::at("/api/v1/deadlines/compute").post(compute::compute_deadline),
        Endpoint::at("/api/v1/deadlines/calendars").get(compute::list_calendars),
        Endpoint::at("/api/v1/deadlines/{id}")
            .get(deadlines::load_deadline)
            .put(deadlines::update_deadline)
            .delete(deadlines::remove_deadline),
        Endpoint::at("/api/v1/calendars").get(time::list_work_calendars),
        Endpoint::at("/api/v1/calendars/{key}").put(time::put_work_calendar).delete(time::remove_work_calendar),
        Endpoint::at("/api/v1/service-levels").get(time::list_service_levels),
        Endpoint::at("/api/v1/service-levels/what-if").post(time::ask_what_if),
        Endpoint::at("/api/v1/service-levels/{key}").put(time::put_service_level).delete(time::remove_service_level),
        Endpoint::at("/api/v1/cases/{case}/service-level").get(time::load_service_level),
        Endpoint::at("/api/v1/deadlines.ics").get(time::subscribe_to_deadlines),
        Endpoint::at("/api/v1/cases/{case}/deadlines.ics").get(time::subscribe_to_case_deadlines),
        Endpoint::at("/api/v1/cases/{case}/merges").get(merges::list_merges).post(merges::merge_cases),
        Endpoint::at("/api/v1/cases/{case}/merges/{id}").delete(merges::undo_merge),
        Endpoint::at("/api/v1/cases/{case}/split").post(merges::split_case),
        Endpoint::at("/api/v1/conflicts/check").post(conflicts::check_conflicts),
        Endpoint::at("/api/v1/conflicts/sides").get(conflicts::load_sides).put(conflicts::replace_sides),
        Endpoint::at("/api/v1/cases/{case}/conflict-checks").get(conflicts::list_checks).post(conflicts::run_check),
        Endpoint::at("/api/v1/conflict-checks/{id}/hits/{number}").put(conflicts::decide_hit),
        Endpoint::at("/api/v1/cases/{case}/notes").get(notes::list_notes).post(notes::add_note),
        Endpoint::at("/api/v1/notes/{id}").put(notes::edit_note).delete(notes::remove_note),
        Endpoint::at("/api/v1/workflows").get(workflows::list_workflows),
        Endpoint::at("/api/v1/workflows/check").post(workflows::check_workflow),
        Endpoint::at("/api/v1/workflows/{key}")
            .get(workflows::load_workflow)
            .put(workflows::install_workflow)
            .delete(workflows::remove_workflow),
        Endpoint::at("/api/v1/workflows/{key}/activate").post(workflows::activate_workflow),
        Endpoint::at("/api/v1/workflows/{key}/migrations").post(migrations::migrate_cases),
        Endpoint::at("/api/v1/workflows/{key}/migrations/{id}").get(migrations::load_migration),
        Endpoint::at("/api/v1/workflows/{key}/versions/{id}").get(workflows::load_version),
        Endpoint::at("/api/v1/workflows/{key}/versions/{id}/diagram").get(workflows::draw_version),
        Endpoint::at("/api/v1/workflows/{key}/versions/{id}/diff").get(workflows::compare_versions),
        // These wait for events themselves.
        Endpoint::at("/api/v1/events").get(events::list_events).streaming(),
        Endpoint::at("/api/v1/events/types").get(events::list_event_types),
        Endpoint::at("/api/v1/events/export").get(events::export::export_events),
        Endpoint::at("/api/v1/events/stream").get(events::stream::stream_events).streaming(),
        Endpoint::at("/api/v1/webhooks").get(webhooks::list_webhooks).post(webhooks::create_webhook),
        Endpoint::at("/api/v1/webhooks/{id}")
            .get(webhooks::load_webhook)
            .put(webhooks::update_webhook)
            .delete(webhooks::remove_webhook),
        Endpoint::at("/api/v1/webhooks/{id}/rotate-secret").post(webhooks::rotate_secret),
        Endpoint::at("/api/v1/webhooks/{id}/test").post(webhooks::test_webhook),
        Endpoint::at("/api/v1/webhooks/{id}/deliveries").get(webhooks::list_deliveries),
        Endpoint::at("/api/v1/webhooks/{id}/deliveries/{delivery}/retry").post(webhooks::retry_delivery),
        Endpoint::at("/api/v1/webhooks/{id}/replay").post(webhooks::replay_events),
        Endpoint::at("/api/v1/keys").get(keys::list_keys).post(keys::create_key),
        Endpoint::at("/api/v1/keys/{id}").delete(keys::revoke_key),
        Endpoint::at("/api/v1/me").get(me::load_caller),
    ];
    for endpoint in endpoints {
        config.service(endpoint);
    }
}
