//! Pages of rows that may be large. A page is read in parts until its texts reach a byte limit.
//!
//! A part continues behind the last row of the previous part, or reads some of the ids that were selected first. Rows
//! inserted meanwhile neither repeat nor hide a row of the page.

use docket_domain::{error::StoreError, page::Page};

use crate::error::QueryError;

/// Rows per part: a page of the default size, and one row that shows whether more follow.
pub(crate) const ROWS: i64 = 51;
/// Maximum bytes of text in a page. A page with a single row may have more.
const BYTES: usize = 16 << 20;

/// Rows of a page, and whether the byte limit cut it.
pub(crate) struct Rows<T> {
    rows: Vec<T>,
    bytes: usize,
    is_cut: bool,
}

impl<T> Rows<T> {
    const fn new() -> Self {
        Self { rows: Vec::new(), bytes: 0, is_cut: false }
    }

    /// Takes rows with the byte sizes of their texts, up to the byte limit.
    pub(crate) fn of(part: Vec<(usize, T)>) -> Self {
        let mut rows = Self::new();
        rows.extend(part);
        rows
    }

    fn extend(&mut self, part: Vec<(usize, T)>) {
        for (size, row) in part {
            self.bytes += size;
            if self.bytes > BYTES && !self.rows.is_empty() {
                self.is_cut = true;
                return;
            }
            self.rows.push(row);
        }
    }

    /// Builds a keyset page. `limit` is one less than the number of rows requested. A page that was cut continues
    /// behind its last row.
    pub(crate) fn page(self, limit: i64) -> Page<T> {
        let page = Page::cut(self.rows, usize::try_from(limit).unwrap_or(usize::MAX));
        Page { has_more: page.has_more || self.is_cut, ..page }
    }

    /// Returns all rows of a numbered page. A numbered page cannot be cut.
    ///
    /// # Errors
    /// [`StoreError::PageTooLarge`] if the rows exceed the byte limit.
    pub(crate) fn whole(self) -> Result<Vec<T>, QueryError> {
        if self.is_cut { Err(StoreError::PageTooLarge.into()) } else { Ok(self.rows) }
    }
}

/// Reads up to `limit` rows. `load` takes a row and a count: it reads that many rows behind the row, or from the
/// beginning, each with the byte size of its texts.
pub(crate) async fn behind<T>(
    limit: i64,
    mut load: impl AsyncFnMut(Option<&T>, i64) -> Result<Vec<(usize, T)>, QueryError>,
) -> Result<Rows<T>, QueryError> {
    let (mut rows, mut left) = (Rows::new(), limit);
    while left > 0 && !rows.is_cut {
        let wanted = ROWS.min(left);
        let part = load(rows.rows.last(), wanted).await?;
        left = if part.len() < usize::try_from(wanted).unwrap_or(usize::MAX) { 0 } else { left - wanted };
        rows.extend(part);
    }
    Ok(rows)
}

/// Reads the rows with these ids. `load` reads some of them in the order of the page, each with the byte size of its
/// texts.
pub(crate) async fn by_id<T>(
    ids: &[i64],
    mut load: impl AsyncFnMut(&[i64]) -> Result<Vec<(usize, T)>, QueryError>,
) -> Result<Rows<T>, QueryError> {
    let mut rows = Rows::new();
    for part in ids.chunks(usize::try_from(ROWS).unwrap_or(usize::MAX)) {
        rows.extend(load(part).await?);
        if rows.is_cut {
            break;
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    /// A list in descending order. One row is inserted before each read.
    fn page(limit: i64, size: usize) -> Rows<i64> {
        let mut newest = 1_000;
        let load = async |last: Option<&i64>, limit: i64| {
            newest += 1;
            let first = last.map_or(newest, |last| last - 1);
            Ok((first - limit + 1..=first).rev().map(|row| (size, row)).collect())
        };
        behind(limit, load).now_or_never().unwrap().unwrap()
    }

    #[test]
    fn rows_inserted_between_parts_neither_repeat_nor_hide_rows() {
        let page = page(101, 0).page(100);
        assert_eq!(page.rows, (902..=1_001).rev().collect::<Vec<_>>());
        assert!(page.has_more);
    }

    #[test]
    fn a_page_ends_at_the_byte_limit() {
        let rows = page(101, 1 << 20).page(100);
        assert_eq!((rows.rows.len(), rows.has_more), (16, true));
        assert!(page(101, 1 << 20).whole().is_err());
        assert_eq!(page(16, 1 << 20).whole().unwrap().len(), 16);
        // A page has at least one row.
        assert_eq!(page(10, 17 << 20).page(9).rows.len(), 1);
    }

    #[test]
    fn ids_are_read_in_parts_in_their_order() {
        let ids = (0..120).collect::<Vec<_>>();
        let mut parts = Vec::new();
        let load = async |part: &[i64]| {
            parts.push(part.len());
            Ok(part.iter().map(|id| (0, *id)).collect())
        };
        assert_eq!(by_id(&ids, load).now_or_never().unwrap().unwrap().whole().unwrap(), ids);
        assert_eq!(parts, [51, 51, 18]);
    }
}
