//! Counts of cases, updated at each commit, so that totals need no scan.
//!
//! Every listed case is in exactly one bucket. A commit gives the changes of the buckets, and the store
//! adds them up. Times are whole seconds, so sums are exact in any order.

mod histogram;

use chrono::NaiveDate;

pub use self::histogram::{
    Histogram, HistogramChange, RESOLUTION_WIDTHS, day_bucket, histogram_changes, resolution_bucket,
};

use crate::{
    case::{Case, Priority, Source},
    id::AccountId,
    workflow::StatusKey,
};

/// The key of a count.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bucket {
    /// Day of creation in the system (UTC).
    pub created_on: NaiveDate,
    /// Status of the cases.
    pub status: StatusKey,
    /// Priority of the cases.
    pub priority: Priority,
    /// Origin of the cases.
    pub source: Source,
}

/// The counts of a bucket, or a change of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Number of cases.
    pub cases: i64,
    /// Number of cases with a time to resolution.
    pub resolved: i64,
    /// Sum of the times to resolution, in seconds.
    pub resolution_seconds: i64,
}

/// A change of one bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyChange {
    /// Account of the count.
    pub account: AccountId,
    /// Bucket to change.
    pub bucket: Bucket,
    /// Amounts to add; negative when a case leaves the bucket.
    pub by: Tally,
}

fn standing(case: &Case) -> Option<(Bucket, Tally)> {
    let bucket = Bucket {
        created_on: case.created_at.date_naive(),
        status: case.status.clone(),
        priority: case.details.priority,
        source: case.source,
    };
    let seconds = case.resolution_seconds();
    let tally = Tally { cases: 1, resolved: i64::from(seconds.is_some()), resolution_seconds: seconds.unwrap_or(0) };
    case.is_listed().then_some((bucket, tally))
}

/// The changes of the counts when a case changes. `before` is `None` for a creation.
#[must_use]
pub fn changes(before: Option<&Case>, after: &Case) -> Vec<TallyChange> {
    let (lost, gained) = (before.and_then(standing), standing(after));
    if lost == gained {
        return Vec::new();
    }
    let lost = lost.map(|(bucket, tally)| {
        (
            bucket,
            Tally { cases: -tally.cases, resolved: -tally.resolved, resolution_seconds: -tally.resolution_seconds },
        )
    });
    let changed = lost.into_iter().chain(gained);
    changed.map(|(bucket, by)| TallyChange { account: after.account, bucket, by }).collect()
}
