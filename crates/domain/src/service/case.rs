//! Reading and changing cases.

use crate::{
    actor::Context,
    case::Case,
    command::Command,
    decide,
    decision::{Commit, Decision},
    error::{Error, StoreError},
    event::EventData,
    id::{AccountId, CaseRef, Entity},
    idempotency::{CaseEffect, Effect},
    service::{clocks::with_clocks, load_workflow, related::with_related},
    store::{CaseFile, CaseStore, Store},
};

/// The most attempts at a change. Each round of conflicting writers has one winner, so this many writers may contend
/// for one case before one of them fails.
const ATTEMPTS: usize = 64;

/// The most events that a request for one new entity on a case writes.
const EFFECTS: i64 = 2;

/// Reads a case.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_case<S: CaseStore>(store: &S, account: AccountId, case: CaseRef) -> Result<Case, Error> {
    store.find_case(account, case).await?.ok_or(Error::not_found(Entity::Case))
}

/// Reads a case with its parties and staff.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_case_file<S: CaseStore>(store: &S, account: AccountId, case: CaseRef) -> Result<CaseFile, Error> {
    store.find_case_file(account, case).await?.ok_or(Error::not_found(Entity::Case))
}

/// ChangeOptions of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChangeOptions {
    /// Decide, but write nothing.
    pub dry_run: bool,
}

/// Changes a case by a command that is complete. See [`change_case_with`].
///
/// # Errors
/// As [`change_case_with`].
pub async fn change_case<S: Store>(
    store: &S,
    context: &Context,
    case: CaseRef,
    command: Command,
    options: ChangeOptions,
) -> Result<Case, Error> {
    let load = async || {
        // Only `Restore` applies to a deleted case.
        if command == Command::Restore {
            store.find_case_or_deleted(context.account, case).await
        } else {
            store.find_case(context.account, case).await
        }
    };
    change(store, context, load, async |_| Ok(command.clone()), options).await.map(|(case, _)| case)
}

/// Changes a case: loads it, prepares the command, decides and commits. Starts again if another commit changed the case
/// in between. Returns the case after the change, and the commit if something was written.
///
/// # Errors
/// Not found, [`Error::PreconditionFailed`], the error of `prepare`, the rejection of the decision, or a
/// [`StoreError`]. [`StoreError::Stale`] means that the case changed during every attempt.
pub async fn change_case_with<S: Store>(
    store: &S,
    context: &Context,
    case: CaseRef,
    prepare: impl AsyncFn(&Case) -> Result<Command, Error>,
    options: ChangeOptions,
) -> Result<(Case, Option<Commit>), Error> {
    change(store, context, async || store.find_case(context.account, case).await, prepare, options).await
}

async fn change<S: Store>(
    store: &S,
    context: &Context,
    load: impl AsyncFn() -> Result<Option<Case>, StoreError>,
    prepare: impl AsyncFn(&Case) -> Result<Command, Error>,
    options: ChangeOptions,
) -> Result<(Case, Option<Commit>), Error> {
    if let Some(effect) = context.effect.and_then(Effect::on_case) {
        let present = load().await?.ok_or(Error::not_found(Entity::Case))?;
        let is_its_case = present.id == effect.case;
        let case = if is_its_case { load_effect(store, context.account, effect).await? } else { present };
        return Ok((case, None));
    }
    let mut decided = None;
    let commits = commit_decided(store, async || {
        let case = load().await?.ok_or(Error::not_found(Entity::Case))?;
        context.precondition.check(&case)?;
        let command = prepare(&case).await?;
        let workflow = load_workflow(store, context.account, case.workflow).await?;
        let case =
            if command.may_change_status() { with_related(store, case, &workflow, context.now).await? } else { case };
        let decision = decide::decide(&case, &workflow, command, context)?;
        if decision.is_empty() || options.dry_run {
            decided = Some(decision.case);
            return Ok(Vec::new());
        }
        Ok(vec![decision])
    })
    .await?;
    match commits.into_iter().next() {
        Some(commit) => Ok((commit.case.clone(), Some(commit))),
        None => Ok((decided.ok_or(StoreError::Stale)?, None)),
    }
}

/// Decides and commits; retries both when another commit changed one of the cases in between. Decisions on several cases
/// are written in one atomic step. Decisions that change nothing are not written.
///
/// # Errors
/// Every error of `decide` except [`StoreError::Stale`], or a [`StoreError`]. Stale means that another commit changed one
/// of the cases at every attempt.
pub(super) async fn commit_decided<S: Store>(
    store: &S,
    mut decide: impl AsyncFnMut() -> Result<Vec<Decision>, Error>,
) -> Result<Vec<Commit>, Error> {
    for _ in 0..ATTEMPTS {
        let attempt = async {
            let decisions = decide().await?.into_iter().filter(|decision| !decision.is_empty());
            let decisions = with_clocks(store, decisions.collect()).await?;
            Ok(store.commit_all(decisions).await?)
        };
        match attempt.await {
            Err(Error::Store(StoreError::Stale)) => {}
            other => return other,
        }
    }
    Err(StoreError::Stale.into())
}

/// Events that the earlier attempt of this request wrote to its case, newest first. Empty if there was no earlier
/// attempt.
pub(super) async fn list_effects<S: CaseStore>(store: &S, context: &Context) -> Result<Vec<EventData>, StoreError> {
    let Some(CaseEffect { case, version }) = context.effect.and_then(Effect::on_case) else { return Ok(Vec::new()) };
    let events = store.list_events(context.account, case, (version - EFFECTS).max(0), EFFECTS).await?;
    Ok(events.into_iter().filter(|event| event.version <= version).rev().map(|event| event.data).collect())
}

/// What the earlier attempt of this request created, as `made` finds it in the events. `None` if there was no earlier
/// attempt.
pub(super) async fn find_effect<S: CaseStore, T>(
    store: &S,
    context: &Context,
    made: impl FnMut(EventData) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    Ok(list_effects(store, context).await?.into_iter().find_map(made))
}

/// The case at the version that an earlier attempt of the request made.
pub(super) async fn load_effect<S: CaseStore>(
    store: &S,
    account: AccountId,
    effect: CaseEffect,
) -> Result<Case, Error> {
    let CaseEffect { case, version } = effect;
    let present = store.find_case_or_deleted(account, case.into()).await?.ok_or(Error::not_found(Entity::Case))?;
    if present.version == version {
        return Ok(present);
    }
    let log = store.list_events(account, case, 0, version).await?;
    Case::fold(&log).ok_or_else(|| StoreError::Defect(format!("the log of case {case} does not begin")).into())
}
