//! The cases of the demonstration, replayed like an imported log: those of today, and those of the real log with
//! invented names.

use std::{cell::Cell, collections::HashMap};

use anyhow::Context as _;
use docket_domain::{
    case::{Details, Tags},
    command::{Command, NewCase},
    id::{ClientId, ContractorId, CustomerId, PersonId, RegionId},
    import::{ImportContext, LogMap, LogRow, LogRun},
    party::{NewParticipant, ParticipantKind, ParticipantsChange, ParticipantsCommand, Who},
    primary::PrimaryRole,
    service,
    subject::{SubjectEntry, SubjectsCommand},
    workflow::Workflow,
};
use docket_persistence::Database;
use uuid::Uuid;

use super::{
    calendar::Calendar,
    data::{CaseData, Data, LOG, RoleData},
};
use crate::import::{self, Format, Reader, Report};

/// Import source of the cases of today.
pub(super) const TODAY: &str = "docket demonstration";

/// Ids of directory entries by key: a client with its root client, and a region.
pub(super) struct Directories {
    pub(super) clients: HashMap<String, (ClientId, ClientId)>,
    pub(super) regions: HashMap<String, RegionId>,
}

/// The import map of the cases of today. Every status maps to itself.
pub(super) fn map_of_today(workflow: &Workflow) -> LogMap {
    let statuses = workflow.statuses().iter().map(|status| (status.key.as_str().to_owned(), status.key.clone()));
    LogMap { source: TODAY.to_owned(), statuses: statuses.collect(), skip: Default::default() }
}

/// All cases in one batch, so that they get the first ids in order.
pub(super) async fn replay_today(
    store: &Database,
    terms: ImportContext<'_>,
    data: &Data,
    directories: &Directories,
    calendar: &Calendar,
) -> anyhow::Result<()> {
    let runs = (1..).zip(&data.cases).map(|(number, case)| run(data, calendar, number, case)).collect::<Vec<_>>();
    let new_case = |row: &LogRow| {
        let case = row.case.parse::<usize>().ok().and_then(|number| data.cases.get(number.checked_sub(1)?));
        case.map_or_else(|| import::bare_case(row), |case| today(data, directories, calendar, case))
    };
    let outcome = service::replay_batch(store, terms, &runs, new_case).await?;
    match outcome.remarks.first() {
        None => Ok(()),
        Some(remark) => anyhow::bail!("the demonstration data does not follow the workflow: {remark:?}"),
    }
}

/// The history of a case as rows of a log.
fn run(data: &Data, calendar: &Calendar, number: u64, case: &CaseData) -> LogRun {
    let actor = case.staff.first().and_then(|staff| data.name_of(staff.person)).unwrap_or("Docket");
    let row = |step: usize, day: i64, status: &str, reason: Option<&String>| LogRow {
        line: number,
        case: number.to_string(),
        status: status.to_owned(),
        actor: actor.to_owned(),
        occurred_at: calendar.time(day, step),
        reason: reason.cloned(),
    };
    let steps = (1..).zip(&case.history);
    let steps = steps.map(|(step, history)| row(step, history.day, &history.to, history.reason.as_ref()));
    let rows = std::iter::once(row(0, case.opened, "open", None)).chain(steps).collect();
    LogRun { rows }
}

fn today(data: &Data, directories: &Directories, calendar: &Calendar, case: &CaseData) -> NewCase {
    let client = case.client.as_ref().and_then(|key| directories.clients.get(key)).copied();
    let details = Details {
        name: Some(case.title.clone()),
        description: Some(case.description.clone()),
        dezernat: Some(case.dezernat.clone()),
        file_number: Some(case.file_number.clone()),
        case_type: Some(case.case_type.clone()),
        priority: case.priority,
        tags: case.tags.iter().cloned().collect::<Tags>(),
        due_on: case.due.map(|due| calendar.day(due)),
        customer: Some(CustomerId(case.customer_id)),
        contractor: case.contractor_id.map(ContractorId),
        client: client.map(|(_, root)| root),
        location: client.filter(|(client, root)| client != root).map(|(client, _)| client),
        region: case.region.as_ref().and_then(|key| directories.regions.get(key)).copied(),
        ..Details::opened_on(calendar.day(case.opened))
    };
    let mut then = Vec::new();
    for (side, people) in [(ParticipantKind::Staff, &case.staff), (ParticipantKind::Party, &case.parties)] {
        if !people.is_empty() {
            then.push(add(data, side, people));
        }
        let primary = PrimaryRole::ALL.into_iter().filter_map(|primary| {
            let first = people.iter().find(|person| primary.is(side, &person.role))?;
            Some(primary.edit(Some(PersonId(first.person))))
        });
        then.push(Command::Edit(primary.collect()));
    }
    let entry = |subject: &super::data::SubjectData| SubjectEntry {
        name: Some(subject.name.clone()),
        is_primary: Some(subject.is_primary),
        ..SubjectEntry::default()
    };
    if !case.subjects.is_empty() {
        let entries = case.subjects.iter().map(entry).collect();
        then.push(Command::Subjects(SubjectsCommand { present: Vec::new(), entries, list_name: None }));
    }
    NewCase { then, ..NewCase::new(Uuid::now_v7(), details) }
}

fn add(data: &Data, side: ParticipantKind, people: &[RoleData]) -> Command {
    let new = people.iter().map(|RoleData { person, role }| NewParticipant {
        who: Who::Known(PersonId(*person), data.name_of(*person).unwrap_or_default().to_owned()),
        role: role.clone(),
    });
    Command::Participants(ParticipantsCommand {
        side,
        present: Vec::new(),
        change: ParticipantsChange::Add(new.collect()),
    })
}

/// The real log. Its cases take names, types, priorities and people from lists, in rotation.
pub(super) async fn replay_log(
    store: &Database,
    terms: ImportContext<'_>,
    format: &Format,
    data: &Data,
) -> anyhow::Result<()> {
    let reader = Reader::new(LOG.as_bytes(), format).context("the sample log is invalid")?;
    let place = Cell::new(0);
    let new_case = |row: &LogRow| {
        let at = place.replace(place.get() + 1);
        decorate(data, at, import::bare_case(row))
    };
    import::run(store, terms, reader, new_case, &mut Report::silent()).await?;
    Ok(())
}

fn decorate(data: &Data, at: usize, mut new: NewCase) -> NewCase {
    fn in_turn<T>(list: &[T], at: usize) -> Option<&T> {
        list.get(at.checked_rem(list.len())?)
    }
    let log = &data.log;
    if let (Some(title), Some(system)) = (in_turn(&log.titles, at), in_turn(&log.systems, at)) {
        new.details.name = Some(title.title.replace("{system}", system));
        new.details.tags = title.tags.iter().cloned().collect();
    }
    new.details.case_type = in_turn(&log.types, at).cloned();
    new.details.priority = in_turn(&log.priorities, at).copied().unwrap_or_default();
    new.details.customer = in_turn(&log.customers, at).copied().map(CustomerId);
    if let Some(person) = in_turn(&log.staff, at).copied() {
        new.then.push(add(data, ParticipantKind::Staff, &[RoleData { person, role: "agent".to_owned() }]));
    }
    new
}
