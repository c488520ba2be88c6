//! Tags of a case.

use serde::{Deserialize, Serialize};

use crate::{error::FieldErrors, text};

/// Greatest number of tags of a case.
const TAGS_MAX: usize = 100;

/// Greatest number of tags in one request. Repeated tags count once on the case.
pub const TAGS_GIVEN_MAX: usize = 1_000;

/// The tags of a case, without duplicates, in the order given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(Vec<String>);

impl Tags {
    /// The tags, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether the tag is one of them.
    #[must_use]
    pub fn contains(&self, tag: &str) -> bool {
        self.0.iter().any(|known| known == tag)
    }

    /// These tags, followed by `more`.
    #[must_use]
    pub fn with<T: AsRef<str>>(&self, more: impl IntoIterator<Item = T>) -> Self {
        self.iter().map(str::to_owned).chain(more.into_iter().map(|tag| tag.as_ref().to_owned())).collect()
    }

    /// These tags without those in `gone`.
    #[must_use]
    pub fn without<T: AsRef<str>>(&self, gone: impl IntoIterator<Item = T>) -> Self {
        let gone = gone.into_iter().map(|tag| tag.as_ref().to_owned()).collect::<Self>();
        self.iter().filter(|tag| !gone.contains(tag)).map(str::to_owned).collect()
    }

    pub(super) fn check(&self, faults: &mut FieldErrors) {
        if self.0.len() > TAGS_MAX {
            faults.add("tags", format!("must be at most {TAGS_MAX}"));
        }
        if let Some(fault) = self.iter().find_map(|tag| text::check_line("tags", tag, text::SHORT_MAX).err()) {
            faults.extend([fault]);
        }
    }
}

/// Trims tags and drops duplicates.
impl FromIterator<String> for Tags {
    fn from_iter<I: IntoIterator<Item = String>>(tags: I) -> Self {
        let mut seen = std::collections::HashSet::new();
        let trimmed = tags.into_iter().map(|tag| text::line(&tag));
        Self(trimmed.filter(|tag| seen.insert(tag.clone())).collect())
    }
}
