//! Case numbers: `YYYY-MM-SSSSS-II`, by year and month of opening, series and instance.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// The place of a case among its follow-ups and re-openings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Series {
    /// Shared by a case, its follow-ups and its re-openings: the integer id of the first case.
    pub number: i64,
    /// Starts at 1 and never repeats within the series.
    pub instance: i32,
}

impl Series {
    /// A series that gets its number from the case that begins it, when the store numbers that case.
    pub(crate) const NEW: Self = Self { number: 0, instance: 1 };
}

/// A case number, e.g. `2011-08-00123-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CaseNumber {
    /// The day whose year and month it begins with.
    pub opened_on: NaiveDate,
    /// Series and instance.
    pub series: Series,
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.opened_on.year(), self.opened_on.month());
        write!(f, "{year:04}-{month:02}-{:05}-{:02}", self.series.number, self.series.instance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_month_series_and_instance() {
        let opened_on = NaiveDate::from_ymd_opt(2011, 8, 17).unwrap();
        let number = |number, instance| CaseNumber { opened_on, series: Series { number, instance } }.to_string();
        assert_eq!(number(123, 1), "2011-08-00123-01");
        assert_eq!(number(1_234_567, 100), "2011-08-1234567-100");
    }
}
