//! Answers as callers of the services dialect see them: `{"success": true, "message"?, "count"?, "data": …}`.

use actix_web::web::Json;
use docket_domain::page::PageNumber;
use serde::Serialize;
use utoipa::ToSchema;

/// One thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct One<T> {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// What was done, where something was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Case updated")]
    message: Option<&'static str>,
    /// The thing.
    data: T,
}

impl<T> One<T> {
    /// The thing as it is.
    pub const fn read(data: T) -> Json<Self> {
        Json(Self { success: true, message: None, data })
    }

    /// The thing after something was done.
    pub const fn done(message: &'static str, data: T) -> Json<Self> {
        Json(Self { success: true, message: Some(message), data })
    }
}

/// All there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Many<T> {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// How many.
    #[schema(example = 1)]
    count: usize,
    /// The things.
    data: Vec<T>,
}

impl<T> Many<T> {
    /// These.
    pub fn all(data: Vec<T>) -> Json<Self> {
        Json(Self { success: true, count: data.len(), data })
    }
}

/// A numbered page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paged<T> {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// How many are on this page.
    #[schema(example = 1)]
    count: usize,
    /// The rows of the page.
    data: Vec<T>,
    /// Where the page stands among all.
    pagination: PaginationView,
}

impl<T> Paged<T> {
    /// The rows of that page, out of so many.
    pub fn new(page: PageNumber, total: i64, data: Vec<T>) -> Json<Self> {
        let pagination = PaginationView::new(page, total, data.len());
        Json(Self { success: true, count: data.len(), data, pagination })
    }
}

/// Where a page stands among all.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaginationView {
    /// The page, from 1.
    #[schema(example = 1)]
    current_page: i64,
    /// Rows a page.
    #[schema(example = 15)]
    per_page: i64,
    /// How many rows there are on all pages, exactly.
    #[schema(example = 1)]
    total: i64,
    /// The last page that has rows; 1 where there are none at all.
    #[schema(example = 1)]
    last_page: i64,
    /// The number of the page's first row, from 1; none on an empty page.
    #[schema(example = 1)]
    from: Option<i64>,
    /// The number of its last row; none on an empty page.
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
