//! Deadlines on cases: read, add, change, remove.

use chrono::TimeDelta;

use crate::{
    actor::Context,
    case::Case,
    command::Command,
    deadline::{
        Deadline, DeadlineChange, DeadlineChanges, DeadlineCommand, DeadlineFilter, DeadlineMoment, DeadlinePosition,
        DeadlineStatus, NewDeadline,
    },
    decide,
    decision::{Change, Commit},
    error::{Error, StoreError},
    event::EventData,
    id::{AccountId, CaseRef, DeadlineId, Entity, PersonId},
    page::Page,
    service::{
        ChangeOptions,
        case::{commit_decided, find_effect},
        change_case_with, load_case, load_workflow,
    },
    store::{DeadlineStore, PeopleStore, Store},
    time::{TimeRange, Timestamp},
};

/// Reads a deadline.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_deadline<S: DeadlineStore>(
    store: &S,
    account: AccountId,
    deadline: DeadlineId,
) -> Result<Deadline, Error> {
    store.find_deadline(account, deadline).await?.ok_or(Error::not_found(Entity::Deadline))
}

/// A page of the deadlines of a case and its parts, or of all cases, the earliest due date first; with the case.
///
/// # Errors
/// Not found if the case does not exist, or a [`StoreError`].
pub async fn list_deadlines<S: Store>(
    store: &S,
    account: AccountId,
    case: Option<CaseRef>,
    mut filter: DeadlineFilter,
    after: Option<DeadlinePosition>,
    limit: i64,
) -> Result<(Option<Case>, Page<Deadline>), Error> {
    let case = match case {
        Some(case) => Some(load_case(store, account, case).await?),
        None => None,
    };
    if let Some(case) = &case {
        filter.cases = Some(case.whole());
    }
    let deadlines = store.list_deadlines(account, &filter, after, limit).await?;
    Ok((case, deadlines))
}

/// Maximum number of missed, of open and of ended deadlines in a subscription.
const SUBSCRIBED: i64 = 1_000;
/// For this time, an ended deadline stays in a subscription.
const ENDED: TimeDelta = TimeDelta::days(30);

/// The open deadlines of a case and its parts, or of all cases, and those that ended lately; with their cases.
///
/// # Errors
/// Not found if the case does not exist, or a [`StoreError`].
pub async fn list_subscribed<S: Store>(
    store: &S,
    account: AccountId,
    case: Option<CaseRef>,
    now: Timestamp,
) -> Result<(Vec<Deadline>, Vec<Case>), Error> {
    let of = match case {
        Some(case) => Some(load_case(store, account, case).await?.whole()),
        None => None,
    };
    let mut deadlines = Vec::new();
    for status in [DeadlineStatus::Missed, DeadlineStatus::Pending] {
        let (status, due) = (Some(status), TimeRange::default());
        let filter = DeadlineFilter { cases: of.clone(), due, status, assigned_to: None, now };
        deadlines.extend(store.list_deadlines(account, &filter, None, SUBSCRIBED).await?.rows);
    }
    deadlines.extend(store.list_ended_deadlines(account, of.as_deref(), now - ENDED, SUBSCRIBED).await?);
    let mut ids = deadlines.iter().map(|deadline| deadline.case).collect::<Vec<_>>();
    ids.sort_unstable();
    ids.dedup();
    let cases = store.list_cases_by_id(account, &ids).await?;
    Ok((deadlines, cases))
}

/// Adds a deadline to a case.
///
/// # Errors
/// As [`change_case_with`].
pub async fn add_deadline<S: Store>(
    store: &S,
    context: &Context,
    case: CaseRef,
    new: NewDeadline,
) -> Result<Deadline, Error> {
    let known =
        find_effect(store, context, |event| if let EventData::Deadline(event) = event { Some(event.id) } else { None })
            .await?;
    if let Some(known) = known {
        return load_deadline(store, context.account, known).await;
    }
    let known = existing(store, context.account, [new.assigned_to]).await?;
    let prepare =
        async |_: &Case| Ok(Command::Deadline(DeadlineCommand::Add { new: new.clone(), known: known.clone() }));
    let (_, commit) = change_case_with(store, context, case, prepare, ChangeOptions::default()).await?;
    commit.and_then(written).ok_or_else(|| StoreError::Defect("a new deadline is not in its commit".to_owned()).into())
}

