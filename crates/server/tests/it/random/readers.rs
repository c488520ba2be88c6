//! Every reader of a body and of a query, for the tests and for the fuzz targets.

use docket_domain::error::FieldError;
use docket_server::api::{
    caseiq,
    fields::{Fields, FromFields},
    native::{
        body as native_body, cases as native_cases, compute, deadlines, documents, keys, links, log, notes,
        participants, people,
    },
    params::{FromParams, Params},
    services::{action, body as services, definitions, inquiries, list, orders, sources, statistics, timeline},
    trackops::{case_body, cases as trackops_cases, directories, subjects, update_body, updates},
};
use serde_json::{Map, Value};

/// Reads an object as the body of every request, and hands out what each refusal says.
pub(crate) fn bodies(body: &Map<String, Value>, mut refused: impl FnMut(Vec<FieldError>)) {
    let mut read = |result: Result<(), Vec<FieldError>>| result.unwrap_or_else(&mut refused);
    read(body_as::<native_body::CreateCaseBody>(body));
    read(body_as::<native_body::UpdateCaseBody>(body));
    read(body_as::<native_body::TransitionBody>(body));
    read(body_as::<compute::ComputeBody>(body));
    read(body_as::<keys::CreateKeyBody>(body));
    read(body_as::<links::CreateLinkBody>(body));
    read(body_as::<notes::NoteBody>(body));
    read(body_as::<participants::PartiesBody>(body));
    read(body_as::<participants::StaffBody>(body));
    read(body_as::<participants::RemoveStaffBody>(body));
    read(body_as::<people::CreatePersonBody>(body));
    read(body_as::<people::UpdatePersonBody>(body));
    read(body_as::<case_body::Casefile>(body));
    read(body_as::<case_body::SubjectBody>(body));
    read(body_as::<update_body::UpdateFields>(body));
    read(body_as::<subjects::NewSubjectBody>(body));
    read(body_as::<directories::ClientBody>(body));
    read(body_as::<directories::AccessGroupBody>(body));
    read(body_as::<services::CreateCaseBody>(body));
    read(body_as::<services::UpdateCaseBody>(body));
    read(body_as::<services::OverridesBody>(body));
    read(body_as::<action::ActionBody>(body));
    read(body_as::<inquiries::CreateInquiryBody>(body));
    read(body_as::<inquiries::UpdateInquiryBody>(body));
    read(body_as::<orders::PlaceOrderBody>(body));
    read(body_as::<orders::UpdateOrderBody>(body));
    read(body_as::<caseiq::body::CaseBody>(body));
    read(body_as::<caseiq::body::TransitionBody>(body));
}

/// Reads a text as the query of every list, and hands out what each refusal says.
pub(crate) fn queries(query: &str, mut refused: impl FnMut(Vec<FieldError>)) {
    let mut read = |result: Result<(), Vec<FieldError>>| result.unwrap_or_else(&mut refused);
    read(query_as::<native_cases::ListQuery>(query));
    read(query_as::<deadlines::DeadlinesQuery>(query));
    read(query_as::<documents::DocumentsQuery>(query));
    read(query_as::<log::TimelineQuery>(query));
    read(query_as::<notes::NotesQuery>(query));
    read(query_as::<participants::RemoveStaffQuery>(query));
    read(query_as::<people::PeopleQuery>(query));
    read(query_as::<trackops_cases::CasesQuery>(query));
    read(query_as::<directories::DirectoryQuery>(query));
    read(query_as::<subjects::SubjectsQuery>(query));
    read(query_as::<updates::UpdatesQuery>(query));
    read(query_as::<definitions::DefinitionsQuery>(query));
    read(query_as::<definitions::TransitionsQuery>(query));
    read(query_as::<sources::SourcesQuery<inquiries::Inquiries>>(query));
    read(query_as::<list::ListQuery>(query));
    read(query_as::<sources::SourcesQuery<orders::Orders>>(query));
    read(query_as::<statistics::StatisticsQuery>(query));
    read(query_as::<timeline::TimelineQuery>(query));
}

fn body_as<B: FromFields>(body: &Map<String, Value>) -> Result<(), Vec<FieldError>> {
    Fields::new(body.clone()).read::<B>().map(|_| ())
}

fn query_as<Q: FromParams>(query: &str) -> Result<(), Vec<FieldError>> {
    Params::new(query).read::<Q>().map(|_| ())
}
