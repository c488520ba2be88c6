//! Pages of lists: keyset pages, which insertions do not shift, and numbered pages for the dialects that need them.

use std::cmp::Ordering;

use chrono::{DateTime, Datelike, NaiveDate};

mod cases;

pub use self::cases::{CaseKeyset, KeysetKey};
use crate::{
    id::{crockford, from_crockford},
    time::Timestamp,
};

/// Added to a sort key so that the encoded number is positive. Every key is greater than -2^62.
const SHIFT: i64 = 1 << 62;

/// Years that a store can hold.
const YEARS: std::ops::RangeInclusive<i32> = 1000..=9999;

/// Position of a keyset page: the page begins after the row with this sort key and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Sort key of the last row of the previous page. The list defines what the integer means.
    pub key: i64,
    /// Id of that row. It breaks ties.
    pub id: i64,
}

/// Error: the text is not a cursor of this list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a cursor from a previous answer of the same list in the same order")]
pub struct BadCursor;

impl Cursor {
    /// The opaque text form. `list` is the letter of the list and its order.
    #[must_use]
    pub fn encode(self, list: char) -> String {
        format!("{list}{}{}", crockford(self.key.saturating_add(SHIFT)), crockford(self.id))
    }

    /// Parses a cursor of this list.
    ///
    /// # Errors
    /// [`BadCursor`] unless the text has the form that [`Cursor::encode`] writes for the same list.
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

/// The key of an absent time, behind all times that a store can hold.
const NO_TIME: i64 = 1 << 61;

/// The key of a time. An absent one comes behind all others.
fn time_key(time: Option<Timestamp>) -> i64 {
    time.map_or(NO_TIME, |time| time.timestamp_micros())
}

impl Cursor {
    /// The key as a time.
    ///
    /// # Errors
    /// [`BadCursor`] if the key is no time, or the time is outside the years that a store can hold.
    pub fn time(self) -> Result<Timestamp, BadCursor> {
        let time = DateTime::from_timestamp_micros(self.key);
        time.filter(|time| YEARS.contains(&time.year())).ok_or(BadCursor)
    }

    fn time_or_none(self) -> Result<Option<Timestamp>, BadCursor> {
        if self.key == NO_TIME { Ok(None) } else { self.time().map(Some) }
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
    /// Rows of the page.
    pub rows: Vec<T>,
    /// Whether more rows follow.
    pub has_more: bool,
}

impl<T> Page<T> {
    /// Builds a page from up to `limit + 1` rows. The extra row shows that more rows follow and is dropped.
    #[must_use]
    pub fn cut(mut rows: Vec<T>, limit: usize) -> Self {
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        Self { rows, has_more }
    }

    /// The first rows of two pages of one list in this order, where each page has every `limit` rows.
    #[must_use]
    pub fn merge(self, other: Self, limit: i64, compare: impl Fn(&T, &T) -> Ordering) -> Self {
        // Behind the end of a page that was cut, its source may have rows that belong before those of the other page.
        let ends = |one: &Self, other: &Self| {
            let last = one.rows.last().filter(|_| one.has_more);
            last.map_or(other.rows.len(), |last| {
                other.rows.iter().take_while(|row| compare(row, last) == Ordering::Less).count()
            })
        };
        let (of_self, of_other) = (ends(&other, &self), ends(&self, &other));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut has_more = self.has_more || other.has_more;
        let mut rows = self.rows;
        rows.truncate(of_self);
        rows.extend(other.rows.into_iter().take(of_other));
        rows.sort_by(|one, other| compare(one, other));
        has_more |= rows.len() > limit;
        rows.truncate(limit);
        Self { rows, has_more }
    }

    /// The page with each row changed.
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { rows: self.rows.into_iter().map(change).collect(), has_more: self.has_more }
    }
}

/// Number and size of a numbered page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageNumber {
    /// Page number, from 1.
    pub page: i64,
    /// Rows per page.
    pub per_page: i64,
}

impl PageNumber {
    /// Number of rows before the page.
    #[must_use]
    pub const fn offset(self) -> i64 {
        (self.page - 1).saturating_mul(self.per_page)
    }

    /// Number of pages for this many rows; at least 1.
    #[must_use]
    pub const fn pages(self, rows: i64) -> i64 {
        let pages = (rows + self.per_page - 1) / self.per_page;
        if pages < 1 { 1 } else { pages }
    }
}

/// The rows of a numbered page, with the total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered<T> {
    /// Rows of the page.
    pub rows: Vec<T>,
    /// Number of rows on all pages.
    pub total: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_decodes_in_its_own_list_only() {
        for (key, id) in [(0, 0), (-62_135_596_800_000_000, 1), (1_790_000_000_000_000, i64::MAX)] {
            let cursor = Cursor { key, id };
            let text = cursor.encode('C');
            assert_eq!(Cursor::decode(&text, 'C'), Ok(cursor));
            assert_eq!(Cursor::decode(&text, 'c'), Err(BadCursor));
        }
    }

    #[test]
    fn text_of_another_form_is_not_a_cursor() {
        for text in ["", "C", "C12", "eyJpZCI6IjU1MGU4NDAwIn0=", "Cßßßßßßßßßßßßß", &"C".repeat(10_000)] {
            assert_eq!(Cursor::decode(text, 'C'), Err(BadCursor), "{text}");
        }
    }
}
