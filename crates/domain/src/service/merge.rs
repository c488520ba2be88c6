//! Merging cases, undoing a merge, and listing merges.

use uuid::Uuid;

use crate::{
    actor::Context,
    case::Case,
    decide,
    decision::{Change, Commit},
    error::{Error, StoreError},
    event::EventData,
    id::{AccountId, CaseRef, Entity},
    merge::{CASES_MAX, Merge, MergeChange, MergeId, NewMerge},
    page::Page,
    service::{
        case::{commit_decided, find_effect},
        load_case, load_workflow,
    },
    store::{CaseStore, MergeStore, Store},
    workflow::Workflow,
};

/// A case with its workflow.
type Loaded = (Case, std::sync::Arc<Workflow>);

/// Makes cases parts of another. `uuid` is the id of the merge.
///
/// # Errors
/// Not found, [`Error::PreconditionFailed`], the rejection of the decision, or a [`StoreError`].
pub async fn merge_cases<S: Store>(
    store: &S,
    context: &Context,
    into: CaseRef,
    cases: &[CaseRef],
    reason: &str,
    uuid: Uuid,
) -> Result<Merge, Error> {
    let known = |event| if let EventData::Merge(event) = event { Some(event.merge) } else { None };
    if let Some(known) = find_effect(store, context, known).await? {
        return load_merge(store, context.account, known).await;
    }
    let commits = commit_decided(store, async || {
        let into = load_with_workflow(store, context.account, into).await?.ok_or(Error::not_found(Entity::Case))?;
        context.precondition.check(&into.0)?;
        let mut parts = Vec::new();
        // The decision refuses more.
        for case in cases.iter().take(CASES_MAX + 1) {
            parts.push(load_with_workflow(store, context.account, *case).await?);
        }
        let parts = parts.iter().map(|part| part.as_ref().map(|(case, workflow)| (case, &**workflow)));
        let new = NewMerge { id: MergeId(uuid), reason: reason.to_owned() };
        Ok(decide::merge((&into.0, &into.1), &parts.collect::<Vec<_>>(), new, context)?)
    })
    .await?;
    written(commits).ok_or_else(|| StoreError::Defect("a new merge is not in its commits".to_owned()).into())
}

/// Undoes a merge: its cases are no parts any more.
///
/// # Errors
/// Not found, [`Error::PreconditionFailed`], the rejection of the decision, or a [`StoreError`].
pub async fn undo_merge<S: Store>(
    store: &S,
    context: &Context,
    into: CaseRef,
    merge: MergeId,
    reason: &str,
) -> Result<(), Error> {
    if context.effect.is_some() {
        return Ok(());
    }
    commit_decided(store, async || {
        let into = load_with_workflow(store, context.account, into).await?.ok_or(Error::not_found(Entity::Case))?;
        let merge = load_merge(store, context.account, merge).await?;
        context.precondition.check(&merge)?;
        let mut parts = Vec::new();
        for case in &merge.cases {
            let part = load_with_workflow(store, context.account, case.id.into()).await?;
            parts.push(part.ok_or_else(|| StoreError::Defect("a part of a merge does not exist".to_owned()))?);
        }
        let parts = parts.iter().map(|(case, workflow)| (case, &**workflow)).collect::<Vec<_>>();
        Ok(decide::unmerge((&into.0, &into.1), &parts, &merge, reason, context)?)
    })
    .await
    .map(|_| ())
}

/// A page of the merges into a case and out of it, undone ones too, newest first.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn list_merges<S: CaseStore + MergeStore>(
    store: &S,
    account: AccountId,
    case: CaseRef,
    after: Option<MergeId>,
    limit: i64,
) -> Result<Page<Merge>, Error> {
    let case = load_case(store, account, case).await?;
    Ok(store.list_merges(account, case.id, after, limit).await?)
}

async fn load_merge<S: MergeStore>(store: &S, account: AccountId, merge: MergeId) -> Result<Merge, Error> {
    store.find_merge(account, merge).await?.ok_or(Error::not_found(Entity::Merge))
}

async fn load_with_workflow<S: Store>(store: &S, account: AccountId, case: CaseRef) -> Result<Option<Loaded>, Error> {
    let Some(case) = store.find_case(account, case).await? else { return Ok(None) };
    let workflow = load_workflow(store, account, case.workflow).await?;
    Ok(Some((case, workflow)))
}

fn written(commits: Vec<Commit>) -> Option<Merge> {
    commits
        .into_iter()
        .flat_map(|commit| commit.changes)
        .find_map(|change| if let Change::Merge(MergeChange::Added(merge)) = change { Some(*merge) } else { None })
}
