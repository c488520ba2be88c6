//! Calendars, service levels, and the clocks of cases.

use std::collections::HashMap;

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::{Error, FieldErrors, Rejection, StoreError},
    event::CaseEvent,
    filter::CaseFilter,
    id::{AccountId, CaseId, CaseRef, Entity},
    page::{CaseKeyset, KeysetKey},
    service::load_case,
    service_level::{HoursCache, SETTINGS_MAX, ServiceLevel, TargetClock, TargetSummary, WorkCalendar, read_clock},
    store::{CaseColumns, SettingKind, SettingStore, Store},
    time::Timestamp,
};

/// The most events of a case that its clocks read.
const EVENTS_MAX: i64 = 10_000;
/// Cases whose logs are read at once.
const BATCH: i64 = 400;
/// The most cases that a question reads.
const CASES_MAX: usize = 100_000;

/// The calendars of the account, by key.
///
/// # Errors
/// A [`StoreError`].
pub async fn list_calendars<S: SettingStore>(store: &S, account: AccountId) -> Result<Vec<WorkCalendar>, Error> {
    Ok(list(store, account, SettingKind::Calendar).await?)
}

/// Stores a calendar under its key. `true` if it is new.
///
/// # Errors
/// A fault if the account has too many, or a [`StoreError`].
pub async fn put_calendar<S: SettingStore>(
    store: &S,
    account: AccountId,
    calendar: &WorkCalendar,
) -> Result<bool, Error> {
    let known = list_calendars(store, account).await?;
    let is_new = known.iter().all(|known| known.key != calendar.key);
    put(store, account, SettingKind::Calendar, (&calendar.key, calendar), (is_new, known.len())).await?;
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

/// The service levels of the account, in the order in which they are tried.
///
/// # Errors
/// A [`StoreError`].
pub async fn list_service_levels<S: SettingStore>(store: &S, account: AccountId) -> Result<Vec<ServiceLevel>, Error> {
    let mut levels = list::<S, ServiceLevel>(store, account, SettingKind::ServiceLevel).await?;
    levels.sort_by(|one, other| (one.position, &one.key).cmp(&(other.position, &other.key)));
    Ok(levels)
}

/// Stores a service level under its key. `true` if it is new.
///
/// # Errors
/// A fault of each target with an unknown calendar, or if the account has too many; or a [`StoreError`].
pub async fn put_service_level<S: SettingStore>(
    store: &S,
    account: AccountId,
    level: &ServiceLevel,
) -> Result<bool, Error> {
    check_calendars(level, &list_calendars(store, account).await?)?;
    let known = list_service_levels(store, account).await?;
    let is_new = known.iter().all(|known| known.key != level.key);
    put(store, account, SettingKind::ServiceLevel, (&level.key, level), (is_new, known.len())).await?;
    Ok(is_new)
}

/// Removes a service level.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn remove_service_level<S: SettingStore>(store: &S, account: AccountId, key: &str) -> Result<(), Error> {
    let is_removed = store.remove_setting(account, SettingKind::ServiceLevel, key).await?;
    if is_removed { Ok(()) } else { Err(Error::not_found(Entity::ServiceLevel)) }
}

/// The service level of a case and the clocks of its targets now; `None` if no service level applies.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_clocks<S: Store>(
    store: &S,
    account: AccountId,
    case: CaseRef,
    hours: &HoursCache,
    now: Timestamp,
) -> Result<Option<(ServiceLevel, Vec<TargetClock>)>, Error> {
    let case = load_case(store, account, case).await?;
    let levels = list_service_levels(store, account).await?;
    let Some(level) = ServiceLevel::of_case(&levels, &case) else { return Ok(None) };
    let calendars = list_calendars(store, account).await?;
    let log = store.list_events(account, case.id, 0, EVENTS_MAX).await?;
    let clocks = read_clocks(level, &calendars, hours, &log, now);
    Ok(Some((level.clone(), clocks)))
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
/// A fault of each target with an unknown calendar, or a [`StoreError`].
pub async fn ask_what_if<S: Store>(
    store: &S,
    account: AccountId,
    level: &ServiceLevel,
    filter: &CaseFilter,
    hours: &HoursCache,
    as_of: Timestamp,
) -> Result<WhatIf, Error> {
    let calendars = list_calendars(store, account).await?;
    check_calendars(level, &calendars)?;
    let mut targets =
        level.targets.iter().map(|target| (target.name.clone(), TargetSummary::default())).collect::<Vec<_>>();
    let (mut keyset, mut read, mut cases, mut is_cut) = (CaseKeyset::NEWEST_FIRST, 0, 0, false);
    loop {
        let page = store.list_cases(account, CaseColumns::Row, filter, keyset, BATCH).await?;
        let applies = page.rows.iter().filter(|case| level.applies_to(case)).collect::<Vec<_>>();
        let ids = applies.iter().map(|case| case.id).collect::<Vec<_>>();
        let mut logs = HashMap::<CaseId, Vec<CaseEvent>>::new();
        for event in store.list_logs(account, &ids, EVENTS_MAX * BATCH).await? {
            logs.entry(event.case).or_default().push(event);
        }
        for case in applies {
            let log = logs.remove(&case.id).unwrap_or_default();
            let clocks = read_clocks(level, &calendars, hours, &log, as_of);
            targets.iter_mut().zip(&clocks).for_each(|((_, summary), clock)| summary.take(case, clock));
            cases += 1;
        }
        read += page.rows.len();
        let Some(last) = page.rows.last().filter(|_| page.has_more) else { break };
        if read >= CASES_MAX {
            is_cut = true;
            break;
        }
        keyset = CaseKeyset { key: KeysetKey::CreatedAt(Some((last.created_at, last.id))), descending: true };
    }
    Ok(WhatIf { cases, is_cut, targets })
}

/// The clocks of a service level. A target whose calendar is missing has none.
fn read_clocks(
    level: &ServiceLevel,
    calendars: &[WorkCalendar],
    hours: &HoursCache,
    log: &[CaseEvent],
    now: Timestamp,
) -> Vec<TargetClock> {
    let clock = |target: &crate::service_level::Target| {
        let calendar = calendars.iter().find(|calendar| calendar.key == target.calendar)?;
        Some(read_clock(target, &hours.of(calendar), log, now))
    };
    level.targets.iter().filter_map(clock).collect()
}

fn check_calendars(level: &ServiceLevel, calendars: &[WorkCalendar]) -> Result<(), Error> {
    let mut faults = FieldErrors::default();
    for (at, target) in level.targets.iter().enumerate() {
        if calendars.iter().all(|calendar| calendar.key != target.calendar) {
            faults.add(format!("targets[{at}].calendar"), "must be the key of a calendar of the account");
        }
    }
    Ok(faults.finish()?)
}

async fn list<S: SettingStore, T: DeserializeOwned>(
    store: &S,
    account: AccountId,
    kind: SettingKind,
) -> Result<Vec<T>, StoreError> {
    let read = |definition: String| {
        serde_json::from_str(&definition).map_err(|error| StoreError::Defect(format!("a {}: {error}", kind.as_str())))
    };
    store.list_settings(account, kind).await?.into_iter().map(read).collect()
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
