//! Lists of this dialect: numbered pages in both directions, or only the counts.

use docket_domain::{error::Error, page::PageNumber};
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::{
    linked::{Linked, Neighbour, Neighbours},
    params::{
        param::{direction, flag, integer},
        params,
    },
};

params! {
    pub struct PagingParams {
        /// Page number, from 1.
        page: i64 = integer(1..=i64::MAX).default(1);
        /// Records per page. A page of cases or updates with more than 16 MiB of text is refused.
        per_page: i64 = integer(1..=100).default(25);
        /// Sort direction: `desc` (newest first) or `asc` (oldest first).
        dir: bool = direction(str::to_ascii_lowercase).default_word("desc", true);
        /// `count` returns the counts instead of the records.
        mode: bool = flag("count");
    }
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

impl PagingParams {
    #[must_use]
    pub const fn page(&self) -> PageNumber {
        PageNumber { page: self.page, per_page: self.per_page }
    }

    /// Whether the newest records come first.
    #[must_use]
    pub const fn descending(&self) -> bool {
        self.dir
    }

    pub async fn answer<V: Serialize>(
        &self,
        count: impl AsyncFnOnce() -> Result<i64, Error>,
        rows: impl AsyncFnOnce() -> Result<Vec<V>, Error>,
    ) -> Result<Linked<Listing<V>>, Error> {
        let content = if self.mode {
            let record_count = count().await?;
            let page_count = if record_count == 0 { 0 } else { self.page().pages(record_count) };
            PageOrCount::Count(CountView { record_count, page_count })
        } else {
            PageOrCount::Page(rows().await?)
        };
        Ok(Linked(Listing { page: self.page(), content }))
    }
}

/// A page with its position in the list, which only the links show.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Listing<V> {
    #[serde(skip)]
    page: PageNumber,
    content: PageOrCount<V>,
}

impl<V> Neighbours for Listing<V> {
    /// The total is not known, so a full page links to the next one, which may be empty.
    fn neighbours(&self) -> Vec<Neighbour> {
        let PageOrCount::Page(rows) = &self.content else { return Vec::new() };
        let full = i64::try_from(rows.len()).is_ok_and(|rows| rows == self.page.per_page);
        Neighbour::numbered(self.page, None, full)
    }
}
