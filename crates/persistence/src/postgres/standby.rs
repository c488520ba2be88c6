//! A standby server for lists and statistics, with a bound on the age of its data.
//!
//! A worker notes the end of the primary's write-ahead log together with the time. As soon as the standby has replayed
//! that position, its data is at most as old as that time. This needs no clock of another machine and no privilege, and
//! it also holds while the primary writes nothing.

use std::{
    cell::RefCell,
    collections::VecDeque,
    rc::Rc,
    time::{Duration, Instant},
};

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Nullable},
};
use docket_domain::error::StoreError;

use super::{Address, Conn, Pool, RunQueryDsl as _};
use crate::{OpenError, Settings, StandbySettings, error::QueryError, statements::Prepared};

/// A worker compares the positions this often within the permitted age.
const CHECKS_PER_AGE: u32 = 4;
/// Maximum wait for both positions. A request waits for them, so a server that hangs must not delay it for long.
const PATIENCE: Duration = Duration::from_millis(500);
/// Maximum number of noted positions that the standby has not replayed.
const NOTED: usize = 64;

/// The standby of one worker. Clones share its connections and its last comparison.
#[derive(Clone)]
pub(crate) struct Standby {
    primary: Pool,
    pool: Pool,
    max_age: Duration,
    age: Rc<RefCell<Age>>,
}

impl Standby {
    /// Creates the pool of the standby. Connections are opened on demand.
    pub(crate) fn new(primary: Pool, settings: &Settings, standby: &StandbySettings) -> Result<Self, OpenError> {
        let pool = Pool::new(&Address::parse(&standby.url)?, settings, primary.load.clone())?;
        Ok(Self { primary, pool, max_age: standby.max_age, age: Rc::default() })
    }

    /// Runs a read on the standby. `None` if its data is too old or the read fails there; the caller then asks the
    /// primary.
    pub(crate) async fn run<T>(&self, work: impl AsyncFnOnce(&mut Conn) -> Result<T, QueryError>) -> Option<T> {
        self.compare_if_due().await;
        if !self.age.borrow().is_within(self.max_age, Instant::now()) {
            return None;
        }
        match self.pool.run(work).await {
            Ok(found) => Some(found),
            Err(error) => {
                log::warn!("lists and statistics are read from the primary: the standby failed: {error}");
                // The next requests do not wait for it.
                self.age.borrow_mut().forget();
                None
            }
        }
    }

    /// Compares the positions if the last comparison is too long ago and no other request is comparing them.
    async fn compare_if_due(&self) {
        if !self.age.borrow_mut().begin(self.max_age / CHECKS_PER_AGE, Instant::now()) {
            return;
        }
        let before = self.age.borrow().is_within(self.max_age, Instant::now());
        let noted_at = Instant::now();
        let positions = tokio::time::timeout(PATIENCE, self.positions()).await;
        let mut age = self.age.borrow_mut();
        match positions {
            Ok(Ok((written, replayed))) => age.note(written, replayed, noted_at),
            Ok(Err(error)) => {
                log::debug!("cannot compare the standby with the primary: {error}");
                age.forget();
            }
            Err(_) => age.forget(),
        }
        let after = age.is_within(self.max_age, Instant::now());
        match (before, after) {
            (false, true) => log::info!("lists and statistics are read from the standby"),
            (true, false) => {
                log::warn!("lists and statistics are read from the primary: the standby is behind or unreachable")
            }
            (true, true) | (false, false) => {}
        }
    }

    async fn positions(&self) -> Result<(i64, i64), StoreError> {
        let written = self.primary.run(async |conn| position(conn, WRITTEN).await).await?;
        let replayed = self.pool.run(async |conn| position(conn, REPLAYED).await).await?;
        let missing = |server| StoreError::Unavailable(format!("expected a {server} server behind its URL"));
        Ok((written.ok_or_else(|| missing("primary"))?, replayed.ok_or_else(|| missing("standby"))?))
    }
}

