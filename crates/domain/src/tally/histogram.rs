//! Histograms, updated at each commit like the other counts: cases by due date, by day of closing and by time to
//! resolution, inquiries and orders by day of creation. Counts relative to a day and the median need no scan.

use chrono::{DateTime, NaiveDate};

use crate::{
    case::Case,
    id::AccountId,
    workflow::{Outcome, Phase},
};

/// What a histogram counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Histogram {
    /// Active cases by due date. A bucket is a day, see [`day_bucket`].
    Due,
    /// Cases with the outcome closed by the day (UTC) on which they were closed. A bucket is a day.
    Closed,
    /// Cases by time to resolution. A bucket is a range of seconds, see [`resolution_bucket`].
    Resolution,
    /// Inquiries by the day (UTC) of their creation. A bucket is a day.
    Inquiry,
    /// Orders by the day (UTC) of their creation. A bucket is a day.
    Order,
}

impl Histogram {
    /// The histograms of cases.
    pub const OF_CASES: [Self; 3] = [Self::Due, Self::Closed, Self::Resolution];

    /// The word for storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Closed => "closed",
            Self::Resolution => "resolution",
            Self::Inquiry => "inquiry",
            Self::Order => "order",
        }
    }
}

/// A change of one bucket of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistogramChange {
    /// Account of the count.
    pub account: AccountId,
    /// Histogram to change.
    pub histogram: Histogram,
    /// Bucket to change.
    pub bucket: i64,
    /// Number of entries to add; negative when cases leave the bucket.
    pub by: i64,
}

/// The bucket of a day: the number of days since 1970-01-01.
#[must_use]
pub fn day_bucket(day: NaiveDate) -> i64 {
    (day - DateTime::UNIX_EPOCH.date_naive()).num_days()
}

/// Widths of the buckets of times to resolution, in seconds: times below the first number have the second one. A bucket
/// is at most 1/64 of its times, so it has few cases in any account, and there are about 2,000 buckets.
pub const RESOLUTION_WIDTHS: [(i64, i64); 11] = [
    (1 << 8, 1),
    (1 << 10, 1 << 2),
    (1 << 12, 1 << 4),
    (1 << 14, 1 << 6),
    (1 << 16, 1 << 8),
    (1 << 18, 1 << 10),
    (1 << 20, 1 << 12),
    (1 << 22, 1 << 14),
    (1 << 24, 1 << 16),
    (1 << 26, 1 << 18),
    (i64::MAX, 1 << 20),
];

/// The bucket of a time to resolution: its least time in seconds.
#[must_use]
pub fn resolution_bucket(seconds: i64) -> i64 {
    let width = RESOLUTION_WIDTHS.iter().find(|(below, _)| seconds < *below).map_or(1 << 20, |(_, width)| *width);
    seconds / width * width
}

/// The bucket of a case in each histogram, in the order of [`Histogram::OF_CASES`].
fn buckets(case: &Case) -> [Option<i64>; 3] {
    if !case.is_listed() {
        return [None; 3];
    }
    let due = case.details.due_on.filter(|_| case.phase == Phase::Active).map(day_bucket);
    let closed = case.closed_at.filter(|_| case.outcome == Some(Outcome::Closed));
    let closed = closed.map(|time| day_bucket(time.date_naive()));
    [due, closed, case.resolution_seconds().map(resolution_bucket)]
}

/// The changes of the histograms when a case changes. `before` is `None` for a creation.
#[must_use]
pub fn histogram_changes(before: Option<&Case>, after: &Case) -> Vec<HistogramChange> {
    let (lost, gained) = (before.map_or([None; 3], buckets), buckets(after));
    let changed =
        Histogram::OF_CASES.into_iter().zip(lost.into_iter().zip(gained)).filter(|(_, (lost, gained))| lost != gained);
    let changed = changed.flat_map(|(histogram, (lost, gained))| {
        let change = move |bucket: Option<i64>, by| bucket.map(|bucket| (histogram, bucket, by));
        [change(lost, -1), change(gained, 1)]
    });
    let account = after.account;
    changed.flatten().map(|(histogram, bucket, by)| HistogramChange { account, histogram, bucket, by }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_of_times_are_ranges_in_order() {
        let mut last = -1;
        let times = (0..5_000).chain((13..40).flat_map(|bit| [(1 << bit) - 1, 1 << bit, (1 << bit) + 12_345]));
        let mut times = times.collect::<Vec<_>>();
        times.sort_unstable();
        for seconds in times {
            let bucket = resolution_bucket(seconds);
            assert!(bucket >= last && bucket <= seconds, "{seconds}: {bucket}");
            assert_eq!(resolution_bucket(bucket), bucket, "{seconds}");
            assert!(seconds >= 1 << 26 || (seconds - bucket) * 64 <= seconds, "{seconds}: {bucket}");
            last = bucket;
        }
    }

    #[test]
    fn the_bucket_of_a_day_is_its_number() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        assert_eq!([day(1969, 12, 31), day(1970, 1, 1), day(2026, 11, 26)].map(day_bucket), [-1, 0, 20_783]);
    }
}
