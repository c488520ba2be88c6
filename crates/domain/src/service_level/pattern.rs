//! Patterns of events that start and stop a clock.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    event::{EVENT_TYPES, EventData},
    workflow::{Outcome, Phase},
};

/// A pattern of events: `created`, `status:KEY`, `phase:active`, `phase:closed`, `outcome:resolved`, `outcome:closed`,
/// `outcome:cancelled`, or the name of an event such as `staff.added`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum EventPattern {
    /// The creation of the case.
    Created,
    /// The case gets this status.
    Status(String),
    /// The case gets this phase, from the other one or at its creation.
    Phase(Phase),
    /// The case gets a status with this outcome.
    Outcome(Outcome),
    /// An event with this name.
    Event(String),
}

/// Error: the text is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be created, status:KEY, phase:active, phase:closed, outcome:resolved, outcome:closed, outcome:cancelled, or \
     the name of an event of cases"
)]
pub struct BadPattern;

const PHASES: [(Phase, &str); 2] = [(Phase::Active, "active"), (Phase::Closed, "closed")];
const OUTCOMES: [Outcome; 3] = [Outcome::Resolved, Outcome::Closed, Outcome::Cancelled];

impl FromStr for EventPattern {
    type Err = BadPattern;

    fn from_str(text: &str) -> Result<Self, BadPattern> {
        match text.split_once(':') {
            None if text == "created" => Ok(Self::Created),
            None if EVENT_TYPES.contains(&text) => Ok(Self::Event(text.to_owned())),
            Some(("status", key)) if !key.is_empty() && key.len() <= 100 => Ok(Self::Status(key.to_owned())),
            Some(("phase", word)) => {
                PHASES.iter().find(|(_, known)| *known == word).map(|(phase, _)| Self::Phase(*phase)).ok_or(BadPattern)
            }
            Some(("outcome", word)) => {
                OUTCOMES.into_iter().find(|known| known.as_str() == word).map(Self::Outcome).ok_or(BadPattern)
            }
            None | Some(_) => Err(BadPattern),
        }
    }
}

impl fmt::Display for EventPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created => f.write_str("created"),
            Self::Status(key) => write!(f, "status:{key}"),
            Self::Phase(phase) => {
                let word = PHASES.iter().find(|(known, _)| known == phase).map_or("", |(_, word)| word);
                write!(f, "phase:{word}")
            }
            Self::Outcome(outcome) => write!(f, "outcome:{}", outcome.as_str()),
            Self::Event(name) => f.write_str(name),
        }
    }
}

impl From<EventPattern> for String {
    fn from(pattern: EventPattern) -> Self {
        pattern.to_string()
    }
}

impl TryFrom<String> for EventPattern {
    type Error = BadPattern;

    fn try_from(text: String) -> Result<Self, BadPattern> {
        text.parse()
    }
}

/// What an event sets of the status of a case.
#[derive(Debug, Clone, Copy)]
pub(super) struct StatusSet<'e> {
    pub(super) status: &'e str,
    pub(super) phase: Phase,
    pub(super) outcome: Option<Outcome>,
}

/// The status that an event sets; `None` if it sets none.
pub(super) fn status_set(data: &EventData) -> Option<StatusSet<'_>> {
    if let EventData::Created(created) = data {
        let case = &created.case;
        return Some(StatusSet { status: case.status.as_str(), phase: case.phase, outcome: case.outcome });
    }
    if let EventData::StatusChanged(change) = data {
        return Some(StatusSet { status: change.to.as_str(), phase: change.phase, outcome: change.outcome });
    }
    let EventData::WorkflowMigrated(migrated) = data else { return None };
    Some(StatusSet { status: migrated.to_status.as_str(), phase: migrated.phase, outcome: migrated.outcome })
}

impl EventPattern {
    /// Whether it names the event itself.
    pub(super) fn names(&self, data: &EventData) -> bool {
        matches!(self, Self::Event(name) if data.kind() == name)
    }

    /// Whether an event matches. `before` is the phase before it; `None` at the creation.
    pub(super) fn matches(&self, data: &EventData, before: Option<Phase>) -> bool {
        let set = status_set(data);
        match self {
            Self::Created => matches!(data, EventData::Created(_)),
            Self::Status(key) => set.is_some_and(|set| set.status == key),
            Self::Phase(phase) => set.is_some_and(|set| set.phase == *phase && before != Some(*phase)),
            Self::Outcome(outcome) => set.is_some_and(|set| set.outcome == Some(*outcome)),
            Self::Event(name) => data.kind() == name,
        }
    }
}
