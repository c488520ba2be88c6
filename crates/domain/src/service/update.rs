//! Writing and changing case updates: commands on their cases.

use crate::{
    actor::Context,
    case::Case,
    command::Command,
    decision::{Change, Commit},
    directory::{AccessGroup, CaseTask},
    error::{Error, FieldErrors, StoreError},
    event::EventData,
    id::{AccountId, CaseRef, Entity, UpdateId},
    page::PageNumber,
    service::{Terms, case::find_effect, change_case_with, find_access_group},
    store::{CaseStore, DirectoryStore, PeopleStore, SubjectStore, UpdateStore, WorkflowStore},
    update::{CaseUpdate, UpdateCommand, UpdateContent, UpdateEdits, UpdateFilter},
};

/// How often a change follows an update that is moved from case to case meanwhile.
const ATTEMPTS: usize = 8;

/// A numbered page of the updates, by the time at which they were written.
///
/// # Errors
/// A [`StoreError`].
pub async fn list_updates<S: UpdateStore>(
    store: &S,
    account: AccountId,
    filter: UpdateFilter,
    descending: bool,
    page: PageNumber,
) -> Result<Vec<CaseUpdate>, Error> {
    Ok(store.list_updates(account, &filter, descending, page).await?)
}

/// How many updates there are.
///
/// # Errors
/// A [`StoreError`].
pub async fn count_updates<S: UpdateStore>(store: &S, account: AccountId, filter: UpdateFilter) -> Result<i64, Error> {
    Ok(store.count_updates(account, &filter).await?)
}

/// Reads an update.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_update<S: UpdateStore>(store: &S, account: AccountId, id: UpdateId) -> Result<CaseUpdate, Error> {
    store.find_update(account, id).await?.ok_or(Error::not_found(Entity::Update))
}

/// Writes a new update.
///
/// # Errors
/// Every fault of the request and every reference that leads nowhere, or a [`StoreError`].
pub async fn create_update<S>(store: &S, context: &Context, edits: UpdateEdits) -> Result<CaseUpdate, Error>
where
    S: CaseStore
        + WorkflowStore
        + PeopleStore
        + SubjectStore
        + UpdateStore
        + DirectoryStore<AccessGroup>
        + DirectoryStore<CaseTask>,
{
    let known =
        find_effect(
            store,
            context,
            |event| if let EventData::Update(event) = event { Some(event.update) } else { None },
        )
        .await?;
    if let Some(known) = known {
        return load_update(store, context.account, known).await;
    }
    let edits = edits.cleaned();
    let mut faults = FieldErrors::default();
    edits.check_complete(&mut faults);
    edits.check(&mut faults);
    let resolved = resolve(store, context, &edits, None, &mut faults).await?;
    faults.finish()?;
    let Resolved { case, access_group, thread } = resolved;
    let lacking = || StoreError::Defect("an update without what it needs passed the checks".to_owned());
    let (case, access_group) = case.zip(access_group).ok_or_else(lacking)?;
    let content = UpdateContent::merge(None, &edits, case.id, access_group, thread);
    let prepare = async |_: &Case| {
        let (content, validate) = (Box::new(content.clone()), edits.validate);
        Ok(Command::Update(UpdateCommand::Write { present: None, content, validate }))
    };
    let (_, commit) = change_case_with(store, context, case.id.into(), prepare, Terms::default()).await?;
    written(commit).ok_or_else(|| lacking().into())
}

/// Changes an update. What is absent stays.
///
/// An update that stands alone can be moved to another case; both cases' timelines tell of it, that of the former one
/// in a commit of its own right after.
///
/// # Errors
/// Not found, every fault of the request and every reference that leads nowhere, or a [`StoreError`].
pub async fn change_update<S>(
    store: &S,
    context: &Context,
    id: UpdateId,
    edits: UpdateEdits,
) -> Result<CaseUpdate, Error>
where
    S: CaseStore
        + WorkflowStore
        + PeopleStore
        + SubjectStore
        + UpdateStore
        + DirectoryStore<AccessGroup>
        + DirectoryStore<CaseTask>,
{
    let edits = edits.cleaned();
    let mut faults = FieldErrors::default();
    edits.check(&mut faults);
    faults.finish()?;
    for _ in 0..ATTEMPTS {
        match try_to_change(store, context, id, &edits).await {
            Err(Error::Store(StoreError::Stale)) => {}
            other => return other,
        }
    }
    Err(StoreError::Stale.into())
}

