//! Case updates: read, create, change. Each write is a command on the case of the update.

use crate::{
    actor::Context,
    case::Case,
    command::Command,
    decide::{decide, move_update},
    decision::{Change, Commit},
    directory::CaseTask,
    error::{Error, FieldErrors, Rejection, StoreError},
    event::EventData,
    id::{AccountId, Entity, UpdateId},
    page::PageNumber,
    service::{
        case::{commit_decided, find_effect},
        find_access_group, load_workflow,
    },
    store::{CaseStore, DirectoryStore, Store, UpdateStore},
    update::{CaseUpdate, ThreadUpdate, UpdateEdits, UpdateFacts, UpdateFilter, WriteUpdate},
};

/// A numbered page of updates, by time of creation. Updates of a case include those of its parts.
///
/// # Errors
/// A [`StoreError`].
pub async fn list_updates<S: CaseStore + UpdateStore>(
    store: &S,
    account: AccountId,
    filter: UpdateFilter,
    descending: bool,
    page: PageNumber,
) -> Result<Vec<CaseUpdate>, Error> {
    let filter = with_parts(store, account, filter).await?;
    Ok(store.list_updates(account, &filter, descending, page).await?)
}

/// Number of updates. Those of a case include those of its parts.
///
/// # Errors
/// A [`StoreError`].
pub async fn count_updates<S: CaseStore + UpdateStore>(
    store: &S,
    account: AccountId,
    filter: UpdateFilter,
) -> Result<i64, Error> {
    let filter = with_parts(store, account, filter).await?;
    Ok(store.count_updates(account, &filter).await?)
}

/// The filter, with the parts of the case that it names.
async fn with_parts<S: CaseStore>(
    store: &S,
    account: AccountId,
    mut filter: UpdateFilter,
) -> Result<UpdateFilter, StoreError> {
    if let Some([one]) = filter.cases.as_deref()
        && let Some(case) = store.find_case(account, (*one).into()).await?
    {
        filter.cases = Some(case.whole());
    }
    Ok(filter)
}

/// Reads an update.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_update<S: UpdateStore>(store: &S, account: AccountId, id: UpdateId) -> Result<CaseUpdate, Error> {
    store.find_update(account, id).await?.ok_or(Error::not_found(Entity::Update))
}

/// Creates an update.
///
/// # Errors
/// Every fault of the request and every unknown reference, or a [`StoreError`].
pub async fn create_update<S: Store>(store: &S, context: &Context, edits: UpdateEdits) -> Result<CaseUpdate, Error> {
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
    let commits = commit_decided(store, async || {
        let case = find_named_case(store, context.account, &edits).await?;
        let facts = find_facts(store, context.account, &edits, None, case.as_ref()).await?;
        let Some(case) = case else { return Err(faults_without_case(&edits, None, &facts)) };
        let workflow = load_workflow(store, context.account, case.workflow).await?;
        let write = WriteUpdate { present: None, edits: Box::new(edits.clone()), facts: Box::new(facts) };
        Ok(vec![decide(&case, &workflow, Command::Update(write), context)?])
    })
    .await?;
    written(commits).ok_or_else(|| StoreError::Defect("a new update is not in its commit".to_owned()).into())
}

