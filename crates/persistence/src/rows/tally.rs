//! Rows of the maintained case counts.

use chrono::NaiveDate;
use diesel::prelude::*;
use docket_domain::tally::TallyChange;

use crate::schema::case_tallies;

/// A change of a bucket's counts.
#[derive(Debug, Insertable)]
#[diesel(table_name = case_tallies)]
pub(crate) struct TallyRow<'c> {
    account_id: i64,
    created_on: NaiveDate,
    status: &'c str,
    priority: i16,
    source: &'static str,
    cases: i64,
    resolved: i64,
    resolution_seconds: i64,
}

impl<'c> From<&'c TallyChange> for TallyRow<'c> {
    fn from(TallyChange { account, bucket, by }: &'c TallyChange) -> Self {
        Self {
            account_id: account.0,
            created_on: bucket.created_on,
            status: bucket.status.as_str(),
            priority: bucket.priority.rank(),
            source: bucket.source.as_str(),
            cases: by.cases,
            resolved: by.resolved,
            resolution_seconds: by.resolution_seconds,
        }
    }
}