/// End of the primary's write-ahead log in bytes; null on a standby.
const WRITTEN: &str =
    "SELECT CASE WHEN NOT pg_is_in_recovery() THEN (pg_current_wal_lsn() - '0/0')::bigint END AS bytes";
/// Replayed position of a standby in bytes; null on a primary.
const REPLAYED: &str =
    "SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END AS bytes";

#[derive(QueryableByName)]
struct Position {
    #[diesel(sql_type = Nullable<BigInt>)]
    bytes: Option<i64>,
}

async fn position(conn: &mut Conn, query: &str) -> Result<Option<i64>, QueryError> {
    Ok(Prepared(diesel::sql_query(query)).get_result::<Position>(conn).await?.bytes)
}

/// What a worker knows about the age of the standby's data.
#[derive(Debug, Default)]
struct Age {
    /// Ends of the primary's log that the standby has not replayed, oldest first.
    noted: VecDeque<(i64, Instant)>,
    /// The standby has all data up to this time.
    complete_until: Option<Instant>,
    last_check: Option<Instant>,
}

impl Age {
    /// Whether a check is due; then the caller must do it.
    fn begin(&mut self, every: Duration, now: Instant) -> bool {
        let is_due = self.last_check.is_none_or(|last| now.duration_since(last) >= every);
        if is_due {
            self.last_check = Some(now);
        }
        is_due
    }

    /// Records the positions of both servers. `written` was read after `at`.
    fn note(&mut self, written: i64, replayed: i64, at: Instant) {
        if self.noted.len() < NOTED {
            self.noted.push_back((written, at));
        }
        while let Some((_, at)) = self.noted.pop_front_if(|(position, _)| *position <= replayed) {
            self.complete_until = Some(at);
        }
    }

    /// Stops reading until the next successful comparison.
    fn forget(&mut self) {
        self.complete_until = None;
    }

    fn is_within(&self, max_age: Duration, now: Instant) -> bool {
        self.complete_until.is_some_and(|until| now.duration_since(until) <= max_age)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_age_is_that_of_the_last_replayed_position() {
        let begin = Instant::now();
        let mut age = Age::default();
        assert!(!age.is_within(SECOND * 3, begin));
        age.note(100, 90, begin);
        assert!(!age.is_within(SECOND * 3, begin));
        age.note(200, 100, begin + SECOND);
        assert!(age.is_within(SECOND * 3, begin + SECOND * 3));
        assert!(!age.is_within(SECOND * 3, begin + SECOND * 4));
        age.note(200, 200, begin + SECOND * 4);
        assert!(age.is_within(SECOND * 3, begin + SECOND * 7));
    }

    #[test]
    fn a_standby_that_stands_still_ages_and_the_notes_stay_bounded() {
        let begin = Instant::now();
        let mut age = Age::default();
        for step in 0..1_000 {
            age.note(i64::from(step), -1, begin + SECOND * step);
        }
        assert_eq!((age.noted.len(), age.complete_until), (NOTED, None));
        age.note(1_000, 1_000, begin + SECOND * 1_000);
        assert_eq!(age.complete_until, Some(begin + SECOND * 63));
        age.note(1_000, 1_000, begin + SECOND * 1_001);
        assert_eq!(age.complete_until, Some(begin + SECOND * 1_001));
    }

    #[test]
    fn after_a_failure_the_standby_is_read_only_after_a_comparison() {
        let begin = Instant::now();
        let mut age = Age::default();
        age.note(100, 100, begin);
        age.forget();
        assert!(!age.is_within(SECOND, begin));
        age.note(100, 100, begin);
        assert!(age.is_within(SECOND, begin));
    }

    #[test]
    fn only_one_request_compares_within_an_interval() {
        let begin = Instant::now();
        let mut age = Age::default();
        assert!(age.begin(SECOND, begin));
        assert!(!age.begin(SECOND, begin + SECOND / 2));
        assert!(age.begin(SECOND, begin + SECOND));
    }
}
