//! Creating and changing a case by a form: fields, primary people and subjects in one request.
//!
//! Primary people are on the lists of parties and staff. Naming a primary person adds the person to the list.

use uuid::Uuid;

use crate::{
    actor::Context,
    case::{Case, Edit},
    command::{Command, NewCase},
    error::{Error, FieldErrors},
    id::{AccountId, CaseRef, PersonId},
    party::{NewParticipant, ParticipantKind, ParticipantsChange, ParticipantsCommand, Who},
    person::Person,
    primary::PrimaryRole,
    service::{
        ChangeOptions, change_case_with,
        create::{case_type, create, new_details},
        places::{check_places, check_region},
        workflow::{Chosen, Wanted},
    },
    store::Store,
    subject::{SubjectEntry, SubjectsCommand},
};

/// Name of the list of subjects in faults.
const SUBJECTS: &str = "subjects";

/// A form for a case.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CaseForm {
    /// Fields to set.
    pub edits: Vec<Edit>,
    /// Subjects to add or to change.
    pub subjects: Vec<SubjectEntry>,
}

/// Creates a case from a form. Default of the day of opening: today (UTC).
///
/// # Errors
/// Every unknown reference, the rejection of the decision, or a [`StoreError`](crate::error::StoreError).
pub async fn create_case_by_form<S: Store>(
    store: &S,
    context: &Context,
    uuid: Uuid,
    form: CaseForm,
) -> Result<Case, Error> {
    let prepare_new = async |_: &Chosen| {
        let mut faults = FieldErrors::default();
        let mut details = new_details(&form.edits, context, &mut faults);
        let Prepared { edits, commands } = prepare(store, context.account, &form, None, faults).await?;
        edits.into_iter().for_each(|edit| edit.apply(&mut details));
        Ok(NewCase { then: commands, ..NewCase::new(uuid, details) })
    };
    let wanted = Wanted { case_type: case_type(&form.edits), key: None };
    create(store, context, wanted, prepare_new).await
}

/// Changes a case by a form. Fields that the form does not name stay.
///
/// # Errors
/// Not found, every unknown reference, the rejection of the decision, or a [`StoreError`](crate::error::StoreError).
pub async fn change_case_by_form<S: Store>(
    store: &S,
    context: &Context,
    case: CaseRef,
    form: CaseForm,
    options: ChangeOptions,
) -> Result<Case, Error> {
    let command = async |case: &Case| {
        let Prepared { edits, commands } =
            prepare(store, context.account, &form, Some(case), FieldErrors::default()).await?;
        Ok(Command::All(std::iter::once(Command::Edit(edits)).chain(commands).collect()))
    };
    change_case_with(store, context, case, command, options).await.map(|(case, _)| case)
}

struct Prepared {
    edits: Vec<Edit>,
    commands: Vec<Command>,
}

async fn prepare<S: Store>(
    store: &S,
    account: AccountId,
    form: &CaseForm,
    present: Option<&Case>,
    mut faults: FieldErrors,
) -> Result<Prepared, Error> {
    let mut edits = form.edits.clone();
    edits.extend(check_places(store, account, &form.edits, present, &mut faults).await?);
    check_region(store, account, &form.edits, &mut faults).await?;
    let mut commands = prepare_people(store, account, &edits, present, &mut faults).await?;
    let primary = edits.iter().find_map(|edit| if let Edit::PrimarySubject(subject) = edit { *subject } else { None });
    let subjects = match present {
        Some(case) if primary.is_some() || !form.subjects.is_empty() => {
            store.list_subjects_of(account, &[case.id]).await?
        }
        Some(_) | None => Vec::new(),
    };
    if primary.is_some_and(|primary| !subjects.iter().any(|subject| subject.id == primary)) {
        faults.add("primary_subject_id", "unknown subject of the case");
    }
    faults.finish()?;
    if !form.subjects.is_empty() {
        let entries = form.subjects.clone();
        commands.push(Command::Subjects(SubjectsCommand { present: subjects, entries, list_name: Some(SUBJECTS) }));
    }
    Ok(Prepared { edits, commands })
}

/// The commands that add the primary people to their lists.
async fn prepare_people<S: Store>(
    store: &S,
    account: AccountId,
    edits: &[Edit],
    present: Option<&Case>,
    faults: &mut FieldErrors,
) -> Result<Vec<Command>, Error> {
    let named = |edit: &Edit| PrimaryRole::ALL.into_iter().find_map(|role| Some((role, role.set_by(edit)?)));
    let wanted = edits.iter().filter_map(named).collect::<Vec<_>>();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let ids = wanted.iter().map(|(_, person)| *person).collect::<Vec<PersonId>>();
    let people = store.find_people(account, &ids).await?;
    let (mut parties, mut staff) = (Vec::new(), Vec::new());
    for (role, id) in wanted {
        let Some(Person { name, .. }) = people.iter().find(|person| person.id == id) else {
            faults.add(role.edit(None).field(), "unknown person");
            continue;
        };
        let new = NewParticipant { who: Who::Known(id, name.clone()), role: role.role().to_owned() };
        match role.side() {
            ParticipantKind::Party => parties.push(new),
            ParticipantKind::Staff => staff.push(new),
        }
    }
    let file = match present {
        Some(case) => store.find_case_file(account, case.id.into()).await?,
        None => None,
    };
    let (present_parties, present_staff) = file.map(|file| (file.parties, file.staff)).unwrap_or_default();
    let lists = [(ParticipantKind::Party, present_parties, parties), (ParticipantKind::Staff, present_staff, staff)];
    let lists = lists.into_iter().filter(|(_, _, new)| !new.is_empty());
    let add = |(side, present, new)| ParticipantsCommand { side, present, change: ParticipantsChange::Add(new) };
    Ok(lists.map(add).map(Command::Participants).collect())
}
