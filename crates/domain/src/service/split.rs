//! Splitting a case.

use std::collections::HashSet;

use crate::{
    actor::Context,
    case::{Case, Details},
    command::NewCase,
    decide,
    error::{Error, FieldErrors, StoreError},
    id::{CaseRef, Entity, EntityId, PersonId},
    idempotency::Effect,
    party::Party,
    service::{
        OpenCase,
        case::{commit_decided, load_effect},
        check_references, choose_workflow,
        create::{case_type, new_details},
        load_case_file, load_workflow,
        references::References,
        workflow::Wanted,
    },
    source,
    split::{CopiedIds, MOVED_MAX, MovedIds, MovedRow, Split},
    store::{CaseStore, MergeStore, Store},
    update::CaseUpdate,
    workflow::EntityType,
};

/// A request to split a case.
#[derive(Debug)]
pub struct SplitRequest {
    /// The new case. Its basis is ignored: it follows up the case that is split.
    pub open: OpenCase,
    /// What moves.
    pub moved: MovedIds,
    /// Who is on both cases afterwards.
    pub copied: CopiedIds,
    /// Why.
    pub reason: String,
}

/// Splits a case: a new case, which follows it up, takes over some of its things in one atomic step.
///
/// # Errors
/// Not found, [`Error::PreconditionFailed`], every fault of the request, or a [`StoreError`].
pub async fn split_case<S: Store>(
    store: &S,
    context: &Context,
    case: CaseRef,
    request: SplitRequest,
) -> Result<Case, Error> {
    if let Some(effect) = context.effect.and_then(Effect::on_case) {
        return load_effect(store, context.account, effect).await;
    }
    let account = context.account;
    let SplitRequest { open, moved, copied, reason } = &request;
    let wanted = Wanted { case_type: case_type(&open.edits), key: open.workflow.as_deref() };
    let chosen = choose_workflow(store, account, EntityType::Case, wanted).await?;
    let commits = commit_decided(store, async || {
        let from = store.find_case(account, case).await?.ok_or(Error::not_found(Entity::Case))?;
        context.precondition.check(&from)?;
        let workflow = load_workflow(store, account, from.workflow).await?;
        let mut faults = open.faults.clone();
        faults.extend(chosen.fault.clone());
        new_details(&open.edits, context, &mut faults);
        let References { client, .. } = check_references(store, account, &open.edits, None, &mut faults).await?;
        let (mut rows, mut people) = (Vec::new(), People::default());
        if check_lengths(moved, copied, &mut faults) {
            rows = find_rows(store, &from, moved, &mut faults).await?;
            people = find_people(store, &from, moved, copied, &mut faults).await?;
        }
        faults.finish()?;
        let mut details = Details::opened_on(context.now.date_naive());
        let given = source::for_follow_up(&from).into_iter();
        given.chain(open.edits.iter().cloned()).chain(client).for_each(|edit| edit.apply(&mut details));
        let parent = Some(Box::new(from.clone()));
        let new = NewCase { status: open.status.clone(), parent, ..NewCase::new(open.uuid, details) };
        let People { parties, copied_parties, copied_staff } = people;
        let split = Split { new, rows, parties, copied_parties, copied_staff, reason: reason.clone() };
        Ok(decide::split((&from, &workflow), &chosen.workflow, split, context)?.into())
    })
    .await?;
    let made = commits.into_iter().next_back().map(|commit| commit.case);
    made.ok_or_else(|| StoreError::Defect("a new case is not in its commit".to_owned()).into())
}

/// Checks that no list is too long.
fn check_lengths(moved: &MovedIds, copied: &CopiedIds, faults: &mut FieldErrors) -> bool {
    let lists = [
        ("move.notes", moved.notes.len()),
        ("move.documents", moved.documents.len()),
        ("move.deadlines", moved.deadlines.len()),
        ("move.updates", moved.updates.len()),
        ("move.subjects", moved.subjects.len()),
        ("move.parties", moved.parties.len()),
        ("copy.parties", copied.parties.len()),
        ("copy.staff", copied.staff.len()),
    ];
    let mut are_short = true;
    for (field, length) in lists {
        if length > MOVED_MAX {
            faults.add(field, format!("must name at most {MOVED_MAX}, got {length}"));
            are_short = false;
        }
    }
    are_short
}