/// Changes a deadline.
///
/// # Errors
/// As [`change_case_with`], or not found.
pub async fn change_deadline<S: Store>(
    store: &S,
    context: &Context,
    deadline: DeadlineId,
    changes: DeadlineChanges,
) -> Result<Deadline, Error> {
    let before = load_deadline(store, context.account, deadline).await?;
    let known = existing(store, context.account, [changes.assigned_to.flatten()]).await?;
    let prepare = async |_: &Case| {
        let deadline = Box::new(load_deadline(store, context.account, deadline).await?);
        context.precondition.check(&*deadline)?;
        let (changes, known) = (changes.clone(), known.clone());
        Ok(Command::Deadline(DeadlineCommand::Change { deadline, changes, known }))
    };
    let (_, commit) =
        change_case_with(store, &context.unconditional(), before.case.into(), prepare, ChangeOptions::default())
            .await?;
    match commit.and_then(written) {
        Some(deadline) => Ok(deadline),
        None => load_deadline(store, context.account, deadline).await,
    }
}

/// Removes a deadline.
///
/// # Errors
/// As [`change_case_with`], or not found.
pub async fn remove_deadline<S: Store>(store: &S, context: &Context, deadline: DeadlineId) -> Result<(), Error> {
    let before = load_deadline(store, context.account, deadline).await?;
    let prepare = async |_: &Case| {
        let deadline = Box::new(load_deadline(store, context.account, deadline).await?);
        context.precondition.check(&*deadline)?;
        Ok(Command::Deadline(DeadlineCommand::Remove(deadline)))
    };
    change_case_with(store, &context.unconditional(), before.case.into(), prepare, ChangeOptions::default())
        .await
        .map(|_| ())
}

/// Writes the event of a moment of a deadline that has come, once. A moment that does not fit the deadline any more, or
/// whose case is deleted, is forgotten. Returns whether an event was written.
///
/// # Errors
/// A [`StoreError`].
pub async fn tell_deadline<S: Store>(store: &S, context: &Context, moment: DeadlineMoment) -> Result<bool, Error> {
    let account = context.account;
    let commits = commit_decided(store, async || {
        let fits = store.find_deadline(account, moment.deadline).await?;
        let Some(deadline) = fits.filter(|deadline| deadline.moments().contains(&moment)) else {
            store.forget_moment(moment).await?;
            return Ok(Vec::new());
        };
        let Some(case) = store.find_case(account, deadline.case.into()).await? else {
            store.forget_moment(moment).await?;
            return Ok(Vec::new());
        };
        let workflow = load_workflow(store, account, case.workflow).await?;
        Ok(vec![decide::reach_deadline(&case, &workflow, &deadline, moment, context)])
    })
    .await?;
    Ok(!commits.is_empty())
}

/// The people among these who are in the directory.
async fn existing<S: PeopleStore, const N: usize>(
    store: &S,
    account: AccountId,
    people: [Option<PersonId>; N],
) -> Result<Vec<PersonId>, Error> {
    let wanted = people.into_iter().flatten().collect::<Vec<_>>();
    if wanted.is_empty() {
        return Ok(wanted);
    }
    Ok(store.find_people(account, &wanted).await?.into_iter().map(|person| person.id).collect())
}

fn written(commit: Commit) -> Option<Deadline> {
    commit.changes.into_iter().find_map(|change| {
        if let Change::Deadline(DeadlineChange::Added(deadline) | DeadlineChange::Updated(deadline)) = change {
            Some(*deadline)
        } else {
            None
        }
    })
}
