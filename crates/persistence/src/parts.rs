//! Lists of rows that may be large.

use docket_domain::{error::StoreError, page::Page};

use crate::error::Failure;

/// How many rows are read at once.
const ROWS: i64 = 25;
/// The most bytes of text that a page holds, unless its first row alone has more.
const BYTES: usize = 16 << 20;

/// Rows of a page, and whether it was cut before its limit because of its size.
pub(crate) struct Rows<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) is_cut: bool,
}

/// Reads up to `limit` rows, some at a time, until they have [`BYTES`]. `load` reads rows, with the bytes of their texts,
/// behind as many as it is told, and as many as it is told.
pub(crate) async fn read<T>(
    limit: i64,
    mut load: impl AsyncFnMut(i64, i64) -> Result<Vec<(usize, T)>, Failure>,
) -> Result<Rows<T>, Failure> {
    let (mut rows, mut bytes, mut offset) = (Vec::new(), 0, 0);
    while offset < limit {
        let wanted = ROWS.min(limit - offset);
        let part = load(offset, wanted).await?;
        let is_last = part.len() < usize::try_from(wanted).unwrap_or(usize::MAX);
        for (size, row) in part {
            bytes += size;
            if bytes > BYTES && !rows.is_empty() {
                return Ok(Rows { rows, is_cut: true });
            }
            rows.push(row);
        }
        if is_last {
            break;
        }
        offset += wanted;
    }
    Ok(Rows { rows, is_cut: false })
}

impl<T> Rows<T> {
    /// A keyset page, read with one row more than its limit: a page that was cut goes on behind its last row.
    pub(crate) fn page(self, limit: i64) -> Page<T> {
        let page = Page::cut(self.rows, usize::try_from(limit).unwrap_or(usize::MAX));
        Page { has_more: page.has_more || self.is_cut, ..page }
    }

    /// All rows of a numbered page, which cannot be cut.
    pub(crate) fn whole(self) -> Result<Vec<T>, Failure> {
        if self.is_cut { Err(StoreError::PageTooLarge.into()) } else { Ok(self.rows) }
    }
}
