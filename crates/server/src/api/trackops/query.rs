//! Lists of this dialect: numbered pages in both directions, or only the counts.

use actix_web::HttpResponse;
use docket_domain::{
    error::Error,
    page::PageNumber,
    time::{TimeBound, TimeRange},
};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::wire::params::Params;

#[derive(Debug, Clone, Copy)]
pub struct Paging {
    pub page: PageNumber,
    /// Newest first.
    pub descending: bool,
    counts: bool,
}

#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameters, which Paging reads")]
pub struct PagingParams {
    /// Page number, from 1.
    #[param(minimum = 1, default = 1)]
    page: Option<i64>,
    /// Records per page. A page of cases or updates with more than 16 MiB of text is refused.
    #[param(minimum = 1, maximum = 100, default = 25)]
    per_page: Option<i64>,
    /// Sort direction: `desc` (newest first) or `asc` (oldest first).
    #[param(default = "desc", pattern = "^(asc|desc)$")]
    dir: Option<String>,
    /// `count` returns the counts instead of the records.
    #[param(pattern = "^count$")]
    mode: Option<String>,
}

/// A page of records. With `mode=count`, the counts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum PageOrCount<V> {
    /// The records of the page.
    Page(Vec<V>),
    /// With `mode=count`.
    Count(CountView),
}

/// Response to `mode=count`.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountView {
    /// Number of matching records.
    #[schema(example = 42)]
    record_count: i64,
    /// Number of pages with `per_page` records each.
    #[schema(example = 2)]
    page_count: i64,
}

impl Paging {
    /// Default of `per_page`.
    pub const PER_PAGE: i64 = 25;

    pub fn read(params: &mut Params) -> Self {
        let page = params.integer("page", 1..=i64::MAX).unwrap_or(1);
        let per_page = params.integer("per_page", 1..=100).unwrap_or(Self::PER_PAGE);
        let descending = params.value(&["dir"], "asc or desc", |word| match word.to_ascii_lowercase().as_str() {
            "asc" => Some(false),
            "desc" => Some(true),
            _ => None,
        });
        let counts = params.value(&["mode"], "count", |word| (word == "count").then_some(true));
        Self {
            page: PageNumber { page, per_page },
            descending: descending.unwrap_or(true),
            counts: counts.unwrap_or(false),
        }
    }

    pub async fn answer<V: Serialize>(
        self,
        count: impl AsyncFnOnce() -> Result<i64, Error>,
        rows: impl AsyncFnOnce() -> Result<Vec<V>, Error>,
    ) -> Result<HttpResponse, Error> {
        if self.counts {
            let record_count = count().await?;
            let page_count = if record_count == 0 { 0 } else { self.page.pages(record_count) };
            return Ok(HttpResponse::Ok().json(CountView { record_count, page_count }));
        }
        Ok(HttpResponse::Ok().json(rows().await?))
    }
}

/// Reads a range of time. Each bound has several names. A date as the end includes the whole day.
pub fn times(params: &mut Params, from: &[&str], to: &[&str]) -> TimeRange {
    let (from, to) = (params.bound(from), params.bound(to));
    TimeRange { from: from.map(TimeBound::first_instant), before: to.map(TimeBound::first_instant_after) }
}
