//! The settings that clocks need, and the clocks that a commit writes.

use std::{collections::HashMap, sync::Arc};

use serde::de::DeserializeOwned;

use crate::{
    case::Case,
    decision::{Change, Decision},
    error::{Error, StoreError},
    event::CaseEvent,
    filter::CaseFilter,
    id::{AccountId, CaseId},
    page::CaseKeyset,
    service_level::{CaseClocks, HoursCache, ServiceLevel, TargetClock, WorkCalendar, WorkingHours, read_clock},
    store::{CaseColumns, CaseStore, SettingKind, SettingStore, Store},
    time::Timestamp,
};

/// Cases whose logs are read at once.
const BATCH: i64 = 400;
/// The most events of a case that its clocks read.
pub(super) const EVENTS_MAX: i64 = 10_000;

/// The calendars of the account, by key.
///
/// # Errors
/// A [`StoreError`].
pub async fn list_calendars<S: SettingStore>(store: &S, account: AccountId) -> Result<Vec<WorkCalendar>, Error> {
    Ok(list(store, account, SettingKind::Calendar).await?)
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

/// Adds the stored clocks to decisions that may have moved a clock. Accounts without service levels cost one look at
/// their settings.
///
/// # Errors
/// A [`StoreError`].
pub(super) async fn with_clocks<S: Store>(store: &S, mut decisions: Vec<Decision>) -> Result<Vec<Decision>, Error> {
    let Some(account) = decisions.first().map(|decision| decision.case.account) else { return Ok(decisions) };
    let levels = list_service_levels(store, account).await?;
    if levels.is_empty() {
        return Ok(decisions);
    }
    let calendars = list_calendars(store, account).await?;
    let moves = |event: &CaseEvent| levels.iter().any(|level| level.may_move_at(&event.data));
    let is_moved = |decision: &&mut Decision| decision.events.iter().any(moves);
    let changed =
        decisions.iter_mut().filter(is_moved).filter_map(|decision| decision.before.as_ref().map(|case| case.id));
    let mut logs = list_logs(store, account, &changed.collect::<Vec<_>>()).await?;
    for decision in decisions.iter_mut().filter(is_moved) {
        let Some(now) = decision.events.last().map(|last| last.recorded_at) else { continue };
        let before = decision.before.as_ref().and_then(|before| logs.remove(&before.id));
        let mut log = before.unwrap_or_default();
        log.extend(decision.events.iter().cloned());
        let CaseClocks { clocks, due_at, .. } = compute_clocks(&levels, &calendars, &decision.case, &log, now);
        decision.case.sla_due_at = due_at;
        decision.changes.push(Change::Clocks(clocks));
    }
    Ok(decisions)
}

/// The logs of cases, of each [`EVENTS_MAX`] events on average.
pub(super) async fn list_logs<S: CaseStore>(
    store: &S,
    account: AccountId,
    cases: &[CaseId],
) -> Result<HashMap<CaseId, Vec<CaseEvent>>, StoreError> {
    let mut logs = HashMap::<CaseId, Vec<CaseEvent>>::new();
    if !cases.is_empty() {
        let limit = EVENTS_MAX.saturating_mul(i64::try_from(cases.len()).unwrap_or(i64::MAX));
        for event in store.list_logs(account, cases, limit).await? {
            logs.entry(event.case).or_default().push(event);
        }
    }
    Ok(logs)
}

/// Cases of a list with their logs.
pub(super) struct WithLogs {
    pub(super) cases: Vec<(Case, Vec<CaseEvent>)>,
    /// Number of cases that were read, wanted or not.
    pub(super) read: usize,
    /// Where the list goes on.
    pub(super) next: Option<CaseKeyset>,
}

/// The next cases of a list that are wanted, with their logs.
pub(super) async fn list_with_logs<S: Store>(
    store: &S,
    account: AccountId,
    filter: &CaseFilter,
    keyset: CaseKeyset,
    wanted: impl Fn(&Case) -> bool,
) -> Result<WithLogs, Error> {
    let page = store.list_cases(account, CaseColumns::Row, filter, keyset, BATCH).await?;
    let next = page.rows.last().filter(|_| page.has_more).map(|last| keyset.behind(last));
    let (read, wanted) = (page.rows.len(), page.rows.into_iter().filter(wanted).collect::<Vec<_>>());
    let ids = wanted.iter().map(|case| case.id).collect::<Vec<_>>();
    let mut logs = list_logs(store, account, &ids).await?;
    let with_log = |case: Case| {
        let log = logs.remove(&case.id).unwrap_or_default();
        (case, log)
    };
    Ok(WithLogs { cases: wanted.into_iter().map(with_log).collect(), read, next })
}

/// The clocks of a case as a store keeps them.
pub(super) fn compute_clocks(
    levels: &[ServiceLevel],
    calendars: &[WorkCalendar],
    case: &Case,
    log: &[CaseEvent],
    now: Timestamp,
) -> CaseClocks {
    let level = ServiceLevel::of_case(levels, case);
    let clocks = level.map(|level| read_clocks(level, calendars, log, now)).unwrap_or_default();
    CaseClocks::new(case, level, &clocks)
}

/// The clocks of a service level. A target whose calendar is missing has none.
pub(super) fn read_clocks(
    level: &ServiceLevel,
    calendars: &[WorkCalendar],
    log: &[CaseEvent],
    now: Timestamp,
) -> Vec<TargetClock> {
    read_clocks_and_hours(level, calendars, log, now).map(|(clock, _)| clock).collect()
}

/// Like [`read_clocks`], each with the hours that it counts.
pub(super) fn read_clocks_and_hours(
    level: &ServiceLevel,
    calendars: &[WorkCalendar],
    log: &[CaseEvent],
    now: Timestamp,
) -> impl Iterator<Item = (TargetClock, Arc<WorkingHours>)> {
    level.targets.iter().filter_map(move |target| {
        let calendar = calendars.iter().find(|calendar| calendar.key == target.calendar)?;
        let hours = HoursCache::shared().of(calendar);
        Some((read_clock(target, &hours, log, now), hours))
    })
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
