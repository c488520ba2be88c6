//! Calendars, service levels, and the clocks of cases.

use std::sync::Arc;

use serde::Serialize;

use crate::{
    actor::Context,
    decide,
    directory::Client,
    error::{Error, FieldErrors, Rejection, StoreError},
    event::SlaEvent,
    filter::CaseFilter,
    id::{AccountId, CaseId, CaseRef, ClientId, Entity},
    page::CaseKeyset,
    service::{
        case::commit_decided,
        clocks::{Calendars, EVENTS_MAX, Rules, list_calendars, list_service_levels, list_with_logs},
        load_case, load_workflow,
        rebuild::want_clocks,
    },
    service_level::{CaseClocks, SETTINGS_MAX, ServiceLevel, TargetClock, TargetSummary, WorkCalendar, WorkingHours},
    store::{DirectoryStore, SettingKind, SettingStore, Store},
    time::Timestamp,
};

/// The most cases that a question reads.
const CASES_MAX: usize = 100_000;

/// Stores a calendar under its key. `true` if it is new.
///
/// # Errors
/// A fault if the account has too many, or a [`StoreError`].
pub async fn put_calendar<S: SettingStore>(
    store: &S,
    account: AccountId,
    calendar: &WorkCalendar,
    now: Timestamp,
) -> Result<bool, Error> {
    let known = list_calendars(store, account).await?;
    let is_new = known.iter().all(|known| known.key != calendar.key);
    put(store, account, SettingKind::Calendar, (&calendar.key, calendar), (is_new, known.len())).await?;
    want_clocks(store, account, now).await?;
    Ok(is_new)
}

/// Removes a calendar.
///
/// # Errors
/// Not found, [`Rejection::CalendarInUse`], or a [`StoreError`].
pub async fn remove_calendar<S: SettingStore>(store: &S, account: AccountId, key: &str) -> Result<(), Error> {
    let levels = list_service_levels(store, account).await?;
    let uses = |level: &&ServiceLevel| level.targets.iter().any(|target| target.calendar == key);
    if let Some(level) = levels.iter().find(uses) {
        return Err(Rejection::CalendarInUse { by: level.key.clone() }.into());
    }
    let is_removed = store.remove_setting(account, SettingKind::Calendar, key).await?;
    if is_removed { Ok(()) } else { Err(Error::not_found(Entity::Calendar)) }
}

/// Stores a service level under its key. `true` if it is new.
///
/// # Errors
/// A fault of each target with an unknown calendar and of each unknown client, or if the account has too many; or a
/// [`StoreError`].
pub async fn put_service_level<S: Store>(
    store: &S,
    account: AccountId,
    level: &ServiceLevel,
    now: Timestamp,
) -> Result<bool, Error> {
    check_references(store, account, level, &Calendars::load(store, account).await?).await?;
    let known = list_service_levels(store, account).await?;
    let is_new = known.iter().all(|known| known.key != level.key);
    put(store, account, SettingKind::ServiceLevel, (&level.key, level), (is_new, known.len())).await?;
    want_clocks(store, account, now).await?;
    Ok(is_new)
}

/// Removes a service level.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn remove_service_level<S: SettingStore>(
    store: &S,
    account: AccountId,
    key: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let is_removed = store.remove_setting(account, SettingKind::ServiceLevel, key).await?;
    want_clocks(store, account, now).await?;
    if is_removed { Ok(()) } else { Err(Error::not_found(Entity::ServiceLevel)) }
}

/// The service level of a case, and the clock of each target with the hours that it counts.
#[derive(Debug, Clone)]
pub struct CaseServiceLevel {
    /// The service level.
    pub level: ServiceLevel,
    /// The clocks.
    pub clocks: Vec<(TargetClock, Arc<WorkingHours>)>,
}

/// The service level of a case and the clocks of its targets now; `None` if no service level applies.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_clocks<S: Store>(
    store: &S,
    account: AccountId,
    case: CaseRef,
    now: Timestamp,
) -> Result<Option<CaseServiceLevel>, Error> {
    let case = load_case(store, account, case).await?;
    let Some(rules) = Rules::load(store, account).await? else { return Ok(None) };
    let Some(level) = rules.level_of(&case) else { return Ok(None) };
    let log = store.list_events(account, case.id, 0, EVENTS_MAX).await?;
    Ok(Some(CaseServiceLevel { level: level.clone(), clocks: rules.read(level, &log, now) }))
}

