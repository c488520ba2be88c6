//! Importing the event log of another system.
//!
//! New cases are decided by [`decide::create`](crate::decide::create) like all others, but not committed by the use cases
//! that create one case: a batch writes many cases in one atomic step, each with all its events and with the marks of the
//! rows that it processed, so that an interrupted import can continue.

use std::{borrow::Cow, collections::HashMap};

use crate::{
    case::Case,
    command::NewCase,
    error::{Error, StoreError},
    id::AccountId,
    import::{
        Counts, ImportContext, ImportStep, ImportedCase, LogRow, LogRun, Remark, Replayed, RowDigest, Why, replay,
    },
    service::{clocks::list_service_levels, load_workflow, rebuild::want_clocks},
    store::{ImportStore, SettingStore, Store},
    time::Timestamp,
    workflow::StatusKey,
};

/// The most attempts at a batch. An attempt fails if one of its cases was changed at the same time.
const ATTEMPTS: usize = 16;
/// The most rows of one case in one commit.
const ROWS: usize = 4_000;

/// Result of a batch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImportOutcome {
    /// Numbers of rows by result.
    pub counts: Counts,
    /// Rows that changed nothing, each with the reason.
    pub remarks: Vec<Remark>,
    /// Status of each case of the batch, by its id in the log. Cases that no row created are left out.
    pub standing: Vec<(String, StatusKey)>,
}

/// A case of the batch in progress.
struct Work<'r> {
    external_id: &'r str,
    /// The case as stored.
    case: Option<Case>,
    /// Number of rows that the store has marked as processed. `None` if the store does not know the case.
    rows_before: Option<usize>,
    /// Those rows, and the rows that were processed since.
    processed: Vec<RowDigest>,
    /// Time of the newest of them.
    last_at: Option<Timestamp>,
    /// Rows that no earlier import processed.
    new: Cow<'r, [LogRow]>,
    /// Number of them that are processed.
    done: usize,
}

impl<'r> Work<'r> {
    /// Leaves out rows that an earlier import processed, and late rows, which it reports.
    fn new(run: &'r LogRun, known: Option<ImportedCase>, outcome: &mut ImportOutcome) -> Self {
        let (external_id, new) = (run.external_id(), Cow::from(run.rows.as_slice()));
        let Some(ImportedCase { rows, last_at, case, .. }) = known else {
            let (rows_before, processed) = (None, Vec::new());
            return Self { external_id, case: None, rows_before, processed, last_at: None, new, done: 0 };
        };
        let mut known = HashMap::<RowDigest, usize>::new();
        for row in &rows {
            *known.entry(*row).or_default() += 1;
        }
        let is_new = |row: &&LogRow| match known.get_mut(&row.digest()) {
            Some(left) if *left > 0 => {
                *left -= 1;
                outcome.counts.known += 1;
                false
            }
            _ => true,
        };
        let unknown = run.rows.iter().filter(is_new).collect::<Vec<_>>();
        let mut new = Vec::new();
        for row in unknown {
            match last_at {
                Some(imported_to) if row.occurred_at < imported_to => {
                    outcome.counts += Counts { events: 1, skipped: 1, late: 1, ..Counts::default() };
                    outcome.remarks.push(Remark::new(row, Why::Late { imported_to }));
                }
                _ => new.push(row.clone()),
            }
        }
        let rows_before = Some(rows.len());
        Self { external_id, case, rows_before, processed: rows, last_at, new: new.into(), done: 0 }
    }

    /// The rows to replay next.
    fn rows(&self) -> &[LogRow] {
        let rows = self.new.get(self.done..).unwrap_or_default();
        rows.get(..ROWS).unwrap_or(rows)
    }
}

