//! A status and its meaning for the business.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The key of a status, such as `pending_customer`.
///
/// Any text is possible; the workflow decides whether the status exists. In a checked workflow every key is a
/// lower-case word of letters, digits and underscores.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StatusKey(String);

impl StatusKey {
    /// The key with this text, unchecked.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StatusKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for StatusKey {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for StatusKey {
    fn from(key: &str) -> Self {
        Self::new(key)
    }
}

impl From<String> for StatusKey {
    fn from(key: String) -> Self {
        Self(key)
    }
}

impl From<StatusKey> for String {
    fn from(key: StatusKey) -> Self {
        key.0
    }
}

impl PartialEq<str> for StatusKey {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for StatusKey {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// Whether there is still work to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Work is in progress or waiting.
    Active,
    /// Work has ended. Only a reopening leads back to [`Active`](Self::Active). Only a closed case can be archived.
    Closed,
}

impl Phase {
    /// The word in definitions and in the native dialect.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Closed => "closed",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a matter ended, according to its status. The domain sets `resolved_at`, `closed_at` and `cancelled` by it and
/// needs no status keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The matter is settled, but the case is still active. Only a rework leads back to unresolved active work.
    Resolved,
    /// Ended in the ordinary way. Needs the closed phase.
    Closed,
    /// Ended without being done. Needs the closed phase.
    Cancelled,
}

impl Outcome {
    /// The word in definitions.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A colour, written `#RRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

/// The text is not a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a colour as #RRGGBB")]
pub struct InvalidColor;

impl Color {
    /// Parses `#RRGGBB`, in upper or lower case.
    ///
    /// # Errors
    /// [`InvalidColor`] for any other text, including short forms and names.
    pub fn parse(text: &str) -> Result<Self, InvalidColor> {
        let digits = text.strip_prefix('#').ok_or(InvalidColor)?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(InvalidColor);
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).map_err(|_| InvalidColor)?.to_be_bytes();
        Ok(Self { red, green, blue })
    }

    /// Black or white: the more readable one on this colour (by perceived brightness, ITU-R BT.601).
    #[must_use]
    pub fn readable_text(self) -> Self {
        let brightness = 299 * u32::from(self.red) + 587 * u32::from(self.green) + 114 * u32::from(self.blue);
        if brightness >= 140_000 {
            Self { red: 0, green: 0, blue: 0 }
        } else {
            Self { red: 255, green: 255, blue: 255 }
        }
    }
}

/// `#RRGGBB`, in upper case.
impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02X}{:02X}{:02X}", self.red, self.green, self.blue)
    }
}

/// A status of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Stable key.
    pub key: StatusKey,
    /// Positive integer id (Trackops' `case_status`).
    pub id: i64,
    /// Display name.
    pub label: String,
    /// Meaning, for the people who choose the status; can be empty.
    pub description: String,
    /// Display colour.
    pub color: Color,
    /// Whether there is still work to do.
    pub phase: Phase,
    /// Whether it is the default status of a new entity; true for exactly one status.
    pub initial: bool,
    /// Whether it is final: only a reopening leaves it.
    pub terminal: bool,
    /// How the matter ended, if this status says so.
    pub outcome: Option<Outcome>,
    /// Position among the statuses, from 1.
    pub sort_order: u32,
}

impl Status {
    /// Whether the matter is settled.
    #[must_use]
    pub fn is_resolved(&self) -> bool {
        self.outcome == Some(Outcome::Resolved)
    }

    /// Whether its phase is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }

    /// Whether the matter was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.outcome == Some(Outcome::Cancelled)
    }

    /// Whether an entity can be created in it: every status that is not terminal.
    #[must_use]
    pub const fn is_creatable(&self) -> bool {
        !self.terminal
    }
}
