//! Calls every query parser. A fuzz target includes this file.

use docket_domain::error::FieldError;
use docket_server::{
    api::{
        native::{cases as native_cases, deadlines, documents, log, notes, participants, people},
        services::{definitions, inquiries, list, orders, sources, statistics, timeline},
        trackops::{cases as trackops_cases, directories, subjects, updates},
    },
    wire::params::{FromParams, Params},
};

/// Parses a text as the query of every list and passes the faults of each refusal to `refused`.
pub(crate) fn read(query: &str, mut refused: impl FnMut(Vec<FieldError>)) {
    let mut read = |result: Result<(), Vec<FieldError>>| result.unwrap_or_else(&mut refused);
    read(query_as::<native_cases::ListQuery>(query));
    read(query_as::<deadlines::DeadlinesQuery>(query));
    read(query_as::<documents::DocumentsQuery>(query));
    read(query_as::<log::TimelineQuery>(query));
    read(query_as::<notes::NotesQuery>(query));
    read(query_as::<participants::RemoveStaffParams>(query));
    read(query_as::<people::PeopleQuery>(query));
    read(query_as::<trackops_cases::CasesQuery>(query));
    read(query_as::<directories::DirectoryQuery>(query));
    read(query_as::<subjects::SubjectsQuery>(query));
    read(query_as::<updates::UpdatesQuery>(query));
    read(query_as::<definitions::DefinitionsParams>(query));
    read(query_as::<definitions::TransitionsParams>(query));
    read(query_as::<sources::SourcesQuery<inquiries::Inquiries>>(query));
    read(query_as::<list::ListQuery>(query));
    read(query_as::<sources::SourcesQuery<orders::Orders>>(query));
    read(query_as::<statistics::StatisticsQuery>(query));
    read(query_as::<timeline::TimelineQuery>(query));
}

fn query_as<Q: FromParams>(query: &str) -> Result<(), Vec<FieldError>> {
    Params::new(query).read::<Q>().map(|_| ())
}
