//! Calls every body parser. A fuzz target includes this file.

use docket_domain::error::FieldError;
use docket_server::{
    api::{
        caseiq,
        native::{body as native_body, compute, keys, links, notes, participants, people},
        services::{action, body as services, inquiries, orders},
        trackops::{case_body, directories, subjects, update_body},
    },
    wire::fields::{Fields, FromFields},
};
use serde_json::{Map, Value};

/// Parses an object as the body of every request and passes the faults of each refusal to `refused`.
pub(crate) fn read(body: &Map<String, Value>, mut refused: impl FnMut(Vec<FieldError>)) {
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

fn body_as<B: FromFields>(body: &Map<String, Value>) -> Result<(), Vec<FieldError>> {
    Fields::new(body.clone()).read::<B>().map(|_| ())
}
