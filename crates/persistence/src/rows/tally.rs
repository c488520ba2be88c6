//! Rows of the maintained case counts.

use chrono::NaiveDate;
use diesel::prelude::*;
use docket_domain::{
    store::TallyDifference,
    tally::{HistogramChange, Tally, TallyChange},
};

use crate::schema::{case_tallies, histogram_changes};

/// A change of a bucket's counts.
#[derive(Debug, Insertable)]
#[diesel(table_name = case_tallies, treat_none_as_default_value = false)]
pub(crate) struct TallyRow<'c> {
    pub(crate) account_id: i64,
    pub(crate) created_on: NaiveDate,
    pub(crate) status: &'c str,
    pub(crate) priority: i16,
    pub(crate) source: &'static str,
    pub(crate) cases: i64,
    pub(crate) resolved: i64,
    pub(crate) resolution_seconds: i64,
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

/// A change of a histogram.
#[derive(Debug, Insertable)]
#[diesel(table_name = histogram_changes, treat_none_as_default_value = false)]
pub(crate) struct HistogramRow {
    pub(crate) account_id: i64,
    pub(crate) histogram: &'static str,
    pub(crate) bucket: i64,
    pub(crate) entries: i64,
}

impl From<&HistogramChange> for HistogramRow {
    fn from(change: &HistogramChange) -> Self {
        let HistogramChange { account, histogram, bucket, by } = *change;
        Self { account_id: account.0, histogram: histogram.as_str(), bucket, entries: by }
    }
}

/// Counts of the cases with the same status, priority and source.
#[derive(Debug, Queryable, QueryableByName)]
#[diesel(table_name = case_tallies)]
pub(crate) struct TallyGroup {
    pub(crate) status: String,
    pub(crate) priority: i16,
    pub(crate) source: String,
    pub(crate) cases: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub(crate) created_recently: i64,
    pub(crate) resolved: i64,
    pub(crate) resolution_seconds: i64,
}

/// The difference between maintained and actual counts of a bucket.
#[derive(QueryableByName)]
pub(crate) struct TallyDifferenceRow {
    #[diesel(sql_type = diesel::sql_types::Text)]
    bucket: String,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    cases: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    resolved: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    resolution_seconds: i64,
}

impl From<TallyDifferenceRow> for TallyDifference {
    fn from(row: TallyDifferenceRow) -> Self {
        let TallyDifferenceRow { bucket, cases, resolved, resolution_seconds } = row;
        Self { bucket, by: Tally { cases, resolved, resolution_seconds } }
    }
}