/// Imports many cases of a log. Each case has one run.
///
/// Rows that an earlier import processed are recognized by their content and skipped: a log can be imported again, and
/// an interrupted import can continue. A new row that is older than the newest processed row of its case is late: it is
/// reported and changes nothing.
///
/// # Errors
/// A [`StoreError`]. Rows that were written before the error stay, and the next import skips them.
pub async fn replay_batch<S: Store>(
    store: &S,
    terms: ImportContext<'_>,
    runs: &[LogRun],
    new_case: impl Fn(&LogRow) -> NewCase,
) -> Result<ImportOutcome, Error> {
    let mut outcome = ImportOutcome::default();
    for attempt in 0..ATTEMPTS {
        let mut loaded = ImportOutcome::default();
        let mut work = load(store, terms, runs, &mut loaded).await?;
        if attempt == 0 {
            outcome = loaded;
        }
        match replay_all(store, terms, &mut work, &new_case, &mut outcome).await {
            Ok(()) => {
                let standing = |work: Work<'_>| Some((work.external_id.to_owned(), work.case?.status));
                outcome.standing = work.into_iter().filter_map(standing).collect();
                return Ok(outcome);
            }
            Err(Error::Store(StoreError::Stale)) => {}
            Err(other) => return Err(other),
        }
    }
    Err(StoreError::Stale.into())
}

/// Ends an import: the commits of its batches did not write the clocks of service levels.
///
/// # Errors
/// A [`StoreError`].
pub async fn end_import<S: SettingStore>(store: &S, account: AccountId, now: Timestamp) -> Result<(), Error> {
    if list_service_levels(store, account).await?.is_empty() {
        return Ok(());
    }
    want_clocks(store, account, now).await
}

async fn load<'r, S: ImportStore>(
    store: &S,
    terms: ImportContext<'_>,
    runs: &'r [LogRun],
    outcome: &mut ImportOutcome,
) -> Result<Vec<Work<'r>>, Error> {
    let ids = runs.iter().map(|run| run.external_id().to_owned()).collect::<Vec<_>>();
    let known = store.find_imported(terms.account, &terms.map.source, &ids).await?;
    let mut known = known.into_iter().map(|known| (known.external_id.clone(), known)).collect::<HashMap<_, _>>();
    Ok(runs.iter().map(|run| Work::new(run, known.remove(run.external_id()), outcome)).collect())
}

/// Works in rounds: a case that needs a number from the store, or that has more than [`ROWS`] rows, continues in the
/// next round.
async fn replay_all<S: Store>(
    store: &S,
    terms: ImportContext<'_>,
    work: &mut [Work<'_>],
    new_case: &impl Fn(&LogRow) -> NewCase,
    outcome: &mut ImportOutcome,
) -> Result<(), Error> {
    loop {
        let (mut steps, mut under_way, mut round) = (Vec::new(), Vec::new(), ImportOutcome::default());
        for work in work.iter_mut().filter(|work| !work.rows().is_empty()) {
            let own = match &work.case {
                Some(case) if case.workflow != terms.workflow.id() => {
                    Some(load_workflow(store, terms.account, case.workflow).await?)
                }
                _ => None,
            };
            let workflow = own.as_deref().unwrap_or(terms.workflow);
            let Replayed { decision, rows, counts, remarks } =
                replay(terms, work.case.as_ref(), workflow, work.rows(), new_case);
            round.counts += counts;
            round.remarks.extend(remarks);
            let replayed = work.new.iter().skip(work.done).take(rows);
            work.processed.extend(replayed.clone().map(LogRow::digest));
            work.last_at = work.last_at.max(replayed.map(|row| row.occurred_at).max());
            work.done += rows;
            steps.push(ImportStep {
                external_id: work.external_id.to_owned(),
                rows_before: work.rows_before,
                rows: work.processed.clone(),
                last_at: work.last_at,
                case: work.case.as_ref().map(|case| case.id),
                decision,
            });
            under_way.push(work);
        }
        if steps.is_empty() {
            return Ok(());
        }
        let cases = store.commit_imports(terms.account, &terms.map.source, steps).await?;
        outcome.counts += round.counts;
        outcome.remarks.extend(round.remarks);
        for (work, case) in under_way.into_iter().zip(cases) {
            work.rows_before = Some(work.processed.len());
            work.case = case.or(work.case.take());
        }
    }
}