/// Changes an update. Absent fields stay.
///
/// An update outside a thread can move to another case. One commit then changes both cases, and both timelines show the
/// move.
///
/// # Errors
/// Not found, every fault of the request and every unknown reference, or a [`StoreError`].
pub async fn change_update<S: Store>(
    store: &S,
    context: &Context,
    id: UpdateId,
    edits: UpdateEdits,
) -> Result<CaseUpdate, Error> {
    let account = context.account;
    if context.effect.is_some() {
        return load_update(store, account, id).await;
    }
    let edits = edits.cleaned();
    let commits = commit_decided(store, async || {
        // The cases are read before everything that belongs to them: their versions guard against later changes.
        let about = load_update(store, account, id).await?.case;
        let from = store.find_case(account, about.into()).await?.ok_or(Error::not_found(Entity::Update))?;
        let to = if edits.case.is_some() { find_named_case(store, account, &edits).await? } else { Some(from.clone()) };
        let present = load_update(store, account, id).await?;
        if present.case != from.id {
            return Err(StoreError::Stale.into());
        }
        context.precondition.check(&present)?;
        let facts = find_facts(store, account, &edits, Some(&present), to.as_ref()).await?;
        let Some(to) = to else { return Err(faults_without_case(&edits, Some(&present), &facts)) };
        let workflow = load_workflow(store, account, from.workflow).await?;
        let (edits, facts) = (Box::new(edits.clone()), Box::new(facts));
        let write = WriteUpdate { present: Some(Box::new(present)), edits, facts };
        if to.id == from.id {
            return Ok(vec![decide(&from, &workflow, Command::Update(write), context)?]);
        }
        let to_workflow = load_workflow(store, account, to.workflow).await?;
        Ok(move_update((&from, &workflow), (&to, &to_workflow), write, context)?.into())
    })
    .await?;
    match written(commits) {
        Some(update) => Ok(update),
        None => load_update(store, account, id).await,
    }
}

/// The update that the commits write.
fn written(commits: Vec<Commit>) -> Option<CaseUpdate> {
    commits.into_iter().flat_map(|commit| commit.changes).find_map(|change| {
        if let Change::UpdateAdded(update) | Change::UpdateChanged(update) = change { Some(*update) } else { None }
    })
}

/// The faults of edits whose case does not exist.
fn faults_without_case(edits: &UpdateEdits, present: Option<&CaseUpdate>, facts: &UpdateFacts) -> Error {
    let mut faults = FieldErrors::default();
    edits.check(present.is_none(), &mut faults);
    facts.check(edits, present, None, &mut faults);
    match faults.finish() {
        Err(faults) => Rejection::Invalid(faults).into(),
        Ok(()) => StoreError::Defect("an update without a case passed the checks".to_owned()).into(),
    }
}

async fn find_named_case<S: CaseStore>(
    store: &S,
    account: AccountId,
    edits: &UpdateEdits,
) -> Result<Option<Case>, StoreError> {
    match edits.case {
        Some(case) => store.find_case(account, case).await,
        None => Ok(None),
    }
}

/// Reads what the edits refer to. `case` is the case of the update after the edits.
async fn find_facts<S: Store>(
    store: &S,
    account: AccountId,
    edits: &UpdateEdits,
    present: Option<&CaseUpdate>,
    case: Option<&Case>,
) -> Result<UpdateFacts, Error> {
    let mut facts = UpdateFacts::default();
    if let Some(group) = edits.access_group.or_else(|| present.map(|update| update.access_group)) {
        facts.access_group = find_access_group(store, account, group).await?;
    }
    if let Some(task) = edits.task.flatten() {
        let found = DirectoryStore::<CaseTask>::find_entries(store, account, &[task]).await?;
        facts.task = (!found.is_empty()).then_some(task);
    }
    if let Some(person) = edits.behalf_of.flatten() {
        facts.behalf_of = (!store.find_people(account, &[person]).await?.is_empty()).then_some(person);
    }
    let has_subject = edits
        .subject
        .map_or_else(|| present.is_some_and(|update| update.subject.is_some()), |subject| subject.is_some());
    if let Some(case) = case
        && has_subject
        && (edits.subject.is_some() || edits.case.is_some())
    {
        facts.subjects = store.list_subjects_of(account, &[case.id]).await?.iter().map(|subject| subject.id).collect();
    }
    if let Some(replies_to) = edits.thread.flatten() {
        facts.replies_to = store.find_update(account, replies_to).await?.as_ref().map(ThreadUpdate::from);
    }
    if let Some(present) = present
        && (edits.thread.is_some() || edits.case.is_some())
    {
        facts.has_replies = store.has_replies(account, present.id).await?;
    }
    Ok(facts)
}
