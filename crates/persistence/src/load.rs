//! What the connections, queues and commits of a database are busy with, for the metrics of the server.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

/// Upper bounds of the numbers of writes in a group.
const WRITES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];
/// Upper bounds of the durations of a commit, in seconds.
const SECONDS: [f64; 10] = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0];

/// Load of a database. All workers of a [`Connector`](crate::Connector) count here.
#[derive(Debug)]
pub struct Load {
    /// Connections to PostgreSQL that the pools of all workers may open; 0 on SQLite.
    pub connections: Gauge,
    /// Connections to PostgreSQL that run a statement or transaction now.
    pub connections_in_use: Gauge,
    /// Calls that wait for a connection to PostgreSQL.
    pub waiting: Gauge,
    /// Writes that wait for the writing thread of SQLite.
    pub queued_writes: Gauge,
    /// Reads that wait for a reading thread of SQLite.
    pub queued_reads: Gauge,
    /// Writes by group commit of SQLite.
    pub group_writes: Distribution,
    /// Seconds by group commit of SQLite. Most of it is the fsync.
    pub commit_seconds: Distribution,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            connections: Gauge::default(),
            connections_in_use: Gauge::default(),
            waiting: Gauge::default(),
            queued_writes: Gauge::default(),
            queued_reads: Gauge::default(),
            group_writes: Distribution::new(&WRITES),
            commit_seconds: Distribution::new(&SECONDS),
        }
    }
}

impl Load {
    /// Notes a group commit.
    pub(crate) fn note_commit(&self, writes: usize, took: Duration) {
        self.group_writes.add(f64::from(u32::try_from(writes).unwrap_or(u32::MAX)));
        self.commit_seconds.add(took.as_secs_f64());
    }
}

/// A number that goes up and down.
#[derive(Debug, Default)]
pub struct Gauge(AtomicUsize);

impl Gauge {
    /// The number now.
    #[must_use]
    pub fn get(&self) -> usize {
        self.0.load(Relaxed)
    }

    pub(crate) fn add(&self, number: usize) {
        self.0.fetch_add(number, Relaxed);
    }

    pub(crate) fn subtract(&self, number: usize) {
        self.0.fetch_sub(number, Relaxed);
    }

    /// Adds one until the guard is dropped.
    pub(crate) fn hold(&self) -> Held<'_> {
        self.add(1);
        Held(self)
    }
}

/// One in a [`Gauge`].
pub(crate) struct Held<'a>(&'a Gauge);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.subtract(1);
    }
}

/// Values counted by upper bound.
#[derive(Debug)]
pub struct Distribution {
    bounds: &'static [f64],
    counted: Mutex<Counted>,
}

/// The values of a [`Distribution`] so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counted {
    /// Each upper bound, and how many values are at most as large.
    pub up_to: Vec<(f64, u64)>,
    /// How many values there are.
    pub count: u64,
    /// Their sum.
    pub sum: f64,
}

impl Distribution {
    fn new(bounds: &'static [f64]) -> Self {
        let up_to = bounds.iter().map(|bound| (*bound, 0)).collect();
        Self { bounds, counted: Mutex::new(Counted { up_to, count: 0, sum: 0.0 }) }
    }

    /// The values so far.
    #[must_use]
    pub fn get(&self) -> Counted {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, value: f64) {
        let below = self.bounds.partition_point(|bound| *bound < value);
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        counted.count += 1;
        counted.sum += value;
        counted.up_to.iter_mut().skip(below).for_each(|(_, count)| *count += 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_counts_for_its_bound_and_all_above() {
        let distribution = Distribution::new(&[1.0, 2.0, 4.0]);
        [1.0, 1.5, 9.0].into_iter().for_each(|value| distribution.add(value));
        let counted = distribution.get();
        assert_eq!((counted.count, counted.sum), (3, 11.5));
        assert_eq!(counted.up_to, [(1.0, 1), (2.0, 2), (4.0, 2)]);
    }

    #[test]
    fn a_guard_counts_while_it_lives() {
        let gauge = Gauge::default();
        let held = gauge.hold();
        assert_eq!(gauge.get(), 1);
        drop(held);
        assert_eq!(gauge.get(), 0);
    }
}