/// Writes the events of the moments that the clocks of a case have reached, each once. Returns their number.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn tell_moments<S: Store>(store: &S, context: &Context, case: CaseId) -> Result<usize, Error> {
    let (account, now) = (context.account, context.now);
    let commits = commit_decided(store, async || {
        let case = load_case(store, account, case.into()).await?;
        let Some(rules) = Rules::load(store, account).await? else {
            let none = CaseClocks::new(&case, None, &[]);
            store.replace_clocks(account, &[none]).await?;
            return Ok(Vec::new());
        };
        let log = store.list_events(account, case.id, 0, EVENTS_MAX).await?;
        let mut moments = Vec::new();
        if let Some(level) = rules.level_of(&case) {
            for (clock, _) in rules.read(level, &log, now) {
                for (moment, at) in clock.moments.iter().filter(|(_, at)| *at <= now) {
                    let (level, target) = (level.key.clone(), clock.name.clone());
                    moments.push((*at, SlaEvent { moment: *moment, level, target, due_at: clock.due_at }));
                }
            }
        }
        moments.sort_by_key(|(at, event)| (*at, event.moment));
        if moments.is_empty() {
            // What is stored does not fit the log any more, for example after the service level changed.
            store.replace_clocks(account, &[rules.to_store(&case, &log, now)]).await?;
            return Ok(Vec::new());
        }
        let workflow = load_workflow(store, account, case.workflow).await?;
        Ok(vec![decide::reach_moments(&case, &workflow, moments, context)])
    })
    .await?;
    Ok(commits.iter().map(|commit| commit.entries.len()).sum())
}

/// What a service level would say about the cases that match a filter.
#[derive(Debug, Clone)]
pub struct WhatIf {
    /// Number of cases to which it applies.
    pub cases: u64,
    /// Whether more cases match than are read, 100,000.
    pub is_cut: bool,
    /// The summary of each target, by name.
    pub targets: Vec<(String, TargetSummary)>,
}

/// Asks what a service level would say about the cases that match a filter, the newest first. Nothing is written.
///
/// # Errors
/// A fault of each target with an unknown calendar and of each unknown client, or a [`StoreError`].
pub async fn ask_what_if<S: Store>(
    store: &S,
    account: AccountId,
    level: &ServiceLevel,
    filter: &CaseFilter,
    as_of: Timestamp,
) -> Result<WhatIf, Error> {
    let calendars = Calendars::load(store, account).await?;
    check_references(store, account, level, &calendars).await?;
    let rules = Rules::new(vec![level.clone()], calendars);
    let mut targets =
        level.targets.iter().map(|target| (target.name.clone(), TargetSummary::default())).collect::<Vec<_>>();
    let (mut next, mut read, mut cases, mut is_cut) = (Some(CaseKeyset::NEWEST_FIRST), 0, 0, false);
    while let Some(keyset) = next {
        if read >= CASES_MAX {
            is_cut = true;
            break;
        }
        let page = list_with_logs(store, account, filter, keyset, |case| level.applies_to(case)).await?;
        for (case, log) in &page.cases {
            let clocks = rules.read(level, log, as_of);
            targets.iter_mut().zip(&clocks).for_each(|((_, summary), (clock, _))| summary.take(case, clock));
            cases += 1;
        }
        read += page.read;
        next = page.next;
    }
    Ok(WhatIf { cases, is_cut, targets })
}

async fn check_references<S: Store>(
    store: &S,
    account: AccountId,
    level: &ServiceLevel,
    calendars: &Calendars,
) -> Result<(), Error> {
    let mut faults = FieldErrors::default();
    let clients = level.applies_to.client_ids.iter().flatten().map(|id| ClientId(*id)).collect::<Vec<_>>();
    if !clients.is_empty() {
        let known = DirectoryStore::<Client>::find_entries(store, account, &clients).await?;
        for (at, id) in clients.iter().enumerate() {
            if known.iter().all(|client| client.id != *id) {
                faults.add(format!("applies_to.client_ids[{at}]"), "unknown client");
            }
        }
    }
    for (at, target) in level.targets.iter().enumerate() {
        if !calendars.has(&target.calendar) {
            faults.add(format!("targets[{at}].calendar"), "must be the key of a calendar of the account");
        }
    }
    Ok(faults.finish()?)
}

async fn put<S: SettingStore>(
    store: &S,
    account: AccountId,
    kind: SettingKind,
    (key, definition): (&str, &impl Serialize),
    (is_new, known): (bool, usize),
) -> Result<(), Error> {
    if is_new && known >= SETTINGS_MAX {
        return Err(Error::invalid("key", format!("cannot be new: the account has {SETTINGS_MAX}")));
    }
    let definition = serde_json::to_string(definition).map_err(|error| StoreError::Defect(error.to_string()))?;
    Ok(store.put_setting(account, kind, key, definition).await?)
}
