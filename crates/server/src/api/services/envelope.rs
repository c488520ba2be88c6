//! Success envelopes of the services dialect: `{"success": true, "message"?, "count"?, "data": …}`.
//!
//! Errors have another envelope, in `error.rs`.

use actix_web::web::Json;
use docket_domain::page::PageNumber;
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::linked::{Linked, Neighbour, Neighbours};

/// One resource.
#[derive(Debug, Serialize, ToSchema)]
pub struct One<T> {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// What the request did. Absent in the response to a read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Case updated")]
    message: Option<&'static str>,
    data: T,
}

impl<T> One<T> {
    pub const fn read(data: T) -> Json<Self> {
        Json(Self { success: true, message: None, data })
    }

    pub const fn done(message: &'static str, data: T) -> Json<Self> {
        Json(Self { success: true, message: Some(message), data })
    }
}

/// A complete list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Many<T> {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// Number of items in `data`.
    #[schema(example = 1)]
    count: usize,
    data: Vec<T>,
}

impl<T> Many<T> {
    pub fn all(data: Vec<T>) -> Json<Self> {
        Json(Self { success: true, count: data.len(), data })
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paged<T> {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// Number of items on this page.
    #[schema(example = 1)]
    count: usize,
    data: Vec<T>,
    pagination: PaginationView,
}

impl<T> Paged<T> {
    pub fn new(page: PageNumber, total: i64, data: Vec<T>) -> Linked<Self> {
        let pagination = PaginationView::new(page, total, data.len());
        Linked(Self { success: true, count: data.len(), data, pagination })
    }
}

impl<T> Neighbours for Paged<T> {
    fn neighbours(&self) -> Vec<Neighbour> {
        let PaginationView { current_page: page, per_page, last_page, .. } = self.pagination;
        Neighbour::numbered(PageNumber { page, per_page }, Some(last_page), false)
    }
}

/// Position of a page in its list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaginationView {
    /// Page number, from 1.
    #[schema(example = 1)]
    current_page: i64,
    /// Maximum number of items per page.
    #[schema(example = 15)]
    per_page: i64,
    /// Exact number of items on all pages.
    #[schema(example = 1)]
    total: i64,
    /// Number of the last page; 1 if the list is empty.
    #[schema(example = 1)]
    last_page: i64,
    /// Position of the first item of this page in the list, from 1. Null if the page is empty.
    #[schema(example = 1)]
    from: Option<i64>,
    /// Position of the last item of this page in the list. Null if the page is empty.
    #[schema(example = 1)]
    to: Option<i64>,
}

impl PaginationView {
    fn new(page: PageNumber, total: i64, rows: usize) -> Self {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        let before = page.offset();
        Self {
            current_page: page.page,
            per_page: page.per_page,
            total,
            last_page: page.pages(total),
            from: (rows > 0).then(|| before + 1),
            to: (rows > 0).then(|| before + rows),
        }
    }
}