/// The rows to move. An id that is unknown, or of another case, is a fault.
async fn find_rows<S: MergeStore>(
    store: &S,
    from: &Case,
    moved: &MovedIds,
    faults: &mut FieldErrors,
) -> Result<Vec<MovedRow>, StoreError> {
    let found = store.list_movable(from.account, from.id, moved).await?;
    let (mut notes, mut documents, mut deadlines, mut subjects) =
        (HashSet::new(), HashSet::new(), HashSet::new(), HashSet::new());
    let mut updates = Vec::<&CaseUpdate>::new();
    for row in &found {
        match row {
            MovedRow::Note(note) => drop(notes.insert(note.id)),
            MovedRow::Document(document) => drop(documents.insert(document.id)),
            MovedRow::Deadline(deadline) => drop(deadlines.insert(deadline.id)),
            MovedRow::Subject(subject) => drop(subjects.insert(subject.id)),
            MovedRow::Update(update) => updates.push(update),
        }
    }
    check_known("move.notes", &moved.notes, &notes, faults);
    check_known("move.documents", &moved.documents, &documents, faults);
    check_known("move.deadlines", &moved.deadlines, &deadlines, faults);
    check_known("move.subjects", &moved.subjects, &subjects, faults);
    let known = updates.iter().map(|update| update.id).collect();
    check_known("move.updates", &moved.updates, &known, faults);
    let stay = updates.iter().filter(|update| !moved.updates.contains(&update.id)).map(|update| update.thread);
    let stay = stay.collect::<HashSet<_>>();
    for (at, id) in moved.updates.iter().enumerate() {
        if updates.iter().any(|update| update.id == *id && stay.contains(&update.thread)) {
            faults.add(format!("move.updates[{at}]"), "moves only with all updates of its thread");
        }
    }
    Ok(found)
}

fn check_known<I: EntityId + std::hash::Hash>(field: &str, wanted: &[I], known: &HashSet<I>, faults: &mut FieldErrors) {
    let mut seen = HashSet::new();
    for (at, id) in wanted.iter().enumerate() {
        if !known.contains(id) {
            faults.add(format!("{field}[{at}]"), format!("unknown {} of the case", I::ENTITY.noun()));
        } else if !seen.insert(*id) {
            faults.add(format!("{field}[{at}]"), "is named twice");
        }
    }
}

/// People of a split.
#[derive(Debug, Default)]
struct People {
    parties: Vec<Party>,
    copied_parties: Vec<Party>,
    copied_staff: Vec<Party>,
}

/// The people who move or are copied. A person who is not on the case is a fault.
async fn find_people<S: CaseStore>(
    store: &S,
    from: &Case,
    moved: &MovedIds,
    copied: &CopiedIds,
    faults: &mut FieldErrors,
) -> Result<People, Error> {
    let file = load_case_file(store, from.account, from.id.into()).await?;
    let mut pick = |field: &str, list: &[Party], wanted: &[PersonId]| {
        check_known(field, wanted, &list.iter().map(|party| party.person).collect(), faults);
        let wanted = wanted.iter().copied().collect::<HashSet<_>>();
        list.iter().filter(|party| wanted.contains(&party.person)).cloned().collect::<Vec<_>>()
    };
    let parties = pick("move.parties", &file.parties, &moved.parties);
    let copied_parties = pick("copy.parties", &file.parties, &copied.parties);
    let copied_staff = pick("copy.staff", &file.staff, &copied.staff);
    for (at, id) in copied.parties.iter().enumerate() {
        if moved.parties.contains(id) {
            faults.add(format!("copy.parties[{at}]"), "moves already");
        }
    }
    Ok(People { parties, copied_parties, copied_staff })
}