/// Stale where the update was moved away from its case meanwhile.
async fn try_to_change<S>(store: &S, context: &Context, id: UpdateId, edits: &UpdateEdits) -> Result<CaseUpdate, Error>
where
    S: CaseStore
        + WorkflowStore
        + PeopleStore
        + SubjectStore
        + UpdateStore
        + DirectoryStore<AccessGroup>
        + DirectoryStore<CaseTask>,
{
    let before = load_update(store, context.account, id).await?;
    let moved_to = match edits.case {
        Some(case) => store.find_case(context.account, case).await?.map(|case| case.id),
        None => None,
    };
    let case = moved_to.unwrap_or(before.case);
    let prepare = async |case: &Case| {
        let present = load_update(store, context.account, id).await?;
        if edits.case.is_none() && present.case != case.id {
            return Err(StoreError::Stale.into());
        }
        context.precondition.check(&present)?;
        let mut faults = FieldErrors::default();
        let resolved = resolve(store, context, edits, Some(&present), &mut faults).await?;
        faults.finish()?;
        let Resolved { access_group, thread, .. } = resolved;
        let group = access_group.ok_or_else(|| StoreError::Defect("the update's group is gone".to_owned()))?;
        let content = Box::new(UpdateContent::merge(Some(&present), edits, case.id, group, thread));
        let (present, validate) = (Some(Box::new(present)), edits.validate);
        Ok(Command::Update(UpdateCommand::Write { present, content, validate }))
    };
    let (_, commit) = change_case_with(store, &context.unconditional(), case.into(), prepare, Terms::default()).await?;
    let Some(update) = written(commit) else { return load_update(store, context.account, id).await };
    if update.case != before.case {
        let left = async |_: &Case| Ok(Command::Update(UpdateCommand::Left(Box::new(update.clone()))));
        change_case_with(store, &context.unconditional(), before.case.into(), left, Terms::default()).await?;
    }
    Ok(update)
}

fn written(commit: Option<Commit>) -> Option<CaseUpdate> {
    commit.into_iter().flat_map(|commit| commit.changes).find_map(|change| {
        if let Change::UpdateAdded(update) | Change::UpdateChanged(update) = change { Some(*update) } else { None }
    })
}

/// What an update refers to, looked up.
struct Resolved {
    case: Option<Case>,
    access_group: Option<AccessGroup>,
    thread: Option<UpdateId>,
}

async fn resolve<S>(
    store: &S,
    context: &Context,
    edits: &UpdateEdits,
    present: Option<&CaseUpdate>,
    faults: &mut FieldErrors,
) -> Result<Resolved, Error>
where
    S: CaseStore + PeopleStore + SubjectStore + UpdateStore + DirectoryStore<AccessGroup> + DirectoryStore<CaseTask>,
{
    let account = context.account;
    let reference = edits.case.or_else(|| present.map(|update| CaseRef::Number(update.case)));
    let case = match reference {
        Some(case) => store.find_case(account, case).await?,
        None => None,
    };
    if edits.case.is_some() && case.is_none() {
        faults.add("case_id", "there is no such case");
    }
    let group = edits.access_group.or_else(|| present.map(|update| update.access_group));
    let access_group = match group {
        Some(group) => find_access_group(store, account, group).await?,
        None => None,
    };
    if group.is_some() && access_group.is_none() {
        faults.add("access_group_id", "there is no such access group");
    }
    if let Some(Some(task)) = edits.task {
        let found = DirectoryStore::<CaseTask>::find_entries(store, account, &[task]).await?;
        if found.is_empty() {
            faults.add("task_id", "there is no such event");
        }
    }
    if let Some(Some(person)) = edits.behalf_of
        && store.find_people(account, &[person]).await?.is_empty()
    {
        faults.add("behalf_of_id", "there is no such person");
    }
    check_subject(store, edits, present, case.as_ref(), faults).await?;
    let thread = find_thread(store, context, edits, present, case.as_ref(), faults).await?;
    Ok(Resolved { case, access_group, thread })
}

async fn check_subject<S: SubjectStore>(
    store: &S,
    edits: &UpdateEdits,
    present: Option<&CaseUpdate>,
    case: Option<&Case>,
    faults: &mut FieldErrors,
) -> Result<(), Error> {
    let subject = edits.subject.unwrap_or_else(|| present.and_then(|update| update.subject));
    let stays =
        present.is_some_and(|update| update.subject == subject && Some(update.case) == case.map(|case| case.id));
    let (Some(subject), Some(case), false) = (subject, case, stays) else { return Ok(()) };
    let subjects = store.list_subjects_of(case.account, &[case.id]).await?;
    if !subjects.iter().any(|known| known.id == subject) {
        faults.add("subject_id", "there is no such subject on the case");
    }
    Ok(())
}

/// The thread to which the update belongs after the edits; none where it begins its own.
async fn find_thread<S: UpdateStore>(
    store: &S,
    context: &Context,
    edits: &UpdateEdits,
    present: Option<&CaseUpdate>,
    case: Option<&Case>,
    faults: &mut FieldErrors,
) -> Result<Option<UpdateId>, Error> {
    let own = present.map(|update| update.id);
    let standing = present.map(|update| update.thread).filter(|thread| Some(*thread) != own);
    let wanted = edits.thread.map_or(standing, |thread| thread.filter(|thread| Some(*thread) != own));
    let moves = present.is_some_and(|update| case.is_some_and(|case| case.id != update.case));
    if let Some(update) = present
        && (moves || wanted != standing)
        && (store.has_replies(context.account, update.id).await? || (moves && wanted.is_some()))
    {
        let field = if moves { "case_id" } else { "thread_id" };
        faults.add(field, "cannot be changed: the thread has replies");
        return Ok(standing);
    }
    let (Some(wanted), true) = (wanted, wanted != standing) else { return Ok(wanted) };
    let found = store.find_update(context.account, wanted).await?;
    let found = found.filter(|update| case.is_none_or(|case| case.id == update.case));
    match found {
        Some(update) => Ok(Some(update.thread)),
        None => {
            faults.add("thread_id", "there is no such update on the case");
            Ok(None)
        }
    }
}
