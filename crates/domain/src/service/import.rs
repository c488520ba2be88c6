//! Replaying a batch of a log.

use std::collections::HashMap;

use crate::{
    case::Case,
    command::NewCase,
    error::{Error, StoreError},
    import::{Counts, ImportStep, ImportedCase, LogRow, Remark, Replayed, Terms, replay},
    service::load_workflow,
    store::{ImportStore, WorkflowStore},
    workflow::StatusKey,
};

/// How often a batch is tried again because somebody changed one of its cases in between.
const ATTEMPTS: usize = 16;

/// Rows of one case of a log, in the order in which they happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRun {
    /// How many rows of the case come before these in the log.
    pub rows_before: u64,
    /// The rows; never none.
    pub rows: Vec<LogRow>,
}

impl LogRun {
    fn external_id(&self) -> &str {
        self.rows.first().map_or("", |row| row.case.as_str())
    }
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImportOutcome {
    /// What became of the rows.
    pub counts: Counts,
    /// The rows that were not replayed.
    pub remarks: Vec<Remark>,
    /// Where each case of the batch stands now, by its id in the log; those that are not created are left out.
    pub standing: Vec<(String, StatusKey)>,
}

/// A case of the batch on its way.
struct Work<'r> {
    run: &'r LogRun,
    /// As the store has it.
    case: Option<Case>,
    /// How many rows the store knows to be dealt with; none where it does not know the case.
    rows_seen: Option<u64>,
}

impl<'r> Work<'r> {
    /// The rows that are still to be replayed.
    fn rows(&self) -> &'r [LogRow] {
        let done = self.rows_seen.unwrap_or(0).saturating_sub(self.run.rows_before);
        self.run.rows.get(usize::try_from(done).unwrap_or(usize::MAX)..).unwrap_or_default()
    }
}

/// Replays rows of cases of a log and writes what they lead to, many cases at a time. Rows that were dealt with before
/// are left alone, so that a log can be replayed again, or on from where it was interrupted. Every case has one run.
///
/// # Errors
/// A [`StoreError`]. What had been written until then stays, and is known the next time.
pub async fn replay_batch<S>(
    store: &S,
    terms: Terms<'_>,
    runs: &[LogRun],
    new_case: impl Fn(&LogRow) -> NewCase,
) -> Result<ImportOutcome, Error>
where
    S: ImportStore + WorkflowStore,
{
    let mut outcome = ImportOutcome::default();
    for attempt in 0..ATTEMPTS {
        let mut work = load(store, terms, runs).await?;
        if attempt == 0 {
            let known = work.iter().map(|work| work.run.rows.len() - work.rows().len()).sum::<usize>();
            outcome.counts.known += u64::try_from(known).unwrap_or(u64::MAX);
        }
        match replay_all(store, terms, &mut work, &new_case, &mut outcome).await {
            Ok(()) => {
                let standing = |work: Work<'_>| Some((work.run.external_id().to_owned(), work.case?.status));
                outcome.standing = work.into_iter().filter_map(standing).collect();
                return Ok(outcome);
            }
            Err(Error::Store(StoreError::Stale)) => {}
            Err(other) => return Err(other),
        }
    }
    Err(StoreError::Stale.into())
}

async fn load<'r, S: ImportStore>(store: &S, terms: Terms<'_>, runs: &'r [LogRun]) -> Result<Vec<Work<'r>>, Error> {
    let ids = runs.iter().map(|run| run.external_id().to_owned()).collect::<Vec<_>>();
    let known = store.find_imported(terms.account, &terms.map.source, &ids).await?;
    let mut known = known.into_iter().map(|known| (known.external_id.clone(), known)).collect::<HashMap<_, _>>();
    let work = |run: &'r LogRun| match known.remove(run.external_id()) {
        Some(ImportedCase { rows_seen, case, .. }) => Work { run, case, rows_seen: Some(rows_seen) },
        None => Work { run, case: None, rows_seen: None },
    };
    Ok(runs.iter().map(work).collect())
}

/// In rounds: a case that needs a number of the store goes on in the next one.
async fn replay_all<S>(
    store: &S,
    terms: Terms<'_>,
    work: &mut [Work<'_>],
    new_case: &impl Fn(&LogRow) -> NewCase,
    outcome: &mut ImportOutcome,
) -> Result<(), Error>
where
    S: ImportStore + WorkflowStore,
{
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
            let rows_before = work.rows_seen;
            let rows_seen = rows_before.unwrap_or(0).max(work.run.rows_before) + u64::try_from(rows).unwrap_or(0);
            let external_id = work.run.external_id().to_owned();
            let case = work.case.as_ref().map(|case| case.id);
            steps.push(ImportStep { external_id, rows_before, rows_seen, case, decision });
            under_way.push((work, rows_seen));
        }
        if steps.is_empty() {
            return Ok(());
        }
        let cases = store.commit_imports(terms.account, &terms.map.source, steps).await?;
        outcome.counts += round.counts;
        outcome.remarks.extend(round.remarks);
        for ((work, rows_seen), case) in under_way.into_iter().zip(cases) {
            work.rows_seen = Some(rows_seen);
            work.case = case.or(work.case.take());
        }
    }
}
