//! The enums of a computation and the wire words of their values.

use thiserror::Error;

/// An unknown word for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("expected one of {}", expected.join(", "))]
pub struct UnknownWord {
    /// Wire name of the field.
    pub field: &'static str,
    /// The accepted words.
    pub expected: &'static [&'static str],
}

/// Declares an enum with `as_str`, `ALL`, `Display`, `FromStr` and serde from one list of wire words.
///
/// The second argument is the wire field that [`UnknownWord`] names.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident, $field:literal { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::deadline::words::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word).ok_or($crate::deadline::words::UnknownWord {
                    field: $field,
                    expected: &[$($word),+],
                })
            }
        }
    };
}
pub(in crate::deadline) use words;

words! {
    /// The body of law under which a period is computed.
    Rule, "rule" {
        /// Federal Rule of Civil Procedure 6 (United States federal courts).
        Frcp6 = "frcp6",
        /// German Civil Code §§ 186–193 with § 222 of the Code of Civil Procedure.
        Bgb = "bgb",
        /// Plain count: the last day never moves. Business days skip weekends, holidays and closed days.
        Plain = "plain",
    }
}

words! {
    /// Unit of a period.
    Unit, "unit" {
        /// Calendar days.
        Days = "days",
        /// Days except Saturdays, Sundays, holidays and closed days; only with [`Rule::Plain`].
        BusinessDays = "business_days",
        /// Periods of seven days.
        Weeks = "weeks",
        /// Calendar months; they end on the day with the same number.
        Months = "months",
        /// Calendar years; they end on the same day of the same month.
        Years = "years",
        /// Hours; the trigger is then a timestamp.
        Hours = "hours",
    }
}

impl Unit {
    /// Count and unit in words: `1 day`, `14 days`, `3 business days`.
    pub(in crate::deadline) fn amount(self, count: u32) -> String {
        let (one, many) = match self {
            Self::Days => ("day", "days"),
            Self::BusinessDays => ("business day", "business days"),
            Self::Weeks => ("week", "weeks"),
            Self::Months => ("month", "months"),
            Self::Years => ("year", "years"),
            Self::Hours => ("hour", "hours"),
        };
        format!("{count} {}", if count == 1 { one } else { many })
    }
}

words! {
    /// Whether a period runs after or before its trigger.
    Direction, "direction" {
        /// The period follows the event.
        After = "after",
        /// The period precedes the event.
        Before = "before",
    }
}

words! {
    /// How the paper that starts the period was served (Fed. R. Civ. P. 5(b)(2)).
    Service, "service" {
        /// Handed to the person: 5(b)(2)(A).
        Personal = "personal",
        /// Left at the person's office or dwelling: 5(b)(2)(B).
        OfficeOrDwelling = "office_or_dwelling",
        /// Mailed to the last known address: 5(b)(2)(C).
        Mail = "mail",
        /// Left with the court clerk: 5(b)(2)(D).
        Clerk = "clerk",
        /// Filed with the court's electronic system, or sent electronically with consent: 5(b)(2)(E).
        Electronic = "electronic",
        /// Delivered by other means consented to in writing: 5(b)(2)(F).
        OtherConsented = "other_consented",
    }
}
