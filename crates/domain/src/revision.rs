//! Revisions of resources, and preconditions on them.

use std::fmt;

use crate::time::Timestamp;

/// An opaque text that differs between any two states of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision(String);

impl Revision {
    /// The revision of a version number.
    #[must_use]
    pub fn of_version(version: i64) -> Self {
        Self(version.to_string())
    }

    /// The revision of a resource without a version: the time of its last change; see [`next_change`].
    #[must_use]
    pub fn of_time(updated_at: Timestamp) -> Self {
        Self(updated_at.timestamp_micros().to_string())
    }

    /// The revision of a resource that never changes: a hash of its content.
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

/// Time of a change after one at `before`: at least one microsecond later, so that no two states of a resource have the
/// same time.
#[must_use]
pub fn next_change(before: Timestamp, now: Timestamp) -> Timestamp {
    now.max(before + chrono::TimeDelta::microseconds(1))
}

/// A resource with a revision.
pub trait Revised {
    /// The current revision.
    fn revision(&self) -> Revision;
}

/// For callers that know only the revision.
impl Revised for Revision {
    fn revision(&self) -> Self {
        self.clone()
    }
}

/// A precondition that does not hold, with the current revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreconditionFailed(pub Revision);

/// A set of revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revisions {
    /// Every revision.
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

/// Condition of a request on the current revision of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Precondition {
    /// The current revision must be one of these.
    pub required: Option<Revisions>,
    /// The current revision must be none of these.
    pub excluded: Option<Revisions>,
}

impl Precondition {
    /// No condition.
    pub const NONE: Self = Self { required: None, excluded: None };

    /// Checks the current revision of a resource.
    ///
    /// # Errors
    /// [`PreconditionFailed`] with the current revision.
    pub fn check(&self, thing: &impl Revised) -> Result<(), PreconditionFailed> {
        let holds = thing.revision();
        let lacks = self.required.as_ref().is_some_and(|required| !required.has(&holds));
        let clashes = self.excluded.as_ref().is_some_and(|excluded| excluded.has(&holds));
        if lacks || clashes { Err(PreconditionFailed(holds)) } else { Ok(()) }
    }
}
