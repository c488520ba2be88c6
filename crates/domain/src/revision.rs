//! Revisions of things, and what a request expects of them.

use std::fmt;

use crate::time::Timestamp;

/// An opaque text that differs between any two states of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision(String);

impl Revision {
    /// The revision of that version.
    #[must_use]
    pub fn of_version(version: i64) -> Self {
        Self(version.to_string())
    }

    /// The revision of a thing whose last change is told by its time alone; see [`next_change`].
    #[must_use]
    pub fn of_time(updated_at: Timestamp) -> Self {
        Self(updated_at.timestamp_micros().to_string())
    }

    /// The revision of what never changes: a hash of it.
    #[must_use]
    pub fn of_content(hash: String) -> Self {
        Self(hash)
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The time of a change that follows one at `before`: later by a microsecond at least, so that no two states of a thing
/// share their time.
#[must_use]
pub fn next_change(before: Timestamp, now: Timestamp) -> Timestamp {
    now.max(before + chrono::TimeDelta::microseconds(1))
}

/// Things that have a revision.
pub trait Revised {
    /// The present revision.
    fn revision(&self) -> Revision;
}

/// Where only the revision is known.
impl Revised for Revision {
    fn revision(&self) -> Self {
        self.clone()
    }
}

/// A precondition that does not hold, with the present revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreconditionFailed(pub Revision);

/// A set of revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revisions {
    /// Every revision that a thing can have.
    Any,
    /// The revisions with these texts.
    These(Vec<String>),
}

impl Revisions {
    fn has(&self, revision: &Revision) -> bool {
        match self {
            Self::Any => true,
            Self::These(texts) => texts.contains(&revision.0),
        }
    }
}

/// What a request expects of the revision of the thing that it reads or changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Precondition {
    /// The present revision must be one of these.
    pub required: Option<Revisions>,
    /// The present revision must be none of these.
    pub excluded: Option<Revisions>,
}

impl Precondition {
    /// Expects nothing.
    pub const NONE: Self = Self { required: None, excluded: None };

    /// Checks the present state of a thing.
    ///
    /// # Errors
    /// [`PreconditionFailed`] with the present revision.
    pub fn check(&self, thing: &impl Revised) -> Result<(), PreconditionFailed> {
        let holds = thing.revision();
        let lacks = self.required.as_ref().is_some_and(|required| !required.has(&holds));
        let clashes = self.excluded.as_ref().is_some_and(|excluded| excluded.has(&holds));
        if lacks || clashes { Err(PreconditionFailed(holds)) } else { Ok(()) }
    }
}
