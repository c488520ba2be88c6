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
    import::{Counts, ImportStep, ImportedCase, LogRow, LogRun, Remark, Replayed, RowDigest, Terms, Why, replay},
    service::load_workflow,
    store::{ImportStore, Store},
    time::Timestamp,
    workflow::StatusKey,
};

/// How often a batch is tried again because one of its cases was changed at the same time.
const ATTEMPTS: usize = 16;
/// How many rows of one case are written together.
const ROWS: usize = 4_000;

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImportOutcome {
    /// What became of the rows.
    pub counts: Counts,
    /// The rows that changed nothing, and why.
    pub remarks: Vec<Remark>,
    /// The status of each case of the batch by its id in the log; cases that no row has created are left out.
    pub standing: Vec<(String, StatusKey)>,
}

/// A case of the batch on its way.
struct Work<'r> {
    external_id: &'r str,
    /// As the store has it.
    case: Option<Case>,
    /// How many rows the store knows to be processed; none where it does not know the case.
    rows_before: Option<usize>,
    /// These rows, and those that were processed since.
    processed: Vec<RowDigest>,
    /// The time of the newest of them.
    last_at: Option<Timestamp>,
    /// The rows that no earlier import processed.
    new: Cow<'r, [LogRow]>,
    /// How many of them are processed.
    done: usize,
}

impl<'r> Work<'r> {
    /// Rows that an earlier import processed are left out, and so are late ones, which are reported.
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

    /// The rows to be replayed next.
    fn rows(&self) -> &[LogRow] {
        let rows = self.new.get(self.done..).unwrap_or_default();
        rows.get(..ROWS).unwrap_or(rows)
    }
}

/// Imports cases of a log, many at a time. Each case has one run.
///
/// Rows that an earlier import processed are known by their content and left alone, so that a log can be imported again,
/// or on from where an import was interrupted. A new row that is older than the newest one processed of its case is late:
/// it is reported and changes nothing.
///
/// # Errors
/// A [`StoreError`]. What was written before it stays, and is known the next time.
pub async fn replay_batch<S: Store>(
    store: &S,
    terms: Terms<'_>,
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

async fn load<'r, S: ImportStore>(
    store: &S,
    terms: Terms<'_>,
    runs: &'r [LogRun],
    outcome: &mut ImportOutcome,
) -> Result<Vec<Work<'r>>, Error> {
    let ids = runs.iter().map(|run| run.external_id().to_owned()).collect::<Vec<_>>();
    let known = store.find_imported(terms.account, &terms.map.source, &ids).await?;
    let mut known = known.into_iter().map(|known| (known.external_id.clone(), known)).collect::<HashMap<_, _>>();
    Ok(runs.iter().map(|run| Work::new(run, known.remove(run.external_id()), outcome)).collect())
}

/// In rounds: a case that needs a number from the store, or has more than [`ROWS`] rows, goes on in the next one.
async fn replay_all<S: Store>(
    store: &S,
    terms: Terms<'_>,
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
