//! Pages of lists: keyset pages, which no insertion can shift, and numbered pages for dialects that have them.

use chrono::{DateTime, Datelike, NaiveDate};

mod cases;

pub use self::cases::{CaseKeyset, KeysetKey};
use crate::{
    id::{crockford, from_crockford},
    time::Timestamp,
};

/// Keys are written as positive numbers: this lies farther back than any time there is.
const SHIFT: i64 = 1 << 62;

/// The years of everything that is kept.
const YEARS: std::ops::RangeInclusive<i32> = 1000..=9999;

/// The content of a cursor: the sort key and the id of the row behind which a page begins. Lists of cases and of deadlines
/// have positions with types instead ([`CaseKeyset`], [`DeadlinePosition`](crate::deadline::DeadlinePosition)) and use it for
/// the text only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The sort key of the last row that was given, as an integer of the list's own meaning.
    pub key: i64,
    /// The id of that row, which breaks ties.
    pub id: i64,
}

/// The text is not a cursor of this list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a cursor from a previous answer of the same list in the same order")]
pub struct BadCursor;

impl Cursor {
    /// The opaque form. The letter stands for the list and its order.
    #[must_use]
    pub fn encode(self, list: char) -> String {
        format!("{list}{}{}", crockford(self.key.saturating_add(SHIFT)), crockford(self.id))
    }

    /// Reads a cursor of that list.
    ///
    /// # Errors
    /// [`BadCursor`] for everything that [`Cursor::encode`] did not write for the same list.
    pub fn decode(text: &str, list: char) -> Result<Self, BadCursor> {
        let digits = text.strip_prefix(list).ok_or(BadCursor)?;
        let (key, id) = digits.split_at_checked(digits.len() / 2).ok_or(BadCursor)?;
        let (key, id) = from_crockford(key).zip(from_crockford(id)).ok_or(BadCursor)?;
        Ok(Self { key: key - SHIFT, id })
    }
}

/// The key of a due date. An absent one comes behind all others.
fn day_key(day: Option<NaiveDate>) -> i64 {
    day.map_or(i64::from(i32::MAX), |day| i64::from(day.num_days_from_ce()))
}

impl Cursor {
    /// The key as a time.
    ///
    /// # Errors
    /// [`BadCursor`] if it is no time that a store can hold.
    pub fn time(self) -> Result<Timestamp, BadCursor> {
        let time = DateTime::from_timestamp_micros(self.key);
        time.filter(|time| YEARS.contains(&time.year())).ok_or(BadCursor)
    }

    fn day(self) -> Result<Option<NaiveDate>, BadCursor> {
        let days = i32::try_from(self.key).map_err(|_| BadCursor)?;
        if days == i32::MAX {
            return Ok(None);
        }
        let day = NaiveDate::from_num_days_from_ce_opt(days);
        day.filter(|day| YEARS.contains(&day.year())).map(Some).ok_or(BadCursor)
    }
}

/// One keyset page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Whether there are more behind them.
    pub has_more: bool,
}

impl<T> Page<T> {
    /// The page out of what was read: one row more than the limit tells that there are more.
    #[must_use]
    pub fn cut(mut rows: Vec<T>, limit: usize) -> Self {
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        Self { rows, has_more }
    }
}

/// A numbered page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageNumber {
    /// From 1.
    pub page: i64,
    /// Rows a page.
    pub per_page: i64,
}

impl PageNumber {
    /// How many rows come before it.
    #[must_use]
    pub const fn offset(self) -> i64 {
        (self.page - 1).saturating_mul(self.per_page)
    }

    /// How many pages that many rows fill; at least one.
    #[must_use]
    pub const fn pages(self, rows: i64) -> i64 {
        let pages = (rows + self.per_page - 1) / self.per_page;
        if pages < 1 { 1 } else { pages }
    }
}

/// The rows of a numbered page, and how many rows there are on all pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered<T> {
    /// The rows of the page.
    pub rows: Vec<T>,
    /// How many rows there are in all.
    pub total: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_in_its_own_list_only() {
        for (key, id) in [(0, 0), (-62_135_596_800_000_000, 1), (1_790_000_000_000_000, i64::MAX)] {
            let cursor = Cursor { key, id };
            let text = cursor.encode('C');
            assert_eq!(Cursor::decode(&text, 'C'), Ok(cursor));
            assert_eq!(Cursor::decode(&text, 'c'), Err(BadCursor));
        }
    }

    #[test]
    fn anything_else_is_no_cursor() {
        for text in ["", "C", "C12", "eyJpZCI6IjU1MGU4NDAwIn0=", "Cßßßßßßßßßßßßß", &"C".repeat(10_000)] {
            assert_eq!(Cursor::decode(text, 'C'), Err(BadCursor), "{text}");
        }
    }
}
