//! Durations of working time, as ISO 8601 writes them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Greatest duration, in seconds: ten years of 24 hours a day.
const MAX: i64 = 10 * 366 * 86_400;

/// A duration of working time, in whole seconds. Text form: hours, minutes and seconds in ISO 8601, such as `PT4H` or
/// `PT1H30M`. A day of working time has no fixed length, so days are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct WorkDuration(i64);

/// Error: the text is no duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a duration of hours, minutes and seconds such as PT4H or PT1H30M, more than zero and at most 87,840 hours"
)]
pub struct BadDuration;

impl WorkDuration {
    /// A duration of so many seconds; a negative number gives zero.
    #[must_use]
    pub const fn seconds(seconds: i64) -> Self {
        Self(if seconds < 0 { 0 } else { seconds })
    }

    /// The duration in seconds.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0
    }
}

impl FromStr for WorkDuration {
    type Err = BadDuration;

    fn from_str(text: &str) -> Result<Self, BadDuration> {
        let mut rest =
            text.strip_prefix("PT").filter(|rest| !rest.is_empty() && rest.len() <= 30).ok_or(BadDuration)?;
        let mut seconds = 0_i64;
        for (unit, length) in [('H', 3_600), ('M', 60), ('S', 1)] {
            let Some((number, behind)) = rest.split_once(unit) else { continue };
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            let number = number.parse::<i64>().ok().filter(|_| is_number).ok_or(BadDuration)?;
            let part = number.checked_mul(length).ok_or(BadDuration)?;
            seconds = seconds.checked_add(part).ok_or(BadDuration)?;
            rest = behind;
        }
        if rest.is_empty() && (1..=MAX).contains(&seconds) { Ok(Self(seconds)) } else { Err(BadDuration) }
    }
}

/// Writes the shortest form of hours, minutes and seconds.
impl fmt::Display for WorkDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("PT0S");
        }
        f.write_str("PT")?;
        for (value, unit) in [(self.0 / 3_600, 'H'), (self.0 / 60 % 60, 'M'), (self.0 % 60, 'S')] {
            if value > 0 {
                write!(f, "{value}{unit}")?;
            }
        }
        Ok(())
    }
}

impl From<WorkDuration> for String {
    fn from(duration: WorkDuration) -> Self {
        duration.to_string()
    }
}

/// Reads also `PT0S`, which the log of a clock can have.
impl TryFrom<String> for WorkDuration {
    type Error = BadDuration;

    fn try_from(text: String) -> Result<Self, BadDuration> {
        if text == "PT0S" { Ok(Self(0)) } else { text.parse() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written() {
        for (text, seconds, canonical) in [
            ("PT4H", 14_400, "PT4H"),
            ("PT90M", 5_400, "PT1H30M"),
            ("PT1H30M5S", 5_405, "PT1H30M5S"),
            ("PT61S", 61, "PT1M1S"),
        ] {
            let read = text.parse::<WorkDuration>().unwrap();
            assert_eq!((read.as_seconds(), read.to_string().as_str()), (seconds, canonical), "{text}");
        }
        for text in
            ["", "PT", "PT0S", "P1D", "4H", "PT4", "PT1M1H", "PT-1H", "PT1.5H", "PT99999999999999999999H", "PT1H1H"]
        {
            assert_eq!(text.parse::<WorkDuration>(), Err(BadDuration), "{text}");
        }
        assert_eq!(WorkDuration::seconds(0).to_string(), "PT0S");
    }
}
