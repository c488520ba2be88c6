//! The settings that clocks need, and the clocks that a commit writes.

use serde::de::DeserializeOwned;

use crate::{
    case::Case,
    decision::{Change, Decision},
    error::{Error, StoreError},
    event::CaseEvent,
    id::AccountId,
    service_level::{HoursCache, ServiceLevel, StoredClock, Target, TargetClock, WorkCalendar, read_clock},
    store::{SettingKind, SettingStore, Store},
    time::Timestamp,
};

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
    for decision in &mut decisions {
        let moves = |event: &CaseEvent| levels.iter().any(|level| level.may_move_at(&event.data));
        let Some(last) = decision.events.last().filter(|_| decision.events.iter().any(moves)) else { continue };
        let now = last.recorded_at;
        let mut log = match &decision.before {
            Some(before) => store.list_events(account, before.id, 0, EVENTS_MAX).await?,
            None => Vec::new(),
        };
        log.extend(decision.events.iter().cloned());
        let stored = store_clocks(&levels, &calendars, &decision.case, &log, now);
        decision.changes.push(Change::Clocks(stored));
    }
    Ok(decisions)
}

pub(super) fn store_clocks(
    levels: &[ServiceLevel],
    calendars: &[WorkCalendar],
    case: &Case,
    log: &[CaseEvent],
    now: Timestamp,
) -> Vec<StoredClock> {
    let Some(level) = ServiceLevel::of_case(levels, case) else { return Vec::new() };
    let clocks = read_clocks(level, calendars, HoursCache::shared(), log, now);
    clocks.iter().map(|clock| StoredClock::new(level, clock)).collect()
}

/// The clocks of a service level. A target whose calendar is missing has none.
pub(super) fn read_clocks(
    level: &ServiceLevel,
    calendars: &[WorkCalendar],
    hours: &HoursCache,
    log: &[CaseEvent],
    now: Timestamp,
) -> Vec<TargetClock> {
    let clock = |target: &Target| {
        let calendar = calendars.iter().find(|calendar| calendar.key == target.calendar)?;
        Some(read_clock(target, &hours.of(calendar), log, now))
    };
    level.targets.iter().filter_map(clock).collect()
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
