//! Computing stored clocks anew, after what they follow from changed in another way than by a commit of their case.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    case::CasePhase,
    error::{Error, StoreError},
    filter::CaseFilter,
    id::{AccountId, CaseId},
    page::{CaseKeyset, KeysetKey},
    service::clocks::{Rules, list_with_logs},
    service_level::{CaseClocks, StoredClock},
    store::{SettingKind, SettingStore, Store},
    time::Timestamp,
};

/// Key of the recomputation among the settings. An account has one at most.
const KEY: &str = "clocks";
/// After this time, every process sees a change of settings.
const SETTLED: TimeDelta = TimeDelta::milliseconds(1_200);

/// A recomputation of the stored clocks of an account's active cases. It is kept with its progress, so that any server
/// continues it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ClockRebuild {
    /// When it was wanted.
    pub since: Timestamp,
    /// Number of cases so far.
    pub done: u64,
    /// Number of active cases when it began. `None` before.
    pub total: Option<u64>,
    /// Creation time and id of the last case so far, the newest come first.
    behind: Option<(Timestamp, CaseId)>,
}

/// What a call of [`continue_clocks`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RebuildStep {
    /// Nothing: no recomputation is wanted, or it is too early.
    Nothing,
    /// Computed some clocks, and there are more.
    Some,
    /// Computed the last clocks of so many cases.
    Done(u64),
}

/// Wants the stored clocks of the account to be computed anew. One in progress starts again.
///
/// # Errors
/// A [`StoreError`].
pub async fn want_clocks<S: SettingStore>(store: &S, account: AccountId, now: Timestamp) -> Result<(), Error> {
    let wanted = ClockRebuild { since: now, ..ClockRebuild::default() };
    Ok(store.put_setting(account, SettingKind::Rebuild, KEY, written(&wanted)?).await?)
}

/// The recomputation that is wanted or in progress.
///
/// # Errors
/// A [`StoreError`].
pub async fn find_clock_rebuild<S: SettingStore>(
    store: &S,
    account: AccountId,
) -> Result<Option<ClockRebuild>, StoreError> {
    Ok(find(store, account).await?.map(|(_, rebuild)| rebuild))
}

/// Computes the next stored clocks of an account for which that is wanted. Any number of servers can do it together.
///
/// # Errors
/// A [`StoreError`].
pub async fn continue_clocks<S: Store>(store: &S, account: AccountId, now: Timestamp) -> Result<RebuildStep, Error> {
    let Some((from, rebuild)) = find(store, account).await? else { return Ok(RebuildStep::Nothing) };
    if now < rebuild.since + SETTLED {
        return Ok(RebuildStep::Nothing);
    }
    let filter = CaseFilter { phase: Some(CasePhase::Active), merged: true, ..CaseFilter::default() };
    let total = match rebuild.total {
        Some(total) => total,
        None => u64::try_from(store.count_cases(account, &filter).await?).unwrap_or_default(),
    };
    let keyset = CaseKeyset { key: KeysetKey::CreatedAt(rebuild.behind), descending: true };
    let rules = Rules::load(store, account).await?;
    let Computed { cases, next } = compute_some(store, (account, rules.as_ref()), (&filter, keyset), now).await?;
    let done = rebuild.done + cases;
    let to = match next.map(|next| next.key) {
        Some(KeysetKey::CreatedAt(behind)) => {
            Some(written(&ClockRebuild { done, total: Some(total), behind, ..rebuild })?)
        }
        Some(KeysetKey::UpdatedAt(_) | KeysetKey::DueOn(_) | KeysetKey::SlaDue(_)) | None => None,
    };
    let is_last = to.is_none();
    // Another server may have computed the same, or a change may have started it again.
    let is_kept = store.replace_setting(account, SettingKind::Rebuild, KEY, &from, to).await?;
    Ok(if is_last && is_kept { RebuildStep::Done(done) } else { RebuildStep::Some })
}

/// Computes the stored clocks of all cases of the account anew, closed ones too. `progress` gets the number of cases so
/// far.
///
/// # Errors
/// A [`StoreError`].
pub async fn rebuild_clocks<S: Store>(
    store: &S,
    account: AccountId,
    now: Timestamp,
    mut progress: impl FnMut(u64),
) -> Result<u64, Error> {
    let filter = CaseFilter { merged: true, ..CaseFilter::default() };
    let rules = Rules::load(store, account).await?;
    let (mut next, mut done) = (Some(CaseKeyset::NEWEST_FIRST), 0);
    while let Some(keyset) = next {
        let computed = compute_some(store, (account, rules.as_ref()), (&filter, keyset), now).await?;
        done += computed.cases;
        progress(done);
        next = computed.next;
    }
    Ok(done)
}

struct Computed {
    cases: u64,
    next: Option<CaseKeyset>,
}

/// Computes the next stored clocks of a list, and writes those that differ.
async fn compute_some<S: Store>(
    store: &S,
    (account, rules): (AccountId, Option<&Rules>),
    (filter, keyset): (&CaseFilter, CaseKeyset),
    now: Timestamp,
) -> Result<Computed, Error> {
    let Differing { clocks, read, next } = list_differing(store, (account, rules), (filter, keyset), now).await?;
    if !clocks.is_empty() {
        store.replace_clocks(account, &clocks).await?;
    }
    Ok(Computed { cases: read as u64, next })
}

/// Cases whose stored clocks differ from their logs, as they should be.
pub(super) struct Differing {
    pub(super) clocks: Vec<CaseClocks>,
    read: usize,
    pub(super) next: Option<CaseKeyset>,
}

/// The next cases of a list whose stored clocks differ from what their logs give now. Without rules, no case has a clock.
pub(super) async fn list_differing<S: Store>(
    store: &S,
    (account, rules): (AccountId, Option<&Rules>),
    (filter, keyset): (&CaseFilter, CaseKeyset),
    now: Timestamp,
) -> Result<Differing, Error> {
    let page = list_with_logs(store, account, filter, keyset, |_| true).await?;
    let ids = page.cases.iter().map(|(case, _)| case.id).collect::<Vec<_>>();
    let mut stored = BTreeMap::<CaseId, Vec<StoredClock>>::new();
    for (case, clock) in store.list_clocks(account, &ids).await? {
        stored.entry(case).or_default().push(clock.at(now));
    }
    let mut differing = Vec::new();
    for (case, log) in &page.cases {
        let right = rules.map_or_else(|| CaseClocks::new(case, None, &[]), |rules| rules.to_store(case, log, now));
        let mut expected = right.clocks.clone();
        expected.sort_by(|one, other| one.target.cmp(&other.target));
        if stored.remove(&case.id).unwrap_or_default() != expected || case.sla_due_at != right.due_at {
            differing.push(right);
        }
    }
    Ok(Differing { clocks: differing, read: page.read, next: page.next })
}

/// The stored text of the recomputation, and what it says.
async fn find<S: SettingStore>(store: &S, account: AccountId) -> Result<Option<(String, ClockRebuild)>, StoreError> {
    let found = store.list_settings(account, SettingKind::Rebuild).await?.into_iter().next();
    let read = |text: String| match serde_json::from_str(&text) {
        Ok(rebuild) => Ok((text, rebuild)),
        Err(error) => Err(StoreError::Defect(format!("a rebuild: {error}"))),
    };
    found.map(read).transpose()
}

fn written(rebuild: &ClockRebuild) -> Result<String, StoreError> {
    serde_json::to_string(rebuild).map_err(|error| StoreError::Defect(error.to_string()))
}
