//! Case numbers: `YYYY-MM-SSSSS-II`, by year and month of opening, series and instance.

use std::{collections::BTreeSet, fmt, str::FromStr};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// Identifies a case among its follow-ups and reopenings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Series {
    /// Number of the series: the integer id of its first case. Follow-ups and reopenings share it.
    pub number: i64,
    /// Instance number. It starts at 1 and never repeats within the series.
    pub instance: i32,
}

impl Series {
    /// A new series. It gets the id of its first case when the store assigns that id.
    pub(crate) const NEW: Self = Self { number: 0, instance: 1 };
}

/// A case number, e.g. `2011-08-00123-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct CaseNumber {
    /// The first day of the month of opening.
    month: NaiveDate,
    series: Series,
}

impl CaseNumber {
    /// The number of a case that was opened on this day.
    #[must_use]
    pub fn new(opened_on: NaiveDate, series: Series) -> Self {
        Self { month: opened_on.with_day(1).unwrap_or(opened_on), series }
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.month.year(), self.month.month());
        write!(f, "{year:04}-{month:02}-{:05}-{:02}", self.series.number, self.series.instance)
    }
}

/// The text is not a case number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a case number, such as 2011-08-00123-01")]
pub struct NotACaseNumber;

impl FromStr for CaseNumber {
    type Err = NotACaseNumber;

    fn from_str(text: &str) -> Result<Self, NotACaseNumber> {
        let mut parts = text.split('-');
        let mut part = || parts.next().ok_or(NotACaseNumber);
        let (year, month, number, instance) = (part()?, part()?, part()?, part()?);
        let year = year.parse().map_err(|_| NotACaseNumber)?;
        let month = month.parse().map_err(|_| NotACaseNumber)?;
        let month = NaiveDate::from_ymd_opt(year, month, 1).ok_or(NotACaseNumber)?;
        let number = number.parse().map_err(|_| NotACaseNumber)?;
        let instance = instance.parse().map_err(|_| NotACaseNumber)?;
        let read = Self { month, series: Series { number, instance } };
        if read.to_string() == text { Ok(read) } else { Err(NotACaseNumber) }
    }
}

impl From<CaseNumber> for String {
    fn from(number: CaseNumber) -> Self {
        number.to_string()
    }
}

impl TryFrom<String> for CaseNumber {
    type Error = NotACaseNumber;

    fn try_from(text: String) -> Result<Self, NotACaseNumber> {
        text.parse()
    }
}

/// Former numbers of a case, which searches match: the 100 highest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FormerNumbers(BTreeSet<CaseNumber>);

impl FormerNumbers {
    const MAX: usize = 100;

    /// Whether the case never had another number.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The numbers, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = CaseNumber> {
        self.0.iter().copied()
    }

    /// Whether the case had this number.
    #[must_use]
    pub fn contains(&self, number: CaseNumber) -> bool {
        self.0.contains(&number)
    }

    /// Adds a number.
    pub(crate) fn add(&mut self, number: CaseNumber) {
        self.0.insert(number);
        if self.0.len() > Self::MAX {
            self.0.pop_first();
        }
    }
}

impl FromIterator<CaseNumber> for FormerNumbers {
    fn from_iter<I: IntoIterator<Item = CaseNumber>>(numbers: I) -> Self {
        let mut former = Self::default();
        numbers.into_iter().for_each(|number| former.add(number));
        former
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_month_series_and_instance() {
        let opened_on = NaiveDate::from_ymd_opt(2011, 8, 17).unwrap();
        let number = |number, instance| CaseNumber::new(opened_on, Series { number, instance }).to_string();
        assert_eq!(number(123, 1), "2011-08-00123-01");
        assert_eq!(number(1_234_567, 100), "2011-08-1234567-100");
    }

    #[test]
    fn a_number_parses_back_and_other_text_is_refused() {
        for text in ["2011-08-00123-01", "2011-08-1234567-100"] {
            assert_eq!(text.parse::<CaseNumber>().unwrap().to_string(), text);
        }
        for text in
            ["", "2011-08-123-01", "2011-13-00123-01", "2011-08-00123", "2011-08-00123-01-01", "2011-08-00123-x"]
        {
            assert_eq!(text.parse::<CaseNumber>(), Err(NotACaseNumber), "{text}");
        }
    }

    #[test]
    fn the_highest_hundred_former_numbers_are_kept() {
        let opened_on = NaiveDate::from_ymd_opt(2011, 8, 17).unwrap();
        let number = |instance| CaseNumber::new(opened_on, Series { number: 7, instance });
        let former = (1..=150).map(number).collect::<FormerNumbers>();
        assert_eq!(former, (1..=150).rev().map(number).collect());
        assert_eq!(
            (former.iter().count(), former.contains(number(50)), former.contains(number(51))),
            (100, false, true)
        );
    }
}
