//! What every list of this dialect takes and gives: numbered pages, a direction, or the count alone.

use actix_web::HttpResponse;
use docket_domain::{
    error::Error,
    page::PageNumber,
    time::{TimeBound, TimeRange},
};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::wire::params::Params;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    /// The page.
    pub page: PageNumber,
    /// Newest first.
    pub descending: bool,
    counts: bool,
}

/// The parameters of [`Paging`], as the OpenAPI document shows them.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameters, which Paging reads")]
pub struct PagingParams {
    /// The page, from 1.
    #[param(minimum = 1, default = 1)]
    page: Option<i64>,
    /// Rows a page.
    #[param(minimum = 1, maximum = 100, default = 25)]
    per_page: Option<i64>,
    /// `desc` for newest first, `asc` for oldest first.
    #[param(default = "desc", pattern = "^(asc|desc)$")]
    dir: Option<String>,
    /// `count` for the counts alone, in place of the rows.
    #[param(pattern = "^count$")]
    mode: Option<String>,
}

/// A page, or with `mode=count` the counts alone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum PageOrCount<V> {
    /// The rows.
    Page(Vec<V>),
    /// The counts.
    Count(CountView),
}

/// How many there are: what `mode=count` answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountView {
    /// How many records match.
    #[schema(example = 42)]
    record_count: i64,
    /// How many pages they fill.
    #[schema(example = 2)]
    page_count: i64,
}

impl Paging {
    /// The rows a page where none are asked for.
    pub const PER_PAGE: i64 = 25;

    /// Takes the parameters.
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

    /// The answer: a bare array of rows, or the counts.
    ///
    /// # Errors
    /// Whatever reading fails with.
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

/// A span of time by its two bounds, each known under several names; a bare date as the end includes that whole day.
pub fn times(params: &mut Params, from: &[&str], to: &[&str]) -> TimeRange {
    let (from, to) = (params.bound(from), params.bound(to));
    TimeRange { from: from.map(TimeBound::first_instant), before: to.map(TimeBound::first_instant_after) }
}
