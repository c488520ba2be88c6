//! The settings that clocks follow from, and the clocks that a commit writes.

use std::{cell::OnceCell, collections::HashMap, sync::Arc};

use serde::de::DeserializeOwned;

use crate::{
    case::Case,
    decision::{Change, Decision},
    error::{Error, StoreError},
    event::CaseEvent,
    filter::CaseFilter,
    id::{AccountId, CaseId},
    page::CaseKeyset,
    service_level::{
        CaseClocks, HoursCache, ServiceLevel, Target, TargetClock, WorkCalendar, WorkingHours, read_clock,
    },
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

/// Calendars of an account. The working hours of each are looked up once.
pub(super) struct Calendars(Vec<(WorkCalendar, OnceCell<Arc<WorkingHours>>)>);

impl Calendars {
    pub(super) async fn load<S: SettingStore>(store: &S, account: AccountId) -> Result<Self, Error> {
        let calendars = list_calendars(store, account).await?;
        Ok(Self(calendars.into_iter().map(|calendar| (calendar, OnceCell::new())).collect()))
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(calendar, _)| calendar.key == key)
    }

    fn hours(&self, key: &str) -> Option<Arc<WorkingHours>> {
        let (calendar, hours) = self.0.iter().find(|(calendar, _)| calendar.key == key)?;
        Some(Arc::clone(hours.get_or_init(|| HoursCache::shared().of(calendar))))
    }
}

/// What clocks follow from, besides the logs.
pub(super) struct Rules {
    levels: Vec<ServiceLevel>,
    calendars: Calendars,
}

impl Rules {
    pub(super) const fn new(levels: Vec<ServiceLevel>, calendars: Calendars) -> Self {
        Self { levels, calendars }
    }

    /// The rules of an account; `None` if it has no service level, which costs one look at its settings.
    pub(super) async fn load<S: SettingStore>(store: &S, account: AccountId) -> Result<Option<Self>, Error> {
        let levels = list_service_levels(store, account).await?;
        if levels.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self { levels, calendars: Calendars::load(store, account).await? }))
    }

    pub(super) fn level_of(&self, case: &Case) -> Option<&ServiceLevel> {
        ServiceLevel::of_case(&self.levels, case)
    }

    fn may_move_at(&self, event: &CaseEvent) -> bool {
        self.levels.iter().any(|level| level.may_move_at(&event.data))
    }

    /// The clocks of a service level, each with the hours that it counts. A target whose calendar is missing has none.
    pub(super) fn read(
        &self,
        level: &ServiceLevel,
        log: &[CaseEvent],
        now: Timestamp,
    ) -> Vec<(TargetClock, Arc<WorkingHours>)> {
        let clock = |target: &Target| {
            let hours = self.calendars.hours(&target.calendar)?;
            Some((read_clock(target, &hours, log, now), hours))
        };
        level.targets.iter().filter_map(clock).collect()
    }

    /// The clocks of a case as a store keeps them.
    pub(super) fn to_store(&self, case: &Case, log: &[CaseEvent], now: Timestamp) -> CaseClocks {
        let level = self.level_of(case);
        let clocks = level.map(|level| self.read(level, log, now)).unwrap_or_default();
        let clocks = clocks.into_iter().map(|(clock, _)| clock).collect::<Vec<_>>();
        CaseClocks::new(case, level, &clocks)
    }
}

/// Adds the stored clocks to decisions that may have moved a clock.
///
/// # Errors
/// A [`StoreError`].
pub(super) async fn with_clocks<S: Store>(store: &S, mut decisions: Vec<Decision>) -> Result<Vec<Decision>, Error> {
    let Some(account) = decisions.first().map(|decision| decision.case.account) else { return Ok(decisions) };
    let Some(rules) = Rules::load(store, account).await? else { return Ok(decisions) };
    let is_moved = |decision: &&mut Decision| decision.events.iter().any(|event| rules.may_move_at(event));
    let changed =
        decisions.iter_mut().filter(is_moved).filter_map(|decision| decision.before.as_ref().map(|case| case.id));
    let mut logs = list_logs(store, account, &changed.collect::<Vec<_>>()).await?;
    for decision in decisions.iter_mut().filter(is_moved) {
        let Some(now) = decision.events.last().map(|last| last.recorded_at) else { continue };
        let before = decision.before.as_ref().and_then(|before| logs.remove(&before.id));
        let mut log = before.unwrap_or_default();
        log.extend(decision.events.iter().cloned());
        let CaseClocks { clocks, due_at, .. } = rules.to_store(&decision.case, &log, now);
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
