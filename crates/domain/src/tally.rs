//! Counts that are kept as cases change, so that no total has to scan what it counts.
//!
//! Every case that is not deleted stands in exactly one bucket. A commit tells which bucket lost a case and which gained
//! one; a store adds the changes up. Sums are of whole seconds, so that they stay exact in whatever order they are added.

use chrono::NaiveDate;

use crate::{
    case::{Case, Priority, Source},
    id::AccountId,
    workflow::StatusKey,
};

/// What cases are counted by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bucket {
    /// The day (UTC) on which the system learnt of the case.
    pub created_on: NaiveDate,
    /// Its status.
    pub status: StatusKey,
    /// Its priority.
    pub priority: Priority,
    /// How it came about.
    pub source: Source,
}

/// What the cases of a bucket add up to; also what a change adds to that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many there are.
    pub cases: i64,
    /// How many of them have a resolution that counts.
    pub resolved: i64,
    /// The seconds from creation to resolution, summed over those.
    pub resolution_seconds: i64,
}

/// A change of one bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyChange {
    /// Whose count it is.
    pub account: AccountId,
    /// Which count.
    pub bucket: Bucket,
    /// What is added; negative for what is taken away.
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
    case.deleted_at.is_none().then_some((bucket, tally))
}

/// What the counts lose and gain when a case changes.
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
